//! How a try ended -> what becomes of its job.

use super::Stop;
use crate::domain::job::{Ending, Event, Job, Progress, State, backoff, state};

/// How a try came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Returned(Result<String, Stop>),
    Panicked,
    /// It was told to end and did not: dropped.
    Dropped,
}

/// Why a try was told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Cancelled,
    /// The program stops.
    Stopping,
    /// The lease is another one's.
    Lost,
}

/// A try as it stands at its end.
pub(super) struct Try<'a> {
    pub job: &'a Job,
    pub tries: u32,
    pub progress: Progress,
    pub now: i64,
}

/// `None` when nothing may be written: the job is another one's. `chance`: any number, for the pause.
pub(super) fn ending(outcome: Outcome, told: Option<Why>, of: Try<'_>, chance: u64) -> Option<Ending> {
    let (event, says) = match (outcome, told) {
        (_, Some(Why::Lost)) => return None,
        (Outcome::Returned(Ok(says)), _) => (Event::Succeeded, says),
        // What it says then comes of its being stopped.
        (_, Some(Why::Cancelled)) => (Event::GaveUp, String::new()),
        (_, Some(Why::Stopping)) => (Event::HandedBack, of.job.says.clone()),
        (Outcome::Returned(Err(Stop::Passing(why))), None) => (Event::Stumbled, why),
        (Outcome::Returned(Err(Stop::Final(why))), None) => (Event::Refused, why),
        (Outcome::Returned(Err(Stop::Cancelled)) | Outcome::Dropped, None) => {
            (Event::Stumbled, "it gave up although nobody wanted it to".to_owned())
        }
        // Another try would panic as well.
        (Outcome::Panicked, None) => {
            (Event::Refused, "a mistake in the program stopped it; the log says where, please report it".to_owned())
        }
    };
    let next = state::next(State::Running, event, of.tries < of.job.most_tries)?;
    let pause = if next == State::Retrying { backoff::pause_secs(of.tries, chance) } else { 0 };
    // A try that was handed back does not count.
    let tries = if event == Event::HandedBack { of.tries.saturating_sub(1) } else { of.tries };
    Some(Ending { state: next, due: of.now + pause, tries, says, progress: of.progress, now: of.now })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::job::{JobId, Priority};

    const NOW: i64 = 1_700_000_000;

    fn job() -> Job {
        Job {
            id: JobId(1),
            kind: "import".to_owned(),
            person: None,
            place: None,
            input: String::new(),
            priority: Priority::Normal,
            state: State::Running,
            due: NOW,
            tries: 2,
            most_tries: 3,
            claim: 4,
            lease: None,
            is_cancel_wanted: false,
            progress: Progress::default(),
            checkpoint: None,
            says: "stumbled before".to_owned(),
            created: NOW,
            began: Some(NOW),
            ended: None,
        }
    }

    #[test]
    fn every_end_has_its_state() {
        let ok = || Outcome::Returned(Ok("did it".to_owned()));
        let passing = || Outcome::Returned(Err(Stop::Passing("no network".to_owned())));
        let refused = || Outcome::Returned(Err(Stop::Final("no such file".to_owned())));
        let gave_up = || Outcome::Returned(Err(Stop::Cancelled));
        let (cancelled, stopping) = (Some(Why::Cancelled), Some(Why::Stopping));
        // Outcome, why it was told to end, tries so far; state, tries afterwards, pause, words.
        let cases = [
            (ok(), None, 2, State::Done, 2, 0, "did it"),
            (ok(), cancelled, 2, State::Done, 2, 0, "did it"),
            (ok(), stopping, 2, State::Done, 2, 0, "did it"),
            (passing(), None, 1, State::Retrying, 1, 5, "no network"),
            (passing(), None, 2, State::Retrying, 2, 10, "no network"),
            (passing(), None, 3, State::Failed, 3, 0, "no network"),
            (refused(), None, 1, State::Failed, 1, 0, "no such file"),
            (passing(), cancelled, 3, State::Cancelled, 3, 0, ""),
            (gave_up(), cancelled, 1, State::Cancelled, 1, 0, ""),
            (Outcome::Dropped, cancelled, 1, State::Cancelled, 1, 0, ""),
            (gave_up(), stopping, 3, State::Queued, 2, 0, "stumbled before"),
            (refused(), stopping, 3, State::Queued, 2, 0, "stumbled before"),
            (Outcome::Dropped, stopping, 1, State::Queued, 0, 0, "stumbled before"),
            (gave_up(), None, 1, State::Retrying, 1, 5, "it gave up although nobody wanted it to"),
        ];
        for (outcome, told, tries, state, tries_after, pause, says) in cases {
            let said = format!("{outcome:?} {told:?} {tries}");
            let of = Try { job: &job(), tries, progress: Progress::default(), now: NOW };
            // The chance with which the pause is whole.
            let chance = backoff::pause_secs(tries, 0) as u64 - u64::from(tries == 1);
            let found = ending(outcome, told, of, chance).expect("something to write");
            assert_eq!(
                (found.state, found.tries, found.due - NOW, found.says.as_str()),
                (state, tries_after, pause, says),
                "{said}"
            );
        }
    }

    #[test]
    fn a_mistake_is_not_repeated_and_what_is_lost_writes_nothing() {
        let of = |job| Try { job, tries: 1, progress: Progress::default(), now: NOW };
        let job = job();
        assert_eq!(ending(Outcome::Panicked, None, of(&job), 0).map(|e| e.state), Some(State::Failed));
        for outcome in [Outcome::Returned(Ok(String::new())), Outcome::Panicked, Outcome::Dropped] {
            assert_eq!(ending(outcome, Some(Why::Lost), of(&job), 0), None);
        }
    }
}
