//! Programs that read in the background: through the same caches, behind everybody who watches, and not kept out for ever.

use futures_util::future::{join, join_all};
use tokio::time::Instant;

use super::*;
use crate::adapters::telegram::scripted::Call;

impl Bench {
    async fn read(&self, document: i64, start: u64, end: u64) -> Result<Bytes, Error> {
        self.read_for(Purpose::Probe, document, start, end).await
    }

    async fn read_for(&self, purpose: Purpose, document: i64, start: u64, end: u64) -> Result<Bytes, Error> {
        let (file, locations) = file(document, &[64 * MIB]);
        self.engine.read(&file, &locations, ByteRange::new(start, end).expect("forwards"), purpose).await
    }

    /// Reads so many files at once, MiB after MiB, until it is dropped.
    async fn read_without_end(&self, purpose: Purpose, documents: std::ops::Range<i64>) {
        join_all(documents.map(|document| async move {
            for n in (0..64).cycle() {
                // What was read is in no cache any more when its turn comes again.
                self.read_for(purpose, document, n * MIB, (n + 1) * MIB).await.expect("reads");
            }
        }))
        .await;
    }

    fn calls_of(&self, documents: std::ops::Range<i64>) -> Vec<Call> {
        self.calls.all().into_iter().filter(|call| documents.contains(&call.document.0)).collect()
    }
}

/// Whatever ends first ends both.
async fn beside<T>(program: impl Future<Output = ()>, other: impl Future<Output = T>) -> T {
    tokio::select! {
        biased;
        result = other => result,
        () = program => panic!("it has no end"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_program_gets_exactly_the_range_and_what_is_here_is_not_asked_for() {
    let bench = Bench::new(near(2, 2), options());
    for (start, end) in [(0, 0), (5, 10), (MIB - 3, 3 * MIB + 7), (64 * MIB - 1, 64 * MIB)] {
        assert!(is_exact(&bench.read(1, start, end).await.expect("reads"), start, end));
    }
    let asked = bench.calls.count();
    assert!(is_exact(&bench.read(1, MIB, 2 * MIB).await.expect("reads"), MIB, 2 * MIB));
    assert_eq!(bench.calls.count(), asked);
    assert_eq!(bench.engine.budget.used(), 0);
    let totals = bench.engine.totals();
    assert_eq!((totals.streams, totals.sent_bytes, totals.first_byte.counts), (0, 0, Default::default()));
}

#[tokio::test(start_paused = true)]
async fn heads_that_programs_read_do_not_drive_out_those_of_films() {
    let bench = Bench::new(near(2, 2), Options { memory_bytes: 8 * MIB, ..options() });
    whole(bench.film(0, MIB + 1).await).await;
    for document in 100..150 {
        bench.read(document, 0, 64 * KIB).await.expect("reads");
    }
    let asked = bench.calls.count();
    whole(bench.film(0, MIB).await).await;
    assert_eq!(bench.calls.count(), asked);
}

#[tokio::test(start_paused = true)]
async fn beside_viewers_who_take_all_there_is_a_program_comes_through_and_they_do_not_slow_down() {
    let download = |with_program: bool| async move {
        let bench = Bench::new(near(2, 1), options());
        let viewer = async {
            let began = Instant::now();
            whole(bench.open(&[256 * MIB], ByteRange::whole(256 * MIB)).await).await;
            began.elapsed()
        };
        let program = async {
            for n in 0..if with_program { 10 } else { 0 } {
                let began = Instant::now();
                bench.read(7, n * MIB, n * MIB + 4 * KIB).await.expect("reads");
                assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
            }
        };
        join(viewer, program).await.0
    };
    let (alone, beside) = (download(false).await, download(true).await);
    assert!(beside <= alone + alone / 10, "{beside:?} beside a program, {alone:?} alone");
}

#[tokio::test(start_paused = true)]
async fn a_program_gives_up_sooner_than_a_viewer_and_leaving_ends_its_reads() {
    let bench = Bench::new(near(1, 1), options());
    bench.calls.set_bot(0, Some(Fault::Refused));
    let began = Instant::now();
    assert!(matches!(bench.read(1, 0, 10).await, Err(Error::Unavailable(_))));
    assert_eq!(began.elapsed().as_secs(), options().background_patience.as_secs());

    bench.calls.set_bot(0, Some(Fault::Silence));
    let left = tokio::time::timeout(Duration::from_millis(100), bench.read(1, 0, 10)).await;
    assert!(left.is_err());
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!((bench.calls.waiting(), bench.engine.streams().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn of_all_programs_together_one_chunk_at_a_time_is_under_way_on_a_connection() {
    let bench = Bench::new(near(2, 2), options());
    let programs = join(
        bench.read_without_end(Purpose::Bulk, 100..104),
        join(bench.read_without_end(Purpose::Probe, 200..204), bench.read_without_end(Purpose::Prefetch, 300..304)),
    );
    beside(async { _ = programs.await }, tokio::time::sleep(Duration::from_secs(2))).await;

    let calls = bench.calls.all();
    assert!(calls.iter().all(|call| call.limit <= 512 * 1024));
    let mut last: std::collections::HashMap<_, Option<Instant>> = std::collections::HashMap::new();
    for call in &calls {
        let before = last.insert(call.slot, call.answered);
        assert!(before.is_none_or(|answered| answered.is_some_and(|at| at <= call.at)), "two at once: {call:?}");
    }
    assert_eq!(last.len(), 4, "every connection is used");
    assert!(calls.len() >= 4 * 90, "and kept busy: {} calls in 100 round trips", calls.len());
}

#[tokio::test(start_paused = true)]
async fn what_a_viewer_opens_beside_programs_is_asked_for_at_once_and_behind_one_chunk_of_theirs() {
    let bench = Bench::new(near(1, 1), options());
    let viewer = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        for n in 0..10 {
            let began = Instant::now();
            let mut body = bench.film(n * 5 * MIB, n * 5 * MIB + 2 * MIB).await.expect("opens");
            drain(&mut body).await;
            let first = bench.calls_of(1..2).into_iter().find(|call| call.at >= began).expect("asked");
            assert_eq!(first.at, began);
            let before = bench.calls.all().into_iter().filter(|call| call.at <= began && call.document.0 != 1);
            let ahead: u32 =
                before.filter(|call| call.answered.is_none_or(|at| at > began)).map(|call| call.limit).sum();
            assert!(ahead <= 512 * 1024, "{ahead} bytes of programs lie before it");
        }
    };
    beside(bench.read_without_end(Purpose::Bulk, 100..108), viewer).await;
}

#[tokio::test(start_paused = true)]
async fn a_program_with_a_more_pressing_purpose_goes_before_the_others() {
    for (pressing, other) in
        [(Purpose::Prefetch, Purpose::Probe), (Purpose::Prefetch, Purpose::Bulk), (Purpose::Probe, Purpose::Bulk)]
    {
        let took = |is_alone: bool| async move {
            let bench = Bench::new(near(1, 2), options());
            let late = async {
                tokio::time::sleep(Duration::from_millis(505)).await;
                let began = Instant::now();
                join_all((0..8).map(|n| bench.read_for(pressing, 1, n * MIB, (n + 1) * MIB))).await;
                began.elapsed()
            };
            match is_alone {
                true => late.await,
                false => beside(bench.read_without_end(other, 100..108), late).await,
            }
        };
        let (alone, beside) = (took(true).await, took(false).await);
        // One chunk lies before it on each connection, and once in a while it is the others' turn.
        assert!(beside <= alone + 4 * LATENCY, "{pressing:?} beside {other:?}: {beside:?}, alone {alone:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn bytes_that_lie_alone_cost_their_pages_and_drive_nothing_out() {
    let bench = Bench::new(near(2, 2), options());
    let (file, locations) = file(1, &[64 * MIB, 10 * KIB]);
    let alone = async |start: u64, end: u64| {
        let range = ByteRange::new(start, end).expect("forwards");
        bench.engine.read_alone(&file, &locations, range, Purpose::Prefetch).await.expect("reads")
    };
    for (start, end, asked) in [
        (5 * MIB + 10, 5 * MIB + 20, vec![(5 * MIB, 4 * KIB)]),
        (7 * MIB + 4090, 7 * MIB + 4100, vec![(7 * MIB, 8 * KIB)]),
        (9 * MIB - 10, 9 * MIB + 10, vec![(9 * MIB - 4 * KIB, 4 * KIB), (9 * MIB, 4 * KIB)]),
    ] {
        let before = bench.calls.count();
        assert!(is_exact(&alone(start, end).await, start, end));
        let calls = bench.calls.all().split_off(before);
        assert_eq!(calls.iter().map(|call| (call.offset, u64::from(call.limit))).collect::<Vec<_>>(), asked);
    }
    assert_eq!(bench.engine.holdings().memory_cache, 0);
    // The last page of a volume is as long as there are bytes, and every document begins with its own byte 0.
    assert!(is_exact(&alone(64 * MIB + 9 * KIB, 64 * MIB + 11 * KIB).await, 9 * KIB, 10 * KIB));

    // What somebody reads anyhow is taken from there.
    bench.read(1, 20 * MIB, 21 * MIB).await.expect("reads");
    let asked = bench.calls.count();
    assert!(is_exact(&alone(20 * MIB + 70_000, 20 * MIB + 71_000).await, 20 * MIB + 70_000, 20 * MIB + 71_000));
    assert_eq!(bench.calls.count(), asked);
}

#[tokio::test(start_paused = true)]
async fn lines_that_lie_alone_fail_over_and_say_how_long_to_wait() {
    let (file, locations) = file(1, &[64 * MIB]);
    let range = ByteRange::new(5 * MIB, 5 * MIB + 10).expect("forwards");
    for fault in [Fault::Connection, Fault::Refused, Fault::Silence, Fault::WrongLength] {
        let bench = Bench::new(near(2, 2).on_call(1, fault.clone()), options());
        let bytes = bench.engine.read_alone(&file, &locations, range, Purpose::Prefetch).await.expect("elsewhere");
        assert!(is_exact(&bytes, 5 * MIB, 5 * MIB + 10), "{fault:?}");
    }
    let flood = Fault::FloodWait(Duration::from_secs(90));
    let bench = Bench::new(near(1, 2).of_bot(0, flood), options());
    let read = bench.engine.read_alone(&file, &locations, range, Purpose::Prefetch).await;
    let Err(Error::Busy { retry_after }) = read else { panic!("{read:?}") };
    assert!(retry_after > Duration::from_secs(80), "{retry_after:?}");
}
