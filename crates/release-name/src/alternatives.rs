//! Second readings: what a line may mean where a word or number has two plausible sides. The first reading is the
//! release itself; a matcher that finds nothing for it tries these, the likelier first.
//!
//! ```text
//! Space 1999 S01E07   title "Space 1999"           or title "Space", year 1999
//! Rover 1977          title "Rover", year 1977     or title "Rover 1977"
//! Kumo 13             title "Kumo 13"              or episode 13 of "Kumo"
//! Salt.Road.103       season 1, episode 3          or episode 103, or the film "Salt Road 103"
//! 04.05.2019          4 May                        or 5 April
//! [Group] Kumo OVA    what Kumo has besides        or the title "Kumo OVA"
//! ```

use serde::{Deserialize, Serialize};

use super::dates;
use super::draft::{Draft, Span};
use super::passes::title::{self, words};
use super::release::{Release, ReleaseKind, kind};
use super::rules::Rule;
use super::text::Gap;
use super::words::{Class, Strength, Tag};

/// Another identity that the same name may have. What it does not say about the file is the release's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// As [`Release::title`].
    pub title: String,
    /// As [`Release::year`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// As [`Release::seasons`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seasons: Vec<u16>,
    /// As [`Release::episodes`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub episodes: Vec<u16>,
    /// As [`Release::absolute`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absolute: Vec<f32>,
    /// As [`Release::date`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What it reads otherwise.
    pub doubt: Doubt,
}

/// What a second reading reads otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The year may belong to the title.
    #[default]
    YearInTitle,
    /// A year in the title may be the year.
    TitleIsYear,
    /// The episode's number may belong to the title.
    NumberInTitle,
    /// A number in the title may be the episode's.
    TitleIsNumber,
    /// One number may be season and episode, or both one number.
    NumberTogether,
    /// Day and month may change places.
    DayAndMonth,
    /// A tag may be a word of the title.
    TagInTitle,
    /// Name and caption say different titles.
    CaptionSays,
}

impl Doubt {
    /// For a person.
    pub fn text(self) -> &'static str {
        match self {
            Self::YearInTitle => "the year may belong to the title",
            Self::TitleIsYear => "the title's last word may be the year",
            Self::NumberInTitle => "the number may belong to the title",
            Self::TitleIsNumber => "the title's last word may be the episode",
            Self::NumberTogether => "the number may be season and episode together, or not",
            Self::DayAndMonth => "day and month may change places",
            Self::TagInTitle => "a tag may be a word of the title",
            Self::CaptionSays => "the caption says another title",
        }
    }
}

impl Release {
    /// The release as a second reading has it.
    pub fn read_as(&self, reading: &Reading) -> Release {
        let mut release = Release {
            title: reading.title.clone(),
            year: reading.year,
            seasons: reading.seasons.clone(),
            episodes: reading.episodes.clone(),
            absolute: reading.absolute.clone(),
            date: reading.date.clone(),
            // A tag that is the title's counts nothing.
            special: self.special.clone().filter(|_| reading.doubt != Doubt::TagInTitle),
            kind: ReleaseKind::Movie,
            readings: Vec::new(),
            ..self.clone()
        };
        release.kind = kind(&release);
        release
    }

    /// The same identity as a reading, to change one thing of.
    fn as_reading(&self, doubt: Doubt) -> Reading {
        Reading {
            title: self.title.clone(),
            year: self.year,
            seasons: self.seasons.clone(),
            episodes: self.episodes.clone(),
            absolute: self.absolute.clone(),
            date: self.date.clone(),
            doubt,
        }
    }
}

/// The second readings of a line.
pub fn of(draft: &Draft<'_>, release: &Release) -> Vec<Reading> {
    let mut readings = Vec::new();
    if release.title.is_empty() {
        return readings;
    }
    years(draft, release, &mut readings);
    season_in_title(release, &mut readings);
    numbers(draft, release, &mut readings);
    if let Some(date) = draft.marks.live().find(|m| m.tag == Tag::Date)
        && let Some(other) = dates::otherwise(&draft.text, date.first)
    {
        readings.push(Reading { date: Some(other.to_string()), ..release.as_reading(Doubt::DayAndMonth) });
    }
    tags(draft, release, &mut readings);
    readings
}

fn years(draft: &Draft<'_>, release: &Release, readings: &mut Vec<Reading>) {
    let Draft { text, marks, best, .. } = draft;
    // "Rover 1977 S01E02": the year stands bare, right behind the title.
    if let Some(mark) = marks.at(best.end).filter(|m| matches!(m.rule, Rule::LastYear))
        && text.gap(best.end).is_blank()
        && mark.first == best.end
    {
        let title = words(text, Span { first: best.first, end: mark.last + 1 });
        readings.push(Reading { title, year: None, ..release.as_reading(Doubt::YearInTitle) });
    }
    if marks.iter().any(|m| m.rule == Rule::LeadingYear)
        && let Some(year) = release.year
    {
        let title = format!("{year} {}", release.title);
        readings.push(Reading { title, year: None, ..release.as_reading(Doubt::YearInTitle) });
    }
    // "Space 1999", "2012 2009"
    if best.end > best.first + 1
        && let Some(year) = dates::year(text, best.end - 1)
    {
        let title = words(text, Span { first: best.first, end: best.end - 1 });
        readings.push(Reading { title, year: Some(year), ..release.as_reading(Doubt::TitleIsYear) });
    }
}

fn numbers(draft: &Draft<'_>, release: &Release, readings: &mut Vec<Reading>) {
    let Draft { text, marks, best, .. } = draft;
    let bare = marks.live().find(|m| {
        matches!(m.rule, Rule::Trailing | Rule::Leading | Rule::Middle | Rule::Compressed | Rule::Dashed | Rule::Paired)
    });
    let spelled = marks.at(best.end).filter(|m| m.rule == Rule::Episode && text.low(m.first).len() >= 5);
    if let Some(mark) = bare {
        let whole = text.number(mark.first).filter(|_| mark.first == mark.last);
        if let Some(number) = whole
            && mark.rule == Rule::Compressed
        {
            let absolute = vec![u16::try_from(number).map_or(0.0, f32::from)];
            readings.push(Reading {
                seasons: Vec::new(),
                episodes: Vec::new(),
                absolute,
                ..release.as_reading(Doubt::NumberTogether)
            });
        } else if let Some(number @ 101..=3999) = whole
            && release.seasons.is_empty()
            && (1..40).contains(&(number % 100))
        {
            readings.push(Reading {
                seasons: u16::try_from(number / 100).into_iter().collect(),
                episodes: u16::try_from(number % 100).into_iter().collect(),
                absolute: Vec::new(),
                ..release.as_reading(Doubt::NumberTogether)
            });
        }
        let padded = text.low(mark.first).starts_with('0');
        if !padded && mark.rule != Rule::Paired {
            let title = match mark.rule {
                Rule::Leading => words(text, Span { first: mark.first, end: best.end }),
                _ => words(text, Span { first: best.first, end: mark.last + 1 }),
            };
            readings.push(without_numbers(release, title, Doubt::NumberInTitle));
        }
    } else if let Some(mark) = spelled.filter(|_| release.seasons.is_empty()) {
        // "Star Harbor Episode 6", and all of "Star Harbor - Episode 6 - The Well (1977)"
        let year = marks.live().find(|m| m.tag == Tag::Year && m.first > mark.last + 1);
        let end = year.map_or(mark.last + 1, |year| year.first);
        let title = words(text, Span { first: best.first, end });
        readings.push(without_numbers(release, title, Doubt::NumberInTitle));
    } else if release.kind == ReleaseKind::Movie
        && release.year.is_none()
        && best.end > best.first + 1
        && let Some(number @ 1..=1999) = text.number(best.end - 1)
        && text.gap(best.end - 1).only(Gap::SPACE.with(Gap::DOT).with(Gap::UNDERSCORE).with(Gap::HYPHEN))
    {
        // "Kumo Volume 4": a season may be called so.
        if best.end > best.first + 2 && text.is(best.end - 2, Class::SeasonOrPart) {
            let title = words(text, Span { first: best.first, end: best.end - 2 });
            let seasons = u16::try_from(number).into_iter().collect();
            readings.push(Reading { title, seasons, ..release.as_reading(Doubt::TitleIsNumber) });
            return;
        }
        // "Kumo 13"
        let title = words(text, Span { first: best.first, end: best.end - 1 });
        let absolute = vec![u16::try_from(number).map_or(0.0, f32::from)];
        readings.push(Reading { title, absolute, ..release.as_reading(Doubt::TitleIsNumber) });
    }
}

/// Tags between title and year or episode that titles end with too: "The Weg German 2011".
fn tags(draft: &Draft<'_>, release: &Release, readings: &mut Vec<Reading>) {
    let Draft { text, marks, best, .. } = draft;
    let mut end = best.end;
    while let Some(mark) = marks.at(end).filter(|m| m.strength < Strength::Firm && text.gap(m.first).is_blank()) {
        end = mark.last + 1;
    }
    // "BBC Salt Road": no dash parts the network from the title.
    if let Some(network) = marks.at(0).filter(|m| m.rule == Rule::NetworkAhead)
        && network.last + 1 == best.first
        && text.gap(best.first).is_blank()
    {
        let title = words(text, Span { first: 0, end: best.end });
        readings.push(Reading { title, ..release.as_reading(Doubt::TagInTitle) });
    }
    // "[Group] Kumo OVA": some are titles of their own.
    if let Some(special) = marks.at(best.end).filter(|m| m.rule == Rule::Special && release.absolute.is_empty())
        && release.special.is_some()
        && best.end > best.first
    {
        let title = words(text, Span { first: best.first, end: special.last + 1 });
        readings.push(without_numbers(release, title, Doubt::TagInTitle));
    }
    let is_border = marks.at(end).is_some_and(|m| matches!(m.tag, Tag::Year | Tag::Number));
    if end > best.end && is_border && best.end > best.first {
        let title = words(text, Span { first: best.first, end });
        readings.push(Reading { title, ..release.as_reading(Doubt::TagInTitle) });
    }
}

/// `킹덤2 6화`, `庆余年2 第05集`: where blanks part no words, a figure at the title's end may be the season.
fn season_in_title(release: &Release, readings: &mut Vec<Reading>) {
    let Some(season @ 2..=9) = release.title.chars().last().and_then(|c| c.to_digit(10)) else { return };
    let title = &release.title[..release.title.len() - 1];
    let is_native = title.chars().last().is_some_and(title::is_native);
    if is_native && release.seasons.is_empty() && !(release.episodes.is_empty() && release.absolute.is_empty()) {
        let seasons = u16::try_from(season).into_iter().collect();
        readings.push(Reading { title: title.to_owned(), seasons, ..release.as_reading(Doubt::TitleIsNumber) });
    }
}

fn without_numbers(release: &Release, title: String, doubt: Doubt) -> Reading {
    Reading { title, year: release.year, date: release.date.clone(), doubt, ..Reading::default() }
}
