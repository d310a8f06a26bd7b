//! The states of a job and what leads from one to the next. Both stores build their conditions from [`before`], so that no query
//! can take a step that the table does not have.

/// Stored as its number. What waits comes first, what has ended last: see [`State::is_waiting`] and [`State::has_ended`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Queued = 0,
    /// It stumbled, and waits for its next try.
    Retrying = 1,
    Running = 2,
    Done = 3,
    Failed = 4,
    Cancelled = 5,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An instance begins it.
    Claimed,
    Succeeded,
    /// What it wants cannot be had.
    Refused,
    /// Something failed that may pass.
    Stumbled,
    /// The program stops in order.
    HandedBack,
    /// Its lease ended: whoever did it is gone.
    Lost,
    /// It gave up because it was told to.
    GaveUp,
    /// A person wants it stopped.
    CancelWanted,
    /// A person wants it tried (again) now.
    RetryWanted,
}

impl State {
    pub const ALL: [Self; 6] = [Self::Queued, Self::Retrying, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| *state as i64 == number)
    }

    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Queued | Self::Retrying)
    }

    pub fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Retrying => "retrying",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The state that an event leads to; `None` where it changes nothing. `has_tries`: whether it may be tried once more.
pub fn next(state: State, event: Event, has_tries: bool) -> Option<State> {
    use State::{Cancelled, Done, Failed, Queued, Retrying, Running};
    Some(match (state, event) {
        (Queued | Retrying, Event::Claimed) => Running,
        (Running, Event::Succeeded) => Done,
        (Running, Event::Refused) => Failed,
        (Running, Event::Stumbled) if has_tries => Retrying,
        (Running, Event::Lost) if has_tries => Queued,
        // A job that ends its program each time must not do so for ever.
        (Running, Event::Stumbled | Event::Lost) => Failed,
        (Running, Event::HandedBack) => Queued,
        (Running, Event::GaveUp) => Cancelled,
        (Queued | Retrying, Event::CancelWanted) => Cancelled,
        // It is told, and gives up.
        (Running, Event::CancelWanted) => Running,
        (Retrying | Failed | Cancelled, Event::RetryWanted) => Queued,
        _ => return None,
    })
}

/// The states in which an event changes something.
pub fn before(event: Event) -> impl Iterator<Item = State> {
    State::ALL.into_iter().filter(move |state| next(*state, event, true).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_in_every_state() {
        // One column for each event, one letter for each state: Q queued, R retrying, * running, d done, f failed, c cancelled.
        let events = [
            (Event::Claimed, "**----"),
            (Event::Succeeded, "--d---"),
            (Event::Refused, "--f---"),
            (Event::Stumbled, "--R---"),
            (Event::HandedBack, "--Q---"),
            (Event::Lost, "--Q---"),
            (Event::GaveUp, "--c---"),
            (Event::CancelWanted, "cc*---"),
            (Event::RetryWanted, "-Q--QQ"),
        ];
        for (event, wanted) in events {
            let letter = |state| match next(state, event, true) {
                None => '-',
                Some(next) => ['Q', 'R', '*', 'd', 'f', 'c'][next as usize],
            };
            assert_eq!(State::ALL.map(letter).iter().collect::<String>(), wanted, "{event:?}");
        }
        for event in [Event::Stumbled, Event::Lost] {
            assert_eq!(next(State::Running, event, false), Some(State::Failed), "{event:?}");
        }
    }

    #[test]
    fn numbers_are_read_back_and_sort_what_waits_first_and_what_ended_last() {
        for state in State::ALL {
            assert_eq!(State::from_number(state as i64), Some(state));
            assert_eq!(state.is_waiting(), (state as i64) < State::Running as i64);
            assert_eq!(state.has_ended(), state as i64 > State::Running as i64);
        }
        assert_eq!(State::from_number(6), None);
    }
}
