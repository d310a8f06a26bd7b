//! A season as sites for anime number it, and where the titles of IMDb and TMDB have its episodes. Such sites know each cour as a title
//! of its own, whose episodes begin at 1.

use serde::{Deserialize, Serialize};

use super::entry::SeriesPart;
use super::episode_orders::numbers_of;
use super::foreign_id::ForeignPart;
use super::title::{Kind, MetaId, Title, TitleIds};
use release_name::Release;

/// What the lists say of one such title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anime {
    pub kind: Kind,
    /// Of the whole series.
    pub ids: TitleIds,
    pub tmdb: Numbering,
    pub tvdb: Numbering,
}

/// Where a site has these episodes among its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbering {
    /// `None`: they are counted through the whole series, or nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<u16>,
    /// Added to each number.
    #[serde(skip_serializing_if = "is_zero")]
    pub offset: i32,
}

fn is_zero(number: &i32) -> bool {
    *number == 0
}

/// Whose numbering a title's list has: TMDB's own, or TheTVDB's, which Cinemeta's are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedBy {
    Tmdb,
    Tvdb,
}

impl Anime {
    /// TMDB's first, which say the very title; IMDb may know several seasons under ids of their own.
    pub fn meta_ids(&self) -> impl Iterator<Item = MetaId> {
        self.ids.tmdb.map(MetaId::Tmdb).into_iter().chain(self.ids.imdb.map(MetaId::Imdb))
    }

    /// Season and number of its `number`th episode in a title's list; where neither numbering is in the list, as the title's own
    /// has it: the list may be older.
    pub fn episode(&self, number: u16, title: &Title, listed_by: ListedBy) -> Option<(u16, u16)> {
        let numberings = match listed_by {
            ListedBy::Tmdb => [self.tmdb, self.tvdb],
            ListedBy::Tvdb => [self.tvdb, self.tmdb],
        };
        let is_listed = |place: &(u16, u16)| title.has(place.0, place.1);
        let places = || numberings.iter().filter_map(|numbering| numbering.place(number, title));
        places().find(is_listed).or_else(|| numberings[0].place(number, title))
    }

    /// The parts of the title that a release holds whose numbers count in this season; `None` where they do not: they are the whole
    /// series', or it has none.
    pub fn parts(&self, release: &Release, title: &Title, listed_by: ListedBy) -> Option<Vec<SeriesPart>> {
        let numbers = match numbers_of(release) {
            // A special of one part is not numbered.
            none if none.is_empty() && self.is_special() => vec![1],
            numbers => numbers,
        };
        let place = |number: &u16| self.episode(*number, title, listed_by).filter(|place| title.has(place.0, place.1));
        let mut parts = numbers
            .iter()
            .map(|number| place(number).map(|(season, number)| SeriesPart::Episode { season, number }))
            .collect::<Option<Vec<_>>>()?;
        parts.sort();
        parts.dedup();
        (!parts.is_empty()).then_some(parts)
    }

    fn is_special(&self) -> bool {
        self.is_season(0)
    }

    /// Whether it is one that people would number so.
    pub fn is_season(&self, season: u16) -> bool {
        [self.tmdb.season, self.tvdb.season].contains(&Some(season))
    }
}

/// Which episode of a title is asked for by another site's id. `seasons`: what the id stands for.
pub fn asked_episode(seasons: &[Anime], part: ForeignPart, title: &Title, listed_by: ListedBy) -> Option<(u16, u16)> {
    match part {
        ForeignPart::Whole => None,
        ForeignPart::Episode(number) => seasons.first()?.episode(number, title, listed_by),
        ForeignPart::OfSeason { season, number } => of_tvdb(seasons, season, number, title, listed_by),
    }
}

/// Which episode TheTVDB's season and number are: those of the season that holds them, brought to the title's list; without such a
/// season as they stand. `seasons`: all that are of one series there.
fn of_tvdb(seasons: &[Anime], season: u16, number: u16, title: &Title, listed_by: ListedBy) -> Option<(u16, u16)> {
    let of_season = seasons.iter().filter_map(|anime| Some((anime, anime.tvdb.own_number(season, number)?)));
    // Of several cours in one season, the last that began before it.
    match of_season.min_by_key(|(_, own)| *own) {
        Some((anime, own)) => anime.episode(own, title, listed_by),
        None => Some((season, number)),
    }
}

impl Numbering {
    fn place(self, number: u16, title: &Title) -> Option<(u16, u16)> {
        let own = u16::try_from(i32::from(number) + self.offset).ok().filter(|own| number > 0 && *own > 0)?;
        match self.season {
            Some(season) => Some((season, own)),
            None => title.regular().nth(usize::from(own) - 1).map(|episode| (episode.season, episode.number)),
        }
    }

    /// Which of the cour's own episodes an episode of the site's is; `None` of another season, or before it.
    fn own_number(self, season: u16, number: u16) -> Option<u16> {
        let own = i32::from(number) - self.offset;
        (self.season == Some(season)).then_some(own).and_then(|own| u16::try_from(own).ok()).filter(|own| *own > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::title::Episode;

    fn title(seasons: &[u16]) -> Title {
        let episodes =
            seasons.iter().zip(1..).flat_map(|(count, season)| (1..=*count).map(move |number| (season, number)));
        let episode = |(season, number)| Episode {
            season,
            number,
            name: String::new(),
            overview: String::new(),
            aired: None,
            still: None,
        };
        let specials = [(0, 1), (0, 2)].into_iter();
        Title {
            episodes: specials.chain(episodes).map(episode).collect(),
            ..Title::new(Kind::Series, TitleIds::default(), "Show")
        }
    }

    fn anime(tmdb: (Option<u16>, i32), tvdb: (Option<u16>, i32)) -> Anime {
        let numbering = |(season, offset)| Numbering { season, offset };
        Anime { kind: Kind::Series, ids: TitleIds::default(), tmdb: numbering(tmdb), tvdb: numbering(tvdb) }
    }

    #[test]
    fn an_episode_of_a_cour_is_found_where_the_title_lists_it() {
        use ListedBy::{Tmdb, Tvdb};
        // TMDB has one season of 24 where TheTVDB has two of twelve; this is the second cour.
        let cour = anime((Some(1), 12), (Some(2), 0));
        let (one, two) = (title(&[24]), title(&[12, 12]));
        for (name, anime, number, title, by, wanted) in [
            ("TMDB's list", &cour, 3, &one, Tmdb, Some((1, 15))),
            ("TheTVDB's list", &cour, 3, &two, Tvdb, Some((2, 3))),
            ("TMDB's list, which is cut as TheTVDB's", &cour, 3, &two, Tmdb, Some((2, 3))),
            ("newer than the list", &cour, 13, &one, Tmdb, Some((1, 25))),
            ("counted through", &anime((None, 0), (None, 0)), 14, &two, Tmdb, Some((2, 2))),
            ("counted through beyond the list", &anime((None, 0), (None, 0)), 99, &two, Tmdb, None),
            ("before it begins", &anime((Some(1), -5), (Some(1), -5)), 5, &one, Tmdb, None),
            ("none", &cour, 0, &two, Tvdb, None),
            ("too many", &anime((Some(1), 65_000), (Some(1), 65_000)), 1000, &one, Tmdb, None),
        ] {
            assert_eq!(anime.episode(number, title, by), wanted, "{name}");
        }
    }

    #[test]
    fn numbers_of_a_release_count_in_its_season_or_not_at_all() {
        let cour = anime((Some(1), 12), (Some(2), 0));
        let special = anime((Some(0), 1), (Some(0), 1));
        let r = Release::default;
        let e = |season, number| SeriesPart::Episode { season, number };
        for (name, anime, release, wanted) in [
            ("a number", &cour, Release { absolute: vec![3.0], ..r() }, Some(vec![e(1, 15)])),
            ("two", &cour, Release { episodes: vec![2, 1], ..r() }, Some(vec![e(1, 13), e(1, 14)])),
            ("of the whole series", &cour, Release { absolute: vec![15.0], ..r() }, None),
            ("none", &cour, r(), None),
            ("a special", &special, r(), Some(vec![e(0, 2)])),
        ] {
            assert_eq!(anime.parts(&release, &title(&[24]), ListedBy::Tmdb), wanted, "{name}");
        }
    }

    #[test]
    fn thetvdbs_numbers_lead_through_the_cour_that_holds_them() {
        // Two cours in TheTVDB's first season, and a second season; one season at TMDB.
        let seasons =
            [anime((Some(1), 0), (Some(1), 0)), anime((Some(1), 6), (Some(1), 6)), anime((Some(1), 12), (Some(2), 0))];
        let one = title(&[24]);
        for (season, number, wanted) in [(1, 6, (1, 6)), (1, 7, (1, 7)), (2, 1, (1, 13)), (3, 1, (3, 1))] {
            assert_eq!(of_tvdb(&seasons, season, number, &one, ListedBy::Tmdb), Some(wanted), "{season}x{number}");
        }
        assert_eq!(of_tvdb(&[], 1, 1, &one, ListedBy::Tmdb), Some((1, 1)));
    }
}
