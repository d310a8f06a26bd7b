//! Who sees the figures, and what they say.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::protocols::stremio::samples;
use crate::web::testing::{BASE, TestApp};

#[tokio::test]
async fn figures_are_for_the_owner_and_behind_a_private_address_for_this_machine() {
    let ok = StatusCode::OK;
    let no = StatusCode::FORBIDDEN;
    for (base, local) in [("http://127.0.0.1:8080", ok), (BASE, no)] {
        let app = TestApp::start_at(base).await;
        let cookie = app.enter().await;
        let bearer = format!("Bearer {}", app.token);
        let cases: [(&[(&str, &str)], StatusCode); 12] = [
            (&[], local),
            (&[("host", "127.0.0.1")], local),
            (&[("host", "127.0.0.1"), ("x-forwarded-for", "203.0.113.7")], no),
            (&[("host", "127.0.0.1"), ("forwarded", "for=203.0.113.7")], no),
            (&[("host", "127.0.0.1"), ("origin", "https://evil.example")], no),
            (&[("host", "evil.example")], no),
            (&[("host", "evil.example"), ("x-forwarded-host", "127.0.0.1")], no),
            (&[("host", "evil.example"), ("forwarded", "host=127.0.0.1")], no),
            (&[("x-forwarded-for", "127.0.0.1")], no),
            (&[("x-forwarded-for", "203.0.113.7"), ("cookie", &cookie)], ok),
            (&[("x-forwarded-for", "203.0.113.7"), ("authorization", &bearer)], ok),
            (&[("x-forwarded-for", "203.0.113.7"), ("authorization", "Bearer x")], no),
        ];
        for path in ["/metrics", "/status"] {
            for (headers, status) in cases {
                let mut request = app.ask(Method::GET, path);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                assert_eq!(request.send().await.expect("an answer").status(), status, "{base} {path} {headers:?}");
            }
        }
    }
}

#[tokio::test]
async fn figures_tell_what_is_here() {
    let app = TestApp::start_at("http://127.0.0.1:8080").await;
    app.title(1, &samples::film(), &[]).await;
    assert_eq!(app.get("/nowhere").await.status(), StatusCode::NOT_FOUND);
    let text = app.get("/metrics").await.text().await.expect("text");
    for line in [
        "cinepost_titles{type=\"movie\"} 1",
        "cinepost_files 1",
        "cinepost_ready 1",
        "cinepost_http_responses_total{area=\"pages\",class=\"4xx\"} 1",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is missing in\n{text}");
    }
    let status: Value = app.get("/status").await.json().await.expect("JSON");
    assert_eq!(
        status["library"],
        json!({"movies": 1, "series": 0, "files": 1, "pending": 0, "review": 0, "unprobed": 1})
    );
    assert_eq!(status["channels"][0]["title"], "Films");
    assert_eq!(status["title_index"], Value::Null, "no list was chosen");
}
