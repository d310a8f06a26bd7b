//! What was read -> cues that a player can follow.

use crate::formats::{Format, Raw};
use crate::times::MAX_MS;
use crate::{Cue, Error, Subtitles};

/// How long something is shown whose end is missing or wrong, at most: until the next one comes, and no shorter than it takes to read.
const LONGEST_MS: i64 = 7_000;
const SHORTEST_MS: i64 = 1_000;
/// Of reading.
const MS_A_LETTER: i64 = 60;

/// Puts cues in order, gives each an end behind its beginning, and leaves out what is over before the film begins.
pub fn put_right(format: Format, mut raw: Vec<Raw>) -> Result<Subtitles, Error> {
    raw.retain(|cue| cue.start < MAX_MS);
    // Of what begins at once the file's order stands.
    raw.sort_by_key(|cue| cue.start);
    let starts: Vec<i64> = raw.iter().map(|cue| cue.start).collect();
    let mut cues = Vec::with_capacity(raw.len());
    for cue in raw {
        let end = match cue.end {
            Some(end) if end > cue.start => end,
            // Whoever wrote none, or one that lies before, meant it to be read.
            _ => {
                let letters = cue.text.letters().chars().count() as i64;
                let to_read = (letters * MS_A_LETTER).clamp(SHORTEST_MS, LONGEST_MS);
                let next = starts.get(starts.partition_point(|start| *start <= cue.start));
                next.map_or(cue.start + to_read, |next| (*next).min(cue.start + to_read))
            }
        };
        let (start, end) = (cue.start.max(0) as u64, end.clamp(0, MAX_MS) as u64);
        if end > start {
            cues.push(Cue { start_ms: start, end_ms: end, anchor: cue.anchor, text: cue.text });
        }
    }
    // Cut to the film's beginning, some begin together now; their order is still that of before.
    let cues = if format == Format::Ass { without_layers(cues) } else { cues };
    match cues.is_empty() {
        true => Err(Error::NoSubtitles),
        false => Ok(Subtitles { format, cues }),
    }
}

/// Cues that follow each other this closely and say the same are one: signs that move are written picture by picture.
const SEAMLESS_MS: u64 = 60;
/// Among so many before it.
const NEAR: usize = 32;

/// ASS draws a text several times, for its border and its shadow, or once for each picture while it moves. It is to be read once.
fn without_layers(cues: Vec<Cue>) -> Vec<Cue> {
    let mut kept: Vec<Cue> = Vec::with_capacity(cues.len());
    for cue in cues {
        let near = kept.len().saturating_sub(NEAR);
        let mut before = kept[near..].iter_mut().rev();
        let same =
            before.find(|before| cue.start_ms <= before.end_ms + SEAMLESS_MS && before.text.says_the_same(&cue.text));
        match same {
            Some(before) => before.end_ms = before.end_ms.max(cue.end_ms),
            None => kept.push(cue),
        }
    }
    kept
}
