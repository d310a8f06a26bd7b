//! What the main bot says: messages with a keyboard, answers to buttons and to inline queries, and its commands.

use std::time::Duration;

use grammers_client::message;
use grammers_tl_types as tl;

use super::arrival::PressId;
use super::text::Text;
use crate::domain::telegram_id::UserId;

/// A message of the main bot's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    pub text: Text,
    /// Rows of buttons below the text.
    pub keyboard: Vec<Vec<Button>>,
    /// A message of the same chat that it answers. One that is gone meanwhile is not an error.
    pub reply_to: Option<i32>,
    /// It arrives without a sound.
    pub is_silent: bool,
    /// The press that it answers. Ephemeral messages that answer one are more certain to be seen.
    pub press: Option<PressId>,
    pub urgency: Urgency,
    /// Of all messages to one place that carry the same name here, one is ever shown, whatever crashes in between: answers carry the
    /// key of what they answer.
    pub once: Option<String>,
}

/// Whether somebody waits for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Urgency {
    /// An answer: it goes before everything that is not.
    #[default]
    Answer,
    /// One of many that go to everybody: it leaves room for answers.
    Broadcast,
}

impl Outgoing {
    /// The same with one more row of buttons.
    pub fn row(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let row: Vec<_> = buttons.into_iter().collect();
        if !row.is_empty() {
            self.keyboard.push(row);
        }
        self
    }

    /// The same with these buttons, each in a row of its own.
    pub fn column(self, buttons: impl IntoIterator<Item = Button>) -> Self {
        buttons.into_iter().fold(self, |message, button| message.row([button]))
    }

    pub fn replying_to(mut self, message: i32) -> Self {
        self.reply_to = Some(message);
        self
    }
}

impl<T: Into<Text>> From<T> for Outgoing {
    fn from(text: T) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// A button below a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub does: ButtonAction,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ButtonAction {
    /// Opens an address. Telegram makes no buttons of such as http://localhost: those are sent as text.
    Open(String),
    /// Comes back as a [`Press`](super::Press).
    Press(PressData),
    /// Copies a text of at most 256 characters.
    Copy(String),
    /// Begins an inline query of the bot, in this chat or in one that the person chooses.
    SwitchInline { query: String, is_here: bool },
    /// Opens a page (https) inside Telegram; in private chats only.
    WebApp(String),
}

impl Button {
    pub fn open(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { label: label.into(), does: ButtonAction::Open(url.into()) }
    }

    pub fn press(label: impl Into<String>, data: PressData) -> Self {
        Self { label: label.into(), does: ButtonAction::Press(data) }
    }

    pub fn copy(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), does: ButtonAction::Copy(text.into()) }
    }

    pub fn switch_inline(label: impl Into<String>, query: impl Into<String>, is_here: bool) -> Self {
        Self { label: label.into(), does: ButtonAction::SwitchInline { query: query.into(), is_here } }
    }

    pub fn web_app(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { label: label.into(), does: ButtonAction::WebApp(url.into()) }
    }

    pub(super) fn url(&self) -> Option<&str> {
        match &self.does {
            ButtonAction::Open(url) | ButtonAction::WebApp(url) => Some(url),
            _ => None,
        }
    }

    fn to_tl(&self) -> tl::enums::KeyboardInlineButton {
        use message::Button as B;
        let label = self.label.as_str();
        match &self.does {
            ButtonAction::Open(url) => B::url(label, url).raw,
            ButtonAction::Press(data) => B::data(label, data.0.as_slice()).raw,
            ButtonAction::SwitchInline { query, is_here: true } => B::switch(label, query).raw,
            ButtonAction::SwitchInline { query, is_here: false } => B::switch_elsewhere(label, query).raw,
            ButtonAction::WebApp(url) => B::webview(label, url).raw,
            // grammers-client has none for it.
            ButtonAction::Copy(text) => {
                let kind = tl::types::InlineButtonTypeCopy { copy_text: text.clone() };
                tl::types::KeyboardInlineButton { style: None, text: label.to_owned(), r#type: kind.into() }.into()
            }
        }
    }
}

/// What a button brings back: 1 to 64 bytes (core.telegram.org/bots/api#inlinekeyboardbutton). Whoever reads it trusts nothing in it:
/// a changed app can press with bytes of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PressData(Vec<u8>);

impl PressData {
    /// `None` when it is empty or longer than 64 bytes.
    pub fn new(data: impl Into<Vec<u8>>) -> Option<Self> {
        let data = data.into();
        (1..=64).contains(&data.len()).then_some(Self(data))
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// `None` when it is no text, which nothing of ours is.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

pub(super) fn markup(keyboard: &[Vec<Button>]) -> Option<tl::enums::ReplyMarkup> {
    let row = |row: &Vec<Button>| {
        let buttons = row.iter().map(Button::to_tl).collect();
        tl::types::KeyboardInlineButtonRow { buttons }.into()
    };
    let rows: Vec<_> = keyboard.iter().map(row).collect();
    (!rows.is_empty()).then(|| tl::types::ReplyInlineMarkup { force_reply: false, rows }.into())
}

/// What a person sees who pressed a button. Until it is sent, their button turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PressAnswer {
    /// Nothing; the button stops turning.
    Quiet,
    /// A line that goes away by itself. At most 200 characters.
    Toast(String),
    /// A window to be closed. At most 200 characters.
    Alert(String),
    /// Opens `https://t.me/{our bot}?start=…`; Telegram takes no other addresses.
    Open(String),
}

/// What is shown to a person who wrote `@bot something`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InlineAnswer {
    /// At most 50.
    pub results: Vec<InlineResult>,
    /// Asks for the next results with this offset; at most 64 bytes.
    pub next_offset: Option<String>,
    /// How long Telegram may give the same answer to the same question. Results that only this person may see are always
    /// [`is_personal`](Self::is_personal).
    pub cache: Duration,
    pub is_personal: bool,
    /// A line above the results that opens the private chat with `/start {parameter}`.
    pub start: Option<(String, String)>,
}

/// One result: what the list shows, and the message that choosing it sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineResult {
    /// 1 to 64 bytes, each once.
    pub id: String,
    pub title: String,
    pub description: String,
    /// A picture for the list, an address that Telegram can reach.
    pub picture: Option<String>,
    pub message: Text,
    pub keyboard: Vec<Vec<Button>>,
}

/// A command that Telegram's apps offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotCommand {
    /// Without `/`: 1 to 32 of a-z, 0-9 and `_`.
    pub name: String,
    /// 1 to 256 characters.
    pub description: String,
}

/// Whom commands are offered to. The narrowest that has some counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandScope {
    Everywhere,
    PrivateChats,
    Groups,
    Person(UserId),
}
