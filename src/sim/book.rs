//! The book: what the simulation tells programs on start. Its shape is a contract that other programs start from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::crypto::AuthKey;
use super::server::Server;
use super::world::marked;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Book {
    pub home_dc: i32,
    pub dcs: Vec<Dc>,
    /// Where the simulated metadata provider answers; empty when there is none.
    pub metadata: String,
    /// `address:port` of the admin port (HTTP).
    pub admin: String,
    pub accounts: Vec<Account>,
    pub channels: Vec<Channel>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dc {
    pub id: i32,
    pub ip: String,
    pub port: u16,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    pub bot: bool,
    pub id: i64,
    pub token: String,
    /// DC -> authorization key, 512 hexadecimal digits.
    pub keys: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Channel {
    /// `-100…`
    pub id: i64,
    pub title: String,
    pub messages: Vec<Message>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    pub id: i32,
    pub file_name: String,
    pub size: u64,
    pub mime: String,
    pub dc: i32,
    /// Decimal: JavaScript's numbers do not hold it.
    pub document: String,
    pub sha256_first_mib: String,
}

const MIB: u64 = 1 << 20;

/// The book as things stand now.
pub fn write(server: &Server, metadata: &str, admin: &str) -> Book {
    let ports = server.ports();
    let dcs = ports.iter().map(|(id, port)| Dc { id: *id, ip: "127.0.0.1".to_owned(), port: *port }).collect();
    server.world(|world| Book {
        home_dc: server.home_dc,
        dcs,
        metadata: metadata.to_owned(),
        admin: admin.to_owned(),
        accounts: world
            .accounts
            .iter()
            .map(|a| Account {
                name: a.name.clone(),
                bot: true,
                id: a.id,
                token: a.token.clone(),
                keys: ports
                    .iter()
                    .map(|(dc, _)| (dc.to_string(), AuthKey::from_seed(world.seed, a.id, *dc).to_hex()))
                    .collect(),
            })
            .collect(),
        channels: world
            .channels
            .values()
            .map(|c| Channel {
                id: marked(c.id),
                title: c.title.clone(),
                messages: c
                    .messages
                    .values()
                    .filter_map(|m| Some((m.id, world.documents.get(&m.document?)?)))
                    .map(|(id, d)| Message {
                        id,
                        file_name: d.file_name.clone().unwrap_or_default(),
                        size: d.size(),
                        mime: d.mime.clone(),
                        dc: d.dc,
                        document: d.id.to_string(),
                        sha256_first_mib: d.content().sha256(MIB),
                    })
                    .collect(),
            })
            .collect(),
    })
}
