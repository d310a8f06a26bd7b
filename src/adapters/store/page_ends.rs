//! Where catalog pages ended, for each viewer: titles come meanwhile, and who began later has other ends. Clients ask for `skip=500`;
//! counting off 500 rows costs more the further down one is. So the key of each page's last row is remembered under the `skip` that
//! the client will ask next, and the next page goes on behind that key. Nothing depends on it: where no end is remembered, rows are
//! counted off. Whoever jumps far down has a hundred thousand rows counted off once: the ends of the [`STRETCH`]es on the way are
//! remembered for everybody, as ends of nobody's pages.

use std::time::Duration;

use moka::future::Cache;

use crate::domain::catalog::{Order, Query, Reach};

/// The sort key of one row in the catalog. `rating` is what the order ranks by; it is not looked at in orders by a moment alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowKey {
    pub rating: i64,
    pub latest: i64,
    pub title: i64,
}

impl RowKey {
    /// Before every row: all orders are descending.
    pub const START: Self = Self { rating: i64::MAX, latest: i64::MAX, title: i64::MAX };
}

/// Rows that may be counted off each time.
pub(super) const STRETCH: u32 = 20_000;
/// Stretches of the longest list there is: a hundred million titles.
const MOST_STRETCHES: u32 = 5_000;

pub(super) struct PageEnds {
    ends: Cache<(String, Order, u32), RowKey>,
}

impl PageEnds {
    pub fn new() -> Self {
        // About 100 bytes each. An end grows stale as titles come and go, and whoever pages writes it anew, so an old
        // one is worth little.
        let ends = Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(600)).build();
        Self { ends }
    }

    /// The key to go on behind, and how many rows to count off after it.
    pub async fn start(&self, query: &Query, reach: &Reach) -> (RowKey, u32) {
        if query.skip == 0 {
            return (RowKey::START, 0);
        }
        match self.ends.get(&(key(query, reach), query.order, query.skip)).await {
            Some(key) => (key, 0),
            None => (RowKey::START, query.skip),
        }
    }

    /// The same, from the last stretch on that somebody had counted off.
    pub async fn start_near(&self, query: &Query, reach: &Reach) -> (RowKey, u32) {
        let (after, count_off) = self.start(query, reach).await;
        let anybody = key(&Query { viewer: 0, ..query.clone() }, reach);
        for stretches in (1..=count_off / STRETCH).rev().take(MOST_STRETCHES as usize) {
            if let Some(end) = self.ends.get(&(anybody.clone(), query.order, stretches * STRETCH)).await {
                return (end, count_off - stretches * STRETCH);
            }
        }
        (after, count_off)
    }

    /// Remembers the ends of stretches that were counted off, the first of them so many rows from the list's beginning.
    pub async fn remember_stretches(&self, query: &Query, reach: &Reach, first: u32, ends: &[RowKey]) {
        let anybody = Query { viewer: 0, skip: first, ..query.clone() };
        for (at, end) in ends.iter().enumerate() {
            self.remember(&anybody, reach, at * STRETCH as usize, *end).await;
        }
    }

    /// Remembers that the page of `query` had `rows` rows and ended at `last`.
    pub async fn remember(&self, query: &Query, reach: &Reach, rows: usize, last: RowKey) {
        let next = query.skip.saturating_add(rows as u32);
        self.ends.insert((key(query, reach), query.order, next), last).await;
    }
}

fn key(query: &Query, reach: &Reach) -> String {
    format!("{}/{}{}", query.viewer, query.key(), reach.key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::title::Kind;

    #[tokio::test]
    async fn a_jump_begins_at_the_nearest_stretch_that_was_counted_off() {
        let ends = PageEnds::new();
        let at = |skip, viewer| Query { skip, viewer, ..Query::all(Kind::Movie, Order::Newest) };
        let row = |title| RowKey { rating: 0, latest: 0, title };
        assert_eq!(ends.start_near(&at(70_000, 1), &Reach::All).await, (RowKey::START, 70_000));
        ends.remember_stretches(&at(70_000, 1), &Reach::All, STRETCH, &[row(1), row(2), row(3)]).await;
        assert_eq!(ends.start_near(&at(70_000, 2), &Reach::All).await, (row(3), 10_000), "whoever asks");
        assert_eq!(ends.start_near(&at(59_999, 2), &Reach::All).await, (row(2), 19_999));
        assert_eq!(ends.start_near(&at(60_000, 2), &Reach::All).await, (row(3), 0));
        assert_eq!(ends.start_near(&at(19_999, 2), &Reach::All).await, (RowKey::START, 19_999));
        let other = Reach::Only([].into());
        assert_eq!(ends.start_near(&at(70_000, 2), &other).await, (RowKey::START, 70_000));
        // One's own page goes first.
        ends.remember(&at(69_900, 2), &Reach::All, 100, row(9)).await;
        assert_eq!(ends.start_near(&at(70_000, 2), &Reach::All).await, (row(9), 0));
    }
}
