//! A bot: signs in, stays signed in, and brings its sign-in to foreign DCs. Holds the bot's connections, one for each
//! purpose and DC.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddrV4;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grammers_tl_types as tl;
use tokio::sync::Notify;
use tracing::{debug, info, warn};

use super::renewable::Renewable;
use crate::adapters::telegram::connections::connection::{Heard, Line, Sink};
use crate::adapters::telegram::connections::control::{CallError, Connection};
use crate::adapters::telegram::connections::file_connections::{Common, Lines};
use crate::adapters::telegram::connections::session::{BotSession, Identity};
use crate::adapters::telegram::messages::updates::Signals;
use crate::adapters::telegram::{BotHealth, BotToken, Error, Timing};
use crate::domain::post::ChatId;
use crate::domain::text;

pub struct Bot {
    /// `main bot`, `helper bot 1`, …
    pub name: String,
    token: BotToken,
    api_id: i32,
    api_hash: String,
    timing: Timing,
    session: Arc<BotSession>,
    connections: Mutex<HashMap<(Purpose, i32), Arc<Connection>>>,
    lines: Arc<Lines>,
    authorizations: Mutex<HashMap<i32, Arc<Renewable<Authorized>>>>,
    /// Who hears of the updates that reach this bot; helpers' updates interest nobody.
    signals: Option<Arc<Signals>>,
    /// Something is wrong with the sign-in or the home connection: look now.
    look: Arc<Notify>,
    /// Told by Telegram since the start; they change rarely.
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
    pub lines: Arc<Common>,
}

impl Bot {
    pub fn new(
        name: String,
        token: BotToken,
        session: BotSession,
        application: &Application,
        signals: Option<Arc<Signals>>,
    ) -> Arc<Self> {
        let session = Arc::new(session);
        Arc::new(Self {
            lines: Lines::new(Arc::clone(&session), Arc::clone(&application.lines)),
            name,
            token,
            api_id: application.api_id,
            api_hash: application.api_hash.clone(),
            timing: application.timing,
            session,
            connections: Mutex::default(),
            authorizations: Mutex::default(),
            signals,
            look: Arc::default(),
            knows_addresses: AtomicBool::new(false),
            problem: Mutex::default(),
        })
    }

    pub fn id(&self) -> i64 {
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

    /// How long Telegram has not answered on that connection; `None` when it does.
    pub fn silence(&self) -> Option<Duration> {
        let control = lock(&self.connections).get(&(Purpose::Control, self.session.home_dc())).cloned();
        control.and_then(|control| control.silence())
    }

    /// The connection for everything but files.
    pub fn control(&self) -> Arc<Connection> {
        self.connection(Purpose::Control, self.session.home_dc())
    }

    pub fn lines(&self) -> &Arc<Lines> {
        &self.lines
    }

    /// A line to read over, with the bot signed in at its end. `stale` is the proof that turned out not to hold.
    pub async fn line(
        &self,
        slot: usize,
        dc: i32,
        stale: Option<&Arc<Authorized>>,
    ) -> Result<(Arc<Line>, Arc<Authorized>), CallError> {
        let place = Arc::clone(lock(&self.authorizations).entry(dc).or_default());
        // One at a time for each DC: the first also makes the key there, which all lines then share.
        let proof = place.get(stale, self.authorize(dc, stale.is_some())).await?;
        Ok((self.lines.get(dc, slot).await?, proof))
    }

    async fn authorize(&self, dc: i32, was_refused: bool) -> Result<Authorized, CallError> {
        if dc == self.session.home_dc() {
            // At home there is nothing to bring: the sign-in itself is in doubt.
            if was_refused {
                self.look.notify_one();
            }
            return Ok(Authorized);
        }
        if !was_refused && self.session.is_authorized_in(dc) {
            return Ok(Authorized);
        }
        let export = self.control().call(&tl::functions::auth::ExportAuthorization { dc_id: dc }).await?;
        let tl::enums::auth::ExportedAuthorization::Authorization(exported) = export;
        let import = tl::functions::auth::ImportAuthorization { id: exported.id, bytes: exported.bytes };
        let connection = self.connection(Purpose::Foreign, dc);
        connection.call(&import).await?;
        // It has made the key and shown who we are; files travel on lines.
        connection.reset();
        self.session.set_authorized_in(dc).map_err(|e| CallError::Connection(e.to_string()))?;
        Ok(Authorized)
    }

    /// Messages by id, through any channel the bot is in; at most 100 ids. Deleted ones come as `MessageEmpty`.
    pub async fn messages(&self, chat: ChatId, ids: Vec<i32>) -> Result<Vec<tl::enums::Message>, CallError> {
        use tl::enums::messages::Messages as M;
        let id = ids.into_iter().map(|id| tl::types::InputMessageId { id }.into()).collect();
        let request = tl::functions::channels::GetMessages { channel: input_channel(chat), id };
        Ok(match self.control().call(&request).await? {
            M::Messages(m) => m.messages,
            M::Slice(m) => m.messages,
            M::ChannelMessages(m) => m.messages,
            M::NotModified(_) => Vec::new(),
        })
    }

    /// The channel as this bot sees it: its title, when the bot is in it.
    pub async fn channel_title(&self, chat: ChatId) -> Result<Option<String>, CallError> {
        let request = tl::functions::channels::GetChannels { id: vec![input_channel(chat)] };
        let chats = match self.control().call(&request).await? {
            tl::enums::messages::Chats::Chats(c) => c.chats,
            tl::enums::messages::Chats::Slice(c) => c.chats,
        };
        Ok(chats.into_iter().find_map(|found| match found {
            tl::enums::Chat::Channel(c) if c.id == chat.bare() && !c.left => Some(text::line(&c.title, text::NAME)),
            _ => None,
        }))
    }

    /// Signs in, or asks whether the sign-in of an earlier run still holds; what comes out is told by [`Self::health`].
    pub async fn settle(&self) -> Result<(), Error> {
        let result = self.sign_in_if_needed().await;
        if result.is_ok() && !self.knows_addresses.load(Ordering::Relaxed) {
            self.learn_addresses().await;
        }
        *lock(&self.problem) = result.as_ref().err().map(ToString::to_string);
        result
    }

    /// Keeps the bot signed in and its home connection alive, for ever.
    pub async fn keep(self: Arc<Self>) {
        let mut failures = u32::from(lock(&self.problem).is_some());
        let (mut pause, mut calls) = (RETRY_PAUSE, 0u32);
        loop {
            if failures == 0 {
                pause = self.timing.ping;
            }
            let was_called = tokio::select! {
                () = tokio::time::sleep(pause) => false,
                () = self.look.notified(), if failures == 0 => true,
            };
            let before = lock(&self.problem).clone();
            match self.settle().await {
                Ok(()) => {
                    if failures > 0 {
                        info!(bot.id = self.id(), "The {} is connected again", self.name);
                    }
                    if failures > 0 || was_called {
                        // Whatever was announced meanwhile did not reach us.
                        self.signals.iter().for_each(|signals| signals.wake_everything());
                        // A line that is cut again and again is looked at with growing pauses.
                        tokio::time::sleep(self.timing.ping.min(RETRY_PAUSE * 2u32.saturating_pow(calls.min(10))))
                            .await;
                    }
                    calls = if was_called { calls + 1 } else { 0 };
                    failures = 0;
                }
                Err(Error::Stopped) => return,
                Err(error) => {
                    if before != Some(error.to_string()) {
                        warn!(bot.id = self.id(), "The {} has a problem: {error}", self.name);
                    }
                    failures += 1;
                    pause = match error {
                        Error::FloodWait { wait, .. } => wait,
                        // Only a person can mend these, and Telegram counts the attempts.
                        Error::Token { .. } | Error::ApiId => HOPELESS_PAUSE,
                        _ => self.timing.ping.min(RETRY_PAUSE * 2u32.saturating_pow(failures.min(10) - 1)),
                    };
                }
            }
        }
    }

    /// Ends every connection for good.
    pub fn close(&self) {
        lock(&self.connections).values().for_each(|connection| connection.close());
        self.lines.close();
    }

    /// What is said of a channel that this bot is not in.
    pub fn not_member(&self, chat: ChatId) -> Error {
        let username = self.session.identity().and_then(|me| me.username);
        let mention = username.map_or_else(|| "it".to_owned(), |name| format!("@{name}"));
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
            | CallError::NotTaken { .. }
            | CallError::Connection(_)) => Error::Unreachable { detail: error.to_string() },
        }
    }

    async fn sign_in_if_needed(&self) -> Result<(), Error> {
        if self.session.identity().is_some() {
            // Of all small calls this one also makes the server count the connection as one that wants updates.
            match self.control().call(&tl::functions::updates::GetState {}).await {
                Ok(_) => return Ok(()),
                Err(e) if e.is_signed_out() => {
                    info!(bot.id = self.id(), "The {} was signed out: signing in again", self.name);
                    self.session.sign_out()?;
                    lock(&self.authorizations).clear();
                    if e.is("AUTH_KEY_DUPLICATED") {
                        self.session.forget_keys()?;
                        lock(&self.connections).values().for_each(|connection| connection.reset());
                        self.lines.close();
                    }
                }
                Err(e) => return Err(self.explain(e)),
            }
        }
        let identity = self.sign_in().await?;
        self.session.sign_in(identity)?;
        info!(bot.id = self.id(), "Signed in the {}", self.name);
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
            self.session.move_home(dc as i32)?;
            answer = self.control().call(&request).await;
        }
        match answer.map_err(|e| self.explain(e))? {
            tl::enums::auth::Authorization::Authorization(tl::types::auth::Authorization {
                user: tl::enums::User::User(user),
                ..
            }) => Ok(Identity { id: user.id, username: user.username.map(|name| text::line(&name, text::WORD)) }),
            _ => Err(Error::Refused { detail: "the token does not belong to a bot".to_owned() }),
        }
    }

    /// Asks where the DCs are. Without the addresses that files are to be fetched from (`media_only`) they come from the
    /// common ones.
    async fn learn_addresses(&self) {
        let learned = async {
            let tl::enums::Config::Config(config) = self.control().call(&tl::functions::help::GetConfig {}).await?;
            let (media, common) = (addresses(&config.dc_options, true), addresses(&config.dc_options, false));
            self.session.set_addresses(media, &common).map_err(|e| CallError::Connection(e.to_string()))
        };
        match learned.await {
            Ok(()) => self.knows_addresses.store(true, Ordering::Relaxed),
            Err(error) => {
                debug!(bot.id = self.id(), "The {} does not learn where the DCs are: {error}", self.name)
            }
        }
    }

    fn connection(&self, purpose: Purpose, dc: i32) -> Arc<Connection> {
        let mut connections = lock(&self.connections);
        let connection = connections.entry((purpose, dc)).or_insert_with(|| {
            let (session, clock) = (Arc::clone(&self.session), Arc::clone(self.lines.clock()));
            Connection::new(dc, self.api_id, self.timing.call, session, clock, self.sink(purpose))
        });
        Arc::clone(connection)
    }

    /// Telegram may send an update to any of a bot's connections, so those that read are listened to as well. Only the
    /// end of the control connection means that updates may have been missed.
    fn sink(&self, purpose: Purpose) -> Sink {
        let (signals, look) = (self.signals.clone(), Arc::clone(&self.look));
        Arc::new(move |heard| match heard {
            Heard::End if purpose == Purpose::Control => look.notify_one(),
            Heard::End => {}
            Heard::Gap => signals.iter().for_each(|signals| signals.wake_everything()),
            Heard::Updates(updates) => signals.iter().for_each(|signals| signals.take(&updates)),
        })
    }
}

/// The first address of each DC that our lines can speak to, for files or for everything: IPv4, and without obfuscation.
fn addresses(options: &[tl::enums::DcOption], for_files: bool) -> BTreeMap<i32, SocketAddrV4> {
    let mut addresses = BTreeMap::new();
    for tl::enums::DcOption::Option(option) in options {
        let is_for_us = option.media_only == for_files && !option.cdn && !option.tcpo_only && option.secret.is_none();
        if let (true, Ok(ip), Ok(port)) = (is_for_us, option.ip_address.parse(), u16::try_from(option.port)) {
            addresses.entry(option.id).or_insert(SocketAddrV4::new(ip, port));
        }
    }
    addresses
}

/// Bots may address the channels they are in without an access hash.
pub fn input_channel(chat: ChatId) -> tl::enums::InputChannel {
    tl::types::InputChannel { channel_id: chat.bare(), access_hash: 0 }.into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_address_that_we_can_speak_to_counts() {
        let option = |id, ip_address: &str, change: fn(&mut tl::types::DcOption)| {
            let mut option = tl::types::DcOption {
                ipv6: false,
                media_only: true,
                tcpo_only: false,
                cdn: false,
                r#static: false,
                this_port_only: false,
                id,
                ip_address: ip_address.to_owned(),
                port: 443,
                secret: None,
            };
            change(&mut option);
            option.into()
        };
        let options = [
            option(2, "192.0.2.1", |o| o.media_only = false),
            option(2, "2001:db8::2", |o| o.ipv6 = true),
            option(2, "192.0.2.3", |o| o.tcpo_only = true),
            option(2, "192.0.2.4", |o| o.secret = Some(vec![1])),
            option(2, "192.0.2.5", |_| ()),
            option(2, "192.0.2.6", |_| ()),
            option(3, "192.0.2.7", |o| o.cdn = true),
            option(4, "192.0.2.8", |o| o.port = 70_000),
        ];
        let at = |address: &str| BTreeMap::from([(2, address.parse().expect("an address"))]);
        assert_eq!(addresses(&options, true), at("192.0.2.5:443"));
        assert_eq!(addresses(&options, false), at("192.0.2.1:443"));
    }
}
