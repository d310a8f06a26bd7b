//! How a name is cut into words: at every separator, and where one was lost (`TitleS01E02`, `HDTVx264`).

use super::{Gap, Text, Token, leading_number};
use crate::words::{self, Class};

/// The brackets of a name while it is cut.
#[derive(Default)]
struct Brackets {
    /// The open ones, with the characters that close them.
    open: Vec<(u16, char)>,
    /// By number, from 1.
    is_closed: Vec<bool>,
}

impl Brackets {
    /// Deeper ones are text: no name has them.
    const DEEPEST: usize = 8;

    fn innermost(&self) -> u16 {
        self.open.last().map_or(0, |(id, _)| *id)
    }

    /// Opens one and returns the one around it.
    fn open(&mut self, close: char) -> Option<u16> {
        let id = u16::try_from(self.is_closed.len() + 1).ok().filter(|id| *id < u16::MAX)?;
        let parent = self.innermost();
        if self.open.len() >= Self::DEEPEST {
            return None;
        }
        self.is_closed.push(false);
        self.open.push((id, close));
        Some(parent)
    }

    /// Closes the innermost that `c` closes, and what was left open in it.
    fn close(&mut self, c: char) {
        if let Some(depth) = self.open.iter().rposition(|(_, close)| *close == c) {
            for (id, _) in self.open.drain(depth..) {
                self.is_closed[usize::from(id) - 1] = true;
            }
        }
    }

    fn is_closed(&self, id: u16) -> bool {
        id == 0 || self.is_closed[usize::from(id) - 1]
    }
}

impl Text<'_> {
    pub(super) fn cut(&mut self) {
        let mut gap = Gap::NONE;
        let mut brackets = Brackets::default();
        let mut start = None;
        let source = self.source;
        let mut escaped = 0;
        for (at, c) in source.char_indices() {
            // Most characters are, and need no look.
            if c.is_ascii_alphanumeric() && at >= escaped {
                start.get_or_insert(at);
                continue;
            }
            if at < escaped {
                continue;
            }
            let kind = self.kind(at, c, start);
            if kind == Kind::Blank {
                escaped = at + BLANK.len();
            }
            if kind == Kind::Word {
                start.get_or_insert(at);
                continue;
            }
            if let Some(start) = start.take() {
                self.push(start, at, std::mem::take(&mut gap), brackets.innermost());
            }
            match kind {
                Kind::Word => {}
                Kind::Start => start = Some(at),
                Kind::Blank => gap = gap.with(Gap::SPACE),
                Kind::Separator(flag) => gap = gap.with(flag),
                Kind::Open(close) => {
                    gap = gap.with(Gap::OPEN);
                    self.parents.extend(brackets.open(close));
                }
                Kind::Close => {
                    gap = gap.with(Gap::CLOSE);
                    brackets.close(c);
                }
            }
        }
        if let Some(start) = start {
            self.push(start, source.len(), gap, brackets.innermost());
        }
        self.forget_unclosed(&brackets);
    }

    /// What a character is, where a word may have begun before it.
    fn kind(&self, at: usize, c: char, start: Option<usize>) -> Kind {
        let word = || start.map(|start| &self.low[start..at]);
        match c {
            '%' if self.source[at..].starts_with(BLANK) => Kind::Blank,
            '+' if self.plus_is_blank => Kind::Separator(Gap::SPACE),
            // "HDR10+" and "DD+" own their plus; "Tamil+Telugu" is parted by it.
            '+' if word().is_some_and(|word| words::is(word, Class::OwnsPlus)) => Kind::Word,
            // "Disney+ Title"
            '+' if self.ends_word(at + 1) && word().is_some_and(|word| words::is(word, Class::OwnsLastPlus)) => {
                Kind::Word
            }
            '@' | '#' if start.is_none() => Kind::Word,
            // "x264@channel" is signed; "iDOL@STER" is a word.
            '@' if word().is_some_and(|word| word.bytes().any(|b| b.is_ascii_digit())) => Kind::Start,
            // "TG@channel"
            '@' if word().is_some_and(|word| words::is(word, Class::Invites)) => Kind::Start,
            '@' => Kind::Word,
            _ => kind_of(c),
        }
    }

    /// No letter or figure stands there.
    fn ends_word(&self, at: usize) -> bool {
        !self.source[at..].starts_with(char::is_alphanumeric)
    }

    /// Adds a word, in parts where separators were lost.
    fn push(&mut self, start: usize, end: usize, gap: Gap, bracket: u16) {
        let year = || glued_year(&self.source[start..end]).filter(|_| bracket == 0 && !gap.is_hyphen());
        let Some(first) = glued(&self.low[start..end]).or_else(year) else {
            return self.token(start, end, gap, bracket);
        };
        let mut cut = start + first;
        self.token(start, cut, gap, bracket);
        // "权力的游戏第八季第03集": each counting word begins a token.
        while let Some(at) = self.low[cut..end].char_indices().skip(1).find(|(_, c)| *c == '第').map(|(at, _)| cut + at)
        {
            self.token(cut, at, Gap::NONE, bracket);
            cut = at;
        }
        self.token(cut, end, Gap::NONE, bracket);
    }

    fn token(&mut self, start: usize, end: usize, gap: Gap, bracket: u16) {
        let entry = words::entry(&self.low[start..end]);
        self.tokens.push(Token { start, end, gap, bracket, entry });
    }

    /// A bracket that nothing closes is not a bracket: its tokens belong to the one around it.
    fn forget_unclosed(&mut self, brackets: &Brackets) {
        if brackets.is_closed.iter().all(|closed| *closed) {
            return;
        }
        for id in 0..self.parents.len() {
            // Parents come before their children, so each is already resolved.
            let parent = self.parents[id];
            if !brackets.is_closed(parent) {
                self.parents[id] = self.parent(parent);
            }
        }
        for at in 0..self.tokens.len() {
            let bracket = self.tokens[at].bracket;
            if !brackets.is_closed(bracket) {
                self.tokens[at].bracket = self.parent(bracket);
            }
        }
    }
}

/// A space that passed through an address.
const BLANK: &str = "%20";

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Word,
    /// Ends the word before and starts the next.
    Start,
    /// A blank in an address's way of writing.
    Blank,
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

/// Where a word must be cut because an episode or a codec lost its separator: `TitleS01E02`, `Title1x02`, `HDTVx264`.
fn glued(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    if !word.is_ascii() {
        // "阳光电影www.site.com"
        if word.ends_with("www") && word.len() > 3 {
            return Some(word.len() - 3);
        }
        if let Some(cut) = behind_native(word) {
            return Some(cut);
        }
        // 庆余年第十一季
        return word.find('第').filter(|at| *at > 0);
    }
    if bytes.len() < 6 || bytes.len() > 64 {
        return None;
    }
    let codec = words::list(Class::EndsWord).iter().find(|codec| word.ends_with(**codec));
    if let Some(head) = codec.map(|codec| bytes.len() - codec.len())
        && words::tag(word).is_none()
        && bytes[head - 1].is_ascii_alphabetic()
    {
        return Some(head);
    }
    if let Some(cut) = behind_episode(word) {
        return Some(cut);
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

/// `陈情令EP01`, `庆余年S2E05`, `斗罗大陆105集`, `狂飙05`: where a title in a script without blanks ends and its episode begins. `流浪地球2` is
/// a title.
fn behind_native(word: &str) -> Option<usize> {
    let cut = word.find(|c: char| c.is_ascii_alphanumeric()).filter(|cut| *cut > 0)?;
    let (head, tail) = word.split_at(cut);
    // "第05集", "제5화" and "全39集" are counts.
    let is_without_blanks = |c: char| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    let is_title = head.ends_with(is_without_blanks) && !head.contains('第') && !head.ends_with(['제', '全', '共']);
    if !is_title {
        return None;
    }
    let figures = tail.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let (_, width, rest) = leading_number(figures)?;
    let is_counted = match &tail[..tail.len() - figures.len()] {
        "ep" => true,
        "e" => width >= 2,
        "s" => width <= 2 && (rest.is_empty() || rest.starts_with('e')),
        "" if rest.is_empty() => (2..=3).contains(&width) && figures.starts_with('0'),
        "" => [Class::EpisodeUnit, Class::KoreanUnit, Class::Season].iter().any(|class| words::is(rest, *class)),
        _ => false,
    };
    is_counted.then_some(cut)
}

/// `HarvestMoon1969`: a year that lost the separator before it. Behind a hyphen and in brackets a group may be called so.
fn glued_year(word: &str) -> Option<usize> {
    let (head, year) = word.split_at_checked(word.len().checked_sub(4)?)?;
    let is_year = year.starts_with("19") || year.starts_with("20") && matches!(year.as_bytes()[2], b'0'..=b'2');
    let is_word = head.len() >= 4 && head.bytes().all(|b| b.is_ascii_alphabetic());
    (is_word && is_year && year.bytes().all(|b| b.is_ascii_digit())).then_some(head.len())
}

/// `S01E02WEBDL1080p`, `1x05HDTV`: where the episode ends and something technical begins.
fn behind_episode(word: &str) -> Option<usize> {
    let figures = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let season = word.strip_prefix('s').unwrap_or(word);
    let width = figures(season);
    let episode = season[width..].strip_prefix(['e', 'x']).filter(|_| (1..=2).contains(&width))?;
    let rest = &episode[figures(episode)..];
    let is_technical = || words::list(Class::BeginsRun).iter().any(|begin| rest.starts_with(begin));
    ((2..=3).contains(&(episode.len() - rest.len())) && is_technical()).then(|| word.len() - rest.len())
}
