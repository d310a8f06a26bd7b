//! The time of day. Everything that needs it asks here or is given it; `domain` never asks.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970 by this machine's clock; 0 when it stands before that.
pub fn unix_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs() as i64)
}
