//! The episodes that a series' page lists.

use std::collections::BTreeMap;

use super::{Timestamp, Video};
use crate::domain::entry::SeriesPart;
use crate::domain::title::{Episode, MetaId, Title};
use crate::protocols::stremio::{AbsoluteUrl, ContentId};

/// The episodes that are here: each single file's, and for a pack all that the provider knows of its season. Episodes that the
/// provider does not know are listed all the same, since the file is there to be watched.
pub(super) fn videos(title: &Title, id: MetaId, parts: &[SeriesPart]) -> Vec<Video> {
    let known: BTreeMap<(u16, u16), &Episode> = title.episodes.iter().map(|e| ((e.season, e.number), e)).collect();
    // Specials come last.
    let rank = |season: u16, number: u16| (season == 0, season, number);
    let mut videos = BTreeMap::new();
    for &part in parts {
        match part {
            SeriesPart::Episode { season, number } => {
                let episode = known.get(&(season, number)).copied();
                videos.insert(rank(season, number), video(id, season, number, episode));
            }
            SeriesPart::Season { season } => {
                for (&(_, number), &episode) in known.range((season, 0)..=(season, u16::MAX)) {
                    videos.insert(rank(season, number), video(id, season, number, Some(episode)));
                }
            }
        }
    }
    // A pack of a season that the provider knows nothing of still needs something to click.
    for &part in parts {
        if let SeriesPart::Season { season } = part
            && !videos.keys().any(|&(_, s, _)| s == season)
        {
            let whole = Video { title: format!("Season {season}"), ..video(id, season, 1, None) };
            videos.insert(rank(season, 1), whole);
        }
    }
    videos.into_values().collect()
}

fn video(title: MetaId, season: u16, number: u16, known: Option<&Episode>) -> Video {
    let name = known.map(|e| e.name.trim()).filter(|name| !name.is_empty());
    Video {
        id: ContentId::Episode { title, season, number }.to_string(),
        title: name.map_or_else(|| format!("Episode {number}"), str::to_owned),
        season,
        episode: number,
        released: known.and_then(|e| e.aired.as_deref()).and_then(Timestamp::from_date),
        thumbnail: known.and_then(|e| e.still.as_deref()).and_then(AbsoluteUrl::parse),
        overview: known.map_or_else(String::new, |e| e.overview.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::from_title;
    use super::*;
    use crate::protocols::stremio::samples;

    #[test]
    fn only_episodes_that_are_here_are_listed_and_specials_last() {
        let one = |season, number| SeriesPart::Episode { season, number };
        let season = |season| SeriesPart::Season { season };
        let cases: [(&str, &[SeriesPart], &[&str]); 6] = [
            ("nothing", &[], &[]),
            ("single files", &[one(1, 2), one(1, 1)], &["1:1 Pilot", "1:2 Episode 2"]),
            ("a special", &[one(0, 1), one(1, 1)], &["1:1 Pilot", "0:1 Making of"]),
            ("a pack", &[season(1)], &["1:1 Pilot", "1:2 Episode 2", "1:3 Finale"]),
            (
                "a pack, and beside it an episode that the provider does not know",
                &[one(1, 9), season(1), one(1, 1)],
                &["1:1 Pilot", "1:2 Episode 2", "1:3 Finale", "1:9 Episode 9"],
            ),
            ("a pack of an unknown season", &[season(7)], &["7:1 Season 7"]),
        ];
        for (name, parts, wanted) in cases {
            let meta = from_title(&samples::series(), samples::id("tt0944947"), parts, &samples::install());
            let videos = meta.expect("has an id").videos;
            let got: Vec<_> = videos.iter().map(|v| format!("{}:{} {}", v.season, v.episode, v.title)).collect();
            assert_eq!(got, wanted, "{name}");
        }
    }

    #[test]
    fn an_episode_has_its_date_and_still() {
        let parts = [SeriesPart::Episode { season: 1, number: 1 }];
        let meta = from_title(&samples::series(), samples::id("tt0944947"), &parts, &samples::install());
        assert_eq!(
            serde_json::to_value(&meta.expect("has an id").videos).expect("JSON"),
            json!([{
                "id": "tt0944947:1:1",
                "title": "Pilot",
                "season": 1,
                "episode": 1,
                "released": "2011-04-17T00:00:00.000Z",
                "thumbnail": "https://image.example/s/pilot.jpg",
                "overview": "It begins.",
            }])
        );
    }
}
