//! Words and shapes that say something by themselves: `1080p`, `BluRay`, `DDP5.1`, `Director's Cut`, `Hindi`.
//!
//! ```text
//! shapes     1080p 1920x1080 2.4 GB [8A2B3C4D]   what has a form rather than a spelling
//! phrases    web dl, director's cut, hindi       what stands in words/
//! glued      BluRay720p, x265AAC, 国语中字          two of them written as one
//! ```

mod glued;
mod phrases;
pub mod shapes;

use super::{Pass, example};
use crate::draft::Draft;
use crate::marks::Marks;
use crate::text::Text;

pub const PASS: Pass = Pass {
    name: "words",
    looks_at: "each word with those right behind it",
    fills: &[],
    run,
    examples: &[
        example("Harvest.Moon.2019.1080p.BluRay", "1080p", "resolution"),
        example("Harvest.Moon.2019.1080p.BluRay", "BluRay", "source"),
        example("Harvest.Moon.2019.Directors.Cut.1080p", "Directors.Cut", "edition"),
        example("Harvest.Moon.2019.BluRay720p.x265AAC", "x265AAC", "audio"),
        example("Harvest.Moon.2019.DDP5.1", "DDP5.1", "channels"),
        example("[Group] Some Anime [8A2B3C4D]", "8A2B3C4D", "crc32"),
    ],
};

/// What may begin at a token, the first that does: it marks its words and returns the token behind them.
type Rule = fn(&Text<'_>, &mut Marks, usize) -> Option<usize>;

const RULES: [Rule; 3] = [shapes::mark, phrases::mark, glued::mark];

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    let mut at = 0;
    while at < text.len() {
        at = RULES.iter().find_map(|rule| rule(text, marks, at)).unwrap_or(at + 1);
    }
}
