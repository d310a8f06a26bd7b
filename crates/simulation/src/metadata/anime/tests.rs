//! What sites for anime and the list of them answer, word for word where a client looks at it.

use super::super::{Options, Server, start};
use super::*;

fn anime(sort: &'static str, mapped: Option<Mapped>) -> Anime {
    Anime {
        sort,
        ids: SiteIds { anidb: 1, anilist: 2, kitsu: 3, mal: 4 },
        romaji: "Kago no Hoshi".to_owned(),
        english: None,
        native: Some("籠の星".to_owned()),
        synonyms: vec!["Star Basket".to_owned()],
        started: "2020-01-05".to_owned(),
        episodes: 12,
        mapped,
    }
}

#[test]
fn a_row_has_what_is_known_and_nothing_else() {
    let mapped = Mapped {
        imdb: "tt99900031".parse().ok(),
        tmdb: Some(7),
        tvdb: Some(8),
        of_tvdb: (Some(2), 12),
        of_tmdb: (None, 0),
    };
    assert_eq!(
        row(&anime("TV", None), &mapped),
        json!({
            "type": "TV", "anidb_id": 1, "anilist_id": 2, "kitsu_id": 3, "mal_id": 4, "imdb_id": ["tt99900031"],
            "themoviedb_id": { "tv": 7 }, "tvdb_id": 8, "season": { "tvdb": 2 }, "episode_offset": { "tvdb": 12 },
        })
    );
    let nothing = Mapped { imdb: None, tmdb: Some(7), tvdb: None, of_tvdb: (None, 0), of_tmdb: (None, 0) };
    let film = row(&anime("MOVIE", None), &nothing);
    assert_eq!((&film["themoviedb_id"], film.get("season")), (&json!({ "movie": [7] }), None));
}

async fn server() -> (Server, reqwest::Client) {
    // reqwest is built without cryptography for TLS, and makes no client without it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = start(Options { anime: vec![anime("TV", None)], ..Options::default() }).await.expect("a free port");
    (server, reqwest::Client::builder().build().expect("a client"))
}

#[tokio::test]
async fn kitsu_speaks_json_api_and_nothing_else() {
    let (server, http) = server().await;
    let ask = async |query: &str, accept: &str| {
        let url = format!("{}/anime?{query}", server.kitsu_url());
        let answer = http.get(url).header("accept", accept).send().await.expect("it answers");
        let status = answer.status().as_u16();
        (status, serde_json::from_str::<Value>(&answer.text().await.expect("text")).expect("JSON"))
    };
    const ITS_OWN: &str = "application/vnd.api+json";
    let (status, found) = ask("filter%5Btext%5D=hoshi%20nado&fields%5Banime%5D=titles,subtype", ITS_OWN).await;
    assert_eq!((status, &found["data"][0]["id"]), (200, &json!("3")), "one shared word is enough");
    let attributes = json!({ "titles": { "en_jp": "Kago no Hoshi", "ja_jp": "籠の星" }, "subtype": "TV" });
    assert_eq!(found["data"][0]["attributes"], attributes, "no field that was not asked for");
    assert_eq!(ask("filter%5Btext%5D=nado", ITS_OWN).await.1["data"], json!([]));
    for (query, accept, wanted) in [
        ("filter%5Btext%5D=x", "text/html", 406),
        ("filter%5Bname%5D=x", ITS_OWN, 400),
        ("page%5Blimit%5D=21", ITS_OWN, 400),
    ] {
        let (status, refused) = ask(query, accept).await;
        assert_eq!((status, &refused["errors"][0]["status"]), (wanted, &json!(wanted.to_string())), "{query}");
    }
    server.stop().await;
}

#[tokio::test]
async fn anilist_answers_what_is_asked_and_counts_by_the_minute() {
    let (server, http) = server().await;
    let ask = async |query: &str, search: &str| {
        let question = json!({ "query": query, "variables": { "search": search } }).to_string();
        let asked = http.post(server.anilist_url()).header("content-type", "application/json").body(question);
        asked.send().await.expect("it answers")
    };
    let query =
        "query ($search: String) { Page(perPage: 5) { media(search: $search, type: ANIME) { id title { romaji } } } }";
    let found: Value = serde_json::from_str(&ask(query, "Star").await.text().await.expect("text")).expect("JSON");
    let media = &found["data"]["Page"]["media"];
    assert_eq!((&media[0]["id"], media[0].get("synonyms")), (&json!(2), None));
    let wrong = ask("query ($search: String) { Page { media(search: $search) { name } } }", "Star").await;
    assert_eq!(wrong.status().as_u16(), 400, "no such field");
    assert_eq!(ask(query, "").await.status().as_u16(), 400, "nothing to search for");
    for _ in 3..30 {
        assert_eq!(ask(query, "Star").await.status().as_u16(), 200);
    }
    let busy = ask(query, "Star").await;
    let wait: u64 = busy.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert_eq!((busy.status().as_u16(), (1..=60).contains(&wait)), (429, true), "{wait}");
    server.stop().await;
}
