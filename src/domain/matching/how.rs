//! Which step of the ladder decided, and why: kept with every entry, so that a person can see how a title came to its file.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::NameFit;

/// The steps in their order, from the surest down. What none of them decides needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A person said so of this very file.
    Chosen,
    /// A person said so of all files that read like it.
    Rule,
    /// It was posted to a film, or with one: of subtitles.
    Beside,
    /// An id or a link in its name or caption.
    Id,
    /// The title, and the year where one is said.
    Title,
    /// The same in another writing.
    Writing,
    /// The whole name, which looked like a date or an episode.
    WholeName,
    /// Of several that fit, the running time.
    RunningTime,
    /// Of several that fit, by far the best known.
    Votes,
    /// One of two titles round a dash or in brackets.
    Side,
    /// What stands before or behind the title's colon.
    Part,
    /// A letter astray.
    OneEdit,
    /// Another reading of the name.
    Reading,
    /// The name of a series, where no film is called so.
    AsSeries,
}

impl Step {
    /// What a name alone decides.
    pub fn of(name: NameFit) -> Self {
        match name {
            NameFit::Same | NameFit::Article => Self::Title,
            NameFit::Writing => Self::Writing,
            NameFit::Typo => Self::OneEdit,
            NameFit::Part | NameFit::Different => Self::Part,
        }
    }
}

/// For a person: "by its title".
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chosen => "as a person chose it",
            Self::Rule => "by your rule",
            Self::Beside => "by where it was posted",
            Self::Id => "by the id in its name or caption",
            Self::Title => "by its title",
            Self::Writing => "by its title in another writing",
            Self::WholeName => "by its whole name, taken for a film's",
            Self::RunningTime => "by its running time, of several that fit",
            Self::Votes => "as by far the best known of several that fit",
            Self::Side => "by one of the two titles in its name",
            Self::Part => "by a part of its title",
            Self::OneEdit => "by its title but for a letter",
            Self::Reading => "by another reading of its name",
            Self::AsSeries => "as a series of that name, since no film is called so",
        })
    }
}

/// What decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct How {
    pub step: Step,
    /// What was compared: `Metropolis (1927): same name, same year`. Empty where the step says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl How {
    /// Says of an episode in which order it was found, when it was not the seasons.
    pub fn counted_by(&mut self, order: Option<&str>) {
        let Some(order) = order else { return };
        let between = if self.why.is_empty() { "" } else { "; " };
        self.why.push_str(&format!("{between}its number counts in the order “{order}”"));
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why.as_str() {
            "" => self.step.fmt(f),
            why => write!(f, "{} – {why}", self.step),
        }
    }
}
