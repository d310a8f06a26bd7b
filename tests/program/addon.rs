//! The addon as Stremio's clients open it: what they show before anybody chooses anything.

use crate::support::{CHAT, NIGHT, TestApp, chat, film};
use serde_json::Value;
use simulation::NewPost;

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

async fn catalogs(app: &TestApp) -> Vec<Value> {
    app.ask("manifest.json").await["catalogs"].as_array().expect("catalogs").clone()
}

fn extras(catalog: &Value) -> Vec<Value> {
    catalog["extra"].as_array().expect("extras").clone()
}

/// What the core asks a catalog for when it is opened: nothing, or the first option of what it requires. `None` for what
/// only a search opens.
fn opened(catalog: &Value) -> Option<String> {
    let path = format!("catalog/{}/{}", catalog["type"].as_str()?, catalog["id"].as_str()?);
    match extras(catalog).iter().find(|extra| extra["isRequired"] == true) {
        None => Some(format!("{path}.json")),
        Some(required) => {
            let first = required["options"][0].as_str()?;
            Some(format!("{path}/{}={}.json", required["name"].as_str()?, encoded(first)))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_catalog_opens_on_something() {
    let app = TestApp::start().await;
    // One film and one series of long ago, and one file without a title: whatever is here, it is seen at once.
    app.post(film(NIGHT, 1_000));
    app.post(film("The.Paper.Observatory.S02E01.1080p.WEB-DL.mkv", 1_000));
    app.post(film("VID_20260704_120000.mp4", 1_000));
    let counts = app.until(
        "all three",
        || app.app.library.counts(),
        |c| c.as_ref().is_ok_and(|c| (c.movies, c.series, c.review) == (1, 1, 1)),
    );
    counts.await.expect("counts");
    let all = catalogs(&app).await;
    let mut seen = 0;
    for catalog in &all {
        let Some(path) = opened(catalog) else { continue };
        assert_eq!(app.names(&path).await.len(), 1, "{path}");
        seen += 1;
    }
    assert_eq!(seen, all.len() - 1, "all but the search");

    let this_year = time::OffsetDateTime::now_utc().year();
    for extra in all.iter().flat_map(extras) {
        let options: Vec<&str> = extra["options"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let years: Vec<i32> = options.iter().filter_map(|option| option.parse().ok()).collect();
        assert!(years.iter().all(|year| *year <= this_year + 1), "{years:?}");
        assert!(years.is_empty() || years.contains(&this_year), "{years:?}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_without_a_title_are_off_the_board_and_in_the_search() {
    let app = TestApp::start().await;
    app.post(film("VID_20260704_120000.mp4", 1_000));
    let page = app
        .until(
            "the file's place",
            || app.ask("catalog/movie/unmatched/genre=All%20files.json"),
            |page| page["metas"][0]["description"].as_str().is_some_and(|text| text.starts_with("No film")),
        )
        .await;
    let text = page["metas"][0]["description"].as_str().expect("a description");
    assert!(!text.contains("caption") && !text.contains("VID_") && !text.contains('\n'), "{text}");

    let all = catalogs(&app).await;
    let is_unmatched = |catalog: &&Value| catalog["id"].as_str().is_some_and(|id| id.starts_with("unmatched"));
    for catalog in all.iter().filter(is_unmatched) {
        let required = extras(catalog).iter().filter(|extra| extra["isRequired"] == true).count();
        assert_eq!(required, 1, "the Board shows what requires nothing: {catalog}");
    }
    // The core searches where `search` is all that is required.
    let searched: Vec<String> = all
        .iter()
        .filter(|catalog| {
            extras(catalog).iter().any(|extra| extra["name"] == "search")
                && extras(catalog).iter().all(|extra| extra["isRequired"] != true || extra["name"] == "search")
        })
        .map(|c| format!("catalog/{}/{}", c["type"].as_str().expect("a type"), c["id"].as_str().expect("an id")))
        .collect();
    let mut found = Vec::new();
    for catalog in searched {
        found.extend(app.names(&format!("{catalog}/search=vid%202026.json")).await);
    }
    assert_eq!(found, ["VID"], "once, by what was read of its name");
    // Who installed it before asks as before.
    assert_eq!(app.names("catalog/movie/unmatched/search=vid.json").await.len(), 1);
    assert_eq!(app.names("catalog/movie/unmatched.json").await.len(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chip_of_a_title_finds_that_title() {
    let app = TestApp::start().await;
    app.post(film(NIGHT, 1_000));
    app.until("the film", || app.names("catalog/movie/newest.json"), |names| names.len() == 1).await;
    let meta = app.ask("meta/movie/tt0063350.json").await;
    let links = meta["meta"]["links"].as_array().expect("links").clone();
    let mut people = 0;
    for link in &links {
        let url = link["url"].as_str().expect("an address");
        if let Some(searched) = url.strip_prefix("stremio:///search?search=") {
            let found = app.names(&format!("catalog/movie/newest/search={searched}.json")).await;
            assert_eq!(found, ["Night of the Living Dead"], "{url}");
            people += 1;
        }
    }
    assert!(people >= 2, "actors and directors: {links:?}");
    let rating = links.iter().find(|link| link["category"] == "imdb").expect("IMDb's rating");
    let url = rating["url"].as_str().expect("an address");
    assert!(url.starts_with("https://imdb.com/title/tt0063350"), "the core takes no other host: {url}");
    assert_eq!(rating["name"], "7.3", "IMDb's number, not TMDB's 7.6");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_whose_data_is_shown_are_named() {
    let app = TestApp::start().await;
    let home = app.get(app.app.addresses.home().as_str()).await.text().await.expect("text");
    let readme = include_str!("../../README.md").replace('\n', " ");
    for page in [&home, &readme] {
        assert!(page.contains("This product uses the TMDB API but is not endorsed or certified by TMDB."), "{page}");
        assert!(page.contains("nformation courtesy of IMDb") && page.contains("Used with permission."), "{page}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_of_one_moment_stand_in_their_order_at_every_start() {
    let mut orders = Vec::new();
    for _ in 0..2 {
        let app = TestApp::start().await;
        let films: Vec<NewPost> = simulation::library::posts().into_iter().map(Into::into).collect();
        let count = films.len() as u64;
        for post in films {
            app.post(post);
        }
        let settled = |c: &cinepost::domain::catalog::Counts| c.files == count && c.pending == 0;
        app.until("every file", || app.app.library.counts(), |c| c.as_ref().is_ok_and(&settled)).await.expect("counts");
        let page = app.ask("catalog/movie/newest.json").await;
        let mut newest = Vec::new();
        for meta in page["metas"].as_array().expect("metas") {
            let id = meta["id"].as_str().expect("an id").parse().expect("an id");
            let kind = cinepost::domain::title::Kind::Movie;
            let entries = app.app.library.streams(kind, id, None).await.expect("streams");
            let mut messages = Vec::new();
            for entry in entries {
                let sources = app.app.library.sources(entry.id).await.expect("sources");
                messages.extend(sources.iter().map(|source| (source.date, source.at.message)));
            }
            newest.push(messages.into_iter().max().expect("a message"));
        }
        assert!(newest.len() > 5 && newest.is_sorted_by(|a, b| a > b), "{newest:?}");
        orders.push(ids(&page));
        app.stop().await;
    }
    assert_eq!(orders[0], orders[1]);
    assert_eq!(chat().get(), CHAT);
}

fn ids(page: &Value) -> Vec<String> {
    page["metas"].as_array().expect("metas").iter().map(|m| m["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_of_a_thousand_words_and_an_id_too_large_are_answered() {
    let app = TestApp::start().await;
    let words = encoded(&["night"; 1_000].join(" "));
    for catalog in ["newest", "rating", "unmatched", "unmatched-search"] {
        let url = format!("{}/catalog/movie/{catalog}/search={words}.json", app.addon());
        assert_eq!(app.get(&url).await.status(), 200, "{catalog}");
    }
    for id in ["tmdb:10331000000", "tmdb:18446744073709551615", "tmdb:99999999999999999999", "tt99999999999"] {
        for resource in ["meta", "stream", "subtitles"] {
            let url = format!("{}/{resource}/movie/{}.json", app.addon(), encoded(id));
            assert_eq!(app.get(&url).await.status(), 400, "{url}");
        }
    }
    // In a caption it is no id either, rather than the id that its first digits would be.
    app.post(NewPost { caption: "tmdb:10331000000".to_owned(), ..film("VID_1.mp4", 1_000) });
    app.until("its review", || app.app.library.counts(), |c| c.as_ref().is_ok_and(|c| c.review == 1))
        .await
        .expect("it");
    assert!(app.names("catalog/movie/newest.json").await.is_empty());
    app.stop().await;
}
