//! What somebody reached, when it ends, and the words for it.

use super::size::size_text;

/// Whose limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The person's own.
    Yours,
    /// That of everybody together.
    Everybodys,
}

/// Why something is not done now. Times are unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The bytes of a day are used up.
    Day { most: u64, whose: Whose, ends: i64 },
    /// The bytes of a month are used up.
    Month { most: u64, whose: Whose, ends: i64 },
    /// As many files as may be are being sent.
    Streams { most: u64, whose: Whose },
    /// The file is larger than those that may be sent.
    File { most: u64 },
    /// As many links as may be were made in a day.
    Links { most: u64, ends: i64 },
    /// Requests come too fast.
    Requests { ends: i64 },
    /// Too many wrong guesses.
    Guesses { ends: i64 },
}

/// A stream may end at any moment: this is when to look again.
const STREAM_RETRY_SECS: i64 = 10;

impl Refusal {
    /// The word for it: in figures, in JSON, and as the key of translations.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Day { .. } => "day",
            Self::Month { .. } => "month",
            Self::Streams { .. } => "streams",
            Self::File { .. } => "file",
            Self::Links { .. } => "links",
            Self::Requests { .. } => "requests",
            Self::Guesses { .. } => "guesses",
        }
    }

    /// Every word, in the order of the variants.
    pub const WORDS: [&'static str; 7] = ["day", "month", "streams", "file", "links", "requests", "guesses"];

    /// When it is over. `None` when that depends on others, or on the owner.
    pub fn ends(&self) -> Option<i64> {
        match *self {
            Self::Day { ends, .. }
            | Self::Month { ends, .. }
            | Self::Links { ends, .. }
            | Self::Requests { ends }
            | Self::Guesses { ends } => Some(ends),
            Self::Streams { .. } | Self::File { .. } => None,
        }
    }

    /// Seconds until asking again makes sense, at least 1. `None` when it never does.
    pub fn retry_after_secs(&self, now: i64) -> Option<u64> {
        let ends = match self {
            Self::File { .. } => return None,
            Self::Streams { .. } => now.saturating_add(STREAM_RETRY_SECS),
            other => other.ends()?,
        };
        Some(ends.saturating_sub(now).max(1).unsigned_abs())
    }

    /// In two or three words, for a row or a heading.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Day { .. } => "Enough for today",
            Self::Month { .. } => "Enough for this month",
            Self::Streams { .. } => "All seats are taken",
            Self::File { .. } => "File too large",
            Self::Links { .. } => "Enough links for today",
            Self::Requests { .. } => "Too fast",
            Self::Guesses { .. } => "Too many tries",
        }
    }

    /// In a sentence or two: what was reached, and when it ends.
    pub fn text(&self, now: i64) -> String {
        let until = || self.ends().map(|ends| wait_text(ends - now)).unwrap_or_default();
        match self {
            Self::Day { most, whose, .. } => {
                format!("{} {} of today are used up. It goes on in {}.", whose.word(), size_text(*most), until())
            }
            Self::Month { most, whose, .. } => {
                format!("{} {} of this month are used up. It goes on in {}.", whose.word(), size_text(*most), until())
            }
            Self::Streams { most, whose: Whose::Yours } => {
                format!("You may watch {} at once. It goes on when one of them ends.", files(*most))
            }
            Self::Streams { most, whose: Whose::Everybodys } => {
                format!("Everybody together watches {}, and that is the most. It goes on when one ends.", files(*most))
            }
            Self::File { most } => {
                format!("You may get files up to {}. Ask whoever runs this Cinepost for more.", size_text(*most))
            }
            Self::Links { most, .. } => {
                format!("You may make {most} links a day, and did. It goes on in {}.", until())
            }
            Self::Requests { .. } => format!("Requests come too fast. It goes on in {}.", until()),
            Self::Guesses { .. } => {
                format!("Too many wrong links or codes came from here. Try again in {}.", until())
            }
        }
    }
}

impl Whose {
    fn word(self) -> &'static str {
        match self {
            Self::Yours => "Your",
            Self::Everybodys => "Everybody's",
        }
    }
}

fn files(most: u64) -> String {
    if most == 1 { "one file".to_owned() } else { format!("{most} files") }
}

/// `3 days`, `5 h 12 min`, `40 s`.
fn wait_text(secs: i64) -> String {
    match secs.max(1) {
        secs @ 172_800.. => format!("{} days", (secs + 43_200) / 86_400),
        // Rounded up: a minute early is too early.
        secs @ 3600.. => match (secs + 59) / 60 {
            minutes if minutes % 60 == 0 => format!("{} h", minutes / 60),
            minutes => format!("{} h {} min", minutes / 60, minutes % 60),
        },
        secs @ 91.. => format!("{} min", (secs + 59) / 60),
        1 => "a second".to_owned(),
        secs => format!("{secs} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000;

    #[test]
    fn it_says_what_was_reached_and_when_it_ends() {
        let yours = Whose::Yours;
        let cases = [
            (
                Refusal::Day { most: 50_000_000_000, whose: yours, ends: NOW + 3 * 3600 + 300 },
                "Your 50 GB of today are used up. It goes on in 3 h 5 min.",
                Some(3 * 3600 + 300),
            ),
            (
                Refusal::Month { most: 1_500_000_000_000, whose: Whose::Everybodys, ends: NOW + 10 * 86_400 },
                "Everybody's 1.5 TB of this month are used up. It goes on in 10 days.",
                Some(10 * 86_400),
            ),
            (
                Refusal::Streams { most: 1, whose: yours },
                "You may watch one file at once. It goes on when one of them ends.",
                Some(10),
            ),
            (
                Refusal::File { most: 4_000_000_000 },
                "You may get files up to 4 GB. Ask whoever runs this Cinepost for more.",
                None,
            ),
            (
                Refusal::Links { most: 9, ends: NOW + 7200 },
                "You may make 9 links a day, and did. It goes on in 2 h.",
                Some(7200),
            ),
            (Refusal::Requests { ends: NOW + 1 }, "Requests come too fast. It goes on in a second.", Some(1)),
            (
                Refusal::Guesses { ends: NOW + 64 },
                "Too many wrong links or codes came from here. Try again in 64 s.",
                Some(64),
            ),
            // The clock was set forward meanwhile.
            (Refusal::Requests { ends: NOW - 5 }, "Requests come too fast. It goes on in a second.", Some(1)),
        ];
        for (refusal, text, retry) in cases {
            assert_eq!(refusal.text(NOW), text);
            assert_eq!(refusal.retry_after_secs(NOW), retry, "{text}");
            assert!(Refusal::WORDS.contains(&refusal.word()));
        }
    }

    #[test]
    fn waits_are_rounded_up() {
        let cases =
            [(0, "a second"), (90, "90 s"), (91, "2 min"), (3599, "60 min"), (3601, "1 h 1 min"), (200_000, "2 days")];
        for (secs, wanted) in cases {
            assert_eq!(wait_text(secs), wanted, "{secs}");
        }
    }
}
