//! What looking into files found, and which of them wait for it.

use cinepost::domain::catalog::{Order, Query, Shelf};
use cinepost::domain::entry::{EntryId, Inside, Probe, Reason, Status, Unknown};
use cinepost::domain::post::DocumentId;
use cinepost::domain::title::TitleId;
use media::{Audio, Facts, Kind, Track};

use super::Home;
use super::samples::*;
use cinepost::adapters::store::Store;

const READER: u16 = 1;

fn facts(languages: &[&str]) -> Probe {
    let track = |language: &&str| {
        let language = Some((*language).to_owned());
        Track { kind: Kind::Audio(Audio { channels: 6, ..Audio::default() }), language, ..Track::default() }
    };
    let tracks = languages.iter().map(track).collect();
    let facts = Facts { tracks, duration_ms: Some(5_760_000), ..Facts::default() };
    Probe { by: READER, at: NOW, hash: Some(u64::MAX), found: Inside::Facts(Box::new(facts)) }
}

fn unknown() -> Probe {
    Probe { by: READER, at: NOW, hash: None, found: Inside::Unknown(Unknown::Container) }
}

async fn due(store: &Store, reader: u16, now: i64) -> Vec<(EntryId, u32)> {
    let found = store.probes().due(reader, now, 10).await.unwrap();
    found.into_iter().map(|(entry, tries)| (entry.id, tries)).collect()
}

/// Posts a file that nobody has matched.
async fn post_for_review(store: &Store, message: i32, reason: Reason) -> EntryId {
    let post = post(at(FILMS, message), message.into(), &format!("{message}.mkv"), "");
    add(store, &post).await;
    settle(store, post.1.id, Status::Review { reason }).await;
    post.1.id
}

pub async fn what_a_probe_found_stays_with_the_file(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night", 1)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    assert_eq!(get(&store, id).await.probe, None);
    assert!(store.probes().record(id, &facts(&["en"]), Some(&[1, 2, 3])).await.unwrap());
    assert_eq!(get(&store, id).await.probe, Some(facts(&["en"])));
    assert_eq!(store.catalog().entries_of(title, None).await.unwrap()[0].probe, Some(facts(&["en"])));
    assert_eq!(store.probes().key_frames(id).await.unwrap(), Some(vec![1, 2, 3]));

    // Another caption and another message change no byte of it.
    add(&store, &post(at(FILMS, 1), 7, "7.mkv", "another caption")).await;
    add(&store, &post(at(FILMS, 2), 7, "7.mkv", "another caption")).await;
    settle(&store, id, Status::Matched { title, parts: vec![], how: None }).await;
    assert_eq!(get(&store, id).await.probe, Some(facts(&["en"])));
    assert_eq!(due(&store, READER, NOW).await, []);

    assert!(store.probes().record(id, &unknown(), None).await.unwrap());
    assert_eq!(get(&store, id).await.probe, Some(unknown()));
    assert_eq!(store.probes().key_frames(id).await.unwrap(), None);

    store.probes().record(id, &facts(&[]), Some(&[9])).await.unwrap();
    store.posts().remove(&[at(FILMS, 1), at(FILMS, 2)]).await.unwrap();
    assert_eq!(store.probes().key_frames(id).await.unwrap(), None, "it went with the file");
    assert!(!store.probes().record(id, &facts(&[]), Some(&[9])).await.unwrap(), "nobody has it any more");
    assert_eq!(store.probes().key_frames(id).await.unwrap(), None);
    assert_eq!(post_matched(&store, at(FILMS, 3), 7, title, vec![]).await, id);
    assert_eq!(due(&store, READER, NOW).await, [(id, 0)], "posted again, it is looked into again");
}

pub async fn files_that_nobody_looked_into_are_found_newest_first(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night", 1)).await.unwrap();
    let old = post_matched(&store, at(FILMS, 1), 1, title, vec![]).await;
    let untitled = post_for_review(&store, 2, Reason::NoTitle).await;
    let new = post_matched(&store, at(FILMS, 3), 3, title, vec![]).await;
    // No film, a piece of one, what nobody wants, and what waits for its title.
    post_for_review(&store, 4, Reason::NotVideo { mime: "text/plain".to_owned() }).await;
    for (document, status) in [(5, Status::Volume), (6, Status::Ignored { reason: None }), (7, Status::fresh())] {
        let place = at(FILMS, document);
        add(&store, &post(place, document.into(), &format!("{document}.mkv"), "")).await;
        settle(&store, EntryId::from_documents(&[DocumentId(document.into())]), status).await;
    }
    // One that nobody sees.
    post_matched(&store, at(SHOWS, 9), 9, title, vec![]).await;
    store.channels().set_active(chat(SHOWS), false).await.unwrap();

    assert_eq!(due(&store, READER, NOW).await, [(new, 0), (untitled, 0), (old, 0)]);
    assert_eq!(store.probes().due(READER, NOW, 1).await.unwrap().len(), 1);
    assert_eq!(store.probes().count_due(READER, 10).await.unwrap(), 3);
    assert_eq!(store.probes().count_due(READER, 2).await.unwrap(), 2, "counts no further than it is asked to");

    store.probes().postpone(new, 2, NOW + 60).await.unwrap();
    assert_eq!(due(&store, READER, NOW).await, [(untitled, 0), (old, 0)]);
    assert_eq!(due(&store, READER, NOW + 60).await, [(new, 2), (untitled, 0), (old, 0)]);
    assert_eq!(store.probes().count_due(READER, 10).await.unwrap(), 3);

    store.probes().record(old, &unknown(), None).await.unwrap();
    assert_eq!(due(&store, READER, NOW).await, [(untitled, 0)], "what nobody can read is not looked into again");
    assert!(store.probes().again(old).await.unwrap());
    assert_eq!(due(&store, READER, NOW).await, [(untitled, 0), (old, 0)]);
    assert_eq!(get(&store, old).await.probe, Some(unknown()), "it stands until a better one comes");
    assert!(!store.probes().again(EntryId::from_documents(&[DocumentId(99)])).await.unwrap());
}

pub async fn a_newer_reader_finds_what_older_ones_looked_into(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night", 1)).await.unwrap();
    let [first, second, third] = [1, 2, 3].map(|n| (n, i64::from(n)));
    let first = post_matched(&store, at(FILMS, first.0), first.1, title, vec![]).await;
    let second = post_matched(&store, at(FILMS, second.0), second.1, title, vec![]).await;
    let third = post_matched(&store, at(FILMS, third.0), third.1, title, vec![]).await;
    store.probes().postpone(third, 4, NOW).await.unwrap();
    store.probes().record(third, &facts(&[]), None).await.unwrap();
    store.probes().record(second, &Probe { by: 2, ..facts(&[]) }, None).await.unwrap();
    assert_eq!(due(&store, 1, NOW).await, [(first, 0)]);
    assert_eq!(due(&store, 2, NOW).await, [(first, 0), (third, 0)], "what nobody looked into comes first");
    assert_eq!(due(&store, 3, NOW).await, [(first, 0), (third, 0), (second, 0)]);
    assert_eq!(store.probes().count_due(3, 10).await.unwrap(), 3);
}

pub async fn titles_stand_where_their_tracks_are_spoken(home: &Home) {
    let language = |code: &str| Query { shelf: Some(Shelf::Language(code.to_owned())), ..movies(Order::Newest) };
    let store = home.watching().await;
    let night: TitleId = store.titles().record(&film("Night", 1)).await.unwrap();
    let (source, entry) = post(at(FILMS, 1), 1, "1.mkv", "");
    add(&store, &(source, entry.clone())).await;
    let mut read = get(&store, entry.id).await;
    read.release.languages = vec!["de".to_owned()];
    store.entries().settle(&read, &Status::Matched { title: night, parts: vec![], how: None }).await.unwrap();
    assert_eq!(names(&store, &language("de")).await, ["Night"]);

    store.probes().record(entry.id, &facts(&["fr", "pt-BR"]), None).await.unwrap();
    assert!(names(&store, &language("de")).await.is_empty(), "its name says so, and no track does");
    assert_eq!(names(&store, &language("fr")).await, ["Night"]);
    assert_eq!(names(&store, &language("pt")).await, ["Night"]);
    store.probes().record(entry.id, &unknown(), None).await.unwrap();
    assert_eq!(names(&store, &language("de")).await, ["Night"]);
}
