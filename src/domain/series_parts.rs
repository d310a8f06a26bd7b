//! Which parts of its series a file holds: the numbers of a release name, turned into seasons and episodes of the title that
//! it was matched with.

use super::entry::SeriesPart;
use super::title::{Episode, Title};
use release_name::{Release, ReleaseKind};

/// The episodes (or whole seasons) that a release holds, in order and without doubles. Empty when the name does not say.
///
/// Said outright (S01E02) wins; then an air date, then absolute numbers counted over the provider's seasons. A pack's
/// name gives its seasons; a complete pack without a season means all of them.
pub fn series_parts(release: &Release, title: &Title) -> Vec<SeriesPart> {
    let mut parts: Vec<SeriesPart> = if let Some(word) = &release.special {
        specials(release, word, title)
    } else if !release.seasons.is_empty() && !release.episodes.is_empty() {
        // S01E01-E03: one season. Several seasons together with episodes do not say which belongs to which: the first it is.
        let season = release.seasons[0];
        release.episodes.iter().map(|&number| SeriesPart::Episode { season, number }).collect()
    } else if !release.seasons.is_empty() && release.absolute.is_empty() {
        release.seasons.iter().map(|&season| SeriesPart::Season { season }).collect()
    } else if let Some(episode) = aired(release, title) {
        vec![episode]
    } else if !release.absolute.is_empty() || !release.episodes.is_empty() {
        // "Show - 37" and "Show E37" without a season are the same claim.
        let whole = release.absolute.iter().filter(|n| n.fract() == 0.0 && **n >= 0.0).map(|n| *n as u16);
        let numbers: Vec<u16> = if release.absolute.is_empty() { release.episodes.clone() } else { whole.collect() };
        numbers.into_iter().filter_map(|n| absolute(n, release.seasons.first().copied(), title)).collect()
    } else if release.complete || release.kind == ReleaseKind::Season {
        let mut seasons: Vec<u16> = title.episodes.iter().map(|e| e.season).filter(|s| *s > 0).collect();
        seasons.dedup();
        seasons.into_iter().map(|season| SeriesPart::Season { season }).collect()
    } else {
        Vec::new()
    };
    parts.sort();
    parts.dedup();
    parts
}

/// Season 0 holds the specials. Trailers and openings are in no list, and OVAs are numbered in it among others.
fn specials(release: &Release, word: &str, title: &Title) -> Vec<SeriesPart> {
    if !matches!(word, "SP" | "SPECIAL") {
        return Vec::new();
    }
    let is_said = |e: &&Episode| e.season == 0 && release.absolute.contains(&f32::from(e.number));
    title.episodes.iter().filter(is_said).map(part).collect()
}

fn aired(release: &Release, title: &Title) -> Option<SeriesPart> {
    let date = release.date.as_deref()?;
    title.episodes.iter().find(|e| e.aired.as_deref() == Some(date)).map(part)
}

/// The n-th episode over all seasons but the specials. A title whose episodes are not known has one season. A number
/// beyond what the provider lists is a newer episode of the last season's numbering only if that numbering is absolute
/// already; otherwise it stays unknown rather than being guessed.
fn absolute(number: u16, season: Option<u16>, title: &Title) -> Option<SeriesPart> {
    if let Some(season) = season {
        return Some(SeriesPart::Episode { season, number });
    }
    let regular: Vec<&Episode> = title.episodes.iter().filter(|e| e.season > 0).collect();
    if regular.is_empty() {
        return Some(SeriesPart::Episode { season: 1, number });
    }
    if let Some(episode) = usize::from(number).checked_sub(1).and_then(|i| regular.get(i)) {
        return Some(part(episode));
    }
    let same_number: Vec<_> = regular.iter().filter(|e| e.number == number).collect();
    match same_number[..] {
        [episode] => Some(part(episode)),
        _ if regular.iter().all(|e| e.season == 1) => Some(SeriesPart::Episode { season: 1, number }),
        _ => None,
    }
}

fn part(episode: &Episode) -> SeriesPart {
    SeriesPart::Episode { season: episode.season, number: episode.number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::title::{Kind, TitleIds};

    fn series(lengths: &[u16]) -> Title {
        let episodes = lengths.iter().enumerate().flat_map(|(season, &count)| {
            (1..=count).map(move |number| Episode {
                season: season as u16,
                number,
                name: String::new(),
                overview: String::new(),
                aired: Some(format!("2020-{:02}-{number:02}", season + 1)),
                still: None,
            })
        });
        Title { episodes: episodes.collect(), ..Title::new(Kind::Series, TitleIds::default(), "Show") }
    }

    fn e(season: u16, number: u16) -> SeriesPart {
        SeriesPart::Episode { season, number }
    }

    #[test]
    fn numbers_become_places() {
        // Two specials, then seasons of three and four episodes.
        let title = series(&[2, 3, 4]);
        let r = Release::default;
        let cases: Vec<(&str, Release, Vec<SeriesPart>)> = vec![
            ("S01E02", Release { seasons: vec![1], episodes: vec![2], ..r() }, vec![e(1, 2)]),
            ("S01E02-E03", Release { seasons: vec![1], episodes: vec![2, 3], ..r() }, vec![e(1, 2), e(1, 3)]),
            ("S00E01", Release { seasons: vec![0], episodes: vec![1], ..r() }, vec![e(0, 1)]),
            ("S02", Release { seasons: vec![2], ..r() }, vec![SeriesPart::Season { season: 2 }]),
            (
                "S01-S02",
                Release { seasons: vec![1, 2], ..r() },
                vec![SeriesPart::Season { season: 1 }, SeriesPart::Season { season: 2 }],
            ),
            (
                "complete",
                Release { complete: true, ..r() },
                vec![SeriesPart::Season { season: 1 }, SeriesPart::Season { season: 2 }],
            ),
            ("absolute", Release { absolute: vec![5.0], ..r() }, vec![e(2, 2)]),
            ("E05 alone", Release { episodes: vec![5], ..r() }, vec![e(2, 2)]),
            ("beyond what is known", Release { absolute: vec![50.0], ..r() }, vec![]),
            ("a half episode", Release { absolute: vec![7.5], ..r() }, vec![]),
            ("SP02", Release { special: Some("SP".into()), absolute: vec![2.0], ..r() }, vec![e(0, 2)]),
            ("SP03", Release { special: Some("SP".into()), absolute: vec![3.0], ..r() }, vec![]),
            ("NCOP1", Release { special: Some("NCOP".into()), absolute: vec![1.0], ..r() }, vec![]),
            ("air date", Release { date: Some("2020-03-04".into()), ..r() }, vec![e(2, 4)]),
            ("unknown air date", Release { date: Some("1999-01-01".into()), ..r() }, vec![]),
            ("nothing", r(), vec![]),
            ("doubles", Release { seasons: vec![1], episodes: vec![2, 2], ..r() }, vec![e(1, 2)]),
        ];
        for (name, release, wanted) in cases {
            assert_eq!(series_parts(&release, &title), wanted, "{name}");
        }
    }

    #[test]
    fn a_series_without_known_episodes_has_one_season() {
        let title = series(&[]);
        assert_eq!(series_parts(&Release { absolute: vec![12.0], ..Release::default() }, &title), vec![e(1, 12)]);
    }
}
