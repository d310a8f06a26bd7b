//! Volumes and the entries made of them, as ingest drives them.

use std::collections::BTreeSet;

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::Order;
use cinepost::domain::channel::Profile;
use cinepost::domain::entry::{Entry, EntryId, Reason, Recorded, Status};
use cinepost::domain::file::VirtualFile;
use cinepost::domain::post::DocumentId;
use cinepost::domain::review::ReviewPart;
use cinepost::domain::volumes::Joined;
use release_name::Release;

use crate::Home;
use crate::older::make_older;
use crate::samples::*;

const SET: &str = "night.mkv";

fn id(document: i64) -> EntryId {
    EntryId::from_documents(&[DocumentId(document)])
}

fn name(number: i64) -> String {
    format!("Night.mkv.{number:03}")
}

/// Posts volume `n` of the film as message and document `n`.
async fn add_volume(store: &Store, n: i32) -> Recorded {
    add(store, &post(at(FILMS, n), n.into(), &name(n.into()), "")).await
}

/// The film that the set's visible volumes make, in the order of their names.
async fn film_of(store: &Store) -> Entry {
    let mut volumes = store.volumes().in_set(SET).await.unwrap();
    volumes.sort_by_key(|(entry, _)| entry.name.clone());
    let volumes: Vec<_> = volumes.iter().map(|(entry, _)| entry.file.volumes()[0]).collect();
    let documents: Vec<_> = volumes.iter().map(|volume| volume.document).collect();
    let template = post(at(FILMS, 1), 1, "Night.mkv", "").1;
    Entry {
        id: EntryId::from_documents(&documents),
        file: VirtualFile::new(volumes).unwrap(),
        release: Release::default(),
        posted: 0,
        ..template
    }
}

/// Settles the set as far as it is read now.
async fn joined(store: &Store, entries: Vec<Entry>, status: Status) -> Joined {
    let volumes = store.volumes().in_set(SET).await.unwrap();
    let volumes = volumes.into_iter().map(|(entry, _)| (entry.id, entry.revision, status.clone())).collect();
    Joined { volumes, films: Vec::new(), entries }
}

async fn join(store: &Store) -> EntryId {
    let film = film_of(store).await;
    let joined = joined(store, vec![film.clone()], Status::Volume).await;
    assert!(store.volumes().join(SET, &joined).await.unwrap());
    film.id
}

/// Two volumes joined into a film with a title.
async fn matched(store: &Store) -> EntryId {
    let title = store.titles().record(&film("Night", 63350)).await.unwrap();
    add_volume(store, 1).await;
    add_volume(store, 2).await;
    let made = join(store).await;
    let mut read = get(store, made).await;
    read.read_again(&Profile::default());
    assert!(store.entries().settle(&read, &Status::Matched { title, parts: vec![], how: None }).await.unwrap());
    assert_eq!(names(store, &movies(Order::Newest)).await, ["Night"]);
    made
}

async fn pending(store: &Store) -> Vec<String> {
    let mut names: Vec<String> =
        store.entries().pending(0, 100).await.unwrap().into_iter().map(|entry| entry.name).collect();
    names.sort();
    names
}

pub async fn what_is_made_of_an_answer_answers_too(home: &Home) {
    let store = home.watching().await;
    for n in [1, 2] {
        let (source, entry) = post(at(FILMS, n), n.into(), &name(n.into()), "");
        let source = cinepost::domain::entry::Source { reply_to: Some(7), ..source };
        add(&store, &(source, entry)).await;
    }
    add(&store, &post(at(FILMS, 3), 3, "Other.mkv", "")).await;
    let made = join(&store).await;
    let answers = store.posts().answers_to(at(FILMS, 7)).await.unwrap();
    assert_eq!(BTreeSet::from_iter(answers), BTreeSet::from([id(1), id(2), made]));
    assert_eq!(store.posts().answers_to(at(FILMS, 1)).await.unwrap(), []);
}

pub async fn volumes_are_joined_into_entries_with_their_sources(home: &Home) {
    let store = home.watching().await;
    for n in [3, 1, 2] {
        assert_eq!(add_volume(&store, n).await, Recorded::New);
    }
    add(&store, &post(at(FILMS, 9), 9, "Other.mkv", "")).await;
    assert_eq!(pending(&store).await.len(), 4);
    assert_eq!(unmatched(&store, None).await, ["Other.mkv"], "a volume is nothing to play");
    assert_eq!(store.volumes().in_set(SET).await.unwrap().len(), 3);
    assert!(store.volumes().in_set("other.mkv").await.unwrap().is_empty());

    let made = join(&store).await;
    assert_eq!(made, EntryId::from_documents(&[1, 2, 3].map(DocumentId)));
    let entry = get(&store, made).await;
    assert_eq!((entry.status, entry.posted, entry.file.len()), (Status::fresh(), 3, 3 << 30));
    let sources: Vec<(i32, DocumentId)> = store
        .entries()
        .sources(made)
        .await
        .unwrap()
        .iter()
        .map(|source| (source.at.message, source.document))
        .collect();
    assert_eq!(sources, [(3, DocumentId(3)), (2, DocumentId(2)), (1, DocumentId(1))]);
    assert_eq!(get(&store, id(1)).await.status, Status::Volume);
    let carried = store.entries().in_channel(chat(FILMS), 0, 1).await.unwrap();
    assert_eq!(
        BTreeSet::from_iter(carried),
        BTreeSet::from([(1, id(1)), (1, made)]),
        "a volume, and what it is one of"
    );
    assert_eq!(pending(&store).await, ["Night.mkv", "Other.mkv"]);
    assert!(reviewed(&store, ReviewPart::All).await.is_empty());
    let counts = store.catalog().counts().await.unwrap();
    assert_eq!((counts.files, counts.pending, counts.review), (2, 2, 0));

    // Once more it changes nothing.
    let before = get(&store, made).await;
    assert_eq!(join(&store).await, made);
    assert_eq!(get(&store, made).await, before);
}

pub async fn what_volumes_make_lives_while_all_of_them_do(home: &Home) {
    let store = home.watching().await;
    let made = matched(&store).await;
    add(&store, &post(at(SHOWS, 7), 2, &name(2), "")).await;
    assert_eq!(store.entries().sources(made).await.unwrap().len(), 3);
    join(&store).await;
    let title = store.titles().find(cinepost::domain::title::Kind::Movie, "tt0063350".parse().unwrap()).await.unwrap();
    let title = title.unwrap().0;
    assert_eq!(get(&store, made).await.posted, 7);
    assert_eq!(
        get(&store, made).await.status,
        Status::Matched { title, parts: vec![], how: None },
        "it is the same film"
    );

    // One of two messages with a volume: nothing is lost.
    store.posts().remove(&[at(FILMS, 2)]).await.unwrap();
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);
    assert_eq!(pending(&store).await, [name(1), name(2)]);
    join(&store).await;

    assert_eq!(store.posts().remove(&[at(SHOWS, 7)]).await.unwrap(), [id(2)]);
    assert_eq!(store.entries().get(made).await.unwrap(), None);
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert!(store.entries().sources(made).await.unwrap().is_empty());
    assert_eq!(pending(&store).await, [name(1)], "what is left of it is looked at again");

    // What waits for others stands in the review list.
    let reason = Reason::MissingVolumes { files: vec![name(2)] };
    let waits = joined(&store, vec![], Status::Review { reason }).await;
    assert!(store.volumes().join(SET, &waits).await.unwrap());
    assert_eq!(reviewed(&store, ReviewPart::All).await.len(), 1);
    assert!(unmatched(&store, None).await.is_empty());

    assert_eq!(add_volume(&store, 2).await, Recorded::New);
    assert_eq!(join(&store).await, made);
    assert!(reviewed(&store, ReviewPart::All).await.is_empty());
    settle(&store, made, Status::Matched { title, parts: vec![], how: None }).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);
}

pub async fn a_set_is_looked_at_again_whenever_its_volumes_change(home: &Home) {
    let store = home.watching().await;
    matched(&store).await;
    assert!(pending(&store).await.is_empty());
    let edited = post(at(FILMS, 1), 1, &name(1), "tt0063350");
    assert_eq!(add(&store, &edited).await, Recorded::Changed);
    assert!(pending(&store).await.contains(&name(1)));
    join(&store).await;
    assert_eq!(add(&store, &edited).await, Recorded::Known);
    assert!(pending(&store).await.is_empty());

    // Beside another one in a channel where it was not.
    assert_eq!(add(&store, &post(at(SHOWS, 3), 1, &name(1), "tt0063350")).await, Recorded::AnotherSource);
    assert!(pending(&store).await.contains(&name(1)));
    join(&store).await;

    // Its message carries another file now.
    assert_eq!(add(&store, &post(at(FILMS, 2), 22, "Other.mkv", "")).await, Recorded::New);
    assert_eq!(pending(&store).await, [name(1), "Other.mkv".to_owned()]);
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
}

pub async fn a_file_that_is_made_again_as_it_was_keeps_its_title(home: &Home) {
    let store = home.watching().await;
    let made = matched(&store).await;
    let before = get(&store, made).await;
    assert_eq!(join(&store).await, made);
    assert_eq!(get(&store, made).await, before);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);
}

pub async fn a_join_begun_before_a_change_is_refused(home: &Home) {
    let store = home.watching().await;
    add_volume(&store, 1).await;
    add_volume(&store, 2).await;
    let film = film_of(&store).await;
    let stale = joined(&store, vec![film.clone()], Status::Volume).await;

    add_volume(&store, 3).await;
    assert!(!store.volumes().join(SET, &stale).await.unwrap(), "one came");
    store.posts().remove(&[at(FILMS, 3)]).await.unwrap();
    add(&store, &post(at(FILMS, 2), 2, &name(2), "edited")).await;
    assert!(!store.volumes().join(SET, &stale).await.unwrap(), "one was edited");
    let stale = joined(&store, vec![film.clone()], Status::Volume).await;
    store.posts().remove(&[at(FILMS, 2)]).await.unwrap();
    assert!(!store.volumes().join(SET, &stale).await.unwrap(), "one went");
    assert_eq!(store.entries().get(film.id).await.unwrap(), None);
    assert_eq!(pending(&store).await, [name(1)]);
}

pub async fn a_set_joined_otherwise_replaces_what_was_made_before(home: &Home) {
    let store = home.watching().await;
    let two = matched(&store).await;
    add_volume(&store, 3).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"], "it plays until more is known");
    let three = join(&store).await;
    assert_ne!(two, three);
    assert_eq!(store.entries().get(two).await.unwrap(), None);
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert_eq!(pending(&store).await, ["Night.mkv"]);

    let renamed = Entry { caption: "Night (1968)".to_owned(), ..film_of(&store).await };
    settle(&store, three, Status::Review { reason: Reason::NoTitle }).await;
    let changed = joined(&store, vec![renamed], Status::Volume).await;
    assert!(store.volumes().join(SET, &changed).await.unwrap());
    let entry = get(&store, three).await;
    assert_eq!((entry.caption.as_str(), entry.status), ("Night (1968)", Status::fresh()));

    let none = joined(&store, vec![], Status::Review { reason: Reason::MixedVolumes }).await;
    assert!(store.volumes().join(SET, &none).await.unwrap());
    assert_eq!(store.entries().get(three).await.unwrap(), None);
}

pub async fn a_hidden_channel_hides_what_its_volumes_make(home: &Home) {
    let store = home.watching().await;
    let made = matched(&store).await;
    store.channels().set_active(chat(FILMS), false).await.unwrap();
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert!(store.entries().sources(made).await.unwrap().is_empty());
    assert!(store.volumes().in_set(SET).await.unwrap().is_empty());
    assert!(pending(&store).await.is_empty());
    store.channels().set_active(chat(FILMS), true).await.unwrap();
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);
    assert_eq!(pending(&store).await, [name(1), name(2)], "who knows what came and went meanwhile");
    assert_eq!(join(&store).await, made);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"], "it is the same film");

    // Half of it in another channel.
    store.posts().remove(&[at(FILMS, 2)]).await.unwrap();
    add(&store, &post(at(SHOWS, 2), 2, &name(2), "")).await;
    assert_eq!(join(&store).await, made);
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    assert_eq!(store.catalog().counts().await.unwrap().movies, 0);
    assert!(unmatched(&store, None).await.is_empty());
    assert_eq!(pending(&store).await, [name(1)]);
}

pub async fn a_film_of_its_own_in_a_set_keeps_its_title_and_stands_where_films_do(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night", 63350)).await.unwrap();
    add(&store, &post(at(FILMS, 1), 1, "Night.part1.mkv", "")).await;
    add(&store, &post(at(FILMS, 2), 2, "Night.part2.mkv", "")).await;
    settle(&store, id(1), Status::Matched { title, parts: vec![], how: None }).await;
    settle(&store, id(2), Status::Review { reason: Reason::NoTitle }).await;
    assert_eq!(unmatched(&store, None).await, ["Night.part2.mkv"]);
    let films = [get(&store, id(1)).await, get(&store, id(2)).await].map(|entry| (entry.id, entry.revision)).to_vec();
    let joined = Joined { films: films.clone(), ..Joined::default() };
    assert!(store.volumes().join(SET, &joined).await.unwrap());
    assert_eq!(get(&store, id(2)).await.status, Status::Review { reason: Reason::NoTitle }, "it stands as it was");
    assert!(!store.volumes().join(SET, &Joined::default()).await.unwrap(), "both belong to the set");

    // Another one comes, and the first is forwarded once more: who has a title keeps it.
    add(&store, &post(at(FILMS, 3), 3, "Night.part3.mkv", "")).await;
    add(&store, &post(at(SHOWS, 4), 1, "Night.part1.mkv", "")).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);
    store.posts().remove(&[at(FILMS, 3)]).await.unwrap();
    assert_eq!(pending(&store).await, ["Night.part2.mkv"]);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);

    // They are volumes after all.
    let made = join(&store).await;
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert_eq!(get(&store, id(1)).await.status, Status::Volume);
    assert_eq!(get(&store, made).await.file.volumes().len(), 2);
}

pub async fn what_was_no_volume_before_is_filed_into_its_set(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night", 63350)).await.unwrap();
    add_volume(&store, 1).await;
    settle(&store, id(1), Status::Review { reason: Reason::MissingVolumes { files: vec![name(2)] } }).await;
    post_matched(&store, at(FILMS, 2), 2, title, vec![]).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);

    store.volumes().file(id(2), SET).await.unwrap();
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert_eq!(pending(&store).await.len(), 2, "it and those that waited for it");
    let set = store.volumes().in_set(SET).await.unwrap();
    assert_eq!(set.len(), 2);
    store.volumes().file(id(99), SET).await.unwrap();
    assert_eq!(store.volumes().in_set(SET).await.unwrap().len(), 2, "one that is gone is left alone");
}

pub async fn volumes_of_an_older_store_are_found(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night", 63350)).await.unwrap();
    for n in [1, 2] {
        add_volume(&store, n).await;
        settle(&store, id(n.into()), Status::Matched { title, parts: vec![], how: None }).await;
    }
    let other = post_matched(&store, at(FILMS, 5), 5, title, vec![]).await;
    drop(store);
    make_older(home, 1).await;

    let store = home.open().await;
    assert_eq!(pending(&store).await, [name(1), name(2)]);
    assert_eq!(store.catalog().entries_of(title, None).await.unwrap().len(), 1);
    assert_eq!(get(&store, other).await.status, Status::Matched { title, parts: vec![], how: None });
    let made = join(&store).await;
    settle(&store, made, Status::Matched { title, parts: vec![], how: None }).await;
    assert_eq!(store.catalog().entries_of(title, None).await.unwrap().len(), 2);
    drop(store);
    // And only once.
    assert!(pending(&home.open().await).await.is_empty());
}
