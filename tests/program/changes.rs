//! What people do to posts, while the program runs and while it is down, and what stands in Stremio afterwards.

use std::sync::Arc;

use cinepost::adapters::metadata::client;
use cinepost::domain::person::Actor;
use cinepost::flows::ingest::review::Review;
use serde_json::Value;
use simulation::{NewPost, Posted, Sim};

use crate::support::{NIGHT, Outside, STREAMS, TestApp, chat, film, flags, metadata_at, until};

/// Another channel that is watched.
const OTHER: i64 = -1_001_500_000_002;
const FIRST: &str = NIGHT;
const SECOND: &str = "Night.of.the.Living.Dead.1968.720p.WEB-DL.x264-GRP.mkv";
const IMDB: &str = "https://www.imdb.com/title/tt0063350/";

/// The same document once more.
fn again(posted: &Posted, caption: &str) -> NewPost {
    NewPost { document: posted.document.clone(), caption: caption.to_owned(), ..NewPost::default() }
}

fn post(sim: &Sim, post: NewPost) -> Posted {
    sim.post(chat(), post).expect("posted")
}

/// One thing that people do.
struct Row {
    what: &'static str,
    /// What stands there before.
    before: fn(&Sim) -> Vec<Posted>,
    /// Names of the film's files then, in their order.
    first: &'static [&'static str],
    act: fn(&Sim, &[Posted]),
    /// And afterwards.
    then: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        what: "an edited caption says which film it is",
        before: |sim| vec![post(sim, film("a.mkv", 9_000))],
        first: &[],
        act: |sim, posts| sim.edit(chat(), posts[0].message, IMDB).expect("edited"),
        then: &["a.mkv"],
    },
    Row {
        what: "an edited caption says that it is another film",
        before: |sim| vec![post(sim, NewPost { caption: IMDB.to_owned(), ..film("a.mkv", 9_000) })],
        first: &["a.mkv"],
        act: |sim, posts| {
            sim.edit(chat(), posts[0].message, "https://www.imdb.com/title/tt0017136/").expect("edited");
        },
        then: &[],
    },
    Row {
        what: "of two releases one is deleted",
        before: |sim| vec![post(sim, film(SECOND, 9_000)), post(sim, film(FIRST, 9_001))],
        first: &[FIRST, SECOND],
        act: |sim, posts| sim.delete(chat(), &[posts[1].message]).expect("deleted"),
        then: &[SECOND],
    },
    Row {
        what: "of a file forwarded twice one post is deleted",
        before: |sim| {
            let posted = post(sim, film(FIRST, 9_000));
            vec![post(sim, again(&posted, "")), posted]
        },
        first: &[FIRST],
        act: |sim, posts| sim.delete(chat(), &[posts[1].message]).expect("deleted"),
        then: &[FIRST],
    },
    Row {
        what: "both posts of a file are deleted",
        before: |sim| {
            let posted = post(sim, film(FIRST, 9_000));
            vec![post(sim, again(&posted, "")), posted]
        },
        first: &[FIRST],
        act: |sim, posts| sim.delete(chat(), &[posts[0].message, posts[1].message]).expect("deleted"),
        then: &[],
    },
    Row {
        what: "a file moves to another channel",
        before: |sim| vec![post(sim, film(FIRST, 9_000))],
        first: &[FIRST],
        act: |sim, posts| {
            sim.post(OTHER, again(&posts[0], "")).expect("forwarded");
            sim.delete(chat(), &[posts[0].message]).expect("deleted");
        },
        then: &[FIRST],
    },
    Row {
        what: "a post gets another file",
        before: |sim| vec![post(sim, film(FIRST, 9_000))],
        first: &[FIRST],
        act: |sim, posts| _ = sim.replace(chat(), posts[0].message, film(SECOND, 9_001)).expect("replaced"),
        then: &[SECOND],
    },
    Row {
        what: "a post gets another file, and the old one stands in another post",
        before: |sim| {
            let posted = post(sim, film(FIRST, 9_000));
            vec![post(sim, again(&posted, "")), posted]
        },
        first: &[FIRST],
        act: |sim, posts| _ = sim.replace(chat(), posts[0].message, film(SECOND, 9_001)).expect("replaced"),
        then: &[FIRST, SECOND],
    },
    Row {
        what: "a post becomes words",
        before: |sim| vec![post(sim, film(FIRST, 9_000)), post(sim, film(SECOND, 9_001))],
        first: &[FIRST, SECOND],
        act: |sim, posts| _ = sim.replace(chat(), posts[0].message, NewPost::text("taken away")).expect("replaced"),
        then: &[SECOND],
    },
    Row {
        what: "words become a post",
        before: |sim| vec![post(sim, NewPost::text("soon here"))],
        first: &[],
        act: |sim, posts| _ = sim.replace(chat(), posts[0].message, film(FIRST, 9_000)).expect("replaced"),
        then: &[FIRST],
    },
    Row {
        what: "a post is deleted and posted anew",
        before: |sim| vec![post(sim, film(FIRST, 9_000))],
        first: &[FIRST],
        act: |sim, posts| {
            sim.delete(chat(), &[posts[0].message]).expect("deleted");
            post(sim, again(&posts[0], ""));
        },
        then: &[FIRST],
    },
    Row {
        what: "the second disc comes before the first, and is larger",
        before: |sim| vec![post(sim, film("Night.of.the.Living.Dead.1968.CD2.DVDRip.XviD-GRP.avi", 9_500))],
        first: &["Night.of.the.Living.Dead.1968.CD2.DVDRip.XviD-GRP.avi"],
        act: |sim, _| {
            post(sim, film("Night.of.the.Living.Dead.1968.CD1.DVDRip.XviD-GRP.avi", 9_000));
            post(sim, film(SECOND, 9_001));
        },
        then: &[
            SECOND,
            "Night.of.the.Living.Dead.1968.CD1.DVDRip.XviD-GRP.avi",
            "Night.of.the.Living.Dead.1968.CD2.DVDRip.XviD-GRP.avi",
        ],
    },
];

/// The names of the film's files, in their order.
fn names(answer: &Value) -> Vec<String> {
    let streams = answer["streams"].as_array().map_or(&[][..], Vec::as_slice);
    streams.iter().map(|s| s["behaviorHints"]["filename"].as_str().expect("a name").to_owned()).collect()
}

/// Everything has its place, and the film has these files.
async fn settled(app: &TestApp, what: &str, wanted: &[&str]) {
    let look = async || {
        let pending = app.app.library.counts().await.is_ok_and(|counts| counts.pending == 0);
        (pending && app.app.health.is_settled().await, names(&app.ask(STREAMS).await))
    };
    app.until(what, look, |(is_settled, names)| *is_settled && *names == wanted).await;
}

async fn start(outside: Outside) -> TestApp {
    let Outside { dir, sim, provider } = outside;
    let two = Some(format!("{},{OTHER}", crate::support::CHAT));
    let flags = cinepost::config::Flags { auth_channel: two, ..flags(&dir.path, &provider.url) };
    let config = cinepost::config::Config::from_flags(flags).expect("the settings are right");
    let app = cinepost::app::start(config).await.expect("the product starts");
    TestApp { sim, provider, app, http: client::builder().build().expect("a client"), dir }
}

async fn play(row: &Row, is_down: bool) {
    let outside = Outside::start(simulation::Options::default()).await;
    outside.sim.found_channel(OTHER, "Other films").expect("founded");
    let mut app = start(outside).await;
    let before = (row.before)(&app.sim);
    let known = async || app.app.store.posts().count(chat()).await.is_ok_and(|count| count > 0) || row.first.is_empty();
    let (what, when) = (row.what, if is_down { "while it is down" } else { "while it runs" });
    until(what, known, |is_known| *is_known).await;
    settled(&app, &format!("{what} {when}: before"), row.first).await;
    if is_down {
        let TestApp { sim, provider, app: running, dir, .. } = app;
        running.stop().await;
        (row.act)(&sim, &before);
        app = start(Outside { dir, sim, provider }).await;
    } else {
        (row.act)(&app.sim, &before);
    }
    settled(&app, &format!("{what} {when}"), row.then).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_do_to_posts_while_the_program_runs() {
    for row in ROWS {
        play(row, false).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_did_to_posts_while_it_was_down() {
    for row in ROWS {
        play(row, true).await;
    }
}

/// What a person decided is not overturned by the same file coming again.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_ignored_stays_so_when_it_is_forwarded_again() {
    let app = Arc::new(TestApp::start().await);
    let posted = app.post(film("holiday.mp4", 9_000));
    let id = app.until("it waits for a person", || app.reviewed(), |list| list.len() == 1).await[0].id;
    let review = Review::new(app.app.store.clone(), metadata_at(None));
    assert_eq!(review.ignore(&[id], Actor::Terminal, 0).await.expect("ignored"), 1);
    app.post(again(&posted, ""));
    let sources = async || app.app.store.entries().sources(id).await.expect("asked").len();
    app.until("both posts", sources, |count| *count == 2).await;
    assert!(app.reviewed().await.is_empty());
    Arc::into_inner(app).expect("the only one").stop().await;
}
