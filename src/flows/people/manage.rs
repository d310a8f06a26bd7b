//! Who may watch: adding people, giving them a new link, taking their access away.

use super::People;
use crate::adapters::store;
use crate::domain::person::{self, NameError, Person, PersonId};
use crate::flows::DatabaseError;

/// Why something cannot be done to somebody.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("somebody is called {0} already; choose another name")]
    NameTaken(String),
    #[error("nobody here is called {0}; `cinepost person list` shows everybody")]
    Unknown(String),
    #[error(
        "the owner cannot be removed; `cinepost person renew` ends every link and sign-in of theirs and makes new ones"
    )]
    Owner,
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

impl People {
    /// Everybody who may watch, the owner first.
    pub async fn all(&self) -> Result<Vec<Person>, DatabaseError> {
        Ok(self.store.people().all().await?)
    }

    /// Somebody by id, unless removed.
    pub async fn get(&self, id: PersonId) -> Result<Option<Person>, DatabaseError> {
        Ok(self.store.people().get(id).await?.filter(|person| !person.is_removed))
    }

    /// Somebody by name, in whatever case it is written.
    pub async fn by_name(&self, name: &str) -> Result<Person, Error> {
        let key = person::name_key(&person::name(name)?);
        let people = self.all().await?;
        let found = people.into_iter().find(|person| person::name_key(&person.name) == key);
        found.ok_or_else(|| Error::Unknown(name.trim().to_owned()))
    }

    /// Adds somebody who may watch. `now` in unix seconds.
    pub async fn add(&self, name: &str, now: i64) -> Result<Person, Error> {
        let name = person::name(name)?;
        // The owner has to be there first: their id is theirs even in a store that was just made.
        self.owner().await?;
        self.store.people().add(&name, now).await?.ok_or(Error::NameTaken(name))
    }

    /// Ends every token, play link, session and stream that the person has, and returns them with a version that makes new ones.
    pub async fn renew(&self, person: &Person) -> Result<Person, Error> {
        let renewed = Person { access_version: person.access_version.wrapping_add(1), ..person.clone() };
        self.store.people().put(&renewed).await?;
        Ok(renewed)
    }

    /// The same for good: the person is no longer listed, their name is free again.
    pub async fn remove(&self, person: &Person) -> Result<(), Error> {
        if person.is_owner {
            return Err(Error::Owner);
        }
        Ok(self.store.people().put(&Person { is_removed: true, ..person.clone() }).await?)
    }
}
