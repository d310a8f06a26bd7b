//! Which catalogs are shown in Stremio, for everybody. Who runs the place chooses, and the choice is noted in the audit.

use crate::adapters::store::{self, Store};
use crate::domain::deed::Deed;
use crate::domain::person::{Action, Actor};
use crate::protocols::stremio::Shown;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("catalogs are chosen by those who run the place")]
    NotAllowed,
    #[error("the database: {0}")]
    Database(#[from] store::Error),
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Catalogs {
    store: Store,
}

impl Catalogs {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    pub async fn shown(&self) -> Result<Shown, Error> {
        Ok(self.store.shown_catalogs().await?)
    }

    pub async fn show(&self, shown: &Shown, by: Actor<'_>, now: i64) -> Result<(), Error> {
        if !by.may(Action::Operate, now) {
            return Err(Error::NotAllowed);
        }
        self.store.show_catalogs(shown).await?;
        let deed = Deed { at: now, who: by.id(), what: "catalogs".to_owned(), whom: None, detail: shown.to_string() };
        Ok(self.store.audit().add(&deed).await?)
    }
}
