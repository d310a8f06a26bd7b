//! Channels, and their entries that appear and hide with them.

use cinepost::domain::catalog::Order;
use cinepost::domain::channel::{Channel, Holds, Profile};
use cinepost::domain::entry::EntryId;
use cinepost::domain::post::DocumentId;

use crate::Home;
use crate::samples::*;

pub async fn a_removed_channel_hides_its_entries_and_brings_them_back(home: &Home) {
    let store = home.watching().await;
    let both = store.titles().record(&film("In both", 1)).await.unwrap();
    let one = store.titles().record(&film("In one", 2)).await.unwrap();
    let in_both = post_matched(&store, at(FILMS, 1), 7, both, vec![]).await;
    add(&store, &post(at(SHOWS, 5), 7, "7.mkv", "")).await;
    let in_one = post_matched(&store, at(SHOWS, 6), 8, one, vec![]).await;
    add(&store, &post(at(SHOWS, 7), 9, "pending.mkv", "")).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["In one", "In both"]);

    assert!(store.channels().set_active(chat(SHOWS), false).await.unwrap());
    assert!(!store.channels().set_active(chat(SHOWS), false).await.unwrap());
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["In both"]);
    assert!(found(&store, "in one").await.iter().all(|name| name != "In one"));
    assert_eq!(get(&store, in_both).await.posted, 1, "the newest visible post");
    assert!(store.entries().sources(in_one).await.unwrap().is_empty());
    assert!(store.entries().get(in_one).await.unwrap().is_some(), "hidden, not forgotten");
    assert!(store.entries().pending(0, 10).await.unwrap().is_empty());
    assert!(unmatched(&store, None).await.is_empty());
    assert_eq!(store.catalog().counts().await.unwrap().files, 1);
    // A post that was on its way while the channel was removed stays hidden too.
    add(&store, &post(at(SHOWS, 8), 10, "late.mkv", "")).await;
    assert!(unmatched(&store, None).await.is_empty());

    assert!(store.channels().set_active(chat(SHOWS), true).await.unwrap());
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["In one", "In both"]);
    assert_eq!(found(&store, "in one").await, ["In one"]);
    assert_eq!(unmatched(&store, None).await, ["late.mkv", "pending.mkv"]);
    assert_eq!(get(&store, in_both).await.posted, 5);
}

pub async fn a_large_channel_is_hidden_and_shown_whole(home: &Home) {
    let store = home.watching().await;
    let posts: Vec<_> = (1..=1203).map(|n| post(at(FILMS, n), n.into(), &format!("{n}.mkv"), "")).collect();
    store.posts().record(&posts).await.unwrap();
    assert_eq!(store.catalog().counts().await.unwrap().files, 1203);
    store.channels().set_active(chat(FILMS), false).await.unwrap();
    assert_eq!(store.catalog().counts().await.unwrap().files, 0);
    store.channels().set_active(chat(FILMS), true).await.unwrap();
    assert_eq!(store.catalog().counts().await.unwrap().files, 1203);
    let newest: Vec<i64> = store.entries().pending(0, 3).await.unwrap().into_iter().map(|entry| entry.posted).collect();
    assert_eq!(newest, [1203, 1202, 1201], "newest post first");
}

pub async fn channels_are_seeded_once(home: &Home) {
    let store = home.watching().await;
    store.channels().set_title(chat(FILMS), "Films").await.unwrap();
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    store.channels().seed(&[chat(SHOWS), chat(-1_001_500_000_003)]).await.unwrap();
    let mut channels = store.channels().all().await.unwrap();
    channels.sort_by_key(|channel| std::cmp::Reverse(channel.chat));
    let channel = |id, title: &str, active| Channel {
        chat: chat(id),
        title: title.to_owned(),
        active,
        profile: Profile::default(),
    };
    assert_eq!(channels, [channel(FILMS, "Films", true), channel(SHOWS, "", false)]);

    assert!(store.channels().set_active(chat(-1_001_500_000_003), true).await.unwrap(), "a new one");
    assert!(!store.channels().set_active(chat(-1_001_500_000_004), false).await.unwrap(), "never watched");
    assert_eq!(store.channels().all().await.unwrap().len(), 3);
}

pub async fn what_the_owner_says_of_a_channel_is_kept(home: &Home) {
    let store = home.watching().await;
    let profile = Profile {
        holds: Holds::Anime,
        series: Some("tmdb:1396".parse().unwrap()),
        language: Some("ja".to_owned()),
        folder: Some("Show/Season 2".to_owned()),
    };
    assert!(store.channels().set_profile(chat(SHOWS), &profile).await.unwrap());
    assert!(!store.channels().set_profile(chat(-1_001_500_000_009), &profile).await.unwrap(), "never watched");
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    store.channels().set_title(chat(SHOWS), "Shows").await.unwrap();
    let kept = async |id| {
        let channels = store.channels().all().await.unwrap();
        channels.into_iter().find(|channel| channel.chat == chat(id)).unwrap().profile
    };
    assert_eq!(kept(SHOWS).await, profile);
    assert_eq!(kept(FILMS).await, Profile::default());
}

pub async fn what_a_channel_carries_is_walked_in_its_order(home: &Home) {
    let store = home.watching().await;
    for (message, document) in [(3, 3), (1, 1), (2, 2), (5, 1)] {
        add(&store, &post(at(FILMS, message), document, "a.mkv", "")).await;
    }
    add(&store, &post(at(SHOWS, 1), 9, "b.mkv", "")).await;
    let id = |document| EntryId::from_documents(&[DocumentId(document)]);
    let walk = async |after, limit| store.entries().in_channel(chat(FILMS), after, limit).await.unwrap();
    assert_eq!(walk(0, 3).await, [(1, id(1)), (2, id(2)), (3, id(3))]);
    assert_eq!(walk(3, 3).await, [(5, id(1))]);
    assert!(walk(5, 3).await.is_empty());
}
