//! A rule: what reads like this is that title. Made from one file, followed by all whose names read the same, those to come as well.

use std::fmt;
use std::str::FromStr;

use release_name::Release;
use serde::{Deserialize, Serialize};

use super::{ChosenTitle, Shift};
use crate::domain::channel::Profile;
use crate::domain::entry::{Entry, Named};
use crate::domain::matching::{fold, kind_of};
use crate::domain::person::PersonId;
use crate::domain::post::ChatId;

/// A rule's number. Never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleId(pub i64);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RuleId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// What names have in common that mean one title: film or series, the folded title, the year and ids if any is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReadsAs(pub String);

impl ReadsAs {
    /// `None` when a name says neither a title nor an id: nothing is like it.
    pub fn of(release: &Release) -> Option<Self> {
        let title = fold(&release.title);
        if title.is_empty() && release.imdb.is_none() && release.tmdb.is_none() {
            return None;
        }
        let mut text = format!("{} {title}", kind_of(release));
        if let Some(year) = release.year {
            text = format!("{text} ({year})");
        }
        if let Some(imdb) = release.imdb {
            text = format!("{text} {imdb}");
        }
        if let Some(tmdb) = release.tmdb {
            text = format!("{text} tmdb:{}", tmdb.0);
        }
        Some(Self(text))
    }
}

/// What is to be remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewRule {
    /// Only files of this channel. `None`: of all.
    pub channel: Option<ChatId>,
    pub reads_as: ReadsAs,
    /// The file that it was made of, so that a newer parser can read it anew.
    pub example: Example,
    pub title: ChosenTitle,
    pub shift: Shift,
    /// `None` for somebody at the terminal.
    pub by: Option<PersonId>,
    /// Unix seconds.
    pub at: i64,
}

/// What of a file its release is read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    pub name: String,
    pub caption: String,
    pub named: Option<Named>,
}

/// A rule, as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub id: RuleId,
    pub rule: NewRule,
}

impl Example {
    pub fn of(entry: &Entry) -> Self {
        Self { name: entry.name.clone(), caption: entry.caption.clone(), named: entry.named.clone() }
    }

    /// What this parser reads it as, in a channel of that profile.
    pub fn reads_as(&self, profile: &Profile) -> Option<ReadsAs> {
        ReadsAs::of(&Entry::read(&self.name, &self.caption, self.named.as_ref(), profile))
    }
}

impl Rule {
    /// For a person: `“Kumo - 05.mkv” and its like are Kumo (2010)`.
    pub fn words(&self) -> String {
        format!("“{}” and what reads like it is {}", self.rule.example.name, self.rule.title)
    }
}

#[cfg(test)]
mod tests {
    use release_name::{Input, parse};

    use super::*;

    #[test]
    fn names_that_mean_one_title_read_the_same_and_others_do_not() {
        let reads_as = |name: &str| ReadsAs::of(&parse(&Input { name, caption: "", folder: "" }));
        let same = [
            ("[Grp] Kumo - 05 (1080p).mkv", "[Other] kumo - 17v2 [720p].mkv"),
            ("Kumo.S01E02.1080p.WEB.mkv", "KUMO S03E01 Ending.mkv"),
            ("Night (1968) 1080p.mkv", "night.1968.DVDRip.avi"),
        ];
        for (one, other) in same {
            assert!(reads_as(one).is_some());
            assert_eq!(reads_as(one), reads_as(other), "{one}");
        }
        let apart = [
            ("Night (1968).mkv", "Night (1990).mkv"),
            ("Night (1968).mkv", "Night.mkv"),
            ("Kumo S01E01.mkv", "Kumo (2010).mkv"),
            ("Kumo S01E01.mkv", "Kumo S01E01 tt0063350.mkv"),
        ];
        for (one, other) in apart {
            assert_ne!(reads_as(one), reads_as(other), "{one}");
        }
        assert_eq!(ReadsAs::of(&Release::default()), None, "nothing is like what says nothing");
    }
}
