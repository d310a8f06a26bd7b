//! What a name said: the [`Release`].

use serde::{Deserialize, Serialize};

use super::alternatives::Reading;
use super::ids::{ImdbId, TmdbId};

/// What a name suggests the file to be, before a provider agrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseKind {
    /// A film, or nothing that counts.
    #[default]
    Movie,
    /// One or several episodes, by number or by date.
    Episode,
    /// Absolute numbering.
    Anime,
    /// A pack: whole seasons.
    Season,
}

/// What lies beside a film or an episode, and is not it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extra {
    /// A minute of it, to see how it looks.
    Sample,
    /// A trailer or a teaser.
    Trailer,
    /// What a disc holds besides: deleted scenes, a making-of, an opening without credits.
    Bonus,
}

impl Extra {
    /// As the words files write it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "sample" => Some(Self::Sample),
            "trailer" => Some(Self::Trailer),
            "bonus" => Some(Self::Bonus),
            _ => None,
        }
    }

    /// In a word, for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sample => "Sample",
            Self::Trailer => "Trailer",
            Self::Bonus => "Bonus",
        }
    }

    /// As JSON writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Trailer => "trailer",
            Self::Bonus => "bonus",
        }
    }
}

/// What a release name says. Words are the canonical ones of the release-name vocabulary (`1080p`, `WEB-DL`,
/// `H.265`, `DDP`, `5.1`); languages are ISO 639-1. Empty means: not said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Release {
    /// Without year, season and country. Empty when none could be read.
    pub title: String,
    /// Other readings: the second half of a bilingual title, an AKA, the caption's title.
    pub alternative_titles: Vec<String>,
    /// Of the release, not one in the title.
    pub year: Option<u16>,
    /// What the numbers make of it.
    pub kind: ReleaseKind,
    /// Ranges are expanded: S01-S03 is 1, 2, 3.
    pub seasons: Vec<u16>,
    /// Episodes of the season, or of the series when no season is said. Ranges are expanded.
    pub episodes: Vec<u16>,
    /// Absolute episode numbers (anime, daily soaps); 7.5 exists.
    pub absolute: Vec<f32>,
    /// Air date, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// The name of the episode.
    pub episode_title: Option<String>,
    /// Lines and scan: `1080p`, `576i`.
    pub resolution: Option<String>,
    /// What the picture was taken from: `BluRay`, `WEB-DL`, `HDTV`, `CAM`.
    pub source: Option<String>,
    /// `H.264`, `H.265`, `AV1`.
    pub video_codec: Option<String>,
    /// Bits of a colour: 8, 10, 12.
    pub bit_depth: Option<u8>,
    /// `HDR`, `HDR10+`, `DV`, `HLG`, `SDR`.
    pub hdr: Vec<String>,
    /// Codecs: `AAC`, `DDP`, `TrueHD`, `Atmos`.
    pub audio: Vec<String>,
    /// `5.1`, `2.0`.
    pub channels: Vec<String>,
    /// Spoken languages.
    pub languages: Vec<String>,
    /// Languages of subtitles.
    pub subtitles: Vec<String>,
    /// `Director's Cut`, `Extended`, `IMAX`.
    pub edition: Vec<String>,
    /// Who released it.
    pub group: Option<String>,
    /// The extension, lower case, without its dot.
    pub container: Option<String>,
    /// Volume number of a split file.
    pub part: Option<u16>,
    /// Which disc of a film that was cut to fit on several: `CD1`. Each plays on its own, one after the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disc: Option<u8>,
    /// A corrected release of an episode: `v2`.
    pub version: Option<u8>,
    /// What the absolute number counts when it is no episode of the series: `SP`, `OVA`, `NCOP`. Stands without a number, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special: Option<String>,
    /// Not the film or the episode that the name says, but what lies beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<Extra>,
    /// The checksum that anime names carry.
    pub crc32: Option<String>,
    /// A better release than an earlier one of another group.
    pub proper: bool,
    /// A better release than the group's own earlier one.
    pub repack: bool,
    /// All of a season, a series or a disc, the name says.
    pub complete: bool,
    /// The languages are dubs.
    pub dubbed: bool,
    /// Two languages are spoken.
    pub dual_audio: bool,
    /// It has subtitles, in whatever language.
    pub subbed: bool,
    /// Its subtitles are part of the picture.
    pub hardcoded_subs: bool,
    /// Blown up from fewer lines.
    pub upscaled: bool,
    /// How large the file is, as the name says it: `1.4GB`.
    pub size: Option<String>,
    /// For two eyes.
    pub three_d: bool,
    /// Subtitles of foreign passages only.
    pub forced: bool,
    /// Subtitles that describe sounds too.
    pub sdh: bool,
    /// The number of the part that the title names: `Part Two`. Not a volume of a split file.
    pub title_part: Option<u16>,
    /// A tag that tells series of one title apart: `US`, `UK`.
    pub country: Option<String>,
    /// The service that it comes from: `Netflix`, `Amazon`.
    pub network: Option<String>,
    /// The website that signs.
    pub site: Option<String>,
    /// Ids that the caption or the name states outright, as text or inside a link: they win over any search.
    pub imdb: Option<ImdbId>,
    /// As [`Release::imdb`], of TMDB.
    pub tmdb: Option<TmdbId>,
    /// Words that were not understood, in their order.
    pub unknown: Vec<String>,
    /// What else the name may mean, the likelier first. Tried when nothing is found for the values above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}

/// What the numbers make of it.
pub(crate) fn kind(release: &Release) -> ReleaseKind {
    if !release.absolute.is_empty() || release.special.is_some() {
        ReleaseKind::Anime
    } else if !release.episodes.is_empty() || release.date.is_some() {
        ReleaseKind::Episode
    } else if !release.seasons.is_empty() || (release.kind == ReleaseKind::Season && release.complete) {
        ReleaseKind::Season
    } else {
        ReleaseKind::Movie
    }
}
