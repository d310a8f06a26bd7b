//! What is asked of Telegram for which reader: the right bytes, each once, and nothing for those who have left.

use futures_util::StreamExt;

use super::*;

#[tokio::test(start_paused = true)]
async fn the_first_mebibyte_is_asked_for_in_growing_chunks_and_the_tail_beside_it() {
    let bench = Bench::new(near(1, 1), options());
    assert!(is_exact(&whole(bench.film(0, 64 * MIB).await).await, 0, 64 * MIB));
    let calls = bench.calls.all();
    let asked: Vec<_> = calls.iter().take(3).map(|call| (call.offset / KIB, u64::from(call.limit) / KIB)).collect();
    assert_eq!(asked, [(0, 64), (64 * KIB - 256, 256), (64, 128)]);
    assert_eq!(bench.asked_bytes(), 64 * MIB, "nothing was asked for twice");
    // A seek asks for no tail.
    let bench = Bench::new(near(1, 1), options());
    whole(bench.film(7 * MIB, 7 * MIB + 10).await).await;
    assert_eq!(bench.calls.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn all_connections_share_the_work() {
    let bench = Bench::new(near(4, 2), options());
    assert!(is_exact(&whole(bench.film(5, 64 * MIB).await).await, 5, 64 * MIB));
    let mut per_connection = std::collections::HashMap::new();
    for call in bench.calls.all() {
        *per_connection.entry(call.slot).or_insert(0) += 1;
    }
    assert_eq!(per_connection.len(), 8);
    assert!(per_connection.values().all(|calls| *calls >= 3), "{per_connection:?}");
}

#[tokio::test(start_paused = true)]
async fn viewers_of_one_file_share_what_is_fetched() {
    let bench = Bench::new(near(2, 2), options());
    let readers = (0..10).map(|_| async { whole(bench.film(0, 64 * MIB).await).await });
    for bytes in futures_util::future::join_all(readers).await {
        assert!(is_exact(&bytes, 0, 64 * MIB));
    }
    assert_eq!(bench.asked_bytes(), 64 * MIB);
    assert!(bench.engine.totals().shared_bytes + bench.engine.totals().memory_bytes > 8 * 64 * MIB);
}

#[tokio::test(start_paused = true)]
async fn heads_and_tails_are_not_asked_for_again() {
    let bench = Bench::new(near(1, 2), options());
    whole(bench.film(0, 64 * MIB).await).await;
    // Other films meanwhile, more than what was just read may hold.
    for number in 2..4 {
        whole(bench.other_film(number, MIB, 60 * MIB).await).await;
    }
    let asked = bench.calls.count();
    assert!(is_exact(&whole(bench.film(0, MIB).await).await, 0, MIB));
    assert!(is_exact(&whole(bench.film(64 * MIB - 100 * KIB, 64 * MIB).await).await, 64 * MIB - 100 * KIB, 64 * MIB));
    assert_eq!(bench.calls.count(), asked);
    whole(bench.film(32 * MIB, 32 * MIB + 1).await).await;
    assert_eq!(bench.calls.count(), asked + 1);
}

#[tokio::test]
async fn with_a_disk_cache_a_second_viewer_costs_nothing() {
    let dir = std::env::temp_dir().join(format!("cinepost-playback-{}", std::process::id()));
    let disk = Some((dir.clone(), 100 * MIB));
    let bench = Bench::new(Script::new(2, 2), Options { memory_bytes: 8 * MIB, disk, ..options() });
    whole(bench.film(0, 64 * MIB).await).await;
    // Written beside the reading; what a slow disk did not take in time is asked for again.
    while bench.engine.cache.disk_bytes() < 40 * MIB {
        tokio::time::sleep(Duration::from_millis(10)).await;
        whole(bench.film(0, 64 * MIB).await).await;
    }
    let (asked, kept) = (bench.asked_bytes(), bench.engine.cache.disk_bytes());
    assert!(is_exact(&whole(bench.film(0, 64 * MIB).await).await, 0, 64 * MIB));
    assert!(bench.asked_bytes() - asked <= 64 * MIB - kept, "{} of disk", kept / MIB);
    assert!(bench.engine.totals().disk_bytes > 0);
    std::fs::remove_dir_all(dir).expect("ours");
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_leaves_is_not_read_for() {
    let bench = Bench::new(near(2, 2), options());
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    for _ in 0..60 {
        body.next().await.expect("more").expect("bytes");
    }
    assert_eq!(bench.engine.streams().len(), 1);
    drop(body);
    tokio::time::sleep(Duration::from_millis(1)).await;
    let asked = bench.calls.count();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!((bench.calls.count(), bench.calls.waiting()), (asked, 0));
    assert!(bench.engine.streams().is_empty());
    assert_eq!(bench.engine.budget.used(), 0);

    // Also while the first byte is still waited for.
    bench.calls.set_bot(0, Some(Fault::Silence));
    bench.calls.set_bot(1, Some(Fault::Silence));
    let opening = tokio::time::timeout(Duration::from_millis(60), bench.film(30 * MIB, 31 * MIB)).await;
    assert!(opening.is_err());
    tokio::time::sleep(Duration::from_millis(1)).await;
    let asked = bench.calls.count();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!((bench.calls.count(), bench.calls.waiting()), (asked, 0));
    assert!(bench.engine.streams().is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_of_several_readers_that_leaves_takes_nothing_from_the_others() {
    let bench = Bench::new(near(1, 1), options());
    let first = bench.film(8 * MIB, 16 * MIB);
    let second = bench.film(8 * MIB, 16 * MIB);
    let (first, second) = futures_util::future::join(first, second).await;
    drop(first);
    assert!(is_exact(&whole(second).await, 8 * MIB, 16 * MIB));
    assert_eq!(bench.asked_bytes(), 8 * MIB);
}

#[tokio::test(start_paused = true)]
async fn what_is_being_sent_can_be_seen() {
    let bench = Bench::new(near(1, 1), options());
    let mut body = bench.film(0, MIB).await.expect("opens");
    let first = body.next().await.expect("more").expect("bytes");
    let now = bench.engine.streams();
    assert_eq!((now.len(), now[0].sent_bytes), (1, first.len() as u64));
    assert_eq!(now[0].bots, [0]);
    drain(&mut body).await;
    drop(body);
    assert!(bench.engine.streams().is_empty());
    let totals = bench.engine.totals();
    assert_eq!((totals.streams, totals.sent_bytes, totals.failed_reads), (1, MIB, 0));
}
