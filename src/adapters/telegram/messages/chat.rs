//! Private messages to the main bot, and its answers. As with channels, an update only says that there is something; what
//! it is comes from getDifference, after our own position in the bot's history.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use grammers_client::message::{self, ReplyMarkup};
use grammers_tl_types as tl;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tracing::{debug, warn};

use super::catch_up_error::CatchUpError;
use super::updates::Signal;
use super::{Button, Delivery, DirectMessage, Outgoing};
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::connections::call_error::CallError;
use crate::adapters::telegram::vault::{load_record, save_record};
use crate::adapters::telegram::{Error, Vault, VaultError};
use crate::domain::telegram_id::UserId;
use crate::domain::text;

const RETRY_PAUSE: Duration = Duration::from_millis(500);

pub struct Inbox {
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    pub signal: Arc<Signal>,
    pub deliveries: mpsc::Sender<Delivery>,
    pub poll: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    pts: i32,
    qts: i32,
    date: i32,
}

impl From<tl::enums::updates::State> for Position {
    fn from(state: tl::enums::updates::State) -> Self {
        let tl::enums::updates::State::State(state) = state;
        Self { pts: state.pts, qts: state.qts, date: state.date }
    }
}

impl Inbox {
    /// Delivers messages for ever. What was written before the very first start is not answered.
    pub async fn run(self) {
        let mut failures = 0u32;
        loop {
            match self.catch_up().await {
                Ok(()) => {
                    failures = 0;
                    tokio::select! {
                        () = self.signal.raised() => {}
                        () = tokio::time::sleep(self.poll) => {}
                    }
                }
                Err(CatchUpError::Stopped) => return,
                Err(trouble) => {
                    failures += 1;
                    if failures == 3 {
                        warn!("Private messages to the bot cannot be read, trying on: {trouble}");
                    } else {
                        debug!("Private messages to the bot cannot be read: {trouble}");
                    }
                    let wait = match &trouble {
                        CatchUpError::Call(error) => error.flood_wait(),
                        _ => None,
                    };
                    let pause = self.poll.min(RETRY_PAUSE * 2u32.saturating_pow(failures.min(10) - 1));
                    tokio::time::sleep(wait.unwrap_or(pause)).await;
                }
            }
        }
    }

    /// Takes a position at the first start, if this is one: what is written from now on is answered.
    pub async fn begin(&self) {
        if matches!(self.load(), Ok(None))
            && let Err(trouble) = self.take_position().await
        {
            debug!("The position in the bot's messages is taken later: {trouble}");
        }
    }

    async fn take_position(&self) -> Result<(), CatchUpError> {
        let state = self.bot.control().call(&tl::functions::updates::GetState {}).await?;
        Ok(self.save(state.into())?)
    }

    async fn catch_up(&self) -> Result<(), CatchUpError> {
        use tl::enums::updates::Difference as D;
        let Some(mut position) = self.load()? else { return self.take_position().await };
        loop {
            let before = position;
            let request = tl::functions::updates::GetDifference {
                pts: position.pts,
                pts_limit: None,
                pts_total_limit: None,
                date: position.date,
                qts: position.qts,
                qts_limit: None,
            };
            let (messages, users, is_final) = match self.bot.control().call(&request).await? {
                D::Empty(_) => (Vec::new(), Vec::new(), true),
                D::Difference(d) => {
                    position = d.state.into();
                    (d.new_messages, d.users, true)
                }
                D::Slice(d) => {
                    position = d.intermediate_state.into();
                    (d.new_messages, d.users, false)
                }
                // So far behind that the old messages are nobody's concern any more.
                D::TooLong(d) => {
                    position.pts = d.pts;
                    (Vec::new(), Vec::new(), false)
                }
            };
            self.deliver(&messages, &users).await?;
            if position != before {
                self.save(position)?;
            }
            if is_final {
                return Ok(());
            }
        }
    }

    async fn deliver(&self, messages: &[tl::enums::Message], users: &[tl::enums::User]) -> Result<(), CatchUpError> {
        let people: HashMap<UserId, &tl::types::User> =
            users.iter().filter_map(person).map(|p| (UserId(p.id), p)).collect();
        for message in messages.iter().filter_map(|m| direct_message(m, &people)) {
            if let Some(hash) = people.get(&message.from).and_then(|p| p.access_hash) {
                self.vault.save(&hash_key(&self.bot, message.from), &hash.to_le_bytes())?;
            }
            self.deliveries.send(Delivery::Message(message)).await.map_err(|_| CatchUpError::Stopped)?;
        }
        Ok(())
    }

    fn load(&self) -> Result<Option<Position>, VaultError> {
        load_record(&*self.vault, &self.position_key())
    }

    fn save(&self, position: Position) -> Result<(), VaultError> {
        save_record(&*self.vault, &self.position_key(), &position)
    }

    fn position_key(&self) -> String {
        format!("telegram/bot/{}/inbox", self.bot.id())
    }
}

/// Writes to a person. One who wrote before is addressed by the access hash that came with it; Telegram lets bots leave
/// it out for people who pressed Start.
pub async fn send(bot: &Arc<Bot>, vault: &dyn Vault, user: UserId, outgoing: &Outgoing) -> Result<(), Error> {
    let hash = vault.load(&hash_key(bot, user))?.and_then(|bytes| bytes.try_into().ok());
    let peer = tl::types::InputPeerUser { user_id: user.0, access_hash: hash.map_or(0, i64::from_le_bytes) };
    // Telegram takes a random id once only, so sending again after a cut connection does not show it twice.
    let random_id = getrandom::u64().map_err(|e| Error::Refused { detail: e.to_string() })? as i64;
    let mut request = send_message(peer.into(), outgoing, random_id);
    let mut answer = bot.control().call(&request).await;
    if answer.as_ref().is_err_and(|e| e.is("BUTTON_URL_INVALID")) {
        // Telegram makes no buttons for addresses such as http://localhost; as text it takes them.
        request.message = with_links(outgoing);
        request.reply_markup = None;
        answer = bot.control().call(&request).await;
    }
    if let Err(CallError::Connection(_)) = answer {
        answer = bot.control().call(&request).await;
    }
    match answer {
        Ok(_) => Ok(()),
        Err(e) if e.is("RANDOM_ID_DUPLICATE") => Ok(()),
        Err(e) if NOT_STARTED.iter().any(|name| e.is(name)) => Err(Error::NotStarted { user }),
        Err(e) => Err(bot.explain(e)),
    }
}

/// The same message without buttons.
fn with_links(outgoing: &Outgoing) -> String {
    let links = outgoing.buttons.iter().map(|button| format!("\n\n{}:\n{}", button.label, button.url));
    std::iter::once(outgoing.text.clone()).chain(links).collect()
}

fn keyboard(buttons: &[Button]) -> Option<tl::enums::ReplyMarkup> {
    let buttons: Vec<_> = buttons.iter().map(|button| message::Button::url(&button.label, &button.url)).collect();
    (!buttons.is_empty()).then(|| ReplyMarkup::from_buttons_col(&buttons).raw)
}

const NOT_STARTED: [&str; 4] = ["USER_IS_BLOCKED", "PEER_ID_INVALID", "USER_ID_INVALID", "INPUT_USER_DEACTIVATED"];

fn hash_key(bot: &Bot, user: UserId) -> String {
    format!("telegram/bot/{}/person/{user}", bot.id())
}

fn person(user: &tl::enums::User) -> Option<&tl::types::User> {
    match user {
        tl::enums::User::User(user) => Some(user),
        tl::enums::User::Empty(_) => None,
    }
}

/// A message that a person wrote to the bot in private; `None` for its own, for groups and for service messages.
fn direct_message(message: &tl::enums::Message, people: &HashMap<UserId, &tl::types::User>) -> Option<DirectMessage> {
    let tl::enums::Message::Message(message) = message else { return None };
    let tl::enums::Peer::User(peer) = &message.peer_id else { return None };
    if message.out {
        return None;
    }
    let first_name = people.get(&UserId(peer.user_id)).and_then(|p| p.first_name.as_deref()).unwrap_or_default();
    let first_name = text::line(first_name, text::NAME);
    Some(DirectMessage { from: UserId(peer.user_id), first_name, text: text::lines(&message.message, text::CAPTION) })
}

fn send_message(
    peer: tl::enums::InputPeer,
    outgoing: &Outgoing,
    random_id: i64,
) -> tl::functions::messages::SendMessage {
    tl::functions::messages::SendMessage {
        no_webpage: true,
        silent: false,
        background: false,
        clear_draft: false,
        noforwards: false,
        update_stickersets_order: false,
        invert_media: false,
        allow_paid_floodskip: false,
        peer,
        reply_to: None,
        message: outgoing.text.clone(),
        random_id,
        reply_markup: keyboard(&outgoing.buttons),
        entities: None,
        schedule_date: None,
        schedule_repeat_period: None,
        send_as: None,
        quick_reply_shortcut: None,
        effect: None,
        allow_paid_stars: None,
        suggested_post: None,
        rich_message: None,
    }
}
