//! What the owner does about subtitles: sees which stand beside a film or an episode, and moves those that come too early or too late.

use crate::adapters::store::{self, Store};
use crate::domain::catalog::Reach;
use crate::domain::deed::Deed;
use crate::domain::entry::{Entry, EntryId};
use crate::domain::person::{Action, Actor};
use crate::domain::subtitles::{Wanted, form};
use crate::domain::title::{Kind, MetaId};
use crate::protocols::stremio::ContentId;

/// Each wants another answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("only who runs this Cinepost may move subtitles")]
    NotAllowed,
    #[error("there is no film or series {0} here")]
    NoTitle(String),
    #[error("there are no subtitles {0}; `cinepost subtitles tt0063350` lists those of a film")]
    NoSubtitles(EntryId),
    #[error("subtitles are moved by ten hours at most")]
    TooFar,
    #[error("the database: {0}")]
    Database(#[from] store::Error),
}

/// More is no mistake in time, but another file.
const FARTHEST_MS: i64 = 10 * 60 * 60 * 1000;

/// The handle. Cheap to clone. Works beside the running program, which shows what is said at once.
#[derive(Clone)]
pub struct Subtitles {
    store: Store,
}

impl Subtitles {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The subtitles of a film, an episode or a file without a title, by name, each with the milliseconds that it is moved by.
    pub async fn of(&self, id: ContentId) -> Result<Vec<(Entry, i64)>, Error> {
        let wanted = match id {
            ContentId::Title(title) => self.of_title(title, None).await?,
            ContentId::Episode { title, season, number } => self.of_title(title, Some((season, number))).await?,
            ContentId::Entry(id) => Wanted { beside: vec![id], ..Wanted::default() },
            ContentId::Collection(_) | ContentId::Notice => return Err(Error::NoTitle(id.to_string())),
        };
        let mut entries = self.store.subtitles().of(&wanted, &Reach::All).await?;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let mut listed = Vec::with_capacity(entries.len());
        for entry in entries {
            let shift = self.store.subtitles().shift(entry.id).await?;
            listed.push((entry, shift));
        }
        Ok(listed)
    }

    async fn of_title(&self, id: MetaId, episode: Option<(u16, u16)>) -> Result<Wanted, Error> {
        let kind = if episode.is_some() { Kind::Series } else { Kind::Movie };
        let found = self.store.titles().find(kind, id).await?;
        let (title, _) = found.ok_or_else(|| Error::NoTitle(id.to_string()))?;
        let films = self.store.catalog().entries_of(title, episode).await?;
        Ok(Wanted { title: Some(title), episode, beside: films.iter().map(|film| film.id).collect() })
    }

    /// Moves subtitles by so many milliseconds in all: later, or earlier when negative. 0 takes it back.
    pub async fn shift(&self, id: EntryId, ms: i64, by: Actor<'_>, now: i64) -> Result<Entry, Error> {
        if !by.may(Action::Operate, now) {
            return Err(Error::NotAllowed);
        }
        if ms.unsigned_abs() > FARTHEST_MS.unsigned_abs() {
            return Err(Error::TooFar);
        }
        let entry = self.store.entries().get(id).await?.filter(|entry| form(&entry.name).is_some());
        let entry = entry.ok_or(Error::NoSubtitles(id))?;
        self.store.subtitles().set_shift(id, ms).await?;
        let detail = format!("{}: {ms} ms", entry.name);
        let deed = Deed { at: now, who: by.id(), what: "subtitles.shift".to_owned(), whom: None, detail };
        self.store.audit().add(&deed).await?;
        Ok(entry)
    }
}
