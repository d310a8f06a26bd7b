//! What a person decided of one file. It is kept beside the entry, under the file's own id: neither an edited caption nor a better
//! parser nor a deleted and repeated post takes it away, only a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Shift;
use crate::domain::entry::SeriesPart;
use crate::domain::person::PersonId;
use crate::domain::title::{Kind, MetaId, Title};

/// What was decided, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub what: Decided,
    /// `None` for somebody at the terminal.
    pub by: Option<PersonId>,
    /// Unix seconds.
    pub at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    Title {
        title: ChosenTitle,
        numbers: Numbers,
    },
    /// Nothing that is to be listed.
    Ignored,
}

/// A title by the id that a provider knows, and what it is called, for lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenTitle {
    pub kind: Kind,
    pub id: MetaId,
    pub name: String,
    pub year: Option<u16>,
}

/// Which part of a series the file is. Of films it says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// What its name says, moved by so much.
    AsRead(Shift),
    /// What the person says, whatever the name does.
    Said(Vec<SeriesPart>),
}

impl ChosenTitle {
    /// `None` for a title without an id, which no provider gives.
    pub fn of(title: &Title) -> Option<Self> {
        let id = title.meta_id()?;
        Some(Self { kind: title.kind, id, name: title.name.clone(), year: title.year })
    }
}

/// `Metropolis (1927)`.
impl fmt::Display for ChosenTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.year {
            Some(year) => write!(f, " ({year})"),
            None => Ok(()),
        }
    }
}
