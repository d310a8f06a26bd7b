//! Programs that read in the background: through the same caches, behind everybody who watches, and not kept out for ever.

use tokio::time::Instant;

use super::*;

impl Bench {
    async fn read(&self, document: i64, start: u64, end: u64) -> Result<Bytes, Error> {
        let (file, locations) = file(document, &[64 * MIB]);
        self.engine.read(&file, &locations, ByteRange::new(start, end).expect("forwards")).await
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
        futures_util::future::join(viewer, program).await.0
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
