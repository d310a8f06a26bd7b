#![doc = include_str!("../README.md")]
//!
//! # How it is built
//!
//! ```text
//! probe.rs       Probe: steps, bounds, which container it is
//! pieces.rs      the bytes at hand, by their place in the file
//! file.rs        how a container's parser looks into a file of which it has some
//! facts.rs       what is said of a film; codec.rs and language.rs its words
//! codecs/        what codecs say of themselves: configuration records, headers of first frames
//! key_frames.rs  where pictures stand that playing can begin with
//! text.rs        where lines of subtitles stand, and how few reads bring them
//! strings.rs     names and titles, made harmless
//! hash.rs        OpenSubtitles' hash
//! matroska/ mp4/ mpegts/ avi/   one container each: `fits` (is it one?) and `probe`
//! ```
//!
//! A container's parser is a function that is called again from the beginning whenever new bytes have come: `probe(&File) -> Result<Found, Why>`.
//! It reads with `File::read`, which gives `None` for what is not at hand and notes the wish. A parser then goes on without those bytes,
//! as it would in a damaged file, and so wishes for all it can know of in one step; while any wish is open, what it returned is thrown away. There is no state
//! between steps but the bytes, and a file that cannot be read on is the same case as one whose wishes are never granted. Parsing twice what
//! was parsed costs less than a hundredth of the round trip that brought the bytes.

#![deny(missing_docs)]

mod avi;
mod codec;
mod codecs;
mod facts;
mod file;
mod hash;
mod key_frames;
mod language;
pub mod matroska;
pub mod mp4;
mod mpegts;
mod pieces;
mod probe;
mod strings;
#[cfg(test)]
mod tests;
mod text;

pub use codec::Codec;
pub use codecs::reorder_depth;
pub use facts::{
    Attachment, Audio, Chapter, Container, Doubt, Facts, Hdr, Index, Kind, ObjectAudio, Ratio, Track, Video,
};
pub use hash::{HASH_BLOCK_BYTES, opensubtitles_hash};
pub use key_frames::{KeyFrame, KeyFrames};
pub use language::language;
pub use pieces::Pieces;
pub use probe::{Found, Limits, Probe, Step, Why};
pub use text::{Cost, Line, Lines, Packing, Spot, TextBudget, TextIndex, TextPlan, TextRead};

/// Which reader this is. Raised with every change that reads any file otherwise, so that whoever stored [`Facts`] can tell that a
/// file is worth another look.
pub const VERSION: u16 = 2;
