//! Release names: what a file name and its caption say about the film or episode inside.
//!
//! [`parse`] is total: any text gives a [`Release`]. What was not understood is kept in `unknown`.
//!
//! ```text
//! name ─ container ─ tokens ─ marks ─ sites, dates, episodes ─ year ─ absolute numbers ─ title ─ group ─ facts
//! ```
//!
//! Each pass takes away what it is sure of; what is left in front is the title. The vocabulary is data (`vocab`,
//! `languages`), the logic asks for positions and neighbours.

mod absolute;
mod caption;
mod container;
mod dates;
mod episode;
mod facts;
mod folders;
mod group;
mod languages;
mod marks;
mod name;
mod sites;
#[cfg(test)]
mod tests;
mod tokens;
mod vocab;

use serde::{Deserialize, Serialize};

use marks::Marks;
use tokens::{Gap, Text};
use vocab::{Strength, What};

/// What is known about a file before any provider is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// The file's name, with its extension. Empty for a video that has none.
    pub name: &'a str,
    /// The post's caption; may span lines. Empty when there is none.
    pub caption: &'a str,
}

/// What a name suggests the file to be, before a provider agrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseKind {
    #[default]
    Movie,
    Episode,
    /// Absolute numbering.
    Anime,
    /// A pack: whole seasons.
    Season,
}

/// What the release name told us. Words are the canonical ones of the release-name vocabulary (`1080p`, `WEB-DL`,
/// `H.265`, `DDP`, `5.1`); languages are ISO 639-1. Empty means: not said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Release {
    /// Without year, season and country. Empty when none could be read.
    pub title: String,
    /// Other readings: the second half of a bilingual title, an AKA, the caption's title.
    pub alternative_titles: Vec<String>,
    pub year: Option<u16>,
    pub kind: ReleaseKind,
    /// Ranges are expanded: S01-S03 is 1, 2, 3.
    pub seasons: Vec<u16>,
    pub episodes: Vec<u16>,
    /// Absolute episode numbers (anime, daily soaps); 7.5 exists.
    pub absolute: Vec<f32>,
    /// Air date, `YYYY-MM-DD`.
    pub date: Option<String>,
    pub episode_title: Option<String>,
    pub resolution: Option<String>,
    pub source: Option<String>,
    pub video_codec: Option<String>,
    pub bit_depth: Option<u8>,
    pub hdr: Vec<String>,
    pub audio: Vec<String>,
    pub channels: Vec<String>,
    pub languages: Vec<String>,
    pub subtitles: Vec<String>,
    pub edition: Vec<String>,
    pub group: Option<String>,
    /// The extension, lower case, without its dot.
    pub container: Option<String>,
    /// Volume number of a split file.
    pub part: Option<u16>,
    /// A corrected release of an episode: `v2`.
    pub version: Option<u8>,
    /// The checksum that anime names carry.
    pub crc32: Option<String>,
    pub proper: bool,
    pub repack: bool,
    pub complete: bool,
    pub dubbed: bool,
    pub three_d: bool,
    pub country: Option<String>,
    pub network: Option<String>,
    pub site: Option<String>,
    /// Ids that the caption or the name states outright, as text or inside a link: they win over any search.
    pub imdb: Option<super::title::ImdbId>,
    pub tmdb: Option<super::title::TmdbId>,
    /// Words that were not understood, in their order.
    pub unknown: Vec<String>,
}

/// How good a file looks, for "best first": resolution, source, HDR, then size. Compared as a whole; larger is better.
pub type Rank = (u32, u8, u8, u64);

pub fn rank(release: &Release, size: u64) -> Rank {
    let lines = release.resolution.as_deref().and_then(|r| r.trim_end_matches(['p', 'i']).parse().ok()).unwrap_or(0);
    let source = match release.source.as_deref() {
        Some("Remux") => 9,
        Some("BluRay") => 8,
        Some("WEB-DL") => 7,
        Some("BDRip" | "BRRip" | "HD-DVD") => 6,
        Some("WEBRip") => 5,
        Some("HDTV" | "HDRip") => 4,
        Some("DVD" | "DVDRip") => 3,
        Some("CAM" | "TeleSync" | "TeleCine" | "SCR" | "PreDVD" | "Workprint") => 0,
        _ => 2,
    };
    (lines, source, u8::from(!release.hdr.is_empty()), size)
}

/// Reads a name and its caption.
pub fn parse(input: &Input<'_>) -> Release {
    caption::merge(input)
}

/// Reads one line: a file's name, or a line of a caption that looks like one.
fn parse_name(name: &str) -> Release {
    let stem = container::split(name);
    let mut release = Release { container: stem.container, part: stem.part, ..Release::default() };
    let text = Text::new(stem.name);
    if text.len() == 0 {
        stem.name.trim().clone_into(&mut release.title);
        return release;
    }
    let mut marks = Marks::of(&text);
    release.site = sites::mark(&text, &mut marks);
    let mut date = None;
    let mut i = 0;
    while i < text.len() {
        match dates::at(&text, i).filter(|_| !marks.is_firm(i)) {
            Some((found, last)) => {
                marks.put(i, last, What::Date, Strength::Firm);
                date = date.or(Some(found));
                i = last + 1;
            }
            None => i += 1,
        }
    }
    let mut numbering = episode::read(&text, &mut marks);
    let first = name::start(&text, &marks).first;
    release.year = name::year(&text, &mut marks, first);
    let head = name::start(&text, &marks);
    let has_group = head.has_group || marks.iter().any(|m| m.what == What::Crc);
    if date.is_none() {
        let setting = absolute::Setting { start: head.first, has_group, has_year: release.year.is_some() };
        absolute::read(&text, &mut marks, setting, &mut numbering);
    }
    let first = name::start(&text, &marks).first;
    let title = name::end(&text, &marks, first);
    titles(&text, &marks, title, &mut release);
    let title = match name::second(&text, &marks, title) {
        Some(latin) => {
            let native = std::mem::replace(&mut release.title, name::words(&text, latin.first, latin.end));
            release.alternative_titles.insert(0, native);
            name::Span { first: title.first, end: latin.end }
        }
        None => title,
    };
    let episode_title = episode_title(&text, &marks, title);
    release.episode_title =
        episode_title.map(|span| name::words(&text, span.first, span.end)).filter(|t| !t.is_empty());
    release.date = date.map(|d| d.to_string());
    release.version = numbering.version;
    release.seasons = numbering.seasons;
    release.episodes = numbering.episodes;
    release.absolute = numbering.absolute;
    let is_anime = has_group && (!release.absolute.is_empty() || marks.iter().any(|m| m.what == What::Crc));
    release.group = group::find(&text, &marks, title, is_anime);
    facts::collect(&text, &marks, title, episode_title, &mut release);
    release.kind = kind(&release);
    let group = release.group.as_deref().unwrap_or_default();
    let is_group = |word: &str| group.split([' ', '.', '_', '-']).any(|part| part == word);
    release.unknown = (title.end..text.len())
        .filter(|i| marks.is_free(*i) && !episode_title.is_some_and(|e| (e.first..e.end).contains(i)))
        .map(|i| text.raw(i))
        .filter(|word| !is_group(word))
        .map(str::to_owned)
        .collect();
    release
}

/// What the numbers make of it.
fn kind(release: &Release) -> ReleaseKind {
    if !release.absolute.is_empty() {
        ReleaseKind::Anime
    } else if !release.episodes.is_empty() || release.date.is_some() {
        ReleaseKind::Episode
    } else if !release.seasons.is_empty() {
        ReleaseKind::Season
    } else {
        ReleaseKind::Movie
    }
}

/// Parts a title in several languages, and writes all its readings.
fn titles(text: &Text<'_>, marks: &Marks, title: name::Span, release: &mut Release) {
    // A number where the title should be: the name has none.
    if marks.at(title.first).is_some_and(|m| matches!(m.what, What::Number | What::Site | What::Date)) {
        return;
    }
    let (best, others) = name::readings(text, title);
    release.title = name::words(text, best.first, best.end);
    for other in others {
        release.alternative_titles.push(name::words(text, other.first, other.end));
    }
    if text.gap(title.end).has(Gap::OPEN) && title.end < text.len() {
        // "Kimi no Na wa (Your Name)": a bracket of plain words right behind is another name.
        let end = text.bracket_end(title.end);
        if (title.end..end).all(|i| marks.is_free(i)) && end < text.len() {
            release.alternative_titles.push(name::words(text, title.end, end));
        }
    }
    release.alternative_titles.retain(|t| !t.is_empty());
}

/// What stands between the episode's number and the next mark.
fn episode_title(text: &Text<'_>, marks: &Marks, title: name::Span) -> Option<name::Span> {
    let number = (title.end..text.len())
        .rev()
        .find(|i| marks.at(*i).is_some_and(|m| matches!(m.what, What::Number | What::Date)))?;
    let mut first = number + 1;
    // A year or a second number may stand before it.
    while first < text.len() && marks.at(first).is_some_and(|m| matches!(m.what, What::Year)) {
        first += 1;
    }
    if first >= text.len() || text.bracket(first) != text.bracket(number) && text.bracket(first) != 0 {
        return None;
    }
    let home = text.bracket(first);
    let mut end = first;
    while end < text.len() && !marks.is_firm(end) && !(text.gap(end).has(Gap::OPEN) && text.bracket(end) != home) {
        end += 1;
    }
    // What is left of it: behind the last free word all belongs to the technical part.
    let free = (first..end).rev().find(|i| marks.is_free(*i))?;
    let is_group = end == text.len() && free + 1 == end && text.gap(free).is_hyphen();
    let end = if is_group { free } else { free + 1 };
    let lone = (first..end).find(|i| marks.is_free(*i))?;
    (lone < end && text.bracket(first) == 0).then_some(name::Span { first, end })
}
