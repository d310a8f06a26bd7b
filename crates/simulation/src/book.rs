//! The JSON line with which a simulation introduces itself: all that another program needs to talk to it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

/// The start line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Where bots sign in.
    pub home_dc: i32,
    /// The data centres, without their addresses for files.
    pub dcs: Vec<Dc>,
    /// Base URL of the simulated metadata provider, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
    /// `ip:port` of the admin port.
    pub admin: String,
    /// The bots, in the order of their ids.
    pub accounts: Vec<AccountLine>,
    /// The channels, by id.
    pub channels: Vec<ChannelLine>,
}

/// A data centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dc {
    /// 2 or 4.
    pub id: i32,
    /// Always 127.0.0.1.
    pub ip: Ipv4Addr,
    /// Its TCP port.
    pub port: u16,
}

/// An account that a client can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    /// `main`, `helper1`, `guest`, …
    pub name: String,
    /// Always true: people cannot sign in here.
    pub bot: bool,
    /// The user's id.
    pub id: i64,
    /// What auth.importBotAuthorization takes.
    pub token: String,
    /// By DC: the authorization key as 512 hexadecimal digits.
    pub keys: BTreeMap<i32, String>,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelLine {
    /// In the `-100…` form.
    pub id: i64,
    /// As clients see it.
    pub title: String,
    /// The messages that carry a document.
    pub messages: Vec<MessageLine>,
}

/// A message that carries a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageLine {
    /// The message's id.
    pub id: i32,
    /// Empty when the document has none.
    pub file_name: String,
    /// In bytes.
    pub size: u64,
    /// As Telegram tells it.
    pub mime: String,
    /// Where the document lives.
    pub dc: i32,
    /// The document's id, in decimal.
    pub document: String,
    /// Of the first MiB, or of the whole document when it is shorter.
    pub sha256_first_mib: String,
}

impl Book {
    /// The account of this name.
    pub fn account(&self, name: &str) -> Option<&AccountLine> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// One line, without a line break.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists only")
    }
}
