//! From a post in a channel to a row in Stremio that plays, and back out again: the whole product over its real surfaces.

use std::time::Duration;

use crate::support::{Dir, NEWEST, NIGHT, OWNER, STREAMS, TestApp, UNMATCHED, chat, film, metadata_at, until};
use cinepost::adapters::store::{Database, Store};
use cinepost::adapters::telegram::Telegram;
use cinepost::adapters::telegram::scripted::Script;
use cinepost::domain::entry::{EntryId, Reason, ReasonKind, Status};
use cinepost::domain::person::Actor;
use cinepost::domain::post::{Attachment, ChannelEvent, DocumentId, Post, PostRef};
use cinepost::domain::review::{ReviewPart, ReviewQuery};
use cinepost::domain::telegram_id::Dc;
use cinepost::engines::bytes::{self, Engine};
use cinepost::flows::ingest::review::Review;
use cinepost::flows::ingest::{self, Ingest};
use sha2::{Digest, Sha256};
use simulation::NewPost;
use simulation::metadata::Fault as ProviderFault;
use simulation::metadata::work::{Episode, Work};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const MIB: u64 = 1 << 20;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn urls(streams: &serde_json::Value) -> Vec<String> {
    let streams = streams["streams"].as_array().expect("streams");
    streams.iter().map(|s| s["url"].as_str().expect("a url").to_owned()).collect()
}

async fn streams(app: &TestApp, wanted: usize) -> Vec<String> {
    let found = app.until("the streams", || app.ask(STREAMS), |s| urls(s).len() == wanted).await;
    urls(&found)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_stands_in_the_catalog_and_plays() {
    let app = TestApp::start().await;
    let posted = app.post(film(NIGHT, 3 * MIB + 12_345));
    app.until("the film", || app.names(NEWEST), |names| names == &["Night of the Living Dead"]).await;

    for filter in ["genre=Horror", "genre=Horror&year=1968", "year=1968", "search=living%20dead"] {
        let names = app.names(&format!("catalog/movie/newest/{filter}.json")).await;
        assert_eq!(names, ["Night of the Living Dead"], "{filter}");
    }
    assert!(app.names("catalog/movie/newest/genre=Horror&year=1969.json").await.is_empty());
    assert_eq!(app.names("catalog/movie/by-year/genre=1968.json").await.len(), 1);
    let meta = app.ask("meta/movie/tt0063350.json").await;
    assert!(meta["meta"]["poster"].as_str().is_some_and(|p| p.starts_with("http")), "{meta}");
    assert!(meta["meta"]["description"].as_str().is_some_and(|d| d.len() > 20), "{meta}");

    let url = &streams(&app, 1).await[0];
    let bytes = app.get(url).await.bytes().await.expect("it plays");
    let mut wanted = vec![0; (3 * MIB + 12_345) as usize];
    simulation::content::fill(crate::support::document(&posted).0, 0, &mut wanted);
    assert_eq!(hex(&Sha256::digest(&bytes)), hex(&Sha256::digest(&wanted)));
    let part = app.http.get(url).header("Range", "bytes=1048570-1048600").send().await.expect("it answers");
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.expect("bytes")[..], wanted[1_048_570..=1_048_600]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn episodes_and_packs_stand_in_their_series() {
    let app = TestApp::start().await;
    for post in simulation::library::posts() {
        app.post(post.into());
    }
    let wanted = simulation::library::posts().len() as u64;
    app.until(
        "every file",
        || app.app.library.counts(),
        |c| c.as_ref().is_ok_and(|c| c.files == wanted && c.pending == 0),
    )
    .await
    .expect("counts");
    let series = app.ask("catalog/series/newest.json").await;
    assert_eq!(series["metas"].as_array().map(Vec::len), Some(2), "{series}");
    for meta in series["metas"].as_array().expect("metas") {
        let id = meta["id"].as_str().expect("an id");
        let opened = app.ask(&format!("meta/series/{id}.json")).await;
        let videos = opened["meta"]["videos"].as_array().expect("videos").clone();
        assert!(!videos.is_empty(), "{id}");
        for video in videos {
            let video = video["id"].as_str().expect("a video id");
            let streams = app.ask(&format!("stream/series/{video}.json")).await;
            assert!(!urls(&streams).is_empty(), "{video} is listed and has nothing to play");
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_two_meanings_stands_where_the_provider_bears_one_out() {
    let mut works = simulation::library::works();
    let like = works.iter().find(|w| !w.episodes.is_empty()).expect("there are two series").clone();
    let first = like.episodes[0].clone();
    let mut series = |tmdb: u64, name: &str, released: &str, seasons: &[u16]| {
        let numbers = seasons.iter().zip(1..).flat_map(|(count, season)| (1..=*count).map(move |n| (season, n)));
        works.push(Work {
            tmdb,
            imdb: format!("tt{tmdb:08}").parse().ok(),
            name: name.to_owned(),
            other_names: Vec::new(),
            translations: Vec::new(),
            released: released.to_owned(),
            episodes: numbers.map(|(season, number)| Episode { season, number, ..first.clone() }).collect(),
            ..like.clone()
        });
    };
    series(99_900_021, "Space: 1999", "1975-09-04", &[24, 24]);
    series(99_900_022, "Rover 1977", "2001-01-02", &[6]);
    series(99_900_023, "Kumo no Machi", "2003-04-01", &[12, 14]);
    let provider = simulation::metadata::Options { works, ..simulation::metadata::Options::default() };
    let app = TestApp::with(simulation::Options::default().with_helpers(1), provider).await;
    for name in ["Space 1999 S01E07.mkv", "Rover 1977 S01E02.mkv", "Kumo no Machi 13.mkv"] {
        app.post(film(name, 1_000));
    }
    let mut names = app.until("the series", || app.names("catalog/series/newest.json"), |names| names.len() == 3).await;
    names.sort();
    assert_eq!(names, ["Kumo no Machi", "Rover 1977", "Space: 1999"]);
    for video in ["tt99900021:1:7", "tt99900022:1:2", "tt99900023:2:1"] {
        let found = urls(&app.ask(&format!("stream/series/{video}.json")).await);
        assert_eq!(found.len(), 1, "{video}");
        assert_eq!(app.get(&found[0]).await.bytes().await.expect("it plays").len(), 1_000, "{video}");
    }
    assert!(app.names(UNMATCHED).await.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_posts_at_once_are_all_there_once() {
    let app = TestApp::start().await;
    for n in 0..1_000 {
        app.post(film(&format!("Night.of.the.Living.Dead.1968.Take.{n:04}.1080p.mkv"), 1_000 + n));
    }
    app.until(
        "every post",
        || app.app.library.counts(),
        |c| c.as_ref().is_ok_and(|c| c.files == 1_000 && c.pending == 0),
    )
    .await
    .expect("counts");
    let counts = app.app.library.counts().await.expect("counts");
    assert_eq!(counts.files, 1_000);
    // Each is somewhere: in the film's streams or in Unmatched, never in both.
    let streams = urls(&app.ask(STREAMS).await).len();
    let mut unmatched = 0;
    loop {
        let page = app.names(&format!("catalog/movie/unmatched/skip={unmatched}.json")).await;
        if page.is_empty() {
            break;
        }
        unmatched += page.len();
    }
    assert_eq!(streams + unmatched, 1_000);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_match_plays_as_unmatched_until_its_caption_is_mended() {
    let app = TestApp::start().await;
    let posted = app.post(film("VID_20260704_120000.mp4", 200_000));
    let page =
        app.until("the file", || app.ask(UNMATCHED), |p| p["metas"].as_array().is_some_and(|m| m.len() == 1)).await;
    let id = page["metas"][0]["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("cinepost:"), "{id}");
    let url = urls(&app.ask(&format!("stream/movie/{id}.json")).await).remove(0);
    assert_eq!(app.get(&url).await.bytes().await.expect("it plays").len(), 200_000);
    assert_eq!(app.reviewed().await.len(), 1);

    app.sim.edit(chat(), posted.message, "Night of the Living Dead (1968)").expect("edited");
    streams(&app, 1).await;
    assert!(app.names(UNMATCHED).await.is_empty());
    assert!(app.reviewed().await.is_empty());
    // The same file under the same link: what somebody had open goes on.
    assert_eq!(app.get(&url).await.status(), 200);

    app.sim.delete(chat(), &[posted.message]).expect("deleted");
    app.until("the film to be gone", || app.names(NEWEST), Vec::is_empty).await;
    assert_eq!(app.get(&url).await.status(), 404);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imdb_link_in_the_caption_wins_over_the_name() {
    let app = TestApp::start().await;
    app.post(NewPost {
        caption: "https://www.imdb.com/title/tt0063350/".to_owned(),
        ..film("His.Girl.Friday.1940.1080p.mkv", 1_000)
    });
    app.until("the film", || app.names(NEWEST), |names| names == &["Night of the Living Dead"]).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_forwarded_twice_is_one_row_that_survives_losing_one_post() {
    let app = TestApp::start().await;
    let first = app.post(film(NIGHT, 700_000));
    let url = streams(&app, 1).await.remove(0);
    let second = app.post(NewPost { document: first.document.clone(), caption: "again".into(), ..NewPost::default() });
    let entry = EntryId::from_documents(&[crate::support::document(&first)]);
    let sources = |wanted| {
        app.until(
            "the sources",
            || async { app.app.store.entries().sources(entry).await },
            move |s| s.as_ref().is_ok_and(|s| s.len() == wanted),
        )
    };
    sources(2).await.expect("two");
    assert_eq!(streams(&app, 1).await, std::slice::from_ref(&url));
    app.sim.delete(chat(), &[first.message]).expect("deleted");
    sources(1).await.expect("one");
    assert_eq!(app.get(&url).await.bytes().await.expect("it still plays").len(), 700_000);
    assert_ne!(first.message, second.message);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_the_program_was_down_is_caught_up_without_signing_in_again() {
    let app = TestApp::start().await;
    let kept = app.post(film(NIGHT, 300_000));
    let deleted = app.post(film("His.Girl.Friday.1940.1080p.mkv", 300_000));
    app.until("both", || app.names(NEWEST), |names| names.len() == 2).await;
    let url = streams(&app, 1).await.remove(0);
    let sign_ins = crate::support::calls(&app.sim, "auth.importBotAuthorization");

    let TestApp { sim, provider, app: running, http, dir } = app;
    running.stop().await;
    sim.delete(chat(), &[deleted.message]).expect("deleted");
    sim.post(chat(), film("Charade.1963.720p.mkv", 300_000)).expect("posted");
    sim.edit(chat(), kept.message, "https://www.imdb.com/title/tt0017136/").expect("edited");
    let running = crate::support::start_product(&dir.path, &provider.url).await;
    let app = TestApp { sim, provider, app: running, http, dir };

    app.until(
        "what was missed",
        || app.names(NEWEST),
        |names| names == &["Charade", "Metropolis"] || names == &["Metropolis", "Charade"],
    )
    .await;
    assert_eq!(crate::support::calls(&app.sim, "auth.importBotAuthorization"), sign_ins, "nobody signs in again");
    // The port is another one in this test; the link is the same.
    let path = url.split_once("/dl/").expect("a play link").1;
    assert_eq!(app.get(app.app.addresses.base().at(&format!("/dl/{path}")).as_str()).await.status(), 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_delays_a_match_and_loses_nothing() {
    let app = TestApp::start().await;
    app.provider.set_fault(Some(ProviderFault::Down)).await.expect("down");
    app.post(film(NIGHT, 300_000));
    let page =
        app.until("the file", || app.ask(UNMATCHED), |p| p["metas"].as_array().is_some_and(|m| m.len() == 1)).await;
    let id = page["metas"][0]["id"].as_str().expect("an id").to_owned();
    app.until("its reason", || app.reviewed(), |list| list.len() == 1).await;
    assert_eq!(urls(&app.ask(&format!("stream/movie/{id}.json")).await).len(), 1, "it plays meanwhile");
    app.provider.set_fault(None).await.expect("up");
    app.until("the film", || app.names(NEWEST), |names| names == &["Night of the Living Dead"]).await;
    assert!(app.names(UNMATCHED).await.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_channel_hides_its_entries_and_adding_it_brings_them_back() {
    let app = TestApp::start().await;
    app.post(film(NIGHT, 300_000));
    let url = streams(&app, 1).await.remove(0);
    app.app.store.channels().set_active(chat(), false).await.expect("removed");
    assert!(app.names(NEWEST).await.is_empty());
    assert_eq!(app.get(&url).await.status(), 404);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    app.post(film("His.Girl.Friday.1940.1080p.mkv", 300_000));
    app.app.store.channels().set_active(chat(), true).await.expect("added");
    app.until("both", || app.names(NEWEST), |names| names.len() == 2).await;
    assert_eq!(app.get(&url).await.status(), 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_answers_and_tells_the_owner_what_became_of_posts() {
    let app = TestApp::start().await;
    // A bot may write only to people who wrote to it.
    app.sim.message(OWNER, "main", "/start").expect("written");
    let sent = app.until("the answer", || async { app.sim.sent() }, |sent| !sent.is_empty()).await;
    assert!(sent[0].to == OWNER && sent[0].text.contains("/manifest.json"), "{sent:?}");
    app.sim.message(OWNER + 1, "main", "/start").expect("written");
    let sent = app.until("the answer to a stranger", || async { app.sim.sent() }, |sent| sent.len() == 2).await;
    assert!(!sent[1].text.contains("/stremio/"), "a stranger gets no link: {sent:?}");

    app.post(film(NIGHT, 300_000));
    app.post(film("VID_20260704_120000.mp4", 300_000));
    let told = app
        .until(
            "the notices",
            || async { app.sim.sent() },
            |sent| {
                let all: String = sent.iter().map(|s| s.text.as_str()).collect();
                all.contains("Added Night of the Living Dead (1968)")
                    && all.contains("Not matched: VID_20260704_120000.mp4")
            },
        )
        .await;
    assert!(told[2..].iter().all(|s| s.to == OWNER), "{told:?}");
    let urls: Vec<&str> =
        told[2..].iter().flat_map(|s| s.buttons.iter().flatten()).filter_map(|b| b.address()).collect();
    assert!(urls.iter().any(|url| url.contains("/owner/enter/")), "a button to mend it: {told:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_product_is_ready_once_its_library_is_indexed() {
    let app = TestApp::start().await;
    let ready = app.app.addresses.base().at("/ready");
    let ask = async || app.get(ready.as_str()).await.json::<serde_json::Value>().await.expect("JSON");
    app.until("ready", ask, |said| said["ready"] == true && said["matching"] == 0).await;
    assert_eq!(app.get(app.app.addresses.base().at("/health").as_str()).await.status(), 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trying_again_asks_a_provider_that_wanted_an_hours_pause_and_ignoring_ends_the_asking() {
    let dir = Dir::new();
    let provider =
        simulation::metadata::start(simulation::metadata::Options::default()).await.expect("the provider starts");
    let hour = ProviderFault::TooMany { retry_after_secs: 3600, times: None };
    provider.set_fault(Some(hour)).await.expect("set");
    let store = Store::open(Database::Embedded { dir: dir.path.clone() }).await.expect("a store");
    store.channels().seed(&[chat()]).await.expect("a channel");
    let metadata = metadata_at(Some(&provider));
    let (telegram, _) = Telegram::scripted(Script::new(1, 1));
    let engine = Engine::new(telegram.files().clone(), bytes::Options::default()).expect("no disk");
    let (ingest, _notices) = Ingest::new(store.clone(), metadata, engine, ingest::Options::default());
    let stop = CancellationToken::new();
    let run = tokio::spawn(ingest.clone().run(watch::channel(true).1, stop.clone()));

    let posted = |message, name: &str| {
        ChannelEvent::Posted(Post {
            at: PostRef { chat: chat(), message },
            date: 1_700_000_000,
            album: None,
            reply_to: None,
            caption: String::new(),
            attachment: Attachment {
                document: DocumentId(message.into()),
                dc: Dc(4),
                size: MIB,
                mime: "video/x-matroska".to_owned(),
                file_name: Some(name.to_owned()),
                duration_secs: None,
                width: None,
                height: None,
                renditions: Vec::new(),
            },
        })
    };
    ingest.record(&[posted(1, NIGHT), posted(2, "Nosferatu.1922.mkv")]).await.expect("recorded");
    let waiting = ReviewQuery { part: ReviewPart::Because(ReasonKind::Waiting), limit: 10, ..ReviewQuery::default() };
    until("both wait", || async { store.review().page(&waiting).await.expect("a list").total }, |total| *total == 2)
        .await;
    let [night, nosferatu] = [1, 2].map(|document| EntryId::from_documents(&[DocumentId(document)]));
    let review = Review::of(&ingest);
    assert_eq!(review.ignore(&[nosferatu], Actor::Terminal, 0).await.expect("ignored"), 1);

    provider.set_fault(None).await.expect("set");
    assert_eq!(review.again(&[night], Actor::Terminal, 0).await.expect("retried"), 1);
    let status = async |id| store.entries().get(id).await.expect("read").expect("it is there").status;
    let is_matched = |status: &Status| matches!(status, Status::Matched { .. });
    until("the film", || status(night), is_matched).await;
    let ignored = status(nosferatu).await;
    assert!(matches!(ignored, Status::Ignored { reason: Some(Reason::ProviderDown { .. }) }), "{ignored:?}");
    assert_eq!(review.again(&[nosferatu], Actor::Terminal, 0).await.expect("put back"), 1);
    until("the other", || status(nosferatu), is_matched).await;
    stop.cancel();
    run.await.expect("it stops");
    provider.stop().await;
}
