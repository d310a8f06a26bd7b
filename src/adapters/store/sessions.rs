//! Browsers that are signed in.

use super::Error;
use super::face::face;
use crate::domain::access::SecretHash;
use crate::domain::person::Session;

face! {
    /// Browsers that are signed in.
    Sessions / SessionsBackend {
        /// Stores a session, and may forget those that were over when it began.
        async fn put(&self, session: &Session) -> Result<(), Error>;

        /// A session by its id, over or not.
        async fn get(&self, id: SecretHash) -> Result<Option<Session>, Error>;

        /// Sessions that end after `now`, the one seen last first.
        async fn all(&self, now: i64) -> Result<Vec<Session>, Error>;

        /// Records when a session was used.
        async fn set_seen(&self, id: SecretHash, seen: i64) -> Result<(), Error>;

        /// Ends a session. Returns whether it was there.
        async fn remove(&self, id: SecretHash) -> Result<bool, Error>;

        /// Removes the sessions that are over at `now`. Returns how many there were.
        async fn remove_expired(&self, now: i64) -> Result<u64, Error>;
    }
}
