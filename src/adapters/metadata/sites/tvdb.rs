//! TheTVDB (github.com/thetvdb/v4-api): a key of its own, which is changed for a token that lasts a month. It knows series under names
//! that others do not, and says of most which title of IMDb's and TMDB's they are.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::super::Error;
use super::super::http::{Auth, Http};
use super::super::wire::{distinct, each, lenient, text, year};
use super::{Offered, candidate};
use crate::domain::matching::Candidate;
use crate::domain::title::{Kind, TitleIds, TmdbId};

pub(in super::super) const NAME: &str = "TheTVDB";

/// Of a page; what is called so stands among the first.
const ROWS: &str = "20";

/// Where it is and who asks. `pin` only with a key that its users pay for.
#[derive(Clone)]
pub struct Account {
    /// `https://api4.thetvdb.com/v4`
    pub url: String,
    pub key: String,
    pub pin: Option<String>,
}

pub(in super::super) struct Tvdb {
    http: Http,
    account: Account,
    token: Mutex<Option<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer<T: Default + DeserializeOwned> {
    #[serde(deserialize_with = "lenient")]
    data: T,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoggedIn {
    #[serde(deserialize_with = "lenient")]
    token: String,
}

#[derive(Default, Deserialize)]
struct Page(#[serde(deserialize_with = "each")] Vec<Row>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Row {
    #[serde(deserialize_with = "lenient")]
    tvdb_id: String,
    #[serde(deserialize_with = "lenient")]
    name: String,
    #[serde(deserialize_with = "each")]
    aliases: Vec<String>,
    /// By language, of three letters.
    #[serde(deserialize_with = "lenient")]
    translations: BTreeMap<String, Option<String>>,
    #[serde(deserialize_with = "lenient")]
    year: String,
    #[serde(deserialize_with = "each")]
    remote_ids: Vec<RemoteId>,
}

/// What another site calls it. `sourceName` is the one thing that says which: the numbers of sorts are written down nowhere.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RemoteId {
    #[serde(deserialize_with = "lenient")]
    id: String,
    #[serde(rename = "sourceName", deserialize_with = "lenient")]
    source: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Record {
    #[serde(deserialize_with = "lenient")]
    id: u32,
    #[serde(rename = "remoteIds", deserialize_with = "each")]
    remote_ids: Vec<RemoteId>,
}

impl Tvdb {
    pub fn new(account: Account) -> Self {
        let Account { url, key, pin } = account;
        let url = url.trim_end_matches('/').to_owned();
        let http = Http::new(NAME, &url, Auth::InQuestion);
        Self { http, account: Account { url, key, pin }, token: Mutex::new(None) }
    }

    pub fn url(&self) -> &str {
        &self.account.url
    }

    pub fn last(&self) -> Option<Result<(), Error>> {
        self.http.last()
    }

    pub async fn search(&self, kind: Kind, name: &str) -> Result<Vec<Offered>, Error> {
        let query = [("query", name), ("type", singular(kind)), ("limit", ROWS)];
        let page: Page = self.get("search", &query).await?.unwrap_or_default();
        Ok(page.0.into_iter().filter_map(|row| row.into_offered(kind)).collect())
    }

    /// What IMDb and TMDB call the one with this number. `None` when there is none, or nobody said.
    pub async fn ids(&self, kind: Kind, number: u32) -> Result<Option<TitleIds>, Error> {
        let record: Option<Record> = self.get(&format!("{}/{number}/extended", plural(kind)), &[]).await?;
        Ok(record.map(|record| ids(&record.remote_ids)).filter(is_any))
    }

    /// Which number the address of a page of its stands for.
    pub async fn number(&self, kind: Kind, words: &str) -> Result<Option<u32>, Error> {
        let path = format!("{}/slug/{words}", plural(kind));
        let record: Option<Record> = self.get(&path, &[]).await?;
        Ok(record.map(|record| record.id).filter(|number| *number > 0))
    }

    pub async fn check(&self) -> Result<(), Error> {
        self.new_token().await.map(|_| ())
    }

    /// A token that is refused is over, or the key is: a new one tells which.
    async fn get<T: Default + DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<Option<T>, Error> {
        if let Some(token) = self.known_token() {
            match self.get_with(&token, path, query).await {
                Err(Error::BadKey { .. }) => {}
                other => return other,
            }
        }
        let token = self.new_token().await?;
        self.get_with(&token, path, query).await
    }

    async fn get_with<T: Default + DeserializeOwned>(
        &self,
        token: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Option<T>, Error> {
        let url = format!("{}/{path}", self.account.url);
        let answer = self.http.ask(|client| client.get(&url).query(query).bearer_auth(token)).await?;
        Ok(answer.map(|answer: Answer<T>| answer.data))
    }

    async fn new_token(&self) -> Result<String, Error> {
        let Account { url, key, pin } = &self.account;
        let url = format!("{url}/login");
        let body = match pin {
            Some(pin) => json!({ "apikey": key, "pin": pin }),
            None => json!({ "apikey": key }),
        };
        let answer: Option<Answer<LoggedIn>> = self.http.ask(|client| client.post(&url).json(&body)).await?;
        let token = answer.map(|answer| answer.data.token).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| self.http.misunderstood())?;
        *self.lock() = Some(token.clone());
        Ok(token)
    }

    fn known_token(&self) -> Option<String> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.token.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Row {
    fn into_offered(self, kind: Kind) -> Option<Offered> {
        let Self { tvdb_id, name, aliases, translations, year: said, remote_ids } = self;
        let year = year(&said);
        let names = std::iter::once(name).chain(translations.into_values().flatten()).chain(aliases);
        let names = distinct(names.filter_map(|name| text(without_year(&name, year))), &[]);
        let candidate = Candidate { ids: ids(&remote_ids), ..candidate(kind, names, year, 0)? };
        Some(Offered { number: tvdb_id.parse().ok()?, candidate })
    }
}

/// Of two series of one name the later is listed as `Name (2003)`.
fn without_year(name: &str, year: Option<u16>) -> &str {
    let suffix = year.map(|year| format!("({year})"));
    suffix.and_then(|suffix| name.trim_end().strip_suffix(&suffix)).map_or(name, str::trim_end)
}

fn ids(remote: &[RemoteId]) -> TitleIds {
    TitleIds {
        imdb: at(remote, "IMDB").find_map(|id| id.parse().ok()),
        tmdb: at(remote, "TheMovieDB.com").find_map(|id| TmdbId::new(id.parse().ok()?)),
    }
}

fn at<'r>(remote: &'r [RemoteId], source: &'static str) -> impl Iterator<Item = &'r str> {
    remote.iter().filter(|id| id.source.eq_ignore_ascii_case(source)).map(|id| id.id.as_str())
}

fn is_any(ids: &TitleIds) -> bool {
    ids.imdb.is_some() || ids.tmdb.is_some()
}

fn singular(kind: Kind) -> &'static str {
    match kind {
        Kind::Movie => "movie",
        Kind::Series => "series",
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Movie => "movies",
        Kind::Series => "series",
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
        let answer: Answer<Page> = serde_json::from_value(json!({ "status": "success", "data": [
            { "tvdb_id": "7", "name": bad, "aliases": [bad, null, "Bee", "Star Basket (2020)"], "year": "2020",
              "translations": { "deu": "Sternenkorb", "fra": null }, "remote_ids": [
                { "id": "https://example.org", "type": 4, "sourceName": "Official Website" },
                { "id": "tt99900031", "type": 2, "sourceName": "IMDB" },
                { "id": "12", "type": 12, "sourceName": "TheMovieDB.com" }, null, { "id": 7 } ] },
            { "tvdb_id": "8", "name": "Kumo (1999)", "year": "2020", "aliases": null, "remote_ids": null },
            { "tvdb_id": "x", "name": "No number" }, { "tvdb_id": "9" }, null, 7,
        ] }))
        .expect("readable");
        let offered: Vec<_> = answer.data.0.into_iter().filter_map(|row| row.into_offered(Kind::Series)).collect();
        let [first, second] = offered.as_slice() else { panic!("{offered:?}") };
        assert!(!first.candidate.name.contains(['\n', '\u{202e}', '\0']), "{:?}", first.candidate.name);
        assert_eq!(first.candidate.alternative_names, ["Sternenkorb", "Bee", "Star Basket"]);
        assert_eq!(first.candidate.ids.imdb, "tt99900031".parse().ok());
        assert_eq!(first.candidate.ids.tmdb, TmdbId::new(12));
        assert_eq!((second.number, second.candidate.name.as_str()), (8, "Kumo (1999)"), "another year is of the name");
        for strange in [json!([]), json!({ "data": null }), json!({ "data": {} }), json!({})] {
            let page = serde_json::from_value::<Answer<Page>>(strange.clone()).map(|answer| answer.data.0.len());
            assert!(page.is_err() || page.is_ok_and(|rows| rows == 0), "{strange}");
        }
    }
}
