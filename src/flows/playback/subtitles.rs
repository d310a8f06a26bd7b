//! Subtitles as players take them: read from Telegram whole, put right, and written anew. Nothing is kept of it: the file lies in the
//! byte engine's caches, and writing it anew takes milliseconds.

use subtitles::{Hints, read, whole_ass};

use super::{Error, Found, Playback};
use crate::adapters::clock::unix_now;
use crate::containers::archive::inflated;
use crate::domain::entry::{Inside, Lines, Probe};
use crate::domain::range::ByteRange;
use crate::domain::subtitles::{MAX_BYTES, READER, language};

/// How they are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    Srt,
    Vtt,
    /// As it is, but in UTF-8 and in time; of files that are none, SubRip.
    Ass,
}

impl Writing {
    /// What a name ends in.
    pub fn of(name: &str) -> Self {
        match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("vtt") => Self::Vtt,
            Some("ass" | "ssa") => Self::Ass,
            _ => Self::Srt,
        }
    }
}

impl Playback {
    /// The subtitles that a link leads to. [`Error::NotSubtitles`] for any other file, and for what cannot be read as text.
    pub async fn subtitles(&self, found: &Found, writing: Writing) -> Result<String, Error> {
        let file = &found.entry.file;
        if file.len() > MAX_BYTES {
            return Err(Error::NotSubtitles(subtitles::Error::TooLarge { bytes: file.len() }.to_string()));
        }
        let shift = self.store.subtitles().shift(found.entry.id).await?;
        let Some(range) = ByteRange::new(0, file.len()) else {
            return Err(Error::NotSubtitles(subtitles::Error::NoSubtitles.to_string()));
        };
        let bytes = self.read_for_viewer(file, &found.locations, range).await?;
        let is_packed = found.entry.unpacked.is_some();
        let language = language(&found.entry).map(str::to_owned);
        // Some ten milliseconds a megabyte: too long for a thread that others wait for.
        let write = move || {
            let hints = Hints { language: language.as_deref(), ..Hints::default() };
            let bytes = if is_packed { inflated(&bytes, MAX_BYTES) } else { bytes };
            write(&bytes, &hints, writing, shift)
        };
        let written = tokio::task::spawn_blocking(write).await.map_err(|e| Error::Unavailable(e.to_string()))?;
        if let Err(subtitles::Error::Pictures(_)) = written {
            // Told by a `.sub` itself: nobody is offered it again.
            let lines = Lines { pictures: true, language: None };
            let probe = Probe { by: READER, at: unix_now(), hash: None, found: Inside::Subtitles(lines) };
            self.store.probes().record(found.entry.id, &probe, None).await?;
        }
        written.map_err(|error| Error::NotSubtitles(error.to_string()))
    }
}

fn write(bytes: &[u8], hints: &Hints<'_>, writing: Writing, shift_ms: i64) -> Result<String, subtitles::Error> {
    if writing == Writing::Ass
        && let Some(whole) = whole_ass(bytes, hints, shift_ms)?
    {
        return Ok(whole);
    }
    let read = read(bytes, hints)?;
    let read = if shift_ms == 0 { read } else { read.shifted(shift_ms) };
    Ok(match writing {
        Writing::Vtt => read.to_vtt(),
        Writing::Srt | Writing::Ass => read.to_srt(),
    })
}
