//! Data that is lost, exchanged, brought back from a backup or damaged: what the program does about it, and says.

use std::path::Path;

use crate::support::{Dir, NIGHT, TestApp, calls, chat, film, flags, start_product};
use cinepost::app;
use cinepost::config::Config;
use cinepost::flows::ingest::check::ABOUT as CHECK;
use simulation::{Posted, Sim};

const FRIDAY: &str = "His.Girl.Friday.1940.1080p.mkv";
const CHARADE: &str = "Charade.1963.720p.mkv";

/// A library of two films, whose program was stopped then.
async fn stopped() -> Stopped {
    let app = TestApp::start().await;
    app.post(film(NIGHT, 300_000));
    let second = app.post(film(FRIDAY, 300_000));
    app.shows(&["His Girl Friday", "Night of the Living Dead"]).await;
    // The weekly comparison asks where a channel is, too: [`begun`] would count it in the next run.
    let compared = || async { app.app.store.jobs().latest(CHECK.name).await.expect("asked").is_some() };
    app.until("the first comparison", compared, |is_done| *is_done).await;
    let TestApp { sim, provider, app: running, http, dir } = app;
    running.stop().await;
    closed(&dir.path.join("data")).await;
    Stopped { sim, provider, http, dir, second }
}

struct Stopped {
    sim: Sim,
    provider: simulation::metadata::Server,
    http: reqwest::Client,
    dir: Dir,
    second: Posted,
}

impl Stopped {
    fn data(&self) -> std::path::PathBuf {
        self.dir.path.join("data")
    }

    async fn start(self) -> TestApp {
        let app = start_product(&self.dir.path, &self.provider.url).await;
        TestApp { sim: self.sim, provider: self.provider, app, http: self.http, dir: self.dir }
    }

    /// What somebody sees who starts the program over this.
    async fn start_fails(&self) -> String {
        let config = Config::from_flags(flags(&self.dir.path, &self.provider.url)).expect("the settings are right");
        match app::start(config).await {
            Ok(_) => panic!("it started"),
            Err(error) => format!("{error:#}"),
        }
    }
}

fn remove_database(data: &Path) {
    for name in ["cinepost.db", "cinepost.db-wal", "cinepost.db-shm"] {
        let _ = std::fs::remove_file(data.join(name));
    }
}

/// Until the last handle of a stopped program is dropped: in a process of its own nothing is left by then.
async fn closed(data: &Path) {
    let logs = || async { ["cinepost.db-wal", "instance.db-wal"].iter().any(|name| data.join(name).exists()) };
    crate::support::until("the databases are closed", logs, |is_open| !is_open).await;
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("ours");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        match entry.file_type().expect("told").is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a plain file")),
        }
    }
}

/// How often a place in a channel was begun anew, and how often a bot signed in.
fn begun(sim: &Sim) -> (u64, u64) {
    (calls(sim, "channels.getFullChannel"), calls(sim, "auth.importBotAuthorization"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_whose_database_is_lost_is_read_again_without_signing_in_again() {
    let stopped = stopped().await;
    remove_database(&stopped.data());
    let (_, sign_ins) = begun(&stopped.sim);
    let app = stopped.start().await;
    app.shows(&["His Girl Friday", "Night of the Living Dead"]).await;
    assert_eq!(begun(&app.sim).1, sign_ins);
    // And goes on as ever.
    app.post(film(CHARADE, 300_000));
    app.shows(&["Charade", "His Girl Friday", "Night of the Living Dead"]).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_from_a_backup_is_brought_up_to_what_the_channel_has_now() {
    let stopped = stopped().await;
    let (backup, second) = (stopped.dir.path.join("backup"), stopped.second.clone());
    copy(&stopped.data(), &backup);
    let app = stopped.start().await;
    app.post(film(CHARADE, 300_000));
    app.shows(&["Charade", "His Girl Friday", "Night of the Living Dead"]).await;
    let TestApp { sim, provider, app: running, http, dir } = app;
    // And one is gone since, which no difference will tell again.
    sim.delete(chat(), &[second.message]).expect("deleted");
    let counts = || async { running.library.counts().await.expect("counts") };
    crate::support::until("the deletion", counts, |counts| counts.movies == 2).await;
    running.stop().await;
    closed(&dir.path.join("data")).await;
    // Only the database: the instance knows that it handled all of this, and the database does not have it.
    remove_database(&dir.path.join("data"));
    std::fs::copy(backup.join("cinepost.db"), dir.path.join("data/cinepost.db")).expect("copied");
    let app = TestApp { app: start_product(&dir.path, &provider.url).await, sim, provider, http, dir };
    app.shows(&["Charade", "Night of the Living Dead"]).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_again_when_both_are_as_they_left_each_other() {
    let stopped = stopped().await;
    let (begun_before, sign_ins) = begun(&stopped.sim);
    stopped.sim.delete(chat(), &[stopped.second.message]).expect("deleted");
    let app = stopped.start().await;
    // A difference tells of the deletion; reading back would not.
    app.shows(&["Night of the Living Dead"]).await;
    assert_eq!(begun(&app.sim), (begun_before, sign_ins));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_the_folder_from_one_backup_goes_on_from_there() {
    let stopped = stopped().await;
    let backup = stopped.dir.path.join("backup");
    copy(&stopped.data(), &backup);
    let app = stopped.start().await;
    app.post(film(CHARADE, 300_000));
    app.shows(&["Charade", "His Girl Friday", "Night of the Living Dead"]).await;
    let TestApp { sim, provider, app: running, http, dir } = app;
    running.stop().await;
    closed(&dir.path.join("data")).await;
    std::fs::remove_dir_all(dir.path.join("data")).expect("ours");
    copy(&backup, &dir.path.join("data"));
    let before = begun(&sim);
    let app = TestApp { app: start_product(&dir.path, &provider.url).await, sim, provider, http, dir };
    app.shows(&["Charade", "His Girl Friday", "Night of the Living Dead"]).await;
    assert_eq!(begun(&app.sim), before, "the difference from the backup's place was enough");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_is_read_into_another_database_that_the_settings_name() {
    let Some(uri) = crate::support::mongo() else { return };
    let stopped = stopped().await;
    for round in ["another database", "the same, emptied"] {
        let settings = cinepost::config::Flags {
            database_url: Some(uri.clone()),
            secret_key: Some(std::fs::read_to_string(stopped.data().join("secret.key")).expect("kept")),
            ..flags(&stopped.dir.path, &stopped.provider.url)
        };
        let config = Config::from_flags(settings).expect("the settings are right");
        let running = app::start(config).await.expect("the product starts");
        let counts = || async { running.library.counts().await.expect("counts") };
        crate::support::until(round, counts, |counts| counts.movies == 2 && counts.pending == 0).await;
        running.stop().await;
        crate::support::drop_mongo(&uri).await;
    }
}

/// Neither cause nor remedy stands there twice.
fn is_said_once(text: &str) -> bool {
    let mut parts: Vec<&str> = text.split([':', ';', '.', '(', ')']).map(str::trim).filter(|p| p.len() > 12).collect();
    let all = parts.len();
    parts.sort_unstable();
    parts.dedup();
    parts.len() == all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_says_once_which_file_and_what_to_do() {
    let stopped = stopped().await;
    let whole = |name: &str| std::fs::read(stopped.data().join(name)).expect("there");
    for name in ["cinepost.db", "instance.db"] {
        let (path, right) = (stopped.data().join(name), whole(name));
        let mut garbled = right.clone();
        garbled[100..].fill(0xa5);
        for (what, wrong) in [
            ("garbage", b"this is no database at all, whatever its name says".repeat(200)),
            ("cut in the middle", right[..right.len() / 2].to_vec()),
            ("garbage behind the first line", garbled),
        ] {
            std::fs::write(&path, wrong).expect("ours");
            let error = stopped.start_fails().await;
            let wanted = format!("{} is damaged", path.display());
            assert!(error.contains(&wanted) && error.contains("restore the file from a backup"), "{what}: {error}");
            assert!(error.contains("or move it away") && is_said_once(&error), "{what}: {error}");
        }
        std::fs::write(&path, right).expect("ours");
    }
    // What the words promise: moved away, the bots sign in anew and the library stays.
    std::fs::rename(stopped.data().join("instance.db"), stopped.dir.path.join("aside")).expect("moved");
    let app = stopped.start().await;
    app.shows(&["His Girl Friday", "Night of the Living Dead"]).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mongodb_that_is_not_there_is_said_once_with_what_to_check() {
    let stopped = stopped().await;
    let settings = cinepost::config::Flags {
        database_url: Some("mongodb://user:pass-word@127.0.0.1:1/cinepost".to_owned()),
        secret_key: Some("0123456789abcdef".repeat(4)),
        ..flags(&stopped.dir.path, &stopped.provider.url)
    };
    std::fs::remove_file(stopped.data().join("instance.db")).expect("sealed under another key");
    let config = Config::from_flags(settings).expect("of the right shape");
    let error = match app::start(config.clone()).await {
        Ok(_) => panic!("it started"),
        Err(error) => format!("{error:#}"),
    };
    assert!(error.contains("127.0.0.1:1") && error.contains("refused") && error.contains("DATABASE_URL"), "{error}");
    assert!(is_said_once(&error) && !error.contains("pass-word") && error.len() < 300, "{error}");
    let findings = app::examine(&config).await;
    let said = findings.iter().find(|f| f.what == "database").expect("a finding");
    assert!(is_said_once(&said.says) && said.says.contains("DATABASE_URL"), "{said:?}");
}
