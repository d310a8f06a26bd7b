//! What the lines of a caption say together.
//!
//! Labelled lines come first, then the line that names the film, then what else the lines say. A line that neither has a
//! label nor names the film gives technical words and numbers, and only where it holds nothing else.

use std::borrow::Cow;

use super::lines::{Line, LineKind, lines};
use super::said::{facts, numbered, technical, technical_of, without_guesses};
use super::values::{calendar_year, numbers, year};
use super::{hashtags, titles};
use crate::Release;
use crate::draft::Draft;
use crate::evidence::{Log, Origin, Place};
use crate::fields::{complete, fill};
use crate::finish::{finish, of_flags};
use crate::technical_line::is_technical;
use crate::words::captions::Label;

/// What a caption says.
#[derive(Debug, Default)]
pub struct Caption {
    /// The title is empty when no line names the film.
    pub release: Release,
    /// Something beside the title speaks of a film or episode, so that the title is no slogan.
    pub names_film: bool,
    /// Hashtags that may be titles, as words.
    pub tags: Vec<String>,
    /// The channels that the caption names.
    pub handles: Vec<String>,
}

/// Reads a caption in plain letters.
pub fn read(caption: &str, log: &mut Log) -> Caption {
    let mut reader = Reader::new(Place::of(Origin::Caption, caption), log);
    for line in lines(caption) {
        let is_behind_name = std::mem::take(&mut reader.is_behind_name);
        reader.line(line, is_behind_name);
        reader.lines += 1;
    }
    reader.close(handles(caption))
}

/// What is gathered line by line.
struct Reader<'c, 'l> {
    log: &'l mut Log,
    place: Place<'c>,
    labelled: Release,
    /// The line that names the film.
    named: Option<Release>,
    /// Titles of lines that turned out to be less, or of a second language.
    others: Vec<String>,
    /// Lines of technical words and of numbers.
    rest: Release,
    /// The year of a line or tag of its own.
    year: Option<u16>,
    tags: Vec<String>,
    /// A tag ahead of everything.
    first_tag: Option<String>,
    has_label: bool,
    /// The line before named the film: the next may do so in another language.
    is_behind_name: bool,
    lines: usize,
}

impl<'c, 'l> Reader<'c, 'l> {
    fn new(place: Place<'c>, log: &'l mut Log) -> Self {
        Self {
            log,
            place,
            labelled: Release::default(),
            named: None,
            others: Vec::new(),
            rest: Release::default(),
            year: None,
            tags: Vec::new(),
            first_tag: None,
            has_label: false,
            is_behind_name: false,
            lines: 0,
        }
    }

    fn line(&mut self, line: Line<'c>, is_behind_name: bool) {
        match line.kind {
            LineKind::Pair(label, value) => self.has_label |= self.pair(label, value),
            LineKind::Tags => self.tags(line.text),
            LineKind::Facts(of_subtitles) => {
                let facts = if of_subtitles { self.subtitle_facts(line.text) } else { self.facts(line.text) };
                complete(&mut self.rest, facts);
            }
            LineKind::Boilerplate => {}
            LineKind::Text => self.text(line.text, is_behind_name),
        }
    }

    /// Reads the value of a label. `false` when it says nothing new.
    fn pair(&mut self, label: Label, value: &'c str) -> bool {
        match label {
            Label::Title => return self.title(value),
            Label::Year => {
                self.log.figures("year", value, self.place);
                self.labelled.year = self.labelled.year.or_else(|| year(value));
            }
            Label::Season => {
                self.log.figures("seasons", value, self.place);
                if self.labelled.seasons.is_empty() {
                    self.labelled.seasons = numbers(value);
                }
                // "Season : 2 (2021) 720p"
                self.year = self.year.or_else(|| year(value));
                let facts = self.facts(value);
                complete(&mut self.rest, facts);
            }
            Label::Episode => {
                self.log.figures("episodes", value, self.place);
                if !self.labelled.episodes.is_empty() {
                    return false;
                }
                self.labelled.episodes = numbers(value);
                let facts = self.facts(value);
                complete(&mut self.rest, facts);
            }
            Label::Episodes => {
                self.log.figures("episodes", value, self.place);
                if !self.labelled.episodes.is_empty() {
                    return false;
                }
                // "Episodes: 16" are so many; "01 to 05" and "05" are these.
                let counted = numbers(value);
                if counted.len() > 1 || value.starts_with('0') {
                    self.labelled.episodes = counted;
                }
            }
            Label::Language | Label::Quality => {
                let mut facts = self.facts(value);
                if label == Label::Language && facts.languages.is_empty() {
                    facts.languages = of_flags(value);
                }
                complete(&mut self.labelled, facts);
            }
            Label::Subtitles => {
                let facts = self.subtitle_facts(value);
                complete(&mut self.labelled, facts);
            }
            Label::Other => return false,
        }
        true
    }

    fn title(&mut self, value: &'c str) -> bool {
        let parsed = self.read(value, |_, _| ()).0;
        if titles::is_placeholder(&parsed.title) {
            return false;
        }
        if self.labelled.title.is_empty() {
            fill(&mut self.labelled, parsed);
        } else {
            self.others.push(parsed.title.clone());
            complete(&mut self.labelled, technical(parsed));
        }
        true
    }

    fn tags(&mut self, line: &'c str) {
        let mut said = String::new();
        for tag in line.split_whitespace() {
            let words = hashtags::words(tag);
            let place = Place { stands_for: Some(tag), ..self.place };
            if is_technical(&words) {
                self.log.draft(&Draft::technical(&words), &technical_of(&words), place);
                // "#Hindi #Tamil" is a list.
                said = said + &words + " | ";
                continue;
            }
            if let Some(year) = calendar_year(&words) {
                self.log.figures("year", tag, self.place);
                self.year = self.year.or(Some(year));
                continue;
            }
            let draft = Draft::read(&words);
            let parsed = finish(&draft);
            self.log.draft(&draft, &parsed, place);
            if parsed.title.is_empty() {
                complete(&mut self.rest, numbered(parsed));
            } else if titles::is_placeholder(&parsed.title) {
                // "#movie2023"
                self.year = self.year.or(parsed.year);
            } else if !hashtags::is_category(tag) {
                if self.lines == 0 && self.tags.is_empty() {
                    self.first_tag = Some(words.clone());
                }
                self.tags.push(words);
            }
        }
        complete(&mut self.rest, facts(&Draft::technical(&said)));
    }

    fn text(&mut self, text: &'c str, is_behind_name: bool) {
        let boxed = text.trim_matches(['(', ')', '[', ']']);
        if let Some(year) = calendar_year(boxed) {
            self.log.figures("year", boxed, self.place);
            self.year = self.year.or(Some(year));
            return;
        }
        let (parsed, counts_first) = self.read(text, without_guesses);
        let is_named = self.named.is_some() || self.first_tag.is_some() || !self.labelled.title.is_empty();
        if parsed.title.is_empty() || titles::is_placeholder(&parsed.title) || counts_first && is_named {
            self.nameless(parsed, counts_first);
            return;
        }
        // "2019 • Drama": the year of what is named already.
        let leading_year = parsed.title.split(' ').next().and_then(calendar_year);
        if let Some(year) = leading_year.filter(|_| self.named.is_some() && parsed.year.is_none()) {
            self.year = self.year.or(Some(year));
            complete(&mut self.rest, technical(parsed));
            return;
        }
        match self.named.take() {
            None => {
                self.named = Some(parsed);
                self.is_behind_name = true;
            }
            Some(named) => self.named = Some(self.second_name(named, parsed, text, is_behind_name)),
        }
    }

    /// `Season 2 | Episode 06`, `Episode 4 of 16`, `S01E03 (2023)`: a line that counts, or names nothing.
    fn nameless(&mut self, parsed: Release, counts_first: bool) {
        self.year = self.year.or(parsed.year);
        let counts = parsed.title.is_empty() || counts_first;
        // "S01 E01 | Hindi | 720p"
        if counts_first && is_technical(&parsed.title) {
            complete(&mut self.rest, facts(&Draft::technical(&parsed.title)));
        }
        complete(&mut self.rest, if counts { numbered(parsed) } else { technical(parsed) });
    }

    /// A second line that may name the film. Returns the name that stands.
    fn second_name(&mut self, mut named: Release, mut parsed: Release, text: &str, is_behind_name: bool) -> Release {
        if titles::is_same(&named.title, &parsed.title) {
            // Said again, and more of it.
            complete(&mut named, Release { title: String::new(), ..parsed });
            return named;
        }
        let is_other_script = titles::is_latin(&named.title) != titles::is_latin(&parsed.title);
        let is_short = parsed.title.split_whitespace().count() <= 7 && !text.ends_with(['!', ':', ',']);
        if is_better(&named, &parsed) {
            // "New film!", then the line that says which.
            let slogan = std::mem::replace(&mut named, parsed);
            if is_other_script || is_behind_name {
                self.others.push(slogan.title);
            }
            fill(&mut named, Release { title: String::new(), title_part: None, ..slogan });
        } else if is_behind_name && is_short && is_other_script {
            // The name in another language right below.
            self.others.push(std::mem::take(&mut parsed.title));
            self.others.append(&mut parsed.alternative_titles);
            complete(&mut named, parsed);
        } else {
            complete(&mut self.rest, technical(parsed));
        }
        named
    }

    /// Reads a line that may name a film, and lets somebody look at how it was read.
    fn read<T>(&mut self, line: &'c str, look: impl FnOnce(&Draft<'_>, &mut Release) -> T) -> (Release, T) {
        let words = hashtags::as_words(line);
        let draft = Draft::read(&words);
        let mut parsed = finish(&draft);
        // A line that holds a hashtag was read in other words.
        let stands_for = matches!(words, Cow::Owned(_)).then_some(line);
        self.log.draft(&draft, &parsed, Place { stands_for, ..self.place });
        let seen = look(&draft, &mut parsed);
        (parsed, seen)
    }

    /// Reads a line of technical words, or such a value.
    fn facts(&mut self, line: &'c str) -> Release {
        let draft = Draft::technical(line);
        let facts = facts(&draft);
        self.log.draft(&draft, &facts, self.place);
        facts
    }

    /// The same of a line about subtitles: its languages are read.
    fn subtitle_facts(&mut self, line: &'c str) -> Release {
        let from = self.log.len();
        let mut facts = self.facts(line);
        self.log.read_not_spoken(from);
        if facts.languages.is_empty() && facts.subtitles.is_empty() {
            facts.languages = of_flags(line);
        }
        if !facts.languages.is_empty() {
            facts.subtitles = std::mem::take(&mut facts.languages);
        }
        facts
    }

    fn close(self, handles: Vec<String>) -> Caption {
        let Self { labelled, named, mut others, rest, year, tags, first_tag, has_label, lines, .. } = self;
        let mut release = together(labelled, named.unwrap_or_default(), &mut others);
        complete(&mut release, rest);
        release.year = release.year.or(year);
        let is_numbered = !(release.seasons.is_empty() && release.episodes.is_empty() && release.absolute.is_empty());
        let says_more = is_numbered
            || release.year.is_some()
            || release.date.is_some()
            || release.resolution.is_some()
            || !release.languages.is_empty();
        // "#Some_Series", and lines that count: the tag is all the title there is.
        if release.title.is_empty() && (is_numbered || release.year.is_some() || lines <= 2) {
            release.title = first_tag.or_else(|| tags.first().filter(|_| is_numbered).cloned()).unwrap_or_default();
        }
        for other in others {
            let is_known = titles::key(&other) == titles::key(&release.title);
            if !is_known && !other.is_empty() && !release.alternative_titles.contains(&other) {
                release.alternative_titles.push(other);
            }
        }
        let names_film = !release.title.is_empty() && (says_more || has_label || lines <= 2);
        Caption { release, names_film, tags, handles }
    }
}

/// The labelled lines and the one that names the film. Labels win.
fn together(mut labelled: Release, mut named: Release, others: &mut Vec<String>) -> Release {
    if labelled.title.is_empty() {
        complete(&mut named, labelled);
        return named;
    }
    if titles::is_latin(&named.title) != titles::is_latin(&labelled.title) {
        others.insert(0, named.title.clone());
    }
    let title_part = named.title_part.filter(|_| titles::is_same(&named.title, &labelled.title));
    complete(&mut labelled, Release { title: String::new(), title_part, ..named });
    labelled
}

/// A line that says which film or episode it is stands against one that only may be a title.
fn is_better(named: &Release, other: &Release) -> bool {
    let says = |r: &Release| r.year.is_some() || !r.seasons.is_empty() && !r.episodes.is_empty();
    let is_bare = named.seasons.is_empty() && named.episodes.is_empty() && named.year.is_none();
    is_bare && says(other)
}

/// The channels a caption names, as keys.
fn handles(caption: &str) -> Vec<String> {
    /// Captions of networks name many; one of the first is the file's.
    const MOST: usize = 8;
    ["@", "t.me/"]
        .iter()
        .flat_map(|sign| caption.match_indices(sign).map(|(at, sign)| &caption[at + sign.len()..]))
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next())
        .filter(|handle| handle.len() >= 4)
        .take(MOST)
        .map(titles::key)
        .collect()
}
