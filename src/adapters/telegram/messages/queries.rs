//! What comes live and only live: pressed buttons and inline queries. Telegram sends them to some of the bot's connections, once; after
//! a minute nobody waits for an answer, so one that was lost with a connection is asked again by its person.
//!
//! The same stream tells of groups that nobody knew of.

use std::collections::VecDeque;
use std::sync::Arc;

use grammers_tl_types as tl;
use tokio::sync::mpsc;
use tracing::warn;

use super::dispatch::{Dispatch, Waiting};
use super::groups::Groups;
use super::inbox::remember;
use super::incoming::{Faces, Happened, asked};
use crate::adapters::telegram::Vault;
use crate::adapters::telegram::bots::bot::Bot;

/// An update may reach each of the bot's connections: so many are remembered to know a repetition.
const REMEMBERED: usize = 4_096;

/// What the bot's connections bring, as [`Signals`](super::updates::Signals) hands it on.
pub enum Live {
    Updates(Box<tl::enums::Updates>),
    /// Some may have been lost.
    Gap,
}

pub struct Queries {
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    pub dispatch: Arc<Dispatch>,
    pub groups: Arc<Groups>,
    pub live: mpsc::UnboundedReceiver<Live>,
}

impl Queries {
    /// Hands queries out for ever.
    pub async fn run(mut self) {
        let mut seen = Seen::default();
        while let Some(live) = self.live.recv().await {
            match live {
                Live::Gap => self.groups.wake_all(),
                Live::Updates(updates) => self.take(&updates, &mut seen),
            }
        }
    }

    fn take(&self, updates: &tl::enums::Updates, seen: &mut Seen) {
        use tl::enums::Updates as U;
        let (updates, users, chats, date): (&[_], &[_], &[_], i32) = match updates {
            U::Updates(u) => (&u.updates, &u.users, &u.chats, u.date),
            U::Combined(u) => (&u.updates, &u.users, &u.chats, u.date),
            U::UpdateShort(u) => (std::slice::from_ref(&u.update), &[], &[], u.date),
            U::TooLong => return self.groups.wake_all(),
            U::UpdateShortMessage(_) | U::UpdateShortChatMessage(_) | U::UpdateShortSentMessage(_) => return,
        };
        self.groups.look_at(updates, chats, date);
        let faces = Faces::new(users);
        let asked: Vec<Happened> = updates.iter().filter_map(|update| asked(update, &faces)).collect();
        if asked.is_empty() {
            return;
        }
        if let Err(error) = remember(&*self.vault, &self.bot, &faces) {
            warn!(%error, "How to address a person could not be kept");
        }
        for Happened { lane, key, event } in asked {
            if seen.is_new(&key) {
                self.dispatch.submit(Waiting { key, lane, event, ledger: None });
            }
        }
    }
}

#[derive(Default)]
struct Seen(VecDeque<String>);

impl Seen {
    fn is_new(&mut self, key: &str) -> bool {
        if self.0.iter().rev().any(|known| known == key) {
            return false;
        }
        if self.0.len() >= REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(key.to_owned());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repetition_is_known_for_a_while() {
        let mut seen = Seen::default();
        assert_eq!([seen.is_new("a"), seen.is_new("a"), seen.is_new("b")], [true, false, true]);
        (0..REMEMBERED).for_each(|n| _ = seen.is_new(&n.to_string()));
        assert!(seen.is_new("a") && seen.0.len() == REMEMBERED);
    }
}
