//! Chapters that are a track of their own: each sample is a name, shown as long as its chapter lasts (QuickTime File Format, "Chapter lists").

use super::boxes::Fields;
use super::tables::Sample;
use super::track::Trak;
use crate::file::File;
use crate::{Chapter, strings};

/// Reads the chapters of the track `trak`; names that cannot be read are left out.
pub(super) fn of_track(file: &File, trak: &Trak) -> Vec<Chapter> {
    let chapter = |sample: Sample| {
        let start_ms = trak.shown_ns(sample.time, sample.offset) / 1_000_000;
        let end_ms = trak.shown_ns(sample.time.saturating_add(sample.duration.into()), sample.offset) / 1_000_000;
        let bytes = u64::from(sample.bytes).min(LONGEST_BYTES);
        let title = file.read(sample.at..sample.at.saturating_add(bytes)).and_then(title);
        Chapter { start_ms, end_ms: Some(end_ms), title }
    };
    trak.tables.samples().take(MOST_CHAPTERS).map(chapter).collect()
}

/// As many as facts keep.
const MOST_CHAPTERS: usize = 1000;
const LONGEST_BYTES: u64 = 1 << 10;

/// A sample of text: its length, then itself; what follows says how it looks.
fn title(sample: &[u8]) -> Option<String> {
    let mut fields = Fields(sample);
    let length = usize::from(fields.u16()?).min(fields.0.len());
    strings::text(fields.take(length)?)
}
