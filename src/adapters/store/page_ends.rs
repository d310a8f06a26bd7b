//! Where catalog pages ended, for each viewer: titles come meanwhile, and who began later has other ends. Clients ask for `skip=500`; counting off 500 rows costs more the further down one is. So the key of
//! each page's last row is remembered under the `skip` that the client will ask next, and the next page goes on behind that key.
//! Nothing depends on it: where no end is remembered, rows are counted off.

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

    /// Remembers that the page of `query` had `rows` rows and ended at `last`.
    pub async fn remember(&self, query: &Query, reach: &Reach, rows: usize, last: RowKey) {
        let next = query.skip.saturating_add(rows as u32);
        self.ends.insert((key(query, reach), query.order, next), last).await;
    }
}

fn key(query: &Query, reach: &Reach) -> String {
    format!("{}/{}{}", query.viewer, query.key(), reach.key())
}
