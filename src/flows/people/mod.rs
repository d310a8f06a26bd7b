//! People, and what proves who they are: access tokens in install links, one-time links, and the sessions of browsers.
//!
//! ```text
//! joining    invitations, and coming in through the bot: invited, approved, or as JOIN allows
//! manage     adding people, finding them, changing them, taking their access away
//! sessions   one-time links, and browsers that are signed in
//! codes      signing in by six digits
//! audit      what admins did
//! ```

mod audit;
mod codes;
mod error;
mod joining;
mod manage;
mod sessions;
#[cfg(test)]
mod tests;

use crate::adapters::store::Store;
use crate::domain::access::{Access, SecretToken};
use crate::domain::entry::EntryId;
use crate::domain::link::Link;
use crate::domain::person::{Denied, JoinPolicy, Person, PersonId};
use crate::domain::rendition::Rendition;
use crate::domain::secret::{Key, Purpose, SecretKey};
use crate::domain::telegram_id::UserId;
use crate::flows::DatabaseError;

pub use crate::domain::person::Actor;
pub use codes::{Asked, CODE_SECS, Entrance};
pub use error::Error;
pub use joining::Invited;
pub use manage::PeoplePage;
pub use sessions::{Browser, Entered, LINK_SECS, MESSAGE_LINK_SECS, SESSION_SECS, SignedIn};

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct People {
    store: Store,
    access: Key,
    form: Key,
    link: Key,
    join: JoinPolicy,
}

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    Person(Box<Person>),
    /// The token is right, and its person may not in now.
    Denied(Denied),
    /// The token was right once.
    Revoked,
    /// The token was never made here.
    Unknown,
}

impl People {
    /// Nobody comes in uninvited; [`People::with_join`] changes that.
    pub fn new(store: Store, secret: &SecretKey) -> Self {
        Self {
            store,
            access: secret.derive(Purpose::Access),
            form: secret.derive(Purpose::Form),
            link: secret.derive(Purpose::Link),
            join: JoinPolicy::default(),
        }
    }

    #[must_use]
    pub fn with_join(self, join: JoinPolicy) -> Self {
        Self { join, ..self }
    }

    /// The owner. Makes them on the first start ever.
    pub async fn owner(&self) -> Result<Person, DatabaseError> {
        if let Some(owner) = self.store.people().get(PersonId::OWNER).await? {
            return Ok(owner);
        }
        let owner = Person::owner("Owner");
        self.store.people().put(&owner).await?;
        Ok(owner)
    }

    /// Whose Telegram account it is.
    pub async fn by_telegram(&self, id: UserId) -> Result<Option<Person>, DatabaseError> {
        Ok(self.store.people().by_telegram(id).await?)
    }

    /// The token of a person's install link: the same until their access is taken away.
    pub fn token(&self, person: &Person) -> String {
        Access { person: person.id, version: person.access_version }.token(&self.access)
    }

    /// Whose token it is. `now` in unix seconds.
    pub async fn caller(&self, token: &str, now: i64) -> Result<Caller, DatabaseError> {
        let Some(access) = Access::open(token, &self.access) else {
            return Ok(Caller::Unknown);
        };
        let person = self.store.people().get(access.person).await?;
        let Some(person) = person.filter(|person| person.access_version == access.version) else {
            return Ok(Caller::Revoked);
        };
        Ok(match person.denied(now) {
            None => {
                self.touch(&person, now);
                Caller::Person(Box::new(person))
            }
            Some(Denied::Removed) => Caller::Revoked,
            Some(denied) => Caller::Denied(denied),
        })
    }

    /// The path under BASE_URL where this person plays a file: the same every time, since players remember a position by it.
    pub fn play_path(&self, person: &Person, entry: EntryId, file_name: &str) -> String {
        link_of(person, entry).path(&self.link, file_name)
    }

    /// The same of a quality that Telegram made of the file, or of the playlist of all of them.
    pub fn rendition_path(&self, person: &Person, entry: EntryId, rendition: Option<&Rendition>) -> String {
        link_of(person, entry).rendition_path(&self.link, rendition)
    }

    /// The path under BASE_URL where this person's player finds subtitles.
    pub fn subtitles_path(&self, person: &Person, entry: EntryId, file_name: &str) -> String {
        link_of(person, entry).subtitles_path(&self.link, file_name)
    }

    /// The same of those inside a film.
    pub fn track_path(&self, person: &Person, film: EntryId, track: u64, file_name: &str) -> String {
        link_of(person, film).track_path(&self.link, track, file_name)
    }

    /// Notes that somebody is active, once a minute at most, and waits for nothing. To be called for whatever they do.
    pub fn touch(&self, person: &Person, now: i64) {
        self.store.people().touch(person, now);
    }
}

fn link_of(person: &Person, entry: EntryId) -> Link {
    Link { entry, person: person.id, version: person.access_version, expires: None }
}

fn random_token() -> SecretToken {
    let mut random = [0; 32];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    SecretToken::from_random(random)
}
