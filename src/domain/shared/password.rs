//! A link's password: kept as Argon2id's own text (`$argon2id$v=19$...`), never as it was given.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

/// The hash of a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("a password has at least {SHORTEST} letters")]
    TooShort,
    #[error("a password has at most {LONGEST} letters")]
    TooLong,
}

const SHORTEST: usize = 4;
/// Bytes. Hashing reads all of it.
const LONGEST: usize = 200;

/// OWASP's least for Argon2id: 19 MiB, two passes. 20 ms of a core, and no more memory than a small machine has for several at once.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl Password {
    /// Takes some 20 ms: not for a thread that others wait for. `salt` is random.
    pub fn new(given: &str, salt: [u8; 16]) -> Result<Self, PasswordError> {
        if given.chars().count() < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        if given.len() > LONGEST {
            return Err(PasswordError::TooLong);
        }
        let salt = SaltString::encode_b64(&salt).expect("16 bytes are a salt");
        let hash = argon2().hash_password(given.as_bytes(), &salt).expect("lengths are within Argon2's");
        Ok(Self(hash.to_string()))
    }

    /// Differs for the same password, each time that it was set.
    pub(super) fn hash(&self) -> &str {
        &self.0
    }

    /// Takes as long as [`Password::new`].
    pub fn is(&self, given: &str) -> bool {
        given.len() <= LONGEST
            && PasswordHash::new(&self.0).is_ok_and(|hash| argon2().verify_password(given.as_bytes(), &hash).is_ok())
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
