//! What is there for somebody who sees some channels only.

use cinepost::adapters::store::Store;
use cinepost::domain::audience::Audience;
use cinepost::domain::catalog::{Order, PAGE, Query, Reach};
use cinepost::domain::entry::{Entry, EntryId, SeriesPart, Status};
use cinepost::domain::file::VirtualFile;
use cinepost::domain::person::{NewPerson, Person, PersonId, Role};
use cinepost::domain::post::DocumentId;
use cinepost::domain::title::{Kind, Title, TitleId};
use cinepost::domain::volumes::Joined;

use crate::Home;
use crate::samples::*;

fn only(chats: &[i64]) -> Reach {
    Reach::Only(chats.iter().map(|id| chat(*id)).collect())
}

async fn titled(store: &Store, title: Title) -> TitleId {
    store.titles().record(&title).await.unwrap()
}

/// A film of two volumes, one in each channel.
async fn split_film(store: &Store, title: TitleId) {
    let posts = [(FILMS, 1), (SHOWS, 2)]
        .map(|(channel, n)| post(at(channel, 70 + n), 70 + i64::from(n), &format!("Nosferatu.1922.mkv.00{n}"), ""));
    for post in &posts {
        add(store, post).await;
    }
    let volumes: Vec<_> = posts.iter().map(|(_, entry)| entry.file.volumes()[0]).collect();
    let documents: Vec<DocumentId> = volumes.iter().map(|volume| volume.document).collect();
    let (_, template) = post(at(FILMS, 71), 71, "Nosferatu.1922.mkv", "");
    let id = EntryId::from_documents(&documents);
    let film = Entry { id, file: VirtualFile::new(volumes).unwrap(), ..template };
    let set = "nosferatu.1922.mkv";
    let volumes = store.volumes().in_set(set).await.unwrap();
    let volumes = volumes.into_iter().map(|(entry, _)| (entry.id, entry.revision, Status::Volume)).collect();
    assert!(store.volumes().join(set, &Joined { volumes, films: Vec::new(), entries: vec![film] }).await.unwrap());
    settle(store, id, Status::Matched { title, parts: Vec::new(), how: None }).await;
}

/// Names in both orders, by search, and of what is unmatched.
async fn seen(store: &Store, reach: &Reach) -> [Vec<String>; 4] {
    let page = async |order| names_in(store, &movies(order), reach).await;
    let found = store.catalog().search_in(Kind::Movie, "night", reach, 0, 20).await.unwrap();
    let unmatched = store.catalog().unmatched_in(None, reach, 0, 100).await.unwrap();
    [
        page(Order::Newest).await,
        page(Order::Rating).await,
        found.into_iter().map(|title| title.name).collect(),
        unmatched.into_iter().map(|entry| entry.name).collect(),
    ]
}

async fn names_in(store: &Store, query: &Query, reach: &Reach) -> Vec<String> {
    store.catalog().page_in(query, reach).await.unwrap().into_iter().map(|title| title.name).collect()
}

pub async fn who_sees_some_channels_finds_what_is_in_them_and_nothing_else(home: &Home) {
    let store = home.watching().await;
    let mine = titled(&store, film("Night Mine", 1)).await;
    let other = titled(&store, film("Night Other", 2)).await;
    let both = titled(&store, film("Night Both", 3)).await;
    let split = titled(&store, film("Night Split", 4)).await;
    let mine_file = post_matched(&store, at(FILMS, 1), 1, mine, vec![]).await;
    post_matched(&store, at(SHOWS, 2), 2, other, vec![]).await;
    let (first, second) = (post(at(FILMS, 3), 3, "both.mkv", ""), post(at(SHOWS, 4), 3, "both.mkv", ""));
    add(&store, &first).await;
    add(&store, &second).await;
    settle(&store, first.1.id, Status::Matched { title: both, parts: vec![], how: None }).await;
    // One file of this film lies here, the better one there.
    let better = post_matched(&store, at(SHOWS, 5), 5, mine, vec![]).await;
    split_film(&store, split).await;
    for (channel, n) in [(FILMS, 80), (SHOWS, 81)] {
        let post = post(at(channel, n), n.into(), &format!("unmatched.{n}.mkv"), "");
        add(&store, &post).await;
        let reason = cinepost::domain::entry::Reason::NoTitle;
        settle(&store, post.1.id, Status::Review { reason }).await;
    }
    let series = titled(&store, Title { kind: Kind::Series, ..film("Night Series", 9) }).await;
    let part = |number| SeriesPart::Episode { season: 1, number };
    post_matched(&store, at(FILMS, 90), 90, series, vec![part(1)]).await;
    post_matched(&store, at(SHOWS, 91), 91, series, vec![part(2)]).await;

    let text = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let films = only(&[FILMS]);
    let newest = text(&["Night Mine", "Night Both"]);
    let [by_date, by_rating, mut found, unmatched] = seen(&store, &films).await;
    found.sort_by_key(|name| std::cmp::Reverse(name.clone()));
    assert_eq!([by_date, by_rating, found], [newest.clone(), newest.clone(), newest]);
    assert_eq!(unmatched, text(&["unmatched.80.mkv"]));
    assert_eq!(store.catalog().parts_in(series, &films).await.unwrap(), [part(1)]);
    let files = |title, reach| {
        let store = store.clone();
        async move {
            store.catalog().entries_in(title, None, &reach).await.unwrap().into_iter().map(|e| e.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(files(mine, films.clone()).await, [mine_file], "the better one is not there");
    assert_eq!(files(mine, only(&[SHOWS])).await, [better]);
    assert!(files(other, films.clone()).await.is_empty() && files(split, films.clone()).await.is_empty());
    for (episode, wanted) in [((1, 1), 1), ((1, 2), 0)] {
        assert_eq!(store.catalog().entries_in(series, Some(episode), &films).await.unwrap().len(), wanted);
    }
    // Who sees both channels sees what they make together, and all as if nothing was kept from them.
    let everything = seen(&store, &Reach::All).await;
    assert_eq!(everything[0].len(), 4);
    assert_eq!(seen(&store, &only(&[FILMS, SHOWS])).await, everything);
    assert_eq!(seen(&store, &only(&[])).await, [const { Vec::<String>::new() }; 4]);
    assert!(store.channels().set_active(chat(FILMS), false).await.unwrap());
    assert_eq!(
        seen(&store, &films).await,
        [const { Vec::<String>::new() }; 4],
        "a removed channel shows nobody anything"
    );
}

pub async fn pages_of_who_sees_some_channels_have_no_gap_and_no_repeat(home: &Home) {
    let store = home.watching().await;
    for n in 1..=330_i32 {
        let title =
            titled(&store, Title { rating: Some((n % 7) as u8 * 10), ..film(&format!("Film {n:03}"), n as u32) }).await;
        // A stretch of a hundred and more that they do not see, and else every third.
        let channel = if n % 3 == 0 && !(100..230).contains(&n) { FILMS } else { SHOWS };
        post_matched(&store, at(channel, n), n.into(), title, vec![]).await;
    }
    let films = only(&[FILMS]);
    for order in [Order::Newest, Order::Rating] {
        let page = async |skip, limit| names_in(&store, &Query { skip, limit, ..movies(order) }, &films).await;
        let mut all = Vec::new();
        loop {
            let names = page(all.len() as u32, 20).await;
            if names.is_empty() {
                break;
            }
            all.extend(names);
        }
        assert_eq!(all.len(), 67, "{order:?}");
        // Where no page ended before, rows are counted off.
        assert_eq!(page(33, 7).await, all[33..40], "{order:?}");
        assert_eq!(page(0, PAGE).await, all, "{order:?}");
        let everything = names_in(&store, &Query { skip: 20, ..movies(order) }, &Reach::All).await;
        assert_eq!(everything.len(), PAGE as usize, "their page ends are not everybody's");
        assert_eq!(
            everything[0],
            names_in(&store, &Query { skip: 0, limit: 21, ..movies(order) }, &Reach::All).await[20]
        );
    }
}

pub async fn a_channel_is_there_for_those_that_it_is_for(home: &Home) {
    let store = home.watching().await;
    let person = |role, reach| Person { reach, ..NewPerson::called("Anna", role, 0).with_id(PersonId(2)) };
    let (guest, member) = (person(Role::Guest, Reach::All), person(Role::Member, Reach::All));
    assert_eq!(store.reach_of(&guest).await.unwrap(), Reach::All, "nothing was said of any channel");

    let members = "members".parse().unwrap();
    assert!(store.set_audience(chat(SHOWS), members).await.unwrap());
    assert!(!store.set_audience(chat(SHOWS), members).await.unwrap());
    assert_eq!(store.reach_of(&guest).await.unwrap(), only(&[FILMS]));
    assert_eq!(store.reach_of(&member).await.unwrap(), Reach::All);
    assert_eq!(store.reach_of(&person(Role::Guest, only(&[SHOWS]))).await.unwrap(), only(&[SHOWS]), "given by name");
    // One that is added later is for everybody.
    store.channels().set_active(chat(-1_001_500_000_003), true).await.unwrap();
    assert_eq!(store.reach_of(&guest).await.unwrap(), only(&[FILMS, -1_001_500_000_003]));

    drop(store);
    let store = home.open().await;
    store.set_audience(chat(FILMS), "owner".parse().unwrap()).await.unwrap();
    assert_eq!(store.reach_of(&member).await.unwrap(), only(&[SHOWS, -1_001_500_000_003]));
    assert_eq!(store.reach_of(&Person::owner("Olga")).await.unwrap(), Reach::All);
    for channel in [FILMS, SHOWS] {
        assert!(store.set_audience(chat(channel), Audience::EVERYBODY).await.unwrap());
    }
    assert_eq!(store.reach_of(&guest).await.unwrap(), Reach::All);
    // What nobody can read opens nothing.
    store.settings().set("audiences", "{\"-1001500000001\":\"friends\"}").await.unwrap();
    assert!(store.reach_of(&member).await.is_err());
}

pub async fn what_others_see_keeps_nothing_from_being_found(home: &Home) {
    let store = home.watching().await;
    let films = only(&[FILMS]);
    let found = async |text| -> Vec<String> {
        let found = store.catalog().search_in(Kind::Movie, text, &films, 0, 100).await.unwrap();
        found.into_iter().map(|title| title.name).collect()
    };
    let cars = titled(&store, film("Cars", 1)).await;
    post_matched(&store, at(FILMS, 1), 1, cars, vec![]).await;
    let crash = titled(&store, film("Crash", 2)).await;
    post_matched(&store, at(SHOWS, 2), 2, crash, vec![]).await;
    assert_eq!(found("cras").await, ["Cars"], "\"cras\" begins the name of what they do not see");

    // As many as a search scores, all better known.
    for n in 1..=405 {
        let other = Title { popularity: 5000, ..film(&format!("Night {n}"), 1000 + n as u32) };
        let other = titled(&store, other).await;
        post_matched(&store, at(SHOWS, 1000 + n), 1000 + i64::from(n), other, vec![]).await;
    }
    let mine = titled(&store, Title { popularity: 1, ..film("Night Mine", 3) }).await;
    post_matched(&store, at(FILMS, 3), 3, mine, vec![]).await;
    assert_eq!(found("night").await, ["Night Mine"]);
}
