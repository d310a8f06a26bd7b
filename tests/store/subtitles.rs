//! Subtitles, and what they belong to.

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::{Order, Reach};
use cinepost::domain::entry::{EntryId, SeriesPart, Status};
use cinepost::domain::subtitles::Wanted;
use cinepost::domain::title::{Kind, Title, TitleId};

use crate::Home;
use crate::samples::*;

fn of_title(title: TitleId, parts: &[SeriesPart]) -> Status {
    Status::Subtitles { title: Some(title), parts: parts.to_vec(), beside: None, how: None }
}

fn beside(film: EntryId) -> Status {
    Status::Subtitles { title: None, parts: Vec::new(), beside: Some(film), how: None }
}

async fn posted(store: &Store, channel: i64, message: i32, name: &str, status: Status) -> EntryId {
    let post = post(at(channel, message), 500 + i64::from(message), name, "");
    add(store, &post).await;
    settle(store, post.1.id, status).await;
    post.1.id
}

/// Names of what is found, sorted.
async fn found(store: &Store, wanted: Wanted, reach: &Reach) -> Vec<String> {
    let entries = store.subtitles().of(&wanted, reach).await.unwrap();
    let mut names: Vec<String> = entries.into_iter().map(|entry| entry.name).collect();
    names.sort();
    names
}

fn wanted(title: TitleId, episode: Option<(u16, u16)>, beside: &[EntryId]) -> Wanted {
    Wanted { title: Some(title), episode, beside: beside.to_vec() }
}

pub async fn subtitles_are_found_by_what_they_belong_to(home: &Home) {
    let store = home.watching().await;
    let night = store.titles().record(&film("Night", 63350)).await.unwrap();
    let zone = Title { kind: Kind::Series, ..film("Zone", 52520) };
    let zone = store.titles().record(&zone).await.unwrap();
    let copy = post_matched(&store, at(FILMS, 1), 1, night, vec![]).await;
    let episode = |number| SeriesPart::Episode { season: 1, number };

    posted(&store, FILMS, 2, "night.en.srt", of_title(night, &[])).await;
    posted(&store, SHOWS, 3, "night.de.srt", of_title(night, &[])).await;
    posted(&store, FILMS, 4, "answer.srt", beside(copy)).await;
    posted(&store, SHOWS, 5, "s01e01-02.srt", of_title(zone, &[episode(1), episode(2)])).await;
    posted(&store, SHOWS, 6, "s01.srt", of_title(zone, &[SeriesPart::Season { season: 1 }])).await;
    let all = &Reach::All;
    assert_eq!(found(&store, wanted(night, None, &[copy]), all).await, ["answer.srt", "night.de.srt", "night.en.srt"]);
    assert_eq!(found(&store, wanted(night, None, &[]), all).await, ["night.de.srt", "night.en.srt"]);
    assert_eq!(found(&store, Wanted { beside: vec![copy], ..Wanted::default() }, all).await, ["answer.srt"]);
    assert_eq!(found(&store, wanted(zone, Some((1, 2)), &[]), all).await, ["s01.srt", "s01e01-02.srt"]);
    assert_eq!(found(&store, wanted(zone, Some((1, 3)), &[]), all).await, ["s01.srt"]);
    assert_eq!(found(&store, Wanted::default(), all).await, Vec::<String>::new());
    let films = Reach::Only([chat(FILMS)].into());
    assert_eq!(found(&store, wanted(night, None, &[copy]), &films).await, ["answer.srt", "night.en.srt"]);

    // They are no files of the title, nor anything to be looked for.
    assert_eq!(store.catalog().entries_of(night, None).await.unwrap().len(), 1);
    assert_eq!(store.catalog().entries_of(zone, Some((1, 2))).await.unwrap(), []);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);
    assert_eq!((unmatched(&store, None).await, store.entries().pending(NOW, 9).await.unwrap().len()), (vec![], 0));

    // What is decided otherwise, hidden or gone is found no more.
    let english = store.subtitles().of(&wanted(night, None, &[]), &films).await.unwrap().remove(0);
    settle(&store, english.id, of_title(zone, &[episode(3)])).await;
    assert_eq!(found(&store, wanted(night, None, &[]), all).await, ["night.de.srt"]);
    settle(&store, english.id, Status::fresh()).await;
    assert_eq!(found(&store, wanted(zone, Some((1, 3)), &[]), all).await, ["s01.srt"]);
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    assert_eq!(found(&store, wanted(night, None, &[]), all).await, Vec::<String>::new());
    store.posts().remove(&[at(FILMS, 4)]).await.unwrap();
    assert_eq!(found(&store, wanted(night, None, &[copy]), all).await, Vec::<String>::new());
}

pub async fn subtitles_go_along_when_titles_become_one(home: &Home) {
    let store = home.watching().await;
    let by_tmdb = store.titles().record(&tmdb(without_imdb(film("Night", 1)), 10331)).await.unwrap();
    let by_imdb = store.titles().record(&film("Night", 63350)).await.unwrap();
    let id = posted(&store, FILMS, 1, "night.srt", of_title(by_tmdb, &[])).await;
    let part = SeriesPart::Episode { season: 1, number: 2 };
    posted(&store, FILMS, 2, "part.srt", of_title(by_tmdb, &[part])).await;
    assert_eq!(store.titles().record(&tmdb(film("Night", 63350), 10331)).await.unwrap(), by_imdb);
    assert_eq!(get(&store, id).await.status, of_title(by_imdb, &[]));
    for title in [by_imdb, by_tmdb] {
        assert_eq!(found(&store, wanted(title, None, &[]), &Reach::All).await, ["night.srt"]);
        assert_eq!(found(&store, wanted(title, Some((1, 2)), &[]), &Reach::All).await, ["part.srt"]);
    }
    // Whoever still holds the former number goes on with the title.
    let late = posted(&store, FILMS, 3, "late.srt", of_title(by_tmdb, &[])).await;
    assert_eq!(get(&store, late).await.status, of_title(by_imdb, &[]));
}

pub async fn a_shift_of_subtitles_is_kept_with_the_file(home: &Home) {
    let store = home.watching().await;
    let (source, entry) = post(at(FILMS, 1), 1, "night.srt", "");
    add(&store, &(source.clone(), entry.clone())).await;
    let subtitles = store.subtitles();
    assert_eq!(subtitles.shift(entry.id).await.unwrap(), 0);
    subtitles.set_shift(entry.id, -1_500).await.unwrap();
    subtitles.set_shift(entry.id, 2_500).await.unwrap();
    store.posts().remove(&[source.at]).await.unwrap();
    assert_eq!(subtitles.shift(entry.id).await.unwrap(), 2_500);
    subtitles.set_shift(entry.id, 0).await.unwrap();
    assert_eq!(subtitles.shift(entry.id).await.unwrap(), 0);
}

pub async fn what_a_message_answers_is_kept(home: &Home) {
    let store = home.watching().await;
    let (source, entry) = post(at(FILMS, 5), 1, "night.srt", "");
    let source = cinepost::domain::entry::Source { reply_to: Some(4), ..source };
    add(&store, &(source.clone(), entry.clone())).await;
    assert_eq!(store.entries().sources(entry.id).await.unwrap(), std::slice::from_ref(&source));
    assert_eq!(store.posts().between(chat(FILMS), 1, 9).await.unwrap(), [source]);
    assert_eq!(store.posts().answers_to(at(FILMS, 4)).await.unwrap(), [entry.id]);
    assert_eq!(store.posts().answers_to(at(SHOWS, 4)).await.unwrap(), []);
    assert_eq!(store.posts().answers_to(at(FILMS, 5)).await.unwrap(), []);
}
