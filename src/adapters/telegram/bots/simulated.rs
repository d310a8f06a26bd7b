//! Which Telegram to talk to: the real one, or a simulation whose addresses and keys stand in a file. Nothing else in
//! the product knows the difference.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;

use serde::Deserialize;

use crate::adapters::telegram::connections::session::{DcOption, Given, Session, key_from_hex};
use crate::adapters::telegram::{Vault, VaultError};
use crate::domain::bot_token::BotToken;
use crate::domain::telegram_id::Dc;

#[derive(Clone)]
pub enum Network {
    Telegram,
    Simulated(Simulated),
}

/// What a simulation writes on start: where its data centres listen, and its accounts with their authorization keys
/// (it cannot make keys with a client, so they are handed over beforehand).
#[derive(Clone)]
pub struct Simulated {
    home_dc: Dc,
    dcs: HashMap<Dc, SocketAddrV4>,
    accounts: Vec<Account>,
}

#[derive(Clone)]
struct Account {
    name: String,
    token: BotToken,
    keys: HashMap<Dc, [u8; 256]>,
}

#[derive(Debug, thiserror::Error)]
pub enum SimulatedError {
    #[error("it is not the JSON line that the simulated Telegram writes: {0}")]
    Json(#[from] serde_json::Error),
    #[error("account {account:?} has {what}")]
    Account { account: String, what: &'static str },
    #[error("it has no account called \"main\" to sign in with")]
    NoMain,
}

impl Network {
    /// The session of the bot that signs in with `token`; `None` when the network is simulated and has no such bot.
    pub fn session(&self, vault: Arc<dyn Vault>, token: &BotToken) -> Result<Option<Session>, VaultError> {
        let given = match self {
            Self::Telegram => None,
            Self::Simulated(simulated) => match simulated.given(token) {
                Some(given) => Some(given),
                None => return Ok(None),
            },
        };
        Session::open(vault, token.bot_id(), given).map(Some)
    }
}

impl Simulated {
    /// Reads the JSON line of `cinepost sim`.
    pub fn from_json(text: &str) -> Result<Self, SimulatedError> {
        let line: Connection = serde_json::from_str(text)?;
        let accounts = line.accounts.into_iter().filter(|a| a.bot).map(AccountLine::read).collect::<Result<_, _>>()?;
        let dcs = line.dcs.into_iter().map(|dc| (dc.id, SocketAddrV4::new(dc.ip, dc.port))).collect();
        Ok(Self { home_dc: line.home_dc, dcs, accounts })
    }

    /// The token of the account called `main`.
    pub fn main_token(&self) -> Result<BotToken, SimulatedError> {
        let main = self.accounts.iter().find(|a| a.name == "main").ok_or(SimulatedError::NoMain)?;
        Ok(main.token.clone())
    }

    /// The tokens of the accounts whose names begin with `helper`, in the file's order.
    pub fn helper_tokens(&self) -> Vec<BotToken> {
        self.accounts.iter().filter(|a| a.name.starts_with("helper")).map(|a| a.token.clone()).collect()
    }

    /// Addresses, and the keys of the account that signs in with `token`.
    fn given(&self, token: &BotToken) -> Option<Given> {
        let keys = self.keys(token)?;
        let option = |(&id, &address): (&Dc, &SocketAddrV4)| (id, DcOption { address, key: keys.get(&id).copied() });
        Some(Given { home_dc: self.home_dc, dcs: self.dcs.iter().map(option).collect() })
    }

    /// The authorization keys of the account that signs in with `token`, by DC.
    fn keys(&self, token: &BotToken) -> Option<&HashMap<Dc, [u8; 256]>> {
        self.accounts.iter().find(|a| a.token == *token).map(|a| &a.keys)
    }
}

#[derive(Deserialize)]
struct Connection {
    home_dc: Dc,
    dcs: Vec<DcLine>,
    accounts: Vec<AccountLine>,
}

#[derive(Deserialize)]
struct DcLine {
    id: Dc,
    ip: Ipv4Addr,
    port: u16,
}

#[derive(Deserialize)]
struct AccountLine {
    name: String,
    #[serde(default)]
    bot: bool,
    token: String,
    keys: HashMap<Dc, String>,
}

impl AccountLine {
    fn read(self) -> Result<Account, SimulatedError> {
        let fail = |what| SimulatedError::Account { account: self.name.clone(), what };
        let token = self.token.parse().map_err(|_| fail("a token of the wrong shape"))?;
        let keys = self
            .keys
            .iter()
            .map(|(&dc, hex)| Some((dc, key_from_hex(hex)?)))
            .collect::<Option<_>>()
            .ok_or_else(|| fail("a key that is not 512 hexadecimal digits"))?;
        Ok(Account { name: self.name, token, keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::telegram::MemoryVault;
    use crate::domain::telegram_id::UserId;

    fn line(token: &str, key: &str) -> String {
        serde_json::json!({
            "home_dc": 2,
            "dcs": [{"id": 2, "ip": "127.0.0.1", "port": 40002}],
            "metadata": "http://127.0.0.1:40010",
            "admin": "127.0.0.1:40011",
            "accounts": [
                {"name": "guest", "bot": true, "id": 1003, "token": "1003:x", "keys": {"2": "00".repeat(256)}},
                {"name": "main", "bot": true, "id": 1001, "token": token, "keys": {"2": key}},
                {"name": "helper1", "bot": true, "id": 1002, "token": "1002:abc", "keys": {}},
            ],
            "channels": [],
        })
        .to_string()
    }

    #[test]
    fn the_start_line_gives_addresses_tokens_and_keys() {
        let sim = Simulated::from_json(&line("1001:abc", &"a7".repeat(256))).expect("valid");
        let main = sim.main_token().expect("has main");
        assert_eq!(main.bot_id(), UserId(1001));
        assert_eq!(sim.helper_tokens().iter().map(BotToken::bot_id).collect::<Vec<_>>(), [UserId(1002)]);
        assert_eq!(sim.keys(&main).and_then(|k| k.get(&Dc(2))), Some(&[0xa7; 256]));
        assert_eq!(sim.dcs[&Dc(2)].port(), 40002);
        let stranger = "1001:other".parse().expect("valid");
        assert!(
            Network::Simulated(sim).session(Arc::new(MemoryVault::default()), &stranger).is_ok_and(|s| s.is_none())
        );
    }

    #[test]
    fn a_broken_line_says_what_is_wrong() {
        let cases = [
            ("{}".to_owned(), "it is not the JSON line that the simulated Telegram writes: missing field `home_dc`"),
            (line("abc", &"a7".repeat(256)), "account \"main\" has a token of the wrong shape"),
            (line("1001:abc", "a7"), "account \"main\" has a key that is not 512 hexadecimal digits"),
        ];
        for (text, wanted) in cases {
            let got = Simulated::from_json(&text).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(got.starts_with(wanted), "{got}");
        }
    }
}
