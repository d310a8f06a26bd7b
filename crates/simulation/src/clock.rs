//! The server's clock, which can be set wrong. Nobody can set another program's clock, so a step of the client's is played
//! by the server's going the other way, with all that it remembers by time: message ids, and when salts are good.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(Default)]
pub(super) struct Clock {
    /// Of this machine's.
    ahead_secs: AtomicI64,
}

impl Clock {
    pub fn ahead_secs(&self) -> i64 {
        self.ahead_secs.load(Ordering::Relaxed)
    }

    pub fn step(&self, secs: i64) {
        self.ahead_secs.fetch_add(secs, Ordering::Relaxed);
    }

    /// Unix time with 32 bits of fraction, as message ids have it.
    pub fn now_as_id(&self) -> i64 {
        let now = machine();
        let fraction = (u64::from(now.subsec_nanos()) << 32) / 1_000_000_000;
        (now.as_secs() as i64 + self.ahead_secs()) << 32 | (fraction as i64 & !3)
    }

    /// In seconds, by the server.
    pub fn now(&self) -> i32 {
        (machine().as_secs() as i64 + self.ahead_secs()) as i32
    }
}

fn machine() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
