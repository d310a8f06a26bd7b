//! A line while it is read: the passes fill a draft, and [`finish`](super::finish) makes a release of it.

use super::dates::Date;
use super::ending;
use super::marks::Marks;
use super::passes::numbering::Numbering;
use super::passes::{self, Pass};
use super::rules::Rule;
use super::text::Text;

/// A run of tokens: `first..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub first: usize,
    /// One behind the last.
    pub end: usize,
}

impl Span {
    /// Whether a token is in it.
    pub fn holds(self, index: usize) -> bool {
        (self.first..self.end).contains(&index)
    }

    /// Whether it has no token.
    pub fn is_empty(self) -> bool {
        self.end <= self.first
    }
}

/// A value that a pass found, the tokens that say it, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<T> {
    pub value: T,
    pub span: Span,
    pub rule: Rule,
}

impl<T> Found<T> {
    /// Another value by the same tokens.
    pub fn with<U>(self, value: U) -> Found<U> {
        Found { value, span: self.span, rule: self.rule }
    }
}

impl<T: ToString + Copy> Found<T> {
    /// The value as text.
    pub fn text(self) -> Found<String> {
        self.with(self.value.to_string())
    }
}

/// Where a title starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// The title's first token.
    pub first: usize,
    /// A group in brackets stands before it.
    pub has_group: bool,
}

/// A line, what its words are, and what the passes have found so far. Which tokens say it is kept with everything found, so
/// that it can be explained: with the value, or as a mark on them.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The whole line.
    pub line: &'a str,
    /// The line without its ending, in tokens.
    pub text: Text<'a>,
    /// What each token says. Every pass reads them and adds its own.
    pub marks: Marks,
    /// The extension, cut off before the passes.
    pub container: Option<&'static str>,
    /// The number of a volume, cut off before the passes.
    pub part: Option<u16>,
    /// The first website, by the pass for sites.
    pub site: Option<Span>,
    /// Subtitles of foreign passages only, by the pass for subtitles.
    pub forced: Option<Found<()>>,
    /// Subtitles that describe sounds, by the pass for subtitles.
    pub sdh: Option<Found<()>>,
    /// The day of an episode, by the passes for dates.
    pub date: Option<Date>,
    /// The version of a collection, by the pass for discs.
    pub version: Option<Found<u8>>,
    /// Seasons and episodes, by the passes for numbers.
    pub numbering: Numbering,
    /// The film's year, by the pass for years.
    pub year: Option<u16>,
    /// Where the title starts, as far as is known: from the pass for years on.
    pub start: Start,
    /// The title with all its readings, by the passes for titles.
    pub title: Span,
    /// The part of it that is the release's title.
    pub best: Span,
    /// Its other readings, the likelier first.
    pub others: Vec<Span>,
    /// The name of the episode, by its pass.
    pub episode_title: Option<Span>,
    /// The part that the title names, by its pass.
    pub title_part: Option<Found<u16>>,
    /// Who released it, by the pass for groups.
    pub group: Option<Found<()>>,
}

impl<'a> Draft<'a> {
    /// The line cut into its ending and its words.
    pub fn new(line: &'a str) -> Self {
        let ending = ending::split(line);
        Self { container: ending.container, part: ending.part, ..Self::of(line, ending.stem) }
    }

    fn of(line: &'a str, stem: &'a str) -> Self {
        let text = Text::new(stem);
        let marks = Marks::new(text.len());
        Self {
            line,
            text,
            marks,
            container: None,
            part: None,
            site: None,
            forced: None,
            sdh: None,
            date: None,
            version: None,
            numbering: Numbering::default(),
            year: None,
            start: Start::default(),
            title: Span::default(),
            best: Span::default(),
            others: Vec::new(),
            episode_title: None,
            title_part: None,
            group: None,
        }
    }

    /// Reads a line that may name a film: by all passes.
    pub fn read(line: &'a str) -> Self {
        let mut draft = Self::new(line);
        if draft.text.len() > 0 {
            draft.pass(passes::PASSES);
        }
        draft
    }

    /// Reads a line that names nothing, so that all its words are technical or of no use: by the passes for words.
    pub fn technical(line: &'a str) -> Self {
        let mut draft = Self::of(line, line);
        draft.pass(passes::word_passes());
        draft
    }

    /// Lets passes read, in their order.
    pub fn pass(&mut self, passes: &[Pass]) {
        passes.iter().for_each(|pass| (pass.run)(self));
    }

    /// A checksum stands in it: anime is named so.
    pub fn has_checksum(&self) -> bool {
        self.marks.iter().any(|m| m.tag == crate::words::Tag::Crc)
    }

    /// The version: of the episode if one is said there, else of the release.
    pub fn said_version(&self) -> Option<Found<u8>> {
        self.numbering.version.or(self.version)
    }

    /// A word that no pass took.
    pub fn is_unknown(&self, i: usize) -> bool {
        self.marks.is_free(i)
            && !self.title.holds(i)
            && !self.episode_title.is_some_and(|e| e.holds(i))
            && !self.group.is_some_and(|g| g.span.holds(i))
            && !self.others.iter().any(|other| other.holds(i))
    }

    /// A word that says a value which is kept apart from its mark.
    pub fn is_kept(&self, i: usize) -> bool {
        let spans = [self.said_version().map(|v| v.span), self.forced.map(|f| f.span), self.sdh.map(|s| s.span)];
        spans.into_iter().flatten().any(|span| span.holds(i))
    }
}
