//! Floor 1, pure: what people read, in their language. One file for each language stands in `locales/`, written in Fluent
//! (<https://projectfluent.org>); English is the complete one, and what another file lacks is said in English.
//!
//! ```text
//! text("files-none").to_string_in(language)
//! text("added").with("count", 3).to_string_in(language)      the file has a form for each plural of its language
//! ```
//!
//! Names and titles that come from outside go in as values and are never read as Fluent. Nothing here knows where a text goes: it
//! is plain, and whoever shows it escapes it.

mod language;
pub mod reasons;

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};

pub use language::Language;

/// Something to say, in whatever language.
#[derive(Clone, Debug)]
pub struct Text {
    id: &'static str,
    values: Vec<(&'static str, Value)>,
}

/// What stands in a text's place of that name.
#[derive(Clone, Debug)]
pub enum Value {
    /// Decides the plural where the language has several.
    Count(u64),
    Words(String),
    /// Said in the same language.
    Text(Box<Text>),
}

/// The text of that id in `locales/en.ftl`; a test holds every id in the code against the file.
pub fn text(id: &'static str) -> Text {
    Text { id, values: Vec::new() }
}

impl Text {
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    pub fn to_string_in(&self, language: Language) -> String {
        let mut values = FluentArgs::with_capacity(self.values.len());
        for (name, value) in &self.values {
            let value = match value {
                Value::Count(count) => FluentValue::from(*count),
                Value::Words(words) => FluentValue::from(words.as_str()),
                Value::Text(text) => FluentValue::String(Cow::Owned(text.to_string_in(language))),
            };
            values.set(*name, value);
        }
        let said = language.say(self.id, &values).or_else(|| Language::ENGLISH.say(self.id, &values));
        // Only a text that nobody wrote gets here, and the test of ids would have failed.
        said.unwrap_or_else(|| self.id.to_owned())
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<String> for Value {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(Box::new(text))
    }
}

#[cfg(test)]
mod tests;
