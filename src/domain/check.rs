//! What comparing the store with its channels comes to: where they differ, how often, and whether it was put right.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::job::{Job, State};
use super::post::PostRef;

/// The kind of job that compares.
pub const JOB: &str = "check";

/// How a message of a channel may differ from what is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// It is gone, or carries no file any more, and its file still stands here.
    Gone,
    /// It carries a file that does not stand here.
    Missing,
    /// It carries another file.
    Replaced,
    /// Its file has another name or caption now.
    Changed,
    /// It is passed over, and not counted so; or it is counted and gone.
    Miscounted,
}

impl Difference {
    pub fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Missing => "missing",
            Self::Replaced => "replaced",
            Self::Changed => "changed",
            Self::Miscounted => "miscounted",
        }
    }

    /// What was found, for one and for several.
    pub fn words(self, count: u64) -> String {
        let (one, several) = match self {
            Self::Gone => ("post is gone and still stands here", "posts are gone and still stand here"),
            Self::Missing => ("post is missing here", "posts are missing here"),
            Self::Replaced => ("post carries another file", "posts carry other files"),
            Self::Changed => ("post has another name or caption", "posts have other names or captions"),
            Self::Miscounted => (
                "message without a file is not counted as it is",
                "messages without a file are not counted as they are",
            ),
        };
        format!("{count} {}", if count == 1 { one } else { several })
    }
}

/// One message that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Found {
    pub difference: Difference,
    pub at: PostRef,
    /// The file's name, or what the message says. May be empty.
    pub about: String,
}

/// Of each difference so many messages are named.
const EXAMPLES: usize = 5;

/// What a check has found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub channels: u64,
    /// Channels that were not looked at: their old posts are being read, or the bot cannot read them.
    #[serde(default)]
    pub left_out: u64,
    /// Ids that were looked at, in all channels.
    pub messages: u64,
    pub found: BTreeMap<Difference, u64>,
    /// Of these, how many were put right.
    pub mended: u64,
    /// The first that were met, by their difference.
    pub examples: Vec<Found>,
    /// Files that stand hidden here because their channels are watched no more.
    #[serde(default)]
    pub hidden: u64,
}

impl Report {
    pub fn add(&mut self, found: Vec<Found>) {
        for one in found {
            let count = self.found.entry(one.difference).or_default();
            *count += 1;
            if *count <= EXAMPLES as u64 {
                self.examples.push(one);
            }
        }
    }

    /// How many messages differ and were not put right.
    pub fn left(&self) -> u64 {
        self.found.values().sum::<u64>().saturating_sub(self.mended)
    }

    /// In one line.
    pub fn words(&self) -> String {
        let channels = if self.channels == 1 { "1 channel".to_owned() } else { format!("{} channels", self.channels) };
        let messages = self.messages;
        let mut words = format!("looked at {messages} messages of {channels}");
        if self.found.is_empty() {
            words.push_str(": all of it stands here as it is there");
            return words;
        }
        let found: Vec<String> = self.found.iter().map(|(difference, count)| difference.words(*count)).collect();
        words.push_str(": ");
        words.push_str(&found.join(", "));
        match (self.mended, self.left()) {
            (0, _) => {}
            (_, 0) => words.push_str("; all of it was put right"),
            (mended, left) => words.push_str(&format!("; {mended} were put right, {left} could not be")),
        }
        words
    }

    /// Of a check that came to its end, or to where it is now.
    pub fn of(job: &Job) -> Option<Self> {
        #[derive(Deserialize)]
        struct Kept {
            report: Report,
        }
        let kept: Kept = serde_json::from_str(job.checkpoint.as_deref()?).ok()?;
        Some(kept.report)
    }

    /// What somebody should know of the last check, if anything.
    pub fn trouble(last: Option<&Job>) -> Option<String> {
        let job = last.filter(|job| job.state == State::Done)?;
        let report = Self::of(job).filter(|report| report.left() > 0)?;
        Some(format!("The last check {}. Put it right: cinepost check --full --repair", report.words()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::post::ChatId;

    fn found(difference: Difference, message: i32) -> Found {
        let at = PostRef { chat: ChatId::from_bare(5).expect("in range"), message };
        Found { difference, at, about: String::new() }
    }

    #[test]
    fn a_report_says_what_was_found_and_what_became_of_it() {
        let mut report = Report { channels: 1, messages: 900, ..Report::default() };
        assert_eq!(report.words(), "looked at 900 messages of 1 channel: all of it stands here as it is there");
        report.add((1..=7).map(|message| found(Difference::Gone, message)).collect());
        report.add(vec![found(Difference::Missing, 8)]);
        assert_eq!((report.examples.len(), report.left()), (6, 8));
        let said = "looked at 900 messages of 1 channel: 7 posts are gone and still stand here, 1 post is missing here";
        assert_eq!(report.words(), said);
        report.mended = 5;
        assert_eq!(report.words(), format!("{said}; 5 were put right, 3 could not be"));
        report.mended = 8;
        assert_eq!((report.words(), report.left()), (format!("{said}; all of it was put right"), 0));
    }
}
