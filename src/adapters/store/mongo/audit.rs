//! What admins did.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};

use super::records::person;
use super::{Mongo, index, number};
use crate::adapters::store::Error;
use crate::adapters::store::audit::AuditBackend;
use crate::domain::deed::Deed;
use crate::domain::person::PersonId;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![
        index("deeds", "newest", doc! { "at": -1, "_id": -1 }),
        index("deeds", "whom", doc! { "whom": 1, "at": -1, "_id": -1 }),
    ]
}

impl AuditBackend for Mongo {
    async fn add(&self, deed: &Deed) -> Result<(), Error> {
        let number = |person: Option<PersonId>| person.map_or(Bson::Null, |person| i64::from(person.0).into());
        // The driver's own ids grow, which orders the deeds of one second.
        let record = doc! {
            "at": deed.at,
            "who": number(deed.who),
            "what": &deed.what,
            "whom": number(deed.whom),
            "detail": &deed.detail,
        };
        self.deeds.insert_one(record).await?;
        Ok(())
    }

    async fn page(&self, whom: Option<PersonId>, skip: u32, limit: u32) -> Result<Vec<Deed>, Error> {
        let which = whom.map_or_else(Document::new, |whom| doc! { "whom": i64::from(whom.0) });
        let found = self.deeds.find(which).sort(doc! { "at": -1, "_id": -1 }).skip(skip.into()).limit(limit.into());
        let records: Vec<Document> = found.await?.try_collect().await?;
        records.iter().map(read).collect()
    }
}

fn read(record: &Document) -> Result<Deed, Error> {
    let text = |field: &str| record.get_str(field).map(str::to_owned).map_err(Error::broken);
    Ok(Deed {
        at: number(record, "at")?,
        who: person(record, "who")?,
        what: text("what")?,
        whom: person(record, "whom")?,
        detail: text("detail")?,
    })
}
