//! One-time links that sign a browser in. Of each only its secret's hash is stored.

use super::Error;
use super::face::face;
use crate::domain::access::SecretHash;

face! {
    /// One-time links that can still be used.
    SignInLinks / SignInLinksBackend {
        /// Stores a link until `expires` (unix seconds).
        async fn add(&self, hash: SecretHash, expires: i64) -> Result<(), Error>;

        /// Whether a link is there and not expired, without using it up.
        async fn is_valid(&self, hash: SecretHash, now: i64) -> Result<bool, Error>;

        /// Uses a link up: true for exactly one caller, before it expires.
        async fn use_up(&self, hash: SecretHash, now: i64) -> Result<bool, Error>;

        /// Removes the links that expired at `now` or before. Returns how many there were.
        async fn remove_expired(&self, now: i64) -> Result<u64, Error>;
    }
}
