//! Release names: what a file name and its caption say about the film or episode inside.
//!
//! [`parse`] is total: any text gives a [`Release`]. What was not understood is kept in `unknown`.
//!
//! ```text
//! name ─ container ─ tokens ─ marks ─ sites, dates, episodes ─ year ─ absolute numbers ─ title ─ group ─ facts
//! ```
//!
//! `line` reads one line so, `folders` and `caption` put several together, `readings` keeps what else a line may mean, and
//! [`explain`] tells a person where each value came from.
//!
//! Each pass takes away what it is sure of; what is left in front is the title. The vocabulary is data (`vocab`,
//! `languages`), the logic asks for positions and neighbours.

mod absolute;
mod caption;
mod container;
mod counting;
mod dates;
mod display;
mod episode;
mod evidence;
mod facts;
mod fields;
mod folders;
mod group;
mod ids;
mod labels;
mod languages;
mod line;
mod marks;
mod name;
mod plain;
mod readings;
mod rules;
mod sites;
mod subtitles;
#[cfg(test)]
mod tests;
mod tokens;
mod vocab;
mod years;

use serde::{Deserialize, Serialize};

pub use evidence::{Confidence, Evidence, Explained, Origin, explain};
pub use fields::{FIELDS, Field, Subject};
pub use ids::{ImdbId, TmdbId};
pub use readings::{Doubt, Reading};
pub use rules::Rule;

/// What is known about a file before any provider is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// The file's name, with its extension. Empty for a video that has none.
    pub name: &'a str,
    /// The post's caption; may span lines. Empty when there is none.
    pub caption: &'a str,
    /// What the file lies in, outermost first, parted by `/`: folders of an archive, a topic of a channel. Empty when
    /// there is none. The name may hold folders of its own.
    pub folder: &'a str,
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
    /// What the absolute number counts when it is no episode of the series: `SP`, `OVA`, `NCOP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special: Option<String>,
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
    pub imdb: Option<ImdbId>,
    pub tmdb: Option<TmdbId>,
    /// Words that were not understood, in their order.
    pub unknown: Vec<String>,
    /// What else the name may mean, the likelier first. Tried when nothing is found for the values above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
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

/// Reads a name, its caption and its folder together. Any text gives a [`Release`]. Who wins is told in `caption` and `folders`.
pub fn parse(input: &Input<'_>) -> Release {
    caption::merge(input)
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
