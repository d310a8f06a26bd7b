//! What files hold inside, for who runs this: seen, and looked at anew.

use crate::adapters::store::{self, Store};
use crate::domain::entry::{Entry, EntryId};
use crate::domain::title::{Kind, MetaId};
use crate::flows::DatabaseError;
use crate::protocols::stremio::ContentId;

/// Each wants another answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no film or series {0} here")]
    NoTitle(String),
    #[error("there is no file {0} here")]
    NoFile(EntryId),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The handle. Cheap to clone. Works beside the running program.
#[derive(Clone)]
pub struct InsideFiles {
    store: Store,
}

impl InsideFiles {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The files of a film or an episode, or one file, each with what is known of it.
    pub async fn of(&self, id: ContentId) -> Result<Vec<Entry>, Error> {
        match id {
            ContentId::Title(title) => self.of_title(title, None).await,
            ContentId::Episode { title, season, number } => self.of_title(title, Some((season, number))).await,
            ContentId::Entry(id) => Ok(vec![self.store.entries().get(id).await?.ok_or(Error::NoFile(id))?]),
            ContentId::Collection(_) | ContentId::Notice => Err(Error::NoTitle(id.to_string())),
        }
    }

    async fn of_title(&self, id: MetaId, episode: Option<(u16, u16)>) -> Result<Vec<Entry>, Error> {
        let kind = if episode.is_some() { Kind::Series } else { Kind::Movie };
        let found = self.store.titles().find(kind, id).await?;
        let (title, _) = found.ok_or_else(|| Error::NoTitle(id.to_string()))?;
        Ok(self.store.catalog().entries_of(title, episode).await?)
    }

    /// Has a file looked into anew, before all others. What was found stays until then.
    pub async fn again(&self, id: EntryId) -> Result<(), Error> {
        match self.store.probes().again(id).await? {
            true => Ok(()),
            false => Err(Error::NoFile(id)),
        }
    }
}
