//! People who may watch.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use super::{Mongo, TRIES, contended, index_with, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::people::PeopleBackend;
use crate::domain::person::{Person, PersonId, name_key};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let there = doc! { "name_key": { "$exists": true } };
    let unique = IndexOptions::builder().unique(true).partial_filter_expression(there).build();
    vec![index_with("people", "name", doc! { "name_key": 1 }, unique)]
}

/// A person's record but for its id. Whoever was removed has no `name_key`: the name is free again.
fn fields(person: &Person) -> Document {
    let mut fields = doc! {
        "name": &person.name,
        "is_owner": person.is_owner,
        "access_version": i32::from(person.access_version),
        "added": person.added,
        "removed": person.is_removed,
    };
    if !person.is_removed {
        fields.insert("name_key", name_key(&person.name));
    }
    fields
}

fn read(record: &Document) -> Result<Person, Error> {
    Ok(Person {
        id: PersonId(u32::try_from(number(record, "_id")?).map_err(Error::broken)?),
        name: record.get_str("name").map_err(Error::broken)?.to_owned(),
        is_owner: record.get_bool("is_owner").map_err(Error::broken)?,
        access_version: u16::try_from(number(record, "access_version")?).map_err(Error::broken)?,
        // Absent in records of the first version.
        added: number(record, "added").unwrap_or_default(),
        is_removed: record.get_bool("removed").unwrap_or_default(),
    })
}

impl PeopleBackend for Mongo {
    async fn get(&self, id: PersonId) -> Result<Option<Person>, Error> {
        self.people.find_one(doc! { "_id": i64::from(id.0) }).await?.as_ref().map(read).transpose()
    }

    async fn all(&self) -> Result<Vec<Person>, Error> {
        let there = doc! { "removed": { "$ne": true } };
        let records: Vec<Document> = self.people.find(there).sort(doc! { "_id": 1 }).await?.try_collect().await?;
        records.iter().map(read).collect()
    }

    async fn add(&self, name: &str, now: i64) -> Result<Option<Person>, Error> {
        for _ in 0..TRIES {
            if self.people.find_one(doc! { "name_key": name_key(name) }).await?.is_some() {
                return Ok(None);
            }
            let last = self.people.find_one(doc! {}).sort(doc! { "_id": -1 }).await?;
            let last = last.map(|record| number(&record, "_id")).transpose()?.unwrap_or_default();
            let id = PersonId(u32::try_from(last + 1).map_err(Error::broken)?).max(PersonId::FIRST_GUEST);
            let name = name.to_owned();
            let person = Person { id, name, is_owner: false, access_version: 1, added: now, is_removed: false };
            let mut record = doc! { "_id": i64::from(id.0) };
            record.extend(fields(&person));
            match self.people.insert_one(record).await {
                // Somebody else took the id, or the name, in the same moment.
                Err(error) if is_duplicate(&error) => {}
                result => return result.map(|_| Some(person)).map_err(Into::into),
            }
        }
        Err(contended())
    }

    async fn put(&self, person: &Person) -> Result<(), Error> {
        let mut change = doc! { "$set": fields(person) };
        if person.is_removed {
            change.insert("$unset", doc! { "name_key": "" });
        }
        self.people.update_one(doc! { "_id": i64::from(person.id.0) }, change).upsert(true).await?;
        Ok(())
    }
}

impl Mongo {
    /// Step to schema 3: names that records of older versions hold become taken.
    pub(super) async fn key_names(&self) -> Result<(), Error> {
        for person in PeopleBackend::all(self).await? {
            PeopleBackend::put(self, &person).await?;
        }
        Ok(())
    }
}
