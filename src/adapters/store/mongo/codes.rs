//! Sign-in codes that are out.

use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use super::records::{expiry, person};
use super::{Mongo, index_with, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::codes::CodesBackend;
use crate::domain::access::SecretHash;
use crate::domain::person::{Code, PersonId, SignInCode};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let unique = IndexOptions::builder().unique(true).sparse(true).build();
    vec![index_with("codes", "asker", doc! { "asker": 1 }, unique)]
}

impl CodesBackend for Mongo {
    async fn add(&self, code: &SignInCode, now: i64) -> Result<bool, Error> {
        let id = i64::from(code.code.number());
        // The server forgets what expired a while later.
        self.codes.delete_one(doc! { "_id": id, "expires": { "$lte": now } }).await?;
        let mut record = expiry(code.expires);
        record.insert("_id", id);
        if let Some(holder) = code.holder {
            record.extend(holder_fields(holder));
        }
        if let Some(asker) = code.asker {
            record.insert("asker", asker.to_string());
        }
        match self.codes.insert_one(record).await {
            Err(error) if is_duplicate(&error) => Ok(false),
            result => result.map(|_| true).map_err(Into::into),
        }
    }

    async fn use_up(&self, code: Code, now: i64) -> Result<Option<(PersonId, u16)>, Error> {
        let given = doc! { "_id": i64::from(code.number()), "expires": { "$gt": now }, "asker": { "$exists": false } };
        // One command, so that one caller gets it; the driver's own retry of it gets the first answer again.
        let found = self.codes.find_one_and_delete(given).await?;
        Ok(found.as_ref().map(holder).transpose()?.flatten())
    }

    async fn allow(&self, code: Code, holder: (PersonId, u16), now: i64) -> Result<bool, Error> {
        let asked = doc! {
            "_id": i64::from(code.number()),
            "expires": { "$gt": now },
            "asker": { "$exists": true },
            "person": { "$exists": false },
        };
        let allowed = self.codes.update_one(asked, doc! { "$set": holder_fields(holder) }).await?;
        Ok(allowed.matched_count == 1)
    }

    async fn asked(&self, asker: SecretHash, now: i64) -> Result<Option<SignInCode>, Error> {
        let asked = doc! { "asker": asker.to_string(), "expires": { "$gt": now } };
        let Some(record) = self.codes.find_one(asked).await? else { return Ok(None) };
        let id = u32::try_from(number(&record, "_id")?).ok().and_then(Code::from_number);
        let code = id.ok_or_else(|| Error::broken("a code has six digits"))?;
        Ok(Some(SignInCode {
            code,
            holder: holder(&record)?,
            asker: Some(asker),
            expires: number(&record, "expires")?,
        }))
    }

    async fn use_up_asked(&self, asker: SecretHash, now: i64) -> Result<Option<(PersonId, u16)>, Error> {
        let allowed = doc! { "asker": asker.to_string(), "expires": { "$gt": now }, "person": { "$exists": true } };
        let found = self.codes.find_one_and_delete(allowed).await?;
        Ok(found.as_ref().map(holder).transpose()?.flatten())
    }
}

fn holder_fields((person, version): (PersonId, u16)) -> Document {
    doc! { "person": i64::from(person.0), "version": i32::from(version) }
}

fn holder(record: &Document) -> Result<Option<(PersonId, u16)>, Error> {
    let Some(person) = person(record, "person")? else { return Ok(None) };
    Ok(Some((person, u16::try_from(number(record, "version")?).map_err(Error::broken)?)))
}
