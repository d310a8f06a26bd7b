//! What people are called, by their number.

use std::collections::BTreeMap;

use crate::domain::person::PersonId;
use crate::flows::DatabaseError;
use crate::flows::people::People;

pub struct Names(BTreeMap<PersonId, String>);

impl Names {
    pub async fn of(people: &People) -> Result<Self, DatabaseError> {
        Ok(Self(people.all().await?.into_iter().map(|person| (person.id, person.name)).collect()))
    }

    /// Whoever was removed has only a number.
    pub fn get(&self, id: PersonId) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| format!("person {id}"))
    }
}
