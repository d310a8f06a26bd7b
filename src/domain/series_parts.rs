//! Which parts of its series a file holds: the numbers of a release name, turned into seasons and episodes of the title that
//! it was matched with.

use super::entry::SeriesPart;
use super::matching::fold;
use super::title::{Episode, Title};
use release_name::{Doubt, Release, ReleaseKind};

/// The episodes (or whole seasons) that a release holds, in order and without doubles. Empty when the name does not say.
///
/// ```text
/// OVA 2, SP01              specials, by their number or their name
/// S01E02, S01E02-E03       said outright; beyond what a season that is over has: the episode of that name, or a number counted through
/// S01, S01-S03             whole seasons
/// 2020-03-04               the episode that aired then, or the day before or after
/// - 37, E37                counted through all seasons
/// Part 2                   the second episode of a series of one season
/// complete                 all seasons
/// “The Finale”             the one episode of that name, where no number fits
/// ```
pub fn series_parts(release: &Release, title: &Title) -> Vec<SeriesPart> {
    let mut parts = by_numbers(release, title);
    if parts.is_empty() && release.special.is_none() {
        parts.extend(named(release, title));
    }
    parts.sort();
    parts.dedup();
    parts
}

fn by_numbers(release: &Release, title: &Title) -> Vec<SeriesPart> {
    if let Some(word) = &release.special {
        specials(release, word, title)
    } else if !release.seasons.is_empty() && !release.episodes.is_empty() {
        // S01E01-E03: one season. Several seasons together with episodes do not say which belongs to which: the first it is.
        let season = release.seasons[0];
        release.episodes.iter().map(|&number| of_season(season, number, release, title)).collect()
    } else if !release.seasons.is_empty() && release.absolute.is_empty() {
        release.seasons.iter().map(|&season| SeriesPart::Season { season }).collect()
    } else if let Some(episode) = aired(release, title) {
        vec![episode]
    } else if !release.absolute.is_empty() || !release.episodes.is_empty() {
        // "Show - 37" and "Show E37" without a season are the same claim.
        let whole = release.absolute.iter().filter(|n| n.fract() == 0.0 && **n >= 0.0).map(|n| *n as u16);
        let numbers: Vec<u16> = if release.absolute.is_empty() { release.episodes.clone() } else { whole.collect() };
        let of_release = |n| absolute(n, release.seasons.first().copied(), release, title);
        numbers.into_iter().filter_map(of_release).collect()
    } else if let Some(number) = release.title_part {
        part_of_one_season(number, title).into_iter().collect()
    } else if release.complete || release.kind == ReleaseKind::Season {
        let mut seasons: Vec<u16> = title.episodes.iter().map(|e| e.season).filter(|s| *s > 0).collect();
        seasons.dedup();
        seasons.into_iter().map(|season| SeriesPart::Season { season }).collect()
    } else {
        Vec::new()
    }
}

/// Season 0 holds the specials: those called so by their numbers, others (`OVA 2`) by a name that says the word and the number.
/// Trailers and openings are in no list.
fn specials(release: &Release, word: &str, title: &Title) -> Vec<SeriesPart> {
    let of_season_0 = title.episodes.iter().filter(|e| e.season == 0);
    if matches!(word, "SP" | "SPECIAL") {
        let is_said = |e: &&Episode| release.absolute.contains(&f32::from(e.number));
        return of_season_0.filter(is_said).map(part).collect();
    }
    let number = release.absolute.first().map(|number| number.to_string());
    let is_named = |e: &&Episode| {
        let name = fold(&e.name);
        let says = |wanted: &str| name.split(' ').any(|part| part == wanted);
        says(&fold(word)) && number.as_deref().is_none_or(says)
    };
    match of_season_0.filter(is_named).collect::<Vec<_>>()[..] {
        [episode] => vec![part(episode)],
        _ => Vec::new(),
    }
}

/// What aired on the release's day; where nothing did, on the one day beside it on which something did, for those who live
/// elsewhere. Not of a date that may be read as another day.
fn aired(release: &Release, title: &Title) -> Option<SeriesPart> {
    let date = release.date.as_deref()?;
    let on = |day: &str| title.episodes.iter().find(|e| e.aired.as_deref() == Some(day)).map(part);
    if let Some(episode) = on(date) {
        return Some(episode);
    }
    let is_sure = release.readings.iter().all(|reading| reading.doubt != Doubt::DayAndMonth);
    let beside = days_beside(date).filter(|_| is_sure)?;
    match beside.each_ref().map(|day| on(day)) {
        [Some(episode), None] | [None, Some(episode)] => Some(episode),
        _ => None,
    }
}

/// The days before and after `YYYY-MM-DD`.
fn days_beside(date: &str) -> Option<[String; 2]> {
    let mut numbers = date.split('-').map(|number| number.parse::<u16>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
    let day = time::Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
    let text = |day: time::Date| format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day());
    Some([text(day.previous_day()?), text(day.next_day()?)])
}

/// Season and number as they were said, unless the season is over and never had such an episode: then the name of the episode is to
/// be believed, or the number counts through (files of the second season that go on with 13, 14 ...).
fn of_season(season: u16, number: u16, release: &Release, title: &Title) -> SeriesPart {
    let said = SeriesPart::Episode { season, number };
    let last = title.regular().filter(|e| e.season == season).map(|e| e.number).max();
    let is_over = title.ended.is_some() || title.regular().any(|e| e.season > season);
    let Some(last) = last.filter(|last| number > *last && is_over) else { return said };
    if let Some(named) = named(release, title) {
        return named;
    }
    let before = title.regular().filter(|e| e.season < season).count();
    match usize::from(number).checked_sub(before).and_then(|own| u16::try_from(own).ok()) {
        Some(own) if before > 0 && (1..=last).contains(&own) => SeriesPart::Episode { season, number: own },
        _ => said,
    }
}

/// The n-th episode over all seasons but the specials. A title whose episodes are not known has one season. A number
/// beyond what the provider lists is a newer episode of the last season's numbering only if that numbering is absolute
/// already; otherwise it stays unknown rather than being guessed.
fn absolute(number: u16, season: Option<u16>, release: &Release, title: &Title) -> Option<SeriesPart> {
    if let Some(season) = season {
        return Some(of_season(season, number, release, title));
    }
    let regular: Vec<&Episode> = title.regular().collect();
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

/// `Part Two` of a mini-series. Of one with several seasons it may be a part of a name.
fn part_of_one_season(number: u16, title: &Title) -> Option<SeriesPart> {
    let is_of_one = title.regular().all(|e| e.season == 1);
    title.regular().find(|e| is_of_one && e.number == number).map(part)
}

/// The one episode that is called as the release says. Names such as "Pilot" or "Part 2" are many series', so one name must be one
/// episode's here.
pub(super) fn named(release: &Release, title: &Title) -> Option<SeriesPart> {
    let wanted = fold(release.episode_title.as_deref()?);
    if wanted.chars().count() < SHORTEST_NAME {
        return None;
    }
    let mut of_name = title.episodes.iter().filter(|e| fold(&e.name) == wanted);
    let episode = of_name.next()?;
    of_name.next().is_none().then(|| part(episode))
}

/// Letters of an episode's name that can be told from chance.
const SHORTEST_NAME: usize = 5;

fn part(episode: &Episode) -> SeriesPart {
    SeriesPart::Episode { season: episode.season, number: episode.number }
}

#[cfg(test)]
mod tests {
    use release_name::Reading;

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
            ("the day after", Release { date: Some("2020-03-05".into()), ..r() }, vec![e(2, 4)]),
            ("two days after", Release { date: Some("2020-03-06".into()), ..r() }, vec![]),
            ("unknown air date", Release { date: Some("1999-01-01".into()), ..r() }, vec![]),
            ("no date", Release { date: Some("2020-13-41".into()), ..r() }, vec![]),
            // Season 2 has episodes 1 to 4; 5 and 6 go on from the three of season 1.
            // Perhaps aired today.
            ("newer than what is known", Release { seasons: vec![2], episodes: vec![5], ..r() }, vec![e(2, 5)]),
            ("beyond the first season", Release { seasons: vec![1], episodes: vec![4], ..r() }, vec![e(1, 4)]),
            ("part of several seasons", Release { title_part: Some(2), ..r() }, vec![]),
            ("nothing", r(), vec![]),
            ("doubles", Release { seasons: vec![1], episodes: vec![2, 2], ..r() }, vec![e(1, 2)]),
        ];
        for (name, release, wanted) in cases {
            assert_eq!(series_parts(&release, &title), wanted, "{name}");
        }
    }

    #[test]
    fn a_day_beside_counts_where_one_alone_is_meant() {
        let mut title = series(&[0, 4]);
        title.episodes.remove(1);
        let on = |date: &str, readings| Release { date: Some(date.to_owned()), readings, ..Release::default() };
        // Episodes aired on the first, the third and the fourth.
        assert_eq!(series_parts(&on("2020-02-05", vec![]), &title), vec![e(1, 4)]);
        assert_eq!(series_parts(&on("2020-02-02", vec![]), &title), vec![], "either may be meant");
        let doubt = Reading { date: Some("2020-05-02".to_owned()), doubt: Doubt::DayAndMonth, ..Reading::default() };
        assert_eq!(series_parts(&on("2020-02-05", vec![doubt]), &title), vec![], "the day itself is in doubt");
    }

    #[test]
    fn names_of_episodes_help_where_numbers_do_not() {
        let mut title = series(&[2, 3, 4]);
        let names = ["OVA 1", "Making of", "The Arrival", "Part 2", "The Storm", "Part 2", "The Finale", "", "OVA 2"];
        for (episode, name) in title.episodes.iter_mut().zip(names) {
            episode.name = name.to_owned();
        }
        let r = Release::default;
        let called = |name: &str| Release { episode_title: Some(name.to_owned()), ..r() };
        let special = |word: &str, n| Release { special: Some(word.into()), absolute: vec![n], ..r() };
        for (name, release, wanted) in [
            ("no number", called("the storm"), vec![e(1, 3)]),
            ("a number beyond", Release { seasons: vec![1], episodes: vec![9], ..called("The Finale") }, vec![e(2, 2)]),
            (
                "a number that fits wins",
                Release { seasons: vec![1], episodes: vec![1], ..called("The Storm") },
                vec![e(1, 1)],
            ),
            ("a name of two", called("Part 2"), vec![]),
            ("a name of none", called("The Sequel"), vec![]),
            ("OVA 1", special("OVA", 1.0), vec![e(0, 1)]),
            ("OVA 2 is no special here", special("OVA", 2.0), vec![]),
            ("OVA", Release { special: Some("OVA".into()), ..r() }, vec![e(0, 1)]),
            ("NCOP1", special("NCOP", 1.0), vec![]),
        ] {
            assert_eq!(series_parts(&release, &title), wanted, "{name}");
        }
    }

    #[test]
    fn a_season_that_is_over_may_count_on_from_the_one_before() {
        let title = Title { ended: Some(2021), ..series(&[0, 3, 4]) };
        let r = Release::default;
        for (name, release, wanted) in [
            ("S02E05-E06", Release { seasons: vec![2], episodes: vec![5, 6], ..r() }, vec![e(2, 2), e(2, 3)]),
            ("S02 - 07", Release { seasons: vec![2], absolute: vec![7.0], ..r() }, vec![e(2, 4)]),
            ("S02E04", Release { seasons: vec![2], episodes: vec![4], ..r() }, vec![e(2, 4)]),
            ("S02E08", Release { seasons: vec![2], episodes: vec![8], ..r() }, vec![e(2, 8)]),
            ("S01E04", Release { seasons: vec![1], episodes: vec![4], ..r() }, vec![e(1, 4)]),
        ] {
            assert_eq!(series_parts(&release, &title), wanted, "{name}");
        }
    }

    #[test]
    fn a_part_is_an_episode_of_a_mini_series() {
        let title = series(&[1, 4]);
        let part = |number| Release { title_part: Some(number), ..Release::default() };
        assert_eq!(series_parts(&part(2), &title), vec![e(1, 2)]);
        assert_eq!(series_parts(&part(9), &title), vec![]);
    }

    #[test]
    fn a_series_without_known_episodes_has_one_season() {
        let title = series(&[]);
        assert_eq!(series_parts(&Release { absolute: vec![12.0], ..Release::default() }, &title), vec![e(1, 12)]);
    }
}
