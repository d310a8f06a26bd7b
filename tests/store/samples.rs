//! Posts and titles to test with, and short ways to ask the store.

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::{Order, Query};
use cinepost::domain::entry::{Entry, EntryId, Recorded, SeriesPart, Source, Status};
use cinepost::domain::file::{VirtualFile, Volume};
use cinepost::domain::post::{ChatId, DocumentId, PostRef};
use cinepost::domain::review::{ReviewPage, ReviewPart, ReviewQuery};
use cinepost::domain::telegram_id::Dc;
use cinepost::domain::title::{Kind, Rater, Title, TitleId, TitleIds, TmdbId};
use release_name::Release;

pub const FILMS: i64 = -1_001_500_000_001;
pub const SHOWS: i64 = -1_001_500_000_002;

/// The databases forget what expired by their own clock, so times here lie ahead of it.
pub const NOW: i64 = 4_000_000_000;

pub fn chat(id: i64) -> ChatId {
    ChatId::try_from(id).unwrap()
}

pub fn at(chat_id: i64, message: i32) -> PostRef {
    PostRef { chat: chat(chat_id), message }
}

/// A post of document `document`; its date is its message id, so later messages are newer.
pub fn post(place: PostRef, document: i64, name: &str, caption: &str) -> (Source, Entry) {
    let document = DocumentId(document);
    let id = EntryId::from_documents(&[document]);
    let entry = Entry {
        caption: caption.to_owned(),
        release: Release { title: name.to_owned(), ..Release::default() },
        duration_secs: Some(5400),
        width: Some(1920),
        posted: place.message.into(),
        ..Entry::of(id, VirtualFile::single(Volume { document, dc: Dc(4), size: 1 << 30 }), name, "video/x-matroska")
    };
    (Source { at: place, entry: id, document, date: place.message.into(), album: None, reply_to: None }, entry)
}

pub fn film(name: &str, imdb: u32) -> Title {
    Title {
        kind: Kind::Movie,
        ids: TitleIds { imdb: Some(format!("tt{imdb:07}").parse().unwrap()), tmdb: None },
        name: name.to_owned(),
        original_name: None,
        alternative_names: Vec::new(),
        year: Some(1968),
        released: None,
        ended: None,
        plot: "The dead walk.".to_owned(),
        genres: vec!["Horror".to_owned()],
        rating: Some(78),
        rated_by: Rater::Imdb,
        popularity: 1000,
        runtime_mins: Some(96),
        poster: None,
        background: None,
        logo: None,
        cast: vec!["Duane Jones".to_owned()],
        directors: Vec::new(),
        trailers: Vec::new(),
        country: None,
        collection: None,
        episodes: Vec::new(),
    }
}

pub fn tmdb(title: Title, id: u64) -> Title {
    Title { ids: TitleIds { tmdb: Some(TmdbId(id)), ..title.ids }, ..title }
}

pub fn without_imdb(title: Title) -> Title {
    Title { ids: TitleIds { imdb: None, ..title.ids }, ..title }
}

pub async fn add(store: &Store, post: &(Source, Entry)) -> Recorded {
    store.posts().record(std::slice::from_ref(post)).await.unwrap()[0]
}

pub async fn get(store: &Store, id: EntryId) -> Entry {
    store.entries().get(id).await.unwrap().unwrap()
}

pub async fn settle(store: &Store, id: EntryId, status: Status) {
    let entry = get(store, id).await;
    assert!(store.entries().settle(&entry, &status).await.unwrap());
}

/// Posts a file and matches it.
pub async fn post_matched(
    store: &Store,
    place: PostRef,
    document: i64,
    title: TitleId,
    parts: Vec<SeriesPart>,
) -> EntryId {
    let post = post(place, document, &format!("{document}.mkv"), "");
    add(store, &post).await;
    settle(store, post.1.id, Status::Matched { title, parts, how: None }).await;
    post.1.id
}

pub fn movies(order: Order) -> Query {
    Query::all(Kind::Movie, order)
}

pub async fn names(store: &Store, query: &Query) -> Vec<String> {
    store.catalog().page(query).await.unwrap().into_iter().map(|title| title.name).collect()
}

pub async fn found(store: &Store, text: &str) -> Vec<String> {
    store.catalog().search(Kind::Movie, text, 0, 20).await.unwrap().into_iter().map(|title| title.name).collect()
}

pub async fn unmatched(store: &Store, search: Option<&str>) -> Vec<String> {
    store.catalog().unmatched(search, 0, 100).await.unwrap().into_iter().map(|entry| entry.name).collect()
}

pub async fn review(store: &Store, part: ReviewPart, text: &str) -> ReviewPage {
    store
        .review()
        .page(&ReviewQuery { part, text: text.to_owned(), limit: 100, ..ReviewQuery::default() })
        .await
        .unwrap()
}

/// Names in a part of the review list.
pub async fn reviewed(store: &Store, part: ReviewPart) -> Vec<String> {
    review(store, part, "").await.rows.into_iter().map(|(entry, _)| entry.name).collect()
}
