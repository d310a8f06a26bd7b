//! Whatever goes wrong and however people read: bytes are exact, bounds hold, and everything ends.

use futures_util::StreamExt;
use proptest::prelude::*;

use super::*;

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
