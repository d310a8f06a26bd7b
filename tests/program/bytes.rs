//! Every byte of a film is right, whatever happens on the way: real MTProto from the simulated data centre through the
//! product to an HTTP client.

use std::time::{Duration, Instant};

use crate::support::TestApp;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use simulation::content;
use simulation::faults::{Effect, Fault, Per};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Reads a whole film and compares it with what it is made of, piece by piece as it comes. Prints how fast that was.
async fn read_whole(app: &TestApp, url: &str, document: i64, size: u64, meanwhile: impl Fn(u64)) {
    let begin = Instant::now();
    let mut answer = app.get(url).await;
    assert_eq!((answer.status().as_u16(), answer.content_length()), (200, Some(size)));
    let (mut got, mut wanted) = (Sha256::new(), Sha256::new());
    let (mut at, mut buffer) = (0, Vec::new());
    while let Some(piece) = answer.chunk().await.unwrap_or_else(|e| panic!("cut at {at} of {size}: {e}")) {
        buffer.resize(piece.len(), 0);
        content::fill(document, at, &mut buffer);
        assert!(piece == buffer, "a wrong byte between {at} and {}", at + piece.len() as u64);
        got.update(&piece);
        wanted.update(&buffer);
        at += piece.len() as u64;
        meanwhile(at);
    }
    assert_eq!(at, size);
    assert_eq!(got.finalize(), wanted.finalize());
    let mb = size as f64 / 1e6;
    println!("{mb:.0} MB in {:.1} s, comparing included", begin.elapsed().as_secs_f64());
}

#[tokio::test(flavor = "multi_thread")]
async fn three_gigabytes_are_right_with_one_bot() {
    let (app, url, document) = TestApp::playing(1, 3 * GIB).await;
    read_whole(&app, &url, document, 3 * GIB, |_| {}).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_gigabytes_are_right_with_four_bots() {
    let (app, url, document) = TestApp::playing(4, 3 * GIB).await;
    read_whole(&app, &url, document, 3 * GIB, |_| {}).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_gigabytes_are_right_while_bots_are_flooded_stalled_cut_and_their_references_expire() {
    let (app, url, document) = TestApp::playing(4, 3 * GIB).await;
    let strike = |account: &str, effect: Effect| {
        app.sim.fault(Fault {
            account: Some(account.to_owned()),
            method: Some("upload.getFile".to_owned()),
            times: Some(1),
            ..Fault::new(effect)
        });
    };
    let struck = std::cell::Cell::new(0);
    read_whole(&app, &url, document, 3 * GIB, |at| {
        // One more every 256 MiB: each kind of fault at least once, in mid-stream.
        let due = at / (256 * MIB);
        if due > struck.get() {
            struck.set(due);
            match due % 6 {
                1 => strike("helper1", Effect::FloodWait { seconds: 2 }),
                2 => strike("helper2", Effect::Stall { ms: None }),
                3 => strike("helper3", Effect::Cut { after_bytes: 1_000 }),
                4 => strike("main", Effect::ExpireReferences),
                5 => strike("helper1", Effect::ShortReply),
                _ => strike("helper2", Effect::RpcError { code: 500, message: "RPC_CALL_FAIL".to_owned() }),
            }
        }
    })
    .await;
    assert!(struck.get() >= 11, "every kind of fault struck");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_random_ranges_are_exact() {
    let size = 3 * GIB + 12_345;
    let (app, url, document) = TestApp::playing(4, size).await;
    let mut state = 42;
    let mut random = move |below: u64| {
        // SplitMix64, so that a failure comes again.
        state = u64::wrapping_add(state, 0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    };
    let ranges: Vec<(u64, u64)> = (0..10_000)
        .map(|n| {
            let length = 1 + random([100, 5_000, 70_000, 200_000][n % 4]);
            // Every third begins near a line of 1 MiB, where clients go wrong.
            let from = match n % 3 {
                0 => (random(size / MIB) * MIB + random(9)).saturating_sub(4),
                _ => random(size),
            };
            let from = from.min(size - 1);
            (from, (from + length).min(size))
        })
        .collect();
    let check = async |(from, to): (u64, u64)| {
        let range = format!("bytes={from}-{}", to - 1);
        let answer = app.http.get(&url).header("Range", &range).send().await.expect("it answers");
        assert_eq!(answer.status(), 206, "{range}");
        let bytes = answer.bytes().await.unwrap_or_else(|e| panic!("{range}: {e}"));
        let mut wanted = vec![0; (to - from) as usize];
        content::fill(document, from, &mut wanted);
        assert!(bytes == wanted, "{range} is wrong");
    };
    futures_util::stream::iter(ranges).map(check).buffer_unordered(8).for_each(|()| async {}).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_is_thrown_out_in_mid_stream_is_done_without() {
    let (app, url, document) = TestApp::playing(2, 256 * MIB).await;
    read_whole(&app, &url, document, 256 * MIB, |at| {
        if at < MIB {
            app.sim.set_member(crate::support::chat(), "helper1", false).expect("thrown out");
            app.sim.fault(Fault { account: Some("helper1".to_owned()), ..Fault::new(Effect::ExpireReferences) });
        }
    })
    .await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_centre_that_restarts_only_delays() {
    let (app, url, document) = TestApp::playing(2, 512 * MIB).await;
    let (at, mut seen) = tokio::sync::watch::channel(0);
    let restart = async {
        seen.wait_for(|at| *at > 50 * MIB).await.expect("it plays");
        app.sim.restart(Duration::from_millis(700)).await.expect("it comes back");
    };
    tokio::join!(
        restart,
        read_whole(&app, &url, document, 512 * MIB, |n| {
            at.send_replace(n);
        })
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_reader_leaves_telegram_is_asked_no_more() {
    let (app, url, _) = TestApp::playing(1, GIB).await;
    let asked = || crate::support::calls(&app.sim, "upload.getFile");
    let mut answer = app.get(&url).await;
    for _ in 0..20 {
        answer.chunk().await.expect("right").expect("bytes");
    }
    drop(answer);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = asked();
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(asked(), before);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_left_while_telegram_forgot_what_it_was_asked_leaves_the_lines_usable() {
    let (app, url, document) = TestApp::playing(2, GIB).await;
    // Far and slow enough that every line has its window full.
    app.sim.fault(Fault::new(Effect::RoundTrip { ms: 80 }));
    app.sim.fault(Fault::new(Effect::Speed { bytes_per_second: 6_000_000, per: Per::Connection }));
    let mut answer = app.get(&url).await;
    let mut received = 0;
    while received < 24 * MIB {
        received += answer.chunk().await.expect("right").expect("bytes").len() as u64;
    }
    app.sim.fault(Fault { method: Some("upload.getFile".to_owned()), ..Fault::new(Effect::Stall { ms: None }) });
    while let Ok(piece) = tokio::time::timeout(Duration::from_millis(1500), answer.chunk()).await {
        piece.expect("right").expect("bytes");
    }
    drop(answer);
    app.sim.clear_faults();
    let from = 700 * MIB;
    let range = format!("bytes={from}-{}", from + 999);
    // Half of our patience: what is stuck is stuck for all of it.
    let answer = app.http.get(&url).header("Range", &range).timeout(Duration::from_secs(15)).send().await;
    let answer = answer.expect("it answers");
    assert_eq!(answer.status(), 206);
    let mut wanted = vec![0; 1000];
    content::fill(document, from, &mut wanted);
    assert!(answer.bytes().await.expect("whole") == wanted);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_in_flight_is_finished_when_the_program_is_told_to_stop() {
    let (app, url, _) = TestApp::playing(1, 12 * MIB).await;
    // Two connections of 2 MB/s: about three seconds, within the ten that streams get.
    app.sim.fault(Fault::new(Effect::Speed { bytes_per_second: 2_000_000, per: Per::Connection }));
    let mut answer = app.get(&url).await;
    let read = async move {
        let mut bytes = 0;
        while let Some(piece) = answer.chunk().await.expect("not cut") {
            bytes += piece.len() as u64;
        }
        bytes
    };
    let (bytes, ()) = tokio::join!(read, app.app.stop());
    assert_eq!(bytes, 12 * MIB);
}
