//! Subtitles beside films: from a post in a channel to a row in Stremio whose address gives lines.

use std::time::Duration;

use serde_json::Value;
use simulation::NewPost;

use crate::support::zip::zip;
use crate::support::{NEWEST, NIGHT, TestApp, film};

const MIB: u64 = 1 << 20;
const SUBTITLES: &str = "subtitles/movie/tt0063350.json";
const LINES: &str = "1\n00:00:01,000 --> 00:00:02,000\nThey're coming to get you, Barbara.\n\n";

/// Language, label and URL of each row.
fn rows(answer: &Value) -> Vec<(String, String, String)> {
    let rows = answer["subtitles"].as_array().expect("subtitles");
    let text = |row: &Value, name: &str| row[name].as_str().expect(name).to_owned();
    rows.iter().map(|row| (text(row, "lang"), text(row, "label"), text(row, "url"))).collect()
}

async fn subtitles(app: &TestApp, resource: &str, wanted: usize) -> Vec<(String, String, String)> {
    let found = app.until("the subtitles", || app.ask(resource), |answer| rows(answer).len() == wanted).await;
    rows(&found)
}

fn lines(name: &str) -> NewPost {
    NewPost::bytes(name, LINES)
}

async fn with_night() -> (TestApp, i32) {
    let app = TestApp::start().await;
    let posted = app.post(film(NIGHT, 3 * MIB));
    app.until("the film", || app.names(NEWEST), |names| names == &["Night of the Living Dead"]).await;
    (app, posted.message)
}

#[tokio::test(flavor = "multi_thread")]
async fn subtitles_stand_beside_their_film_and_give_lines() {
    let (app, _) = with_night().await;
    app.post(lines("Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.en.srt"));
    // As Windows saved it.
    let german = b"1\r\n0:00:01.5 --> 0:00:02,9 X1:10\r\n<i>Sie kommen, dich zu holen, B\xe4rbel. F\xfcrchte dich nicht!</i>\r\n";
    app.post(NewPost::bytes("Night of the Living Dead (1968).German.forced.srt", german.as_slice()));
    let found = subtitles(&app, SUBTITLES, 2).await;
    assert_eq!((found[0].0.as_str(), found[0].1.as_str()), ("eng", "1080p · BluRay · GRP"));
    assert_eq!((found[1].0.as_str(), found[1].1.as_str()), ("ger", "forced"));

    let answer = app.get(&found[1].2).await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    assert_eq!(header("content-type").as_deref(), Some("application/x-subrip; charset=utf-8"));
    assert_eq!(header("access-control-allow-origin").as_deref(), Some("*"));
    let length: usize = header("content-length").and_then(|length| length.parse().ok()).expect("a length");
    let text = answer.text().await.expect("text");
    assert_eq!(
        text,
        "1\n00:00:01,500 --> 00:00:02,900\n<i>Sie kommen, dich zu holen, Bärbel. Fürchte dich nicht!</i>\n\n"
    );
    assert_eq!(length, text.len());
    let vtt = app.get(&found[0].2.replace(".srt", ".vtt")).await.text().await.expect("text");
    assert!(vtt.starts_with("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nThey're"), "{vtt}");

    // They are nothing to be played, and nothing to be reviewed.
    let streams = app.ask("stream/movie/tt0063350.json").await;
    assert_eq!(streams["streams"].as_array().map(Vec::len), Some(1), "{streams}");
    assert_eq!(app.reviewed().await, []);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fits_the_played_file_comes_first() {
    let (app, _) = with_night().await;
    app.post(film("Night.of.the.Living.Dead.1968.720p.HDTV.x264-OTHER.mkv", 2 * MIB));
    app.post(lines("Night.of.the.Living.Dead.1968.720p.HDTV.x264-OTHER.en.srt"));
    app.post(lines("Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.en.srt"));
    subtitles(&app, SUBTITLES, 2).await;
    let labels = async |extra: &str| {
        let found = rows(&app.ask(&format!("subtitles/movie/tt0063350/{extra}.json")).await);
        found.into_iter().map(|(_, label, _)| label).collect::<Vec<_>>()
    };
    let (grp, other) = ("1080p · BluRay · GRP", "720p · HDTV · OTHER");
    assert_eq!(labels(&format!("filename={NIGHT}")).await, [grp, other]);
    assert_eq!(labels(&format!("videoHash=x&videoSize={}", 2 * MIB)).await, [other, grp]);
    assert_eq!(labels("filename=Night.1968.HDTV-OTHER.mp4").await, [other, grp], "a file of another addon");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_in_answer_to_a_film_needs_no_name() {
    let (app, night) = with_night().await;
    let english = app.post(NewPost { reply_to: Some(night), ..lines("English [SDH].srt") });
    let found = subtitles(&app, SUBTITLES, 1).await;
    assert_eq!((found[0].0.as_str(), found[0].1.as_str()), ("eng", "SDH"));

    // Not said what of: it waits for a person, and says how to help.
    app.post(lines("2_French.srt"));
    let listed = app.until("the review list", || app.reviewed(), |listed| listed.len() == 1).await;
    let reason = listed[0].status.reason().expect("a reason").to_string();
    assert!(reason.contains("in answer to the film"), "{reason}");

    // The film of a file that nobody knows has its subtitles too.
    let unknown = app.post(film("Home video 3.mkv", MIB));
    app.post(NewPost { reply_to: Some(unknown.message), ..lines("de.srt") });
    let id = app
        .until(
            "the file",
            || app.ask(crate::support::UNMATCHED),
            |a| a["metas"].as_array().is_some_and(|m| m.len() == 1),
        )
        .await["metas"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert_eq!(subtitles(&app, &format!("subtitles/movie/{id}.json"), 1).await[0].0, "ger");

    app.sim.delete(crate::support::chat(), &[english.message]).expect("it is there");
    subtitles(&app, SUBTITLES, 0).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subtitles_may_come_before_their_film_and_outlive_a_copy_of_it() {
    let app = TestApp::start().await;
    app.post(NewPost { caption: "tt0063350 German".to_owned(), ..lines("subs.srt") });
    app.post(lines("Night.of.the.Living.Dead.1968.en.srt"));
    app.until("both", || app.app.library.counts(), |c| c.as_ref().is_ok_and(|c| c.pending == 0)).await.expect("counts");
    assert!(app.names(NEWEST).await.is_empty(), "no film is here");
    let first = app.post(film(NIGHT, 3 * MIB));
    let found = subtitles(&app, SUBTITLES, 2).await;
    let mut languages: Vec<_> = found.iter().map(|row| row.0.as_str()).collect();
    languages.sort_unstable();
    assert_eq!(languages, ["eng", "ger"]);

    // Posted to one copy, they are the title's as long as another one is here.
    app.post(NewPost { reply_to: Some(first.message), ..lines("Night of the Living Dead 1968 French.srt") });
    subtitles(&app, SUBTITLES, 3).await;
    app.post(film("Night.of.the.Living.Dead.1968.720p.mkv", 2 * MIB));
    app.until(
        "both copies",
        || app.ask(crate::support::STREAMS),
        |s| s["streams"].as_array().is_some_and(|s| s.len() == 2),
    )
    .await;
    app.sim.delete(crate::support::chat(), &[first.message]).expect("it is there");
    app.until(
        "one copy",
        || app.ask(crate::support::STREAMS),
        |s| s["streams"].as_array().is_some_and(|s| s.len() == 1),
    )
    .await;
    subtitles(&app, SUBTITLES, 3).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_channel_of_subtitles_nothing_else_is_listed() {
    let app = TestApp::start().await;
    let (is_done, said) =
        app.command(&["channel", "set", &crate::support::CHAT.to_string(), "--holds", "subtitles"], &[]);
    assert!(is_done, "{said}");
    app.post(film(NIGHT, 3 * MIB));
    app.post(lines("Night.of.the.Living.Dead.1968.en.srt"));
    subtitles(&app, SUBTITLES, 1).await;
    app.until("both", || app.app.library.counts(), |c| c.as_ref().is_ok_and(|c| c.pending == 0)).await.expect("counts");
    assert!(app.names(NEWEST).await.is_empty() && app.names(crate::support::UNMATCHED).await.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_shown_says_so() {
    let (app, night) = with_night().await;
    let noise: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    app.post(NewPost { reply_to: Some(night), ..NewPost::bytes("English.srt", noise) });
    let found = subtitles(&app, SUBTITLES, 1).await;
    let answer = tokio::time::timeout(Duration::from_secs(20), app.get(&found[0].2)).await.expect("an answer");
    assert_eq!(answer.status(), 422);
    let said = answer.text().await.expect("text");
    assert!(said.contains("it is no text"), "{said}");

    app.post(NewPost { reply_to: Some(night), ..NewPost::generated("German.srt", 40_000_000) });
    let listed = app.until("the review list", || app.reviewed(), |listed| listed.len() == 1).await;
    let reason = listed[0].status.reason().expect("a reason").to_string();
    assert!(reason.contains("40000000 bytes"), "{reason}");

    // Forged links, and a film asked for as subtitles.
    let forged = found[0].2.replacen("/sub/", "/sub/A", 1);
    assert_eq!(app.get(&forged).await.status(), 403);
    let play = app.ask(crate::support::STREAMS).await["streams"][0]["url"].as_str().expect("a url").to_owned();
    assert_eq!(app.get(&play.replacen("/dl/", "/sub/", 1)).await.status(), 422);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_moves_lines_that_come_too_early() {
    let (app, _) = with_night().await;
    app.post(lines("Night of the Living Dead (1968).en.srt"));
    let url = subtitles(&app, SUBTITLES, 1).await[0].2.clone();
    let (is_done, said) = app.command(&["subtitles", "tt0063350"], &[]);
    assert!(is_done && said.contains("Night of the Living Dead (1968).en.srt"), "{said}");
    let id = said.split_whitespace().next().expect("an id").to_owned();
    let times = async || app.get(&url).await.text().await.expect("text").lines().nth(1).expect("times").to_owned();
    for (seconds, wanted) in [
        ("1.5", "00:00:02,500 --> 00:00:03,500"),
        ("-0.25", "00:00:00,750 --> 00:00:01,750"),
        ("0", "00:00:01,000 --> 00:00:02,000"),
    ] {
        let (is_done, said) = app.command(&["subtitles", "shift", &id, seconds], &[]);
        assert!(is_done, "{said}");
        assert_eq!(times().await, wanted);
    }
    let (is_done, said) = app.command(&["subtitles", "shift", &id, "soon"], &[]);
    assert!(!is_done && said.contains("no number of seconds"), "{said}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_file_of_a_zip_stands_beside_its_own_film() {
    let (app, night) = with_night().await;
    let bomb = vec![b'x'; 12 << 20];
    let zipped = zip(&[
        ("Night of the Living Dead (1968)/../../English [SDH].srt", LINES.as_bytes()),
        ("Subs/Night.of.the.Living.Dead.1968.de.ass", LINES.as_bytes()),
        ("Night of the Living Dead (1968).fr.srt", &bomb),
        ("__MACOSX/._English.srt", b"x"),
        ("readme.txt", b"x"),
    ]);
    assert!(zipped.len() < 64 << 10, "{}", zipped.len());
    app.post(NewPost { reply_to: Some(night), ..NewPost::bytes("Night.of.the.Living.Dead.1968.subs.zip", zipped) });
    let found = subtitles(&app, SUBTITLES, 3).await;
    let of = |lang: &str| found.iter().find(|row| row.0 == lang).unwrap_or_else(|| panic!("{lang}: {found:?}"));
    assert_eq!(of("eng").1, "SDH");
    for lang in ["eng", "ger"] {
        let text = app.get(&of(lang).2).await.text().await.expect("text");
        assert_eq!(text, LINES, "{lang}");
    }
    // Megabytes of one letter: unpacked as far as subtitles go, and told to be none.
    assert_eq!(app.get(&of("fre").2).await.status(), 422);
    assert_eq!(app.reviewed().await, []);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_tell_what_names_leave_open() {
    let (app, night) = with_night().await;
    let said = [
        "Ich glaube, wir sollten bis zum Morgen im Keller bleiben.",
        "Im Radio läuft nichts als Musik, und niemand weiß, was geschehen ist.",
        "Hast du gehört, was der Mann im weißen Kittel über den Hof gesagt hat?",
    ];
    let cue = |n: usize| format!("{}\n00:00:{:02},000 --> 00:00:{:02},900\n{}\n\n", n + 1, n, n, said[n % 3]);
    let german: String = (0..12).map(cue).collect();
    app.post(NewPost { reply_to: Some(night), ..NewPost::bytes("subs.srt", german) });
    let found = subtitles(&app, SUBTITLES, 1).await;
    assert_eq!(found[0].0, "ger");

    // VobSub under the name of MicroDVD: kept, and offered to nobody.
    let drawn = [&b"\x00\x00\x01\xba\x44\x00\x04\x00\x04\x01"[..], &[0; 5000]].concat();
    app.post(NewPost { reply_to: Some(night), ..NewPost::bytes("Night of the Living Dead (1968).en.sub", drawn) });
    app.post(NewPost {
        reply_to: Some(night),
        ..NewPost::bytes("Night of the Living Dead (1968).en.idx", "# VobSub index file, v7\n")
    });
    let (is_done, listed) = app
        .until(
            "all of them",
            async || app.command(&["subtitles", "tt0063350"], &[]),
            |said| said.1.lines().count() == 3,
        )
        .await;
    assert!(is_done && listed.contains(".sub") && listed.contains(".idx"), "{listed}");
    assert_eq!(subtitles(&app, SUBTITLES, 1).await[0].0, "ger");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_zip_find_a_film_that_comes_after_them() {
    let app = TestApp::start().await;
    let before = app.post(lines("Night.of.the.Living.Dead.1968.de.srt")).message;
    let film_at = before + 2;
    let packed = zip(&[("English [SDH].srt", LINES.as_bytes())]);
    app.post(NewPost { reply_to: Some(film_at), ..NewPost::bytes("subs.zip", packed) });
    app.until("the review list", || app.reviewed(), |listed| listed.len() == 1).await;
    assert_eq!(app.post(film(NIGHT, 3 * MIB)).message, film_at);
    let found = subtitles(&app, SUBTITLES, 2).await;
    assert!(found.iter().any(|row| (row.0.as_str(), row.1.as_str()) == ("eng", "SDH")), "{found:?}");
    assert_eq!(app.reviewed().await, []);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subtitles_packed_beside_one_film_say_what_they_are() {
    let (app, night) = with_night().await;
    let packed = zip(&[("film.mkv", b"a film that is packed"), ("English [SDH].srt", LINES.as_bytes())]);
    app.post(NewPost { reply_to: Some(night), ..NewPost::bytes("Night.of.the.Living.Dead.1968.zip", packed) });
    let found = subtitles(&app, SUBTITLES, 1).await;
    assert_eq!((found[0].0.as_str(), found[0].1.as_str()), ("eng", "SDH"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_in_its_zip_is_not_served_as_if_it_were_whole() {
    let (app, night) = with_night().await;
    let many: String = (0..500).map(|n| format!("{n}\n00:00:01,000 --> 00:00:02,000\n{}\n\n", n * 7919)).collect();
    let mut packed = zip(&[("English.srt", many.as_bytes())]);
    // A block of no kind that Deflate has, in the middle of it.
    let middle = packed.len() / 2;
    packed[middle..middle + 64].fill(0xff);
    app.post(NewPost { reply_to: Some(night), ..NewPost::bytes("Night.of.the.Living.Dead.1968.subs.zip", packed) });
    let answer = app.get(&subtitles(&app, SUBTITLES, 1).await[0].2).await;
    assert_eq!(answer.status(), 422);
    app.stop().await;
}
