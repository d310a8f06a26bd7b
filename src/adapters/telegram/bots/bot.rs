//! One bot: signs in, stays signed in, and brings its sign-in to foreign DCs. Holds the bot's connections.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grammers_tl_types as tl;
use tokio::sync::Notify;
use tracing::{debug, info, warn};

use super::BotHealth;
use super::addresses::addresses;
use super::renewable::Renewable;
use crate::adapters::telegram::connections::BotIndex;
use crate::adapters::telegram::connections::call_error::CallError;
use crate::adapters::telegram::connections::connection::{Connection, Event, EventSink};
use crate::adapters::telegram::connections::control::ControlConnection;
use crate::adapters::telegram::connections::file_connections::{Context, FileConnections};
use crate::adapters::telegram::connections::session::{Identity, Session};
use crate::adapters::telegram::{Error, Timing};
use crate::domain::bot_token::BotToken;
use crate::domain::post::ChatId;
use crate::domain::telegram_id::{Dc, UserId};
use crate::domain::text;

pub struct Bot {
    pub index: BotIndex,
    /// `main bot`, `helper bot 1`, …
    pub name: String,
    token: BotToken,
    api_id: i32,
    api_hash: String,
    timing: Timing,
    session: Arc<Session>,
    connections: Mutex<HashMap<(Purpose, Dc), Arc<ControlConnection>>>,
    file_connections: Arc<FileConnections>,
    authorizations: Mutex<HashMap<Dc, Arc<Renewable<Authorized>>>>,
    /// Gets the updates that reach this bot, and is told when some may have been lost.
    listener: Option<EventSink>,
    /// Notified when the sign-in or the home connection is in doubt.
    check_now: Arc<Notify>,
    /// Asked since the start; addresses change rarely.
    knows_addresses: AtomicBool,
    /// Why the last attempt to sign in, or to ask whether the bot still is, failed.
    problem: Mutex<Option<String>>,
}

/// Between a failure and the first attempt after it; doubles from there up to [`Timing::ping`].
const RETRY_PAUSE: Duration = Duration::from_millis(500);
const HOPELESS_PAUSE: Duration = Duration::from_secs(600);

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Purpose {
    /// Updates, messages, signing in.
    Control,
    /// Making a key for a foreign DC and bringing the sign-in there.
    Foreign,
}

/// The proof that a foreign DC has this bot's sign-in.
pub struct Authorized;

/// What all bots of the program share.
pub struct Application {
    pub api_id: i32,
    pub api_hash: String,
    pub timing: Timing,
    pub shared: Arc<Context>,
}

impl Bot {
    pub fn new(
        index: BotIndex,
        name: String,
        token: BotToken,
        session: Session,
        application: &Application,
        listener: Option<EventSink>,
    ) -> Arc<Self> {
        let session = Arc::new(session);
        Arc::new(Self {
            file_connections: FileConnections::new(index, Arc::clone(&session), Arc::clone(&application.shared)),
            index,
            name,
            token,
            api_id: application.api_id,
            api_hash: application.api_hash.clone(),
            timing: application.timing,
            session,
            connections: Mutex::default(),
            authorizations: Mutex::default(),
            listener,
            check_now: Arc::default(),
            knows_addresses: AtomicBool::new(false),
            problem: Mutex::default(),
        })
    }

    pub fn id(&self) -> UserId {
        self.token.bot_id()
    }

    pub fn is_signed_in(&self) -> bool {
        self.session.identity().is_some()
    }

    pub fn health(&self) -> BotHealth {
        let identity = self.session.identity();
        BotHealth {
            name: self.name.clone(),
            id: self.id(),
            is_signed_in: identity.is_some(),
            username: identity.and_then(|me| me.username),
            problem: lock(&self.problem).clone(),
        }
    }

    /// For how long Telegram has not answered on the control connection; `None` when it answers.
    pub fn silence(&self) -> Option<Duration> {
        let control = lock(&self.connections).get(&(Purpose::Control, self.session.home_dc())).cloned();
        control.and_then(|control| control.silence())
    }

    /// The connection for everything but files.
    pub fn control(&self) -> Arc<ControlConnection> {
        self.connection(Purpose::Control, self.session.home_dc())
    }

    /// Where its sign-in is, and what it uploads goes.
    pub fn home_dc(&self) -> Dc {
        self.session.home_dc()
    }

    pub fn file_connections(&self) -> &Arc<FileConnections> {
        &self.file_connections
    }

    /// A connection to read over, in a DC that has the bot's sign-in. `stale` is the proof of it that turned out not to hold.
    pub async fn file_connection(
        &self,
        slot: usize,
        dc: Dc,
        stale: Option<&Arc<Authorized>>,
    ) -> Result<(Arc<Connection>, Arc<Authorized>), CallError> {
        let authorization = Arc::clone(lock(&self.authorizations).entry(dc).or_default());
        // One at a time for each DC: the first also makes the key there, which all connections then share.
        let proof = authorization.get(stale, self.authorize(dc, stale.is_some())).await?;
        Ok((self.file_connections.get(dc, slot).await?, proof))
    }

    async fn authorize(&self, dc: Dc, was_refused: bool) -> Result<Authorized, CallError> {
        if dc == self.session.home_dc() {
            // At home there is nothing to bring: the sign-in itself is in doubt.
            if was_refused {
                self.check_now.notify_one();
            }
            return Ok(Authorized);
        }
        if !was_refused && self.session.is_authorized_in(dc) {
            return Ok(Authorized);
        }
        let export = self.control().call(&tl::functions::auth::ExportAuthorization { dc_id: dc.0 }).await?;
        let tl::enums::auth::ExportedAuthorization::Authorization(exported) = export;
        let import = tl::functions::auth::ImportAuthorization { id: exported.id, bytes: exported.bytes };
        let connection = self.connection(Purpose::Foreign, dc);
        connection.call(&import).await?;
        // It has made the key and brought the sign-in; files travel on connections of their own.
        connection.reset();
        self.session.set_authorized_in(dc).map_err(|e| CallError::Connection(e.to_string()))?;
        Ok(Authorized)
    }

    /// Signs in, or asks whether the sign-in of an earlier run still holds; [`Self::health`] then says the outcome.
    pub async fn ensure_signed_in(&self) -> Result<(), Error> {
        let result = self.sign_in_if_needed().await;
        if result.is_ok() && !self.knows_addresses.load(Ordering::Relaxed) {
            self.fetch_addresses().await;
        }
        *lock(&self.problem) = result.as_ref().err().map(ToString::to_string);
        result
    }

    /// Keeps the bot signed in and its home connection alive, for ever.
    pub async fn run(self: Arc<Self>) {
        let mut failures = u32::from(lock(&self.problem).is_some());
        let (mut pause, mut calls) = (RETRY_PAUSE, 0u32);
        loop {
            if failures == 0 {
                pause = self.timing.ping;
            }
            let was_called = tokio::select! {
                () = tokio::time::sleep(pause) => false,
                () = self.check_now.notified(), if failures == 0 => true,
            };
            let before = lock(&self.problem).clone();
            match self.ensure_signed_in().await {
                Ok(()) => {
                    if failures > 0 || was_called {
                        self.recovered(failures > 0, calls).await;
                    }
                    calls = if was_called { calls + 1 } else { 0 };
                    failures = 0;
                }
                Err(Error::Stopped) => return,
                Err(error) => {
                    if before != Some(error.to_string()) {
                        warn!(bot.id = self.id().0, "The {} has a problem: {error}", self.name);
                    }
                    failures += 1;
                    pause = self.pause_after(&error, failures);
                }
            }
        }
    }

    /// Telegram answers again. `calls` times in a row before this one the connection was in doubt.
    async fn recovered(&self, had_failed: bool, calls: u32) {
        if had_failed {
            info!(bot.id = self.id().0, "The {} is connected again", self.name);
        }
        // Updates may have been lost meanwhile.
        self.listener.iter().for_each(|listener| listener(Event::Gap));
        // A connection that is cut again and again is looked at with growing pauses.
        tokio::time::sleep(self.timing.ping.min(RETRY_PAUSE * 2u32.saturating_pow(calls.min(10)))).await;
    }

    fn pause_after(&self, error: &Error, failures: u32) -> Duration {
        match error {
            Error::FloodWait { wait, .. } => *wait,
            // Only a person can mend these, and Telegram counts the attempts.
            Error::Token { .. } | Error::ApiId => HOPELESS_PAUSE,
            _ => self.timing.ping.min(RETRY_PAUSE * 2u32.saturating_pow(failures.min(10) - 1)),
        }
    }

    /// Ends every connection for good.
    pub fn close(&self) {
        lock(&self.connections).values().for_each(|connection| connection.close());
        self.file_connections.close();
    }

    /// Its name without `@`, once it signed in.
    pub fn username(&self) -> Option<String> {
        self.session.identity().and_then(|me| me.username)
    }

    /// The error for a channel that this bot is not in.
    pub fn not_member(&self, chat: ChatId) -> Error {
        let mention = self.username().map_or_else(|| "it".to_owned(), |name| format!("@{name}"));
        Error::NotMember { bot: self.name.clone(), mention, chat }
    }

    /// A failed call in words that name this bot and say what mends it.
    pub fn explain(&self, error: CallError) -> Error {
        let bot = self.name.clone();
        if let Some(wait) = error.flood_wait() {
            return Error::FloodWait { bot, wait };
        }
        match error {
            CallError::Rpc { name, .. } => match name.as_str() {
                "API_ID_INVALID" | "API_ID_PUBLISHED_FLOOD" | "CONNECTION_API_ID_INVALID" | "API_HASH_INVALID" => {
                    Error::ApiId
                }
                "ACCESS_TOKEN_INVALID" | "ACCESS_TOKEN_EXPIRED" => Error::Token { bot },
                _ => Error::Refused { detail: name },
            },
            CallError::UnknownKey => Error::UnknownKey { bot },
            CallError::Stopped => Error::Stopped,
            error @ (CallError::Timeout(_)
            | CallError::TooManyConnections
            | CallError::Rejected { .. }
            | CallError::Connection(_)) => Error::Unreachable { detail: error.to_string() },
        }
    }

    async fn sign_in_if_needed(&self) -> Result<(), Error> {
        if self.session.identity().is_some() {
            // Of all small calls this one also makes the server count the connection as one that wants updates.
            match self.control().call(&tl::functions::updates::GetState {}).await {
                Ok(_) => return Ok(()),
                Err(e) if e.is_signed_out() => {
                    info!(bot.id = self.id().0, "The {} was signed out: signing in again", self.name);
                    self.session.sign_out()?;
                    lock(&self.authorizations).clear();
                    if e.is("AUTH_KEY_DUPLICATED") {
                        self.session.forget_keys()?;
                        lock(&self.connections).values().for_each(|connection| connection.reset());
                        self.file_connections.close();
                    }
                }
                Err(e) => return Err(self.explain(e)),
            }
        }
        let identity = self.sign_in().await?;
        self.session.sign_in(identity)?;
        info!(bot.id = self.id().0, "Signed in the {}", self.name);
        Ok(())
    }

    async fn sign_in(&self) -> Result<Identity, Error> {
        let request = tl::functions::auth::ImportBotAuthorization {
            flags: 0,
            api_id: self.api_id,
            api_hash: self.api_hash.clone(),
            bot_auth_token: self.token.expose().to_owned(),
        };
        let mut answer = self.control().call(&request).await;
        if let Err(CallError::Rpc { code: 303, value: Some(dc), .. }) = answer {
            // USER_MIGRATE_X: the bot lives elsewhere.
            self.session.move_home(Dc(dc as i32))?;
            answer = self.control().call(&request).await;
        }
        match answer.map_err(|e| self.explain(e))? {
            tl::enums::auth::Authorization::Authorization(tl::types::auth::Authorization {
                user: tl::enums::User::User(user),
                ..
            }) => {
                Ok(Identity { id: UserId(user.id), username: user.username.map(|name| text::line(&name, text::WORD)) })
            }
            _ => Err(Error::Refused { detail: "the token does not belong to a bot".to_owned() }),
        }
    }

    /// Asks where the DCs are. Without the addresses that files are to be fetched from (`media_only`) they come from the
    /// common ones.
    async fn fetch_addresses(&self) {
        let learned = async {
            let tl::enums::Config::Config(config) = self.control().call(&tl::functions::help::GetConfig {}).await?;
            let (media, common) = (addresses(&config.dc_options, true), addresses(&config.dc_options, false));
            self.session.set_addresses(media, &common).map_err(|e| CallError::Connection(e.to_string()))
        };
        match learned.await {
            Ok(()) => self.knows_addresses.store(true, Ordering::Relaxed),
            Err(error) => {
                debug!(bot.id = self.id().0, "The {} cannot ask where the DCs are: {error}", self.name)
            }
        }
    }

    fn connection(&self, purpose: Purpose, dc: Dc) -> Arc<ControlConnection> {
        let mut connections = lock(&self.connections);
        let connection = connections.entry((purpose, dc)).or_insert_with(|| {
            let (session, clock) = (Arc::clone(&self.session), Arc::clone(self.file_connections.clock()));
            ControlConnection::new(dc, self.api_id, self.timing.call, session, clock, self.events(purpose))
        });
        Arc::clone(connection)
    }

    /// Telegram may send an update to any of a bot's connections, so those that read are listened to as well. Only the
    /// end of the control connection means that updates may have been missed.
    fn events(&self, purpose: Purpose) -> EventSink {
        let (listener, check_now) = (self.listener.clone(), Arc::clone(&self.check_now));
        Arc::new(move |event| match event {
            Event::Closed if purpose == Purpose::Control => check_now.notify_one(),
            Event::Closed => {}
            event => {
                if let Some(listener) = &listener {
                    listener(event);
                }
            }
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
