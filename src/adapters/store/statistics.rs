//! Figures of each day.

use super::Error;
use super::face::face;
use crate::domain::figure::Figure;

/// One figure of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayFigure {
    /// Days since 1970, UTC.
    pub day: i64,
    pub figure: Figure,
    pub value: i64,
}

face! {
    /// Figures of each day. A day is its number since 1970, UTC.
    Statistics / StatisticsBackend {
        /// Adds to a figure. Of many that add at once nothing is lost.
        async fn add(&self, day: i64, figure: Figure, more: i64) -> Result<(), Error>;

        /// Sets a figure to what it stands at now.
        async fn set(&self, day: i64, figure: Figure, value: i64) -> Result<(), Error>;

        /// All figures from a day on and before another, by day and name. What a later version counts is left out.
        async fn between(&self, from: i64, until: i64) -> Result<Vec<DayFigure>, Error>;

        /// Forgets the days before this one. Returns how many figures went.
        async fn forget(&self, before: i64) -> Result<u64, Error>;
    }
}
