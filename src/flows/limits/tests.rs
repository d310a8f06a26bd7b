//! Several instances on one store, as they share a MongoDB.

use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};

use super::sync::SETTINGS_SECS;
use super::*;
use crate::adapters::store::Database;
use crate::domain::entry::EntryId;
use crate::domain::limits::Whose;
use crate::domain::person::{NewPerson, TelegramIdentity};
use crate::domain::usage::Running;
use crate::protocols::stremio::samples;

const ANNA: Asker = Asker { person: PersonId(2), role: Role::Member, keeps_history: true };
const BEN: Asker = Asker { person: PersonId(3), role: Role::Member, keeps_history: true };
/// An hour before midnight, not at a month's end.
const NOW: i64 = 20_000 * 86_400 - 3600;

struct Shop {
    store: Store,
    dir: std::path::PathBuf,
}

impl Shop {
    async fn open() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("cinepost-limits-{}-{count}", std::process::id()));
        Self { store: Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store"), dir }
    }

    fn instance(&self, rules: &str) -> Limits {
        let rules = rules.parse().expect("rules");
        Limits::new(self.store.clone(), Options { rules, ..Options::default() })
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn entry(n: u8) -> Entry {
    Entry { id: EntryId::from_bytes([n; 12]), ..samples::matched() }
}

fn poll(meter: &mut Meter) -> Poll<Result<(), Refusal>> {
    meter.poll(&mut Context::from_waker(Waker::noop()))
}

async fn refusal(limits: &Limits, asker: Asker, n: u8, now: i64) -> Option<Refusal> {
    match limits.admit(asker, &entry(n), false, now).await {
        Ok(_) => None,
        Err(Error::Refused(refusal)) => Some(refusal),
        Err(Error::Database(error)) => panic!("{error}"),
    }
}

#[tokio::test]
async fn bytes_sent_by_one_instance_end_the_stream_of_another() {
    let shop = Shop::open().await;
    let [here, there] = ["member: day=1000", "member: day=1000"].map(|rules| shop.instance(rules));
    let mut first = here.admit(ANNA, &entry(1), false, NOW).await.expect("admitted");
    let mut second = there.admit(ANNA, &entry(2), false, NOW).await.expect("admitted");
    first.sent(600);
    second.sent(500);
    assert!(poll(&mut first).is_ready() && poll(&mut second) == Poll::Ready(Ok(())), "neither knows of the other");
    here.sync(Vec::new(), NOW + 1).await;
    there.sync(Vec::new(), NOW + 2).await;
    here.sync(Vec::new(), NOW + 3).await;
    let ended = Refusal::Day { most: 1000, whose: Whose::Yours, ends: NOW + 3600 };
    assert_eq!(poll(&mut first), Poll::Ready(Err(ended)));
    assert_eq!(poll(&mut second), Poll::Ready(Err(ended)));
    assert_eq!(refusal(&here, ANNA, 3, NOW + 3).await, Some(ended));
    assert_eq!(refusal(&here, BEN, 3, NOW + 3).await, None, "everyone has their own");
    assert_eq!(here.records().spent(Some(ANNA.person), NOW).await.expect("read").day.bytes, 1100);
}

#[tokio::test]
async fn at_midnight_the_day_begins_anew_and_a_clock_set_back_gives_nothing_twice() {
    let shop = Shop::open().await;
    let limits = shop.instance("member: day=1000 month=1500");
    let mut meter = limits.admit(ANNA, &entry(1), false, NOW).await.expect("admitted");
    meter.sent(1000);
    assert!(matches!(poll(&mut meter), Poll::Ready(Err(Refusal::Day { .. }))));
    limits.sync(Vec::new(), NOW).await;
    let tomorrow = NOW + 2 * 3600;
    assert_eq!(refusal(&limits, ANNA, 1, tomorrow).await, None);
    // Back over midnight: the day that was used up is still used up.
    assert!(matches!(refusal(&limits, ANNA, 1, NOW + 10).await, Some(Refusal::Day { .. })));
    let mut meter = limits.admit(ANNA, &entry(1), false, tomorrow).await.expect("admitted");
    meter.sent(500);
    limits.sync(Vec::new(), tomorrow).await;
    let month = Refusal::Month { most: 1500, whose: Whose::Yours, ends: Day::of(tomorrow).month_ends() };
    assert_eq!(poll(&mut meter), Poll::Ready(Err(month)));
}

#[tokio::test]
async fn a_kill_loses_what_came_since_the_last_round_and_never_counts_twice() {
    let shop = Shop::open().await;
    let killed = shop.instance("");
    let mut meter = killed.admit(ANNA, &entry(1), false, NOW).await.expect("admitted");
    for second in 0..10 {
        meter.sent(100);
        if second % EVERY.as_secs() == 0 {
            killed.sync(Vec::new(), NOW + second.cast_signed()).await;
        }
    }
    // Nothing more is heard of it.
    drop(meter);
    let stored = shop.instance("").records().spent(Some(ANNA.person), NOW).await.expect("read").day.bytes;
    assert_eq!(stored, 900, "of 1000: one round of two seconds is not there");
    killed.save(NOW).await;
    killed.save(NOW).await;
    let stored = killed.records().spent(Some(ANNA.person), NOW).await.expect("read").day.bytes;
    assert_eq!(stored, 1000);
}

#[tokio::test]
async fn streams_are_counted_over_instances_and_stopped_on_any() {
    let shop = Shop::open().await;
    let [here, there] = ["member: streams=1", "member: streams=1"].map(|rules| shop.instance(rules));
    let running = |id: &str| Running {
        id: id.to_owned(),
        person: ANNA.person,
        entry: entry(1).id,
        name: "film.mkv".to_owned(),
        since: NOW,
        sent_bytes: 0,
        bytes_per_second: 0,
        bots: Vec::new(),
    };
    let _meter = here.admit(ANNA, &entry(1), false, NOW).await.expect("admitted");
    here.sync(vec![running("7")], NOW).await;
    there.sync(Vec::new(), NOW).await;
    assert_eq!(refusal(&there, ANNA, 2, NOW).await, Some(Refusal::Streams { most: 1, whose: Whose::Yours }));
    assert_eq!(refusal(&there, ANNA, 1, NOW).await, None, "the same film");

    let listed = there.records().watching(NOW).await.expect("read");
    let id = &listed.iter().find(|stream| stream.person == ANNA.person).expect("listed").id;
    assert!(there.records().stop(id, NOW).await.expect("asked"));
    assert!(!there.records().stop("abc-1", NOW).await.expect("asked"), "there is none");
    assert_eq!(there.sync(vec![running("0")], NOW + 1).await, [""; 0]);
    assert_eq!(here.sync(vec![running("7")], NOW + 1).await, ["7"]);
}

#[tokio::test]
async fn of_two_streams_that_begin_at_once_on_two_instances_the_later_one_ends() {
    let shop = Shop::open().await;
    let [here, there] = ["member: streams=1", "member: streams=1"].map(|rules| shop.instance(rules));
    let running = |film: u8, since| {
        vec![Running {
            id: "7".to_owned(),
            person: ANNA.person,
            entry: entry(film).id,
            name: "film.mkv".to_owned(),
            since,
            sent_bytes: 0,
            bytes_per_second: 0,
            bots: Vec::new(),
        }]
    };
    // Neither has heard of the other yet.
    let _first = here.admit(ANNA, &entry(1), false, NOW).await.expect("admitted");
    let second = there.admit(ANNA, &entry(2), false, NOW).await.expect("admitted");
    assert_eq!(here.sync(running(1, NOW), NOW).await, [""; 0]);
    assert_eq!(there.sync(running(2, NOW + 1), NOW + 1).await, ["7"]);
    drop(second);
    there.sync(Vec::new(), NOW + 2).await;
    assert_eq!(here.sync(running(1, NOW), NOW + 2).await, [""; 0], "the first one goes on");
    assert_eq!(here.sync(running(1, NOW), NOW + 4).await, [""; 0]);
}

#[tokio::test]
async fn rules_and_lists_that_are_stored_hold_within_seconds() {
    let shop = Shop::open().await;
    let limits = shop.instance("member: streams=5");
    let mut running = limits.admit(ANNA, &entry(1), false, NOW).await.expect("admitted");
    running.sent(1000);
    let member = Scope::Role(Role::Member);
    limits.records().set_rule(member, "file=10".parse().expect("limits")).await.expect("set");
    limits.records().deny(&"203.0.113.0/24, 42".parse().expect("a list")).await.expect("set");
    limits.sync(Vec::new(), NOW).await;
    assert_eq!(refusal(&limits, ANNA, 1, NOW).await, Some(Refusal::File { most: 10 }));
    assert!(!limits.admits_address("203.0.113.9".parse().expect("an address")) && !limits.admits_person(UserId(42)));
    let known = TelegramIdentity::of(UserId(42));
    let person =
        |role| NewPerson { telegram: Some(known.clone()), ..NewPerson::called("Anna", role, 0) }.with_id(ANNA.person);
    assert!(!limits.admits(&person(Role::Member)) && limits.admits(&person(Role::Owner)), "nobody locks the owner out");
    limits.records().set_rule(member, "file=off".parse().expect("limits")).await.expect("set");
    limits.sync(Vec::new(), NOW + SETTINGS_SECS - 1).await;
    assert!(refusal(&limits, ANNA, 1, NOW).await.is_some(), "not read yet");
    limits.sync(Vec::new(), NOW + SETTINGS_SECS).await;
    assert_eq!(refusal(&limits, ANNA, 1, NOW).await, None);
    assert_eq!(limits.figures().refused[3], 2, "refused files are counted");
    assert_eq!(poll(&mut running), Poll::Ready(Ok(())));
    limits.records().set_rule(member, "day=900".parse().expect("limits")).await.expect("set");
    limits.sync(Vec::new(), NOW + 2 * SETTINGS_SECS).await;
    assert!(matches!(poll(&mut running), Poll::Ready(Err(Refusal::Day { most: 900, .. }))), "streams that run, too");
}

#[tokio::test]
async fn links_are_counted_and_limited_by_day() {
    let shop = Shop::open().await;
    let limits = shop.instance("member: links=2");
    for (asker, now, wanted) in
        [(ANNA, NOW, true), (ANNA, NOW, true), (ANNA, NOW, false), (BEN, NOW, true), (ANNA, NOW + 86_400, true)]
    {
        assert_eq!(limits.take_link(asker, now).await.is_ok(), wanted, "{asker:?} {now}");
    }
}
