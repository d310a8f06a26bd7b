//! The languages that there are texts in.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::{CharacterDirection, LanguageIdentifier};

/// A language with a file in `locales`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language(usize);

/// Code and text of each file, by code; `build.rs` makes the list.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/locales.rs"));

const fn english() -> usize {
    let mut at = 0;
    while at < FILES.len() {
        if matches!(FILES[at].0.as_bytes(), b"en") {
            return at;
        }
        at += 1;
    }
    panic!("locales/en.ftl is missing")
}

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> =
    LazyLock::new(|| FILES.iter().map(|(code, text)| bundle(code, text)).collect());

/// What can be read of a file; a test reads all of each.
fn bundle(code: &str, text: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![code.parse().unwrap_or_default()]);
    // Invisible marks around values would end up in what people copy.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable);
    bundle.add_resource_overriding(resource);
    bundle
}

impl Language {
    pub const ENGLISH: Self = Self(english());

    /// Every language, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..FILES.len()).map(Self)
    }

    /// The language that serves somebody whose app says `tag` (`pt-BR`, `zh_Hant`), English where none does.
    pub fn of_tag(tag: &str) -> Self {
        Self::named(tag).unwrap_or(Self::ENGLISH)
    }

    /// The same; `None` where there is none.
    pub fn named(tag: &str) -> Option<Self> {
        let wanted: LanguageIdentifier = tag.parse().ok()?;
        let exact = Self::all().find(|language| language.identifier() == wanted);
        exact.or_else(|| Self::all().find(|language| language.identifier().language == wanted.language))
    }

    pub fn code(self) -> &'static str {
        FILES[self.0].0
    }

    /// Whether it is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        self.identifier().character_direction() == CharacterDirection::RTL
    }

    fn identifier(self) -> LanguageIdentifier {
        self.code().parse().unwrap_or_default()
    }

    /// `None` when its file lacks the text, or lacks a value for it.
    pub(super) fn say(self, id: &str, values: &FluentArgs<'_>) -> Option<String> {
        let bundle = &BUNDLES[self.0];
        let pattern = bundle.get_message(id)?.value()?;
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, Some(values), &mut errors).into_owned();
        errors.is_empty().then_some(said)
    }

    #[cfg(test)]
    pub(super) fn file(self) -> &'static str {
        FILES[self.0].1
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::ENGLISH
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
