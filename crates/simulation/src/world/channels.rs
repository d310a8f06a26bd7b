//! Channels: messages, members, and the history of changes by which clients catch up. Every change raises the channel's
//! pts by the number of messages it touches (core.telegram.org/api/updates).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::super::refusal::Refusal;
use super::{World, now};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in super::super) struct Channel {
    /// As MTProto counts them: positive, without `-100`.
    pub bare: i64,
    pub title: String,
    pub date: i32,
    pub pts: i32,
    /// The newest id ever given away.
    pub top: i32,
    pub messages: BTreeMap<i32, Message>,
    /// The newest changes, oldest first, without gaps.
    pub events: VecDeque<Event>,
    /// Ids of the accounts that are in it (bots can only be in as administrators).
    pub members: BTreeSet<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Message {
    pub id: i32,
    pub date: i32,
    pub edit_date: Option<i32>,
    pub text: String,
    pub document: Option<i64>,
    pub album: Option<i64>,
    /// Channel (bare id) and message that it was forwarded from.
    pub forwarded: Option<(i64, i32)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Event {
    /// After it.
    pub pts: i32,
    pub count: i32,
    pub date: i32,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in super::super) enum Change {
    New(i32),
    Edit(i32),
    Delete(Vec<i32>),
}

/// What a client that stands at some pts has missed.
#[derive(Debug, PartialEq)]
pub(in super::super) enum History<'c> {
    Nothing,
    /// These events, and whether they are the last.
    Events(Vec<&'c Event>, bool),
    /// So much that Telegram does not tell.
    TooLong,
}

impl Channel {
    /// `kept` is how far back Telegram's memory goes, in events.
    pub fn since(&self, pts: i32, limit: usize, kept: usize) -> Result<History<'_>, Refusal> {
        match pts {
            0 => return Err(Refusal::bad("PERSISTENT_TIMESTAMP_EMPTY")),
            ..0 => return Err(Refusal::bad("PERSISTENT_TIMESTAMP_INVALID")),
            _ if pts >= self.pts => return Ok(History::Nothing),
            _ => {}
        }
        let first = self.events.iter().rposition(|event| event.pts <= pts).map_or(0, |n| n + 1);
        let missed = self.events.len() - first;
        let reaches_back = self.events.get(first).is_some_and(|event| event.pts - event.count <= pts);
        if !reaches_back || missed > kept {
            return Ok(History::TooLong);
        }
        let events: Vec<_> = self.events.range(first..).take(limit.max(1)).collect();
        let is_last = events.len() == missed;
        Ok(History::Events(events, is_last))
    }

    pub fn publish(&mut self, message: Message, kept: usize) -> Event {
        self.top += 1;
        let id = self.top;
        self.messages.insert(id, Message { id, date: now(), ..message });
        self.happened(Change::New(id), 1, kept)
    }

    pub fn edit(&mut self, id: i32, text: Option<String>, kept: usize) -> Result<Event, Refusal> {
        let message = self.messages.get_mut(&id).ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
        match text {
            Some(text) if text != message.text => {
                super::accounts::check_text(&text, message.document.is_some())?;
                message.text = text;
            }
            _ => return Err(Refusal::bad("MESSAGE_NOT_MODIFIED")),
        }
        message.edit_date = Some(now());
        Ok(self.happened(Change::Edit(id), 1, kept))
    }

    /// `None` when none of them was there.
    pub fn delete(&mut self, ids: &[i32], kept: usize) -> Option<Event> {
        let gone: Vec<i32> = ids.iter().copied().filter(|id| self.messages.remove(id).is_some()).collect();
        let count = gone.len() as i32;
        (count > 0).then(|| self.happened(Change::Delete(gone), count, kept))
    }

    fn happened(&mut self, change: Change, count: i32, kept: usize) -> Event {
        self.pts += count;
        let event = Event { pts: self.pts, count, date: now(), change };
        self.events.push_back(event.clone());
        while self.events.len() > kept {
            self.events.pop_front();
        }
        event
    }
}

impl World {
    /// Founds a channel that every account is in.
    pub fn found_channel(&mut self, bare: i64, title: &str) {
        let members = self.accounts.iter().map(|account| account.id).collect();
        let channel = Channel { bare, title: title.to_owned(), date: now(), pts: 1, members, ..Channel::default() };
        self.channels.insert(bare, channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: usize = 5;

    fn text(text: &str) -> Message {
        Message { text: text.to_owned(), ..Message::default() }
    }

    /// pts 2, 3, 4: three messages; 5: an edit; 7: two deleted.
    fn channel() -> Channel {
        let mut channel = Channel { pts: 1, ..Channel::default() };
        for n in ["a", "b", "c"] {
            channel.publish(text(n), KEPT);
        }
        channel.edit(2, Some("B".to_owned()), KEPT).expect("it is there");
        channel.delete(&[1, 3, 9], KEPT).expect("two were there");
        channel
    }

    #[test]
    fn pts_counts_messages_touched() {
        let channel = channel();
        let steps: Vec<_> = channel.events.iter().map(|e| (e.pts, e.count)).collect();
        assert_eq!(steps, [(2, 1), (3, 1), (4, 1), (5, 1), (7, 2)]);
        assert_eq!(channel.messages.keys().collect::<Vec<_>>(), [&2]);
        assert_eq!((channel.pts, channel.top), (7, 3));
    }

    #[test]
    fn catching_up_tells_what_was_missed_or_that_it_was_too_much() {
        let mut channel = channel();
        let told = |channel: &Channel, pts, limit, kept| match channel.since(pts, limit, kept) {
            Ok(History::Nothing) => "nothing".to_owned(),
            Ok(History::Events(events, last)) => {
                format!("{:?} {last}", events.iter().map(|e| e.pts).collect::<Vec<_>>())
            }
            Ok(History::TooLong) => "too long".to_owned(),
            Err(refusal) => refusal.message.into_owned(),
        };
        for (pts, limit, kept, wanted) in [
            (7, 10, KEPT, "nothing"),
            (8, 10, KEPT, "nothing"),
            (5, 10, KEPT, "[7] true"),
            // In the middle of an event that touched two messages: Telegram tells it again as a whole.
            (6, 10, KEPT, "[7] true"),
            (1, 10, KEPT, "[2, 3, 4, 5, 7] true"),
            (1, 2, KEPT, "[2, 3] false"),
            (1, 0, KEPT, "[2] false"),
            (1, 10, 4, "too long"),
            (0, 10, KEPT, "PERSISTENT_TIMESTAMP_EMPTY"),
            (-1, 10, KEPT, "PERSISTENT_TIMESTAMP_INVALID"),
        ] {
            assert_eq!(told(&channel, pts, limit, kept), wanted, "from {pts}, {limit} at most");
        }
        channel.publish(text("d"), KEPT);
        assert_eq!(told(&channel, 1, 10, KEPT), "too long");
        assert_eq!(told(&channel, 2, 10, KEPT), "[3, 4, 5, 7, 8] true");
    }

    #[test]
    fn ids_are_never_given_twice_and_edits_must_change_something() {
        let mut channel = channel();
        channel.delete(&[2], KEPT);
        channel.publish(text("d"), KEPT);
        assert_eq!(channel.messages.keys().collect::<Vec<_>>(), [&4]);
        for (id, text, wanted) in [
            (1, Some("x"), "MESSAGE_ID_INVALID"),
            (4, Some("d"), "MESSAGE_NOT_MODIFIED"),
            (4, None, "MESSAGE_NOT_MODIFIED"),
            (4, Some(""), "MESSAGE_EMPTY"),
        ] {
            let refusal = channel.edit(id, text.map(str::to_owned), KEPT).expect_err(wanted);
            assert_eq!(refusal.message, wanted);
        }
        assert_eq!(channel.delete(&[1, 2, 3], KEPT), None);
    }
}
