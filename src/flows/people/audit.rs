//! What admins did. Each act notes itself where it is done, so that none is forgotten.

use super::{Actor, Error, People};
use crate::domain::deed::Deed;
use crate::domain::person::{Action, PersonId};

impl People {
    /// What was done, the newest first; `whom`: to one person.
    pub async fn deeds(
        &self,
        whom: Option<PersonId>,
        (skip, limit): (u32, u32),
        by: Actor<'_>,
        now: i64,
    ) -> Result<Vec<Deed>, Error> {
        by.check(Action::ReadAudit, now)?;
        Ok(self.store.audit().page(whom, skip, limit).await?)
    }

    /// Notes an act that was done just now. It stands already, so a failure says that it is not noted, and does not undo it.
    pub async fn note(
        &self,
        what: &str,
        whom: Option<PersonId>,
        detail: &str,
        by: Actor<'_>,
        now: i64,
    ) -> Result<(), Error> {
        let deed = Deed { at: now, who: by.id(), what: what.to_owned(), whom, detail: detail.to_owned() };
        Ok(self.store.audit().add(&deed).await?)
    }
}
