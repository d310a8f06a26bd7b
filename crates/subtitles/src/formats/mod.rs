//! Text -> cues, one file for each writing. Which one it is says the text itself: names lie, and `.sub` means four things.

pub mod ass;
mod frames;
pub mod markup;
mod srt;
mod subviewer;
pub mod vtt;

use crate::text::{Anchor, Text};
use crate::{Error, Hints, MAX_CUES};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// SubRip, `.srt`.
    Srt,
    /// WebVTT, `.vtt`.
    Vtt,
    /// Advanced SubStation Alpha and the older SSA, `.ass` and `.ssa`.
    Ass,
    /// `{25}{50}text`, in pictures; `.sub` and `.txt`.
    MicroDvd,
    /// `[10][20]text`, in tenths of a second; `.mpl` and `.txt`.
    Mpl2,
    /// `00:00:01.00,00:00:02.00` above the text; `.sub`.
    SubViewer,
    /// Text of an MP4 track.
    Tx3g,
}

/// A cue as it stands in the file: nothing is put right yet.
#[derive(Clone, Debug)]
pub struct Raw {
    /// Milliseconds.
    pub start: i64,
    /// `None`: until the next one.
    pub end: Option<i64>,
    pub anchor: Anchor,
    pub text: Text,
}

/// What was read so far.
#[derive(Default)]
pub struct Cues(Vec<Raw>);

impl Cues {
    /// One that shows nothing is no cue.
    pub fn add(&mut self, cue: Raw) -> Result<(), Error> {
        if self.0.len() >= MAX_CUES {
            return Err(Error::TooManyCues);
        }
        if !cue.text.is_empty() {
            self.0.push(cue);
        }
        Ok(())
    }

    pub fn into_inner(self) -> Vec<Raw> {
        self.0
    }
}

/// Reads a whole file.
pub fn read(text: &str, hints: &Hints<'_>) -> Result<(Format, Vec<Raw>), Error> {
    let format = format(text).ok_or(Error::NoSubtitles)?;
    let cues = match format {
        Format::Srt | Format::Tx3g => srt::read(text),
        Format::Vtt => vtt::read(text),
        Format::Ass => ass::read(text),
        Format::MicroDvd => frames::micro_dvd(text, hints.frames_per_second),
        Format::Mpl2 => frames::mpl2(text),
        Format::SubViewer => subviewer::read(text),
    }?;
    Ok((format, cues.into_inner()))
}

/// The writing of the first line that has one. Whatever stands before it is somebody's greeting.
fn format(text: &str) -> Option<Format> {
    lines(text).enumerate().find_map(|(n, line)| {
        let trimmed = line.trim();
        if n == 0 && trimmed.starts_with("WEBVTT") {
            Some(Format::Vtt)
        } else if ass::begins(trimmed) {
            Some(Format::Ass)
        } else if crate::times::take_span(line).is_some() {
            Some(Format::Srt)
        } else if frames::is_micro_dvd(trimmed) {
            Some(Format::MicroDvd)
        } else if frames::is_mpl2(trimmed) {
            Some(Format::Mpl2)
        } else if subviewer::take_times(trimmed).is_some() {
            Some(Format::SubViewer)
        } else {
            None
        }
    })
}

/// Lines, however they end: old Macs end them with `\r` alone, and some files hold both.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}
