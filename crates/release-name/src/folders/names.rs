//! Numbers in names of files, where the folder above says what they count: `02 Name`, `0507. Name`, `Show 203 Name`, `grp-show203`.

use crate::ending;
use crate::words::{self, Class};

/// A file that starts with its episode: `E01 - Name`, `02 Name`, `S01E02`.
pub fn is_bare(file: &str) -> bool {
    let low = file.to_ascii_lowercase();
    let rest =
        low.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, 's' | 'e' | 'p' | 'x' | '.' | '-' | ' '));
    let head = &low[..low.len() - rest.len()];
    head.starts_with(|c: char| c.is_ascii_digit()) && leading_number(file).is_some()
        || head.chars().any(|c| c.is_ascii_digit()) && head.starts_with(['s', 'e']) && head.contains('e')
        || file.starts_with('[') && leading_number(file).is_some()
}

/// `02 Name`, `2 Name`, `[02] Name`: the number ahead.
pub fn leading_number(file: &str) -> Option<u16> {
    figures_ahead(file).filter(|(_, width)| *width <= 3).map(|(number, _)| number)
}

/// `03-04 - Name`: the first and the last of a range ahead.
pub fn leading_range(file: &str) -> Option<(u16, u16)> {
    let (first, width) = figures_ahead(file).filter(|(_, width)| *width <= 3)?;
    let rest = file[width..].trim_start();
    // "03 - 04" may be an episode and the first word of its name.
    let is_parted = rest.len() < file.len() - width;
    let rest = rest.strip_prefix(['+', '&']).or_else(|| rest.strip_prefix('-').filter(|_| !is_parted))?;
    let (last, digits) = figures_ahead(rest.trim_start())?;
    (digits == width && last > first && last - first < 30).then_some((first, last))
}

/// `Part 5`, `Chapter 5`, and nothing else.
pub fn part_alone(file: &str) -> Option<u16> {
    let stem = ending::split(file).stem;
    let (word, number) = stem.split_once([' ', '.', '_', '-'])?;
    let is_part = words::is(&word.to_lowercase(), Class::Volume) && number.len() <= 3;
    is_part.then(|| number.parse().ok()).flatten()
}

/// `0507. Name`, `507 - Name`, `Show 507 Name`, `grp-show507`: a number that says the season and an episode of it. With
/// what stands before and behind it.
pub fn episode_of_season(file: &str, season: u16) -> Option<(&str, u16, &str)> {
    if season == 0 {
        return None;
    }
    let mut at = 0;
    while let Some(start) = file[at..].find(|c: char| c.is_ascii_digit()).map(|found| at + found) {
        let width = file[start..].bytes().take_while(u8::is_ascii_digit).count();
        let (number, end) = (&file[start..start + width], start + width);
        let is_apart = !file[end..].starts_with(char::is_alphabetic) || file[end..].len() <= 4;
        if (3..=4).contains(&width)
            && is_apart
            && let Ok(number) = number.parse::<u16>()
            && number / 100 == season
            && (1..100).contains(&(number % 100))
        {
            return Some((&file[..start], number % 100, &file[end..]));
        }
        at = end;
    }
    None
}

/// `grp-shows01e02`: season and episode glued to an abbreviation.
pub fn glued_episode(file: &str) -> Option<(u16, u16)> {
    let low = file.to_ascii_lowercase();
    low.match_indices('s').find_map(|(at, _)| {
        let season = digits(&low[at + 1..]).filter(|season| season.len() == 2)?;
        let episode = digits(low[at + 3..].strip_prefix('e')?)?;
        Some((season.parse().ok()?, episode.parse().ok()?))
    })
}

fn digits(text: &str) -> Option<&str> {
    let width = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&width).then(|| &text[..width])
}

/// The number ahead of a name, parted from it, and its figures.
fn figures_ahead(file: &str) -> Option<(u16, usize)> {
    if let Some(boxed) = file.strip_prefix('[') {
        let width = boxed.bytes().take_while(u8::is_ascii_digit).count();
        let is_boxed = width > 0 && boxed[width..].starts_with(']');
        return is_boxed.then(|| boxed[..width].parse().ok()).flatten().map(|number| (number, width));
    }
    let width = file.bytes().take_while(u8::is_ascii_digit).count();
    let is_parted = width > 0 && file[width..].starts_with([' ', '.', '-', '_', '+', '&']);
    is_parted.then(|| file[..width].parse().ok()).flatten().map(|number| (number, width))
}

/// ` (Minisodes) 01 Good Cop`: a padded number somewhere in front.
pub fn count_in(rest: &str) -> Option<u16> {
    let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(2);
    words.find(|w| w.len() == 2 && w.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_says_an_episode_of_its_season() {
        for (file, season, said) in [
            ("203 - The Well", 2, Some(("", 3, " - The Well"))),
            ("0203. The Well", 2, Some(("", 3, ". The Well"))),
            ("Salt Road 203 The Well", 2, Some(("Salt Road ", 3, " The Well"))),
            ("ltn-sr203", 2, Some(("ltn-sr", 3, ""))),
            ("720p Salt Road 203", 2, Some(("720p Salt Road ", 3, ""))),
            ("Salt Road 300", 3, None),
            ("Salt Road 203", 1, None),
            ("Salt Road 203", 0, None),
            ("20301", 2, None),
        ] {
            assert_eq!(episode_of_season(file, season), said, "{file}");
        }
    }

    #[test]
    fn numbers_ahead_are_read() {
        assert_eq!(leading_number("[05] The Well"), Some(5));
        assert_eq!(leading_number("2019 The Well"), None);
        assert_eq!(leading_range("03-04 - The Well"), Some((3, 4)));
        assert_eq!(leading_range("03+04 The Well"), Some((3, 4)));
        assert_eq!(leading_range("03 & 04 - The Well"), Some((3, 4)));
        assert_eq!(leading_range("03 - 04 Wells"), None);
        assert_eq!(part_alone("Chapter 5.mkv"), Some(5));
        assert_eq!(part_alone("Chapter 5 The Well.mkv"), None);
        assert_eq!(leading_range("03-4 - The Well"), None);
        assert_eq!(glued_episode("ltn-srs01e02"), Some((1, 2)));
        assert_eq!(glued_episode("sales-east"), None);
    }
}
