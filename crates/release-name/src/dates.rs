//! Air dates and years: `2018.06.22`, `22-06-2018`, `18.06.22`, `20180622`, `22nd June 2018`, `(1968)`.

use std::fmt;

use super::text::{Gap, Text, leading_number};
use super::words::{self, Class};

/// Films are older than 1900, and announced ones a little ahead.
const YEARS: std::ops::RangeInclusive<u32> = 1880..=2035;

/// A calendar day, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub year: u16,
    month: u8,
    day: u8,
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Date {
    fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let fits = (1900..=2099).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        fits.then(|| {
            Some(Self {
                year: u16::try_from(year).ok()?,
                month: u8::try_from(month).ok()?,
                day: u8::try_from(day).ok()?,
            })
        })?
    }
}

/// The year that a token is.
pub fn year(text: &Text<'_>, i: usize) -> Option<u16> {
    let (value, width, rest) = leading_number(text.low(i))?;
    // "2006г": Russian names say that it is a year.
    let is_year = rest.is_empty() || words::is(rest, Class::YearEnding);
    (width == 4 && is_year && YEARS.contains(&value)).then(|| u16::try_from(value).ok()).flatten()
}

/// `20180622`.
pub fn compact(word: &str) -> Option<Date> {
    if word.len() != 8 || !word.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| word[from..to].parse().ok();
    let year = number(0, 4).filter(|y| (1950..=2035).contains(y))?;
    Date::new(year, number(4, 6)?, number(6, 8)?)
}

/// `2018年06月22日`, `2018년 6월 22일` in one word.
fn cjk(word: &str) -> Option<Date> {
    let (year, rest) = word.split_once(['年', '년'])?;
    let (month, rest) = rest.split_once(['月', '월'])?;
    let (day, rest) = rest.split_once(['日', '일'])?;
    Date::new(number(year).filter(|year| YEARS.contains(year) && rest.is_empty())?, number(month)?, number(day)?)
}

/// `240428`: the year's last two figures first.
pub fn short(word: &str) -> Option<Date> {
    if word.len() != 6 || !word.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize| word[from..from + 2].parse::<u32>().ok();
    Date::new(2000 + number(0)?, number(2)?, number(4)?).filter(|d| d.year <= 2035)
}

/// The date that starts at a token, with its last token.
pub fn at(text: &Text<'_>, i: usize) -> Option<(Date, usize)> {
    // It begins with a figure or a month.
    if !text.low(i).starts_with(|c: char| c.is_ascii_digit()) && text.entry(i).month().is_none() {
        return None;
    }
    if let Some(date) = compact(text.low(i)).or_else(|| cjk(text.low(i))) {
        return Some((date, i));
    }
    if let Some(date) = year_and_day(text, i).or_else(|| spelled_out(text, i)) {
        return Some(date);
    }
    let joins = |index: usize| {
        let gap = text.gap(index);
        gap == Gap::SLASH || gap == Gap::COMMA.with(Gap::SPACE) || (gap.is_tight() && gap != Gap::NONE)
    };
    if !joins(i + 1) || !joins(i + 2) {
        return None;
    }
    let (a, b, c) = (text.low(i), text.low(i + 1), text.low(i + 2));
    let full_year = |word: &str| (word.len() == 4).then(|| number(word)).flatten();
    let short_year = |word: &str| match word.len() {
        2 => number(word).map(|y| if y < 50 { 2000 + y } else { 1900 + y }),
        _ => full_year(word),
    };
    // A month in words settles the order.
    if let Some(month) = text.entry(i + 1).month()
        && let (Some(day), Some(year)) = (day(a), short_year(c))
    {
        return Date::new(year, month, day).map(|d| (d, i + 2));
    }
    if let Some(month) = text.entry(i).month()
        && let (Some(day), Some(year)) = (day(b), full_year(c))
    {
        return Date::new(year, month, day).map(|d| (d, i + 2));
    }
    figures(text, i).map(|date| (date, i + 2))
}

/// `2018x06.22`: the year as a season, and the day as its episode.
fn year_and_day(text: &Text<'_>, i: usize) -> Option<(Date, usize)> {
    let (year, month) = text.low(i).split_once('x').filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
    let day = number(text.low(i + 1)).filter(|_| text.gap(i + 1) == Gap::DOT && text.low(i + 1).len() == 2)?;
    Some((Date::new(number(year)?, number(month)?, day)?, i + 1))
}

/// `22 de junio de 2018`.
fn spelled_out(text: &Text<'_>, i: usize) -> Option<(Date, usize)> {
    let joins = |at: usize| text.is(at, Class::JoinsDate) && text.gap(at).is_blank() && text.gap(at + 1).is_blank();
    let month = text.entry(i + 2).month().filter(|_| joins(i + 1) && joins(i + 3))?;
    let year = number(text.low(i + 4)).filter(|year| YEARS.contains(year))?;
    Some((Date::new(year, month, day(text.low(i))?)?, i + 4))
}

/// Three numbers: `2018.06.22`, `22-06-2018`, `18.06.22`.
fn figures(text: &Text<'_>, i: usize) -> Option<Date> {
    let words = [text.low(i), text.low(i + 1), text.low(i + 2)];
    let (x, y, z) = (number(words[0])?, number(words[1])?, number(words[2])?);
    match words.map(str::len) {
        // "1975 8.1": a year, and what it was rated.
        [4, 0..=2, 0..=2] if text.gap(i + 1) == text.gap(i + 2) || words[1].len() == 2 => {
            Date::new(x, y, z).or_else(|| Date::new(x, z, y))
        }
        // "5-21-24", "21.5.24": no month has such a number, so the order is settled.
        [1, 2, 2] | [2, 1, 2] if is_short_day(text, i) && (x > 12) != (y > 12) && (5..=35).contains(&z) => {
            Date::new(2000 + z, x.min(y), x.max(y))
        }
        // Day first; what cannot be a month is the day.
        [0..=2, 0..=2, 4] if YEARS.contains(&z) => Date::new(z, y, x).or_else(|| Date::new(z, x, y)),
        [2, 2, 2] if text.gap(i + 1) == text.gap(i + 2) && text.gap(i + 1) != Gap::SPACE => {
            // 01-02-03 counts episodes.
            if y == x + 1 && z == y + 1 {
                return None;
            }
            Date::new(2000 + x, y, z)
                .filter(|_| (5..=35).contains(&x))
                .or_else(|| Date::new(2000 + z, y, x))
                .or_else(|| Date::new(2000 + z, x, y))
                .filter(|d| d.year <= 2035)
        }
        _ => None,
    }
}

/// The same sign twice, and no blank.
fn is_short_day(text: &Text<'_>, i: usize) -> bool {
    let gap = text.gap(i + 1);
    gap == text.gap(i + 2) && (gap == Gap::DOT || gap.is_hyphen())
}

/// A number of at most four figures.
fn number(word: &str) -> Option<u32> {
    (word.len() <= 4 && word.bytes().all(|x| x.is_ascii_digit())).then(|| word.parse().ok()).flatten()
}

/// The other order of day and month, when both could be either.
pub fn otherwise(text: &Text<'_>, i: usize) -> Option<Date> {
    let (date, last) = at(text, i)?;
    let words = [text.low(i), text.low(i + 1), text.low(i + 2)];
    // Only the year's place settles it: `2018.06.05` has one order.
    let is_open = last == i + 2 && words[0].len() <= 2 && words.iter().all(|w| w.bytes().all(|b| b.is_ascii_digit()));
    (is_open && date.day <= 12 && date.day != date.month).then_some(Date { month: date.day, day: date.month, ..date })
}

/// `2`, `02`, `2nd`.
fn day(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    let is_day = ending.is_empty() || words::is(ending, Class::DayEnding);
    (digits.len() <= 2 && is_day).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_order() {
        for (name, want) in [
            ("2018.06.22", "2018-06-22"),
            ("22.06.2018", "2018-06-22"),
            ("06.22.2018", "2018-06-22"),
            ("18.06.22", "2018-06-22"),
            ("20180622", "2018-06-22"),
            ("22nd June 2018", "2018-06-22"),
            ("June 22, 2018", "2018-06-22"),
            ("22-Jun-18", "2018-06-22"),
            ("22. März 2018", "2018-03-22"),
            ("22 июня 2018", "2018-06-22"),
            ("22 de junio de 2018", "2018-06-22"),
            ("2018x06.22", "2018-06-22"),
            ("2018年06月22日", "2018-06-22"),
            ("6-22-18", "2018-06-22"),
            ("22.6.18", "2018-06-22"),
        ] {
            let text = Text::new(name);
            let (date, last) = at(&text, 0).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((date.to_string().as_str(), last + 1), (want, text.len()), "{name}");
        }
        for name in ["2018", "1080.22.33", "99999999", "13.13.13", "Part 2 2018", "1975 8.1", "5.6.18", "1.22.40"] {
            assert_eq!(at(&Text::new(name), 0), None, "{name}");
        }
    }
}
