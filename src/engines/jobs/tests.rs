//! Workers of several instances on one store, step by step: each `fill` and `beat` is called by the test, and time is what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::sync::Notify;

use super::worker::Worker;
use super::{BoxFuture, Jobs, Kind, LEASE_SECS, Options, Run, Stop};
use crate::adapters::store::{Database, Store};
use crate::domain::job::{About, Job, JobId, NewJob, Place, Priority, Schedule, State};

const ABOUT: About = About {
    name: "copying",
    does: "copies films",
    at_once: 100,
    per_person: 100,
    priority: Priority::Normal,
    tries: 3,
    schedule: None,
    place: Place::AnyInstance,
};
const NIGHTLY: About = About { name: "nightly", schedule: Some(Schedule::DailyAt { hour: 4, minute: 0 }), ..ABOUT };
const NOON: i64 = 1_700_049_600;

/// What a job of the test does, by its input.
#[derive(Default)]
struct Copying {
    /// Jobs being done at this moment, over all instances.
    active: Mutex<BTreeSet<JobId>>,
    begun: Mutex<Vec<(JobId, Option<u32>)>>,
    /// Where scratch folders were.
    folders: Mutex<Vec<PathBuf>>,
    go: Notify,
}

impl Copying {
    fn begun(&self) -> usize {
        self.begun.lock().expect("not poisoned").len()
    }
}

struct Active<'a>(&'a Copying, JobId);

impl Drop for Active<'_> {
    fn drop(&mut self) {
        self.0.active.lock().expect("not poisoned").remove(&self.1);
    }
}

impl Kind for Copying {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            let id = run.job().id;
            assert!(self.active.lock().expect("not poisoned").insert(id), "two do job {id}");
            let _active = Active(self, id);
            let checkpoint: Option<u32> = run.checkpoint();
            self.begun.lock().expect("not poisoned").push((id, checkpoint));
            match run.job().input.as_str() {
                "stays" => {
                    let scratch = run.scratch().expect("a folder");
                    std::fs::write(scratch.path().join("half"), "of a film").expect("written");
                    self.folders.lock().expect("not poisoned").push(scratch.path().to_owned());
                    run.save(&3).await?;
                    run.progress(3, Some(9), "films");
                    self.go.notified().await;
                    std::future::pending().await
                }
                "listens" => {
                    run.cancel().wanted().await;
                    Err(Stop::Cancelled)
                }
                "stumbles" if run.job().tries < 3 => Err(Stop::Passing("no network".to_owned())),
                "refuses" => Err(Stop::Final("no such film; choose another".to_owned())),
                "panics" => panic!("as it should"),
                _ => Ok("copied a film".to_owned()),
            }
        })
    }
}

struct Nightly(AtomicU32);

impl Kind for Nightly {
    fn about(&self) -> &'static About {
        &NIGHTLY
    }

    fn run<'a>(&'a self, _: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok("swept".to_owned()) })
    }
}

/// A store, the time, and what all instances do.
struct World {
    dir: PathBuf,
    store: Store,
    now: Arc<AtomicI64>,
    copying: Arc<Copying>,
    nightly: Arc<Nightly>,
}

impl World {
    async fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("cinepost-jobs-{}-{count}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
        let now = Arc::new(AtomicI64::new(NOON));
        Self { dir, store, now, copying: Arc::default(), nightly: Arc::new(Nightly(AtomicU32::new(0))) }
    }

    fn worker(&self, place: &str) -> Worker {
        self.worker_of(place, vec![Arc::clone(&self.copying) as Arc<dyn Kind>])
    }

    fn worker_of(&self, place: &str, kinds: Vec<Arc<dyn Kind>>) -> Worker {
        let now = Arc::clone(&self.now);
        let options = Options {
            grace: Duration::ZERO,
            now: Arc::new(move || now.load(Ordering::Relaxed)),
            ..Options::new(place.to_owned(), self.dir.join("jobs"))
        };
        Worker::new(Jobs::new(self.store.clone(), kinds, options))
    }

    async fn add(&self, input: &str) -> JobId {
        let job = NewJob { input: input.to_owned(), ..NewJob::of(&ABOUT, NOON) };
        self.store.jobs().add(&job, NOON).await.expect("added").id()
    }

    async fn job(&self, id: JobId) -> Job {
        self.store.jobs().get(id).await.expect("asked").expect("there")
    }

    fn pass(&self, secs: i64) {
        self.now.fetch_add(secs, Ordering::Relaxed);
    }

    /// Tasks run in between.
    async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        for _ in 0..10_000 {
            if is_so().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("never: {what}");
    }

    async fn until_begun(&self, count: usize) {
        self.until("it begins", async || self.copying.begun() == count).await;
        // With all that comes before its first wait.
        self.until("it is half way", async || self.copying.folders.lock().expect("not poisoned").len() == count).await;
    }

    async fn until_saved(&self, id: JobId) {
        self.until("its checkpoint", async || self.job(id).await.checkpoint.is_some()).await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

#[tokio::test]
async fn a_job_is_cancelled_with_the_next_beat_and_leaves_nothing() {
    let world = World::new().await;
    let mut worker = world.worker("one");
    for input in ["stays", "listens"] {
        let id = world.add(input).await;
        worker.fill().await;
        if input == "stays" {
            world.until_begun(1).await;
            world.until_saved(id).await;
            assert!(world.copying.folders.lock().expect("not poisoned")[0].join("half").exists());
        }
        assert_eq!(world.store.jobs().cancel(id, NOON).await.expect("asked"), Some(State::Running));
        worker.beat().await;
        worker.one_ended().await;
        assert_eq!(world.job(id).await.state, State::Cancelled, "{input}");
        assert!(worker.is_idle());
    }
    assert!(!world.copying.folders.lock().expect("not poisoned")[0].exists(), "its files are gone");
    assert!(world.copying.active.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn another_instance_goes_on_where_a_dead_one_was() {
    let world = World::new().await;
    let id = world.add("stays").await;
    let (mut first, mut second) = (world.worker("one"), world.worker("two"));
    first.fill().await;
    world.until_begun(1).await;
    world.until_saved(id).await;
    first.beat().await;
    assert_eq!(world.job(id).await.progress.words(0), "3 of 9 films");
    // As a kill does: nothing is written, nothing is said.
    drop(first);
    world.pass(LEASE_SECS - 1);
    second.fill().await;
    assert!(second.is_idle(), "the lease lasts");
    world.pass(1);
    second.fill().await;
    world.until_begun(2).await;
    assert_eq!(*world.copying.begun.lock().expect("not poisoned"), [(id, None), (id, Some(3))]);
}

#[tokio::test]
async fn one_who_was_only_slow_lets_go() {
    let world = World::new().await;
    let id = world.add("stays").await;
    let mut slow = world.worker("slow");
    slow.fill().await;
    world.until_begun(1).await;
    world.until_saved(id).await;
    world.pass(LEASE_SECS);
    let claim = crate::domain::job::Claim {
        holder: "heir",
        place: "heir",
        now: NOON + LEASE_SECS,
        ends: NOON + 2 * LEASE_SECS,
        kinds: &[&ABOUT],
    };
    let taken = world.store.jobs().claim(&claim).await.expect("asked").expect("its lease is over");
    slow.beat().await;
    slow.one_ended().await;
    assert_eq!(world.job(id).await, taken, "it wrote nothing");
}

#[tokio::test]
async fn a_stop_hands_jobs_back() {
    let world = World::new().await;
    let id = world.add("stays").await;
    for begun in 1..=5 {
        let mut worker = world.worker("one");
        worker.fill().await;
        world.until_begun(begun).await;
        worker.hand_back().await;
        let job = world.job(id).await;
        assert_eq!((job.state, job.lease), (State::Queued, None), "free at once");
    }
}

#[tokio::test]
async fn stumbles_are_tried_again_and_refusals_are_not() {
    let world = World::new().await;
    let mut worker = world.worker("one");
    let ids = [world.add("stumbles").await, world.add("refuses").await, world.add("panics").await];
    worker.fill().await;
    for _ in ids {
        worker.one_ended().await;
    }
    let (stumbled, refused, panicked) = (world.job(ids[0]).await, world.job(ids[1]).await, world.job(ids[2]).await);
    assert_eq!((stumbled.state, stumbled.says.as_str()), (State::Retrying, "no network"));
    assert!((NOON + 2..=NOON + 5).contains(&stumbled.due), "{}", stumbled.due - NOON);
    assert_eq!((refused.state, refused.says.as_str()), (State::Failed, "no such film; choose another"));
    assert_eq!(panicked.state, State::Failed);
    for _ in 0..2 {
        world.pass(10);
        worker.fill().await;
        worker.one_ended().await;
    }
    let done = world.job(ids[0]).await;
    assert_eq!((done.state, done.tries, done.says.as_str()), (State::Done, 3, "copied a film"));
}

#[tokio::test]
async fn a_period_has_one_run_over_instances_and_restarts() {
    let world = World::new().await;
    let start = |place| world.worker_of(place, vec![Arc::clone(&world.nightly) as Arc<dyn Kind>]);
    let runs = || world.nightly.0.load(Ordering::Relaxed);
    let (mut first, mut second) = (start("one"), start("two"));
    for wanted in 1..=3 {
        for _ in 0..3 {
            first.fill().await;
            second.fill().await;
            world
                .until("both are idle", async || world.store.jobs().unfinished(9).await.expect("asked").is_empty())
                .await;
            first.beat().await;
            second = start("two");
        }
        assert_eq!(runs(), wanted);
        world.pass(24 * 60 * 60);
    }
    // Away for a week: one run, not seven.
    world.pass(7 * 24 * 60 * 60);
    first.fill().await;
    first.one_ended().await;
    assert_eq!(runs(), 4);
    let last = world.store.jobs().latest("nightly").await.expect("asked").expect("one");
    assert_eq!(last.says, "swept");
}

/// Instances. One that was killed or stopped is started again as the same one.
const PLACES: [&str; 3] = ["one", "two", "three"];

/// What happens to the instances, in any order.
#[derive(Clone, Debug)]
enum Step {
    Fill(usize),
    Beat(usize),
    Kill(usize),
    Stop(usize),
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_usize).prop_map(Step::Fill),
        3 => (0..3_usize).prop_map(Step::Beat),
        1 => (0..3_usize).prop_map(Step::Kill),
        1 => (0..3_usize).prop_map(Step::Stop),
        2 => (1..20_i64).prop_map(Step::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// `Copying` itself panics when a job is done by two at once, and that would fail the job.
    #[test]
    fn whatever_happens_each_job_is_done_once_at_a_time(steps in proptest::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new().await;
            for n in 0..12 {
                world.add(["stays", "copies", "copies", "listens"][n % 4]).await;
            }
            let mut workers = PLACES.map(|place| Some(world.worker(place)));
            for step in steps {
                match step {
                    Step::Fill(n) => workers[n].as_mut().expect("always one").fill().await,
                    Step::Beat(n) => workers[n].as_mut().expect("always one").beat().await,
                    Step::Kill(n) => {
                        drop(workers[n].replace(world.worker(PLACES[n])));
                        // A killed task ends when the runtime comes to it.
                        tokio::task::yield_now().await;
                    }
                    Step::Stop(n) => workers[n].replace(world.worker(PLACES[n])).expect("always one").hand_back().await,
                    Step::Pass(secs) => {
                        world.pass(secs);
                        // Who lives beats every second; who does not, does not.
                        for worker in workers.iter_mut().flatten() {
                            worker.beat().await;
                        }
                    }
                }
            }
            let mut states = BTreeMap::new();
            for n in 1..=12 {
                let job = world.job(JobId(n)).await;
                let is_copy = job.input == "copies";
                prop_assert!(job.state != State::Failed || job.tries == job.most_tries, "{:?}", job);
                prop_assert!(is_copy || job.state != State::Done, "{:?}", job);
                *states.entry(job.state.word()).or_insert(0) += 1;
            }
            prop_assert_eq!(states.values().sum::<i32>(), 12);
            Ok(())
        })?;
    }
}
