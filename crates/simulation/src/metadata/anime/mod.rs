//! What sites for anime know, and the list that says which of their titles are which of TMDB's, IMDb's and TheTVDB's. Nothing is
//! here unless [`super::Options::anime`] says so.
//!
//! ```text
//! {url}/anime-lists/anime-list-full.json   the list (github.com/Fribb/anime-lists), with ETag
//! {url}/kitsu/api/edge/anime               Kitsu's search
//! {url}/anilist                            AniList's, 30 questions a minute
//! ```

mod anilist;
mod kitsu;

use std::cmp::Reverse;

use actix_web::http::header::{ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Shared;
use super::fold::fold;
use super::work::ImdbId;

/// A title as such a site has it: a season or a cour of what is one series elsewhere.
#[derive(Clone, Debug)]
pub struct Anime {
    /// `TV`, `OVA`, `MOVIE`, `SPECIAL`.
    pub sort: &'static str,
    /// In the sites' own numbers.
    pub ids: SiteIds,
    /// In Latin letters as the Japanese is spoken; the name that all sites list it under.
    pub romaji: String,
    /// In English.
    pub english: Option<String>,
    /// In Japanese writing.
    pub native: Option<String>,
    /// What else it is called.
    pub synonyms: Vec<String>,
    /// `YYYY-MM-DD`.
    pub started: String,
    /// How many.
    pub episodes: u16,
    /// Where the list says that it is. `None`: the list does not have it.
    pub mapped: Option<Mapped>,
}

/// The numbers of one title.
#[derive(Clone, Copy, Debug)]
pub struct SiteIds {
    /// AniDB's.
    pub anidb: u32,
    /// AniList's.
    pub anilist: u32,
    /// Kitsu's.
    pub kitsu: u32,
    /// MyAnimeList's.
    pub mal: u32,
}

/// What the list says of a title.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// Of the series, or of the film.
    pub imdb: Option<ImdbId>,
    /// A series' number, a film's for a film.
    pub tmdb: Option<u32>,
    /// A series' number at TheTVDB.
    pub tvdb: Option<u32>,
    /// TheTVDB's season and what is added to each number there.
    pub of_tvdb: (Option<u16>, i32),
    /// The same of TMDB.
    pub of_tmdb: (Option<u16>, i32),
}

impl Anime {
    fn names(&self) -> impl Iterator<Item = &str> {
        let others = self.english.iter().chain(&self.native).chain(&self.synonyms);
        std::iter::once(&self.romaji).chain(others).map(String::as_str)
    }
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/anime-lists/anime-list-full.json", web::get().to(list))
        .route("/kitsu/api/edge/anime", web::get().to(kitsu::search))
        .route("/anilist", web::post().to(anilist::ask));
}

pub(super) use anilist::too_many;

/// Forgiving, as such sites' searches are: whatever has a word of the query in one of its names, first who has most of them.
fn sharing_a_word<'a>(all: &'a [Anime], query: &str) -> Vec<&'a Anime> {
    let query = fold(query);
    let shared = |anime: &Anime| {
        let names: Vec<String> = anime.names().map(fold).collect();
        let stands = |word: &&str| names.iter().any(|name| name.split(' ').any(|known| known == *word));
        query.split_whitespace().filter(stands).count()
    };
    let mut found: Vec<_> = all.iter().map(|anime| (shared(anime), anime)).filter(|(shared, _)| *shared > 0).collect();
    found.sort_by_key(|(shared, _)| Reverse(*shared));
    found.into_iter().map(|(_, anime)| anime).collect()
}

async fn list(shared: web::Data<Shared>, request: HttpRequest) -> HttpResponse {
    let rows: Vec<Value> = shared.anime.iter().filter_map(|anime| Some(row(anime, anime.mapped.as_ref()?))).collect();
    let text = serde_json::to_string_pretty(&rows).expect("JSON");
    let tag: String = Sha256::digest(&text)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("W/\"{tag}\"");
    if request.headers().get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    HttpResponse::Ok().insert_header((ETAG, tag)).content_type("text/plain; charset=utf-8").body(text)
}

/// What nobody knows has no field.
fn row(anime: &Anime, mapped: &Mapped) -> Value {
    let SiteIds { anidb, anilist, kitsu, mal } = anime.ids;
    let mut row =
        json!({ "type": anime.sort, "anidb_id": anidb, "anilist_id": anilist, "kitsu_id": kitsu, "mal_id": mal });
    if let Some(imdb) = mapped.imdb {
        row["imdb_id"] = json!([imdb]);
    }
    if let Some(tmdb) = mapped.tmdb {
        row["themoviedb_id"] = if anime.sort == "MOVIE" { json!({ "movie": [tmdb] }) } else { json!({ "tv": tmdb }) };
    }
    if let Some(tvdb) = mapped.tvdb {
        row["tvdb_id"] = json!(tvdb);
    }
    for (site, (season, offset)) in [("tvdb", mapped.of_tvdb), ("tmdb", mapped.of_tmdb)] {
        if let Some(season) = season {
            row["season"][site] = json!(season);
        }
        if offset != 0 {
            row["episode_offset"][site] = json!(offset);
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_what_is_known_and_nothing_else() {
        let ids = SiteIds { anidb: 1, anilist: 2, kitsu: 3, mal: 4 };
        let mapped = Mapped {
            imdb: "tt99900031".parse().ok(),
            tmdb: Some(7),
            tvdb: Some(8),
            of_tvdb: (Some(2), 12),
            of_tmdb: (None, 0),
        };
        let anime = Anime {
            sort: "TV",
            ids,
            romaji: "Hoshi".to_owned(),
            english: None,
            native: None,
            synonyms: Vec::new(),
            started: String::new(),
            episodes: 12,
            mapped: None,
        };
        assert_eq!(
            row(&anime, &mapped),
            json!({
                "type": "TV", "anidb_id": 1, "anilist_id": 2, "kitsu_id": 3, "mal_id": 4, "imdb_id": ["tt99900031"],
                "themoviedb_id": { "tv": 7 }, "tvdb_id": 8, "season": { "tvdb": 2 }, "episode_offset": { "tvdb": 12 },
            })
        );
        let film = Anime { sort: "MOVIE", ..anime };
        let nothing = Mapped { imdb: None, tmdb: Some(7), tvdb: None, of_tvdb: (None, 0), of_tmdb: (None, 0) };
        assert_eq!(row(&film, &nothing)["themoviedb_id"], json!({ "movie": [7] }));
        assert!(row(&film, &nothing).get("season").is_none());
    }
}
