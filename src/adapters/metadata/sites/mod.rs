//! Sites for anime that are asked by name where TMDB and Cinemeta know none: they list every season and cour under its Japanese,
//! romanized and English names. What they find is no title of ours yet: the list of anime says which it is.
//!
//! ```text
//! kitsu.rs    asked first: it takes more questions
//! anilist.rs  synonyms, and what Kitsu does not find; 30 questions a minute
//! ```

mod anilist;
mod kitsu;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::domain::foreign_id::{ForeignId, Site};
use crate::domain::matching::Candidate;
use crate::domain::title::Kind;
use anilist::AniList;
use kitsu::Kitsu;

pub(super) const NAMES: [&str; 2] = [kitsu::NAME, anilist::NAME];

/// What a site offers for a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Offered {
    /// The site's own.
    pub number: u32,
    pub candidate: Candidate,
}

/// Which of them is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Kitsu,
    AniList,
}

impl Asked {
    pub const IN_ORDER: [Self; 2] = [Self::Kitsu, Self::AniList];

    pub fn name(self) -> &'static str {
        match self {
            Self::Kitsu => kitsu::NAME,
            Self::AniList => anilist::NAME,
        }
    }

    pub fn id(self, number: u32) -> ForeignId {
        let site = match self {
            Self::Kitsu => Site::Kitsu,
            Self::AniList => Site::AniList,
        };
        ForeignId { site, number }
    }
}

pub(super) struct Sites {
    kitsu: Kitsu,
    anilist: AniList,
}

impl Sites {
    pub fn new(kitsu_url: &str, anilist_url: &str) -> Self {
        Self { kitsu: Kitsu::new(kitsu_url), anilist: AniList::new(anilist_url) }
    }

    /// Its first page, in its own order.
    pub async fn search(&self, asked: Asked, name: &str) -> Result<Vec<Offered>, Error> {
        match asked {
            Asked::Kitsu => self.kitsu.search(name).await,
            Asked::AniList => self.anilist.search(name).await,
        }
    }

    /// Where it is asked: keeps answers of other addresses apart.
    pub fn url(&self, asked: Asked) -> &str {
        match asked {
            Asked::Kitsu => self.kitsu.url(),
            Asked::AniList => self.anilist.url(),
        }
    }

    pub async fn check(&self, asked: Asked) -> Result<(), Error> {
        match asked {
            Asked::Kitsu => self.kitsu.check().await,
            Asked::AniList => self.anilist.check().await,
        }
    }
}

/// Names in any of its languages -> a candidate of its own kind. `None` without a name.
fn candidate(kind: Kind, mut names: Vec<String>, year: Option<u16>, popularity: u64) -> Option<Candidate> {
    if names.is_empty() {
        return None;
    }
    let name = names.remove(0);
    Some(Candidate {
        kind,
        ids: Default::default(),
        name,
        original_name: None,
        alternative_names: names,
        year,
        countries: Vec::new(),
        popularity,
        votes: None,
        runtime_mins: None,
    })
}
