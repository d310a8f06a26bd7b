//! How much readers hold: players, downloads, pauses, and as many streams as there is room for.

use futures_util::StreamExt;

use super::*;

#[tokio::test(start_paused = true)]
async fn a_reader_that_pauses_holds_little() {
    let bench = Bench::new(Script::new(2, 2).latency(Duration::from_millis(100)), options());
    let mut body = bench.open(&[256 * MIB], ByteRange::whole(256 * MIB)).await.expect("opens");
    let mut taken = 0;
    while taken < 100 * MIB {
        taken += body.next().await.expect("more").expect("bytes").len() as u64;
        assert!(bench.engine.budget.used() <= 17 * MIB);
    }
    assert!(bench.engine.budget.used() > 8 * MIB, "a download reads far ahead");
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(bench.engine.budget.used() <= 2 * MIB, "{} bytes held", bench.engine.budget.used());
    assert!(is_exact(&whole(Ok(body)).await, taken, 256 * MIB));
}

#[tokio::test(start_paused = true)]
async fn a_player_holds_less_than_a_mebibyte() {
    let bench = Bench::new(near(2, 2), options());
    let mut body = bench.open(&[256 * MIB], ByteRange::whole(256 * MIB)).await.expect("opens");
    let mut most = 0;
    for n in 0..800 {
        // 40 Mbit/s.
        tokio::time::sleep(Duration::from_micros(13_107)).await;
        body.next().await.expect("more").expect("bytes");
        if n > 200 {
            most = most.max(bench.engine.budget.used());
        }
    }
    assert!(most <= MIB, "{} KiB", most / KIB);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_streams_keep_to_the_budget_and_all_go_on() {
    let bench = Bench::new(Script::new(4, 4).latency(Duration::from_millis(150)), options());
    let bench = &bench;
    let readers = (0..100).map(|n| async move {
        let mut body = bench.other_film(n, 0, 64 * MIB).await.expect("opens");
        let mut taken = 0;
        while taken < 8 * MIB {
            let bytes = body.next().await.expect("more").expect("bytes");
            assert!(is_exact(&bytes, taken, taken + bytes.len() as u64));
            taken += bytes.len() as u64;
            assert!(bench.engine.budget.used() <= 24 * MIB, "three quarters of half of 64 MiB");
        }
    });
    futures_util::future::join_all(readers).await;
    assert_eq!(bench.engine.budget.used(), 0);
}

#[tokio::test(start_paused = true)]
async fn when_there_are_as_many_streams_as_memory_allows_the_next_has_to_wait() {
    let bench = Bench::new(near(1, 1), Options { memory_bytes: MIB, ..options() });
    let mut bodies = Vec::new();
    for n in 0..2 {
        bodies.push(bench.other_film(n, 0, 64 * MIB).await.expect("opens"));
    }
    assert!(matches!(bench.film(0, 10).await, Err(Error::Busy { .. })));
    bodies.pop();
    assert!(is_exact(&whole(bench.film(0, 10).await).await, 0, 10));
}
