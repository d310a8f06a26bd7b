//! What the main bot says: answers to whoever writes to it, and news for the owner. `bot` hands over what comes in.

mod digest;
mod owner;

use std::fmt::Write;

use tokio::sync::mpsc;
use tracing::{error, warn};

use crate::adapters::clock::unix_now;
pub use crate::adapters::telegram::Delivery as Incoming;
use crate::adapters::telegram::{Arrival, Button, Messages, Outgoing, PersonEvent, Place};
use crate::domain::telegram_id::UserId;
use crate::flows::DatabaseError;
use crate::flows::library::Library;
use crate::flows::people::{self, People};
use crate::protocols::addresses::{Addresses, OwnerPage};

/// What comes in at the main bot: what happened in channels, and what people did.
pub type Inbox = mpsc::Receiver<Incoming>;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Chat {
    library: Library,
    people: People,
    messages: Messages,
    owner: Option<UserId>,
    addresses: Addresses,
}

impl Chat {
    pub fn new(
        library: Library,
        people: People,
        messages: Messages,
        owner: Option<UserId>,
        addresses: Addresses,
    ) -> Self {
        Self { library, people, messages, owner, addresses }
    }

    /// Answers what a person did.
    pub async fn answer(self, arrival: Arrival) {
        if let PersonEvent::Message(message) = &arrival.event
            && let Place::Private(from) = message.at.place
        {
            let reply = match self.answer_to(from, &message.text, unix_now()).await {
                Ok(reply) => reply,
                Err(error) => {
                    error!(%error, "A message could not be answered");
                    "The database cannot be reached right now; try again in a minute.".into()
                }
            };
            if let Err(error) = self.messages.send(message.at.place, &reply).await {
                warn!(%error, user = from.0, "An answer could not be sent");
            }
        }
        arrival.done();
    }

    /// The answer to a private message. Only the owner is shown the library and the install link. `now` in unix seconds.
    async fn answer_to(&self, from: UserId, text: &str, now: i64) -> Result<Outgoing, DatabaseError> {
        let command = text.split_whitespace().next().unwrap_or_default();
        // In groups commands carry the bot's name; people paste them here too.
        let command = command.split('@').next().unwrap_or_default();
        if self.owner != Some(from) {
            return Ok(self.to_stranger(from).into());
        }
        match command {
            "/start" | "/help" => self.welcome(now).await,
            "/status" => self.status(now).await,
            _ => {
                let text = "I know /start, /status and /help. Films and episodes go into the channel, not here.";
                Ok(text.into())
            }
        }
    }

    fn to_stranger(&self, from: UserId) -> String {
        match self.owner {
            None => format!(
                "This is Cinepost, a cinema made of a Telegram channel.\n\nIf it is yours: set OWNER_ID to {from}, and I \
                 will tell you what was added and what needs a hand, and let you in."
            ),
            Some(_) => {
                "This is Cinepost, a cinema made of a Telegram channel. It belongs to somebody else; ask them for a \
                        link."
                    .to_owned()
            }
        }
    }

    async fn welcome(&self, now: i64) -> Result<Outgoing, DatabaseError> {
        let install = self.addresses.install(&self.people.token(&self.people.owner().await?));
        let text = format!(
            "Welcome to your cinema.\n\nForward a film or an episode to your channel, and it stands in Stremio a moment \
             later.\n\nInstall in Stremio:\n{}\n\nIt is yours alone: whoever has it can watch.\n\n{}{}",
            install.manifest().as_str(),
            self.counted().await?,
            self.reach(),
        );
        let page = self.sign_in("Open your page", OwnerPage::Top, now, people::LINK_SECS).await?;
        let install = Button::open("Install in Stremio", install.configure().to_string());
        Ok(Outgoing::from(text).column([page, install]))
    }

    async fn status(&self, now: i64) -> Result<Outgoing, DatabaseError> {
        let needs_a_hand = self.library.counts().await?.review > 0;
        let (label, page) =
            if needs_a_hand { ("Open the review list", OwnerPage::Review) } else { ("Open your page", OwnerPage::Top) };
        let button = self.sign_in(label, page, now, people::LINK_SECS).await?;
        Ok(Outgoing::from(format!("{}{}", self.counted().await?, self.reach())).row([button]))
    }

    async fn counted(&self) -> Result<String, DatabaseError> {
        let c = self.library.counts().await?;
        let mut text = format!("{}, {} series, {}.", count(c.movies, "film"), c.series, count(c.files, "file"));
        if c.pending > 0 {
            let _ = write!(text, " {} being looked up.", c.pending);
        }
        if c.review > 0 {
            let _ = write!(text, "\n{} to review.", count(c.review, "file"));
        }
        Ok(text)
    }

    /// Where our links open, when that is not everywhere.
    fn reach(&self) -> &'static str {
        match self.addresses.is_loopback() {
            true => {
                "\n\nThese links open on the machine that Cinepost runs on only; set BASE_URL to reach it from others."
            }
            false => "",
        }
    }

    /// A button that signs the owner in once, and leads there.
    async fn sign_in(&self, label: &str, page: OwnerPage, now: i64, secs: i64) -> Result<Button, DatabaseError> {
        let token = self.people.new_sign_in_token(&self.people.owner().await?, now, secs).await?;
        Ok(Button::open(label, self.addresses.sign_in(&token, page).to_string()))
    }
}

fn count(n: u64, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}
