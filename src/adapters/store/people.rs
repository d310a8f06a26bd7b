//! People.

use tracing::debug;

use super::Error;
use super::face::{ask, face};
use crate::domain::person::{NewPerson, Person, PersonId, TelegramIdentity};
use crate::domain::telegram_id::UserId;
use crate::domain::text;

/// Somebody else has it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The name, in whatever case.
    Name,
    /// The Telegram account.
    Telegram,
}

face! {
    /// People. A removed one stays, so that their number stays taken; name and Telegram account are free again.
    People / PeopleBackend {
        /// A person, removed or not.
        async fn get(&self, id: PersonId) -> Result<Option<Person>, Error>;

        /// Whose Telegram account it is. Nobody's who was removed.
        async fn by_telegram(&self, id: UserId) -> Result<Option<Person>, Error>;

        /// Everybody who was not removed, by id.
        async fn all(&self) -> Result<Vec<Person>, Error>;

        /// Those of them who wait for approval, by id.
        async fn waiting(&self) -> Result<Vec<Person>, Error>;

        /// Notes when a person was active, and changes nothing else of them.
        async fn set_last_active(&self, id: PersonId, at: i64) -> Result<(), Error>;
    }
    by_hand {
        async fn add(&self, person: &NewPerson) -> Result<Result<Person, Taken>, Error>;
        async fn put(&self, person: &Person) -> Result<(), Error>;
        async fn replace(&self, person: &Person) -> Result<Result<bool, Taken>, Error>;
    }
}

impl People {
    /// Notes that somebody is active, once a minute at most, and lets nobody wait for it: the note is not worth more.
    pub fn touch(&self, person: &Person, now: i64) {
        if !person.is_activity_due(now) {
            return;
        }
        let (people, id) = (self.clone(), person.id);
        tokio::spawn(async move {
            if let Err(error) = people.set_last_active(id, now).await {
                debug!(%error, "It could not be noted that somebody is active");
            }
        });
    }

    /// Adds somebody with an id that nobody ever had.
    pub async fn add(&self, person: &NewPerson) -> Result<Result<Person, Taken>, Error> {
        let person = NewPerson {
            name: text::line(&person.name, text::NAME),
            telegram: person.telegram.as_ref().map(TelegramIdentity::cleaned),
            standing: person.standing.cleaned(),
            ..person.clone()
        };
        ask!(self, PeopleBackend::add(&person))
    }

    /// Stores a person, in the place of what was stored under their id.
    pub async fn put(&self, person: &Person) -> Result<(), Error> {
        let person = clean(person);
        ask!(self, PeopleBackend::put(&person))
    }

    /// The same with the next revision, when the stored one is of the revision that this one has. `false`, and nothing is done,
    /// when somebody changed it meanwhile. When they were active last is left as it is stored.
    pub async fn replace(&self, person: &Person) -> Result<Result<bool, Taken>, Error> {
        let person = clean(person);
        ask!(self, PeopleBackend::replace(&person))
    }
}

fn clean(person: &Person) -> Person {
    Person {
        name: text::line(&person.name, text::NAME),
        telegram: person.telegram.as_ref().map(TelegramIdentity::cleaned),
        standing: person.standing.cleaned(),
        ..person.clone()
    }
}
