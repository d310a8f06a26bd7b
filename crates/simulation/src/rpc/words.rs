//! What a bot writes, as TL says it -> words: text with its looks, and the keyboard below.

use grammers_tl_types as tl;

use crate::post::{Button, ButtonAction, Entity};
use crate::refusal::Refusal;

/// Telegram's limits on a keyboard under a message (core.telegram.org/constructor/replyInlineMarkup, and what it answers).
const MOST_BUTTONS: usize = 100;
const MOST_IN_A_ROW: usize = 8;
/// core.telegram.org/bots/api#inlinekeyboardbutton, core.telegram.org/bots/api#copytextbutton
const MOST_DATA: usize = 64;
const LONGEST_COPY: usize = 256;

/// The keyboard that a bot puts under its message. `is_private`: pages inside Telegram are for private chats only.
pub(super) fn keyboard(markup: Option<tl::enums::ReplyMarkup>, is_private: bool) -> Result<Vec<Vec<Button>>, Refusal> {
    let rows = match markup {
        None => return Ok(Vec::new()),
        Some(tl::enums::ReplyMarkup::ReplyInlineMarkup(markup)) => markup.rows,
        Some(_) => return Err(Refusal::bad("REPLY_MARKUP_INVALID")),
    };
    let rows: Vec<Vec<Button>> = rows
        .into_iter()
        .map(|tl::enums::KeyboardInlineButtonRow::Row(row)| row.buttons.into_iter().map(button).collect())
        .collect::<Result<_, _>>()?;
    let is_too_large =
        rows.iter().map(Vec::len).sum::<usize>() > MOST_BUTTONS || rows.iter().any(|row| row.len() > MOST_IN_A_ROW);
    if is_too_large {
        return Err(Refusal::bad("REPLY_MARKUP_TOO_LONG"));
    }
    match !is_private && rows.iter().flatten().any(|button| matches!(button.does, ButtonAction::WebApp(_))) {
        true => Err(Refusal::bad("BUTTON_TYPE_INVALID")),
        false => Ok(rows),
    }
}

fn button(button: tl::enums::KeyboardInlineButton) -> Result<Button, Refusal> {
    use tl::enums::InlineButtonType as T;
    let tl::enums::KeyboardInlineButton::Button(button) = button;
    if button.text.trim().is_empty() {
        return Err(Refusal::bad("BUTTON_TEXT_INVALID"));
    }
    let does = match button.r#type {
        T::Url(kind) if opens(&kind.url, false) => ButtonAction::Url(kind.url),
        T::WebView(kind) if opens(&kind.url, true) => ButtonAction::WebApp(kind.url),
        T::Url(_) | T::WebView(_) => return Err(Refusal::bad("BUTTON_URL_INVALID")),
        T::Callback(kind) if (1..=MOST_DATA).contains(&kind.data.len()) => ButtonAction::Data(kind.data),
        T::Callback(_) => return Err(Refusal::bad("BUTTON_DATA_INVALID")),
        T::Copy(kind) if (1..=LONGEST_COPY).contains(&kind.copy_text.chars().count()) => {
            ButtonAction::Copy(kind.copy_text)
        }
        T::Copy(_) => return Err(Refusal::bad("BUTTON_COPY_TEXT_INVALID")),
        T::SwitchInline(kind) if kind.same_peer => ButtonAction::SwitchInlineHere(kind.query),
        T::SwitchInline(kind) => ButtonAction::SwitchInline(kind.query),
        _ => return Err(Refusal::bad("BUTTON_TYPE_INVALID")),
    };
    Ok(Button { text: button.text, does })
}

/// Telegram takes http, https and tg addresses; a host without a dot, `localhost` among them, is refused. Pages inside Telegram
/// come over https.
fn opens(address: &str, is_page: bool) -> bool {
    let Ok(url) = url::Url::parse(address) else { return false };
    let is_public = || url.host_str().is_some_and(|host| host.contains('.') || host.starts_with('['));
    match url.scheme() {
        "tg" => !is_page,
        "http" => !is_page && is_public(),
        "https" => is_public(),
        _ => false,
    }
}

/// What of a text looks different. Kinds that nobody here sends are kept by the name `other`.
pub(super) fn entities(entities: Option<Vec<tl::enums::MessageEntity>>) -> Result<Vec<Entity>, Refusal> {
    use tl::enums::MessageEntity as E;
    let entity = |entity: E| {
        let (kind, url) = match &entity {
            E::Bold(_) => ("bold", None),
            E::Italic(_) => ("italic", None),
            E::Code(_) => ("code", None),
            E::Pre(_) => ("pre", None),
            E::TextUrl(link) if url::Url::parse(&link.url).is_ok() => ("text_url", Some(link.url.clone())),
            E::TextUrl(_) => return Err(Refusal::bad("ENTITY_TEXTURL_INVALID")),
            _ => ("other", None),
        };
        Ok(Entity { kind: kind.to_owned(), offset: entity.offset(), length: entity.length(), url })
    };
    entities.unwrap_or_default().into_iter().map(entity).collect()
}

/// The message of the same chat that another answers.
pub(super) fn reply_to(reply: Option<tl::enums::InputReplyTo>) -> Result<Option<i32>, Refusal> {
    match reply {
        None => Ok(None),
        Some(tl::enums::InputReplyTo::Message(message)) => Ok(Some(message.reply_to_msg_id)),
        Some(_) => Err(Refusal::bad("REPLY_TO_INVALID")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kind: impl Into<tl::enums::InlineButtonType>, text: &str) -> tl::enums::ReplyMarkup {
        let button = tl::types::KeyboardInlineButton { style: None, text: text.to_owned(), r#type: kind.into() };
        let row = tl::types::KeyboardInlineButtonRow { buttons: vec![button.into()] };
        tl::types::ReplyInlineMarkup { force_reply: false, rows: vec![row.into()] }.into()
    }

    #[test]
    fn buttons_are_checked_as_telegram_checks_them() {
        let data = |len: usize| tl::types::InlineButtonTypeCallback { requires_password: false, data: vec![b'x'; len] };
        let copy = |len: usize| tl::types::InlineButtonTypeCopy { copy_text: "x".repeat(len) };
        let page = |url: &str| tl::types::InlineButtonTypeWebView { url: url.to_owned() };
        let link = |url: &str| tl::types::InlineButtonTypeUrl { url: url.to_owned() };
        for (markup, is_private, wanted) in [
            (shown(data(1), "Ok"), false, None),
            (shown(data(64), "Ok"), false, None),
            (shown(data(0), "Ok"), false, Some("BUTTON_DATA_INVALID")),
            (shown(data(65), "Ok"), false, Some("BUTTON_DATA_INVALID")),
            (shown(data(1), " "), false, Some("BUTTON_TEXT_INVALID")),
            (shown(copy(256), "Ok"), false, None),
            (shown(copy(257), "Ok"), false, Some("BUTTON_COPY_TEXT_INVALID")),
            (shown(page("https://example.org/"), "Ok"), true, None),
            (shown(page("https://example.org/"), "Ok"), false, Some("BUTTON_TYPE_INVALID")),
            (shown(page("http://example.org/"), "Ok"), true, Some("BUTTON_URL_INVALID")),
            (shown(link("http://example.org/"), "Ok"), false, None),
            (shown(link("tg://resolve?domain=x"), "Ok"), false, None),
            (shown(link("http://localhost:8080/"), "Ok"), false, Some("BUTTON_URL_INVALID")),
            (shown(link("file:///etc/passwd"), "Ok"), false, Some("BUTTON_URL_INVALID")),
        ] {
            let got = keyboard(Some(markup.clone()), is_private).err().map(|refusal| refusal.message.into_owned());
            assert_eq!(got.as_deref(), wanted, "{markup:?}");
        }
    }
}
