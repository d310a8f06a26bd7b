//! Series whose files are numbered otherwise than their provider lists them.

use cinepost::config::Flags;
use simulation::NewPost;
use simulation::metadata::anime::{Anime, Mapped, SiteIds};
use simulation::metadata::work::{Episode, Order, OrderGroup, Work};

use crate::support::{CHAT, TestApp, UNMATCHED, film};

/// Its second cour, as sites for anime have it; TheTVDB has it as a season.
fn second_cour() -> Anime {
    Anime {
        sort: "TV",
        ids: SiteIds { anidb: 21, anilist: 22, kitsu: 23, mal: 24 },
        romaji: "Kago no Hoshi Zoku".to_owned(),
        english: None,
        native: Some("籠の星 続".to_owned()),
        synonyms: vec!["Star Basket 2".to_owned()],
        started: "2020-04-05".to_owned(),
        episodes: 3,
        mapped: Some(Mapped {
            imdb: "tt99900031".parse().ok(),
            tmdb: Some(99_900_031),
            tvdb: Some(25),
            of_tvdb: (Some(2), 0),
            of_tmdb: (Some(1), 3),
        }),
    }
}

/// A series in one season of six at its provider, which was shown as two of three.
fn one_season_in_two_cours() -> Work {
    let works = simulation::library::works();
    let like = works.into_iter().find(|work| !work.episodes.is_empty()).expect("there are series");
    let first = like.episodes[0].clone();
    let group = |name: &str, order, episodes: [u16; 3]| OrderGroup {
        name: name.to_owned(),
        order,
        episodes: episodes.map(|number| (1, number)).to_vec(),
    };
    let groups = vec![group("Season 1", 1, [1, 2, 3]), group("Season 2", 2, [4, 5, 6])];
    Work {
        tmdb: 99_900_031,
        imdb: "tt99900031".parse().ok(),
        name: "Hoshi Kago".to_owned(),
        original_name: None,
        other_names: Vec::new(),
        translations: Vec::new(),
        released: "2020-01-05".to_owned(),
        ended: Some("2020-06-01".to_owned()),
        episodes: (1..=6).map(|number| Episode { season: 1, number, ..first.clone() }).collect(),
        orders: vec![Order { id: "5acf93e60e0a26346d0000ce".to_owned(), name: "As shown".to_owned(), sort: 7, groups }],
        ..like
    }
}

async fn streams(app: &TestApp, video: &str) -> Vec<String> {
    let answer = app.ask(&format!("stream/series/{video}.json")).await;
    let rows = answer["streams"].as_array().expect("streams").iter();
    rows.map(|row| row["url"].as_str().expect("a url").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cour_that_the_provider_does_not_part_plays_where_it_lists_its_episodes() {
    let works = vec![one_season_in_two_cours()];
    let provider = simulation::metadata::Options { works, ..simulation::metadata::Options::default() };
    let app = TestApp::with(simulation::Options::default().with_helpers(1), provider).await;
    app.post(film("Hoshi.Kago.S02E02.1080p.WEB-DL.x265-GRP.mkv", 1_000));
    app.post(film("Hoshi.Kago.S02.1080p.WEB-DL.x265-GRP.mkv", 2_000));
    // The episode and the pack; the pack alone.
    app.until("the fifth", || streams(&app, "tt99900031:1:5"), |rows| rows.len() == 2).await;
    for (video, rows) in [("tt99900031:1:4", 1), ("tt99900031:1:6", 1), ("tt99900031:1:2", 0), ("tt99900031:2:2", 0)] {
        assert_eq!(streams(&app, video).await.len(), rows, "{video}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_other_sites_lead_to_a_title_and_are_answered() {
    let (works, anime) = (vec![one_season_in_two_cours()], vec![second_cour()]);
    let provider = simulation::metadata::Options { works, anime, ..simulation::metadata::Options::default() };
    let app = TestApp::with_settings(provider, |flags, provider| Flags {
        anime_lists: Some("on".to_owned()),
        anime_lists_url: Some(provider.anime_lists_url()),
        ..flags
    })
    .await;
    let jobs = || async { app.command(&["jobs"], &[]).1 };
    app.until("the list of anime", jobs, |said: &String| said.contains("took a list of 1 titles into use")).await;

    // Nothing but the link says what it is, and its number counts in the cour.
    let linked = |name: &str, caption: &str| NewPost { caption: caption.to_owned(), ..film(name, 1_000) };
    app.post(linked("[Group] Whatever - 02 [1080p].mkv", "https://kitsu.app/anime/23"));
    app.until("the fifth", || streams(&app, "tt99900031:1:5"), |rows| rows.len() == 1).await;
    for video in ["kitsu:23:2", "mal:24:2", "anilist:22:2", "anidb:21:2", "tvdb:25:2:2"] {
        assert_eq!(streams(&app, video).await.len(), 1, "{video}");
    }
    for video in ["kitsu:23:1", "kitsu:24:2", "tvdb:25:1:2", "mal:24:99", "kitsu:23:2:2", "yt_id:1"] {
        assert!(streams(&app, video).await.is_empty(), "{video}");
    }
    let answer = app.ask("stream/anime/kitsu:23:2.json").await;
    assert_eq!(answer["streams"].as_array().map(Vec::len), Some(1), "of whatever type");
    let manifest = app.ask("manifest.json").await;
    assert!(manifest["resources"].to_string().contains("kitsu:"), "{manifest}");

    // A person may say it so as well: the number in the file's name counts in the cour.
    app.post(film("[Group] Nobody Knows This - 03 [1080p].mkv", 2_000));
    app.until("unmatched", || app.names(UNMATCHED), |names| names.len() == 1).await;
    let (url, list) = (app.provider.url.clone(), app.provider.anime_lists_url());
    let (tmdb, images, kitsu) = (app.provider.tmdb_url(), app.provider.image_url(), app.provider.kitsu_url());
    let settings = [
        ("TMDB_API_KEY", simulation::metadata::KEY),
        ("TMDB_URL", &tmdb),
        ("TMDB_IMAGE_URL", &images),
        ("CINEMETA_URL", &url),
        ("ANIME_LISTS", "on"),
        ("ANIME_LISTS_URL", &list),
        ("KITSU_URL", &kitsu),
    ];
    let (is_fine, listed) = app.command(&["review", "--list", "--json"], &[]);
    assert!(is_fine, "{listed}");
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let id = listed["files"][0]["id"].as_str().expect("an id").to_owned();
    let (is_fine, said) = app.command(&["review", "choose", &id, "kitsu:99"], &settings);
    assert!(!is_fine && said.contains("nobody here can say which title kitsu:99 is"), "{said}");
    let (is_fine, said) =
        app.command(&["review", "choose", &id, "https://kitsu.app/anime/kago-no-hoshi-zoku"], &settings);
    assert!(is_fine, "{said}");
    app.until("the sixth", || streams(&app, "tt99900031:1:6"), |rows| rows.len() == 1).await;

    // What the list does not know says nothing, and the name is left.
    app.post(linked("Hoshi.Kago.S01E01.mkv", "https://myanimelist.net/anime/999"));
    app.until("the first", || streams(&app, "tt99900031:1:1"), |rows| rows.len() == 1).await;
    assert!(app.names(UNMATCHED).await.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_only_sites_for_anime_know_finds_its_title_in_a_channel_of_anime() {
    let (works, anime) = (vec![one_season_in_two_cours()], vec![second_cour()]);
    let provider = simulation::metadata::Options { works, anime, ..simulation::metadata::Options::default() };
    let app = TestApp::with_settings(provider, |flags, provider| Flags {
        anime_lists: Some("on".to_owned()),
        anime_lists_url: Some(provider.anime_lists_url()),
        kitsu_url: Some(provider.kitsu_url()),
        anilist_url: Some(provider.anilist_url()),
        ..flags
    })
    .await;
    app.post(film("[Group] Kago no Hoshi Zoku - 02 [1080p].mkv", 1_000));
    app.until("unmatched", || app.names(UNMATCHED), |names| names.len() == 1).await;
    let (is_fine, said) = app.command(&["channel", "set", &CHAT.to_string(), "--holds", "anime"], &[]);
    assert!(is_fine, "{said}");
    // Whether the list came before it or after, it is found.
    app.until("the fifth", || streams(&app, "tt99900031:1:5"), |rows| rows.len() == 1).await;
    let status = app.get(app.app.addresses.base().at("/status").as_str()).await;
    let status: serde_json::Value = status.json().await.expect("JSON");
    assert_eq!(status["anime_list"]["titles"], 1, "{status}");
    assert_eq!((&status["other_sites"][0]["name"], &status["other_sites"][0]["well"]), (&"Kitsu".into(), &true.into()));
    app.stop().await;
}
