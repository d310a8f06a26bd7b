//! What a message says and how it looks. A [`Text`] is put together piece by piece, and only the pieces' makers say what is bold or
//! a link: what people wrote is never read as markup, so a file called `<b>` or `[x](y)` is shown as it is.
//!
//! Telegram counts in UTF-16 units and takes 4,096 of them in a message (core.telegram.org/method/messages.sendMessage).

use std::ops::Range;

use grammers_tl_types as tl;

/// The most that one message holds, in UTF-16 units.
pub const LONGEST: usize = 4_096;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    plain: String,
    /// In the order of their beginnings; none is empty.
    spans: Vec<Span>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    /// In bytes of the plain text, on the bounds of characters.
    range: Range<usize>,
    style: Style,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Style {
    Bold,
    Italic,
    Code,
    Link(String),
}

impl Text {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn plain(mut self, piece: &str) -> Self {
        self.plain.push_str(piece);
        self
    }

    pub fn bold(self, piece: &str) -> Self {
        self.styled(piece, Style::Bold)
    }

    pub fn italic(self, piece: &str) -> Self {
        self.styled(piece, Style::Italic)
    }

    /// Letters of one width; a touch copies them.
    pub fn code(self, piece: &str) -> Self {
        self.styled(piece, Style::Code)
    }

    /// Words that lead to an address.
    pub fn link(self, piece: &str, url: &str) -> Self {
        self.styled(piece, Style::Link(url.to_owned()))
    }

    /// The same with another text behind it.
    pub fn then(mut self, other: &Self) -> Self {
        let shift = self.plain.len();
        self.plain.push_str(&other.plain);
        self.spans.extend(other.spans.iter().map(|span| span.moved(|at| at + shift)));
        self
    }

    /// Without its looks.
    pub fn as_str(&self) -> &str {
        &self.plain
    }

    pub fn is_empty(&self) -> bool {
        self.plain.trim().is_empty()
    }

    fn styled(mut self, piece: &str, style: Style) -> Self {
        let begin = self.plain.len();
        self.plain.push_str(piece);
        if !piece.trim().is_empty() {
            self.spans.push(Span { range: begin..self.plain.len(), style });
        }
        self
    }

    /// In messages of at most `limit` UTF-16 units: cut between paragraphs where there is one, or else between lines, words or
    /// characters. The blanks at a cut are left out.
    pub(super) fn split(&self, limit: usize) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut begin = 0;
        while begin < self.plain.len() {
            let end = begin + cut(&self.plain[begin..], limit);
            let part = self.part(begin..end);
            if !part.is_empty() {
                parts.push(part);
            }
            begin = end;
        }
        parts
    }

    /// A run of it without the blanks around.
    fn part(&self, range: Range<usize>) -> Self {
        let run = &self.plain[range.clone()];
        let begin = range.start + run.len() - run.trim_start().len();
        let end = begin + run.trim().len();
        let inside = |span: &Span| {
            let (from, to) = (span.range.start.max(begin), span.range.end.min(end));
            (from < to).then(|| Span { range: from - begin..to - begin, style: span.style.clone() })
        };
        Self { plain: self.plain[begin..end].to_owned(), spans: self.spans.iter().filter_map(inside).collect() }
    }

    pub(super) fn entities(&self) -> Option<Vec<tl::enums::MessageEntity>> {
        let entity = |span: &Span| {
            let offset = units(&self.plain[..span.range.start]) as i32;
            let length = units(&self.plain[span.range.clone()]) as i32;
            match &span.style {
                Style::Bold => tl::types::MessageEntityBold { offset, length }.into(),
                Style::Italic => tl::types::MessageEntityItalic { offset, length }.into(),
                Style::Code => tl::types::MessageEntityCode { offset, length }.into(),
                Style::Link(url) => tl::types::MessageEntityTextUrl { offset, length, url: url.clone() }.into(),
            }
        };
        let entities: Vec<_> = self.spans.iter().map(entity).collect();
        (!entities.is_empty()).then_some(entities)
    }
}

impl Span {
    fn moved(&self, by: impl Fn(usize) -> usize) -> Self {
        Self { range: by(self.range.start)..by(self.range.end), style: self.style.clone() }
    }
}

impl From<String> for Text {
    fn from(plain: String) -> Self {
        Self { plain, spans: Vec::new() }
    }
}

impl From<&str> for Text {
    fn from(plain: &str) -> Self {
        plain.to_owned().into()
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// How many bytes go into the first message.
fn cut(text: &str, limit: usize) -> usize {
    let mut used = 0;
    let Some((end, _)) = text.char_indices().find(|(_, c)| {
        used += c.len_utf16();
        used > limit
    }) else {
        return text.len();
    };
    let fits = &text[..end];
    // A very short first message would look like an accident: a paragraph that ends in the last three quarters will do.
    let late = |at: &usize| *at > end / 4;
    let after = |mark: &str| fits.rfind(mark).map(|at| at + mark.len()).filter(late);
    after("\n\n")
        .or_else(|| after("\n"))
        .or_else(|| after(" "))
        .unwrap_or(end.max(text.chars().next().map_or(1, char::len_utf8)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_counted_in_utf16_units() {
        let text =
            Text::new().plain("🎬 ").bold("Núria").plain(" · ").link("<b>", "https://films.example.org/").code(" ");
        assert_eq!(text.as_str(), "🎬 Núria · <b> ");
        let bold = tl::types::MessageEntityBold { offset: 3, length: 5 };
        let link =
            tl::types::MessageEntityTextUrl { offset: 11, length: 3, url: "https://films.example.org/".to_owned() };
        assert_eq!(text.entities(), Some(vec![bold.into(), link.into()]));
        assert_eq!(Text::from("plain").entities(), None);
    }

    #[test]
    fn what_is_too_long_is_cut_where_it_hurts_least() {
        let cases: [(&str, usize, &[&str]); 7] = [
            ("one", 3, &["one"]),
            ("first\n\nsecond\nthird", 14, &["first", "second\nthird"]),
            ("first line\nsecond", 14, &["first line", "second"]),
            ("many words here", 10, &["many", "words here"]),
            ("unbreakable", 4, &["unbr", "eaka", "ble"]),
            // Each of them counts twice.
            ("🎬🎬🎬", 5, &["🎬🎬", "🎬"]),
            ("  \n\n  ", 3, &[]),
        ];
        for (text, limit, wanted) in cases {
            let parts = Text::from(text).split(limit);
            assert_eq!(parts.iter().map(Text::as_str).collect::<Vec<_>>(), wanted, "{text:?}");
        }
    }

    #[test]
    fn looks_go_with_their_words_over_a_cut() {
        let text = Text::new().plain("ab ").bold("cd ef").plain(" gh");
        let parts = text.split(6);
        assert_eq!(parts, [Text::new().plain("ab ").bold("cd"), Text::new().bold("ef").plain(" gh")]);
    }

    #[test]
    fn nothing_is_lost_however_it_is_cut() {
        let text = Text::from("äöü 🎬\nend of it\n\n".repeat(900));
        for limit in [1, 2, 7, 100, LONGEST] {
            let parts = text.split(limit);
            assert!(parts.iter().all(|part| units(part.as_str()) <= limit.max(2)));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(parts.iter().map(|part| letters(part.as_str())).collect::<String>(), letters(text.as_str()));
        }
    }
}
