//! Lists made by hand: making and changing them. Only those do who run the place, and each change is noted in the audit. What
//! somebody sees of them is the library's.

use std::collections::BTreeSet;

use crate::adapters::store::{self, Store};
use crate::domain::audience::Audience;
use crate::domain::catalog::Reach;
use crate::domain::deed::Deed;
use crate::domain::list::{ByIds, List, ListId, MOST_LISTS, MOST_TITLES};
use crate::domain::matching::fold;
use crate::domain::person::{Action, Actor, NameError, PersonId, name};
use crate::domain::title::{Kind, MetaId, Title};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("lists are for those who run the place")]
    NotAllowed,
    #[error("there is no list {0:?}; cinepost list says which there are")]
    Unknown(String),
    #[error("a list is called {0:?} already")]
    Taken(String),
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("there are {MOST_LISTS} lists already: each is a row in everybody's Stremio")]
    TooMany,
    #[error("it has {MOST_TITLES} titles already")]
    Full,
    #[error(
        "nothing here is called {0:?}; a title is named by its id (tt0063350, tmdb:10331) or as the search finds it"
    )]
    NoTitle(String),
    #[error("nothing here is called {text:?} and no more; if you mean one of these, say which by its id:\n{}", several(.found))]
    NotWhole { text: String, found: Vec<Title> },
    /// Several are called so, each with its id.
    #[error("several are called {text:?}; say which by its id:\n{}", several(.found))]
    Several { text: String, found: Vec<Title> },
    #[error("{0} stands in it as a film and as a series: say which with --film or --series")]
    FilmAndSeries(String),
    #[error("{0} is not in it")]
    NotThere(String),
    #[error("others changed it at the same time; try again")]
    Contended,
    #[error("the database: {0}")]
    Database(#[from] store::Error),
}

fn several(found: &[Title]) -> String {
    let line = |title: &Title| {
        let id = title.meta_id().map_or_else(String::new, |id| id.to_string());
        format!("  {} {id}  {}", title.kind, named(title))
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `Night of the Living Dead (1968)`.
pub fn named(title: &Title) -> String {
    format!("{}{}", title.name, title.year.map(|year| format!(" ({year})")).unwrap_or_default())
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Lists {
    store: Store,
}

/// What is changed of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Rename(String),
    /// At a place counted from 1, else at the end; a title that is there moves.
    Put(ByIds, Option<usize>),
    TakeOut(ByIds),
    /// Who sees it: a role and those above, and people by name.
    ShowTo(Audience, BTreeSet<PersonId>),
}

impl Lists {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// All there are, in the order in which they were made.
    pub async fn all(&self) -> Result<Vec<List>, Error> {
        Ok(self.store.lists().all().await?)
    }

    /// By its number or its name.
    pub async fn find(&self, text: &str) -> Result<List, Error> {
        let number: Option<ListId> = text.trim().parse().ok();
        let wanted = text.trim().to_lowercase();
        let is_it = |list: &List| list.name.to_lowercase() == wanted;
        let lists = self.all().await?;
        let found = lists.iter().find(|list| is_it(list)).or_else(|| lists.iter().find(|list| Some(list.id) == number));
        found.cloned().ok_or_else(|| Error::Unknown(text.to_owned()))
    }

    pub async fn make(&self, text: &str, by: Actor<'_>, now: i64) -> Result<List, Error> {
        may(by, now)?;
        let name = name(text)?;
        if self.all().await?.len() >= MOST_LISTS {
            return Err(Error::TooMany);
        }
        let list = self.store.lists().add(&name).await?.ok_or_else(|| Error::Taken(name.clone()))?;
        self.note("list.make", &list.name, by, now).await?;
        Ok(list)
    }

    pub async fn remove(&self, list: &List, by: Actor<'_>, now: i64) -> Result<(), Error> {
        may(by, now)?;
        self.store.lists().remove(list.id).await?;
        self.note("list.remove", &list.name, by, now).await
    }

    /// Changes a list as it stands now, whatever was changed since it was read. Returns it, and whether that changed anything.
    pub async fn change(&self, id: ListId, change: &Change, by: Actor<'_>, now: i64) -> Result<(List, bool), Error> {
        const TRIES: usize = 10;
        may(by, now)?;
        for _ in 0..TRIES {
            let before = self.store.lists().get(id).await?.ok_or_else(|| Error::Unknown(id.to_string()))?;
            let list = changed(before.clone(), change)?;
            if list == before {
                return Ok((list, false));
            }
            if self.store.lists().put(&list).await? {
                self.note("list.change", &list.name, by, now).await?;
                return Ok((list, true));
            }
            if let Change::Rename(text) = change
                && self
                    .all()
                    .await?
                    .iter()
                    .any(|other| other.id != id && other.name.to_lowercase() == list.name.to_lowercase())
            {
                return Err(Error::Taken(text.clone()));
            }
        }
        Err(Error::Contended)
    }

    async fn note(&self, what: &str, detail: &str, by: Actor<'_>, now: i64) -> Result<(), Error> {
        let deed = Deed { at: now, who: by.id(), what: what.to_owned(), whom: None, detail: detail.to_owned() };
        Ok(self.store.audit().add(&deed).await?)
    }

    /// The title that somebody means by its id, or by its whole name: what only resembles a name is not taken for it.
    pub async fn title(&self, text: &str, kind: Option<Kind>) -> Result<Title, Error> {
        let found = match text.trim().parse::<MetaId>() {
            Ok(id) => self.with_id(id, kind).await?,
            Err(_) => self.called(text, kind).await?,
        };
        one(text, found.into_iter().filter(|title| title.meta_id().is_some()).collect())
    }

    /// The title that somebody means to take out of a list. Under an id that stands there it is found whether or not the library
    /// still knows it, and its name is `None` then; else only what is in the list counts.
    pub async fn title_in(&self, list: &List, text: &str, kind: Option<Kind>) -> Result<(ByIds, Option<Title>), Error> {
        let not_there = || Error::NotThere(text.to_owned());
        let Ok(id) = text.trim().parse::<MetaId>() else {
            let mut found = self.called(text, kind).await?;
            found.retain(|title| list.has(ByIds::of(title)));
            return match found.is_empty() {
                true => Err(not_there()),
                false => one(text, found).map(|title| (ByIds::of(&title), Some(title))),
            };
        };
        let known = self.with_id(id, kind).await?;
        let mut found = Vec::new();
        for kind in kinds(kind) {
            let title = known.iter().find(|title| title.kind == kind);
            let by_ids = title.map_or(ByIds { kind, ids: id.into() }, ByIds::of);
            if list.has(by_ids) {
                found.push((by_ids, title.cloned()));
            }
        }
        match found.len() {
            0 => Err(not_there()),
            1 => Ok(found.remove(0)),
            _ => Err(Error::FilmAndSeries(text.to_owned())),
        }
    }

    async fn with_id(&self, id: MetaId, kind: Option<Kind>) -> Result<Vec<Title>, Error> {
        let mut found = Vec::new();
        for kind in kinds(kind) {
            found.extend(self.store.titles().find(kind, id).await?.map(|(_, title)| title));
        }
        Ok(found)
    }

    /// Those of this whole name. An error when there are none, with what the search finds.
    async fn called(&self, text: &str, kind: Option<Kind>) -> Result<Vec<Title>, Error> {
        /// Whole names come first in a search.
        const LOOKED_AT: u32 = 20;
        let mut found = Vec::new();
        for kind in kinds(kind) {
            found.extend(self.store.catalog().search_in(kind, text, &Reach::All, 0, LOOKED_AT).await?);
        }
        let wanted = fold(text);
        let names = |title: &Title| {
            let others = title.original_name.iter().chain(&title.alternative_names);
            std::iter::once(&title.name).chain(others).any(|name| fold(name) == wanted)
        };
        if found.iter().any(names) {
            found.retain(names);
            return Ok(found);
        }
        Err(match found.is_empty() {
            true => Error::NoTitle(text.to_owned()),
            false => Error::NotWhole { text: text.to_owned(), found },
        })
    }
}

fn kinds(kind: Option<Kind>) -> Vec<Kind> {
    kind.map_or(vec![Kind::Movie, Kind::Series], |kind| vec![kind])
}

fn one(text: &str, mut found: Vec<Title>) -> Result<Title, Error> {
    match found.len() {
        0 => Err(Error::NoTitle(text.to_owned())),
        1 => Ok(found.remove(0)),
        _ => Err(Error::Several { text: text.to_owned(), found }),
    }
}

fn may(by: Actor<'_>, now: i64) -> Result<(), Error> {
    if by.may(Action::Operate, now) { Ok(()) } else { Err(Error::NotAllowed) }
}

fn changed(mut list: List, change: &Change) -> Result<List, Error> {
    match change {
        Change::Rename(text) => list.name = name(text)?,
        Change::Put(title, place) => {
            if list.titles.len() >= MOST_TITLES && !list.has(*title) {
                return Err(Error::Full);
            }
            list.put(*title, *place);
        }
        Change::TakeOut(title) => {
            if !list.take_out(*title) {
                let id = title.ids.preferred();
                return Err(Error::NotThere(id.map_or_else(String::new, |id| id.to_string())));
            }
        }
        Change::ShowTo(audience, people) => {
            list.audience = *audience;
            list.people.clone_from(people);
        }
    }
    Ok(list)
}
