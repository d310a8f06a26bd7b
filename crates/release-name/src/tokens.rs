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

/// What stands between two tokens: a set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gap(u16);

impl Gap {
    pub const NONE: Self = Self(0);
    pub const SPACE: Self = Self(1);
    pub const DOT: Self = Self(2);
    pub const UNDERSCORE: Self = Self(4);
    pub const HYPHEN: Self = Self(8);
    pub const OPEN: Self = Self(16);
    pub const CLOSE: Self = Self(32);
    pub const COMMA: Self = Self(64);
    pub const PIPE: Self = Self(128);
    pub const SLASH: Self = Self(256);
    pub const PLUS: Self = Self(512);
    pub const TILDE: Self = Self(1024);
    pub const COLON: Self = Self(2048);
    pub const AMPERSAND: Self = Self(4096);
    /// Emoji, stars, bullets, quotes.
    pub const DECOR: Self = Self(8192);
    /// A closing bracket whose next token is in the same outer bracket: both sides were crossed.
    const BLANK: Self = Self(1 | 2 | 4);

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Nothing but the kinds of `allowed`.
    pub fn only(self, allowed: Self) -> bool {
        self.0 & !allowed.0 == 0
    }

    /// ` - `: a dash with blanks round it parts a name into sections.
    pub fn is_spaced_dash(self) -> bool {
        self.has(Self::HYPHEN) && self.has(Self::BLANK)
    }

    /// `-` alone, as in `x264-GRP` or `Spider-Man`.
    pub fn is_hyphen(self) -> bool {
        self == Self::HYPHEN
    }

    /// What may stand inside one expression: `WEB-DL`, `WEB DL`, `WEB.DL`, `WEBDL`.
    pub fn is_tight(self) -> bool {
        self.only(Self::BLANK.with(Self::HYPHEN)) && !self.is_spaced_dash()
    }

    /// Blanks only: space, dot, underscore.
    pub fn is_blank(self) -> bool {
        self.only(Self::BLANK)
    }

    pub fn is_bracket(self) -> bool {
        self.has(Self::OPEN.with(Self::CLOSE))
    }
}

/// A word of the name. Offsets are bytes into [`Text::source`].
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub start: usize,
    pub end: usize,
    /// What stands before it.
    pub gap: Gap,
    /// The innermost bracket around it; 0 outside.
    pub bracket: u16,
}

/// A name in tokens.
#[derive(Debug)]
pub struct Text<'a> {
    pub source: &'a str,
    /// The source in lower case with the same byte offsets.
    low: String,
    pub tokens: Vec<Token>,
    /// The enclosing bracket of each bracket; index 0 is the outside itself.
    parents: Vec<u16>,
    /// Pluses stand for spaces, as in an address: `Some+Film+2019`.
    plus_is_blank: bool,
}

impl<'a> Text<'a> {
    pub fn new(source: &'a str) -> Self {
        let plus_is_blank = !source.contains([' ', '_', '.']) && source.bytes().filter(|b| *b == b'+').count() >= 2;
        let mut text =
            Self { source, low: lower(source), tokens: Vec::with_capacity(24), parents: vec![0], plus_is_blank };
        text.split();
        text
    }

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

    pub fn bracket(&self, index: usize) -> u16 {
        self.tokens.get(index).map_or(0, |t| t.bracket)
    }

    /// The outermost bracket around a token; 0 outside.
    pub fn outer_bracket(&self, index: usize) -> u16 {
        let mut bracket = self.bracket(index);
        while bracket != 0 && self.parents[bracket as usize] != 0 {
            bracket = self.parents[bracket as usize];
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

    fn split(&mut self) {
        let mut gap = Gap::NONE;
        let mut open: Vec<(u16, char)> = Vec::new();
        let mut closed = vec![true];
        let mut start = None;
        let source = self.source;
        let mut escaped = 0;
        for (at, c) in source.char_indices() {
            if at < escaped {
                continue;
            }
            let kind = match c {
                // "%20" is a space that passed through an address.
                '%' if source[at..].starts_with("%20") => {
                    escaped = at + 3;
                    Kind::Separator(Gap::SPACE)
                }
                '+' if self.plus_is_blank => Kind::Separator(Gap::SPACE),
                'a'..='z' | 'A'..='Z' | '0'..='9' => Kind::Word,
                // "HDR10+" and "DD+" own their plus; "Tamil+Telugu" is parted by it.
                '+' if start.is_some_and(|s| owns_plus(&self.low[s..at])) => Kind::Word,
                '@' | '#' if start.is_none() => Kind::Word,
                // "x264@channel" is signed; "iDOL@STER" is a word.
                '@' if start.is_some_and(|s| self.low[s..at].bytes().any(|b| b.is_ascii_digit())) => Kind::Start,
                '@' => Kind::Word,
                _ => kind_of(c),
            };
            let kind = match kind {
                Kind::Start => {
                    self.push(start.take(), at, &mut gap, &open);
                    Kind::Word
                }
                other => other,
            };
            if matches!(kind, Kind::Word) {
                start.get_or_insert(at);
                continue;
            }
            self.push(start.take(), at, &mut gap, &open);
            match kind {
                Kind::Separator(flag) => gap = gap.with(flag),
                Kind::Open(close) => {
                    gap = gap.with(Gap::OPEN);
                    let id = u16::try_from(self.parents.len()).unwrap_or(u16::MAX);
                    if open.len() < 8 && id < u16::MAX {
                        self.parents.push(open.last().map_or(0, |(id, _)| *id));
                        closed.push(false);
                        open.push((id, close));
                    }
                }
                Kind::Close => {
                    gap = gap.with(Gap::CLOSE);
                    if let Some(depth) = open.iter().rposition(|(_, close)| *close == c) {
                        for (id, _) in open.drain(depth..) {
                            closed[id as usize] = true;
                        }
                    }
                }
                Kind::Word | Kind::Start => {}
            }
        }
        self.push(start.take(), source.len(), &mut gap, &open);
        self.forget_unclosed(&closed);
    }

    fn push(&mut self, start: Option<usize>, end: usize, gap: &mut Gap, open: &[(u16, char)]) {
        let Some(start) = start else { return };
        let bracket = open.last().map_or(0, |(id, _)| *id);
        let gap = std::mem::take(gap);
        let Some(cut) = glued(&self.low[start..end]) else {
            return self.tokens.push(Token { start, end, gap, bracket });
        };
        let mut cut = start + cut;
        self.tokens.push(Token { start, end: cut, gap, bracket });
        // "权力的游戏第八季第03集": each counting word begins a token.
        while let Some(at) = self.low[cut..end].char_indices().skip(1).find(|(_, c)| *c == '第').map(|(at, _)| cut + at)
        {
            self.tokens.push(Token { start: cut, end: at, gap: Gap::NONE, bracket });
            cut = at;
        }
        self.tokens.push(Token { start: cut, end, gap: Gap::NONE, bracket });
    }

    /// A bracket that nothing closes is not a bracket: its tokens belong to the one around it.
    fn forget_unclosed(&mut self, closed: &[bool]) {
        if closed.iter().all(|closed| *closed) {
            return;
        }
        for id in 1..self.parents.len() {
            // Parents come before their children, so each is already resolved.
            let parent = self.parents[id] as usize;
            if !closed[parent] {
                self.parents[id] = self.parents[parent];
            }
        }
        for token in &mut self.tokens {
            if !closed[token.bracket as usize] {
                token.bracket = self.parents[token.bracket as usize];
            }
        }
    }
}

enum Kind {
    Word,
    /// Ends the word before and starts the next.
    Start,
    Separator(Gap),
    /// With the character that closes it.
    Open(char),
    Close,
}

fn kind_of(c: char) -> Kind {
    match c {
        ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{3000}' => Kind::Separator(Gap::SPACE),
        '.' => Kind::Separator(Gap::DOT),
        '_' => Kind::Separator(Gap::UNDERSCORE),
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => Kind::Separator(Gap::HYPHEN),
        ',' | '，' | '、' | ';' => Kind::Separator(Gap::COMMA),
        '|' | '｜' | '│' => Kind::Separator(Gap::PIPE),
        '/' | '\\' | '／' => Kind::Separator(Gap::SLASH),
        '+' => Kind::Separator(Gap::PLUS),
        '~' | '～' | '〜' => Kind::Separator(Gap::TILDE),
        ':' | '：' | '=' => Kind::Separator(Gap::COLON),
        '&' => Kind::Separator(Gap::AMPERSAND),
        '*' | '"' | '“' | '”' | '«' | '»' | '「' | '」' | '『' | '』' | '《' | '》' | '<' | '>' => {
            Kind::Separator(Gap::DECOR)
        }
        '[' => Kind::Open(']'),
        '(' => Kind::Open(')'),
        '{' => Kind::Open('}'),
        '【' => Kind::Open('】'),
        '（' => Kind::Open('）'),
        '［' => Kind::Open('］'),
        ']' | ')' | '}' | '】' | '）' | '］' => Kind::Close,
        // Joiners live inside words of several scripts; the right single quote is an apostrophe.
        '\u{200c}' | '\u{200d}' | '’' => Kind::Word,
        '\u{2000}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f000}'..='\u{1faff}' | '\u{e0000}'..='\u{e007f}' => {
            Kind::Separator(Gap::DECOR)
        }
        c if c.is_control() => Kind::Separator(Gap::DECOR),
        _ => Kind::Word,
    }
}

fn owns_plus(word: &str) -> bool {
    matches!(word, "dd" | "hdr10" | "ddp" | "hdr" | "ac3")
}

/// Where a word must be cut because an episode or a codec lost its separator: `TitleS01E02`, `Title1x02`, `HDTVx264`.
fn glued(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    if !word.is_ascii() {
        // "阳光电影www.site.com"
        if word.ends_with("www") && word.len() > 3 {
            return Some(word.len() - 3);
        }
        // "陈情令EP01"
        if let Some((head, count)) = word.rsplit_once("ep")
            && head.ends_with(|c: char| !c.is_ascii() && c.is_alphabetic())
            && leading_number(count).is_some()
        {
            return Some(head.len());
        }
        // 庆余年第十一季
        return word.find('第').filter(|at| *at > 0);
    }
    if bytes.len() < 6 || bytes.len() > 64 {
        return None;
    }
    if ["x264", "x265", "h264", "h265"].iter().any(|codec| word.ends_with(codec))
        && bytes[bytes.len() - 5].is_ascii_alphabetic()
    {
        return Some(bytes.len() - 4);
    }
    let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    (3..bytes.len() - 3).find(|at| {
        if !bytes[at - 1].is_ascii_alphabetic() {
            return false;
        }
        let season = at + usize::from(bytes[*at] == b's');
        let width = digits(season);
        let mark = if season > *at { b'e' } else { b'x' };
        (1..=2).contains(&width)
            && bytes.get(season + width) == Some(&mark)
            && (2..=3).contains(&digits(season + width + 1))
    })
}

/// What a figure is worth: Western, full-width, Arabic, Persian, and those of Hindi and Bengali.
pub fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    const ZEROS: [char; 5] = ['０', '٠', '۰', '०', '০'];
    ZEROS.iter().map(|zero| u32::from(c).wrapping_sub(u32::from(*zero))).find(|value| *value < 10)
}

/// The number a word starts with, its count of figures and the rest; the figures of other scripts count too.
pub fn leading_number(word: &str) -> Option<(u32, usize, &str)> {
    let mut value: u32 = 0;
    let mut width = 0;
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let Some(digit) = digit(c) else { break };
        value = value.saturating_mul(10).saturating_add(digit);
        width += 1;
        rest = &rest[c.len_utf8()..];
    }
    (width > 0).then_some((value, width, rest))
}

/// Lower case that keeps every byte offset: a character whose lower case has another length stays as it is.
fn lower(source: &str) -> String {
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
