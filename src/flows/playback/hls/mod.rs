//! Films as HLS, made while they are watched: no bit of a picture is changed, and nothing is kept but what was just made.
//!
//! ```text
//! opening   a film's head and index, read once for all who ask
//! way       which way it takes to a player, and why; its playlists
//! segment   a segment goes out while the film's bytes come in
//! reading   the film's bytes for a segment, through the byte engine
//! sound     a segment of a sound that is encoded anew
//! ahead     what will be asked for next is read before it is
//! kept      made once for many, and the last ones kept
//! ```
//!
//! What is inside stands in the crate `rewrap`; this is who may have it, where its bytes come from, and what is shared.

mod ahead;
mod kept;
mod opening;
mod reading;
mod segment;
mod sound;
mod way;

use bytes::Bytes;
use tokio::sync::Semaphore;

pub use segment::Segment;
pub use way::{Choice, Way};

use crate::adapters::tools::Ffmpeg;
use crate::domain::entry::EntryId;
use crate::protocols::playlist::TrackName;
use ahead::Ahead;
use kept::Kept;
use opening::Inside;

/// Films that are open: a tenth of a megabyte each, of an MP4 without its samples in order some more.
const FILMS: usize = 32;
/// What those may hold together: an index may be as large by itself.
const FILMS_BYTES: usize = 64 << 20;
/// Films that are looked into at once: each holds its whole index twice meanwhile.
const LOOKS: usize = 4;
/// Segments of sounds that were encoded: 0.2 MiB each.
const SOUNDS: usize = 64;
/// What those may hold together.
const SOUNDS_BYTES: usize = 32 << 20;

/// What all who watch share.
pub(super) struct Hls {
    films: Kept<EntryId, Inside>,
    looks: Semaphore,
    sounds: Kept<(EntryId, TrackName, usize), Bytes>,
    ahead: Ahead,
    /// Encodes sounds, where it is there.
    ffmpeg: Option<Ffmpeg>,
}

impl Hls {
    pub fn new(ffmpeg: Option<Ffmpeg>) -> Self {
        Self {
            films: Kept::new(FILMS, FILMS_BYTES, Inside::held_bytes),
            looks: Semaphore::new(LOOKS),
            sounds: Kept::new(SOUNDS, SOUNDS_BYTES, Bytes::len),
            ahead: Ahead::default(),
            ffmpeg,
        }
    }
}
