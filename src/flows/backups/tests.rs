//! The job through the engine, and restores that end half way.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_util::sync::CancellationToken;

use super::*;
use crate::adapters::store::backup::BackupError;
use crate::adapters::store::{Database, Store};
use crate::domain::backup::{Plan, file_name};
use crate::domain::job::{Job, JobId, NewJob, Priority, State};
use crate::domain::secret::SecretKey;
use crate::engines::jobs::{Jobs, Options};

/// 2026-11-30 05:00 UTC.
const NOW: i64 = 1_796_014_800;
const DAY: i64 = 86_400;

struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("cinepost-backups-{}-{count}", std::process::id())))
    }

    fn target(&self, name: &str) -> Target {
        let dir = self.0.join(name);
        let place = dir.display().to_string();
        Target { location: Database::Embedded { dir: dir.clone() }, data_dir: dir, given_key: None, place }
    }

    async fn store(&self, name: &str) -> Store {
        Store::open(self.target(name).location).await.expect("a store")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn key() -> SecretKey {
    SecretKey::from_bytes([7; 32])
}

/// Does the job of a day, or what a person wants, and returns it when it has ended.
async fn done(store: &Store, home: &Home, folder: Option<Folder>, now: i64, wanted: bool) -> Job {
    let before = store.jobs().latest("backup").await.expect("asked").map_or(JobId(0), |job| job.id);
    if wanted {
        let job = NewJob { priority: Priority::Urgent, ..NewJob::of(&ABOUT, now) };
        store.jobs().add(&job, now).await.expect("added");
    }
    let kind = Scheduled { backups: Backups::new(store.clone(), key()), folder };
    let options = Options { now: Arc::new(move || now), ..Options::new("one".to_owned(), home.0.join("jobs")) };
    let stop = CancellationToken::new();
    let running = tokio::spawn(Jobs::new(store.clone(), vec![Arc::new(kind)], options).run(stop.clone()));
    let job = loop {
        match store.jobs().latest("backup").await.expect("asked") {
            Some(job) if job.id > before => break job,
            _ => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
        }
    };
    stop.cancel();
    running.await.expect("it stops");
    job
}

fn names(dir: &Path) -> Vec<String> {
    let files = std::fs::read_dir(dir).expect("a folder");
    let mut names: Vec<_> = files.map(|file| file.expect("a file").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_weekly_plan_writes_once_a_week_and_keeps_so_many() {
    let home = Home::new();
    let store = home.store("data").await;
    let plan = Plan { every_days: 7, kept: 2 };
    let folder = Folder { dir: home.0.join("backups"), plan };
    let mut wrote = Vec::new();
    for day in 0..22 {
        let now = NOW + day * DAY;
        let job = done(&store, &home, Some(folder.clone()), now, false).await;
        assert_eq!(job.state, State::Done, "{job:?}");
        match job.says.starts_with("wrote ") {
            true => wrote.push(day),
            false => assert_eq!(job.says, "nothing to do: the last one is new enough"),
        }
    }
    assert_eq!(wrote, [0, 7, 14, 21]);
    assert_eq!(names(&folder.dir), [file_name(NOW + 14 * DAY), file_name(NOW + 21 * DAY)]);
    // A person who wants one gets one.
    let now = NOW + 21 * DAY + 60;
    let job = done(&store, &home, Some(folder.clone()), now, true).await;
    assert!(job.says.starts_with("wrote ") && job.says.ends_with("removed an old one"), "{}", job.says);
    assert_eq!(names(&folder.dir), [file_name(NOW + 21 * DAY), file_name(now)]);
    let none = done(&store, &home, None, now + DAY, false).await;
    assert_eq!(none.says, "nothing to do: BACKUP_DIR is not set");
}

#[tokio::test]
async fn what_cannot_be_written_keeps_the_old_ones_and_says_why() {
    let home = Home::new();
    let store = home.store("data").await;
    let folder = Folder { dir: home.0.join("backups"), plan: Plan { every_days: 1, kept: 1 } };
    std::fs::create_dir_all(&folder.dir).expect("ours");
    // The name is taken by what is no file.
    std::fs::create_dir(folder.dir.join(file_name(NOW))).expect("ours");
    let old = [file_name(NOW - 9 * DAY), file_name(NOW - 8 * DAY)];
    old.iter().for_each(|name| std::fs::write(folder.dir.join(name), "old").expect("written"));
    let job = done(&store, &home, Some(folder.clone()), NOW, false).await;
    assert!(job.state == State::Failed && job.says.starts_with("no backup was written: "), "{job:?}");
    assert!(old.iter().all(|name| folder.dir.join(name).exists()));
    assert_eq!(names(&folder.dir).len(), 3, "nothing half written is left");
    let full = Error::Backup { path: folder.dir.join("a"), problem: BackupError::DiskFull };
    let said = format!("{:?}", super::scheduled::stop(&folder, full));
    assert!(said.starts_with("Final(\"no backup was written: the disk of BACKUP_DIR") && said.contains("BACKUPS_KEPT"));
}

#[tokio::test]
async fn a_restore_that_ends_half_way_leaves_what_was_there() {
    let home = Home::new();
    let store = home.store("data").await;
    store.settings().set("language", "de").await.expect("set");
    let file = home.0.join("one.zst");
    let backups = Backups::new(store.clone(), key());
    let written = backups.write(&file, &Watch::default()).await.expect("written");
    assert_eq!(written.contents["settings"], 1);
    assert_eq!(written.bytes, std::fs::metadata(&file).expect("there").len());

    let target = home.target("other");
    home.store("other").await.settings().set("language", "en").await.expect("set");
    let is_kept = async || {
        let kept = home.store("other").await.settings().get("language").await.expect("asked");
        let left = names(&target.data_dir);
        assert!(!left.iter().any(|name| name.contains("restoring") || name == "secret.key"), "{left:?}");
        kept.as_deref() == Some("en")
    };
    let open = || Backup::open(&file).expect("it is whole");
    let taken = open().restore(&target, false, &Watch::default()).await.expect_err("there is one");
    assert!(taken.to_string().contains("Nothing was changed") && is_kept().await, "{taken}");
    let stopped = Watch::default();
    stopped.stop();
    open().restore(&target, true, &stopped).await.expect_err("it was stopped");
    assert!(is_kept().await);
    let other = Target { given_key: Some(SecretKey::from_bytes([8; 32])), ..target.clone() };
    let error = open().restore(&other, true, &Watch::default()).await.expect_err("another key");
    assert!(matches!(error, Error::OtherKey) && is_kept().await);
    open().restore(&target, true, &Watch::default()).await.expect("restored");
    assert_eq!(home.store("other").await.settings().get("language").await.expect("asked").as_deref(), Some("de"));
    let kept = std::fs::read_to_string(target.data_dir.join("secret.key")).expect("a key");
    assert_eq!(kept, key().to_hex());
}
