//! Server salts (core.telegram.org/mtproto/description, "Server salt"): 64 bits in every message that the server changes every
//! half hour, so that a recorded message cannot be sent again.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// One salt and when it is good, in unix seconds by the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt {
    /// From when on it is good.
    pub since: i32,
    /// Until when it is good.
    pub until: i32,
    /// The salt.
    pub value: i64,
}

/// The salts of one authorization key, shared by all of its connections. A message with an old one must be sent again, which
/// costs a round trip, so the coming ones are asked for ahead (`get_future_salts`).
///
/// ```
/// use mtproto::{Salt, Salts};
///
/// let salts = Salts::default();
/// salts.set(7); // from bad_server_salt
/// salts.set_future(vec![Salt { since: 130, until: 190, value: 8 }]);
/// assert_eq!([100, 129, 130].map(|now| salts.current(now)), [7, 7, 8]);
/// ```
#[derive(Debug, Default)]
pub struct Salts {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// What the server last said is good, or the newest of the coming ones whose time has come; 0 before either.
    current: i64,
    /// The coming ones, in order.
    future: Vec<Salt>,
}

/// With fewer left, more should be asked for.
const FEW: usize = 2;

impl Salts {
    /// The one to use; `now` in unix seconds by the server's clock. 0 while none is known: the server then says which.
    pub fn current(&self, now: i64) -> i64 {
        let mut known = self.lock();
        while known.future.first().is_some_and(|salt| i64::from(salt.since) <= now) {
            let salt = known.future.remove(0);
            if i64::from(salt.until) > now {
                known.current = salt.value;
            }
        }
        known.current
    }

    /// The server says that this one is good now (`bad_server_salt`, `new_session_created`).
    pub fn set(&self, salt: i64) {
        self.lock().current = salt;
    }

    /// The server says which ones come (`future_salts`), in the order of their times.
    pub fn set_future(&self, salts: Vec<Salt>) {
        self.lock().future = salts;
    }

    /// Whether more should be asked for.
    pub fn are_few(&self) -> bool {
        self.lock().future.len() < FEW
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salts_take_over_when_their_time_comes() {
        let salts = Salts::default();
        assert_eq!((salts.current(100), salts.are_few()), (0, true));
        salts.set(7);
        let salt = |since, value| Salt { since, until: since + 60, value };
        salts.set_future(vec![salt(130, 8), salt(160, 9), salt(190, 10)]);
        for (now, wanted) in [(100, 7), (129, 7), (130, 8), (165, 9), (166, 9)] {
            assert_eq!(salts.current(now), wanted, "at {now}");
        }
        assert!(salts.are_few());
        // All of them over: the last that was good, until the server says another.
        assert_eq!(salts.current(1_000), 9);
    }
}
