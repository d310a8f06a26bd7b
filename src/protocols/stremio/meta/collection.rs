//! A collection of films -> row and page. Its page lists the films as a series' page lists episodes, each under the film's own id,
//! so that every addon has streams for it.

use super::{Meta, MetaHints, MetaPreview, Timestamp, Video};
use crate::domain::collection::Collection;
use crate::domain::title::{Kind, Title};
use crate::protocols::stremio::{AbsoluteUrl, ContentId, Install};

pub fn collection_preview(collection: &Collection, install: &Install) -> MetaPreview {
    let url = |text: &Option<String>| text.as_deref().and_then(AbsoluteUrl::parse);
    MetaPreview {
        id: ContentId::Collection(collection.id).to_string(),
        kind: Kind::Movie,
        name: collection.name.clone(),
        poster: url(&collection.poster).unwrap_or_else(|| install.no_poster()),
        background: url(&collection.background),
        logo: None,
        description: String::new(),
        release_info: None,
        released: None,
        runtime: None,
        links: Vec::new(),
        trailers: Vec::new(),
    }
}

/// `films`: those that are here, in the order in which they came out. One without an id cannot be asked for.
pub fn from_collection(collection: &Collection, films: &[Title], install: &Install) -> Meta {
    let videos: Vec<Video> = (1..).zip(films).filter_map(|(number, film)| video(number, film)).collect();
    let years: Vec<u16> = films.iter().filter_map(|film| film.year).collect();
    let release_info = match (years.iter().min(), years.iter().max()) {
        (Some(first), Some(last)) if first < last => Some(format!("{first}-{last}")),
        (Some(year), _) => Some(year.to_string()),
        _ => None,
    };
    let names: Vec<&str> = films.iter().map(|film| film.name.as_str()).collect();
    let preview =
        MetaPreview { release_info, description: names.join(" · "), ..collection_preview(collection, install) };
    Meta { preview, country: None, videos, behavior_hints: MetaHints::default() }
}

fn video(number: u16, film: &Title) -> Option<Video> {
    let picture = film.background.as_deref().or(film.poster.as_deref());
    Some(Video {
        id: film.meta_id()?.to_string(),
        title: film.name.clone(),
        season: 1,
        episode: number,
        released: film.released.as_deref().and_then(Timestamp::from_date),
        thumbnail: picture.and_then(AbsoluteUrl::parse),
        overview: film.plot.clone(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::collection::CollectionId;
    use crate::protocols::stremio::samples;

    #[test]
    fn a_collections_page_lists_its_films_under_their_own_ids() {
        let collection = Collection {
            id: CollectionId(656),
            name: "Living Dead Collection".to_owned(),
            poster: Some("https://image.example/p/dead.jpg".to_owned()),
            background: None,
        };
        let films = [samples::film(), Title { year: Some(1978), ..samples::bare("tmdb:7") }];
        let meta = from_collection(&collection, &films, &samples::install());
        assert_eq!(
            serde_json::to_value(&meta).expect("JSON"),
            json!({
                "id": "cinepost:collection:656",
                "type": "movie",
                "name": "Living Dead Collection",
                "poster": "https://image.example/p/dead.jpg",
                "description": "Night of the Living Dead · Bare",
                "releaseInfo": "1968-1978",
                "links": [],
                "videos": [
                    {
                        "id": "tt0063350",
                        "title": "Night of the Living Dead",
                        "season": 1,
                        "episode": 1,
                        "released": "1968-10-04T00:00:00.000Z",
                        "thumbnail": "https://image.example/b/night.jpg",
                        "overview": "The dead walk.",
                    },
                    {"id": "tmdb:7", "title": "Bare", "season": 1, "episode": 2},
                ],
                "behaviorHints": {},
            })
        );
    }
}
