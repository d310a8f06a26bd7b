//! What stands beside the tracks: the film's title and length, chapters, attachments, statistics in tags.

use std::{collections::BTreeMap, ops::Range};

use super::{ebml, ids};
use crate::{Attachment, Chapter, Doubt, Facts, file::File};

/// The segment's Info.
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// Nanoseconds of a tick.
    pub scale: u64,
    pub duration_ms: Option<u64>,
    pub title: Option<String>,
}

impl Default for Info {
    fn default() -> Self {
        Self { scale: 1_000_000, duration_ms: None, title: None }
    }
}

/// Longer than any film; what is more is damage.
const MAX_DURATION_MS: f64 = 30.0 * 24.0 * 3_600_000.0;

pub fn info(body: &[u8]) -> Info {
    let mut info = Info::default();
    let mut ticks = None;
    for child in ebml::children(body) {
        match child.id {
            ids::TIMESTAMP_SCALE => info.scale = child.uint().filter(|scale| *scale > 0).unwrap_or(info.scale),
            ids::DURATION => ticks = child.float(),
            ids::TITLE => info.title = child.text(),
            _ => {}
        }
    }
    info.duration_ms = ticks
        .map(|ticks| ticks * info.scale as f64 / 1e6)
        .filter(|ms| *ms > 0.0 && *ms <= MAX_DURATION_MS)
        .map(|ms| ms.round() as u64);
    info
}

/// Of films with a chapter each minute, ten hours and more.
const MAX_CHAPTERS: usize = 1000;

/// The chapters of the first edition that is shown.
pub fn chapters(body: &[u8], facts: &mut Facts) {
    let editions: Vec<_> = ebml::children(body).filter(|child| child.id == ids::EDITION_ENTRY).take(64).collect();
    let is_hidden =
        |edition: &&ebml::Element| edition.children().any(|child| child.id == ids::EDITION_FLAG_HIDDEN && child.flag());
    let Some(edition) = editions.iter().find(|edition| !is_hidden(edition)).or(editions.first()) else { return };
    for atom in edition.children().filter(|child| child.id == ids::CHAPTER_ATOM) {
        let mut chapter = Chapter::default();
        let mut hidden = false;
        for child in atom.children() {
            match child.id {
                ids::CHAPTER_TIME_START => chapter.start_ms = child.uint().unwrap_or_default() / 1_000_000,
                ids::CHAPTER_TIME_END => chapter.end_ms = child.uint().map(|ns| ns / 1_000_000),
                ids::CHAPTER_FLAG_HIDDEN => hidden = child.flag(),
                ids::CHAPTER_DISPLAY if chapter.title.is_none() => {
                    chapter.title =
                        child.children().find(|child| child.id == ids::CHAP_STRING).and_then(|child| child.text());
                }
                _ => {}
            }
        }
        if facts.chapters.len() == MAX_CHAPTERS {
            facts.doubt(Doubt::TooMany);
            break;
        }
        if !hidden {
            facts.chapters.push(chapter);
        }
    }
    facts.chapters.sort_by_key(|chapter| chapter.start_ms);
}

const MAX_ATTACHMENTS: usize = 500;

/// The names and places of attachments: their bytes are passed over, so that this takes a read for each that is long.
pub fn attachments(file: &File, range: Range<u64>, facts: &mut Facts) {
    let mut at = range.start;
    // Others may stand between them: Voids, checksums.
    for _ in 0..4 * MAX_ATTACHMENTS {
        if at >= range.end {
            return;
        }
        if facts.attachments.len() == MAX_ATTACHMENTS {
            return facts.doubt(Doubt::TooMany);
        }
        let Some((id, data, end)) = element(file, at, range.end) else { return facts.doubt(Doubt::Damaged) };
        if id == ids::ATTACHED_FILE {
            let Some(attachment) = attachment(file, data..end) else { return };
            facts.attachments.push(attachment);
        }
        at = end;
    }
}

/// `None` when it cannot be read on.
fn attachment(file: &File, range: Range<u64>) -> Option<Attachment> {
    let mut attachment = Attachment::default();
    let mut at = range.start;
    for _ in 0..32 {
        if at >= range.end {
            break;
        }
        let Some((id, data, end)) = element(file, at, range.end) else { break };
        match id {
            ids::FILE_NAME | ids::FILE_MEDIA_TYPE => {
                let body = file.read(data..end.min(data + 2048))?;
                let text = ebml::Element { id, data: body, whole: true }.text().unwrap_or_default();
                if id == ids::FILE_NAME { attachment.name = text } else { attachment.mime = text }
            }
            ids::FILE_DATA => attachment.range = data..end,
            _ => {}
        }
        at = end;
    }
    (!file.is_waiting()).then_some(attachment)
}

/// An element's id, and where its data stand, kept inside its parent.
fn element(file: &File, at: u64, limit: u64) -> Option<(u32, u64, u64)> {
    let (id, size, len) = ebml::header(file.read(at..limit.min(at + 12))?)?;
    let data = at + len as u64;
    Some((id, data.min(limit), data.checked_add(size?)?.min(limit)))
}

/// What tags say of tracks: mkvmerge's and ffmpeg's statistics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub bit_rate: Option<u64>,
    pub frames: Option<u64>,
    pub duration_ms: Option<u64>,
}

/// By TrackUID.
pub fn statistics(body: &[u8], by_uid: &mut BTreeMap<u64, Statistics>) {
    for tag in ebml::children(body).filter(|child| child.id == ids::TAG).take(4096) {
        let uids = || {
            let targets = tag.children().filter(|child| child.id == ids::TARGETS);
            targets
                .flat_map(|target| target.children().filter(|child| child.id == ids::TAG_TRACK_UID))
                .filter_map(|uid| uid.uint())
        };
        for uid in uids().filter(|uid| *uid != 0).take(64) {
            let its = by_uid.entry(uid).or_default();
            for simple in tag.children().filter(|child| child.id == ids::SIMPLE_TAG).take(64) {
                let text = |id| simple.children().find(|child| child.id == id).and_then(|child| child.text());
                let (Some(name), Some(value)) = (text(ids::TAG_NAME), text(ids::TAG_STRING)) else { continue };
                // `BPS-eng` is how mkvmerge wrote it for some years.
                match name.split('-').next().unwrap_or_default() {
                    "BPS" => its.bit_rate = value.parse().ok(),
                    "NUMBER_OF_FRAMES" => its.frames = value.parse().ok(),
                    "DURATION" => its.duration_ms = clock_ms(&value),
                    _ => {}
                }
            }
        }
    }
}

/// `01:23:45.678000000`
fn clock_ms(text: &str) -> Option<u64> {
    let mut parts = text.trim().split(':');
    let (hours, minutes, secs) =
        (parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?, parts.next()?);
    let ms = secs.parse::<f64>().ok().filter(|secs| (0.0..60.0).contains(secs))? * 1000.0;
    let whole = u64::from(hours) * 3_600_000 + u64::from(minutes) * 60_000;
    ((whole as f64) <= MAX_DURATION_MS).then_some(whole + ms as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_tags_are_read() {
        let rows = [
            ("00:00:01.500000000", Some(1500)),
            ("01:23:45.678", Some(5_025_678)),
            ("00:00:75.0", None),
            ("90 min", None),
            ("4294967295:00:00.0", None),
            ("", None),
        ];
        for (text, ms) in rows {
            assert_eq!(clock_ms(text), ms, "{text}");
        }
    }
}
