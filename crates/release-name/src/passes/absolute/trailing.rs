//! `[Group] Title 13`, `Title_001.mkv`, `Title 500 1080p`: the last number before the technical part.

use super::Scan;
use super::count::{Count, season_and_episode};
use crate::passes::title;
use crate::text::Gap;
use crate::words::{Class, Tag};

impl Scan<'_, '_> {
    pub(super) fn trailing(&self) -> Option<Count> {
        let mut i = self.start + 1;
        while i < self.text.len() {
            let is_home = self.at_home(i);
            if is_home && self.marks.is_firm(i) && !self.marks.at(i).is_some_and(|m| m.tag == Tag::Year) {
                return None;
            }
            if !is_home {
                i += 1;
            } else if let Some(count) = self.count(i).filter(|c| !self.is_other(c)) {
                if self.is_trailing(&count) {
                    return Some(count);
                }
                i = count.end + 1;
            } else {
                i += 1;
            }
        }
        None
    }

    /// The number ends the title, and something says that it is no word of it.
    fn is_trailing(&self, count: &Count) -> bool {
        let (text, i, next) = (self.text, count.from, count.end + 1);
        // "Title 245 VF 720p": languages stand between.
        let behind = if text.is_spaced() && count.width >= 3 { self.behind_languages(next) } else { next };
        let padded = text.low(i).trim_start_matches('#').starts_with('0') && count.width >= 2;
        let named = text.low(i).starts_with('#') || text.is(i - 1, Class::SpecialWord) && i > self.start + 1;
        // "Title 1-16 Complete", "Title Complete Series 1-500"
        let is_complete = |at: usize| self.marks.at(at).is_some_and(|m| m.tag == Tag::Complete);
        let is_pack = count.is_range() && (is_complete(next) || i > self.start + 1 && is_complete(i - 1));
        // "Title (1988) 1-110 [DVDRip]": a range from one on, right behind the year.
        let is_all = count.is_range() && count.first == 10 && text.gap(i).has(Gap::CLOSE);
        let behind_year = self.has_year && !self.has_group && !padded && !named && !is_all;
        // "show.name.0106.720p"
        let together =
            count.width == 4 && padded && !self.has_group && !text.is_spaced() && season_and_episode(count).is_some();
        let sure = padded
            || named
            || is_pack
            || is_all
            || self.has_group && self.is_anime_episode(count)
            || !self.has_year && (2..=3).contains(&count.width) && self.is_native(i)
            || !self.has_year && self.is_long_count(count, behind);
        let is_of_trailer = text.is(i - 1, Class::TrailerBehindNumber);
        (self.ends(next) || self.ends(behind) || is_pack)
            && !(self.is_volume(i - 1) || is_of_trailer)
            && sure
            && !behind_year
            && !together
    }

    /// `斗罗大陆 105`: nothing but a title in a script without blanks stands before the number, and few of those end in one so long.
    fn is_native(&self, number: usize) -> bool {
        let is_native = |i: usize| title::is_native_word(self.text, i) && !title::is_latin(self.text.raw(i));
        (self.start..number).all(is_native)
    }

    /// Behind a group in brackets numbers are episodes. "Title 0" is a film's name.
    fn is_anime_episode(&self, count: &Count) -> bool {
        let next = count.end + 1;
        let ends = self.ends(next) && !self.text.gap(next).is_spaced_dash();
        !count.is_whole() || count.first > 0 && (count.width >= 2 || ends)
    }

    /// Three figures and more, or a range that goes so far. `behind`: the token behind the languages.
    fn is_long_count(&self, count: &Count, behind: usize) -> bool {
        let next = count.end + 1;
        // "Title 215 Dublado.mp4"
        let is_last = behind > next && behind >= self.text.len();
        let technical = self.marks.is_firm(next) || self.marks.is_firm(behind) || is_last;
        let is_long_range = count.is_range()
            && count.last >= 100
            && (count.width >= 2 || technical || self.text.gap(next).is_bracket());
        is_long_range
            || count.width >= 3
                && technical
                // "Title 1223 720p" counts; "Title.1013.720p" is the tenth season's.
                && (season_and_episode(count).is_none() || count.width == 4 && self.text.is_spaced() || is_last)
                && self.is_anime_like()
    }

    /// The first token from here on that is no language.
    fn behind_languages(&self, from: usize) -> usize {
        let is_language = |i: &usize| {
            self.marks.at(*i).is_some_and(|m| {
                matches!(
                    m.tag,
                    Tag::Language(_)
                        | Tag::Dubbed
                        | Tag::DualAudio
                        | Tag::SubtitleWord
                        | Tag::Subtitles(_)
                        | Tag::Noise
                )
            })
        };
        (from..self.text.len()).find(|i| !is_language(i)).unwrap_or(self.text.len())
    }

    /// No television source beside it: "Title 500 1080p" counts as anime does.
    fn is_anime_like(&self) -> bool {
        self.marks.iter().all(|m| !matches!(m.tag, Tag::Source("HDTV" | "PDTV" | "BluRay" | "WEB-DL" | "DVDRip")))
    }
}
