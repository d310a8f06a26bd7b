//! Titles and their ids.

use std::collections::BTreeSet;

use cinepost::domain::catalog::Order;
use cinepost::domain::entry::Status;
use cinepost::domain::title::{Episode, Kind, MetaId, Title, TitleId};

use crate::Home;
use crate::samples::*;

pub async fn a_title_known_by_one_id_is_the_same_with_both(home: &Home) {
    let store = home.watching().await;
    let both = tmdb(film("Night", 63350), 10331);
    let (imdb, tmdb_id) = ("tt0063350".parse::<MetaId>().unwrap(), "tmdb:10331".parse::<MetaId>().unwrap());

    let id = store.titles().record(&without_imdb(both.clone())).await.unwrap();
    assert_eq!(store.titles().find(Kind::Movie, imdb).await.unwrap(), None);
    assert_eq!(store.titles().record(&both).await.unwrap(), id);
    // A provider that knows one id only takes the other one not away.
    let renamed = Title { name: "Night of the Living Dead".to_owned(), ..film("", 63350) };
    assert_eq!(store.titles().record(&renamed).await.unwrap(), id);
    for wanted in [imdb, tmdb_id] {
        let (found, title) = store.titles().find(Kind::Movie, wanted).await.unwrap().unwrap();
        assert_eq!((found, title.name.as_str(), title.ids), (id, "Night of the Living Dead", both.ids));
        assert_eq!(store.titles().find(Kind::Series, wanted).await.unwrap(), None, "films and series are apart");
    }
    // The same TMDB number is another title among series.
    let series = Title { kind: Kind::Series, ..without_imdb(both.clone()) };
    assert_ne!(store.titles().record(&series).await.unwrap(), id);

    let episode =
        Episode { season: 1, number: 2, name: "Two".to_owned(), overview: String::new(), aired: None, still: None };
    let series = Title { episodes: vec![episode], ..series };
    let id = store.titles().record(&series).await.unwrap();
    assert_eq!(store.titles().get(id).await.unwrap(), Some(series));
    assert_eq!(store.titles().get(TitleId(id.0 + 1000)).await.unwrap(), None);
}

pub async fn two_titles_that_turn_out_to_be_one_are_merged(home: &Home) {
    let store = home.watching().await;
    let by_tmdb = store.titles().record(&tmdb(without_imdb(film("Night", 1)), 10331)).await.unwrap();
    let by_imdb = store.titles().record(&film("Night", 63350)).await.unwrap();
    assert_ne!(by_tmdb, by_imdb);
    post_matched(&store, at(FILMS, 1), 7, by_tmdb, vec![]).await;
    post_matched(&store, at(FILMS, 2), 8, by_imdb, vec![]).await;

    assert_eq!(store.titles().record(&tmdb(film("Night", 63350), 10331)).await.unwrap(), by_imdb);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);
    assert_eq!(found(&store, "night").await, ["Night"]);
    assert_eq!(store.catalog().entries_of(by_imdb, None).await.unwrap().len(), 2);
    // Whoever still holds the former number goes on with the title.
    let late = post_matched(&store, at(FILMS, 3), 9, by_tmdb, vec![]).await;
    assert_eq!(get(&store, late).await.status, Status::Matched { title: by_imdb, parts: vec![], how: None });
    assert_eq!(store.catalog().entries_of(by_tmdb, None).await.unwrap().len(), 3);
    assert_eq!(store.titles().get(by_tmdb).await.unwrap(), store.titles().get(by_imdb).await.unwrap());
}

pub async fn a_corrected_id_moves_without_merging(home: &Home) {
    let store = home.watching().await;
    let wrong = store.titles().record(&tmdb(film("Wrong", 1), 10331)).await.unwrap();
    let right = store.titles().record(&film("Right", 2)).await.unwrap();
    assert_eq!(store.titles().record(&tmdb(film("Right", 2), 10331)).await.unwrap(), right);
    let (found, _) = store.titles().find(Kind::Movie, "tmdb:10331".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(found, right);
    assert_eq!(store.titles().get(wrong).await.unwrap().unwrap().ids, film("", 1).ids);
    assert_eq!(store.titles().record(&film("Wrong", 1)).await.unwrap(), wrong);
}

pub async fn concurrent_titles_give_one_id(home: &Home) {
    let store = home.watching().await;
    let given = [
        tmdb(film("Night", 63350), 10331),
        film("Night", 63350),
        tmdb(film("Night", 63350), 10331),
        film("Night", 63350),
    ];
    let puts = (0..32).map(|n| {
        let (store, title) = (store.clone(), given[n % given.len()].clone());
        tokio::spawn(async move { store.titles().record(&title).await.unwrap() })
    });
    let mut ids = BTreeSet::new();
    for put in puts.collect::<Vec<_>>() {
        ids.insert(put.await.unwrap());
    }
    assert_eq!(ids.len(), 1);
    let (_, title) = store.titles().find(Kind::Movie, "tmdb:10331".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(title.ids, given[0].ids);
}
