//! Which instance watches.

use cinepost::domain::watch::Instance;

use crate::Home;
use crate::samples::*;

fn instance(id: &str) -> Instance {
    Instance { id: id.to_owned(), name: format!("machine of {id}") }
}

pub async fn one_instance_has_the_watch_until_it_lets_it_end(home: &Home) {
    let store = home.open().await;
    let watch = store.watch();
    let take = async |id: &str, now: i64| {
        let lease = watch.take(&instance(id), now, now + 20).await.unwrap();
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
            tokio::spawn(async move { store.watch().take(&instance(&n.to_string()), now, now + 20).await.unwrap() })
        });
        let leases: Vec<_> = futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
        assert!(leases.iter().all(|lease| *lease == leases[0] && lease.ends == now + 20), "{leases:?}");
    }
}

pub async fn whoever_watches_next_finds_the_records_of_the_last(home: &Home) {
    let store = home.open().await;
    let record = |name: &str, value: &[u8]| (name.to_owned(), Some(value.to_vec()));
    store.watch().keep(&[record("a", b"1"), record("b", &[0, 255])]).await.unwrap();
    store.watch().keep(&[record("a", b"2"), ("c".to_owned(), None)]).await.unwrap();
    let mut found = store.watch().records().await.unwrap();
    found.sort();
    let shared = [record("a", b"2"), record("b", &[0, 255])];
    assert_eq!(found, if store.is_shared() { &shared[..] } else { &[] });
    store.watch().keep(&[("a".to_owned(), None), ("b".to_owned(), None)]).await.unwrap();
    assert_eq!(store.watch().records().await.unwrap(), []);
}
