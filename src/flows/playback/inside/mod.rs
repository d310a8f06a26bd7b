//! Subtitles that stand inside a film, as players take them: the lines of one track, read where the film's index says they are.
//!
//! ```text
//! asked -> kept?  -> whole                                       no read of Telegram
//!            |
//!            '-> index -> a read for each line, what is shown first comes first -> written while they come -> kept for good
//! ```
//!
//! A film's lines are a thousand small reads over all of its bytes, some ten seconds of them. Who asks gets the first ten minutes as soon as those
//! are here, and the rest of the same answer as it comes: nothing that was sent changes afterwards (`subtitles::Growing`). Whoever asks for
//! the same track meanwhile shares the reading. When the last of them leaves, it ends, and what was read by then is kept, so that the next one
//! goes on from there.

mod kept;
mod reading;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use media::Track;
use subtitles::{Codec, Growing, with_fonts};
use tokio::sync::Semaphore;

use self::reading::Reading;
use super::{Error, Found, Playback, Writing};
use crate::adapters::data_folder::KeptFiles;
use crate::domain::entry::{Entry, EntryId};
use crate::domain::person::PersonId;
use crate::domain::range::ByteRange;
use crate::domain::subtitles::{fonts, text_tracks};
use crate::engines::bytes::{Engine, Locations, Purpose};

/// Tracks that are read at once; others wait for their turn.
const AT_ONCE: usize = 3;
/// What is sent at first: the lines of so long.
const FIRST_MS: u64 = 10 * 60_000;
/// Fonts that come with a script, in bytes of all of them. Signs in twenty fonts have that much.
const MOST_FONTS: u64 = 24 << 20;

/// Scripts that get their fonts at once: each is some fifty megabytes in memory meanwhile.
const WITH_FONTS: usize = 2;

/// Lines on their way to a player.
pub enum Lines {
    /// All of them.
    Whole(String),
    /// Piece by piece as they come from Telegram, or an error, after which nothing comes.
    Growing(BoxStream<'static, Result<Bytes, Error>>),
}

/// The tracks that somebody waits for.
#[derive(Clone)]
pub(super) struct Tracks {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    /// Where what was read is kept. `None`: nowhere.
    kept: Option<KeptFiles>,
    open: Mutex<HashMap<(EntryId, u64), Weak<Reading>>>,
    turns: Semaphore,
    fonts: Semaphore,
}

impl Playback {
    /// The lines of a track inside the film that a link leads to, by the track's number there. [`Error::NotFound`] for a track that is not among
    /// [`text_tracks`]. When it returns, the first lines are there.
    pub async fn inside(&self, found: &Found, track: u64, writing: Writing) -> Result<Lines, Error> {
        let Found { entry, locations, .. } = found;
        let track = text_tracks(entry).find(|one| one.number == track).ok_or(Error::NotFound)?;
        let codec = codec(track).ok_or(Error::NotFound)?;
        let reading = self.tracks.open(entry, locations, track);
        let reader = (found.asker.person, found.version);
        if writing == Writing::Ass && codec == Codec::Ass {
            reading.until(u64::MAX).await?;
            let script = reading.script().await?;
            let script = self.with_fonts(script, entry, locations).await?;
            return if self.still_admits(reader).await { Ok(Lines::Whole(script)) } else { Err(Error::Revoked) };
        }
        let growing = if writing == Writing::Vtt { Growing::vtt() } else { Growing::srt() };
        let mut writer = Writer { reading, codec, growing, next_ms: FIRST_MS, playback: self.clone(), reader };
        let (first, is_all) = writer.more_if_admitted().await?;
        if is_all {
            return Ok(Lines::Whole(first));
        }
        let first = stream::once(async { Ok(Bytes::from(first)) });
        Ok(Lines::Growing(first.chain(writer.rest()).boxed()))
    }

    /// Whether who reads is let in after minutes of waiting, too. When the store cannot be asked they are: taking access away needs the store as well.
    async fn still_admits(&self, (person, version): (PersonId, u16)) -> bool {
        self.admits(person, version).await.unwrap_or(true)
    }

    /// A script as a whole. Players draw it with other fonts where it has too many to come along.
    async fn with_fonts(&self, script: String, film: &Entry, locations: &Locations) -> Result<String, Error> {
        let fonts: Vec<_> = fonts(film).collect();
        let sum =
            fonts.iter().fold(0u64, |sum, font| sum.saturating_add(font.range.end.saturating_sub(font.range.start)));
        if sum > MOST_FONTS {
            return Ok(script);
        }
        let _turn = self.tracks.inner.fonts.acquire().await.map_err(|e| Error::Unavailable(e.to_string()))?;
        let mut read = Vec::with_capacity(fonts.len());
        for font in fonts {
            let Some(range) = ByteRange::new(font.range.start, font.range.end) else { continue };
            let bytes = self.engine.read(&film.file, locations, range, Purpose::Prefetch).await?;
            read.push((font.name.clone(), bytes));
        }
        let write = move || with_fonts(&script, read.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])));
        tokio::task::spawn_blocking(write).await.map_err(|e| Error::Unavailable(e.to_string()))
    }
}

impl Tracks {
    pub fn new(engine: Engine, kept: Option<KeptFiles>) -> Self {
        let (turns, fonts) = (Semaphore::new(AT_ONCE), Semaphore::new(WITH_FONTS));
        Self { inner: Arc::new(Inner { engine, kept, open: Mutex::default(), turns, fonts }) }
    }

    /// The reading of a track: the one that is under way, if there is one.
    fn open(&self, film: &Entry, locations: &Locations, track: &Track) -> Arc<Reading> {
        let mut open = self.inner.lock();
        let key = (film.id, track.number);
        if let Some(reading) = open.get(&key).and_then(Weak::upgrade).filter(|reading| !reading.has_failed()) {
            return reading;
        }
        open.retain(|_, reading| reading.strong_count() > 0);
        let reading = Arc::new(Reading::begin(Arc::clone(&self.inner), film, Arc::clone(locations), track));
        open.insert(key, Arc::downgrade(&reading));
        reading
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, HashMap<(EntryId, u64), Weak<Reading>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what a reading brings, for one who waits for it.
struct Writer {
    reading: Arc<Reading>,
    codec: Codec,
    growing: Growing,
    /// The next piece goes out when everything before is known: each has twice as much of the film as all before it.
    next_ms: u64,
    playback: Playback,
    /// Who it is written for, and their access version.
    reader: (PersonId, u16),
}

impl Writer {
    /// The next piece, and whether it is the last.
    async fn more(&mut self) -> Result<(String, bool), Error> {
        loop {
            let known_ms = self.reading.until(self.next_ms).await?;
            self.next_ms = known_ms.max(self.next_ms).saturating_mul(2);
            let is_all = known_ms == u64::MAX;
            let read = match self.reading.subtitles(self.codec, known_ms).await {
                Ok(read) => read,
                // A film that is silent for a while.
                Err(subtitles::Error::NoSubtitles) if !is_all => continue,
                Err(error) => return Err(Error::NotSubtitles(error.to_string())),
            };
            let piece = self.growing.more(&read, known_ms);
            if is_all || !piece.is_empty() {
                return Ok((piece, is_all));
            }
        }
    }

    /// The same, unless the access of who reads it ended meanwhile.
    async fn more_if_admitted(&mut self) -> Result<(String, bool), Error> {
        let piece = self.more().await?;
        if self.playback.still_admits(self.reader).await { Ok(piece) } else { Err(Error::Revoked) }
    }

    fn rest(self) -> impl futures_util::Stream<Item = Result<Bytes, Error>> {
        stream::unfold(Some(self), |writer| async {
            let mut writer = writer?;
            match writer.more_if_admitted().await {
                Ok((piece, is_all)) => Some((Ok(Bytes::from(piece)), (!is_all).then_some(writer))),
                Err(error) => {
                    tracing::warn!("Subtitles were cut off: {error}");
                    Some((Err(error), None))
                }
            }
        })
    }
}

/// How its lines are written. `None` for what is not read as text here.
fn codec(track: &Track) -> Option<Codec> {
    match track.codec {
        media::Codec::SubRip => Some(Codec::Srt),
        media::Codec::Ass | media::Codec::Ssa => Some(Codec::Ass),
        media::Codec::WebVtt => Some(Codec::WebVtt),
        media::Codec::MovText => Some(Codec::Tx3g),
        _ => None,
    }
}
