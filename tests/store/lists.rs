//! Lists made by hand.

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::{Order, Query, Reach};
use cinepost::domain::list::{ByIds, List, ListId, Listed};
use cinepost::domain::person::{Actor, NewPerson, Person, PersonId, Role};
use cinepost::domain::title::{Episode, Kind, Title};
use cinepost::flows::library::Library;
use cinepost::flows::lists::{Change, Error, Lists};

use crate::Home;
use crate::samples::*;

fn listed(kind: Kind, ids: &[&str]) -> Vec<Listed> {
    ids.iter().map(|id| Listed { kind, id: id.parse().unwrap() }).collect()
}

async fn a_list_of(store: &Store, titles: Vec<Listed>) -> List {
    let list = store.lists().add("Autumn").await.unwrap().expect("made");
    assert!(store.lists().put(&List { titles, ..list.clone() }).await.unwrap());
    store.lists().get(list.id).await.unwrap().unwrap()
}

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

pub async fn a_list_shows_what_is_here_of_it_in_its_order(home: &Home) {
    let store = home.watching().await;
    let episode =
        Episode { season: 1, number: 1, name: String::new(), overview: String::new(), aired: None, still: None };
    let show = Title { kind: Kind::Series, episodes: vec![episode], ..film("Show", 9) };
    let titles = [film("Hidden", 1), tmdb(film("Night", 2), 22), tmdb(without_imdb(film("Dune", 3)), 33), show];
    let mut keys = Vec::new();
    for (n, title) in titles.iter().enumerate() {
        let key = store.titles().record(title).await.unwrap();
        let channel = if title.name == "Hidden" { SHOWS } else { FILMS };
        post_matched(&store, at(channel, n as i32 + 1), n as i64 + 1, key, vec![]).await;
        keys.push(key);
    }
    store.titles().record(&film("Gone", 5)).await.unwrap();
    // A series under a film's number, ids that nobody knows, and a film that got another id since.
    let films =
        listed(Kind::Movie, &["tmdb:33", "tt0000005", "tmdb:22", "tt0000001", "tt0000009", "tmdb:7", "tt0000002"]);
    let shows = listed(Kind::Series, &["tt0000009", "tt0000002", "tmdb:33"]);
    let all = [films.clone(), shows.clone()].concat();

    let here = store.catalog().here(&all, &Reach::All).await.unwrap();
    let mut wanted = vec![(films[0], keys[2]), (films[2], keys[1]), (films[3], keys[0]), (films[6], keys[1])];
    wanted.push((shows[0], keys[3]));
    assert_eq!(here, wanted.into_iter().collect());
    let narrow = Reach::Only([chat(FILMS)].into());
    let here = store.catalog().here(&all, &narrow).await.unwrap();
    assert!(here.len() == 4 && !here.contains_key(&films[3]), "{here:?}");
    assert!(store.catalog().here(&all, &Reach::Only([].into())).await.unwrap().is_empty());
    assert!(store.catalog().here(&[], &Reach::All).await.unwrap().is_empty());
    let slim =
        store.titles().without_episodes(&[keys[3], cinepost::domain::title::TitleId(99), keys[0]]).await.unwrap();
    let names: Vec<&str> = slim.iter().map(|title| title.name.as_str()).collect();
    assert!(names == ["Show", "Hidden"] && slim[0].episodes.is_empty(), "{slim:?}");

    let list = a_list_of(&store, all).await;
    let library = Library::new(store.clone());
    let names = async |library: &Library, query: Query| -> Vec<String> {
        let page = library.listed(list.id, &Person::owner("Olga"), &query).await.unwrap();
        page.into_iter().map(|title| title.name).collect()
    };
    let films = movies(Order::Newest);
    assert_eq!(names(&library, films.clone()).await, ["Dune", "Night", "Hidden"], "each once");
    assert_eq!(names(&library, Query { skip: 1, limit: 1, ..films.clone() }).await, ["Night"]);
    assert_eq!(names(&library, Query::all(Kind::Series, Order::Newest)).await, ["Show"]);
    let guest = |reach| Person { reach, ..NewPerson::called("Anna", Role::Guest, 0).with_id(PersonId(2)) };
    let seen = library.seen_by(&guest(narrow)).await.unwrap();
    assert_eq!(names(&seen, films).await, ["Dune", "Night"]);
}

pub async fn a_list_is_offered_for_the_kinds_that_are_here_of_it(home: &Home) {
    let store = home.watching().await;
    let night = store.titles().record(&film("Night", 600)).await.unwrap();
    post_matched(&store, at(FILMS, 1), 1, night, vec![]).await;
    // Behind hundreds that are not here.
    let mut titles: Vec<Listed> = (1..=400).flat_map(|n| listed(Kind::Movie, &[&format!("tmdb:{n}")])).collect();
    let first = a_list_of(&store, titles.clone()).await;
    titles.extend(listed(Kind::Movie, &["tt0000600"]));
    titles.extend(listed(Kind::Series, &["tt0000600"]));
    let second = store.lists().add("Winter").await.unwrap().expect("made");
    assert!(store.lists().put(&List { titles, ..second.clone() }).await.unwrap());
    let library = Library::new(store.clone());
    let offered = async |person: &Person| -> Vec<(ListId, Vec<Kind>)> {
        let seen = library.seen_by(person).await.unwrap();
        seen.lists(person).await.unwrap().into_iter().map(|(list, kinds)| (list.id, kinds)).collect()
    };
    assert_eq!(offered(&Person::owner("Olga")).await, [(first.id, vec![]), (second.id, vec![Kind::Movie])]);
    let shows = Reach::Only([chat(SHOWS)].into());
    let guest = Person { reach: shows, ..NewPerson::called("Anna", Role::Guest, 0).with_id(PersonId(2)) };
    assert_eq!(offered(&guest).await, [(first.id, vec![]), (second.id, vec![])]);
}

pub async fn a_title_is_taken_out_by_any_id_that_it_ever_had(home: &Home) {
    let store = home.watching().await;
    let lists = Lists::new(store.clone());
    store.titles().record(&tmdb(without_imdb(film("Night", 1)), 10331)).await.unwrap();
    let ids = listed(Kind::Movie, &["tmdb:10331", "tmdb:404", "tt0000001", "tmdb:5"]);
    let list = a_list_of(&store, [ids, listed(Kind::Series, &["tmdb:5"])].concat()).await;
    // The provider has learned another one since.
    store.titles().record(&tmdb(film("Night", 1), 10331)).await.unwrap();
    let take = async |text: &str, kind| {
        let list = store.lists().get(list.id).await.unwrap().unwrap();
        let (title, _) = lists.title_in(&list, text, kind).await?;
        lists.change(list.id, &Change::TakeOut(title), Actor::Terminal, 0).await.map(|(list, _)| list.titles)
    };
    let both = listed(Kind::Movie, &["tmdb:404", "tmdb:5"]);
    let series = listed(Kind::Series, &["tmdb:5"]);
    assert_eq!(take("tt0000001", None).await.unwrap(), [both, series.clone()].concat(), "under either id");
    assert!(matches!(take("tt0000001", None).await, Err(Error::NotThere(_))));
    assert!(matches!(take("tmdb:5", None).await, Err(Error::FilmAndSeries(_))));
    assert_eq!(
        take("tmdb:5", Some(Kind::Movie)).await.unwrap(),
        [listed(Kind::Movie, &["tmdb:404"]), series.clone()].concat()
    );
    assert_eq!(take("tmdb:404", None).await.unwrap(), series, "though nobody knows it");
    assert!(take("tmdb:5", None).await.unwrap().is_empty());
}

pub async fn a_walk_meets_every_title_that_is_seen_once(home: &Home) {
    let store = home.watching().await;
    let mut keys = Vec::new();
    for n in 1..=5 {
        let kind = if n == 4 { Kind::Series } else { Kind::Movie };
        let title = Title { kind, ..film("Film", n) };
        let key = store.titles().record(&title).await.unwrap();
        let channel = if n == 2 { SHOWS } else { FILMS };
        post_matched(&store, at(channel, n as i32), n.into(), key, vec![]).await;
        keys.push(key);
    }
    store.titles().record(&film("Gone", 9)).await.unwrap();
    let walk = async |limit: u32, reach: &Reach| {
        let (mut met, mut after) = (Vec::new(), None);
        loop {
            let page = store.catalog().behind(after, limit, reach).await.unwrap();
            assert!(page.len() <= limit as usize && page.iter().all(|(_, title)| title.episodes.is_empty()));
            let Some((last, _)) = page.last() else { return met };
            // What is posted meanwhile moves nothing.
            post_matched(&store, at(FILMS, 100 + met.len() as i32), 100 + met.len() as i64, keys[0], vec![]).await;
            after = Some(*last);
            met.extend(page.into_iter().map(|(id, _)| id));
        }
    };
    for limit in [1, 2, 100] {
        assert_eq!(walk(limit, &Reach::All).await, keys, "{limit}");
    }
    let seen: Vec<_> = keys.iter().copied().filter(|key| *key != keys[1]).collect();
    assert_eq!(walk(2, &Reach::Only([chat(FILMS)].into())).await, seen);
    assert!(walk(2, &Reach::Only([].into())).await.is_empty());
}

pub async fn a_whole_name_means_a_title_and_nothing_less_does(home: &Home) {
    let store = home.watching().await;
    let lists = Lists::new(store.clone());
    let living = Title { original_name: Some("Die Nacht".to_owned()), ..film("Night of the Living Dead", 1) };
    let acted = Title { cast: vec!["Buster Keaton".to_owned()], ..film("The General", 2) };
    for (n, title) in [living, acted, film("Dune", 3), film("Dune", 4)].iter().enumerate() {
        let key = store.titles().record(title).await.unwrap();
        post_matched(&store, at(FILMS, n as i32 + 1), n as i64 + 1, key, vec![]).await;
    }
    for text in ["night of the LIVING dead", "Night of the Living Dead!", "die nacht", "tt0000001"] {
        assert_eq!(lists.title(text, None).await.unwrap().name, "Night of the Living Dead", "{text}");
    }
    for (text, wanted) in [("night of the", "tt0000001"), ("livng dead", "tt0000001"), ("Buster Keaton", "tt0000002")] {
        let error = lists.title(text, None).await.expect_err("less than a name");
        assert!(matches!(&error, Error::NotWhole { .. }) && error.to_string().contains(wanted), "{text}: {error}");
    }
    assert!(matches!(lists.title("dune", None).await, Err(Error::Several { found, .. }) if found.len() == 2));
    assert!(matches!(lists.title("Nosferatu", None).await, Err(Error::NoTitle(_))));
    // Of those, one is in the list.
    let list = a_list_of(&store, listed(Kind::Movie, &["tt0000004"])).await;
    let (dune, _) = lists.title_in(&list, "dune", None).await.unwrap();
    assert_eq!(dune, ByIds::of(&film("Dune", 4)));
    assert!(matches!(lists.title_in(&list, "the general", None).await, Err(Error::NotThere(_))));
}
