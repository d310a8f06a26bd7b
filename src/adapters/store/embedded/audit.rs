//! What admins did.

use rusqlite::{Row, params, params_from_iter};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::audit::AuditBackend;
use crate::domain::deed::Deed;
use crate::domain::person::PersonId;

impl AuditBackend for Embedded {
    async fn add(&self, deed: &Deed) -> Result<(), Error> {
        let Deed { at, who, what, whom, detail } = deed.clone();
        self.write(Commit::Durable, move |db| {
            db.prepare_cached("INSERT INTO deeds(at, who, what, whom, detail) VALUES(?, ?, ?, ?, ?)")?
                .execute(params![at, who.map(|p| p.0), what, whom.map(|p| p.0), detail])?;
            Ok(())
        })
        .await
    }

    async fn page(&self, whom: Option<PersonId>, skip: u32, limit: u32) -> Result<Vec<Deed>, Error> {
        self.read(move |db| {
            let narrowed = if whom.is_some() { "WHERE whom = ?" } else { "" };
            let sql = format!(
                "SELECT at, who, what, whom, detail FROM deeds {narrowed} ORDER BY id DESC LIMIT {limit} OFFSET {skip}"
            );
            let mut query = db.prepare(&sql)?;
            let deeds = query.query_map(params_from_iter(whom.map(|p| p.0)), read)?.collect::<Result<_, _>>()?;
            Ok(deeds)
        })
        .await
    }
}

fn read(row: &Row<'_>) -> Result<Deed, rusqlite::Error> {
    Ok(Deed {
        at: row.get(0)?,
        who: row.get::<_, Option<u32>>(1)?.map(PersonId),
        what: row.get(2)?,
        whom: row.get::<_, Option<u32>>(3)?.map(PersonId),
        detail: row.get(4)?,
    })
}
