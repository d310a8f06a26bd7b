//! Messages that carry no file.

use std::collections::BTreeMap;

use cinepost::domain::passed_over::{NEWEST_KEPT, PassedOver, Why};

use crate::Home;
use crate::samples::*;

fn one(chat_id: i64, message: i32, why: Why) -> PassedOver {
    PassedOver { at: at(chat_id, message), date: message.into(), why, about: format!("number {message}") }
}

pub async fn what_is_passed_over_is_counted_as_it_stands(home: &Home) {
    let store = home.watching().await;
    let counts = async |chat_id| store.passed_over().counts(chat(chat_id)).await.unwrap();
    // In several records, and in two channels.
    let some = [
        one(FILMS, 1, Why::Text),
        one(FILMS, 5_000, Why::Text),
        one(FILMS, 70_000, Why::Photo),
        one(SHOWS, 1, Why::Poll),
    ];
    for _ in 0..2 {
        store.passed_over().record(&some, &[at(FILMS, 2), at(SHOWS, 90_000)]).await.unwrap();
        assert_eq!(counts(FILMS).await, BTreeMap::from([(Why::Text, 2), (Why::Photo, 1)]));
        assert_eq!(counts(SHOWS).await, BTreeMap::from([(Why::Poll, 1)]));
    }
    let between = async |first, last| store.passed_over().between(chat(FILMS), first, last).await.unwrap();
    assert_eq!(between(1, 5_000).await, BTreeMap::from([(1, Why::Text), (5_000, Why::Text)]));
    assert_eq!(between(2, 4_999).await, BTreeMap::new());
    assert_eq!(between(5_000, 70_000).await, BTreeMap::from([(5_000, Why::Text), (70_000, Why::Photo)]));

    // An edit made a photo of words; a file was put to the other words; a message was deleted.
    store.passed_over().record(&[one(FILMS, 1, Why::Photo)], &[at(FILMS, 5_000), at(SHOWS, 1)]).await.unwrap();
    assert_eq!(counts(FILMS).await, BTreeMap::from([(Why::Photo, 2)]));
    assert!(counts(SHOWS).await.is_empty());
    let newest = store.passed_over().newest(chat(FILMS)).await.unwrap();
    assert_eq!(newest, [one(FILMS, 70_000, Why::Photo), one(FILMS, 1, Why::Photo)]);
    assert!(store.passed_over().newest(chat(SHOWS)).await.unwrap().is_empty());

    add(&store, &post(at(FILMS, 3), 3, "a.mkv", "")).await;
    add(&store, &post(at(FILMS, 4), 3, "a.mkv", "")).await;
    assert_eq!(store.posts().count(chat(FILMS)).await.unwrap(), 2);
    assert!(store.posts().remove(&[at(FILMS, 4), at(FILMS, 1)]).await.unwrap().is_empty());
    assert_eq!(store.posts().count(chat(FILMS)).await.unwrap(), 1);
}

pub async fn of_what_is_passed_over_the_newest_are_kept(home: &Home) {
    let store = home.open().await;
    let kept = NEWEST_KEPT as i32;
    // The newest first, as a sweep reads them, and then newer ones.
    for messages in [101..=100 + kept, 1..=100, 101 + kept..=110 + kept] {
        let texts: Vec<_> = messages.map(|message| one(FILMS, message, Why::Text)).collect();
        store.passed_over().record(&texts, &[]).await.unwrap();
    }
    let newest = store.passed_over().newest(chat(FILMS)).await.unwrap();
    let wanted: Vec<_> = (111..=110 + kept).rev().map(|message| one(FILMS, message, Why::Text)).collect();
    assert_eq!(newest, wanted);
    let counts = store.passed_over().counts(chat(FILMS)).await.unwrap();
    assert_eq!(counts, BTreeMap::from([(Why::Text, 110 + NEWEST_KEPT as u64)]));
}

pub async fn of_many_that_count_at_once_none_loses_anything(home: &Home) {
    let store = home.open().await;
    let all = (0..8).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            for message in (1..=20).map(|m| m * 8 + n) {
                store.passed_over().record(&[one(SHOWS, message, Why::Sticker)], &[]).await.unwrap();
            }
        })
    });
    futures_util::future::join_all(all).await.into_iter().for_each(|done| done.unwrap());
    let counts = store.passed_over().counts(chat(SHOWS)).await.unwrap();
    assert_eq!(counts, BTreeMap::from([(Why::Sticker, 160)]));
}
