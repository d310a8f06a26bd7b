//! Groups that the main bot is in. Telegram has no list of them for bots: one is known from the moment when something happens in it
//! or the bot is added, and then its history is followed from our own position, as a channel's is.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grammers_tl_types as tl;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::catch_up_error::CatchUpError;
use super::dispatch::Dispatch;
use super::inbox::remember;
use super::incoming::{Faces, happened};
use super::record::Record;
use super::updates::{Hint, Signal, hint};
use crate::adapters::telegram::Vault;
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::bots::channel::{input_channel, is_invisible};
use crate::adapters::telegram::vault::{load_record, save_record};
use crate::domain::post::ChatId;

const RETRY_PAUSE: Duration = Duration::from_millis(500);
/// Groups are looked through so much more seldom than channels: there may be thousands, and an answer that comes late is none.
const POLLS: u32 = 10;
/// Telegram gives bots as many at once.
const DIFFERENCE_LIMIT: i32 = 1_000;

pub struct Groups {
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    pub dispatch: Arc<Dispatch>,
    pub poll: Duration,
    pub stop: CancellationToken,
    known: Mutex<HashMap<ChatId, Arc<Signal>>>,
}

/// Where a group begins for us.
#[derive(Clone, Copy)]
struct Begin {
    /// Before the update that told of it.
    pts: Option<i32>,
    /// Unix seconds. When no update says where, what was written before is not heard.
    since: i32,
}

/// So far before the present of a new group is looked for what was written while we learned of it.
const LOOK_BACK: i32 = 50;

/// How far a group was handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    pts: i32,
}

impl Groups {
    pub fn new(
        bot: Arc<Bot>,
        vault: Arc<dyn Vault>,
        dispatch: Arc<Dispatch>,
        poll: Duration,
        stop: CancellationToken,
    ) -> Arc<Self> {
        Arc::new(Self { bot, vault, dispatch, poll: poll * POLLS, stop, known: Mutex::default() })
    }

    /// Follows the groups of earlier runs.
    pub fn begin(self: &Arc<Self>) {
        match load_record::<BTreeSet<ChatId>>(&*self.vault, &self.list()) {
            Ok(known) => {
                let kept = Begin { pts: None, since: 0 };
                known.into_iter().flatten().for_each(|chat| self.follow(chat, kept));
            }
            Err(error) => warn!(%error, "Which groups the bot is in cannot be read"),
        }
    }

    /// Wakes the groups in which something happened, and follows those that are new: in them what was written since `since` is heard.
    pub fn look_at(self: &Arc<Self>, updates: &[tl::enums::Update], chats: &[tl::enums::Chat], since: i32) {
        for update in updates {
            let Some(Hint::Channel(bare, pts)) = hint(update) else { continue };
            let Some(chat) = ChatId::from_bare(bare) else { continue };
            if let Some(signal) = self.lock().get(&chat).cloned() {
                signal.raise(pts);
            } else if chats.iter().any(|found| is_group(found, bare)) {
                info!(%chat, "The bot is in group {chat}");
                self.follow(chat, Begin { pts: before(update), since });
                self.keep_list();
            }
        }
    }

    pub fn wake_all(&self) {
        self.lock().values().for_each(|signal| signal.raise(None));
    }

    fn follow(self: &Arc<Self>, chat: ChatId, begin: Begin) {
        let signal = Arc::<Signal>::default();
        if self.lock().insert(chat, Arc::clone(&signal)).is_some() {
            return;
        }
        let (groups, stop) = (Arc::clone(self), self.stop.clone());
        tokio::spawn(async move { stop.run_until_cancelled(groups.run(chat, &signal, begin)).await });
    }

    async fn run(&self, chat: ChatId, signal: &Signal, begin: Begin) {
        let (mut failures, mut record) = (0u32, None);
        loop {
            match self.catch_up(chat, begin, &mut record).await {
                Ok(()) => {
                    failures = 0;
                    tokio::select! {
                        () = signal.raised() => {}
                        () = tokio::time::sleep(self.poll) => {}
                    }
                }
                Err(CatchUpError::Stopped) => return,
                Err(CatchUpError::Call(error)) if is_invisible(&error) => {
                    info!(%chat, "The bot is not in group {chat} any more");
                    return self.leave(chat);
                }
                Err(trouble) => {
                    failures += 1;
                    debug!(%chat, "Group {chat} cannot be read: {trouble}");
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

    /// What was kept of a group, or a position in a new one.
    async fn open(&self, chat: ChatId, begin: Begin) -> Result<Arc<Record<Position>>, CatchUpError> {
        if let Some(record) = Record::load(&self.vault, &self.position(chat))? {
            return Ok(record);
        }
        let pts = match begin.pts {
            Some(pts) => pts.max(1),
            None => (self.bot.full_pts(chat).await? - LOOK_BACK).max(1),
        };
        Ok(Record::begin(&self.vault, &self.position(chat), Position { pts })?)
    }

    async fn catch_up(
        &self,
        chat: ChatId,
        begin: Begin,
        record: &mut Option<Arc<Record<Position>>>,
    ) -> Result<(), CatchUpError> {
        use tl::enums::updates::ChannelDifference as D;
        let record = match record {
            Some(record) => record,
            None => record.insert(self.open(chat, begin).await?),
        };
        loop {
            record.room().await;
            let before = record.newest();
            let request = tl::functions::updates::GetChannelDifference {
                force: false,
                channel: input_channel(chat),
                filter: tl::enums::ChannelMessagesFilter::Empty,
                pts: before.pts,
                limit: DIFFERENCE_LIMIT,
            };
            let is_last = match self.bot.control().call(&request).await? {
                D::Empty(d) => {
                    record.turn(Vec::new(), Position { pts: d.pts }, &self.dispatch)?;
                    d.r#final
                }
                D::Difference(d) => {
                    let faces = Faces::new(&d.users);
                    remember(&*self.vault, &self.bot, &faces)?;
                    let mut happened = happened(Some(chat), &d.new_messages, &d.other_updates, &faces);
                    happened.retain(|happened| happened.event.date().is_none_or(|date| date >= begin.since.into()));
                    record.turn(happened, Position { pts: d.pts }, &self.dispatch)?;
                    d.r#final
                }
                // So far behind that nobody waits for an answer any more.
                D::TooLong(d) => {
                    let pts = match d.dialog {
                        tl::enums::Dialog::Dialog(tl::types::Dialog { pts: Some(pts), .. }) => pts,
                        _ => self.bot.full_pts(chat).await?,
                    };
                    record.turn(Vec::new(), Position { pts }, &self.dispatch)?;
                    d.r#final
                }
            };
            if is_last {
                return Ok(());
            }
        }
    }

    fn leave(&self, chat: ChatId) {
        self.lock().remove(&chat);
        if let Err(error) = self.vault.remove(&self.position(chat)) {
            warn!(%error, "The position in a group could not be removed");
        }
        self.keep_list();
    }

    fn keep_list(&self) {
        let known: BTreeSet<ChatId> = self.lock().keys().copied().collect();
        if let Err(error) = save_record(&*self.vault, &self.list(), &known) {
            warn!(%error, "Which groups the bot is in could not be kept");
        }
    }

    fn list(&self) -> String {
        format!("telegram/bot/{}/groups", self.bot.id())
    }

    fn position(&self, chat: ChatId) -> String {
        format!("telegram/bot/{}/group/{chat}", self.bot.id())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ChatId, Arc<Signal>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_group(chat: &tl::enums::Chat, bare: i64) -> bool {
    matches!(chat, tl::enums::Chat::Channel(c) if c.id == bare && c.megagroup && !c.left)
}

/// The pts before an update, so that what it tells is not passed over.
fn before(update: &tl::enums::Update) -> Option<i32> {
    use tl::enums::Update as U;
    match update {
        U::NewChannelMessage(u) => Some(u.pts - u.pts_count),
        U::EditChannelMessage(u) => Some(u.pts - u.pts_count),
        U::DeleteChannelMessages(u) => Some(u.pts - u.pts_count),
        _ => None,
    }
}
