//! MTProto sessions (core.telegram.org/mtproto/description): the numbers that a server's messages carry, which of the
//! client's messages were seen, and server salts.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::content::split_mix;

/// One of a client's sessions. It belongs to an authorization key and survives a reconnect.
pub(in super::super) struct Session {
    pub id: i64,
    numbers: Mutex<Numbers>,
}

#[derive(Default)]
struct Numbers {
    last_id: i64,
    related: i32,
    /// The client's messages and their sequence numbers. The newest are remembered.
    seen: BTreeMap<i64, i32>,
    /// Whatever lies below was forgotten.
    forgotten_below: i64,
}

/// Why a server sends a message: the lowest bits of its id say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Cause {
    /// The client asked.
    Answer,
    /// Something happened.
    Notice,
}

/// What is wrong with a message's id or sequence number (bad_msg_notification, core.telegram.org/mtproto/service_messages_about_messages).
pub(super) const TOO_LOW: i32 = 16;
pub(super) const TOO_HIGH: i32 = 17;
pub(super) const NOT_DIVISIBLE: i32 = 18;
pub(super) const CONTAINER_KNOWN: i32 = 19;
pub(super) const TOO_OLD: i32 = 20;
pub(super) const SEQ_TOO_LOW: i32 = 32;
pub(super) const SEQ_TOO_HIGH: i32 = 33;
/// Message ids are accepted from 300 s ago to 30 s ahead.
const PAST_SECS: i64 = 300;
const FUTURE_SECS: i64 = 30;
const REMEMBERED: usize = 4096;

/// Whether a message of the client's is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Arrival {
    New,
    /// It was received before.
    Again,
    /// Not taken, and why.
    Bad(i32),
}

impl Session {
    pub fn new(id: i64) -> Self {
        Self { id, numbers: Mutex::default() }
    }

    /// Id and sequence number of the next message: ids rise, sequence numbers count what must be acknowledged.
    pub fn next(&self, now_as_id: i64, cause: Cause, is_content_related: bool) -> (i64, i32) {
        let low = if cause == Cause::Answer { 1 } else { 3 };
        let mut numbers = self.numbers();
        numbers.last_id = (now_as_id | low).max((numbers.last_id & !3) + 4 + low);
        let seq = numbers.related * 2 + i32::from(is_content_related);
        numbers.related += i32::from(is_content_related);
        (numbers.last_id, seq)
    }

    /// Takes a message of the client's, if its numbers agree with those of the messages before.
    pub fn take(&self, msg_id: i64, seq_no: i32, is_container: bool) -> Arrival {
        let mut numbers = self.numbers();
        if numbers.seen.contains_key(&msg_id) {
            return if is_container { Arrival::Bad(CONTAINER_KNOWN) } else { Arrival::Again };
        }
        if msg_id < numbers.forgotten_below {
            return Arrival::Bad(TOO_OLD);
        }
        // An odd number belongs to one message; even ones are those of whatever comes between.
        let is_odd = seq_no & 1 == 1;
        if numbers.seen.range(..msg_id).next_back().is_some_and(|(_, seq)| *seq > seq_no || is_odd && *seq == seq_no) {
            return Arrival::Bad(SEQ_TOO_LOW);
        }
        if numbers.seen.range(msg_id..).next().is_some_and(|(_, seq)| *seq < seq_no || is_odd && *seq == seq_no) {
            return Arrival::Bad(SEQ_TOO_HIGH);
        }
        numbers.seen.insert(msg_id, seq_no);
        if numbers.seen.len() > REMEMBERED
            && let Some((oldest, _)) = numbers.seen.pop_first()
        {
            numbers.forgotten_below = oldest + 1;
        }
        Arrival::New
    }

    pub fn has_seen(&self, msg_id: i64) -> bool {
        self.numbers().seen.contains_key(&msg_id)
    }

    /// The clock was stepped: all that is remembered goes along.
    pub fn step(&self, secs: i64) {
        let by = secs << 32;
        let mut numbers = self.numbers();
        numbers.last_id += by;
        numbers.forgotten_below += by;
        numbers.seen = std::mem::take(&mut numbers.seen).into_iter().map(|(id, seq)| (id + by, seq)).collect();
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The code of a bad_msg_notification when the id of a client's message is not acceptable now.
pub(super) fn wrong_id(now_as_id: i64, msg_id: i64) -> Option<i32> {
    let (then, now) = (msg_id >> 32, now_as_id >> 32);
    match msg_id {
        _ if msg_id & 3 != 0 => Some(NOT_DIVISIBLE),
        _ if then < now - PAST_SECS => Some(TOO_LOW),
        _ if then > now + FUTURE_SECS => Some(TOO_HIGH),
        _ => None,
    }
}

/// Each salt is good for an hour, and the next one begins in the middle of it.
const SALT_SECS: i32 = 1800;

pub(super) struct Salt {
    pub since: i32,
    pub until: i32,
    pub value: i64,
}

/// A key's salts from now on.
pub(super) fn salts(seed: u64, key: i64, now: i32) -> impl Iterator<Item = Salt> {
    (now / SALT_SECS..).map(move |n| Salt {
        since: n * SALT_SECS,
        until: (n + 2) * SALT_SECS,
        value: salt(seed, key, n),
    })
}

pub(super) fn current_salt(seed: u64, key: i64, now: i32) -> i64 {
    salt(seed, key, now / SALT_SECS)
}

pub(super) fn is_good_salt(seed: u64, key: i64, now: i32, value: i64) -> bool {
    let n = now / SALT_SECS;
    [n, n - 1].iter().any(|&n| salt(seed, key, n) == value)
}

fn salt(seed: u64, key: i64, n: i32) -> i64 {
    // 0 is what clients send who do not know any.
    split_mix(split_mix(seed ^ key as u64) ^ n as u64) as i64 | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000 << 32;

    #[test]
    fn ids_rise_and_say_why_and_sequence_numbers_count() {
        let session = Session::new(1);
        let sent: Vec<_> =
            [(Cause::Answer, true), (Cause::Notice, true), (Cause::Answer, false), (Cause::Answer, true)]
                .map(|(cause, related)| session.next(NOW, cause, related))
                .to_vec();
        assert!(sent.is_sorted_by(|a, b| a.0 < b.0), "{sent:?}");
        assert_eq!(sent.iter().map(|(id, _)| id & 3).collect::<Vec<_>>(), [1, 3, 1, 1]);
        assert_eq!(sent.iter().map(|(_, seq)| *seq).collect::<Vec<_>>(), [1, 3, 4, 5]);
    }

    #[test]
    fn numbers_must_agree_with_those_before() {
        use Arrival::{Again, Bad, New};
        let session = Session::new(1);
        // (id, sequence number, whether it is a container, what becomes of it), in the order in which they come
        let cases = [
            (NOW + 8, 1, false, New),
            (NOW + 8, 1, false, Again),
            (NOW + 8, 2, true, Bad(CONTAINER_KNOWN)),
            (NOW + 12, 2, true, New),
            (NOW + 16, 2, false, New),
            (NOW + 20, 3, false, New),
            (NOW + 24, 3, false, Bad(SEQ_TOO_LOW)),
            (NOW + 24, 1, false, Bad(SEQ_TOO_LOW)),
            // A clock that went back, within the session.
            (NOW - 80, 5, false, Bad(SEQ_TOO_HIGH)),
            (NOW - 80, 1, false, Bad(SEQ_TOO_HIGH)),
            (NOW - 80, 0, false, New),
            (NOW + 24, 5, false, New),
        ];
        for (id, seq_no, is_container, wanted) in cases {
            assert_eq!(session.take(id, seq_no, is_container), wanted, "{} {seq_no}", id - NOW);
        }
    }

    #[test]
    fn the_oldest_messages_are_forgotten_and_not_taken_again() {
        let session = Session::new(1);
        for n in 0..=REMEMBERED as i64 {
            assert_eq!(session.take(NOW + n * 4, n as i32 * 2 + 1, false), Arrival::New);
        }
        assert!(!session.has_seen(NOW) && session.has_seen(NOW + 4));
        assert_eq!(session.take(NOW, 1, false), Arrival::Bad(TOO_OLD));
    }

    #[test]
    fn a_step_of_the_clock_is_one_of_all_that_is_remembered() {
        let session = Session::new(1);
        assert_eq!(session.take(NOW, 1, false), Arrival::New);
        let before = session.next(NOW, Cause::Answer, true).0;
        session.step(-3600);
        assert_eq!(session.take(NOW - (3600 << 32), 1, false), Arrival::Again);
        let after = session.next(NOW - (3600 << 32), Cause::Answer, true).0;
        assert_eq!((after - before) >> 32, -3600);
    }

    #[test]
    fn ids_far_from_now_are_refused() {
        for (id, wanted) in [
            (NOW, None),
            (NOW - (290 << 32), None),
            (NOW - (310 << 32), Some(TOO_LOW)),
            (NOW + (20 << 32), None),
            (NOW + (40 << 32), Some(TOO_HIGH)),
            (NOW + 1, Some(NOT_DIVISIBLE)),
        ] {
            assert_eq!(wrong_id(NOW, id), wanted);
        }
    }

    #[test]
    fn salts_overlap_and_run_out() {
        let salts: Vec<_> = salts(1, 2, 10_000).take(3).collect();
        assert!(salts[0].since <= 10_000 && 10_000 < salts[0].until);
        assert_eq!(salts[1].since, salts[0].since + SALT_SECS);
        let first = salts[0].value;
        assert_eq!(first, current_salt(1, 2, 10_000));
        assert!(is_good_salt(1, 2, salts[0].until - 1, first));
        assert!(!is_good_salt(1, 2, salts[0].until, first));
        assert!(!is_good_salt(1, 3, 10_000, first));
    }
}
