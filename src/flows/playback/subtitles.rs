//! Subtitles as players take them: read from Telegram whole, put right, and written anew. Nothing is kept of it: the file lies in the
//! byte engine's caches, and writing it anew takes milliseconds.

use subtitles::{Hints, Writing, rewritten};

use super::{Error, Found, Playback};
use crate::adapters::clock::unix_now;
use crate::containers::archive::inflated_whole;
use crate::domain::entry::{Inside, Lines, Probe};
use crate::domain::range::ByteRange;
use crate::domain::subtitles::{MAX_BYTES, READER, language};

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
        let unpacked = found.entry.unpacked;
        let language = language(&found.entry).map(str::to_owned);
        // Some ten milliseconds a megabyte: too long for a thread that others wait for.
        let write = move || {
            let hints = Hints { language: language.as_deref(), ..Hints::default() };
            let bytes = match unpacked {
                Some(size) => inflated_whole(&bytes, size, MAX_BYTES)?,
                None => bytes,
            };
            Some(rewritten(&bytes, &hints, writing, shift))
        };
        let written = tokio::task::spawn_blocking(write).await.map_err(|e| Error::Unavailable(e.to_string()))?;
        // Half of the lines would look like all of them.
        let written = written.ok_or_else(|| Error::NotSubtitles("they are damaged in their zip".to_owned()))?;
        if let Err(subtitles::Error::Pictures(_)) = written {
            // Told by a `.sub` itself: nobody is offered it again.
            let lines = Lines { pictures: true, language: None };
            let probe = Probe { by: READER, at: unix_now(), hash: None, found: Inside::Subtitles(lines) };
            self.store.probes().record(found.entry.id, &probe, None).await?;
        }
        written.map_err(|error| Error::NotSubtitles(error.to_string()))
    }
}
