//! What people may use, over real HTTP: bytes are counted as they are sent, limits hold and say why, streams can be stopped, and
//! nobody gets around any of it.

use std::net::SocketAddr;

use cinepost::app::{self, Running};
use cinepost::config::{Config, Flags};
use cinepost::domain::limits::Day;
use cinepost::domain::person::PersonId;
use cinepost::flows::limits::Records;
use cinepost::flows::unix_now;
use serde_json::Value;
use simulation::Posted;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::access::Instance;
use crate::support::*;

const MB: u64 = 1_000_000;
const OWNER_ID: PersonId = PersonId::OWNER;

/// A cinema with films of this size, and their play URLs.
async fn cinema(limits: &str, films: usize, size: u64) -> (TestApp, Vec<String>) {
    let app = with_limits(limits).await;
    let urls = play_urls(&app, films, size).await;
    (app, urls)
}

async fn with_limits(limits: &str) -> TestApp {
    let outside = Outside::start(simulation::Options::default().with_helpers(1)).await;
    let app = start_limited(&outside, limits).await;
    let http = cinepost::adapters::metadata::client::builder().build().expect("a client");
    let Outside { dir, sim, provider } = outside;
    TestApp { sim, provider, app, http, dir }
}

async fn start_limited(outside: &Outside, limits: &str) -> Running {
    let flags = Flags { limits: Some(limits.to_owned()), ..flags(&outside.dir.path, &outside.provider.url) };
    app::start(Config::from_flags(flags).expect("the settings are right")).await.expect("the product starts")
}

/// Different films that nobody knows, so that each is a row of its own.
async fn play_urls(app: &TestApp, films: usize, size: u64) -> Vec<String> {
    let post = |n: usize| -> Posted { app.post(film(&format!("zzqx{n}.mkv"), size)) };
    (0..films).for_each(|n| drop(post(n)));
    let page = app
        .until("the films", || app.ask(UNMATCHED), |page| page["metas"].as_array().is_some_and(|m| m.len() == films))
        .await;
    let mut urls = Vec::new();
    for meta in page["metas"].as_array().expect("metas") {
        let id = meta["id"].as_str().expect("an id");
        let streams = app.ask(&format!("stream/movie/{id}.json")).await;
        urls.push(streams["streams"][0]["url"].as_str().expect("a url").to_owned());
    }
    urls
}

/// Bytes that arrive of a file, and the status; the connection may be cut.
async fn received(app: &TestApp, url: &str, range: Option<&str>) -> (u16, u64) {
    let request = app.http.get(url);
    let request = range.map_or(request.try_clone().expect("no body"), |range| request.header("range", range));
    let mut answer = request.send().await.expect("an answer");
    let (status, mut bytes) = (answer.status().as_u16(), 0);
    while let Ok(Some(piece)) = answer.chunk().await {
        bytes += piece.len() as u64;
    }
    (status, bytes)
}

/// What is stored of the owner's day.
async fn stored(records: &Records) -> u64 {
    records.spent(Some(OWNER_ID), unix_now()).await.expect("stored").day.bytes
}

/// A player that asks for a file and then reads nothing.
async fn idle(url: &str) -> TcpStream {
    let url = url::Url::parse(url).expect("a url");
    let address: SocketAddr = format!("127.0.0.1:{}", url.port().expect("a port")).parse().expect("an address");
    let mut socket = TcpStream::connect(address).await.expect("connected");
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", url.path());
    socket.write_all(request.as_bytes()).await.expect("sent");
    let mut status = [0; 12];
    socket.read_exact(&mut status).await.expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 200");
    socket
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counters_equal_what_was_sent_also_after_a_restart() {
    let (app, urls) = cinema("", 2, 12 * MB).await;
    let mut sent = 0;
    for url in &urls {
        sent += received(&app, url, None).await.1;
    }
    // Ranges that are asked for again and again count each time.
    for n in 0..50 {
        let (status, bytes) = received(&app, &urls[0], Some(&format!("bytes={n}-{}", 100_000 + n))).await;
        assert_eq!((status, bytes), (206, 100_001));
        sent += bytes;
    }
    let (status, bytes) = received(&app, &urls[0], Some("bytes=0-9,100-109")).await;
    assert_eq!(status, 206);
    assert!(bytes > 20);
    sent += 20;
    let records = app.app.limits.records().clone();
    let today = Day::of(unix_now());
    app.until("the sums", || stored(&records), |stored| *stored >= sent).await;
    let TestApp { sim, provider, app, dir, .. } = app;
    app.stop().await;
    let outside = Outside { dir, sim, provider };
    let again = start_limited(&outside, "").await;
    let spent = again.limits.records().spent(Some(OWNER_ID), unix_now()).await.expect("stored");
    assert_eq!(Day::of(unix_now()), today, "not at midnight");
    assert_eq!(spent.day.bytes, sent, "every byte once");
    assert_eq!((spent.day.streams, spent.day.downloads), (1, 2), "one file was watched, two were downloaded");
    let all = again.limits.records().spent(None, unix_now()).await.expect("stored");
    assert_eq!(all.month.bytes, sent, "and everybody's");
    let history = again.limits.records().history(OWNER_ID, 0, 9).await.expect("stored");
    assert_eq!(history.iter().map(|row| row.amount.bytes).sum::<u64>(), sent);
    assert_eq!(again.limits.records().of_file(history[0].entry).await.expect("stored").amount, history[0].amount);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_who_closes_is_counted_for_what_was_sent() {
    let (app, urls) = cinema("", 1, 200 * MB).await;
    let mut answer = app.get(&urls[0]).await;
    let mut got = 0;
    while got < 20 * MB {
        got += answer.chunk().await.expect("bytes").expect("more").len() as u64;
    }
    drop(answer);
    let records = app.app.limits.records().clone();
    let counted = app.until("the sum", || stored(&records), |stored| *stored >= got).await;
    // What the sockets of both sides hold was sent and not read.
    assert!(counted < got + 16 * MB, "{counted} counted, {got} read");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_when_the_day_is_used_up_and_everything_says_why() {
    let (app, urls) = cinema("owner: day=20MB", 1, 60 * MB).await;
    let (status, bytes) = received(&app, &urls[0], None).await;
    assert_eq!(status, 200);
    assert!((20 * MB..22 * MB).contains(&bytes), "cut at {bytes}");
    let answer = app.get(&urls[0]).await;
    assert_eq!(answer.status(), 429);
    let wait: i64 = answer.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=86_400).contains(&wait));
    let said: Value = answer.json().await.expect("JSON");
    assert_eq!(said["limit"], "day");
    assert!(said["error"].as_str().expect("text").starts_with("Your 20 MB of today are used up."), "{said}");
    let page = app.http.get(&urls[0]).header("accept", "text/html").send().await.expect("an answer");
    assert_eq!((page.status().as_u16(), page.headers().contains_key("retry-after")), (429, true));
    assert!(page.text().await.expect("text").contains("Enough for today"));

    let id = app.ask(UNMATCHED).await["metas"][0]["id"].as_str().expect("an id").to_owned();
    let rows = app.ask(&format!("stream/movie/{id}.json")).await;
    assert_eq!(rows["streams"].as_array().expect("rows").len(), 1);
    assert_eq!(rows["streams"][0]["name"], "Cinepost\nEnough for today");
    assert!(rows["streams"][0]["description"].as_str().expect("text").contains("used up"));

    // The owner allows more while the program runs.
    let owner = "owner".parse().expect("a scope");
    app.app.limits.records().set_rule(owner, "day=1GB".parse().expect("limits")).await.expect("set");
    app.until("the new rule", || received(&app, &urls[0], Some("bytes=0-9")), |(status, _)| *status == 206).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_streams_are_streams_and_one_film_is_one_whatever_its_player_does() {
    let (app, urls) = cinema("owner: streams=2", 3, 60 * MB).await;
    let first = idle(&urls[0]).await;
    // A player's other connections for the same film.
    let more = [idle(&urls[0]).await, idle(&urls[0]).await, idle(&urls[0]).await];
    let second = idle(&urls[1]).await;
    let refused = app.get(&urls[2]).await;
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().ok()), (429, Some("10")));
    assert_eq!(received(&app, &urls[1], Some("bytes=0-9")).await, (206, 10), "what is watched goes on");
    let head = app.http.head(&urls[2]).send().await.expect("an answer");
    assert_eq!(head.status(), 200, "looking is free");

    let page = app.ask(UNMATCHED).await;
    let id = page["metas"][0]["id"].as_str().expect("an id").to_owned();
    let rows = app.ask(&format!("stream/movie/{id}.json")).await;
    assert_eq!(rows["streams"][0]["name"], "Cinepost\nAll seats are taken");
    assert_eq!(rows["streams"].as_array().expect("rows").len(), 2, "the film is there for when one ends");

    drop((first, more));
    app.until("a seat", || received(&app, &urls[2], Some("bytes=0-9")), |got| *got == (206, 10)).await;
    drop(second);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_too_large_is_refused_for_good() {
    let (app, urls) = cinema("", 1, 30 * MB).await;
    let owner = "owner".parse().expect("a scope");
    app.app.limits.records().set_rule(owner, "file=20MB".parse().expect("limits")).await.expect("set");
    app.until("the new rule", || received(&app, &urls[0], Some("bytes=0-9")), |(status, _)| *status == 403).await;
    let answer = app.get(&urls[0]).await;
    assert!(!answer.headers().contains_key("retry-after"));
    let said: Value = answer.json().await.expect("JSON");
    assert_eq!(said["limit"], "file");
    let id = app.ask(UNMATCHED).await["metas"][0]["id"].as_str().expect("an id").to_owned();
    let rows = app.ask(&format!("stream/movie/{id}.json")).await;
    assert_eq!(rows["streams"][0]["name"], "Cinepost\nFile too large");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_stream_is_stopped_and_the_others_go_on() {
    // So long that the word of it comes before the end.
    let size = 4000 * MB;
    let (app, urls) = cinema("", 2, size).await;
    let mut first = app.get(&urls[0]).await;
    let mut second = app.get(&urls[1]).await;
    let listed = || async {
        let (_, text) = app.command(&["stream", "list"], &[]);
        let ids: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect();
        (ids, text)
    };
    let (ids, text) = app.until("both streams", listed, |(ids, _)| ids.len() == 2).await;
    assert!(text.contains("Owner") && text.contains("zzqx0.mkv") && text.contains("zzqx1.mkv"), "{text}");
    let (done, said) = app.command(&["stream", "stop", &ids[0]], &[]);
    assert!(done, "{said}");
    let mut bytes = 0;
    while let Ok(Some(piece)) = first.chunk().await {
        bytes += piece.len() as u64;
    }
    assert!(bytes < size, "it was cut");
    let mut more = 0;
    while more < 20 * MB {
        more += second.chunk().await.expect("bytes").expect("more").len() as u64;
    }
    let (done, said) = app.command(&["stream", "stop", "nonsense"], &[]);
    assert!(!done && said.contains("cinepost stream list"), "{said}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_watched_is_shown_and_forgotten_in_the_terminal() {
    let (app, urls) = cinema("", 1, 2 * MB).await;
    let (_, bytes) = received(&app, &urls[0], None).await;
    let shown = || async { app.command(&["history", "show", "owner"], &[]).1 };
    let text = app.until("the history", shown, |text| !text.is_empty()).await;
    assert!(text.contains("2 MB") && text.contains("zzqx0.mkv"), "{text}");
    let (_, usage) = app.command(&["limits", "usage"], &[]);
    assert!(usage.contains("Owner") && usage.contains("2 MB"), "{usage}");
    let (_, text) = app.command(&["history", "erase", "owner"], &[]);
    assert_eq!(text.trim(), "The history of Owner is empty now; it had 1 rows.");
    assert_eq!(shown().await, "");
    assert_eq!(stored(app.app.limits.records()).await, bytes, "the sums stay");
    app.stop().await;
}

#[tokio::test]
async fn rules_and_lists_are_set_in_the_terminal() {
    let app = with_limits("").await;
    let run = |args: &[&str]| app.command(args, &[("LIMITS", "guest: day=5GB streams=2")]);
    assert_eq!(run(&["limits", "set", "guest", "day=1GB", "file=2GB"]), (true, "guest: day=1GB file=2GB\n".to_owned()));
    assert!(run(&["limits", "set", "person 7", "day=off"]).0);
    assert_eq!(run(&["limits", "show"]).1, "guest: day=1GB streams=2 file=2GB\nperson 7: day=off\n");
    assert_eq!(run(&["limits", "set", "guest"]).1, "For guest the setting LIMITS holds again.\n");
    assert_eq!(run(&["limits", "show"]).1, "guest: day=5GB streams=2\nperson 7: day=off\n");
    let (done, said) = run(&["limits", "set", "friends", "day=1GB"]);
    assert!(!done && said.contains("\"friends\" is nobody that limits are for"), "{said}");

    assert!(run(&["access", "deny", "198.51.100.0/24", "-1001234567890"]).0);
    assert!(run(&["access", "allow", "123456789"]).0);
    let listed = "allowed: 123456789\ndenied: 198.51.100.0/24, -1001234567890\n";
    assert_eq!(run(&["access", "list"]).1, listed);
    assert!(run(&["access", "forget", "123456789", "-1001234567890"]).0);
    assert_eq!(run(&["access", "list"]).1, "allowed: no list\ndenied: 198.51.100.0/24\n");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_add_up_and_end_each_others_streams() {
    let Some(uri) = mongo() else { return };
    let app = TestApp::start_on_mongo(&uri).await;
    let rule = "day=40MB".parse().expect("limits");
    app.app.limits.records().set_rule("owner".parse().expect("a scope"), rule).await.expect("set");
    // Begins when both know the rule.
    let second = Instance::start(&app, &uri).await;
    let size = 400 * MB;
    let here = play_urls(&app, 1, size).await.remove(0);
    let there = format!("{}/dl/{}", second.base, here.split("/dl/").nth(1).expect("a link"));
    // One watches here in small pieces, and downloads there.
    let mut slow = app.get(&here).await;
    let mut watched = slow.chunk().await.expect("bytes").expect("more").len() as u64;
    let (status, downloaded) = received(&app, &there, None).await;
    assert_eq!(status, 200);
    assert!(downloaded < size / 2, "cut at {downloaded}");
    while let Ok(Some(piece)) = slow.chunk().await {
        watched += piece.len() as u64;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(watched < size / 2, "the other one ends too, at {watched}");
    let records = app.app.limits.records().clone();
    app.until("both sums", || stored(&records), |stored| *stored >= watched + downloaded).await;
    for url in [&here, &there] {
        app.until("the refusal", || received(&app, url, None), |(status, _)| *status == 429).await;
    }
    drop(second);
    app.stop().await;
    drop_mongo(&uri).await;
}
