//! Telegram's messages and updates -> our [`Post`]s and [`ChannelEvent`]s. Pure.
//!
//! What a message carries is decided in `carried`. Texts are anybody's: they are cleaned here, before anything reads them.

use grammers_tl_types as tl;
use tl::enums::Message;

use super::carried::{about, carried};
use super::{PageRead, incoming};
use crate::domain::passed_over::{PassedOver, Why};
use crate::domain::post::{ChannelEvent, ChatId, Post, PostRef};
use crate::domain::text;

/// What stands at an id of a channel.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    Post(Post),
    PassedOver(PassedOver),
    /// Nothing: it was deleted, or the id was not given away yet.
    Hole,
}

fn found(chat: ChatId, message: &Message) -> Found {
    let passed_over = |message, date: i32, why, about| {
        let at = PostRef { chat, message };
        Found::PassedOver(PassedOver { at, date: date.into(), why, about })
    };
    match message {
        Message::Empty(_) => Found::Hole,
        Message::Service(m) => passed_over(m.id, m.date, Why::Service, String::new()),
        Message::Message(m) => match carried(m) {
            Ok(attachment) => Found::Post(Post {
                at: PostRef { chat, message: m.id },
                date: m.date.into(),
                album: m.grouped_id,
                reply_to: m.reply_to.as_ref().and_then(incoming::reply_to),
                caption: text::lines(&m.message, text::CAPTION),
                attachment,
            }),
            Err(why) => passed_over(m.id, m.date, why, about(m)),
        },
    }
}

/// The newest id among messages that are there; 0 when none is. An id without a message may be given away later.
pub fn newest(messages: &[Message]) -> i32 {
    messages.iter().filter(|m| !matches!(m, Message::Empty(_))).map(id).max().unwrap_or(0)
}

/// The id of any message, service messages and holes included.
fn id(message: &Message) -> i32 {
    match message {
        Message::Message(m) => m.id,
        Message::Service(m) => m.id,
        Message::Empty(m) => m.id,
    }
}

/// What a channel difference says, in order.
pub fn events(chat: ChatId, new: &[Message], other: &[tl::enums::Update]) -> Vec<ChannelEvent> {
    use tl::enums::Update as U;
    let told = |message, as_post: fn(Post) -> ChannelEvent| match found(chat, message) {
        Found::Post(post) => as_post(post),
        Found::PassedOver(passed_over) => ChannelEvent::PassedOver(passed_over),
        Found::Hole => gone(chat, &[id(message)]),
    };
    let mut events: Vec<_> = new.iter().map(|message| told(message, ChannelEvent::Posted)).collect();
    events.extend(other.iter().filter_map(|update| match update {
        U::NewChannelMessage(u) => Some(told(&u.message, ChannelEvent::Posted)),
        U::EditChannelMessage(u) => Some(told(&u.message, ChannelEvent::Edited)),
        U::DeleteChannelMessages(u) => Some(gone(chat, &u.messages)),
        _ => None,
    }));
    events
}

/// What messages fetched by id say to someone who has handled everything up to `handled` once: posts after it are new, those
/// before it may have been edited or deleted.
pub fn swept(chat: ChatId, messages: &[Message], handled: i32) -> Vec<ChannelEvent> {
    let mut events = Vec::new();
    let mut holes = Vec::new();
    for message in messages {
        match found(chat, message) {
            Found::Post(post) if post.at.message > handled => events.push(ChannelEvent::Posted(post)),
            Found::Post(post) => events.push(ChannelEvent::Edited(post)),
            Found::PassedOver(passed_over) => events.push(ChannelEvent::PassedOver(passed_over)),
            Found::Hole if id(message) <= handled => holes.push(id(message)),
            Found::Hole => {}
        }
    }
    if !holes.is_empty() {
        events.push(gone(chat, &holes));
    }
    events
}

/// What messages fetched by id say to someone who may or may not know them, and how many of each sort there are.
pub fn page(chat: ChatId, messages: &[Message]) -> (Vec<ChannelEvent>, PageRead) {
    let events = swept(chat, messages, i32::MAX);
    let mut page = PageRead::default();
    for event in &events {
        match event {
            ChannelEvent::Posted(_) | ChannelEvent::Edited(_) => page.files += 1,
            ChannelEvent::PassedOver(_) => page.passed_over += 1,
            ChannelEvent::Gone(_) | ChannelEvent::Unread { .. } => {}
        }
    }
    (events, page)
}

fn gone(chat: ChatId, messages: &[i32]) -> ChannelEvent {
    ChannelEvent::Gone(messages.iter().map(|&message| PostRef { chat, message }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::telegram::messages::carried::tests::{chat, empty, media, message, named, video};
    use crate::domain::post::{Attachment, DocumentId};
    use crate::domain::telegram_id::Dc;

    #[test]
    fn a_post_says_what_telegram_said() {
        let media = media("video/mp4", 3 << 30, vec![video(false), named("Film.mp4")]);
        let wanted = Post {
            at: PostRef { chat: chat(), message: 7 },
            date: 1_700_000_000,
            album: None,
            reply_to: None,
            caption: "Film\n1968".to_owned(),
            attachment: Attachment {
                document: DocumentId(7_000_000_000_001),
                dc: Dc(4),
                size: 3 << 30,
                mime: "video/mp4".to_owned(),
                file_name: Some("Film.mp4".to_owned()),
                duration_secs: Some(5_766),
                width: Some(1920),
                height: None,
                renditions: Vec::new(),
            },
        };
        assert_eq!(found(chat(), &message(7, "Film\n1968", media)), Found::Post(wanted));
    }

    fn brief(events: &[ChannelEvent]) -> Vec<(&str, Vec<i32>)> {
        let ids = |refs: &[PostRef]| refs.iter().map(|at| at.message).collect();
        let brief = |event: &ChannelEvent| match event {
            ChannelEvent::Posted(post) => ("posted", vec![post.at.message]),
            ChannelEvent::Edited(post) => ("edited", vec![post.at.message]),
            ChannelEvent::PassedOver(passed_over) => (passed_over.why.word(), vec![passed_over.at.message]),
            ChannelEvent::Gone(refs) => ("gone", ids(refs)),
            ChannelEvent::Unread { up_to, .. } => ("unread", vec![*up_to]),
        };
        events.iter().map(brief).collect()
    }

    fn film() -> Option<tl::enums::MessageMedia> {
        media("video/mp4", 9, vec![named("Film.mp4")])
    }

    #[test]
    fn a_difference_becomes_events_in_order() {
        let edit = |message| tl::types::UpdateEditChannelMessage { message, pts: 9, pts_count: 1 }.into();
        let delete =
            tl::types::UpdateDeleteChannelMessages { channel_id: 1, messages: vec![2, 3], pts: 9, pts_count: 2 };
        let new = [message(4, "", film()), message(5, "hello", None)];
        let other =
            [edit(message(1, "new caption", film())), edit(message(4, "no film any more", None)), delete.into()];
        let wanted =
            [("posted", vec![4]), ("text", vec![5]), ("edited", vec![1]), ("text", vec![4]), ("gone", vec![2, 3])];
        assert_eq!(brief(&events(chat(), &new, &other)), wanted);
    }

    #[test]
    fn a_sweep_tells_new_posts_from_known_ones() {
        let found = [empty(1), message(2, "", film()), message(3, "", None), message(4, "", film()), empty(5)];
        let wanted = [("edited", vec![2]), ("text", vec![3]), ("posted", vec![4]), ("gone", vec![1])];
        assert_eq!(brief(&swept(chat(), &found, 3)), wanted);
        assert_eq!(newest(&found), 4, "5 may be given away yet");
        assert_eq!(brief(&swept(chat(), &found, 0)), [("posted", vec![2]), ("text", vec![3]), ("posted", vec![4])]);
    }
}
