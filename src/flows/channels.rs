//! Floor 3: which channels are watched, and whether the bots can read them. Nothing is called readable that was not tried.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::adapters::store::Store;
use crate::adapters::telegram::{Bots, ChannelAccess, ChannelWatch, Messages};
use crate::domain::channel::Channel;
use crate::domain::post::ChatId;
use crate::flows::DatabaseError;
use crate::flows::health::{Finding, SILENCE};

/// The set of watched channels is read from the store this often: `cinepost channel` writes it from outside.
const READ_EVERY: Duration = Duration::from_secs(2);
/// Whether a check is due is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Every bot is asked this often whether it can read a channel that it could read last time. The main bot, which watches, is
/// known to the moment.
const CHECK_EVERY: Duration = Duration::from_secs(600);
/// The same for a channel that some bot could not read: somebody may be mending it now.
const CHECK_BAD_EVERY: Duration = Duration::from_secs(15);

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    store: Store,
    messages: Messages,
    bots: Bots,
    checks: Arc<Mutex<BTreeMap<ChatId, Check>>>,
    /// Those that are watched, as last read.
    active: Arc<Mutex<Vec<Channel>>>,
}

/// What every bot said of a channel, and when.
struct Check {
    at: Instant,
    access: Vec<ChannelAccess>,
}

/// Whether a channel can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Light {
    /// Not tried yet, or Telegram does not answer.
    Unknown,
    /// Every bot can.
    Good,
    /// The main bot can, so that nothing is missed; some helper cannot, and says why.
    Slow(String),
    /// The main bot cannot: nothing posted there arrives. What is wrong, and how to mend it.
    Bad(String),
    /// Not watched any more.
    Off,
}

impl Light {
    /// What is wrong, and what mends it.
    pub fn problem(&self) -> Option<&str> {
        match self {
            Self::Slow(problem) | Self::Bad(problem) => Some(problem),
            Self::Unknown | Self::Good | Self::Off => None,
        }
    }
}

/// A channel and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub channel: Channel,
    pub light: Light,
}

impl Channels {
    pub fn new(store: Store, messages: Messages, bots: Bots) -> Self {
        Self { store, messages, bots, checks: Arc::default(), active: Arc::default() }
    }

    /// Every channel ever watched, as it stands now. Asks the store, not Telegram.
    pub async fn list(&self) -> Result<Vec<Standing>, DatabaseError> {
        let channels = self.store.channels().await?;
        let watches: BTreeMap<ChatId, ChannelWatch> = self.messages.watching().into_iter().collect();
        let checks = self.checks();
        // What was so before Telegram fell silent need not be so now.
        let is_silent = self.bots.silence().is_some_and(|silence| silence >= SILENCE);
        let standing = |channel: Channel| {
            let check = checks.get(&channel.chat).map(|check| &check.access[..]);
            let light = match channel.active {
                true if is_silent => Light::Unknown,
                true => light(watches.get(&channel.chat), check),
                false => Light::Off,
            };
            Standing { channel, light }
        };
        Ok(channels.into_iter().map(standing).collect())
    }

    /// Keeps Telegram watching what the store says, asks every bot about each channel, and tells the store what channels call
    /// themselves. Goes on until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        // Apart: bots that do not answer must not keep a new channel waiting.
        let _ = stop.run_until_cancelled(async { tokio::join!(self.follow(), self.check()) }).await;
    }

    async fn follow(&self) {
        let mut watched = None;
        loop {
            match self.store.channels().await {
                Ok(channels) => {
                    let active: Vec<_> = channels.into_iter().filter(|c| c.active).collect();
                    self.watch(&active, &mut watched);
                    *lock(&self.active) = active;
                }
                Err(error) => warn!(%error, "The list of channels cannot be read"),
            }
            tokio::time::sleep(READ_EVERY).await;
        }
    }

    async fn check(&self) {
        loop {
            let active = lock(&self.active).clone();
            for channel in active.iter().filter(|channel| self.is_due(channel.chat)) {
                self.check_one(channel).await;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn watch(&self, active: &[Channel], watched: &mut Option<Vec<ChatId>>) {
        let chats: Vec<ChatId> = active.iter().map(|channel| channel.chat).collect();
        if watched.as_ref() == Some(&chats) {
            return;
        }
        if chats.is_empty() {
            warn!("No channel is watched: {NO_CHANNEL}");
        }
        self.checks().retain(|chat, _| chats.contains(chat));
        self.messages.watch(chats.clone());
        *watched = Some(chats);
    }

    async fn check_one(&self, channel: &Channel) {
        let access = self.bots.check_channel(channel.chat).await;
        let title = access.iter().find_map(|access| access.title.clone());
        if let Some(title) = title.filter(|title| *title != channel.title)
            && let Err(error) = self.store.name_channel(channel.chat, &title).await
        {
            warn!(%error, channel = %channel.chat, "A channel's title could not be kept");
        }
        let before = self.checks().insert(channel.chat, Check { at: Instant::now(), access: access.clone() });
        report(channel.chat, before.map(|check| check.access).as_deref(), &access);
    }

    fn is_due(&self, chat: ChatId) -> bool {
        let checks = self.checks();
        let Some(check) = checks.get(&chat) else { return true };
        let reads = self.messages.watching().into_iter().any(|(at, watch)| at == chat && watch == ChannelWatch::Reads);
        let main_could = check.access.first().is_some_and(|main| main.problem.is_none());
        let all_could = check.access.iter().all(|access| access.problem.is_none());
        // What the main bot meets while watching is news to the last check.
        let every = if all_could && reads == main_could { CHECK_EVERY } else { CHECK_BAD_EVERY };
        check.at.elapsed() >= every
    }

    fn checks(&self) -> MutexGuard<'_, BTreeMap<ChatId, Check>> {
        lock(&self.checks)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What somebody does who watches no channel yet.
pub const NO_CHANNEL: &str = "add one with `cinepost channel add -1001234567890`, with your channel's id";

/// Asks every bot whether it can read a channel; for commands, which watch nothing.
pub async fn findings(bots: &Bots, chat: ChatId) -> Vec<Finding> {
    let finding = |access: ChannelAccess| {
        let title = access.title.map(|title| format!(" “{title}”")).unwrap_or_default();
        let what = format!("channel {chat}{title}, {}", access.bot);
        match access.problem {
            Some(problem) => Finding::bad(&what, problem, None),
            None => Finding::good(&what, "is a member and can read"),
        }
    };
    bots.check_channel(chat).await.into_iter().map(finding).collect()
}

/// `watch` is what the main bot meets while it watches, `check` what every bot answered, the main bot first.
fn light(watch: Option<&ChannelWatch>, check: Option<&[ChannelAccess]>) -> Light {
    // Only what Telegram said counts: a bot that cannot ask knows nothing of the channel.
    let cannot = |access: &&ChannelAccess| access.is_known && access.problem.is_some();
    let (main, helpers) = check.and_then(|check| check.split_first()).unzip();
    let helpers: Vec<String> = helpers.into_iter().flatten().filter(cannot).filter_map(|a| a.problem.clone()).collect();
    match watch {
        Some(ChannelWatch::CannotSee(problem)) => Light::Bad(problem.clone()),
        Some(ChannelWatch::Reads) if !helpers.is_empty() => Light::Slow(helpers.join(". ")),
        Some(ChannelWatch::Reads) => Light::Good,
        Some(ChannelWatch::Failing(_) | ChannelWatch::NotYet) | None => match main.filter(cannot) {
            Some(ChannelAccess { problem: Some(problem), .. }) => Light::Bad(problem.clone()),
            _ => Light::Unknown,
        },
    }
}

/// Logs what changed since the last check.
fn report(chat: ChatId, before: Option<&[ChannelAccess]>, now: &[ChannelAccess]) {
    for access in now {
        let then = before.and_then(|before| before.iter().find(|then| then.bot == access.bot));
        match (&access.problem, then) {
            (Some(problem), then) if then.is_none_or(|then| then.problem.as_ref() != Some(problem)) => {
                warn!(channel = %chat, "Channel {chat}: {problem}");
            }
            (None, Some(then)) if then.problem.is_some() && access.can_read => {
                info!(channel = %chat, "Channel {chat} can be read by the {}", access.bot);
            }
            (Some(_) | None, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(bot: &str, problem: Option<&str>) -> ChannelAccess {
        let is_well = problem.is_none();
        let problem = problem.map(str::to_owned);
        ChannelAccess {
            bot: bot.to_owned(),
            is_known: true,
            is_member: is_well,
            can_read: is_well,
            title: None,
            problem,
        }
    }

    #[test]
    fn no_light_is_green_that_was_not_tried() {
        let bad = || Light::Bad("add it".to_owned());
        let (cannot, failing) = (ChannelWatch::CannotSee("add it".into()), ChannelWatch::Failing("cut".into()));
        let well = [access("main bot", None), access("helper bot 1", None)];
        let slow = [access("main bot", None), access("helper bot 1", Some("add the helper"))];
        let away = [ChannelAccess { is_known: false, ..access("main bot", Some("cannot be reached")) }];
        let out = [access("main bot", Some("add it")), access("helper bot 1", None)];
        type Case<'a> = (Option<&'a ChannelWatch>, Option<&'a [ChannelAccess]>, Light);
        let cases: [Case<'_>; 13] = [
            (None, None, Light::Unknown),
            (Some(&ChannelWatch::NotYet), None, Light::Unknown),
            (Some(&ChannelWatch::NotYet), Some(&well), Light::Unknown),
            (Some(&ChannelWatch::NotYet), Some(&out), bad()),
            (Some(&failing), Some(&well), Light::Unknown),
            (Some(&ChannelWatch::Reads), None, Light::Good),
            (Some(&ChannelWatch::Reads), Some(&well), Light::Good),
            (Some(&ChannelWatch::Reads), Some(&slow), Light::Slow("add the helper".to_owned())),
            (Some(&ChannelWatch::Reads), Some(&out), Light::Good),
            (Some(&failing), Some(&away), Light::Unknown),
            (Some(&ChannelWatch::NotYet), Some(&away), Light::Unknown),
            (Some(&cannot), Some(&well), bad()),
            (Some(&cannot), None, bad()),
        ];
        for (watch, check, wanted) in cases {
            assert_eq!(light(watch, check), wanted, "{watch:?} {check:?}");
        }
    }
}
