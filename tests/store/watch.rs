//! Which instance watches.

use cinepost::adapters::store::Store;
use cinepost::adapters::store::watch::Record;
use cinepost::domain::watch::{Instance, Lease};

use crate::Home;
use crate::samples::*;

fn instance(id: &str) -> Instance {
    Instance { id: id.to_owned(), name: format!("machine of {id}") }
}

pub async fn one_instance_has_the_watch_until_it_lets_it_end(home: &Home) {
    let store = home.open().await;
    let watch = store.watch();
    let take = async |id: &str, now: i64| {
        let lease = watch.take(&instance(id), now, now + 20, None).await.unwrap();
        (lease.instance.id, lease.since, lease.ends)
    };
    let is = |id: &str, since: i64, ends: i64| (id.to_owned(), since, ends);
    assert_eq!(take("one", NOW).await, is("one", NOW, NOW + 20));
    if !store.is_shared() {
        return;
    }
    assert_eq!(take("two", NOW + 1).await, is("one", NOW, NOW + 20));
    assert_eq!(take("one", NOW + 2).await, is("one", NOW, NOW + 22), "renewed");
    assert_eq!(take("two", NOW + 21).await, is("one", NOW, NOW + 22));
    assert_eq!(take("two", NOW + 22).await, is("two", NOW + 22, NOW + 42), "it ended");
    assert_eq!(take("one", NOW + 23).await, is("two", NOW + 22, NOW + 42));

    watch.give_up(&instance("one")).await.unwrap();
    assert_eq!(take("one", NOW + 24).await, is("two", NOW + 22, NOW + 42), "nobody gives up what another one has");
    watch.give_up(&instance("two")).await.unwrap();
    assert_eq!(take("one", NOW + 25).await, is("one", NOW + 25, NOW + 45));
}

pub async fn of_many_that_want_the_watch_one_gets_it(home: &Home) {
    let store = home.open().await;
    if !store.is_shared() {
        return;
    }
    for round in 0..5 {
        let now = NOW + round * 20;
        let all = (0..8).map(|n| {
            let store = store.clone();
            tokio::spawn(
                async move { store.watch().take(&instance(&n.to_string()), now, now + 20, None).await.unwrap() },
            )
        });
        let leases: Vec<_> = futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
        assert!(leases.iter().all(|lease| *lease == leases[0] && lease.ends == now + 20), "{leases:?}");
    }
}

pub async fn a_lease_whose_clock_runs_ahead_is_taken_when_it_is_not_renewed(home: &Home) {
    let store = home.open().await;
    if !store.is_shared() {
        return;
    }
    let watch = store.watch();
    let take =
        async |id: &str, now: i64, dead: Option<&Lease>| watch.take(&instance(id), now, now + 20, dead).await.unwrap();
    let hour = 60 * 60;
    let seen = take("ahead", NOW + hour, None).await;
    assert_eq!(take("ahead", NOW + hour + 2, None).await.since, NOW + hour);
    let renewed = take("two", NOW + 30, Some(&seen)).await;
    assert_eq!((renewed.instance.id.as_str(), renewed.ends), ("ahead", NOW + hour + 22), "it was renewed");
    let taken = take("two", NOW + 60, Some(&renewed)).await;
    assert_eq!((taken.instance.id.as_str(), taken.ends), ("two", NOW + 80));
    assert!(taken.term > renewed.term);
    assert_eq!(take("three", NOW + 61, Some(&renewed)).await, taken, "somebody was faster");
}

pub async fn the_term_of_the_watch_rises_whenever_it_goes_to_another_one(home: &Home) {
    let store = home.open().await;
    if !store.is_shared() {
        return;
    }
    let watch = store.watch();
    let term = async |id: &str, now: i64| watch.take(&instance(id), now, now + 20, None).await.unwrap().term;
    let first = term("one", NOW).await;
    assert_eq!(term("one", NOW + 2).await, first);
    assert_eq!(term("one", NOW + 60).await, first, "it ended, and nobody else had it");
    let second = term("two", NOW + 100).await;
    assert!(second > first);
    watch.give_up(&instance("two")).await.unwrap();
    assert!(term("two", NOW + 101).await > second, "who knows who had it in between");
}

/// What is kept, by name.
async fn kept(store: &Store) -> Vec<Record> {
    let mut found = store.watch().records().await.unwrap();
    found.sort();
    found
}

pub async fn whoever_watches_next_finds_the_records_of_the_last(home: &Home) {
    let store = home.open().await;
    let term = store.watch().take(&instance("one"), NOW, NOW + 20, None).await.unwrap().term;
    let record = |name: &str, value: &[u8]| (name.to_owned(), Some(value.to_vec()));
    let keep = async |records: &[Record]| assert!(store.watch().keep(term, records).await.unwrap());
    keep(&[record("a", b"1"), record("b", &[0, 255])]).await;
    keep(&[record("a", b"2"), ("c".to_owned(), None)]).await;
    let there = [record("a", b"2"), record("b", &[0, 255]), ("c".to_owned(), None)];
    assert_eq!(kept(&store).await, if store.is_shared() { &there[..] } else { &[] });
    keep(&[("a".to_owned(), None), record("c", b"3")]).await;
    keep(&[]).await;
    let there = [("a".to_owned(), None), record("b", &[0, 255]), record("c", b"3")];
    assert_eq!(kept(&store).await, if store.is_shared() { &there[..] } else { &[] });
}

pub async fn one_that_lost_the_watch_replaces_nothing_of_the_next_one(home: &Home) {
    let store = home.open().await;
    if !store.is_shared() {
        return;
    }
    let watch = store.watch();
    let record = |name: &str, value: &[u8]| (name.to_owned(), Some(value.to_vec()));
    let term = async |id: &str, now: i64| watch.take(&instance(id), now, now + 20, None).await.unwrap().term;
    let first = term("one", NOW).await;
    assert!(watch.keep(first, &[record("a", b"one"), record("b", b"one")]).await.unwrap());
    let second = term("two", NOW + 30).await;
    assert!(!watch.keep(first, &[record("a", b"late")]).await.unwrap(), "also before the next one has written");
    assert!(watch.keep(second, &[record("a", b"two"), ("b".to_owned(), None)]).await.unwrap());
    assert!(!watch.keep(first, &[record("a", b"late"), record("b", b"late"), record("c", b"late")]).await.unwrap());
    assert_eq!(kept(&store).await, [record("a", b"two"), ("b".to_owned(), None)]);
}

pub async fn thousands_of_records_are_kept_in_batches(home: &Home) {
    let store = home.open().await;
    let term = store.watch().take(&instance("one"), NOW, NOW + 20, None).await.unwrap().term;
    let records: Vec<Record> = (0..1_000).map(|n| (format!("{n:04}"), Some(vec![7; 100]))).collect();
    for batch in records.chunks(200) {
        assert!(store.watch().keep(term, batch).await.unwrap());
    }
    assert!(!store.is_shared() || kept(&store).await == records);
}
