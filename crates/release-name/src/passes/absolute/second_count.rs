//! The absolute number beside an episode that a word stated.

use super::Scan;
use super::count::Count;
use crate::dates;
use crate::text::Gap;
use crate::words::Tag;

impl Scan<'_, '_> {
    /// `S2010E994 [0994]`, `- 313-315 - s16e03-05`, `s16e03-05 - 313-315`, `- 07.5 (S00E01)`. `episodes`: how many a word stated.
    pub(super) fn second_count(&self, episodes: usize) -> Option<Count> {
        let (text, marks) = (self.text, self.marks);
        let at = (self.start..text.len()).find(|i| marks.at(*i).is_some_and(|m| m.tag == Tag::Number))?;
        let last = marks.at(at)?.last;
        // Ranges that are as long as each other count the same.
        if let Some(after) = self.count(last + 1).filter(|after| after.is_range() && after.tenths().count() == episodes)
        {
            return Some(after);
        }
        if let Some(after) = self.count(last + 1)
        && (after.width >= 3 || (text.gap(last + 1).has(Gap::OPEN) && after.width >= 2))
        && dates::year(text, last + 1).is_none()
        // "S04E13-815": the episode is called so.
        && !text.gap(last + 1).is_hyphen()
        && self.ends(after.end + 1)
        // "S02E05 - 029 - Title" counts twice; "S01E01 - 300" is the episode's name.
        && (!text.gap(last + 1).is_spaced_dash()
            || (3..=4).contains(&after.width) && !after.is_range() && text.gap(after.end + 1).is_spaced_dash())
        {
            return Some(after);
        }
        // The count that ends right before: behind a dash, or of three figures.
        (self.start + 1..at)
            .rev()
            .take(2)
            .filter_map(|i| self.count(i))
            .find(|count| {
                count.end + 1 == at
                    && (text.gap(count.from).is_spaced_dash() && (count.width >= 2)
                    // "Title 100 S3E01" keeps its number; "Title 214 10x14" counts twice.
                    || (count.width >= 3 && (count.is_range() || (self.has_group && text.low(at).contains('x')))))
            })
            .filter(|count| dates::year(text, count.from).is_none())
    }
}
