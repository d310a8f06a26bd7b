//! What the bytes of posted subtitles tell where their name leaves it open: a language, and whether a `.sub` is text.

use std::time::Duration;

use subtitles::{Hints, read};
use tracing::debug;

use super::Ingest;
use crate::adapters::clock::unix_now;
use crate::adapters::telegram::VolumeLocation;
use crate::containers::archive::inflated;
use crate::domain::entry::{Entry, Inside, Lines, Probe};
use crate::domain::range::ByteRange;
use crate::domain::subtitles::{READER, is_untold};
use crate::engines::bytes::Purpose;
use crate::flows::DatabaseError;

/// So many of its first bytes: more than most have.
const LOOKED_AT: u64 = 256 * 1024;
/// Their place does not wait for it: whoever asks for them first finds out the rest.
const PATIENCE: Duration = Duration::from_secs(5);

impl Ingest {
    /// Looks into subtitles, where that tells more than their name. Once: what was found is kept.
    pub(super) async fn look_at_lines(&self, entry: &mut Entry) -> Result<(), DatabaseError> {
        if !is_untold(entry) {
            return Ok(());
        }
        let store = &self.inner.store;
        let sources = store.entries().sources(entry.id).await?;
        let range = ByteRange::new(0, entry.file.len().min(LOOKED_AT));
        let (Some(locations), Some(range)) = (VolumeLocation::of_all(&entry.file, &sources), range) else {
            return Ok(());
        };
        let locations = locations.into();
        let reading = self.inner.engine.read(&entry.file, &locations, range, Purpose::Probe);
        let bytes = match tokio::time::timeout(PATIENCE, reading).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(error)) => {
                debug!(entry = %entry.id, %error, "{} could not be looked into", entry.name);
                return Ok(());
            }
            Err(_) => return Ok(()),
        };
        let is_packed = entry.unpacked.is_some();
        let look = move || lines(&if is_packed { inflated(&bytes, LOOKED_AT) } else { bytes.into() });
        let Ok(found) = tokio::task::spawn_blocking(look).await else { return Ok(()) };
        let probe = Probe { by: READER, at: unix_now(), hash: None, found: Inside::Subtitles(found) };
        store.probes().record(entry.id, &probe, None).await?;
        entry.probe = Some(probe);
        Ok(())
    }
}

fn lines(bytes: &[u8]) -> Lines {
    match read(bytes, &Hints::default()) {
        Ok(read) => Lines { pictures: false, language: read.language().map(str::to_owned) },
        Err(error) => Lines { pictures: matches!(error, subtitles::Error::Pictures(_)), language: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_whether_they_are_text_and_in_what() {
        let german = "Ich glaube, wir sollten bis zum Morgen im Keller bleiben. Im Radio läuft nichts als Musik.";
        let text: String = (1..9).map(|n| format!("{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{german}\n\n")).collect();
        let of = |pictures, language: Option<&str>| Lines { pictures, language: language.map(str::to_owned) };
        assert_eq!(lines(text.as_bytes()), of(false, Some("de")));
        // Cut off in the middle of a letter, too.
        let cut = text.find('ä').expect("it is there") + 1;
        assert!(!lines(&text.as_bytes()[..cut]).pictures);
        assert_eq!(lines(b"\x00\x00\x01\xba\x44\x00"), of(true, None));
        assert_eq!(lines(b"{0}{50}Hello"), of(false, None));
        assert_eq!(lines(b"noise \x00\x01\x02"), of(false, None));
    }
}
