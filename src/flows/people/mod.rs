//! People, and what proves who they are: access tokens in install links, one-time links, and the sessions of browsers.

mod manage;
mod sessions;

use crate::adapters::store::Store;
use crate::domain::access::Access;
use crate::domain::entry::EntryId;
use crate::domain::link::Link;
use crate::domain::person::{Person, PersonId};
use crate::domain::secret::{Key, Purpose, SecretKey};
use crate::flows::DatabaseError;

pub use manage::Error;
pub use sessions::{Browser, LINK_SECS, MESSAGE_LINK_SECS, SESSION_SECS, SignedIn};

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct People {
    store: Store,
    access: Key,
    form: Key,
    link: Key,
}

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    Person(Person),
    /// The token was right once.
    Revoked,
    /// The token was never made here.
    Unknown,
}

impl People {
    pub fn new(store: Store, secret: &SecretKey) -> Self {
        Self {
            store,
            access: secret.derive(Purpose::Access),
            form: secret.derive(Purpose::Form),
            link: secret.derive(Purpose::Link),
        }
    }

    /// The owner. Makes them on the first start ever.
    pub async fn owner(&self) -> Result<Person, DatabaseError> {
        if let Some(owner) = self.store.people().get(PersonId::OWNER).await? {
            return Ok(owner);
        }
        let name = "Owner".to_owned();
        let owner =
            Person { id: PersonId::OWNER, name, is_owner: true, access_version: 1, added: 0, is_removed: false };
        self.store.people().put(&owner).await?;
        Ok(owner)
    }

    /// The token of a person's install link: the same until their access is taken away.
    pub fn token(&self, person: &Person) -> String {
        Access { person: person.id, version: person.access_version }.token(&self.access)
    }

    /// Whose token it is.
    pub async fn caller(&self, token: &str) -> Result<Caller, DatabaseError> {
        let Some(access) = Access::open(token, &self.access) else {
            return Ok(Caller::Unknown);
        };
        Ok(match self.holder(access).await? {
            Some(person) => Caller::Person(person),
            None => Caller::Revoked,
        })
    }

    /// The path under BASE_URL where this person plays a file: the same every time, since players remember a position by it.
    pub fn play_path(&self, person: &Person, entry: EntryId, file_name: &str) -> String {
        let link = Link { entry, person: person.id, version: person.access_version, expires: None };
        link.path(&self.link, file_name)
    }

    /// The person, while the version is still theirs.
    async fn holder(&self, access: Access) -> Result<Option<Person>, DatabaseError> {
        let person = self.store.people().get(access.person).await?;
        Ok(person.filter(|person| person.admits(access.version)))
    }
}
