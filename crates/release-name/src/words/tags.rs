//! Tags: what a word says of the file, and how sure it is that it is no word of a title.

/// How sure it is that a word is not part of a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Counts only where the title has certainly ended.
    Faint,
    /// A title word too ("French", "Extended"): counts behind the title, or right before something firm.
    Loose,
    /// Never a title word: ends the title.
    Firm,
}

impl Strength {
    /// As the words files write it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "faint" => Some(Self::Faint),
            "loose" => Some(Self::Loose),
            "firm" => Some(Self::Firm),
            _ => None,
        }
    }
}

/// What a word or phrase says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tag {
    /// Lines and `p` or `i`.
    Resolution(u16, char),
    Source(&'static str),
    Video(&'static str),
    Depth(u8),
    Hdr(&'static str),
    Audio(&'static str),
    Channels(&'static str),
    Language(&'static str),
    /// Subtitles in a language; `""` when it is not said which.
    Subtitles(&'static str),
    /// The word "subs": the languages beside it are subtitles.
    SubtitleWord,
    /// "Dubbed", "Audio": the languages beside it are spoken.
    Dubbed,
    Edition(&'static str),
    Container(&'static str),
    Network(&'static str),
    Country(&'static str),
    Proper,
    Repack,
    Complete,
    ThreeD,
    /// Subtitles that are part of the picture.
    Hardcoded,
    /// Blown up from fewer lines.
    Upscaled,
    /// Two languages are spoken.
    DualAudio,
    /// No film, but what lies beside it: `sample`, `trailer`, `bonus`.
    Extra(&'static str),
    /// Which disc of a film that was cut to fit on several.
    Disc(u8),
    /// How large the file is.
    Size,
    /// Said about the file, of no use here: bit rates, "internal".
    Noise,
    // Found by the passes, never in the files:
    Site,
    Crc,
    Year,
    Date,
    /// Season and episode numbers.
    Number,
}

impl Tag {
    /// As `release.txt` writes it: a meaning, and the canonical value where it has one.
    pub fn named(meaning: &str, value: &'static str) -> Option<Self> {
        Some(match meaning {
            "resolution" => {
                let scan = value.chars().next_back().filter(|c| matches!(c, 'p' | 'i'))?;
                Self::Resolution(value.strip_suffix(scan)?.parse().ok()?, scan)
            }
            "source" => Self::Source(value),
            "video codec" => Self::Video(value),
            "bit depth" => Self::Depth(value.parse().ok()?),
            "hdr" => Self::Hdr(value),
            "audio" => Self::Audio(value),
            "channels" => Self::Channels(value),
            "subtitled" => Self::Subtitles(value),
            "subtitles" => Self::SubtitleWord,
            "dubbed" => Self::Dubbed,
            "edition" => Self::Edition(value),
            "container" => Self::Container(value),
            "network" => Self::Network(value),
            "country" => Self::Country(value),
            "proper" => Self::Proper,
            "repack" => Self::Repack,
            "complete" => Self::Complete,
            "3d" => Self::ThreeD,
            "hardcoded" => Self::Hardcoded,
            "upscaled" => Self::Upscaled,
            "dual audio" => Self::DualAudio,
            "extra" => Self::Extra(value),
            "noise" => Self::Noise,
            _ => return None,
        })
    }
}
