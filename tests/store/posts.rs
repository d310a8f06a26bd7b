//! What messages do to entries.

use cinepost::domain::catalog::Order;
use cinepost::domain::entry::{Entry, EntryId, Recorded, Status};
use cinepost::domain::post::{DocumentId, PostRef};

use crate::Home;
use crate::samples::*;

pub async fn the_same_post_twice_is_one_entry(home: &Home) {
    let store = home.watching().await;
    let film = post(at(FILMS, 1), 7, "Night.1968.mkv", "");
    // Also within one call: a batch delivered again may overlap.
    assert_eq!(store.posts().record(&[film.clone(), film.clone()]).await.unwrap(), [Recorded::New, Recorded::Known]);
    let before = get(&store, film.1.id).await;
    assert_eq!(add(&store, &film).await, Recorded::Known);
    assert_eq!(get(&store, film.1.id).await, before);
    assert_eq!(store.entries().sources(film.1.id).await.unwrap(), [film.0]);
    assert_eq!(store.catalog().counts().await.unwrap().files, 1);
    let Entry { status, posted, .. } = before;
    assert_eq!((status, posted), (Status::fresh(), 1));
}

pub async fn one_file_in_two_channels_is_one_entry_with_two_sources(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night of the Living Dead", 63350)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    let again = [post(at(FILMS, 2), 7, "7.mkv", ""), post(at(SHOWS, 9), 7, "7.mkv", "")];
    assert_eq!(store.posts().record(&again).await.unwrap(), [Recorded::AnotherSource; 2]);

    let sources: Vec<PostRef> =
        store.entries().sources(id).await.unwrap().into_iter().map(|source| source.at).collect();
    assert_eq!(sources, [at(SHOWS, 9), at(FILMS, 2), at(FILMS, 1)], "newest first");
    let entries = store.catalog().entries_of(title, None).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].posted, 9);
    assert_eq!(entries[0].status, Status::Matched { title, parts: vec![], how: None }, "the match stays");
    let counts = store.catalog().counts().await.unwrap();
    assert_eq!((counts.files, counts.movies), (1, 1));
}

pub async fn an_edit_makes_an_entry_pending_again(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Wrong", 1)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    let before = get(&store, id).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Wrong"]);

    let edited = post(at(FILMS, 1), 7, "7.mkv", "tt0063350");
    assert_eq!(add(&store, &edited).await, Recorded::Changed);
    let after = get(&store, id).await;
    assert!(after.revision > before.revision);
    assert_eq!((after.caption.as_str(), &after.status), ("tt0063350", &Status::fresh()));
    assert!(names(&store, &movies(Order::Newest)).await.is_empty(), "a title without entries leaves the catalog");
    assert!(store.catalog().entries_of(title, None).await.unwrap().is_empty());
    assert_eq!(store.entries().pending(0, 10).await.unwrap().len(), 1);

    assert_eq!(add(&store, &post(at(FILMS, 1), 7, "Night.mkv", "tt0063350")).await, Recorded::Changed);
    assert_eq!(get(&store, id).await.name, "Night.mkv");
}

pub async fn only_the_newest_message_speaks_for_an_entry(home: &Home) {
    let store = home.watching().await;
    add(&store, &post(at(FILMS, 5), 7, "new.mkv", "")).await;
    assert_eq!(add(&store, &post(at(FILMS, 2), 7, "old.mkv", "")).await, Recorded::AnotherSource);
    assert_eq!(add(&store, &post(at(FILMS, 2), 7, "old edited.mkv", "")).await, Recorded::Known);
    let id = EntryId::from_documents(&[DocumentId(7)]);
    assert_eq!(get(&store, id).await.name, "new.mkv");
    assert_eq!(add(&store, &post(at(FILMS, 6), 7, "newest.mkv", "")).await, Recorded::Changed);
    assert_eq!(get(&store, id).await.name, "newest.mkv");

    // A message in a channel that is not watched any more does not.
    add(&store, &post(at(SHOWS, 9), 7, "shown.mkv", "")).await;
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    assert_eq!(add(&store, &post(at(FILMS, 6), 7, "mended.mkv", "")).await, Recorded::Changed);
    assert_eq!(get(&store, id).await.name, "mended.mkv");
}

pub async fn a_match_begun_before_an_edit_is_refused(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Wrong", 1)).await.unwrap();
    let first = post(at(FILMS, 1), 7, "a.mkv", "");
    add(&store, &first).await;
    let id = first.1.id;
    let stale = get(&store, id).await;
    let matched = Status::Matched { title, parts: vec![], how: None };

    add(&store, &post(at(FILMS, 1), 7, "b.mkv", "")).await;
    assert!(!store.entries().settle(&stale, &matched).await.unwrap());
    assert_eq!(get(&store, id).await.status, Status::fresh());
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());

    // Nor does it reach the file deleted meanwhile and posted again.
    let stale = get(&store, id).await;
    store.posts().remove(&[at(FILMS, 1)]).await.unwrap();
    assert!(!store.entries().settle(&stale, &matched).await.unwrap());
    add(&store, &post(at(FILMS, 2), 7, "c.mkv", "")).await;
    assert!(!store.entries().settle(&stale, &matched).await.unwrap());

    let entry = get(&store, id).await;
    for _again in 0..2 {
        assert!(store.entries().settle(&entry, &matched).await.unwrap());
        assert_eq!(names(&store, &movies(Order::Newest)).await, ["Wrong"]);
    }
}

pub async fn a_message_whose_file_is_replaced_leaves_its_entry(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Replaced", 1)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    add(&store, &post(at(FILMS, 2), 7, "7.mkv", "")).await;

    let other = post(at(FILMS, 2), 8, "8.mkv", "");
    assert_eq!(add(&store, &other).await, Recorded::New);
    assert_eq!(store.entries().sources(id).await.unwrap().len(), 1);
    assert_eq!(get(&store, id).await.posted, 1, "the message that left was its newest");

    assert_eq!(add(&store, &post(at(FILMS, 1), 8, "8.mkv", "")).await, Recorded::AnotherSource);
    assert_eq!(store.entries().get(id).await.unwrap(), None, "no message carries it any more");
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert_eq!(store.entries().sources(other.1.id).await.unwrap().len(), 2);
}

pub async fn removed_messages_take_their_entry_along(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Gone", 1)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    add(&store, &post(at(FILMS, 2), 7, "7.mkv", "")).await;

    assert_eq!(store.posts().remove(&[at(FILMS, 2), at(FILMS, 99)]).await.unwrap(), []);
    assert_eq!(get(&store, id).await.posted, 1);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Gone"]);

    assert_eq!(store.posts().remove(&[at(FILMS, 1)]).await.unwrap(), [id]);
    assert_eq!(store.posts().remove(&[at(FILMS, 1)]).await.unwrap(), [], "safe to repeat");
    assert_eq!(store.entries().get(id).await.unwrap(), None);
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert!(found(&store, "gone").await.is_empty());
    assert_eq!(store.catalog().counts().await.unwrap(), Default::default());

    // Posted again it has the same id, and the title is still known.
    assert_eq!(post_matched(&store, at(FILMS, 3), 7, title, vec![]).await, id);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Gone"]);
}

pub async fn posts_of_a_run_of_messages_are_found(home: &Home) {
    let store = home.watching().await;
    for message in [1, 3, 4, 9] {
        add(&store, &post(at(FILMS, message), message.into(), "a.mkv", "")).await;
    }
    add(&store, &post(at(SHOWS, 4), 4, "a.mkv", "")).await;
    store.posts().remove(&[at(FILMS, 3)]).await.unwrap();
    let found = store.posts().between(chat(FILMS), 2, 9).await.unwrap();
    assert_eq!(found, [post(at(FILMS, 4), 4, "", "").0, post(at(FILMS, 9), 9, "", "").0]);
    assert!(store.posts().between(chat(FILMS), 5, 8).await.unwrap().is_empty());
}
