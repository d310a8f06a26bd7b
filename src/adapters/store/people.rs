//! People who may watch.

use super::Error;
use super::face::{ask, face};
use crate::domain::person::{Person, PersonId};
use crate::domain::text;

face! {
    /// People who may watch. A removed one stays, so that their number stays taken.
    People / PeopleBackend {
        /// A person, removed or not.
        async fn get(&self, id: PersonId) -> Result<Option<Person>, Error>;

        /// Everybody who was not removed, by id.
        async fn all(&self) -> Result<Vec<Person>, Error>;

        /// Adds somebody with an id that nobody ever had. `None` when somebody has the name already, in whatever case.
        async fn add(&self, name: &str, now: i64) -> Result<Option<Person>, Error>;
    }
    by_hand {
        async fn put(&self, person: &Person) -> Result<(), Error>;
    }
}

impl People {
    /// Stores a person, in the place of what was stored under their id.
    pub async fn put(&self, person: &Person) -> Result<(), Error> {
        let person = Person { name: text::line(&person.name, text::NAME), ..person.clone() };
        ask!(self, PeopleBackend::put(&person))
    }
}
