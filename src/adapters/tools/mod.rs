//! Floor 2: programs of others, run as child processes: a scanner of files, ffmpeg.
//!
//! A child gets its words as they stand (no shell), an empty environment but for `PATH` and what is said, and bytes on its standard
//! input. It has a time limit, one of memory where that is said, and its output a bound. It stands in a process group of its own, which ends with it: when its time is
//! over, when whoever waits for it goes away, and when it ends and leaves children behind.

mod child;
mod ffmpeg;
mod group;
#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use crate::domain::command_line::CommandLine;

pub use child::{run, run_for_output};
pub use ffmpeg::{Aac, BUSY_FOR, Ffmpeg, Turn};

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    pub command: &'a CommandLine,
    /// Beside `PATH`.
    pub environment: Vec<(&'static str, String)>,
    pub limit: Duration,
    /// Bytes of address space that it gets; a child that asks for more is told that there is none. Linux only. `None`: as much as it likes.
    pub memory: Option<u64>,
}

/// A child that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub code: i32,
    /// The first line of its output with something in it; of its errors, when it has no output. Cleaned; empty when it said nothing.
    pub said: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("it cannot be started: {0}")]
    NotStarted(io::Error),
    #[error("it took longer than {} s", .0.as_secs())]
    TooLong(Duration),
    #[error("it was ended by a signal or a crash; it said: {0:?}")]
    Killed(String),
    #[error("it cannot be waited for: {0}")]
    Lost(io::Error),
    #[error("it said more than {0} bytes")]
    TooMuch(usize),
    #[error("it ended with {}: {}", .0.code, .0.said)]
    Failed(Ended),
}
