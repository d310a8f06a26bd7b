//! Seasons appended to a series' answer: episodes with their places.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::super::wire::{each, lenient};

#[derive(Deserialize)]
pub(super) struct EpisodeRow {
    pub episode_number: u16,
    #[serde(default, deserialize_with = "lenient")]
    pub name: String,
    #[serde(default, deserialize_with = "lenient")]
    pub overview: String,
    #[serde(default, deserialize_with = "lenient")]
    pub air_date: String,
    #[serde(default, deserialize_with = "lenient")]
    pub still_path: Option<String>,
}

/// The `"season/3": {…}` of an answer; everything beside them is skipped unread.
#[derive(Default)]
pub(super) struct Seasons(pub Vec<(u16, EpisodeRow)>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Season {
    #[serde(deserialize_with = "each")]
    episodes: Vec<EpisodeRow>,
}

impl<'de> Deserialize<'de> for Seasons {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = Seasons;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a series with appended seasons")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Seasons, M::Error> {
                let mut rows = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    match key.strip_prefix("season/").and_then(|n| n.parse().ok()) {
                        Some(number) => {
                            let season: Season = map.next_value()?;
                            rows.extend(season.episodes.into_iter().map(|episode| (number, episode)));
                        }
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(Seasons(rows))
            }
        }

        from.deserialize_map(Keys)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn seasons_are_picked_out_and_bad_episodes_left_out() {
        let answer = json!({
            "id": 7, "name": "x", "seasons": [{ "season_number": 1 }],
            "season/1": { "episodes": [
                { "episode_number": 1, "name": null, "air_date": null, "still_path": null, "crew": [{ "job": "Director" }] },
                { "episode_number": null, "name": "lost" },
            ] },
            "season/2": { "success": false, "status_code": 34 },
            "season/x": [],
        });
        let seasons: Seasons = serde_json::from_value(answer).expect("readable");
        let places: Vec<_> = seasons.0.iter().map(|(season, row)| (*season, row.episode_number)).collect();
        assert_eq!(places, [(1, 1)]);
    }
}
