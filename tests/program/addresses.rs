//! Every address that we send, print or render is opened: what the bot writes, what commands print, what pages and the addon show.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{OWNER, TestApp, film};
use cinepost::adapters::metadata::client;
use reqwest::Method;
use serde_json::Value;

/// A browser with the owner's session.
struct Browser {
    http: reqwest::Client,
    base: String,
    cookie: String,
}

impl Browser {
    async fn sign_in(app: &TestApp, link: &str) -> Self {
        let http = client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let (cookie, next) = app.sign_in(link).await;
        let base = app.app.addresses.home().to_string();
        let browser = Self { http, base, cookie };
        assert_eq!(browser.ask(Method::GET, &next).await.status(), 200, "{link} leads to {next}");
        browser
    }

    async fn ask(&self, method: Method, address: &str) -> reqwest::Response {
        let address = match address.strip_prefix('/') {
            Some(path) => format!("{}{path}", self.base),
            None => address.to_owned(),
        };
        let request = self.http.request(method, &address).header("cookie", &self.cookie).header("accept", "text/html");
        request.send().await.unwrap_or_else(|error| panic!("{address}: {error}"))
    }
}

/// Values of an attribute in a page.
fn attributes(page: &str, name: &str) -> Vec<String> {
    let mark = format!("{name}=\"");
    let parts = page.split(&mark).skip(1).filter_map(|rest| rest.split('"').next());
    parts.map(|value| value.replace("&#38;", "&").replace("&amp;", "&")).collect()
}

/// Addresses in a text.
fn addresses(text: &str) -> Vec<String> {
    text.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned).collect()
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, found)),
        _ => {}
    }
}

/// A library with a film, an episode and a file to review, and the owner known to the bot.
async fn furnished() -> TestApp {
    let app = TestApp::start().await;
    app.sim.message(OWNER, "main", "/start").expect("written");
    app.until("the welcome", || async { app.sim.sent() }, |sent| !sent.is_empty()).await;
    app.post(film("Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv", 300_000));
    app.post(film("VID_20260704_120000.mp4", 300_000));
    app.until(
        "both files",
        || app.app.library.counts(),
        |counts| counts.as_ref().is_ok_and(|c| (c.movies, c.review) == (1, 1)),
    )
    .await
    .expect("counted");
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bot_sends_opens() {
    let app = furnished().await;
    app.until(
        "the message on the file to review",
        || async { app.sim.sent() },
        |sent| sent.iter().any(|sent| sent.text.contains("Not matched")),
    )
    .await;
    app.sim.message(OWNER, "main", "/status").expect("written");
    let sent = app
        .until("the status", || async { app.sim.sent() }, |sent| sent.iter().any(|s| s.text.contains("to review")))
        .await;
    let (mut opened, mut signed_in) = (0, 0);
    for message in &sent {
        let buttons = message.buttons.iter().flatten().filter_map(|button| button.address().map(str::to_owned));
        for address in addresses(&message.text).into_iter().chain(buttons) {
            assert_eq!(app.get(&address).await.status(), 200, "{address}");
            opened += 1;
            if address.contains("/owner/enter/") {
                Browser::sign_in(&app, &address).await;
                assert_eq!(app.http.post(&address).send().await.expect("an answer").status(), 410, "once only");
                signed_in += 1;
            }
        }
    }
    assert!(opened >= 4 && signed_in >= 3, "{opened} addresses, {signed_in} that sign in: {sent:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_commands_print_opens() {
    let app = furnished().await;
    let base = app.app.addresses.home().to_string();
    let run = |args: &[&str]| app.command(args, &[("BASE_URL", &base)]);
    for (args, links) in
        [(&["owner-link"][..], 1), (&["person", "add", "Anna", "Maria"], 2), (&["person", "renew", "anna maria"], 2)]
    {
        let (ok, text) = run(args);
        assert!(ok, "{text}");
        let found = addresses(&text);
        assert_eq!(found.len(), links, "{text}");
        for address in found {
            assert_eq!(app.get(&address).await.status(), 200, "{address}");
        }
    }
    let (_, listed) = run(&["person", "list"]);
    assert!(listed.contains("Anna Maria"), "{listed}");
    let (_, shown) = run(&["person", "show", "anna", "maria"]);
    assert!(shown.contains("access version 2"), "{shown}");
    for (args, words) in [
        (&["person", "add", "anna maria"][..], "somebody is called anna maria already"),
        (&["person", "remove", "Bert"], "nobody here is called Bert"),
        (&["person", "remove", "Owner"], "the owner cannot be removed"),
    ] {
        let (ok, text) = run(args);
        assert!(!ok && text.contains(words), "{text}");
    }

    // Taking access away ends what was printed.
    let (_, text) = run(&["person", "renew", "Anna", "Maria"]);
    let (ok, _) = run(&["person", "remove", "Anna", "Maria"]);
    assert!(ok);
    for address in addresses(&text) {
        assert_eq!(app.get(&address).await.status(), 403, "{address}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pages_show_opens() {
    let app = furnished().await;
    let browser = Browser::sign_in(&app, app.app.owner_page.as_str()).await;
    let mut waiting = vec!["/".to_owned(), "/access".to_owned(), "/owner".to_owned(), "/signed-out".to_owned()];
    waiting.push(app.app.install.configure().to_string());
    let (mut seen, mut forms) = (BTreeSet::new(), BTreeMap::new());
    while let Some(address) = waiting.pop() {
        let address = address.split('#').next().unwrap_or_default().to_owned();
        let is_ours = address.starts_with('/') || address.starts_with(&browser.base);
        if !is_ours || !seen.insert(address.clone()) {
            continue;
        }
        let answer = browser.ask(Method::GET, &address).await;
        assert_eq!(answer.status(), 200, "{address}");
        let is_page = answer.headers()["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/html"));
        if !is_page {
            continue;
        }
        let page = answer.text().await.expect("text");
        for (name, found) in ["href", "src", "value"].map(|name| (name, attributes(&page, name))) {
            for target in found {
                match target.strip_prefix('?') {
                    Some(query) => waiting.push(format!("{}?{query}", address.split('?').next().unwrap_or_default())),
                    None if name != "value" || target.starts_with("http") => waiting.push(target),
                    None => {}
                }
            }
        }
        // A search stays on its page.
        for action in attributes(&page, "action").into_iter().filter(|action| !action.starts_with('#')) {
            forms.insert(action, address.clone());
        }
    }
    assert!(seen.iter().any(|address| address.contains("/owner/title/")), "{seen:?}");
    assert!(seen.iter().any(|address| address.contains("/dl/")), "{seen:?}");
    // Without what belongs into them forms are refused, and are there all the same.
    assert!(forms.len() >= 4, "{forms:?}");
    for (action, page) in forms {
        let status = browser.ask(Method::POST, &action).await.status().as_u16();
        assert!([400, 403, 415].contains(&status), "{action} on {page}: {status}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_addon_shows_opens() {
    let app = furnished().await;
    let base = app.app.addresses.home().to_string();
    let unmatched = app.ask("catalog/movie/unmatched/skip=0.json").await;
    let id = unmatched["metas"][0]["id"].as_str().expect("an id").to_owned();
    let mut found = Vec::new();
    for resource in [
        "manifest.json",
        "catalog/movie/newest.json",
        "meta/movie/tt0063350.json",
        "stream/movie/tt0063350.json",
        &format!("meta/movie/{id}.json"),
        &format!("stream/movie/{id}.json"),
    ] {
        strings(&app.ask(resource).await, &mut found);
    }
    let wrong: Value =
        app.get(&format!("{base}stremio/wrong/stream/movie/tt0063350.json")).await.json().await.expect("JSON");
    strings(&wrong, &mut found);
    let ours: BTreeSet<&String> = found.iter().filter(|text| text.starts_with(&base)).collect();
    assert!(ours.len() >= 4, "{found:?}");
    for address in ours {
        assert_eq!(app.get(address).await.status(), 200, "{address}");
    }
    app.stop().await;
}
