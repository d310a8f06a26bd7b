#![doc = include_str!("../README.md")]
//!
//! # How it is built
//!
//! ```text
//! film.rs        Opening: which ranges are wanted, what can be re-wrapped and what not
//! matroska/      its tracks and index; clusters as a stream of blocks
//! mp4/           its tracks; tables of samples that can be entered anywhere
//! plan.rs        key frames become segments
//! segment.rs     SegmentMaker: bytes in, boxes out; segment/ has a file for each container
//! timing.rs      times of decoding out of times of showing; rounded times set right
//! codecs.rs      names for CODECS, lengths of frames
//! fmp4/          boxes: initialization segments, sample entries, fragments
//! playlist.rs    the playlists
//! encoded.rs     sounds that become AAC: what an encoder is given, and what becomes of what it made
//! decision.rs    what a player can play, and so which way a film takes
//! window.rs      bytes that came and were not used yet
//! ```
//!
//! # A playlist for each track
//!
//! Picture and sounds have segments of their own, with one time-line. So a film with six sounds is sent with one of them, a sound that must be encoded anew leaves
//! the picture alone, and a change of language is a change of playlist. Of Matroska, where both lie interleaved, the same bytes are then read for each: the second reader
//! finds them in the byte engine's cache.

#![deny(missing_docs)]

mod codecs;
mod decision;
mod encoded;
mod film;
mod fmp4;
mod matroska;
mod mp4;
mod plan;
mod playlist;
mod segment;
#[cfg(test)]
mod tests;
mod timing;
mod window;

pub use decision::{Client, Decision, Reason, Sound, codec_name, decide};
pub use encoded::{Encoded, Order};
pub use film::{Film, LeftOut, Opening, Step, Track, TrackKind, Why, WhyNot};
pub use fmp4::init::init_segment;
pub use plan::Segment;
pub use playlist::{Addresses, Rendition, master_playlist, media_playlist};
pub use segment::SegmentMaker;
