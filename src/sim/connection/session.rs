//! MTProto sessions (core.telegram.org/mtproto/description): the numbers that a server's messages carry, which of the
//! client's messages were seen, and server salts.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

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
    seen: BTreeSet<i64>,
    seen_in_order: VecDeque<i64>,
}

/// Why a server sends a message: the lowest bits of its id say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Cause {
    /// The client asked.
    Answer,
    /// Something happened.
    Notice,
}

/// What is wrong with a message's id (bad_msg_notification).
pub(super) const TOO_LOW: i32 = 16;
pub(super) const TOO_HIGH: i32 = 17;
pub(super) const NOT_DIVISIBLE: i32 = 18;
/// Message ids are accepted from 300 s ago to 30 s ahead.
const PAST_SECS: i64 = 300;
const FUTURE_SECS: i64 = 30;
const REMEMBERED: usize = 4096;

impl Session {
    pub fn new(id: i64) -> Self {
        Self { id, numbers: Mutex::default() }
    }

    /// Id and sequence number of the next message: ids rise, sequence numbers count what must be acknowledged.
    pub fn next(&self, cause: Cause, is_content_related: bool) -> (i64, i32) {
        let low = if cause == Cause::Answer { 1 } else { 3 };
        let mut numbers = self.numbers();
        numbers.last_id = (now_as_id() | low).max((numbers.last_id & !3) + 4 + low);
        let seq = numbers.related * 2 + i32::from(is_content_related);
        numbers.related += i32::from(is_content_related);
        (numbers.last_id, seq)
    }

    /// Whether this message comes for the first time.
    pub fn is_new(&self, msg_id: i64) -> bool {
        let mut numbers = self.numbers();
        if !numbers.seen.insert(msg_id) {
            return false;
        }
        numbers.seen_in_order.push_back(msg_id);
        if numbers.seen_in_order.len() > REMEMBERED
            && let Some(oldest) = numbers.seen_in_order.pop_front()
        {
            numbers.seen.remove(&oldest);
        }
        true
    }

    pub fn has_seen(&self, msg_id: i64) -> bool {
        self.numbers().seen.contains(&msg_id)
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The code of a bad_msg_notification when the id of a client's message is not acceptable now.
pub(super) fn wrong_id(msg_id: i64) -> Option<i32> {
    let (then, now) = (msg_id >> 32, now_as_id() >> 32);
    match msg_id {
        _ if msg_id & 3 != 0 => Some(NOT_DIVISIBLE),
        _ if then < now - PAST_SECS => Some(TOO_LOW),
        _ if then > now + FUTURE_SECS => Some(TOO_HIGH),
        _ => None,
    }
}

/// Unix time with 32 bits of fraction, as message ids have it.
fn now_as_id() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let fraction = (u64::from(now.subsec_nanos()) << 32) / 1_000_000_000;
    ((now.as_secs() << 32) | fraction) as i64 & !3
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

    #[test]
    fn ids_rise_and_say_why_and_sequence_numbers_count() {
        let session = Session::new(1);
        let sent: Vec<_> =
            [(Cause::Answer, true), (Cause::Notice, true), (Cause::Answer, false), (Cause::Answer, true)]
                .map(|(cause, related)| session.next(cause, related))
                .to_vec();
        assert!(sent.is_sorted_by(|a, b| a.0 < b.0), "{sent:?}");
        assert_eq!(sent.iter().map(|(id, _)| id & 3).collect::<Vec<_>>(), [1, 3, 1, 1]);
        assert_eq!(sent.iter().map(|(_, seq)| *seq).collect::<Vec<_>>(), [1, 3, 4, 5]);
    }

    #[test]
    fn a_message_that_comes_again_is_known() {
        let session = Session::new(1);
        assert!(session.is_new(4));
        assert!(!session.is_new(4));
        assert!((1..=REMEMBERED as i64).all(|n| session.is_new(4 + n * 4)));
        assert!(!session.has_seen(4), "the oldest is forgotten");
    }

    #[test]
    fn ids_far_from_now_are_refused() {
        let now = now_as_id();
        for (id, wanted) in [
            (now, None),
            (now - (290 << 32), None),
            (now - (310 << 32), Some(TOO_LOW)),
            (now + (20 << 32), None),
            (now + (40 << 32), Some(TOO_HIGH)),
            (now + 1, Some(NOT_DIVISIBLE)),
        ] {
            assert_eq!(wrong_id(id), wanted);
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
