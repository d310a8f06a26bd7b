//! Broadcasts through the jobs engine and a scripted Telegram: who gets one, what becomes of it when the program dies, and what the
//! owner is told. With the simulated Telegram: `tests/program/broadcast.rs`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::report::Tally;
use super::sending::{ABOUT, Order, What};
use super::{Broadcast, end, report, tally};
use crate::adapters::store::{Database, Store};
use crate::adapters::telegram::scripted::{Calls, Cast, Refusal, Said, Script};
use crate::adapters::telegram::{Message, MessageRef, Person as Account, Place, Telegram};
use crate::domain::job::{Job, JobId, NewJob, State};
use crate::domain::person::{NewPerson, Person, PersonId, Preferences, Role, Standing, TelegramIdentity};
use crate::domain::secret::SecretKey;
use crate::domain::telegram_id::UserId;
use crate::engines::jobs::{Jobs, LEASE_SECS, Options};
use crate::flows::limits::{self, Limits};
use crate::flows::people::People;
use crate::texts::Language;

const NOW: i64 = 1_700_049_600;
/// The owner's account; person n has n more.
const OWNER: i64 = 900_000;
/// The owner's message that says how it goes.
const TOLD: MessageRef = MessageRef { place: Place::Private(UserId(OWNER)), message: 7 };

struct World {
    dir: PathBuf,
    store: Store,
    calls: Calls,
    broadcast: Broadcast,
    now: Arc<AtomicI64>,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl World {
    async fn new(cast: Cast, denied: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("cinepost-broadcast-{}-{count}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
        let (telegram, calls) = Telegram::scripted(Script::new(1, 1).cast(cast));
        let people = People::new(store.clone(), &SecretKey::from_bytes([7; 32]));
        let mut options = limits::Options::default();
        options.lists.deny = denied.parse().expect("a list");
        let limits = Limits::new(store.clone(), options);
        let broadcast = Broadcast::new(people, limits, telegram.messages().clone());
        let owner = Person { telegram: Some(TelegramIdentity::of(UserId(OWNER))), ..Person::owner("Ada") };
        store.people().put(&owner).await.expect("put");
        Self { dir, store, calls, broadcast, now: Arc::new(AtomicI64::new(NOW)) }
    }

    /// One more person, changed as wanted; returns their account.
    async fn add(&self, change: impl FnOnce(Person) -> Person) -> i64 {
        let new = NewPerson::called("", Role::Member, NOW);
        let count = self.store.people().all().await.expect("asked").len();
        let new = NewPerson { name: format!("P{count}"), ..new };
        let person = self.store.people().add(&new).await.expect("added").expect("a name of its own");
        let account = OWNER + i64::from(person.id.0);
        let known = Person { telegram: Some(TelegramIdentity::of(UserId(account))), ..person };
        self.store.people().put(&change(known)).await.expect("put");
        account
    }

    async fn order(&self, what: What) -> JobId {
        let order = Order { what, at: TOLD, language: "en".to_owned() };
        let job = NewJob { person: Some(PersonId::OWNER), input: order.input(), ..NewJob::of(&ABOUT, NOW) };
        self.store.jobs().add(&job, NOW).await.expect("queued").id()
    }

    /// One instance.
    fn start(&self, stop: &CancellationToken) -> JoinHandle<()> {
        let now = Arc::clone(&self.now);
        let options = Options {
            look: Duration::from_millis(5),
            beat: Duration::from_millis(5),
            now: Arc::new(move || now.load(Ordering::Relaxed)),
            ..Options::new("one".to_owned(), self.dir.join("jobs"))
        };
        tokio::spawn(Jobs::new(self.store.clone(), vec![Arc::new(self.broadcast.clone())], options).run(stop.clone()))
    }

    async fn job(&self, id: JobId) -> Job {
        self.store.jobs().get(id).await.expect("asked").expect("there")
    }

    /// Sends it to everybody, without anything coming between.
    async fn finish(&self, id: JobId) -> Job {
        let stop = CancellationToken::new();
        let running = self.start(&stop);
        self.until(async || self.job(id).await.state.has_ended()).await;
        stop.cancel();
        running.await.expect("it stops");
        self.job(id).await
    }

    async fn until(&self, is_so: impl AsyncFn() -> bool) {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// How often each account got it.
    fn got(&self) -> BTreeMap<i64, u32> {
        let mut got = BTreeMap::new();
        for said in self.calls.said() {
            let (Said::Sent { at: MessageRef { place: to, .. }, .. } | Said::Given { to, .. }) = said else { continue };
            let Place::Private(account) = to else { panic!("{to:?}") };
            *got.entry(account.0).or_default() += 1;
        }
        got
    }

    /// What the owner's message says now.
    fn told(&self) -> String {
        let edited = |said: &Said| match said {
            Said::Edited { at, message } if *at == TOLD => Some(message.text.as_str().to_owned()),
            _ => None,
        };
        self.calls.said().iter().rev().find_map(edited).unwrap_or_default()
    }
}

fn hello() -> What {
    What::Words("Tonight at eight".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_people_get_it_once_although_the_program_dies_in_the_middle() {
    let world = World::new(Cast::default(), "").await;
    for n in 2..=1_001u32 {
        let known = Some(TelegramIdentity::of(UserId(OWNER + i64::from(n))));
        let person = NewPerson { telegram: known, ..NewPerson::called(&format!("P{n}"), Role::Guest, NOW) };
        world.store.people().add(&person).await.expect("added").expect("a name of its own");
    }
    let id = world.order(hello()).await;
    for died_at in [137, 555] {
        let running = world.start(&CancellationToken::new());
        world.until(async || world.got().len() >= died_at).await;
        running.abort();
        running.await.expect_err("it died");
        let job = world.job(id).await;
        assert!(job.state == State::Running && tally(&job).tried() < 1_000, "nobody wrote an end down: {job:?}");
        // None of its checkpoints has reached the disk: everybody is in doubt.
        let lost = serde_json::to_string(&Tally::default()).expect("plain");
        assert!(world.store.jobs().save(id, job.claim, &lost, true).await.expect("stored"), "its claim still holds");
        // Another one looks when its lease is over.
        world.now.fetch_add(LEASE_SECS + 1, Ordering::Relaxed);
    }
    let job = world.finish(id).await;
    assert_eq!(job.state, State::Done, "{job:?}");
    assert_eq!(job.says, "reached 1000 of 1000 people; 0 blocked the bot, 0 never started it, 0 failed");
    assert_eq!((job.progress.done, job.progress.of), (1_000, Some(1_000)));
    let got = world.got();
    assert!(got.len() == 1_000 && got.values().all(|times| *times == 1), "nobody twice, nobody never");
    assert_eq!(world.told(), "Sent. Reached: 1000 of 1000.");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_to_those_who_take_news_and_may_come_in_and_says_who_was_not_reached() {
    let account = |n: i64| Place::Private(UserId(OWNER + n));
    let cast = Cast::default()
        .refuse(account(3), Refusal::Blocked)
        .refuse(account(4), Refusal::NotStarted)
        .refuse(account(5), Refusal::Expired);
    let world = World::new(cast, &(OWNER + 6).to_string()).await;
    let mut reached = vec![world.add(|person| person).await];
    for _ in 3..=6 {
        world.add(|person| person).await;
    }
    let quiet = Preferences { gets_news: false, ..Preferences::default() };
    world.add(|person| Person { preferences: quiet, ..person }).await;
    world.add(|person| Person { standing: Standing::Pending, ..person }).await;
    let banned = Standing::Banned { reason: String::new(), until: None };
    world.add(|person| Person { standing: banned, ..person }).await;
    world.add(|person| Person { expires: Some(NOW), ..person }).await;
    world.add(|person| Person { is_removed: true, telegram: None, ..person }).await;
    world.add(|person| Person { telegram: None, ..person }).await;
    reached.push(world.add(|person| Person { expires: Some(NOW + 1), role: Role::Admin, ..person }).await);

    let id = world.order(hello()).await;
    let job = world.finish(id).await;
    assert_eq!(world.got().into_keys().collect::<Vec<_>>(), reached);
    assert_eq!(job.says, "reached 2 of 5 people; 1 blocked the bot, 1 never started it, 1 failed");
    let told = "Sent. Reached: 2 of 5.\n\nHave blocked me (1): P2\n\nNever pressed Start, or left Telegram (1): P3\n\n\
                Not reached, the log says why (1): P4";
    assert_eq!(world.told(), told);
    // The same from the job, for who asks later.
    let again = report(end(&job).expect("it ended"), &tally(&job), 5, Language::ENGLISH);
    assert_eq!(again.text.as_str(), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_copied_as_it_is_or_it_is_said_why_not() {
    let source = |message| MessageRef { message, ..TOLD };
    let message = |id, is_protected| Message {
        at: source(id),
        from: Account { id: UserId(OWNER), first_name: String::new(), last_name: None, username: None, language: None },
        date: NOW,
        text: "look".to_owned(),
        file: None,
        album: None,
        reply_to: None,
        is_protected,
        forwarded: None,
    };
    let world = World::new(Cast::default().message(message(3, false)).message(message(4, true)), "").await;
    let anna = world.add(|person| person).await;
    for (from, state, told) in [
        (3, State::Done, "Sent. Reached: 1 of 1."),
        (4, State::Failed, "It cannot go on: the message that was to go out may not be copied. Reached: 0 of 1."),
        (5, State::Failed, "It cannot go on: the message that was to go out is not there any more. Reached: 0 of 1."),
    ] {
        let id = world.order(What::Copy(source(from))).await;
        assert_eq!(world.finish(id).await.state, state);
        world.until(async || world.told() == told).await;
    }
    let given = Said::Given { from: source(3), to: Place::Private(UserId(anna)) };
    assert_eq!(world.calls.said().iter().filter(|said| **said == given).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_stopped_says_how_far_it_came_and_can_be_gone_on_with() {
    let world = World::new(Cast::default(), "").await;
    for _ in 0..300 {
        world.add(|person| person).await;
    }
    let id = world.order(hello()).await;
    let stop = CancellationToken::new();
    let running = world.start(&stop);
    world.until(async || world.got().len() >= 30).await;
    world.store.jobs().cancel(id, NOW).await.expect("asked");
    world.until(async || world.job(id).await.state.has_ended()).await;
    let job = world.job(id).await;
    assert_eq!(job.state, State::Cancelled);
    world.until(async || world.told().starts_with("Stopped. Reached: ")).await;
    assert_eq!(world.told(), format!("Stopped. Reached: {} of 300.", tally(&job).tried()));

    world.store.jobs().retry(id, NOW).await.expect("asked");
    world.until(async || world.job(id).await.state == State::Done).await;
    stop.cancel();
    running.await.expect("it stops");
    let got = world.got();
    assert!(got.len() == 300 && got.values().all(|times| *times == 1), "{got:?}");
    assert_eq!(world.told(), "Sent. Reached: 300 of 300.");
}
