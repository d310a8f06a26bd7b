//! People, sessions, one-time links.

use cinepost::domain::access::SecretHash;
use cinepost::domain::person::{Person, PersonId, Session};

use crate::Home;
use crate::older::make_older;
use crate::samples::*;

pub async fn people_and_settings_are_kept(home: &Home) {
    let store = home.open().await;
    assert_eq!(store.people().get(PersonId::OWNER).await.unwrap(), None);
    let name = "Ada".to_owned();
    let owner = Person { id: PersonId::OWNER, name, is_owner: true, access_version: 1, added: 0, is_removed: false };
    store.people().put(&owner).await.unwrap();
    let raised = Person { access_version: 65535, ..owner };
    store.people().put(&raised).await.unwrap();
    assert_eq!(store.people().get(PersonId::OWNER).await.unwrap(), Some(raised));

    assert_eq!(store.settings().get("language").await.unwrap(), None);
    for value in ["en", "de"] {
        store.settings().set("language", value).await.unwrap();
        assert_eq!(store.settings().get("language").await.unwrap().as_deref(), Some(value));
    }
    store.ping().await.unwrap();
}

pub async fn people_have_numbers_that_nobody_had_and_names_that_nobody_has(home: &Home) {
    let store = home.open().await;
    let owner = Person {
        id: PersonId::OWNER,
        name: "Owner".to_owned(),
        is_owner: true,
        access_version: 1,
        added: 0,
        is_removed: false,
    };
    store.people().put(&owner).await.unwrap();
    let anna = store.people().add("Anna", 5).await.unwrap().unwrap();
    assert_eq!((anna.id.0, anna.added, anna.access_version, anna.is_owner, anna.is_removed), (2, 5, 1, false, false));
    for taken in ["Anna", "ANNA", "owner"] {
        assert_eq!(store.people().add(taken, 6).await.unwrap(), None, "{taken}");
    }
    let ivan = store.people().add("Иван", 7).await.unwrap().unwrap();
    assert_eq!(store.people().add("ИВАН", 7).await.unwrap(), None);
    assert_eq!(store.people().all().await.unwrap(), [owner.clone(), anna.clone(), ivan.clone()]);

    // The one added last leaves: the name is free, the number is not.
    let left = Person { is_removed: true, ..ivan.clone() };
    store.people().put(&left).await.unwrap();
    assert_eq!(store.people().get(ivan.id).await.unwrap(), Some(left));
    let again = store.people().add("Иван", 8).await.unwrap().unwrap();
    assert_eq!(again.id.0, ivan.id.0 + 1);
    assert_eq!(store.people().all().await.unwrap(), [owner, anna, again]);

    // Eight at once get eight numbers, and one of two with the same name gets it.
    let adds = (0..16).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.people().add(&format!("Guest {}", n / 2), 9).await.unwrap() })
    });
    let mut added = Vec::new();
    for add in adds.collect::<Vec<_>>() {
        added.extend(add.await.unwrap().map(|person| person.id));
    }
    added.sort_unstable();
    added.dedup();
    assert_eq!(added.len(), 8);
}

pub async fn the_owner_of_an_older_store_keeps_their_name(home: &Home) {
    let store = home.open().await;
    let name = "Owner".to_owned();
    let owner = Person { id: PersonId::OWNER, name, is_owner: true, access_version: 7, added: 0, is_removed: false };
    store.people().put(&owner).await.unwrap();
    drop(store);
    make_older(home, 2).await;
    let store = home.open().await;
    assert_eq!(store.people().all().await.unwrap(), [owner]);
    assert_eq!(store.people().add("owner", 5).await.unwrap(), None);
    assert_eq!(store.people().add("Anna", 5).await.unwrap().map(|person| person.id), Some(PersonId::FIRST_GUEST));
}

pub async fn sessions_are_kept_and_ended(home: &Home) {
    let store = home.open().await;
    let session = |n: u8, seen: i64, ends: i64| Session {
        id: SecretHash([n; 32]),
        person: PersonId::OWNER,
        version: 3,
        created: NOW,
        seen,
        ends,
        agent: "Firefox".to_owned(),
        address: "203.0.113.5".to_owned(),
    };
    let (first, second, short) = (session(1, NOW, NOW + 50), session(2, NOW + 1, NOW + 50), session(3, NOW, NOW + 10));
    for session in [&first, &second, &short] {
        store.sessions().put(session).await.unwrap();
    }
    assert_eq!(store.sessions().get(SecretHash([1; 32])).await.unwrap(), Some(first.clone()));
    assert_eq!(store.sessions().get(SecretHash([9; 32])).await.unwrap(), None);
    assert_eq!(store.sessions().all(NOW).await.unwrap(), [second.clone(), first.clone(), short]);
    store.sessions().set_seen(SecretHash([1; 32]), NOW + 20).await.unwrap();
    let seen = Session { seen: NOW + 20, ..first };
    assert_eq!(store.sessions().all(NOW + 10).await.unwrap(), [seen, second.clone()], "one is over");
    assert!(store.sessions().remove(SecretHash([1; 32])).await.unwrap());
    assert!(!store.sessions().remove(SecretHash([1; 32])).await.unwrap());
    assert_eq!(store.sessions().get(SecretHash([1; 32])).await.unwrap(), None);
    assert_eq!(home.open().await.sessions().all(NOW).await.unwrap().len(), 2, "kept by the store");
}

pub async fn a_one_time_link_is_used_once(home: &Home) {
    let store = home.open().await;
    let link = SecretHash([7; 32]);
    assert!(!store.sign_in_links().use_up(link, NOW).await.unwrap());
    store.sign_in_links().add(link, NOW + 10).await.unwrap();
    assert!(store.sign_in_links().is_valid(link, NOW + 9).await.unwrap(), "looking does not use it up");
    assert!(!store.sign_in_links().is_valid(link, NOW + 10).await.unwrap());

    let takes = (0..16).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.sign_in_links().use_up(link, NOW).await.unwrap() })
    });
    let mut taken = 0;
    for take in takes.collect::<Vec<_>>() {
        taken += u32::from(take.await.unwrap());
    }
    assert_eq!(taken, 1);
    assert!(!store.sign_in_links().is_valid(link, NOW).await.unwrap());

    store.sign_in_links().add(link, NOW + 10).await.unwrap();
    assert!(!store.sign_in_links().use_up(link, NOW + 10).await.unwrap(), "expired");
}
