//! Subtitles inside films: from the film's own tracks to a row in Stremio whose address gives their lines, at few reads.

use std::time::Duration;

use cinepost::adapters::clock::unix_now;
use cinepost::domain::person::{Actor, PersonId};
use serde_json::Value;
use simulation::NewPost;
use simulation::faults::{Effect, Fault};

use crate::support::films::{LINE_EVERY_MS, Subtitled};
use crate::support::{NIGHT, TestApp, look_into_all, probing};

const MIB: u64 = 1 << 20;
const FILM: Subtitled<'static> = Subtitled {
    bytes: 256 * MIB,
    lines: 240,
    tracks: &[("S_TEXT/UTF8", "en"), ("S_TEXT/ASS", "pt-BR"), ("S_TEXT/UTF8", "de")],
    has_cues: true,
    is_damaged: false,
};

/// The product with a film that was looked into.
async fn with(film: &Subtitled<'_>) -> TestApp {
    let app = probing().await;
    let path = app.dir.path.join(NIGHT);
    film.write(&path);
    app.post(NewPost { file_name: Some(NIGHT.to_owned()), media: Some(path), ..NewPost::default() });
    let is_there = |names: &Vec<String>| names == &["Night of the Living Dead"];
    app.until("the film", || app.names(crate::support::NEWEST), is_there).await;
    look_into_all(&app).await;
    app
}

/// Language, label and URL of each row.
async fn rows(app: &TestApp, extra: &str) -> Vec<(String, String, String)> {
    let answer = app.ask(&format!("subtitles/movie/tt0063350/{extra}.json")).await;
    let text = |row: &Value, name: &str| row[name].as_str().expect(name).to_owned();
    let rows = answer["subtitles"].as_array().expect("subtitles").iter();
    rows.map(|row| (text(row, "lang"), text(row, "label"), text(row, "url"))).collect()
}

async fn tracks(app: &TestApp) -> Vec<(String, String, String)> {
    rows(app, &format!("filename={NIGHT}")).await
}

/// Calls and bytes of files so far.
fn read(app: &TestApp) -> (u64, u64) {
    let calls = app.sim.stats().calls;
    let files = calls.iter().filter(|call| call.method == "upload.getFile");
    files.fold((0, 0), |sum, call| (sum.0 + call.calls, sum.1 + call.bytes))
}

fn fault(effect: Effect) -> Fault {
    Fault { method: Some("upload.getFile".to_owned()), ..Fault::new(effect) }
}

/// Cues of a file of SubRip.
fn count(text: &str) -> usize {
    text.matches(" --> ").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lines_of_a_film_of_4_gb_come_at_few_reads_and_once() {
    let film = Subtitled { bytes: 4 << 30, lines: 1400, ..FILM };
    let app = with(&film).await;
    let listed = tracks(&app).await;
    let said: Vec<_> = listed.iter().map(|row| (row.0.as_str(), row.1.as_str())).collect();
    assert_eq!(
        said,
        [("eng", "inside the file · SRT"), ("pob", "Brazil · inside the file · ASS"), ("ger", "inside the file · SRT")]
    );

    let before = read(&app);
    let answer = app.get(&listed[0].2).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/x-subrip; charset=utf-8");
    let text = answer.text().await.expect("all of it");
    assert!(
        text.starts_with("1\n00:00:00,000 --> 00:00:02,000\nLine 0 in en.\n\n2\n00:00:05,000 -->"),
        "{}",
        &text[..200]
    );
    assert!(text.ends_with("Line 1399 in en.\n\n"));
    assert_eq!(count(&text), 1400);
    let (calls, bytes) = (read(&app).0 - before.0, read(&app).1 - before.1);
    assert!(calls <= 1500 && bytes <= 64 * MIB, "{calls} calls, {bytes} bytes");

    // It was kept, and so were the others, whose lines lie beside: all but a few that stand across a MiB line of the file.
    let before = read(&app);
    assert_eq!(app.get(&listed[0].2).await.text().await.expect("text"), text);
    let vtt = app.get(&listed[0].2.replace(".srt", ".vtt")).await.text().await.expect("text");
    assert!(vtt.starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nLine 0"), "{}", &vtt[..100]);
    assert_eq!(read(&app), before);
    assert_eq!(count(&app.get(&listed[2].2).await.text().await.expect("text")), 1400);
    let ass = app.get(&listed[1].2.replace(".srt", ".ass")).await.text().await.expect("text");
    assert!(ass.starts_with("[Script Info]\nPlayResX: 640\n"), "{}", &ass[..100]);
    assert!(ass.ends_with("Dialogue: 0,1:56:35.00,1:56:37.00,Default,,0,0,0,,Line 1399 in pt-BR.\n"));
    let again = read(&app).0 - before.0;
    assert!(again <= 40, "{again} calls");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tracks_are_listed_for_the_film_that_is_played_and_for_no_other() {
    let app = with(&FILM).await;
    app.post(NewPost::bytes(
        "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.en.srt",
        "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
    ));
    app.post(NewPost::bytes(
        "Night.of.the.Living.Dead.1968.HDTV-OTHER.fr.srt",
        "1\n00:00:01,000 --> 00:00:02,000\nSalut\n",
    ));
    app.until("the files", || rows(&app, "x=1"), |rows| rows.len() == 2).await;
    let stream = app.ask(crate::support::STREAMS).await["streams"][0]["behaviorHints"].clone();
    let hash = stream["videoHash"].as_str().expect("a hash");
    let inside = ["eng", "ger", "pob"];
    for (extra, is_ours) in [
        (format!("filename={NIGHT}"), true),
        (format!("videoHash={hash}&filename=renamed.mkv"), true),
        (format!("videoSize={}", 256 * MIB), true),
        ("filename=Night.1968.WEB-DL-ELSE.mkv&videoSize=5".to_owned(), false),
        ("videoHash=00000000000000ff".to_owned(), false),
    ] {
        let listed = rows(&app, &extra).await;
        let mut languages: Vec<&str> =
            listed.iter().filter(|row| row.1.contains("inside")).map(|row| row.0.as_str()).collect();
        languages.sort_unstable();
        assert_eq!(languages, if is_ours { &inside[..] } else { &[] }, "{extra}: {listed:?}");
        if is_ours {
            // Made for this very file, inside it, made for another.
            assert_eq!((listed[0].1.as_str(), listed[4].0.as_str()), ("1080p · BluRay · GRP", "fre"), "{listed:?}");
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_no_index_of_lines_is_not_offered_and_what_is_damaged_says_so() {
    let app = with(&Subtitled { has_cues: false, ..FILM }).await;
    assert_eq!(tracks(&app).await, []);
    let play = app.ask(crate::support::STREAMS).await["streams"][0]["url"].as_str().expect("a url").to_owned();
    let made_up = play.replacen("/dl/", "/sub/", 1).replace(NIGHT, &format!("1/{NIGHT}.srt"));
    let before = read(&app);
    assert_eq!(app.get(&made_up).await.status(), 404);
    assert_eq!(read(&app), before);
    app.stop().await;

    let app = with(&Subtitled { is_damaged: true, ..FILM }).await;
    let url = tracks(&app).await.remove(0).2;
    let answer = app.get(&url).await;
    assert_eq!(answer.status(), 422);
    let said = answer.text().await.expect("text");
    assert!(said.contains("damaged"), "{said}");
    assert_eq!(app.get(&url.replacen("/sub/", "/sub/A", 1)).await.status(), 403);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_ask_at_once_share_a_reading_and_the_first_lines_come_before_the_last() {
    let app = with(&FILM).await;
    let url = tracks(&app).await.remove(0).2;
    let before = read(&app);
    app.sim.fault(fault(Effect::RoundTrip { ms: 60 }));
    let mut pieces = app.get(&url).await;
    let first = pieces.chunk().await.expect("bytes").expect("a piece");
    let early = read(&app).0 - before.0;
    // Ten minutes are half of the film.
    assert!((100..230).contains(&early), "{early} reads until the first lines were here");
    assert!(count(std::str::from_utf8(&first).expect("text")) >= 600_000 / LINE_EVERY_MS as usize - 1);
    let other = async { app.get(&url).await.text().await.expect("text") };
    let rest = async {
        let mut text = String::from_utf8(first.to_vec()).expect("text");
        while let Some(piece) = pieces.chunk().await.expect("bytes") {
            text.push_str(std::str::from_utf8(&piece).expect("text"));
        }
        text
    };
    let (one, two) = tokio::join!(rest, other);
    assert_eq!((one == two, count(&one)), (true, 240));
    assert!(read(&app).0 - before.0 <= 250, "{} reads", read(&app).0 - before.0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_ends_the_reading_and_who_comes_goes_on_from_there() {
    let app = with(&FILM).await;
    let url = tracks(&app).await.remove(0).2;
    let before = read(&app);
    app.sim.fault(fault(Effect::RoundTrip { ms: 60 }));
    let mut pieces = app.get(&url).await;
    pieces.chunk().await.expect("bytes").expect("a piece");
    drop(pieces);
    let asked = async || {
        let asked = read(&app).0;
        tokio::time::sleep(Duration::from_millis(300)).await;
        (asked, read(&app).0)
    };
    let (left_at, _) = app.until("an end of reads", asked, |(asked, later)| asked == later).await;
    assert!(left_at - before.0 < 240, "it ended before the film did");
    app.sim.clear_faults();
    assert_eq!(count(&app.get(&url).await.text().await.expect("text")), 240);
    let again = read(&app).0 - left_at;
    assert!(again < 200, "{again} reads, of which {} were made before", left_at - before.0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegram_that_makes_us_wait_or_is_gone_is_said_and_nothing_is_stuck() {
    let app = with(&FILM).await;
    let url = tracks(&app).await.remove(0).2;
    app.sim.fault(fault(Effect::FloodWait { seconds: 90 }));
    let answer = tokio::time::timeout(Duration::from_secs(20), app.get(&url)).await.expect("an answer");
    assert_eq!(answer.status(), 503);
    let wait: u64 = answer.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((60..=90).contains(&wait), "{wait}");
    app.stop().await;

    let app = with(&FILM).await;
    let url = tracks(&app).await.remove(0).2;
    app.sim.fault(fault(Effect::RpcError { code: 500, message: "INTERNAL".to_owned() }));
    let answer = tokio::time::timeout(Duration::from_secs(30), app.get(&url)).await.expect("an answer");
    assert_eq!(answer.status(), 502);
    app.sim.clear_faults();
    let text = app.until(
        "the lines",
        || async { app.get(&url).await.text().await.unwrap_or_default() },
        |text| count(text) == 240,
    );
    text.await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_that_stop_coming_cut_the_answer_off_and_the_next_one_is_whole() {
    let app = with(&FILM).await;
    let url = tracks(&app).await.remove(0).2;
    app.sim.fault(fault(Effect::RoundTrip { ms: 40 }));
    app.sim.fault(Fault { after: 190, ..fault(Effect::FloodWait { seconds: 1000 }) });
    let answer = app.get(&url).await;
    assert_eq!(answer.status(), 200, "the first lines were there");
    answer.text().await.expect_err("the rest is not");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_end_with_the_access_of_who_reads_them() {
    let app = with(&FILM).await;
    let url = tracks(&app).await.remove(0).2;
    app.sim.fault(fault(Effect::RoundTrip { ms: 60 }));
    let mut pieces = app.get(&url).await;
    pieces.chunk().await.expect("bytes").expect("a piece");
    app.app.people.renew(PersonId::OWNER, Actor::Terminal, unix_now()).await.expect("renewed");
    pieces.text().await.expect_err("nothing comes any more");
    assert_eq!(app.get(&url).await.status(), 403);
    app.stop().await;
}
