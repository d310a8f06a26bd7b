//! The qualities that Telegram makes of a video sent as one: rows of their own, files, and one stream that changes between them.

use std::path::{Path, PathBuf};

use cinepost::config::Config;
use serde_json::Value;
use simulation::{FileKind, NewPost, NewRendition};

use crate::support::{NIGHT, STREAMS, TestApp, chat, film, flags};

/// A real MP4, which stands for a quality.
fn clip() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/simulation/src/media/film.mp4")
}

const PLAYLIST: &str = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:45\n#EXT-X-MAP:URI=\"{video}\",BYTERANGE=\"1000@0\"\n\
                        #EXTINF:45.0,\n#EXT-X-BYTERANGE:2000@1000\n{video}\n#EXT-X-ENDLIST\n";

fn quality(width: i32, height: i32, playlist: Option<&str>) -> NewRendition {
    let playlist = playlist.map(str::to_owned);
    NewRendition { media: clip(), width, height, duration: 45.0, codec: None, playlist }
}

/// A film sent as a video, with what Telegram made of it.
fn video(renditions: Vec<NewRendition>) -> NewPost {
    let (width, height, duration) = (Some(1920), Some(1080), Some(45.0));
    NewPost { kind: FileKind::Video, width, height, duration, renditions, ..film(NIGHT, 3_000_000) }
}

async fn rows(app: &TestApp, count: usize) -> Vec<Value> {
    let is_there = |answer: &Value| answer["streams"].as_array().is_some_and(|rows| rows.len() == count);
    let answer = app.until("the rows", || app.ask(STREAMS), is_there).await;
    answer["streams"].as_array().expect("rows").clone()
}

fn url(row: &Value) -> &str {
    row["url"].as_str().expect("a url")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_made_of_a_film_plays_beside_it() {
    let app = TestApp::start().await;
    app.post(video(vec![quality(854, 480, Some(PLAYLIST)), quality(1280, 720, Some(PLAYLIST))]));
    let rows = rows(&app, 4).await;
    let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().expect("a name")).collect();
    assert_eq!(names[1..], ["Cinepost\nAuto", "Cinepost\n720p", "Cinepost\n480p"]);

    let clip = std::fs::read(clip()).expect("the clip");
    for row in &rows[2..] {
        let answer = app.get(url(row)).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "video/mp4");
        assert_eq!(answer.bytes().await.expect("bytes"), clip, "{row}");
    }
    // Links to the film's own bytes and to a quality's are not the same file to a cache.
    let etag = async |row: &Value| app.get(url(row)).await.headers()["etag"].clone();
    assert_ne!(etag(&rows[0]).await, etag(&rows[2]).await);

    let master = url(&rows[1]);
    let answer = app.get(master).await;
    assert_eq!(answer.headers()["content-type"], "application/vnd.apple.mpegurl");
    let text = answer.text().await.expect("a playlist");
    assert!(text.contains("RESOLUTION=1280x720\n"), "{text}");
    let pieces = text.lines().find(|line| line.ends_with(".m3u8")).expect("a quality");
    let pieces_at = reqwest::Url::parse(master).and_then(|master| master.join(pieces)).expect("an address");
    let text = app.get(pieces_at.as_str()).await.text().await.expect("a playlist");
    assert!(text.contains("#EXT-X-BYTERANGE:2000@1000\n") && !text.contains("mtproto"), "{text}");
    let piece = text.lines().find(|line| line.ends_with(".mp4")).expect("a piece");
    let piece_at = pieces_at.join(piece).expect("an address");
    assert_eq!(piece_at.as_str(), url(&rows[2]), "the best quality comes first");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_whether_the_bots_get_them() {
    let app = TestApp::start().await;
    let said = async || {
        let config = Config::from_flags(flags(&app.dir.path, &app.provider.url)).expect("of the right shape");
        let findings = cinepost::app::examine(&config).await;
        findings.into_iter().find(|finding| finding.what == "qualities by Telegram").map(|finding| finding.says)
    };
    assert!(said().await.is_some_and(|says| says.starts_with("none came")));
    app.post(video(vec![quality(854, 480, None)]));
    rows(&app, 2).await;
    assert!(said().await.is_some_and(|says| says.starts_with("the bots get them")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quality_plays_as_long_as_its_post_and_its_person_are_there() {
    let app = TestApp::start().await;
    let posted = app.post(video(vec![quality(854, 480, None)]));
    // Without playlists there is nothing to change between.
    let rows = rows(&app, 2).await;
    let at = url(&rows[1]).to_owned();
    let (base, _) = at.split_once("/renditions/").expect("a rendition's address");
    let sealed = at.split('/').rev().nth(2).expect("a link");
    for (path, status) in [
        (format!("{sealed}/film.m3u8"), 404),
        (format!("{sealed}/7000000000999/film.mp4"), 404),
        (format!("{sealed}/nonsense/film.mp4"), 404),
        (format!("{sealed}/7000000000999/film.m3u8"), 404),
        ("forged/7000000000002/film.mp4".to_owned(), 403),
        ("forged/nonsense/film.mp4".to_owned(), 403),
        ("forged/film.m3u8".to_owned(), 403),
    ] {
        assert_eq!(app.get(&format!("{base}/renditions/{path}")).await.status(), status, "{path}");
    }
    app.sim.delete(chat(), &[posted.message]).expect("it is deleted");
    app.until("the end of the quality", async || app.get(&at).await.status().as_u16(), |status| *status == 404).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_that_leads_elsewhere_is_not_handed_on() {
    let app = TestApp::start().await;
    let elsewhere = "#EXTM3U\n#EXTINF:6,\nhttps://elsewhere.example/1.mp4\n";
    app.post(video(vec![quality(854, 480, Some(elsewhere)), quality(1280, 720, Some(PLAYLIST))]));
    let rows = rows(&app, 4).await;
    let at = url(&rows[3]).trim_end_matches(".mp4");
    assert_eq!(app.get(&format!("{at}.m3u8")).await.status(), 404);
    app.stop().await;
}
