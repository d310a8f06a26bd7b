//! What the owner sees and does on their pages, and a viewer on theirs.

use release_name::{Extra, Release};
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::date;
use crate::domain::entry::{Entry, EntryId, Reason, Status};
use crate::domain::matching::Suggestion;
use crate::domain::post::DocumentId;
use crate::domain::title::{Kind, TitleIds, TmdbId};
use crate::protocols::stremio::samples;
use crate::web::testing::{TestApp, film, with_form};

#[tokio::test]
async fn people_are_invited_get_new_links_and_leave() {
    let app = TestApp::start().await;
    app.title(1, &samples::film(), &[]).await;
    let cookie = app.enter().await;
    let added = app.send_form("/owner/people", &cookie, &[("name", "Anna")]).await;
    assert_eq!(added.headers()["location"], "/owner#person-2");
    let anna = app.people.find("anna").await.expect("there");
    let token = app.people.token(&anna);
    let manifest = |token: &str| format!("/stremio/{token}/manifest.json");
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::OK);
    let page = app.ask(Method::GET, "/owner").header("cookie", &cookie).send().await.expect("an answer");
    let page = page.text().await.expect("text");
    assert!(page.contains("Anna") && page.contains(&format!("https://cine.example{}", manifest(&token))), "{page}");
    let installs = app.get(&format!("/stremio/{token}/configure")).await.text().await.expect("text");
    assert!(installs.contains("Welcome, <bdi>Anna</bdi>"), "{installs}");

    for (name, status) in [("ANNA", 409), ("", 400), ("  ", 400), ("a\u{202e}b", 400), (&"x".repeat(41), 400)] {
        let answer = app.send_form("/owner/people", &cookie, &[("name", name)]).await;
        assert_eq!(answer.status().as_u16(), status, "{name:?}");
        assert!(answer.text().await.expect("text").contains("Back to your page"));
    }
    app.send_form("/owner/people/2/renew", &cookie, &[]).await;
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::FORBIDDEN);
    let token = app.people.token(&app.people.find("Anna").await.expect("there"));
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::OK);
    app.send_form("/owner/people/2/remove", &cookie, &[]).await;
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(app.people.all().await.expect("people").len(), 1);
    for (path, status) in
        [("/owner/people/2/renew", 404), ("/owner/people/99/remove", 404), ("/owner/people/1/remove", 400)]
    {
        assert_eq!(app.send_form(path, &cookie, &[]).await.status().as_u16(), status, "{path}");
    }
    // Somebody else of the same name is somebody else.
    app.send_form("/owner/people", &cookie, &[("name", "Anna")]).await;
    assert_eq!(app.get(&manifest(&token)).await.status(), StatusCode::FORBIDDEN);

    // The owner's own renewal signs every browser out, this one too.
    let renewed = app.send_form("/owner/people/1/renew", &cookie, &[]).await;
    assert_eq!(renewed.headers()["location"], "/signed-out");
    assert_eq!(app.get(&manifest(&app.token)).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_owners_pages_show_the_library_what_needs_them_and_how_to_mend_it() {
    let app = TestApp::start().await;
    app.title(1, &samples::film(), &[]).await;
    let reason = Reason::NoMatch {
        searched: "Some <b>Film</b>".into(),
        nearest: vec![Suggestion {
            kind: Kind::Movie,
            title: "Some <i>Other</i> Film".into(),
            year: Some(1968),
            ids: TitleIds { imdb: None, tmdb: TmdbId::new(7) },
            why: "same name, another year (60 of 100)".into(),
            votes: None,
        }],
    };
    let id =
        app.post(2, Entry { name: "Some.Film.mkv".into(), ..samples::unmatched() }, Status::Review { reason }).await;
    let cookie = app.enter().await;
    let page = async |path: &str| {
        let answer = app.ask(Method::GET, path).header("cookie", &cookie).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("text")
    };
    let owner = page("/owner").await;
    for wanted in [
        &format!("stremio://cine.example/stremio/{}/manifest.json", app.token),
        "<svg",
        "Night of the Living Dead",
        "https://image.example/p/night.jpg",
        "Some.Film.mkv",
        "Some &#60;b&#62;Film",
        "Some &#60;i&#62;Other&#60;/i&#62; Film (1968): same name, another year",
        "put the right title and year, or an IMDb link, into the caption",
        "https://t.me/c/1500000001/2",
        &format!("/owner/choose/{id}/movie/tmdb:7?back="),
        "Films",
    ] {
        assert!(owner.contains(wanted), "{wanted} is missing in {owner}");
    }
    assert!(page("/owner?show=unmatched").await.contains(&format!("/owner/title/movie/cinepost:{id}")));
    assert!(page("/owner?show=series").await.contains("Nothing here yet"));
    let title = page("/owner/title/movie/tt0063350").await;
    assert!(title.contains("https://cine.example/dl/") && title.contains("The dead walk."), "{title}");
    assert!(title.contains("Found by its title – Night of the Living Dead (1968): same name, same year"), "{title}");
    assert!(page(&format!("/owner/title/movie/cinepost:{id}")).await.contains("https://cine.example/dl/"));
    let known = app.store.titles().find(Kind::Movie, "tt0063350".parse().expect("an id")).await.expect("read");
    let sample = Release { extra: Some(Extra::Sample), ..samples::matched().release };
    let status = Status::Matched { title: known.expect("there").0, parts: Vec::new(), how: None };
    app.post(3, Entry { release: sample, ..samples::matched() }, status).await;
    assert!(page("/owner/title/movie/tt0063350").await.contains("Sample · 1080p"), "it is not the film");

    let retry = format!("/owner/retry/{id}");
    assert_eq!(app.send_form(&retry, "", &[]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(app.send_form(&retry, &cookie, &[]).await.status(), StatusCode::SEE_OTHER);
    assert!(app.store.entries().get(id).await.expect("read").expect("there").status.is_tried_again_now());
    assert!(page("/owner").await.contains("Looking it up now…"));
}

#[tokio::test]
async fn the_review_list_has_pages_filters_and_actions() {
    let app = TestApp::start().await;
    for n in 1..=45 {
        let reason = match n % 3 {
            0 => Reason::NoMatch { searched: "סרט (1968)".into(), nearest: Vec::new() },
            _ => Reason::NoTitle,
        };
        let entry = Entry { name: format!("Rehearsal {n:02}.mkv"), ..samples::unmatched() };
        app.post(n, entry, Status::Review { reason }).await;
    }
    let reason = Reason::NotVideo { mime: "text/plain".into() };
    let id = app.post(46, Entry { name: "notes.txt".into(), ..samples::unmatched() }, Status::Review { reason }).await;
    let cookie = app.enter().await;
    let send = async |method: Method, path: &str| {
        app.ask(method, path).header("cookie", &cookie).send().await.expect("an answer")
    };
    let page = async |path: &str| send(Method::GET, path).await.text().await.expect("text");
    let rows = async |path: &str| page(path).await.matches("-name\"><a href").count();
    let cases = [
        ("/owner", 5),
        ("/owner/review", 20),
        ("/owner/review?skip=40", 6),
        ("/owner/review?skip=60", 0),
        ("/owner/review?why=not-video", 1),
        ("/owner/review?why=not-found&find=rehearsal%2007", 1),
        ("/owner/review?why=ignored", 0),
    ];
    for (path, wanted) in cases {
        assert_eq!(rows(path).await, wanted, "{path}");
    }
    let first = page("/owner/review?find=rehearsal").await;
    for wanted in [
        "1–20 of 45",
        "href=\"/owner/review?find=rehearsal&#38;skip=20\"",
        "\u{2068}סרט (1968)\u{2069}",
        "<bdi>Rehearsal 45.mkv</bdi>",
    ] {
        assert!(first.contains(wanted), "{wanted} is missing in {first}");
    }
    assert_eq!(send(Method::GET, "/owner/review?why=nonsense").await.status(), StatusCode::NOT_FOUND);

    let back = "back=%2Fowner%2Freview%3Fwhy%3Dnot-video";
    let answer = app.send_form(&format!("/owner/ignore/{id}?{back}"), &cookie, &[]).await;
    assert_eq!(answer.headers()["location"], format!("/owner/review?why=not-video&ignored={id}#done").as_str());
    let told = page(&format!("/owner/review?why=not-video&ignored={id}")).await;
    assert!(told.contains("is listed nowhere any more") && told.contains("Undo"), "{told}");
    assert_eq!(rows("/owner/review?why=not-video").await, 0);
    assert!(page("/owner/review?why=ignored").await.contains("Put back"));
    let answer = app.send_form(&format!("/owner/retry/{id}?{back}"), &cookie, &[]).await;
    assert_eq!(answer.headers()["location"], format!("/owner/review?why=not-video&tried={id}#done").as_str());
    assert!(page(&format!("/owner/review?tried={id}")).await.contains("data-tried"));
    for path in [format!("/owner/ignore/{id}"), format!("/owner/retry/{id}")] {
        assert_eq!(app.send_form(&path, "", &[]).await.status(), StatusCode::FORBIDDEN, "{path}: for the owner");
        let request = with_form(app.ask(Method::POST, &path).header("cookie", &cookie), &[("form_token", "x")]);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}: from a page of ours");
    }
    assert_eq!(app.get("/owner/review").await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_library_is_searched_on_its_page() {
    let app = TestApp::start().await;
    app.title(1, &film("tt0063350", "Night of the Living Dead", 1968, &["Horror"], 78), &[]).await;
    app.title(2, &film("tt0013442", "Nosferatu", 1922, &["Horror"], 79), &[]).await;
    app.post(3, samples::unmatched(), Status::Review { reason: Reason::NoTitle }).await;
    let cookie = app.enter().await;
    let cases: [(&str, &[&str]); 6] = [
        ("show=films", &["Nosferatu", "Night of the Living Dead"]),
        ("show=films&find=living+dead", &["Night of the Living Dead"]),
        ("show=films&find=nosfratu", &["Nosferatu"]),
        ("show=films&find=xylophone", &[]),
        ("show=series&find=nosferatu", &[]),
        ("show=unmatched&find=20240712", &["VID_20240712_183012"]),
    ];
    for (query, wanted) in cases {
        let page = app.ask(Method::GET, &format!("/owner?{query}")).header("cookie", &cookie).send().await;
        let page = page.expect("an answer").text().await.expect("text");
        let names = page.split("<bdi class=\"name\">").skip(1).filter_map(|rest| rest.split("</bdi>").next());
        assert_eq!(names.collect::<Vec<_>>(), wanted, "{query}");
    }
}

#[tokio::test]
async fn a_file_is_hidden_from_its_titles_page_and_put_back() {
    let app = TestApp::start().await;
    app.title(1, &samples::film(), &[]).await;
    let id = EntryId::from_documents(&[DocumentId(8_000_000_000_001)]);
    let cookie = app.enter().await;
    let send = async |method: Method, path: &str| {
        app.ask(method, path).header("cookie", &cookie).send().await.expect("an answer")
    };
    let file = format!("/owner/title/movie/cinepost:{id}");
    assert_eq!(send(Method::GET, &file).await.headers()["location"], "/owner/title/movie/tt0063350", "it has a title");
    let title = send(Method::GET, "/owner/title/movie/tt0063350").await.text().await.expect("text");
    let action = format!("/owner/ignore/{id}?back=%2Fowner%2Ftitle%2Fmovie%2Ftt0063350");
    assert!(title.contains(&action), "{title}");
    let hidden = app.send_form(&action, &cookie, &[]).await;
    assert_eq!(hidden.headers()["location"], format!("/owner/title/movie/tt0063350?ignored={id}#done").as_str());
    assert_eq!(app.names("movie/newest").await, [""; 0]);
    assert_eq!(app.addon("stream/movie/tt0063350.json").await["streams"], json!([]));
    assert!(send(Method::GET, &file).await.text().await.expect("text").contains("Put back"));
}

#[tokio::test]
async fn a_qr_code_leads_phones_to_other_machines_only() {
    for (base, wanted) in
        [("https://cine.example", true), ("http://127.0.0.1:8080", false), ("http://localhost", false)]
    {
        let app = TestApp::start_at(base).await;
        let page = app.get(&format!("/stremio/{}/configure", app.token)).await.text().await.expect("text");
        assert_eq!(page.contains("<svg"), wanted, "{base}");
        assert_eq!(page.contains("Scan with a phone"), wanted, "{base}");
    }
}

#[test]
fn dates_are_short() {
    assert_eq!(date(784_111_777), "06 Nov 1994 08:49");
    assert_eq!(date(-5), "01 Jan 1970 00:00");
}
