//! The demo's sample library, recognised by the real providers' code.

use super::*;

#[tokio::test]
async fn every_post_is_recognised_with_a_key_and_without_but_for_the_home_video() {
    let server = provider::start(provider::Options::default()).await.expect("a free port");
    for key in [Some(provider::KEY), None] {
        let has_key = key.is_some();
        let provider = Metadata::new(Options::simulated(&server, key), Arc::new(NoAnswers));
        for post in simulation::library::posts() {
            let release = parse(&Input { name: post.file_name, caption: post.caption, folder: "" });
            let identified = provider.identify(&Clues::from(&release)).await.expect("it answers");
            let wanted = NAMED.iter().find(|(part, _)| post.file_name.contains(part)).map(|(_, id)| *id);
            match identified {
                Identified::Match { title, .. } => {
                    let id = title.ids.imdb.map(|id| id.to_string());
                    assert_eq!(id.as_deref(), wanted, "{} (key: {has_key})", post.file_name);
                }
                other => {
                    let is_home_video = post.file_name.starts_with("VID_");
                    // Cinemeta knows no German names.
                    let is_beyond =
                        !has_key && ["Das.Cabinet", "Le.Voyage"].iter().any(|n| post.file_name.starts_with(n));
                    assert!(is_home_video || is_beyond, "{}: {other:?} (key: {has_key})", post.file_name);
                }
            }
        }
    }
    server.stop().await;
}

const NAMED: [(&str, &str); 16] = [
    ("Trip.to.the.Moon", "tt0000417"),
    ("Voyage.dans", "tt0000417"),
    ("Caligari", "tt0010323"),
    ("nosferatu", "tt0013442"),
    ("Nosferatu", "tt0013442"),
    ("Sherlock", "tt0015324"),
    ("General", "tt0017925"),
    ("Metropolis", "tt0017136"),
    ("Girl Friday", "tt0032599"),
    ("Living.Dead", "tt0063350"),
    ("Plan.9", "tt0052077"),
    ("Carnival", "tt0055830"),
    ("Detour", "tt0037638"),
    ("Charade", "tt0056923"),
    ("Observatory", "tt99900012"),
    ("Tide", "tt99900011"),
];
