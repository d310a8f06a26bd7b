//! What looking into a file's bytes found. Names lie; the bytes do not.

use media::Facts;
use serde::{Deserialize, Serialize};

/// What was found, by which reader and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The [`media::VERSION`] that looked.
    pub by: u16,
    /// Unix seconds.
    pub at: i64,
    /// OpenSubtitles' hash. A file that nobody can read has one, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<u64>,
    pub found: Inside,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inside {
    Facts(Box<Facts>),
    /// A file of subtitles.
    Subtitles(Lines),
    Unknown(Unknown),
}

/// What a file of subtitles holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Letters are drawn (VobSub, PGS), whatever its name ends in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pictures: bool,
    /// ISO 639-1: what its lines are written in, where they tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// Why nothing could be told; the entry stays what its name says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    #[error("it is no container that is known here")]
    Container,
    #[error("it is damaged at its beginning")]
    Damaged,
    /// After many tries, with what the last one came to.
    #[error("it could not be read: {0}")]
    Unread(String),
}

impl Probe {
    pub fn facts(&self) -> Option<&Facts> {
        match &self.found {
            Inside::Facts(facts) => Some(facts),
            Inside::Subtitles(_) | Inside::Unknown(_) => None,
        }
    }

    /// Of a file of subtitles.
    pub fn lines(&self) -> Option<&Lines> {
        match &self.found {
            Inside::Subtitles(lines) => Some(lines),
            Inside::Facts(_) | Inside::Unknown(_) => None,
        }
    }
}
