//! Other orders of a series' episodes than its seasons, and whether a release's numbers are meant in one of them. A provider lists
//! every episode once; people count through, or by cours that the provider does not part.
//!
//! ```text
//! the name says          the seasons            the orders                                   what wins, and why
//! S02E05                 have it                are not asked                                the seasons: most names are meant so
//! S02E05                 do not have it         agree on an episode                          theirs: in the seasons it is nobody's
//! S02E05                 do not have it         disagree: first as shown, then all others    those that agree among the first
//! S02E05 “The Storm”     have it, called else   one has “The Storm” as S02E05                that one: name and number agree
//! S02 (a pack)           have no such season    agree on its episodes                        theirs
//! 37                     one season, in it      are not asked                                the season
//! 37                     anything else          absolute ones agree                          theirs: they were made for such numbers
//! 37                     anything else          absolute ones disagree, or there are none    counting through the seasons
//! ```

use serde::{Deserialize, Serialize};

use super::entry::SeriesPart;
use super::matching::fold;
use super::series_parts::named;
use super::title::Title;
use release_name::Release;

/// One order: all episodes, or those that somebody put into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpisodeOrder {
    pub sort: Sort,
    /// As a person called it: `TVDB Order`.
    pub name: String,
    pub seasons: Vec<OrderedSeason>,
}

/// What an order goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Counted through, for numbers without a season.
    Absolute,
    /// As it was shown: in television, on the day, by a service.
    Shown,
    /// As it was made or sold: discs, production, arcs of the story.
    Other,
}

/// A season of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedSeason {
    /// 0 holds specials.
    pub number: u16,
    pub name: String,
    /// In order: season and number of each in the provider's seasons.
    pub episodes: Vec<(u16, u16)>,
}

/// Which orders may say more of a release than the seasons do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Absolute,
    BySeason,
}

impl Wanted {
    pub fn takes(self, sort: Sort) -> bool {
        (self == Self::Absolute) == (sort == Sort::Absolute)
    }
}

/// The parts of its series that a release holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    pub parts: Vec<SeriesPart>,
    /// The order that they were found in, when it was not the seasons.
    pub order: Option<String>,
}

/// Whether a release's place is worth asking orders for. `parts`: what the seasons say.
pub fn wanted(release: &Release, title: &Title, parts: &[SeriesPart]) -> Option<Wanted> {
    let is_other = release.special.is_some() || release.date.is_some();
    if is_other || title.episodes.is_empty() {
        return None;
    }
    if release.seasons.is_empty() {
        let numbers = counted(release)?;
        let is_one_season = title.episodes.iter().all(|e| e.season <= 1);
        let is_in_it = is_one_season && numbers.iter().all(|number| title.has(1, *number));
        return (!is_in_it).then_some(Wanted::Absolute);
    }
    let is_there = match numbers_of(release) {
        numbers if numbers.is_empty() => release.seasons.iter().all(|s| title.episodes.iter().any(|e| e.season == *s)),
        numbers => numbers.iter().all(|number| title.has(release.seasons[0], *number)),
    };
    let is_called_else = named(release, title).is_some_and(|named| parts != [named]);
    (!is_there || is_called_else).then_some(Wanted::BySeason)
}

/// What the table above says. `parts`: what the seasons say.
pub fn placed(release: &Release, title: &Title, parts: Vec<SeriesPart>, orders: &[EpisodeOrder]) -> Placed {
    let by_seasons = |parts| Placed { parts, order: None };
    let Some(wanted) = wanted(release, title, &parts) else { return by_seasons(parts) };
    let mut found: Vec<(&EpisodeOrder, Vec<SeriesPart>)> = orders
        .iter()
        .filter(|order| wanted.takes(order.sort))
        .filter_map(|order| Some((order, order.places(wanted, release, title)?)))
        .collect();
    if let Some(named) = named(release, title) {
        // Whatever else the numbers may mean.
        found.retain(|(_, places)| *places == [named]);
    }
    let shown = || found.iter().filter(|(order, _)| order.sort == Sort::Shown);
    let chosen = agreed(found.iter()).or_else(|| agreed(shown()));
    match chosen {
        Some((order, places)) if *places != parts => Placed { parts: places.clone(), order: Some(order.name.clone()) },
        _ => by_seasons(parts),
    }
}

type Found<'o> = (&'o EpisodeOrder, Vec<SeriesPart>);

/// The first of several that say the same.
fn agreed<'f, 'o>(mut found: impl Iterator<Item = &'f Found<'o>>) -> Option<&'f Found<'o>>
where
    'o: 'f,
{
    let first = found.next()?;
    found.all(|(_, places)| *places == first.1).then_some(first)
}

/// The numbers of a name that has no season; `None` when it has none of an episode.
fn counted(release: &Release) -> Option<Vec<u16>> {
    Some(numbers_of(release)).filter(|numbers| !numbers.is_empty())
}

/// `S02E05` and `S02 - 05` are the same claim. Half episodes are in no order.
pub(super) fn numbers_of(release: &Release) -> Vec<u16> {
    if !release.episodes.is_empty() {
        return release.episodes.clone();
    }
    release.absolute.iter().filter(|n| n.fract() == 0.0 && **n >= 0.0).map(|n| *n as u16).collect()
}

impl EpisodeOrder {
    /// Where the release's numbers are in this order; `None` when one of them is not in it, or in no list any more.
    fn places(&self, wanted: Wanted, release: &Release, title: &Title) -> Option<Vec<SeriesPart>> {
        let numbers = numbers_of(release);
        let mut parts: Vec<SeriesPart> = match wanted {
            Wanted::Absolute => {
                let all: Vec<_> = self.counted_through().collect();
                numbers.iter().map(|number| nth(&all, *number)).collect::<Option<_>>()?
            }
            Wanted::BySeason if numbers.is_empty() => {
                let seasons = release.seasons.iter().map(|number| self.season(*number)).collect::<Option<Vec<_>>>()?;
                seasons.into_iter().flat_map(|season| &season.episodes).map(part).collect()
            }
            Wanted::BySeason => {
                let season = self.season(release.seasons[0])?;
                numbers.iter().map(|number| nth(&season.episodes, *number)).collect::<Option<_>>()?
            }
        };
        parts.sort();
        parts.dedup();
        let is_listed =
            |part: &SeriesPart| matches!(*part, SeriesPart::Episode { season, number } if title.has(season, number));
        (!parts.is_empty() && parts.iter().all(is_listed)).then_some(parts)
    }

    /// An absolute order, too, has a season of specials, which nobody counts; a lone one is the order itself.
    fn counted_through(&self) -> impl Iterator<Item = (u16, u16)> {
        let is_lone = self.seasons.len() == 1;
        let is_special = |season: &OrderedSeason| season.number == 0 || fold(&season.name) == "specials";
        let counted = self.seasons.iter().filter(move |season| is_lone || !is_special(season));
        counted.flat_map(|season| season.episodes.iter().copied())
    }

    /// `None` when it has none of this number, or several.
    fn season(&self, number: u16) -> Option<&OrderedSeason> {
        let mut of_number = self.seasons.iter().filter(|season| season.number == number);
        let season = of_number.next()?;
        of_number.next().is_none().then_some(season)
    }
}

fn nth(episodes: &[(u16, u16)], number: u16) -> Option<SeriesPart> {
    episodes.get(usize::from(number).checked_sub(1)?).map(part)
}

fn part(place: &(u16, u16)) -> SeriesPart {
    SeriesPart::Episode { season: place.0, number: place.1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::series_parts::series_parts;
    use crate::domain::title::{Episode, Kind, TitleIds};

    /// One season of 24 episodes and a special; `listed` as season and number.
    fn title(listed: impl IntoIterator<Item = (u16, u16)>) -> Title {
        let episode = |(season, number): (u16, u16)| Episode {
            season,
            number,
            name: format!("Chapter {season} {number}"),
            overview: String::new(),
            aired: None,
            still: None,
        };
        let episodes = listed.into_iter().map(episode).collect();
        Title { episodes, ..Title::new(Kind::Series, TitleIds::default(), "Show") }
    }

    fn order(sort: Sort, seasons: &[(u16, &[(u16, u16)])]) -> EpisodeOrder {
        let seasons = seasons.iter().map(|(number, episodes)| OrderedSeason {
            number: *number,
            name: if *number == 0 { "Specials".to_owned() } else { format!("Season {number}") },
            episodes: episodes.to_vec(),
        });
        EpisodeOrder { sort, name: format!("{sort:?}"), seasons: seasons.collect() }
    }

    fn e(season: u16, number: u16) -> SeriesPart {
        SeriesPart::Episode { season, number }
    }

    #[test]
    fn numbers_are_found_in_the_order_that_they_are_meant_in() {
        use Sort::{Absolute, Other, Shown};
        let one = title((1..=6).map(|n| (1, n)).chain([(0, 1)]));
        let two = title((1..=3).map(|n| (1, n)).chain((1..=3).map(|n| (2, n))).chain([(0, 1)]));
        let cours = order(Shown, &[(1, &[(1, 1), (1, 2), (1, 3)]), (2, &[(1, 4), (1, 5), (1, 6)])]);
        let pairs = order(Other, &[(1, &[(1, 1), (1, 2)]), (2, &[(1, 3), (1, 4)]), (3, &[(1, 5), (1, 6)])]);
        // With the special between the seasons, where it was shown.
        let through = order(Absolute, &[(0, &[]), (1, &[(1, 1), (1, 2), (1, 3), (0, 1), (2, 1), (2, 2), (2, 3)])]);
        let lone = order(Absolute, &[(0, &[(2, 1), (1, 1)])]);
        let gone = order(Shown, &[(2, &[(9, 1), (9, 2)])]);
        let r = Release::default;
        let said = |seasons: &[u16], episodes: &[u16]| Release {
            seasons: seasons.to_vec(),
            episodes: episodes.to_vec(),
            ..r()
        };
        let absolute = |n: f32| Release { absolute: vec![n], ..r() };
        let called = |release: Release, name: &str| Release { episode_title: Some(name.to_owned()), ..release };
        type Row<'t> = (&'t str, &'t Title, Release, Vec<&'t EpisodeOrder>, Vec<SeriesPart>, Option<&'t str>);
        let rows: Vec<Row<'_>> = vec![
            ("the seasons have it", &one, said(&[1], &[5]), vec![&pairs], vec![e(1, 5)], None),
            ("a cour", &one, said(&[2], &[2]), vec![&cours], vec![e(1, 5)], Some("Shown")),
            (
                "a cour with a dash",
                &one,
                Release { seasons: vec![2], ..absolute(2.0) },
                vec![&cours],
                vec![e(1, 5)],
                Some("Shown"),
            ),
            ("two of a cour", &one, said(&[2], &[1, 3]), vec![&cours], vec![e(1, 4), e(1, 6)], Some("Shown")),
            ("a pack of a cour", &one, said(&[2], &[]), vec![&cours], vec![e(1, 4), e(1, 5), e(1, 6)], Some("Shown")),
            ("not in that cour", &one, said(&[2], &[4]), vec![&cours], vec![e(2, 4)], None),
            ("as it was shown comes first", &one, said(&[2], &[1]), vec![&pairs, &cours], vec![e(1, 4)], Some("Shown")),
            (
                "any other where nothing else fits",
                &one,
                said(&[3], &[2]),
                vec![&pairs, &cours],
                vec![e(1, 6)],
                Some("Other"),
            ),
            ("no list has them any more", &one, said(&[2], &[1]), vec![&gone], vec![e(2, 1)], None),
            ("the name of another", &one, called(said(&[1], &[2]), "Chapter 1 4"), vec![&cours], vec![e(1, 2)], None),
            (
                "name and number agree",
                &one,
                called(said(&[2], &[1]), "Chapter 1 3"),
                vec![&cours, &pairs],
                vec![e(1, 3)],
                Some("Other"),
            ),
            ("counted through with a special", &two, absolute(4.0), vec![&through], vec![e(0, 1)], Some("Absolute")),
            ("behind it", &two, absolute(5.0), vec![&through], vec![e(2, 1)], Some("Absolute")),
            ("E05 alone", &two, said(&[], &[5]), vec![&through], vec![e(2, 1)], Some("Absolute")),
            ("the same as counting", &two, absolute(2.0), vec![&through], vec![e(1, 2)], None),
            ("absolute ones disagree", &two, absolute(2.0), vec![&lone, &through], vec![e(1, 2)], None),
            ("a lone season is no specials", &two, absolute(1.0), vec![&lone], vec![e(2, 1)], Some("Absolute")),
            ("beyond it", &two, absolute(9.0), vec![&through], vec![], None),
            ("a season's order is not for it", &two, absolute(5.0), vec![&cours], vec![e(2, 2)], None),
            ("one season, in it", &one, absolute(2.0), vec![&lone], vec![e(1, 2)], None),
            ("a half", &two, absolute(4.5), vec![&through], vec![], None),
            (
                "a special",
                &two,
                Release { special: Some("SP".into()), ..absolute(1.0) },
                vec![&lone],
                vec![e(0, 1)],
                None,
            ),
        ];
        for (name, title, release, orders, parts, order) in rows {
            let orders: Vec<_> = orders.into_iter().cloned().collect();
            let placed = placed(&release, title, series_parts(&release, title), &orders);
            assert_eq!((placed.parts, placed.order.as_deref()), (parts, order), "{name}");
        }
    }

    #[test]
    fn orders_are_asked_for_only_where_they_may_say_more() {
        let two = title((1..=3).map(|n| (1, n)).chain((1..=3).map(|n| (2, n))));
        let r = Release::default;
        for (name, release, wanted_here) in [
            ("in the seasons", Release { seasons: vec![2], episodes: vec![3], ..r() }, None),
            ("a season", Release { seasons: vec![2], ..r() }, None),
            ("no season", Release { seasons: vec![3], ..r() }, Some(Wanted::BySeason)),
            ("no episode", Release { seasons: vec![1], episodes: vec![9], ..r() }, Some(Wanted::BySeason)),
            ("counted through", Release { absolute: vec![5.0], ..r() }, Some(Wanted::Absolute)),
            ("by day", Release { date: Some("2020-01-01".to_owned()), absolute: vec![5.0], ..r() }, None),
            ("all of it", Release { complete: true, ..r() }, None),
        ] {
            assert_eq!(wanted(&release, &two, &series_parts(&release, &two)), wanted_here, "{name}");
        }
        let unknown = title([]);
        assert_eq!(wanted(&Release { absolute: vec![5.0], ..r() }, &unknown, &[e(1, 5)]), None, "nothing is listed");
    }
}
