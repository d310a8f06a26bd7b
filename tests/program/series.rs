//! Series whose files are numbered otherwise than their provider lists them.

use simulation::metadata::work::{Episode, Order, OrderGroup, Work};

use crate::support::{TestApp, film};

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
