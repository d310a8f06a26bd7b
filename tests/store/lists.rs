//! Lists made by hand.

use cinepost::domain::list::{List, ListId, Listed};
use cinepost::domain::person::PersonId;
use cinepost::domain::title::Kind;

use crate::Home;

pub async fn lists_are_kept_and_changed_by_one_at_a_time(home: &Home) {
    let store = home.open().await;
    let lists = store.lists();
    let autumn = lists.add("Autumn").await.unwrap().expect("made");
    let winter = lists.add("Winter").await.unwrap().expect("made");
    assert_eq!(lists.add("autumn").await.unwrap(), None, "one is called so");
    assert_eq!(lists.all().await.unwrap(), [autumn.clone(), winter.clone()]);
    let night = Listed { kind: Kind::Movie, id: "tt0063350".parse().unwrap() };
    let changed = List {
        name: "Herbst ✓".to_owned(),
        audience: "members".parse().unwrap(),
        people: [PersonId(4)].into(),
        titles: vec![night],
        ..autumn.clone()
    };
    assert!(lists.put(&changed).await.unwrap());
    assert!(!lists.put(&changed).await.unwrap(), "it was read before the last change");
    let kept = List { revision: 1, ..changed };
    assert_eq!(lists.get(autumn.id).await.unwrap(), Some(kept.clone()));
    assert!(!lists.put(&List { name: "WINTER".to_owned(), ..kept.clone() }).await.unwrap(), "one is called so");
    assert!(lists.add("Autumn").await.unwrap().is_some(), "that name is free again");
    assert!(lists.remove(winter.id).await.unwrap() && !lists.remove(winter.id).await.unwrap());
    assert!(!lists.put(&winter).await.unwrap());
    let next = lists.add("Winter").await.unwrap().expect("made");
    assert!(next.id > ListId(3), "a number is never given twice");
    drop(store);
    assert_eq!(home.open().await.lists().get(kept.id).await.unwrap(), Some(kept));
}
