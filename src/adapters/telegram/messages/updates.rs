//! Updates, used as hints: they say where something happened. What it was is asked for afterwards (getChannelDifference,
//! getDifference), so an update that is lost, doubled or late changes nothing but the moment.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use grammers_tl_types as tl;
use tokio::sync::{Notify, mpsc};

use super::queries::Live;

use crate::adapters::telegram::connections::connection::{Event, EventSink};

/// Where an update says that something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hint {
    /// The channel's bare id, and the pts that it has now, when told.
    Channel(i64, Option<i32>),
    /// Private messages.
    Inbox,
    /// Anything may have happened anywhere.
    Everywhere,
}

/// Wakes the tasks that watch channels and private messages. Waking one several times before it looks counts once.
#[derive(Default)]
pub struct Signals {
    channels: Mutex<HashMap<i64, Arc<Signal>>>,
    inbox: Arc<Signal>,
}

pub struct Signal {
    notify: Notify,
    /// The newest pts that was asked for: an update about less is old (each of a bot's connections may get it).
    seen: AtomicI32,
}

impl Default for Signal {
    fn default() -> Self {
        Self { notify: Notify::new(), seen: AtomicI32::new(0) }
    }
}

impl Signal {
    pub async fn raised(&self) {
        self.notify.notified().await;
    }

    pub fn has_seen(&self, pts: i32) {
        self.seen.store(pts, Ordering::Relaxed);
    }

    pub fn raise(&self, pts: Option<i32>) {
        if pts.is_none_or(|pts| pts > self.seen.load(Ordering::Relaxed)) {
            self.notify.notify_one();
        }
    }
}

impl Signals {
    /// The signal of one channel, by its bare id.
    pub fn channel(&self, id: i64) -> Arc<Signal> {
        Arc::clone(self.lock().entry(id).or_default())
    }

    pub fn inbox(&self) -> Arc<Signal> {
        Arc::clone(&self.inbox)
    }

    /// What a bot's connections call with each event. `live` gets what has to be read in the update itself.
    pub fn listener(self: Arc<Self>, live: mpsc::UnboundedSender<Live>) -> EventSink {
        Arc::new(move |event| {
            // Nobody reads it any more when the program ends.
            let _ = match event {
                Event::Updates(updates) => {
                    self.handle(&updates);
                    live.send(Live::Updates(updates))
                }
                Event::Gap => {
                    self.wake_all();
                    live.send(Live::Gap)
                }
                Event::Closed => Ok(()),
            };
        })
    }

    fn handle(&self, updates: &tl::enums::Updates) {
        for hint in hints(updates) {
            match hint {
                Hint::Channel(id, pts) => self.lock().get(&id).into_iter().for_each(|signal| signal.raise(pts)),
                Hint::Inbox => self.inbox.raise(None),
                Hint::Everywhere => self.wake_all(),
            }
        }
    }

    fn wake_all(&self) {
        self.inbox.raise(None);
        self.lock().values().for_each(|signal| signal.raise(None));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Arc<Signal>>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hints(updates: &tl::enums::Updates) -> Vec<Hint> {
    use tl::enums::Updates as U;
    match updates {
        U::Updates(u) => u.updates.iter().filter_map(hint).collect(),
        U::Combined(u) => u.updates.iter().filter_map(hint).collect(),
        U::UpdateShort(u) => hint(&u.update).into_iter().collect(),
        U::UpdateShortMessage(_) => vec![Hint::Inbox],
        U::UpdateShortChatMessage(_) | U::UpdateShortSentMessage(_) => Vec::new(),
        U::TooLong => vec![Hint::Everywhere],
    }
}

pub fn hint(update: &tl::enums::Update) -> Option<Hint> {
    use tl::enums::Update as U;
    match update {
        U::NewChannelMessage(u) => in_channel(&u.message, u.pts),
        U::EditChannelMessage(u) => in_channel(&u.message, u.pts),
        U::DeleteChannelMessages(u) => Some(Hint::Channel(u.channel_id, Some(u.pts))),
        // Its pts is where the channel stands: taking it over as our own would lose what lies between.
        U::ChannelTooLong(u) => Some(Hint::Channel(u.channel_id, u.pts)),
        // Joined, left, made administrator.
        U::Channel(u) => Some(Hint::Channel(u.channel_id, None)),
        U::NewMessage(_) | U::EditMessage(_) | U::DeleteMessages(_) => Some(Hint::Inbox),
        _ => None,
    }
}

fn in_channel(message: &tl::enums::Message, pts: i32) -> Option<Hint> {
    let peer = match message {
        tl::enums::Message::Message(m) => Some(&m.peer_id),
        tl::enums::Message::Service(m) => Some(&m.peer_id),
        tl::enums::Message::Empty(m) => m.peer_id.as_ref(),
    };
    match peer {
        Some(tl::enums::Peer::Channel(channel)) => Some(Hint::Channel(channel.channel_id, Some(pts))),
        // A message that does not say where it belongs.
        _ => Some(Hint::Everywhere),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn together(updates: Vec<tl::enums::Update>) -> tl::enums::Updates {
        tl::types::Updates { updates, users: Vec::new(), chats: Vec::new(), date: 0, seq: 0 }.into()
    }

    fn deleted(channel_id: i64, pts: i32) -> tl::enums::Update {
        tl::types::UpdateDeleteChannelMessages { channel_id, messages: vec![1], pts, pts_count: 1 }.into()
    }

    fn too_long(channel_id: i64, pts: Option<i32>) -> tl::enums::Update {
        tl::types::UpdateChannelTooLong { channel_id, pts }.into()
    }

    fn is_raised(signal: &Signal) -> bool {
        signal.raised().now_or_never().is_some()
    }

    #[test]
    fn updates_are_read_for_where_something_happened() {
        let cases = [
            (together(vec![deleted(5, 9), too_long(6, None)]), vec![Hint::Channel(5, Some(9)), Hint::Channel(6, None)]),
            (together(vec![tl::types::UpdateChannel { channel_id: 7 }.into()]), vec![Hint::Channel(7, None)]),
            (tl::enums::Updates::TooLong, vec![Hint::Everywhere]),
            (together(vec![tl::enums::Update::Config]), vec![]),
        ];
        for (update, wanted) in cases {
            assert_eq!(hints(&update), wanted);
        }
    }

    #[test]
    fn many_updates_wake_once_and_old_news_does_not() {
        let signals = Signals::default();
        let (five, six) = (signals.channel(5), signals.channel(6));
        signals.handle(&together(vec![deleted(5, 10), deleted(5, 11), deleted(99, 1)]));
        assert_eq!([is_raised(&five), is_raised(&five), is_raised(&six)], [true, false, false]);
        five.has_seen(11);
        signals.handle(&together(vec![deleted(5, 11)]));
        assert!(!is_raised(&five));
        signals.handle(&together(vec![too_long(5, None)]));
        assert!(is_raised(&five));
        signals.handle(&tl::enums::Updates::TooLong);
        assert_eq!([is_raised(&five), is_raised(&six), is_raised(&signals.inbox())], [true; 3]);
    }
}
