//! The simulated Telegram: real MTProto 2.0 over TCP, strict where Telegram is strict, slow and faulty when told to, and
//! beside it the providers of titles. Demo, tests and benches run against it; the product knows it by its address only.
//!
//! # Starting one
//!
//! [`start`] takes [`Options`] and returns a [`Sim`], by which a test posts, breaks and counts. [`Sim::book`] is all that a
//! client needs to know: addresses, accounts, tokens and authorization keys (the key exchange is not played, so keys are
//! shared beforehand). Other programs read the same from the start line and talk to the admin port; docs/simulation.md has
//! both.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use simulation::faults::{Effect, Fault};
//! use simulation::{CHANNEL, NewPost, Options};
//!
//! let sim = simulation::start(Options::default().with_helpers(1)).await?;
//! sim.post(CHANNEL, NewPost::generated("Nosferatu.1922.mkv", 3 << 30))?;
//! sim.fault(Fault::new(Effect::RoundTrip { ms: 80 }));
//! println!("{}", sim.book().to_json());
//! // … a client reads; then:
//! assert!(sim.stats().calls("upload.getFile") > 0);
//! sim.stop().await
//! # }
//! ```
//!
//! # Its layers, from the wire inwards
//!
//! | module | does |
//! | --- | --- |
//! | `transport` | packets in a TCP stream: full, abridged, intermediate, padded; obfuscated or not |
//! | `connection` | encryption, sessions, containers, service messages; where faults, round trips and speed limits are applied |
//! | `rpc` | requests and answers, one file per family of methods |
//! | `world` | accounts, channels, documents: what a restart keeps |
//! | `server` | what connections share, and how changes of the world become updates |
//! | `admin` | the HTTP port |
//! | `hub`, `clock`, `stats`, `calls` | open connections, a clock that can be set wrong, what was counted, each getFile by itself |
//!
//! What others use: [`faults`] (what can go wrong, where and when), [`content`] (bytes of generated documents, computed from the
//! document's id), [`library`] (the demo's films and series), [`metadata`] (TMDB and Cinemeta, simulated), [`book`].

#![deny(missing_docs)]

mod admin;
pub mod book;
mod calls;
mod clock;
mod connection;
pub mod content;
pub mod faults;
mod hub;
pub mod library;
pub mod metadata;
mod people;
mod post;
mod refusal;
mod rpc;
mod server;
mod stats;
mod transport;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use mtproto::AuthKey;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use book::{AccountLine, Book, ChannelLine, Dc, MessageLine};
pub use calls::{FileCall, FileCalls};
use faults::Fault;
pub use post::{
    Button, ButtonAction, CommandSet, Entity, FileKind, InlineResult, NewPerson, NewPost, NewPress, NewRendition,
    Posted, Sent, SentKind,
};
use refusal::Refusal;
use server::{Door, Rules, Server};
pub use stats::{CallCount, MessageCount, OpenConnection, Statistics};
use world::{Account, Draft, KeyState, Message, StateFile, WordsEdit, World};

/// Where bots sign in and updates come from.
const HOME_DC: i32 = 2;
const DCS: [i32; 2] = [2, 4];
/// Where documents live unless said otherwise: not at home, as with the real ones.
const FILE_DC: i32 = 4;
/// `main` is the first, the others follow.
const FIRST_ACCOUNT: i64 = 1001;
/// How long changes may wait before the state file is written.
const SAVE_DELAY: Duration = Duration::from_millis(300);

/// What a simulation begins with.
pub struct Options {
    /// Bots by name: `main` watches, `helper1` and so on only read, any other name is for any other client. All are
    /// members of every channel. Ids are 1001, 1002 and so on.
    pub accounts: Vec<String>,
    /// By id, in the `-100…` form of Telegram's apps, and title.
    pub channels: Vec<(i64, String)>,
    /// Where it listens.
    pub ports: Ports,
    /// Authorization keys, tokens and everything random come from it. A state file keeps its own.
    pub seed: u64,
    /// Base URL of the simulated metadata provider, for the start line.
    pub metadata: Option<String>,
    /// Keeps everything between two starts. Documents given as bytes are kept in a folder beside it.
    pub state: Option<PathBuf>,
    /// API id and hash that clients must have. Any will do when not given.
    pub api: Option<(i32, String)>,
    /// How long a file reference is good for.
    pub reference_lifetime: Duration,
    /// Changes per channel that are remembered; who missed more is told that it is too long.
    pub events_kept: usize,
    /// How long a pressed button or an inline query waits for its answer.
    pub query_lifetime: Duration,
}

/// On 127.0.0.1; 0 takes any free one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ports {
    /// Of DC 2, where accounts are at home.
    pub dc2: u16,
    /// Of DC 4, where documents are.
    pub dc4: u16,
    /// Of the admin port (HTTP).
    pub admin: u16,
}

/// Channel ids are `-1_000_000_000_000 - bare id` (core.telegram.org/api/bots/ids).
const CHANNEL_BASE: i64 = -1_000_000_000_000;

/// The id that MTProto uses inside. Of what is no channel's id it is no channel's either.
fn bare(chat: i64) -> i64 {
    CHANNEL_BASE.saturating_sub(chat)
}

/// The id of the one channel that there is by default.
pub const CHANNEL: i64 = -1_001_500_000_001;

impl Default for Options {
    /// The main bot and a guest in one channel called Films, on any free ports.
    fn default() -> Self {
        Self {
            accounts: ["main", "guest"].map(str::to_owned).to_vec(),
            channels: vec![(CHANNEL, "Films".to_owned())],
            ports: Ports::default(),
            seed: 1,
            metadata: None,
            state: None,
            api: None,
            reference_lifetime: Duration::from_secs(3600),
            events_kept: 10_000,
            query_lifetime: Duration::from_secs(60),
        }
    }
}

impl Options {
    /// The same with so many helper bots.
    pub fn with_helpers(mut self, helpers: usize) -> Self {
        self.accounts.retain(|name| !name.starts_with("helper"));
        let place = self.accounts.len().min(1);
        self.accounts.splice(place..place, (1..=helpers).map(|n| format!("helper{n}")));
        self
    }
}

/// The running simulation. Cheap to clone; it ends when the last clone is dropped, or is told to.
#[derive(Clone)]
pub struct Sim {
    inner: Arc<Inner>,
}

struct Inner {
    server: Arc<Server>,
    admin: SocketAddr,
    metadata: Option<String>,
    state: Option<StateFile>,
    /// The listeners and connections since the last restart.
    epoch: tokio::sync::Mutex<Epoch>,
    next_connection: Arc<AtomicU64>,
    everything: CancellationToken,
    _ends_with_us: DropGuard,
}

struct Epoch {
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// Starts listening. Everything binds to 127.0.0.1.
pub async fn start(options: Options) -> Result<Sim> {
    let Options {
        accounts,
        channels,
        ports,
        seed,
        metadata,
        state,
        api,
        reference_lifetime,
        events_kept,
        query_lifetime,
    } = options;
    let state = state.map(StateFile::new);
    let mut world = match &state {
        Some(file) => file.load()?.unwrap_or_else(|| World { seed, ..World::default() }),
        None => World { seed, ..World::default() },
    };
    world.folder = state.as_ref().map(StateFile::folder);
    let keys = populate(&mut world, &accounts, &channels);

    let rules = Rules { home_dc: HOME_DC, api, reference_lifetime, events_kept, query_lifetime };
    let server = Arc::new(Server::new(world, keys, rules));
    let mut listeners = Vec::new();
    for (dc, port, is_for_files) in [(HOME_DC, ports.dc2, false), (FILE_DC, ports.dc4, false), (FILE_DC, 0, true)] {
        listeners.push(Door { dc, port, is_for_files }.bind().await?);
    }
    let doors = listeners.iter().map(|(door, _)| *door).collect();
    server.doors.set(doors).map_err(|_| anyhow!("the ports are bound once"))?;

    let everything = CancellationToken::new();
    let next_connection = Arc::new(AtomicU64::new(1));
    let epoch = Epoch::begin(&server, &everything, &next_connection, listeners);
    let (admin_listener, admin) = admin::bind(ports.admin)?;
    let sim = Sim {
        inner: Arc::new(Inner {
            server,
            admin,
            metadata,
            state,
            epoch: tokio::sync::Mutex::new(epoch),
            next_connection,
            everything: everything.clone(),
            _ends_with_us: everything.clone().drop_guard(),
        }),
    };
    admin::serve(admin_listener, &sim.inner, everything.clone())?;
    if let Some(file) = sim.inner.state.clone() {
        tokio::spawn(save_changes(sim.inner.server.clone(), file, everything));
    }
    Ok(sim)
}

/// Adds what is not there yet; makes every account's keys.
fn populate(world: &mut World, accounts: &[String], channels: &[(i64, String)]) -> Vec<AuthKey> {
    for name in accounts {
        if world.account_named(name).is_none() {
            let id = FIRST_ACCOUNT + world.accounts.len() as i64;
            world.accounts.push(Account { name: name.clone(), id, pts: 1, ..Account::default() });
            let channels = world.channels.values_mut().filter(|channel| !channel.is_group);
            channels.for_each(|channel| _ = channel.members.insert(id));
        }
    }
    for (chat, title) in channels {
        if !world.channels.contains_key(&bare(*chat)) {
            world.found_channel(bare(*chat), title);
        }
    }
    let mut keys = Vec::new();
    for account in &world.accounts {
        for dc in DCS {
            let key = world.auth_key(account.id, dc);
            let fresh = KeyState { dc, made_for: account.id, signed_in: None, is_introduced: false };
            world.keys.entry(key.id).or_insert(fresh);
            keys.push(key);
        }
    }
    keys
}

impl Door {
    /// Opens it; 0 becomes the port that was taken.
    async fn bind(mut self) -> Result<(Self, TcpListener)> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let bound = TcpListener::bind(address).await;
        let listener = bound.with_context(|| format!("the simulated DC {} cannot listen on {address}", self.dc))?;
        self.port = listener.local_addr()?.port();
        Ok((self, listener))
    }
}

impl Epoch {
    fn begin(
        server: &Arc<Server>,
        everything: &CancellationToken,
        next_connection: &Arc<AtomicU64>,
        listeners: Vec<(Door, TcpListener)>,
    ) -> Self {
        let (stop, tasks) = (everything.child_token(), TaskTracker::new());
        for (door, listener) in listeners {
            let (server, stop, next, own) = (server.clone(), stop.clone(), next_connection.clone(), tasks.clone());
            tasks.spawn(stop.clone().run_until_cancelled_owned(async move {
                loop {
                    let Ok((stream, _)) = listener.accept().await else { continue };
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let serving = Connected { server: server.clone(), number };
                    let connection = connection::serve(server.clone(), door, number, stream);
                    let stop = stop.clone();
                    own.spawn(async move {
                        let _serving = serving;
                        stop.run_until_cancelled_owned(connection).await;
                    });
                }
            }));
        }
        Self { stop, tasks }
    }

    async fn end(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Takes a connection off the list however it ends.
struct Connected {
    server: Arc<Server>,
    number: u64,
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.server.hub.close(self.number);
    }
}

async fn save_changes(server: Arc<Server>, file: StateFile, stop: CancellationToken) {
    loop {
        let is_last = tokio::select! {
            () = server.changed.notified() => false,
            () = stop.cancelled() => true,
        };
        if !is_last {
            let _ = tokio::time::timeout(SAVE_DELAY, stop.cancelled()).await;
        }
        if let Err(e) = save(&server, &file) {
            tracing::error!("{e:#}");
        }
        if is_last {
            return;
        }
    }
}

fn save(server: &Server, file: &StateFile) -> Result<()> {
    let json = serde_json::to_vec(&*server.world())?;
    file.save(&json)
}

impl Sim {
    /// The start line: everything another program needs to know.
    pub fn book(&self) -> Book {
        let doors = self.inner.server.doors.get().into_iter().flatten().filter(|door| !door.is_for_files);
        let dcs = doors.map(|door| Dc { id: door.dc, ip: Ipv4Addr::LOCALHOST, port: door.port }).collect();
        let world = self.inner.server.world();
        let accounts = world.accounts.iter().map(|account| AccountLine {
            name: account.name.clone(),
            bot: true,
            id: account.id,
            token: world.token(account.id),
            keys: DCS.map(|dc| (dc, content::hex(world.auth_key(account.id, dc).as_bytes()))).into_iter().collect(),
        });
        let channels = world.channels.values().map(|channel| {
            let messages = channel.messages.values().filter_map(|m| message_line(&world, m)).collect();
            ChannelLine { id: CHANNEL_BASE - channel.bare, title: channel.title.clone(), messages }
        });
        Book {
            home_dc: HOME_DC,
            dcs,
            metadata: self.inner.metadata.clone(),
            admin: self.inner.admin.to_string(),
            accounts: accounts.collect(),
            channels: channels.collect(),
        }
    }

    /// `chat` is a channel's id in the `-100…` form, here and below.
    pub fn post(&self, chat: impl Into<i64>, post: NewPost) -> Result<Posted> {
        let chat = chat.into();
        let server = &self.inner.server;
        let mut world = server.world();
        ensure!(world.channels.contains_key(&bare(chat)), "there is no channel {chat}");
        let from = post.author;
        from.into_iter().for_each(|person| _ = world.meet(person));
        let words = people::words_of(&mut world, post)?;
        let document = words.document;
        let message = Message { from, words, ..Message::default() };
        let kept = server.rules.events_kept;
        let publish = |channel: &mut world::Channel| Ok(Some(channel.publish(message, kept)));
        server.change_channel_in(&mut world, bare(chat), None, publish).map_err(told)?;
        let message = world.channels.get(&bare(chat)).map_or(0, |channel| channel.top);
        Ok(Posted { message, document: document.map(|id| id.to_string()) })
    }

    /// What stands in a channel now, whoever posted it, the oldest first.
    pub fn posts(&self, chat: impl Into<i64>) -> Vec<Posted> {
        let world = self.inner.server.world();
        let messages = world.channels.get(&bare(chat.into())).into_iter().flat_map(|channel| &channel.messages);
        let posted = |(&message, found): (&i32, &Message)| {
            let document = found.words.document.map(|id| id.to_string());
            Posted { message, document }
        };
        messages.map(posted).collect()
    }

    /// All bytes of a document, by its number as posts and messages name it.
    pub fn document(&self, document: &str) -> Result<Vec<u8>> {
        let id: i64 = document.parse().with_context(|| format!("{document:?} is no number of a document"))?;
        let found = self.inner.server.world().documents.get(&id).cloned();
        let found = found.with_context(|| format!("there is no document {document}"))?;
        let mut bytes = vec![0; usize::try_from(found.size)?];
        found.read(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Edits the caption of a message. Fails when there is no such message.
    pub fn edit(&self, chat: impl Into<i64>, message: i32, caption: &str) -> Result<()> {
        let chat = chat.into();
        let server = &self.inner.server;
        let kept = server.rules.events_kept;
        let edit = WordsEdit::text(caption.to_owned());
        let edit = |channel: &mut world::Channel| channel.edit(message, edit, kept).map(Some);
        server.change_channel(bare(chat), None, edit).map_err(told)?;
        Ok(())
    }

    /// Replaces what a message carries and says (messages.editMessage with media). Fails when there is no such message.
    pub fn replace(&self, chat: impl Into<i64>, message: i32, post: NewPost) -> Result<Posted> {
        let chat = chat.into();
        let server = &self.inner.server;
        let mut world = server.world();
        let words = people::words_of(&mut world, post)?;
        let document = words.document.map(|id| id.to_string());
        let kept = server.rules.events_kept;
        let replace = |channel: &mut world::Channel| channel.replace(message, words, kept).map(Some);
        server.change_channel_in(&mut world, bare(chat), None, replace).map_err(told)?;
        Ok(Posted { message, document })
    }

    /// Deletes messages. Those that are not there are passed over.
    pub fn delete(&self, chat: impl Into<i64>, messages: &[i32]) -> Result<()> {
        let chat = chat.into();
        let server = &self.inner.server;
        let kept = server.rules.events_kept;
        let delete = |channel: &mut world::Channel| Ok(channel.delete(messages, kept));
        server.change_channel(bare(chat), None, delete).map_err(told)?;
        Ok(())
    }

    /// Founds another channel, with every account in it.
    pub fn found_channel(&self, chat: impl Into<i64>, title: &str) -> Result<()> {
        let chat = chat.into();
        let mut world = self.inner.server.world();
        ensure!(bare(chat) > 0, "{chat} is not a channel id: it should look like {CHANNEL}");
        ensure!(!world.channels.contains_key(&bare(chat)), "the channel {chat} is there already");
        world.found_channel(bare(chat), title);
        self.inner.server.changed.notify_one();
        Ok(())
    }

    /// Takes an account out of a channel or puts it back.
    pub fn set_member(&self, chat: impl Into<i64>, account: &str, is_member: bool) -> Result<()> {
        let chat = chat.into();
        let id = self.account_id(account)?;
        self.inner.server.set_member(bare(chat), id, is_member).map_err(told)
    }

    /// Takes a bot's token away, as @BotFather's /revoke does, or makes it valid again. A revoked bot is signed out.
    pub fn set_revoked(&self, account: &str, is_revoked: bool) -> Result<()> {
        let id = self.account_id(account)?;
        let mut world = self.inner.server.world();
        if let Some(account) = world.account_mut(id) {
            account.is_revoked = is_revoked;
        }
        if is_revoked {
            world.keys.values_mut().filter(|key| key.signed_in == Some(id)).for_each(|key| key.signed_in = None);
        }
        self.inner.server.changed.notify_one();
        Ok(())
    }

    /// Adds a fault; it strikes from the next matching call on.
    pub fn fault(&self, fault: Fault) {
        self.inner.server.faults.add(fault);
    }

    /// Ends the faults of one kind.
    pub fn clear_faults_of(&self, effect: &faults::Effect) {
        self.inner.server.faults.clear_of(effect);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.inner.server.faults.clear();
    }

    /// Everything that was counted since the start.
    pub fn stats(&self) -> Statistics {
        let server = &self.inner.server;
        let connections = server.hub.open_connections().into_iter().map(|open| OpenConnection {
            connection: open.connection,
            account: open.key.map(|key| server.name_of_key(key).to_string()),
            dc: open.dc,
            is_for_files: open.is_for_files,
            wants_updates: open.wants_updates,
        });
        Statistics {
            connections: connections.collect(),
            connections_opened: self.inner.next_connection.load(Ordering::Relaxed) - 1,
            calls: server.stats.counts(),
            messages: server.stats.messages(),
        }
    }

    /// Steps the server's clock by so many seconds: the clients' clocks are behind by so much more. To them it is as if
    /// their own had been set the other way, so sessions and salts go along; dates of what is in channels stay.
    pub fn step_clock(&self, secs: i64) {
        self.inner.server.step_clock(secs);
    }

    /// What the server's clock is ahead of this machine's, in seconds.
    pub fn clock_ahead(&self) -> i64 {
        self.inner.server.clock.ahead_secs()
    }

    /// Every `upload.getFile` from this number on, of those that are remembered. They are from the first question on.
    pub fn calls(&self, since: u64) -> FileCalls {
        self.inner.server.calls.since(since)
    }

    /// Cuts every connection, is away for a while, and listens on the same ports again. Accounts, channels and documents
    /// stay; sessions are forgotten.
    pub async fn restart(&self, down: Duration) -> Result<()> {
        let Inner { server, epoch, everything, next_connection, .. } = &*self.inner;
        let mut epoch = epoch.lock().await;
        epoch.end().await;
        server.forget_sessions();
        tokio::time::sleep(down).await;
        let mut listeners = Vec::new();
        for door in server.doors.get().into_iter().flatten() {
            listeners.push(door.bind().await?);
        }
        *epoch = Epoch::begin(server, everything, next_connection, listeners);
        Ok(())
    }

    /// Ends every connection and writes the state.
    pub async fn stop(&self) -> Result<()> {
        self.inner.everything.cancel();
        self.inner.epoch.lock().await.end().await;
        match &self.inner.state {
            Some(file) => save(&self.inner.server, file),
            None => Ok(()),
        }
    }

    fn account_id(&self, name: &str) -> Result<i64> {
        let world = self.inner.server.world();
        world.account_named(name).map(|account| account.id).with_context(|| format!("there is no account {name:?}"))
    }
}

fn message_line(world: &World, message: &Message) -> Option<MessageLine> {
    let document = world.documents.get(&message.words.document?)?;
    Some(MessageLine {
        id: message.id,
        file_name: document.file_name.clone().unwrap_or_default(),
        size: document.size,
        mime: document.mime.clone(),
        dc: document.dc,
        document: document.id.to_string(),
        sha256_first_mib: document.sha256_first_mib().unwrap_or_default(),
    })
}

/// The document of a new post: made, or found when it was posted before.
fn document_of(world: &mut World, post: &NewPost) -> Result<Option<i64>> {
    if let Some(id) = &post.document {
        let id = id.parse().with_context(|| format!("{id:?} is no document's id"))?;
        ensure!(world.documents.contains_key(&id), "there is no document {id}");
        return Ok(Some(id));
    }
    let dc = post.dc.unwrap_or(FILE_DC);
    ensure!(DCS.contains(&dc), "there is no DC {dc}, only {DCS:?}");
    let has_measures = post.duration.is_some() || post.width.is_some() || post.height.is_some();
    let measures = (post.duration.unwrap_or_default(), post.width.unwrap_or_default(), post.height.unwrap_or_default());
    let draft = Draft {
        file_name: post.file_name.clone(),
        mime: post.mime.clone(),
        dc,
        video: has_measures.then_some(measures),
        kind: post.kind,
    };
    let document = match (post.size, &post.media, &post.bytes) {
        (Some(size), None, None) => world.add_generated(draft, size),
        (None, Some(path), None) => {
            world.add_file(draft, path.clone()).with_context(|| format!("cannot read {}", path.display()))?
        }
        (None, None, Some(bytes)) => world.add_bytes(draft, bytes.clone()).context("cannot keep the file")?,
        (None, None, None) => return Ok(None),
        _ => bail!("give a post's size or its media, not both"),
    };
    for made in &post.renditions {
        world.add_rendition(document, made).with_context(|| format!("cannot read {}", made.media.display()))?;
    }
    Ok(Some(document))
}

fn told(refusal: Refusal) -> anyhow::Error {
    anyhow!("{}", refusal.message)
}
