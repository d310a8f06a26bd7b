//! The main bot speaks: each call waits for its turn, is made again after a cut connection or a short FLOOD_WAIT, and what Telegram
//! refuses is told in our words.

use std::sync::Arc;
use std::time::Duration;

use grammers_tl_types as tl;
use sha2::{Digest, Sha256};
use tl::RemoteCall;

use super::arrival::{Found, InlineQueryId, MessageRef, Place, PressId};
use super::inbox::Position;
use super::incoming;
use super::outgoing::{BotCommand, CommandScope, InlineAnswer, Outgoing, PressAnswer, Urgency, markup};
use super::pacer::Pacer;
use super::people::People;
use super::requests::{self, Words};
use super::text::{LONGEST, Text};
use super::uploading::{Upload, upload};
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::bots::channel::{input_channel, is_invisible};
use crate::adapters::telegram::connections::call_error::CallError;
use crate::adapters::telegram::{Error, Vault};
use crate::domain::post::{ChatId, PostRef};
use crate::domain::telegram_id::UserId;

/// A longer FLOOD_WAIT is told to the caller; so is one that comes again and again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const MOST_WAITS: u32 = 3;
/// Characters of the text below a file (core.telegram.org/api/config#caption-length-limit).
const LONGEST_CAPTION: usize = 1_024;
/// Telegram copies and shows so many messages in one call.
const MESSAGES_AT_ONCE: usize = 100;
/// How far messages of one chat are looked for among those of all chats.
const MOST_LOOKED_AT: usize = 1_000;

pub struct Sender {
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    pub people: Arc<People>,
    pub pacer: Pacer,
}

impl Sender {
    /// Makes one call that shows `messages` in a place.
    async fn call<R: RemoteCall>(
        &self,
        place: Place,
        urgency: Urgency,
        messages: usize,
        request: &R,
    ) -> Result<R::Return, CallError> {
        let (mut waits, mut was_cut) = (0, false);
        loop {
            self.pacer.turn(place, urgency, messages).await;
            let answer = self.bot.control().call(request).await;
            match &answer {
                Err(error) if let Some(wait) = error.flood_wait() => {
                    self.pacer.hold(place, wait);
                    if wait > LONGEST_WAIT || waits >= MOST_WAITS {
                        return answer;
                    }
                    waits += 1;
                }
                Err(CallError::Connection(_)) if !was_cut => was_cut = true,
                _ => return answer,
            }
        }
    }

    pub async fn send(&self, to: Place, outgoing: &Outgoing) -> Result<MessageRef, Error> {
        let parts = outgoing.text.split(LONGEST);
        let Some((last, before)) = parts.split_last() else {
            return Err(Error::Refused { detail: "a message without text".to_owned() });
        };
        for (n, part) in before.iter().enumerate() {
            let once = outgoing.once.as_ref().map(|name| format!("{name}/{n}"));
            match self.send_part(to, part, &Outgoing { keyboard: Vec::new(), once, ..outgoing.clone() }).await {
                // Of an earlier run, which may have ended before the other parts.
                Ok(_) | Err(Error::SentBefore) => {}
                Err(error) => return Err(error),
            }
        }
        self.send_part(to, last, outgoing).await
    }

    async fn send_part(&self, to: Place, text: &Text, outgoing: &Outgoing) -> Result<MessageRef, Error> {
        // Where our own history stands before: by it a message is found whose answer was lost.
        let before = self.people.inbox().and_then(|inbox| inbox.handled());
        let words = Words { text, keyboard: markup(&outgoing.keyboard) };
        let mut answer = self.send_words(to, &words, outgoing).await?;
        if answer.as_ref().is_err_and(|e| e.is("BUTTON_URL_INVALID")) {
            // Telegram makes no buttons for addresses such as http://localhost; as text it takes them.
            let (text, keyboard) = with_links(text, outgoing);
            answer = self.send_words(to, &Words { text: &text, keyboard }, outgoing).await?;
        }
        if answer.as_ref().is_err_and(|e| e.is("REPLY_MESSAGE_ID_INVALID") || e.is("MESSAGE_ID_INVALID")) {
            let outgoing = Outgoing { reply_to: None, ..outgoing.clone() };
            answer = self.send_words(to, &words, &outgoing).await?;
        }
        match (answer, to) {
            (Ok(updates), _) => match requests::new_ids(&updates).first() {
                Some(&(_, message)) => Ok(MessageRef { place: to, message }),
                None => Err(Error::Refused { detail: "it did not say which message it made".to_owned() }),
            },
            // The first try got through, and its answer was lost.
            (Err(e), _) if e.is("RANDOM_ID_DUPLICATE") => self.find_own(to, text, before).await,
            (Err(e), Place::Ephemeral { person, .. })
                if matches!(e, CallError::Rpc { .. }) && e.flood_wait().is_none() =>
            {
                let outgoing = Outgoing { reply_to: None, ..outgoing.clone() };
                Box::pin(self.send_part(Place::Private(person), text, &outgoing)).await
            }
            (Err(e), _) => Err(self.explain(to, e)),
        }
    }

    /// The outer error is ours.
    async fn send_words(
        &self,
        to: Place,
        words: &Words<'_>,
        outgoing: &Outgoing,
    ) -> Result<Result<tl::enums::Updates, CallError>, Error> {
        let random_id = match &outgoing.once {
            Some(name) => named(name, to),
            None => random()?,
        };
        Ok(match to {
            Place::Private(_) | Place::Group(_) => {
                let request = requests::send(self.peer(to), words, outgoing, random_id);
                self.call(to, outgoing.urgency, 1, &request).await
            }
            Place::Ephemeral { group, person } => {
                let (peer, receiver) = (self.peer(Place::Group(group)), self.user(person));
                let request = requests::send_ephemeral(peer, receiver, words, outgoing, random_id);
                self.call(to, outgoing.urgency, 1, &request).await
            }
        })
    }

    pub async fn send_file(&self, to: Place, file: Upload<'_>, below: &Outgoing) -> Result<MessageRef, Error> {
        let to = match to {
            // A file is not for a group, and ephemeral ones are not worth a second way.
            Place::Ephemeral { person, .. } => Place::Private(person),
            place => place,
        };
        let random_id = match &below.once {
            Some(name) => named(name, to),
            None => random()?,
        };
        let media = upload(&self.bot, file).await?;
        let text = below.text.split(LONGEST_CAPTION).into_iter().next().unwrap_or_default();
        let words = Words { text: &text, keyboard: markup(&below.keyboard) };
        let request = requests::send_media(self.peer(to), media, &words, below, random_id);
        match self.call(to, below.urgency, 1, &request).await {
            Ok(updates) => match requests::new_ids(&updates).first() {
                Some(&(_, message)) => Ok(MessageRef { place: to, message }),
                None => Err(Error::Refused { detail: "it did not say which message it made".to_owned() }),
            },
            Err(e) if e.is("RANDOM_ID_DUPLICATE") => Err(Error::SentBefore),
            Err(e) => Err(self.explain(to, e)),
        }
    }

    /// The newest message of our own after a position that says this.
    async fn find_own(&self, to: Place, text: &Text, position: Option<Position>) -> Result<MessageRef, Error> {
        use tl::enums::updates::Difference as D;
        let Place::Private(person) = to else {
            return Err(Error::SentBefore);
        };
        let position = position.ok_or(Error::SentBefore)?;
        let difference = self.bot.control().call(&position.difference()).await.map_err(|e| self.bot.explain(e))?;
        let messages = match difference {
            D::Difference(d) => d.new_messages,
            D::Slice(d) => d.new_messages,
            D::Empty(_) | D::TooLong(_) => Vec::new(),
        };
        let own = messages.iter().rev().find_map(|message| match message {
            tl::enums::Message::Message(m) if m.out && m.message == text.as_str() => match &m.peer_id {
                tl::enums::Peer::User(peer) if peer.user_id == person.0 => Some(m.id),
                _ => None,
            },
            _ => None,
        });
        own.map(|message| MessageRef { place: to, message }).ok_or(Error::SentBefore)
    }

    pub async fn edit(&self, at: MessageRef, outgoing: &Outgoing) -> Result<(), Error> {
        let text = outgoing.text.split(LONGEST).into_iter().next().unwrap_or_default();
        let mut answer =
            self.edit_words(at, &Words { text: &text, keyboard: markup(&outgoing.keyboard) }, outgoing).await;
        if answer.as_ref().is_err_and(|e| e.is("BUTTON_URL_INVALID")) {
            let (text, keyboard) = with_links(&text, outgoing);
            answer = self.edit_words(at, &Words { text: &text, keyboard }, outgoing).await;
        }
        match answer {
            Ok(()) => Ok(()),
            Err(e) if e.is("MESSAGE_NOT_MODIFIED") => Ok(()),
            Err(e) => Err(self.explain(at.place, e)),
        }
    }

    async fn edit_words(&self, at: MessageRef, words: &Words<'_>, outgoing: &Outgoing) -> Result<(), CallError> {
        match at.place {
            Place::Private(_) | Place::Group(_) => {
                let request = requests::edit(self.peer(at.place), at.message, words);
                self.call(at.place, outgoing.urgency, 1, &request).await.map(drop)
            }
            Place::Ephemeral { group, person } => {
                let (peer, receiver) = (self.peer(Place::Group(group)), self.user(person));
                let request = requests::edit_ephemeral(peer, receiver, at.message, words);
                self.call(at.place, outgoing.urgency, 1, &request).await.map(drop)
            }
        }
    }

    pub async fn delete(&self, place: Place, messages: &[i32]) -> Result<(), Error> {
        for ids in messages.chunks(MESSAGES_AT_ONCE) {
            self.delete_some(place, ids).await.map_err(|e| self.explain(place, e))?;
        }
        Ok(())
    }

    async fn delete_some(&self, place: Place, ids: &[i32]) -> Result<(), CallError> {
        self.pacer.turn_of_all().await;
        let control = self.bot.control();
        match place {
            Place::Private(_) => control
                .call(&tl::functions::messages::DeleteMessages { revoke: true, id: ids.to_vec() })
                .await
                .map(drop),
            Place::Group(chat) => {
                let request =
                    tl::functions::channels::DeleteMessages { channel: input_channel(chat), id: ids.to_vec() };
                control.call(&request).await.map(drop)
            }
            Place::Ephemeral { group, person } => {
                for &id in ids {
                    let (peer, receiver_id) = (Some(self.peer(Place::Group(group))), self.user(person));
                    let request = tl::functions::ephemeral::DeleteMessage { peer, receiver_id, id };
                    match control.call(&request).await {
                        Err(e) if !e.is("MESSAGE_ID_INVALID") => return Err(e),
                        _ => {}
                    }
                }
                Ok(())
            }
        }
    }

    pub async fn answer_press(&self, press: PressId, answer: &PressAnswer) -> Result<(), Error> {
        self.pacer.turn_of_all().await;
        self.answer(&requests::answer_press(press, answer)).await
    }

    pub async fn answer_inline(&self, query: InlineQueryId, answer: &InlineAnswer) -> Result<(), Error> {
        self.pacer.turn_of_all().await;
        self.answer(&requests::answer_inline(query, answer)).await
    }

    /// No message: nobody's chat fills up with it.
    async fn answer<R: RemoteCall>(&self, request: &R) -> Result<(), Error> {
        let mut answer = self.bot.control().call(request).await;
        if let Err(CallError::Connection(_)) = answer {
            answer = self.bot.control().call(request).await;
        }
        match answer {
            Ok(_) => Ok(()),
            Err(e) if e.is("QUERY_ID_INVALID") => Err(Error::Expired),
            Err(e) => Err(self.bot.explain(e)),
        }
    }

    pub async fn copy(&self, from: Place, messages: &[i32], to: ChatId) -> Result<Vec<Option<PostRef>>, Error> {
        if messages.len() > MESSAGES_AT_ONCE {
            return Err(Error::Refused { detail: format!("more than {MESSAGES_AT_ONCE} messages at once") });
        }
        let (mut random_ids, mut answer) = self.forward(from, messages, to).await?;
        if answer.as_ref().is_err_and(|e| e.is("RANDOM_ID_DUPLICATE")) {
            // The first try got through and what it made is not known; another copy of the same document does no harm.
            (random_ids, answer) = self.forward(from, messages, to).await?;
        }
        match answer {
            Ok(updates) => {
                let made = requests::new_ids(&updates);
                let copy_of = |random_id: &i64| {
                    let &(_, message) = made.iter().find(|(random, _)| *random == Some(*random_id))?;
                    Some(PostRef { chat: to, message })
                };
                Ok(random_ids.iter().map(copy_of).collect())
            }
            Err(e) if is_invisible(&e) && !e.is("CHAT_ADMIN_REQUIRED") => Err(self.bot.not_member(to)),
            Err(e) => Err(self.explain(Place::Group(to), e)),
        }
    }

    /// One attempt, and the random ids by which its copies are known. The outer error is ours.
    async fn forward(
        &self,
        from: Place,
        messages: &[i32],
        to: ChatId,
    ) -> Result<(Vec<i64>, Result<tl::enums::Updates, CallError>), Error> {
        let random_ids = messages.iter().map(|_| random()).collect::<Result<Vec<_>, _>>()?;
        let channel = tl::types::InputPeerChannel { channel_id: to.bare(), access_hash: 0 };
        let request = requests::forward(self.peer(from), messages.to_vec(), channel.into(), random_ids.clone());
        // A channel is no group: of its limits only those of any chat count.
        let place = Place::Private(UserId(to.get()));
        Ok((random_ids, self.call(place, Urgency::Answer, 1, &request).await))
    }

    pub async fn copy_to(&self, from: MessageRef, to: Place, urgency: Urgency, once: &str) -> Result<(), Error> {
        let random_ids = vec![named(once, to)];
        let request = requests::forward(self.peer(from.place), vec![from.message], self.peer(to), random_ids);
        let request = tl::functions::messages::ForwardMessages { silent: false, ..request };
        match self.call(to, urgency, 1, &request).await {
            Ok(_) => Ok(()),
            Err(e) if e.is("RANDOM_ID_DUPLICATE") => Err(Error::SentBefore),
            Err(e) => Err(self.explain(to, e)),
        }
    }

    pub async fn messages_from(&self, first: MessageRef, count: usize) -> Result<Vec<Found>, Error> {
        let mut found = Vec::new();
        let mut next = first.message;
        let mut looked_at = 0;
        while found.len() < count && looked_at < MOST_LOOKED_AT {
            let ids: Vec<i32> = (next..next.saturating_add(MESSAGES_AT_ONCE as i32)).collect();
            let messages = self.fetch(first.place, &ids).await.map_err(|e| self.explain(first.place, e))?;
            let is_end = messages.iter().all(|m| matches!(m, tl::enums::Message::Empty(_)));
            let here = messages.iter().filter_map(incoming::found).filter(|m| m.at.place == first.place);
            found.extend(here);
            if is_end || found.first().is_none_or(|m| m.at.message != first.message) {
                break;
            }
            looked_at += ids.len();
            next = next.saturating_add(MESSAGES_AT_ONCE as i32);
        }
        found.retain(|m| m.at.message >= first.message);
        if found.first().is_none_or(|m| m.at.message != first.message) {
            return Ok(Vec::new());
        }
        found.truncate(count);
        Ok(found)
    }

    async fn fetch(&self, place: Place, ids: &[i32]) -> Result<Vec<tl::enums::Message>, CallError> {
        use tl::enums::messages::Messages as M;
        let id = ids.iter().map(|&id| tl::types::InputMessageId { id }.into()).collect();
        self.pacer.turn_of_all().await;
        let control = self.bot.control();
        let answer = match place {
            Place::Private(_) => control.call(&tl::functions::messages::GetMessages { id }).await?,
            Place::Group(chat) | Place::Ephemeral { group: chat, .. } => {
                let channel = input_channel(chat);
                control.call(&tl::functions::channels::GetMessages { channel, id }).await?
            }
        };
        Ok(match answer {
            M::Messages(m) => m.messages,
            M::Slice(m) => m.messages,
            M::ChannelMessages(m) => m.messages,
            M::NotModified(_) => Vec::new(),
        })
    }

    pub async fn is_member(&self, channel: ChatId, person: UserId) -> Result<bool, Error> {
        use tl::enums::ChannelParticipant as P;
        let participant = self.peer(Place::Private(person));
        let request = tl::functions::channels::GetParticipant { channel: input_channel(channel), participant };
        self.pacer.turn_of_all().await;
        match self.bot.control().call(&request).await {
            Ok(tl::enums::channels::ChannelParticipant::Participant(found)) => Ok(match found.participant {
                P::Left(_) => false,
                P::Banned(banned) => !banned.left,
                _ => true,
            }),
            Err(e) if e.is("USER_NOT_PARTICIPANT") => Ok(false),
            Err(e) if is_invisible(&e) => Err(self.bot.not_member(channel)),
            Err(e) if e.is("PARTICIPANT_ID_INVALID") => Err(Error::NotStarted { user: person }),
            Err(e) => Err(self.explain(Place::Private(person), e)),
        }
    }

    pub async fn set_commands(
        &self,
        scope: CommandScope,
        language: &str,
        commands: &[BotCommand],
    ) -> Result<(), Error> {
        let peer = |person| self.peer(Place::Private(person));
        let request = requests::set_commands(scope, peer, language, commands);
        self.pacer.turn_of_all().await;
        self.bot.control().call(&request).await.map(drop).map_err(|e| self.bot.explain(e))
    }

    /// One who wrote before is addressed by the access hash that came with it; Telegram lets bots leave it out for people who
    /// pressed Start, and for groups.
    fn peer(&self, place: Place) -> tl::enums::InputPeer {
        match place {
            Place::Private(person) => {
                tl::types::InputPeerUser { user_id: person.0, access_hash: self.hash(person) }.into()
            }
            Place::Group(chat) | Place::Ephemeral { group: chat, .. } => {
                tl::types::InputPeerChannel { channel_id: chat.bare(), access_hash: 0 }.into()
            }
        }
    }

    fn user(&self, person: UserId) -> tl::enums::InputUser {
        tl::types::InputUser { user_id: person.0, access_hash: self.hash(person) }.into()
    }

    fn hash(&self, person: UserId) -> i64 {
        let kept = self.vault.load(&requests::hash_key(self.bot.id(), person)).ok().flatten();
        kept.and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_le_bytes)
    }

    /// What a refusal means to whoever wanted to write somewhere.
    fn explain(&self, place: Place, error: CallError) -> Error {
        const NOT_STARTED: [&str; 3] = ["PEER_ID_INVALID", "USER_ID_INVALID", "INPUT_USER_DEACTIVATED"];
        const NOT_ALLOWED: [&str; 5] = [
            "CHAT_WRITE_FORBIDDEN",
            "CHAT_ADMIN_REQUIRED",
            "CHAT_SEND_PLAIN_FORBIDDEN",
            "CHAT_SEND_DOCS_FORBIDDEN",
            "USER_BANNED_IN_CHANNEL",
        ];
        let is_one_of = |names: &[&str]| names.iter().any(|name| error.is(name));
        match place {
            _ if error.is("MESSAGE_ID_INVALID") || error.is("MESSAGE_IDS_EMPTY") => Error::MessageGone,
            _ if error.is("CHAT_FORWARDS_RESTRICTED") => Error::Protected,
            Place::Private(user) if error.is("USER_IS_BLOCKED") => Error::Blocked { user },
            Place::Private(user) if is_one_of(&NOT_STARTED) => Error::NotStarted { user },
            Place::Group(chat) if is_one_of(&NOT_ALLOWED) => Error::NotAllowed { chat },
            Place::Group(chat) if is_invisible(&error) => self.bot.not_member(chat),
            _ => self.bot.explain(error),
        }
    }
}

/// Telegram takes a random id once only, so sending again after a cut connection does not show a message twice.
pub(super) fn random() -> Result<i64, Error> {
    getrandom::u64().map(|id| id as i64).map_err(|e| Error::Refused { detail: e.to_string() })
}

/// The random id of a message that is to be shown once.
fn named(name: &str, to: Place) -> i64 {
    let digest: [u8; 32] = Sha256::digest(format!("{to:?} {name}")).into();
    digest.first_chunk().copied().map_or(0, i64::from_le_bytes)
}

/// The same message with its addresses as text; other buttons stay.
fn with_links(text: &Text, outgoing: &Outgoing) -> (Text, Option<tl::enums::ReplyMarkup>) {
    let (mut text, mut keyboard) = (text.clone(), Vec::new());
    for row in &outgoing.keyboard {
        let (links, others): (Vec<_>, Vec<_>) = row.iter().cloned().partition(|button| button.url().is_some());
        for button in links {
            text = text.plain("\n\n").plain(&button.label).plain(":\n").plain(button.url().unwrap_or_default());
        }
        if !others.is_empty() {
            keyboard.push(others);
        }
    }
    (text, markup(&keyboard))
}
