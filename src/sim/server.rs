//! The running simulation: ports, connections, the world behind one lock, who is told of what happens.

use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::connection::{self, Handle};
use super::crypto::AuthKey;
use super::faults::{Caller, Fault, Faults, What};
use super::objects;
use super::world::{NewPost, Posted, Private, World, WorldError, marked};

pub struct Server {
    pub home_dc: i32,
    pub api_id: Option<i32>,
    /// Differences longer than this (in pts) are answered "too long".
    pub longest_difference: i32,
    ports: Mutex<BTreeMap<i32, u16>>,
    /// Key id and DC -> account and key.
    keys: HashMap<([u8; 8], i32), (i64, AuthKey)>,
    names: HashMap<i64, String>,
    world: Mutex<World>,
    faults: Mutex<Faults>,
    connections: Mutex<HashMap<u64, Handle>>,
    numbers: AtomicU64,
    stats: Mutex<Stats>,
    /// When each bot's shared bandwidth is free again.
    busy_until: Mutex<HashMap<String, Instant>>,
    state: Option<PathBuf>,
    dirty: AtomicBool,
    pub stop: CancellationToken,
    /// Cancelled and replaced by a restart.
    up: Mutex<CancellationToken>,
}

/// What was asked so far.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Stats {
    /// `account/dc/method` -> calls.
    pub calls: BTreeMap<String, u64>,
    /// `account/dc` -> bytes of files answered.
    pub bytes: BTreeMap<String, u64>,
    /// Account -> bot sign-ins.
    pub sign_ins: BTreeMap<String, u64>,
    /// Connections made so far.
    pub connections: u64,
}

impl Stats {
    /// Calls of a method, all accounts and DCs together.
    pub fn calls_of(&self, method: &str) -> u64 {
        self.calls.iter().filter(|(key, _)| key.ends_with(&format!("/{method}"))).map(|(_, n)| n).sum()
    }
}

/// A message that a bot sent to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sent {
    pub from: String,
    pub to: i64,
    pub text: String,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    pub fn new(
        world: World,
        home_dc: i32,
        dcs: &[i32],
        api_id: Option<i32>,
        longest: i32,
        state: Option<PathBuf>,
    ) -> Self {
        let keys = world.accounts.iter().flat_map(|account| {
            dcs.iter().map(|dc| {
                let key = AuthKey::from_seed(world.seed, account.id, *dc);
                ((key.id(), *dc), (account.id, key))
            })
        });
        Self {
            home_dc,
            api_id,
            longest_difference: longest,
            ports: Mutex::default(),
            keys: keys.collect(),
            names: world.accounts.iter().map(|a| (a.id, a.name.clone())).collect(),
            faults: Mutex::new(Faults::new(world.seed)),
            world: Mutex::new(world),
            connections: Mutex::default(),
            numbers: AtomicU64::new(0),
            stats: Mutex::default(),
            busy_until: Mutex::default(),
            state,
            dirty: AtomicBool::new(false),
            stop: CancellationToken::new(),
            up: Mutex::new(CancellationToken::new()),
        }
    }

    // --- ports --------------------------------------------------------------------------------------------------

    /// Opens a DC on a port (0: any).
    pub async fn open(self: &Arc<Self>, dc: i32, port: u16) -> std::io::Result<()> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        lock(&self.ports).insert(dc, listener.local_addr()?.port());
        tokio::spawn(self.clone().accept(dc, listener, lock(&self.up).clone()));
        Ok(())
    }

    async fn accept(self: Arc<Self>, dc: i32, listener: TcpListener, up: CancellationToken) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = up.cancelled() => return,
                () = self.stop.cancelled() => return,
            };
            match accepted {
                Ok((stream, _)) => tokio::spawn(connection::serve(self.clone(), dc, stream, up.child_token())),
                Err(_) => return,
            };
        }
    }

    /// Ends every connection and refuses new ones for a while, as a data centre that restarts; the world is kept.
    pub async fn restart(self: &Arc<Self>, down: Duration) -> std::io::Result<()> {
        let ports: Vec<(i32, u16)> = self.ports();
        std::mem::replace(&mut *lock(&self.up), CancellationToken::new()).cancel();
        tokio::time::sleep(down).await;
        for (dc, port) in ports {
            // The listener that just closed may need a moment to be gone.
            let mut tries = 0;
            while let Err(error) = self.open(dc, port).await {
                tries += 1;
                if tries == 50 {
                    return Err(error);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Ok(())
    }

    pub fn ports(&self) -> Vec<(i32, u16)> {
        lock(&self.ports).iter().map(|(dc, port)| (*dc, *port)).collect()
    }

    /// Ends every connection of an account (of everybody without one), as a network that fails.
    pub fn cut(&self, account: Option<i64>) {
        for handle in lock(&self.connections).values().filter(|h| account.is_none_or(|id| id == h.account)) {
            handle.cut.cancel();
        }
    }

    // --- connections --------------------------------------------------------------------------------------------

    pub fn key(&self, dc: i32, id: [u8; 8]) -> Option<(i64, AuthKey)> {
        self.keys.get(&(id, dc)).cloned()
    }

    pub fn next_connection(&self) -> u64 {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        lock(&self.stats).connections = number;
        number
    }

    pub fn opened(&self, handle: Handle) {
        lock(&self.connections).insert(handle.number, handle);
    }

    pub fn closed(&self, number: u64) {
        lock(&self.connections).remove(&number);
    }

    pub fn account_name(&self, id: i64) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }

    // --- world --------------------------------------------------------------------------------------------------

    /// Looks at the world.
    pub fn world<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&lock(&self.world))
    }

    /// Changes what is not kept in the state file.
    pub fn world_mut<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut lock(&self.world))
    }

    /// Changes the world; the state file follows.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.dirty.store(true, Ordering::Release);
        change(&mut lock(&self.world))
    }

    /// Writes the state file if anything changed.
    pub fn keep(&self) -> anyhow::Result<()> {
        let Some(path) = &self.state else { return Ok(()) };
        if self.dirty.swap(false, Ordering::AcqRel) {
            let json = self.world(World::to_json)?;
            let half = path.with_extension("part");
            std::fs::write(&half, json)?;
            std::fs::rename(&half, path)?;
        }
        Ok(())
    }

    pub fn post(&self, chat: i64, post: NewPost) -> Result<Posted, WorldError> {
        let posted = self.change(|world| world.post(chat, post))?;
        self.announce(chat);
        Ok(posted)
    }

    pub fn edit(&self, chat: i64, id: i32, text: Option<String>, file: Option<NewPost>) -> Result<(), WorldError> {
        self.change(|world| world.edit(chat, id, text, file))?;
        self.announce(chat);
        Ok(())
    }

    pub fn delete(&self, chat: i64, ids: &[i32]) -> Result<Vec<i32>, WorldError> {
        let gone = self.change(|world| world.delete(chat, ids))?;
        if !gone.is_empty() {
            self.announce(chat);
        }
        Ok(gone)
    }

    /// Tells every member's listening connections of a channel's last step.
    fn announce(&self, chat: i64) {
        let listening = self.listening();
        let world = lock(&self.world);
        let faults = lock(&self.faults);
        let Some(channel) = world.channels.get(&marked(chat)) else { return };
        for handle in listening {
            let Some(account) = world.account(handle.account).filter(|a| channel.members.contains(&a.id)) else {
                continue;
            };
            let caller = Caller { account: &account.name, dc: handle.dc, connection: handle.number };
            if faults.stands(caller, &What::LosePushes) {
                continue;
            }
            let update = match faults.stands(caller, &What::PushTooLong) {
                true => Some(objects::too_long(channel)),
                false => channel.log.last().and_then(|step| objects::update(&world, account, channel, step)),
            };
            if let Some(update) = update {
                handle.push(objects::updates(&[update], &[], &[objects::channel(&world, account, channel)]));
            }
        }
    }

    /// Somebody writes to a bot in private.
    pub fn message(&self, person: i64, account: i64, text: &str) -> Option<Private> {
        let message = self.change(|world| world.write(account, person, text, false))?;
        let listening = self.listening();
        let world = lock(&self.world);
        for handle in listening.into_iter().filter(|h| h.account == account) {
            let mut w = super::tl::Writer::object::<grammers_tl_types::types::UpdateNewMessage>();
            w.raw(&objects::private_message(&message)).int(message.pts).int(1);
            handle.push(objects::updates(&[w.done()], &[objects::person(&world, account, person)], &[]));
        }
        Some(message)
    }

    fn listening(&self) -> Vec<Handle> {
        lock(&self.connections).values().filter(|h| h.wants_updates.load(Ordering::Acquire)).cloned().collect()
    }

    /// What bots wrote to people, oldest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.world(|world| {
            let outgoing =
                world.accounts.iter().flat_map(|a| a.inbox.iter().filter(|m| m.is_outgoing).map(move |m| (a, m)));
            outgoing.map(|(a, m)| Sent { from: a.name.clone(), to: m.person, text: m.text.clone() }).collect()
        })
    }

    pub fn expire_references(&self, account: i64) {
        self.change(|world| {
            if let Some(account) = world.account_mut(account) {
                account.references += 1;
            }
        });
    }

    // --- faults and figures -------------------------------------------------------------------------------------

    pub fn faults<T>(&self, ask: impl FnOnce(&mut Faults) -> T) -> T {
        ask(&mut lock(&self.faults))
    }

    /// A fault that is an event of its own happens at once; the others wait for calls.
    pub fn add_fault(&self, fault: Fault) {
        self.faults(|f| f.add(fault));
    }

    pub fn is_black_hole(&self, dc: i32) -> bool {
        self.faults(|f| f.is_black_hole(dc))
    }

    /// How long a reply of so many bytes waits for its bot's shared bandwidth.
    pub fn bot_delay(&self, caller: Caller<'_>, bytes: usize) -> Duration {
        let Some(limit) = self.faults(|f| f.bot_limit(caller)) else { return Duration::ZERO };
        let now = Instant::now();
        let mut busy = lock(&self.busy_until);
        let until = busy.entry(caller.account.to_owned()).or_insert(now);
        *until = (*until).max(now) + Duration::from_secs_f64(bytes as f64 / limit.max(1) as f64);
        *until - now
    }

    pub fn count(&self, account: &str, dc: i32, method: &str) {
        *lock(&self.stats).calls.entry(format!("{account}/{dc}/{method}")).or_default() += 1;
    }

    pub fn count_bytes(&self, account: &str, dc: i32, bytes: u64) {
        *lock(&self.stats).bytes.entry(format!("{account}/{dc}")).or_default() += bytes;
    }

    pub fn count_sign_in(&self, account: i64) {
        let name = self.account_name(account);
        *lock(&self.stats).sign_ins.entry(name).or_default() += 1;
    }

    pub fn stats(&self) -> Stats {
        lock(&self.stats).clone()
    }
}
