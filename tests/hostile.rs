//! Text from outside on its way through the whole product: what anybody posts and what a provider answers reaches no log,
//! terminal, answer, page, header or message with a character that could do harm there.

mod support;

use std::io::Write;
use std::process::Command;
use std::sync::{Arc, Mutex};

use cinepost::cli::log::{Style, dispatch};
use cinepost::domain::text;
use cinepost::flows::people::Browser;
use cinepost::flows::unix_now;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use simulation::NewPost;
use simulation::metadata::work::Work;
use support::{CHAT, OWNER, TestApp, chat, film};

const FILES: usize = 30;

/// Text with more of what harms than chance would bring.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[\\x00-\\x1f\\x7f-\\x9f]{1,4}",
        "[\\u{2028}-\\u{202e}\\u{2066}-\\u{206f}\\u{fff9}-\\u{fffb}]{1,4}",
        "[a-zא-ת0-9 .<&'\"%]{1,12}",
        Just("\r\n2026-01-01T00:00:00Z  INFO forged".to_owned()),
        Just("\u{1b}[2J\u{1b}]0;title\u{7}".to_owned()),
        Just("é".repeat(3_000)),
    ];
    proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

struct Hostile(TestRunner);

impl Hostile {
    fn next(&mut self) -> String {
        hostile().new_tree(&mut self.0).expect("a text").current()
    }
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Films of a provider that was broken into.
fn works(hostile: &mut Hostile) -> Vec<Work> {
    let first = simulation::library::works()[0].clone();
    let mut work = |n: usize| Work {
        tmdb: 1_000 + n as u64,
        imdb: format!("tt{:07}", 9_000_000 + n).parse().ok(),
        name: format!("{n} {}", hostile.next()),
        original_name: Some(hostile.next()),
        other_names: vec![("US", hostile.next())],
        plot: hostile.next(),
        genres: vec!["Drama".to_owned()],
        cast: vec![(format!("A{}", hostile.next()), "role".to_owned())],
        directors: vec![format!("B{}", hostile.next())],
        ..first.clone()
    };
    (0..FILES).map(&mut work).collect()
}

fn post(hostile: &mut Hostile, n: usize, id: &str) -> NewPost {
    NewPost { caption: format!("{id}\n{}", hostile.next()), ..film(&format!("{} {n}.mkv", hostile.next()), 1_000) }
}

/// Without the marks that we put around a name which is written right to left; each of them has its end.
fn without_isolates(shown: &str) -> String {
    let mut depth = 0u32;
    let kept = shown.chars().filter(|c| match c {
        '\u{2068}' => {
            depth += 1;
            false
        }
        '\u{2069}' if depth > 0 => {
            depth -= 1;
            false
        }
        _ => true,
    });
    let kept: String = kept.collect();
    assert_eq!(depth, 0, "a mark without its end: {shown:?}");
    kept
}

/// Fails for what may not stand in a text of several lines.
fn clean(place: &str, shown: &str) {
    let shown = without_isolates(shown);
    let found = shown.chars().find(|&c| text::is_harmful(c) && c != '\n');
    assert!(found.is_none(), "{place} shows {:?}: {shown:?}", found.expect("found"));
}

/// Every text of an answer. Only where a name stands between other words may it be isolated, whole.
fn clean_json(place: &str, value: &Value) {
    match value {
        Value::String(shown) => {
            let isolated = shown.split_once('\u{2068}').and_then(|(before, rest)| {
                let (name, after) = rest.split_once('\u{2069}')?;
                Some(format!("{before}{name}{after}"))
            });
            clean(place, isolated.filter(|_| place.ends_with("description")).as_deref().unwrap_or(shown));
            let is_text = ["description", "overview"].iter().any(|field| place.ends_with(field));
            let is_name = place.contains("streams") && place.ends_with("name");
            assert!(is_text || is_name || !shown.contains('\n'), "{place} has lines: {shown:?}");
            assert!(shown.chars().count() <= text::PLOT, "{place} is endless");
        }
        Value::Array(values) => values.iter().for_each(|value| clean_json(place, value)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| clean_json(&format!("{place}.{name}"), value)),
        _ => {}
    }
}

fn ids(page: &Value) -> Vec<String> {
    let metas = page["metas"].as_array().expect("metas");
    metas.iter().map(|meta| meta["id"].as_str().expect("an id").replace(':', "%3A")).collect()
}

/// The addon's answers, and the headers of what they lead to.
async fn check_addon(app: &TestApp) {
    let mut all = Vec::new();
    for catalog in ["newest", "rating", "by-year/genre=All%20years", "unmatched/genre=All%20files"] {
        let page = app.ask(&format!("catalog/movie/{catalog}.json")).await;
        clean_json(catalog, &page);
        all.extend(ids(&page));
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 2 * FILES, "all of them are there");
    for id in all {
        clean_json("meta", &app.ask(&format!("meta/movie/{id}.json")).await);
        let streams = app.ask(&format!("stream/movie/{id}.json")).await;
        clean_json("streams", &streams);
        let url = streams["streams"][0]["url"].as_str().expect("it plays");
        let answer = app.get(url).await;
        assert_eq!(answer.status(), 200, "{url}");
        for (name, value) in answer.headers() {
            assert!(value.as_bytes().iter().all(|b| (b' '..=b'~').contains(b)), "{name}: {value:?}");
        }
        let saved_as = answer.headers()["content-disposition"].to_str().expect("ASCII").to_owned();
        let (_, saved_as) = saved_as.split_once("filename*=UTF-8''").expect("a name");
        let saved_as = percent_encoding::percent_decode_str(saved_as).decode_utf8().expect("UTF-8");
        assert!(!saved_as.chars().any(text::is_harmful), "{saved_as:?}");
    }
}

async fn check_pages(app: &TestApp) {
    let people = &app.app.people;
    let now = unix_now();
    let token =
        people.new_sign_in_token(&people.owner().await.expect("the owner"), now, 60).await.expect("a one-time link");
    let entered = people.sign_in(&token, Browser::default(), now).await.expect("the store").expect("a session");
    let owner = people.owner().await.expect("the owner");
    let page = async |path: &str| {
        let request = app.http.get(app.app.addresses.base().at(path).as_str());
        let request =
            request.header("cookie", format!("cinepost_session={}", entered.secret)).bearer_auth(people.token(&owner));
        let answer = request.send().await.expect("it answers");
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("text")
    };
    let mut paths: Vec<String> =
        ["/", "/owner", "/owner?show=unmatched", "/metrics"].iter().map(|p| p.to_string()).collect();
    for catalog in ["newest", "unmatched"] {
        let all = ids(&app.ask(&format!("catalog/movie/{catalog}.json")).await);
        paths.extend(all.iter().map(|id| format!("/owner/title/movie/{id}")));
    }
    for path in paths {
        clean(&path, &page(&path).await);
    }
    clean_json("status", &serde_json::from_str(&page("/status").await).expect("JSON"));
}

fn check_terminal(app: &TestApp, names: &[String]) {
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cinepost"));
        let done = command.args(args).current_dir(&app.dir.path).output().expect("it runs");
        clean(args[0], &String::from_utf8(done.stdout).expect("UTF-8"));
        clean(args[0], &String::from_utf8(done.stderr).expect("UTF-8"));
    };
    for name in names {
        // No argument holds a NUL.
        let name = name.replace('\0', "\u{1}");
        run(&["parse", "--explain", "--caption", &name, "--", &name]);
    }
    run(&["channel", "list", "--data-dir", app.dir.path.join("data").to_str().expect("UTF-8")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_from_outside_does_harm_anywhere() {
    let log = Captured::default();
    let writer = log.clone();
    let filter = tracing_subscriber::EnvFilter::new("cinepost=debug,info");
    let dispatch = dispatch(filter, Style::Lines { colours: false }, move || writer.clone());
    tracing::dispatcher::set_global_default(dispatch).expect("the only test here");

    let mut hostile = Hostile(TestRunner::default());
    let provider =
        simulation::metadata::Options { works: works(&mut hostile), ..simulation::metadata::Options::default() };
    let telegram =
        simulation::Options { channels: vec![(chat().into(), hostile.next())], ..simulation::Options::default() };
    let app = TestApp::with(telegram, provider).await;
    // Telegram takes no longer ones.
    let message: String = hostile.next().chars().take(1_000).collect();
    app.sim.message(OWNER, "main", &message).expect("written");
    let mut names = Vec::new();
    for n in 0..FILES {
        for post in [
            post(&mut hostile, n, &format!("https://www.imdb.com/title/tt{:07}/", 9_000_000 + n)),
            post(&mut hostile, n, &format!("tmdb:{}", 2_000_000_000 - n)),
        ] {
            names.push(post.file_name.clone().expect("a name"));
            app.post(post);
        }
    }
    let settled = |c: &cinepost::domain::catalog::Counts| {
        (c.movies, c.files, c.pending, c.review) == (FILES as u64, 2 * FILES as u64, 0, FILES as u64)
    };
    app.until("every file", || app.app.library.counts(), |c| c.as_ref().is_ok_and(&settled)).await.expect("counts");
    let titled = |channels: &Result<Vec<cinepost::domain::channel::Channel>, _>| {
        channels.as_ref().is_ok_and(|all| all.iter().any(|c| c.chat.get() == CHAT && !c.title.is_empty()))
    };
    app.until("the channel's title", || async { app.app.store.channels().all().await }, titled)
        .await
        .expect("channels");

    check_addon(&app).await;
    check_pages(&app).await;
    check_terminal(&app, &names[..10]);
    let told = |sent: &Vec<simulation::Sent>| {
        let all: String = sent.iter().map(|s| s.text.as_str()).collect();
        all.matches("Added ").count() + all.matches("Not matched: ").count() >= 2 * FILES
    };
    for sent in app.until("the notices", || async { app.sim.sent() }, told).await {
        clean("a message", &sent.text);
    }
    app.stop().await;
    let log = String::from_utf8(log.0.lock().expect("not poisoned").clone()).expect("UTF-8");
    assert!(log.lines().count() > 2 * FILES, "it was captured");
    for line in log.lines() {
        assert!(!line.chars().any(text::is_harmful), "{line:?}");
        let is_whole = line.get(..4).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()))
            && line.get(4..5) == Some("-")
            && !line.starts_with("2026-01-01T00:00:00Z  INFO forged");
        assert!(is_whole, "a line that nobody logged: {line:?}");
    }
}
