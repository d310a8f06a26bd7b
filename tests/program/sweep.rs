//! Channels that were there before anybody watched them: all of what was posted is read, the newest first, by a job that the owner
//! sees.

use cinepost::domain::job::State;
use serde_json::Value;
use simulation::NewPost;

use crate::support::{CHAT, NIGHT, STREAMS, TestApp, calls, chat, film};

/// How many rows a film has.
fn rows(answer: &Value) -> usize {
    answer["streams"].as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_was_there_before_is_read_whole() {
    let telegram = simulation::Options::default();
    let before = |sim: &simulation::Sim| {
        let post = |post: NewPost| sim.post(chat(), post).expect("posted").message;
        let first = post(film(NIGHT, 1 << 30));
        // Words and a hole of many messages lie above the oldest film, and beyond them what older versions ever read.
        let words: Vec<i32> = (0..1_150).map(|n| post(NewPost::text(&format!("word {n}")))).collect();
        sim.delete(chat(), &words[50..1_100]).expect("they are there");
        post(film("Night.of.the.Living.Dead.1968.720p.mkv", 1 << 29));
        assert_eq!(first, 1);
    };
    let app = TestApp::set_up(telegram, before, |flags| flags).await;
    app.until("both films", || app.ask(STREAMS), |answer| rows(answer) == 2).await;
    let show = || async { app.command(&["channel", "posts", &CHAT.to_string()], &[]).1 };
    app.until("every word", show, |said| said.contains("100  passed over: text")).await;
    let list = || async { app.command(&["jobs"], &[]).1 };
    let said = app.until("its end", list, |said| said.contains("2 with a file, 100 passed over")).await;
    assert!(said.contains("sweep"), "{said}");
    // 1,152 messages and what raised pts: a hundred a page, and two hundred where nothing is.
    let pages = calls(&app.sim, "channels.getMessages");
    assert!((7..=18).contains(&pages), "{pages} pages");

    // Read again at the owner's word; nothing is twice.
    let (is_fine, said) = app.command(&["channel", "sweep", &CHAT.to_string()], &[]);
    assert!(is_fine && said.contains("Queued as job "), "{said}");
    let twice = |said: &String| said.matches("2 with a file, 100 passed over").count() == 2;
    app.until("its end", list, twice).await;
    assert_eq!(rows(&app.ask(STREAMS).await), 2);
    let (is_fine, said) = app.command(&["channel", "sweep", "-1001999999999"], &[]);
    assert!(!is_fine && said.contains("cinepost channel add -1001999999999"), "{said}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_post_comes_before_the_old_ones() {
    let before = |sim: &simulation::Sim| {
        for n in 0..1_500 {
            sim.post(chat(), film(&format!("Night.of.the.Living.Dead.1968.{n:04}.mkv"), 1_000 + n)).expect("posted");
        }
        // The first pages bring nothing: Telegram wants a pause.
        let waits = r#"{"kind":"flood_wait","seconds":2,"method":"channels.getMessages","times":1}"#;
        sim.fault(serde_json::from_str(waits).expect("a fault"));
    };
    let app = TestApp::set_up(simulation::Options::default(), before, |flags| flags).await;
    app.post(film("Plan.9.from.Outer.Space.1957.720p.mkv", 1 << 29));
    let plan = || app.ask("stream/movie/tt0052077.json");
    app.until("the new one", plan, |answer| rows(answer) == 1).await;
    let count = async || app.app.store.posts().count(chat()).await.expect("a count");
    let so_far = count().await;
    assert!(so_far < 1_400, "{so_far} of 1,501 were read before it");
    let sweeping = |jobs: &Vec<cinepost::domain::job::Job>| jobs.iter().any(|job| job.state == State::Running);
    let jobs = || async { app.app.store.jobs().unfinished(9).await.expect("a list") };
    app.until("it is seen", jobs, sweeping).await;
    app.until("all of them", count, |count| *count == 1_501).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_a_channel_says_how_long_reading_it_takes() {
    const OTHER: i64 = -1_001_500_000_777;
    let app = TestApp::start().await;
    app.sim.found_channel(OTHER, "Old films").expect("founded");
    for n in 0..400 {
        app.sim.post(OTHER, film(&format!("Night.of.the.Living.Dead.1968.{n:04}.mkv"), 1_000 + n)).expect("posted");
    }
    let book = app.dir.path.join("book.json");
    let sim = [("TELEGRAM_SIM", book.to_str().expect("text"))];
    let (is_fine, said) = app.command(&["channel", "add", &OTHER.to_string()], &sim);
    assert!(is_fine && said.contains("the newest first, in about 1 s: cinepost jobs"), "{said}");
    app.until("all of them", || app.ask(STREAMS), |answer| rows(answer) == 400).await;
    app.stop().await;
}
