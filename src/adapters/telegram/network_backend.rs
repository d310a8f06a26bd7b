//! The backend that talks to Telegram: all bots, the watcher, the inbox and the downloads, and the tasks that keep them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tracing::warn;

use super::bots::bot::{Application, Bot};
use super::connections::connect_limiter::Doorman;
use super::connections::control::{CallError, Task};
use super::connections::file_connections::{Common, Lines};
use super::connections::session::BotSession;
use super::files::reading::Downloads;
use super::messages::channels::{Watcher, is_invisible};
use super::messages::chat::{self, Inbox};
use super::messages::updates::Signals;
use super::{
    Backend, BotHealth, BotTraffic, BoxFuture, ChannelAccess, ChannelWatch, ConnectionSlot, ConnectionState, Delivery,
    Error, Options, Outgoing, ReadError, Vault, VolumeLocation,
};
use crate::domain::post::ChatId;

/// Deliveries waiting for ingest. Each channel has at most one batch among them.
const WAITING_DELIVERIES: usize = 16;

pub(super) struct Live {
    /// Main first.
    bots: Vec<Arc<Bot>>,
    vault: Arc<dyn Vault>,
    connections_per_bot: usize,
    watcher: Watcher,
    downloads: Arc<Downloads>,
    /// Told when a line for files has opened or ended, or a bot has signed in.
    changed: Arc<Notify>,
    tasks: Mutex<Vec<Task>>,
}

impl Live {
    pub async fn start(options: Options, vault: Arc<dyn Vault>) -> Result<(Self, mpsc::Receiver<Delivery>), Error> {
        let signals = Arc::new(Signals::default());
        let changed = Arc::new(Notify::new());
        let bots = open(&options, &vault, &signals, &changed)?;
        let main = Arc::clone(&bots[0]);
        let was_signed_in = main.is_signed_in();
        let mut results = join_all(bots.iter().map(|bot| bot.settle())).await;
        let helpers = results.split_off(1);
        match results.pop() {
            Some(Err(error @ Error::Unreachable { .. })) if was_signed_in => warn!("The {}: {error}", main.name),
            Some(Err(error)) => return Err(error),
            Some(Ok(())) | None => {}
        }
        for (bot, error) in bots.iter().skip(1).zip(helpers).filter_map(|(bot, result)| Some((bot, result.err()?))) {
            warn!(bot.id = bot.id(), "The {} does not help: {error}", bot.name);
        }

        let (deliveries, delivered) = mpsc::channel(WAITING_DELIVERIES);
        let inbox = Inbox {
            bot: Arc::clone(&main),
            vault: Arc::clone(&vault),
            signal: signals.inbox(),
            deliveries: deliveries.clone(),
            poll: options.timing.poll,
        };
        let mut tasks: Vec<_> = bots.iter().map(|bot| Task(tokio::spawn(Arc::clone(bot).keep()))).collect();
        // Whoever is told that the program runs may write to the bot at once.
        inbox.begin().await;
        tasks.push(Task(tokio::spawn(inbox.keep())));
        tasks.push(Task(tokio::spawn(close_idle(bots.iter().map(|bot| Arc::clone(bot.lines())).collect()))));
        let live = Self {
            bots,
            watcher: Watcher::new(main, Arc::clone(&vault), signals, deliveries, options.timing),
            downloads: Arc::new(Downloads::new(options.timing.call, Arc::clone(&vault))),
            vault,
            connections_per_bot: options.connections_per_bot,
            changed,
            tasks: Mutex::new(tasks),
        };
        Ok((live, delivered))
    }

    async fn access(bot: &Arc<Bot>, chat: ChatId) -> ChannelAccess {
        let unknown = ChannelAccess { bot: bot.name.clone(), ..ChannelAccess::default() };
        if !bot.is_signed_in() {
            return ChannelAccess { problem: bot.health().problem.or(Some("not signed in".to_owned())), ..unknown };
        }
        let failed = |error: CallError| {
            let is_known = is_invisible(&error);
            let error = if is_known { not_member(bot, chat) } else { bot.explain(error) };
            ChannelAccess { is_known, problem: Some(error.to_string()), ..unknown.clone() }
        };
        match bot.channel_title(chat).await {
            Ok(Some(title)) => {
                let found = ChannelAccess { is_member: true, title: Some(title), ..unknown.clone() };
                match bot.messages(chat, vec![1]).await {
                    Ok(_) => ChannelAccess { is_known: true, can_read: true, ..found },
                    Err(error) => ChannelAccess { is_member: true, title: found.title, ..failed(error) },
                }
            }
            Ok(None) => ChannelAccess { is_known: true, problem: Some(not_member(bot, chat).to_string()), ..unknown },
            Err(error) => failed(error),
        }
    }
}

/// All bots, main first, with what earlier runs kept of them.
fn open(
    options: &Options,
    vault: &Arc<dyn Vault>,
    signals: &Arc<Signals>,
    changed: &Arc<Notify>,
) -> Result<Vec<Arc<Bot>>, Error> {
    let lines = Arc::new(Common {
        api_id: options.api_id,
        limit: options.timing.call,
        doorman: Arc::new(Doorman::default()),
        clock: Arc::default(),
        changed: Arc::clone(changed),
    });
    let application =
        Application { api_id: options.api_id, api_hash: options.api_hash.clone(), timing: options.timing, lines };
    let mut seen = HashSet::new();
    // A token given twice is one bot: two sessions of it would overwrite each other.
    let tokens = std::iter::once(&options.main).chain(&options.helpers).filter(|token| seen.insert(token.bot_id()));
    tokens
        .enumerate()
        .map(|(index, token)| {
            let name = if index == 0 { "main bot".to_owned() } else { format!("helper bot {index}") };
            let Some(session) = BotSession::open(Arc::clone(vault), token, &options.network)? else {
                return Err(Error::NotSimulated { bot: name });
            };
            let signals = (index == 0).then(|| Arc::clone(signals));
            Ok(Bot::new(name, token.clone(), session, &application, signals))
        })
        .collect()
}

/// How often to look for lines that nobody needs any more.
const CLOSE_IDLE_EVERY: Duration = Duration::from_secs(5);

async fn close_idle(all: Vec<Arc<Lines>>) {
    loop {
        tokio::time::sleep(CLOSE_IDLE_EVERY).await;
        all.iter().for_each(|lines| lines.close_idle());
    }
}

fn not_member(bot: &Bot, chat: ChatId) -> Error {
    bot.not_member(chat)
}

impl Backend for Live {
    fn slots(&self) -> Vec<ConnectionSlot> {
        let signed_in = self.bots.iter().enumerate().filter(|(_, bot)| bot.is_signed_in());
        signed_in
            .flat_map(|(bot, _)| (0..self.connections_per_bot).map(move |index| ConnectionSlot { bot, index }))
            .collect()
    }

    fn read<'a>(
        &'a self,
        slot: ConnectionSlot,
        at: &'a VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        Box::pin(async move {
            let bot = self.bots.get(slot.bot).ok_or_else(|| ReadError::Refused("there is no such bot".to_owned()))?;
            let read = self.downloads.read(bot, slot, at, offset, limit).await;
            if let Err(ReadError::FloodWait { wait, .. }) = &read {
                // Also when it was met in asking for the post: that a bot must wait has one source, its gate.
                bot.lines().gate().shut(*wait);
            }
            read
        })
    }

    fn connections(&self, at: &VolumeLocation) -> Vec<ConnectionState> {
        let dc = at.volume.dc;
        let standing = |slot: ConnectionSlot| {
            let bot = &self.bots[slot.bot];
            let line = bot.lines().open_now(dc, slot.index);
            ConnectionState {
                slot,
                is_open: line.is_some(),
                knows_file: self.downloads.knows(bot, at.volume.document),
                heard: line.as_ref().map(|line| line.heard()),
                round_trip: line.as_ref().map(|line| line.round_trip()),
                due_bytes: line.map_or(0, |line| line.due_bytes()),
                shut_until: bot.lines().gate().left().map(|left| Instant::now() + left),
            }
        };
        self.slots().into_iter().map(standing).collect()
    }

    fn open(&self, slot: ConnectionSlot, at: &VolumeLocation) {
        let Some(bot) = self.bots.get(slot.bot).cloned() else { return };
        let (downloads, changed, at) = (Arc::clone(&self.downloads), Arc::clone(&self.changed), at.clone());
        tokio::spawn(async move {
            downloads.prepare(&bot, slot, &at).await;
            changed.notify_one();
        });
    }

    fn give_up(&self, slot: ConnectionSlot, dc: i32) {
        if let Some(bot) = self.bots.get(slot.bot) {
            bot.lines().give_up(dc, slot.index);
        }
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.changed.notified())
    }

    fn traffic(&self) -> Vec<BotTraffic> {
        let of_bot = |bot: &Arc<Bot>| {
            let flood_wait = bot.lines().gate().total();
            let mut by_dc: Vec<_> = bot.lines().traffic().into_iter().collect();
            by_dc.sort_by_key(|(dc, _)| *dc);
            let name = bot.name.clone();
            by_dc.into_iter().map(move |(dc, traffic)| BotTraffic { bot: name.clone(), dc, traffic, flood_wait })
        };
        self.bots.iter().flat_map(of_bot).collect()
    }

    fn watch(&self, channels: Vec<ChatId>) {
        self.watcher.watch(&channels);
    }

    fn send<'a>(&'a self, user: i64, message: &'a Outgoing) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(chat::send(&self.bots[0], &*self.vault, user, message))
    }

    fn health(&self) -> Vec<BotHealth> {
        self.bots.iter().map(|bot| bot.health()).collect()
    }

    fn check_channel(&self, chat: ChatId) -> BoxFuture<'_, Vec<ChannelAccess>> {
        Box::pin(join_all(self.bots.iter().map(move |bot| Self::access(bot, chat))))
    }

    fn channel_title(&self, chat: ChatId) -> BoxFuture<'_, Result<String, Error>> {
        Box::pin(async move {
            let main = &self.bots[0];
            match main.channel_title(chat).await {
                Ok(Some(title)) => Ok(title),
                Ok(None) => Err(not_member(main, chat)),
                Err(error) if is_invisible(&error) => Err(not_member(main, chat)),
                Err(error) => Err(main.explain(error)),
            }
        })
    }

    fn clock_ahead_secs(&self) -> Option<i64> {
        self.bots[0].lines().clock().machine_ahead_secs()
    }

    fn silence(&self) -> Option<Duration> {
        self.bots[0].silence()
    }

    fn is_caught_up(&self) -> bool {
        self.watcher.is_caught_up()
    }

    fn watching(&self) -> Vec<(ChatId, ChannelWatch)> {
        self.watcher.watching()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            self.watcher.stop().await;
            self.tasks.lock().unwrap_or_else(PoisonError::into_inner).clear();
            self.bots.iter().for_each(|bot| bot.close());
        })
    }
}
