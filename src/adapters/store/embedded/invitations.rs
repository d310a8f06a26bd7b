//! Invitations.

use rusqlite::{OptionalExtension, Row, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::invitations::InvitationsBackend;
use crate::domain::access::SecretHash;
use crate::domain::person::{Invitation, PersonId};

const FIELDS: &str = "hash, role, uses, created, expires, made_by, person";

impl InvitationsBackend for Embedded {
    async fn add(&self, invitation: &Invitation) -> Result<(), Error> {
        let Invitation { id, role, uses, created, expires, made_by, person } = invitation.clone();
        self.write(Commit::Durable, move |db| {
            db.execute("DELETE FROM invitations WHERE expires <= ?", [created])?;
            db.execute(
                &format!("INSERT OR REPLACE INTO invitations({FIELDS}) VALUES(?, ?, ?, ?, ?, ?, ?)"),
                params![id.0, role.word(), uses, created, expires, made_by.map(|p| p.0), person.map(|p| p.0)],
            )?;
            Ok(())
        })
        .await
    }

    async fn get(&self, id: SecretHash, now: i64) -> Result<Option<Invitation>, Error> {
        self.read(move |db| {
            let sql = format!("SELECT {FIELDS} FROM invitations WHERE hash = ? AND expires > ? AND uses > 0");
            db.prepare_cached(&sql)?.query_row((id.0, now), |row| Ok(read(row))).optional()?.transpose()
        })
        .await
    }

    async fn all(&self, now: i64) -> Result<Vec<Invitation>, Error> {
        self.read(move |db| {
            let sql =
                format!("SELECT {FIELDS} FROM invitations WHERE expires > ? AND uses > 0 ORDER BY created DESC, hash");
            db.prepare_cached(&sql)?.query_and_then([now], read)?.collect()
        })
        .await
    }

    async fn use_up(&self, id: SecretHash, now: i64) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| {
            let sql = "UPDATE invitations SET uses = uses - 1 WHERE hash = ? AND expires > ? AND uses > 0";
            Ok(db.execute(sql, (id.0, now))? == 1)
        })
        .await
    }

    async fn give_back(&self, id: SecretHash) -> Result<(), Error> {
        self.write(Commit::Durable, move |db| {
            db.execute("UPDATE invitations SET uses = uses + 1 WHERE hash = ?", [id.0])?;
            Ok(())
        })
        .await
    }

    async fn remove(&self, id: SecretHash) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| Ok(db.execute("DELETE FROM invitations WHERE hash = ?", [id.0])? == 1))
            .await
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| Ok(db.execute("DELETE FROM invitations WHERE expires <= ?", [now])? as u64))
            .await
    }
}

fn read(row: &Row<'_>) -> Result<Invitation, Error> {
    Ok(Invitation {
        id: SecretHash(row.get(0)?),
        role: row.get::<_, String>(1)?.parse().map_err(Error::broken)?,
        uses: row.get(2)?,
        created: row.get(3)?,
        expires: row.get(4)?,
        made_by: row.get::<_, Option<u32>>(5)?.map(PersonId),
        person: row.get::<_, Option<u32>>(6)?.map(PersonId),
    })
}
