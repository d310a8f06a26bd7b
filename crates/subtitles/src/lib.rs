#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod blocks;
mod decode;
mod formats;
mod growing;
mod language;
mod order;
mod text;
mod times;
mod whole;
mod write;

#[cfg(test)]
mod tests;

pub use blocks::{Block, Codec, ass_from_blocks, from_blocks};
pub use decode::decode;
pub use formats::Format;
pub use formats::ass::{whole as whole_ass, with_fonts};
pub use growing::Growing;
pub use text::{Anchor, Span, Style, Text};
pub use whole::{Writing, rewritten};

/// Bytes of a file that is read. The largest that people make, ASS with typeset signs, have some ten million.
pub const MAX_BYTES: usize = 16 << 20;
/// Lines of dialogue in a file. Three hours of talk have three thousand, an opera of signs thirty thousand.
pub const MAX_CUES: usize = 50_000;

/// One thing that is shown, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Milliseconds from the film's beginning.
    pub start_ms: u64,
    /// Behind `start_ms`.
    pub end_ms: u64,
    /// Where it stands in the picture.
    pub anchor: Anchor,
    /// Never empty.
    pub text: Text,
}

/// What a file says, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subtitles {
    /// As what it was read.
    pub format: Format,
    /// By their beginnings; at least one.
    pub cues: Vec<Cue>,
}

/// What is known of a file beside its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// ISO 639-1: two encodings that fit alike are told apart by it.
    pub language: Option<&'a str>,
    /// Pictures a second, for files that count pictures and do not say it. 24000/1001 else.
    pub frames_per_second: Option<f64>,
}

/// Why a file is not shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not even looked at.
    #[error("it has {bytes} bytes, and no subtitles have more than {MAX_BYTES}")]
    TooLarge {
        /// How many it has.
        bytes: u64,
    },
    /// More than a player could go through.
    #[error("it has more than {MAX_CUES} lines")]
    TooManyCues,
    /// VobSub or PGS: they are drawn, and nobody reads them to us.
    #[error("it holds pictures of text ({0}), no text")]
    Pictures(&'static str),
    /// An archive, a film, noise.
    #[error("it is no text")]
    NotText,
    /// Text without a single time that could be read.
    #[error("it is text, but no subtitles")]
    NoSubtitles,
}

/// Reads a file. The writing is told by what stands in it, never by its name.
pub fn read(bytes: &[u8], hints: &Hints<'_>) -> Result<Subtitles, Error> {
    let text = decode(bytes, hints)?;
    let (format, cues) = formats::read(&text, hints)?;
    order::put_right(format, cues)
}

impl Subtitles {
    /// All of it later by so many milliseconds, or earlier. What would end before the film begins is gone.
    pub fn shifted(&self, ms: i64) -> Self {
        let moved = |at: u64| at.saturating_add_signed(ms);
        let cues =
            self.cues.iter().map(|cue| Cue { start_ms: moved(cue.start_ms), end_ms: moved(cue.end_ms), ..cue.clone() });
        Self { format: self.format, cues: cues.filter(|cue| cue.end_ms > cue.start_ms).collect() }
    }

    /// As SubRip, in UTF-8: one cue at a time.
    pub fn to_srt(&self) -> String {
        write::srt(&self.cues)
    }

    /// As WebVTT.
    pub fn to_vtt(&self) -> String {
        write::vtt(&self.cues)
    }
}
