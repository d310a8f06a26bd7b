//! The JSON line with which a simulation introduces itself: all that another program needs to talk to it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    pub home_dc: i32,
    pub dcs: Vec<Dc>,
    /// Base URL of the simulated metadata provider, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
    /// `ip:port` of the admin port.
    pub admin: String,
    pub accounts: Vec<AccountLine>,
    pub channels: Vec<ChannelLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dc {
    pub id: i32,
    pub ip: Ipv4Addr,
    pub port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    pub name: String,
    pub bot: bool,
    pub id: i64,
    pub token: String,
    /// By DC: the authorization key as 512 hexadecimal digits.
    pub keys: BTreeMap<i32, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelLine {
    /// In the `-100…` form.
    pub id: i64,
    pub title: String,
    /// The messages that carry a document.
    pub messages: Vec<MessageLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageLine {
    pub id: i32,
    pub file_name: String,
    pub size: u64,
    pub mime: String,
    pub dc: i32,
    pub document: String,
    /// Of the first MiB, or of the whole document when it is shorter.
    pub sha256_first_mib: String,
}

impl Book {
    pub fn account(&self, name: &str) -> Option<&AccountLine> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// One line, without a line break.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists only")
    }
}
