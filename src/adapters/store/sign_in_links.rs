//! One-time links that sign a browser in. Of each only its secret's hash is stored.

use super::Error;
use super::face::face;
use crate::domain::access::SecretHash;
use crate::domain::person::SignInLink;

face! {
    /// One-time links that can still be used.
    SignInLinks / SignInLinksBackend {
        async fn add(&self, link: &SignInLink) -> Result<(), Error>;

        /// A link that is there and not expired, without using it up.
        async fn get(&self, hash: SecretHash, now: i64) -> Result<Option<SignInLink>, Error>;

        /// Uses a link up: exactly one caller gets it, before it expires.
        async fn use_up(&self, hash: SecretHash, now: i64) -> Result<Option<SignInLink>, Error>;

        /// Removes the links that expired at `now` or before. Returns how many there were.
        async fn remove_expired(&self, now: i64) -> Result<u64, Error>;
    }
}
