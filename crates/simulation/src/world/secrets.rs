//! What differs between accounts: access hashes, and file references, which grow old. Both are made from the seed, so
//! they can be checked without being remembered.
//!
//! ```text
//! file reference   generation (4) | seconds when it was made (4) | MAC (12)
//! ```

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::super::refusal::Refusal;
use super::World;
use mtproto::AuthKey;

/// Until when a file reference is good.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct ReferenceAge {
    pub now: i32,
    pub lifetime: Duration,
}

impl World {
    /// An account's authorization key for a DC, made beforehand instead of being agreed with each client. The same seed
    /// gives the same keys, so sessions outlive the simulation.
    pub fn auth_key(&self, account: i64, dc: i32) -> AuthKey {
        let mut bytes = [0; 256];
        for (n, part) in (0u8..).zip(bytes.chunks_exact_mut(32)) {
            let hash = Sha256::new()
                .chain_update(b"cinepost sim auth key")
                .chain_update(self.seed.to_le_bytes())
                .chain_update(account.to_le_bytes())
                .chain_update(dc.to_le_bytes())
                .chain_update([n]);
            part.copy_from_slice(&hash.finalize());
        }
        AuthKey::from_bytes(bytes)
    }

    pub fn user_hash(&self, account: i64, user: i64) -> i64 {
        self.hash(b"user", account, user)
    }

    pub fn channel_hash(&self, account: i64, channel: i64) -> i64 {
        self.hash(b"channel", account, channel)
    }

    pub fn document_hash(&self, account: i64, document: i64) -> i64 {
        self.hash(b"document", account, document)
    }

    pub fn file_reference(&self, account: i64, document: i64, now: i32) -> Vec<u8> {
        let generation = self.account(account).map_or(0, |a| a.reference_generation);
        self.reference(account, document, generation, now)
    }

    pub fn check_reference(
        &self,
        account: i64,
        document: i64,
        reference: &[u8],
        age: ReferenceAge,
    ) -> Result<(), Refusal> {
        if reference.is_empty() {
            return Err(Refusal::bad("FILE_REFERENCE_EMPTY"));
        }
        let Some(([a, b, c, d, e, f, g, h], _)) = reference.split_first_chunk() else {
            return Err(Refusal::bad("FILE_REFERENCE_INVALID"));
        };
        let generation = u32::from_le_bytes([*a, *b, *c, *d]);
        let made = i32::from_le_bytes([*e, *f, *g, *h]);
        if reference != self.reference(account, document, generation, made) {
            return Err(Refusal::bad("FILE_REFERENCE_INVALID"));
        }
        let is_current = self.account(account).is_some_and(|a| a.reference_generation == generation);
        let is_fresh = i64::from(age.now) - i64::from(made) < age.lifetime.as_secs() as i64;
        if is_current && is_fresh { Ok(()) } else { Err(Refusal::bad("FILE_REFERENCE_EXPIRED")) }
    }

    fn reference(&self, account: i64, document: i64, generation: u32, made: i32) -> Vec<u8> {
        let mac = self
            .digest(b"reference", account, document)
            .chain_update(generation.to_le_bytes())
            .chain_update(made.to_le_bytes())
            .finalize();
        [&generation.to_le_bytes()[..], &made.to_le_bytes(), &mac[..12]].concat()
    }

    /// The secret part of an account's token.
    pub fn token(&self, account: i64) -> String {
        let secret = self.digest(b"token", account, 0).finalize();
        format!("{account}:{}", super::super::content::hex(&secret[..16]))
    }

    fn hash(&self, kind: &[u8], account: i64, id: i64) -> i64 {
        let digest = self.digest(kind, account, id).finalize();
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest[..8]);
        // 0 means "none given".
        i64::from_le_bytes(bytes) | 1
    }

    fn digest(&self, kind: &[u8], account: i64, id: i64) -> Sha256 {
        Sha256::new()
            .chain_update(self.seed.to_le_bytes())
            .chain_update(kind)
            .chain_update(account.to_le_bytes())
            .chain_update(id.to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Account;

    #[test]
    fn keys_differ_by_seed_account_and_dc_and_stay_the_same() {
        let key = |seed, account, dc| World { seed, ..World::default() }.auth_key(account, dc);
        let ids = [(1, 1001, 2), (1, 1001, 4), (1, 1002, 2), (2, 1001, 2)].map(|(s, a, d)| key(s, a, d).id);
        for (n, id) in ids.iter().enumerate() {
            assert!(!ids[..n].contains(id));
        }
        assert_eq!(key(1, 1001, 2).as_bytes(), key(1, 1001, 2).as_bytes());
    }

    #[test]
    fn a_reference_is_good_for_one_account_and_document_and_for_a_while() {
        let account = |id| Account { id, ..Account::default() };
        let mut world = World { seed: 1, accounts: vec![account(1), account(2)], ..World::default() };
        let reference = world.file_reference(1, 7, 1000);
        let check = |world: &World, account, document, reference: &[u8], now| {
            let age = ReferenceAge { now, lifetime: Duration::from_secs(60) };
            world.check_reference(account, document, reference, age).map_err(|e| e.message.into_owned())
        };
        let mut forged = reference.clone();
        forged[5] ^= 1;
        for (account, document, reference, now, wanted) in [
            (1, 7, &reference[..], 1000, Ok(())),
            (1, 7, &reference, 1059, Ok(())),
            (1, 7, &reference, 1060, Err("FILE_REFERENCE_EXPIRED")),
            (2, 7, &reference, 1000, Err("FILE_REFERENCE_INVALID")),
            (1, 8, &reference, 1000, Err("FILE_REFERENCE_INVALID")),
            (1, 7, &forged, 1000, Err("FILE_REFERENCE_INVALID")),
            (1, 7, &reference[..7], 1000, Err("FILE_REFERENCE_INVALID")),
            (1, 7, &[], 1000, Err("FILE_REFERENCE_EMPTY")),
        ] {
            assert_eq!(check(&world, account, document, reference, now), wanted.map_err(str::to_owned));
        }
        world.accounts[0].reference_generation += 1;
        assert_eq!(check(&world, 1, 7, &reference, 1000), Err("FILE_REFERENCE_EXPIRED".to_owned()));
        assert_eq!(check(&world, 1, 7, &world.file_reference(1, 7, 1000), 1000), Ok(()));
    }

    #[test]
    fn access_hashes_differ_per_account() {
        let world = World { seed: 1, ..World::default() };
        assert_ne!(world.document_hash(1, 7), world.document_hash(2, 7));
        assert_ne!(world.document_hash(1, 7), world.channel_hash(1, 7));
        assert_ne!(world.token(1), World { seed: 2, ..World::default() }.token(1));
    }
}
