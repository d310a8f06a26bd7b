//! Who gets in, who stays in, and who does not.

use reqwest::{Method, StatusCode};

use crate::domain::entry::{Reason, Status};
use crate::domain::person::{NewPerson, Person, Role};
use crate::domain::review::ReviewQuery;
use crate::flows::people::Actor;
use crate::flows::unix_now;
use crate::protocols::stremio::samples;
use crate::web::testing::{TestApp, with_form};

#[tokio::test]
async fn the_owner_signs_in_once_with_a_link_and_stays_by_cookie() {
    let app = TestApp::start_at("https://cine.example/films").await;
    let link = format!("{}/owner/enter/{}?to=review", app.at, app.sign_in_token().await);
    for _ in 0..2 {
        let shown = app.client.get(&link).send().await.expect("an answer");
        assert_eq!(shown.status(), StatusCode::OK, "looking does not use it up");
        assert_eq!(shown.headers()["referrer-policy"], "same-origin");
        assert!(shown.headers().get("set-cookie").is_none());
        assert!(shown.text().await.expect("text").contains("<form method=\"post\">"));
    }
    let entered = app.client.post(&link).send().await.expect("an answer");
    assert_eq!(
        (entered.status(), &entered.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/films/owner/review".parse().expect("text"))
    );
    let cookie = entered.headers()["set-cookie"].to_str().expect("text");
    for flag in ["__Host-", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age="] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    for method in [Method::GET, Method::POST] {
        let again = app.client.request(method, &link).send().await.expect("an answer");
        assert_eq!(again.status(), StatusCode::GONE);
        assert!(again.headers().get("set-cookie").is_none());
        assert!(again.text().await.expect("text").contains("/start"), "says how to get another");
    }

    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let with = |cookie: &str| app.ask(Method::GET, "/owner").header("cookie", cookie.to_owned());
    let page = with(&format!("theme=dark; {cookie}")).send().await.expect("an answer");
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
    assert!(page.headers()["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
    for stranger in ["", "cinepost_session=", "cinepost_session=abc", &format!("cinepost_session={}", app.token)] {
        assert_eq!(with(stranger).send().await.expect("an answer").status(), StatusCode::FORBIDDEN, "{stranger}");
    }
    // A browser that is signed in goes on at once, and the link stays good.
    let next = format!("/owner/enter/{}", app.sign_in_token().await);
    let passed = app.ask(Method::GET, &next).header("cookie", &cookie).send().await.expect("an answer");
    assert_eq!(passed.headers()["location"], "/films/owner");
    assert_eq!(app.get(&next).await.status(), StatusCode::OK);

    app.renew_owner().await;
    assert_eq!(with(&cookie).send().await.expect("an answer").status(), StatusCode::FORBIDDEN, "ended with the access");
}

/// A browser that is signed in as somebody: its cookie, and where it was sent.
async fn enter_as(app: &TestApp, person: &Person) -> (String, String) {
    let token = app.people.new_sign_in_token(person, unix_now(), 60).await.expect("a link");
    let entered = app.ask(Method::POST, &format!("/owner/enter/{token}?to=review")).send().await.expect("an answer");
    assert_eq!(entered.status(), StatusCode::SEE_OTHER);
    let header = |name: &str| entered.headers()[name].to_str().expect("text").to_owned();
    (header("set-cookie").split(';').next().expect("a pair").to_owned(), header("location"))
}

async fn add(app: &TestApp, name: &str, role: Role) -> Person {
    app.people.add(NewPerson::called(name, role, 1), Actor::Terminal, unix_now()).await.expect("added")
}

#[tokio::test]
async fn who_is_no_admin_is_led_to_their_own_page_and_gets_no_other() {
    let app = TestApp::start().await;
    for role in [Role::Member, Role::Guest] {
        let anna = add(&app, role.word(), role).await;
        let (cookie, sent_to) = enter_as(&app, &anna).await;
        assert_eq!(sent_to, format!("/stremio/{}/configure", app.people.token(&anna)));
        assert_eq!(app.get(&sent_to).await.status(), StatusCode::OK);
        for path in ["/owner", "/owner/review", "/status", "/metrics"] {
            let request = app.ask(Method::GET, path).header("cookie", &cookie).header("x-forwarded-for", "203.0.113.5");
            let request = request.bearer_auth(app.people.token(&anna));
            assert_eq!(request.send().await.expect("an answer").status(), StatusCode::FORBIDDEN, "{role} {path}");
        }
    }
}

#[tokio::test]
async fn an_admin_has_the_owners_pages_without_what_lets_others_in() {
    let app = TestApp::start().await;
    let (admin, anna) = (add(&app, "Ada", Role::Admin).await, add(&app, "Anna", Role::Member).await);
    let owners = app.enter().await;
    let (cookie, sent_to) = enter_as(&app, &admin).await;
    assert_eq!(sent_to, "/owner/review");
    let page = async |cookie: &str| {
        let answer =
            app.ask(Method::GET, "/owner").header("cookie", cookie.to_owned()).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.expect("text")
    };
    let tokens = [app.token.clone(), app.people.token(&anna), app.people.token(&admin)];
    let seen = async |cookie: &str| {
        let page = page(cookie).await;
        tokens.clone().map(|token| page.contains(&token))
    };
    assert_eq!(seen(&owners).await, [true, true, true]);
    assert_eq!(seen(&cookie).await, [false, false, true]);
    let metrics = app.ask(Method::GET, "/metrics").bearer_auth(&tokens[2]).send().await.expect("an answer");
    assert_eq!(metrics.status(), StatusCode::OK);

    // They add and change others, and the owner not at all.
    let owners_session = app.signed_in(&owners).await.session.id;
    let cases = [
        ("/owner/people".to_owned(), 303),
        (format!("/owner/people/{}/renew", anna.id), 303),
        ("/owner/people/1/renew".to_owned(), 400),
        ("/owner/people/1/remove".to_owned(), 400),
        (format!("/owner/sessions/{owners_session}/end"), 400),
        (format!("/owner/people/{}/remove", anna.id), 303),
    ];
    for (path, status) in cases {
        let answer = app.send_form(&path, &cookie, &[("name", "Bert")]).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }
    let names: Vec<String> = app.people.all().await.expect("read").into_iter().map(|person| person.name).collect();
    assert_eq!(names, ["Owner", "Ada", "Bert"]);
    page(&owners).await;

    // Who is no admin any more sees nothing more.
    app.people.set_role(admin.id, Role::Member, Actor::Terminal, unix_now()).await.expect("changed");
    let answer = app.ask(Method::GET, "/owner").header("cookie", &cookie).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_may_not_in_now_reads_why_and_until_when() {
    let app = TestApp::start().await;
    let anna = add(&app, "Anna", Role::Member).await;
    let addon = format!("/stremio/{}", app.people.token(&anna));
    app.people
        .disable(anna.id, ("shared <b>links</b>", Some(4_000_000_000)), Actor::Terminal, unix_now())
        .await
        .expect("paused");
    let why = "this access is paused until 2096-10-02 07:06 UTC: shared <b>links</b>";
    let row = async |path: &str| {
        let answer = app.get(&format!("{addon}/{path}")).await;
        assert_eq!(
            (answer.status(), &answer.headers()["cache-control"]),
            (StatusCode::OK, &"no-store".parse().expect("text"))
        );
        answer.text().await.expect("text")
    };
    for path in ["stream/movie/tt0063350.json", "meta/movie/tt0063350.json", "catalog/movie/newest.json"] {
        assert!(row(path).await.contains(why), "{path}");
    }
    let manifest = app.get(&format!("{addon}/manifest.json")).await;
    assert_eq!(manifest.status(), StatusCode::FORBIDDEN);
    assert!(manifest.text().await.expect("text").contains(why));
    let page = app.get(&format!("{addon}/configure")).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    let page = page.text().await.expect("text");
    assert!(page.contains("This access is paused until") && !page.contains("<b>links"), "{page}");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    let (here, elsewhere) = (app.enter().await, app.enter().await);
    let status = async |cookie: &str| {
        app.ask(Method::GET, "/owner").header("cookie", cookie.to_owned()).send().await.expect("an answer").status()
    };
    let left = app.send_form("/owner/sign-out", &here, &[]).await;
    assert!(left.headers()["set-cookie"].to_str().expect("text").contains("Max-Age=0"));
    let page = app.get(left.headers()["location"].to_str().expect("text")).await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.expect("text");
    assert!(page.contains("/start") && page.contains("cinepost owner-link"), "says how to come back: {page}");
    assert_eq!(status(&here).await, StatusCode::FORBIDDEN, "whoever kept the cookie has nothing");
    assert_eq!(status(&elsewhere).await, StatusCode::OK);

    // From one browser another is signed out.
    let third = app.enter().await;
    let own = app.signed_in(&third).await.session;
    let mut sessions = app.people.sessions(unix_now()).await.expect("sessions");
    assert_eq!(sessions.len(), 2);
    sessions.sort_by_key(|session| session.id == own.id);
    for session in sessions {
        let path = format!("/owner/sessions/{}/end", session.id);
        app.send_form(&path, &third, &[]).await;
    }
    assert_eq!(status(&elsewhere).await, StatusCode::FORBIDDEN);
    assert_eq!(status(&third).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_changes_something_comes_from_our_own_pages_only() {
    let app = TestApp::start_at("https://cine.example").await;
    app.post(1, samples::unmatched(), Status::Review { reason: Reason::NoTitle }).await;
    let cookie = app.enter().await;
    let query = ReviewQuery { limit: 1, ..ReviewQuery::default() };
    let id = app.store.review().page(&query).await.expect("read").rows[0].0.id;
    let session = app.people.sessions(unix_now()).await.expect("sessions")[0].id;
    let paths = [
        "/owner/sign-out".to_owned(),
        "/owner/people".to_owned(),
        "/owner/people/1/renew".to_owned(),
        "/owner/people/1/remove".to_owned(),
        format!("/owner/sessions/{session}/end"),
        format!("/owner/retry/{id}"),
        format!("/owner/ignore/{id}"),
    ];
    let sent: [(&str, &[(&str, &str)]); 6] = [
        ("no token", &[("cookie", &cookie)]),
        ("another site", &[("cookie", &cookie), ("sec-fetch-site", "cross-site")]),
        ("a sibling", &[("cookie", &cookie), ("sec-fetch-site", "same-site"), ("origin", "https://evil.cine.example")]),
        ("an old browser, another site", &[("cookie", &cookie), ("origin", "https://evil.example")]),
        ("an old browser, a frame", &[("cookie", &cookie), ("origin", "null")]),
        ("no cookie", &[]),
    ];
    for path in &paths {
        for (what, headers) in sent {
            let mut request = with_form(app.ask(Method::POST, path), &[("name", "Mallory")]);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            assert_eq!(request.send().await.expect("an answer").status(), StatusCode::FORBIDDEN, "{path}: {what}");
        }
    }
    // The token of another session does not do either.
    let token = app.signed_in(&app.enter().await).await.form_token;
    let request = app.ask(Method::POST, "/owner/sign-out").header("cookie", &cookie);
    let request = with_form(request, &[("form_token", token.as_str())]);
    assert_eq!(request.send().await.expect("an answer").status(), StatusCode::FORBIDDEN);
    // Nothing happened.
    assert_eq!(app.people.all().await.expect("people").len(), 1);
    assert_eq!(app.people.owner().await.expect("an owner").access_version, 1);
    assert_eq!(
        app.ask(Method::GET, "/owner").header("cookie", &cookie).send().await.expect("it").status(),
        StatusCode::OK
    );
    assert!(matches!(app.store.entries().get(id).await.expect("read").expect("there").status, Status::Review { .. }));
    // A sign-in from another site's page is refused as well, and the link stays good.
    let link = format!("/owner/enter/{}", app.sign_in_token().await);
    let forged = app.ask(Method::POST, &link).header("sec-fetch-site", "cross-site").send().await.expect("an answer");
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
    assert_eq!(app.get(&link).await.status(), StatusCode::OK);
}
