//! Streams over a scripted Telegram: the bytes are exact, the bounds hold, and what Telegram is asked is what was meant. The
//! clock is tokio's paused one: it jumps to the next moment at which something is due.

use futures_util::StreamExt;
use proptest::prelude::*;
use tokio::time::Instant;

use super::*;
use crate::adapters::telegram::scripted::{Calls, Fault, Script, content};
use crate::adapters::telegram::{BotIndex, Telegram};
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::post::DocumentId;
use crate::domain::telegram_id::Dc;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

fn options() -> Options {
    Options { memory_bytes: 64 * MIB, read_limit: Duration::from_secs(5), ..Options::default() }
}

struct Bench {
    engine: Engine,
    calls: Calls,
}

impl Bench {
    fn new(script: Script, options: Options) -> Self {
        let (telegram, calls) = Telegram::scripted(script);
        Self { engine: Engine::new(telegram.files().clone(), options).expect("no disk"), calls }
    }

    /// The volumes are documents from this one on.
    async fn open_from(&self, first: i64, sizes: &[u64], range: ByteRange) -> Result<Body, Error> {
        let volumes = sizes.iter().zip(first..).map(|(&size, id)| Volume { document: DocumentId(id), dc: Dc(2), size });
        let file = VirtualFile::new(volumes.collect()).expect("a file has volumes");
        let locations =
            file.volumes().iter().map(|&volume| Arc::new(VolumeLocation { volume, posts: Vec::new() })).collect();
        self.engine.admit()?.open(&file, &locations, &[range]).await
    }

    async fn open(&self, sizes: &[u64], range: ByteRange) -> Result<Body, Error> {
        self.open_from(1, sizes, range).await
    }

    async fn film(&self, start: u64, end: u64) -> Result<Body, Error> {
        self.open(&[64 * MIB], ByteRange::new(start, end).expect("forwards")).await
    }

    /// Another film of the same size.
    async fn other_film(&self, number: i64, start: u64, end: u64) -> Result<Body, Error> {
        self.open_from(number, &[64 * MIB], ByteRange::new(start, end).expect("forwards")).await
    }

    fn asked_bytes(&self) -> u64 {
        self.calls.all().iter().map(|call| u64::from(call.limit)).sum()
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

/// Whether these are the bytes from `start`: without printing megabytes when they are not.
fn is_exact(bytes: &[u8], start: u64, end: u64) -> bool {
    bytes == content(start, end - start)
}

const LATENCY: Duration = Duration::from_millis(20);

fn near(bots: usize, slots: usize) -> Script {
    Script::new(bots, slots).latency(LATENCY)
}

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
    let mut per_lane = std::collections::HashMap::new();
    for call in bench.calls.all() {
        *per_lane.entry(call.slot).or_insert(0) += 1;
    }
    assert_eq!(per_lane.len(), 8);
    assert!(per_lane.values().all(|calls| *calls >= 3), "{per_lane:?}");
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
async fn a_flooded_bot_is_left_alone_for_exactly_as_long_as_it_says() {
    let wait = Duration::from_secs(25);
    let bench = Bench::new(near(2, 2).on_call(5, Fault::FloodWait(wait)), options());
    assert!(is_exact(&whole(bench.film(0, 64 * MIB).await).await, 0, 64 * MIB));
    // It is asked again afterwards.
    tokio::time::sleep(wait).await;
    assert!(is_exact(&whole(bench.other_film(2, 0, 64 * MIB).await).await, 0, 64 * MIB));
    let calls = bench.calls.all();
    let flooded = calls[4].slot.bot;
    let told = calls[4].answered.expect("it was told");
    let of_it = || calls.iter().filter(|call| call.slot.bot == flooded);
    assert!(of_it().all(|call| call.at <= told || call.at >= told + wait));
    assert!(of_it().any(|call| call.at >= told + wait));
    assert_eq!(bench.engine.totals().flood_waits, 1);
}

#[tokio::test(start_paused = true)]
async fn a_short_flood_is_waited_for_and_a_long_one_is_told_before_the_first_byte() {
    let short = Bench::new(Script::new(1, 2).on_call(1, Fault::FloodWait(Duration::from_secs(9))), options());
    let began = Instant::now();
    assert!(is_exact(&whole(short.film(0, 10).await).await, 0, 10));
    assert_eq!(began.elapsed().as_secs(), 9);

    let flood = |secs| Fault::FloodWait(Duration::from_secs(secs));
    let long = Bench::new(Script::new(2, 2).of_bot(0, flood(90)).of_bot(1, flood(60)), options());
    let Err(Error::Busy { retry_after }) = long.film(0, 10).await else { panic!("all bots are shut") };
    assert!((59.0..60.1).contains(&retry_after.as_secs_f64()), "{retry_after:?}");
    // While they are shut nobody is asked.
    let asked = long.calls.count();
    assert!(matches!(long.film(0, 10).await, Err(Error::Busy { .. })));
    assert_eq!(long.calls.count(), asked);
}

#[tokio::test(start_paused = true)]
async fn what_fails_on_one_connection_is_read_on_another() {
    for fault in [Fault::WrongLength, Fault::Refused, Fault::Connection, Fault::Silence, Fault::NotVisible] {
        let mut script = near(3, 2);
        // A bot that does not see the post is not asked again; one of the three must.
        let often = if fault == Fault::NotVisible { 2 } else { 5 };
        for number in [1, 4, 5, 9, 17].into_iter().take(often) {
            script = script.on_call(number, fault.clone());
        }
        let bench = Bench::new(script, options());
        assert!(is_exact(&whole(bench.film(4000, 40 * MIB).await).await, 4000, 40 * MIB), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_falls_silent_costs_half_a_second() {
    for bots in [2, 4] {
        let bench = Bench::new(near(bots, 2), options());
        let mut body = bench.film(0, 64 * MIB).await.expect("opens");
        let mut bytes = Vec::new();
        let mut longest = Duration::ZERO;
        let mut last = Instant::now();
        while let Some(item) = body.next().await {
            longest = longest.max(last.elapsed());
            last = Instant::now();
            bytes.extend_from_slice(&item.expect("bytes"));
            if bytes.len() as u64 >= 8 * MIB {
                bench.calls.set_bot(1, Some(Fault::Silence));
            }
        }
        assert!(is_exact(&bytes, 0, 64 * MIB));
        assert!(longest <= Duration::from_millis(500) + LATENCY, "a gap of {longest:?} with {bots} bots");
        let silent =
            bench.calls.all().iter().filter(|call| call.slot.bot == BotIndex(1) && call.answered.is_none()).count();
        assert!(silent <= 40, "{silent} calls to a silent bot");
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_is_waited_for_is_asked_twice_and_little_of_it() {
    // Every tenth answer never comes, on all bots alike.
    let mut script = near(3, 2);
    for number in (20..400).step_by(10) {
        script = script.on_call(number, Fault::Silence);
    }
    let bench = Bench::new(script, options());
    assert!(is_exact(&whole(bench.open(&[256 * MIB], ByteRange::whole(256 * MIB)).await).await, 0, 256 * MIB));
    let totals = bench.engine.totals();
    assert!(totals.hedged_reads + totals.failovers > 0);
    assert!(totals.hedged_bytes <= 256 * MIB / 20 + 2 * MIB, "{} bytes hedged", totals.hedged_bytes);
}

#[tokio::test(start_paused = true)]
async fn on_a_slow_network_nothing_is_asked_for_twice() {
    let bench = Bench::new(Script::new(2, 2).latency(Duration::from_millis(900)), options());
    assert!(is_exact(&whole(bench.film(0, 64 * MIB).await).await, 0, 64 * MIB));
    let totals = bench.engine.totals();
    assert_eq!((totals.hedged_reads, totals.failovers, bench.asked_bytes()), (0, 0, 64 * MIB));
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_cannot_see_the_post_is_skipped_and_without_any_other_the_file_is_gone() {
    let bench = Bench::new(Script::new(2, 2).of_bot(0, Fault::NotVisible), options());
    assert!(is_exact(&whole(bench.film(0, 64 * MIB).await).await, 0, 64 * MIB));
    let blind = bench.calls.all().iter().filter(|call| call.slot.bot == BotIndex(0)).count();
    assert!(blind <= 8, "{blind} calls to a bot that sees nothing");

    bench.calls.set_bot(1, Some(Fault::NotVisible));
    assert!(matches!(bench.other_film(2, 0, 10).await, Err(Error::NotFound)));
    // Added to the channel: found at once, whatever is remembered.
    bench.calls.set_bot(0, None);
    assert!(is_exact(&whole(bench.other_film(2, 0, 10).await).await, 0, 10));
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
async fn when_the_house_is_full_the_next_is_told_to_wait() {
    let bench = Bench::new(near(1, 1), Options { memory_bytes: MIB, ..options() });
    let mut bodies = Vec::new();
    for n in 0..2 {
        bodies.push(bench.other_film(n, 0, 64 * MIB).await.expect("opens"));
    }
    assert!(matches!(bench.film(0, 10).await, Err(Error::Busy { .. })));
    bodies.pop();
    assert!(is_exact(&whole(bench.film(0, 10).await).await, 0, 10));
}

#[tokio::test(start_paused = true)]
async fn when_nobody_can_be_asked_any_more_the_body_ends_in_an_error_after_the_right_bytes() {
    let bench = Bench::new(near(2, 1), options());
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    let first = body.next().await.expect("more").expect("bytes");
    for bot in [0, 1] {
        bench.calls.set_bot(bot, Some(Fault::Connection));
    }
    let (mut bytes, error) = drain(&mut body).await;
    bytes.splice(0..0, first);
    assert!(is_exact(&bytes, 0, bytes.len() as u64));
    assert!(matches!(error, Some(Error::Unavailable(_))), "{error:?}");
    assert!(body.next().await.is_none());
    assert_eq!(bench.engine.totals().broken_streams, 1);
}

#[tokio::test(start_paused = true)]
async fn what_failed_during_a_pause_is_asked_again_when_the_reader_comes_back() {
    let bench = Bench::new(near(1, 2), options());
    let mut body = bench.film(0, 64 * MIB).await.expect("opens");
    bench.calls.set_bot(0, Some(Fault::Connection));
    tokio::time::sleep(options().patience * 2).await;
    bench.calls.set_bot(0, None);
    assert!(is_exact(&drain(&mut body).await.0, 0, 64 * MIB));
}

#[tokio::test(start_paused = true)]
async fn without_bots_it_says_so() {
    let bench = Bench::new(Script::new(0, 0), options());
    assert!(matches!(bench.film(0, 10).await, Err(Error::Unavailable(_))));
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

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        (0..30_000u64).prop_map(|ms| Fault::FloodWait(Duration::from_millis(ms))),
        Just(Fault::WrongLength),
        Just(Fault::Refused),
        Just(Fault::Connection),
        Just(Fault::Silence),
    ]
}

/// How somebody reads: so many bytes at a time, with such pauses, and perhaps not to the end.
#[derive(Clone, Debug)]
struct Habit {
    ends: (f64, f64),
    pause_ms: u64,
    leaves_after: Option<usize>,
}

fn habit() -> impl Strategy<Value = Habit> {
    let leaves = proptest::option::weighted(0.3, 0..20usize);
    ((0.0..1.0f64, 0.0..1.0f64), prop_oneof![Just(0), 0..50u64, Just(7_000)], leaves)
        .prop_map(|(ends, pause_ms, leaves_after)| Habit { ends, pause_ms, leaves_after })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn whatever_goes_wrong_bytes_are_exact_bounds_hold_and_everything_ends(
        sizes in proptest::collection::vec(1..2_500_000u64, 1..4),
        habits in proptest::collection::vec(habit(), 1..4),
        bots in 1..4usize,
        slots in 1..3usize,
        latency_ms in 0..200u64,
        memory in 1..16u64,
        faults in proptest::collection::hash_map(1..60usize, fault(), 0..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        let runtime = runtime.expect("a runtime");
        let had_faults = !faults.is_empty();
        let mut script = Script::new(bots, slots).latency(Duration::from_millis(latency_ms));
        for (number, fault) in faults {
            script = script.on_call(number, fault);
        }
        let length: u64 = sizes.iter().sum();
        let place = |part: f64| (length as f64 * part) as u64;
        let all: Vec<u8> = sizes.iter().flat_map(|size| content(0, *size)).collect();
        let patience = Duration::from_secs(3600);
        let memory_bytes = memory * MIB;
        runtime.block_on(async {
            let bench = Bench::new(script, Options { memory_bytes, patience, ..options() });
            let readers = habits.iter().map(async |habit| {
                let range = ByteRange::new(place(habit.ends.0.min(habit.ends.1)), place(habit.ends.0.max(habit.ends.1)));
                let range = range.expect("forwards");
                let wanted = &all[range.start() as usize..range.end() as usize];
                let mut body = match bench.open(&sizes, range).await {
                    Ok(body) => body,
                    // Only as many are let in as the memory allows.
                    Err(Error::Busy { .. }) => return,
                    Err(error) => panic!("{error}"),
                };
                let mut at = 0;
                for n in 0.. {
                    if habit.leaves_after == Some(n) {
                        return;
                    }
                    let Some(bytes) = body.next().await else { break };
                    let bytes = bytes.expect("patience is long");
                    assert!(wanted[at..].starts_with(&bytes), "a wrong byte after {at}");
                    at += bytes.len();
                    let ahead = memory_bytes / 2 * 3 / 4;
                    assert!(bench.engine.budget.used() <= ahead, "over the budget");
                    tokio::time::sleep(Duration::from_millis(habit.pause_ms)).await;
                }
                assert_eq!(at, wanted.len());
            });
            futures_util::future::join_all(readers).await;
            tokio::time::sleep(Duration::from_secs(3)).await;
            assert_eq!((bench.engine.budget.used(), bench.calls.waiting(), bench.engine.streams().len()), (0, 0, 0));
            // Without a cause nothing is asked for twice: neither for one reader nor for several.
            let is_plain = !had_faults && habits.iter().all(|h| h.leaves_after.is_none() && h.pause_ms < 1_000);
            if is_plain && memory >= 15 {
                let mut seen = std::collections::HashSet::new();
                for call in bench.calls.all() {
                    for cell in call.offset / (64 * KIB)..(call.offset + u64::from(call.limit)).div_ceil(64 * KIB) {
                        assert!(seen.insert((call.document, cell)), "cell {cell} was asked for twice");
                    }
                }
            }
        });
    }
}
