//! Lists made by hand: making and changing them. Only those do who run the place, and each change is noted in the audit. What
//! somebody sees of them is the library's.

use std::collections::BTreeSet;

use crate::adapters::store::{self, Store};
use crate::domain::audience::Audience;
use crate::domain::catalog::Reach;
use crate::domain::deed::Deed;
use crate::domain::list::{List, ListId, Listed, MOST_LISTS, MOST_TITLES};
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
    /// Several are called so, each with its id.
    #[error("several are called {text:?}; say which by its id:\n{}", several(.found))]
    Several { text: String, found: Vec<Title> },
    #[error("{0} is not in it")]
    NotThere(String),
    #[error("others changed it at the same time; try again")]
    Contended,
    #[error("the database: {0}")]
    Database(#[from] store::Error),
}

fn several(found: &[Title]) -> String {
    let line = |title: &Title| {
        let year = title.year.map(|year| format!(" ({year})")).unwrap_or_default();
        format!(
            "  {} {}  {}{year}",
            title.kind,
            title.meta_id().map_or_else(String::new, |id| id.to_string()),
            title.name
        )
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
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
    Put(Listed, Option<usize>),
    TakeOut(Listed),
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

    /// The title that somebody means by an id, or by a name that the search finds whole.
    pub async fn title(&self, text: &str, kind: Option<Kind>) -> Result<(Listed, Title), Error> {
        let kinds: Vec<Kind> = kind.map_or(vec![Kind::Movie, Kind::Series], |kind| vec![kind]);
        let mut found: Vec<Title> = Vec::new();
        if let Ok(id) = text.trim().parse::<MetaId>() {
            for kind in kinds {
                found.extend(self.store.titles().find(kind, id).await?.map(|(_, title)| title));
            }
        } else {
            const LOOKED_AT: u32 = 20;
            for kind in kinds {
                found.extend(self.store.catalog().search_in(kind, text, &Reach::All, 0, LOOKED_AT).await?);
            }
            let is_whole = |title: &Title| title.name.to_lowercase() == text.trim().to_lowercase();
            if found.iter().any(is_whole) {
                found.retain(is_whole);
            }
        }
        let listed = |title: &Title| title.meta_id().map(|id| Listed { kind: title.kind, id });
        match found.as_slice() {
            [] => Err(Error::NoTitle(text.to_owned())),
            [title] => Ok((listed(title).ok_or_else(|| Error::NoTitle(text.to_owned()))?, title.clone())),
            _ => Err(Error::Several { text: text.to_owned(), found }),
        }
    }
}

fn may(by: Actor<'_>, now: i64) -> Result<(), Error> {
    if by.may(Action::Operate, now) { Ok(()) } else { Err(Error::NotAllowed) }
}

fn changed(mut list: List, change: &Change) -> Result<List, Error> {
    match change {
        Change::Rename(text) => list.name = name(text)?,
        Change::Put(title, place) => {
            if list.titles.len() >= MOST_TITLES && !list.titles.contains(title) {
                return Err(Error::Full);
            }
            list.put(*title, *place);
        }
        Change::TakeOut(title) => {
            if !list.take_out(*title) {
                return Err(Error::NotThere(title.id.to_string()));
            }
        }
        Change::ShowTo(audience, people) => {
            list.audience = *audience;
            list.people.clone_from(people);
        }
    }
    Ok(list)
}
