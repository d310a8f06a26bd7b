//! What one bot keeps between runs, in the [`Vault`]: its authorization key for each DC, its home DC, who it is signed in
//! as, and to which DCs the sign-in was brought. A restart finds all of it and signs nobody in again.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddrV4;
use std::sync::{Arc, Mutex, PoisonError};

use grammers_session::SessionData;
use serde::{Deserialize, Serialize};

use crate::adapters::telegram::bots::network::{key_from_hex, key_to_hex};
use crate::adapters::telegram::{BotToken, Network, Vault, VaultError};

/// One bot's session, shared by all of its connections.
pub struct BotSession {
    vault: Arc<dyn Vault>,
    vault_key: String,
    /// A simulation cannot make keys, so a DC without one is unknown.
    can_make_keys: bool,
    kept: Mutex<Kept>,
}

/// Who a bot is, as Telegram says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub id: i64,
    pub username: Option<String>,
}

/// Where a DC is, and our key there when there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dc {
    pub address: SocketAddrV4,
    pub key: Option<[u8; 256]>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    home_dc: i32,
    identity: Option<Identity>,
    dcs: BTreeMap<i32, KeptDc>,
    /// Foreign DCs that accepted this bot's exported authorization.
    authorized: BTreeSet<i32>,
    /// Addresses for files, of those DCs that have one.
    #[serde(default)]
    media: BTreeMap<i32, SocketAddrV4>,
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

impl BotSession {
    /// Takes up what an earlier run kept, or begins anew. `None` when the network is simulated and has no such bot.
    pub fn open(vault: Arc<dyn Vault>, token: &BotToken, network: &Network) -> Result<Option<Self>, VaultError> {
        let vault_key = format!("telegram/bot/{}", token.bot_id());
        let earlier = match vault.load(&vault_key)? {
            Some(bytes) => Some(serde_json::from_slice(&bytes).map_err(|e| VaultError(e.into()))?),
            None => None,
        };
        let mut kept = earlier.unwrap_or_else(Kept::fresh);
        if let Network::Simulated(simulated) = network {
            let Some(keys) = simulated.keys(token) else { return Ok(None) };
            // Its ports change from start to start, so what was kept of addresses and keys is of no use.
            kept.home_dc = simulated.home_dc;
            kept.media.clear();
            kept.dcs = simulated
                .dcs
                .iter()
                .map(|(&id, &address)| (id, KeptDc { address, key: keys.get(&id).copied() }))
                .collect();
        }
        let can_make_keys = matches!(network, Network::Telegram);
        Ok(Some(Self { vault, vault_key, can_make_keys, kept: Mutex::new(kept) }))
    }

    pub fn home_dc(&self) -> i32 {
        self.read(|kept| kept.home_dc)
    }

    /// Who the bot is signed in as; `None` before the first sign-in and after [`Self::sign_out`].
    pub fn identity(&self) -> Option<Identity> {
        self.read(|kept| kept.identity.clone())
    }

    pub fn is_authorized_in(&self, dc: i32) -> bool {
        self.read(|kept| kept.home_dc == dc || kept.authorized.contains(&dc))
    }

    pub fn move_home(&self, dc: i32) -> Result<(), VaultError> {
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

    /// Telegram will never accept these keys again (AUTH_KEY_DUPLICATED). A simulation's keys stay: it has no others.
    pub fn forget_keys(&self) -> Result<(), VaultError> {
        if !self.can_make_keys {
            return Ok(());
        }
        self.change(|kept| kept.dcs.values_mut().for_each(|dc| dc.key = None))
    }

    pub fn set_authorized_in(&self, dc: i32) -> Result<(), VaultError> {
        self.change(|kept| {
            kept.authorized.insert(dc);
        })
    }

    /// A DC's address, and our key there when there is one.
    pub fn dc(&self, id: i32) -> Option<Dc> {
        self.read(|kept| {
            let dc = kept.dcs.get(&id).filter(|dc| dc.key.is_some() || self.can_make_keys)?;
            Some(Dc { address: dc.address, key: dc.key })
        })
    }

    /// Where a DC is asked for files, when that is another address than for everything else.
    pub fn media_address(&self, dc: i32) -> Option<SocketAddrV4> {
        self.read(|kept| kept.media.get(&dc).copied())
    }

    /// Where Telegram says that its DCs are: for files, and for everything. One that it does not name stays where it was.
    pub fn set_addresses(
        &self,
        media: BTreeMap<i32, SocketAddrV4>,
        common: &BTreeMap<i32, SocketAddrV4>,
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

    pub fn set_key(&self, dc: i32, key: [u8; 256]) -> Result<(), VaultError> {
        self.change(|kept| {
            if let Some(dc) = kept.dcs.get_mut(&dc) {
                dc.key = Some(key);
            }
        })
    }

    /// Telegram does not know our key there. Answers whether another can be made.
    pub fn forget_key(&self, dc: i32) -> Result<bool, VaultError> {
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
        let bytes = serde_json::to_vec(&*kept).map_err(|e| VaultError(e.into()))?;
        self.vault.save(&self.vault_key, &bytes)
    }
}

impl Kept {
    fn fresh() -> Self {
        let known = SessionData::default();
        let dcs = known.dc_options.into_iter().map(|(id, dc)| (id, KeptDc { address: dc.ipv4, key: None })).collect();
        Self { home_dc: known.home_dc, identity: None, dcs, authorized: BTreeSet::new(), media: BTreeMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[derive(Default)]
    struct Memory(Mutex<HashMap<String, Vec<u8>>>);

    impl Vault for Memory {
        fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
            Ok(self.0.lock().expect("no test panics while holding it").get(key).cloned())
        }

        fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError> {
            self.0.lock().expect("no test panics while holding it").insert(key.to_owned(), value.to_vec());
            Ok(())
        }

        fn remove(&self, key: &str) -> Result<(), VaultError> {
            self.0.lock().expect("no test panics while holding it").remove(key);
            Ok(())
        }
    }

    fn open(vault: &Arc<Memory>, network: &Network) -> Option<BotSession> {
        let token = "1001:abc".parse().expect("a token");
        BotSession::open(Arc::clone(vault) as Arc<dyn Vault>, &token, network).expect("the vault works")
    }

    fn simulated(port: u16) -> Network {
        let line = serde_json::json!({
            "home_dc": 2,
            "dcs": [{"id": 2, "ip": "127.0.0.1", "port": port}, {"id": 4, "ip": "127.0.0.1", "port": port + 1}],
            "accounts": [{"name": "main", "bot": true, "token": "1001:abc", "keys": {"2": "a7".repeat(256)}}],
        });
        Network::Simulated(crate::adapters::telegram::Simulated::from_json(&line.to_string()).expect("valid"))
    }

    fn me() -> Identity {
        Identity { id: 1001, username: Some("films_bot".to_owned()) }
    }

    #[test]
    fn a_second_start_finds_keys_home_and_identity() {
        let vault = Arc::default();
        let first = open(&vault, &Network::Telegram).expect("any bot");
        assert_eq!((first.identity(), first.is_authorized_in(4)), (None, false));
        let made = Dc { key: Some([9; 256]), ..first.dc(4).expect("DC 4 is known") };
        first.set_key(4, [9; 256]).and_then(|()| first.move_home(5)).expect("saved");
        first.sign_in(me()).and_then(|()| first.set_authorized_in(4)).expect("saved");

        let second = open(&vault, &Network::Telegram).expect("any bot");
        assert_eq!((second.home_dc(), second.identity(), second.dc(4)), (5, Some(me()), Some(made)));
        assert!(second.is_authorized_in(4) && second.is_authorized_in(5) && !second.is_authorized_in(1));

        second.sign_out().expect("saved");
        let third = open(&vault, &Network::Telegram).expect("any bot");
        assert_eq!((third.identity(), third.is_authorized_in(4)), (None, false));
    }

    #[test]
    fn a_simulation_gives_addresses_and_keys_anew_each_time() {
        let vault = Arc::default();
        open(&vault, &simulated(40_002)).expect("in the file").sign_in(me()).expect("saved");
        let again = open(&vault, &simulated(50_002)).expect("in the file");
        let dc = again.dc(2).expect("has a key");
        assert_eq!((dc.address.port(), dc.key, again.identity()), (50_002, Some([0xa7; 256]), Some(me())));
        assert_eq!(again.dc(4), None, "no key was handed over for it and none can be made");

        let stranger = "5:x".parse().expect("a token");
        assert!(BotSession::open(vault, &stranger, &simulated(1)).expect("the vault works").is_none());
    }

    #[test]
    fn a_forgotten_key_is_made_anew_where_that_is_possible_and_addresses_keep_keys() {
        let (real, lab) = (open(&Arc::default(), &Network::Telegram), open(&Arc::default(), &simulated(40_002)));
        let (real, lab) = (real.expect("any bot"), lab.expect("in the file"));
        real.set_key(2, [9; 256]).expect("saved");
        let moved: SocketAddrV4 = "192.0.2.2:443".parse().expect("an address");
        real.set_addresses(BTreeMap::new(), &BTreeMap::from([(2, moved)])).expect("saved");
        assert_eq!(real.dc(2), Some(Dc { address: moved, key: Some([9; 256]) }));
        assert!(real.forget_key(2).expect("saved") && !lab.forget_key(2).expect("nothing to save"));
        assert_eq!(real.dc(2).and_then(|dc| dc.key), None);
        assert_eq!(lab.dc(2).and_then(|dc| dc.key), Some([0xa7; 256]));
    }
}
