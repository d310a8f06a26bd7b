//! The order of what came in one second, people in the search, and stores of a version that knew neither.

use cinepost::adapters::store::{Database, Store};
use cinepost::domain::catalog::Order;
use cinepost::domain::entry::{Entry, Reason, Source, Status};
use cinepost::domain::review::ReviewPart;
use cinepost::domain::title::{Kind, Title};
use mongodb::bson::{Document, doc};

use super::Home;
use super::older::make_older;
use super::samples::*;

/// A post in the same second as all others.
fn at_once(message: i32) -> (Source, Entry) {
    let (source, entry) = post(at(FILMS, message), message.into(), &format!("{message}.mkv"), "");
    (Source { date: 1_700_000_000, ..source }, Entry { posted: 1_700_000_000, ..entry })
}

/// Six films posted at once, matched in an order of their own; and six files each without a title, and to review.
async fn fill_at_once(store: &Store) {
    let posts: Vec<_> = (1..=18).map(at_once).collect();
    store.posts().record(&posts).await.unwrap();
    for n in [4, 1, 6, 2, 5, 3] {
        let title = store.titles().record(&film(&n.to_string(), n)).await.unwrap();
        settle(store, posts[n as usize - 1].1.id, Status::Matched { title, parts: vec![], how: None }).await;
    }
    for (_, entry) in &posts[12..] {
        settle(store, entry.id, Status::Review { reason: Reason::NotVideo { mime: "text/plain".to_owned() } }).await;
    }
}

fn newest_first(messages: std::ops::RangeInclusive<i32>, ending: &str) -> Vec<String> {
    messages.rev().map(|n| format!("{n}{ending}")).collect()
}

pub async fn posts_of_one_second_stand_in_the_order_of_their_messages(home: &Home) {
    let store = home.watching().await;
    fill_at_once(&store).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, newest_first(1..=6, ""));
    assert_eq!(names(&store, &movies(Order::Rating)).await, newest_first(1..=6, ""));
    assert_eq!(unmatched(&store, None).await, newest_first(7..=12, ".mkv"));
    let review = reviewed(&store, ReviewPart::All).await;
    assert_eq!(review, newest_first(13..=18, ".mkv"));
    let pending: Vec<String> =
        store.entries().pending(i64::MAX, 100).await.unwrap().into_iter().map(|e| e.name).collect();
    assert_eq!(pending, newest_first(7..=12, ".mkv"), "the newest first");
    let horrors = store.catalog().search(Kind::Movie, "duane", 0, 100).await.unwrap();
    let found: Vec<String> = horrors.into_iter().map(|title| title.name).collect();
    assert_eq!(found, ["1", "2", "3", "4", "5", "6"], "equals are found by their names' order");
    let entry = get(&store, at_once(3).1.id).await;
    assert_eq!(entry.posted, 1_700_000_000, "a date is told in seconds");

    // The newest message of several counts, and of a later second whatever its number.
    let title = store.titles().find(Kind::Movie, "tt0000002".parse().unwrap()).await.unwrap().unwrap().0;
    let (source, entry) = at_once(30);
    add(&store, &(source, entry.clone())).await;
    settle(&store, entry.id, Status::Matched { title, parts: vec![], how: None }).await;
    let (source, entry) = post(at(FILMS, 20), 1, "1.mkv", "");
    add(&store, &(Source { date: 1_700_000_001, ..source }, entry)).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await[..2], ["1", "2"]);
}

pub async fn people_find_what_they_made(home: &Home) {
    let store = home.watching().await;
    let films = [
        ("Sherlock Jr.", "Buster Keaton", "Buster Keaton"),
        ("The General", "Clyde Bruckman", "Buster Keaton"),
        ("So Funny It Hurt: Buster Keaton", "Kevin Brownlow", "James Karen"),
        ("Nosferatu", "F. W. Murnau", "Max Schreck"),
        ("Merlin", "Steve Barron", "Sam Neill"),
    ];
    for (n, (name, director, actor)) in (1..).zip(films) {
        let people = Title { directors: vec![director.to_owned()], cast: vec![actor.to_owned()], ..film(name, n) };
        let title = store.titles().record(&Title { popularity: n.into(), ..people }).await.unwrap();
        post_matched(&store, at(FILMS, n as i32), n.into(), title, vec![]).await;
    }
    let cases: [(&str, &[&str]); 7] = [
        ("Buster Keaton", &["So Funny It Hurt: Buster Keaton", "The General", "Sherlock Jr."]),
        ("bruckman", &["The General"]),
        ("F. W. Murnau", &["Nosferatu"]),
        ("max shreck", &["Nosferatu"]),
        ("keaton schreck", &[]),
        // A title with one error comes before a person with none, whose name it is part of.
        ("merlan", &["Merlin"]),
        ("merlin", &["Merlin"]),
    ];
    for (typed, wanted) in cases {
        assert_eq!(found(&store, typed).await, wanted, "{typed}");
    }
    // Who is no longer named is no longer found.
    store.titles().record(&Title { popularity: 4, cast: vec![], ..film("Nosferatu", 4) }).await.unwrap();
    assert!(found(&store, "schreck").await.is_empty());
}

pub async fn a_search_of_a_thousand_words_is_cut(home: &Home) {
    let store = home.watching().await;
    add(&store, &post(at(FILMS, 1), 1, "lake holiday.mp4", "")).await;
    let title = store.titles().record(&film("Nosferatu", 1)).await.unwrap();
    post_matched(&store, at(FILMS, 2), 2, title, vec![]).await;
    let long = |word: &str| vec![word; 1_000].join(" ");
    assert_eq!(unmatched(&store, Some(&long("lake"))).await, ["lake holiday.mp4"]);
    assert!(unmatched(&store, Some(&long("sea"))).await.is_empty());
    for text in [long("a"), long("nosferatu"), "n".repeat(100_000), "\0\u{202e}".repeat(1_000)] {
        let _ = found(&store, &text).await;
        let _ = unmatched(&store, Some(&text)).await;
    }
}

const DIRTY: &str = "Night\u{202e}\u{1b}[1m.mkv";

/// Makes of a store what the version before would have left.
async fn age(home: &Home) {
    let older = |text: &str| text.replace("7.mkv", "7\\u001b[1m\u{202e}.mkv").replace("Duane", "Du\u{202e}ane");
    match &home.location {
        Database::Embedded { dir } => {
            let file = rusqlite::Connection::open(dir.join("cinepost.db")).unwrap();
            file.execute_batch(
                "UPDATE entries SET posted = posted >> 31; UPDATE filed SET latest = latest >> 31;
                 UPDATE titles SET names = '^ ' || json_extract(document, '$.name') || ' $', search_key = NULL;
                 INSERT INTO title_tokens(title_tokens) VALUES('delete-all');",
            )
            .unwrap();
            for table in ["entries", "titles"] {
                let read = format!("SELECT rowid, document FROM {table}");
                let rows: Vec<(i64, String)> = file
                    .prepare(&read)
                    .unwrap()
                    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
                    .unwrap()
                    .map(Result::unwrap)
                    .collect();
                for (id, text) in rows {
                    let write = format!("UPDATE {table} SET document = ? WHERE rowid = ?");
                    file.execute(&write, (older(&text), id)).unwrap();
                }
            }
            file.execute("UPDATE channels SET title = ? WHERE chat = ?", (DIRTY, FILMS)).unwrap();
        }
        Database::Mongo { uri } => {
            let database = mongodb::Client::with_uri_str(uri).await.unwrap().default_database().unwrap();
            let records = |name| database.collection::<Document>(name);
            for (name, date) in [("entries", "posted"), ("titles", "latest")] {
                let mut found = records(name).find(doc! {}).await.unwrap();
                while found.advance().await.unwrap() {
                    let record: Document = found.deserialize_current().unwrap();
                    let mut set = doc! { "document": older(record.get_str("document").unwrap()) };
                    if let Ok(moment) = record.get_i64(date) {
                        set.insert(date, moment >> 31);
                    }
                    if name == "titles" {
                        set.insert("names", "^ x $");
                        set.insert("grams", vec!["^ x"]);
                    }
                    records(name).update_one(doc! { "_id": record.get("_id") }, doc! { "$set": set }).await.unwrap();
                }
            }
            records("channels").update_one(doc! { "_id": FILMS }, doc! { "$set": { "title": DIRTY } }).await.unwrap();
        }
    }
}

pub async fn a_store_of_the_version_before_is_renewed(home: &Home) {
    let store = home.watching().await;
    fill_at_once(&store).await;
    // Hidden while it is brought up, and there again afterwards.
    let hidden = store.titles().record(&film("hidden", 77)).await.unwrap();
    post_matched(&store, at(SHOWS, 400), 400, hidden, vec![]).await;
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    let revision = get(&store, at_once(3).1.id).await.revision;
    drop(store);
    age(home).await;
    make_older(home, 4).await;

    let store = home.open().await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, newest_first(1..=6, ""));
    assert_eq!(found(&store, "duane jones").await.len(), 6, "people are found");
    assert_eq!(found(&store, "4").await, ["4"], "titles still are");
    assert_eq!(unmatched(&store, None).await[5], "7 [1m.mkv", "what harms is gone");
    assert_eq!(unmatched(&store, Some("7 1m mkv")).await.len(), 1, "and it is found as it is now");
    let (_, title) = store.titles().find(Kind::Movie, "tt0000003".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(title.cast, ["Duane Jones"]);
    let channels = store.channels().all().await.unwrap();
    assert!(channels.iter().any(|channel| channel.title == "Night [1m.mkv"), "{channels:?}");
    assert_eq!(get(&store, at_once(3).1.id).await.revision, revision, "nothing is looked up again");
    assert_eq!(get(&store, at_once(3).1.id).await.posted, 1_700_000_000);
    let id = post(at(SHOWS, 400), 400, "", "").1.id;
    assert_eq!(get(&store, id).await.posted, 400, "a hidden one keeps its date");
    store.channels().set_active(chat(SHOWS), true).await.unwrap();
    assert_eq!(names(&store, &movies(Order::Newest)).await.last().map(String::as_str), Some("hidden"));
    drop(store);
    // And only once.
    let store = home.open().await;
    assert_eq!(get(&store, at_once(3).1.id).await.posted, 1_700_000_000);
    assert_eq!(found(&store, "duane jones").await.len(), 7);
}
