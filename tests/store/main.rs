//! The store's contract: one suite, run on the embedded store, and on MongoDB when TEST_MONGODB_URI is set.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod cuts;
mod older;
mod order;
mod review;
mod samples;
mod volumes;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use cinepost::adapters::store::instance::{Instance, OpenError};
use cinepost::adapters::store::{Database, Error, Store};
use cinepost::domain::access::SecretHash;
use cinepost::domain::catalog::{Order, PAGE, Query};
use cinepost::domain::channel::Channel;
use cinepost::domain::entry::{Entry, EntryId, Reason, Recorded, SeriesPart, Status};
use cinepost::domain::person::{Person, PersonId, Session};
use cinepost::domain::post::{DocumentId, PostRef};
use cinepost::domain::review::ReviewPart;
use cinepost::domain::secret::{Purpose, SecretKey};
use cinepost::domain::title::{Episode, Kind, MetaId, Title, TitleId};

use samples::*;

/// A home of its own for each test, which can be opened again and again.
struct Home {
    location: Database,
    /// Empty for MongoDB.
    dir: PathBuf,
}

impl Home {
    fn embedded() -> Self {
        let dir = temp_dir();
        Self { location: Database::Embedded { dir: dir.clone() }, dir }
    }

    /// A database of its own on the server that TEST_MONGODB_URI names. `None` when it is not set.
    fn mongo() -> Option<Self> {
        let uri = std::env::var("TEST_MONGODB_URI").ok()?;
        let (scheme, rest) = uri.split_once("://").unwrap();
        let (path, options) = rest.split_once('?').unwrap_or((rest, ""));
        let server = path.split('/').next().unwrap();
        let name = temp_dir().file_name()?.to_str()?.to_owned();
        let uri = format!("{scheme}://{server}/{name}-{:x}?{options}", rand());
        Some(Self { location: Database::Mongo { uri }, dir: PathBuf::new() })
    }

    async fn open(&self) -> Store {
        Store::open(self.location.clone()).await.unwrap()
    }

    /// Opened, with [`FILMS`] and [`SHOWS`] watched.
    async fn watching(&self) -> Store {
        let store = self.open().await;
        store.channels().seed(&[chat(FILMS), chat(SHOWS)]).await.unwrap();
        store
    }
}

impl Home {
    async fn drop_database(&self) {
        if let Database::Mongo { uri } = &self.location {
            let client = mongodb::Client::with_uri_str(uri).await.unwrap();
            client.default_database().unwrap().drop().await.unwrap();
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn temp_dir() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("cinepost-store-{}-{count}", std::process::id()))
}

/// Differs in every run: databases of earlier runs may still be there.
fn rand() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos()
}

/// Makes a test of each function, once for each home.
macro_rules! contract {
    ($($name:ident)*) => {
        mod embedded {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(&super::Home::embedded()).await;
                }
            )*
        }
        mod mongo {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    match super::Home::mongo() {
                        Some(home) => {
                            super::$name(&home).await;
                            home.drop_database().await;
                        }
                        None => eprintln!("left out: TEST_MONGODB_URI is not set"),
                    }
                }
            )*
        }
    };
}

contract! {
    the_same_post_twice_is_one_entry
    one_file_in_two_channels_is_one_entry_with_two_sources
    an_edit_makes_an_entry_pending_again
    only_the_newest_message_speaks_for_an_entry
    a_match_begun_before_an_edit_is_refused
    a_message_whose_file_is_replaced_leaves_its_entry
    removed_messages_take_their_entry_along
    a_removed_channel_hides_its_entries_and_brings_them_back
    a_large_channel_is_hidden_and_shown_whole
    channels_are_seeded_once
    statuses_decide_the_lists
    retry_takes_up_what_waits
    a_title_known_by_one_id_is_the_same_with_both
    two_titles_that_turn_out_to_be_one_are_merged
    a_corrected_id_moves_without_merging
    concurrent_titles_give_one_id
    titles_are_filed_by_genre_and_year
    both_orders_hold
    pages_have_no_gap_and_no_repeat
    pages_go_on_while_titles_come
    search_finds_what_people_type
    search_sees_the_catalog_only
    unmatched_is_searched_by_name_and_caption
    packs_hold_each_episode_of_their_season
    people_and_settings_are_kept
    people_have_numbers_that_nobody_had_and_names_that_nobody_has
    sessions_are_kept_and_ended
    of_many_first_values_of_a_setting_one_stands
    a_store_that_is_not_there_is_not_made_by_looking
    a_one_time_link_is_used_once
    answers_expire
    a_store_opened_again_holds_everything
    a_store_left_without_closing_holds_everything
    volumes_are_joined_into_entries_with_their_sources
    what_volumes_make_lives_while_all_of_them_do
    a_set_is_looked_at_again_whenever_its_volumes_change
    a_join_begun_before_a_change_is_refused
    a_set_joined_otherwise_replaces_what_was_made_before
    a_hidden_channel_hides_what_its_volumes_make
    volumes_of_an_older_store_are_found
    the_owner_of_an_older_store_keeps_their_name
    the_review_list_is_filtered_paged_and_counted
    rows_of_the_review_list_name_their_newest_post
    what_is_ignored_stands_nowhere_until_it_changes
    ignoring_comes_before_a_match_that_is_on_its_way
    what_is_ignored_takes_its_title_from_the_catalog
    reasons_of_an_older_store_are_found
    posts_of_one_second_stand_in_the_order_of_their_messages
    people_find_what_they_made
    a_search_of_a_thousand_words_is_cut
    a_store_of_the_version_before_is_renewed
}
use older::make_older;
use order::*;
use review::*;
use volumes::*;

async fn the_same_post_twice_is_one_entry(home: &Home) {
    let store = home.watching().await;
    let film = post(at(FILMS, 1), 7, "Night.1968.mkv", "");
    // Also within one call: a batch delivered again may overlap.
    assert_eq!(store.posts().record(&[film.clone(), film.clone()]).await.unwrap(), [Recorded::New, Recorded::Known]);
    let before = get(&store, film.1.id).await;
    assert_eq!(add(&store, &film).await, Recorded::Known);
    assert_eq!(get(&store, film.1.id).await, before);
    assert_eq!(store.entries().sources(film.1.id).await.unwrap(), [film.0]);
    assert_eq!(store.catalog().counts().await.unwrap().files, 1);
    let Entry { status, posted, .. } = before;
    assert_eq!((status, posted), (Status::fresh(), 1));
}

async fn one_file_in_two_channels_is_one_entry_with_two_sources(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Night of the Living Dead", 63350)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    let again = [post(at(FILMS, 2), 7, "7.mkv", ""), post(at(SHOWS, 9), 7, "7.mkv", "")];
    assert_eq!(store.posts().record(&again).await.unwrap(), [Recorded::AnotherSource; 2]);

    let sources: Vec<PostRef> =
        store.entries().sources(id).await.unwrap().into_iter().map(|source| source.at).collect();
    assert_eq!(sources, [at(SHOWS, 9), at(FILMS, 2), at(FILMS, 1)], "newest first");
    let entries = store.catalog().entries_of(title, None).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].posted, 9);
    assert_eq!(entries[0].status, Status::Matched { title, parts: vec![] }, "the match stays");
    let counts = store.catalog().counts().await.unwrap();
    assert_eq!((counts.files, counts.movies), (1, 1));
}

async fn an_edit_makes_an_entry_pending_again(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Wrong", 1)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    let before = get(&store, id).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Wrong"]);

    let edited = post(at(FILMS, 1), 7, "7.mkv", "tt0063350");
    assert_eq!(add(&store, &edited).await, Recorded::Changed);
    let after = get(&store, id).await;
    assert!(after.revision > before.revision);
    assert_eq!((after.caption.as_str(), &after.status), ("tt0063350", &Status::fresh()));
    assert!(names(&store, &movies(Order::Newest)).await.is_empty(), "a title without entries leaves the catalog");
    assert!(store.catalog().entries_of(title, None).await.unwrap().is_empty());
    assert_eq!(store.entries().pending(0, 10).await.unwrap().len(), 1);

    assert_eq!(add(&store, &post(at(FILMS, 1), 7, "Night.mkv", "tt0063350")).await, Recorded::Changed);
    assert_eq!(get(&store, id).await.name, "Night.mkv");
}

async fn only_the_newest_message_speaks_for_an_entry(home: &Home) {
    let store = home.watching().await;
    add(&store, &post(at(FILMS, 5), 7, "new.mkv", "")).await;
    assert_eq!(add(&store, &post(at(FILMS, 2), 7, "old.mkv", "")).await, Recorded::AnotherSource);
    assert_eq!(add(&store, &post(at(FILMS, 2), 7, "old edited.mkv", "")).await, Recorded::Known);
    let id = EntryId::from_documents(&[DocumentId(7)]);
    assert_eq!(get(&store, id).await.name, "new.mkv");
    assert_eq!(add(&store, &post(at(FILMS, 6), 7, "newest.mkv", "")).await, Recorded::Changed);
    assert_eq!(get(&store, id).await.name, "newest.mkv");

    // A message in a channel that is not watched any more does not.
    add(&store, &post(at(SHOWS, 9), 7, "shown.mkv", "")).await;
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    assert_eq!(add(&store, &post(at(FILMS, 6), 7, "mended.mkv", "")).await, Recorded::Changed);
    assert_eq!(get(&store, id).await.name, "mended.mkv");
}

async fn a_match_begun_before_an_edit_is_refused(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Wrong", 1)).await.unwrap();
    let first = post(at(FILMS, 1), 7, "a.mkv", "");
    add(&store, &first).await;
    let id = first.1.id;
    let stale = get(&store, id).await.revision;
    let matched = Status::Matched { title, parts: vec![] };

    add(&store, &post(at(FILMS, 1), 7, "b.mkv", "")).await;
    assert!(!store.entries().set_status(id, stale, &matched).await.unwrap());
    assert_eq!(get(&store, id).await.status, Status::fresh());
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());

    // Nor does it reach the file deleted meanwhile and posted again.
    let stale = get(&store, id).await.revision;
    store.posts().remove(&[at(FILMS, 1)]).await.unwrap();
    assert!(!store.entries().set_status(id, stale, &matched).await.unwrap());
    add(&store, &post(at(FILMS, 2), 7, "c.mkv", "")).await;
    assert!(!store.entries().set_status(id, stale, &matched).await.unwrap());

    let revision = get(&store, id).await.revision;
    for _again in 0..2 {
        assert!(store.entries().set_status(id, revision, &matched).await.unwrap());
        assert_eq!(names(&store, &movies(Order::Newest)).await, ["Wrong"]);
    }
}

async fn a_message_whose_file_is_replaced_leaves_its_entry(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Replaced", 1)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    add(&store, &post(at(FILMS, 2), 7, "7.mkv", "")).await;

    let other = post(at(FILMS, 2), 8, "8.mkv", "");
    assert_eq!(add(&store, &other).await, Recorded::New);
    assert_eq!(store.entries().sources(id).await.unwrap().len(), 1);
    assert_eq!(get(&store, id).await.posted, 1, "the message that left was its newest");

    assert_eq!(add(&store, &post(at(FILMS, 1), 8, "8.mkv", "")).await, Recorded::AnotherSource);
    assert_eq!(store.entries().get(id).await.unwrap(), None, "no message carries it any more");
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert_eq!(store.entries().sources(other.1.id).await.unwrap().len(), 2);
}

async fn removed_messages_take_their_entry_along(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Gone", 1)).await.unwrap();
    let id = post_matched(&store, at(FILMS, 1), 7, title, vec![]).await;
    add(&store, &post(at(FILMS, 2), 7, "7.mkv", "")).await;

    assert_eq!(store.posts().remove(&[at(FILMS, 2), at(FILMS, 99)]).await.unwrap(), []);
    assert_eq!(get(&store, id).await.posted, 1);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Gone"]);

    assert_eq!(store.posts().remove(&[at(FILMS, 1)]).await.unwrap(), [id]);
    assert_eq!(store.posts().remove(&[at(FILMS, 1)]).await.unwrap(), [], "safe to repeat");
    assert_eq!(store.entries().get(id).await.unwrap(), None);
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    assert!(found(&store, "gone").await.is_empty());
    assert_eq!(store.catalog().counts().await.unwrap(), Default::default());

    // Posted again it has the same id, and the title is still known.
    assert_eq!(post_matched(&store, at(FILMS, 3), 7, title, vec![]).await, id);
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["Gone"]);
}

async fn a_removed_channel_hides_its_entries_and_brings_them_back(home: &Home) {
    let store = home.watching().await;
    let both = store.titles().record(&film("In both", 1)).await.unwrap();
    let one = store.titles().record(&film("In one", 2)).await.unwrap();
    let in_both = post_matched(&store, at(FILMS, 1), 7, both, vec![]).await;
    add(&store, &post(at(SHOWS, 5), 7, "7.mkv", "")).await;
    let in_one = post_matched(&store, at(SHOWS, 6), 8, one, vec![]).await;
    add(&store, &post(at(SHOWS, 7), 9, "pending.mkv", "")).await;
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["In one", "In both"]);

    assert!(store.channels().set_active(chat(SHOWS), false).await.unwrap());
    assert!(!store.channels().set_active(chat(SHOWS), false).await.unwrap());
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["In both"]);
    assert!(found(&store, "in one").await.iter().all(|name| name != "In one"));
    assert_eq!(get(&store, in_both).await.posted, 1, "the newest visible post");
    assert!(store.entries().sources(in_one).await.unwrap().is_empty());
    assert!(store.entries().get(in_one).await.unwrap().is_some(), "hidden, not forgotten");
    assert!(store.entries().pending(0, 10).await.unwrap().is_empty());
    assert!(unmatched(&store, None).await.is_empty());
    assert_eq!(store.catalog().counts().await.unwrap().files, 1);
    // A post that was on its way while the channel was removed stays hidden too.
    add(&store, &post(at(SHOWS, 8), 10, "late.mkv", "")).await;
    assert!(unmatched(&store, None).await.is_empty());

    assert!(store.channels().set_active(chat(SHOWS), true).await.unwrap());
    assert_eq!(names(&store, &movies(Order::Newest)).await, ["In one", "In both"]);
    assert_eq!(found(&store, "in one").await, ["In one"]);
    assert_eq!(unmatched(&store, None).await, ["late.mkv", "pending.mkv"]);
    assert_eq!(get(&store, in_both).await.posted, 5);
}

async fn a_large_channel_is_hidden_and_shown_whole(home: &Home) {
    let store = home.watching().await;
    let posts: Vec<_> = (1..=1203).map(|n| post(at(FILMS, n), n.into(), &format!("{n}.mkv"), "")).collect();
    store.posts().record(&posts).await.unwrap();
    assert_eq!(store.catalog().counts().await.unwrap().files, 1203);
    store.channels().set_active(chat(FILMS), false).await.unwrap();
    assert_eq!(store.catalog().counts().await.unwrap().files, 0);
    store.channels().set_active(chat(FILMS), true).await.unwrap();
    assert_eq!(store.catalog().counts().await.unwrap().files, 1203);
    let oldest: Vec<i64> = store.entries().pending(0, 3).await.unwrap().into_iter().map(|entry| entry.posted).collect();
    assert_eq!(oldest, [1, 2, 3], "oldest post first");
}

async fn channels_are_seeded_once(home: &Home) {
    let store = home.watching().await;
    store.channels().set_title(chat(FILMS), "Films").await.unwrap();
    store.channels().set_active(chat(SHOWS), false).await.unwrap();
    store.channels().seed(&[chat(SHOWS), chat(-1_001_500_000_003)]).await.unwrap();
    let mut channels = store.channels().all().await.unwrap();
    channels.sort_by_key(|channel| std::cmp::Reverse(channel.chat));
    let channel = |id, title: &str, active| Channel { chat: chat(id), title: title.to_owned(), active };
    assert_eq!(channels, [channel(FILMS, "Films", true), channel(SHOWS, "", false)]);

    assert!(store.channels().set_active(chat(-1_001_500_000_003), true).await.unwrap(), "a new one");
    assert!(!store.channels().set_active(chat(-1_001_500_000_004), false).await.unwrap(), "never watched");
    assert_eq!(store.channels().all().await.unwrap().len(), 3);
}

async fn statuses_decide_the_lists(home: &Home) {
    let store = home.watching().await;
    let title = store.titles().record(&film("Matched", 1)).await.unwrap();
    let down = Some(Reason::ProviderDown { problem: "503".to_owned() });
    // status -> is it pending at 100, unmatched, in review?
    let cases = [
        (Status::fresh(), true, true, false),
        (Status::Pending { tries: 1, retry_at: 101, reason: down.clone() }, false, true, true),
        (Status::Pending { tries: 1, retry_at: 100, reason: down }, true, true, true),
        (Status::Review { reason: Reason::NoTitle }, false, true, true),
        (Status::Review { reason: Reason::NotVideo { mime: "text/plain".to_owned() } }, false, false, true),
        (Status::Matched { title, parts: vec![] }, false, false, false),
        (Status::Ignored { reason: Some(Reason::NoTitle) }, false, false, false),
        (Status::Ignored { reason: None }, false, false, false),
    ];
    for (n, (status, pending, unmatched, review)) in (1..).zip(cases) {
        let post = post(at(FILMS, n), n.into(), "x.mkv", "");
        add(&store, &post).await;
        settle(&store, post.1.id, status.clone()).await;
        assert_eq!(get(&store, post.1.id).await.status, status);
        let is_in = |entries: Result<Vec<Entry>, Error>| entries.unwrap().iter().any(|entry| entry.id == post.1.id);
        assert_eq!(is_in(store.entries().pending(100, 100).await), pending, "pending: {status:?}");
        assert_eq!(is_in(store.catalog().unmatched(None, 0, 100).await), unmatched, "unmatched: {status:?}");
        let listed = samples::review(&store, ReviewPart::All, "").await;
        let is_listed = listed.rows.iter().any(|(entry, _)| entry.id == post.1.id);
        assert_eq!(is_listed, review, "review: {status:?}");
    }
    // Each file is counted once: what waits for a provider is pending, and needs nobody.
    let counts = store.catalog().counts().await.unwrap();
    assert_eq!((counts.files, counts.pending, counts.review, counts.movies), (6, 3, 2, 1));
}

async fn retry_takes_up_what_waits(home: &Home) {
    let store = home.watching().await;
    let mut ids = Vec::new();
    let down = Some(Reason::ProviderDown { problem: "503".to_owned() });
    let waits = Status::Pending { tries: 3, retry_at: 500, reason: down };
    let lost = Status::Review { reason: Reason::NoTitle };
    for (n, status) in (1..).zip([waits.clone(), waits, lost]) {
        let post = post(at(FILMS, n), n.into(), "x.mkv", "");
        add(&store, &post).await;
        settle(&store, post.1.id, status).await;
        ids.push(post.1.id);
    }
    assert_eq!(store.entries().retry(Some(ids[2]), 100).await.unwrap(), 1, "a person says: try again");
    assert_eq!(store.entries().pending(100, 10).await.unwrap().len(), 1);
    assert_eq!(store.entries().retry(None, 100).await.unwrap(), 2, "the provider is back");
    assert_eq!(store.entries().pending(100, 10).await.unwrap().len(), 3);
    assert_eq!(store.entries().retry(None, 100).await.unwrap(), 0);

    // What a person has tried again stays in the list, where they look for what comes of it.
    let status = get(&store, ids[2]).await.status;
    assert_eq!(status, Status::Pending { tries: 0, retry_at: 0, reason: Some(Reason::NoTitle) });
    let listed = review(&store, ReviewPart::All, "").await;
    assert!(listed.rows.iter().any(|(entry, _)| entry.id == ids[2]));
    assert_eq!(store.entries().retry(Some(ids[2]), 100).await.unwrap(), 0, "it is being looked up");
}

async fn a_title_known_by_one_id_is_the_same_with_both(home: &Home) {
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

async fn two_titles_that_turn_out_to_be_one_are_merged(home: &Home) {
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
    assert_eq!(get(&store, late).await.status, Status::Matched { title: by_imdb, parts: vec![] });
    assert_eq!(store.catalog().entries_of(by_tmdb, None).await.unwrap().len(), 3);
    assert_eq!(store.titles().get(by_tmdb).await.unwrap(), store.titles().get(by_imdb).await.unwrap());
}

async fn a_corrected_id_moves_without_merging(home: &Home) {
    let store = home.watching().await;
    let wrong = store.titles().record(&tmdb(film("Wrong", 1), 10331)).await.unwrap();
    let right = store.titles().record(&film("Right", 2)).await.unwrap();
    assert_eq!(store.titles().record(&tmdb(film("Right", 2), 10331)).await.unwrap(), right);
    let (found, _) = store.titles().find(Kind::Movie, "tmdb:10331".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(found, right);
    assert_eq!(store.titles().get(wrong).await.unwrap().unwrap().ids, film("", 1).ids);
    assert_eq!(store.titles().record(&film("Wrong", 1)).await.unwrap(), wrong);
}

async fn concurrent_titles_give_one_id(home: &Home) {
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

/// Titles named by number, each with one post; `change` makes them differ. Later ones are newer.
async fn fill(store: &Store, count: u32, change: impl Fn(u32, Title) -> Title) {
    let posts: Vec<_> = (1..=count as i32).map(|n| post(at(FILMS, n), n.into(), &format!("{n}.mkv"), "")).collect();
    store.posts().record(&posts).await.unwrap();
    for (n, (_, entry)) in (1..).zip(posts) {
        let title = store.titles().record(&change(n, film(&n.to_string(), n))).await.unwrap();
        settle(store, entry.id, Status::Matched { title, parts: vec![] }).await;
    }
}

async fn titles_are_filed_by_genre_and_year(home: &Home) {
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

async fn both_orders_hold(home: &Home) {
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

async fn pages_have_no_gap_and_no_repeat(home: &Home) {
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

async fn pages_go_on_while_titles_come(home: &Home) {
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

async fn search_finds_what_people_type(home: &Home) {
    let store = home.watching().await;
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
    fill(&store, titles.len() as u32, |n, title| {
        let (name, other, year, popularity) = titles[n as usize - 1];
        let alternative_names = if other.is_empty() { vec![] } else { vec![other.to_owned()] };
        Title { name: name.to_owned(), alternative_names, year: Some(year), popularity, ..title }
    })
    .await;
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
        ("dnue", None),
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

async fn search_sees_the_catalog_only(home: &Home) {
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

async fn unmatched_is_searched_by_name_and_caption(home: &Home) {
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

async fn packs_hold_each_episode_of_their_season(home: &Home) {
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

async fn people_and_settings_are_kept(home: &Home) {
    let store = home.open().await;
    assert_eq!(store.people().get(PersonId::OWNER).await.unwrap(), None);
    let name = "Ada".to_owned();
    let owner = Person { id: PersonId::OWNER, name, is_owner: true, access_version: 1, added: 0, is_removed: false };
    store.people().put(&owner).await.unwrap();
    let raised = Person { access_version: 65535, ..owner };
    store.people().put(&raised).await.unwrap();
    assert_eq!(store.people().get(PersonId::OWNER).await.unwrap(), Some(raised));

    assert_eq!(store.settings().get("language").await.unwrap(), None);
    for value in ["en", "de"] {
        store.settings().set("language", value).await.unwrap();
        assert_eq!(store.settings().get("language").await.unwrap().as_deref(), Some(value));
    }
    store.ping().await.unwrap();
}

async fn people_have_numbers_that_nobody_had_and_names_that_nobody_has(home: &Home) {
    let store = home.open().await;
    let owner = Person {
        id: PersonId::OWNER,
        name: "Owner".to_owned(),
        is_owner: true,
        access_version: 1,
        added: 0,
        is_removed: false,
    };
    store.people().put(&owner).await.unwrap();
    let anna = store.people().add("Anna", 5).await.unwrap().unwrap();
    assert_eq!((anna.id.0, anna.added, anna.access_version, anna.is_owner, anna.is_removed), (2, 5, 1, false, false));
    for taken in ["Anna", "ANNA", "owner"] {
        assert_eq!(store.people().add(taken, 6).await.unwrap(), None, "{taken}");
    }
    let ivan = store.people().add("Иван", 7).await.unwrap().unwrap();
    assert_eq!(store.people().add("ИВАН", 7).await.unwrap(), None);
    assert_eq!(store.people().all().await.unwrap(), [owner.clone(), anna.clone(), ivan.clone()]);

    // The one added last leaves: the name is free, the number is not.
    let left = Person { is_removed: true, ..ivan.clone() };
    store.people().put(&left).await.unwrap();
    assert_eq!(store.people().get(ivan.id).await.unwrap(), Some(left));
    let again = store.people().add("Иван", 8).await.unwrap().unwrap();
    assert_eq!(again.id.0, ivan.id.0 + 1);
    assert_eq!(store.people().all().await.unwrap(), [owner, anna, again]);

    // Eight at once get eight numbers, and one of two with the same name gets it.
    let adds = (0..16).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.people().add(&format!("Guest {}", n / 2), 9).await.unwrap() })
    });
    let mut added = Vec::new();
    for add in adds.collect::<Vec<_>>() {
        added.extend(add.await.unwrap().map(|person| person.id));
    }
    added.sort_unstable();
    added.dedup();
    assert_eq!(added.len(), 8);
}

async fn the_owner_of_an_older_store_keeps_their_name(home: &Home) {
    let store = home.open().await;
    let name = "Owner".to_owned();
    let owner = Person { id: PersonId::OWNER, name, is_owner: true, access_version: 7, added: 0, is_removed: false };
    store.people().put(&owner).await.unwrap();
    drop(store);
    make_older(home, 2).await;
    let store = home.open().await;
    assert_eq!(store.people().all().await.unwrap(), [owner]);
    assert_eq!(store.people().add("owner", 5).await.unwrap(), None);
    assert_eq!(store.people().add("Anna", 5).await.unwrap().map(|person| person.id), Some(PersonId::FIRST_GUEST));
}

async fn sessions_are_kept_and_ended(home: &Home) {
    let store = home.open().await;
    let session = |n: u8, seen: i64, ends: i64| Session {
        id: SecretHash([n; 32]),
        person: PersonId::OWNER,
        version: 3,
        created: NOW,
        seen,
        ends,
        agent: "Firefox".to_owned(),
        address: "203.0.113.5".to_owned(),
    };
    let (first, second, short) = (session(1, NOW, NOW + 50), session(2, NOW + 1, NOW + 50), session(3, NOW, NOW + 10));
    for session in [&first, &second, &short] {
        store.sessions().put(session).await.unwrap();
    }
    assert_eq!(store.sessions().get(SecretHash([1; 32])).await.unwrap(), Some(first.clone()));
    assert_eq!(store.sessions().get(SecretHash([9; 32])).await.unwrap(), None);
    assert_eq!(store.sessions().all(NOW).await.unwrap(), [second.clone(), first.clone(), short]);
    store.sessions().set_seen(SecretHash([1; 32]), NOW + 20).await.unwrap();
    let seen = Session { seen: NOW + 20, ..first };
    assert_eq!(store.sessions().all(NOW + 10).await.unwrap(), [seen, second.clone()], "one is over");
    assert!(store.sessions().remove(SecretHash([1; 32])).await.unwrap());
    assert!(!store.sessions().remove(SecretHash([1; 32])).await.unwrap());
    assert_eq!(store.sessions().get(SecretHash([1; 32])).await.unwrap(), None);
    assert_eq!(home.open().await.sessions().all(NOW).await.unwrap().len(), 2, "kept by the store");
}

async fn of_many_first_values_of_a_setting_one_stands(home: &Home) {
    let store = home.open().await;
    let all = (0..20).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.settings().get_or_set("store_id", &n.to_string()).await.unwrap() })
    });
    let answers: BTreeSet<String> = futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(store.settings().get("store_id").await.unwrap(), answers.first().cloned());
    assert_eq!(Some(store.settings().get_or_set("store_id", "late").await.unwrap()), answers.first().cloned());
}

async fn a_store_that_is_not_there_is_not_made_by_looking(home: &Home) {
    for _ in 0..2 {
        assert!(Store::open_existing(home.location.clone()).await.unwrap().is_none());
    }
    assert!(home.dir == PathBuf::new() || !home.dir.exists(), "looking makes nothing");
    home.open().await.settings().set("language", "en").await.unwrap();
    let again = Store::open_existing(home.location.clone()).await.unwrap().expect("it is there now");
    assert_eq!(again.settings().get("language").await.unwrap().as_deref(), Some("en"));
}

/// The databases forget what expired by their own clock, so times here lie ahead of it.
const NOW: i64 = 4_000_000_000;

async fn a_one_time_link_is_used_once(home: &Home) {
    let store = home.open().await;
    let link = SecretHash([7; 32]);
    assert!(!store.sign_in_links().use_up(link, NOW).await.unwrap());
    store.sign_in_links().add(link, NOW + 10).await.unwrap();
    assert!(store.sign_in_links().is_valid(link, NOW + 9).await.unwrap(), "looking does not use it up");
    assert!(!store.sign_in_links().is_valid(link, NOW + 10).await.unwrap());

    let takes = (0..16).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.sign_in_links().use_up(link, NOW).await.unwrap() })
    });
    let mut taken = 0;
    for take in takes.collect::<Vec<_>>() {
        taken += u32::from(take.await.unwrap());
    }
    assert_eq!(taken, 1);
    assert!(!store.sign_in_links().is_valid(link, NOW).await.unwrap());

    store.sign_in_links().add(link, NOW + 10).await.unwrap();
    assert!(!store.sign_in_links().use_up(link, NOW + 10).await.unwrap(), "expired");
}

async fn answers_expire(home: &Home) {
    let store = home.open().await;
    store.answers().put("tmdb/1", "one", NOW + 10).await.unwrap();
    assert_eq!(store.answers().get("tmdb/1", NOW + 9).await.unwrap().as_deref(), Some("one"));
    assert_eq!(store.answers().get("tmdb/1", NOW + 10).await.unwrap(), None);
    store.answers().put("tmdb/1", "two", NOW + 20).await.unwrap();
    assert_eq!(store.answers().get("tmdb/1", NOW + 10).await.unwrap().as_deref(), Some("two"));
    assert_eq!(store.answers().get("tmdb/2", NOW).await.unwrap(), None);
}

/// What both reopening tests look for afterwards.
async fn leave_something(store: &Store) -> (EntryId, TitleId) {
    let title = store.titles().record(&tmdb(film("Night", 63350), 10331)).await.unwrap();
    let id = post_matched(store, at(FILMS, 1), 7, title, vec![]).await;
    add(store, &post(at(SHOWS, 2), 8, "pending.mkv", "caption")).await;
    store.channels().set_title(chat(FILMS), "Films").await.unwrap();
    store.settings().set("k", "v").await.unwrap();
    (id, title)
}

async fn everything_is_there(store: &Store, id: EntryId, title: TitleId) {
    assert_eq!(names(store, &movies(Order::Rating)).await, ["Night"]);
    assert_eq!(found(store, "night").await, ["Night"]);
    assert_eq!(get(store, id).await.status, Status::Matched { title, parts: vec![] });
    assert_eq!(store.entries().pending(0, 10).await.unwrap()[0].caption, "caption");
    assert_eq!(store.channels().all().await.unwrap().len(), 2);
    assert_eq!(store.settings().get("k").await.unwrap().as_deref(), Some("v"));
    assert_eq!(add(store, &post(at(FILMS, 1), 7, "7.mkv", "")).await, Recorded::Known);
}

async fn a_store_opened_again_holds_everything(home: &Home) {
    let store = home.watching().await;
    let (id, title) = leave_something(&store).await;
    drop(store);
    everything_is_there(&home.open().await, id, title).await;
}

async fn a_store_left_without_closing_holds_everything(home: &Home) {
    let store = home.watching().await;
    let (id, title) = leave_something(&store).await;
    // Nothing is flushed or closed, as after a kill; and the former handle goes on beside the new one, as another
    // process would.
    everything_is_there(&home.open().await, id, title).await;
    store.settings().set("k", "w").await.unwrap();
    assert_eq!(home.open().await.settings().get("k").await.unwrap().as_deref(), Some("w"));
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused() {
    let home = Home::embedded();
    drop(home.open().await);
    let file = rusqlite::Connection::open(home.dir.join("cinepost.db")).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open(home.location.clone()).await.err().unwrap().to_string();
    assert!(error.contains("newer cinepost"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::embedded();
    let _store = home.watching().await;
    let key = SecretKey::from_bytes([1; 32]).derive(Purpose::Session);
    let _instance = Instance::open(&home.dir, &key).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.dir), 0o700);
    let files: Vec<_> = std::fs::read_dir(&home.dir).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 2);
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn an_instance_keeps_its_records_sealed() {
    let home = Home::embedded();
    let key = |n| SecretKey::from_bytes([n; 32]).derive(Purpose::Session);
    let secret = b"an authorization key nobody may read";
    {
        let instance = Instance::open(&home.dir, &key(1)).unwrap();
        assert_eq!(instance.load("main/key/2").unwrap(), None);
        instance.save("main/key/2", b"old").unwrap();
        instance.save("main/key/2", secret).unwrap();
        instance.save("main/pts", &[]).unwrap();
        instance.save("gone", b"x").unwrap();
        instance.remove("gone").unwrap();
        instance.remove("gone").unwrap();
    }
    let instance = Instance::open(&home.dir, &key(1)).unwrap();
    assert_eq!(instance.load("main/key/2").unwrap().as_deref(), Some(secret.as_slice()));
    assert_eq!(instance.load("main/pts").unwrap().as_deref(), Some([].as_slice()));
    assert_eq!(instance.load("gone").unwrap(), None);
    for file in std::fs::read_dir(&home.dir).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|run| run == secret));
    }

    let other = Instance::open(&home.dir, &key(2)).err().unwrap();
    assert!(matches!(other, OpenError::OtherKey(_)));
    assert!(other.to_string().contains("SECRET_KEY"), "{other}");

    // A record moved to another name does not open.
    let file = rusqlite::Connection::open(home.dir.join("instance.db")).unwrap();
    file.execute(
        "UPDATE sealed SET value = (SELECT value FROM sealed WHERE name = 'main/key/2') WHERE name = 'main/pts'",
        [],
    )
    .unwrap();
    assert!(matches!(instance.load("main/pts"), Err(Error::Broken(_))));
}
