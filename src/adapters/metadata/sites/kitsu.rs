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

pub(super) struct Kitsu {
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

    pub async fn search(&self, name: &str) -> Result<Vec<Offered>, Error> {
        let page = self.page(&[("filter[text]", name), ("page[limit]", "10"), ("fields[anime]", FIELDS)]).await?;
        Ok(page.data.into_iter().filter_map(Row::into_offered).collect())
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
