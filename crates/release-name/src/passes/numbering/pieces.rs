//! Tokens cut into numbers and the letters between them, and what may be asked of them.

use crate::marks::Marks;
use crate::text::{Gap, Text, digit};
use crate::words::{self, Class, Entry};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Number { value: u32, width: u8 },
    Word,
}

/// A number or the letters between numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'t> {
    pub(super) token: usize,
    pub(super) low: &'t str,
    pub(super) kind: Kind,
    /// What is known of it.
    pub(super) entry: &'static Entry,
    /// What stands before it; nothing when it is glued to the piece before.
    pub(super) gap: Gap,
}

/// Cuts the tokens that nothing firm covers.
pub(super) fn cut<'t>(text: &'t Text<'_>, marks: &Marks) -> Vec<Piece<'t>> {
    let mut pieces = Vec::with_capacity(text.len() + 8);
    for token in 0..text.len() {
        let low = text.low(token);
        let mut gap = text.gap(token);
        if marks.is_firm(token) {
            // Stands for "something else": no word and no number of ours.
            pieces.push(Piece { token, low: "", kind: Kind::Word, entry: words::entry(""), gap });
            continue;
        }
        // Most words have no figures.
        if low.bytes().all(|b| b.is_ascii() && !b.is_ascii_digit()) {
            pieces.push(Piece { token, low, kind: Kind::Word, entry: text.entry(token), gap });
            continue;
        }
        let mut rest = low;
        let mut parts = 0;
        while !rest.is_empty() {
            let is_digit = rest.starts_with(is_digit);
            // Long alternations are checksums, not numbering: their tail stays one piece.
            let end = if parts >= 32 {
                rest.len()
            } else if is_digit {
                rest.find(|c| !self::is_digit(c)).unwrap_or(rest.len())
            } else {
                rest.find(self::is_digit).unwrap_or(rest.len())
            };
            let (piece, tail) = rest.split_at(end);
            let kind = if is_digit { number(piece) } else { Kind::Word };
            let piece = if piece.len() == low.len() { piece } else { plain(piece) };
            // A word that is one piece was looked up with its token.
            let entry = match kind {
                Kind::Word if piece.len() != low.len() => words::entry(piece),
                _ => text.entry(token),
            };
            pieces.push(Piece { token, low: piece, kind, entry, gap });
            gap = Gap::NONE;
            rest = tail;
            parts += 1;
        }
    }
    pieces
}

/// Letters between figures as the grammar knows them. The keys of a Cyrillic keyboard hold letters that look like those of `S01E02` and
/// `1x02`, and a sign for the number may hang on its word: `EP#05`.
fn plain(piece: &str) -> &str {
    match piece {
        "×" | "х" => "x",
        "е" => "e",
        _ => piece.strip_suffix('#').filter(|word| !word.is_empty()).unwrap_or(piece),
    }
}

fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

fn number(digits: &str) -> Kind {
    let mut value: u32 = 0;
    let mut width = 0u8;
    for c in digits.chars() {
        value = value.saturating_mul(10).saturating_add(digit(c).unwrap_or(0));
        width = width.saturating_add(1);
    }
    if width > 6 { Kind::Word } else { Kind::Number { value, width } }
}

pub(super) struct Grammar<'p, 't> {
    pub(super) pieces: &'p [Piece<'t>],
}

impl<'t> Grammar<'_, 't> {
    pub(super) fn piece(&self, at: usize) -> Option<&Piece<'t>> {
        self.pieces.get(at)
    }

    pub(super) fn word(&self, at: usize) -> &'t str {
        self.piece(at).filter(|p| p.kind == Kind::Word).map_or("", |p| p.low)
    }

    /// Whether the word has this meaning.
    pub(super) fn is(&self, at: usize, class: Class) -> bool {
        self.piece(at).is_some_and(|p| p.kind == Kind::Word && p.entry.is(class))
    }

    /// What is known of the word.
    pub(super) fn entry(&self, at: usize) -> &'static Entry {
        self.piece(at).filter(|p| p.kind == Kind::Word).map_or_else(|| words::entry(""), |p| p.entry)
    }

    /// Something that another pass has read.
    pub(super) fn is_firm(&self, at: usize) -> bool {
        self.piece(at).is_none_or(|p| p.low.is_empty())
    }

    pub(super) fn gap(&self, at: usize) -> Gap {
        self.piece(at).map_or(Gap::CLOSE, |p| p.gap)
    }

    /// Cut from the same token as the piece before.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        at > 0 && self.piece(at).is_some_and(|p| p.token == self.pieces[at - 1].token)
    }

    pub(super) fn number(&self, at: usize) -> Option<(u32, u8)> {
        match self.piece(at)?.kind {
            Kind::Number { value, width } => Some((value, width)),
            Kind::Word => None,
        }
    }

    /// A number that no letters follow directly, but for a version (`02v2`), a part (`02a`) or another episode (`02e03`).
    pub(super) fn is_whole(&self, at: usize) -> bool {
        !self.is_glued(at + 1)
            || matches!(self.word(at + 1), "v" | "e" | "a" | "b" | "c" | "x" | "ep" | "s")
            || self.is(at + 1, Class::Episode)
    }
}
