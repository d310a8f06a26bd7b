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
mod rules;
mod sites;
mod subtitles;
#[cfg(test)]
mod tests;
mod tokens;
mod vocab;
mod years;

use serde::{Deserialize, Serialize};

use marks::Marks;
use rules::Rule;
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
    /// Subtitles of foreign passages only.
    pub forced: bool,
    /// Subtitles that describe sounds too.
    pub sdh: bool,
    /// The number of the part that the title names: `Part Two`. Not a volume of a split file.
    pub title_part: Option<u16>,
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
    if release.container.as_deref().is_some_and(subtitles::is_subtitle) {
        let purpose = subtitles::mark(&text, &mut marks);
        (release.forced, release.sdh) = (purpose.forced, purpose.sdh);
    }
    let mut date = None;
    let mut i = 0;
    while i < text.len() {
        match dates::at(&text, i).filter(|_| !marks.is_firm(i)) {
            Some((found, last)) => {
                marks.put(i, last, What::Date, Strength::Firm, Rule::Date);
                date = date.or(Some(found));
                i = last + 1;
            }
            None => i += 1,
        }
    }
    release.version = extras(&text, &mut marks);
    let mut numbering = episode::read(&text, &mut marks);
    let first = name::start(&text, &marks).first;
    release.year = name::year(&text, &mut marks, first, date.is_some());
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
    release.title_part = title_part(&text, &marks, title);
    release.date = date.map(|d| d.to_string());
    release.version = numbering.version.or(release.version);
    release.seasons = numbering.seasons;
    release.episodes = numbering.episodes;
    release.absolute = numbering.absolute;
    let is_anime = has_group && (!release.absolute.is_empty() || marks.iter().any(|m| m.what == What::Crc));
    release.group = group::find(&text, &marks, title, is_anime);
    facts::collect(&text, &marks, title, episode_title, &mut release);
    if is_whole_series(&text, &marks, &release) {
        release.kind = ReleaseKind::Season;
    }
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
    } else if !release.seasons.is_empty() || (release.kind == ReleaseKind::Season && release.complete) {
        ReleaseKind::Season
    } else {
        ReleaseKind::Movie
    }
}

/// What anime names hang behind the title: `Vol. 3v2`, `v2`. The version is the answer.
fn extras(text: &Text<'_>, marks: &mut Marks) -> Option<u8> {
    if text.bracket(0) == 0 || !text.source.starts_with('[') {
        return None;
    }
    let mut version = None;
    let ends = |marks: &Marks, i: usize| text.gap(i).is_bracket() || marks.is_firm(i) || i >= text.len();
    for i in text.bracket_end(0) + 1..text.len() {
        let low = text.low(i);
        if text.bracket(i) != 0 {
            continue;
        }
        if low == "vol" && text.gap(i + 1).is_tight() {
            let (number, _, rest) = tokens::leading_number(text.low(i + 1)).unwrap_or((0, 0, "?"));
            let said = rest.strip_prefix('v').and_then(|v| v.parse().ok());
            let joined = text.gap(i + 2).has(Gap::AMPERSAND);
            if number < 100 && (rest.is_empty() || said.is_some()) && (ends(marks, i + 2) || joined) {
                marks.put(i, i + 1, What::Noise, Strength::Firm, Rule::Disc);
                version = version.or(said);
            }
        } else if let Some(said) = low.strip_prefix('v').and_then(|v| v.parse::<u8>().ok())
            && said < 10
            && text.gap(i).is_blank()
            && ends(marks, i + 1)
            && marks.is_free(i)
        {
            marks.put(i, i, What::Noise, Strength::Firm, Rule::Disc);
            version = version.or(Some(said));
        }
    }
    version
}

/// `COMPLETE` of a name without numbers: the whole series. A film is complete only on a disc, or with its year.
fn is_whole_series(text: &Text<'_>, marks: &Marks, release: &Release) -> bool {
    release.complete
        && marks.live().filter(|m| m.what == What::Complete).any(|m| {
            let said = |word: &str| (m.first..=m.last).any(|i| text.low(i).starts_with(word));
            said("series") || said("season") || said("miniseries") || said("integral") || said("intégral") || {
                let collects =
                    ["trilogy", "quadr", "duology", "anthology", "collection", "box", "batch", "the", "coffret"];
                release.year.is_none() && !collects.iter().any(|word| said(word))
            }
        })
}

/// Parts a title in several languages, and writes all its readings.
fn titles(text: &Text<'_>, marks: &Marks, title: name::Span, release: &mut Release) {
    // A number or a tag where the title should be: the name has none.
    if marks.is_firm(title.first) && !marks.at(title.first).is_some_and(|m| m.what == What::Year) {
        return;
    }
    let (best, others) = name::readings(text, title);
    release.title = article_first(name::words(text, best.first, best.end));
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

/// `Part 2`, `Part III`, `Pt. Two`: which part of the story, wherever behind the title's first word it stands.
fn title_part(text: &Text<'_>, marks: &Marks, title: name::Span) -> Option<u16> {
    (title.first + 1..text.len()).find_map(|i| {
        let word = text.low(i);
        let number = |word: &str| episode::counted(word).or_else(|| episode::roman(word));
        match word {
            "part" | "pt" | "parte" | "partie" | "teil" | "часть"
                if marks.is_free(i) && text.gap(i + 1).is_tight() =>
            {
                let value = text.number(i + 1).and_then(|n| u16::try_from(n).ok());
                value.filter(|n| *n > 0 && *n < 100).or_else(|| number(text.low(i + 1)))
            }
            _ => word.strip_prefix("part").filter(|n| n.len() <= 2).and_then(|n| n.parse().ok()),
        }
    })
}

/// `Tide, The` as people say it: `The Tide`.
fn article_first(title: String) -> String {
    const ARTICLES: [&str; 10] = ["the", "a", "an", "le", "la", "les", "der", "das", "el", "los"];
    match title.rsplit_once(", ") {
        Some((name, article)) if ARTICLES.contains(&article.to_lowercase().as_str()) && !name.contains(',') => {
            format!("{article} {name}")
        }
        _ => title,
    }
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
