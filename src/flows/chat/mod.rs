//! What the main bot says: answers to whoever writes to it, and news for the owner. `bot` hands over what comes in.
//!
//! ```text
//! attend     an arrival -> who is it, what do they want -> one answer
//! command    pure: what people write              press      pure: what buttons bring back
//! prompts    questions that wait for an answer    doorstep   strangers, joining, channels that one must be in
//! start      /start, /help, /web, /settings       stats      /stats, /status
//! files      a file -> link; cards, lists         folders    where files lie
//! titles     search, titles, inline results       people     /users, /invite, /ban
//! channels   /link in a channel                  review     files that need a hand
//! why_not    errors -> their texts
//! owner, digest: news for the owner          broadcast  /broadcast: the owner's words to everybody
//! ```
//!
//! Who may have what is decided by the flows that are asked; here it is only found out who asks, each time anew. Nothing that a
//! button or a link brings is believed.

mod attend;
mod broadcast;
mod channels;
mod command;
mod digest;
mod doorstep;
mod files;
mod folders;
mod owner;
mod people;
mod press;
mod prompts;
mod review;
mod start;
mod stats;
mod titles;
mod visitor;
mod why_not;

use std::sync::Arc;

use tokio::sync::mpsc;

pub use crate::adapters::telegram::Delivery as Incoming;
use crate::adapters::telegram::{Button, Messages};
use crate::domain::person::Person;
use crate::domain::post::ChatId;
use crate::domain::telegram_id::UserId;
use crate::engines::jobs::Jobs;
use crate::flows::DatabaseError;
use crate::flows::channels::ChannelList;
use crate::flows::files::Files;
use crate::flows::ingest::review::Review;
use crate::flows::jobs::JobList;
use crate::flows::library::Library;
use crate::flows::limits::Limits;
use crate::flows::logs::Logs;
use crate::flows::people::People;
use crate::protocols::addresses::{Addresses, OwnerPage};
use crate::protocols::players::WebPlayer;
pub use broadcast::Broadcast;
use doorstep::Doorstep;
use prompts::Prompts;

/// What comes in at the main bot: what happened in channels, and what people want.
pub type Inbox = mpsc::Receiver<Incoming>;

/// What the chat is built of.
pub struct Parts {
    pub library: Library,
    pub review: Review,
    pub people: People,
    pub files: Files,
    pub limits: Limits,
    pub channels: ChannelList,
    pub logs: Logs,
    /// Does the broadcasts.
    pub jobs: Jobs,
    pub job_list: JobList,
    pub broadcast: Broadcast,
    pub messages: Messages,
    pub addresses: Addresses,
    /// The setting OWNER_ID.
    pub owner: Option<UserId>,
    /// Channels that whoever uses the bot must be in.
    pub required: Vec<ChatId>,
    /// Where files can be played besides.
    pub web_player: Option<WebPlayer>,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Chat {
    library: Library,
    review: Review,
    people: People,
    files: Files,
    limits: Limits,
    channels: ChannelList,
    logs: Logs,
    jobs: Jobs,
    job_list: JobList,
    broadcast: Broadcast,
    messages: Messages,
    addresses: Addresses,
    owner: Option<UserId>,
    doorstep: Arc<Doorstep>,
    prompts: Arc<Prompts>,
    web_player: Option<WebPlayer>,
}

impl Chat {
    pub fn new(parts: Parts) -> Self {
        Self {
            library: parts.library,
            review: parts.review,
            people: parts.people,
            files: parts.files,
            limits: parts.limits,
            channels: parts.channels,
            logs: parts.logs,
            jobs: parts.jobs,
            job_list: parts.job_list,
            broadcast: parts.broadcast,
            messages: parts.messages,
            addresses: parts.addresses,
            owner: parts.owner,
            doorstep: Arc::new(Doorstep::new(parts.required)),
            prompts: Arc::default(),
            web_player: parts.web_player,
        }
    }

    /// A button that signs somebody in once, and leads there.
    async fn sign_in(
        &self,
        person: &Person,
        label: &str,
        page: OwnerPage,
        now: i64,
        secs: i64,
    ) -> Result<Button, DatabaseError> {
        let token = self.people.new_sign_in_token(person, now, secs).await?;
        Ok(Button::open(label, self.addresses.sign_in(&token, page).to_string()))
    }
}
