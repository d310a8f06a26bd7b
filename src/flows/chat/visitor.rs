//! Somebody who is here and asks for something.

use crate::adapters::telegram::{Button, Outgoing, PressData, Text as Formatted};
use crate::domain::person::{Action, Person};
use crate::texts::{Language, Text};

use super::press::Press;

pub(super) struct Visitor {
    pub person: Person,
    pub language: Language,
    /// Unix seconds.
    pub now: i64,
}

impl Visitor {
    /// `app` is the language of their Telegram, which counts until they choose one.
    pub fn new(person: Person, app: Option<&str>, now: i64) -> Self {
        let tag = person.language.as_deref().or(app).unwrap_or_default();
        let language = Language::of_tag(tag);
        Self { person, language, now }
    }

    pub fn say(&self, text: Text) -> String {
        text.to_string_in(self.language)
    }

    /// A message of one text.
    pub fn tell(&self, text: Text) -> Outgoing {
        self.say(text).into()
    }

    pub fn button(&self, label: Text, press: Press) -> Button {
        let data: PressData = press.data();
        Button::press(self.say(label), data)
    }

    pub fn may(&self, action: Action) -> bool {
        self.person.may(action, self.now)
    }

    /// A heading and what stands below it.
    pub fn headed(&self, heading: &str, below: impl AsRef<str>) -> Formatted {
        Formatted::new().bold(heading).plain("\n").plain(below.as_ref())
    }
}
