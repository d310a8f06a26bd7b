//! Sign-in codes that are out.

use rusqlite::{OptionalExtension, Row, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::codes::CodesBackend;
use crate::domain::access::SecretHash;
use crate::domain::person::{Code, PersonId, SignInCode};

impl CodesBackend for Embedded {
    async fn add(&self, code: &SignInCode, now: i64) -> Result<bool, Error> {
        let SignInCode { code, holder, asker, expires } = *code;
        self.write(Commit::Durable, move |db| {
            db.execute("DELETE FROM codes WHERE expires <= ?", [now])?;
            let (person, version) = holder.map(|(person, version)| (person.0, version)).unzip();
            let added = db.execute(
                "INSERT OR IGNORE INTO codes(code, person, version, asker, expires) VALUES(?, ?, ?, ?, ?)",
                params![code.number(), person, version, asker.map(|asker| asker.0), expires],
            )?;
            Ok(added == 1)
        })
        .await
    }

    async fn use_up(&self, code: Code, now: i64) -> Result<Option<(PersonId, u16)>, Error> {
        self.write(Commit::Durable, move |db| {
            let sql = "DELETE FROM codes WHERE code = ? AND expires > ? AND asker IS NULL RETURNING person, version";
            Ok(db.prepare_cached(sql)?.query_row((code.number(), now), holder).optional()?)
        })
        .await
    }

    async fn allow(&self, code: Code, (person, version): (PersonId, u16), now: i64) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| {
            let sql = "UPDATE codes SET person = ?, version = ? \
                       WHERE code = ? AND expires > ? AND asker IS NOT NULL AND person IS NULL";
            Ok(db.execute(sql, (person.0, version, code.number(), now))? == 1)
        })
        .await
    }

    async fn asked(&self, asker: SecretHash, now: i64) -> Result<Option<SignInCode>, Error> {
        self.read(move |db| {
            let sql = "SELECT code, person, version, expires FROM codes WHERE asker = ? AND expires > ?";
            let row = |row: &Row<'_>| {
                let (person, version): (Option<u32>, Option<u16>) = (row.get(1)?, row.get(2)?);
                Ok((row.get::<_, u32>(0)?, person.map(PersonId).zip(version), row.get::<_, i64>(3)?))
            };
            let Some((number, holder, expires)) = db.prepare_cached(sql)?.query_row((asker.0, now), row).optional()?
            else {
                return Ok(None);
            };
            let code = Code::from_number(number).ok_or_else(|| Error::broken(format!("{number} is no code")))?;
            Ok(Some(SignInCode { code, holder, asker: Some(asker), expires }))
        })
        .await
    }

    async fn use_up_asked(&self, asker: SecretHash, now: i64) -> Result<Option<(PersonId, u16)>, Error> {
        self.write(Commit::Durable, move |db| {
            let sql =
                "DELETE FROM codes WHERE asker = ? AND expires > ? AND person IS NOT NULL RETURNING person, version";
            Ok(db.prepare_cached(sql)?.query_row((asker.0, now), holder).optional()?)
        })
        .await
    }
}

fn holder(row: &Row<'_>) -> Result<(PersonId, u16), rusqlite::Error> {
    Ok((PersonId(row.get(0)?), row.get(1)?))
}
