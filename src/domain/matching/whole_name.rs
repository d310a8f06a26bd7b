//! Names that look like something else: `11-11-11 (2011)` like a date, `10x10 (2018)` like an episode, `Star.Wars.Episode.2.2002`
//! like a series. What stands before the year, whole, may be a film of that year.

use release_name::{Release, ReleaseKind};

use super::names::fold;

/// The release read as a film whose title is all that stands before its year. `None` when the name has no year, says season and
/// episode outright, or is read so already.
pub fn as_film(release: &Release, file_name: &str) -> Option<Release> {
    let (before, year) = before_year(file_name)?;
    if is_outright_episode(before) {
        return None;
    }
    // "Show 04.05.2019": the year is the date's.
    if release.date.is_some() && before.trim_end_matches(['.', '-', '_', ' ']).ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let title = plain(before);
    let is_read_so =
        release.kind == ReleaseKind::Movie && fold(&title) == fold(&release.title) && release.year == Some(year);
    if is_read_so || fold(&title).is_empty() {
        return None;
    }
    Some(Release {
        title,
        alternative_titles: Vec::new(),
        year: Some(year),
        kind: ReleaseKind::Movie,
        seasons: Vec::new(),
        episodes: Vec::new(),
        absolute: Vec::new(),
        date: None,
        readings: Vec::new(),
        ..release.clone()
    })
}

/// What stands before the last year of a name, and that year.
fn before_year(name: &str) -> Option<(&str, u16)> {
    let bytes = name.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (1..name.len().saturating_sub(3)).rev().find_map(|at| {
        let stands_alone = (at..at + 4).all(is_digit) && !is_digit(at - 1) && !is_digit(at + 4);
        let is_parted = matches!(bytes[at - 1], b' ' | b'.' | b'_' | b'(' | b'[' | b'-');
        let year: u16 = name.get(at..at + 4).filter(|_| stands_alone && is_parted)?.parse().ok()?;
        // 1080p and 2160p are no years, and neither is a resolution without its p.
        let is_size = matches!(bytes.get(at + 4), Some(b'p' | b'P' | b'i' | b'x' | b'X'));
        ((1888..=2100).contains(&year) && !is_size).then(|| (&name[..at], year))
    })
}

/// `S01E02` leaves no doubt.
fn is_outright_episode(text: &str) -> bool {
    let low = text.to_ascii_lowercase();
    let bytes = low.as_bytes();
    (0..bytes.len()).any(|at| {
        let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let begins = bytes[at] == b's' && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        let season = if begins { digits(at + 1) } else { 0 };
        let behind = at + 1 + season;
        season > 0 && bytes.get(behind) == Some(&b'e') && digits(behind + 1) > 0
    })
}

/// Dots and underscores are spaces where they part words; a group or a channel in brackets ahead goes.
fn plain(text: &str) -> String {
    let mut text = text.trim_end_matches(['(', '[', ' ', '.', '_', '-']).trim_start();
    while let Some((_, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        text = rest.trim_start();
    }
    text.replace(['.', '_'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use release_name::{Input, parse};

    use super::*;

    #[test]
    fn all_that_stands_before_a_year_may_be_a_film() {
        for (name, wanted) in [
            ("11-11-11 (2011).mkv", Some(("11-11-11", 2011))),
            ("10x10 (2018) 1080p.mkv", Some(("10x10", 2018))),
            ("Star.Wars.Episode.2.2002.1080p.mkv", Some(("Star Wars Episode 2", 2002))),
            ("[@Channel] 10x10 [2018].mkv", Some(("10x10", 2018))),
            ("Show.S01E02.2019.mkv", None),
            ("Metropolis (1927).mkv", None),
            ("10x10 1080p.mkv", None),
            ("2018.mkv", None),
            ("", None),
        ] {
            let release = parse(&Input { name, caption: "", folder: "" });
            let film = as_film(&release, name).map(|film| (film.title, film.year));
            assert_eq!(film, wanted.map(|(title, year)| (title.to_owned(), Some(year))), "{name}");
        }
    }
}
