//! The Movie Database, API v3 (developer.themoviedb.org/reference). Needs a key; knows everything that we show.
//!
//! Here stand the questions; what comes back is read in `found`, `details`, `seasons` and `orders`.

mod details;
mod found;
mod orders;
mod seasons;

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use super::Error;
use super::http::{Auth, Http};
use super::wire::{date, plot, text, token};
use crate::domain::episode_orders::{EpisodeOrder, Wanted};
use crate::domain::matching::Candidate;
use crate::domain::title::{Episode, ImdbId, Kind, Title, TmdbId};
use details::Details;
use found::{Found, Page};
use orders::{Order, Orders};
use seasons::Seasons;

pub(super) const NAME: &str = "TMDB";

/// TMDB refuses more than this in one `append_to_response`.
const MAX_APPENDED: usize = 20;
/// Of a series' orders so many are asked for, one request each; hardly any series has more.
const MAX_ORDERS: usize = 6;
/// Daily soaps have a season for each year; beyond this something is wrong.
const MAX_SEASONS: usize = 100;
/// Of the sizes that TMDB makes (its /configuration).
const STILL: &str = "w300";

pub(super) struct Tmdb {
    http: Http,
    url: String,
    image_url: String,
    /// `en-US`
    language: String,
}

impl Tmdb {
    pub(super) fn new(url: &str, image_url: &str, language: &str, key: &str) -> Self {
        // A v3 key is 32 hexadecimal digits; a v4 read token is a JWT. Both open the same doors.
        let is_v3 = key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit());
        let auth = if is_v3 { Auth::Query(key.to_owned()) } else { Auth::Bearer(key.to_owned()) };
        Self {
            http: Http::new(NAME, url, auth),
            url: url.trim_end_matches('/').to_owned(),
            image_url: image_url.trim_end_matches('/').to_owned(),
            language: language.to_owned(),
        }
    }

    /// The first page, TMDB's order kept.
    pub(super) async fn search(&self, kind: Kind, name: &str, released: Option<u16>) -> Result<Vec<Candidate>, Error> {
        let url = format!("{}/search/{}", self.url, segment(kind));
        let released = released.map(|y| y.to_string());
        let mut query = vec![("query", name), ("language", &self.language), ("include_adult", "false"), ("page", "1")];
        if let Some(released) = &released {
            // `year` takes a film's release in any country, so a name carrying another country's year is found too.
            let parameter = match kind {
                Kind::Movie => "year",
                Kind::Series => "first_air_date_year",
            };
            query.push((parameter, released));
        }
        let page: Page = self.http.get(&url, &query).await?.unwrap_or_default();
        Ok(page.results.into_iter().filter_map(|row| row.into_candidate(kind)).collect())
    }

    /// Whom an IMDb id belongs to. An episode's id stands for its series.
    pub(super) async fn find(&self, id: ImdbId) -> Result<Option<(Kind, TmdbId)>, Error> {
        let url = format!("{}/find/{id}", self.url);
        let found: Found = self.http.get(&url, &[("external_source", "imdb_id")]).await?.unwrap_or_default();
        let movie = found.movie_results.first().map(|row| (Kind::Movie, row.id));
        let series = found.tv_results.first().map(|row| (Kind::Series, row.id));
        let episode = found.tv_episode_results.first().map(|row| (Kind::Series, row.show_id));
        Ok(movie.or(series).or(episode).and_then(|(kind, id)| Some((kind, TmdbId::new(id)?))))
    }

    /// One request for a film; for a series one more for each twenty seasons.
    pub(super) async fn title(&self, kind: Kind, id: TmdbId) -> Result<Option<Title>, Error> {
        let url = format!("{}/{}/{}", self.url, segment(kind), id.0);
        let language = self.language.split('-').next().unwrap_or("en");
        let pictures = if language == "en" { "en,null".to_owned() } else { format!("{language},en,null") };
        let appended = match kind {
            Kind::Movie => "external_ids,credits,images,videos,alternative_titles,translations",
            Kind::Series => "external_ids,aggregate_credits,images,videos,alternative_titles,translations",
        };
        let query = [
            ("append_to_response", appended),
            ("language", &self.language),
            ("include_image_language", &pictures),
            ("include_video_language", &pictures),
        ];
        let Some(details) = self.http.get::<Details>(&url, &query).await? else { return Ok(None) };
        let seasons: Vec<u16> = match kind {
            Kind::Movie => Vec::new(),
            Kind::Series => details.seasons.iter().map(|s| s.season_number).take(MAX_SEASONS).collect(),
        };
        let Some(mut title) = details.into_title(kind, id, language, &self.image_url) else { return Ok(None) };
        title.episodes = self.episodes(&url, &seasons).await?;
        Ok(Some(title))
    }

    async fn episodes(&self, url: &str, seasons: &[u16]) -> Result<Vec<Episode>, Error> {
        // Keyed by place: TMDB has listed an episode twice.
        let mut episodes = BTreeMap::new();
        for some in seasons.chunks(MAX_APPENDED) {
            let appended: Vec<String> = some.iter().map(|n| format!("season/{n}")).collect();
            let query = [("append_to_response", appended.join(",")), ("language", self.language.clone())];
            let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
            let answer: Seasons = self.http.get(url, &query).await?.unwrap_or_default();
            for (season, row) in answer.0 {
                let episode = Episode {
                    season,
                    number: row.episode_number,
                    name: text(&row.name).unwrap_or_default(),
                    overview: plot(&row.overview).unwrap_or_default(),
                    aired: date(&row.air_date),
                    still: picture(&self.image_url, STILL, row.still_path.as_deref()),
                };
                episodes.insert((season, row.episode_number), episode);
            }
        }
        Ok(episodes.into_values().collect())
    }

    /// A series' orders of this sort (TMDB calls them episode groups): one request, and one for each.
    pub(super) async fn orders(&self, id: TmdbId, wanted: Wanted) -> Result<Vec<EpisodeOrder>, Error> {
        let url = format!("{}/tv/{}/episode_groups", self.url, id.0);
        let listed: Orders = self.http.get(&url, &[]).await?.unwrap_or_default();
        let mut orders = Vec::new();
        for id in listed.of(wanted).take(MAX_ORDERS) {
            let url = format!("{}/tv/episode_group/{id}", self.url);
            let order: Option<Order> = self.http.get(&url, &[("language", &self.language)]).await?;
            orders.extend(order.and_then(Order::into_order));
        }
        Ok(orders)
    }

    pub(super) fn ask_anyway(&self) {
        self.http.ask_anyway();
    }

    /// Any question shows whether the key is accepted; this one is the cheapest.
    pub(super) async fn check(&self) -> Result<(), Error> {
        self.http.get::<IgnoredAny>(&format!("{}/configuration", self.url), &[]).await.map(|_| ())
    }
}

fn segment(kind: Kind) -> &'static str {
    match kind {
        Kind::Movie => "movie",
        Kind::Series => "tv",
    }
}

/// `None` for a path that is not one: it may be anything.
fn picture(image_url: &str, size: &str, path: Option<&str>) -> Option<String> {
    let path = path.and_then(token).filter(|p| p.len() > 1 && p.starts_with('/'))?;
    Some(format!("{image_url}/{size}{path}"))
}

fn thousandths(popularity: f64) -> u64 {
    // `as` takes what is below zero, endless or no number to the nearest bound.
    (popularity * 1000.0) as u64
}
