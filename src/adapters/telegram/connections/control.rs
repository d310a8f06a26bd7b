//! One connection to one DC for everything but files, with a time limit on every call.
//!
//! It is a [`Line`] that is opened by the first call, and by the next call again after whatever went wrong with it (no answer
//! in time, a cut, messages that are not taken); failures in a row make it wait longer. Where there is no authorization key yet, or
//! Telegram forgot it, one is made first: that much is left to grammers.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use grammers_mtproto::transport;
use grammers_mtsender::{InvocationError, ServerAddr};
use grammers_tl_types::{Deserializable, RemoteCall};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tracing::debug;

use super::clock::Clock;
use super::connection::{Address, Heard, Line, Purpose, Sink, introduction};
use super::rate_limit::Guard;
use super::session::BotSession;
use crate::domain::text;
use mtproto::{AuthKey, Salts};

/// What Telegram shows as the device of a session.
pub const DEVICE: &str = "Cinepost";
/// An answer that takes longer is missed.
const SILENCE: Duration = Duration::from_secs(3);

pub struct Connection {
    dc: i32,
    limit: Duration,
    session: Arc<BotSession>,
    clock: Arc<Clock>,
    introduction: Arc<[u8]>,
    salts: Arc<Salts>,
    sink: Sink,
    /// For all lines, one after the other: a storm of reconnecting is one as well.
    guard: Arc<Mutex<Guard>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    line: Option<Arc<Line>>,
    opening: Option<Opened>,
    /// Lines in a row that could not be opened or ended without answering anything.
    failures: u32,
    /// No new line before.
    not_before: Option<Instant>,
    /// The oldest call since Telegram last answered one.
    asked: Option<Instant>,
    is_closed: bool,
}

type Opened = Shared<BoxFuture<'static, Result<Arc<Line>, CallError>>>;

/// A task that ends with its owner.
pub struct Task(pub JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// Telegram's own answer; numbers inside the name stand in `value` (`FLOOD_WAIT_5` is `FLOOD_WAIT` and 5).
    Rpc {
        code: i32,
        name: String,
        value: Option<u32>,
    },
    Timeout(Duration),
    /// The DC does not know our authorization key, or no key can be had for it.
    UnknownKey,
    /// From this address, in a short time (transport error -429).
    TooManyConnections,
    /// bad_msg_notification: what we said had a wrong time, salt or number, and saying it again did not help.
    NotTaken {
        code: i32,
    },
    Connection(String),
    Stopped,
}

impl CallError {
    /// How long Telegram asks us to wait, if that is what it says.
    pub fn flood_wait(&self) -> Option<Duration> {
        match self {
            Self::Rpc { code: 420, name, value: Some(secs) }
                if name == "FLOOD_WAIT" || name == "FLOOD_PREMIUM_WAIT" =>
            {
                Some(Duration::from_secs((*secs).into()))
            }
            _ => None,
        }
    }

    /// The DC knows the key and nobody signed in with it (401: AUTH_KEY_UNREGISTERED, SESSION_REVOKED, …).
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Self::Rpc { code: 401, .. }) || self.is("AUTH_KEY_DUPLICATED")
    }

    pub fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Rpc { name, .. } if name == wanted)
    }
}

impl From<InvocationError> for CallError {
    fn from(error: InvocationError) -> Self {
        use InvocationError as E;
        match error {
            E::Rpc(rpc) => Self::Rpc { code: rpc.code, name: text::line(&rpc.name, text::WORD), value: rpc.value },
            E::Transport(transport::Error::BadStatus { status: 404 }) | E::InvalidDc => Self::UnknownKey,
            E::Transport(transport::Error::BadStatus { status: 429 }) => Self::TooManyConnections,
            E::Session(e) => Self::Connection(e.to_string()),
            other => Self::Connection(other.to_string()),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rpc { name, value: None, .. } => f.write_str(name),
            Self::Rpc { name, value: Some(value), .. } => write!(f, "{name} ({value})"),
            Self::Timeout(limit) => write!(f, "no answer within {} s", limit.as_secs_f32()),
            Self::UnknownKey => f.write_str("the authorization key is unknown there"),
            Self::TooManyConnections => f.write_str("too many connections in a short time"),
            Self::NotTaken { code } => write!(f, "Telegram does not take what is said (code {code})"),
            Self::Connection(detail) => f.write_str(detail),
            Self::Stopped => f.write_str("the connection was closed by us"),
        }
    }
}

impl Connection {
    pub fn new(
        dc: i32,
        api_id: i32,
        limit: Duration,
        session: Arc<BotSession>,
        clock: Arc<Clock>,
        sink: Sink,
    ) -> Arc<Self> {
        let introduction = introduction(api_id, true).into();
        let guard = Arc::new(Mutex::new(Guard::new(Instant::now())));
        let (salts, state) = (Arc::default(), Mutex::default());
        Arc::new(Self { dc, limit, session, clock, introduction, salts, sink, guard, state })
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
                let line = this.line().await?;
                used = Some(Arc::clone(&line));
                line.call(body, 0).await
            });
            let answer = answer.await.unwrap_or(Err(CallError::Timeout(this.limit)));
            this.judge(used, answer.as_ref().err());
            answer
        });
        let bytes = answer.await.map_err(|e| CallError::Connection(e.to_string()))??;
        R::Return::from_bytes(&bytes).map_err(|e| CallError::Connection(format!("an answer that cannot be read: {e}")))
    }

    /// How long it has been asked and has not answered; `None` when it answers. Being connected anew is no answer: whoever takes
    /// connections and nothing else is silent.
    pub fn silence(&self) -> Option<Duration> {
        let silence = self.lock().asked?.elapsed();
        (silence >= SILENCE).then_some(silence)
    }

    /// Ends the connection for good.
    pub fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.line = None;
    }

    /// Ends the connection; the next call opens another, with whatever the session says then.
    pub fn reset(&self) {
        self.lock().line = None;
    }

    async fn line(self: &Arc<Self>) -> Result<Arc<Line>, CallError> {
        let opened = {
            let mut state = self.lock();
            if state.is_closed {
                return Err(CallError::Stopped);
            }
            if let Some(line) = state.line.clone().filter(|line| !line.is_ended()) {
                return Ok(line);
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

    async fn open(self: Arc<Self>) -> Result<Arc<Line>, CallError> {
        let opened = match timeout(self.limit, self.connect()).await {
            Ok(opened) => opened.map(Arc::new),
            Err(_) => Err(CallError::Timeout(self.limit)),
        };
        let mut state = self.lock();
        state.opening = None;
        match &opened {
            Ok(_) if state.is_closed => return Err(CallError::Stopped),
            Ok(line) => {
                tokio::spawn(watch(Arc::downgrade(&self), Arc::downgrade(line), line.until_ended()));
                state.line = Some(Arc::clone(line));
            }
            Err(error) => {
                debug!(dc = self.dc, "No connection to DC {}: {error}", self.dc);
                state.failed(error);
            }
        }
        opened
    }

    /// With a key that Telegram knows: one that it forgot is made anew.
    async fn connect(&self) -> Result<Line, CallError> {
        match self.connect_with_key().await {
            Err(CallError::UnknownKey) if self.session.forget_key(self.dc).map_err(vault)? => {
                self.connect_with_key().await
            }
            connected => connected,
        }
    }

    async fn connect_with_key(&self) -> Result<Line, CallError> {
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
        Line::open(Address {
            socket: dc.address,
            key: AuthKey::from_bytes(key),
            salts: Arc::clone(&self.salts),
            clock: Arc::clone(&self.clock),
            introduction: Arc::clone(&self.introduction),
            purpose: Purpose::Control { sink: Arc::clone(&self.sink), guard: Arc::clone(&self.guard) },
            limit: self.limit,
            counters: Arc::default(),
        })
        .await
    }

    /// Learns from how a call over a line ended.
    fn judge(&self, used: Option<Arc<Line>>, error: Option<&CallError>) {
        let mut state = self.lock();
        match (used, error) {
            (_, None | Some(CallError::Rpc { .. })) => {
                (state.failures, state.not_before, state.asked) = (0, None, None);
            }
            // It waited for its turn, or for Telegram; the line is well.
            (Some(line), Some(CallError::Timeout(_))) if line.heard().elapsed() < self.limit => {}
            // Nobody waits for what is on it any longer; others may have failed with it already.
            (Some(line), Some(error)) => {
                debug!(dc = self.dc, "Connection to DC {} ended: {error}", self.dc);
                line.end(error.clone());
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

fn vault(error: crate::adapters::telegram::VaultError) -> CallError {
    CallError::Connection(error.to_string())
}

/// Waits for a line's end: it counts as a failure when it answered nothing, or Telegram would not have it.
async fn watch(connection: Weak<Connection>, line: Weak<Line>, ended: impl Future<Output = CallError>) {
    let why = ended.await;
    let Some(connection) = connection.upgrade() else { return };
    {
        let mut state = connection.lock();
        if let Some(line) = line.upgrade()
            && state.line.as_ref().is_some_and(|now| Arc::ptr_eq(now, &line))
        {
            state.line = None;
            let is_refused = matches!(why, CallError::NotTaken { .. } | CallError::TooManyConnections);
            if is_refused || !line.has_answered() {
                state.failed(&why);
            }
        }
    }
    (connection.sink)(Heard::End);
}

/// How long to wait after so many failures in a row. Connections end now and then, so the first retry is at once; Telegram
/// punishes addresses that open too many too fast (-429).
pub fn backoff(failures: u32, error: &CallError) -> Option<Duration> {
    let longest = Duration::from_secs(15);
    match failures {
        n if *error == CallError::TooManyConnections => {
            Some(longest.min(Duration::from_millis(250) * 2u32.saturating_pow(n.min(10))))
        }
        0 | 1 => None,
        n => Some(longest.min(Duration::from_millis(125) * 2u32.saturating_pow(n.min(10)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use grammers_mtsender::RpcError;
    use grammers_tl_types as tl;

    fn rpc(code: i32, message: &str) -> CallError {
        let error = tl::types::RpcError { error_code: code, error_message: message.to_owned() };
        InvocationError::Rpc(RpcError::from(error)).into()
    }

    #[test]
    fn flood_waits_are_read_from_name_and_value() {
        let cases = [
            (rpc(420, "FLOOD_WAIT_31"), Some(31)),
            (rpc(420, "FLOOD_PREMIUM_WAIT_5"), Some(5)),
            (rpc(420, "SLOWMODE_WAIT_9"), None),
            (rpc(400, "FLOOD_WAIT_31"), None),
            (rpc(303, "FILE_MIGRATE_4"), None),
            (CallError::Connection("FLOOD_WAIT_3".to_owned()), None),
        ];
        for (error, secs) in cases {
            assert_eq!(error.flood_wait(), secs.map(Duration::from_secs), "{error:?}");
        }
    }

    #[test]
    fn signed_out_is_more_than_one_name() {
        for (error, wanted) in [
            (rpc(401, "AUTH_KEY_UNREGISTERED"), true),
            (rpc(401, "SESSION_REVOKED"), true),
            (rpc(406, "AUTH_KEY_DUPLICATED"), true),
            (rpc(400, "ACCESS_TOKEN_EXPIRED"), false),
            (CallError::UnknownKey, false),
        ] {
            assert_eq!(error.is_signed_out(), wanted, "{error:?}");
        }
    }

    #[test]
    fn transport_errors_keep_their_meaning() {
        let told = |status| CallError::from(InvocationError::Transport(transport::Error::BadStatus { status }));
        assert_eq!([told(404), told(429)], [CallError::UnknownKey, CallError::TooManyConnections]);
    }

    #[test]
    fn retries_slow_down_up_to_a_limit() {
        let cut = CallError::Connection(String::new());
        assert_eq!(backoff(1, &cut), None);
        assert_eq!(backoff(2, &cut), Some(Duration::from_millis(500)));
        assert_eq!(backoff(4, &cut), Some(Duration::from_secs(2)));
        assert_eq!(backoff(99, &cut), Some(Duration::from_secs(15)));
        let refused = CallError::TooManyConnections;
        assert_eq!(backoff(1, &refused), Some(Duration::from_millis(500)));
        assert_eq!(backoff(2, &refused), Some(Duration::from_secs(1)));
        assert_eq!(backoff(99, &refused), Some(Duration::from_secs(15)));
    }
}
