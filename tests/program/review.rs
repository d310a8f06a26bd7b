//! The review list: by the terminal beside the running program, by the buttons of the bot, and by the page.

use cinepost::domain::person::Role;
use serde_json::Value;

use crate::bot::{add, cinema, labels, next, popped, press_with, say, seen};
use crate::support::{CHAT, OWNER, STREAMS, TestApp, film};

const AMBIGUOUS: &str = "Night of the Living Dead.mkv";
const GUEST: i64 = 900_009;

/// Runs `cinepost review` with these words.
fn review(app: &TestApp, words: &[&str]) -> (bool, String) {
    let args: Vec<&str> = ["review"].into_iter().chain(words.iter().copied()).collect();
    let url = &app.provider.url;
    app.command(
        &args,
        &[
            ("TMDB_API_KEY", simulation::metadata::KEY),
            ("TMDB_URL", &format!("{url}/3")),
            ("TMDB_IMAGE_URL", &format!("{url}/t/p")),
            ("CINEMETA_URL", url),
        ],
    )
}

fn done(app: &TestApp, words: &[&str]) -> String {
    let (is_fine, said) = review(app, words);
    assert!(is_fine, "{words:?}: {said}");
    said
}

/// The files of the list.
fn listed(app: &TestApp, words: &[&str]) -> Vec<Value> {
    let said = done(app, &[words, &["--json"]].concat());
    let list: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    list["files"].as_array().expect("files").clone()
}

async fn until_listed(app: &TestApp, count: usize) -> Vec<Value> {
    app.until("the review list", async || listed(app, &[]), |files: &Vec<Value>| files.len() == count).await
}

async fn until_streams(app: &TestApp, resource: &str, count: usize) {
    let is_so = |answer: &Value| answer["streams"].as_array().map_or(0, Vec::len) == count;
    app.until(resource, || app.ask(resource), is_so).await;
}

fn id(file: &Value) -> &str {
    file["id"].as_str().expect("an id")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_terminal_mends_files_and_what_it_said_stays() {
    let app = TestApp::start().await;
    let posted = app.post(film(AMBIGUOUS, 1 << 30));
    let files = until_listed(&app, 1).await;
    let night = id(&files[0]);
    assert_eq!(files[0]["why"], "ambiguous");
    let years: Vec<_> = files[0]["suggestions"].as_array().expect("several").iter().map(|one| &one["year"]).collect();
    let at = 1 + years.iter().position(|year| **year == 1968).expect("the first film is offered");

    assert!(done(&app, &["show", night]).contains("could be"), "it says why");
    let said = done(&app, &["choose", night, &at.to_string()]);
    assert!(said.starts_with("1 file is Night of the Living Dead (1968)."), "{said}");
    until_streams(&app, STREAMS, 1).await;
    assert!(done(&app, &["show", night]).contains("as a person chose it – tt0063350"));

    // Whoever edits the caption, and whatever they write.
    app.sim.edit(CHAT, posted.message, "Night of the Living Dead (1990) tt0100258 FRENCH").expect("edited");
    let shown = async || serde_json::from_str::<Value>(&done(&app, &["show", night, "--json"])).expect("JSON");
    let is_settled = |file: &Value| {
        file["caption"].as_str().is_some_and(|caption| caption.contains("tt0100258")) && file["how"].is_string()
    };
    let edited = app.until("the new caption is read", shown, is_settled).await;
    assert_eq!(edited["title"]["id"], "tt0063350");

    assert!(done(&app, &["again", night]).starts_with("1 file is looked for anew"));
    until_streams(&app, STREAMS, 0).await;
    until_streams(&app, "stream/movie/tt0100258.json", 1).await;
    assert!(done(&app, &["again", night]).contains("Nothing was decided"));
    assert!(done(&app, &["choose", night, "Nosferatu", "1922"]).contains("1 file is Nosferatu (1922)"));
    until_streams(&app, "stream/movie/tt0013442.json", 1).await;
    done(&app, &["ignore", night]);
    assert_eq!(listed(&app, &["--why", "ignored"]).len(), 1);
    until_streams(&app, "stream/movie/tt0013442.json", 0).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_made_followed_listed_and_removed() {
    let app = TestApp::start().await;
    let name = |number: u32| format!("[Grp] Nightfall Tales - {number} (1080p).mkv");
    for number in [37, 38] {
        app.post(film(&name(number), 1 << 29));
    }
    let files = until_listed(&app, 2).await;
    let first = files.iter().find(|file| file["name"] == name(37)).expect("it is there");
    let said = done(&app, &["choose", id(first), "Tide", "Tables", "--season", "2", "--episode", "1", "--rule"]);
    assert!(said.contains("rule 1"), "{said}");
    for episode in ["2:1", "2:2"] {
        until_streams(&app, &format!("stream/series/tt99900011:{episode}.json"), 1).await;
    }
    app.post(film(&name(40), 1 << 29));
    until_streams(&app, "stream/series/tt99900011:2:4.json", 1).await;

    let rules = done(&app, &["rules"]);
    assert!(rules.contains("Tide Tables (2021) [tt99900011], season 2 where none is said, episodes -36"), "{rules}");
    done(&app, &["rules", "remove", "1"]);
    let left = until_listed(&app, 2).await;
    assert!(left.iter().all(|file| file["why"] == "not-found"), "{left:?}");
    until_streams(&app, "stream/series/tt99900011:2:1.json", 1).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_decided_is_said_with_what_can() {
    let app = TestApp::start().await;
    app.post(film("clip from the attic.mkv", 1 << 20));
    let files = until_listed(&app, 1).await;
    let clip = id(&files[0]);
    for (words, wanted) in [
        (vec!["choose", "Some", "Film"], "the first word is to be a file's id"),
        (vec!["choose", clip], "say what it is"),
        (vec!["choose", clip, "4"], "it has no suggestions; write a title or an id instead"),
        (vec!["choose", clip, "tt0000001"], "tt0000001 is not known to the metadata provider"),
        (vec!["choose", clip, "--as", "song"], "\"song\" is neither film nor series"),
        (vec!["show", "1f2SI9UJPXvb7vdJ1"], "no file here has the id 1f2SI9UJPXvb7vdJ1"),
        (vec!["rules", "remove", "7"], "there is no rule 7"),
        (vec!["--why", "lost"], "\"lost\" is no reason"),
        (vec!["--channel", "films"], "films"),
    ] {
        let (is_fine, said) = review(&app, &words);
        assert!(!is_fine && said.contains(wanted), "{words:?}: {said}");
    }
    assert!(done(&app, &["--channel", &CHAT.to_string()]).contains("clip from the attic.mkv"));
    assert_eq!(listed(&app, &["--channel", "-1001500000999"]).len(), 0);
    assert!(done(&app, &["rules"]).contains("No rule yet"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_news_of_a_file_offers_its_titles_to_who_may_decide() {
    let app = cinema().await;
    say(&app, OWNER, "/start").await;
    add(&app.app, "Gil", GUEST, Role::Guest).await;
    say(&app, GUEST, "/start").await;
    let before = seen(&app, OWNER).len();
    app.post(film(AMBIGUOUS, 1 << 30));
    let news = next(&app, OWNER, before).await;
    let offered = labels(&news);
    assert!(offered.contains(&"Night of the Living Dead (1968)"), "{offered:?}");
    assert!(offered.contains(&"Ignore"), "{offered:?}");

    // The bytes of a button in somebody else's hand.
    let files = until_listed(&app, 1).await;
    let choose = format!("r:{}:m:tt0063350", id(&files[0]));
    let message = seen(&app, GUEST)[0].message;
    let refused = press_with(&app, GUEST, message, &choose).await;
    assert!(refused.text.contains("not"), "{refused:?}");
    assert_eq!(popped(&app, GUEST).len(), 1);
    assert_eq!(listed(&app, &[]).len(), 1);

    let before = seen(&app, OWNER).len();
    press_with(&app, OWNER, news.message, &choose).await;
    let told = next(&app, OWNER, before).await;
    assert!(told.text.contains("Night of the Living Dead (1968)"), "{told:?}");
    until_streams(&app, STREAMS, 1).await;
    press_with(&app, OWNER, told.message, &format!("r:{}:again", id(&files[0]))).await;
    until_listed(&app, 1).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_chooses_with_one_press() {
    let app = TestApp::start().await;
    app.post(film(AMBIGUOUS, 1 << 30));
    let files = until_listed(&app, 1).await;
    let (cookie, _) = app.sign_in(app.app.owner_page.as_str()).await;
    let base = app.app.addresses.base().as_str().trim_end_matches('/').to_owned();
    let page = app.http.get(format!("{base}/owner/review")).header("cookie", &cookie).send().await.expect("an answer");
    let page = page.text().await.expect("text");
    let chosen = files[0]["suggestions"].as_array().expect("several").iter().find(|one| one["year"] == 1968);
    let title = chosen.and_then(|one| one["id"].as_str()).expect("it is offered");
    let path = format!("/owner/choose/{}/movie/{title}", id(&files[0]));
    assert!(page.contains(&format!("{path}?back=")), "{page}");
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let sent = app
        .http
        .post(format!("{base}{path}?back=%2Fowner%2Freview"))
        .header("cookie", &cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("form_token={}", token.expect("a token")))
        .send()
        .await
        .expect("an answer");
    assert!(sent.status().is_success() || sent.status().is_redirection(), "{}", sent.status());
    until_streams(&app, STREAMS, 1).await;
    app.stop().await;
}
