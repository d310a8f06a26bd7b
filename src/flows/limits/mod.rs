//! Floor 4: what people may use. Counts what was sent, and refuses what a limit forbids.
//!
//! ```text
//! admit      person, file -> Meter             a stream begins, or the reason why not
//! Meter      bytes -> pace, end                one stream: counted, slowed down, cut when the bytes of a day are used up
//! sync       tallies <-> store                 every other second: what was sent goes out, what others sent comes in
//! take_request, begin_guess, take_link         smaller questions of the same kind
//! ```
//!
//! `tally` holds what was sent and not stored yet, `account` how much somebody has left, `requests` the buckets of requests per
//! second, `records` what is stored: rules, lists, sums, histories, and what every instance sends now. The limits themselves, and the
//! words of a refusal, are in `domain::limits`.
//!
//! # Counting
//!
//! A byte counts when the body hands it to the HTTP server. Every [`EVERY`] the tallies go to the store, which adds them up over
//! instances; `kill -9` loses what came since. A batch whose write failed half way is dropped rather than written twice: nobody is
//! ever counted too much.

mod account;
mod meter;
mod records;
mod requests;
mod sync;
mod tally;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Notify;

use crate::adapters::store::{self, Store};
use crate::domain::entry::Entry;
use crate::domain::limits::{Day, Guesser, Guesses, Kind, Lists, Refusal, Rules, Scope, Secret, network};
use crate::domain::person::{Person, PersonId, Role};
use crate::domain::telegram_id::UserId;
use crate::flows::DatabaseError;
use account::Accounts;
use requests::Buckets;
use tally::Tallies;

pub use meter::Meter;
pub use records::{Records, SettingError};

/// How often what was sent goes to the store, and what others sent comes from it: the most that `kill -9` loses, and the longest
/// that somebody goes on beyond a limit on another instance.
pub const EVERY: Duration = Duration::from_secs(2);

/// What the settings say.
#[derive(Clone, Debug)]
pub struct Options {
    pub rules: Rules,
    pub lists: Lists,
    /// Whether it is kept who watched what.
    pub history: bool,
}

impl Default for Options {
    /// No limits; histories are kept.
    fn default() -> Self {
        Self { rules: Rules::default(), lists: Lists::default(), history: true }
    }
}

/// Why something is not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    #[error("a limit was reached: {}", .0.word())]
    Refused(Refusal),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Who asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    pub person: PersonId,
    pub role: Role,
    /// What they watch may be remembered: their own choice.
    pub keeps_history: bool,
}

impl Asker {
    pub fn of(person: &Person) -> Self {
        Self { person: person.id, role: person.role, keeps_history: person.preferences.keeps_history }
    }
}

/// Figures since the start, and now.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// By role, in the order of [`Role::ALL`].
    pub sent_bytes: [u64; Role::ALL.len()],
    pub streams: [u64; Role::ALL.len()],
    /// In the order of [`Refusal::WORDS`].
    pub refused: [u64; Refusal::WORDS.len()],
    /// Requests from addresses that are not let in.
    pub denied: u64,
    /// Bytes that the store failed to count.
    pub uncounted: u64,
    /// Questions to the database, and changes.
    pub store_calls: u64,
    /// Remembered now: who guessed wrong, and whose requests are counted.
    pub guessers: u64,
    pub requesters: u64,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    shared: Arc<Shared>,
}

pub(super) struct Shared {
    records: Records,
    options: Options,
    /// Differs with every run of the program: others tell its streams by it.
    instance: String,
    in_force: RwLock<Arc<InForce>>,
    tallies: Mutex<Tallies>,
    accounts: Accounts,
    requests: Buckets,
    guesses: Mutex<Guesses>,
    counters: Counters,
    /// A file was sent to its end: its bytes need not wait for the next round.
    ended: Notify,
}

/// What the settings and the store say together.
struct InForce {
    rules: Rules,
    lists: Lists,
    /// Unix seconds.
    read: i64,
}

#[derive(Default)]
struct Counters {
    sent: [AtomicU64; Role::ALL.len()],
    refused: [AtomicU64; Refusal::WORDS.len()],
    denied: AtomicU64,
    /// Bytes of batches that may have been stored, or not.
    lost: AtomicU64,
    /// The store was told last that something is sent.
    is_published: AtomicBool,
    /// When it was read last what others send, in unix seconds.
    others_read: AtomicI64,
}

impl Limits {
    pub fn new(store: Store, options: Options) -> Self {
        let in_force = InForce { rules: options.rules.clone(), lists: options.lists.clone(), read: 0 };
        let mut random = [0; 4];
        // Only to tell instances apart: zeros will do when there is no randomness.
        let _ = getrandom::fill(&mut random);
        let shared = Shared {
            records: Records::new(store),
            options,
            instance: format!("{:08x}", u32::from_be_bytes(random)),
            in_force: RwLock::new(Arc::new(in_force)),
            tallies: Mutex::default(),
            accounts: Accounts::default(),
            requests: Buckets::default(),
            guesses: Mutex::default(),
            counters: Counters::default(),
            ended: Notify::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Rules, lists, sums and histories as they are stored.
    pub fn records(&self) -> &Records {
        &self.shared.records
    }

    /// A stream begins: the file may be sent to this person now, as one more connection. `is_whole`: all of it was asked for, as for
    /// saving it. `now` in unix seconds.
    pub async fn admit(&self, asker: Asker, entry: &Entry, is_whole: bool, now: i64) -> Result<Meter, Error> {
        let in_force = self.in_force();
        let limits = in_force.rules.of_person(asker.person, asker.role);
        if let Some(most) = limits.most(Kind::File).filter(|most| entry.file.len() > *most) {
            return Err(self.refuse(Refusal::File { most }).into());
        }
        let accounts = self.solvent(asker, now).await.map_err(|error| self.count(error))?;
        self.know_others(asker, now).await?;
        let tally = self.tallies().enter(asker, entry, is_whole, &in_force.rules, now);
        let tally = tally.map_err(|refusal| self.refuse(refusal))?;
        Ok(Meter::new(Arc::clone(&self.shared), tally, accounts, limits.most(Kind::Rate)))
    }

    /// What would stand in the way of a stream of this person's now, for lists of files. A file's own size is not looked at.
    pub async fn hindrance(&self, asker: Asker, now: i64) -> Result<Option<Refusal>, DatabaseError> {
        match self.solvent(asker, now).await {
            Ok(_) => {
                self.know_others(asker, now).await?;
                Ok(self.tallies().hindrance(asker, &self.in_force().rules))
            }
            Err(Error::Refused(refusal)) => Ok(Some(refusal)),
            Err(Error::Database(error)) => Err(error),
        }
    }

    /// The largest file that a person gets. `None`: any.
    pub fn largest_file(&self, asker: Asker) -> Option<u64> {
        self.in_force().rules.of_person(asker.person, asker.role).most(Kind::File)
    }

    /// One request of a person comes.
    pub fn take_request(&self, asker: Asker, now: i64) -> Result<(), Refusal> {
        let most = self.in_force().rules.of_person(asker.person, asker.role).most(Kind::Requests);
        let wait = most.and_then(|most| self.shared.requests.take_of_person(most, asker.person));
        self.not_too_fast(wait, now)
    }

    /// One request of an address comes.
    pub fn take_request_from(&self, address: IpAddr, now: i64) -> Result<(), Refusal> {
        let most = self.in_force().rules.of(Scope::Address).most(Kind::Requests);
        let wait = most.and_then(|most| self.shared.requests.take_of_address(most, network(address)));
        self.not_too_fast(wait, now)
    }

    /// A person makes one more link.
    pub async fn take_link(&self, asker: Asker, now: i64) -> Result<(), Error> {
        let day = Day::of(now);
        let most = self.in_force().rules.of_person(asker.person, asker.role).most(Kind::Links);
        let store = self.shared.records.usage();
        if store.take_link(asker.person, day, most.unwrap_or(u64::MAX)).await? {
            return Ok(());
        }
        Err(self.refuse(Refusal::Links { most: most.unwrap_or_default(), ends: day.ends() }).into())
    }

    /// A token, code or password is about to be looked at. It counts as wrong until [`Limits::guessed_right`].
    pub fn begin_guess(&self, secret: Secret, who: Guesser, now: i64) -> Result<(), Refusal> {
        lock(&self.shared.guesses).begin(secret, who, now).map_err(|refusal| self.refuse(refusal))
    }

    pub fn guessed_right(&self, secret: Secret, who: Guesser) {
        lock(&self.shared.guesses).right(secret, who);
    }

    /// Whether requests of this address are answered at all.
    pub fn admits_address(&self, address: IpAddr) -> bool {
        let is_admitted = self.in_force().lists.admits_address(address);
        if !is_admitted {
            self.shared.counters.denied.fetch_add(1, Ordering::Relaxed);
        }
        is_admitted
    }

    /// Whether somebody is let in, by their Telegram id. Whoever has none stands on no list, and nobody locks the owner out.
    pub fn admits(&self, person: &Person) -> bool {
        person.is_owner() || person.telegram.as_ref().is_none_or(|known| self.admits_person(known.id))
    }

    /// Whether the bot listens to this person, and to this chat (as Telegram's Bot API writes its id).
    pub fn admits_person(&self, person: UserId) -> bool {
        self.in_force().lists.admits_person(person)
    }

    pub fn admits_chat(&self, chat: i64) -> bool {
        self.in_force().lists.admits_chat(chat)
    }

    pub fn figures(&self) -> Figures {
        let counters = &self.shared.counters;
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Figures {
            sent_bytes: counters.sent.each_ref().map(load),
            streams: self.tallies().connections(),
            refused: counters.refused.each_ref().map(load),
            denied: load(&counters.denied),
            uncounted: load(&counters.lost),
            store_calls: self.shared.records.store_calls(),
            guessers: lock(&self.shared.guesses).len() as u64,
            requesters: self.shared.requests.len() as u64,
        }
    }

    /// Returns when a stream ended whose bytes are not stored yet.
    pub async fn stream_ended(&self) {
        self.shared.ended.notified().await;
    }

    fn in_force(&self) -> Arc<InForce> {
        Arc::clone(&self.shared.in_force.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn tallies(&self) -> MutexGuard<'_, Tallies> {
        lock(&self.shared.tallies)
    }

    fn not_too_fast(&self, wait: Option<Duration>, now: i64) -> Result<(), Refusal> {
        let Some(wait) = wait else { return Ok(()) };
        let secs = i64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(1);
        Err(self.refuse(Refusal::Requests { ends: now.saturating_add(secs.max(1)) }))
    }

    fn count(&self, error: Error) -> Error {
        match error {
            Error::Refused(refusal) => self.refuse(refusal).into(),
            Error::Database(_) => error,
        }
    }

    /// Counts a refusal.
    fn refuse(&self, refusal: Refusal) -> Refusal {
        let place = Refusal::WORDS.iter().position(|word| *word == refusal.word());
        if let Some(count) = place.and_then(|place| self.shared.counters.refused.get(place)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        refusal
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
