//! Invitations. Of each only its secret's hash is stored.

use super::Error;
use super::face::face;
use crate::domain::access::SecretHash;
use crate::domain::person::Invitation;

face! {
    /// Invitations that may still be good.
    Invitations / InvitationsBackend {
        /// Stores an invitation, and may forget those that had expired when it was made.
        async fn add(&self, invitation: &Invitation) -> Result<(), Error>;

        /// An invitation that can be used now.
        async fn get(&self, id: SecretHash, now: i64) -> Result<Option<Invitation>, Error>;

        /// All that can be used now, the newest first.
        async fn all(&self, now: i64) -> Result<Vec<Invitation>, Error>;

        /// Takes one of its uses: true for no more callers than it has uses, before it expires.
        async fn use_up(&self, id: SecretHash, now: i64) -> Result<bool, Error>;

        /// Gives a use back that came to nothing.
        async fn give_back(&self, id: SecretHash) -> Result<(), Error>;

        /// Takes an invitation back. Returns whether it was there.
        async fn remove(&self, id: SecretHash) -> Result<bool, Error>;

        /// Removes the invitations that expired at `now` or before. Returns how many there were.
        async fn remove_expired(&self, now: i64) -> Result<u64, Error>;
    }
}
