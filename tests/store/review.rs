//! The review list: parts of it, what people decide about its entries, and stores from before it had parts.

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::Order;
use cinepost::domain::entry::{Entry, EntryId, Reason, ReasonKind, Recorded, Status};
use cinepost::domain::file::VirtualFile;
use cinepost::domain::matching::Suggestion;
use cinepost::domain::post::PostRef;
use cinepost::domain::review::{ReviewPart, ReviewQuery};
use cinepost::domain::volumes::Joined;

use crate::Home;
use crate::choices::ignored_by_owner;
use crate::older::make_older;
use crate::samples::*;

fn reason(kind: ReasonKind) -> Reason {
    match kind {
        ReasonKind::NotFound => Reason::NoTitle,
        ReasonKind::Ambiguous => Reason::Ambiguous { searched: "x".to_owned(), candidates: vec![] },
        ReasonKind::NoEpisode => Reason::NoEpisode { title: Suggestion::from(&film("x", 7)) },
        ReasonKind::NotVideo => Reason::NotVideo { mime: "text/plain".to_owned() },
        ReasonKind::Volumes => Reason::MoreVolumes,
        ReasonKind::Waiting => Reason::ProviderDown { problem: "503".to_owned() },
        ReasonKind::ByChannel => Reason::Personal,
    }
}

async fn ignore(store: &Store, id: EntryId) -> bool {
    store.choices().decide(id, Some(&ignored_by_owner())).await.unwrap()
}

/// Posts a file that needs a person for this reason.
async fn add_reviewed(store: &Store, message: i32, name: &str, caption: &str, kind: ReasonKind) -> EntryId {
    let post = post(at(FILMS, message), message.into(), name, caption);
    add(store, &post).await;
    let reason = reason(kind);
    let status = match kind {
        ReasonKind::Waiting => Status::Pending { tries: 1, retry_at: 500, reason: Some(reason) },
        _ => Status::Review { reason },
    };
    settle(store, post.1.id, status).await;
    post.1.id
}

pub async fn the_review_list_is_filtered_paged_and_counted(home: &Home) {
    let store = home.watching().await;
    for (n, kind) in (1..).zip(ReasonKind::ALL) {
        add_reviewed(&store, n, &format!("{}.mkv", kind.word()), "", kind).await;
    }
    add_reviewed(&store, 8, "Beach 100%.mp4", "Café at the lake", ReasonKind::NotFound).await;
    add_reviewed(&store, 9, "Other.mp4", "lake", ReasonKind::Ambiguous).await;
    let ignored = add_reviewed(&store, 10, "Boring.mp4", "lake", ReasonKind::NotFound).await;
    assert!(ignore(&store, ignored).await);

    // What the owner wants for a whole channel needs nobody.
    let all = review(&store, ReviewPart::All, "").await;
    let counted: Vec<(ReasonKind, u64)> = ReasonKind::ALL.into_iter().zip([2, 2, 1, 1, 1, 1]).collect();
    assert_eq!((all.total, all.rows.len(), all.kinds, all.ignored), (8, 8, counted.clone(), 1));
    let cases: [(ReviewPart, &str, &[&str]); 8] = [
        (ReviewPart::Because(ReasonKind::NotFound), "", &["Beach 100%.mp4", "not-found.mkv"]),
        (ReviewPart::Because(ReasonKind::Waiting), "", &["waiting.mkv"]),
        (ReviewPart::All, "LAKE", &["Other.mp4", "Beach 100%.mp4"]),
        (ReviewPart::All, "lake cafe", &["Beach 100%.mp4"]),
        (ReviewPart::Because(ReasonKind::Ambiguous), "lake", &["Other.mp4"]),
        (ReviewPart::Because(ReasonKind::NoEpisode), "lake", &[]),
        (ReviewPart::Ignored, "lake", &["Boring.mp4"]),
        (ReviewPart::Ignored, "beach", &[]),
    ];
    for (part, text, wanted) in cases {
        let page = review(&store, part, text).await;
        let names: Vec<&str> = page.rows.iter().map(|(entry, _)| entry.name.as_str()).collect();
        assert_eq!(names, wanted, "{part:?} {text:?}");
        assert_eq!(page.total, wanted.len() as u64, "{part:?} {text:?}");
        assert_eq!((&page.kinds, page.ignored), (&counted, 1), "whatever is asked for");
    }
    let endless = "lake ".repeat(5000);
    assert_eq!(review(&store, ReviewPart::All, &endless).await.total, 2, "what nobody types is cut");
    assert_eq!(store.catalog().unmatched(Some(&endless), 0, 10).await.unwrap().len(), 2);
    let query = ReviewQuery { skip: 1, limit: 2, ..ReviewQuery::default() };
    let page = store.review().page(&query).await.unwrap();
    let posted: Vec<i64> = page.rows.iter().map(|(entry, _)| entry.posted).collect();
    assert_eq!((posted, page.total), (vec![8, 6], 8), "newest first, one skipped");
}

pub async fn the_review_list_is_narrowed_to_a_channel(home: &Home) {
    let store = home.watching().await;
    add_reviewed(&store, 1, "One.mkv", "", ReasonKind::NotFound).await;
    add_reviewed(&store, 2, "Two.mkv", "", ReasonKind::NotFound).await;
    add(&store, &post(at(SHOWS, 9), 2, "Two.mkv", "")).await;
    add_reviewed(&store, 3, "Three.mkv.002", "", ReasonKind::Volumes).await;
    let names = async |channel| {
        let query = ReviewQuery { channel, limit: 10, ..ReviewQuery::default() };
        let page = store.review().page(&query).await.unwrap();
        assert_eq!(page.total, page.rows.len() as u64, "{channel:?}");
        page.rows.into_iter().map(|(entry, _)| entry.name).collect::<Vec<_>>()
    };
    assert_eq!(names(Some(chat(FILMS))).await.len(), 3);
    assert_eq!(names(Some(chat(SHOWS))).await, ["Two.mkv"]);
    assert_eq!(names(None).await.len(), 3);
    // A film made of volumes stands where these do.
    let set = [post(at(SHOWS, 20), 20, "Film.mkv.001", ""), post(at(SHOWS, 21), 21, "Film.mkv.002", "")];
    for volume in &set {
        add(&store, volume).await;
    }
    let documents = set.each_ref().map(|(source, _)| source.document);
    let volumes = set.each_ref().map(|(_, entry)| entry.file.volumes()[0]);
    let film = Entry {
        id: EntryId::from_documents(&documents),
        file: VirtualFile::new(volumes.to_vec()).unwrap(),
        ..post(at(SHOWS, 21), 21, "Film.mkv", "").1
    };
    let parts = store.volumes().in_set("film.mkv").await.unwrap();
    let parts = parts.into_iter().map(|(entry, _)| (entry.id, entry.revision, Status::Volume)).collect();
    let joined = Joined { volumes: parts, films: vec![], entries: vec![film.clone()] };
    assert!(store.volumes().join("film.mkv", &joined).await.unwrap());
    settle(&store, film.id, Status::Review { reason: Reason::NoTitle }).await;
    assert_eq!(names(Some(chat(SHOWS))).await, ["Film.mkv", "Two.mkv"]);
    assert_eq!(names(Some(chat(FILMS))).await.len(), 3);
}

pub async fn rows_of_the_review_list_name_their_newest_post(home: &Home) {
    let store = home.watching().await;
    add_reviewed(&store, 1, "One.mkv", "", ReasonKind::NotFound).await;
    add_reviewed(&store, 2, "Two.mkv", "", ReasonKind::NotFound).await;
    add(&store, &post(at(FILMS, 5), 1, "One.mkv", "")).await;
    add(&store, &post(at(SHOWS, 9), 1, "One.mkv", "")).await;
    let posts = async || -> Vec<Option<PostRef>> {
        review(&store, ReviewPart::All, "").await.rows.into_iter().map(|(_, post)| post).collect()
    };
    assert_eq!(posts().await, [Some(at(SHOWS, 9)), Some(at(FILMS, 2))]);
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    assert_eq!(posts().await, [Some(at(FILMS, 5)), Some(at(FILMS, 2))], "in a channel that is watched");
}

pub async fn what_is_ignored_stands_nowhere_until_it_changes(home: &Home) {
    let store = home.watching().await;
    let id = add_reviewed(&store, 1, "Boring.mp4", "", ReasonKind::NotFound).await;
    assert!(ignore(&store, id).await);
    let ignored = Status::Ignored { reason: Some(Reason::NoTitle) };
    let stands_nowhere = async |store: &Store| {
        assert_eq!(get(store, id).await.status, ignored);
        assert_eq!(reviewed(store, ReviewPart::Ignored).await, ["Boring.mp4"]);
        assert!(reviewed(store, ReviewPart::All).await.is_empty());
        assert!(unmatched(store, None).await.is_empty());
        assert!(store.entries().pending(i64::MAX, 10).await.unwrap().is_empty());
        let counts = store.catalog().counts().await.unwrap();
        assert_eq!((counts.files, counts.pending, counts.review), (0, 0, 0));
    };
    stands_nowhere(&store).await;
    // The same post told again, the file forwarded once more, a channel that went and came, a
    // restart: nobody changed their mind.
    assert_eq!(add(&store, &post(at(FILMS, 1), 1, "Boring.mp4", "")).await, Recorded::Known);
    assert_eq!(add(&store, &post(at(SHOWS, 7), 1, "Boring.mp4", "")).await, Recorded::AnotherSource);
    store.channels().set_active(chat(FILMS), false).await.unwrap();
    store.channels().set_active(chat(FILMS), true).await.unwrap();
    stands_nowhere(&store).await;
    drop(store);
    let store = home.open().await;
    stands_nowhere(&store).await;

    // Put back, it is looked up again.
    assert!(store.choices().decide(id, None).await.unwrap());
    assert_eq!(reviewed(&store, ReviewPart::All).await, ["Boring.mp4"]);
    assert!(reviewed(&store, ReviewPart::Ignored).await.is_empty());
    assert_eq!(store.entries().pending(0, 10).await.unwrap().len(), 1);

    // A changed caption is looked at; whoever looks asks what was decided, and that stands.
    assert!(ignore(&store, id).await);
    assert_eq!(add(&store, &post(at(SHOWS, 7), 1, "Boring.mp4", "tt0063350")).await, Recorded::Changed);
    assert_eq!(get(&store, id).await.status, Status::fresh());
    assert_eq!(store.choices().of(id).await.unwrap(), Some(ignored_by_owner()));
    assert!(!ignore(&store, EntryId::from_bytes([9; 12])).await, "there is no such entry");
}

pub async fn ignoring_comes_before_a_match_that_is_on_its_way(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Late", 1)).await.unwrap();
    let id = add_reviewed(&store, 1, "Boring.mp4", "", ReasonKind::Waiting).await;
    let looked_at = get(&store, id).await;
    assert!(ignore(&store, id).await);
    assert!(!store.entries().settle(&looked_at, &Status::Matched { title, parts: vec![], how: None }).await.unwrap());
    assert_eq!(reviewed(&store, ReviewPart::Ignored).await, ["Boring.mp4"]);
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
}

pub async fn what_is_ignored_takes_its_title_from_the_catalog(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night", 63350)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 1, title, vec![]).await;
    let other = post_matched(&store, at(FILMS, 2), 2, title, vec![]).await;
    assert!(ignore(&store, id).await);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"], "another file of it is there");
    assert_eq!(store.catalog().entries_of(title, None).await.unwrap().len(), 1);
    assert!(ignore(&store, other).await);
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert!(found(&store, "night").await.is_empty());
    assert_eq!(reviewed(&store, ReviewPart::Ignored).await, ["2.mkv", "1.mkv"]);
    assert!(store.choices().decide(id, None).await.unwrap());
    assert_eq!(get(&store, id).await.status, Status::fresh());
    settle(&store, id, Status::Matched { title, parts: vec![], how: None }).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Night"]);
}

pub async fn reasons_of_an_older_store_are_found(home: &Home) {
    let store = home.watching().await;
    add_reviewed(&store, 1, "Two.mkv", "", ReasonKind::Ambiguous).await;
    add_reviewed(&store, 2, "Down.mkv", "", ReasonKind::Waiting).await;
    drop(store);
    make_older(home, 3).await;
    let store = home.open().await;
    let page = review(&store, ReviewPart::All, "").await;
    assert_eq!(page.kinds, [(ReasonKind::Ambiguous, 1), (ReasonKind::Waiting, 1)]);
    assert_eq!(reviewed(&store, ReviewPart::Because(ReasonKind::Waiting)).await, ["Down.mkv"]);
}
