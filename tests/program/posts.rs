//! Every post of a channel is accounted for: in the catalog, under review with its reason, or counted as passed over.

use cinepost::domain::entry::Reason;
use serde_json::Value;
use simulation::{FileKind, NewPost};

use crate::support::{CHAT, NIGHT, STREAMS, TestApp, chat, film};

/// Something that is sent as this, with a name where Telegram keeps one.
fn sent_as(kind: FileKind, name: Option<&str>) -> NewPost {
    NewPost { kind, size: Some(9_000), file_name: name.map(str::to_owned), ..NewPost::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_film_is_counted_by_its_reason() {
    let app = TestApp::start().await;
    let posts = [
        NewPost::text("Tonight: Nosferatu"),
        NewPost::text("and tomorrow"),
        sent_as(FileKind::Photo, None),
        sent_as(FileKind::Sticker, None),
        sent_as(FileKind::Voice, None),
        sent_as(FileKind::VideoNote, None),
        sent_as(FileKind::Animation, Some("cat.mp4")),
        NewPost { size: Some(500), mime: Some("application/octet-stream".to_owned()), ..NewPost::default() },
    ];
    let messages: Vec<i32> = posts.into_iter().map(|post| app.post(post).message).collect();
    app.post(film(NIGHT, 1 << 30));
    let show = || async { app.command(&["channel", "posts", &CHAT.to_string()], &[]).1 };
    let lines = [
        "2  passed over: text",
        "1  passed over: photo",
        "1  passed over: sticker",
        "1  passed over: voice message",
        "1  passed over: round video message",
        "1  passed over: GIF (a film without sound becomes a GIF: send it as a file)",
        "1  passed over: file without a name (send it again with a name that ends as a video's does, such as .mkv)",
        "1  with a file: in the catalog, under review, or put aside",
    ];
    let is_there = |said: &str, line: &str| said.lines().any(|found| found.trim() == line);
    let said = app.until("each of them", show, |said| lines.iter().all(|line| is_there(said, line))).await;
    let link = format!("https://t.me/c/1500000001/{}", messages[6]);
    assert!(said.contains(&format!("GIF                    {link}  cat.mp4")), "{said}");
    assert!(said.contains("Tonight: Nosferatu"), "{said}");

    // It is how things stand: what is deleted counts no more.
    app.sim.delete(chat(), &messages[..1]).expect("it is there");
    app.until("one text", show, |said| said.contains("1  passed over: text") && !said.contains("Tonight")).await;
    let (is_fine, said) = app.command(&["channel", "posts", "-1001999999999"], &[]);
    assert!(!is_fine && said.contains("cinepost channel add -1001999999999"), "{said}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_named_file_is_a_film_or_stands_under_review() {
    let app = TestApp::start().await;
    // As apps send what they do not know.
    let unknown = |name: &str| NewPost { mime: Some("application/octet-stream".to_owned()), ..film(name, 1_000) };
    let films = ["rmvb", "vob", "ogm", "divx", "wtv", "asf"];
    for ending in films {
        app.post(unknown(&format!("Night.of.the.Living.Dead.1968.{ending}")));
    }
    let others = ["setup.exe", "poster.jpg", "Night.iso", "Night.nfo", "Night.2160p"];
    others.iter().for_each(|name| _ = app.post(unknown(name)));
    let all = |answer: &Value| answer["streams"].as_array().is_some_and(|streams| streams.len() == films.len());
    app.until("every film", || app.ask(STREAMS), all).await;
    let reviewed = app.until("the others", || app.reviewed(), |list| list.len() == others.len()).await;
    for entry in reviewed {
        assert!(matches!(entry.status.reason(), Some(Reason::NotVideo { .. })), "{}: {:?}", entry.name, entry.status);
    }
    app.stop().await;
}
