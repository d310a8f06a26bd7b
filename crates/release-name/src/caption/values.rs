//! Values of labelled lines: years of three calendars, and numbers with their lists and ranges.

use crate::words::{self, Class};

/// The year in figures: of our calendar, of Iran's or of Thailand's.
pub fn calendar_year(figures: &str) -> Option<u16> {
    if figures.len() != 4 {
        return None;
    }
    match figures.parse().ok()? {
        year @ 1880..=2035 => Some(year),
        // Solar Hijri years begin in March: most of one lies 621 years on.
        year @ 1300..=1414 => Some(year + 621),
        year @ 2440..=2578 => Some(year - 543),
        _ => None,
    }
}

/// The numbers of a value: `02`, `01 to 05 (Combined)`, `1, 2 & 3`, `04 / 20` (of which it is the first), `پنجم`.
pub fn numbers(value: &str) -> Vec<u16> {
    /// No season or list is longer.
    const MOST: u16 = 400;
    let mut numbers: Vec<u16> = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (between, tail) = rest.split_at(start);
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let Some(number) = tail[..end].parse::<u16>().ok().filter(|_| end <= 4) else { break };
        rest = &tail[end..];
        let Some(last) = numbers.last().copied() else {
            numbers.push(number);
            continue;
        };
        let between = between.trim();
        let is_range =
            matches!(between, "-" | "–" | "—" | "~" | "～") || words::is(&between.to_lowercase(), Class::Range);
        let is_list = between == "," || words::is(between, Class::ValueAnd);
        if is_range && number > last && number - last < MOST {
            numbers.extend(last + 1..=number);
        } else if is_list && number > last && numbers.len() < usize::from(MOST) {
            numbers.push(number);
        } else {
            break;
        }
    }
    if numbers.is_empty() {
        let words =
            || value.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(2).map(str::to_lowercase);
        numbers.extend(words().find_map(|word| {
            let entry = words::entry(&word);
            entry.number().or_else(|| entry.ordinal())
        }));
    }
    numbers
}

/// The first year of a value.
pub fn year(value: &str) -> Option<u16> {
    value.split(|c: char| !c.is_ascii_digit()).find_map(calendar_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted() {
        for (value, want) in [
            ("02", vec![2]),
            ("01 to 05 (Combined)", vec![1, 2, 3, 4, 5]),
            ("1-3", vec![1, 2, 3]),
            ("04 / 20", vec![4]),
            ("5 из 20", vec![5]),
            ("10 – Cold Harbor", vec![10]),
            ("2 (2021)", vec![2]),
            ("1, 2 & 4", vec![1, 2, 4]),
            ("الثالث", vec![3]),
            ("第8集", vec![8]),
            ("1 تا 3", vec![1, 2, 3]),
            ("final", vec![]),
            ("99999999999", vec![]),
        ] {
            assert_eq!(numbers(value), want, "{value}");
        }
    }
}
