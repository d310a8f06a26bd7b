//! Which bot and connection takes the next chunk, and what happens when it does not bring it.
//!
//! One task owns everything and decides; callers ask it for runs of a volume and get an [`FetchFuture`], a future. Each attempt is
//! a task of its own on one connection.
//!
//! ```text
//! ask -> queue (classes, fair turns) -> lanes (who brings it soonest) -> attempts -> FetchFuture
//!           ^----------------------------- failed: again, elsewhere --------|
//! ```
//!
//! Only a chunk that its reader waits for is asked of a second connection when the first is late, and no more than a twentieth
//! of all bytes is asked for twice. What a connection holds that fell silent is asked for elsewhere at once.

mod congestion;
mod connections;
mod event;
mod queue;

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use super::streams::StreamId;
use super::{Error, Options};
use crate::adapters::telegram::{BotIndex, ConnectionSlot, ConnectionState, Files, ReadError, VolumeLocation};
use crate::domain::telegram_id::Dc;
use congestion::Answer;
use connections::{Connections, Pick, Wish};
pub(super) use event::{Event, Listener};
pub(super) use queue::Class;
use queue::{Queue, Waiting};

/// Attempts in fetch for one chunk at most.
const ATTEMPTS: usize = 3;
/// Of all bytes asked for, what may be asked for a second time because the first was late.
const HEDGED_SHARE: f64 = 0.05;
/// So that a program that has just started may hedge too.
const HEDGED_FREE: u64 = 2 * 1024 * 1024;
/// A connection that is silent for so long with something in fetch is replaced.
const REPLACE_AFTER: Duration = Duration::from_secs(2);
/// Connections that were short a moment ago may be again.
const CONTENTION: Duration = Duration::from_millis(500);
/// How often to tell how the connections stand.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// How often to look whether a bot has signed in or a connection can be opened, while something waits for that.
const OPEN_POLL: Duration = Duration::from_millis(250);

/// A run of a volume to be fetched.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub at: Arc<VolumeLocation>,
    /// In the volume; [`Telegram::read`] says what is allowed.
    pub offset: u64,
    pub limit: u32,
    /// Bytes that the answer must have.
    pub reply_len: u32,
}

/// A run that came.
#[derive(Clone, Debug)]
pub(super) struct Fetched {
    pub bytes: Bytes,
    /// From the question to the bytes.
    pub took: Duration,
}

pub(super) type Outcome = Result<Fetched, Arc<Error>>;

/// The handle. Cheap to clone; the task ends with the last one.
#[derive(Clone)]
pub(super) struct Scheduler {
    commands: mpsc::UnboundedSender<Command>,
    is_contended: Arc<AtomicBool>,
}

enum Command {
    Ask {
        id: u64,
        run: Run,
        stream: StreamId,
        class: Class,
        answer: oneshot::Sender<Outcome>,
        /// Set when a connection was asked.
        is_under_way: Arc<AtomicBool>,
        at: Instant,
    },
    /// Its reader waits for it: it becomes at least this urgent.
    Wait(u64, Class),
    /// Nobody wants it any more.
    Leave(u64),
}

/// A run that was asked for. Dropping it gives the run up.
pub(super) struct FetchFuture {
    id: u64,
    answer: oneshot::Receiver<Outcome>,
    commands: mpsc::UnboundedSender<Command>,
    is_under_way: Arc<AtomicBool>,
    is_done: bool,
}

/// Says that a reader waits for a run, and how the run stands.
#[derive(Clone)]
pub(super) struct FetchHandle {
    id: u64,
    commands: mpsc::UnboundedSender<Command>,
    is_under_way: Arc<AtomicBool>,
}

impl FetchHandle {
    /// A reader waits for the run: it becomes at least this urgent.
    pub fn prioritize(&self, class: Class) {
        let _ = self.commands.send(Command::Wait(self.id, class));
    }

    /// A connection was asked for it.
    pub fn is_under_way(&self) -> bool {
        self.is_under_way.load(Ordering::Relaxed)
    }
}

impl Scheduler {
    pub fn start(telegram: Files, options: Options, listener: Listener) -> Self {
        let (commands, queue) = mpsc::unbounded_channel();
        let is_contended = Arc::new(AtomicBool::new(false));
        let actor = Actor {
            is_contended: is_contended.clone(),
            telegram,
            options,
            listener,
            known: Connections::default(),
            queue: Queue::default(),
            fetches: HashMap::new(),
            attempts: JoinSet::new(),
            connections: HashMap::new(),
            full: HashMap::new(),
            next_attempt: 0,
            asked_bytes: 0,
            hedged_bytes: 0,
            contended_at: None,
            told_at: None,
        };
        tokio::spawn(actor.run(queue));
        Self { commands, is_contended }
    }

    /// Several streams wait for connections with room: what one of them gets more, another gets less.
    pub fn is_contended(&self) -> bool {
        self.is_contended.load(Ordering::Relaxed)
    }

    /// Asks for a run, in a stream's name. It is on its way before anybody waits for the answer.
    pub fn fetch(&self, run: Run, stream: StreamId, class: Class) -> FetchFuture {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        let is_under_way = Arc::new(AtomicBool::new(false));
        let command =
            Command::Ask { id, run, stream, class, answer, is_under_way: is_under_way.clone(), at: Instant::now() };
        let _ = self.commands.send(command);
        FetchFuture { id, answer: answered, commands: self.commands.clone(), is_under_way, is_done: false }
    }
}

impl FetchFuture {
    pub fn handle(&self) -> FetchHandle {
        FetchHandle { id: self.id, commands: self.commands.clone(), is_under_way: self.is_under_way.clone() }
    }
}

impl Future for FetchFuture {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let answer = std::task::ready!(Pin::new(&mut self.answer).poll(cx));
        self.is_done = true;
        Poll::Ready(answer.unwrap_or_else(|_| Err(Arc::new(Error::Unavailable("the program is stopping".to_owned())))))
    }
}

impl Drop for FetchFuture {
    fn drop(&mut self) {
        if !self.is_done {
            let _ = self.commands.send(Command::Leave(self.id));
        }
    }
}

/// What owns it all.
struct Actor {
    is_contended: Arc<AtomicBool>,
    telegram: Files,
    options: Options,
    listener: Listener,
    known: Connections,
    queue: Queue,
    fetches: HashMap<u64, Fetch>,
    attempts: JoinSet<Finished>,
    /// How the connections to a DC stand for a document, while one decision after the other is made.
    connections: HashMap<i64, Vec<ConnectionState>>,
    /// Within the same decision: runs of so many bytes, pressing or not, find no room at a DC.
    full: HashMap<(Dc, bool), u64>,
    next_attempt: u64,
    /// Not counting what was asked for again.
    asked_bytes: u64,
    hedged_bytes: u64,
    /// When more than one stream last waited for a connection.
    contended_at: Option<Instant>,
    /// When the lanes' loads were last told.
    told_at: Option<Instant>,
}

struct Fetch {
    run: Run,
    stream: StreamId,
    class: Class,
    answer: Option<oneshot::Sender<Outcome>>,
    is_under_way: Arc<AtomicBool>,
    asked_at: Instant,
    /// An attempt was sent.
    has_begun: bool,
    waited_since: Option<Instant>,
    is_queued: bool,
    attempts: Vec<Attempt>,
    blind: HashSet<BotIndex>,
    last_error: Option<ReadError>,
    /// Until then there is no use in trying, and why not.
    stuck: Option<Pick>,
}

struct Attempt {
    number: u64,
    slot: ConnectionSlot,
    sent_at: Instant,
    /// On the connection when it was sent, its own bytes included.
    in_flight: u64,
    /// A further attempt was made because of it.
    is_late: bool,
    /// Its connection fell silent.
    is_given_up: bool,
    abort: AbortHandle,
}

struct Finished {
    fetch: u64,
    number: u64,
    answer: Result<Bytes, ReadError>,
}

impl Fetch {
    fn bytes(&self) -> u64 {
        self.run.limit.into()
    }

    fn waiting(&self, id: u64) -> Waiting {
        Waiting { fetch: id, stream: self.stream, bytes: self.bytes() }
    }

    /// Attempts of which something may still be hoped for.
    fn hopeful(&self) -> usize {
        self.attempts.iter().filter(|attempt| !attempt.is_given_up).count()
    }
}

impl Actor {
    async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let mut wake = None;
        let telegram = self.telegram.clone();
        loop {
            let far = Instant::now() + Duration::from_secs(3600);
            tokio::select! {
                command = commands.recv() => {
                    let Some(command) = command else { return };
                    self.take(command);
                    while let Ok(more) = commands.try_recv() {
                        self.take(more);
                    }
                }
                Some(done) = self.attempts.join_next() => {
                    if let Ok(done) = done {
                        self.finish(done);
                    }
                }
                () = sleep_until(wake.unwrap_or(far)) => {}
                () = telegram.changed() => {}
            }
            wake = self.decide();
        }
    }

    fn take(&mut self, command: Command) {
        match command {
            Command::Ask { id, run, stream, class, answer, is_under_way, at } => {
                let fetch = Fetch {
                    run,
                    stream,
                    class,
                    answer: Some(answer),
                    is_under_way,
                    asked_at: at,
                    has_begun: false,
                    waited_since: None,
                    is_queued: true,
                    attempts: Vec::new(),
                    blind: HashSet::new(),
                    last_error: None,
                    stuck: None,
                };
                self.queue.push(class, fetch.waiting(id));
                self.fetches.insert(id, fetch);
            }
            Command::Wait(id, class) => {
                let Some(fetch) = self.fetches.get_mut(&id) else { return };
                fetch.waited_since.get_or_insert_with(Instant::now);
                if fetch.class > class {
                    if fetch.is_queued {
                        self.queue.remove(fetch.class, fetch.waiting(id));
                        self.queue.push(class, fetch.waiting(id));
                    }
                    fetch.class = class;
                }
            }
            Command::Leave(id) => self.forget(id),
        }
    }

    /// Gives a fetch up, with everything that is under way for it.
    fn forget(&mut self, id: u64) {
        let Some(fetch) = self.fetches.remove(&id) else { return };
        if fetch.is_queued {
            self.queue.remove(fetch.class, fetch.waiting(id));
        }
        for attempt in fetch.attempts {
            attempt.abort.abort();
            self.known.ended((attempt.slot, fetch.run.at.volume.dc), fetch.run.limit.into());
        }
    }

    fn answer(&mut self, id: u64, outcome: Outcome) {
        if let Some(answer) = self.fetches.get_mut(&id).and_then(|fetch| fetch.answer.take()) {
            let _ = answer.send(outcome);
        }
        self.forget(id);
    }

    /// An attempt has come to its end.
    fn finish(&mut self, done: Finished) {
        let now = Instant::now();
        let Some(fetch) = self.fetches.get_mut(&done.fetch) else { return };
        let Some(at) = fetch.attempts.iter().position(|attempt| attempt.number == done.number) else { return };
        let attempt = fetch.attempts.remove(at);
        let key = (attempt.slot, fetch.run.at.volume.dc);
        self.known.ended(key, fetch.bytes());
        match done.answer {
            Ok(bytes) => {
                let (sent, in_flight) = (attempt.sent_at, attempt.in_flight);
                self.known.answered(key, &Answer { bytes: fetch.bytes(), in_flight, sent, came: now });
                for other in fetch.attempts.iter().filter(|other| other.is_late) {
                    let (sent, in_flight) = (other.sent_at, other.in_flight);
                    let answer = Answer { bytes: fetch.bytes(), in_flight, sent, came: now };
                    self.known.outrun((other.slot, key.1), &answer);
                }
                if fetch.attempts.iter().any(|other| other.is_late) {
                    (self.listener)(Event::HedgeWon);
                }
                if fetch.attempts.iter().any(|other| other.is_given_up) {
                    (self.listener)(Event::Recovered { took: now - attempt.sent_at });
                }
                (self.listener)(Event::Served { stream: fetch.stream, bot: attempt.slot.bot });
                if let Some(since) = fetch.waited_since.filter(|_| fetch.class == Class::Head) {
                    (self.listener)(Event::HeadWaited { took: now - since });
                }
                let fetched = Fetched { bytes, took: now - fetch.asked_at };
                self.answer(done.fetch, Ok(fetched));
            }
            Err(error) => {
                (self.listener)(Event::ReadFailed { is_flood_wait: matches!(error, ReadError::FloodWait { .. }) });
                self.known.failed(key, fetch.run.at.volume.document, &error, attempt.sent_at, now);
                if let ReadError::NotVisible { bot } = error {
                    fetch.blind.insert(bot);
                }
                fetch.last_error = Some(error);
                if fetch.hopeful() == 0 && !fetch.is_queued {
                    self.requeue(done.fetch);
                }
            }
        }
    }

    fn requeue(&mut self, id: u64) {
        if let Some(fetch) = self.fetches.get_mut(&id) {
            fetch.is_queued = true;
            self.queue.push_front(fetch.class, fetch.waiting(id));
        }
    }

    /// Sends what can be sent, gives up what cannot be had. Answers when to look again.
    fn decide(&mut self) -> Option<Instant> {
        let now = Instant::now();
        self.connections.clear();
        self.full.clear();
        self.look_for_late(now);
        let mut queue = std::mem::take(&mut self.queue);
        queue.serve(|_, what| self.place(what.fetch, now));
        self.queue = queue;
        if self.queue.waiting_viewers() > 1 {
            self.contended_at = Some(now);
        }
        let is_contended = self.contended_at.is_some_and(|at| now < at + CONTENTION);
        self.is_contended.store(is_contended, Ordering::Relaxed);
        self.give_up_hopeless(now);
        if self.told_at.is_none_or(|at| now >= at + TELL_EVERY) {
            self.told_at = Some(now);
            (self.listener)(Event::Loads(self.known.loads()));
        }
        self.next_look(now)
    }

    /// How the lanes stand for a run's document; also sees to it that every bot has a connection to its DC.
    fn connections(&mut self, at: &Arc<VolumeLocation>, now: Instant) -> Vec<ConnectionState> {
        if let Some(known) = self.connections.get(&at.volume.document.0) {
            return known.clone();
        }
        let connections = self.telegram.connections(at);
        for slot in self.known.cold(at, &connections, now) {
            self.telegram.open(slot, at);
        }
        self.connections.insert(at.volume.document.0, connections.clone());
        connections
    }

    /// Sends the next attempt for a fetch, if some connection takes it.
    fn place(&mut self, id: u64, now: Instant) -> bool {
        let Some(fetch) = self.fetches.get(&id) else { return true };
        let at = fetch.run.at.clone();
        let connections = self.connections(&at, now);
        let Some(fetch) = self.fetches.get_mut(&id) else { return true };
        let asked: Vec<ConnectionSlot> = fetch.attempts.iter().map(|attempt| attempt.slot).collect();
        // Where many wait, most would be told what the one before was told: that there is no room.
        let is_plain = asked.is_empty() && fetch.blind.is_empty();
        let kind = (at.volume.dc, fetch.class < Class::Tail);
        if is_plain && self.full.get(&kind).is_some_and(|least| fetch.bytes() >= *least) {
            fetch.stuck = Some(Pick::Full { open: None });
            return false;
        }
        let wish = Wish { at: &at, bytes: fetch.bytes(), class: fetch.class, blind: &fetch.blind, asked: &asked };
        match self.known.pick(&wish, &connections, now) {
            Pick::ConnectionSlot { slot, open } => {
                fetch.is_queued = false;
                fetch.stuck = None;
                if let Some(slot) = open {
                    self.telegram.open(slot, &at);
                }
                self.send(id, slot, now);
                true
            }
            pick => {
                if let Pick::Full { open } = pick {
                    if let Some(slot) = open {
                        self.telegram.open(slot, &at);
                    }
                    if is_plain {
                        self.full.insert(kind, fetch.bytes());
                    }
                }
                fetch.stuck = Some(pick);
                false
            }
        }
    }

    fn send(&mut self, id: u64, slot: ConnectionSlot, now: Instant) {
        let Some(fetch) = self.fetches.get_mut(&id) else { return };
        let in_flight = self.known.in_flight((slot, fetch.run.at.volume.dc));
        let number = self.next_attempt;
        self.next_attempt += 1;
        if !std::mem::replace(&mut fetch.has_begun, true) {
            self.asked_bytes += fetch.bytes();
        }
        fetch.is_under_way.store(true, Ordering::Relaxed);
        (self.listener)(Event::ReadSent);
        let (telegram, run, limit) = (self.telegram.clone(), fetch.run.clone(), self.options.read_limit);
        let abort = self.attempts.spawn(async move {
            let read = telegram.read(slot, &run.at, run.offset, run.limit);
            let answer = match timeout(limit, read).await {
                Err(_) => Err(ReadError::Timeout(limit)),
                Ok(Ok(bytes)) if bytes.len() != run.reply_len as usize => {
                    Err(ReadError::WrongLength { wanted: run.reply_len, got: bytes.len() })
                }
                Ok(answer) => answer,
            };
            Finished { fetch: id, number, answer }
        });
        let (is_late, is_given_up) = (false, false);
        fetch.attempts.push(Attempt { number, slot, sent_at: now, in_flight, is_late, is_given_up, abort });
    }

    /// Asks again, elsewhere, for what a reader waits for and is late; and for everything that silent connections hold.
    fn look_for_late(&mut self, now: Instant) {
        let is_late = |fetch: &Fetch, attempt: &Attempt| {
            now >= attempt.sent_at + self.known.late_after(fetch.run.at.volume.dc, fetch.run.limit)
        };
        let waits_in_vain = |fetch: &Fetch| {
            fetch.waited_since.is_some()
                && !fetch.attempts.is_empty()
                && fetch.attempts.iter().all(|attempt| is_late(fetch, attempt))
        };
        let late: Vec<u64> = self.fetches.iter().filter(|(_, fetch)| waits_in_vain(fetch)).map(|(id, _)| *id).collect();
        if late.is_empty() {
            return;
        }
        self.give_up_silent(now);
        for id in late {
            // Where others wait for a connection already, asking twice would only make all of them wait longer.
            if self.fetches.values().any(|fetch| fetch.is_queued && fetch.class < Class::Background) {
                break;
            }
            let Some(fetch) = self.fetches.get_mut(&id) else { continue };
            if fetch.attempts.len() >= ATTEMPTS {
                continue;
            }
            let (bytes, dc) = (fetch.bytes(), fetch.run.at.volume.dc);
            let share = (self.asked_bytes as f64 * HEDGED_SHARE) as u64 + HEDGED_FREE;
            if self.hedged_bytes + bytes > share {
                continue;
            }
            for attempt in &mut fetch.attempts {
                if !std::mem::replace(&mut attempt.is_late, true) {
                    self.known.late((attempt.slot, dc), now);
                }
            }
            let attempts = fetch.attempts.len();
            self.place(id, now);
            if let Some(fetch) = self.fetches.get_mut(&id) {
                fetch.stuck = None;
                if fetch.attempts.len() > attempts {
                    self.hedged_bytes += bytes;
                    (self.listener)(Event::Hedged { bytes });
                }
            }
        }
    }

    /// Connections that have brought nothing since something on them was asked for, and that is late.
    fn give_up_silent(&mut self, now: Instant) {
        let mut silent: HashMap<connections::Key, Duration> = HashMap::new();
        let ids: Vec<u64> = self.fetches.keys().copied().collect();
        for id in &ids {
            let Some(at) = self.fetches.get(id).map(|fetch| fetch.run.at.clone()) else { continue };
            let connections = self.connections(&at, now);
            let Some(fetch) = self.fetches.get(id) else { continue };
            let late_after = self.known.late_after(at.volume.dc, fetch.run.limit);
            for attempt in &fetch.attempts {
                let key = (attempt.slot, at.volume.dc);
                let since = self.known.heard(key, &connections).unwrap_or(attempt.sent_at).max(attempt.sent_at);
                if now >= since + late_after {
                    let longest = silent.entry(key).or_default();
                    *longest = (*longest).max(now - since);
                }
            }
        }
        for (key, silence) in silent {
            self.known.stalled(key, now);
            if silence >= REPLACE_AFTER {
                self.telegram.give_up(key.0, key.1);
            }
        }
        for id in ids {
            let Some(fetch) = self.fetches.get_mut(&id) else { continue };
            let dc = fetch.run.at.volume.dc;
            let mut is_new = false;
            for attempt in &mut fetch.attempts {
                if self.known.is_stalled((attempt.slot, dc)) && !attempt.is_given_up {
                    attempt.is_given_up = true;
                    is_new = true;
                }
            }
            if is_new && fetch.hopeful() == 0 && !fetch.is_queued && fetch.attempts.len() < ATTEMPTS {
                (self.listener)(Event::FailedOver);
                self.requeue(id);
            }
        }
    }

    fn patience(&self, class: Class) -> Duration {
        match class {
            Class::Background => self.options.background_patience,
            Class::First | Class::Head | Class::Tail | Class::Ahead => self.options.patience,
        }
    }

    /// Ends what cannot be had within our patience.
    fn give_up_hopeless(&mut self, now: Instant) {
        let mut ends = Vec::new();
        for (id, fetch) in &self.fetches {
            let patience = self.patience(fetch.class);
            let deadline = fetch.waited_since.unwrap_or(fetch.asked_at) + patience;
            let error = match &fetch.stuck {
                Some(Pick::Shut(until)) if fetch.attempts.is_empty() && *until > deadline => {
                    Error::Busy { retry_after: *until - now }
                }
                Some(Pick::Unseen) if fetch.attempts.is_empty() => Error::NotFound,
                _ if now >= deadline => gave_up(fetch.last_error.clone(), patience),
                _ => continue,
            };
            ends.push((*id, error));
        }
        for (id, error) in ends {
            self.answer(id, Err(Arc::new(error)));
        }
    }

    /// The next moment at which something could be decided that cannot be now.
    fn next_look(&self, now: Instant) -> Option<Instant> {
        let mut next: Option<Instant> = None;
        let mut at = |time: Instant| next = Some(next.map_or(time, |next| next.min(time)));
        for fetch in self.fetches.values() {
            at(fetch.waited_since.unwrap_or(fetch.asked_at) + self.patience(fetch.class));
            match fetch.stuck {
                // One that could go again but for another of its stream before it is not looked at for its own sake.
                Some(Pick::Shut(until) | Pick::Resting(until)) if fetch.is_queued && until > now => at(until),
                Some(Pick::NoBot | Pick::Full { .. }) if fetch.is_queued => at(now + OPEN_POLL),
                _ => {}
            }
            if fetch.waited_since.is_some() {
                let late_after = self.known.late_after(fetch.run.at.volume.dc, fetch.run.limit);
                if let Some(newest) = fetch.attempts.iter().map(|attempt| attempt.sent_at).max() {
                    // One that is late already and found nobody else to ask is looked at again now and then.
                    at((newest + late_after).max(now + late_after / 4));
                }
            }
        }
        next
    }
}

/// What to say when our patience is over.
fn gave_up(last: Option<ReadError>, patience: Duration) -> Error {
    match last {
        Some(ReadError::FloodWait { wait, .. }) => Error::Busy { retry_after: wait },
        Some(error) => Error::Unavailable(error.to_string()),
        None => Error::Unavailable(format!("nothing came within {} s", patience.as_secs())),
    }
}
