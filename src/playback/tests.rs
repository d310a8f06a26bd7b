//! Streams over a scripted Telegram: the bytes are exact, the bounds hold, and what Telegram is asked is what was meant.
//! Times are real and short; no test asks that something be quick, only that it came, or came not before.

use futures_util::StreamExt;
use proptest::prelude::*;
use tokio::time::Instant;

use super::*;
use crate::domain::entry::EntryId;
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::post::DocumentId;
use crate::telegram::scripted::{Calls, Fault, Script, content};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const PATIENCE: Duration = Duration::from_millis(1500);

fn options() -> Options {
    Options {
        window_bytes: 4 * MIB,
        late: Duration::from_millis(150),
        read_limit: Duration::from_millis(500),
        patience: PATIENCE,
        ..Options::default()
    }
}

/// The engine without a store.
struct Bench {
    schedule: Arc<Schedule>,
    live: Live,
    calls: Calls,
    options: Options,
}

impl Bench {
    fn new(script: Script, options: Options) -> Self {
        let (telegram, calls) = Telegram::scripted(script);
        let live = Live::default();
        Self { schedule: Arc::new(Schedule::new(telegram, options, live.clone())), live, calls, options }
    }

    async fn open(&self, sizes: &[u64], range: ByteRange) -> Result<Body, Error> {
        let volumes = sizes.iter().zip(1..).map(|(&size, id)| Volume { document: DocumentId(id), dc: 2, size });
        let file = VirtualFile::new(volumes.collect()).expect("a file has volumes");
        let locations = file.volumes().iter().map(|&volume| Location { volume, posts: Vec::new() }).collect();
        let what = Watching {
            entry: EntryId::from_bytes([7; 12]),
            name: "film.mkv".to_owned(),
            person: 1,
            since: SystemTime::now(),
            sent_bytes: 0,
        };
        let chunks = Box::new(chunk_plan::plan(&file, range, self.options.chunks));
        Body::open(self.schedule.clone(), locations, chunks, self.options, self.live.enter(what)).await
    }

    async fn film(&self, start: u64, end: u64) -> Result<Body, Error> {
        self.open(&[64 * MIB], ByteRange::new(start, end).expect("forwards")).await
    }
}

/// Reads to the end, or to the first error.
async fn drain(body: &mut Body) -> (Vec<u8>, Option<Error>) {
    let mut bytes = Vec::new();
    while let Some(item) = body.next().await {
        match item {
            Ok(more) => bytes.extend_from_slice(&more),
            Err(error) => return (bytes, Some(error)),
        }
    }
    (bytes, None)
}

async fn whole(body: Result<Body, Error>) -> Vec<u8> {
    let (bytes, error) = drain(&mut body.expect("opens")).await;
    assert!(error.is_none(), "{error:?}");
    bytes
}

#[tokio::test]
async fn one_mebibyte_from_the_start_is_four_calls() {
    let bench = Bench::new(Script::new(1, 1), options());
    assert_eq!(whole(bench.film(0, MIB).await).await, content(0, MIB));
    let asked: Vec<_> = bench.calls.all().iter().map(|call| (call.offset / KIB, u64::from(call.limit) / KIB)).collect();
    assert_eq!(asked, [(0, 128), (128, 128), (256, 256), (512, 512)]);
}

#[tokio::test]
async fn all_connections_share_the_work() {
    let bench = Bench::new(Script::new(4, 2).latency(Duration::from_millis(2)), options());
    assert_eq!(whole(bench.film(5, 24 * MIB + 5).await).await, content(5, 24 * MIB));
    let mut per_lane = std::collections::HashMap::new();
    for call in bench.calls.all() {
        *per_lane.entry(call.lane).or_insert(0) += 1;
    }
    assert_eq!(per_lane.len(), 8);
    assert!(per_lane.values().all(|calls| *calls >= 3), "{per_lane:?}");
}

#[tokio::test]
async fn a_flooded_bot_is_left_alone_for_exactly_as_long_as_it_says() {
    let wait = Duration::from_millis(250);
    let script = Script::new(2, 2).latency(Duration::from_millis(5)).on_call(3, Fault::FloodWait(wait));
    let bench = Bench::new(script, options());
    assert_eq!(whole(bench.film(0, 20 * MIB).await).await, content(0, 20 * MIB));
    // It is asked again afterwards.
    tokio::time::sleep(wait).await;
    assert_eq!(whole(bench.film(0, 20 * MIB).await).await, content(0, 20 * MIB));
    let calls = bench.calls.all();
    let flooded = calls[2].lane.bot;
    let told = calls[2].answered.expect("it was told");
    let of_it = || calls.iter().filter(|call| call.lane.bot == flooded);
    assert!(of_it().all(|call| call.at <= told || call.at >= told + wait));
    assert!(of_it().any(|call| call.at >= told + wait));
    assert_eq!(bench.live.totals().flood_waits, 1);
}

#[tokio::test]
async fn a_short_flood_is_waited_for_and_a_long_one_is_told_before_the_first_byte() {
    let short = Bench::new(Script::new(1, 2).on_call(1, Fault::FloodWait(Duration::from_millis(100))), options());
    let began = Instant::now();
    assert_eq!(whole(short.film(0, 10).await).await, content(0, 10));
    assert!(began.elapsed() >= Duration::from_millis(100));

    let long = Bench::new(
        Script::new(2, 2)
            .of_bot(0, Fault::FloodWait(Duration::from_secs(90)))
            .of_bot(1, Fault::FloodWait(Duration::from_secs(60))),
        options(),
    );
    let Err(Error::Busy { retry_after }) = long.film(0, 10).await else { panic!("all bots are shut") };
    assert!((55.0..60.1).contains(&retry_after.as_secs_f64()), "{retry_after:?}");
    // While they are shut nobody is asked.
    let asked = long.calls.count();
    assert!(matches!(long.film(0, 10).await, Err(Error::Busy { .. })));
    assert_eq!(long.calls.count(), asked);
}

#[tokio::test]
async fn what_fails_on_one_connection_is_read_on_another() {
    for fault in [Fault::WrongLength, Fault::Refused, Fault::Connection, Fault::Silence, Fault::NotVisible] {
        let mut script = Script::new(3, 2).latency(Duration::from_millis(1));
        for number in [1, 4, 5, 9, 17] {
            script = script.on_call(number, fault.clone());
        }
        let bench = Bench::new(script, options());
        assert_eq!(whole(bench.film(4000, 10 * MIB).await).await, content(4000, 10 * MIB - 4000), "{fault:?}");
    }
}

#[tokio::test]
async fn a_silent_bot_does_not_stop_the_stream() {
    let bench = Bench::new(Script::new(2, 2).latency(Duration::from_millis(1)).of_bot(1, Fault::Silence), options());
    assert_eq!(whole(bench.film(0, 30 * MIB).await).await, content(0, 30 * MIB));
    assert!(bench.live.totals().hedged_reads > 0);
    // Once late, it comes last: it is not asked for every other chunk.
    let silent = bench.calls.all().iter().filter(|call| call.lane.bot == 1).count();
    assert!(silent <= 20, "{silent} calls to a silent bot");
}

#[tokio::test]
async fn on_a_slow_network_little_is_asked_for_at_once_and_nothing_twice() {
    let script = Script::new(2, 2).latency(Duration::from_millis(200));
    let bench = Bench::new(script, Options { read_limit: Duration::from_secs(5), ..options() });
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    let mut taken = 0;
    for _ in 0..12 {
        taken += body.next().await.expect("more").expect("bytes").len() as u64;
    }
    let asked: u64 = bench.calls.all().iter().map(|call| u64::from(call.limit)).sum();
    assert!(asked <= taken + MIB, "{asked} asked, {taken} taken");
    // At first it cannot be known that this is how long everything takes.
    assert!(bench.live.totals().hedged_reads <= 1, "{} hedged", bench.live.totals().hedged_reads);
}

#[tokio::test]
async fn a_bot_that_cannot_see_the_post_is_skipped_and_without_any_other_the_file_is_gone() {
    let bench = Bench::new(Script::new(2, 2).of_bot(0, Fault::NotVisible), options());
    for _ in 0..3 {
        assert_eq!(whole(bench.film(0, 8 * MIB).await).await, content(0, 8 * MIB));
    }
    let blind = bench.calls.all().iter().filter(|call| call.lane.bot == 0).count();
    assert!(blind <= 4, "{blind} calls to a bot that sees nothing");

    bench.calls.set_bot(1, Some(Fault::NotVisible));
    assert!(matches!(bench.film(0, 10).await, Err(Error::NotFound)));
    // Added to the channel: found at once, whatever is remembered.
    bench.calls.set_bot(0, None);
    assert_eq!(whole(bench.film(0, 10).await).await, content(0, 10));
}

#[tokio::test]
async fn a_reader_that_leaves_is_not_read_for() {
    let bench = Bench::new(Script::new(2, 2).latency(Duration::from_millis(5)), options());
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    for _ in 0..6 {
        body.next().await.expect("more").expect("bytes");
    }
    assert_eq!(bench.live.watching().len(), 1);
    drop(body);
    tokio::task::yield_now().await;
    let asked = bench.calls.count();
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!((bench.calls.count(), bench.calls.waiting()), (asked, 0));
    assert!(bench.live.watching().is_empty());

    // Also while the first byte is still waited for.
    bench.calls.set_bot(0, Some(Fault::Silence));
    bench.calls.set_bot(1, Some(Fault::Silence));
    let opening = tokio::time::timeout(Duration::from_millis(60), bench.film(0, MIB)).await;
    assert!(opening.is_err());
    tokio::time::sleep(Duration::from_millis(20)).await;
    let asked = bench.calls.count();
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_eq!((bench.calls.count(), bench.calls.waiting()), (asked, 0));
    assert!(bench.live.watching().is_empty());
}

#[tokio::test]
async fn a_reader_that_pauses_holds_no_more_than_the_window() {
    let bench = Bench::new(Script::new(2, 2).latency(Duration::from_millis(1)), options());
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    let mut taken = 0;
    for _ in 0..40 {
        taken += body.next().await.expect("more").expect("bytes").len() as u64;
        let asked: u64 = bench.calls.all().iter().map(|call| u64::from(call.limit)).sum();
        assert!(asked <= taken + 4 * MIB, "{asked} asked, {taken} taken");
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let asked: u64 = bench.calls.all().iter().map(|call| u64::from(call.limit)).sum();
    assert!(asked <= taken + 4 * MIB, "{asked} asked, {taken} taken");
    let rest = whole(Ok(body)).await;
    assert_eq!(rest, content(taken, 64 * MIB - taken));
}

#[tokio::test]
async fn a_reader_that_never_waits_keeps_a_small_window() {
    let bench = Bench::new(Script::new(2, 2), options());
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    let mut taken = 0;
    for _ in 0..30 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        taken += body.next().await.expect("more").expect("bytes").len() as u64;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    let asked: u64 = bench.calls.all().iter().map(|call| u64::from(call.limit)).sum();
    // Opening waits for the first chunk, which doubles the window once.
    assert!(asked <= taken + MIB, "{asked} asked, {taken} taken");
}

#[tokio::test]
async fn when_nobody_can_be_asked_any_more_the_body_ends_in_an_error_after_the_right_bytes() {
    let bench = Bench::new(Script::new(2, 1).latency(Duration::from_millis(1)), options());
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    let first = body.next().await.expect("more").expect("bytes");
    for bot in [0, 1] {
        bench.calls.set_bot(bot, Some(Fault::Connection));
    }
    let (mut bytes, error) = drain(&mut body).await;
    bytes.splice(0..0, first);
    assert_eq!(bytes, content(0, bytes.len() as u64));
    assert!(matches!(error, Some(Error::Unavailable(_))), "{error:?}");
    assert!(body.next().await.is_none());
    assert_eq!(bench.live.totals().broken_streams, 1);
}

#[tokio::test]
async fn what_failed_during_a_pause_is_asked_again_when_the_reader_comes_back() {
    let bench = Bench::new(Script::new(1, 2).latency(Duration::from_millis(1)), options());
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    bench.calls.set_bot(0, Some(Fault::Connection));
    tokio::time::sleep(PATIENCE * 2).await;
    bench.calls.set_bot(0, None);
    assert_eq!(drain(&mut body).await.0, content(0, 64 * MIB));
}

#[tokio::test]
async fn without_bots_it_says_so() {
    let bench = Bench::new(Script::new(0, 0), options());
    assert!(matches!(bench.film(0, 10).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn what_is_being_sent_can_be_seen() {
    let bench = Bench::new(Script::new(1, 1), options());
    let mut body = bench.film(0, MIB).await.expect("opens");
    let first = body.next().await.expect("more").expect("bytes");
    let now = bench.live.watching();
    assert_eq!((now.len(), now[0].sent_bytes, now[0].name.as_str()), (1, first.len() as u64, "film.mkv"));
    drain(&mut body).await;
    drop(body);
    assert!(bench.live.watching().is_empty());
    let totals = bench.live.totals();
    assert_eq!((totals.streams, totals.sent_bytes, totals.reads, totals.failed_reads), (1, MIB, 4, 0));
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        (0..30u64).prop_map(|ms| Fault::FloodWait(Duration::from_millis(ms))),
        Just(Fault::WrongLength),
        Just(Fault::Refused),
        Just(Fault::Connection),
        Just(Fault::Silence),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_range_of_any_file_is_exact_whatever_goes_wrong(
        sizes in proptest::collection::vec(1..3_000_000u64, 1..4),
        ends in (0.0..1.0f64, 0.0..1.0f64),
        bots in 1..4usize,
        slots in 1..3usize,
        faults in proptest::collection::hash_map(1..40usize, fault(), 0..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut script = Script::new(bots, slots);
        for (number, fault) in faults {
            script = script.on_call(number, fault);
        }
        let length: u64 = sizes.iter().sum();
        let place = |part: f64| (length as f64 * part) as u64;
        let range = ByteRange::new(place(ends.0.min(ends.1)), place(ends.0.max(ends.1))).expect("forwards");
        let all: Vec<u8> = sizes.iter().flat_map(|size| content(0, *size)).collect();
        let bench = Bench::new(script, Options { patience: Duration::from_secs(20), ..options() });
        let got = runtime.block_on(async { whole(bench.open(&sizes, range).await).await });
        prop_assert!(got == all[range.start() as usize..range.end() as usize]);
    }
}
