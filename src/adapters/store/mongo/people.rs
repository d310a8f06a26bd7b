//! People, and the steps that gave older records what is kept of them.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};
use mongodb::options::IndexOptions;

use super::{Mongo, TRIES, contended, index_with, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::document::{from_text, to_text};
use crate::adapters::store::people::{PeopleBackend, Taken};
use crate::domain::catalog::Reach;
use crate::domain::person::{NewPerson, Person, PersonId, Standing, TelegramIdentity, name_key};
use crate::domain::telegram_id::UserId;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let there = doc! { "name_key": { "$exists": true } };
    let name = IndexOptions::builder().unique(true).partial_filter_expression(there).build();
    // Sparse: of those who have none there are many.
    let telegram = IndexOptions::builder().unique(true).sparse(true).build();
    vec![
        index_with("people", "name", doc! { "name_key": 1 }, name),
        index_with("people", "telegram", doc! { "telegram": 1 }, telegram),
        index_with("people", "waiting", doc! { "standing": 1, "_id": 1 }, IndexOptions::default()),
    ]
}

/// A person's record but for their id and when they were active, and the fields that it does not have: absent ones must be absent,
/// not null, since the unique indexes look at what is there.
fn fields(person: &Person) -> Result<(Document, Document), Error> {
    let mut set = doc! {
        "name": &person.name,
        "role": person.role.word(),
        "added": person.joined,
        "standing": to_text(&person.standing)?,
        "reach": to_text(&person.reach)?,
        "preferences": to_text(&person.preferences)?,
        "access_version": i32::from(person.access_version),
        "removed": person.is_removed,
        "revision": i64::from(person.revision),
    };
    let telegram = person.telegram.as_ref().filter(|_| !person.is_removed);
    let mut unset = Document::new();
    let fields: [(&str, Option<Bson>); 6] = [
        ("name_key", (!person.is_removed).then(|| name_key(&person.name).into())),
        ("telegram", telegram.map(|telegram| telegram.id.0.into())),
        ("username", telegram.map(|telegram| telegram.username.clone().into())),
        ("first_name", telegram.map(|telegram| telegram.first_name.clone().into())),
        ("language", person.language.clone().map(Bson::from)),
        ("expires", person.expires.map(Bson::from)),
    ];
    for (field, value) in fields {
        match value {
            Some(value) => set.insert(field, value),
            None => unset.insert(field, ""),
        };
    }
    Ok((set, unset))
}

/// As an update. MongoDB refuses an empty `$unset`.
fn change(person: &Person) -> Result<Document, Error> {
    let (set, unset) = fields(person)?;
    Ok(if unset.is_empty() {
        doc! { "$set": set }
    } else {
        doc! { "$set": set, "$unset": unset }
    })
}

fn read(record: &Document) -> Result<Person, Error> {
    let text = |field: &str| record.get_str(field).map_err(Error::broken);
    let optional = |field: &str| record.get(field).map(|_| number(record, field)).transpose();
    let word = |field: &str| record.get_str(field).unwrap_or_default().to_owned();
    let telegram = optional("telegram")?.map(|id| TelegramIdentity {
        id: UserId(id),
        username: word("username"),
        first_name: word("first_name"),
    });
    Ok(Person {
        id: PersonId(u32::try_from(number(record, "_id")?).map_err(Error::broken)?),
        name: text("name")?.to_owned(),
        role: text("role")?.parse().map_err(Error::broken)?,
        telegram,
        language: record.get_str("language").ok().map(str::to_owned),
        // Absent in records of the first version.
        joined: number(record, "added").unwrap_or_default(),
        last_active: optional("active")?.unwrap_or_default(),
        expires: optional("expires")?,
        standing: from_text::<Standing>(text("standing")?)?,
        reach: from_text(text("reach")?)?,
        preferences: from_text(text("preferences")?)?,
        access_version: u16::try_from(number(record, "access_version")?).map_err(Error::broken)?,
        is_removed: record.get_bool("removed").unwrap_or_default(),
        revision: u32::try_from(number(record, "revision")?).map_err(Error::broken)?,
    })
}

impl PeopleBackend for Mongo {
    async fn get(&self, id: PersonId) -> Result<Option<Person>, Error> {
        self.people.find_one(doc! { "_id": i64::from(id.0) }).await?.as_ref().map(read).transpose()
    }

    async fn by_telegram(&self, id: UserId) -> Result<Option<Person>, Error> {
        self.people.find_one(doc! { "telegram": id.0 }).await?.as_ref().map(read).transpose()
    }

    async fn all(&self) -> Result<Vec<Person>, Error> {
        self.people_where(doc! { "removed": { "$ne": true } }).await
    }

    async fn waiting(&self) -> Result<Vec<Person>, Error> {
        self.people_where(doc! { "standing": to_text(&Standing::Pending)?, "removed": { "$ne": true } }).await
    }

    async fn set_last_active(&self, id: PersonId, at: i64) -> Result<(), Error> {
        self.people.update_one(doc! { "_id": i64::from(id.0) }, doc! { "$set": { "active": at } }).await?;
        Ok(())
    }

    async fn add(&self, person: &NewPerson) -> Result<Result<Person, Taken>, Error> {
        for _ in 0..TRIES {
            let last = self.people.find_one(doc! {}).sort(doc! { "_id": -1 }).await?;
            let last = last.map(|record| number(&record, "_id")).transpose()?.unwrap_or_default();
            let id = PersonId(u32::try_from(last + 1).map_err(Error::broken)?).max(PersonId::FIRST_GUEST);
            let person = person.clone().with_id(id);
            if let Some(taken) = self.taken(&person).await? {
                return Ok(Err(taken));
            }
            let mut record = doc! { "_id": i64::from(id.0) };
            record.extend(fields(&person)?.0);
            match self.people.insert_one(record).await {
                // Somebody else took the id, the name or the account in the same moment.
                Err(error) if is_duplicate(&error) => {}
                result => return result.map(|_| Ok(person)).map_err(Into::into),
            }
        }
        Err(contended())
    }

    async fn put(&self, person: &Person) -> Result<(), Error> {
        let mut change = change(person)?;
        change.get_document_mut("$set").map_err(Error::broken)?.insert("active", person.last_active);
        self.people.update_one(doc! { "_id": i64::from(person.id.0) }, change).upsert(true).await?;
        Ok(())
    }

    async fn replace(&self, person: &Person) -> Result<Result<bool, Taken>, Error> {
        let of_revision = doc! { "_id": i64::from(person.id.0), "revision": i64::from(person.revision) };
        let change = change(&Person { revision: person.revision.wrapping_add(1), ..person.clone() })?;
        for _ in 0..TRIES {
            if let Some(taken) = self.taken(person).await? {
                return Ok(Err(taken));
            }
            match self.people.update_one(of_revision.clone(), change.clone()).await {
                // Somebody else took the name or the account in the same moment.
                Err(error) if is_duplicate(&error) => {}
                result => return Ok(Ok(result?.matched_count == 1)),
            }
        }
        Err(contended())
    }
}

impl Mongo {
    async fn people_where(&self, which: Document) -> Result<Vec<Person>, Error> {
        let records: Vec<Document> = self.people.find(which).sort(doc! { "_id": 1 }).await?.try_collect().await?;
        records.iter().map(read).collect()
    }

    /// What of a person somebody else has already.
    async fn taken(&self, person: &Person) -> Result<Option<Taken>, Error> {
        if person.is_removed {
            return Ok(None);
        }
        let is_taken = async |field: &str, value: Bson| {
            let other = doc! { field: value, "_id": { "$ne": i64::from(person.id.0) } };
            Ok::<_, Error>(self.people.find_one(other).await?.is_some())
        };
        if is_taken("name_key", name_key(&person.name).into()).await? {
            return Ok(Some(Taken::Name));
        }
        let Some(telegram) = &person.telegram else { return Ok(None) };
        Ok(is_taken("telegram", telegram.id.0.into()).await?.then_some(Taken::Telegram))
    }

    /// Step to schema 3: names that records of older versions hold become taken.
    pub(super) async fn key_names(&self) -> Result<(), Error> {
        let there = doc! { "removed": { "$ne": true } };
        let records: Vec<Document> = self.people.find(there).await?.try_collect().await?;
        for record in records {
            let key = name_key(record.get_str("name").map_err(Error::broken)?);
            let id = doc! { "_id": record.get("_id") };
            self.people.update_one(id, doc! { "$set": { "name_key": key } }).await?;
        }
        Ok(())
    }

    /// The step that gave people roles, and sign-in links their person. It may be repeated: after a crash half way it begins again.
    pub(super) async fn upgrade_access(&self) -> Result<(), Error> {
        for (who, role) in [(doc! { "is_owner": true }, "owner"), (doc! { "is_owner": { "$ne": true } }, "member")] {
            let mut older = who;
            older.insert("role", doc! { "$exists": false });
            let active = to_text(&Standing::Active)?;
            let reach = to_text(&Reach::All)?;
            let set = doc! { "role": role, "standing": active, "reach": reach, "preferences": "{}", "revision": 0_i64 };
            self.people.update_many(older, doc! { "$set": set, "$unset": { "is_owner": "" } }).await?;
        }
        let owner = PeopleBackend::get(self, PersonId::OWNER).await?;
        let version = owner.map_or(1, |owner| owner.access_version);
        let set = doc! { "person": i64::from(PersonId::OWNER.0), "version": i32::from(version) };
        self.tickets.update_many(doc! { "person": { "$exists": false } }, doc! { "$set": set }).await?;
        Ok(())
    }
}
