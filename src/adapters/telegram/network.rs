//! Starting on the network: opens all bots, signs them in, and starts the tasks that keep them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Notify, mpsc};
use tracing::warn;

use super::bots::bot::{Application, Bot};
use super::bots::{Bots, NetworkBots};
use super::connections::connect_limiter::ConnectLimiter;
use super::connections::file_connections::{Context, FileConnections};
use super::connections::{BotIndex, Task};
use super::files::{Files, NetworkFiles, Reader};
use super::messages::updates::Signals;
use super::messages::watcher::Watcher;
use super::messages::{Live, Messages, NetworkMessages, People};
use super::{Delivery, Error, Options, Telegram, Vault};

/// Deliveries waiting for ingest. Each channel has at most one batch among them.
const WAITING_DELIVERIES: usize = 16;
/// How often to look for connections that nobody needs any more.
const CLOSE_IDLE_EVERY: Duration = Duration::from_secs(5);

/// What [`Telegram::stop`] ends.
pub struct Running {
    bots: Vec<Arc<Bot>>,
    watcher: Arc<Watcher>,
    people: Arc<People>,
    tasks: Mutex<Vec<Task>>,
}

impl Running {
    pub async fn stop(&self) {
        self.watcher.stop().await;
        self.people.rest();
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.bots.iter().for_each(|bot| bot.close());
    }
}

/// See [`Telegram::start`].
pub async fn start(options: Options, vault: Arc<dyn Vault>) -> Result<(Telegram, mpsc::Receiver<Delivery>), Error> {
    let (signals, changed) = (Arc::new(Signals::default()), Arc::new(Notify::new()));
    let (live, hear) = mpsc::unbounded_channel();
    let bots = open(&options, &vault, (&signals, live), &changed)?;
    sign_in(&bots).await?;
    let main = Arc::clone(&bots[0]);
    let (deliveries, delivered) = mpsc::channel(WAITING_DELIVERIES);
    let mut tasks: Vec<_> = bots.iter().map(|bot| Task(tokio::spawn(Arc::clone(bot).run()))).collect();
    let (poll, inbox) = (options.timing.poll, signals.inbox());
    let people = People::new(Arc::clone(&main), Arc::clone(&vault), inbox, deliveries.clone(), poll);
    tasks.push(Task(tokio::spawn(Arc::clone(&people).pass_on(hear))));
    let connections = bots.iter().map(|bot| Arc::clone(bot.file_connections())).collect();
    tasks.push(Task(tokio::spawn(close_idle(connections))));

    let watcher = Arc::new(Watcher::new(Arc::clone(&main), Arc::clone(&vault), signals, deliveries, poll));
    let reader = Reader::new(options.timing.call, Arc::clone(&vault));
    let telegram = Telegram {
        messages: Messages::new(NetworkMessages::new(main, vault, Arc::clone(&people), Arc::clone(&watcher))),
        files: Files::new(NetworkFiles::new(bots.clone(), options.connections_per_bot, reader, changed)),
        bots: Bots::new(NetworkBots { bots: bots.clone() }),
        running: Some(Arc::new(Running { bots, watcher, people, tasks: Mutex::new(tasks) })),
    };
    Ok((telegram, delivered))
}

/// All bots, main first, with what earlier runs kept of them.
fn open(
    options: &Options,
    vault: &Arc<dyn Vault>,
    (signals, live): (&Arc<Signals>, mpsc::UnboundedSender<Live>),
    changed: &Arc<Notify>,
) -> Result<Vec<Arc<Bot>>, Error> {
    let shared = Arc::new(Context {
        api_id: options.api_id,
        limit: options.timing.call,
        connect_limiter: Arc::new(ConnectLimiter::default()),
        clock: Arc::default(),
        changed: Arc::clone(changed),
    });
    let application =
        Application { api_id: options.api_id, api_hash: options.api_hash.clone(), timing: options.timing, shared };
    let mut seen = HashSet::new();
    // A token given twice is one bot: two sessions of it would overwrite each other.
    let tokens = std::iter::once(&options.main).chain(&options.helpers).filter(|token| seen.insert(token.bot_id()));
    tokens
        .enumerate()
        .map(|(index, token)| {
            let name = if index == 0 { "main bot".to_owned() } else { format!("helper bot {index}") };
            let Some(session) = options.network.session(Arc::clone(vault), token)? else {
                return Err(Error::NotSimulated { bot: name });
            };
            // Updates of helpers interest nobody.
            let listener = (index == 0).then(|| Arc::clone(signals).listener(live.clone()));
            Ok(Bot::new(BotIndex(index), name, token.clone(), session, &application, listener))
        })
        .collect()
}

/// Fails when the main bot cannot sign in; one with a session from an earlier run may find the network down.
async fn sign_in(bots: &[Arc<Bot>]) -> Result<(), Error> {
    let was_signed_in = bots[0].is_signed_in();
    let results = join_all(bots.iter().map(|bot| bot.ensure_signed_in())).await;
    for (index, (bot, result)) in bots.iter().zip(results).enumerate() {
        match result {
            Ok(()) => {}
            Err(error) if index > 0 => warn!(bot.id = bot.id().0, "The {} does not help: {error}", bot.name),
            Err(error @ Error::Unreachable { .. }) if was_signed_in => warn!("The {}: {error}", bot.name),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn close_idle(all: Vec<Arc<FileConnections>>) {
    loop {
        tokio::time::sleep(CLOSE_IDLE_EVERY).await;
        all.iter().for_each(|connections| connections.close_idle());
    }
}
