//! What the main bot says, as requests.

use grammers_tl_types as tl;
use tl::functions as f;

use super::arrival::{InlineQueryId, PressId};
use super::outgoing::{BotCommand, CommandScope, InlineAnswer, InlineResult, Outgoing, PressAnswer, markup};
use super::text::Text;
use crate::domain::telegram_id::UserId;

/// Where a vault keeps what lets a bot address a person.
pub fn hash_key(bot: UserId, person: UserId) -> String {
    format!("telegram/bot/{bot}/person/{person}")
}

/// A message's words, once they fit into one.
pub struct Words<'w> {
    pub text: &'w Text,
    pub keyboard: Option<tl::enums::ReplyMarkup>,
}

pub fn send(
    peer: tl::enums::InputPeer,
    words: &Words<'_>,
    outgoing: &Outgoing,
    random_id: i64,
) -> f::messages::SendMessage {
    f::messages::SendMessage {
        no_webpage: true,
        silent: outgoing.is_silent,
        background: false,
        clear_draft: false,
        noforwards: false,
        update_stickersets_order: false,
        invert_media: false,
        allow_paid_floodskip: false,
        peer,
        reply_to: outgoing.reply_to.map(reply_to),
        message: words.text.as_str().to_owned(),
        random_id,
        reply_markup: words.keyboard.clone(),
        entities: words.text.entities(),
        schedule_date: None,
        schedule_repeat_period: None,
        send_as: None,
        quick_reply_shortcut: None,
        effect: None,
        allow_paid_stars: None,
        suggested_post: None,
        rich_message: None,
    }
}

pub fn send_media(
    peer: tl::enums::InputPeer,
    media: tl::enums::InputMedia,
    words: &Words<'_>,
    outgoing: &Outgoing,
    random_id: i64,
) -> f::messages::SendMedia {
    f::messages::SendMedia {
        silent: outgoing.is_silent,
        background: false,
        clear_draft: false,
        noforwards: false,
        update_stickersets_order: false,
        invert_media: false,
        allow_paid_floodskip: false,
        peer,
        reply_to: outgoing.reply_to.map(reply_to),
        media,
        message: words.text.as_str().to_owned(),
        random_id,
        reply_markup: words.keyboard.clone(),
        entities: words.text.entities(),
        schedule_date: None,
        schedule_repeat_period: None,
        send_as: None,
        quick_reply_shortcut: None,
        effect: None,
        allow_paid_stars: None,
        suggested_post: None,
    }
}

fn reply_to(message: i32) -> tl::enums::InputReplyTo {
    tl::types::InputReplyToMessage {
        reply_to_msg_id: message,
        top_msg_id: None,
        reply_to_peer_id: None,
        quote_text: None,
        quote_entities: None,
        quote_offset: None,
        monoforum_peer_id: None,
        todo_item_id: None,
        poll_option: None,
    }
    .into()
}

pub fn send_ephemeral(
    group: tl::enums::InputPeer,
    receiver: tl::enums::InputUser,
    words: &Words<'_>,
    outgoing: &Outgoing,
    random_id: i64,
) -> f::ephemeral::SendMessage {
    f::ephemeral::SendMessage {
        invert_media: false,
        welcome: false,
        anchor: false,
        noforwards: false,
        peer: Some(group),
        receiver_id: receiver,
        query_id: outgoing.press.map(|press| press.0),
        message: words.text.as_str().to_owned(),
        entities: words.text.entities(),
        media: None,
        reply_markup: words.keyboard.clone(),
        rich_message: None,
        random_id,
        reply_to: outgoing.reply_to.map(reply_to),
    }
}

pub fn edit(peer: tl::enums::InputPeer, id: i32, words: &Words<'_>) -> f::messages::EditMessage {
    f::messages::EditMessage {
        no_webpage: true,
        invert_media: false,
        peer,
        id,
        message: Some(words.text.as_str().to_owned()),
        media: None,
        reply_markup: words.keyboard.clone(),
        entities: words.text.entities(),
        schedule_date: None,
        schedule_repeat_period: None,
        quick_reply_shortcut_id: None,
        rich_message: None,
    }
}

pub fn edit_ephemeral(
    group: tl::enums::InputPeer,
    receiver: tl::enums::InputUser,
    id: i32,
    words: &Words<'_>,
) -> f::ephemeral::EditMessage {
    f::ephemeral::EditMessage {
        invert_media: false,
        welcome: false,
        peer: Some(group),
        receiver_id: receiver,
        id,
        message: Some(words.text.as_str().to_owned()),
        media: None,
        entities: words.text.entities(),
        reply_markup: words.keyboard.clone(),
        rich_message: None,
    }
}

pub fn forward(
    from: tl::enums::InputPeer,
    ids: Vec<i32>,
    to: tl::enums::InputPeer,
    random_ids: Vec<i64>,
) -> f::messages::ForwardMessages {
    f::messages::ForwardMessages {
        silent: true,
        background: false,
        with_my_score: false,
        // A copy says nothing of where it comes from.
        drop_author: true,
        drop_media_captions: false,
        noforwards: false,
        allow_paid_floodskip: false,
        from_ephemeral: false,
        from_peer: from,
        id: ids,
        random_id: random_ids,
        to_peer: to,
        top_msg_id: None,
        reply_to: None,
        schedule_date: None,
        schedule_repeat_period: None,
        send_as: None,
        quick_reply_shortcut: None,
        effect: None,
        video_timestamp: None,
        allow_paid_stars: None,
        suggested_post: None,
    }
}

pub fn answer_press(press: PressId, answer: &PressAnswer) -> f::messages::SetBotCallbackAnswer {
    let (message, url, alert) = match answer {
        PressAnswer::Quiet => (None, None, false),
        PressAnswer::Toast(text) => (Some(shortened(text)), None, false),
        PressAnswer::Alert(text) => (Some(shortened(text)), None, true),
        PressAnswer::Open(url) => (None, Some(url.clone()), false),
    };
    f::messages::SetBotCallbackAnswer { alert, query_id: press.0, message, url, cache_time: 0 }
}

/// Telegram takes 200 characters (core.telegram.org/bots/api#answercallbackquery).
fn shortened(text: &str) -> String {
    match text.char_indices().nth(199) {
        Some((at, _)) if text.chars().count() > 200 => format!("{}…", &text[..at]),
        _ => text.to_owned(),
    }
}

pub fn answer_inline(query: InlineQueryId, answer: &InlineAnswer) -> f::messages::SetInlineBotResults {
    let start = answer.start.as_ref().map(|(text, parameter)| {
        tl::types::InlineBotSwitchPm { text: text.clone(), start_param: parameter.clone() }.into()
    });
    f::messages::SetInlineBotResults {
        gallery: false,
        private: answer.is_personal,
        query_id: query.0,
        results: answer.results.iter().map(inline_result).collect(),
        cache_time: i32::try_from(answer.cache.as_secs()).unwrap_or(i32::MAX),
        next_offset: answer.next_offset.clone(),
        switch_pm: start,
        switch_webview: None,
    }
}

fn inline_result(result: &InlineResult) -> tl::enums::InputBotInlineResult {
    let message = tl::types::InputBotInlineMessageText {
        no_webpage: true,
        invert_media: false,
        message: result.message.as_str().to_owned(),
        entities: result.message.entities(),
        reply_markup: markup(&result.keyboard),
    };
    let picture = |url: &String| {
        let document = tl::types::InputWebDocument {
            url: url.clone(),
            size: 0,
            mime_type: "image/jpeg".to_owned(),
            attributes: Vec::new(),
        };
        document.into()
    };
    tl::types::InputBotInlineResult {
        id: result.id.clone(),
        r#type: "article".to_owned(),
        title: Some(result.title.clone()),
        description: (!result.description.is_empty()).then(|| result.description.clone()),
        url: None,
        thumb: result.picture.as_ref().map(picture),
        content: None,
        send_message: message.into(),
    }
    .into()
}

pub fn set_commands(
    scope: CommandScope,
    peer_of: impl Fn(UserId) -> tl::enums::InputPeer,
    language: &str,
    commands: &[BotCommand],
) -> f::bots::SetBotCommands {
    use tl::enums::BotCommandScope as S;
    let scope = match scope {
        CommandScope::Everywhere => S::Default,
        CommandScope::PrivateChats => S::Users,
        CommandScope::Groups => S::Chats,
        CommandScope::Person(person) => tl::types::BotCommandScopePeer { peer: peer_of(person) }.into(),
    };
    let command = |command: &BotCommand| {
        let (command, description) = (command.name.clone(), command.description.clone());
        tl::types::BotCommand { ephemeral: false, command, description }.into()
    };
    f::bots::SetBotCommands { scope, lang_code: language.to_owned(), commands: commands.iter().map(command).collect() }
}

/// The ids that a call gave to new messages, by the random ids that it sent.
pub fn new_ids(updates: &tl::enums::Updates) -> Vec<(Option<i64>, i32)> {
    use tl::enums::{Update, Updates as U};
    let all = match updates {
        U::Updates(u) => &u.updates,
        U::Combined(u) => &u.updates,
        // What a private text is usually answered with.
        U::UpdateShortSentMessage(u) => return vec![(None, u.id)],
        _ => return Vec::new(),
    };
    let id = |update: &Update| match update {
        Update::MessageId(u) => Some((Some(u.random_id), u.id)),
        Update::NewEphemeralMessage(u) => {
            let tl::enums::EphemeralMessage::Message(message) = &u.message;
            Some((None, message.id))
        }
        _ => None,
    };
    all.iter().filter_map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_messages_are_known_however_telegram_tells() {
        let short = tl::types::UpdateShortSentMessage {
            out: true,
            id: 5,
            pts: 9,
            pts_count: 1,
            date: 0,
            media: None,
            entities: None,
            ttl_period: None,
        };
        assert_eq!(new_ids(&short.into()), [(None, 5)]);
        let updates = vec![
            tl::types::UpdateMessageId { id: 7, random_id: 70 }.into(),
            tl::enums::Update::Config,
            tl::types::UpdateMessageId { id: 8, random_id: 80 }.into(),
        ];
        let many = tl::types::Updates { updates, users: Vec::new(), chats: Vec::new(), date: 0, seq: 0 };
        assert_eq!(new_ids(&many.into()), [(Some(70), 7), (Some(80), 8)]);
        assert_eq!(new_ids(&tl::enums::Updates::TooLong), []);
    }

    #[test]
    fn a_toast_is_cut_at_two_hundred_characters() {
        assert_eq!(shortened(&"ä".repeat(200)), "ä".repeat(200));
        assert_eq!(shortened(&"ä".repeat(201)), format!("{}…", "ä".repeat(199)));
    }
}
