//! Jobs of the running program, as the owner sees them, and of a program that is killed in the middle of one.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use cinepost::adapters::clock::unix_now;
use cinepost::adapters::store::{Database, Store};
use cinepost::domain::job::{About, Job, JobId, NewJob, Place, Priority, State};
use cinepost::engines::jobs::{BoxFuture, Jobs, Kind, Options, Run, Stop};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::support::{Dir, TestApp, until};

#[tokio::test(flavor = "multi_thread")]
async fn upkeep_is_seen_and_run_by_its_name() {
    let app = TestApp::start().await;
    let base = app.app.addresses.base().as_str().trim_end_matches('/').to_owned();
    let status = || async { app.get(&format!("{base}/status")).await.json::<Value>().await.expect("JSON") };
    let has_run = |status: &Value| {
        let all = status["jobs"]["scheduled"].as_array().expect("a list");
        all.len() >= 6 && all.iter().all(|kind| kind["last"]["state"] == "done")
    };
    let seen = app.until("all upkeep", status, has_run).await;
    let sign_ins = &seen["jobs"]["scheduled"][0];
    assert_eq!((&sign_ins["kind"], &sign_ins["last"]["says"]), (&"sign-ins".into(), &"nothing to do".into()));
    assert!(sign_ins["next"].as_i64().expect("a time") > unix_now());

    let (_, list) = app.command(&["jobs"], &[]);
    assert!(list.contains("sign-ins") && list.contains("nothing to do; next "), "{list}");
    let (is_queued, said) = app.command(&["jobs", "run", "sign-ins"], &[]);
    assert!(is_queued && said.contains("Queued as job "), "{said}");
    let id = said.split_whitespace().find_map(|word| word.trim_end_matches(';').parse::<i64>().ok()).expect("a number");
    let show = || async { app.command(&["jobs", "show", &id.to_string()], &[]).1 };
    let shown = app.until("the job", show, |text| text.contains(&format!("Job {id}: sign-ins, done"))).await;
    assert!(shown.contains("tries       1 of 5"), "{shown}");

    for (args, wanted) in [
        (vec!["jobs", "run", "hoovering"], "these can be run: sign-ins, answers"),
        (vec!["jobs", "show", "99999"], "there is no job 99999"),
        (vec!["jobs", "cancel", &id.to_string()], "cannot be cancelled: it is done"),
        (vec!["jobs", "retry", &id.to_string()], "cannot be tried again: it is done"),
        (vec!["jobs", "cancel", "first"], "is not the number of a job"),
    ] {
        let (is_fine, said) = app.command(&args, &[]);
        assert!(!is_fine && said.contains(wanted), "{args:?}: {said}");
    }
    app.stop().await;
}

const COUNTING: About = About {
    name: "counting",
    does: "counts to a hundred",
    at_once: 1,
    per_person: 1,
    priority: Priority::Normal,
    tries: 2,
    schedule: None,
    place: Place::AnyInstance,
};

/// Counts to a hundred and stores every number. `stays_at`: where it waits to be killed.
struct Counting {
    stays_at: Option<u32>,
}

impl Kind for Counting {
    fn about(&self) -> &'static About {
        &COUNTING
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            let begin: u32 = run.checkpoint().unwrap_or(0);
            let scratch = run.scratch().map_err(|e| Stop::Passing(e.to_string()))?;
            std::fs::write(scratch.path().join("half"), "of a film").map_err(|e| Stop::Passing(e.to_string()))?;
            for n in begin + 1..=100 {
                run.save(&n).await?;
                if self.stays_at == Some(n) {
                    std::future::pending::<()>().await;
                }
            }
            Ok(format!("counted from {}", begin + 1))
        })
    }
}

const FOLDER: &str = "CINEPOST_TEST_JOBS";

async fn open(dir: &std::path::Path) -> Store {
    Store::open(Database::Embedded { dir: dir.to_owned() }).await.expect("a store")
}

fn engine(store: &Store, stays_at: Option<u32>, dir: &std::path::Path) -> Jobs {
    let options = Options { look: Duration::from_millis(20), ..Options::new("one".to_owned(), dir.join("jobs")) };
    Jobs::new(store.clone(), vec![Arc::new(Counting { stays_at })], options)
}

/// The process that is killed.
#[ignore = "run by the test after it, in a process of its own"]
#[tokio::test(flavor = "multi_thread")]
async fn count_until_killed() {
    let dir = PathBuf::from(std::env::var(FOLDER).expect("the folder"));
    let store = open(&dir).await;
    engine(&store, Some(40), &dir).run(CancellationToken::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_goes_on_after_kill_9_and_its_files_are_gone() {
    let dir = Dir::new();
    let store = open(&dir.path).await;
    let now = unix_now();
    let id = store.jobs().add(&NewJob::of(&COUNTING, now), now).await.expect("added").id();
    let job = async |id: JobId| -> Job { store.jobs().get(id).await.expect("asked").expect("there") };

    let mut process = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "jobs::count_until_killed", "--ignored"])
        .env(FOLDER, &dir.path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    until("half of it", || job(id), |job| job.checkpoint.as_deref() == Some("40")).await;
    process.kill().expect("killed");
    process.wait().expect("waited for");
    let left = dir.path.join("jobs").join(format!("{id}-1")).join("half");
    assert!(left.exists() && job(id).await.state == State::Running, "nobody wrote anything down");

    let stop = CancellationToken::new();
    // The same instance, started again: it knows that the one before is gone, and waits for no lease.
    let next = tokio::spawn(engine(&store, None, &dir.path).run(stop.clone()));
    let done = until("the other half", || job(id), |job| job.state.has_ended()).await;
    assert_eq!((done.state, done.says.as_str()), (State::Done, "counted from 41"));
    assert!(!left.exists());
    stop.cancel();
    next.await.expect("it stops");
}
