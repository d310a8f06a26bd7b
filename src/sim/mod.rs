//! The lab: what stands in for the outside world in demo, tests and benches.

pub mod library;
pub mod metadata;
