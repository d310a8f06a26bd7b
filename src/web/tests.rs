//! What holds for every route: who may ask, CORS, how a failure looks, and that pages for anyone hold no secret.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::route::Access;
use super::routes;
use super::testing::{TestApp, with_form};
use crate::protocols::stremio::samples;

/// Every parameter of a path gets a value that is well formed and names nothing.
fn example(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        match part {
            "{kind}" => "movie",
            "{rest:.*}" => "manifest.json",
            part => match (part.find('{'), part.find('}')) {
                (Some(0), Some(end)) => return format!("1{}", &part[end + 1..]),
                _ => part,
            },
        }
        .to_owned()
    });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn what_a_link_opens_is_counted_as_bytes() {
    for route in routes().iter().filter(|route| route.access == Access::Link) {
        assert_eq!(super::ops::counters::area(&example(route.path)), "bytes", "{}", route.path);
    }
}

#[tokio::test]
async fn no_route_but_the_open_ones_lets_a_stranger_in() {
    let mut open = Vec::new();
    for route in routes() {
        // Who guesses too often is told nothing more: each route is tried by somebody new.
        let app = TestApp::start().await;
        let stranger = format!("cinepost_session={}", app.token);
        let path = example(route.path);
        if route.access == Access::Anyone {
            open.push(route.path);
            continue;
        }
        let mut handlers = 0;
        for method in [Method::GET, Method::POST] {
            for cookie in ["", "cinepost_session=abc", &stranger] {
                let request = app.ask(method.clone(), &path).header("cookie", cookie);
                let answer =
                    with_form(request, &[("form_token", "x"), ("name", "Mallory")]).send().await.expect("an answer");
                if answer.status() == StatusCode::METHOD_NOT_ALLOWED {
                    continue;
                }
                handlers += 1;
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} {path}, cookie {cookie:?}");
            }
        }
        assert!(handlers > 0, "{path} answers something");
    }
    // Whoever opens another path to everybody says so here.
    let test = ["/test-hls", "/test-hls.m3u8", "/test-jellyfin.m3u8", "/test-hls/{part:.+}"];
    let before = ["/health", "/ready", "/owner/enter/{token}", "/signed-out"];
    let meant = [&before[..], &test, &["/", "/access", "/assets/{name}"]].concat();
    assert_eq!(open, meant);
}

#[tokio::test]
async fn no_form_of_the_owner_is_taken_from_anywhere_but_their_own_pages() {
    let app = TestApp::start().await;
    let cookie = app.enter().await;
    let token = app.signed_in(&cookie).await.form_token;
    let other = app.signed_in(&app.enter().await).await.form_token;
    let mut forms = 0;
    for route in routes().into_iter().filter(|route| route.access == Access::Owner) {
        let path = example(route.path);
        let senders: [(&str, &str, &str); 4] = [
            ("no token", "same-origin", ""),
            ("another session's token", "same-origin", &other),
            ("another site's page", "cross-site", &token),
            ("a sibling's page", "same-site", &token),
        ];
        for (sender, site, token) in senders {
            let request = app.ask(Method::POST, &path).header("cookie", &cookie).header("sec-fetch-site", site);
            let answer =
                with_form(request, &[("form_token", token), ("name", "Mallory")]).send().await.expect("an answer");
            if answer.status() == StatusCode::METHOD_NOT_ALLOWED {
                continue;
            }
            forms += 1;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}: {sender}");
        }
    }
    assert!(forms > 0, "there are forms");
    assert_eq!(app.people.all().await.expect("people").len(), 1, "nothing happened");
}

#[tokio::test]
async fn every_answer_can_be_read_by_any_web_player() {
    let app = TestApp::start().await;
    let manifest = format!("/stremio/{}/manifest.json", app.token);
    let bad = format!("/stremio/{}/catalog/movie/top.json", app.token);
    let cases = [
        (Method::GET, manifest.as_str(), StatusCode::OK),
        (Method::HEAD, &manifest, StatusCode::OK),
        (Method::OPTIONS, &manifest, StatusCode::NO_CONTENT),
        (Method::POST, &manifest, StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, &bad, StatusCode::BAD_REQUEST),
        (Method::GET, "/stremio/wrong/manifest.json", StatusCode::FORBIDDEN),
        (Method::GET, "/nowhere", StatusCode::NOT_FOUND),
        (Method::OPTIONS, "/dl/any/film.mkv", StatusCode::NO_CONTENT),
        (Method::GET, "/health", StatusCode::OK),
        (Method::GET, "/ready", StatusCode::OK),
        (Method::GET, "/owner", StatusCode::FORBIDDEN),
        (Method::GET, "/assets/logo.png", StatusCode::OK),
        (Method::GET, "/assets/none.png", StatusCode::NOT_FOUND),
        (Method::GET, "/owner?show=nonsense", StatusCode::BAD_REQUEST),
    ];
    for (method, path, status) in cases {
        let answer = app.ask(method.clone(), path).send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{method} {path}");
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], "*", "{method} {path}");
        let exposed = headers["access-control-expose-headers"].to_str().expect("text").to_owned();
        for name in ["Content-Range", "Content-Length", "Accept-Ranges", "ETag", "Content-Disposition"] {
            assert!(exposed.contains(name), "{exposed}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff");
        if method == Method::OPTIONS {
            assert!(headers["access-control-allow-headers"].to_str().expect("text").contains("Range"));
        }
    }
}

#[tokio::test]
async fn whatever_fails_is_a_page_in_a_browser_and_json_elsewhere() {
    let app = TestApp::start().await;
    let addon = format!("/stremio/{}", app.token);
    let mistyped = "/stremio/0000000000000000000000000000";
    let cases = [
        (Method::GET, "/dl/bad", 403, "This link does not play"),
        (Method::GET, "/dl/bad/film.mkv", 403, "This link does not play"),
        (Method::GET, "/nowhere", 404, "Nothing on this reel"),
        (Method::GET, "/assets/none.png", 404, "Nothing on this reel"),
        (Method::GET, &format!("{mistyped}/manifest.json"), 403, "mistyped, or the access was taken away"),
        (Method::GET, &format!("{mistyped}/configure"), 403, "mistyped, or the access was taken away"),
        (Method::GET, &format!("{addon}/catalog/movie/top.json"), 400, "there is no catalog"),
        (Method::POST, &format!("{addon}/manifest.json"), 405, "Not in the script"),
        (Method::GET, "/owner", 403, "For the owner"),
        (Method::GET, "/owner?show=nonsense", 400, "Not in the script"),
        (Method::POST, "/owner/retry/x", 415, "Not in the script"),
    ];
    for (method, path, status, wanted) in cases {
        let ask = async |accept: &str| {
            app.ask(method.clone(), path).header("accept", accept).send().await.expect("an answer")
        };
        let page = ask("text/html,application/xhtml+xml,*/*;q=0.8").await;
        assert_eq!(page.status(), status, "{path}");
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        assert_eq!(page.headers()["access-control-allow-origin"], "*", "{path}");
        assert!(page.headers().contains_key("content-security-policy"), "{path}");
        let text = page.text().await.expect("text");
        assert!(text.contains(wanted) && text.contains("Cinepost"), "{path}: {text}");
        if path.starts_with("/dl/") || path.starts_with("/stremio/") && path.ends_with(".json") && method == Method::GET
        {
            let answer = ask("*/*").await;
            assert_eq!(answer.status(), status, "{path}");
            let error: Value = answer.json().await.expect("JSON");
            assert!(error["error"].is_string(), "{path}: {error}");
        }
    }
}

#[tokio::test]
async fn pages_for_anyone_hold_no_secret() {
    let app = TestApp::start().await;
    app.title(1, &samples::film(), &[]).await;
    for path in ["/", "/access", "/signed-out", "/health", "/ready", "/nowhere", "/owner"] {
        let answer = app.ask(Method::GET, path).header("accept", "text/html").send().await.expect("an answer");
        let text = answer.text().await.expect("text");
        for secret in [app.token.as_str(), "Night of the Living Dead", "1500000001", "/dl/"] {
            assert!(!text.contains(secret), "{path} holds {secret}");
        }
    }
}
