//! One connection to one DC for everything but files, with a time limit on every call.
//!
//! It is a [`Connection`] that is opened by the first call, and opened anew by the next call after a failure (no answer in time,
//! a cut, rejected messages); failures in a row make it wait longer. Where there is no authorization key yet, or Telegram forgot
//! it, one is made first, by grammers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use grammers_mtproto::transport;
use grammers_mtsender::ServerAddr;
use grammers_tl_types::{Deserializable, RemoteCall};
use tokio::time::{Instant, timeout};
use tracing::debug;

use super::call_error::{CallError, backoff};
use super::clock::Clock;
use super::connection::{Address, Connection, Event, EventSink, Purpose, init_connection};
use super::rate_limit::RateLimit;
use super::session::Session;
use crate::adapters::telegram::VaultError;
use crate::domain::telegram_id::Dc;
use mtproto::{AuthKey, Salts};

/// An answer that takes longer counts as silence.
const SILENCE: Duration = Duration::from_secs(3);

pub struct ControlConnection {
    dc: Dc,
    limit: Duration,
    session: Arc<Session>,
    clock: Arc<Clock>,
    init_connection: Arc<[u8]>,
    salts: Arc<Salts>,
    events: EventSink,
    /// For all of its connections, one after the other: reconnecting again and again is a storm as well.
    rate_limit: Arc<Mutex<RateLimit>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connection: Option<Arc<Connection>>,
    opening: Option<Opening>,
    /// Connections in a row that could not be opened or ended without answering anything.
    failures: u32,
    /// No new connection before.
    not_before: Option<Instant>,
    /// The oldest call since Telegram last answered one.
    asked: Option<Instant>,
    is_closed: bool,
}

type Opening = Shared<BoxFuture<'static, Result<Arc<Connection>, CallError>>>;

impl ControlConnection {
    pub fn new(
        dc: Dc,
        api_id: i32,
        limit: Duration,
        session: Arc<Session>,
        clock: Arc<Clock>,
        events: EventSink,
    ) -> Arc<Self> {
        let init_connection = init_connection(api_id, true).into();
        let rate_limit = Arc::new(Mutex::new(RateLimit::new(Instant::now())));
        let (salts, state) = (Arc::default(), Mutex::default());
        Arc::new(Self { dc, limit, session, clock, init_connection, salts, events, rate_limit, state })
    }

    /// One request, one answer, within the time limit. Connects first when there is no connection.
    pub async fn call<R: RemoteCall>(self: &Arc<Self>, request: &R) -> Result<R::Return, CallError> {
        self.lock().asked.get_or_insert_with(Instant::now);
        let body = request.to_bytes();
        let this = Arc::clone(self);
        // On a task of its own: when a caller leaves early, the time limit must stay, or nobody would ever find out
        // that the connection is dead.
        let answer = tokio::spawn(async move {
            let mut used = None;
            let answer = timeout(this.limit, async {
                let connection = this.connection().await?;
                used = Some(Arc::clone(&connection));
                connection.call(body, 0).await
            });
            let answer = answer.await.unwrap_or(Err(CallError::Timeout(this.limit)));
            this.record_outcome(used, answer.as_ref().err());
            answer
        });
        let bytes = answer.await.map_err(|e| CallError::Connection(e.to_string()))??;
        R::Return::from_bytes(&bytes).map_err(|e| CallError::Connection(format!("an answer that cannot be read: {e}")))
    }

    /// For how long calls have had no answer; `None` when Telegram answers. A new TCP connection is no answer: an address that
    /// accepts connections and nothing else is silent.
    pub fn silence(&self) -> Option<Duration> {
        let silence = self.lock().asked?.elapsed();
        (silence >= SILENCE).then_some(silence)
    }

    /// Ends the connection when nothing has come over it for so long; the next call opens another.
    pub fn give_up_silent(&self, limit: Duration) {
        let connection = self.lock().connection.clone();
        if let Some(connection) = connection.filter(|connection| connection.heard().elapsed() >= limit) {
            connection.end(CallError::Timeout(limit));
        }
    }

    /// Ends the connection for good.
    pub fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.connection = None;
    }

    /// Ends the connection; the next call opens another, with whatever the session says then.
    pub fn reset(&self) {
        self.lock().connection = None;
    }

    async fn connection(self: &Arc<Self>) -> Result<Arc<Connection>, CallError> {
        let opened = {
            let mut state = self.lock();
            if state.is_closed {
                return Err(CallError::Stopped);
            }
            if let Some(connection) = state.connection.clone().filter(|open| !open.is_ended()) {
                return Ok(connection);
            }
            match &state.opening {
                Some(opening) => opening.clone(),
                None => {
                    if let Some(wait) = state.not_before.and_then(|at| at.checked_duration_since(Instant::now())) {
                        let failures = state.failures;
                        return Err(CallError::Connection(format!(
                            "it failed {failures} times, next try in {wait:.1?}"
                        )));
                    }
                    let opening = tokio::spawn(Arc::clone(self).open());
                    let opening = opening.map(|joined| joined.unwrap_or(Err(CallError::Stopped))).boxed().shared();
                    state.opening = Some(opening.clone());
                    opening
                }
            }
        };
        opened.await
    }

    async fn open(self: Arc<Self>) -> Result<Arc<Connection>, CallError> {
        let opened = match timeout(self.limit, self.connect()).await {
            Ok(opened) => opened.map(Arc::new),
            Err(_) => Err(CallError::Timeout(self.limit)),
        };
        let mut state = self.lock();
        state.opening = None;
        match &opened {
            Ok(_) if state.is_closed => return Err(CallError::Stopped),
            Ok(connection) => {
                tokio::spawn(watch(Arc::downgrade(&self), Arc::downgrade(connection), connection.until_ended()));
                state.connection = Some(Arc::clone(connection));
            }
            Err(error) => {
                debug!(dc = self.dc.0, "No connection to DC {}: {error}", self.dc);
                state.failed(error);
            }
        }
        opened
    }

    /// With a key that Telegram knows: one that it forgot is made anew.
    async fn connect(&self) -> Result<Connection, CallError> {
        match self.connect_with_key().await {
            Err(CallError::UnknownKey) if self.session.forget_key(self.dc).map_err(vault)? => {
                self.connect_with_key().await
            }
            connected => connected,
        }
    }

    async fn connect_with_key(&self) -> Result<Connection, CallError> {
        let dc = self.session.dc(self.dc).ok_or(CallError::UnknownKey)?;
        let key = match dc.key {
            Some(key) => key,
            None => {
                let address = ServerAddr::Tcp { address: dc.address.into() };
                let key = grammers_mtsender::connect(transport::Full::new(), address).await?.auth_key();
                self.session.set_key(self.dc, key).map_err(vault)?;
                key
            }
        };
        Connection::open(Address {
            socket: dc.address,
            key: AuthKey::from_bytes(key),
            salts: Arc::clone(&self.salts),
            clock: Arc::clone(&self.clock),
            init_connection: Arc::clone(&self.init_connection),
            purpose: Purpose::Control { events: Arc::clone(&self.events), rate_limit: Arc::clone(&self.rate_limit) },
            limit: self.limit,
            counters: Arc::default(),
        })
        .await
    }

    /// Records how a call over a connection ended.
    fn record_outcome(&self, used: Option<Arc<Connection>>, error: Option<&CallError>) {
        let mut state = self.lock();
        match (used, error) {
            (_, None | Some(CallError::Rpc { .. })) => {
                (state.failures, state.not_before, state.asked) = (0, None, None);
            }
            // It waited for its turn, or for Telegram; the connection is well.
            (Some(connection), Some(CallError::Timeout(_))) if connection.heard().elapsed() < self.limit => {}
            // Nobody waits for what is on it any longer; others may have failed with it already.
            (Some(connection), Some(error)) => {
                debug!(dc = self.dc.0, "Connection to DC {} ended: {error}", self.dc);
                connection.end(error.clone());
            }
            (None, Some(_)) => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn failed(&mut self, error: &CallError) {
        self.failures += 1;
        self.not_before = backoff(self.failures, error).map(|pause| Instant::now() + pause);
    }
}

fn vault(error: VaultError) -> CallError {
    CallError::Connection(error.to_string())
}

/// Waits for a connection's end: it counts as a failure when it answered nothing, or Telegram refused it.
async fn watch(control: Weak<ControlConnection>, connection: Weak<Connection>, ended: impl Future<Output = CallError>) {
    let why = ended.await;
    let Some(control) = control.upgrade() else { return };
    {
        let mut state = control.lock();
        if let Some(connection) = connection.upgrade()
            && state.connection.as_ref().is_some_and(|now| Arc::ptr_eq(now, &connection))
        {
            state.connection = None;
            let is_refused = matches!(why, CallError::Rejected { .. } | CallError::TooManyConnections);
            if is_refused || !connection.has_answered() {
                state.failed(&why);
            }
        }
    }
    (control.events)(Event::Closed);
}
