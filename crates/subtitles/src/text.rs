//! What is shown: letters with the little that all writings have in common, and where they stand.

/// A run of letters that look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Lines are parted by `\n`. No control letter else.
    pub text: String,
    /// How they look.
    pub style: Style,
}

/// How letters look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Heavier.
    pub bold: bool,
    /// Slanted: a voice from off, a thought, a song.
    pub italic: bool,
    /// With a line below.
    pub underline: bool,
    /// Struck through.
    pub strike: bool,
    /// Red, green, blue. `None` is the player's own.
    pub color: Option<[u8; 3]>,
}

/// Where a cue stands, as the keys of a number pad lie: 2 is below in the middle, 8 above. What ASS calls `\an`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor(u8);

impl Anchor {
    /// Below, in the middle: where nobody says otherwise.
    pub const BOTTOM: Self = Self(2);

    /// 1 to 9; else [`Anchor::BOTTOM`].
    pub fn new(key: u8) -> Self {
        if (1..=9).contains(&key) { Self(key) } else { Self::BOTTOM }
    }

    /// From thirds of the picture, each from 0: from the left, and from the top.
    pub fn of_thirds(column: u8, row: u8) -> Self {
        Self::new((2 - row.min(2)) * 3 + column.min(2) + 1)
    }

    /// The key.
    pub fn key(self) -> u8 {
        self.0
    }

    /// Thirds from the left: 0, 1 or 2.
    pub fn column(self) -> u8 {
        (self.0 - 1) % 3
    }

    /// Thirds from the top: 0, 1 or 2.
    pub fn row(self) -> u8 {
        2 - (self.0 - 1) / 3
    }
}

/// Letters: no line is blank, none begins or ends with a blank, and neighbours of one look are one span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Span>);

/// Letters of one cue. What is longer is no dialogue, and is cut.
const MAX_LETTERS: usize = 4_000;

impl Text {
    /// Tidies what was read.
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut tidy = Tidy::default();
        for span in spans {
            for letter in span.text.chars() {
                tidy.take(letter, span.style);
            }
        }
        Self(tidy.spans)
    }

    /// Plain letters.
    pub fn plain(text: &str) -> Self {
        Self::of([Span { text: text.to_owned(), style: Style::default() }])
    }

    /// The runs, in order.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Nothing is to be seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The letters alone.
    pub fn letters(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// The same letters, however they look.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let letters = |text: &Self| text.0.iter().map(|span| span.text.len()).sum::<usize>();
        let bytes = |text: &'_ Self| text.0.iter().flat_map(|span| span.text.bytes()).collect::<Vec<u8>>();
        letters(self) == letters(other) && bytes(self) == bytes(other)
    }

    /// This above, that below.
    pub fn above(&self, below: &Self) -> Self {
        let end_of_line = Span { text: "\n".to_owned(), style: Style::default() };
        Self::of(self.0.iter().cloned().chain([end_of_line]).chain(below.0.iter().cloned()))
    }
}

/// Puts letters together one by one: blanks and ends of lines are written only once something follows them.
#[derive(Default)]
struct Tidy {
    spans: Vec<Span>,
    letters: usize,
    /// Ends of lines, or blanks, that wait.
    is_line_over: bool,
    blanks: usize,
    /// Of the first of these blanks.
    blank_style: Style,
}

impl Tidy {
    fn take(&mut self, letter: char, style: Style) {
        match letter {
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => (self.is_line_over, self.blanks) = (self.letters > 0, 0),
            ' ' | '\t' | '\u{a0}' => {
                if self.blanks == 0 {
                    self.blank_style = style;
                }
                self.blanks += usize::from(!self.is_line_over && self.letters > 0);
            }
            // What is not seen and would make a line that is not blank.
            _ if letter.is_control() || matches!(letter, '\u{feff}' | '\u{200b}') => {}
            _ if self.letters >= MAX_LETTERS => {}
            _ => {
                if std::mem::take(&mut self.is_line_over) {
                    self.push('\n', style);
                }
                for _ in 0..std::mem::take(&mut self.blanks).min(2) {
                    self.push(' ', self.blank_style);
                }
                self.push(letter, style);
            }
        }
    }

    fn push(&mut self, letter: char, style: Style) {
        self.letters += 1;
        match self.spans.last_mut().filter(|span| span.style == style) {
            Some(span) => span.text.push(letter),
            None => self.spans.push(Span { text: letter.to_string(), style }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_tidied() {
        for (text, wanted) in [
            (" Hello \n\n  there \n", "Hello\nthere"),
            ("\u{feff}\u{200b}", ""),
            ("a\u{0}b\r\nc", "ab\nc"),
            ("a    b", "a  b"),
            ("\u{a0}\n \t", ""),
        ] {
            assert_eq!(Text::plain(text).letters(), wanted, "{text:?}");
        }
        assert_eq!(Text::plain(&"x".repeat(1 << 20)).letters().len(), MAX_LETTERS);
    }

    #[test]
    fn a_corner_is_a_key_of_the_number_pad() {
        for key in 1..=9 {
            let anchor = Anchor::new(key);
            assert_eq!(Anchor::of_thirds(anchor.column(), anchor.row()), anchor);
        }
        assert_eq!((Anchor::new(7).column(), Anchor::new(7).row()), (0, 0));
        assert_eq!((Anchor::new(0), Anchor::new(10)), (Anchor::BOTTOM, Anchor::BOTTOM));
    }
}
