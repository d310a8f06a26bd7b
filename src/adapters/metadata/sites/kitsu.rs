//! Kitsu (kitsu.docs.apiary.io): JSON:API, no key.

use std::collections::BTreeMap;

use reqwest::header::ACCEPT;
use serde::Deserialize;

use super::super::Error;
use super::super::http::{Auth, Http};
use super::super::wire::{distinct, each, lenient, text, year};
use super::{Offered, candidate};
use crate::domain::title::Kind;

pub(super) const NAME: &str = "Kitsu";

const MEDIA_TYPE: &str = "application/vnd.api+json";
/// What is read of each, so that no more is sent.
const FIELDS: &str = "canonicalTitle,titles,abbreviatedTitles,startDate,subtype,userCount";

pub(in super::super) struct Kitsu {
    http: Http,
    url: String,
}

#[derive(Default, Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "each")]
    data: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    /// JSON:API's ids are texts.
    id: String,
    #[serde(default, deserialize_with = "lenient")]
    attributes: Attributes,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Attributes {
    #[serde(deserialize_with = "lenient")]
    canonical_title: String,
    /// By language: `en`, `en_jp` (romanized), `ja_jp`. Some are null.
    #[serde(deserialize_with = "lenient")]
    titles: BTreeMap<String, Option<String>>,
    #[serde(deserialize_with = "each")]
    abbreviated_titles: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    start_date: String,
    #[serde(deserialize_with = "lenient")]
    subtype: String,
    #[serde(deserialize_with = "lenient")]
    user_count: u64,
}

impl Kitsu {
    pub fn new(url: &str) -> Self {
        Self { http: Http::new(NAME, url, Auth::None), url: url.trim_end_matches('/').to_owned() }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn last(&self) -> Option<Result<(), Error>> {
        self.http.last()
    }

    pub async fn search(&self, name: &str) -> Result<Vec<Offered>, Error> {
        let page = self.page(&[("filter[text]", name), ("page[limit]", "10"), ("fields[anime]", FIELDS)]).await?;
        Ok(page.data.into_iter().filter_map(Row::into_offered).collect())
    }

    /// Which number the address of a page of its stands for.
    pub async fn number(&self, words: &str) -> Result<Option<u32>, Error> {
        let page = self.page(&[("filter[slug]", words), ("page[limit]", "1"), ("fields[anime]", "slug")]).await?;
        Ok(page.data.first().and_then(|row| row.id.parse().ok()))
    }

    pub async fn check(&self) -> Result<(), Error> {
        self.page(&[("page[limit]", "1")]).await.map(|_| ())
    }

    async fn page(&self, query: &[(&str, &str)]) -> Result<Page, Error> {
        let url = format!("{}/anime", self.url);
        let answer = self.http.ask(|client| client.get(&url).query(query).header(ACCEPT, MEDIA_TYPE)).await?;
        answer.ok_or_else(|| self.http.misunderstood())
    }
}

impl Row {
    fn into_offered(self) -> Option<Offered> {
        let Attributes { canonical_title, titles, abbreviated_titles, start_date, subtype, user_count } =
            self.attributes;
        let names = std::iter::once(canonical_title).chain(titles.into_values().flatten()).chain(abbreviated_titles);
        let names = distinct(names.filter_map(|name| text(&name)), &[]);
        let kind = if subtype.eq_ignore_ascii_case("movie") { Kind::Movie } else { Kind::Series };
        Some(Offered {
            number: self.id.parse().ok()?,
            candidate: candidate(kind, names, year(&start_date), user_count)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::wire::hostile;
    use super::*;

    #[test]
    fn a_page_is_read_whatever_its_shape() {
        let bad = hostile();
        let page: Page = serde_json::from_value(json!({ "data": [
            { "id": "7", "attributes": {
                "canonicalTitle": bad, "titles": { "en": null, "ja_jp": "籠の星" }, "abbreviatedTitles": [bad, null, 7],
                "startDate": "2020-01-05", "subtype": "TV", "userCount": 9,
            } },
            { "id": "8", "attributes": { "canonicalTitle": "A Film", "subtype": "movie", "startDate": null } },
            { "id": "x", "attributes": { "canonicalTitle": "No number" } },
            { "id": 9 }, { "id": "9", "attributes": null }, null,
        ] }))
        .expect("readable");
        let offered: Vec<_> = page.data.into_iter().filter_map(Row::into_offered).collect();
        let kinds: Vec<_> = offered.iter().map(|o| (o.number, o.candidate.kind, o.candidate.year)).collect();
        assert_eq!(kinds, [(7, Kind::Series, Some(2020)), (8, Kind::Movie, None)]);
        let first = &offered[0].candidate;
        assert_eq!(first.alternative_names, ["籠の星"]);
        assert!(!first.name.contains(['\n', '\u{202e}', '\0']), "{:?}", first.name);
    }
}
