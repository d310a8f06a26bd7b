//! The scripted Telegram's people: what they do comes from the test ([`Arrival::scripted`]), what the bot says is written down
//! ([`Calls::said`](super::Calls::said)).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use tokio::io::AsyncReadExt;
use tokio::sync::oneshot;

use super::Scripted;
use crate::adapters::telegram::messages::{self, Acknowledgment};
use crate::adapters::telegram::{
    Arrival, BotCommand, ChannelWatch, CommandScope, Error, Found, InlineAnswer, InlineQueryId, Message, MessageRef,
    Outgoing, PageRead, PersonEvent, Place, PressAnswer, PressId, Upload, Urgency,
};
use crate::domain::post::{ChannelEvent, ChatId, PostRef};
use crate::domain::telegram_id::UserId;

/// One thing that the bot said, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Sent {
        at: MessageRef,
        message: Outgoing,
    },
    SentFile {
        at: MessageRef,
        name: String,
        content: Vec<u8>,
        below: Outgoing,
    },
    Edited {
        at: MessageRef,
        message: Outgoing,
    },
    Deleted {
        place: Place,
        messages: Vec<i32>,
    },
    Pressed {
        press: PressId,
        answer: PressAnswer,
    },
    Asked {
        query: InlineQueryId,
        answer: InlineAnswer,
    },
    Copied {
        from: Place,
        messages: Vec<i32>,
        copies: Vec<Option<PostRef>>,
    },
    /// One message, to a person or into a group.
    Given {
        from: MessageRef,
        to: Place,
    },
    Commands {
        scope: CommandScope,
        language: String,
        commands: Vec<BotCommand>,
    },
}

/// What a scripted Telegram refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Blocked,
    NotStarted,
    NotAllowed,
    Flood(Duration),
    Gone,
    Protected,
    Expired,
    /// No answer came.
    Unreachable,
}

/// People, messages and channels that the script knows.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    /// Writing there is refused.
    refusals: HashMap<Place, Refusal>,
    /// Copying into it is refused.
    shut: HashMap<ChatId, Refusal>,
    messages: BTreeMap<MessageRef, Message>,
    members: BTreeSet<(ChatId, UserId)>,
}

impl Cast {
    /// Writing, editing and deleting there is refused.
    pub fn refuse(mut self, place: Place, refusal: Refusal) -> Self {
        self.refusals.insert(place, refusal);
        self
    }

    /// Nothing can be copied into this channel.
    pub fn shut(mut self, channel: ChatId, refusal: Refusal) -> Self {
        self.shut.insert(channel, refusal);
        self
    }

    /// A message that can be copied and fetched. Others are gone.
    pub fn message(mut self, message: Message) -> Self {
        self.messages.insert(message.at, message);
        self
    }

    /// This person is in this channel. Others are not.
    pub fn member(mut self, channel: ChatId, person: UserId) -> Self {
        self.members.insert((channel, person));
        self
    }
}

/// What the stage remembers of people.
#[derive(Default)]
pub(super) struct Talk {
    pub cast: Cast,
    pub said: Vec<Said>,
    /// The newest id that a message of the bot's or a copy got.
    newest: i32,
    /// Messages that may be shown once, and were.
    once: BTreeSet<(Place, String)>,
}

impl Talk {
    pub fn new(cast: Cast) -> Self {
        Self { cast, ..Self::default() }
    }

    fn next_id(&mut self) -> i32 {
        // Beyond what tests give to people's messages.
        self.newest = self.newest.max(10_000) + 1;
        self.newest
    }

    fn check(&self, place: Place) -> Result<(), Error> {
        self.cast.refusals.get(&place).map_or(Ok(()), |refusal| Err(refusal.error(place)))
    }
}

impl Talk {
    /// Refuses what was shown before.
    fn show_once(&mut self, place: Place, name: Option<&str>) -> Result<(), Error> {
        match name {
            Some(name) if !self.once.insert((place, name.to_owned())) => Err(Error::SentBefore),
            _ => Ok(()),
        }
    }
}

impl Refusal {
    fn error(self, place: Place) -> Error {
        let user = match place {
            Place::Private(user) | Place::Ephemeral { person: user, .. } => user,
            Place::Group(_) => UserId(0),
        };
        let bot = "main bot".to_owned();
        match (self, place) {
            (Self::Blocked, _) => Error::Blocked { user },
            (Self::NotStarted, _) | (Self::NotAllowed, Place::Private(_)) => Error::NotStarted { user },
            (Self::NotAllowed, Place::Group(chat) | Place::Ephemeral { group: chat, .. }) => Error::NotAllowed { chat },
            (Self::Flood(wait), _) => Error::FloodWait { bot, wait },
            (Self::Gone, _) => Error::MessageGone,
            (Self::Protected, _) => Error::Protected,
            (Self::Expired, _) => Error::Expired,
            (Self::Unreachable, _) => Error::Unreachable { detail: "cut by the script".to_owned() },
        }
    }
}

/// Whether a scripted arrival was dealt with.
pub struct Done(oneshot::Receiver<()>);

impl Done {
    /// Whether [`Arrival::done`] was called so far.
    pub fn is_done(&mut self) -> bool {
        self.0.try_recv().is_ok()
    }
}

impl Arrival {
    /// Something that a person does in a test.
    pub fn scripted(key: &str, event: PersonEvent) -> (Self, Done) {
        let (next, done) = oneshot::channel();
        (Self { key: key.to_owned(), event, acknowledgment: Acknowledgment { ledger: None, next } }, Done(done))
    }
}

impl Scripted {
    fn talk<T>(&self, act: impl FnOnce(&mut Talk) -> T) -> T {
        act(&mut self.0.talk())
    }
}

fn now<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, T> {
    ready(value).boxed()
}

impl messages::Backend for Scripted {
    fn watch(&self, _channels: Vec<ChatId>) {}

    fn hear(&self) -> BoxFuture<'_, ()> {
        now(())
    }

    fn rest(&self) -> BoxFuture<'_, ()> {
        now(())
    }

    fn watching(&self) -> Vec<(ChatId, ChannelWatch)> {
        Vec::new()
    }

    fn is_caught_up(&self) -> bool {
        true
    }

    fn username(&self) -> Option<String> {
        Some("cinepost_scripted_bot".to_owned())
    }

    fn read_page(&self, chat: ChatId, _ids: RangeInclusive<i32>) -> BoxFuture<'_, Result<PageRead, Error>> {
        now(Err(Error::NotWatched { chat }))
    }

    fn look_at(&self, chat: ChatId, _ids: RangeInclusive<i32>) -> BoxFuture<'_, Result<Vec<ChannelEvent>, Error>> {
        now(Err(Error::NotWatched { chat }))
    }

    fn newest_message(&self, chat: ChatId) -> BoxFuture<'_, Result<i32, Error>> {
        now(Err(Error::NotWatched { chat }))
    }

    fn channel_title(&self, _chat: ChatId) -> BoxFuture<'_, Result<String, Error>> {
        now(Err(Error::Stopped))
    }

    fn send<'a>(&'a self, to: Place, message: &'a Outgoing) -> BoxFuture<'a, Result<MessageRef, Error>> {
        now(self.talk(|talk| {
            talk.check(to)?;
            talk.show_once(to, message.once.as_deref())?;
            let at = MessageRef { place: to, message: talk.next_id() };
            talk.said.push(Said::Sent { at, message: message.clone() });
            Ok(at)
        }))
    }

    fn send_file<'a>(
        &'a self,
        to: Place,
        file: Upload<'a>,
        below: &'a Outgoing,
    ) -> BoxFuture<'a, Result<MessageRef, Error>> {
        async move {
            let mut content = Vec::new();
            let read = file.content.read_to_end(&mut content).await;
            if !read.is_ok_and(|read| read as u64 == file.size) {
                return Err(Error::Unreadable { detail: "not of its size".to_owned() });
            }
            self.talk(|talk| {
                talk.check(to)?;
                talk.show_once(to, below.once.as_deref())?;
                let at = MessageRef { place: to, message: talk.next_id() };
                talk.said.push(Said::SentFile { at, name: file.name, content, below: below.clone() });
                Ok(at)
            })
        }
        .boxed()
    }

    fn edit<'a>(&'a self, at: MessageRef, message: &'a Outgoing) -> BoxFuture<'a, Result<(), Error>> {
        now(self.talk(|talk| {
            talk.check(at.place)?;
            talk.said.push(Said::Edited { at, message: message.clone() });
            Ok(())
        }))
    }

    fn delete<'a>(&'a self, place: Place, messages: &'a [i32]) -> BoxFuture<'a, Result<(), Error>> {
        now(self.talk(|talk| {
            talk.check(place)?;
            talk.said.push(Said::Deleted { place, messages: messages.to_vec() });
            Ok(())
        }))
    }

    fn answer_press<'a>(&'a self, press: PressId, answer: &'a PressAnswer) -> BoxFuture<'a, Result<(), Error>> {
        now(self.talk(|talk| {
            let is_answered = |said: &Said| matches!(said, Said::Pressed { press: answered, .. } if *answered == press);
            if talk.said.iter().any(is_answered) {
                return Err(Error::Expired);
            }
            talk.said.push(Said::Pressed { press, answer: answer.clone() });
            Ok(())
        }))
    }

    fn answer_inline<'a>(&'a self, query: InlineQueryId, answer: &'a InlineAnswer) -> BoxFuture<'a, Result<(), Error>> {
        now(self.talk(|talk| {
            talk.said.push(Said::Asked { query, answer: answer.clone() });
            Ok(())
        }))
    }

    fn copy<'a>(
        &'a self,
        from: Place,
        messages: &'a [i32],
        to: ChatId,
    ) -> BoxFuture<'a, Result<Vec<Option<PostRef>>, Error>> {
        now(self.talk(|talk| {
            if let Some(refusal) = talk.cast.shut.get(&to) {
                return Err(refusal.error(Place::Group(to)));
            }
            let at = |message: &i32| MessageRef { place: from, message: *message };
            let found: Vec<_> = messages.iter().map(|id| talk.cast.messages.get(&at(id)).cloned()).collect();
            if found.iter().flatten().any(|message| message.is_protected) {
                return Err(Error::Protected);
            }
            if found.iter().all(Option::is_none) {
                return Err(Error::MessageGone);
            }
            let copy = |message: Option<Message>| message.map(|_| PostRef { chat: to, message: talk.next_id() });
            let copies: Vec<_> = found.into_iter().map(copy).collect();
            talk.said.push(Said::Copied { from, messages: messages.to_vec(), copies: copies.clone() });
            Ok(copies)
        }))
    }

    fn copy_to<'a>(
        &'a self,
        from: MessageRef,
        to: Place,
        _urgency: Urgency,
        once: &'a str,
    ) -> BoxFuture<'a, Result<(), Error>> {
        now(self.talk(|talk| {
            match talk.cast.messages.get(&from) {
                None => return Err(Error::MessageGone),
                Some(message) if message.is_protected => return Err(Error::Protected),
                Some(_) => {}
            }
            talk.check(to)?;
            talk.show_once(to, Some(once))?;
            talk.said.push(Said::Given { from, to });
            Ok(())
        }))
    }

    fn messages_from(&self, first: MessageRef, count: usize) -> BoxFuture<'_, Result<Vec<Found>, Error>> {
        now(self.talk(|talk| {
            if !talk.cast.messages.contains_key(&first) {
                return Ok(Vec::new());
            }
            let here = talk.cast.messages.range(first..).filter(|(at, _)| at.place == first.place);
            Ok(here.map(|(_, message)| Found::from(message)).take(count).collect())
        }))
    }

    fn is_member(&self, channel: ChatId, person: UserId) -> BoxFuture<'_, Result<bool, Error>> {
        now(Ok(self.talk(|talk| talk.cast.members.contains(&(channel, person)))))
    }

    fn set_commands<'a>(
        &'a self,
        scope: CommandScope,
        language: &'a str,
        commands: &'a [BotCommand],
    ) -> BoxFuture<'a, Result<(), Error>> {
        now(self.talk(|talk| {
            talk.said.push(Said::Commands { scope, language: language.to_owned(), commands: commands.to_vec() });
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Script;
    use super::*;
    use crate::adapters::telegram::Telegram;

    #[tokio::test]
    async fn what_the_bot_says_is_written_down_and_refused_as_the_script_says() {
        let (anne, ben) = (Place::Private(UserId(1)), Place::Private(UserId(2)));
        let (telegram, calls) =
            Telegram::scripted(Script::new(1, 1).cast(Cast::default().refuse(ben, Refusal::Blocked)));
        let messages = telegram.messages();
        let hello = Outgoing::from("hello");
        let at = messages.send(anne, &hello).await.expect("sent");
        assert!(matches!(messages.send(ben, &hello).await, Err(Error::Blocked { user: UserId(2) })));
        let quiet = PressAnswer::Quiet;
        messages.answer_press(PressId(5), &quiet).await.expect("answered");
        assert!(matches!(messages.answer_press(PressId(5), &quiet).await, Err(Error::Expired)));
        let pressed = Said::Pressed { press: PressId(5), answer: quiet };
        assert_eq!(calls.said(), [Said::Sent { at, message: hello }, pressed]);
        calls.set_cast(Cast::default());
        messages.send(ben, &"again".into()).await.expect("sent");
    }

    #[test]
    fn an_arrival_tells_when_it_was_dealt_with() {
        let event = PersonEvent::Deleted { group: None, messages: Vec::new() };
        let (arrival, mut done) = Arrival::scripted("1", event);
        assert!(!done.is_done());
        arrival.done();
        assert!(done.is_done());
    }
}
