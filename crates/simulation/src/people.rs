//! People, as a test plays them: they write and forward, press buttons, ask inline, join and leave, and see what bots say.

use std::sync::atomic::Ordering;

use anyhow::{Context, Result, anyhow, bail, ensure};
use grammers_tl_types as tl;

use super::post::{ButtonAction, CommandSet, NewPerson, NewPost, NewPress, Sent, SentKind, data};
use super::refusal::Refusal;
use super::rpc::shapes;
use super::world::{Account, Channel, Message, Words, WordsEdit, World};
use super::{CHANNEL_BASE, FIRST_ACCOUNT, Sim, bare, document_of, told};

impl Sim {
    /// Describes a person; whoever does something without it is called by their number.
    pub fn person(&self, described: NewPerson) -> Result<()> {
        ensure_person(described.id)?;
        let mut world = self.inner.server.world();
        let person = world.meet(described.id);
        person.first_name = described.first_name;
        person.last_name = described.last_name;
        person.username = described.username;
        person.lang_code = described.lang_code;
        self.inner.server.changed.notify_one();
        Ok(())
    }

    /// A person blocks a bot, or lets it write again.
    pub fn set_blocked(&self, person: i64, account: &str, is_blocked: bool) -> Result<()> {
        ensure_person(person)?;
        let account = self.account_id(account)?;
        let mut world = self.inner.server.world();
        let blocked = &mut world.meet(person).blocked;
        if is_blocked {
            blocked.insert(account)
        } else {
            blocked.remove(&account)
        };
        self.inner.server.changed.notify_one();
        Ok(())
    }

    /// A person writes to a bot. Returns the message's id.
    pub fn message(&self, from: i64, to: &str, text: &str) -> Result<i32> {
        self.send(from, to, NewPost::text(text))
    }

    /// A person sends or forwards something to a bot. Returns the message's id.
    pub fn send(&self, from: i64, to: &str, post: NewPost) -> Result<i32> {
        ensure_person(from)?;
        let account = self.account_id(to)?;
        let server = &self.inner.server;
        let mut world = server.world();
        world.meet(from);
        let words = words_of(&mut world, post)?;
        let kept = server.rules.events_kept;
        let write = |own: &mut Account| own.write(from, false, words, kept).map(Some);
        let event = server.change_letters_in(&mut world, account, None, write).map_err(told)?;
        event.and_then(|event| event.change.message()).context("nothing was written")
    }

    /// A person writes something else in place of what they wrote to a bot.
    pub fn edit_message(&self, to: &str, message: i32, text: &str) -> Result<()> {
        let account = self.account_id(to)?;
        let server = &self.inner.server;
        let kept = server.rules.events_kept;
        let edit = |own: &mut Account| own.edit(message, false, WordsEdit::text(text.to_owned()), kept).map(Some);
        server.change_letters_in(&mut server.world(), account, None, edit).map_err(told).map(drop)
    }

    /// A person deletes messages of their chat with a bot, for both. Those that are not there are passed over.
    pub fn delete_messages(&self, to: &str, messages: &[i32]) -> Result<()> {
        let account = self.account_id(to)?;
        let server = &self.inner.server;
        let kept = server.rules.events_kept;
        let delete = |own: &mut Account| Ok(own.delete(messages, kept));
        server.change_letters_in(&mut server.world(), account, None, delete).map_err(told).map(drop)
    }

    /// Founds a supergroup with nobody in it.
    pub fn found_group(&self, chat: impl Into<i64>, title: &str) -> Result<()> {
        let chat = chat.into();
        let mut world = self.inner.server.world();
        ensure!(bare(chat) > 0, "{chat} is not a group's id: it should look like -1001500000009");
        ensure!(!world.channels.contains_key(&bare(chat)), "{chat} is there already");
        world.found_group(bare(chat), title);
        self.inner.server.changed.notify_one();
        Ok(())
    }

    /// A person joins a channel or a group, or leaves it.
    pub fn set_person_member(&self, chat: impl Into<i64>, person: i64, is_member: bool) -> Result<()> {
        ensure_person(person)?;
        self.inner.server.world().meet(person);
        self.change_chat(chat, |channel| {
            if is_member {
                channel.members.insert(person)
            } else {
                channel.members.remove(&person)
            };
        })
    }

    /// Makes a bot in a group its administrator, or a plain member.
    pub fn set_admin(&self, chat: impl Into<i64>, account: &str, is_admin: bool) -> Result<()> {
        let id = self.account_id(account)?;
        self.change_chat(chat, |channel| {
            if is_admin {
                channel.admins.insert(id)
            } else {
                channel.admins.remove(&id)
            };
        })
    }

    /// Takes a bot's right to write in a channel or a group, or gives it back.
    pub fn set_muted(&self, chat: impl Into<i64>, account: &str, is_muted: bool) -> Result<()> {
        let id = self.account_id(account)?;
        self.change_chat(chat, |channel| {
            if is_muted {
                channel.muted.insert(id)
            } else {
                channel.muted.remove(&id)
            };
        })
    }

    /// Nothing of a channel or group may be copied any more, or it may again.
    pub fn set_protected(&self, chat: impl Into<i64>, is_protected: bool) -> Result<()> {
        self.change_chat(chat, |channel| channel.is_protected = is_protected)
    }

    fn change_chat(&self, chat: impl Into<i64>, change: impl FnOnce(&mut Channel)) -> Result<()> {
        let chat = chat.into();
        let mut world = self.inner.server.world();
        let channel = world.channels.get_mut(&bare(chat)).with_context(|| format!("there is no channel {chat}"))?;
        change(channel);
        self.inner.server.changed.notify_one();
        Ok(())
    }

    /// A person in a group writes or sends something. Returns the message's id.
    pub fn send_to_group(&self, from: i64, chat: impl Into<i64>, post: NewPost) -> Result<i32> {
        let chat = chat.into();
        let server = &self.inner.server;
        let mut world = server.world();
        let group = world.channels.get(&bare(chat)).filter(|channel| channel.is_group);
        let group = group.with_context(|| format!("there is no group {chat}"))?;
        ensure!(group.members.contains(&from), "{from} is not in the group {chat}");
        let words = words_of(&mut world, post)?;
        words.check().map_err(told)?;
        let message = Message { from: Some(from), words, ..Message::default() };
        self.publish(&mut world, chat, message)
    }

    fn publish(&self, world: &mut World, chat: i64, message: Message) -> Result<i32> {
        let server = &self.inner.server;
        let kept = server.rules.events_kept;
        let publish = |channel: &mut Channel| Ok(Some(channel.publish(message, kept)));
        let event = server.change_channel_in(world, bare(chat), None, publish).map_err(told)?;
        event.and_then(|event| event.change.message()).context("nothing was published")
    }

    /// A person presses a button. Returns the query's id, by which the bot answers.
    pub fn press(&self, press: NewPress) -> Result<i64> {
        ensure_person(press.from)?;
        let account = self.account_id(&press.to)?;
        let server = &self.inner.server;
        let mut world = server.world();
        world.meet(press.from);
        let pressed = pressed_data(&world, account, &press)?;
        ensure!((1..=64).contains(&pressed.len()), "data of a button has 1 to 64 bytes");
        let query_id = world.new_query(account, press.from, false);
        // The same for all buttons of one chat.
        let chat_instance = press.chat.unwrap_or(press.from) ^ account;
        let peer = match press.chat {
            Some(chat) => tl::types::PeerChannel { channel_id: bare(chat) }.into(),
            None => tl::types::PeerUser { user_id: press.from }.into(),
        };
        let (user_id, msg_id) = (press.from, press.message);
        let update = match press.ephemeral {
            true => {
                let sent = world.talk.ephemerals.iter().find(|e| (e.account, e.id) == (account, press.message));
                let message = shapes::ephemeral(sent.context("there is no such ephemeral message")?);
                tl::types::UpdateEphemeralBotCallbackQuery {
                    query_id,
                    user_id,
                    peer: Some(peer),
                    msg_id,
                    data: pressed,
                    chat_instance: Some(chat_instance),
                    message,
                }
                .into()
            }
            false => tl::types::UpdateBotCallbackQuery {
                query_id,
                user_id,
                peer,
                msg_id,
                chat_instance,
                data: Some(pressed),
                game_short_name: None,
            }
            .into(),
        };
        self.tell_of(&world, account, press.from, press.chat, update);
        Ok(query_id)
    }

    /// A person looks for something through a bot. Returns the query's id.
    pub fn ask_inline(&self, from: i64, to: &str, query: &str, offset: &str) -> Result<i64> {
        ensure_person(from)?;
        let account = self.account_id(to)?;
        let mut world = self.inner.server.world();
        world.meet(from);
        let query_id = world.new_query(account, from, true);
        let update = tl::types::UpdateBotInlineQuery {
            query_id,
            user_id: from,
            query: query.to_owned(),
            geo: None,
            peer_type: None,
            offset: offset.to_owned(),
        };
        self.tell_of(&world, account, from, None, update.into());
        Ok(query_id)
    }

    /// A person chooses a result: it is sent into a group that they are in. Returns the message's id.
    pub fn choose(&self, query: i64, result: &str, chat: impl Into<i64>) -> Result<i32> {
        let chat = chat.into();
        let mut world = self.inner.server.world();
        let asked = world.talk.queries.iter().find(|q| q.id == query && q.is_inline);
        let asked = asked.with_context(|| format!("there is no inline query {query}"))?.clone();
        let chosen = asked.results.into_iter().find(|found| found.id == result);
        let chosen = chosen.with_context(|| format!("the answer has no result {result:?}"))?;
        let is_in = world.channels.get(&bare(chat)).is_some_and(|channel| channel.members.contains(&asked.person));
        ensure!(is_in, "{} is not in {chat}", asked.person);
        let words = Words { entities: chosen.entities, buttons: chosen.buttons, ..Words::plain(chosen.text) };
        let message = Message { from: Some(asked.person), via: Some(asked.account), words, ..Message::default() };
        self.publish(&mut world, chat, message)
    }

    /// What comes live and is in no history.
    fn tell_of(&self, world: &World, account: i64, person: i64, chat: Option<i64>, update: tl::enums::Update) {
        let users = shapes::anybody(world, account, person).into_iter().collect();
        let channel = chat.and_then(|chat| world.channels.get(&bare(chat)));
        let chats = channel.map(|channel| shapes::channel(world, account, channel)).into_iter().collect();
        self.inner.server.tell_account(world, account, None, &shapes::updates(vec![update], users, chats));
    }

    /// From now on bots that write faster than Telegram's limits get FLOOD_WAIT, or they do not.
    pub fn limit_sending(&self, is_on: bool) {
        self.inner.server.limits_sending.store(is_on, Ordering::Relaxed);
    }

    /// What bots offer to be written.
    pub fn commands(&self) -> Vec<CommandSet> {
        self.inner.server.world().talk.commands.clone()
    }

    /// What bots wrote to people and in groups, and what people saw beside it, oldest first. What was deleted is not there.
    pub fn sent(&self) -> Vec<Sent> {
        let world = self.inner.server.world();
        let mut sent: Vec<(u64, Sent)> = Vec::new();
        for account in &world.accounts {
            let letters = account.letters.values().filter(|letter| letter.is_out);
            sent.extend(letters.map(|letter| {
                let is_edited = letter.edit_date.is_some();
                let found =
                    Sent { to: letter.person, message: letter.id, is_edited, ..sent_by(account, &letter.words) };
                (letter.written, found)
            }));
        }
        for channel in world.channels.values() {
            let by_bot = |message: &Message| message.from.or(message.posted_by).and_then(|from| world.account(from));
            // What was copied into a channel is one of its posts, and nothing that a bot said there.
            let said = channel.messages.values().filter(|m| channel.is_group || m.words.document.is_none());
            sent.extend(said.filter_map(|message| {
                let is_edited = message.edit_date.is_some();
                let chat = Some(CHANNEL_BASE - channel.bare);
                let found = sent_by(by_bot(message)?, &message.words);
                Some((message.written, Sent { chat, message: message.id, is_edited, ..found }))
            }));
        }
        sent.extend(world.talk.ephemerals.iter().filter_map(|ephemeral| {
            let (kind, chat) = (SentKind::Ephemeral, Some(CHANNEL_BASE - ephemeral.bare));
            let found = sent_by(world.account(ephemeral.account)?, &ephemeral.words);
            Some((ephemeral.written, Sent { to: ephemeral.person, chat, kind, message: ephemeral.id, ..found }))
        }));
        sent.extend(world.talk.shown.iter().cloned());
        sent.sort_by_key(|(written, _)| *written);
        sent.into_iter().map(|(_, sent)| sent).collect()
    }
}

fn sent_by(account: &Account, words: &Words) -> Sent {
    Sent {
        from: account.name.clone(),
        text: words.text.clone(),
        entities: words.entities.clone(),
        reply_to: words.reply_to,
        document: words.document.map(|id| id.to_string()),
        buttons: words.buttons.clone(),
        ..Sent::default()
    }
}

fn ensure_person(id: i64) -> Result<()> {
    ensure!(id > 0 && !(FIRST_ACCOUNT..FIRST_ACCOUNT + 1000).contains(&id), "{id} is no person's id");
    Ok(())
}

/// What a post says and carries.
pub(super) fn words_of(world: &mut World, post: NewPost) -> Result<Words> {
    let document = document_of(world, &post)?;
    ensure!(document.is_some() || !post.caption.is_empty(), "the post has neither a file nor a caption");
    Ok(Words {
        text: post.caption,
        document,
        album: post.album,
        forwarded: post.forwarded.map(|(chat, message)| (bare(chat), message)),
        hidden_author: post.hidden_author,
        reply_to: post.reply_to,
        is_protected: post.protected,
        ..Words::default()
    })
}

/// What the button says that is pressed, or what a changed app says in its place.
fn pressed_data(world: &World, account: i64, press: &NewPress) -> Result<Vec<u8>> {
    let label = match (&press.button, &press.data) {
        (_, Some(text)) => return data::read(text).with_context(|| format!("{text:?} is not hexadecimal")),
        (Some(label), None) => label,
        (None, None) => bail!("say which button, or the data that a changed app sends"),
    };
    let words = match press.chat {
        _ if press.ephemeral => {
            let sent = world.talk.ephemerals.iter().find(|e| (e.account, e.id) == (account, press.message));
            sent.filter(|sent| sent.person == press.from).map(|sent| &sent.words)
        }
        Some(chat) => {
            let group = world.channels.get(&bare(chat));
            group.and_then(|group| group.messages.get(&press.message)).map(|message| &message.words)
        }
        None => {
            let letter = world.account(account).and_then(|own| own.letters.get(&press.message));
            letter.filter(|letter| letter.person == press.from).map(|letter| &letter.words)
        }
    };
    let words = words.ok_or_else(|| told(Refusal::bad("MESSAGE_ID_INVALID")))?;
    let found = words.buttons.iter().flatten().find(|button| button.text == *label);
    match found.map(|button| &button.does) {
        Some(ButtonAction::Data(data)) => Ok(data.clone()),
        Some(_) => Err(anyhow!("the button {label:?} does not come back to the bot")),
        None => Err(anyhow!("message {} has no button {label:?}", press.message)),
    }
}
