//! AniList (docs.anilist.co): GraphQL, no key. It takes 30 questions a minute while it is "degraded", as it has been for years, and 90 else.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::super::Error;
use super::super::http::{Auth, Http};
use super::super::wire::{distinct, each, lenient, text};
use super::{Offered, candidate};
use crate::domain::title::Kind;

pub(super) const NAME: &str = "AniList";

const A_MINUTE: usize = 30;
const MINUTE: Duration = Duration::from_secs(60);

const SEARCH: &str = "query ($search: String) { Page(page: 1, perPage: 10) { media(search: $search, type: ANIME) { \
                      id title { romaji english native } synonyms format startDate { year } popularity } } }";

pub(in super::super) struct AniList {
    http: Http,
    url: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    #[serde(deserialize_with = "lenient")]
    data: Data,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    #[serde(rename = "Page", deserialize_with = "lenient")]
    page: Page,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Page {
    #[serde(deserialize_with = "each")]
    media: Vec<Media>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Media {
    id: u32,
    #[serde(default, deserialize_with = "lenient")]
    title: Names,
    #[serde(default, deserialize_with = "each")]
    synonyms: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    format: String,
    #[serde(default, deserialize_with = "lenient")]
    start_date: Day,
    #[serde(default, deserialize_with = "lenient")]
    popularity: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Names {
    #[serde(deserialize_with = "lenient")]
    romaji: String,
    #[serde(deserialize_with = "lenient")]
    english: String,
    #[serde(deserialize_with = "lenient")]
    native: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Day {
    #[serde(deserialize_with = "lenient")]
    year: Option<u16>,
}

impl AniList {
    pub fn new(url: &str) -> Self {
        Self { http: Http::new(NAME, url, Auth::None).with_at_most(A_MINUTE, MINUTE), url: url.to_owned() }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn last(&self) -> Option<Result<(), Error>> {
        self.http.last()
    }

    pub async fn search(&self, name: &str) -> Result<Vec<Offered>, Error> {
        let question = json!({ "query": SEARCH, "variables": { "search": name } });
        let answer: Option<Answer> = self.http.ask(|client| client.post(&self.url).json(&question)).await?;
        let media = answer.ok_or_else(|| self.http.misunderstood())?.data.page.media;
        Ok(media.into_iter().filter_map(Media::into_offered).collect())
    }

    pub async fn check(&self) -> Result<(), Error> {
        self.search("check").await.map(|_| ())
    }
}

impl Media {
    fn into_offered(self) -> Option<Offered> {
        let Names { romaji, english, native } = self.title;
        let names = [romaji, english, native].into_iter().chain(self.synonyms);
        let names = distinct(names.filter_map(|name| text(&name)), &[]);
        let kind = if self.format == "MOVIE" { Kind::Movie } else { Kind::Series };
        Some(Offered { number: self.id, candidate: candidate(kind, names, self.start_date.year, self.popularity)? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::wire::hostile;
    use super::*;

    #[test]
    fn an_answer_is_read_whatever_its_shape() {
        let bad = hostile();
        let answer = json!({ "data": { "Page": { "media": [
            {
                "id": 7, "title": { "romaji": "Kago no Hoshi", "english": null, "native": bad }, "synonyms": ["Star Basket", null],
                "format": "TV", "startDate": { "year": 2020 }, "popularity": 9,
            },
            { "id": 8, "title": { "english": "A Film" }, "format": "MOVIE", "startDate": null },
            { "id": 9, "title": null }, { "id": "x" }, null,
        ] } } });
        let answer: Answer = serde_json::from_value(answer).expect("readable");
        let offered: Vec<_> = answer.data.page.media.into_iter().filter_map(Media::into_offered).collect();
        let kinds: Vec<_> = offered.iter().map(|o| (o.number, o.candidate.kind, o.candidate.year)).collect();
        assert_eq!(kinds, [(7, Kind::Series, Some(2020)), (8, Kind::Movie, None)]);
        assert_eq!(offered[0].candidate.alternative_names.len(), 2);
        let nothing: Answer = serde_json::from_value(json!({ "errors": [], "data": null })).expect("readable");
        assert!(nothing.data.page.media.is_empty());
    }
}
