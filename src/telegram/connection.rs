//! One connection to one DC, with a time limit on every call.
//!
//! It is a grammers pool used for this DC and this purpose only: a pool connects inside the loop that serves all of its
//! DCs, so one DC that accepts and never answers would stop the others. Whatever goes wrong (no answer in time, a cut
//! line, a panic inside grammers) ends the pool; the next call makes a new one, and failures in a row make it wait longer.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use grammers_mtproto::transport;
use grammers_mtsender::{ConnectionParams, InvocationError, NoRetries, SenderPool, SenderPoolHandle};
use grammers_session::updates::UpdatesLike;
use grammers_tl_types::{Deserializable, RemoteCall};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tracing::debug;

use super::session::{BotSession, PoolSession};
use crate::domain::text;

/// What Telegram shows as the device of a session.
pub(super) const DEVICE: &str = "Cinepost";

/// Gets every update that comes in over a connection. Must be quick.
pub(super) type Sink = Arc<dyn Fn(&UpdatesLike) + Send + Sync>;

pub(super) struct Connection {
    dc: i32,
    api_id: i32,
    limit: Duration,
    session: Arc<BotSession>,
    sink: Sink,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pool: Option<Pool>,
    /// Counts pools, so that a late failure of an old pool does not end the new one.
    generation: u64,
    last_failed: u64,
    /// Pools in a row that ended without answering anything.
    failures: u32,
    /// No new pool before.
    not_before: Option<Instant>,
    is_closed: bool,
}

struct Pool {
    handle: SenderPoolHandle,
    _runner: Task,
}

/// A task that ends with its owner.
pub(super) struct Task(pub JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallError {
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
            // grammers answers -404 to our key with a key exchange; where that is impossible it ends here as well.
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
            Self::Connection(detail) => f.write_str(detail),
            Self::Stopped => f.write_str("the connection was closed by us"),
        }
    }
}

impl Connection {
    pub fn new(dc: i32, api_id: i32, limit: Duration, session: Arc<BotSession>, sink: Sink) -> Arc<Self> {
        Arc::new(Self { dc, api_id, limit, session, sink, state: Mutex::default() })
    }

    /// One request, one answer, within the time limit. Connects first when there is no connection.
    pub async fn call<R: RemoteCall>(self: &Arc<Self>, request: &R) -> Result<R::Return, CallError> {
        let (handle, generation) = self.pool()?;
        let body = request.to_bytes();
        let this = Arc::clone(self);
        // On a task of its own: when a caller leaves early, the time limit must stay, or nobody would ever find out
        // that the connection is dead.
        let answer = tokio::spawn(async move {
            // The raw call goes round grammers' retry policy, which would sleep.
            let answer = match timeout(this.limit, handle.raw_invoke_in_dc(this.dc, body)).await {
                Ok(answer) => answer.map_err(CallError::from),
                Err(_) => Err(CallError::Timeout(this.limit)),
            };
            this.judge(generation, answer.as_ref().err());
            answer
        });
        let bytes = answer.await.map_err(|e| CallError::Connection(e.to_string()))??;
        R::Return::from_bytes(&bytes).map_err(|e| CallError::Connection(format!("an answer that cannot be read: {e}")))
    }

    /// Ends the connection for good.
    pub fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.pool = None;
    }

    /// Ends the connection; the next call opens another, with whatever the session says then.
    pub fn reset(&self) {
        self.lock().pool = None;
    }

    fn pool(self: &Arc<Self>) -> Result<(SenderPoolHandle, u64), CallError> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(CallError::Stopped);
        }
        if let Some(pool) = &state.pool {
            return Ok((pool.handle.clone(), state.generation));
        }
        if let Some(wait) = state.not_before.and_then(|at| at.checked_duration_since(Instant::now())) {
            return Err(CallError::Connection(format!("it failed {} times, next try in {wait:.1?}", state.failures)));
        }
        state.generation += 1;
        let generation = state.generation;
        let session = Arc::new(PoolSession(Arc::clone(&self.session)));
        let SenderPool { runner, handle, updates } = SenderPool::with_configuration(session, self.api_id, parameters());
        tokio::spawn(drain(updates, Arc::clone(&self.sink), Arc::downgrade(self), generation));
        let pool = Pool { handle: handle.thin.clone(), _runner: Task(tokio::spawn(runner.run())) };
        state.pool = Some(pool);
        Ok((handle.thin, generation))
    }

    /// Learns from how a call over a pool ended.
    fn judge(&self, generation: u64, error: Option<&CallError>) {
        let mut state = self.lock();
        if state.generation != generation {
            return;
        }
        match error {
            None | Some(CallError::Rpc { .. }) => {
                state.failures = 0;
                state.not_before = None;
            }
            // Several calls may fail with one pool: that is one failure.
            Some(error) if state.last_failed < generation => {
                debug!(dc = self.dc, "Connection to DC {} ended: {error}", self.dc);
                state.pool = None;
                state.last_failed = generation;
                state.failures += 1;
                state.not_before = backoff(state.failures, error).map(|pause| Instant::now() + pause);
            }
            Some(_) => {}
        }
    }

    fn lost(&self, generation: u64) {
        let mut state = self.lock();
        if state.generation == generation {
            state.pool = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait after so many failures in a row. Connections end now and then, so the first retry is at once; Telegram
/// punishes addresses that open too many too fast (-429).
pub(super) fn backoff(failures: u32, error: &CallError) -> Option<Duration> {
    let longest = Duration::from_secs(15);
    match failures {
        _ if *error == CallError::TooManyConnections => Some(longest),
        0 | 1 => None,
        n => Some(longest.min(Duration::from_millis(125) * 2u32.saturating_pow(n.min(10)))),
    }
}

/// Hands updates on as they come, so that grammers' channel for them (it drops in silence when full) stays empty, and
/// tells when the pool has lost its line to the home DC or ended.
async fn drain(mut updates: mpsc::Receiver<UpdatesLike>, sink: Sink, connection: Weak<Connection>, generation: u64) {
    while let Some(update) = updates.recv().await {
        if matches!(update, UpdatesLike::ConnectionClosed) {
            break;
        }
        sink(&update);
    }
    if let Some(connection) = connection.upgrade() {
        connection.lost(generation);
    }
    sink(&UpdatesLike::ConnectionClosed);
}

fn parameters() -> ConnectionParams {
    ConnectionParams {
        device_model: DEVICE.to_owned(),
        system_version: std::env::consts::OS.to_owned(),
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        system_lang_code: "en".to_owned(),
        lang_code: "en".to_owned(),
        retry_policy: Box::new(NoRetries),
        updates_channel_capacity: NonZeroUsize::new(1_000).expect("1,000 is not zero"),
        ..ConnectionParams::default()
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
        assert_eq!(backoff(1, &CallError::TooManyConnections), Some(Duration::from_secs(15)));
    }
}
