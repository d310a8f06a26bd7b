//! Statuses, and what waits.

use cinepost::adapters::store::Error;
use cinepost::domain::channel::Profile;
use cinepost::domain::entry::{Entry, Named, Reason, Status};
use cinepost::domain::review::ReviewPart;

use crate::Home;
use crate::samples::*;

pub async fn statuses_decide_the_lists(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Matched", 1)).await.unwrap();
    let down = Some(Reason::ProviderDown { problem: "503".to_owned() });
    // status -> is it pending at 100, unmatched, in review?
    let cases = [
        (Status::fresh(), true, true, false),
        (Status::Pending { tries: 1, retry_at: 101, reason: down.clone() }, false, true, true),
        (Status::Pending { tries: 1, retry_at: 100, reason: down }, true, true, true),
        (Status::Review { reason: Reason::NoTitle }, false, true, true),
        (Status::Review { reason: Reason::NotVideo { mime: "text/plain".to_owned() } }, false, false, true),
        (Status::Matched { title, parts: vec![], how: None }, false, false, false),
        (Status::Ignored { reason: Some(Reason::NoTitle) }, false, false, false),
        (Status::Ignored { reason: None }, false, false, false),
    ];
    for (n, (status, pending, unmatched, review)) in (1..).zip(cases) {
        let post = post(at(FILMS, n), n.into(), "x.mkv", "");
        add(&store, &post).await;
        settle(&store, post.1.id, status.clone()).await;
        assert_eq!(get(&store, post.1.id).await.status, status);
        let is_in = |entries: Result<Vec<Entry>, Error>| entries.unwrap().iter().any(|entry| entry.id == post.1.id);
        assert_eq!(is_in(store.entries().pending(100, 100).await), pending, "pending: {status:?}");
        assert_eq!(is_in(store.catalog().unmatched(None, 0, 100).await), unmatched, "unmatched: {status:?}");
        let listed = crate::samples::review(&store, ReviewPart::All, "").await;
        let is_listed = listed.rows.iter().any(|(entry, _)| entry.id == post.1.id);
        assert_eq!(is_listed, review, "review: {status:?}");
    }
    // Each file is counted once: what waits for a provider is pending, and needs nobody.
    let counts = store.catalog().counts().await.unwrap();
    assert_eq!((counts.files, counts.pending, counts.review, counts.movies), (6, 3, 2, 1));
}

pub async fn what_a_person_has_tried_again_stays_in_the_list(home: &Home) {
    let store = home.watching().await;
    let down = Some(Reason::ProviderDown { problem: "503".to_owned() });
    let waits = Status::Pending { tries: 3, retry_at: 500, reason: down };
    for (n, status) in (1..).zip([waits, Status::Review { reason: Reason::NoTitle }]) {
        let post = post(at(FILMS, n), n.into(), "x.mkv", "");
        add(&store, &post).await;
        settle(&store, post.1.id, status.clone()).await;
        assert!(store.choices().decide(post.1.id, None).await.unwrap(), "a person says: try again");
        assert_eq!(store.entries().pending(100, 10).await.unwrap().len(), n as usize);
        // They look for what comes of it.
        let reason = status.reason().cloned();
        assert_eq!(get(&store, post.1.id).await.status, Status::Pending { tries: 0, retry_at: 0, reason });
        let listed = review(&store, ReviewPart::All, "").await;
        assert!(listed.rows.iter().any(|(entry, _)| entry.id == post.1.id));
        assert!(!store.choices().decide(post.1.id, None).await.unwrap(), "it is being looked up");
    }
}

pub async fn an_entry_keeps_what_it_was_read_as(home: &Home) {
    let store = home.watching().await;
    let (source, entry) = post(at(FILMS, 1), 7, "a.mkv", "");
    let named = Some(Named::As("folder/a.mkv".to_owned()));
    add(&store, &(source, Entry { named: named.clone(), ..entry.clone() })).await;
    let mut read = get(&store, entry.id).await;
    assert_eq!((&read.named, read.parser), (&named, 0));
    read.read_again(&Profile::default());
    let review = Status::Review { reason: Reason::NoTitle };
    assert!(store.entries().settle(&read, &review).await.unwrap());
    let stored = get(&store, entry.id).await;
    assert_eq!((stored.release, stored.parser, stored.named), (read.release, release_name::VERSION, named));
    assert_eq!(stored.status, review);
}

pub async fn entries_are_walked_in_the_order_of_their_ids(home: &Home) {
    let store = home.watching().await;
    let mut all = Vec::new();
    for n in 1..=9 {
        let post = post(at(FILMS, n), n.into(), "a.mkv", "");
        add(&store, &post).await;
        settle(&store, post.1.id, Status::Review { reason: Reason::NoTitle }).await;
        all.push(post.1.id);
    }
    let title = store.titles().record(&film("Known", 1)).await.unwrap();
    let matched = post_matched(&store, at(FILMS, 20), 20, title, vec![]).await;
    all.sort_unstable();
    assert_eq!(store.entries().under_review().await.unwrap(), all);

    all.push(matched);
    all.sort_unstable();
    let (mut walked, mut after) = (Vec::new(), None);
    loop {
        let some = store.entries().behind(after, 4).await.unwrap();
        let Some(last) = some.last() else { break };
        after = Some(last.id);
        walked.extend(some.iter().map(|entry| entry.id));
    }
    assert_eq!(walked, all);
}
