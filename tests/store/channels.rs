//! Channels, and their entries that appear and hide with them.

use cinepost::domain::catalog::Order;
use cinepost::domain::channel::Channel;

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
    let oldest: Vec<i64> = store.entries().pending(0, 3).await.unwrap().into_iter().map(|entry| entry.posted).collect();
    assert_eq!(oldest, [1, 2, 3], "oldest post first");
}

pub async fn channels_are_seeded_once(home: &Home) {
    let store = home.watching().await;
    store.channels().set_title(chat(FILMS), "Films").await.unwrap();
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    store.channels().seed(&[chat(SHOWS), chat(-1_001_500_000_003)]).await.unwrap();
    let mut channels = store.channels().all().await.unwrap();
    channels.sort_by_key(|channel| std::cmp::Reverse(channel.chat));
    let channel = |id, title: &str, active| Channel { chat: chat(id), title: title.to_owned(), active };
    assert_eq!(channels, [channel(FILMS, "Films", true), channel(SHOWS, "", false)]);

    assert!(store.channels().set_active(chat(-1_001_500_000_003), true).await.unwrap(), "a new one");
    assert!(!store.channels().set_active(chat(-1_001_500_000_004), false).await.unwrap(), "never watched");
    assert_eq!(store.channels().all().await.unwrap().len(), 3);
}
