//! One fetch, from the question to its end: which state it is in and what moves it. Pure: no task, no channel, no clock.
//!
//! A fetch is in exactly one of these states:
//!
//! | state | means |
//! | --- | --- |
//! | `Queued` | nobody is asked: it waits for its turn and for a connection |
//! | `InFlight` | one connection is asked and may bring it |
//! | `Hedged` | two or more are asked and may bring it, because the first was late |
//! | `FailingOver` | all that are asked fell silent: it waits for its turn and another connection, and they may still bring it |
//! | `Exhausted` | as many as may be asked at once are asked, and all of them are silent |
//! | `Ended` | its bytes came; the actor forgets it at once |
//!
//! An attempt is *silent* when its connection fell silent; until then it is *hopeful*. Who moves a fetch:
//!
//! | event | from | to |
//! | --- | --- | --- |
//! | [`sent`](Fetch::sent): the actor asked a connection | `Queued`, `FailingOver` | `InFlight` |
//! | | `InFlight`, `Hedged` (it is late) | `Hedged` |
//! | [`fell_silent`](Fetch::fell_silent): the last hopeful attempt is silent | `InFlight`, `Hedged` | `FailingOver`, or `Exhausted` after [`ATTEMPTS`] |
//! | [`failed`](Fetch::failed): an attempt brought nothing | any, none left | `Queued` |
//! | | any, only silent ones left | `FailingOver` |
//! | either of the two, one hopeful attempt left | `Hedged` | `InFlight` |
//! | [`answered`](Fetch::answered): an attempt, silent or not, brought the bytes | any | `Ended` |
//!
//! Being waited for ([`prioritize`](Fetch::prioritize)) changes its class, not its state. It also ends when nobody wants it any more
//! or patience is over ([`verdict`](Fetch::verdict)): then the actor forgets it whatever its state is.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::Instant;

use super::choice::Blocked;
use super::queue::Class;
use crate::adapters::telegram::{BotIndex, ConnectionSlot, ReadError};
use crate::engines::bytes::Error;

/// Attempts in flight for one run at most.
pub(super) const ATTEMPTS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Queued,
    InFlight,
    Hedged,
    FailingOver,
    Exhausted,
    Ended,
}

/// Number of an attempt, the same for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AttemptId(pub u64);

/// One connection that was asked and has not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub id: AttemptId,
    pub slot: ConnectionSlot,
    pub sent_at: Instant,
    /// Bytes on the connection when it was sent, its own included.
    pub in_flight: u64,
    /// Whom it was sent for.
    pub class: Class,
    /// A hedge was wanted because of it.
    is_late: bool,
    /// Its connection fell silent.
    is_silent: bool,
}

impl Attempt {
    pub fn new(id: AttemptId, slot: ConnectionSlot, sent_at: Instant, in_flight: u64, class: Class) -> Self {
        Self { id, slot, sent_at, in_flight, class, is_late: false, is_silent: false }
    }
}

pub(super) struct Fetch {
    state: State,
    class: Class,
    asked_at: Instant,
    waited_since: Option<Instant>,
    /// Under way, in the order sent.
    attempts: Vec<Attempt>,
    /// Bots that were asked and do not see the post.
    unseen_by: HashSet<BotIndex>,
    last_error: Option<ReadError>,
    /// Why the last look found no connection. Only while it waits for one.
    blocked: Option<Blocked>,
}

/// The attempt that brought the bytes, and what that says of the others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answered {
    pub attempt: Attempt,
    /// Late ones that it was faster than.
    pub outrun: Vec<Attempt>,
    /// Others had fallen silent.
    pub has_failed_over: bool,
}

/// An attempt that brought nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub attempt: Attempt,
    /// The fetch has come to wait for a connection again.
    pub is_requeued: bool,
}

impl Fetch {
    pub fn new(class: Class, asked_at: Instant) -> Self {
        Self {
            state: State::Queued,
            class,
            asked_at,
            waited_since: None,
            attempts: Vec::new(),
            unseen_by: HashSet::new(),
            last_error: None,
            blocked: None,
        }
    }

    pub fn class(&self) -> Class {
        self.class
    }

    /// Whether it stands in the queue.
    pub fn is_queued(&self) -> bool {
        matches!(self.state, State::Queued | State::FailingOver)
    }

    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    pub fn asked(&self) -> Vec<ConnectionSlot> {
        self.attempts.iter().map(|attempt| attempt.slot).collect()
    }

    pub fn unseen_by(&self) -> &HashSet<BotIndex> {
        &self.unseen_by
    }

    /// Since when somebody waits for it.
    pub fn waited_since(&self) -> Option<Instant> {
        self.waited_since
    }

    pub fn asked_at(&self) -> Instant {
        self.asked_at
    }

    /// A reader waits for it: it becomes at least this urgent. Returns the class it had, when that changes.
    pub fn prioritize(&mut self, class: Class, now: Instant) -> Option<Class> {
        self.waited_since.get_or_insert(now);
        (self.class > class).then(|| std::mem::replace(&mut self.class, class))
    }

    /// No connection was found for it.
    pub fn found_none(&mut self, why: Blocked) {
        if self.is_queued() {
            self.blocked = Some(why);
        }
    }

    /// A connection was asked for it.
    pub fn sent(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
        self.blocked = None;
        self.state = self.state_of_attempts();
    }

    /// Somebody waits for it, and every attempt has taken longer than `late_after`.
    pub fn is_late(&self, now: Instant, late_after: impl FnOnce() -> Duration) -> bool {
        let newest = self.attempts.iter().map(|attempt| attempt.sent_at).max();
        self.waited_since.is_some() && newest.is_some_and(|newest| now >= newest + late_after())
    }

    /// Whether one more connection may be asked although others are.
    pub fn may_hedge(&self) -> bool {
        matches!(self.state, State::InFlight | State::Hedged) && self.attempts.len() < ATTEMPTS
    }

    /// A hedge is wanted because of all attempts. Returns the connections that were not late before.
    pub fn mark_late(&mut self) -> Vec<ConnectionSlot> {
        let punctual = self.attempts.iter_mut().filter(|attempt| !attempt.is_late);
        punctual
            .map(|attempt| {
                attempt.is_late = true;
                attempt.slot
            })
            .collect()
    }

    /// Some connections are silent. Returns whether the fetch has come to wait for another because of it.
    pub fn fell_silent(&mut self, is_silent: impl Fn(ConnectionSlot) -> bool) -> bool {
        let mut is_new = false;
        for attempt in self.attempts.iter_mut().filter(|attempt| !attempt.is_silent) {
            attempt.is_silent = is_silent(attempt.slot);
            is_new |= attempt.is_silent;
        }
        if !is_new || self.is_queued() {
            return false;
        }
        self.state = match self.state_of_attempts() {
            State::FailingOver if self.attempts.len() >= ATTEMPTS => State::Exhausted,
            state => state,
        };
        self.is_queued()
    }

    /// An attempt brought the bytes. `None` when it is none of this fetch's.
    pub fn answered(&mut self, id: AttemptId) -> Option<Answered> {
        let attempt = self.remove(id)?;
        self.state = State::Ended;
        let outrun = self.attempts.iter().filter(|other| other.is_late).cloned().collect();
        let has_failed_over = self.attempts.iter().any(|other| other.is_silent);
        Some(Answered { attempt, outrun, has_failed_over })
    }

    /// An attempt brought nothing. `None` when it is none of this fetch's.
    pub fn failed(&mut self, id: AttemptId, error: ReadError) -> Option<Failed> {
        let attempt = self.remove(id)?;
        if let ReadError::NotVisible { bot } = error {
            self.unseen_by.insert(bot);
        }
        self.last_error = Some(error);
        let was_queued = self.is_queued();
        self.state = self.state_of_attempts();
        Some(Failed { attempt, is_requeued: self.is_queued() && !was_queued })
    }

    /// What to tell its readers, when it cannot be had within patience.
    pub fn verdict(&self, now: Instant, patience: Duration) -> Option<Error> {
        let deadline = self.deadline(patience);
        match self.blocked {
            Some(Blocked::FloodWait(until)) if self.attempts.is_empty() && until > deadline => {
                Some(Error::Busy { retry_after: until - now })
            }
            Some(Blocked::Unseen) if self.attempts.is_empty() => Some(Error::NotFound),
            _ => (now >= deadline).then(|| self.gave_up(patience)),
        }
    }

    /// The next moment at which something about it could be decided that cannot be now. Where it is blocked by something
    /// that has no time of its own, it is looked at again after `poll`.
    pub fn next_look(
        &self,
        now: Instant,
        patience: Duration,
        late_after: impl FnOnce() -> Duration,
        poll: Duration,
    ) -> Instant {
        let blocked = self.blocked.filter(|_| self.is_queued()).and_then(|blocked| match blocked {
            // One that could go again but for another of its stream before it is not looked at for its own sake.
            Blocked::FloodWait(until) | Blocked::Resting(until) => (until > now).then_some(until),
            Blocked::NoBot | Blocked::Full => Some(now + poll),
            Blocked::Unseen => None,
        });
        let newest = self.attempts.iter().map(|attempt| attempt.sent_at).max().filter(|_| self.waited_since.is_some());
        // One that is late already and found nobody else to ask is looked at again now and then.
        let late = newest.map(|newest| {
            let late_after = late_after();
            (newest + late_after).max(now + late_after / 4)
        });
        let deadline = self.deadline(patience);
        [blocked, late].into_iter().flatten().fold(deadline, Instant::min)
    }

    fn deadline(&self, patience: Duration) -> Instant {
        self.waited_since.unwrap_or(self.asked_at) + patience
    }

    fn gave_up(&self, patience: Duration) -> Error {
        match &self.last_error {
            Some(ReadError::FloodWait { wait, .. }) => Error::Busy { retry_after: *wait },
            Some(error) => Error::Unavailable(error.to_string()),
            None => Error::Unavailable(format!("nothing came within {} s", patience.as_secs())),
        }
    }

    fn state_of_attempts(&self) -> State {
        let hopeful = self.attempts.iter().filter(|attempt| !attempt.is_silent).count();
        match (hopeful, self.attempts.len()) {
            (0, 0) => State::Queued,
            (0, _) => State::FailingOver,
            (1, _) => State::InFlight,
            _ => State::Hedged,
        }
    }

    fn remove(&mut self, id: AttemptId) -> Option<Attempt> {
        let at = self.attempts.iter().position(|attempt| attempt.id == id)?;
        Some(self.attempts.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug)]
    enum Event {
        /// The attempt with this number was sent, on the connection with this number.
        Sent(usize),
        Silent(usize),
        Failed(usize),
        Answered(usize),
    }
    use Event::{Answered as Came, Failed as Fails, Sent, Silent};
    use State::{Ended, Exhausted, FailingOver, Hedged, InFlight, Queued};

    fn slot(number: usize) -> ConnectionSlot {
        ConnectionSlot { bot: BotIndex(number), index: 0 }
    }

    fn attempt(number: usize, at: Instant) -> Attempt {
        Attempt::new(AttemptId(number as u64), slot(number), at, 0, Class::Head)
    }

    fn refused() -> ReadError {
        ReadError::Refused("no".to_owned())
    }

    /// Applies an event; tells whether it put the fetch into the queue.
    fn apply(fetch: &mut Fetch, event: Event) -> bool {
        match event {
            Sent(number) => {
                fetch.sent(attempt(number, fetch.asked_at));
                false
            }
            Silent(number) => fetch.fell_silent(|silent| silent == slot(number)),
            Fails(number) => fetch.failed(AttemptId(number as u64), refused()).is_some_and(|failed| failed.is_requeued),
            Came(number) => {
                fetch.answered(AttemptId(number as u64));
                false
            }
        }
    }

    fn after(events: &[Event]) -> Fetch {
        let mut fetch = Fetch::new(Class::Head, Instant::now());
        events.iter().for_each(|event| {
            apply(&mut fetch, *event);
        });
        fetch
    }

    #[test]
    fn every_event_leads_from_each_state_where_the_table_says() {
        /// How each state is reached.
        const QUEUED: &[Event] = &[];
        const IN_FLIGHT: &[Event] = &[Sent(1)];
        const HEDGED: &[Event] = &[Sent(1), Sent(2)];
        const HEDGED_SILENT: &[Event] = &[Sent(1), Sent(2), Silent(1)];
        const FAILING_OVER: &[Event] = &[Sent(1), Silent(1)];
        const FAILED_OVER: &[Event] = &[Sent(1), Silent(1), Sent(2)];
        const EXHAUSTED: &[Event] = &[Sent(1), Silent(1), Sent(2), Silent(2), Sent(3), Silent(3)];
        // From, its state, the event, the state then, and whether the event put it into the queue.
        let table = [
            (QUEUED, Queued, Sent(1), InFlight, false),
            (QUEUED, Queued, Fails(9), Queued, false),
            (QUEUED, Queued, Came(9), Queued, false),
            (QUEUED, Queued, Silent(9), Queued, false),
            (IN_FLIGHT, InFlight, Sent(2), Hedged, false),
            (IN_FLIGHT, InFlight, Silent(1), FailingOver, true),
            (IN_FLIGHT, InFlight, Silent(9), InFlight, false),
            (IN_FLIGHT, InFlight, Fails(1), Queued, true),
            (IN_FLIGHT, InFlight, Fails(9), InFlight, false),
            (IN_FLIGHT, InFlight, Came(1), Ended, false),
            (HEDGED, Hedged, Sent(3), Hedged, false),
            (HEDGED, Hedged, Silent(1), InFlight, false),
            (HEDGED, Hedged, Fails(1), InFlight, false),
            (HEDGED, Hedged, Fails(2), InFlight, false),
            (HEDGED, Hedged, Came(2), Ended, false),
            (HEDGED_SILENT, InFlight, Silent(2), FailingOver, true),
            (HEDGED_SILENT, InFlight, Fails(2), FailingOver, true),
            (HEDGED_SILENT, InFlight, Fails(1), InFlight, false),
            (FAILING_OVER, FailingOver, Sent(2), InFlight, false),
            (FAILING_OVER, FailingOver, Silent(1), FailingOver, false),
            (FAILING_OVER, FailingOver, Fails(1), Queued, false),
            (FAILING_OVER, FailingOver, Came(1), Ended, false),
            (FAILED_OVER, InFlight, Silent(2), FailingOver, true),
            (FAILED_OVER, InFlight, Fails(2), FailingOver, true),
            (FAILED_OVER, InFlight, Fails(1), InFlight, false),
            (FAILED_OVER, InFlight, Came(1), Ended, false),
            (EXHAUSTED, Exhausted, Silent(1), Exhausted, false),
            (EXHAUSTED, Exhausted, Fails(1), FailingOver, true),
            (EXHAUSTED, Exhausted, Came(3), Ended, false),
        ];
        for (from, state, event, to, is_requeued) in table {
            let mut fetch = after(from);
            assert_eq!(fetch.state, state, "{from:?}");
            assert_eq!((apply(&mut fetch, event), fetch.state), (is_requeued, to), "{event:?} after {from:?}");
            assert_eq!(fetch.is_queued(), matches!(to, Queued | FailingOver));
        }
    }

    #[test]
    fn only_what_is_under_way_and_not_everywhere_is_hedged() {
        for (events, may) in [
            (&[][..], false),
            (&[Sent(1)], true),
            (&[Sent(1), Sent(2)], true),
            (&[Sent(1), Sent(2), Sent(3)], false),
            (&[Sent(1), Silent(1)], false),
        ] {
            assert_eq!(after(events).may_hedge(), may, "{events:?}");
        }
    }

    #[test]
    fn it_is_late_only_when_somebody_waits_and_all_attempts_are() {
        let (began, late) = (Instant::now(), Duration::from_millis(300));
        let mut fetch = Fetch::new(Class::Ahead, began);
        assert!(!fetch.is_late(began + late, || late), "nobody was asked");
        fetch.sent(attempt(1, began));
        assert!(!fetch.is_late(began + late, || late), "nobody waits");
        assert_eq!(fetch.prioritize(Class::Head, began), Some(Class::Ahead));
        assert_eq!(fetch.prioritize(Class::Head, began), None);
        assert!(fetch.is_late(began + late, || late));
        assert_eq!((fetch.mark_late(), fetch.mark_late()), (vec![slot(1)], vec![]));
        fetch.sent(attempt(2, began + late));
        assert!(!fetch.is_late(began + late, || late), "the second is not");
        let answered = fetch.answered(AttemptId(2)).expect("its own");
        assert_eq!((answered.outrun.len(), answered.has_failed_over), (1, false));
    }

    #[test]
    fn a_reader_who_waits_in_the_background_does_not_become_urgent() {
        let mut fetch = Fetch::new(Class::Probe, Instant::now());
        assert_eq!(fetch.prioritize(Class::Probe, fetch.asked_at), None);
        assert_eq!(fetch.prioritize(Class::Bulk, fetch.asked_at), None);
        assert_eq!(fetch.prioritize(Class::Head, fetch.asked_at), Some(Class::Probe));
    }

    #[test]
    fn what_cannot_be_had_is_given_up_with_the_reason() {
        let (began, patience) = (Instant::now(), Duration::from_secs(30));
        let secs = Duration::from_secs;
        let verdict = |blocked: Option<Blocked>, error: Option<ReadError>, after| {
            let mut fetch = Fetch::new(Class::First, began);
            fetch.sent(attempt(1, began));
            match error {
                Some(error) => drop(fetch.failed(AttemptId(1), error)),
                None => drop(fetch.remove(AttemptId(1))),
            }
            fetch.state = Queued;
            blocked.into_iter().for_each(|why| fetch.found_none(why));
            fetch.verdict(began + after, patience)
        };
        let flood = |wait| ReadError::FloodWait { bot: BotIndex(0), wait };
        let unavailable = |what: &str| Some(Error::Unavailable(what.to_owned()));
        let until = |after| Some(Blocked::FloodWait(began + secs(after)));
        let table = [
            (None, None, secs(29), None),
            (None, None, secs(30), unavailable("nothing came within 30 s")),
            (None, Some(refused()), secs(30), unavailable("Telegram refused: no")),
            (until(29), Some(flood(secs(29))), secs(1), None),
            (until(90), Some(flood(secs(90))), secs(1), Some(Error::Busy { retry_after: secs(89) })),
            (Some(Blocked::Full), Some(flood(secs(7))), secs(30), Some(Error::Busy { retry_after: secs(7) })),
            (Some(Blocked::Unseen), None, secs(0), Some(Error::NotFound)),
            (Some(Blocked::NoBot), None, secs(29), None),
        ];
        for (blocked, error, after, wanted) in table {
            assert_eq!(verdict(blocked, error.clone(), after), wanted, "{blocked:?} {error:?} after {after:?}");
        }
    }

    #[test]
    fn it_says_when_to_look_again() {
        let (now, patience, poll) = (Instant::now(), Duration::from_secs(30), Duration::from_millis(250));
        let late = Duration::from_millis(400);
        let look = |fetch: &Fetch| fetch.next_look(now, patience, || late, poll) - now;
        let mut fetch = Fetch::new(Class::Head, now);
        assert_eq!(look(&fetch), patience);
        fetch.found_none(Blocked::Full);
        assert_eq!(look(&fetch), poll);
        fetch.found_none(Blocked::Resting(now + Duration::from_secs(2)));
        assert_eq!(look(&fetch), Duration::from_secs(2));
        fetch.sent(attempt(1, now));
        assert_eq!(look(&fetch), patience);
        fetch.prioritize(Class::Head, now);
        assert_eq!(look(&fetch), late);
    }
}
