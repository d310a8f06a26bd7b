//! What admins did, for the audit.

use super::person::PersonId;

/// Something that was done to the place or to its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Unix seconds.
    pub at: i64,
    /// `None` for somebody at the terminal.
    pub who: Option<PersonId>,
    /// In a short word for each kind: `person.ban`.
    pub what: String,
    /// To whom, when it was done to somebody.
    pub whom: Option<PersonId>,
    /// A short sentence more, such as the reason that was given. No secret.
    pub detail: String,
}
