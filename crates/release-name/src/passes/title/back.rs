//! From the border back: the words that belong to it rather than to the title. "Extended" and "French" may be either; right
//! before something technical they are tags.

use crate::marks::{Mark, Marks};
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{self, Class, Strength, Tag};

/// Each step looks at the whole title, so their number is bounded.
const MOST_STEPS: usize = 16;

/// What ends the title.
struct Border<'t, 'a> {
    text: &'t Text<'a>,
    marks: &'t Marks,
    /// The title's first token.
    first: usize,
    /// The border's first token.
    end: usize,
    tag: Option<Tag>,
    /// Something technical.
    is_technical: bool,
    /// Brackets with nothing but tags.
    is_bracket: bool,
    /// Words for what it is: "Full Movie".
    is_advert: bool,
}

/// Walks back from `end` over the words that are the border's, and returns the title's end.
pub fn back(text: &Text<'_>, marks: &Marks, first: usize, end: usize) -> usize {
    let border = Border::new(text, marks, first, end);
    let mut end_now = end;
    // "Some Show vom 15. März 2024": of the day, not of the title.
    if matches!(border.tag, Some(Tag::Date)) && end > first + 1 && text.is(end - 1, Class::BeforeDate) {
        end_now -= 1;
    }
    // "Some Series The First Season"
    let is_ordinal = border.is_season() && text.entry(end).ordinal().is_some();
    if is_ordinal && end > first + 1 && text.is(end - 1, Class::LeadsSeason) {
        end_now -= 1;
    }
    // "Some Series Full Season 1"
    let is_spelled = border.is_season() && text.is(end, Class::Season);
    if is_spelled && end > first + 1 && text.is(end - 1, Class::PackWord) {
        end_now -= 1;
    }
    // "Some Series Final Episode 16"
    let is_episode = marks.at(end).is_some_and(|m| m.rule == Rule::Episode) && text.low(end).len() > 1;
    if is_episode && end > first + 1 && text.is(end - 1, Class::LeadsEpisode) {
        end_now -= 1;
    }
    for _ in 0..MOST_STEPS {
        if end_now <= first + 1 {
            break;
        }
        match marks.at(end_now - 1) {
            Some(mark) if mark.first > first && border.takes(mark, end_now) => end_now = mark.first,
            _ => break,
        }
    }
    // "Ultimate Fan Edit": a name of nothing but editions has no title.
    let is_edition = |i: usize| marks.at(i).is_some_and(|m| matches!(m.tag, Tag::Edition(_)));
    if first == 0 && end_now == 1 && text.len() > 1 && (0..text.len()).all(is_edition) {
        return 0;
    }
    end_now
}

impl<'t, 'a> Border<'t, 'a> {
    fn new(text: &'t Text<'a>, marks: &'t Marks, first: usize, end: usize) -> Self {
        let tag = marks.at(end).map(|m| m.tag);
        let is_technical = marks.is_firm(end) && !matches!(tag, Some(Tag::Year | Tag::Number | Tag::Site | Tag::Date));
        let is_bracket = text.gap(end).has(Gap::OPEN)
            && (end..text.bracket_end(end)).all(|i| !marks.is_free(i))
            && !matches!(tag, Some(Tag::Year));
        let is_advert = is_advert(marks, end);
        Self { text, marks, first, end, tag, is_technical, is_bracket, is_advert }
    }

    /// Seasons or episodes, said by a word or a letter.
    fn is_season(&self) -> bool {
        let rule = self.marks.at(self.end).map(|mark| mark.rule);
        matches!(rule, Some(Rule::Season | Rule::SeasonAndEpisode | Rule::Episode))
    }

    /// Whether a word right before the border, at `end_now`, is a tag.
    fn takes(&self, mark: &Mark, end_now: usize) -> bool {
        let (text, is_loose) = (self.text, mark.strength == Strength::Loose);
        if self.is_last(mark, end_now) {
            return true;
        }
        match mark.tag {
            Tag::Language(code) if self.is_before_year(mark, code) => self.takes_language_before_year(mark),
            // "Some_Anime_TV_[02_of_13]", "Some Anime TV - 05"
            Tag::Noise if self.is_television(mark) => true,
            // "Some.Series.German.S01E02", "Some Anime Dub Episode 5"
            Tag::Language(_) if self.is_season() && self.takes_language_before_season(mark) => true,
            Tag::Dubbed | Tag::SubtitleWord if self.is_season() && text.is(mark.first, Class::SaysVersion) => true,
            Tag::Disc(_) | Tag::Language(_) | Tag::SubtitleWord | Tag::Dubbed | Tag::DualAudio | Tag::Noise => {
                self.takes_language(mark)
            }
            // "Title DC (1979)": an abbreviation counts in capitals, right before the year or something technical.
            // "Ultimate Collectors Edition": an adjective counts before an edition.
            Tag::Edition(_) => {
                is_loose
                    || self.is_capitals(mark) && (self.tag.is_some() || self.is_bracket)
                    || self.marks.at(end_now).is_some_and(|m| matches!(m.tag, Tag::Edition(_)))
            }
            // "The Last of Us S01E03"
            // "Harvest USA 2015": of remakes only series are told apart.
            Tag::Country(_) => {
                let is_of_title = matches!(self.tag, Some(Tag::Year)) && text.is(mark.first, Class::PlaceInTitles);
                let is_counted = || self.marks.iter().any(|m| m.tag == Tag::Number);
                !text.is(mark.first - 1, Class::AsksForPlace) && (!is_of_title || is_counted())
            }
            Tag::Complete => {
                is_loose
                    && (self.is_technical
                        || matches!(self.tag, Some(Tag::Number))
                        || self.is_bracket
                        || self.end == text.len()
                        || mark.last > mark.first
                        || self.is_capitals(mark))
            }
            // "Harvest Moon Trailer"; "The Trailer" is a title.
            Tag::Extra(_) => {
                let is_ended = self.is_technical || self.is_bracket || self.end == text.len() || mark.last > mark.first;
                is_loose && is_ended && (mark.first > self.first + 1 || !text.is(self.first, Class::OpensPhrase))
            }
            Tag::Source(_) | Tag::Audio(_) | Tag::Video(_) | Tag::Channels(_) => self.takes_technical(mark),
            Tag::Network(_) => {
                self.is_technical && (is_loose || matches!(self.tag, Some(Tag::Source(_))) || self.is_capitals(mark))
            }
            _ => is_loose || (self.is_technical && self.is_capitals(mark)),
        }
    }

    /// "Title Hindi Dubbed.mp4", "Title Audio Latino.mp4", "Title Dubbed 2019": what no title ends with, and at the end of the name the
    /// language ahead of it.
    fn is_last(&self, mark: &Mark, end_now: usize) -> bool {
        let is_spoken = matches!(
            mark.tag,
            Tag::Language(_) | Tag::Dubbed | Tag::DualAudio | Tag::SubtitleWord | Tag::Subtitles(_) | Tag::Noise
        );
        let is_end = self.end >= self.text.len() || self.is_advert;
        if !is_spoken || !is_end && !matches!(self.tag, Some(Tag::Year)) {
            return false;
        }
        let is_tag = || self.text.is(mark.last, Class::EndsNoTitle) && mark.strength == Strength::Loose;
        let is_loud = || self.text.is(mark.last, Class::EndsNoTitle) && self.is_capitals(mark);
        let is_phrase = is_end && (mark.last > mark.first || end_now < self.end);
        is_phrase && mark.strength == Strength::Loose || is_tag() || is_loud()
    }

    /// Scene names put the language before the year: "Der Weg German 2011"; "The Good German 2006" is a title.
    fn is_before_year(&self, mark: &Mark, code: &str) -> bool {
        matches!(self.tag, Some(Tag::Year))
            && mark.strength == Strength::Loose
            && !is_behind_titles(code)
            && !self.text.gap(mark.first).is_spaced_dash()
    }

    fn takes_language_before_year(&self, mark: &Mark) -> bool {
        // "Title Full Movie in English 2010"
        let before = self.marks.at(mark.first - 1).filter(|before| before.last > before.first);
        before.is_some_and(|before| before.tag == Tag::Noise && before.strength == Strength::Loose)
            || self.is_capitals(mark)
            || self.is_small(mark)
            || (!self.text.is(self.first, Class::OpensPhrase)
                && mark.first >= self.first + 3
                && !self.text.source.contains(' ')
                && !self.has_language_behind())
    }

    fn is_television(&self, mark: &Mark) -> bool {
        let is_loud = self.text.raw(mark.first) == "TV" || is_of_one_case(self.text);
        // "Reality TV S01E05" is a series.
        let is_bare = !self.is_season() || self.marks.at(self.end).is_some_and(|m| m.rule == Rule::Episode);
        matches!(self.tag, Some(Tag::Number)) && is_bare && is_loud && self.text.is(mark.first, Class::TelevisionSeason)
    }

    /// Scene names put it there; a title of words and spaces may end so.
    fn takes_language_before_season(&self, mark: &Mark) -> bool {
        mark.strength == Strength::Loose
            && !self.text.is(self.first, Class::OpensPhrase)
            && mark.first > self.first
            && !self.text.source.contains(' ')
            && !self.has_language_behind()
    }

    fn takes_language(&self, mark: &Mark) -> bool {
        let is_loose = mark.strength == Strength::Loose;
        matches!(mark.rule, Rule::Disc | Rule::MovieInLanguage)
            // "Title - Tamil - 2019", "Title Tamil (2019)"
            || is_loose
                && matches!(mark.tag, Tag::Language(code) if self.text.gap(mark.first).is_spaced_dash() || is_behind_titles(code))
            // "Title Full Movie 2019"
            || is_loose && mark.tag == Tag::Noise && mark.last > mark.first
            || is_loose && (self.is_technical || self.is_bracket || self.is_capitals(mark) || self.is_small(mark))
            || mark.strength == Strength::Faint && self.is_technical && self.is_capitals(mark)
    }

    fn takes_technical(&self, mark: &Mark) -> bool {
        mark.strength == Strength::Loose && (self.is_technical || self.is_capitals(mark) && self.tag.is_some())
            // "Title.TS.XviD", "Title TC x264"
            || self.is_technical
                && matches!(mark.tag, Tag::Source(_))
                && (self.is_capitals(mark) || is_of_one_case(self.text))
            // "[Group] Some Anime BD 05"
            || matches!(self.tag, Some(Tag::Number)) && matches!(mark.tag, Tag::Source("BluRay")) && self.is_capitals(mark)
            // "UFC 179 PPV HDTV"
            || self.is_technical && matches!(mark.tag, Tag::Source("PPVRip"))
    }

    /// Capitals among other words are a tag: "Dark.GERMAN.S03".
    fn is_capitals(&self, mark: &Mark) -> bool {
        is_capitals(self.text, mark.first, mark.last) && !is_capitals(self.text, self.first, mark.first - 1)
    }

    /// Small letters behind a title that begins with a capital.
    fn is_small(&self, mark: &Mark) -> bool {
        is_small(self.text, mark.last) && !is_small(self.text, self.first)
    }

    fn has_language_behind(&self) -> bool {
        let is_language = |m: &Mark| matches!(m.tag, Tag::Language(_)) && m.strength > Strength::Faint;
        self.marks.iter().any(|m| m.first >= self.end && is_language(m))
    }
}

/// Indian films are posted once for each language, which stands right behind the title; few titles end so.
fn is_behind_titles(code: &str) -> bool {
    words::is(code, Class::BehindTitles)
}

/// `Full Movie`, `Película Completa`, `Web Series`: words for what it is begin at a token.
pub fn is_advert(marks: &Marks, i: usize) -> bool {
    marks.at(i).is_some_and(|m| m.tag == Tag::Noise && m.strength == Strength::Loose && m.first == i && m.last > i)
}

/// All letters are capitals, and there are at least two.
fn is_capitals(text: &Text<'_>, first: usize, last: usize) -> bool {
    let mut letters = 0;
    for i in first..=last {
        for c in text.raw(i).chars().filter(|c| c.is_alphabetic()) {
            if c.is_lowercase() {
                return false;
            }
            letters += 1;
        }
    }
    letters >= 2
}

/// Nothing is capitals, or all is: then they say nothing.
fn is_of_one_case(text: &Text<'_>) -> bool {
    !text.source.contains(char::is_uppercase) || !text.source.contains(char::is_lowercase)
}

fn is_small(text: &Text<'_>, i: usize) -> bool {
    text.raw(i).chars().next().is_some_and(char::is_lowercase)
}
