//! What a name said: the [`Release`].

use serde::{Deserialize, Serialize};

use super::alternatives::Reading;
use super::ids::{ImdbId, TmdbId};

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

/// What the numbers make of it.
pub(crate) fn kind(release: &Release) -> ReleaseKind {
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
