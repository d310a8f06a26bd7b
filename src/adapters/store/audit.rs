//! What admins did.

use super::Error;
use super::face::{ask, face};
use crate::domain::deed::Deed;
use crate::domain::person::PersonId;
use crate::domain::text;

face! {
    /// What admins did. It only grows.
    Audit / AuditBackend {
        /// Deeds, the newest first; `whom`: those that were done to a person.
        async fn page(&self, whom: Option<PersonId>, skip: u32, limit: u32) -> Result<Vec<Deed>, Error>;
    }
    by_hand {
        async fn add(&self, deed: &Deed) -> Result<(), Error>;
    }
}

impl Audit {
    pub async fn add(&self, deed: &Deed) -> Result<(), Error> {
        let deed = Deed {
            what: text::line(&deed.what, text::WORD),
            detail: text::line(&deed.detail, text::NAME),
            ..deed.clone()
        };
        ask!(self, AuditBackend::add(&deed))
    }
}
