//! `messages.*`: what bots write, forward, edit and delete, in channels and to people.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Instant;

use grammers_tl_types as tl;
use tl::functions::messages as f;

use super::{Call, shapes, words};
use crate::refusal::Refusal;
use crate::world::{Draft, Event, Message, Words, WordsEdit, World};

/// Where a message goes, once it is known that the bot may write there.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Channel(i64),
    Person(i64),
}

fn target(world: &World, account: i64, peer: &tl::enums::InputPeer) -> Result<Target, Refusal> {
    match peer {
        tl::enums::InputPeer::Channel(peer) => {
            world.channel_for(account, peer.channel_id, peer.access_hash).map(|channel| Target::Channel(channel.bare))
        }
        tl::enums::InputPeer::User(peer) => {
            world.person_for(account, peer.user_id, peer.access_hash).map(|person| Target::Person(person.id))
        }
        _ => Err(Refusal::bad("PEER_ID_INVALID")),
    }
}

/// Whether the bot may write there, and has not written too much.
fn may_write(call: &Call<'_>, world: &mut World, account: i64, target: Target) -> Result<(), Refusal> {
    match target {
        Target::Person(person) => pace(call, world, account, person, false),
        Target::Channel(bare) => {
            let channel = world.channels.get(&bare).ok_or(Refusal::bad("CHANNEL_INVALID"))?;
            let is_group = channel.is_group;
            match (channel.muted.contains(&account), is_group) {
                (true, true) => Err(Refusal::new(403, "CHAT_WRITE_FORBIDDEN")),
                (true, false) => Err(Refusal::bad("CHAT_ADMIN_REQUIRED")),
                (false, _) => pace(call, world, account, -bare, is_group),
            }
        }
    }
}

/// Counts a message of a bot's, where Telegram's limits on sending are kept.
pub(super) fn pace(call: &Call<'_>, world: &mut World, account: i64, chat: i64, is_group: bool) -> Result<(), Refusal> {
    match world.account_mut(account) {
        Some(own) if call.server.limits_sending.load(Ordering::Relaxed) => {
            own.limits.count(chat, is_group, Instant::now())
        }
        _ => Ok(()),
    }
}

pub(super) fn send(
    call: &Call<'_>,
    account: i64,
    connection: u64,
    request: f::SendMessage,
) -> Result<tl::enums::Updates, Refusal> {
    let mut world = call.server.world();
    let target = target(&world, account, &request.peer)?;
    let words = Words {
        entities: words::entities(request.entities)?,
        reply_to: words::reply_to(request.reply_to)?,
        is_protected: request.noforwards,
        buttons: words::keyboard(request.reply_markup, matches!(target, Target::Person(_)))?,
        ..Words::plain(request.message)
    };
    let update = write_new(call, &mut world, account, connection, target, words, request.random_id)?;
    Ok(sent(&world, account, target, vec![(request.random_id, update)]))
}

pub(super) fn send_media(
    call: &Call<'_>,
    account: i64,
    connection: u64,
    request: f::SendMedia,
) -> Result<tl::enums::Updates, Refusal> {
    let mut world = call.server.world();
    let target = target(&world, account, &request.peer)?;
    let document = match request.media {
        tl::enums::InputMedia::Document(media) => known_document(call, &world, account, &media.id)?,
        tl::enums::InputMedia::UploadedDocument(media) => uploaded_document(call, &mut world, account, media)?,
        _ => return Err(Refusal::bad("MEDIA_INVALID")),
    };
    let words = Words {
        entities: words::entities(request.entities)?,
        reply_to: words::reply_to(request.reply_to)?,
        document: Some(document),
        is_protected: request.noforwards,
        buttons: words::keyboard(request.reply_markup, matches!(target, Target::Person(_)))?,
        ..Words::plain(request.message)
    };
    let update = write_new(call, &mut world, account, connection, target, words, request.random_id)?;
    Ok(sent(&world, account, target, vec![(request.random_id, update)]))
}

fn known_document(
    call: &Call<'_>,
    world: &World,
    account: i64,
    input: &tl::enums::InputDocument,
) -> Result<i64, Refusal> {
    let tl::enums::InputDocument::Document(input) = input else { return Err(Refusal::bad("MEDIA_EMPTY")) };
    if !world.documents.contains_key(&input.id) || input.access_hash != world.document_hash(account, input.id) {
        return Err(Refusal::bad("MEDIA_INVALID"));
    }
    world.check_reference(account, input.id, &input.file_reference, call.server.reference_age())?;
    Ok(input.id)
}

fn uploaded_document(
    call: &Call<'_>,
    world: &mut World,
    account: i64,
    media: tl::types::InputMediaUploadedDocument,
) -> Result<i64, Refusal> {
    let (file, parts) = match &media.file {
        tl::enums::InputFile::File(file) => (file.id, file.parts),
        tl::enums::InputFile::Big(file) => (file.id, file.parts),
        _ => return Err(Refusal::bad("MEDIA_INVALID")),
    };
    let upload = world.uploads.remove(&(account, file)).ok_or(Refusal::bad("FILE_PARTS_INVALID"))?;
    let bytes = upload.finish(parts)?;
    let mut draft = Draft { mime: Some(media.mime_type), dc: call.server.rules.home_dc, ..Draft::default() };
    for attribute in media.attributes {
        match attribute {
            tl::enums::DocumentAttribute::Filename(name) => draft.file_name = Some(name.file_name),
            tl::enums::DocumentAttribute::Video(video) => draft.video = Some((video.duration, video.w, video.h)),
            _ => {}
        }
    }
    world.add_bytes(draft, bytes).map_err(|e| {
        tracing::warn!("An upload cannot be kept: {e}");
        Refusal::new(500, "FILE_WRITE_FAILED")
    })
}

/// Messages that are gone are passed over, unless all are.
pub(super) fn forward(
    call: &Call<'_>,
    account: i64,
    connection: u64,
    request: f::ForwardMessages,
) -> Result<tl::enums::Updates, Refusal> {
    let mut world = call.server.world();
    if request.id.is_empty() {
        return Err(Refusal::bad("MESSAGE_IDS_EMPTY"));
    }
    if request.id.len() != request.random_id.len() {
        return Err(Refusal::bad("RANDOM_ID_INVALID"));
    }
    let from = readable(&world, account, &request.from_peer)?;
    let to = target(&world, account, &request.to_peer)?;
    let mut found = Vec::new();
    for (&id, random_id) in request.id.iter().zip(request.random_id) {
        let Some(mut words) = original(&world, account, from, id)? else { continue };
        if request.drop_author {
            (words.forwarded, words.hidden_author) = (None, None);
        }
        if request.drop_media_captions && words.document.is_some() {
            words.text.clear();
            words.entities.clear();
        }
        found.push((random_id, words));
    }
    if found.is_empty() {
        return Err(Refusal::bad("MESSAGE_ID_INVALID"));
    }
    let mut updates = Vec::new();
    for (random_id, words) in found {
        updates.push((random_id, write_new(call, &mut world, account, connection, to, words, random_id)?));
    }
    Ok(sent(&world, account, to, updates))
}

/// Where a bot may read: also the chat with somebody who blocked it.
fn readable(world: &World, account: i64, peer: &tl::enums::InputPeer) -> Result<Target, Refusal> {
    match (peer, target(world, account, peer)) {
        (tl::enums::InputPeer::User(peer), Err(refusal)) if refusal.message == "USER_IS_BLOCKED" => {
            Ok(Target::Person(peer.user_id))
        }
        (_, found) => found,
    }
}

/// What a copy of a message says; `None` when it is not there for this bot.
fn original(world: &World, account: i64, at: Target, id: i32) -> Result<Option<Words>, Refusal> {
    let (words, is_protected, source) = match at {
        Target::Channel(bare) => {
            let Some(channel) = world.channels.get(&bare) else { return Ok(None) };
            let shown = channel.messages.get(&id).filter(|message| world.shows(channel, account, message));
            let Some(message) = shown else { return Ok(None) };
            (&message.words, channel.is_protected, (!channel.is_group).then_some((bare, id)))
        }
        Target::Person(person) => {
            let letter = world.account(account).and_then(|a| a.letters.get(&id)).filter(|l| l.person == person);
            let Some(letter) = letter else { return Ok(None) };
            (&letter.words, false, None)
        }
    };
    if is_protected || words.is_protected {
        return Err(Refusal::bad("CHAT_FORWARDS_RESTRICTED"));
    }
    let forwarded = words.forwarded.or(source);
    Ok(Some(Words { forwarded, reply_to: None, buttons: Vec::new(), ..words.clone() }))
}

/// A new message, where it may be written; returns its id and the update that says so.
fn write_new(
    call: &Call<'_>,
    world: &mut World,
    account: i64,
    connection: u64,
    target: Target,
    words: Words,
    random_id: i64,
) -> Result<(i32, tl::enums::Update), Refusal> {
    words.check()?;
    let answers_nothing =
        |channel: &crate::world::Channel| words.reply_to.is_some_and(|id| !channel.messages.contains_key(&id));
    if matches!(target, Target::Channel(bare) if world.channels.get(&bare).is_some_and(answers_nothing)) {
        return Err(Refusal::bad("REPLY_MESSAGE_ID_INVALID"));
    }
    world.check_random_id(account, random_id)?;
    may_write(call, world, account, target)?;
    let kept = call.server.rules.events_kept;
    let event = match target {
        Target::Channel(bare) => {
            let is_group = world.channels.get(&bare).is_some_and(|channel| channel.is_group);
            let (from, posted_by) = if is_group { (Some(account), None) } else { (None, Some(account)) };
            let message = Message { from, posted_by, words, ..Message::default() };
            let publish = |channel: &mut crate::world::Channel| Ok(Some(channel.publish(message, kept)));
            call.server.change_channel_in(world, bare, Some(connection), publish)?
        }
        Target::Person(person) => {
            let write = |own: &mut crate::world::Account| own.write(person, true, words, kept).map(Some);
            call.server.change_letters_in(world, account, Some(connection), write)?
        }
    };
    world.take_random_id(account, random_id);
    event.and_then(|event| change_of(call, world, account, target, &event)).ok_or(Refusal::bad("PEER_ID_INVALID"))
}

fn change_of(
    call: &Call<'_>,
    world: &World,
    account: i64,
    target: Target,
    event: &Event,
) -> Option<(i32, tl::enums::Update)> {
    let id = event.change.message()?;
    let update = match target {
        Target::Channel(bare) => shapes::change(call.server, world, account, world.channels.get(&bare)?, event),
        Target::Person(_) => shapes::letter_change(call.server, world, account, event)?,
    };
    Some((id, update))
}

/// The answer to whoever wrote: which id each of his messages got, and the messages.
fn sent(
    world: &World,
    account: i64,
    target: Target,
    updates: Vec<(i64, (i32, tl::enums::Update))>,
) -> tl::enums::Updates {
    let mut all: Vec<tl::enums::Update> = updates
        .iter()
        .map(|(random_id, (id, _))| tl::types::UpdateMessageId { id: *id, random_id: *random_id }.into())
        .collect();
    all.extend(updates.into_iter().map(|(_, (_, update))| update));
    around(world, account, target, all)
}

fn around(world: &World, account: i64, target: Target, updates: Vec<tl::enums::Update>) -> tl::enums::Updates {
    let (chats, users) = match target {
        Target::Channel(bare) => {
            (world.channels.get(&bare).map(|channel| shapes::channel(world, account, channel)), None)
        }
        Target::Person(id) => (None, world.people.get(&id).map(|person| shapes::person(world, account, person))),
    };
    shapes::updates(updates, users.into_iter().collect(), chats.into_iter().collect())
}

pub(super) fn edit(
    call: &Call<'_>,
    account: i64,
    connection: u64,
    request: f::EditMessage,
) -> Result<tl::enums::Updates, Refusal> {
    let mut world = call.server.world();
    let target = target(&world, account, &request.peer)?;
    let edit = WordsEdit {
        text: request.message,
        entities: words::entities(request.entities)?,
        buttons: words::keyboard(request.reply_markup, matches!(target, Target::Person(_)))?,
    };
    let kept = call.server.rules.events_kept;
    let event = match target {
        Target::Channel(bare) => call.server.change_channel_in(&mut world, bare, Some(connection), |channel| {
            let is_foreign = channel.messages.get(&request.id).is_some_and(|m| m.from != Some(account));
            if channel.is_group && is_foreign {
                return Err(Refusal::new(403, "MESSAGE_AUTHOR_REQUIRED"));
            }
            channel.edit(request.id, edit, kept).map(Some)
        })?,
        Target::Person(person) => call.server.change_letters_in(&mut world, account, Some(connection), |own| {
            if own.letters.get(&request.id).is_none_or(|letter| letter.person != person) {
                return Err(Refusal::bad("MESSAGE_ID_INVALID"));
            }
            own.edit(request.id, true, edit, kept).map(Some)
        })?,
    };
    let update = event.and_then(|event| change_of(call, &world, account, target, &event));
    let (_, update) = update.ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
    Ok(around(&world, account, target, vec![update]))
}

/// Letters; channels have a method of their own.
pub(super) fn delete(
    call: &Call<'_>,
    account: i64,
    connection: u64,
    request: f::DeleteMessages,
) -> Result<tl::enums::messages::AffectedMessages, Refusal> {
    let mut world = call.server.world();
    let kept = call.server.rules.events_kept;
    let delete = |own: &mut crate::world::Account| Ok(own.delete(&request.id, kept));
    let event = call.server.change_letters_in(&mut world, account, Some(connection), delete)?;
    let pts = world.account(account).map_or(0, |own| own.pts);
    Ok(tl::types::messages::AffectedMessages { pts, pts_count: event.map_or(0, |event| event.count) }.into())
}

/// Letters by id.
pub(super) fn get(
    call: &Call<'_>,
    account: i64,
    request: f::GetMessages,
) -> Result<tl::enums::messages::Messages, Refusal> {
    let world = call.server.world();
    let own = world.account(account).ok_or(Refusal::new(401, "AUTH_KEY_UNREGISTERED"))?;
    let (mut messages, mut people) = (Vec::new(), BTreeSet::new());
    for id in &request.id {
        let tl::enums::InputMessage::Id(tl::types::InputMessageId { id }) = id else {
            return Err(Refusal::bad("MESSAGE_ID_INVALID"));
        };
        messages.push(match own.letters.get(id) {
            Some(letter) => {
                people.insert(letter.person);
                shapes::letter(call.server, &world, account, letter)
            }
            None => tl::types::MessageEmpty { id: *id, peer_id: None }.into(),
        });
    }
    let users =
        people.iter().filter_map(|id| world.people.get(id)).map(|p| shapes::person(&world, account, p)).collect();
    Ok(tl::types::messages::Messages { messages, topics: Vec::new(), chats: Vec::new(), users }.into())
}
