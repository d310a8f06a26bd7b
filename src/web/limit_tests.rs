//! What protects the server from those who ask: lists, requests per second, guesses, ids, bodies.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::testing::{BASE, TestApp, with_form};
use crate::domain::limits::Lists;
use crate::flows::limits::Options;
use crate::protocols::stremio::samples;

async fn limited(rules: &str) -> TestApp {
    let rules = rules.parse().expect("rules");
    TestApp::start_limited(BASE, Options { rules, ..Options::default() }).await
}

async fn status(app: &TestApp, path: &str) -> u16 {
    app.get(path).await.status().as_u16()
}

#[tokio::test]
async fn an_address_is_limited_whatever_its_headers_say() {
    let app = limited("address: requests=1").await;
    let mut refused = None;
    for n in 0..20 {
        let request = app.ask(Method::GET, "/").header("x-forwarded-for", format!("203.0.113.{n}"));
        let request = request.header("forwarded", format!("for=203.0.113.{n}")).header("x-real-ip", "203.0.113.9");
        let answer = request.send().await.expect("an answer");
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused.get_or_insert((n, answer));
        }
    }
    let (n, answer) = refused.expect("refused");
    assert!((5..10).contains(&n), "five may come at once, not {n}");
    assert_eq!(answer.headers()["retry-after"], "1");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let said: Value = answer.json().await.expect("JSON");
    assert_eq!(said["limit"], "requests");
    assert_eq!(status(&app, "/health").await, 200, "whoever watches over the program is answered");
}

#[tokio::test]
async fn a_person_is_limited_with_every_device() {
    let app = limited("owner: requests=1").await;
    let manifest = format!("/stremio/{}/manifest.json", app.token);
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(status(&app, &manifest).await);
    }
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    app.title(1, &samples::film(), &[]).await;
    let rows = app.addon("stream/movie/tt0063350.json").await;
    assert_eq!(rows["streams"][0]["name"], "Cinepost\nToo fast", "a viewer reads why");
    assert_eq!(status(&app, "/").await, 200, "others are not limited");
}

#[tokio::test]
async fn who_guesses_tokens_waits_and_shuts_nobody_out() {
    let app = TestApp::start().await;
    let owner = app.people.owner().await.expect("an owner");
    let old = app.token.clone();
    app.renew_owner().await;
    // Stremio goes on asking with a token that was taken away.
    for _ in 0..100 {
        assert_eq!(status(&app, &format!("/stremio/{old}/manifest.json")).await, 403);
    }
    let mut statuses = Vec::new();
    for n in 0..60 {
        statuses.push(status(&app, &format!("/stremio/{n:028}/manifest.json")).await);
    }
    assert_eq!((statuses[39], statuses[59]), (403, 429), "{statuses:?}");
    let answer = app.get("/dl/forged/film.mkv").await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS, "links are tokens too");
    let wait: u64 = answer.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=3600).contains(&wait));
    let owner = app.people.get(owner.id).await.expect("asked").expect("there");
    assert_eq!(status(&app, &format!("/stremio/{}/manifest.json", app.people.token(&owner))).await, 200);
}

#[tokio::test]
async fn who_guesses_sign_in_links_waits_and_shuts_nobody_out() {
    let app = TestApp::start().await;
    for _ in 0..10 {
        assert_eq!(status(&app, "/owner/enter/guess").await, 410);
    }
    let refused = app.get("/owner/enter/guess").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key("retry-after"));
    assert!(refused.text().await.expect("text").contains("Too many tries"));
    assert!(!app.enter().await.is_empty(), "a right link lets its owner in all the same");
}

#[tokio::test]
async fn who_is_denied_gets_a_sentence_and_nothing_else() {
    let deny = "127.0.0.0/8".parse().expect("a list");
    let lists = Lists { deny, ..Lists::default() };
    let app = TestApp::start_limited(BASE, Options { lists, ..Options::default() }).await;
    for path in ["/", "/dl/x", "/nowhere", "/ready", &format!("/stremio/{}/manifest.json", app.token)] {
        let answer = app.get(path).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        assert!(answer.text().await.expect("text").contains("this address is not let in here"), "{path}");
    }
    let page = app.ask(Method::GET, "/").header("accept", "text/html").send().await.expect("an answer");
    assert!(page.text().await.expect("text").contains("Not from here"));
    assert_eq!(status(&app, "/health").await, 200);
}

#[tokio::test]
async fn every_answer_has_an_id_of_ours_and_comes_over_https_next_time() {
    let app = TestApp::start().await;
    let mut ids = std::collections::BTreeSet::new();
    for path in ["/", "/nowhere", "/health", "/dl/x", "/stremio/x/manifest.json"] {
        let answer = app.ask(Method::GET, path).header("x-request-id", "mine").send().await.expect("an answer");
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert_ne!(header("x-request-id"), "mine", "nobody's word counts but a trusted proxy's");
        assert_eq!(header("strict-transport-security"), "max-age=31536000");
        ids.insert(header("x-request-id"));
    }
    assert_eq!(ids.len(), 5);
    let plain = TestApp::start_at("http://127.0.0.1:8080").await;
    assert!(!plain.get("/").await.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn a_trusted_proxy_names_the_request_and_the_client() {
    let rules = "address: requests=1".parse().expect("rules");
    let options = Options { rules, ..Options::default() };
    let app = TestApp::start_behind(BASE, options, &["127.0.0.1/32"]).await;
    let ask = async |address: &str, id: &str| {
        let request = app.ask(Method::GET, "/").header("x-forwarded-for", address).header("x-request-id", id);
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.headers()["x-request-id"].to_str().expect("text").to_owned())
    };
    assert_eq!(ask("203.0.113.1", "abc-1").await, (200, "abc-1".to_owned()));
    for id in ["<script>", &"x".repeat(65), "a b"] {
        assert_ne!(ask("203.0.113.2", id).await.1, id);
    }
    let mut statuses = Vec::new();
    for n in 0..10 {
        // One customer's /64, whatever address of it they use; what they put before it themselves is not believed.
        statuses.push(ask(&format!("198.51.100.{n}, 2001:db8:0:1::{n}"), "x").await.0);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(ask("2001:db8:0:2::1", "x").await.0, 200, "another customer");
}

#[tokio::test]
async fn large_bodies_are_not_read() {
    let app = TestApp::start().await;
    let cookie = app.enter().await;
    let long = "x".repeat(65 * 1024);
    let request = app.ask(Method::POST, "/owner/people").header("cookie", &cookie);
    let answer = with_form(request, &[("name", &long)]).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    // Without a length it is found while it comes.
    let request = app.ask(Method::POST, "/owner/people").header("cookie", &cookie);
    let request = with_form(request, &[]).header("transfer-encoding", "chunked").body(format!("name={long}"));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.people.all().await.expect("people").len(), 1);
}

#[tokio::test]
async fn figures_are_told_by_role_and_kind_and_never_by_person() {
    let app = TestApp::start_at("http://127.0.0.1:8080").await;
    for n in 0..45 {
        status(&app, &format!("/stremio/{n:028}/manifest.json")).await;
    }
    let text = app.get("/metrics").await.text().await.expect("text");
    for line in [
        "cinepost_sent_bytes_total{role=\"owner\"} 0",
        "cinepost_viewer_connections{role=\"guest\"} 0",
        "cinepost_refused_total{limit=\"day\"} 0",
        "cinepost_denied_total 0",
        "cinepost_guessers 1",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is missing in\n{text}");
    }
    let refused = text.lines().find(|line| line.starts_with("cinepost_refused_total{limit=\"guesses\"}"));
    assert!(refused.is_some_and(|line| !line.ends_with(" 0")), "{refused:?}");
    assert!(!text.contains("person="), "{text}");
}
