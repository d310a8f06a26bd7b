//! Collections of films.

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::{Order, Query, Reach, Shelf};
use cinepost::domain::collection::{Collection, CollectionId};
use cinepost::domain::title::Title;

use crate::Home;
use crate::samples::*;

pub fn collection(id: u32, name: &str) -> Collection {
    Collection { id: CollectionId(id), name: name.to_owned(), poster: None, background: None }
}

fn of(id: u32) -> Query {
    Query { shelf: Some(Shelf::Collection(CollectionId(id))), ..movies(Order::Newest) }
}

async fn listed(store: &Store, reach: &Reach) -> Vec<String> {
    let page = store.collections().page(reach, 0, 100).await.unwrap();
    page.into_iter().map(|collection| collection.name).collect()
}

pub async fn collections_stand_there_with_two_films_or_more(home: &Home) {
    let store = home.watching().await;
    let part_of = |n: u32, whole: &Collection| Title { collection: Some(whole.clone()), ..film(&n.to_string(), n) };
    let (dead, ring, alone) = (collection(7, "The Dead"), collection(8, "Älter"), collection(9, "Alone"));
    let films = [(1, &dead, FILMS), (2, &dead, SHOWS), (3, &ring, FILMS), (4, &ring, FILMS), (5, &alone, FILMS)];
    for (n, whole, channel) in films {
        let title = store.titles().record(&part_of(n, whole)).await.unwrap();
        post_matched(&store, at(channel, n as i32), n.into(), title, vec![]).await;
    }
    assert_eq!(listed(&store, &Reach::All).await, ["Älter", "The Dead"], "by name, without accent and article");
    assert_eq!(names(&store, &of(7)).await, ["2", "1"]);
    let second = store.collections().page(&Reach::All, 1, 5).await.unwrap();
    assert_eq!(second, [dead]);
    assert_eq!(store.collections().get(CollectionId(9)).await.unwrap(), Some(alone));
    assert_eq!(store.collections().get(CollectionId(99)).await.unwrap(), None);
    // Whoever sees one film of it sees no collection.
    let films_only = Reach::Only([chat(FILMS)].into());
    assert_eq!(listed(&store, &films_only).await, ["Älter"]);
    assert!(listed(&store, &Reach::Only([].into())).await.is_empty());
    // What the provider says later: another name, and a film that is in another one.
    store.titles().record(&part_of(1, &collection(7, "Zombies"))).await.unwrap();
    assert_eq!(listed(&store, &Reach::All).await, ["Älter", "Zombies"]);
    store.titles().record(&part_of(4, &collection(7, "Zombies"))).await.unwrap();
    assert_eq!(listed(&store, &Reach::All).await, ["Zombies"]);
    assert_eq!(names(&store, &of(7)).await, ["4", "2", "1"]);
    // Only one film of it is still here.
    store.posts().remove(&[at(FILMS, 1), at(SHOWS, 2)]).await.unwrap();
    assert!(listed(&store, &Reach::All).await.is_empty());
}
