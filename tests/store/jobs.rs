//! Jobs and figures of each day.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cinepost::adapters::store::{DayFigure, Ended, Held, Store};
use cinepost::domain::figure::Figure;
use cinepost::domain::job::{
    About, Added, Claim, Ending, Job, JobId, NewJob, Place, Priority, Progress, Schedule, State,
};
use cinepost::domain::person::{Invitation, PersonId, Role, SignInLink};

use crate::Home;
use crate::older::make_older;
use crate::samples::*;

pub const PICTURES: About = About {
    name: "pictures",
    does: "draws pictures",
    at_once: 3,
    per_person: 2,
    priority: Priority::Normal,
    tries: 3,
    schedule: None,
    place: Place::AnyInstance,
};
const IMPORT: About = About { name: "import", at_once: 100, per_person: 100, ..PICTURES };
const NIGHTLY: Schedule = Schedule::DailyAt { hour: 4, minute: 0 };
const LEASE: i64 = 30;

/// As an instance of this name claims.
async fn claim(store: &Store, holder: &str, now: i64, kinds: &[&About]) -> Option<Job> {
    store.jobs().claim(&Claim { holder, place: holder, now, ends: now + LEASE, kinds }).await.unwrap()
}

async fn add(store: &Store, job: NewJob) -> JobId {
    match store.jobs().add(&job, NOW).await.unwrap() {
        Added::New(id) => id,
        Added::Known(id) => panic!("{id} is in the way"),
    }
}

fn ending(state: State, says: &str, now: i64) -> Ending {
    Ending { state, due: now, tries: 1, says: says.to_owned(), progress: Progress::default(), now }
}

async fn end(store: &Store, job: &Job, state: State) {
    assert!(store.jobs().end(job.id, job.claim, &ending(state, "", NOW)).await.unwrap());
}

async fn state(store: &Store, id: JobId) -> State {
    store.jobs().get(id).await.unwrap().expect("it is there").state
}

pub async fn a_job_goes_from_the_queue_to_its_end(home: &Home) {
    let store = home.open().await;
    let new = NewJob { person: Some(PersonId(7)), input: "{\"n\":1}".to_owned(), ..NewJob::of(&IMPORT, NOW) };
    let id = add(&store, new).await;
    let queued = store.jobs().get(id).await.unwrap().unwrap();
    assert_eq!((queued.state, queued.tries, queued.claim, queued.began), (State::Queued, 0, 0, None));
    assert_eq!(store.jobs().get(JobId(id.0 + 1)).await.unwrap(), None);

    let job = claim(&store, "one", NOW + 1, &[&IMPORT]).await.expect("it waits");
    assert_eq!((job.id, job.state, job.tries, job.claim, job.began), (id, State::Running, 1, 1, Some(NOW + 1)));
    assert_eq!((job.person, job.input.as_str()), (Some(PersonId(7)), "{\"n\":1}"));
    assert_eq!(job.lease.as_ref().map(|lease| (lease.holder.as_str(), lease.ends)), Some(("one", NOW + 1 + LEASE)));
    assert_eq!(claim(&store, "two", NOW + 2, &[&IMPORT]).await, None, "one does it");

    let progress = Progress { done: 5, of: Some(9), unit: "films".to_owned(), from: 0 };
    let held =
        store.jobs().beat(NOW + 60, &[(id, 1, progress.clone()), (JobId(99), 1, progress.clone())]).await.unwrap();
    assert_eq!(held, [Held::Yes, Held::No]);
    assert!(store.jobs().save(id, 1, "at 5", true).await.unwrap());
    let running = store.jobs().unfinished(10).await.unwrap().remove(0);
    assert_eq!((running.progress.clone(), running.checkpoint.as_deref()), (progress.clone(), Some("at 5")));
    assert_eq!(running.lease.map(|lease| lease.ends), Some(NOW + 60));

    let done = Ending { progress: Progress { done: 9, ..progress }, ..ending(State::Done, "brought 9 films", NOW + 9) };
    assert!(store.jobs().end(id, 1, &done).await.unwrap());
    assert!(!store.jobs().end(id, 1, &done).await.unwrap(), "it has ended");
    let job = home.open().await.jobs().latest("import").await.unwrap().expect("kept");
    assert_eq!(
        (job.state, job.says.as_str(), job.ended, job.lease.clone()),
        (State::Done, "brought 9 films", Some(NOW + 9), None)
    );
    assert_eq!((job.progress.done, job.progress.of), (9, Some(9)));
    assert_eq!(store.jobs().unfinished(10).await.unwrap(), []);
    assert_eq!(store.jobs().ended(10).await.unwrap(), [job]);
}

pub async fn jobs_come_by_priority_and_time(home: &Home) {
    let store = home.open().await;
    let new = |priority, due| NewJob { priority, due, ..NewJob::of(&IMPORT, NOW) };
    let later = add(&store, new(Priority::Urgent, NOW + 20)).await;
    let idle = add(&store, new(Priority::Idle, NOW - 9)).await;
    let second = add(&store, new(Priority::Normal, NOW - 1)).await;
    let first = add(&store, new(Priority::Normal, NOW - 2)).await;
    let third = add(&store, new(Priority::Normal, NOW - 1)).await;
    let other = add(&store, NewJob { priority: Priority::Urgent, ..NewJob::of(&PICTURES, NOW) }).await;
    let unfinished: Vec<_> = store.jobs().unfinished(10).await.unwrap().iter().map(|job| job.id).collect();
    assert_eq!(unfinished, [other, later, first, second, third, idle]);
    let mut order = Vec::new();
    while let Some(job) = claim(&store, "one", NOW, &[&IMPORT, &PICTURES]).await {
        order.push(job.id);
    }
    assert_eq!(order, [other, first, second, third, idle], "what is not due waits");
    assert_eq!(claim(&store, "one", NOW + 20, &[&PICTURES]).await, None, "of no kind that it knows");
    assert_eq!(claim(&store, "one", NOW + 20, &[&IMPORT]).await.map(|job| job.id), Some(later));
}

pub async fn limits_hold_by_kind_and_by_person(home: &Home) {
    let store = home.open().await;
    let of = |person| NewJob { person, ..NewJob::of(&PICTURES, NOW) };
    for person in [Some(PersonId(5)), Some(PersonId(5)), Some(PersonId(5)), Some(PersonId(6)), None] {
        add(&store, of(person)).await;
    }
    let claim = async || claim(&store, "one", NOW, &[&PICTURES]).await;
    let (first, second) = (claim().await.unwrap(), claim().await.unwrap());
    assert_eq!((first.person, second.person), (Some(PersonId(5)), Some(PersonId(5))));
    assert_eq!(claim().await.unwrap().person, Some(PersonId(6)), "the third of one person waits for the first");
    assert_eq!(claim().await, None, "three of the kind are running");
    end(&store, &second, State::Failed).await;
    assert_eq!(claim().await.unwrap().person, Some(PersonId(5)));
    end(&store, &first, State::Done).await;
    assert_eq!(claim().await.unwrap().person, None);
}

pub async fn limits_hold_when_many_claim_at_once(home: &Home) {
    let store = home.open().await;
    for n in 0..20 {
        add(&store, NewJob { person: Some(PersonId(n % 4)), ..NewJob::of(&PICTURES, NOW) }).await;
    }
    let claims = (0..16).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { claim(&store, &format!("holder {n}"), NOW, &[&PICTURES]).await })
    });
    let mut got = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        got.extend(claim.await.unwrap());
    }
    got.extend(claim(&store, "last", NOW, &[&PICTURES]).await);
    assert_eq!(got.len(), PICTURES.at_once as usize);
    let mut by_person = BTreeMap::new();
    got.iter().for_each(|job| *by_person.entry(job.person).or_insert(0) += 1);
    assert!(by_person.values().all(|count| *count <= PICTURES.per_person), "{by_person:?}");
}

pub async fn of_many_instances_one_does_each_job(home: &Home) {
    let store = home.open().await;
    for _ in 0..60 {
        add(&store, NewJob::of(&IMPORT, NOW)).await;
    }
    let done = Arc::new(AtomicU32::new(0));
    let instances = (0..6).map(|n| {
        let (store, done) = (store.clone(), Arc::clone(&done));
        tokio::spawn(async move {
            let holder = format!("instance {n}");
            while let Some(job) = claim(&store, &holder, NOW, &[&IMPORT]).await {
                assert_eq!(job.claim, 1, "nobody had {} before", job.id);
                end(&store, &job, State::Done).await;
                done.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    for instance in instances.collect::<Vec<_>>() {
        instance.await.unwrap();
    }
    // Somebody who lost every race may have left early; nobody did one twice.
    while let Some(job) = claim(&store, "last", NOW, &[&IMPORT]).await {
        end(&store, &job, State::Done).await;
        done.fetch_add(1, Ordering::Relaxed);
    }
    assert_eq!(done.load(Ordering::Relaxed), 60);
    assert_eq!(store.jobs().count_ended(0, NOW + 1).await.unwrap(), Ended { done: 60, failed: 0 });
}

pub async fn a_key_is_queued_once_and_a_period_runs_once(home: &Home) {
    let store = home.open().await;
    let keyed = NewJob { key: Some("film 7".to_owned()), ..NewJob::of(&IMPORT, NOW) };
    let id = add(&store, keyed.clone()).await;
    assert_eq!(store.jobs().add(&keyed, NOW).await.unwrap(), Added::Known(id));
    let job = claim(&store, "one", NOW, &[&IMPORT]).await.unwrap();
    assert_eq!(store.jobs().add(&keyed, NOW).await.unwrap(), Added::Known(id), "it runs");
    end(&store, &job, State::Failed).await;
    let again = add(&store, keyed.clone()).await;
    assert_eq!(store.jobs().retry(id, NOW).await.unwrap(), Some((State::Failed, false)), "the new one is in its place");
    assert_eq!(store.jobs().cancel(again, NOW).await.unwrap(), Some(State::Queued));
    assert_eq!(store.jobs().retry(id, NOW).await.unwrap(), Some((State::Failed, true)));
    assert_eq!(state(&store, id).await, State::Queued);

    let period = |n: i64| NewJob { period: Some(format!("nightly@{n}")), ..NewJob::of(&IMPORT, NOW) };
    let adds = (0..12).map(|_| {
        let store = store.clone();
        let job = period(NIGHTLY.last(NOW));
        tokio::spawn(async move { store.jobs().add(&job, NOW).await.unwrap() })
    });
    let mut added = Vec::new();
    for add in adds.collect::<Vec<_>>() {
        added.push(add.await.unwrap());
    }
    assert_eq!(added.iter().filter(|added| matches!(added, Added::New(_))).count(), 1, "{added:?}");
    assert!(added.iter().all(|one| one.id() == added[0].id()), "{added:?}");
    assert_eq!(store.jobs().cancel(added[0].id(), NOW).await.unwrap(), Some(State::Queued));
    assert_eq!(
        store.jobs().add(&period(NIGHTLY.last(NOW)), NOW).await.unwrap(),
        Added::Known(added[0].id()),
        "it had its run"
    );
    add(&store, period(NIGHTLY.next(NOW))).await;
}

pub async fn what_a_dead_instance_left_is_taken_over(home: &Home) {
    let store = home.open().await;
    let id = add(&store, NewJob::of(&PICTURES, NOW)).await;
    let first = claim(&store, "dead", NOW, &[&PICTURES]).await.unwrap();
    assert!(store.jobs().save(id, first.claim, "half way", false).await.unwrap());
    assert_eq!(claim(&store, "heir", NOW + LEASE - 1, &[&PICTURES]).await, None, "the lease lasts");
    let second = claim(&store, "heir", NOW + LEASE, &[&PICTURES]).await.expect("the lease is over");
    assert_eq!((second.id, second.tries, second.checkpoint.as_deref()), (id, 2, Some("half way")));

    // The first one was only slow. Nothing that it writes counts.
    let late = (id, first.claim, Progress { done: 9, ..Progress::default() });
    assert_eq!(store.jobs().beat(NOW + 99, &[late]).await.unwrap(), [Held::No]);
    assert!(!store.jobs().save(id, first.claim, "late", true).await.unwrap());
    assert!(!store.jobs().end(id, first.claim, &ending(State::Failed, "late", NOW)).await.unwrap());
    assert_eq!(store.jobs().get(id).await.unwrap(), Some(second), "as the second one began it");

    // A job that ends its program each time ends when its tries do.
    let third = claim(&store, "third", NOW + 2 * LEASE, &[&PICTURES]).await.unwrap();
    assert_eq!((third.id, third.tries), (id, 3));
    assert_eq!(claim(&store, "fourth", NOW + 3 * LEASE, &[&PICTURES]).await, None);
    let failed = store.jobs().get(id).await.unwrap().unwrap();
    assert_eq!((failed.state, failed.says.is_empty(), failed.ended), (State::Failed, false, Some(NOW + 3 * LEASE)));

    // It gets on: the tries before its checkpoint count no more.
    let id = add(&store, NewJob::of(&PICTURES, NOW)).await;
    for n in 0..6 {
        let now = NOW + (10 + n) * LEASE;
        let job = claim(&store, "unlucky", now, &[&PICTURES]).await.unwrap();
        assert!(store.jobs().save(id, job.claim, &n.to_string(), true).await.unwrap());
    }
    assert_eq!(state(&store, id).await, State::Running);
}

pub async fn jobs_of_an_earlier_run_of_an_instance_are_taken_back_at_once(home: &Home) {
    let store = home.open().await;
    let run = async |holder: &str, place: &str, now: i64| {
        store.jobs().claim(&Claim { holder, place, now, ends: now + LEASE, kinds: &[&IMPORT] }).await.unwrap()
    };
    let id = add(&store, NewJob::of(&IMPORT, NOW)).await;
    assert_eq!(run("one/a", "one", NOW).await.map(|job| job.id), Some(id));
    assert_eq!(run("one/a", "one", NOW + 1).await, None, "its own run");
    assert_eq!(run("on/b", "on", NOW + 1).await, None, "another instance");
    assert_eq!(run("one-more/b", "one-more", NOW + 1).await, None);
    let again = run("one/b", "one", NOW + 2).await.expect("nobody does it any more");
    assert_eq!((again.id, again.tries), (id, 2));
}

pub async fn a_job_is_cancelled_in_every_state(home: &Home) {
    let store = home.open().await;
    assert_eq!(store.jobs().cancel(JobId(1), NOW).await.unwrap(), None);
    let id = add(&store, NewJob::of(&IMPORT, NOW)).await;
    assert_eq!(store.jobs().cancel(id, NOW + 1).await.unwrap(), Some(State::Queued));
    assert_eq!(store.jobs().cancel(id, NOW + 2).await.unwrap(), Some(State::Cancelled));
    assert_eq!(store.jobs().get(id).await.unwrap().unwrap().ended, Some(NOW + 1));
    assert_eq!(claim(&store, "one", NOW, &[&IMPORT]).await, None);

    assert_eq!(store.jobs().retry(id, NOW).await.unwrap(), Some((State::Cancelled, true)));
    let job = claim(&store, "one", NOW, &[&IMPORT]).await.expect("it is queued again");
    assert_eq!((job.tries, job.is_cancel_wanted), (1, false));
    let beat = async || store.jobs().beat(NOW + LEASE, &[(id, job.claim, Progress::default())]).await.unwrap();
    assert_eq!(beat().await, [Held::Yes]);
    assert_eq!(store.jobs().cancel(id, NOW).await.unwrap(), Some(State::Running));
    assert_eq!((beat().await, state(&store, id).await), (vec![Held::CancelWanted], State::Running));
    // Its instance dies before it heard of it.
    assert_eq!(claim(&store, "two", NOW + LEASE, &[&IMPORT]).await, None);
    assert_eq!(state(&store, id).await, State::Cancelled);

    let id = add(&store, NewJob::of(&IMPORT, NOW)).await;
    let job = claim(&store, "one", NOW, &[&IMPORT]).await.unwrap();
    let stumbled = Ending { due: NOW + 40, ..ending(State::Retrying, "no network", NOW) };
    assert!(store.jobs().end(id, job.claim, &stumbled).await.unwrap());
    let waits = store.jobs().get(id).await.unwrap().unwrap();
    assert_eq!(
        (waits.state, waits.due, waits.says.as_str(), waits.ended),
        (State::Retrying, NOW + 40, "no network", None)
    );
    assert_eq!(claim(&store, "one", NOW + 39, &[&IMPORT]).await, None);
    assert_eq!(store.jobs().retry(id, NOW + 5).await.unwrap(), Some((State::Retrying, true)), "a person cannot wait");
    let job = claim(&store, "one", NOW + 5, &[&IMPORT]).await.unwrap();
    assert_eq!(store.jobs().retry(id, NOW + 5).await.unwrap(), Some((State::Running, true)), "changes nothing");
    assert_eq!(state(&store, id).await, State::Running);
    end(&store, &job, State::Done).await;
    assert_eq!(store.jobs().retry(id, NOW).await.unwrap(), Some((State::Done, true)));
    assert_eq!(state(&store, id).await, State::Done);
}

pub async fn jobs_of_one_instance_wait_for_it(home: &Home) {
    let store = home.open().await;
    let id = add(&store, NewJob { place: Some("north".to_owned()), ..NewJob::of(&IMPORT, NOW) }).await;
    assert_eq!(claim(&store, "south", NOW, &[&IMPORT]).await, None);
    assert_eq!(claim(&store, "north", NOW, &[&IMPORT]).await.map(|job| job.id), Some(id));
}

pub async fn old_jobs_go(home: &Home) {
    let store = home.open().await;
    let old = add(&store, NewJob::of(&IMPORT, NOW)).await;
    let young = add(&store, NewJob::of(&IMPORT, NOW)).await;
    store.jobs().cancel(old, NOW - 100).await.unwrap();
    store.jobs().cancel(young, NOW - 50).await.unwrap();
    let waits = add(&store, NewJob { due: NOW - 200, ..NewJob::of(&IMPORT, NOW) }).await;
    let stranded = NewJob { due: NOW - 200, place: Some("gone".to_owned()), ..NewJob::of(&IMPORT, NOW) };
    let stranded = add(&store, stranded).await;
    assert_eq!(store.jobs().prune(NOW - 60).await.unwrap(), 2);
    for (id, is_kept) in [(old, false), (young, true), (waits, true), (stranded, false)] {
        assert_eq!(store.jobs().get(id).await.unwrap().is_some(), is_kept, "{id}");
    }
}

pub async fn figures_of_days_add_up(home: &Home) {
    let store = home.open().await;
    let adds = (0..20).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.statistics().add(20_000, Figure::BytesServed, 5).await.unwrap() })
    });
    for add in adds.collect::<Vec<_>>() {
        add.await.unwrap();
    }
    store.statistics().set(20_000, Figure::Films, 7).await.unwrap();
    store.statistics().set(20_000, Figure::Films, 9).await.unwrap();
    store.statistics().set(19_000, Figure::Films, 1).await.unwrap();
    store.statistics().set(20_001, Figure::Films, 10).await.unwrap();
    let figure = |day, figure, value| DayFigure { day, figure, value };
    let wanted = [figure(20_000, Figure::BytesServed, 100), figure(20_000, Figure::Films, 9)];
    assert_eq!(store.statistics().between(20_000, 20_001).await.unwrap(), wanted);
    assert_eq!(store.statistics().forget(20_000).await.unwrap(), 1);
    assert_eq!(store.statistics().between(0, 30_000).await.unwrap().len(), 3);
}

pub async fn a_store_without_jobs_gets_room_for_them(home: &Home) {
    drop(home.open().await);
    make_older(home, 6).await;
    let store = home.open().await;
    add(&store, NewJob::of(&IMPORT, NOW)).await;
    store.statistics().add(20_000, Figure::BytesServed, 5).await.unwrap();
    assert!(claim(&store, "one", NOW, &[&IMPORT]).await.is_some());
}

pub async fn what_is_over_is_removed_and_counted(home: &Home) {
    use cinepost::domain::access::SecretHash;
    let store = home.open().await;
    for (n, expires) in [(1, NOW), (2, NOW + 1)] {
        let hash = SecretHash([n; 32]);
        store.sign_in_links().add(&SignInLink { hash, person: PersonId::OWNER, version: 1, expires }).await.unwrap();
        let (role, created) = (Role::Guest, NOW - 50);
        let invitation = Invitation { id: hash, role, uses: 1, created, expires, made_by: None, person: None };
        store.invitations().add(&invitation).await.unwrap();
        store.answers().put(&n.to_string(), "text", expires).await.unwrap();
    }
    assert_eq!(store.sign_in_links().remove_expired(NOW).await.unwrap(), 1);
    assert!(store.sign_in_links().get(SecretHash([2; 32]), NOW).await.unwrap().is_some());
    assert_eq!(store.invitations().remove_expired(NOW).await.unwrap(), 1);
    assert!(store.invitations().get(SecretHash([2; 32]), NOW).await.unwrap().is_some());
    assert_eq!(store.answers().remove_expired(NOW).await.unwrap(), 1);
    assert!(store.answers().get("2", NOW).await.unwrap().is_some());
    assert_eq!(store.sessions().remove_expired(NOW).await.unwrap(), 0);
}
