//! What goes wrong on purpose: failing over, hedging, flood waits, and what a reader is told when nothing helps.

use futures_util::StreamExt;
use tokio::time::Instant;

use super::*;

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
    let flooded_at = calls[4].answered.expect("it was told");
    let of_it = || calls.iter().filter(|call| call.slot.bot == flooded);
    assert!(of_it().all(|call| call.at <= flooded_at || call.at >= flooded_at + wait));
    assert!(of_it().any(|call| call.at >= flooded_at + wait));
    assert_eq!(bench.engine.totals().flood_waits, 1);
}

#[tokio::test(start_paused = true)]
async fn a_short_flood_is_waited_for_and_a_long_one_is_refused_before_the_first_byte() {
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
