//! Keeps Telegram watching what the store says, and asks every bot whether it can read each channel.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Channels, Check, NO_CHANNEL, lock};
use crate::adapters::store::Changed;
use crate::adapters::telegram::{ChannelAccess, ChannelWatch};
use crate::domain::channel::Channel;
use crate::domain::post::ChatId;

/// The set of watched channels is read from the store this often where it tells of no changes: `cinepost channel` writes it from outside.
const READ_EVERY: Duration = Duration::from_secs(2);
/// Whether a check is due is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Every bot is asked this often whether it can read a channel that it could read last time. The main bot, which watches, is
/// known to the moment.
const CHECK_EVERY: Duration = Duration::from_secs(600);
/// The same for a channel that some bot could not read: somebody may be mending it now.
const CHECK_BAD_EVERY: Duration = Duration::from_secs(15);

impl Channels {
    /// Keeps Telegram watching what the store says while this instance watches, asks every bot about each channel, and records in the
    /// store what channels call themselves. Goes on until it is stopped.
    pub async fn run(self, watches: watch::Receiver<bool>, stop: CancellationToken) {
        // Apart: bots that do not answer must not keep a new channel waiting.
        let _ = stop.run_until_cancelled(async { tokio::join!(self.follow(watches), self.check()) }).await;
    }

    async fn follow(&self, mut watches: watch::Receiver<bool>) {
        let mut watched = None;
        let mut changes = self.store.changes(Changed::Channels);
        loop {
            watches.mark_unchanged();
            match self.store.channels().all().await {
                Ok(channels) => {
                    let active: Vec<_> = channels.into_iter().filter(|c| c.active).collect();
                    match *watches.borrow() {
                        true => self.watch(&active, &mut watched),
                        false => self.messages.watch(Vec::new()),
                    }
                    *lock(&self.active) = active;
                }
                Err(error) => warn!(%error, "The list of channels cannot be read"),
            }
            tokio::select! {
                () = tokio::time::sleep(READ_EVERY) => {}
                () = changes.next() => {}
                // The end of its sender ends the program.
                Ok(()) = watches.changed() => {}
            }
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
        if watched.as_ref() != Some(&chats) {
            if chats.is_empty() {
                warn!("No channel is watched: {NO_CHANNEL}");
            }
            self.checks().retain(|chat, _| chats.contains(chat));
            *watched = Some(chats.clone());
        }
        // Said each time: whoever watched here before may have rested meanwhile.
        self.messages.watch(chats);
    }

    async fn check_one(&self, channel: &Channel) {
        let access = self.bots.check_channel(channel.chat).await;
        let title = access.iter().find_map(|access| access.title.clone());
        if let Some(title) = title.filter(|title| *title != channel.title)
            && let Err(error) = self.store.channels().set_title(channel.chat, &title).await
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
