//! Who was reached and who was not, and the words for it. Pure.

use serde::{Deserialize, Serialize};

use crate::adapters::telegram::Outgoing;
use crate::domain::person::PersonId;
use crate::texts::{Language, Text, Value, text};

/// Of each group so many are named, the others are counted.
const NAMED: usize = 10;

/// What became of one person's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Reached,
    /// They blocked the bot.
    Blocked,
    /// They never wrote to it, or are no longer on Telegram.
    NotStarted,
    Failed,
    /// It is not for them any more: they left, or want no news since a moment ago.
    PassedOver,
}

/// How far a broadcast is; the job's checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Everybody up to this number was dealt with.
    upto: u32,
    reached: u64,
    blocked: Group,
    not_started: Group,
    failed: Group,
}

/// People who were not reached, for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Group {
    count: u64,
    names: Vec<String>,
}

impl Tally {
    pub fn is_past(&self, person: PersonId) -> bool {
        person.0 <= self.upto
    }

    pub fn add(&mut self, person: PersonId, name: String, outcome: Outcome) {
        self.upto = person.0;
        match outcome {
            Outcome::Reached => self.reached += 1,
            Outcome::Blocked => self.blocked.add(name),
            Outcome::NotStarted => self.not_started.add(name),
            Outcome::Failed => self.failed.add(name),
            Outcome::PassedOver => {}
        }
    }

    /// Those whom it was tried to reach.
    pub fn tried(&self) -> u64 {
        self.reached + self.blocked.count + self.not_started.count + self.failed.count
    }

    /// For the list of jobs.
    pub fn sentence(&self, total: u64) -> String {
        let (blocked, not_started, failed) = (self.blocked.count, self.not_started.count, self.failed.count);
        format!(
            "reached {} of {total} people; {blocked} blocked the bot, {not_started} never started it, {failed} failed",
            self.reached
        )
    }
}

impl Group {
    fn add(&mut self, name: String) {
        self.count += 1;
        if self.names.len() < NAMED {
            self.names.push(name);
        }
    }

    /// `Anna, Ivan and 3 more`
    fn names(&self) -> Value {
        let names = self.names.join(", ");
        match self.count - self.names.len() as u64 {
            0 => names.into(),
            more => text("names-and-more").with("names", names).with("count", more).into(),
        }
    }
}

/// How a broadcast ended.
#[derive(Clone, Debug)]
pub(super) enum End {
    Done,
    Stopped,
    /// With why.
    Failed(Value),
}

/// What the owner reads at the end.
pub(super) fn report(end: End, tally: &Tally, total: u64, language: Language) -> Outgoing {
    let reached = |words: Text| words.with("reached", tally.reached).with("count", total);
    let head = match end {
        End::Done => reached(text("broadcast-done")),
        End::Stopped => reached(text("broadcast-stopped")),
        End::Failed(why) => reached(text("broadcast-failed")).with("why", why),
    };
    let groups = [
        (text("broadcast-blocked"), &tally.blocked),
        (text("broadcast-not-started"), &tally.not_started),
        (text("broadcast-unreached"), &tally.failed),
    ];
    let missed = groups.into_iter().filter(|(_, group)| group.count > 0);
    let lines = missed.map(|(words, group)| words.with("count", group.count).with("names", group.names()));
    let lines: Vec<_> = std::iter::once(head).chain(lines).map(|line| line.to_string_in(language)).collect();
    lines.join("\n\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(blocked: usize, failed: usize) -> Tally {
        let mut tally = Tally::default();
        let outcomes = [Outcome::Blocked].repeat(blocked).into_iter().chain([Outcome::Failed].repeat(failed));
        for (n, outcome) in (1..).zip(outcomes.chain([Outcome::Reached, Outcome::PassedOver])) {
            tally.add(PersonId(n), format!("P{n}"), outcome);
        }
        tally
    }

    #[test]
    fn it_names_some_and_counts_all() {
        let words = |end, tally: &Tally| report(end, tally, 20, Language::ENGLISH).text.as_str().to_owned();
        assert_eq!(words(End::Done, &tally(0, 0)), "Sent. Reached: 1 of 20.");
        assert_eq!(
            words(End::Stopped, &tally(1, 2)),
            "Stopped. Reached: 1 of 20.\n\nHave blocked me (1): P1\n\nNot reached, the log says why (2): P2, P3"
        );
        let many = words(End::Failed("no network".into()), &tally(12, 0));
        assert!(many.contains("P10 and 2 more") && !many.contains("P11"), "{many}");
        assert!(many.contains("no network"), "{many}");
    }

    #[test]
    fn it_knows_how_far_it_is_and_comes_back_from_its_text() {
        let tally = tally(2, 1);
        assert_eq!(tally.tried(), 4, "whoever was passed over was not tried");
        assert!(tally.is_past(PersonId(5)) && !tally.is_past(PersonId(6)));
        let text = serde_json::to_string(&tally).expect("plain");
        assert_eq!(serde_json::from_str::<Tally>(&text).ok().as_ref(), Some(&tally));
        let said = "reached 1 of 9 people; 2 blocked the bot, 0 never started it, 1 failed";
        assert_eq!(tally.sentence(9), said);
    }
}
