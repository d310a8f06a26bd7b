//! What titles are put together by because of their files, and the orders beside the newest and the best.

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::{Order, Query, Shelf};
use cinepost::domain::entry::{EntryId, SeriesPart, Status};
use cinepost::domain::post::ChatId;
use cinepost::domain::title::{Kind, Title, TitleId};
use release_name::Release;

use crate::Home;
use crate::older::make_older;
use crate::samples::*;

fn language(code: &str) -> Query {
    Query { shelf: Some(Shelf::Language(code.to_owned())), ..movies(Order::Newest) }
}

fn channel(chat: ChatId) -> Query {
    Query { shelf: Some(Shelf::Channel(chat)), ..movies(Order::Newest) }
}

/// Posts a file in which these languages are spoken, and matches it.
async fn post_in(store: &Store, message: i32, title: TitleId, languages: &[&str]) -> EntryId {
    let (source, entry) = post(at(FILMS, message), message.into(), &format!("{message}.mkv"), "");
    add(store, &(source, entry.clone())).await;
    let mut read = get(store, entry.id).await;
    let languages = languages.iter().map(|code| (*code).to_owned()).collect();
    read.release = Release { languages, ..read.release };
    let status = Status::Matched { title, parts: vec![], how: None };
    assert!(store.entries().settle(&read, &status).await.unwrap());
    entry.id
}

pub async fn titles_stand_where_their_languages_are_spoken(home: &Home) {
    let store = home.watching().await;
    let [night, dune] = [("Night", 1), ("Dune", 2)].map(|(name, id)| film(name, id));
    let night = store.titles().record(&night).await.unwrap();
    let dune = store.titles().record(&dune).await.unwrap();
    post_in(&store, 1, night, &["de", "en"]).await;
    post_in(&store, 2, dune, &["en"]).await;
    post_in(&store, 3, dune, &[]).await;
    assert_eq!(names(&store, &language("en")).await, ["Dune", "Night"]);
    assert_eq!(names(&store, &language("de")).await, ["Night"]);
    assert!(names(&store, &language("fr")).await.is_empty());
    // Only a file that is gone spoke German.
    store.posts().remove(&[at(FILMS, 1)]).await.unwrap();
    assert!(names(&store, &language("de")).await.is_empty());
    // A name that is read anew, under the same title.
    post_in(&store, 4, night, &["fr"]).await;
    assert_eq!(names(&store, &language("fr")).await, ["Night"]);
    store.titles().record(&Title { rating: Some(9), ..film("Night", 1) }).await.unwrap();
    assert_eq!(names(&store, &language("fr")).await, ["Night"], "what the provider says anew leaves them there");
}

pub async fn titles_stand_in_the_channels_of_their_files(home: &Home) {
    let store = home.watching().await;
    let night = store.titles().record(&film("Night", 1)).await.unwrap();
    post_matched(&store, at(FILMS, 9), 9, night, vec![]).await;
    assert_eq!(names(&store, &channel(chat(FILMS))).await, ["Night"]);
    assert!(names(&store, &channel(chat(SHOWS))).await.is_empty());
    // An older message of the same file elsewhere makes it no newer.
    add(&store, &post(at(SHOWS, 2), 9, "9.mkv", "")).await;
    assert_eq!(names(&store, &channel(chat(SHOWS))).await, ["Night"]);
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    assert!(names(&store, &channel(chat(SHOWS))).await.is_empty());
    store.channels().set_active(chat(SHOWS), true).await.unwrap();
    assert_eq!(names(&store, &channel(chat(SHOWS))).await, ["Night"]);
    store.posts().remove(&[at(SHOWS, 2)]).await.unwrap();
    assert!(names(&store, &channel(chat(SHOWS))).await.is_empty());
    assert_eq!(names(&store, &channel(chat(FILMS))).await, ["Night"]);
}

pub async fn popular_titles_come_first(home: &Home) {
    let store = home.watching().await;
    for (n, (popularity, genre)) in [(5, "Drama"), (70, "Horror"), (5, "Horror"), (0, "Drama")].into_iter().enumerate()
    {
        let n = n as i32 + 1;
        let known = Title { popularity, genres: vec![genre.to_owned()], ..film(&n.to_string(), n as u32) };
        let title = store.titles().record(&known).await.unwrap();
        post_matched(&store, at(FILMS, n), n.into(), title, vec![]).await;
    }
    let popular = movies(Order::Popularity);
    assert_eq!(names(&store, &popular).await, ["2", "3", "1", "4"]);
    assert_eq!(names(&store, &Query { skip: 2, limit: 1, ..popular.clone() }).await, ["1"]);
    let horror = Query { genre: Some("Horror".to_owned()), ..popular.clone() };
    assert_eq!(names(&store, &horror).await, ["2", "3"]);
    store.titles().record(&Title { popularity: 90, genres: vec!["Horror".to_owned()], ..film("3", 3) }).await.unwrap();
    assert_eq!(names(&store, &horror).await, ["3", "2"]);
    let behind = Query { skip: 1, ..popular };
    assert_eq!(names(&store, &behind).await, ["2", "1", "4"]);
}

pub async fn an_episode_that_was_not_there_brings_its_series_up(home: &Home) {
    let store = home.watching().await;
    let episode = |number| vec![SeriesPart::Episode { season: 1, number }];
    let mut shows = Vec::new();
    for (name, id) in [("A", 1), ("B", 2), ("C", 3)] {
        shows.push(store.titles().record(&Title { kind: Kind::Series, ..film(name, id) }).await.unwrap());
    }
    post_matched(&store, at(SHOWS, 1), 1, shows[0], episode(1)).await;
    post_matched(&store, at(SHOWS, 2), 2, shows[1], episode(1)).await;
    // Nobody knows which episode this one is.
    post_matched(&store, at(SHOWS, 3), 3, shows[2], vec![]).await;
    let query = Query::all(Kind::Series, Order::NewEpisodes);
    assert_eq!(names(&store, &query).await, ["B", "A"]);
    post_matched(&store, at(SHOWS, 4), 4, shows[0], episode(1)).await;
    assert_eq!(names(&store, &query).await, ["B", "A"], "another release of an episode is no news");
    let newest = Query::all(Kind::Series, Order::Newest);
    assert_eq!(names(&store, &newest).await, ["A", "C", "B"]);
    post_matched(&store, at(SHOWS, 5), 5, shows[0], episode(2)).await;
    assert_eq!(names(&store, &query).await, ["A", "B"]);
    assert_eq!(names(&store, &Query { skip: 1, ..query.clone() }).await, ["B"]);
    store.posts().remove(&[at(SHOWS, 5)]).await.unwrap();
    assert_eq!(names(&store, &query).await, ["B", "A"]);
}

pub async fn each_viewer_goes_on_where_their_own_page_ended(home: &Home) {
    let store = home.watching().await;
    for n in 1..=6 {
        let title = store.titles().record(&film(&n.to_string(), n as u32)).await.unwrap();
        post_matched(&store, at(FILMS, n), n.into(), title, vec![]).await;
    }
    let page = |viewer, skip| Query { viewer, skip, limit: 3, ..movies(Order::Newest) };
    assert_eq!(names(&store, &page(1, 0)).await, ["6", "5", "4"]);
    let new = store.titles().record(&film("new", 99)).await.unwrap();
    post_matched(&store, at(FILMS, 99), 99, new, vec![]).await;
    assert_eq!(names(&store, &page(2, 0)).await, ["new", "6", "5"]);
    assert_eq!(names(&store, &page(1, 3)).await, ["3", "2", "1"], "another's page moves nobody's place");
    assert_eq!(names(&store, &page(2, 3)).await, ["4", "3", "2"]);
}

pub async fn titles_of_an_older_store_are_filed_by_their_files(home: &Home) {
    let store = home.watching().await;
    let night = store.titles().record(&film("Night", 1)).await.unwrap();
    post_in(&store, 1, night, &["de"]).await;
    drop(store);
    make_older(home, 11).await;
    let store = home.open().await;
    for query in [language("de"), channel(chat(FILMS)), movies(Order::Popularity), movies(Order::Newest)] {
        assert_eq!(names(&store, &query).await, ["Night"], "{query:?}");
    }
}

pub async fn a_large_older_store_is_filed_and_found_anew(home: &Home) {
    let store = home.watching().await;
    // More than are read at once.
    for n in 1..=503 {
        let title = store.titles().record(&film(&format!("Night {n:03}"), n as u32)).await.unwrap();
        post_matched(&store, at(FILMS, n), n.into(), title, vec![]).await;
    }
    drop(store);
    make_older(home, 11).await;
    let store = home.open().await;
    for name in ["Night 001", "Night 500", "Night 501", "Night 503"] {
        assert_eq!(found(&store, name).await[0], name);
    }
    let last = Query { skip: 500, ..channel(chat(FILMS)) };
    assert_eq!(names(&store, &last).await, ["Night 003", "Night 002", "Night 001"]);
}
