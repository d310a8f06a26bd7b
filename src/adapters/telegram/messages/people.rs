//! Hearing people: starts what listens to private messages, to groups, and to buttons and inline queries.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Delivery;
use super::dispatch::Dispatch;
use super::groups::Groups;
use super::inbox::Inbox;
use super::queries::{Live, Queries};
use super::updates::Signal;
use crate::adapters::telegram::Vault;
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::connections::Task;

pub struct People {
    /// The main bot.
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    /// Raised when there may be private messages.
    pub signal: Arc<Signal>,
    pub live: mpsc::UnboundedReceiver<Live>,
    pub deliveries: mpsc::Sender<Delivery>,
    pub poll: Duration,
    pub stop: CancellationToken,
}

impl People {
    /// Whoever is told afterwards that the program runs may write to the bot at once.
    pub async fn begin(self) -> (Arc<Inbox>, Vec<Task>) {
        let Self { bot, vault, signal, live, deliveries, poll, stop } = self;
        let dispatch = Dispatch::new(deliveries, stop.clone());
        let groups = Groups::new(Arc::clone(&bot), Arc::clone(&vault), Arc::clone(&dispatch), poll, stop);
        let queries = Queries {
            bot: Arc::clone(&bot),
            vault: Arc::clone(&vault),
            dispatch: Arc::clone(&dispatch),
            groups: Arc::clone(&groups),
            live,
        };
        let inbox = Inbox { bot, vault, signal, dispatch, groups: Arc::clone(&groups), poll, record: Mutex::default() };
        let inbox = Arc::new(inbox);
        inbox.begin().await;
        groups.begin();
        let tasks = vec![Task(tokio::spawn(Arc::clone(&inbox).run())), Task(tokio::spawn(queries.run()))];
        (inbox, tasks)
    }
}
