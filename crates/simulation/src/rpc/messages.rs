//! `messages.*`: what bots write, forward, edit and delete, in channels and to people.

use std::collections::BTreeSet;

use grammers_tl_types as tl;
use tl::functions::messages as f;

use super::{Call, shapes};
use crate::post::UrlButton;
use crate::refusal::Refusal;
use crate::world::{Change, Draft, Event, Message, World};

/// Where a message goes, once it is known that the bot may write there.
#[derive(Clone, Copy)]
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

/// What is written: the same for every target.
struct Words {
    text: String,
    document: Option<i64>,
    album: Option<i64>,
    forwarded: Option<(i64, i32)>,
    buttons: Vec<Vec<UrlButton>>,
}

/// Telegram's limits on a keyboard under a message (core.telegram.org/constructor/replyInlineMarkup, and what it answers).
const MOST_BUTTONS: usize = 100;
const MOST_IN_A_ROW: usize = 8;

/// The keyboard that a bot puts under its message. Only buttons that open an address are simulated.
fn keyboard(markup: Option<tl::enums::ReplyMarkup>) -> Result<Vec<Vec<UrlButton>>, Refusal> {
    let rows = match markup {
        None => return Ok(Vec::new()),
        Some(tl::enums::ReplyMarkup::ReplyInlineMarkup(markup)) => markup.rows,
        Some(_) => return Err(Refusal::bad("REPLY_MARKUP_INVALID")),
    };
    let rows: Vec<Vec<UrlButton>> = rows
        .into_iter()
        .map(|tl::enums::KeyboardInlineButtonRow::Row(row)| row.buttons.into_iter().map(url_button).collect())
        .collect::<Result<_, _>>()?;
    let is_too_large =
        rows.iter().map(Vec::len).sum::<usize>() > MOST_BUTTONS || rows.iter().any(|row| row.len() > MOST_IN_A_ROW);
    match is_too_large {
        true => Err(Refusal::bad("REPLY_MARKUP_TOO_LONG")),
        false => Ok(rows),
    }
}

fn url_button(button: tl::enums::KeyboardInlineButton) -> Result<UrlButton, Refusal> {
    let tl::enums::KeyboardInlineButton::Button(button) = button;
    let tl::enums::InlineButtonType::Url(kind) = button.r#type else { return Err(Refusal::bad("BUTTON_TYPE_INVALID")) };
    if button.text.trim().is_empty() {
        return Err(Refusal::bad("BUTTON_TEXT_INVALID"));
    }
    match opens(&kind.url) {
        true => Ok(UrlButton { text: button.text, url: kind.url }),
        false => Err(Refusal::bad("BUTTON_URL_INVALID")),
    }
}

/// Telegram takes http, https and tg addresses; a host without a dot, `localhost` among them, is refused.
fn opens(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else { return false };
    match url.scheme() {
        "tg" => true,
        "http" | "https" => url.host_str().is_some_and(|host| host.contains('.') || host.starts_with('[')),
        _ => false,
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
    let buttons = keyboard(request.reply_markup)?;
    let words = Words { text: request.message, document: None, album: None, forwarded: None, buttons };
    let update = write(call, &mut world, account, connection, target, words)?;
    Ok(sent(call, &world, account, target, vec![(request.random_id, update)]))
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
    let buttons = keyboard(request.reply_markup)?;
    let words = Words { text: request.message, document: Some(document), album: None, forwarded: None, buttons };
    let update = write(call, &mut world, account, connection, target, words)?;
    Ok(sent(call, &world, account, target, vec![(request.random_id, update)]))
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
    let to = target(&world, account, &request.to_peer)?;
    let mut updates = Vec::new();
    for (&id, random_id) in request.id.iter().zip(request.random_id) {
        let mut words = original(&world, account, &request.from_peer, id)?;
        if request.drop_author {
            words.forwarded = None;
        }
        if request.drop_media_captions && words.document.is_some() {
            words.text.clear();
        }
        updates.push((random_id, write(call, &mut world, account, connection, to, words)?));
    }
    Ok(sent(call, &world, account, to, updates))
}

fn original(world: &World, account: i64, peer: &tl::enums::InputPeer, id: i32) -> Result<Words, Refusal> {
    match target(world, account, peer)? {
        Target::Channel(bare) => {
            let message = world.channels.get(&bare).and_then(|channel| channel.messages.get(&id));
            let m = message.ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
            let forwarded = m.forwarded.or(Some((bare, id)));
            Ok(Words { text: m.text.clone(), document: m.document, album: m.album, forwarded, buttons: Vec::new() })
        }
        Target::Person(_) => {
            let letter = world.account(account).and_then(|a| a.letters.get(&id));
            let letter = letter.ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
            Ok(Words {
                text: letter.text.clone(),
                document: letter.document,
                album: None,
                forwarded: None,
                buttons: Vec::new(),
            })
        }
    }
}

/// Puts the words where they belong; returns the message's id and the update that says so.
fn write(
    call: &Call<'_>,
    world: &mut World,
    account: i64,
    connection: u64,
    target: Target,
    words: Words,
) -> Result<(i32, tl::enums::Update), Refusal> {
    let Words { text, document, album, forwarded, buttons } = words;
    match target {
        Target::Channel(bare) => {
            if text.is_empty() && document.is_none() {
                return Err(Refusal::bad("MESSAGE_EMPTY"));
            }
            let message = Message { text, document, album, forwarded, ..Message::default() };
            let kept = call.server.rules.events_kept;
            let event = call
                .server
                .change_channel_in(world, bare, Some(connection), |channel| Ok(Some(channel.publish(message, kept))))?;
            event.and_then(|event| change_of(call, world, account, bare, &event)).ok_or(Refusal::bad("CHANNEL_INVALID"))
        }
        Target::Person(person) => {
            let letter = world.write_letter(account, person, true, text, document, buttons)?;
            call.server.changed.notify_one();
            let update = tl::types::UpdateNewMessage {
                message: shapes::letter(call.server, world, account, &letter),
                pts: letter.pts,
                pts_count: 1,
            };
            Ok((letter.id, update.into()))
        }
    }
}

fn change_of(
    call: &Call<'_>,
    world: &World,
    account: i64,
    bare: i64,
    event: &Event,
) -> Option<(i32, tl::enums::Update)> {
    let channel = world.channels.get(&bare)?;
    let id = match event.change {
        Change::New(id) | Change::Edit(id) => id,
        Change::Delete(_) => return None,
    };
    Some((id, shapes::change(call.server, world, account, channel, event)))
}

/// The answer to whoever wrote: which id each of his messages got, and the messages.
fn sent(
    call: &Call<'_>,
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
    around(call, world, account, target, all)
}

fn around(
    _: &Call<'_>,
    world: &World,
    account: i64,
    target: Target,
    updates: Vec<tl::enums::Update>,
) -> tl::enums::Updates {
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
    let update = match target {
        Target::Channel(bare) => {
            let kept = call.server.rules.events_kept;
            let event = call.server.change_channel_in(&mut world, bare, Some(connection), |channel| {
                channel.edit(request.id, request.message, kept).map(Some)
            })?;
            event.and_then(|event| change_of(call, &world, account, bare, &event))
        }
        Target::Person(_) => {
            let text = request.message.ok_or(Refusal::bad("MESSAGE_NOT_MODIFIED"))?;
            let (letter, pts) = world.edit_letter(account, request.id, text)?;
            call.server.changed.notify_one();
            let message = shapes::letter(call.server, &world, account, &letter);
            Some((letter.id, tl::types::UpdateEditMessage { message, pts, pts_count: 1 }.into()))
        }
    };
    let (_, update) = update.ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
    Ok(around(call, &world, account, target, vec![update]))
}

/// Letters; channels have a method of their own.
pub(super) fn delete(
    call: &Call<'_>,
    account: i64,
    request: f::DeleteMessages,
) -> tl::enums::messages::AffectedMessages {
    let (pts, pts_count) = call.server.world().delete_letters(account, &request.id);
    call.server.changed.notify_one();
    tl::types::messages::AffectedMessages { pts, pts_count }.into()
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
