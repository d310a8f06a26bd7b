//! Backups of the whole product: written while it runs, brought back into a new folder, and nothing that people hold has changed.

use std::process::{Command, Stdio};

use crate::support::{Dir, NEWEST, NIGHT, STREAMS, TestApp, chat, film, flags, start_product};
use cinepost::app;
use cinepost::config::Config;
use cinepost::domain::job::{Added, JobId, NewJob, State};
use cinepost::flows::backups;
use serde_json::Value;

const FRIDAY: &str = "His.Girl.Friday.1940.1080p.mkv";
const CHARADE: &str = "Charade.1963.720p.mkv";

async fn stream(app: &TestApp) -> String {
    let is_listed = |s: &Value| s["streams"].as_array().is_some_and(|s| s.len() == 1);
    let streams = app.until("the stream", || app.ask(STREAMS), is_listed).await;
    streams["streams"][0]["url"].as_str().expect("a url").to_owned()
}

/// An address of one start of the program at another's port.
fn at_port_of(address: &str, app: &TestApp) -> String {
    let (_, path) = address.split_once("//").and_then(|(_, rest)| rest.split_once('/')).expect("a path");
    format!("http://{}/{path}", app.app.address)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_hold_works_on_after_a_restore_into_a_new_folder() {
    let app = TestApp::start().await;
    app.post(film(NIGHT, 300_000));
    let second = app.post(film(FRIDAY, 300_000));
    app.shows(&["His Girl Friday", "Night of the Living Dead"]).await;
    let (link, addon) = (stream(&app).await, app.addon());
    let (ok, said) = app.command(&["person", "add", "Grace"], &[("BASE_URL", "http://127.0.0.1:1")]);
    assert!(ok, "{said}");
    let hers = said.split_whitespace().find(|word| word.ends_with("/manifest.json")).expect("a link").to_owned();

    let file = app.dir.path.join("cinepost.zst");
    let name = file.to_str().expect("text");
    let (ok, said) = app.command(&["backup", name], &[]);
    assert!(ok && said.contains("1 channel, 2 titles with 2 files, 2 people"), "{said}");
    let (ok, said) = app.command(&["backup", name, "--check"], &[]);
    assert!(ok && said.contains("is whole") && said.contains("sources"), "{said}");
    let (ok, said) = app.command(&["restore", name], &[]);
    assert!(!ok && said.contains("another cinepost") && said.contains("stop it first"), "{said}");

    // What happens after the backup, and of which the restored library knows nothing.
    app.post(film(CHARADE, 300_000));
    app.shows(&["Charade", "His Girl Friday", "Night of the Living Dead"]).await;
    let TestApp { sim, provider, app: running, http, dir } = app;
    sim.delete(chat(), &[second.message]).expect("deleted");
    running.stop().await;

    let new = Dir::new();
    std::fs::copy(dir.path.join("book.json"), new.path.join("book.json")).expect("copied");
    let restore = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cinepost"));
        let command = command.args(args).current_dir(&new.path).env_clear().env("DATA_DIR", new.path.join("data"));
        let output = command.output().expect("it runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    };
    let (ok, said) = restore(&["restore", name]);
    assert!(ok && said.contains("Restored the backup of") && said.contains("2 titles with 2 files"), "{said}");
    let (ok, said) = restore(&["restore", name]);
    assert!(!ok && said.contains("holds a library already") && said.contains("--replace"), "{said}");
    let (ok, said) = restore(&["restore", name, "--replace"]);
    assert!(ok, "{said}");

    let app = TestApp { app: start_product(&new.path, &provider.url).await, sim, provider, http, dir: new };
    for address in [format!("{addon}/{NEWEST}"), hers] {
        assert_eq!(app.get(&at_port_of(&address, &app)).await.status(), 200, "{address}");
    }
    let played = app.get(&at_port_of(&link, &app)).await;
    assert_eq!(played.status(), 200, "the link of before plays");
    assert_eq!(played.bytes().await.expect("bytes").len(), 300_000);
    // The channel is caught up: one came, one is gone, one is as it was, once.
    app.shows(&["Charade", "Night of the Living Dead"]).await;
    assert_eq!(stream(&app).await.rsplit('/').nth(1), link.rsplit('/').nth(1), "and it is the same link");
    let counts = app.app.library.counts().await.expect("counts");
    assert_eq!((counts.movies, counts.files), (2, 2));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_goes_through_a_pipe_and_says_what_is_wrong() {
    let app = TestApp::start().await;
    app.post(film(NIGHT, 300_000));
    app.shows(&["Night of the Living Dead"]).await;
    let program = |args: &[&str], dir: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cinepost"));
        command.args(args).current_dir(&app.dir.path).env_clear().env("DATA_DIR", app.dir.path.join(dir));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let mut writing = program(&["backup", "-"], "data").spawn().expect("it runs");
    let pipe = writing.stdout.take().expect("a pipe");
    let restored = program(&["restore", "-"], "new").stdin(pipe).output().expect("it runs");
    let said = String::from_utf8_lossy(&restored.stdout).into_owned();
    assert!(writing.wait().expect("it ends").success() && restored.status.success(), "{said}");
    assert!(said.contains("1 title with 1 file"), "{said}");
    let left: Vec<_> =
        std::fs::read_dir(app.dir.path.join("new")).expect("there").map(|f| f.expect("a file")).collect();
    let mut left: Vec<_> = left.iter().map(|file| file.file_name().into_string().expect("text")).collect();
    left.sort();
    assert_eq!(left, ["cinepost.db", "cinepost.lock", "secret.key"]);

    // A full disk.
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has one");
    let output = program(&["backup", "-"], "data").stdout(full).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("the disk is full"), "{said}");
    // Whoever sends it somewhere is told what it is; nothing of that goes into the pipe.
    let output = program(&["backup", "-"], "data").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("It holds the secret key"), "{said}");
    // Nobody's own file is overwritten.
    let (ok, said) = app.command(&["backup", "book.json"], &[]);
    assert!(!ok && said.contains("is no backup: choose another name"), "{said}");
    let (ok, said) = app.command(&["backup", "nowhere/there.zst"], &[]);
    assert!(!ok && said.contains("nowhere/there.zst: No such file"), "{said}");
    let (ok, said) = app.command(&["restore", "book.json", "--check"], &[]);
    assert!(!ok && said.contains("this is no backup"), "{said}");
    let (ok, said) = app.command(&["backup", "one.zst"], &[]);
    assert!(ok, "{said}");
    // Another key than the backup's is no accident to be made in silence.
    let key = "ab".repeat(32);
    let other = program(&["restore", "one.zst"], "other").env("SECRET_KEY", &key).output().expect("it runs");
    let said = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(!other.status.success() && said.contains("SECRET_KEY is set") && said.contains("--show-key"), "{said}");
    let shown = program(&["restore", "one.zst", "--show-key"], "other").output().expect("it runs");
    let own = std::fs::read_to_string(app.dir.path.join("data/secret.key")).expect("a key");
    assert_eq!(String::from_utf8_lossy(&shown.stdout).trim(), own.trim());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_are_written_by_themselves_and_old_ones_go() {
    let app = TestApp::set_up(
        simulation::Options::default(),
        |_| {},
        |flags| {
            let dir = flags.data_dir.clone().expect("set").join("../backups");
            cinepost::config::Flags { backup_dir: Some(dir), backups_kept: Some("2".to_owned()), ..flags }
        },
    )
    .await;
    let dir = app.dir.path.join("backups");
    let names = || {
        let mut names: Vec<String> = std::fs::read_dir(&dir)
            .map(|files| files.map(|f| f.expect("a file").file_name().into_string().expect("text")).collect())
            .unwrap_or_default();
        names.sort();
        names
    };
    // By itself, at the first start: its run of today is due.
    let last = async || app.app.store.jobs().latest("backup").await.expect("asked");
    let job = app.until("the first", &last, Option::is_some).await.expect("it ran");
    assert!(job.state == State::Done && job.says.starts_with("wrote cinepost-"), "{job:?}");
    let first = names();
    assert_eq!(first.len(), 1);
    let old = ["cinepost-2020-01-01-044000.zst", "cinepost-2020-01-02-044000.zst", "film.zst"];
    for name in old.into_iter().chain([".cinepost-2020-01-03-044000.zst.0123456789abcdef.tmp"]) {
        std::fs::write(dir.join(name), "older").expect("written");
    }
    let folder = [("BACKUP_DIR", dir.to_str().expect("text"))];
    let (ok, said) = app.command(&["jobs", "run", "backup"], &folder);
    assert!(ok, "{said}");
    let second = app.until("the second", &last, |next| next.as_ref().is_some_and(|next| next.id != job.id)).await;
    let says = second.expect("it ran").says;
    assert!(says.ends_with("removed 2 old ones") || says.ends_with("removed an old one"), "{says}");
    let left = names();
    assert!(left.contains(&"film.zst".to_owned()), "nobody else's: {left:?}");
    assert!(!left.iter().any(|name| name.contains("2020-01-01") || name.ends_with(".tmp")), "{left:?}");
    let (ok, said) = app.command(&["restore", dir.join(&first[0]).to_str().expect("text"), "--check"], &[]);
    assert!(ok && said.contains("is whole"), "{said}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(dir.join(&first[0])).expect("there").permissions().mode() & 0o777, 0o600);
    }
    app.stop().await;
}

/// One of several instances may have a folder for it, and another one none.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_folder_nobody_takes_a_backup_from_those_that_have_one() {
    let app = TestApp::start().await;
    let (store, now) = (&app.app.store, cinepost::flows::unix_now());
    let job = NewJob { kind: "backup".to_owned(), ..NewJob::of(&backups::ABOUT, now) };
    let (Added::New(backup) | Added::Known(backup)) = store.jobs().add(&job, now).await.expect("queued");
    // What was queued after it is done, and it is not.
    let (ok, said) = app.command(&["jobs", "run", "finished-jobs"], &[]);
    assert!(ok, "{said}");
    let number = said.split_once("job ").and_then(|(_, rest)| rest.split([';', '.']).next()).expect("a number");
    let id: JobId = number.trim().parse().expect("a number");
    let other = async || store.jobs().get(id).await.expect("asked").expect("it is there").state;
    app.until("the other one", &other, |state| *state == State::Done).await;
    assert_eq!(store.jobs().get(backup).await.expect("asked").expect("it is there").state, State::Queued);
    let (ok, said) = app.command(&["jobs"], &[]);
    assert!(ok && !said.contains("  backup          has not run yet"), "it is not said to come: {said}");
    let (ok, said) = app.command(&["jobs", "run", "backup"], &[]);
    assert!(!ok && said.contains("BACKUP_DIR is not set here"), "{said}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_cannot_be_written_is_told_to_the_owner() {
    let app = TestApp::set_up(
        simulation::Options::default(),
        |_| {},
        |flags| {
            // A folder in a file.
            let dir = flags.data_dir.clone().expect("set").join("../book.json/backups");
            cinepost::config::Flags { backup_dir: Some(dir), ..flags }
        },
    )
    .await;
    let report = || async { app.app.health.look().await };
    let is_told = |report: &cinepost::flows::health::Report| {
        report.degraded().contains(&"the last backup did not go as it should")
    };
    let report = app.until("the trouble", report, is_told).await;
    let says = &report.troubles.iter().find(|trouble| trouble.key == "backup").expect("it is told").says;
    assert!(says.contains("BACKUP_DIR is") && says.contains("should be a folder"), "{says}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_moves_to_mongodb_and_back() {
    let Some(uri) = crate::support::mongo() else { return };
    let app = TestApp::start().await;
    app.post(film(NIGHT, 300_000));
    app.shows(&["Night of the Living Dead"]).await;
    let link = stream(&app).await;
    let (ok, said) = app.command(&["backup", "one.zst"], &[]);
    assert!(ok, "{said}");
    let own = std::fs::read_to_string(app.dir.path.join("data/secret.key")).expect("a key");
    let TestApp { sim, provider, app: running, http, dir } = app;
    running.stop().await;
    let in_mongo = [("DATABASE_URL", uri.as_str()), ("SECRET_KEY", own.trim())];
    let program = |args: &[&str], environment: &[(&str, &str)], data: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cinepost"));
        let command = command.args(args).current_dir(&dir.path).env_clear().env("DATA_DIR", dir.path.join(data));
        let output = command.envs(environment.iter().copied()).output().expect("it runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    };
    let (ok, said) = program(&["restore", "one.zst"], &in_mongo, "shared");
    assert!(ok && said.contains("the database at DATABASE_URL") && !said.contains(&uri), "{said}");
    let flags = cinepost::config::Flags {
        database_url: Some(uri.clone()),
        secret_key: Some(own.trim().to_owned()),
        data_dir: Some(dir.path.join("shared")),
        ..flags(&dir.path, &provider.url)
    };
    let running = app::start(Config::from_flags(flags).expect("right")).await.expect("the product starts");
    let app = TestApp { app: running, sim, provider, http, dir };
    assert_eq!(app.get(&at_port_of(&link, &app)).await.status(), 200, "the link of before plays");
    app.shows(&["Night of the Living Dead"]).await;
    let (ok, said) = app.command(&["backup", "two.zst"], &in_mongo);
    assert!(ok, "{said}");
    let (ok, said) = app.command(&["restore", "two.zst"], &[("DATA_DIR", "third")]);
    assert!(ok && said.contains("1 title with 1 file"), "{said}");
    app.stop().await;
    crate::support::drop_mongo(&uri).await;
}
