//! Sites that are asked by name where TMDB and Cinemeta know none. What they find is no title of ours yet: of anime the list says which
//! it is, of the rest the site.
//!
//! ```text
//! kitsu.rs    of anime, asked first: it takes more questions
//! anilist.rs  of anime: synonyms, and what Kitsu does not find; 30 questions a minute
//! tvdb.rs     of every series and film, with a key
//! ```
//!
//! Sites for anime list every season and cour under its Japanese, romanized and English names.

mod anilist;
mod kitsu;
pub(super) mod tvdb;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::domain::foreign_id::{self, ForeignId};
use crate::domain::matching::Candidate;
use crate::domain::slug::Slug;
use crate::domain::title::Kind;
use anilist::AniList;
use kitsu::Kitsu;
use tvdb::{Account, Tvdb};

pub(super) const NAMES: [&str; 3] = [kitsu::NAME, anilist::NAME, tvdb::NAME];

/// Which of them are asked. None by default.
#[derive(Default)]
pub struct Options {
    pub anime: Option<AnimeSites>,
    pub tvdb: Option<Account>,
}

/// What they find is nothing without the list of anime.
pub struct AnimeSites {
    /// `https://kitsu.io/api/edge`
    pub kitsu_url: String,
    /// `https://graphql.anilist.co`
    pub anilist_url: String,
}

/// What a site offers for a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Offered {
    /// The site's own.
    pub number: u32,
    pub candidate: Candidate,
}

/// One of them, there to be asked.
#[derive(Clone, Copy)]
pub(super) enum Site<'a> {
    Kitsu(&'a Kitsu),
    AniList(&'a AniList),
    Tvdb(&'a Tvdb),
}

#[derive(Default)]
pub(super) struct Sites {
    anime: Option<(Kitsu, AniList)>,
    tvdb: Option<Tvdb>,
}

impl Sites {
    pub fn new(options: Options) -> Self {
        let Options { anime, tvdb } = options;
        let anime = anime.map(|urls| (Kitsu::new(&urls.kitsu_url), AniList::new(&urls.anilist_url)));
        Self { anime, tvdb: tvdb.map(Tvdb::new) }
    }

    /// In the order in which they are asked.
    pub fn all(&self) -> impl Iterator<Item = Site<'_>> {
        self.for_names(true)
    }

    /// Those that may know a name: sites for anime are asked for names of anime.
    pub fn for_names(&self, of_anime: bool) -> impl Iterator<Item = Site<'_>> {
        let anime = self.anime.iter().filter(move |_| of_anime);
        let anime = anime.flat_map(|(kitsu, anilist)| [Site::Kitsu(kitsu), Site::AniList(anilist)]);
        anime.chain(self.tvdb().map(Site::Tvdb))
    }

    pub fn tvdb(&self) -> Option<&Tvdb> {
        self.tvdb.as_ref()
    }

    /// Who can say which number an address stands for, if it is asked here.
    pub fn of(&self, slug: &Slug) -> Option<Site<'_>> {
        match slug {
            Slug::Kitsu(_) => self.anime.as_ref().map(|(kitsu, _)| Site::Kitsu(kitsu)),
            Slug::Tvdb(..) => self.tvdb().map(Site::Tvdb),
        }
    }
}

impl Site<'_> {
    /// Its first page, in its own order.
    pub async fn search(self, kind: Kind, name: &str) -> Result<Vec<Offered>, Error> {
        match self {
            Self::Kitsu(kitsu) => kitsu.search(name).await,
            Self::AniList(anilist) => anilist.search(name).await,
            Self::Tvdb(tvdb) => tvdb.search(kind, name).await,
        }
    }

    /// Which number an address stands for. `None` when it does not know it.
    pub async fn number(self, slug: &Slug) -> Result<Option<u32>, Error> {
        match (self, slug) {
            (Self::Kitsu(kitsu), Slug::Kitsu(words)) => kitsu.number(words).await,
            (Self::Tvdb(tvdb), Slug::Tvdb(kind, words)) => tvdb.number(*kind, words).await,
            _ => Ok(None),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Kitsu(_) => kitsu::NAME,
            Self::AniList(_) => anilist::NAME,
            Self::Tvdb(_) => tvdb::NAME,
        }
    }

    pub fn id(self, number: u32) -> ForeignId {
        let site = match self {
            Self::Kitsu(_) => foreign_id::Site::Kitsu,
            Self::AniList(_) => foreign_id::Site::AniList,
            Self::Tvdb(_) => foreign_id::Site::Tvdb,
        };
        ForeignId { site, number }
    }

    /// What tells its answers from those to other questions: its address, and the kind where it is asked for one.
    pub fn scope(self, kind: Kind) -> String {
        match self {
            Self::Kitsu(kitsu) => kitsu.url().to_owned(),
            Self::AniList(anilist) => anilist.url().to_owned(),
            Self::Tvdb(tvdb) => format!("{}:{kind}", tvdb.url()),
        }
    }

    /// How the last question to it went; `None` before the first.
    pub fn last(self) -> Option<Result<(), Error>> {
        match self {
            Self::Kitsu(kitsu) => kitsu.last(),
            Self::AniList(anilist) => anilist.last(),
            Self::Tvdb(tvdb) => tvdb.last(),
        }
    }

    pub async fn check(self) -> Result<(), Error> {
        match self {
            Self::Kitsu(kitsu) => kitsu.check().await,
            Self::AniList(anilist) => anilist.check().await,
            Self::Tvdb(tvdb) => tvdb.check().await,
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
