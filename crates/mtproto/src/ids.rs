//! The numbers that each message of a client carries (core.telegram.org/mtproto/description): its id and its sequence number.
//! The time, the server's, is passed in.

use std::time::Duration;

/// Ids and sequence numbers of the messages of one session.
///
/// ```text
/// msg_id   unix time in 2^-32 seconds, a multiple of 4 (a client's), always rising
/// seq_no   2 x the content-related messages before it, + 1 when it is one itself
/// ```
///
/// A content-related message must be acknowledged: a request, not an acknowledgment.
///
/// ```
/// use std::time::Duration;
///
/// let mut ids = mtproto::MessageIds::new(0x5e55_1011);
/// let noon = Duration::from_secs(1_700_000_000);
/// assert_eq!(ids.next(noon, true), (1_700_000_000 << 32, 1));
/// assert_eq!(ids.next(noon, false), ((1_700_000_000 << 32) + 4, 2), "rising, though no time has passed");
/// ```
#[derive(Debug)]
pub struct MessageIds {
    /// The session's id: random, the client chooses it.
    pub session: i64,
    last_id: i64,
    /// Content-related messages so far.
    related: i32,
}

impl MessageIds {
    /// For a session that begins.
    pub fn new(session: i64) -> Self {
        Self { session, last_id: 0, related: 0 }
    }

    /// The next message's id and sequence number; `now` is unix time by the server's clock. Where the clock went back, ids
    /// go on from the highest: within a session they may not fall.
    pub fn next(&mut self, now: Duration, is_content_related: bool) -> (i64, i32) {
        let fraction = (u64::from(now.subsec_nanos()) << 32) / 1_000_000_000;
        let id = ((now.as_secs() as i64) << 32 | fraction as i64) & !3;
        self.last_id = id.max(self.last_id + 4);
        let seq_no = self.related * 2 + i32::from(is_content_related);
        self.related += i32::from(is_content_related);
        (self.last_id, seq_no)
    }
}

/// The unix time that is in a message's id: when its sender made it.
///
/// ```
/// assert_eq!(mtproto::time_of(1_700_000_000 << 32 | 1 << 31).as_secs_f64(), 1_700_000_000.5);
/// ```
pub fn time_of(message_id: i64) -> Duration {
    let nanos = ((message_id & 0xffff_ffff) * 1_000_000_000) >> 32;
    Duration::new((message_id >> 32).max(0) as u64, nanos as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_clock_and_always_rise() {
        let mut ids = MessageIds::new(1);
        let at = |secs, nanos| Duration::new(secs, nanos);
        let ids: Vec<_> = [at(100, 0), at(100, 500_000_000), at(100, 500_000_000), at(99, 0)]
            .map(|now| ids.next(now, true).0)
            .to_vec();
        assert_eq!(ids[..2], [100 << 32, 100 << 32 | 1 << 31]);
        assert!(ids.is_sorted_by(|a, b| a < b) && ids.iter().all(|id| id % 4 == 0), "{ids:?}");
    }

    #[test]
    fn sequence_numbers_count_what_must_be_acknowledged() {
        let mut ids = MessageIds::new(1);
        let seq: Vec<_> = [true, false, true, false, false].map(|related| ids.next(Duration::ZERO, related).1).to_vec();
        assert_eq!(seq, [1, 2, 3, 4, 4]);
    }
}
