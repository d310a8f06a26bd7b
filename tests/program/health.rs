//! Health tells the truth: each trouble is provoked on the running program and stands in `/ready`, in `/status`, on the owner's page and in a
//! message to the owner, with what mends it; and all of them say when it is over.

use std::time::Duration;

use crate::support::{OWNER, TestApp, chat, film};
use cinepost::domain::post::ChatId;
use cinepost::flows::unix_now;
use serde_json::{Value, json};
use simulation::Sent;

/// The only program on this machine that may ask: BASE_URL is 127.0.0.1 in tests.
async fn status(app: &TestApp) -> Value {
    app.get(app.app.addresses.base().at("/status").as_str()).await.json().await.expect("JSON")
}

async fn ready(app: &TestApp) -> (u16, Value) {
    let answer = app.get(app.app.addresses.base().at("/ready").as_str()).await;
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn until_ready(app: &TestApp, wanted: (u16, &str)) -> Value {
    let what = format!("/ready: {wanted:?}");
    let is_wanted = |(status, said): &(u16, Value)| *status == wanted.0 && said.to_string().contains(wanted.1);
    app.until(&what, || ready(app), is_wanted).await.1
}

async fn until_told(app: &TestApp, text: &str) -> Vec<Sent> {
    let told = |sent: &Vec<Sent>| sent.iter().any(|sent| sent.to == OWNER && sent.text.contains(text));
    app.until(&format!("a message with {text:?}"), || async { app.sim.sent() }, told).await
}

async fn owners_page(app: &TestApp) -> String {
    let token = app
        .app
        .people
        .new_sign_in_token(&app.app.people.owner().await.expect("the owner"), unix_now(), 60)
        .await
        .expect("a one-time link");
    let link = app.app.addresses.sign_in(&token, cinepost::protocols::addresses::OwnerPage::Top);
    let (cookie, _) = app.sign_in(link.as_str()).await;
    let page = app.app.addresses.owner(cinepost::protocols::addresses::OwnerPage::Top);
    let page = app.http.get(page.as_str()).header("cookie", cookie).send().await.expect("an answer");
    page.text().await.expect("text")
}

/// A command of a second program beside the first, as somebody types it.
fn run(app: &TestApp, args: &[&str]) -> String {
    let book = app.dir.path.join("book.json");
    app.command(args, &[("TELEGRAM_SIM", book.to_str().expect("UTF-8"))]).1
}

const GREEN: &str = "Everything is in its place";
const MENDS_IT: &str = "make @cinepost_main_bot an administrator";

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_leaves_its_only_channel_is_no_secret() {
    let app = TestApp::start().await;
    app.sim.message(OWNER, "main", "/start").expect("written");
    until_ready(&app, (200, "\"degraded\":[]")).await;
    app.until("a green light", || status(&app), |said| said["channels"][0]["readable"] == true).await;
    app.until("the page", || owners_page(&app), |page| page.contains(GREEN) && page.contains("dot on")).await;

    app.sim.set_member(chat(), "main", false).expect("thrown out");
    let said = until_ready(&app, (503, "a channel cannot be read")).await;
    assert!(!said.to_string().contains("1001500000001") && !said.to_string().contains("bot"), "for anybody: {said}");
    let said = status(&app).await;
    assert_eq!(said["channels"][0]["readable"], false, "{said}");
    assert!(said["channels"][0]["says"].as_str().is_some_and(|says| says.contains(MENDS_IT)), "{said}");
    let page = owners_page(&app).await;
    assert!(page.contains(MENDS_IT) && page.contains("dot bad") && !page.contains(GREEN), "{page}");
    let sent = until_told(&app, MENDS_IT).await;
    let message = sent.iter().find(|sent| sent.text.contains(MENDS_IT)).expect("told");
    assert!(
        message
            .buttons
            .iter()
            .flatten()
            .any(|button| button.address().is_some_and(|url| url.contains("/owner/enter/"))),
        "{message:?}"
    );

    app.sim.set_member(chat(), "main", true).expect("let in");
    until_ready(&app, (200, "\"degraded\":[]")).await;
    until_told(&app, "Mended").await;
    app.post(film("Night.of.the.Living.Dead.1968.1080p.mkv", 300_000));
    app.until("the film", || app.names("catalog/movie/newest.json"), |names| names.len() == 1).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_helper_that_cannot_read_is_named_and_stops_nothing() {
    // Out of it before the start: helpers are asked at once then, and now and then afterwards.
    let throw_out = |sim: &simulation::Sim| sim.set_member(chat(), "helper1", false).expect("thrown out");
    let app = TestApp::set_up(simulation::Options::default().with_helpers(1), throw_out, |flags| flags).await;
    until_ready(&app, (200, "a helper bot cannot read a channel")).await;
    let page = owners_page(&app).await;
    assert!(page.contains("make @cinepost_helper1_bot an administrator") && page.contains("dot slow"), "{page}");
    app.app.store.channels().set_active(chat(), false).await.expect("removed");
    until_ready(&app, (200, "no channel is watched")).await;
    assert!(owners_page(&app).await.contains("No channel is watched"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_tried_when_it_is_added() {
    let app = TestApp::start().await;
    until_ready(&app, (200, "\"degraded\":[]")).await;
    // There is one, and no bot is in it.
    let other = ChatId::try_from(-1_001_500_000_099).expect("a channel");
    app.sim.found_channel(other, "Series").expect("founded");
    for account in ["main", "helper1"] {
        app.sim.set_member(other, account, false).expect("not let in");
    }
    let said = run(&app, &["channel", "add", "-1001500000099"]);
    assert!(said.contains("BAD") && said.contains(MENDS_IT) && said.contains("-1001500000099"), "{said}");
    let listed = run(&app, &["channel", "list"]);
    assert!(listed.contains("BAD") && listed.contains("ok  "), "one is, one is not: {listed}");
    // The other channel goes on.
    until_ready(&app, (200, "a channel cannot be read")).await;
    let page = owners_page(&app).await;
    assert!(page.contains("Channel -1001500000099") && page.contains("dot bad") && page.contains("dot on"), "{page}");
    // The bots are let in: no restart.
    for account in ["main", "helper1"] {
        app.sim.set_member(other, account, true).expect("let in");
    }
    until_ready(&app, (200, "\"degraded\":[]")).await;
    assert!(owners_page(&app).await.contains("Series"));
    assert!(!run(&app, &["channel", "add", "-1001500000099"]).contains("BAD"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_review_is_not_in_its_place() {
    let app = TestApp::start().await;
    app.post(film("VID_20260704_120000.mp4", 300_000));
    app.until("the file", || owners_page(&app), |page| page.contains("1 file to review")).await;
    assert!(!owners_page(&app).await.contains(GREEN));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telegram_that_falls_silent_is_told_within_two_minutes() {
    let app = TestApp::start().await;
    app.sim.message(OWNER, "main", "/start").expect("written");
    app.until("a green light", || status(&app), |said| said["channels"][0]["readable"] == true).await;
    let stall: simulation::faults::Fault = serde_json::from_value(json!({"kind": "stall"})).expect("a fault");
    app.sim.fault(stall);
    let begin = std::time::Instant::now();
    let mut since = None;
    // For long enough that the program has looked itself.
    while since.is_none_or(|since: std::time::Instant| since.elapsed() < Duration::from_secs(12)) {
        let (code, said) = ready(&app).await;
        match code == 503 && said.to_string().contains("Telegram does not answer") {
            true => since = since.or(Some(std::time::Instant::now())),
            false => assert!(begin.elapsed() < Duration::from_secs(120), "{said}"),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let said = status(&app).await;
    assert_eq!(said["channels"][0]["readable"], Value::Null, "nobody knows: {said}");
    let page = owners_page(&app).await;
    assert!(page.contains("Telegram has been silent for") && !page.contains("dot on"), "{page}");
    app.sim.clear_faults();
    until_ready(&app, (200, "\"degraded\":[]")).await;
    // It could not be said before.
    until_told(&app, "Telegram has been silent for").await;
    app.stop().await;
}
