//! Starts tracing, runs the command, prints one error chain.

fn main() {}
