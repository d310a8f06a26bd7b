//! What one account keeps between runs, in the [`Vault`]: its authorization key for each DC, its home DC, who it is signed in
//! as, and to which DCs the sign-in was brought. A restart finds all of it and signs nobody in again.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddrV4;
use std::sync::{Arc, Mutex, PoisonError};

use grammers_session::SessionData;
use serde::{Deserialize, Serialize};

use crate::adapters::telegram::vault::{load_record, save_record};
use crate::adapters::telegram::{Vault, VaultError};
use crate::domain::telegram_id::{Dc, UserId};

/// One account's session, shared by all of its connections.
pub struct Session {
    vault: Arc<dyn Vault>,
    vault_key: String,
    /// Not with addresses and keys that were handed over: there a DC without a key is unknown.
    can_make_keys: bool,
    kept: Mutex<Kept>,
}

/// Who is signed in, as Telegram says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub id: UserId,
    pub username: Option<String>,
}

/// Where a DC is, and our key there when there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DcOption {
    pub address: SocketAddrV4,
    pub key: Option<[u8; 256]>,
}

/// Addresses and keys that were handed over (a simulation's): they count anew at each start, and no key can be made.
pub struct Given {
    pub home_dc: Dc,
    pub dcs: BTreeMap<Dc, DcOption>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    home_dc: Dc,
    identity: Option<Identity>,
    dcs: BTreeMap<Dc, KeptDc>,
    /// Foreign DCs that accepted the exported authorization.
    authorized: BTreeSet<Dc>,
    /// Addresses for files, of those DCs that have one.
    #[serde(default)]
    media: BTreeMap<Dc, SocketAddrV4>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct KeptDc {
    address: SocketAddrV4,
    #[serde(with = "hex_key")]
    key: Option<[u8; 256]>,
}

mod hex_key {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, Serializer};

    pub fn serialize<S: Serializer>(key: &Option<[u8; 256]>, to: S) -> Result<S::Ok, S::Error> {
        key.as_ref().map(super::key_to_hex).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[u8; 256]>, D::Error> {
        Option::<String>::deserialize(from)?
            .map(|hex| super::key_from_hex(&hex).ok_or_else(|| D::Error::custom("not an authorization key")))
            .transpose()
    }
}

impl Session {
    /// Takes up what an earlier run kept of `account`, or begins anew. With addresses and keys that are `given`, those count.
    pub fn open(vault: Arc<dyn Vault>, account: UserId, given: Option<Given>) -> Result<Self, VaultError> {
        let vault_key = format!("telegram/bot/{account}");
        let mut kept = load_record(&*vault, &vault_key)?.unwrap_or_else(Kept::fresh);
        let can_make_keys = given.is_none();
        if let Some(given) = given {
            kept.home_dc = given.home_dc;
            kept.media.clear();
            kept.dcs =
                given.dcs.into_iter().map(|(id, DcOption { address, key })| (id, KeptDc { address, key })).collect();
        }
        Ok(Self { vault, vault_key, can_make_keys, kept: Mutex::new(kept) })
    }

    pub fn home_dc(&self) -> Dc {
        self.read(|kept| kept.home_dc)
    }

    /// Who is signed in; `None` before the first sign-in and after [`Self::sign_out`].
    pub fn identity(&self) -> Option<Identity> {
        self.read(|kept| kept.identity.clone())
    }

    pub fn is_authorized_in(&self, dc: Dc) -> bool {
        self.read(|kept| kept.home_dc == dc || kept.authorized.contains(&dc))
    }

    pub fn move_home(&self, dc: Dc) -> Result<(), VaultError> {
        self.change(|kept| kept.home_dc = dc)
    }

    pub fn sign_in(&self, identity: Identity) -> Result<(), VaultError> {
        self.change(|kept| kept.identity = Some(identity))
    }

    /// Telegram does not know the sign-in any more, here and therefore anywhere.
    pub fn sign_out(&self) -> Result<(), VaultError> {
        self.change(|kept| {
            kept.identity = None;
            kept.authorized.clear();
        })
    }

    /// Telegram will never accept these keys again (AUTH_KEY_DUPLICATED). Given keys stay: there are no others.
    pub fn forget_keys(&self) -> Result<(), VaultError> {
        if !self.can_make_keys {
            return Ok(());
        }
        self.change(|kept| kept.dcs.values_mut().for_each(|dc| dc.key = None))
    }

    pub fn set_authorized_in(&self, dc: Dc) -> Result<(), VaultError> {
        self.change(|kept| {
            kept.authorized.insert(dc);
        })
    }

    /// A DC's address, and our key there when there is one.
    pub fn dc(&self, id: Dc) -> Option<DcOption> {
        self.read(|kept| {
            let dc = kept.dcs.get(&id).filter(|dc| dc.key.is_some() || self.can_make_keys)?;
            Some(DcOption { address: dc.address, key: dc.key })
        })
    }

    /// Where a DC is asked for files, when that is another address than for everything else.
    pub fn media_address(&self, dc: Dc) -> Option<SocketAddrV4> {
        self.read(|kept| kept.media.get(&dc).copied())
    }

    /// Where Telegram says that its DCs are: for files, and for everything. One that it does not name stays where it was.
    pub fn set_addresses(
        &self,
        media: BTreeMap<Dc, SocketAddrV4>,
        common: &BTreeMap<Dc, SocketAddrV4>,
    ) -> Result<(), VaultError> {
        let is_known = |kept: &Kept| {
            kept.media == media && common.iter().all(|(id, at)| kept.dcs.get(id).is_some_and(|dc| dc.address == *at))
        };
        if self.read(is_known) {
            return Ok(());
        }
        self.change(|kept| {
            kept.media = media;
            for (&id, &address) in common {
                kept.dcs.entry(id).or_insert(KeptDc { address, key: None }).address = address;
            }
        })
    }

    pub fn set_key(&self, dc: Dc, key: [u8; 256]) -> Result<(), VaultError> {
        self.change(|kept| {
            if let Some(dc) = kept.dcs.get_mut(&dc) {
                dc.key = Some(key);
            }
        })
    }

    /// Telegram does not know our key there. Returns whether another can be made.
    pub fn forget_key(&self, dc: Dc) -> Result<bool, VaultError> {
        if self.can_make_keys {
            self.change(|kept| kept.dcs.get_mut(&dc).into_iter().for_each(|dc| dc.key = None))?;
        }
        Ok(self.can_make_keys)
    }

    fn read<T>(&self, ask: impl FnOnce(&Kept) -> T) -> T {
        ask(&self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes and saves under one lock, so that the vault never goes back to an older state.
    fn change(&self, apply: impl FnOnce(&mut Kept)) -> Result<(), VaultError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        apply(&mut kept);
        save_record(&*self.vault, &self.vault_key, &*kept)
    }
}

/// An authorization key as 512 hexadecimal digits.
pub fn key_from_hex(hex: &str) -> Option<[u8; 256]> {
    let digits = hex.as_bytes();
    if digits.len() != 512 {
        return None;
    }
    let digit = |c: u8| (c as char).to_digit(16).map(|d| d as u8);
    let mut key = [0; 256];
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(key)
}

fn key_to_hex(key: &[u8; 256]) -> String {
    key.iter().map(|b| format!("{b:02x}")).collect()
}

impl Kept {
    fn fresh() -> Self {
        let known = SessionData::default();
        let dcs =
            known.dc_options.into_iter().map(|(id, dc)| (Dc(id), KeptDc { address: dc.ipv4, key: None })).collect();
        Self { home_dc: Dc(known.home_dc), identity: None, dcs, authorized: BTreeSet::new(), media: BTreeMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    use crate::adapters::telegram::MemoryVault;

    fn open(vault: &Arc<MemoryVault>, given: Option<Given>) -> Session {
        Session::open(Arc::clone(vault) as Arc<dyn Vault>, UserId(1001), given).expect("the vault works")
    }

    fn given(port: u16) -> Option<Given> {
        let at = |port, key| DcOption { address: SocketAddrV4::new(Ipv4Addr::LOCALHOST, port), key };
        let dcs = BTreeMap::from([(Dc(2), at(port, Some([0xa7; 256]))), (Dc(4), at(port + 1, None))]);
        Some(Given { home_dc: Dc(2), dcs })
    }

    fn me() -> Identity {
        Identity { id: UserId(1001), username: Some("films_bot".to_owned()) }
    }

    #[test]
    fn a_second_start_finds_keys_home_and_identity() {
        let vault = Arc::default();
        let first = open(&vault, None);
        assert_eq!((first.identity(), first.is_authorized_in(Dc(4))), (None, false));
        let made = DcOption { key: Some([9; 256]), ..first.dc(Dc(4)).expect("DC 4 is known") };
        first.set_key(Dc(4), [9; 256]).and_then(|()| first.move_home(Dc(5))).expect("saved");
        first.sign_in(me()).and_then(|()| first.set_authorized_in(Dc(4))).expect("saved");

        let second = open(&vault, None);
        assert_eq!((second.home_dc(), second.identity(), second.dc(Dc(4))), (Dc(5), Some(me()), Some(made)));
        assert!(second.is_authorized_in(Dc(4)) && second.is_authorized_in(Dc(5)) && !second.is_authorized_in(Dc(1)));

        second.sign_out().expect("saved");
        let third = open(&vault, None);
        assert_eq!((third.identity(), third.is_authorized_in(Dc(4))), (None, false));
    }

    #[test]
    fn given_addresses_and_keys_count_anew_each_time() {
        let vault = Arc::default();
        open(&vault, given(40_002)).sign_in(me()).expect("saved");
        let again = open(&vault, given(50_002));
        let dc = again.dc(Dc(2)).expect("has a key");
        assert_eq!((dc.address.port(), dc.key, again.identity()), (50_002, Some([0xa7; 256]), Some(me())));
        assert_eq!(again.dc(Dc(4)), None, "no key was handed over for it and none can be made");
    }

    #[test]
    fn a_forgotten_key_is_made_anew_where_that_is_possible_and_addresses_keep_keys() {
        let (real, lab) = (open(&Arc::default(), None), open(&Arc::default(), given(40_002)));
        real.set_key(Dc(2), [9; 256]).expect("saved");
        let moved: SocketAddrV4 = "192.0.2.2:443".parse().expect("an address");
        real.set_addresses(BTreeMap::new(), &BTreeMap::from([(Dc(2), moved)])).expect("saved");
        assert_eq!(real.dc(Dc(2)), Some(DcOption { address: moved, key: Some([9; 256]) }));
        assert!(real.forget_key(Dc(2)).expect("saved") && !lab.forget_key(Dc(2)).expect("nothing to save"));
        assert_eq!(real.dc(Dc(2)).and_then(|dc| dc.key), None);
        assert_eq!(lab.dc(Dc(2)).and_then(|dc| dc.key), Some([0xa7; 256]));
    }

    #[test]
    fn keys_round_trip_through_hex() {
        let key: [u8; 256] = std::array::from_fn(|n| n as u8);
        assert_eq!(key_from_hex(&key_to_hex(&key)), Some(key));
        assert_eq!(key_from_hex(&"g0".repeat(256)), None);
    }
}
