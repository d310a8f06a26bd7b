//! Stores and instances that are opened, again, or not at all.

use std::path::PathBuf;

use cinepost::adapters::store::instance::{Instance, OpenError};
use cinepost::adapters::store::{Error, Store};
use cinepost::domain::catalog::Order;
use cinepost::domain::entry::{EntryId, Recorded, Status};
use cinepost::domain::secret::{Purpose, SecretKey};
use cinepost::domain::title::TitleId;

use crate::Home;
use crate::samples::*;

pub async fn a_store_that_is_not_there_is_not_made_by_looking(home: &Home) {
    for _ in 0..2 {
        assert!(Store::open_existing(home.location.clone()).await.unwrap().is_none());
    }
    assert!(home.dir == PathBuf::new() || !home.dir.exists(), "looking makes nothing");
    home.open().await.settings().set("language", "en").await.unwrap();
    let again = Store::open_existing(home.location.clone()).await.unwrap().expect("it is there now");
    assert_eq!(again.settings().get("language").await.unwrap().as_deref(), Some("en"));
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
    assert_eq!(get(store, id).await.status, Status::Matched { title, parts: vec![], how: None });
    assert_eq!(store.entries().pending(0, 10).await.unwrap()[0].caption, "caption");
    assert_eq!(store.channels().all().await.unwrap().len(), 2);
    assert_eq!(store.settings().get("k").await.unwrap().as_deref(), Some("v"));
    assert_eq!(add(store, &post(at(FILMS, 1), 7, "7.mkv", "")).await, Recorded::Known);
}

pub async fn a_store_opened_again_holds_everything(home: &Home) {
    let store = home.watching().await;
    let (id, title) = leave_something(&store).await;
    drop(store);
    everything_is_there(&home.open().await, id, title).await;
}

pub async fn a_store_left_without_closing_holds_everything(home: &Home) {
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
