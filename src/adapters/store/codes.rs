//! Sign-in codes that are out.

use super::Error;
use super::face::face;
use crate::domain::access::SecretHash;
use crate::domain::person::{Code, PersonId, SignInCode};

face! {
    /// Sign-in codes that are out. Each lets one browser in, once.
    Codes / CodesBackend {
        /// Stores a code until it expires, and may forget those that have. `false` when it is out already.
        async fn add(&self, code: &SignInCode, now: i64) -> Result<bool, Error>;

        /// Uses up a code that was given to its person: exactly one caller gets who that is, before it expires.
        async fn use_up(&self, code: Code, now: i64) -> Result<Option<(PersonId, u16)>, Error>;

        /// Says whom a browser's code lets in. `false` when no browser asked, it has expired, or somebody said so before.
        async fn allow(&self, code: Code, holder: (PersonId, u16), now: i64) -> Result<bool, Error>;

        /// The code that a browser asked for, if it has not expired.
        async fn asked(&self, asker: SecretHash, now: i64) -> Result<Option<SignInCode>, Error>;

        /// Uses up what a browser asked for, once somebody said yes: exactly one caller gets whom it lets in.
        async fn use_up_asked(&self, asker: SecretHash, now: i64) -> Result<Option<(PersonId, u16)>, Error>;
    }
}
