//! Private messages to the main bot. As with channels, an update only says that there is something; what it is comes from
//! getDifference, after our own position in the bot's history.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use grammers_tl_types as tl;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tracing::{debug, warn};

use super::catch_up_error::CatchUpError;
use super::dispatch::Dispatch;
use super::groups::Groups;
use super::incoming::{Faces, happened};
use super::record::Record;
use super::requests;
use super::updates::Signal;
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::{Vault, VaultError};

const RETRY_PAUSE: Duration = Duration::from_millis(500);
/// Between two questions what is new. Each message is announced; those of a crowd are asked for together, and one alone waits for
/// nothing.
const GATHER: Duration = Duration::from_millis(100);

pub struct Inbox {
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    pub signal: Arc<Signal>,
    pub dispatch: Arc<Dispatch>,
    pub groups: Arc<Groups>,
    pub poll: Duration,
    /// `None` until there is a position.
    pub record: Mutex<Option<Arc<Record<Position>>>>,
}

/// Where we are in the bot's own history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub pts: i32,
    pub qts: i32,
    pub date: i32,
}

impl Position {
    /// Asks what came after it.
    pub fn difference(self) -> tl::functions::updates::GetDifference {
        tl::functions::updates::GetDifference {
            pts: self.pts,
            pts_limit: None,
            pts_total_limit: None,
            date: self.date,
            qts: self.qts,
            qts_limit: None,
        }
    }
}

impl From<tl::enums::updates::State> for Position {
    fn from(state: tl::enums::updates::State) -> Self {
        let tl::enums::updates::State::State(state) = state;
        Self { pts: state.pts, qts: state.qts, date: state.date }
    }
}

/// What one getDifference says.
struct Page {
    messages: Vec<tl::enums::Message>,
    other: Vec<tl::enums::Update>,
    users: Vec<tl::enums::User>,
    chats: Vec<tl::enums::Chat>,
    after: Position,
    is_last: bool,
}

impl Page {
    fn nothing(after: Position, is_last: bool) -> Self {
        let (messages, other, users, chats) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { messages, other, users, chats, after, is_last }
    }

    fn read(difference: tl::enums::updates::Difference, before: Position) -> Self {
        use tl::enums::updates::Difference as D;
        match difference {
            D::Empty(_) => Self::nothing(before, true),
            D::Difference(d) => Self {
                messages: d.new_messages,
                other: d.other_updates,
                users: d.users,
                chats: d.chats,
                after: d.state.into(),
                is_last: true,
            },
            D::Slice(d) => Self {
                messages: d.new_messages,
                other: d.other_updates,
                users: d.users,
                chats: d.chats,
                after: d.intermediate_state.into(),
                is_last: false,
            },
            // So far behind that the old messages are nobody's concern any more.
            D::TooLong(d) => Self::nothing(Position { pts: d.pts, ..before }, false),
        }
    }
}

impl Inbox {
    /// Delivers messages for ever. What was written before the very first start is not answered.
    pub async fn run(self: Arc<Self>) {
        let mut failures = 0u32;
        loop {
            match self.catch_up().await {
                Ok(()) => {
                    failures = 0;
                    let asked = Instant::now();
                    tokio::select! {
                        () = self.signal.raised() => {}
                        () = tokio::time::sleep(self.poll) => {}
                    }
                    tokio::time::sleep_until(asked + GATHER).await;
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
        if let Err(trouble) = self.record().await {
            debug!("The position in the bot's messages is taken later: {trouble}");
        }
    }

    /// Everything before it was handled; `None` before the first position was taken.
    pub fn handled(&self) -> Option<Position> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|record| record.handled())
    }

    async fn record(&self) -> Result<Arc<Record<Position>>, CatchUpError> {
        let known = |record: &Mutex<Option<_>>| record.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(record) = known(&self.record) {
            return Ok(record);
        }
        let name = format!("telegram/bot/{}/inbox", self.bot.id());
        let record = match Record::load(&self.vault, &name)? {
            Some(record) => record,
            None => {
                let state = self.bot.control().call(&tl::functions::updates::GetState {}).await?;
                Record::begin(&self.vault, &name, state.into())?
            }
        };
        *self.record.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&record));
        Ok(record)
    }

    async fn catch_up(&self) -> Result<(), CatchUpError> {
        let record = self.record().await?;
        loop {
            record.room().await;
            let before = record.newest();
            let page = Page::read(self.bot.control().call(&before.difference()).await?, before);
            let faces = Faces::new(&page.users);
            remember(&*self.vault, &self.bot, &faces)?;
            self.groups.look_at(&page.other, &page.chats, before.date);
            let happened = happened(None, &page.messages, &page.other, &faces);
            if page.after != before || !happened.is_empty() {
                record.turn(happened, page.after, &self.dispatch)?;
            }
            if page.is_last {
                return Ok(());
            }
        }
    }
}

/// Keeps what lets the bot address people later.
pub fn remember(vault: &dyn Vault, bot: &Bot, faces: &Faces<'_>) -> Result<(), VaultError> {
    for (person, hash) in faces.hashes() {
        let (name, bytes) = (requests::hash_key(bot.id(), person), hash.to_le_bytes());
        if vault.load(&name)?.as_deref() != Some(&bytes[..]) {
            vault.save(&name, &bytes)?;
        }
    }
    Ok(())
}
