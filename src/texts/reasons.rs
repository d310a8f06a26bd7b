//! Why not: the refusals of the domain, worded for whoever is refused. What was counted and when it ends comes with them; what an admin
//! wrote as a reason stays as it is.

use crate::domain::limits::{Refusal, Whose, size_text};
use crate::domain::person::{self, Denied, date};
use crate::texts::{Text, text};

/// A limit that somebody reached. `now` in unix seconds.
pub fn of_limit(refusal: &Refusal, now: i64) -> Text {
    let ended = |words: Text| words.with("wait", wait(refusal.ends().unwrap_or(now) - now));
    match *refusal {
        Refusal::Day { most, whose: Whose::Yours, .. } => ended(text("limit-day")).with("size", size_text(most)),
        Refusal::Day { most, whose: Whose::Everybodys, .. } => {
            ended(text("limit-day-all")).with("size", size_text(most))
        }
        Refusal::Month { most, whose: Whose::Yours, .. } => ended(text("limit-month")).with("size", size_text(most)),
        Refusal::Month { most, whose: Whose::Everybodys, .. } => {
            ended(text("limit-month-all")).with("size", size_text(most))
        }
        Refusal::Streams { most, whose: Whose::Yours } => text("limit-streams").with("count", most),
        Refusal::Streams { most, whose: Whose::Everybodys } => text("limit-streams-all").with("count", most),
        Refusal::File { most } => text("limit-file").with("size", size_text(most)),
        Refusal::Links { most, .. } => ended(text("limit-links")).with("count", most),
        Refusal::Requests { .. } => ended(text("limit-requests")),
        Refusal::Guesses { .. } => ended(text("limit-guesses")),
    }
}

/// What keeps somebody out; to be read by them and by those who run the place.
pub fn of_denied(denied: &Denied) -> Text {
    let until = |always: Text, until: Option<i64>, limited: Text| match until {
        Some(until) => limited.with("until", date(until)),
        None => always,
    };
    let because = |words: Text, reason: &str| match reason {
        "" => words,
        reason => text("with-reason").with("words", words).with("reason", reason),
    };
    match denied {
        Denied::Removed => text("access-removed"),
        Denied::Pending => text("access-pending"),
        Denied::Disabled { reason, until: end } => {
            because(until(text("access-paused"), *end, text("access-paused-until")), reason)
        }
        Denied::Banned { reason, until: end } => {
            because(until(text("access-banned"), *end, text("access-banned-until")), reason)
        }
        Denied::Expired { at } => text("access-expired").with("when", date(*at)),
    }
}

/// Why somebody does not come in.
pub fn of_joining(refusal: &person::Refusal) -> Text {
    match refusal {
        person::Refusal::InvitationOver => text("invitation-over"),
        person::Refusal::ForSomebodyElse => text("invitation-not-yours"),
        person::Refusal::TooManyWaiting => text("too-many-waiting"),
        person::Refusal::Denied(denied) => of_denied(denied),
    }
}

/// `in 3 days`, `in 5 h 12 min`, `in 40 s`. Rounded up: a minute early is too early.
fn wait(secs: i64) -> Text {
    let secs = secs.max(1).unsigned_abs();
    let minutes = secs.div_ceil(60);
    match secs {
        172_800.. => text("wait-days").with("count", secs.div_ceil(86_400)),
        3600.. => text("wait-hours").with("hours", minutes / 60).with("minutes", minutes % 60),
        91.. => text("wait-minutes").with("count", minutes),
        _ => text("wait-seconds").with("count", secs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    const NOW: i64 = 1_000_000;

    fn english(text: &Text) -> String {
        text.to_string_in(Language::ENGLISH)
    }

    #[test]
    fn every_limit_says_what_was_reached_and_when_it_ends() {
        let (yours, all) = (Whose::Yours, Whose::Everybodys);
        let (gb, day) = (50_000_000_000, NOW + 3 * 3600 + 300);
        let rows = [
            (
                Refusal::Day { most: gb, whose: yours, ends: day },
                "Your 50 GB of today are used up. It goes on in 3 h 5 min.",
            ),
            (
                Refusal::Day { most: gb, whose: all, ends: day },
                "Everybody together has used up the 50 GB of today. It goes on in 3 h 5 min.",
            ),
            (
                Refusal::Month { most: gb, whose: yours, ends: NOW + 10 * 86_400 },
                "Your 50 GB of this month are used up. It goes on in 10 days.",
            ),
            (
                Refusal::Month { most: gb, whose: all, ends: NOW + 172_801 },
                "Everybody together has used up the 50 GB of this month. It goes on in 3 days.",
            ),
            (Refusal::Streams { most: 1, whose: yours }, "You may watch one file at once. It goes on when it ends."),
            (
                Refusal::Streams { most: 3, whose: all },
                "Everybody together may watch 3 files at once. It goes on when one of them ends.",
            ),
            (
                Refusal::File { most: 4_000_000_000 },
                "You may have files up to 4 GB. Ask whoever runs this Cinepost for more.",
            ),
            (Refusal::Links { most: 9, ends: NOW + 91 }, "You may make 9 links a day, and did. It goes on in 2 min."),
            (Refusal::Requests { ends: NOW + 1 }, "That was too fast. It goes on in 1 s."),
            // The clock was set forward meanwhile.
            (Refusal::Requests { ends: NOW - 5 }, "That was too fast. It goes on in 1 s."),
            (Refusal::Guesses { ends: NOW + 90 }, "Too many wrong links or codes came from here. Try again in 90 s."),
        ];
        let mut words: Vec<_> = rows.iter().map(|(refusal, _)| refusal.word()).collect();
        words.dedup();
        assert_eq!(words, Refusal::WORDS, "every variant has a row");
        for (refusal, wanted) in rows {
            assert_eq!(english(&of_limit(&refusal, NOW)), wanted);
        }
    }

    #[test]
    fn whoever_is_kept_out_reads_why_and_until_when() {
        let (reason, until) = (|text: &str| text.to_owned(), Some(1_801_439_940));
        for (denied, wanted) in [
            (Denied::Removed, "This access was taken away."),
            (Denied::Pending, "This access waits until somebody approves it."),
            (
                Denied::Disabled { reason: reason("too loud { $x }"), until },
                "This access is paused until 2027-01-31 23:59 UTC. The reason: too loud { $x }",
            ),
            (Denied::Disabled { reason: reason(""), until: None }, "This access is paused."),
            (Denied::Banned { reason: reason(""), until }, "This access was taken away until 2027-01-31 23:59 UTC."),
            (
                Denied::Banned { reason: reason("too loud"), until: None },
                "This access was taken away. The reason: too loud",
            ),
            (Denied::Expired { at: 0 }, "This access ended on 1970-01-01 00:00 UTC."),
        ] {
            assert_eq!(english(&of_denied(&denied)), wanted);
            assert_eq!(english(&of_joining(&person::Refusal::Denied(denied))), wanted);
        }
        use person::Refusal::{ForSomebodyElse, InvitationOver, TooManyWaiting};
        for (refusal, wanted) in [
            (InvitationOver, "This invitation was used up, has expired or was taken back. Ask for a new one."),
            (ForSomebodyElse, "This invitation is for somebody else; you have an access of your own already."),
            (TooManyWaiting, "Too many people are waiting to be let in. Try again tomorrow."),
        ] {
            assert_eq!(english(&of_joining(&refusal)), wanted);
        }
    }

    #[test]
    fn nothing_of_it_is_left_in_english_elsewhere() {
        let day = Refusal::Day { most: 5_000_000_000, whose: Whose::Yours, ends: NOW + 7200 };
        let banned = Denied::Banned { reason: "x".to_owned(), until: None };
        for language in Language::all().filter(|language| *language != Language::ENGLISH) {
            for (words, name) in [(of_limit(&day, NOW), "limit"), (of_denied(&banned), "denied")] {
                let said = words.to_string_in(language);
                assert!(!said.contains("used up") && !said.contains("reason"), "{language:?} {name}: {said}");
            }
        }
    }
}
