//! Invitations.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};

use super::records::{expiry, person, put, remove_expired};
use super::{Mongo, index, number};
use crate::adapters::store::Error;
use crate::adapters::store::invitations::InvitationsBackend;
use crate::domain::access::SecretHash;
use crate::domain::person::Invitation;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![index("invitations", "newest", doc! { "created": -1, "_id": 1 })]
}

impl InvitationsBackend for Mongo {
    async fn add(&self, invitation: &Invitation) -> Result<(), Error> {
        let mut set = expiry(invitation.expires);
        set.extend(doc! {
            "role": invitation.role.word(),
            "uses": i64::from(invitation.uses),
            "created": invitation.created,
            "made_by": invitation.made_by.map(|p| i64::from(p.0)),
            "person": invitation.person.map(|p| i64::from(p.0)),
        });
        put(&self.invitations, invitation.id.to_string(), set).await
    }

    async fn get(&self, id: SecretHash, now: i64) -> Result<Option<Invitation>, Error> {
        self.invitations.find_one(usable(Some(id), now)).await?.as_ref().map(read).transpose()
    }

    async fn all(&self, now: i64) -> Result<Vec<Invitation>, Error> {
        let found = self.invitations.find(usable(None, now)).sort(doc! { "created": -1, "_id": 1 }).await?;
        let records: Vec<Document> = found.try_collect().await?;
        records.iter().map(read).collect()
    }

    async fn use_up(&self, id: SecretHash, now: i64) -> Result<bool, Error> {
        let one_less = doc! { "$inc": { "uses": -1_i64 } };
        Ok(self.invitations.update_one(usable(Some(id), now), one_less).await?.matched_count == 1)
    }

    async fn give_back(&self, id: SecretHash) -> Result<(), Error> {
        self.invitations.update_one(doc! { "_id": id.to_string() }, doc! { "$inc": { "uses": 1_i64 } }).await?;
        Ok(())
    }

    async fn remove(&self, id: SecretHash) -> Result<bool, Error> {
        Ok(self.invitations.delete_one(doc! { "_id": id.to_string() }).await?.deleted_count == 1)
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        remove_expired(&self.invitations, now).await
    }
}

fn usable(id: Option<SecretHash>, now: i64) -> Document {
    let mut which = doc! { "expires": { "$gt": now }, "uses": { "$gt": 0_i64 } };
    if let Some(id) = id {
        which.insert("_id", id.to_string());
    }
    which
}

fn read(record: &Document) -> Result<Invitation, Error> {
    Ok(Invitation {
        id: record.get_str("_id").map_err(Error::broken)?.parse().map_err(Error::broken)?,
        role: record.get_str("role").map_err(Error::broken)?.parse().map_err(Error::broken)?,
        uses: u32::try_from(number(record, "uses")?).map_err(Error::broken)?,
        created: number(record, "created")?,
        expires: number(record, "expires")?,
        made_by: person(record, "made_by")?,
        person: person(record, "person")?,
    })
}
