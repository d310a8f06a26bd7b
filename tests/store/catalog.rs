//! Pages, search, and the entries of titles.

use std::collections::BTreeSet;

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::{Order, PAGE, Query};
use cinepost::domain::entry::{Entry, EntryId, SeriesPart, Status};
use cinepost::domain::title::{Kind, Title};

use crate::Home;
use crate::samples::*;

/// Titles named by number, each with one post; `change` makes them differ. Later ones are newer.
async fn fill(store: &Store, count: u32, change: impl Fn(u32, Title) -> Title) {
    let posts: Vec<_> = (1..=count as i32).map(|n| post(at(FILMS, n), n.into(), &format!("{n}.mkv"), "")).collect();
    store.posts().record(&posts).await.unwrap();
    for (n, (_, entry)) in (1..).zip(posts) {
        let title = store.titles().record(&change(n, film(&n.to_string(), n))).await.unwrap();
        settle(store, entry.id, Status::Matched { title, parts: vec![], how: None }).await;
    }
}

pub async fn titles_are_filed_by_genre_and_year(home: &Home) {
    let store = home.watching().await;
    fill(&store, 12, |n, title| {
        let mut genres = vec![if n % 2 == 0 { "Drama" } else { "Sci-Fi & Fantasy" }.to_owned()];
        genres.extend((n % 3 == 0).then(|| "Comedy".to_owned()));
        Title { genres, year: (n != 12).then_some(1990 + (n % 4) as u16), ..title }
    })
    .await;
    let cases: [(Option<&str>, Option<u16>, &[&str]); 7] = [
        (Some("Drama"), None, &["12", "10", "8", "6", "4", "2"]),
        (Some("Sci-Fi & Fantasy"), None, &["11", "9", "7", "5", "3", "1"]),
        (Some("Comedy"), None, &["12", "9", "6", "3"]),
        (None, Some(1990), &["8", "4"]),
        (Some("Drama"), Some(1990), &["8", "4"]),
        (Some("Comedy"), Some(1991), &["9"]),
        (Some("Western"), None, &[]),
    ];
    for (genre, year, wanted) in cases {
        let query = Query { genre: genre.map(str::to_owned), year, ..movies(Order::Newest) };
        assert_eq!(names(&store, &query).await, wanted, "{genre:?} {year:?}");
    }
    assert!(names(&store, &Query { kind: Kind::Series, ..movies(Order::Newest) }).await.is_empty());

    // A title that the provider files anew moves.
    store
        .titles()
        .record(&Title { genres: vec!["Western".to_owned()], year: Some(1990), ..film("12", 12) })
        .await
        .unwrap();
    let western = Query { genre: Some("Western".to_owned()), ..movies(Order::Newest) };
    assert_eq!(names(&store, &western).await, ["12"]);
    let comedy = Query { genre: Some("Comedy".to_owned()), ..movies(Order::Newest) };
    assert_eq!(names(&store, &comedy).await, ["9", "6", "3"]);
}

pub async fn both_orders_hold(home: &Home) {
    let store = home.watching().await;
    let ratings = [Some(70), None, Some(91), Some(70), Some(0)];
    fill(&store, 5, |n, title| Title { rating: ratings[n as usize - 1], ..title }).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["5", "4", "3", "2", "1"]);
    assert_eq!(names(&store, &movies(Order::Rating)).await, ["3", "4", "1", "5", "2"]);
    // A new release of an old title puts it first.
    let (title, _) = store.titles().find(Kind::Movie, "tt0000001".parse().unwrap()).await.unwrap().unwrap();
    post_matched(&store, at(FILMS, 90), 90, title, vec![]).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["1", "5", "4", "3", "2"]);
    assert_eq!(names(&store, &movies(Order::Rating)).await, ["3", "1", "4", "5", "2"]);
}

pub async fn pages_have_no_gap_and_no_repeat(home: &Home) {
    let store = home.watching().await;
    fill(&store, 250, |n, title| Title { rating: Some((n % 7) as u8), ..title }).await;
    let newest: Vec<String> = (1..=250).rev().map(|n| n.to_string()).collect();
    let mut by_rating: Vec<u32> = (1..=250).collect();
    by_rating.sort_by_key(|n| std::cmp::Reverse((n % 7, *n)));
    let by_rating: Vec<String> = by_rating.into_iter().map(|n| n.to_string()).collect();

    for (order, all) in [(Order::Newest, newest), (Order::Rating, by_rating)] {
        for limit in [100, 30, 1000] {
            let mut got = Vec::new();
            loop {
                let page = names(&store, &Query { skip: got.len() as u32, limit, ..movies(order) }).await;
                assert!(page.len() <= limit.min(PAGE) as usize);
                if page.is_empty() {
                    break;
                }
                got.extend(page);
            }
            assert_eq!(got, all, "{order:?} by {limit}");
        }
        // A place where no page ended.
        assert_eq!(names(&store, &Query { skip: 117, limit: 5, ..movies(order) }).await, all[117..122]);
        assert!(names(&store, &Query { skip: 250, ..movies(order) }).await.is_empty());
        assert!(names(&store, &Query { skip: u32::MAX, ..movies(order) }).await.is_empty());
    }
}

pub async fn pages_go_on_while_titles_come(home: &Home) {
    let store = home.watching().await;
    fill(&store, 6, |_, title| title).await;
    let page = |skip| Query { skip, limit: 3, ..movies(Order::Newest) };
    assert_eq!(names(&store, &page(0)).await, ["6", "5", "4"]);
    let new = store.titles().record(&film("new", 99)).await.unwrap();
    post_matched(&store, at(FILMS, 99), 99, new, vec![]).await;
    assert_eq!(names(&store, &page(3)).await, ["3", "2", "1"], "what came in above is no reason to see 4 again");
    assert_eq!(names(&store, &page(0)).await, ["new", "6", "5"]);
    assert_eq!(names(&store, &page(3)).await, ["4", "3", "2"]);
}

async fn fill_with_names(store: &Store) {
    let titles = [
        ("Night of the Living Dead", "Die Nacht der lebenden Toten", 1968, 50),
        ("The Matrix", "Матрица", 1999, 90),
        ("The Matrix Reloaded", "Matrix: Reloaded", 2003, 80),
        ("Amélie", "Le Fabuleux Destin d'Amélie Poulain", 2001, 40),
        ("Schindler's List", "La lista de Schindler", 1993, 70),
        ("千と千尋の神隠し", "Spirited Away", 2001, 60),
        ("It", "Es", 2017, 65),
        ("Italian Job", "", 1969, 30),
        ("M", "M – Eine Stadt sucht einen Mörder", 1931, 10),
        ("Fast & Furious", "", 2009, 55),
        ("Der Untergang", "Çöküş", 2004, 20),
        ("Dune", "", 2021, 95),
    ];
    fill(store, titles.len() as u32, |n, title| {
        let (name, other, year, popularity) = titles[n as usize - 1];
        let alternative_names = if other.is_empty() { vec![] } else { vec![other.to_owned()] };
        Title { name: name.to_owned(), alternative_names, year: Some(year), popularity, ..title }
    })
    .await;
}

pub async fn search_finds_what_people_type(home: &Home) {
    let store = home.watching().await;
    fill_with_names(&store).await;
    // typed -> the first find; None: nothing
    let cases = [
        ("night of the living dead", Some("Night of the Living Dead")),
        ("  NIGHT,  living ", Some("Night of the Living Dead")),
        ("nacht der lebenden", Some("Night of the Living Dead")),
        ("night of the living dead 1968", Some("Night of the Living Dead")),
        ("livin dea", Some("Night of the Living Dead")),
        ("matrix", Some("The Matrix")),
        ("matrix rel", Some("The Matrix Reloaded")),
        ("матрица", Some("The Matrix")),
        ("martix", Some("The Matrix")),
        ("matirx reloaded", Some("The Matrix Reloaded")),
        ("matrixx", Some("The Matrix")),
        ("mtrix", Some("The Matrix")),
        ("matrux", Some("The Matrix")),
        ("amelie", Some("Amélie")),
        ("Amélie Poulain", Some("Amélie")),
        ("schindlers list", Some("Schindler's List")),
        ("shindler list", Some("Schindler's List")),
        ("spirited", Some("千と千尋の神隠し")),
        ("千と千尋", Some("千と千尋の神隠し")),
        ("it", Some("It")),
        ("m", Some("M")),
        ("fast and furious", Some("Fast & Furious")),
        ("cokus", Some("Der Untergang")),
        ("dnue", Some("Dune")),
        ("dneu", None),
        ("duen", Some("Dune")),
        ("xylophone", None),
        ("\"'* OR ^ -", None),
        ("", None),
        ("%_", None),
    ];
    for (typed, wanted) in cases {
        assert_eq!(found(&store, typed).await.first().map(String::as_str), wanted, "{typed:?}");
    }
    assert_eq!(found(&store, "matrix").await, ["The Matrix", "The Matrix Reloaded"]);
    assert!(store.catalog().search(Kind::Series, "matrix", 0, 20).await.unwrap().is_empty());
    let second = store.catalog().search(Kind::Movie, "matrix", 1, 1).await.unwrap();
    assert_eq!(second[0].name, "The Matrix Reloaded");
}

pub async fn search_reads_every_script(home: &Home) {
    let store = home.watching().await;
    let titles = [
        ("Parasite", "기생충"),
        ("Six Degrees", "Ёлки"),
        ("Cairo Station", "باب الحديد"),
        ("You Won't Get Life Again", "ज़िंदगी ना मिलेगी दोबारा"),
        ("Your Name.", "君の名は。"),
        ("Hi, Mom", "你好，李焕英"),
        ("Ida", "Łódź 1962"),
        ("Another Round", "Druk på dansk: Årø"),
        ("Winter Sleep", "Kış Uykusu"),
        ("Hero", "英雄"),
        ("Zorba", "Αλέξης Ζορμπάς"),
    ];
    fill(&store, titles.len() as u32, |n, title| {
        let (name, original) = titles[n as usize - 1];
        Title { name: name.to_owned(), original_name: Some(original.to_owned()), ..title }
    })
    .await;
    let cases = [
        ("기생충", "Parasite"),
        ("기생", "Parasite"),
        ("기", "Parasite"),
        ("елки", "Six Degrees"),
        ("ёлки", "Six Degrees"),
        ("бабки елки", ""),
        ("بَاب الحَدِيد", "Cairo Station"),
        ("الحديد", "Cairo Station"),
        ("الحدد", "Cairo Station"),
        ("ज़िंदगी", "You Won't Get Life Again"),
        ("मिलेगी दोबारा", "You Won't Get Life Again"),
        ("君の名は", "Your Name."),
        ("君の", "Your Name."),
        ("君", "Your Name."),
        ("李焕英", "Hi, Mom"),
        ("你好", "Hi, Mom"),
        ("英雄", "Hero"),
        ("lodz", "Ida"),
        ("aro", "Another Round"),
        ("kis uykusu", "Winter Sleep"),
        ("kis uykuso", "Winter Sleep"),
        ("ζορμπας", "Zorba"),
        ("ζορμας", "Zorba"),
    ];
    let mut wrong = Vec::new();
    for (typed, wanted) in cases {
        let first = found(&store, typed).await.into_iter().next().unwrap_or_default();
        if first != wanted {
            wrong.push((typed, first));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

pub async fn search_sees_the_catalog_only(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Nosferatu", 1)).await.unwrap();
    assert!(found(&store, "nosferatu").await.is_empty(), "no file of it is here");
    post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    assert_eq!(found(&store, "nosferatu").await, ["Nosferatu"]);
    let renamed = Title { name: "Vampyr".to_owned(), popularity: 7, ..film("", 1) };
    store.titles().record(&renamed).await.unwrap();
    assert!(found(&store, "nosferatu").await.is_empty());
    assert_eq!(found(&store, "vampyr").await, ["Vampyr"]);
}

pub async fn unmatched_is_searched_by_name_and_caption(home: &Home) {
    let store = home.watching().await;
    add(&store, &post(at(FILMS, 1), 1, "VID_0001.mp4", "Café at the lake")).await;
    add(&store, &post(at(FILMS, 2), 2, "holiday 100%.mp4", "")).await;
    let cases: [(Option<&str>, &[&str]); 6] = [
        (None, &["holiday 100%.mp4", "VID_0001.mp4"]),
        (Some("lake cafe"), &["VID_0001.mp4"]),
        (Some("HOLI"), &["holiday 100%.mp4"]),
        (Some("%"), &["holiday 100%.mp4", "VID_0001.mp4"]),
        (Some("vid.0001"), &["VID_0001.mp4"]),
        (Some("lake holiday"), &[]),
    ];
    for (typed, wanted) in cases {
        assert_eq!(unmatched(&store, typed).await, wanted, "{typed:?}");
    }
    let second: Vec<Entry> = store.catalog().unmatched(None, 1, 1).await.unwrap();
    assert_eq!(second[0].name, "VID_0001.mp4");
}

pub async fn packs_hold_each_episode_of_their_season(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&Title { kind: Kind::Series, ..film("Show", 1) }).await.unwrap();
    let episode = |season, number| SeriesPart::Episode { season, number };
    let pack = SeriesPart::Season { season: 1 };
    let one = post_matched(&store, at(SHOWS, 1), 1, title, vec![episode(1, 1)]).await;
    let double = post_matched(&store, at(SHOWS, 2), 2, title, vec![episode(1, 2), episode(1, 3)]).await;
    let season = post_matched(&store, at(SHOWS, 3), 3, title, vec![pack]).await;
    let special = post_matched(&store, at(SHOWS, 4), 4, title, vec![episode(0, 0)]).await;

    let cases: [((u16, u16), &[EntryId]); 6] = [
        ((1, 1), &[one, season]),
        ((1, 2), &[double, season]),
        ((1, 3), &[double, season]),
        ((1, 9), &[season]),
        ((0, 0), &[special]),
        ((2, 1), &[]),
    ];
    for (at, wanted) in cases {
        let got: BTreeSet<EntryId> =
            store.catalog().entries_of(title, Some(at)).await.unwrap().into_iter().map(|entry| entry.id).collect();
        assert_eq!(got, wanted.iter().copied().collect(), "{at:?}");
    }
    assert_eq!(store.catalog().entries_of(title, None).await.unwrap().len(), 4);
    let places: BTreeSet<SeriesPart> = store.catalog().parts_of(title).await.unwrap().into_iter().collect();
    assert_eq!(places, [episode(0, 0), episode(1, 1), episode(1, 2), episode(1, 3), pack].into());
    let series = Query { kind: Kind::Series, ..movies(Order::Newest) };
    assert_eq!(names(&store, &series).await, ["Show"]);
    assert_eq!(store.catalog().counts().await.unwrap().series, 1);

    store.posts().remove(&[at(SHOWS, 3), at(SHOWS, 4)]).await.unwrap();
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    assert!(store.catalog().parts_of(title).await.unwrap().is_empty());
    store.channels().set_active(chat(SHOWS), true).await.unwrap();
    assert_eq!(store.catalog().parts_of(title).await.unwrap().len(), 3);
}
