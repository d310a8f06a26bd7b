//! The numbers that messages of ours carry: ids, sequence numbers, salts (core.telegram.org/mtproto/description). Pure: the
//! time (Telegram's) is passed in.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::wire::Salt;

/// Ids and sequence numbers of one session, which is one line's.
pub(super) struct Numbers {
    /// Random, ours to choose.
    pub session: i64,
    last_id: i64,
    /// Messages so far that must be acknowledged.
    related: i32,
}

impl Numbers {
    pub fn new(session: i64) -> Self {
        Self { session, last_id: 0, related: 0 }
    }

    /// A message's id and sequence number: ids follow the server's clock, rise, and are multiples of four. Where the clock
    /// went back they go on from the highest: within a session they may not fall.
    pub fn next(&mut self, now: Duration, is_content_related: bool) -> (i64, i32) {
        let fraction = (u64::from(now.subsec_nanos()) << 32) / 1_000_000_000;
        let id = ((now.as_secs() as i64) << 32 | fraction as i64) & !3;
        self.last_id = id.max(self.last_id + 4);
        let seq_no = self.related * 2 + i32::from(is_content_related);
        self.related += i32::from(is_content_related);
        (self.last_id, seq_no)
    }
}

/// The salts of one authorization key, which all of its lines share. Telegram changes them every half hour; a message with
/// an old one has to be said again, which costs a round trip.
#[derive(Default)]
pub struct Salts {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// What the server last told us to use; 0 before.
    told: i64,
    /// From when on others are known, in order.
    future: Vec<Salt>,
}

/// With fewer left, more are asked for.
const FEW: usize = 2;

impl Salts {
    /// The one to use, `now` in unix seconds by Telegram's clock.
    pub fn current(&self, now: i64) -> i64 {
        let mut known = self.lock();
        while known.future.first().is_some_and(|salt| i64::from(salt.since) <= now) {
            let salt = known.future.remove(0);
            if i64::from(salt.until) > now {
                known.told = salt.value;
            }
        }
        known.told
    }

    pub fn tell(&self, salt: i64) {
        self.lock().told = salt;
    }

    pub fn add(&self, salts: Vec<Salt>) {
        self.lock().future = salts;
    }

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
    fn ids_follow_the_clock_and_always_rise() {
        let mut numbers = Numbers::new(1);
        let at = |secs, nanos| Duration::new(secs, nanos);
        let ids: Vec<_> = [at(100, 0), at(100, 500_000_000), at(100, 500_000_000), at(99, 0)]
            .map(|now| numbers.next(now, true).0)
            .to_vec();
        assert_eq!(ids[..2], [100 << 32, 100 << 32 | 1 << 31]);
        assert!(ids.is_sorted_by(|a, b| a < b) && ids.iter().all(|id| id % 4 == 0), "{ids:?}");
    }

    #[test]
    fn sequence_numbers_count_what_must_be_acknowledged() {
        let mut numbers = Numbers::new(1);
        let seq: Vec<_> =
            [true, false, true, false, false].map(|related| numbers.next(Duration::ZERO, related).1).to_vec();
        assert_eq!(seq, [1, 2, 3, 4, 4]);
    }

    #[test]
    fn salts_take_over_when_their_time_comes() {
        let salts = Salts::default();
        assert_eq!((salts.current(100), salts.are_few()), (0, true));
        salts.tell(7);
        let salt = |since, value| Salt { since, until: since + 60, value };
        salts.add(vec![salt(130, 8), salt(160, 9), salt(190, 10)]);
        for (now, wanted) in [(100, 7), (129, 7), (130, 8), (165, 9), (166, 9)] {
            assert_eq!(salts.current(now), wanted, "at {now}");
        }
        assert!(salts.are_few());
        // All of them over: the last that was good, until the server tells.
        assert_eq!(salts.current(1_000), 9);
    }
}
