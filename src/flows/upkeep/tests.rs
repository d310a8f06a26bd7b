//! What each kind does, through the engine, as the program runs it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_util::sync::CancellationToken;

use super::{ABOUT, did, kinds};
use crate::adapters::store::{Database, Store};
use crate::adapters::telegram::Telegram;
use crate::adapters::telegram::scripted::Script;
use crate::domain::access::SecretHash;
use crate::domain::entry::EntryId;
use crate::domain::figure::{DAY_SECS, Figure};
use crate::domain::job::{Job, State};
use crate::domain::person::{Invitation, Person, PersonId, Role, Session, SignInLink};
use crate::domain::usage::{Amount, Used};
use crate::engines::bytes::{self, Engine};
use crate::engines::jobs::{Jobs, Options};

/// A Wednesday, at noon.
const NOW: i64 = 1_700_049_600;
const TODAY: i64 = NOW / 86_400;

fn session(secret: u8, version: u16, ends: i64) -> Session {
    Session {
        id: SecretHash([secret; 32]),
        person: PersonId::OWNER,
        version,
        created: NOW - 100,
        seen: NOW - 50,
        ends,
        agent: String::new(),
        address: String::new(),
    }
}

/// What needs upkeep: links, invitations and answers of which two are over, sessions of which one is over and one of an earlier access version.
async fn leave_things(store: &Store) {
    let owner = Person { access_version: 2, last_active: NOW - 50, ..Person::owner("Ada") };
    store.people().put(&owner).await.expect("put");
    for (n, expires) in [(1, NOW - 5), (2, NOW), (3, NOW + 5)] {
        let hash = SecretHash([n; 32]);
        let link = SignInLink { hash, person: PersonId::OWNER, version: 2, expires };
        store.sign_in_links().add(&link).await.expect("added");
        let made_by = Some(PersonId::OWNER);
        let invitation =
            Invitation { id: hash, role: Role::Guest, uses: 1, created: NOW - 50, expires, made_by, person: None };
        store.invitations().add(&invitation).await.expect("added");
        store.answers().put(&n.to_string(), "text", expires).await.expect("put");
    }
    for session in [session(1, 2, NOW + 50), session(2, 1, NOW + 50), session(3, 2, NOW - 5)] {
        store.sessions().put(&session).await.expect("put");
    }
    store.statistics().set(TODAY - 740, Figure::Films, 1).await.expect("set");
    for (day, bytes) in [(TODAY - 740, 5), (TODAY - 1, 60), (TODAY, 70)] {
        let amount = Amount { bytes, ..Amount::default() };
        let entry = EntryId::from_bytes([1; 12]);
        let name = "a.mkv".to_owned();
        let used = Used { person: PersonId::OWNER, entry, name, at: day * DAY_SECS, amount, is_remembered: true };
        store.usage().add(&[used]).await.expect("added");
    }
}

#[tokio::test]
async fn upkeep_runs_by_itself_and_says_what_it_did() {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::temp_dir().join(format!("cinepost-upkeep-{}-{count}", std::process::id()));
    let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
    leave_things(&store).await;
    let (telegram, _) = Telegram::scripted(Script::new(1, 1));
    let engine = Engine::new(telegram.files().clone(), bytes::Options::default()).expect("no disk");
    let kinds = kinds(&store, engine, dir.join("cache"));
    let options = Options { now: Arc::new(|| NOW), ..Options::new("one".to_owned(), dir.join("jobs")) };
    let stop = CancellationToken::new();
    let running = tokio::spawn(Jobs::new(store.clone(), kinds, options).run(stop.clone()));

    let mut last: Vec<Job> = Vec::new();
    for about in ABOUT {
        let job = loop {
            match store.jobs().latest(about.name).await.expect("asked") {
                Some(job) => break job,
                None => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            }
        };
        assert_eq!(job.state, State::Done, "{job:?}");
        last.push(job);
    }
    stop.cancel();
    running.await.expect("it stops");

    let said = |kind: &str| last.iter().find(|job| job.kind == kind).map(|job| job.says.as_str()).expect("it ran");
    assert_eq!(said("sign-ins"), "removed 2 expired links, 2 invitations and 2 sessions");
    assert_eq!(said("answers"), "removed 2 old answers");
    assert_eq!(said("disk-cache"), "nothing to do");
    assert_eq!(said("finished-jobs"), "nothing to do");
    assert_eq!(said("statistics"), "0 films, 0 series, 0 files; forgot 3 old figures");
    assert!(said("database").ends_with("of it unused"), "{}", said("database"));

    assert_eq!(store.sessions().all(0).await.expect("asked"), [session(1, 2, NOW + 50)]);
    let figures = store.statistics().between(0, TODAY + 1).await.expect("asked");
    let figure = |figure| figures.iter().find(|one| one.figure == figure).map(|one| (one.day, one.value));
    assert_eq!(figure(Figure::PeopleActive), Some((TODAY, 1)));
    let served: Vec<_> = figures.iter().filter(|one| one.figure == Figure::BytesServed).collect();
    assert_eq!(served.iter().map(|one| (one.day, one.value)).collect::<Vec<_>>(), [(TODAY - 1, 60), (TODAY, 70)]);
    let _ = std::fs::remove_dir_all(dir);
}

#[test]
fn kinds_have_names_of_their_own_and_times_of_their_own() {
    let names: BTreeSet<_> = ABOUT.iter().map(|about| about.name).collect();
    let times: BTreeSet<_> =
        ABOUT.iter().map(|about| format!("{:?}", about.schedule.expect("upkeep has one"))).collect();
    assert_eq!((names.len(), times.len()), (ABOUT.len(), ABOUT.len()));
}

#[test]
fn what_was_done_reads_as_a_sentence() {
    let counts = |a, b, c| did("removed", &[(a, "link", "links"), (b, "session", "sessions"), (c, "file", "files")]);
    assert_eq!(counts(0, 0, 0), "nothing to do");
    assert_eq!(counts(0, 1, 0), "removed 1 session");
    assert_eq!(counts(3, 1, 0), "removed 3 links and 1 session");
    assert_eq!(counts(3, 1, 2), "removed 3 links, 1 session and 2 files");
}
