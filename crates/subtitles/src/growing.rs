//! Writing lines while later ones are still on their way. What was written stays as it is: the pieces make exactly the file that is written
//! of all lines at once.

use crate::{Cue, Subtitles, write};

/// A line that begins this soon behind another may still change how that one is shown: of the same words it makes one with it, and a short
/// overlap is cut off.
const UNSETTLED_MS: u64 = 200;

/// A file that grows.
#[derive(Clone, Debug)]
pub struct Growing {
    is_vtt: bool,
    /// Cues that were written.
    cues: usize,
    /// SubRip counts what it writes.
    next_number: usize,
    has_begun: bool,
}

impl Growing {
    /// SubRip, as [`Subtitles::to_srt`] writes it.
    pub fn srt() -> Self {
        Self { is_vtt: false, cues: 0, next_number: 1, has_begun: false }
    }

    /// WebVTT, as [`Subtitles::to_vtt`] writes it.
    pub fn vtt() -> Self {
        Self { is_vtt: true, cues: 0, next_number: 1, has_begun: false }
    }

    /// What comes next in the file. `subtitles`: what was given before, with more behind it; everything that begins before `known_ms` is there,
    /// `u64::MAX` for all. What may still change is held back until more is known.
    pub fn more(&mut self, subtitles: &Subtitles, known_ms: u64) -> String {
        let mut piece = String::new();
        if !std::mem::replace(&mut self.has_begun, true) && self.is_vtt {
            piece.push_str(write::VTT_HEAD);
        }
        let rest = subtitles.cues.get(self.cues..).unwrap_or_default();
        let cues = &rest[..settled(rest, known_ms)];
        match self.is_vtt {
            true => write::vtt_cues(cues, &mut piece),
            false => self.next_number = write::srt_from(self.next_number, cues, &mut piece),
        }
        self.cues += cues.len();
        piece
    }
}

/// How many cues are as they will stay: up to a moment at which none is shown, before all that can still come.
fn settled(cues: &[Cue], known_ms: u64) -> usize {
    if known_ms == u64::MAX {
        return cues.len();
    }
    let (mut settled, mut end) = (0, 0);
    for (n, cue) in cues.iter().enumerate() {
        if cue.start_ms >= end {
            settled = n;
        }
        end = end.max(cue.end_ms);
        if end.saturating_add(UNSETTLED_MS) >= known_ms {
            return settled;
        }
    }
    cues.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Block, Codec, from_blocks};

    fn of(codec: Codec, lines: &[(u64, u64, String)]) -> Option<Subtitles> {
        let block = |(start_ms, duration, payload): &'_ (u64, u64, String)| {
            (*start_ms, Some(*duration).filter(|duration| *duration > 0), payload.clone())
        };
        let lines: Vec<_> = lines.iter().map(block).collect();
        let blocks = lines.iter().map(|(start_ms, duration_ms, payload)| Block {
            start_ms: *start_ms,
            duration_ms: *duration_ms,
            payload: payload.as_bytes(),
        });
        from_blocks(codec, b"", blocks).ok()
    }

    proptest! {
        #[test]
        fn pieces_make_the_file_that_is_written_at_once(
            ass in any::<bool>(),
            lines in prop::collection::vec((0u64..60_000, 0u64..4_000, 0u8..4), 1..40),
            mut stops in prop::collection::vec(0u64..70_000, 0..8),
        ) {
            let codec = if ass { Codec::Ass } else { Codec::Srt };
            let mut lines: Vec<(u64, u64, String)> = lines
                .into_iter()
                .map(|(start, duration, word)| {
                    let said = ["Yes.", "No.", "Never again, said the lighthouse keeper.", "{\\an8}Above"][usize::from(word)];
                    let payload = if ass { format!("0,0,Default,,0,0,0,,{said}") } else { said.to_owned() };
                    (start, duration, payload)
                })
                .collect();
            lines.sort();
            stops.sort_unstable();
            let Some(all) = of(codec, &lines) else { return Ok(()) };
            for (mut growing, whole) in [(Growing::srt(), all.to_srt()), (Growing::vtt(), all.to_vtt())] {
                let mut file = String::new();
                for known in &stops {
                    let before: Vec<_> = lines.iter().filter(|line| line.0 < *known).cloned().collect();
                    if let Some(known_lines) = of(codec, &before) {
                        file.push_str(&growing.more(&known_lines, *known));
                    }
                }
                file.push_str(&growing.more(&all, u64::MAX));
                prop_assert_eq!(file, whole);
            }
        }
    }
}
