//! Channels: messages, members, and the history of changes by which clients catch up. Every change raises the channel's
//! pts by the number of messages it touches (core.telegram.org/api/updates).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::super::refusal::Refusal;
use super::words::{Words, WordsEdit};
use super::{World, now, now_exactly};

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
    /// Ids of the accounts and people that are in it. Bots can only be in a channel as administrators.
    pub members: BTreeSet<i64>,
    /// A supergroup: people write in it, and bots can be plain members.
    #[serde(default)]
    pub is_group: bool,
    /// Bots that are administrators of a group.
    #[serde(default)]
    pub admins: BTreeSet<i64>,
    /// Who may not write in it.
    #[serde(default)]
    pub muted: BTreeSet<i64>,
    /// `noforwards`: nothing of it may be copied.
    #[serde(default)]
    pub is_protected: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Message {
    pub id: i32,
    pub date: i32,
    pub edit_date: Option<i32>,
    /// Who wrote it, in a group or in a channel that shows who posts.
    #[serde(default)]
    pub from: Option<i64>,
    /// The bot that posted it in a channel; nobody else is told.
    #[serde(default)]
    pub posted_by: Option<i64>,
    /// The bot whose inline result it is.
    #[serde(default)]
    pub via: Option<i64>,
    /// In nanoseconds, for the order of what bots said.
    #[serde(default)]
    pub written: u64,
    #[serde(flatten)]
    pub words: Words,
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

impl Change {
    /// The one message that it is about, if it is there yet.
    pub fn message(&self) -> Option<i32> {
        match self {
            Self::New(id) | Self::Edit(id) => Some(*id),
            Self::Delete(_) => None,
        }
    }
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
        history(&self.events, self.pts, pts, limit, kept)
    }

    pub fn publish(&mut self, message: Message, kept: usize) -> Event {
        self.top += 1;
        let id = self.top;
        self.messages.insert(id, Message { id, date: now(), written: now_exactly(), ..message });
        self.happened(Change::New(id), 1, kept)
    }

    pub fn edit(&mut self, id: i32, edit: WordsEdit, kept: usize) -> Result<Event, Refusal> {
        let message = self.messages.get_mut(&id).ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
        message.words.edit(edit)?;
        message.edit_date = Some(now());
        Ok(self.happened(Change::Edit(id), 1, kept))
    }

    /// Puts other content in a message's place: another file, or words where a file was.
    pub fn replace(&mut self, id: i32, words: Words, kept: usize) -> Result<Event, Refusal> {
        words.check()?;
        let message = self.messages.get_mut(&id).ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
        message.words = words;
        message.edit_date = Some(now());
        Ok(self.happened(Change::Edit(id), 1, kept))
    }

    /// `None` when none of them was there.
    pub fn delete(&mut self, ids: &[i32], kept: usize) -> Option<Event> {
        let gone: Vec<i32> = ids.iter().copied().filter(|id| self.messages.remove(id).is_some()).collect();
        let count = gone.len() as i32;
        (count > 0).then(|| self.happened(Change::Delete(gone), count, kept))
    }

    /// Whether an account is its administrator: of a channel every bot in it is.
    pub fn is_admin(&self, account: i64) -> bool {
        self.members.contains(&account) && (!self.is_group || self.admins.contains(&account))
    }

    fn happened(&mut self, change: Change, count: i32, kept: usize) -> Event {
        happened(&mut self.events, &mut self.pts, change, count, kept)
    }
}

/// Counts a change and remembers it.
pub(super) fn happened(events: &mut VecDeque<Event>, pts: &mut i32, change: Change, count: i32, kept: usize) -> Event {
    *pts += count;
    let event = Event { pts: *pts, count, date: now(), change };
    events.push_back(event.clone());
    while events.len() > kept {
        events.pop_front();
    }
    event
}

/// What a client that stands at `pts` has missed of a history that stands at `newest`.
pub(super) fn history(
    events: &VecDeque<Event>,
    newest: i32,
    pts: i32,
    limit: usize,
    kept: usize,
) -> Result<History<'_>, Refusal> {
    match pts {
        0 => return Err(Refusal::bad("PERSISTENT_TIMESTAMP_EMPTY")),
        ..0 => return Err(Refusal::bad("PERSISTENT_TIMESTAMP_INVALID")),
        _ if pts >= newest => return Ok(History::Nothing),
        _ => {}
    }
    let first = events.iter().rposition(|event| event.pts <= pts).map_or(0, |n| n + 1);
    let missed = events.len() - first;
    let reaches_back = events.get(first).is_some_and(|event| event.pts - event.count <= pts);
    if !reaches_back || missed > kept {
        return Ok(History::TooLong);
    }
    let events: Vec<_> = events.range(first..).take(limit.max(1)).collect();
    let is_last = events.len() == missed;
    Ok(History::Events(events, is_last))
}

impl World {
    /// Founds a channel that every account is in.
    pub fn found_channel(&mut self, bare: i64, title: &str) {
        let members = self.accounts.iter().map(|account| account.id).collect();
        let channel = Channel { bare, title: title.to_owned(), date: now(), pts: 1, members, ..Channel::default() };
        self.channels.insert(bare, channel);
    }

    /// Founds a supergroup that nobody is in yet.
    pub fn found_group(&mut self, bare: i64, title: &str) {
        let channel =
            Channel { bare, title: title.to_owned(), date: now(), pts: 1, is_group: true, ..Channel::default() };
        self.channels.insert(bare, channel);
    }

    /// Whether Telegram shows a message to a bot (core.telegram.org/bots/features#privacy-mode). In a group a bot that is no
    /// administrator gets what is meant for it: commands, its name, answers to it, and what was sent through it.
    pub fn shows(&self, channel: &Channel, account: i64, message: &Message) -> bool {
        if channel.is_admin(account) || message.from.is_none_or(|from| from == account) || message.via == Some(account)
        {
            return true;
        }
        let Some(bot) = self.account(account) else { return false };
        let answers_it = |id: &i32| channel.messages.get(id).is_some_and(|answered| answered.from == Some(account));
        let text = message.words.text.to_lowercase();
        let names_it = text.contains(&format!("@{}", bot.username().to_lowercase()));
        names_it
            || message.words.reply_to.as_ref().is_some_and(answers_it)
            || self.is_for(channel, account, &text, message.id)
    }

    /// A command without a name goes to the bot that spoke last, or to the only one there is.
    fn is_for(&self, channel: &Channel, account: i64, text: &str, id: i32) -> bool {
        let command = text.split_whitespace().next().unwrap_or_default();
        if !command.starts_with('/') || command.contains('@') {
            return false;
        }
        let is_bot = |id: i64| self.account(id).is_some();
        let last = channel.messages.range(..id).rev().find_map(|(_, m)| m.from.filter(|&from| is_bot(from)));
        match last {
            Some(last) => last == account,
            None => channel.members.iter().filter(|&&id| is_bot(id)).count() == 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: usize = 5;

    fn text(text: &str) -> Message {
        Message { words: Words::plain(text.to_owned()), ..Message::default() }
    }

    /// pts 2, 3, 4: three messages; 5: an edit; 7: two deleted.
    fn channel() -> Channel {
        let mut channel = Channel { pts: 1, ..Channel::default() };
        for n in ["a", "b", "c"] {
            channel.publish(text(n), KEPT);
        }
        channel.edit(2, WordsEdit::text("B".to_owned()), KEPT).expect("it is there");
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
            let refusal = channel
                .edit(id, WordsEdit { text: text.map(str::to_owned), ..WordsEdit::default() }, KEPT)
                .expect_err(wanted);
            assert_eq!(refusal.message, wanted);
        }
        assert_eq!(channel.delete(&[1, 2, 3], KEPT), None);
    }

    #[test]
    fn a_bot_in_a_group_sees_what_is_meant_for_it() {
        let mut world = World::default();
        for (id, name) in [(1001, "main"), (1002, "other")] {
            world.accounts.push(super::super::Account { id, name: name.to_owned(), ..Default::default() });
        }
        world.found_group(5, "Friends");
        let group = world.channels.get_mut(&5).expect("founded");
        group.members.extend([1001, 1002, 9]);
        let mut say = |from: i64, text: &str, reply_to: Option<i32>| {
            let words = Words { reply_to, ..Words::plain(text.to_owned()) };
            group.publish(Message { from: Some(from), words, ..Message::default() }, KEPT);
        };
        say(9, "/start", None); // 1: nobody spoke, and there are two
        say(1001, "hello", None); // 2
        say(9, "/help", None); // 3: main spoke last
        say(9, "/help@cinepost_other_bot", None); // 4
        say(9, "what does @Cinepost_main_bot know?", None); // 5
        say(9, "thank you", Some(2)); // 6: answers main
        say(9, "just talking", None); // 7
        let seen = |world: &World, account| {
            let group = &world.channels[&5];
            group.messages.values().filter(|m| world.shows(group, account, m)).map(|m| m.id).collect::<Vec<_>>()
        };
        assert_eq!(seen(&world, 1001), [2, 3, 5, 6]);
        assert_eq!(seen(&world, 1002), [4]);
        world.channels.get_mut(&5).expect("founded").admins.insert(1002);
        assert_eq!(seen(&world, 1002), [1, 2, 3, 4, 5, 6, 7]);
    }
}
