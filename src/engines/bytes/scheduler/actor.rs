//! The scheduler's task: receives what happened, moves the fetches it concerns, and carries out what follows from that. What
//! is decided by whom says the page of [`scheduler`](super); here everything meets.
//!
//! Invariant: a fetch stands in the queue exactly while [`Fetch::is_queued`]; each of its attempts holds [`Job::bytes`] of its
//! connection from [`Actor::send`] until [`Connections::release`], which every way out of the table of jobs goes through.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use super::choice::{Blocked, Choice, Request, choose};
use super::congestion::Answer;
use super::connections::{self, Connections};
use super::contention::Contention;
use super::event::{Event, Listener};
use super::fetch::{Attempt, AttemptId, Fetch};
use super::hedging::HedgeBudget;
use super::queue::{Class, FetchId, Queue, Waiting};
use super::{Fetched, Outcome, Run};
use crate::adapters::telegram::{ConnectionSlot, ConnectionState, Files, ReadError, VolumeLocation};
use crate::domain::post::DocumentId;
use crate::domain::telegram_id::Dc;
use crate::engines::bytes::Options;
use crate::engines::bytes::streams::StreamId;

/// A connection that is silent for so long with something in flight is replaced.
const REPLACE_AFTER: Duration = Duration::from_secs(2);
/// How often to report how the connections stand.
const REPORT_EVERY: Duration = Duration::from_secs(1);
/// How often to look whether a bot has signed in or a connection can be opened, while something waits for that.
const OPEN_POLL: Duration = Duration::from_millis(250);
/// Nothing is due for longer than this.
const FAR: Duration = Duration::from_secs(3600);

/// What a handle asks the actor for.
pub(super) enum Command {
    Fetch(FetchId, FetchRequest),
    /// A reader waits for it: it becomes at least this urgent.
    Prioritize(FetchId, Class),
    /// Nobody wants it any more.
    Cancel(FetchId),
}

/// A run to be fetched, and where its outcome goes.
pub(super) struct FetchRequest {
    pub run: Run,
    pub stream: StreamId,
    pub class: Class,
    pub reply: oneshot::Sender<Outcome>,
    /// Set when a connection was asked.
    pub is_under_way: Arc<AtomicBool>,
    pub at: Instant,
}

pub(super) struct Actor {
    telegram: Files,
    options: Options,
    listener: Listener,
    queue: Queue,
    jobs: HashMap<FetchId, Job>,
    connections: Connections,
    hedges: HedgeBudget,
    contention: Contention,
    attempts: JoinSet<Finished>,
    next_attempt: u64,
    round: Round,
    /// When the connections' loads were last reported.
    reported_at: Option<Instant>,
}

/// A fetch with what carries it out.
struct Job {
    fetch: Fetch,
    run: Run,
    stream: StreamId,
    reply: oneshot::Sender<Outcome>,
    is_under_way: Arc<AtomicBool>,
    aborts: Vec<(AttemptId, AbortHandle)>,
}

/// An attempt has come to its end.
struct Finished {
    fetch: FetchId,
    attempt: AttemptId,
    answer: Result<Bytes, ReadError>,
}

/// What holds while one decision after the other is made without waiting.
#[derive(Default)]
struct Round {
    /// How the connections stand for each document.
    states: HashMap<DocumentId, Arc<[ConnectionState]>>,
    /// The least bytes of viewers that found no room, by DC and urgency. Where many wait, most would fare as the one before.
    full: HashMap<(Dc, bool), u64>,
    /// The most pressing class that found no room in a DC: what is smaller and would fit must not take the room that comes free
    /// for it bit by bit.
    crowded: HashMap<Dc, Class>,
}

impl Job {
    fn bytes(&self) -> u64 {
        self.run.limit.into()
    }

    fn key(&self, slot: ConnectionSlot) -> connections::Key {
        (slot, self.run.at.volume.dc)
    }

    fn waiting(&self, id: FetchId) -> Waiting {
        Waiting { fetch: id, stream: self.stream, bytes: self.bytes() }
    }
}

impl Actor {
    pub fn new(telegram: Files, options: Options, listener: Listener, contention: Contention) -> Self {
        Self {
            telegram,
            options,
            listener,
            queue: Queue::default(),
            jobs: HashMap::new(),
            connections: Connections::default(),
            hedges: HedgeBudget::default(),
            contention,
            attempts: JoinSet::new(),
            next_attempt: 0,
            round: Round::default(),
            reported_at: None,
        }
    }

    /// Ends when no handle is left.
    pub async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let mut wake = None;
        let telegram = self.telegram.clone();
        loop {
            let due = wake.unwrap_or_else(|| Instant::now() + FAR);
            tokio::select! {
                command = commands.recv() => {
                    let Some(command) = command else { return };
                    self.receive(command);
                    while let Ok(more) = commands.try_recv() {
                        self.receive(more);
                    }
                }
                Some(finished) = self.attempts.join_next() => {
                    // Those that were aborted are no longer anybody's.
                    if let Ok(finished) = finished {
                        self.finish(finished);
                    }
                }
                () = sleep_until(due) => {}
                () = telegram.changed() => {}
            }
            wake = self.decide();
        }
    }

    fn emit(&self, event: Event) {
        (self.listener)(event);
    }

    // --- what happened ---------------------------------------------------------------------------------------------

    fn receive(&mut self, command: Command) {
        match command {
            Command::Fetch(id, FetchRequest { run, stream, class, reply, is_under_way, at }) => {
                let fetch = Fetch::new(class, at);
                let job = Job { fetch, run, stream, reply, is_under_way, aborts: Vec::new() };
                self.queue.push(class, job.waiting(id));
                self.jobs.insert(id, job);
            }
            Command::Prioritize(id, class) => {
                let Some(job) = self.jobs.get_mut(&id) else { return };
                let before = job.fetch.prioritize(class, Instant::now());
                if let Some(before) = before.filter(|_| job.fetch.is_queued()) {
                    self.queue.remove(before, job.waiting(id));
                    self.queue.push(class, job.waiting(id));
                }
            }
            Command::Cancel(id) => drop(self.forget(id)),
        }
    }

    fn finish(&mut self, finished: Finished) {
        let Finished { fetch, attempt, answer } = finished;
        match answer {
            Ok(bytes) => self.answered(fetch, attempt, bytes),
            Err(error) => self.failed(fetch, attempt, error),
        }
    }

    fn answered(&mut self, id: FetchId, attempt: AttemptId, bytes: Bytes) {
        let now = Instant::now();
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let was_queued = job.fetch.is_queued();
        let Some(answered) = job.fetch.answered(attempt) else { return };
        if was_queued {
            self.queue.remove(job.fetch.class(), job.waiting(id));
        }
        let (size, key, sent_at) = (job.bytes(), job.key(answered.attempt.slot), answered.attempt.sent_at);
        let answer = |of: &Attempt| Answer { bytes: size, in_flight: of.in_flight, sent: of.sent_at, came: now };
        self.connections.release(key, size, answered.attempt.class);
        self.connections.answered(key, &answer(&answered.attempt));
        for late in &answered.outrun {
            self.connections.outrun((late.slot, key.1), &answer(late));
        }
        let (stream, took) = (job.stream, now - job.fetch.asked_at());
        let waited = job.fetch.waited_since().filter(|_| job.fetch.class() == Class::Head);
        if !answered.outrun.is_empty() {
            self.emit(Event::HedgeWon);
        }
        if answered.has_failed_over {
            self.emit(Event::Recovered { took: now - sent_at });
        }
        self.emit(Event::Served { stream, bot: key.0.bot });
        if let Some(since) = waited {
            self.emit(Event::HeadWaited { took: now - since });
        }
        self.reply(id, Ok(Fetched { bytes, took }));
    }

    fn failed(&mut self, id: FetchId, attempt: AttemptId, error: ReadError) {
        let now = Instant::now();
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let Some(failed) = job.fetch.failed(attempt, error.clone()) else { return };
        job.aborts.retain(|(other, _)| *other != attempt);
        let (key, document) = (job.key(failed.attempt.slot), job.run.at.volume.document);
        self.connections.release(key, job.bytes(), failed.attempt.class);
        self.connections.failed(key, document, &error, failed.attempt.sent_at, now);
        if failed.is_requeued {
            self.queue.push_front(job.fetch.class(), job.waiting(id));
        }
        self.emit(Event::ReadFailed { is_flood_wait: matches!(error, ReadError::FloodWait { .. }) });
    }

    fn reply(&mut self, id: FetchId, outcome: Outcome) {
        if let Some(job) = self.forget(id) {
            let _ = job.reply.send(outcome);
        }
    }

    /// Takes a fetch out of everything, and ends what is under way for it.
    fn forget(&mut self, id: FetchId) -> Option<Job> {
        let job = self.jobs.remove(&id)?;
        if job.fetch.is_queued() {
            self.queue.remove(job.fetch.class(), job.waiting(id));
        }
        for attempt in job.fetch.attempts() {
            self.connections.release(job.key(attempt.slot), job.bytes(), attempt.class);
        }
        job.aborts.iter().for_each(|(_, abort)| abort.abort());
        Some(job)
    }

    // --- what follows ----------------------------------------------------------------------------------------------

    /// Sends what can be sent, gives up what cannot be had. Returns when to look again.
    fn decide(&mut self) -> Option<Instant> {
        let now = Instant::now();
        self.round.states.clear();
        self.round.full.clear();
        self.round.crowded.clear();
        self.look_for_late(now);
        let mut queue = std::mem::take(&mut self.queue);
        queue.serve(now, |class, what| self.try_send(what.fetch, class, now));
        self.queue = queue;
        self.contention.observe(self.queue.waiting_viewers(), now);
        self.give_up_hopeless(now);
        if self.reported_at.is_none_or(|at| now >= at + REPORT_EVERY) {
            self.reported_at = Some(now);
            self.emit(Event::Loads(self.connections.loads()));
        }
        self.next_look(now)
    }

    /// How the connections stand for a run's document; also sees to it that every bot has a connection to its DC.
    fn states(&mut self, at: &Arc<VolumeLocation>, now: Instant) -> Arc<[ConnectionState]> {
        if let Some(known) = self.round.states.get(&at.volume.document) {
            return Arc::clone(known);
        }
        let states: Arc<[ConnectionState]> = self.telegram.connections(at).into();
        for slot in self.connections.cold(at, &states, now) {
            self.telegram.open(slot, at);
        }
        self.round.states.insert(at.volume.document, Arc::clone(&states));
        states
    }

    /// Sends the next attempt for a fetch, if some connection takes it. Returns false when none does. `class`: how urgent it is
    /// taken for, which is more than its own when it is a program's turn.
    fn try_send(&mut self, id: FetchId, class: Class, now: Instant) -> bool {
        let Some(at) = self.jobs.get(&id).map(|job| Arc::clone(&job.run.at)) else { return true };
        let states = self.states(&at, now);
        let Some(job) = self.jobs.get_mut(&id) else { return true };
        let (bytes, asked, kind) = (job.bytes(), job.fetch.asked(), (at.volume.dc, class.is_urgent()));
        let is_plain = asked.is_empty() && job.fetch.unseen_by().is_empty();
        let is_program = job.fetch.class().is_program();
        let is_full = is_plain && self.round.full.get(&kind).is_some_and(|least| bytes >= *least);
        if is_full || is_program && self.round.crowded.get(&at.volume.dc).is_some_and(|other| *other < class) {
            job.fetch.found_none(Blocked::Full);
            return false;
        }
        let request = Request { bytes, class, is_program, unseen_by: job.fetch.unseen_by(), asked: &asked };
        let choice = choose(&self.connections.candidates(&at, &states, now), &request, now);
        if let Choice::Use { open: Some(slot), .. } | Choice::Wait { open: Some(slot), .. } = choice {
            self.connections.opening((slot, at.volume.dc), now);
            self.telegram.open(slot, &at);
        }
        match choice {
            Choice::Use { slot, .. } => {
                if let Some(state) = states.iter().find(|state| state.slot == slot) {
                    self.send(id, state, now);
                }
                true
            }
            Choice::Wait { why, .. } => {
                if why == Blocked::Full && is_plain {
                    let crowded = self.round.crowded.entry(at.volume.dc).or_insert(class);
                    *crowded = class.min(*crowded);
                    if !is_program {
                        self.round.full.insert(kind, bytes);
                    }
                }
                job.fetch.found_none(why);
                false
            }
        }
    }

    fn send(&mut self, id: FetchId, state: &ConnectionState, now: Instant) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let (slot, bytes, class) = (state.slot, job.bytes(), job.fetch.class());
        let attempt = AttemptId(self.next_attempt);
        self.next_attempt += 1;
        let in_flight = self.connections.reserve(state, job.run.at.volume.dc, bytes, class);
        job.fetch.sent(Attempt::new(attempt, slot, now, in_flight, class));
        if !job.is_under_way.swap(true, Ordering::Relaxed) {
            self.hedges.deposit(bytes);
        }
        let (telegram, run, limit) = (self.telegram.clone(), job.run.clone(), self.options.read_limit);
        let abort = self.attempts.spawn(async move {
            let answer = read(&telegram, slot, &run, limit).await;
            Finished { fetch: id, attempt, answer }
        });
        job.aborts.push((attempt, abort));
        self.emit(Event::ReadSent);
    }

    /// Asks again, elsewhere, for what a reader waits for and is late; and for everything that silent connections hold.
    fn look_for_late(&mut self, now: Instant) {
        let is_late = |job: &Job| job.fetch.is_late(now, || self.late_after(job));
        let late: Vec<FetchId> = self.jobs.iter().filter(|(_, job)| is_late(job)).map(|(id, _)| *id).collect();
        if late.is_empty() {
            return;
        }
        self.fail_over(now);
        for id in late {
            // Where viewers wait for a connection already, asking twice would only make all of them wait longer.
            let waits = |job: &Job| job.fetch.is_queued() && !job.fetch.class().is_program();
            if self.jobs.values().any(waits) {
                break;
            }
            self.hedge(id, now);
        }
    }

    fn hedge(&mut self, id: FetchId, now: Instant) {
        let Some(job) = self.jobs.get_mut(&id).filter(|job| job.fetch.may_hedge()) else { return };
        let (bytes, class, dc) = (job.bytes(), job.fetch.class(), job.run.at.volume.dc);
        if !self.hedges.allows(bytes) {
            return;
        }
        for slot in job.fetch.mark_late() {
            self.connections.late((slot, dc), now);
        }
        if self.try_send(id, class, now) {
            self.hedges.withdraw(bytes);
            self.emit(Event::Hedged { bytes });
        }
    }

    /// Finds connections that are silent although something on them is late, and queues again what they hold.
    fn fail_over(&mut self, now: Instant) {
        for (key, silence) in self.silent_connections(now) {
            self.connections.silent(key, now);
            if silence >= REPLACE_AFTER {
                self.telegram.give_up(key.0, key.1);
            }
        }
        let mut requeued = Vec::new();
        for (id, job) in &mut self.jobs {
            let dc = job.run.at.volume.dc;
            if job.fetch.fell_silent(|slot| self.connections.is_silent((slot, dc))) {
                self.queue.push_front(job.fetch.class(), job.waiting(*id));
                requeued.push(*id);
            }
        }
        requeued.iter().for_each(|_| self.emit(Event::FailedOver));
    }

    /// Connections that have brought nothing since something on them was asked for and is late, and for how long.
    fn silent_connections(&mut self, now: Instant) -> HashMap<connections::Key, Duration> {
        let mut silent: HashMap<connections::Key, Duration> = HashMap::new();
        let locations: Vec<_> = self.jobs.iter().map(|(id, job)| (*id, Arc::clone(&job.run.at))).collect();
        for (id, at) in locations {
            let states = self.states(&at, now);
            let Some(job) = self.jobs.get(&id) else { continue };
            let late_after = self.late_after(job);
            for attempt in job.fetch.attempts() {
                let heard = states.iter().find(|state| state.slot == attempt.slot).and_then(|state| state.heard);
                let since = heard.map_or(attempt.sent_at, |heard| heard.max(attempt.sent_at));
                if now >= since + late_after {
                    let longest = silent.entry(job.key(attempt.slot)).or_default();
                    *longest = (*longest).max(now - since);
                }
            }
        }
        silent
    }

    /// Ends what cannot be had within our patience.
    fn give_up_hopeless(&mut self, now: Instant) {
        let verdict = |job: &Job| job.fetch.verdict(now, self.patience(job));
        let hopeless: Vec<_> = self.jobs.iter().filter_map(|(id, job)| Some((*id, verdict(job)?))).collect();
        for (id, error) in hopeless {
            self.reply(id, Err(Arc::new(error)));
        }
    }

    /// The next moment at which something could be decided that cannot be now.
    fn next_look(&self, now: Instant) -> Option<Instant> {
        let next = |job: &Job| job.fetch.next_look(now, self.patience(job), || self.late_after(job), OPEN_POLL);
        self.jobs.values().map(next).min()
    }

    fn late_after(&self, job: &Job) -> Duration {
        self.connections.late_after(job.run.at.volume.dc, job.run.limit)
    }

    fn patience(&self, job: &Job) -> Duration {
        if job.fetch.class().is_program() { self.options.background_patience } else { self.options.patience }
    }
}

/// One attempt.
async fn read(telegram: &Files, slot: ConnectionSlot, run: &Run, limit: Duration) -> Result<Bytes, ReadError> {
    let read = telegram.read(slot, &run.at, run.offset, run.limit);
    let bytes = timeout(limit, read).await.map_err(|_| ReadError::Timeout(limit))??;
    if bytes.len() != run.reply_len as usize {
        return Err(ReadError::WrongLength { wanted: run.reply_len, got: bytes.len() });
    }
    Ok(bytes)
}
