//! What the simulated provider answers, word for word where a client looks at it.

use serde_json::{Value, json};

use super::*;

struct Asked {
    status: u16,
    body: Value,
}

/// reqwest is built without cryptography for TLS, and makes no client without it.
async fn get(url: String) -> reqwest::Result<reqwest::Response> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::get(url).await
}

async fn ask(server: &Server, path: &str) -> Asked {
    let answer = get(format!("{}{path}", server.url)).await.expect("it answers");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a text");
    Asked { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

#[tokio::test]
async fn refusals_have_tmdbs_shapes() {
    let server = start(Options::default()).await.expect("a free port");
    let twenty_one = (1..=21).map(|n| format!("season/{n}")).collect::<Vec<_>>().join(",");
    for (path, status, code) in [
        ("/3/movie/961".to_owned(), 401, 7),
        ("/3/movie/961?api_key=wrong".to_owned(), 401, 7),
        (format!("/3/movie/1?api_key={KEY}"), 404, 34),
        (format!("/3/tv/9900011/season/9?api_key={KEY}"), 404, 34),
        (format!("/3/nothing/of/the/kind?api_key={KEY}"), 404, 34),
        (format!("/3/search/movie?query=x&page=501&api_key={KEY}"), 400, 22),
        (format!("/3/find/tt0017925?api_key={KEY}"), 400, 5),
        (format!("/3/tv/9900011?append_to_response={twenty_one}&api_key={KEY}"), 400, 27),
    ] {
        let asked = ask(&server, &path).await;
        assert_eq!((asked.status, &asked.body["status_code"]), (status, &json!(code)), "{path}");
        assert_eq!(asked.body["success"], false, "{path}");
    }
    let unsaid = ask(&server, &format!("/3/search/movie?api_key={KEY}")).await;
    assert_eq!((unsaid.status, unsaid.body), (422, json!({ "errors": ["query must be provided"] })));

    server.set_fault(Some(Fault::TooMany { retry_after_secs: 7, times: Some(1) })).await.expect("set");
    let busy = get(format!("{}/3/configuration?api_key={KEY}", server.url)).await.expect("it answers");
    assert_eq!((busy.status().as_u16(), &busy.headers()["retry-after"]), (429, &"7".parse().expect("a number")));
    assert_eq!(ask(&server, &format!("/3/configuration?api_key={KEY}")).await.status, 200, "the fault was for one");
    server.stop().await;
}

#[tokio::test]
async fn searches_page_by_twenty() {
    let first = crate::library::works()[0].clone();
    let works = (0..45).map(|n| Work { tmdb: n, votes: n as u32, imdb: None, ..first.clone() }).collect();
    let server = start(Options { works, ..Options::default() }).await.expect("a free port");
    let mut seen = std::collections::HashSet::new();
    let mut last = f64::MAX;
    for (page, rows) in [(1, 20), (2, 20), (3, 5), (4, 0)] {
        let path = format!("/3/search/movie?query=night%20dead&page={page}&api_key={KEY}");
        let body = ask(&server, &path).await.body;
        assert_eq!(
            (&body["total_results"], &body["total_pages"], &body["page"]),
            (&json!(45), &json!(3), &json!(page))
        );
        let found = body["results"].as_array().expect("a list");
        assert_eq!(found.len(), rows, "{page}");
        for row in found {
            let popularity = row["popularity"].as_f64().expect("a number");
            assert!(popularity <= last && seen.insert(row["id"].as_u64()), "{row}");
            last = popularity;
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn appended_parts_stand_under_their_names_and_unknown_ones_are_passed_over() {
    let server = start(Options::default()).await.expect("a free port");
    let parts = "external_ids,aggregate_credits,season/1,season/9,alternative_titles,nonsense";
    let body = ask(&server, &format!("/3/tv/9900011?append_to_response={parts}&api_key={KEY}")).await.body;
    assert_eq!(body["name"], "Tide Tables");
    assert_eq!(body["external_ids"]["imdb_id"], "tt99900011");
    assert_eq!(body["season/1"]["episodes"][1]["name"], "Slack");
    assert_eq!(body["alternative_titles"]["results"][0]["title"], "The Tide Tables");
    assert_eq!(body["aggregate_credits"]["cast"][0]["roles"][0]["character"], "Marit");
    assert!(body.get("season/9").is_none() && body.get("nonsense").is_none() && body.get("images").is_none());
    server.stop().await;
}

#[tokio::test]
async fn cinemeta_answers_an_unknown_id_with_a_nameless_meta() {
    let server = start(Options::default()).await.expect("a free port");
    let asked = ask(&server, "/meta/movie/tt0000001.json").await;
    assert_eq!(asked.status, 200);
    assert_eq!((&asked.body["meta"]["id"], asked.body["meta"].get("name")), (&json!("tt0000001"), None));
    let found = ask(&server, "/catalog/series/top/search=tide%20tables.json").await.body;
    assert_eq!((&found["metas"][0]["id"], &found["metas"][0]["releaseInfo"]), (&json!("tt99900011"), &json!("2021–")));
    server.stop().await;
}

#[tokio::test]
async fn files_replace_the_sample_of_their_kind() {
    let folder = std::env::temp_dir().join(format!("cinepost-sim-metadata-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder in the temporary one");
    let (films, episodes) = (folder.join("films.csv"), folder.join("episodes.csv"));
    std::fs::write(&films, "imdb_id,tmdb_id,title,year,runtime_min,rating,votes,genres\ntt90000001,9000001,Metropolis,2001,108,7.2,900,Animation\n").expect("write");
    std::fs::write(&episodes, "imdb_id,tmdb_id,title,year,season,episode,name,aired,genres\ntt90000002,9,The Long Wait,2020,1,2,Later,2020-05-08,Drama\ntt90000002,9,The Long Wait,2020,1,1,Soon,2020-05-01,Drama\n").expect("write");
    let options = Options { films: Some(films), ..Options::default() };
    let server = start(options).await.expect("a free port");
    let body = ask(&server, &format!("/3/search/movie?query=metropolis&api_key={KEY}")).await.body;
    assert_eq!((&body["total_results"], &body["results"][0]["release_date"]), (&json!(1), &json!("2001-01-01")));
    assert_eq!(ask(&server, &format!("/3/tv/9900011?api_key={KEY}")).await.status, 200, "series stay");
    server.stop().await;

    let server = start(Options { episodes: Some(episodes), ..Options::default() }).await.expect("a free port");
    let body = ask(&server, &format!("/3/tv/9/season/1?api_key={KEY}")).await.body;
    let names: Vec<_> = body["episodes"].as_array().expect("a list").iter().map(|e| &e["name"]).collect();
    assert_eq!(names, ["Soon", "Later"]);
    assert_eq!(ask(&server, &format!("/3/tv/9900011?api_key={KEY}")).await.status, 404, "the sample ones left");
    server.stop().await;
    std::fs::remove_dir_all(folder).expect("clean up");
}

#[tokio::test]
async fn orders_are_listed_with_their_series_and_asked_for_by_their_id() {
    let mut works = crate::library::works();
    let tides = works.iter_mut().find(|work| work.tmdb == 9_900_011).expect("it is in the library");
    let group = |name: &str, order, episodes| work::OrderGroup { name: name.to_owned(), order, episodes };
    let groups = vec![group("Specials", 0, vec![]), group("All", 1, vec![(2, 1), (1, 1), (7, 7)])];
    tides.orders = vec![work::Order { id: "5acf93e6".to_owned(), name: "Absolute".to_owned(), sort: 2, groups }];
    let server = start(Options { works, ..Options::default() }).await.expect("a free port");
    let listed = ask(&server, &format!("/3/tv/9900011/episode_groups?api_key={KEY}")).await.body;
    assert_eq!((&listed["id"], &listed["results"][0]["group_count"]), (&json!(9_900_011), &json!(2)));
    let order = ask(&server, &format!("/3/tv/episode_group/5acf93e6?api_key={KEY}")).await.body;
    let episodes = order["groups"][1]["episodes"].as_array().expect("episodes");
    let places: Vec<_> = episodes.iter().map(|e| (&e["order"], &e["season_number"], &e["episode_number"])).collect();
    let number = |n: u16| json!(n);
    assert_eq!(places, [(&number(0), &number(2), &number(1)), (&number(1), &number(1), &number(1))]);
    assert_eq!((&order["type"], &order["groups"][1]["order"]), (&json!(2), &json!(1)));
    assert_eq!(ask(&server, &format!("/3/tv/episode_group/none?api_key={KEY}")).await.status, 404);
    assert_eq!(ask(&server, &format!("/3/movie/961/episode_groups?api_key={KEY}")).await.status, 404);
    server.stop().await;
}
