//! What the owner says of a channel, by the terminal beside the running program, and what becomes of the files in it.

use serde_json::Value;

use crate::support::{CHAT, NEWEST, STREAMS, TestApp, UNMATCHED, film};

const NIGHT: &str = "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv";
/// The second episode of a series of the sample library.
const SECOND: &str = "stream/series/tt99900011:1:2.json";

fn count(answer: &Value) -> usize {
    let list = answer["metas"].as_array().or_else(|| answer["streams"].as_array());
    list.map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_channel_holds_changes_what_its_files_are() {
    let app = TestApp::start().await;
    let chat = CHAT.to_string();
    let set = |with: &[&str]| {
        let args: Vec<&str> = ["channel", "set", &chat].into_iter().chain(with.iter().copied()).collect();
        let (is_fine, said) = app.command(&args, &[]);
        assert!(is_fine, "{with:?}: {said}");
        said
    };
    let listed = async |resource: &'static str, wanted: usize| {
        app.until(resource, || app.ask(resource), |answer: &Value| count(answer) == wanted).await
    };
    app.post(film(NIGHT, 1 << 30));
    app.post(film("Episode 02.mkv", 1 << 29));
    listed(STREAMS, 1).await;
    listed(UNMATCHED, 1).await;

    // All of it is one series now: the film's name brings no id of its own, and is no episode.
    assert!(set(&["--series", "tt99900011"]).contains("all of it tt99900011"));
    listed(SECOND, 1).await;
    listed(NEWEST, 0).await;
    let films = |answer: &Value| answer["metas"][0]["name"].as_str().is_some_and(|name| name.contains("Night"));
    app.until("the film, unmatched", || app.ask(UNMATCHED), films).await;

    // Films again. What a film has no number for keeps none.
    set(&["--series", "none", "--holds", "films"]);
    listed(STREAMS, 1).await;
    listed(SECOND, 0).await;

    // One's own: nobody looks for titles, and nobody is asked to.
    set(&["--holds", "personal"]);
    listed(UNMATCHED, 2).await;
    let review = app.app.library.review(&Default::default()).await.expect("a page");
    assert_eq!((review.total, review.ignored), (0, 0));

    set(&["--holds", "nothing"]);
    listed(UNMATCHED, 0).await;
    let said = set(&["--holds", "anything"]);
    assert!(said.contains("holds anything"), "{said}");
    listed(STREAMS, 1).await;

    for (args, wanted) in [
        (vec!["channel", "set", &chat, "--holds", "films and series"], "it is one of anything, films"),
        (vec!["channel", "set", &chat, "--series", "Night"], "Night"),
        (vec!["channel", "set", &chat, "--language", "german"], "write two letters"),
        (vec!["channel", "set", "-1001999999999", "--holds", "films"], "cinepost channel add -1001999999999"),
    ] {
        let (is_fine, said) = app.command(&args, &[]);
        assert!(!is_fine && said.contains(wanted), "{args:?}: {said}");
    }
    let (_, list) = app.command(&["channel", "list"], &[]);
    assert!(!list.contains("holds"), "nothing is said of it: {list}");
    app.stop().await;
}
