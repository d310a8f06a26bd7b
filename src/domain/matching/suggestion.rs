//! What a person may choose where matching cannot: titles that came near, kept with the entry until somebody decides.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Rival, RunningTime, Scored};
use crate::domain::title::{Kind, MetaId, Title, TitleIds};

/// A title that a file may be, and what was weighed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Suggestion {
    pub kind: Kind,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// None at all of what was kept before suggestions had ids: those can only be read.
    pub ids: TitleIds,
    /// What speaks for and against it: `same name, another year (60 of 100)`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// How many people voted, where the provider's search says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub votes: Option<u32>,
}

impl Suggestion {
    /// What names it towards a provider. `None` when it can only be read.
    pub fn meta_id(&self) -> Option<MetaId> {
        self.ids.imdb.map(MetaId::Imdb).or(self.ids.tmdb.map(MetaId::Tmdb))
    }

    /// With what was weighed: `Metropolis (1927): same name, another year (60 of 100)`.
    pub fn with_why(&self) -> String {
        match self.why.as_str() {
            "" => self.to_string(),
            why => format!("{self}: {why}"),
        }
    }

    /// A rival beside others. `time`: the document's, which it was compared with.
    pub fn of_rival(rival: &Rival<'_>, time: Option<RunningTime>) -> Self {
        let mut suggestion = Self::from(&rival.scored);
        if let (Some(time), Some(mins)) = (time, rival.runtime_mins) {
            suggestion.why = format!("{}; {mins} minutes, the file has {}", suggestion.why, time.mins());
        }
        suggestion
    }
}

impl From<&Scored<'_>> for Suggestion {
    fn from(scored: &Scored<'_>) -> Self {
        let candidate = scored.candidate;
        Self {
            kind: candidate.kind,
            title: candidate.name.clone(),
            year: candidate.year,
            ids: candidate.ids,
            why: scored.why(),
            votes: candidate.votes,
        }
    }
}

/// A title that is the right one, of whose file something else is not known.
impl From<&Title> for Suggestion {
    fn from(title: &Title) -> Self {
        let (kind, ids, year) = (title.kind, title.ids, title.year);
        Self { kind, title: title.name.clone(), year, ids, why: String::new(), votes: None }
    }
}

/// As a person reads it in a list: `Metropolis (1927)`.
impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        match self.year {
            Some(year) => write!(f, " ({year})"),
            None => Ok(()),
        }
    }
}

/// As it is stored: whole, or a line for eyes alone as versions before this one kept it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Line(String),
    Whole {
        kind: Kind,
        title: String,
        #[serde(default)]
        year: Option<u16>,
        #[serde(default)]
        ids: TitleIds,
        #[serde(default)]
        why: String,
        #[serde(default)]
        votes: Option<u32>,
    },
}

impl From<Stored> for Suggestion {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Whole { kind, title, year, ids, why, votes } => Self { kind, title, year, ids, why, votes },
            Stored::Line(title) => {
                Self { kind: Kind::Movie, title, year: None, ids: TitleIds::default(), why: String::new(), votes: None }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_versions_kept_as_lines_is_read_and_cannot_be_chosen() {
        let whole = Suggestion {
            kind: Kind::Series,
            title: "Kumo".to_owned(),
            year: Some(2010),
            ids: TitleIds { imdb: "tt0063350".parse().ok(), tmdb: None },
            why: "same name, no year in the release (92 of 100)".to_owned(),
            votes: Some(12),
        };
        let text = serde_json::to_string(&whole).expect("JSON");
        assert_eq!(serde_json::from_str::<Suggestion>(&text).expect("its own words"), whole);
        assert_eq!(whole.meta_id(), "tt0063350".parse().ok());
        assert_eq!(whole.with_why(), "Kumo (2010): same name, no year in the release (92 of 100)");

        let line: Suggestion = serde_json::from_str(r#""Metropolis (1927): same name""#).expect("a line");
        assert_eq!((line.to_string().as_str(), line.meta_id()), ("Metropolis (1927): same name", None));
        assert_eq!(line.with_why(), line.to_string());
    }
}
