//! A file of any writing, written anew as a player wants it.

use crate::formats::ass;
use crate::{Error, Hints, read};

/// How lines are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// SubRip.
    Srt,
    /// WebVTT.
    Vtt,
    /// ASS as it is, but in UTF-8 and in time; of files that are none, SubRip.
    Ass,
}

impl Writing {
    /// What a name ends in; SubRip unless it says anything else.
    pub fn of(name: &str) -> Self {
        match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("vtt") => Self::Vtt,
            Some("ass" | "ssa") => Self::Ass,
            _ => Self::Srt,
        }
    }
}

/// Reads a file and writes it anew in UTF-8, so many milliseconds later. Some ten milliseconds a megabyte.
///
/// # Errors
///
/// As [`read`].
pub fn rewritten(bytes: &[u8], hints: &Hints<'_>, writing: Writing, shift_ms: i64) -> Result<String, Error> {
    if writing == Writing::Ass
        && let Some(whole) = ass::whole(bytes, hints, shift_ms)?
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_as_its_address_ends_and_in_time() {
        let srt = b"1\n00:00:01,000 --> 00:00:02,000\nGr\xfc\xdfe\n";
        let hints = Hints { language: Some("de"), ..Hints::default() };
        let as_asked = |name: &str, shift_ms| rewritten(srt, &hints, Writing::of(name), shift_ms).expect("lines");
        assert_eq!(as_asked("a.SRT", 0), "1\n00:00:01,000 --> 00:00:02,000\nGr\u{fc}\u{df}e\n\n");
        assert_eq!(as_asked("a.vtt", 500), "WEBVTT\n\n00:00:01.500 --> 00:00:02.500\nGr\u{fc}\u{df}e\n\n");
        assert_eq!(as_asked("a.ass", 0), as_asked("none", 0), "it is no ASS");
        assert_eq!(rewritten(&[0; 100], &hints, Writing::Srt, 0), Err(Error::NotText));
    }
}
