//! What was sent to whom: sums, histories, and what is being sent now.

use cinepost::domain::entry::EntryId;
use cinepost::domain::limits::Day;
use cinepost::domain::person::PersonId;
use cinepost::domain::usage::{Amount, FileUse, Running, Spent, Used};

use crate::Home;
use crate::samples::*;

const ANNA: PersonId = PersonId(2);
const BEN: PersonId = PersonId(3);
const DAY_SECS: i64 = 86_400;

fn entry(n: u8) -> EntryId {
    EntryId::from_bytes([n; 12])
}

fn bytes(bytes: u64) -> Amount {
    Amount { bytes, ..Amount::default() }
}

fn used(person: PersonId, file: u8, at: i64, amount: Amount) -> Used {
    Used { person, entry: entry(file), name: format!("{file}.mkv"), at, amount, is_remembered: true }
}

pub async fn instances_that_add_at_once_lose_nothing(home: &Home) {
    let instances = [home.open().await, home.open().await];
    let adds = (0..40).map(|n| {
        let store = instances[n % 2].clone();
        let amount = Amount { bytes: 1000 + n as u64, streams: 1, downloads: 2, links: 0 };
        tokio::spawn(async move { store.usage().add(&[used(ANNA, 7, NOW + n as i64, amount)]).await.unwrap() })
    });
    futures_util::future::join_all(adds).await.into_iter().for_each(|add| add.unwrap());
    let all = Amount { bytes: 40 * 1000 + 780, streams: 40, downloads: 80, links: 0 };
    let usage = home.open().await.usage();
    let day = Day::of(NOW);
    assert_eq!(usage.spent(Some(ANNA), day).await.unwrap(), Spent { day: all, month: all });
    assert_eq!(usage.spent(None, day).await.unwrap(), Spent { day: all, month: all }, "everybody together");
    assert_eq!(usage.of_file(entry(7)).await.unwrap(), FileUse { amount: all, last: NOW + 39 });
    assert_eq!(usage.of_file(entry(8)).await.unwrap(), FileUse::default());
    assert_eq!(usage.history(ANNA, 0, 9).await.unwrap()[0].amount, all);
}

pub async fn days_and_months_are_summed_by_person(home: &Home) {
    let usage = home.open().await.usage();
    let today = Day::of(NOW);
    let at = |day: Day| day.ends() - 1;
    let begin = today.month_begin();
    assert!(begin < today, "NOW is not the first of a month");
    let last_month = Day(begin.0 - 1);
    let batch = [
        used(ANNA, 1, at(today), bytes(1)),
        used(ANNA, 2, at(today), bytes(2)),
        used(ANNA, 1, at(begin), bytes(10)),
        used(ANNA, 1, at(last_month), bytes(100)),
        used(BEN, 1, at(today), bytes(1000)),
    ];
    let batch = batch.map(|used| Used { is_remembered: false, ..used });
    usage.add(&batch).await.unwrap();
    let anna = Spent { day: bytes(3), month: bytes(13) };
    assert_eq!(usage.spent(Some(ANNA), today).await.unwrap(), anna);
    assert_eq!(usage.spent(Some(ANNA), last_month).await.unwrap(), Spent { day: bytes(100), month: bytes(100) });
    assert_eq!(usage.spent(None, today).await.unwrap(), Spent { day: bytes(1003), month: bytes(1013) });
    assert_eq!(usage.spent(Some(PersonId(9)), today).await.unwrap(), Spent::default());
    let ben = Spent { day: bytes(1000), month: bytes(1000) };
    assert_eq!(usage.spent_by_all(today).await.unwrap(), [(ANNA, anna), (BEN, ben)]);
    assert!(usage.history(ANNA, 0, 9).await.unwrap().is_empty(), "no history was wanted");
    assert_eq!(usage.forget(begin).await.unwrap(), 2, "of one person and of everybody");
    assert_eq!(usage.spent(Some(ANNA), last_month).await.unwrap(), Spent::default());
    assert_eq!(usage.spent(Some(ANNA), today).await.unwrap(), anna);
}

pub async fn of_many_who_take_the_last_link_one_gets_it(home: &Home) {
    let store = home.open().await;
    let today = Day::of(NOW);
    // A record that has no links yet.
    let unremembered = Used { is_remembered: false, ..used(ANNA, 1, NOW, bytes(5)) };
    store.usage().add(&[unremembered]).await.unwrap();
    for person in [ANNA, BEN] {
        let takes = (0..20).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.usage().take_link(person, today, 7).await.unwrap() })
        });
        let taken = futures_util::future::join_all(takes).await;
        assert_eq!(taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 7);
        assert_eq!(store.usage().spent(Some(person), today).await.unwrap().day.links, 7);
    }
    assert!(store.usage().take_link(ANNA, Day(today.0 + 1), 7).await.unwrap(), "another day");
    assert!(!store.usage().take_link(ANNA, Day(today.0 + 2), 0).await.unwrap());
}

pub async fn histories_are_kept_read_and_erased(home: &Home) {
    let usage = home.open().await.usage();
    for n in 1..=5 {
        usage.add(&[used(ANNA, n, NOW + i64::from(n), bytes(1))]).await.unwrap();
    }
    usage.add(&[used(ANNA, 1, NOW + DAY_SECS, bytes(1)), used(BEN, 1, NOW, bytes(1))]).await.unwrap();
    let names = |rows: Vec<cinepost::domain::usage::Watched>| rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(names(usage.history(ANNA, 0, 3).await.unwrap()), ["1.mkv", "5.mkv", "4.mkv"]);
    assert_eq!(names(usage.history(ANNA, 3, 3).await.unwrap()), ["3.mkv", "2.mkv"]);
    let first = &usage.history(ANNA, 0, 1).await.unwrap()[0];
    assert_eq!((first.first, first.last, first.amount), (NOW + 1, NOW + DAY_SECS, bytes(2)));
    assert_eq!(usage.erase_history(Some(ANNA)).await.unwrap(), 5);
    assert!(usage.history(ANNA, 0, 9).await.unwrap().is_empty());
    assert_eq!(usage.spent(Some(ANNA), Day::of(NOW)).await.unwrap().day.bytes, 5, "sums stay");
    assert_eq!(usage.erase_history(None).await.unwrap(), 1);
    assert!(usage.history(BEN, 0, 9).await.unwrap().is_empty());
}

pub async fn what_instances_send_is_known_for_a_while(home: &Home) {
    let usage = home.open().await.usage();
    let stream = |id: &str, sent_bytes| Running {
        id: id.to_owned(),
        person: ANNA,
        entry: entry(1),
        name: "a.mkv".to_owned(),
        since: NOW,
        sent_bytes,
        bytes_per_second: 7,
        bots: vec![0, 2],
    };
    usage.publish("aa", NOW, &[stream("aa-1", 1), stream("aa-2", 1)]).await.unwrap();
    usage.publish("aa", NOW + 2, &[stream("aa-2", 9)]).await.unwrap();
    usage.publish("bb", NOW - 60, &[stream("bb-1", 1)]).await.unwrap();
    assert_eq!(
        usage.running(NOW - 10).await.unwrap(),
        [stream("aa-2", 9)],
        "of an instance that is gone nothing is shown"
    );
    usage.publish("aa", NOW + 4, &[]).await.unwrap();
    assert!(usage.running(NOW - 10).await.unwrap().is_empty());

    usage.ask_to_stop("aa-2", NOW).await.unwrap();
    usage.ask_to_stop("aa-2", NOW + 1).await.unwrap();
    assert_eq!(usage.asked_to_stop(NOW).await.unwrap(), ["aa-2"]);
    assert!(usage.asked_to_stop(NOW + 2).await.unwrap().is_empty());
}
