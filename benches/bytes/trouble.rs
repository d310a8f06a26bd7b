//! Telegram fails in mid-stream, and readers leave.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::cluster::{Cluster, Film, Setup};
use super::crowd::for_all_bots;
use super::reader::{Reader, Verifier};
use super::speed::{CONNECTION, locate};
use super::table::{Bound, Row};
use super::{GIB, MIB, Random, Report};

const ROUND_TRIP_MS: u64 = 20;
const SIZE: u64 = 192 * MIB;
const STRIKE_AT: u64 = 48 * MIB;
/// A chunk of 1 MiB takes so long on its connection.
const CHUNK_MS: f64 = MIB as f64 / CONNECTION as f64 * 1000.0 + ROUND_TRIP_MS as f64;
/// Longer than this nobody waits for a byte.
const GIVEN_UP: Duration = Duration::from_secs(15);

/// What a reader saw of a film that it read whole.
struct Seen {
    is_right: bool,
    received: u64,
    /// The longest time without a byte after the strike, in ms.
    gap_ms: f64,
    /// The same, of the gap that lay over a moment or came next after it; counted from that moment.
    gap_after_ms: Option<f64>,
}

/// Reads the film and compares it; `strike` happens beside it once a quarter is there. It says from when on a gap counts, if
/// that is later.
async fn read(film: &Film, strike: impl Future<Output = Result<Option<Instant>>>) -> Result<Seen> {
    let mut verifier = Verifier::new(film);
    let mut reader = Reader::open(film, 0, None).await?.expect_bytes()?;
    let (mut is_right, mut times) = (true, Vec::new());
    let mut quarter = Some(tokio::sync::oneshot::channel());
    let (tell, reached) = quarter.take().context("made above")?;
    let mut tell = Some(tell);
    let reading = async {
        loop {
            let at = reader.at;
            // Cut, or never again a byte: what was read so far counts.
            let Ok(Ok(piece)) = timeout(GIVEN_UP, reader.piece()).await else { break };
            if piece.is_empty() {
                break;
            }
            is_right &= verifier.is_right(at, piece);
            let after = at + piece.len() as u64;
            if after >= STRIKE_AT {
                times.push(Instant::now());
                if let Some(tell) = tell.take() {
                    let _ = tell.send(());
                }
            }
        }
    };
    let striking = async {
        let _ = reached.await;
        strike.await
    };
    let ((), from) = tokio::join!(reading, striking);
    let from = from?;
    let gap_ms = times.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64() * 1000.0).fold(0.0, f64::max);
    let gap_after_ms = from.and_then(|from| {
        let next = times.iter().find(|time| **time > from)?;
        Some((*next - from).as_secs_f64() * 1000.0)
    });
    Ok(Seen { is_right, received: reader.received, gap_ms, gap_after_ms })
}

pub async fn faults(report: &Report) -> Result<()> {
    let mut random = Random(3);
    let mut cluster = Cluster::start(Setup { connections: Some(2), ..Setup::default() }).await?;
    let get_file = |mut fault: Value, account: &str| {
        fault["account"] = json!(account);
        fault["method"] = json!("upload.getFile");
        fault
    };
    let one = |fault: Value| vec![get_file(fault, "helper1")];
    let expired = for_all_bots(
        4,
        |bot| json!({"kind": "expire_references", "account": bot, "method": "upload.getFile", "times": 1}),
    );
    let cases: [(&str, Option<Vec<Value>>); 8] = [
        ("nothing happens", Some(Vec::new())),
        ("bot stalled", Some(one(json!({"kind": "stall"})))),
        ("bot flooded for 4 s", Some(one(json!({"kind": "flood_wait", "seconds": 4, "times": 1})))),
        ("references expired, of every bot", expired.as_array().cloned()),
        ("connection cut", Some(one(json!({"kind": "cut", "after_bytes": 300_000, "times": 1})))),
        ("reply of the wrong length, three times", Some(one(json!({"kind": "short_reply", "times": 3})))),
        ("server restarted, away for 500 ms", None),
        ("bot killed", Some(one(json!({"kind": "cut", "after_bytes": 1000})))),
    ];
    let films = cluster.films(cases.len(), SIZE).await?;
    for film in &films {
        locate(film, &mut random).await?;
    }
    for ((name, faults), film) in cases.into_iter().zip(films) {
        cluster.line(ROUND_TRIP_MS, Some(CONNECTION)).await?;
        let is_kill = name == "bot killed";
        let strike = async {
            let Some(faults) = faults else {
                cluster.admin("restart", &json!({"down_ms": 500})).await?;
                return Ok(Some(Instant::now()));
            };
            if is_kill {
                cluster.admin("accounts/helper1", &json!({"revoked": true})).await?;
            }
            cluster.admin("faults", &faults).await?;
            Ok(None)
        };
        let seen = read(&film, strike).await?;
        let is_whole = seen.is_right && seen.received == film.size;
        let verdict = if is_whole { "every byte right" } else { "**WRONG OR CUT**" };
        let case = format!("{name}: {verdict}, longest gap");
        report.row(match (name, seen.gap_after_ms) {
            ("nothing happens", _) => Row::informative(case, Bound::Line, format_args!("{:.0} ms", seen.gap_ms)),
            (_, Some(gap)) => {
                let case = format!("{name}: {verdict}, gap once it is back");
                Row::at_most(case, Bound::Line, gap, 500.0 + CHUNK_MS + 4.0 * ROUND_TRIP_MS as f64, "ms")
            }
            _ => Row::at_most(case, Bound::Line, seen.gap_ms, 500.0 + CHUNK_MS, "ms"),
        });
        if !is_whole {
            eprintln!("{name}: {} of {} bytes; right so far: {}", seen.received, film.size, seen.is_right);
            eprintln!("{}", cluster.log_tail());
        }
    }
    cluster.stop().await
}

fn now_us() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as u64
}

#[derive(Clone, Copy, Debug)]
enum Leaving {
    Close,
    Reset,
    /// Closes while all bots are silent.
    CloseWaiting,
}

/// Readers leave in mid-stream: what is asked for later than 50 ms after that, and what was fetched for nothing.
pub async fn gone(report: &Report) -> Result<()> {
    const ROUNDS: u64 = 6;
    let mut random = Random(4);
    let mut cluster = Cluster::start(Setup { connections: Some(2), ..Setup::default() }).await?;
    let film = cluster.film(8 * GIB).await?;
    locate(&film, &mut random).await?;
    let mut place = 0;
    for leaving in [Leaving::Close, Leaving::Reset, Leaving::CloseWaiting] {
        let (mut late, mut latest_ms, mut wasted) = (0, 0.0, 0);
        for _ in 0..ROUNDS {
            cluster.line(80, Some(CONNECTION)).await?;
            let since = cluster.next_call().await?;
            place += 256 * MIB;
            let mut reader = Reader::open(&film, place, None).await?.expect_bytes()?;
            reader.drain_for(Duration::from_secs(1)).await?;
            if let Leaving::CloseWaiting = leaving {
                cluster.fault(json!({"kind": "stall", "method": "upload.getFile"})).await?;
                reader.drain_for(Duration::from_millis(1500)).await?;
            }
            let received = reader.received;
            match leaving {
                Leaving::Reset => reader.reset()?,
                Leaving::Close | Leaving::CloseWaiting => drop(reader),
            }
            let left = now_us();
            tokio::time::sleep(Duration::from_millis(1500)).await;
            let calls = cluster.calls(since).await?.calls;
            let after = calls.iter().filter(|c| c.arrived_us > left).map(|c| (c.arrived_us - left) as f64 / 1000.0);
            latest_ms = after.clone().fold(latest_ms, f64::max);
            late += after.filter(|ms| *ms > 50.0).count();
            // Bytes of the film: what MTProto puts round them is not in what the reader received either.
            let sent: u64 = calls.iter().map(|c| c.sent.min(c.limit.into())).sum();
            wasted = wasted.max(sent.saturating_sub(received));
        }
        let what = match leaving {
            Leaving::Close => "reader closes",
            Leaving::Reset => "reader resets",
            Leaving::CloseWaiting => "reader closes while Telegram is silent",
        };
        let case = format!("{what}: getFile calls later than 50 ms (last after {latest_ms:.0} ms), {ROUNDS} times");
        report.row(Row::at_most(case, Bound::Line, late as f64, 0.0, ""));
        let case = format!("{what}: bytes fetched for nothing, at most");
        report.row(Row::at_most(case, Bound::Line, wasted as f64 / MIB as f64, 16.0, "MiB"));
    }
    cluster.stop().await
}

/// A bot that was told to wait is left alone until then, and used again afterwards.
pub async fn flood(report: &Report) -> Result<()> {
    let mut random = Random(5);
    let mut cluster = Cluster::start(Setup { connections: Some(2), ..Setup::default() }).await?;
    let film = cluster.film(8 * GIB).await?;
    locate(&film, &mut random).await?;
    for kind in ["flood_wait", "flood_premium_wait"] {
        cluster.line(ROUND_TRIP_MS, Some(CONNECTION)).await?;
        let since = cluster.next_call().await?;
        let mut reader = Reader::open(&film, random.below(4 * GIB), None).await?.expect_bytes()?;
        reader.drain_for(Duration::from_secs(2)).await?;
        let wait = 3;
        cluster
            .fault(json!({"kind": kind, "seconds": wait, "times": 1, "account": "helper1", "method": "upload.getFile"}))
            .await?;
        reader.drain_for(Duration::from_secs(wait + 5)).await?;
        drop(reader);
        let calls = cluster.calls(since).await?.calls;
        let of_bot: Vec<_> = calls.iter().filter(|c| c.account == "helper1").collect();
        let told = of_bot.iter().find(|c| c.error.as_deref().is_some_and(|e| e.starts_with("FLOOD")));
        let told = told.and_then(|c| c.ended_us).context("the bot was never flooded")?;
        // What crossed the reply on its way was sent before it was read.
        let (from, to) = (told + 10_000, told + wait * 1_000_000);
        let inside = of_bot.iter().filter(|c| c.arrived_us > from && c.arrived_us < to).count();
        let later = of_bot.iter().filter(|c| c.arrived_us >= to).map(|c| (c.arrived_us - to) / 1000).min();
        let later = later.map_or("not used again".to_owned(), |ms| format!("used again {ms} ms after it"));
        let case = format!("{kind} of {wait} s: getFile calls of that bot inside it ({later})");
        report.row(Row::at_most(case, Bound::Line, inside as f64, 0.0, ""));
    }
    ensure!(cluster.live_streams().await? <= 1, "streams are left");
    cluster.stop().await
}
