//! Episode groups -> [`EpisodeOrder`].

use serde::Deserialize;

use super::super::wire::{each, lenient, text, token};
use crate::domain::episode_orders::{EpisodeOrder, OrderedSeason, Sort, Wanted};

/// The episodes of an order at most: a daily soap has ten thousand.
const MAX_EPISODES: usize = 20_000;

/// All orders of a series, without their episodes.
#[derive(Default, Deserialize)]
pub(super) struct Orders {
    #[serde(default, deserialize_with = "each")]
    results: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(rename = "type")]
    sort: u8,
}

impl Orders {
    /// The ids of those that may hold what is wanted.
    pub fn of(&self, wanted: Wanted) -> impl Iterator<Item = String> {
        let rows = self.results.iter().filter(move |row| sort(row.sort).is_some_and(|sort| wanted.takes(sort)));
        // It becomes a part of an address.
        rows.filter_map(|row| token(&row.id)).filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric()))
    }
}

#[derive(Deserialize)]
pub(super) struct Order {
    #[serde(rename = "type")]
    sort: u8,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "each")]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    order: u16,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "each")]
    episodes: Vec<Place>,
}

/// The place that an episode has in the group, and the one in the seasons.
#[derive(Deserialize)]
struct Place {
    order: u32,
    season_number: u16,
    episode_number: u16,
}

impl Order {
    /// `None` for a sort that nobody counts by.
    pub fn into_order(mut self) -> Option<EpisodeOrder> {
        let sort = sort(self.sort)?;
        if self.groups.iter().map(|group| group.episodes.len()).sum::<usize>() > MAX_EPISODES {
            return None;
        }
        self.groups.sort_by_key(|group| group.order);
        let seasons = self.groups.into_iter().map(Group::into_season).collect();
        Some(EpisodeOrder {
            sort,
            name: text(&self.name).unwrap_or_else(|| "an order without a name".to_owned()),
            seasons,
        })
    }
}

impl Group {
    fn into_season(mut self) -> OrderedSeason {
        self.episodes.sort_by_key(|row| row.order);
        let episodes = self.episodes.iter().map(|row| (row.season_number, row.episode_number)).collect();
        OrderedSeason { number: self.order, name: text(&self.name).unwrap_or_default(), episodes }
    }
}

/// TMDB's numbers (developer.themoviedb.org/reference/tv-episode-group-details).
fn sort(number: u8) -> Option<Sort> {
    Some(match number {
        2 => Sort::Absolute,
        // Original air date, digital, TV.
        1 | 4 | 7 => Sort::Shown,
        // DVD, story arc, production.
        3 | 5 | 6 => Sort::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::wire::hostile;
    use super::*;

    #[test]
    fn an_order_is_read_by_its_own_order_whatever_the_answers() {
        let episode = |order: u32, season: u16, number: u16| json!({ "order": order, "season_number": season, "episode_number": number, "name": "x" });
        let answer = json!({ "type": 7, "name": hostile(), "groups": [
            { "order": 2, "name": null, "episodes": [episode(1, 1, 4), episode(0, 1, 3), { "order": 2 }, null] },
            { "order": 0, "name": "Specials", "episodes": null },
            { "order": "first" },
        ] });
        let order = serde_json::from_value::<Order>(answer).expect("readable").into_order().expect("TV");
        let seasons: Vec<_> = order.seasons.iter().map(|s| (s.number, s.episodes.clone())).collect();
        assert_eq!((order.sort, seasons), (Sort::Shown, vec![(0, vec![]), (2, vec![(1, 3), (1, 4)])]));
        assert!(!order.name.contains(['\n', '\u{202e}', '\0']), "{:?}", order.name);
        let unknown = serde_json::from_value::<Order>(json!({ "type": 9 })).expect("readable");
        assert_eq!(unknown.into_order(), None);
    }

    #[test]
    fn only_orders_that_may_help_are_asked_for() {
        let listed: Orders = serde_json::from_value(json!({ "results": [
            { "id": "a", "type": 2 }, { "id": "b", "type": 3 }, { "id": "../../account", "type": 2 }, { "id": "c", "type": 8 },
            { "id": null, "type": 2 }, { "type": 2 },
        ] }))
        .expect("readable");
        assert_eq!(listed.of(Wanted::Absolute).collect::<Vec<_>>(), ["a"]);
        assert_eq!(listed.of(Wanted::BySeason).collect::<Vec<_>>(), ["b"]);
    }
}
