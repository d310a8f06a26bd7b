//! All faults at random for a long time, with readers of random ranges who compare every byte.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::cluster::{Cluster, Film, Setup, bot_name};
use super::reader::{Reader, Verifier};
use super::{GIB, KIB, MIB, Random};

#[derive(Default)]
struct Tally {
    answers: AtomicU64,
    bytes: AtomicU64,
    /// Connections cut before the promised end: honest, when every bot is away for longer than the patience.
    cut: AtomicU64,
    /// Refused before the first byte, by status: 502 and 503.
    refused: AtomicU64,
    /// Silent for so long that the reader gave up.
    silent: AtomicU64,
    /// Must stay 0.
    wrong: AtomicU64,
    odd_status: AtomicU64,
}

impl Tally {
    fn add(count: &AtomicU64, n: u64) {
        count.fetch_add(n, Ordering::Relaxed);
    }
}

const GIVEN_UP: Duration = Duration::from_secs(60);

/// One reader after the other, of any range, at any speed, to the end or not.
async fn read(films: Arc<Vec<Film>>, tally: Arc<Tally>, is_over: Arc<AtomicBool>, mut random: Random) -> Result<()> {
    while !is_over.load(Ordering::Relaxed) {
        let film = &films[random.below(films.len() as u64) as usize];
        let most = [4 * KIB, 300 * KIB, 4 * MIB, 32 * MIB][random.below(4) as usize];
        // Heads and tails as often as players want them.
        let from = match random.below(4) {
            0 => 0,
            1 => film.size - most.min(film.size),
            _ => random.below(film.size),
        };
        let to = (from + 1 + random.below(most)).min(film.size);
        let stays_for = if random.below(4) == 0 { random.below(to - from) } else { u64::MAX };
        let rate = [200 * KIB, 2 * MIB, u64::MAX][random.below(3) as usize];
        // What begins near the end of the soak may end after it, but not much.
        let mut reader = match timeout(GIVEN_UP, Reader::open(film, from, Some(to))).await {
            Ok(Ok(reader)) => reader,
            Ok(Err(_)) => {
                Tally::add(&tally.cut, 1);
                continue;
            }
            Err(_) => {
                Tally::add(&tally.silent, 1);
                continue;
            }
        };
        Tally::add(&tally.answers, 1);
        if reader.status != 206 || reader.length != to - from {
            let is_honest = matches!(reader.status, 502 | 503);
            Tally::add(if is_honest { &tally.refused } else { &tally.odd_status }, 1);
            tokio::time::sleep(Duration::from_millis(300)).await;
            continue;
        }
        let (mut verifier, begun) = (Verifier::new(film), Instant::now());
        while reader.received < stays_for.min(to - from) && !is_over.load(Ordering::Relaxed) {
            let at = reader.at;
            match timeout(GIVEN_UP, reader.piece()).await {
                Ok(Ok(piece)) if !piece.is_empty() => {
                    Tally::add(&tally.bytes, piece.len() as u64);
                    if !verifier.is_right(at, piece) {
                        eprintln!("a wrong byte between {at} and {} of {}", at + piece.len() as u64, film.path);
                        Tally::add(&tally.wrong, 1);
                    }
                }
                Ok(_) => {
                    Tally::add(&tally.cut, 1);
                    break;
                }
                Err(_) => {
                    Tally::add(&tally.silent, 1);
                    break;
                }
            }
            let due = begun + Duration::from_secs_f64(reader.received as f64 / rate as f64);
            tokio::time::sleep_until(due.into()).await;
        }
        if random.below(2) == 0 {
            reader.reset()?;
        }
    }
    Ok(())
}

/// One random fault.
async fn strike(cluster: &Cluster, random: &mut Random, bots: usize) -> Result<&'static str> {
    let account = bot_name(random.below(bots as u64) as usize);
    let times = 1 + random.below(3);
    let (name, mut fault) = match random.below(13) {
        0 => ("flood_wait", json!({"seconds": 1 + random.below(5)})),
        1 => ("flood_premium_wait", json!({"seconds": 1 + random.below(3)})),
        2 => ("stall", json!({})),
        3 => ("stall", json!({"ms": random.below(3000)})),
        4 => ("cut", json!({"after_bytes": random.below(MIB)})),
        5 => ("short_reply", json!({})),
        6 => ("expire_references", json!({})),
        7 => ("rpc_error", json!({"code": 500, "message": "RPC_CALL_FAIL"})),
        8 => ("transport_error", json!({})),
        9 => ("new_session", json!({})),
        10 => ("rpc_error", json!({"code": -503, "message": "Timeout"})),
        11 if random.below(4) == 0 => {
            let down = random.below(1500);
            cluster.admin("restart", &json!({"down_ms": down})).await?;
            return Ok("restart");
        }
        11 => ("rpc_error", json!({"code": 400, "message": "FILE_REFERENCE_EXPIRED"})),
        _ => {
            // Thrown out for a moment.
            let chat = cluster.book.channels[0].id;
            for member in [false, true] {
                cluster
                    .admin(&format!("channels/{chat}/members"), &json!({"account": account, "member": member}))
                    .await?;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            return Ok("member");
        }
    };
    fault["kind"] = json!(name);
    fault["account"] = json!(account);
    fault["method"] = json!("upload.getFile");
    fault["times"] = json!(times);
    cluster.fault(fault).await?;
    Ok(name)
}

/// Prints a verdict, and fails unless it is good.
#[expect(clippy::too_many_lines, reason = "one run from its beginning to its verdict")]
pub async fn soak(minutes: f64, readers: usize, seed: u64) -> Result<()> {
    let setup = Setup { bots: 4, memory_mb: Some(128), ..Setup::default() };
    let mut cluster = Cluster::start(setup).await?;
    let mut films = cluster.films(6, 2 * GIB + 12_345).await?;
    films.extend(cluster.films(2, 3 * MIB + 77).await?);
    let films = Arc::new(films);
    let line = async || {
        cluster.line(10, Some(6_000_000)).await?;
        anyhow::Ok(())
    };
    line().await?;
    let files_before = cluster.open_files()?;
    println!("soak: {minutes} minutes, {readers} readers, seed {seed}");

    let (tally, is_over) = (Arc::<Tally>::default(), Arc::<AtomicBool>::default());
    let mut reading = JoinSet::new();
    for n in 0..readers {
        reading.spawn(read(films.clone(), tally.clone(), is_over.clone(), Random(seed * 1000 + n as u64)));
    }
    let begun = Instant::now();
    let end = begun + Duration::from_secs_f64(minutes * 60.0);
    let mut random = Random(seed);
    let mut struck = std::collections::BTreeMap::<&str, u32>::new();
    let (mut resident, mut sampled, mut cleared) = (Vec::new(), begun, begun);
    while Instant::now() < end {
        *struck.entry(strike(&cluster, &mut random, setup.bots).await?).or_default() += 1;
        tokio::time::sleep(Duration::from_millis(200 + random.below(1300))).await;
        // Rules that struck long ago are only in the way.
        if cleared.elapsed() > Duration::from_secs(20) {
            cleared = Instant::now();
            line().await?;
        }
        if sampled.elapsed() > Duration::from_secs(1) {
            sampled = Instant::now();
            resident.push(cluster.resident_bytes()?);
        }
    }
    is_over.store(true, Ordering::Relaxed);
    line().await?;
    while let Some(result) = reading.join_next().await {
        result??;
    }
    // Connections that open again after the last fault may do so; a film nobody reads may not be asked for.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let since = cluster.next_call().await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let late_calls = cluster.calls(since).await?.calls.len();
    let (streams, files) = (cluster.live_streams().await?, cluster.open_files()?);

    let third = resident.len() / 3;
    let peak = |part: &[u64]| part.iter().max().copied().unwrap_or_default() as f64 / MIB as f64;
    let (first, second, last) =
        (peak(&resident[..third]), peak(&resident[third..2 * third]), peak(&resident[2 * third..]));
    let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
    println!("faults: {struck:?}");
    println!(
        "answers {}, GB compared {:.1}, refused before the first byte {}, cut {}, silent for {} s {}, other statuses {}",
        count(&tally.answers),
        count(&tally.bytes) as f64 / 1e9,
        count(&tally.refused),
        count(&tally.cut),
        GIVEN_UP.as_secs(),
        count(&tally.silent),
        count(&tally.odd_status),
    );
    println!("memory, MiB at most in each third: {first:.0}, {second:.0}, {last:.0}");
    println!("afterwards: {streams} streams, {late_calls} calls, {files} open files ({files_before} before)");
    if has_trouble(&[count(&tally.silent), count(&tally.odd_status)]) {
        eprintln!("{}", cluster.log_tail());
    }
    ensure!(count(&tally.wrong) == 0, "{} pieces were wrong", count(&tally.wrong));
    ensure!(count(&tally.bytes) > 0, "nothing was read");
    ensure!(
        count(&tally.odd_status) == 0,
        "{} answers were neither bytes nor an honest refusal",
        count(&tally.odd_status)
    );
    ensure!(count(&tally.silent) == 0, "{} readers were left waiting", count(&tally.silent));
    ensure!(last <= 1.15 * second.max(first) + 8.0, "memory grows");
    ensure!(streams == 0 && late_calls == 0, "something goes on without a reader");
    // Connections to Telegram come and go; each reader's must have gone.
    ensure!(files <= files_before + 4 * 8 + 8, "files are left open");
    println!("soak: passed");
    cluster.stop().await
}

fn has_trouble(counts: &[u64]) -> bool {
    counts.iter().any(|count| *count > 0)
}
