//! For machines and operators: whether the program runs (`/health`), is ready (`/ready`), how it does in figures (`/metrics`) and in words
//! (`/status`).

pub mod byte_engine;
pub mod counters;
pub mod health;
mod limits;
pub mod metrics;
mod prometheus;
pub mod ready;
pub mod status;
#[cfg(test)]
mod tests;

use super::State;
use super::timeout::RESPONSE_TIMEOUT;
use crate::flows::health::Report;

/// How the program does, also when the database does not answer in time.
pub async fn report(state: &State) -> Report {
    let report = tokio::time::timeout(RESPONSE_TIMEOUT, state.health.look()).await;
    report.unwrap_or_else(|_| Report::no_database())
}
