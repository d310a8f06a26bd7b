//! A name as tokens: words with what stood between them and the bracket they stand in.
//!
//! ```text
//! [GRP] Some_Film - 02.5 (1080p)
//!  ---  ---- ----   -- -  -----      tokens, each knowing the gap before it
//!  [1]                     (2)       brackets, numbered from 1; 0 is outside of all
//! ```
//!
//! Every separator splits, hyphens and dots too: `WEB-DL`, `WEB.DL` and `WEB DL` are then the same two tokens, and what
//! belongs together is found by the passes that follow. Titles are cut from the source text, so nothing is lost.

mod cut;
mod figures;
mod gap;
pub mod plain;

pub use figures::{digit, leading_number};
pub use gap::Gap;

use crate::words::{self, Class, Entry};

/// A word of the name. Offsets are bytes into [`Text::source`].
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub start: usize,
    pub end: usize,
    /// What stands before it.
    pub gap: Gap,
    /// The innermost bracket around it; 0 outside.
    pub bracket: u16,
    /// What is known of it in lower case.
    pub entry: &'static Entry,
}

/// A name in tokens.
#[derive(Debug)]
pub struct Text<'a> {
    pub source: &'a str,
    /// The source in lower case with the same byte offsets.
    low: String,
    pub tokens: Vec<Token>,
    /// The bracket around each bracket, by its number from 1.
    parents: Vec<u16>,
    /// Pluses stand for spaces, as in an address: `Some+Film+2019`.
    plus_is_blank: bool,
}

impl<'a> Text<'a> {
    pub fn new(source: &'a str) -> Self {
        let plus_is_blank = !source.contains([' ', '_', '.']) && source.bytes().filter(|b| *b == b'+').count() >= 2;
        let mut text =
            Self { source, low: lower(source), tokens: Vec::with_capacity(24), parents: Vec::new(), plus_is_blank };
        text.cut();
        text
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The token in lower case; empty past the end.
    pub fn low(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |t| &self.low[t.start..t.end])
    }

    /// The token as written; empty past the end.
    pub fn raw(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |t| &self.source[t.start..t.end])
    }

    /// What is known of the token; nothing past the end.
    pub fn entry(&self, index: usize) -> &'static Entry {
        self.tokens.get(index).map_or_else(|| words::entry(""), |t| t.entry)
    }

    /// Whether the token has this meaning.
    pub fn is(&self, index: usize, class: Class) -> bool {
        self.tokens.get(index).is_some_and(|t| t.entry.is(class))
    }

    /// The token stands right behind a round bracket that opens.
    pub fn opens_round(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|t| t.bracket != 0 && self.source[..t.start].ends_with('('))
    }

    /// What stands between two neighbours, as a person would have typed it.
    pub fn between(&self, index: usize) -> std::borrow::Cow<'a, str> {
        let between = &self.source[self.tokens[index - 1].end..self.tokens[index].start];
        if self.plus_is_blank || between.contains('%') {
            between.replace("%20", " ").replace('+', " ").into()
        } else {
            between.into()
        }
    }

    /// Words are parted by spaces, so dots inside them are meant.
    pub fn is_spaced(&self) -> bool {
        self.plus_is_blank || self.source.contains(' ') || self.source.contains("%20")
    }

    /// The gap before a token. At the end of the name it is a closing one.
    pub fn gap(&self, index: usize) -> Gap {
        self.tokens.get(index).map_or(Gap::CLOSE, |t| t.gap)
    }

    /// The innermost bracket around the token; 0 outside and past the end.
    pub fn bracket(&self, index: usize) -> u16 {
        self.tokens.get(index).map_or(0, |t| t.bracket)
    }

    /// The bracket around a bracket; 0 is the outside.
    fn parent(&self, bracket: u16) -> u16 {
        self.parents[usize::from(bracket) - 1]
    }

    /// The outermost bracket around a token; 0 outside.
    pub fn outer_bracket(&self, index: usize) -> u16 {
        let mut bracket = self.bracket(index);
        while bracket != 0 && self.parent(bracket) != 0 {
            bracket = self.parent(bracket);
        }
        bracket
    }

    /// The token behind the last one of the outermost bracket that holds `index`.
    pub fn bracket_end(&self, index: usize) -> usize {
        let bracket = self.outer_bracket(index);
        let mut end = index;
        while end < self.len() && bracket != 0 && self.outer_bracket(end) == bracket {
            end += 1;
        }
        end.max(index + 1)
    }

    /// The number that a token is, when it is nothing else.
    pub fn number(&self, index: usize) -> Option<u32> {
        let low = self.low(index);
        if low.is_empty() || low.len() > 8 || !low.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        low.parse().ok()
    }
}

/// Lower case that keeps every byte offset: a character whose lower case has another length stays as it is.
pub fn lower(source: &str) -> String {
    if source.is_ascii() {
        return source.to_ascii_lowercase();
    }
    let mut low = String::with_capacity(source.len());
    for c in source.chars() {
        let mut lowered = c.to_lowercase();
        match (lowered.next(), lowered.next()) {
            (Some(l), None) if l.len_utf8() == c.len_utf8() => low.push(l),
            _ => low.push(c),
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        let text = Text::new(source);
        (0..text.len()).map(|i| text.raw(i).to_owned()).collect()
    }

    #[test]
    fn words_are_parted_at_every_separator() {
        assert_eq!(words("A.Film_Name - 2 [WEB-DL]"), ["A", "Film", "Name", "2", "WEB", "DL"]);
        assert_eq!(words("Tamil+Telugu HDR10+ DD+5.1"), ["Tamil", "Telugu", "HDR10+", "DD+5", "1"]);
        assert_eq!(words("🔥Leo🔥"), ["Leo"]);
        assert_eq!(words("x264@channel iDOL@TRY"), ["x264", "@channel", "iDOL@TRY"]);
        assert_eq!(words("दंगल"), ["दंगल"]);
    }

    #[test]
    fn brackets_nest_and_unclosed_ones_are_text() {
        let text = Text::new("[a (b) c] d (e");
        assert_eq!((0..5).map(|i| text.bracket(i)).collect::<Vec<_>>(), [1, 2, 1, 0, 0]);
        assert_eq!(text.outer_bracket(1), 1);
        assert_eq!(text.bracket_end(0), 3);
    }
}
