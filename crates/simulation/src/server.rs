//! What all connections share: the world, the keys, sessions, faults and counts; and how changes of the world reach the
//! clients that want to know.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use grammers_tl_types::Serializable;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::calls::CallLog;
use super::clock::Clock;
use super::connection::{Cause, Message, Outgoing, Pace, Session, notice_packet};
use super::faults::{Effect, Event, Faults};
use super::hub::{Hub, Listener};
use super::refusal::Refusal;
use super::rpc::shapes;
use super::stats::Stats;
use super::world::{self, ReferenceAge, World};
use mtproto::AuthKey;

pub(super) struct Server {
    pub seed: u64,
    pub rules: Rules,
    /// Known once they are bound.
    pub doors: OnceLock<Vec<Door>>,
    pub faults: Faults,
    pub stats: Stats,
    pub calls: Arc<CallLog>,
    pub clock: Clock,
    pub hub: Hub,
    /// Something changed that the state file should know.
    pub changed: Notify,
    /// Whether bots must not write faster than Telegram's limits.
    pub limits_sending: AtomicBool,
    world: Mutex<World>,
    keys: HashMap<i64, Arc<AuthKey>>,
    names: HashMap<i64, Arc<str>>,
    sessions: Mutex<HashMap<(i64, i64), Arc<Session>>>,
    paces: Mutex<HashMap<String, Arc<Pace>>>,
}

/// A port of a DC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Door {
    pub dc: i32,
    pub port: u16,
    /// `media_only` in getConfig: only methods that move files are answered behind it.
    pub is_for_files: bool,
}

/// What this Telegram is like.
pub(super) struct Rules {
    pub home_dc: i32,
    /// The API id and hash that clients must have; any when `None`.
    pub api: Option<(i32, String)>,
    pub reference_lifetime: Duration,
    /// How many changes of a channel are remembered for differences.
    pub events_kept: usize,
    /// How long a pressed button or an inline query waits for its answer.
    pub query_lifetime: Duration,
}

impl Server {
    pub fn new(world: World, keys: Vec<AuthKey>, rules: Rules) -> Self {
        let names = world.accounts.iter().map(|account| (account.id, account.name.as_str().into())).collect();
        Self {
            seed: world.seed,
            rules,
            doors: OnceLock::new(),
            faults: Faults::new(world.seed),
            stats: Stats::default(),
            calls: Arc::default(),
            clock: Clock::default(),
            hub: Hub::default(),
            changed: Notify::new(),
            limits_sending: AtomicBool::new(false),
            world: Mutex::new(world),
            keys: keys.into_iter().map(|key| (key.id, Arc::new(key))).collect(),
            names,
            sessions: Mutex::default(),
            paces: Mutex::default(),
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// A key that is known in this DC.
    pub fn key(&self, id: i64, dc: i32) -> Option<Arc<AuthKey>> {
        self.world().keys.get(&id).filter(|key| key.dc == dc)?;
        self.keys.get(&id).cloned()
    }

    /// Who signed in with the key, or for whom it was made.
    pub fn name_of_key(&self, id: i64) -> Arc<str> {
        let world = self.world();
        let account = world.keys.get(&id).map(|key| key.signed_in.unwrap_or(key.made_for));
        account.and_then(|id| self.names.get(&id)).cloned().unwrap_or_else(|| "".into())
    }

    /// The session and whether it was made just now.
    pub fn session(&self, key: i64, id: i64) -> (Arc<Session>, bool) {
        let mut is_new = false;
        let mut sessions = lock(&self.sessions);
        let session = sessions.entry((key, id)).or_insert_with(|| {
            is_new = true;
            Arc::new(Session::new(id))
        });
        (session.clone(), is_new)
    }

    pub fn forget_session(&self, key: i64, id: i64) -> bool {
        lock(&self.sessions).remove(&(key, id)).is_some()
    }

    pub fn step_clock(&self, secs: i64) {
        let sessions = lock(&self.sessions);
        self.clock.step(secs);
        sessions.values().for_each(|session| session.step(secs));
    }

    pub fn forget_sessions(&self) {
        lock(&self.sessions).clear();
    }

    pub fn pace_of(&self, account: &str) -> Arc<Pace> {
        lock(&self.paces).entry(account.to_owned()).or_default().clone()
    }

    pub fn reference_age(&self) -> ReferenceAge {
        ReferenceAge { now: world::now(), lifetime: self.rules.reference_lifetime }
    }

    pub fn expire_references(&self, account: &str) {
        let mut world = self.world();
        if let Some(account) = world.accounts.iter_mut().find(|a| a.name == account) {
            account.reference_generation += 1;
        }
    }

    /// Changes a channel and tells everybody in it, except the connection that asked for the change (it gets an answer).
    pub fn change_channel(
        &self,
        bare: i64,
        except: Option<u64>,
        change: impl FnOnce(&mut world::Channel) -> Result<Option<world::Event>, Refusal>,
    ) -> Result<Option<world::Event>, Refusal> {
        let mut world = self.world();
        self.change_channel_in(&mut world, bare, except, change)
    }

    /// The same for who holds the world already, so that nothing comes between a check and a change.
    pub fn change_channel_in(
        &self,
        world: &mut World,
        bare: i64,
        except: Option<u64>,
        change: impl FnOnce(&mut world::Channel) -> Result<Option<world::Event>, Refusal>,
    ) -> Result<Option<world::Event>, Refusal> {
        let channel = world.channels.get_mut(&bare).ok_or(Refusal::bad("CHANNEL_INVALID"))?;
        let event = change(channel)?;
        if let Some(event) = &event {
            self.changed.notify_one();
            self.announce(world, bare, event, except);
        }
        Ok(event)
    }

    fn announce(&self, world: &World, bare: i64, event: &world::Event, except: Option<u64>) {
        let Some(channel) = world.channels.get(&bare) else { return };
        // The same bytes for all connections of an account.
        let mut bodies: HashMap<i64, Vec<u8>> = HashMap::new();
        for listener in self.hub.listeners().into_iter().filter(|l| Some(l.connection) != except) {
            let Some(account) = world.keys.get(&listener.key.id).and_then(|key| key.signed_in) else { continue };
            if !channel.members.contains(&account) {
                continue;
            }
            let whom = self.event_of(&listener, account);
            let effects = self.faults.for_update(whom);
            if effects.contains(&Effect::LoseUpdates) {
                continue;
            }
            if effects.contains(&Effect::TooLong) {
                let update = shapes::too_long(world, account, channel);
                self.tell(&listener, whom, &update.to_bytes());
                continue;
            }
            if !shapes::is_told(world, account, channel, event) {
                continue;
            }
            let body = bodies
                .entry(account)
                .or_insert_with(|| shapes::update_of(self, world, account, channel, event).to_bytes());
            self.tell(&listener, whom, body);
        }
    }

    /// Changes a bot's letters and tells its connections, except the one that asked for the change.
    pub fn change_letters_in(
        &self,
        world: &mut World,
        account: i64,
        except: Option<u64>,
        change: impl FnOnce(&mut world::Account) -> Result<Option<world::Event>, Refusal>,
    ) -> Result<Option<world::Event>, Refusal> {
        let own = world.account_mut(account).ok_or(Refusal::bad("PEER_ID_INVALID"))?;
        let event = change(own)?;
        if let Some(event) = &event {
            self.changed.notify_one();
            let updates = shapes::letters_changed(self, world, account, event);
            self.tell_account(world, account, except, &updates);
        }
        Ok(event)
    }

    /// Sends updates to every connection of an account that wants them.
    pub fn tell_account(
        &self,
        world: &World,
        account: i64,
        except: Option<u64>,
        updates: &grammers_tl_types::enums::Updates,
    ) {
        let body = updates.to_bytes();
        for listener in self.hub.listeners().into_iter().filter(|l| Some(l.connection) != except) {
            let signed_in = world.keys.get(&listener.key.id).and_then(|key| key.signed_in);
            let whom = self.event_of(&listener, account);
            if signed_in == Some(account) && !self.faults.for_update(whom).contains(&Effect::LoseUpdates) {
                self.tell(&listener, whom, &body);
            }
        }
    }

    /// An account came into a channel or left it.
    pub fn set_member(&self, bare: i64, account: i64, is_member: bool) -> Result<(), Refusal> {
        let mut world = self.world();
        let channel = world.channels.get_mut(&bare).ok_or(Refusal::bad("CHANNEL_INVALID"))?;
        let has_changed = if is_member { channel.members.insert(account) } else { channel.members.remove(&account) };
        if !has_changed {
            return Ok(());
        }
        self.changed.notify_one();
        let updates = shapes::membership(&world, account, bare);
        self.tell_account(&world, account, None, &updates);
        Ok(())
    }

    fn event_of(&self, listener: &Listener, account: i64) -> Event<'_> {
        let name = self.names.get(&account).map(|name| &**name);
        let (dc, connection) = (listener.dc, listener.connection);
        Event { account: name, dc, connection, ..Event::default() }
    }

    fn tell(&self, listener: &Listener, whom: Event<'_>, updates: &[u8]) {
        let message = Message {
            key: listener.key.clone(),
            session: listener.session.clone(),
            cause: Cause::Notice,
            is_content_related: true,
            packet: notice_packet(updates),
            not_before: Instant::now() + self.faults.round_trip(whom) / 2,
            cut_after: None,
            call: None,
            account: whom.account.unwrap_or_default().into(),
        };
        // A connection that has just ended misses it, as it would with Telegram.
        let _ = listener.notices.send(Outgoing::Message(message));
    }
}

#[cfg(test)]
impl Server {
    pub fn for_tests(world: World) -> Self {
        let hour = Duration::from_secs(3600);
        Self::new(
            world,
            Vec::new(),
            Rules { home_dc: 2, api: None, reference_lifetime: hour, events_kept: 100, query_lifetime: hour },
        )
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
