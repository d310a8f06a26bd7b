//! Browsers that people are signed in with, and the links that let them in.

use super::super::access::SecretHash;
use super::PersonId;

/// A browser in which somebody signed in. It counts until `ends`, and while the person's access version is still `version`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of the secret that the browser keeps.
    pub id: SecretHash,
    pub person: PersonId,
    pub version: u16,
    /// Unix seconds, as are the other times.
    pub created: i64,
    pub seen: i64,
    pub ends: i64,
    /// What the browser called itself when it signed in, shortened.
    pub agent: String,
    /// Where it signed in from: an IP address, empty when that is not known.
    pub address: String,
}

/// A link that lets one browser in, once. It counts while the person's access version is still `version`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInLink {
    /// The hash of the secret in the link.
    pub hash: SecretHash,
    pub person: PersonId,
    pub version: u16,
    /// Unix seconds.
    pub expires: i64,
}
