//! What a Stremio app sees of the addon.

use release_name::{Extra, Release};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::domain::catalog::Reach;
use crate::domain::entry::{Entry, Reason, SeriesPart, Status};
use crate::domain::person::{NewPerson, Role};
use crate::domain::post::ChatId;
use crate::domain::title::{Title, TitleIds, TmdbId};
use crate::flows::people::Actor;
use crate::flows::unix_now;
use crate::protocols::stremio::samples;
use crate::web::testing::{BASE, TestApp, film};

#[tokio::test]
async fn a_film_is_found_by_every_filter_opened_and_listed() {
    let app = TestApp::start().await;
    app.title(1, &film("tt0063350", "Night of the Living Dead", 1968, &["Horror", "Science Fiction"], 78), &[]).await;
    app.title(2, &film("tt0062622", "A Space Film", 1968, &["Science Fiction"], 83), &[]).await;
    app.title(3, &film("tt0013442", "Nosferatu", 1922, &["Horror"], 79), &[]).await;
    let cases: [(&str, &[&str]); 11] = [
        ("movie/newest", &["Nosferatu", "A Space Film", "Night of the Living Dead"]),
        ("movie/rating", &["A Space Film", "Nosferatu", "Night of the Living Dead"]),
        ("movie/newest/genre=Horror", &["Nosferatu", "Night of the Living Dead"]),
        ("movie/newest/year=1968", &["A Space Film", "Night of the Living Dead"]),
        ("movie/newest/year=1968&genre=Horror", &["Night of the Living Dead"]),
        ("movie/rating/genre=Science%20Fiction&year=1968", &["A Space Film", "Night of the Living Dead"]),
        ("movie/newest/skip=2", &["Night of the Living Dead"]),
        ("movie/newest/skip=3", &[]),
        ("movie/by-year/genre=1922", &["Nosferatu"]),
        ("movie/newest/search=living%20dead", &["Night of the Living Dead"]),
        ("series/newest", &[]),
    ];
    for (catalog, wanted) in cases {
        assert_eq!(app.names(catalog).await, wanted, "{catalog}");
    }

    let meta = app.addon("meta/movie/tt0063350.json").await;
    assert_eq!(meta["meta"]["behaviorHints"]["defaultVideoId"], "tt0063350");
    let genre = format!(
        "stremio:///discover/https%3A%2F%2Fcine.example%2Fstremio%2F{}%2Fmanifest.json/movie/newest?genre=Science%20Fiction",
        app.token
    );
    assert!(meta["meta"]["links"].as_array().expect("links").iter().any(|link| link["url"] == genre), "{meta}");

    let streams = app.addon("stream/movie/tt0063350.json").await;
    let [stream] = &streams["streams"].as_array().expect("streams")[..] else { panic!("one stream: {streams}") };
    let url = stream["url"].as_str().expect("a url");
    let name = "/Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv";
    assert!(url.starts_with(&format!("{BASE}/dl/")) && url.ends_with(name), "{url}");
    assert_eq!(streams, app.addon("stream/movie/tt0063350.json").await, "the same link every time");
    assert_eq!(app.addon("stream/movie/tt9999999.json").await["streams"], json!([]));
    assert_eq!(app.addon("subtitles/movie/tt0063350/filename=a.mkv&videoSize=1.json").await["subtitles"], json!([]));
}

#[tokio::test]
async fn a_series_lists_what_is_here_and_answers_by_both_ids() {
    let app = TestApp::start().await;
    let tmdb = TitleIds { imdb: None, tmdb: Some(TmdbId(1399)) };
    let series = Title { ids: tmdb, ..samples::series() };
    app.title(1, &series, &[SeriesPart::Episode { season: 1, number: 2 }, SeriesPart::Season { season: 1 }]).await;
    let ids = |meta: &Value| -> Vec<String> {
        let videos = meta["meta"]["videos"].as_array().expect("videos").iter();
        videos.map(|video| video["id"].as_str().expect("an id").to_owned()).collect()
    };
    let before = app.addon("meta/series/tmdb%3A1399.json").await;
    assert_eq!(ids(&before), ["tmdb:1399:1:1", "tmdb:1399:1:2", "tmdb:1399:1:3"]);

    // An IMDb id appears: what apps kept goes on answering, and new visitors get the new id.
    app.store
        .titles()
        .record(&Title { ids: TitleIds { imdb: samples::series().ids.imdb, ..tmdb }, ..series })
        .await
        .expect("put");
    assert_eq!(app.addon("meta/series/tmdb:1399.json").await["meta"]["id"], "tmdb:1399");
    assert_eq!(app.addon("catalog/series/newest.json").await["metas"][0]["id"], "tt0944947");
    for (id, wanted) in
        [("tmdb:1399:1:2", 2), ("tt0944947:1:2", 2), ("tt0944947%3A1%3A1", 1), ("tt0944947:2:1", 0), ("tt0944947", 2)]
    {
        let streams = app.addon(&format!("stream/series/{id}.json")).await;
        assert_eq!(streams["streams"].as_array().map(Vec::len), Some(wanted), "{id}");
    }
}

#[tokio::test]
async fn ids_of_other_catalogs_are_answered_with_nothing() {
    let app = TestApp::start().await;
    for id in ["kitsu:7442:12", "tvdb:81189:1:2", "mal%3A5114"] {
        for (resource, wanted) in [("stream", "streams"), ("subtitles", "subtitles")] {
            let answer = app.addon(&format!("{resource}/series/{id}.json")).await;
            assert_eq!(answer[wanted].as_array().map(Vec::len), Some(0), "{resource} {id}");
        }
        let meta = app.get(&format!("/stremio/{}/meta/series/{id}.json", app.token)).await;
        assert_eq!(meta.status(), StatusCode::NOT_FOUND, "{id}");
    }
}

#[tokio::test]
async fn samples_stand_behind_the_film_and_say_what_they_are() {
    let app = TestApp::start().await;
    app.title(1, &samples::film(), &[]).await;
    let sample =
        Entry { release: Release { extra: Some(Extra::Sample), ..samples::matched().release }, ..samples::matched() };
    let Entry { status, .. } = app.store.entries().behind(None, 1).await.expect("read").swap_remove(0);
    app.post(2, sample, status).await;
    let streams = app.addon("stream/movie/tt0063350.json").await["streams"].take();
    let lines: Vec<&str> =
        streams.as_array().expect("rows").iter().filter_map(|row| row["description"].as_str()).collect();
    let says_sample: Vec<bool> = lines.iter().map(|line| line.contains(" · Sample · ")).collect();
    assert_eq!(says_sample, [false, true], "{lines:?}");
    let group = |row: &Value| row["behaviorHints"]["bingeGroup"].clone();
    assert_ne!(group(&streams[0]), group(&streams[1]), "nothing goes on with a sample");
}

#[tokio::test]
async fn a_file_without_a_title_is_listed_opened_and_played() {
    let app = TestApp::start().await;
    let id = app.post(1, samples::unmatched(), Status::Review { reason: Reason::NoTitle }).await;
    assert_eq!(app.names("movie/unmatched").await, ["VID_20240712_183012"]);
    assert_eq!(app.names("movie/unmatched/search=20240712").await, ["VID_20240712_183012"]);
    assert_eq!(app.names("movie/newest").await, [""; 0]);
    let meta = app.addon(&format!("meta/movie/cinepost%3A{id}.json")).await;
    assert_eq!(meta["meta"]["poster"], "https://cine.example/assets/no-poster.png");
    let streams = app.addon(&format!("stream/movie/cinepost:{id}.json")).await;
    assert_eq!(streams["streams"][0]["behaviorHints"]["filename"], "VID_20240712_183012.mp4");
    let gone = app.get(&format!("/stremio/{}/meta/movie/cinepost:00000000000000000.json", app.token)).await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_or_revoked_token_gets_a_row_that_explains_and_nothing_else() {
    let app = TestApp::start().await;
    app.title(1, &samples::film(), &[]).await;
    app.renew_owner().await;
    for token in [app.token.as_str(), "0000000000000000000000000000", "x"] {
        let at = |path: &str| format!("/stremio/{token}/{path}");
        let catalog: Value = app.get(&at("catalog/movie/newest.json")).await.json().await.expect("JSON");
        assert_eq!(catalog["metas"][0]["name"], "This link does not work");
        assert_eq!(catalog["metas"].as_array().map(Vec::len), Some(1));
        let id = catalog["metas"][0]["id"].as_str().expect("an id").to_owned();
        let next: Value = app.get(&at("catalog/movie/newest/skip=1.json")).await.json().await.expect("JSON");
        assert_eq!(next["metas"], json!([]));
        let meta: Value = app.get(&at(&format!("meta/movie/{id}.json"))).await.json().await.expect("JSON");
        assert_eq!(meta["meta"]["name"], "This link does not work");
        for id in [&id, "tt0063350"] {
            let answer = app.get(&at(&format!("stream/movie/{id}.json"))).await;
            assert_eq!(answer.headers()["cache-control"], "no-store");
            let streams: Value = answer.json().await.expect("JSON");
            assert_eq!(streams["streams"][0]["externalUrl"], "https://cine.example/access");
            assert_eq!(streams["streams"].as_array().map(Vec::len), Some(1));
        }
        for path in ["manifest.json", "subtitles/movie/tt0063350.json", "configure", "nonsense"] {
            assert_eq!(app.get(&at(path)).await.status(), StatusCode::FORBIDDEN, "{path}");
        }
    }
    let page = app.get("/access").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.expect("text").contains("It is mistyped, or the access was taken away"));
    let owner = app.people.owner().await.expect("an owner");
    let renewed = app.get(&format!("/stremio/{}/manifest.json", app.people.token(&owner))).await;
    assert_eq!(renewed.status(), StatusCode::OK, "a new token works");
}

#[tokio::test]
async fn errors_name_the_part_that_was_not_understood() {
    let app = TestApp::start().await;
    let cases = [
        ("catalog/movie/newest/year=soon.json", "\"soon\" is no value for the extra year"),
        ("catalog/film/newest.json", "\"film\" is not a type of this addon: movie or series"),
        ("meta/movie/night.json", "\"night\" is not an"),
    ];
    for (path, wanted) in cases {
        let answer = app.get(&format!("/stremio/{}/{path}", app.token)).await;
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let error: Value = answer.json().await.expect("JSON");
        assert!(error["error"].as_str().is_some_and(|text| text.contains(wanted)), "{path}: {error}");
    }
}

#[tokio::test]
async fn answers_are_short_lived_and_compressed_and_head_says_the_same() {
    let app = TestApp::start().await;
    app.title(1, &samples::film(), &[]).await;
    let path = format!("/stremio/{}/catalog/movie/newest.json", app.token);
    let plain = app.get(&path).await;
    assert_eq!(plain.headers()["cache-control"], "max-age=2, stale-while-revalidate=5, stale-if-error=604800");
    let length = plain.headers()["content-length"].clone();
    let body: Value = plain.json().await.expect("JSON");
    assert_eq!(
        (&body["cacheMaxAge"], &body["staleRevalidate"], &body["staleError"]),
        (&json!(2), &json!(5), &json!(604_800))
    );
    let head = app.ask(Method::HEAD, &path).send().await.expect("an answer");
    assert_eq!(head.headers()["content-length"], length);
    assert_eq!(head.bytes().await.expect("a body").len(), 0);
    let zipped = app.ask(Method::GET, &path).header("accept-encoding", "gzip").send().await.expect("an answer");
    assert_eq!(zipped.headers()["content-encoding"], "gzip");
    assert!(zipped.headers()["vary"].to_str().expect("text").to_lowercase().contains("accept-encoding"));
    assert!(zipped.bytes().await.expect("a body").starts_with(&[0x1f, 0x8b]));
}

#[tokio::test]
async fn who_sees_some_channels_is_shown_and_played_nothing_else() {
    let app = TestApp::start().await;
    app.title(1, &samples::film(), &[]).await;
    let unmatched = app.post(2, samples::unmatched(), Status::Review { reason: Reason::NoTitle }).await;
    let anna = NewPerson::called("Anna", Role::Member, 1);
    let anna = app.people.add(anna, Actor::Terminal, unix_now()).await.expect("added");
    let addon = format!("/stremio/{}", app.people.token(&anna));
    let play = app.people.play_path(&anna, unmatched, "film.mkv");
    let here = ChatId::from_bare(1_500_000_001).expect("the channel");
    let elsewhere = ChatId::from_bare(1_500_000_009).expect("another one");
    for (reach, audience, is_there) in [
        (Reach::Only([elsewhere].into()), "guests", false),
        (Reach::Only([elsewhere, here].into()), "guests", true),
        (Reach::Only([].into()), "guests", false),
        (Reach::All, "guests", true),
        (Reach::All, "members", true),
        (Reach::All, "admins", false),
        (Reach::Only([here].into()), "owner", true),
    ] {
        app.store.set_audience(here, audience.parse().expect("one")).await.expect("set");
        app.people.set_reach(anna.id, &reach, Actor::Terminal, unix_now()).await.expect("set");
        for (path, list) in [
            ("catalog/movie/newest.json", "metas"),
            ("catalog/movie/newest/search=night.json", "metas"),
            ("catalog/movie/unmatched.json", "metas"),
            ("stream/movie/tt0063350.json", "streams"),
            (&format!("stream/movie/cinepost:{unmatched}.json"), "streams"),
        ] {
            let answer: Value = app.get(&format!("{addon}/{path}")).await.json().await.expect("JSON");
            let rows = answer[list].as_array().expect("a list").len();
            assert_eq!(rows, usize::from(is_there), "{path} {reach:?} {audience}");
        }
        let status = if is_there { StatusCode::OK } else { StatusCode::NOT_FOUND };
        for path in ["meta/movie/tt0063350.json", &format!("meta/movie/cinepost:{unmatched}.json")] {
            assert_eq!(app.get(&format!("{addon}/{path}")).await.status(), status, "{path} {reach:?} {audience}");
        }
        let played = app.ask(Method::HEAD, &play).send().await.expect("an answer");
        assert_eq!(played.status(), status, "{reach:?} {audience}");
    }
}
