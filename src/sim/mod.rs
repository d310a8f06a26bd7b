//! Lab: the simulated Telegram (real MTProto 2.0 over TCP, so that every byte takes the true path) and the simulated
//! metadata provider, for `demo`, tests and benches. Nothing below uses it.
//!
//! ```text
//! TCP -> transport -> crypto -> connection -> rpc -> world -> objects -> tl -> back
//! ```
//!
//! The simulation cannot play the key exchange: clients accept only Telegram's own RSA keys. Authorization keys are made
//! beforehand and handed over in the [`book`].

mod admin;
pub mod book;
mod connection;
pub mod content;
mod crypto;
pub mod faults;
pub mod library;
pub mod metadata;
mod objects;
mod rpc;
mod server;
mod tl;
mod transport;
mod world;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

pub use book::Book;
pub use faults::{Fault, What};
pub use server::{Sent, Stats};
pub use world::{NewPost, Posted, WorldError};

use server::Server;
use world::{Account, Channel, World, marked};

/// What to simulate.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bots, `main` first. Their ids are 1001, 1002, …
    pub accounts: Vec<String>,
    /// Channels by bare id and title; every account is a member of each.
    pub channels: Vec<(i64, String)>,
    /// Port of DC 2; DC 4 and the admin port are the next but one and the next but nine. 0: any three.
    pub port: u16,
    /// Keys, hashes and chance depend on it.
    pub seed: u64,
    /// File that keeps the world over a restart.
    pub state: Option<PathBuf>,
    /// Where a simulated metadata provider answers, for the book.
    pub metadata: Option<String>,
    /// Only this API id is accepted.
    pub api_id: Option<i32>,
    /// File references expire after this.
    pub reference_life: Option<Duration>,
    /// Channel differences longer than this (in pts) are answered "too long".
    pub longest_difference: i32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            accounts: ["main", "helper1", "guest"].map(str::to_owned).to_vec(),
            channels: vec![(1_500_000_001, "Films".to_owned())],
            port: 0,
            seed: 1,
            state: None,
            metadata: None,
            api_id: None,
            reference_life: None,
            longest_difference: 10_000,
        }
    }
}

const HOME_DC: i32 = 2;
const DCS: [i32; 2] = [2, 4];
/// How often the state file follows the world.
const KEEP_EVERY: Duration = Duration::from_millis(500);

/// The running simulation. Dropping it does not stop it; [`Sim::stop`] does.
pub struct Sim {
    server: Arc<Server>,
    admin: actix_web::dev::ServerHandle,
    admin_address: String,
    metadata: String,
}

/// Opens the ports on 127.0.0.1 and simulates until stopped.
pub async fn start(options: Options) -> anyhow::Result<Sim> {
    let mut world = match options.state.as_ref().filter(|path| path.exists()) {
        Some(path) => {
            let json = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            let world: World =
                serde_json::from_slice(&json).with_context(|| format!("{} is not a state file", path.display()))?;
            world.woken()
        }
        None => new_world(&options),
    };
    world.reference_life = options.reference_life;
    let server =
        Arc::new(Server::new(world, HOME_DC, &DCS, options.api_id, options.longest_difference, options.state.clone()));
    for dc in DCS {
        let port = if options.port == 0 { 0 } else { options.port + dc as u16 - HOME_DC as u16 };
        server.open(dc, port).await.with_context(|| format!("DC {dc} cannot listen on port {port}"))?;
    }
    let port = if options.port == 0 { 0 } else { options.port + 9 };
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("the admin port {port} cannot be opened"))?;
    let admin_address = listener.local_addr()?.to_string();
    let admin = admin::start(server.clone(), listener)?;
    let keeper = server.clone();
    tokio::spawn(async move {
        while !keeper.stop.is_cancelled() {
            tokio::time::sleep(KEEP_EVERY).await;
            if let Err(error) = keeper.keep() {
                tracing::warn!(%error, "The simulation's state could not be kept");
            }
        }
    });
    Ok(Sim { server, admin, admin_address, metadata: options.metadata.unwrap_or_default() })
}

fn new_world(options: &Options) -> World {
    let accounts: Vec<Account> = options
        .accounts
        .iter()
        .zip(1001..)
        .map(|(name, id)| Account {
            name: name.clone(),
            id,
            token: format!("{id}:simulated-{name}"),
            references: 0,
            signed_in: Default::default(),
            inbox: Vec::new(),
            pts: 1,
        })
        .collect();
    let members: Vec<i64> = accounts.iter().map(|a| a.id).collect();
    let channels = options.channels.iter().map(|(id, title)| Channel::new(*id, title, members.iter().copied()));
    World::new(options.seed, accounts, channels.collect())
}

impl Sim {
    /// Addresses, keys and channels as they are now; what `TELEGRAM_SIM` points at.
    pub fn book(&self) -> Book {
        book::write(&self.server, &self.metadata, &self.admin_address)
    }

    /// Posts a message with a file to a channel (`-100…`), and pushes it.
    pub fn post(&self, chat: i64, post: NewPost) -> Result<Posted, WorldError> {
        self.server.post(chat, post)
    }

    /// Changes a caption, or the file: `Some` with `text_only` takes it away.
    pub fn edit(
        &self,
        chat: i64,
        message: i32,
        caption: Option<&str>,
        file: Option<NewPost>,
    ) -> Result<(), WorldError> {
        self.server.edit(chat, message, caption.map(str::to_owned), file)
    }

    pub fn delete(&self, chat: i64, messages: &[i32]) -> Result<Vec<i32>, WorldError> {
        self.server.delete(chat, messages)
    }

    /// Adds an account to a channel, or takes it out.
    pub fn set_member(&self, chat: i64, account: &str, is_member: bool) -> Result<(), WorldError> {
        admin::set_member(&self.server, chat, account, is_member)
    }

    /// Adds an empty channel without members.
    pub fn add_channel(&self, bare: i64, title: &str) {
        self.server.change(|world| world.channels.insert(bare, Channel::new(bare, title, [])));
    }

    pub fn fault(&self, fault: Fault) {
        self.server.add_fault(fault);
    }

    pub fn clear_faults(&self) {
        self.server.faults(|faults| faults.clear());
    }

    /// Expires every file reference that an account holds.
    pub fn expire_references(&self, account: &str) -> Result<(), WorldError> {
        self.server.expire_references(self.server.world(|w| w.named(account))?);
        Ok(())
    }

    /// Ends the connections of an account, or all.
    pub fn cut(&self, account: Option<&str>) -> Result<(), WorldError> {
        let account = account.map(|name| self.server.world(|w| w.named(name))).transpose()?;
        self.server.cut(account);
        Ok(())
    }

    /// Goes down and comes back on the same ports, the world kept.
    pub async fn restart(&self, down: Duration) -> std::io::Result<()> {
        self.server.restart(down).await
    }

    /// A person writes to a bot.
    pub fn message(&self, person: i64, account: &str, text: &str) -> Result<(), WorldError> {
        let account = self.server.world(|w| w.named(account))?;
        self.server.message(person, account, text);
        Ok(())
    }

    /// What bots wrote to people, oldest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.server.sent()
    }

    pub fn stats(&self) -> Stats {
        self.server.stats()
    }

    /// A channel's pts as it is now.
    pub fn pts(&self, chat: i64) -> i32 {
        self.server.world(|w| w.channels.get(&marked(chat)).map_or(0, |c| c.pts))
    }

    /// Ends every connection, keeps the state, closes the ports.
    pub async fn stop(&self) {
        self.server.cut(None);
        self.server.stop.cancel();
        self.admin.stop(false).await;
        if let Err(error) = self.server.keep() {
            tracing::warn!(%error, "The simulation's state could not be kept");
        }
    }
}
