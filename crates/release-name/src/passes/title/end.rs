//! Where the title ends: at the first thing that is certainly no title word.

use super::back::{back, is_advert};
use super::start::opens_word;
use crate::draft::Span;
use crate::marks::Marks;
use crate::text::{Gap, Text};
use crate::words::Tag;

/// Finds where the title ends.
pub fn end(text: &Text<'_>, marks: &Marks, first: usize) -> Span {
    let is_number = text.bracket(first) != 0 && first == 0 && text.bracket_end(0) == 1 && text.number(0).is_some();
    let opens_title = is_number || first == 0 && opens_word(text, marks);
    let (home, outer) = if opens_title { (0, 0) } else { (text.bracket(first), text.outer_bracket(first)) };
    let mut end = first + 1;
    while end < text.len() {
        // "Title Full Movie HD Actor Name"
        if marks.is_firm(end) || is_advert(marks, end) {
            break;
        }
        if home != 0 && text.outer_bracket(end) != outer {
            break;
        }
        let gap = text.gap(end);
        if gap.has(Gap::PIPE) {
            break;
        }
        if gap.has(Gap::OPEN) && text.bracket(end) != home {
            let close = text.bracket_end(end).max(end + 1);
            let technical = (end..close).any(|i| !marks.is_free(i));
            // "You Can (Not) Advance": words go on behind the bracket.
            let goes_on = close < text.len()
                && marks.is_free(close)
                && text.bracket(close) == home
                && !text.gap(close).has(Gap::OPEN)
                && !text.gap(close).is_spaced_dash()
                // "Имя (Name). The Episode": the bracket closed the title.
                && !(text.gap(close).has(Gap::DOT) && text.gap(close).has(Gap::SPACE))
                && !gap.has(Gap::CLOSE);
            // "Kumo (REVERSE) - 05": a word in capitals, right before the episode.
            let is_counted = marks.at(close).is_some_and(|m| m.tag == Tag::Number) && text.bracket(close) == home;
            if is_counted && close == end + 1 && home == 0 && is_loud(text.raw(end)) && marks.is_free(end) {
                end = close;
                continue;
            }
            if technical || !goes_on {
                break;
            }
            end = close;
            continue;
        }
        end += 1;
    }
    Span { first, end: back(text, marks, first, end) }
}

/// A word of capitals alone.
fn is_loud(word: &str) -> bool {
    word.chars().count() >= 3 && word.chars().all(char::is_uppercase)
}
