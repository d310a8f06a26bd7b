//! Many readers: players that seek, what they cost in memory, and viewers of the same film.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout_at};

use super::cluster::{Cluster, Film, Setup, bot_name, has_setting};
use super::reader::Reader;
use super::speed::{CONNECTION, locate};
use super::table::{Bound, Row, jain, quantile};
use super::{GIB, MB, MIB, Random, Report};

const PLAYERS: usize = 100;
const SEEKS: usize = 10;
/// Of one player, a second.
const RATE: f64 = 1e6;
/// What a player holds, and plays on from after a seek.
const BUFFER: f64 = 2.0 * RATE;

#[derive(Default)]
struct Played {
    /// Times that the buffer ran dry, and for how long at the worst.
    dry: usize,
    longest_dry: f64,
    /// Seconds from each seek until the buffer was full and it played on.
    refills: Vec<f64>,
    bytes: u64,
}

/// Plays like a person who seeks at these moments: reads until the buffer is full, then as much as is played.
async fn play(film: Film, seeks: Vec<Instant>, end: Instant, mut random: Random) -> Result<Played> {
    let mut played = Played::default();
    for until in seeks.into_iter().chain([end]) {
        let asked = Instant::now();
        let at = random.below(film.size - 256 * MIB);
        let open = Reader::open_player(&film, at);
        let Ok(reader) = timeout_at(until.into(), open).await else { continue };
        let mut reader = reader?.expect_bytes()?;
        // When playing began, less the time that it had to wait for bytes.
        let mut playing: Option<Instant> = None;
        loop {
            let Ok(piece) = timeout_at(until.into(), reader.piece()).await else { break };
            let (len, now) = (piece?.len(), Instant::now());
            anyhow::ensure!(len > 0, "the answer ended early at {}", reader.at);
            let received = reader.received as f64;
            match playing {
                None if received >= BUFFER => {
                    played.refills.push((now - asked).as_secs_f64());
                    playing = Some(now);
                }
                None => {}
                Some(since) => {
                    let missing = (now - since).as_secs_f64() - (received - len as f64) / RATE;
                    if missing > 0.0 {
                        played.dry += 1;
                        played.longest_dry = played.longest_dry.max(missing);
                        playing = Some(since + Duration::from_secs_f64(missing));
                    }
                    let full = since + Duration::from_secs_f64(((received - BUFFER) / RATE).max(0.0));
                    if full > now {
                        sleep_until(full.min(until).into()).await;
                    }
                }
            }
        }
        played.bytes += reader.received;
    }
    Ok(played)
}

/// Limits each connection such that all of them together get this much.
async fn total_line(cluster: &Cluster, round_trip_ms: u64, total: f64) -> Result<()> {
    cluster.line(round_trip_ms, Some((total / cluster.connections() as f64) as u64)).await
}

pub async fn players(report: &Report) -> Result<()> {
    let mut random = Random(2);
    let mut cluster = Cluster::start(Setup::default()).await?;
    let films = cluster.films(10, 8 * GIB).await?;
    for film in &films {
        locate(film, &mut random).await?;
    }
    total_line(&cluster, 20, 120.0 * MB).await?;
    let begun = Instant::now();
    let (start, playing) = (Duration::from_secs(5), Duration::from_secs(40));
    let end = begun + start + playing;
    let mut players = JoinSet::new();
    for n in 0..PLAYERS {
        let mut seeks: Vec<Instant> =
            (0..SEEKS).map(|_| begun + start + playing.mul_f64(random.below(1000) as f64 / 1000.0)).collect();
        seeks.sort();
        let (film, random) = (films[n % films.len()].clone(), Random(1000 + n as u64));
        let first = begun + start.mul_f64(n as f64 / PLAYERS as f64);
        players.spawn(async move {
            sleep_until(first.into()).await;
            play(film, seeks, end, random).await
        });
    }
    let mut all = Vec::new();
    while let Some(played) = players.join_next().await {
        all.push(played??);
    }
    let dry: usize = all.iter().map(|p| p.dry).sum();
    let longest = all.iter().map(|p| p.longest_dry).fold(0.0, f64::max);
    let bytes: u64 = all.iter().map(|p| p.bytes).sum();
    let mut refills: Vec<f64> = all.into_iter().flat_map(|p| p.refills).collect();
    let case = "100 players at 1 MB/s, 1,000 seeks, 120 MB/s: times that a buffer ran dry";
    report.row(Row::at_most(case, Bound::Line, dry as f64, 0.0, ""));
    let median = quantile(&mut refills, 0.5);
    let told = format!(
        "{:.0} MB/s, longest dry {longest:.2} s, 2 s of film after a seek in {median:.2} s, p99 {:.2} s",
        bytes as f64 / MB / (start + playing).as_secs_f64(),
        quantile(&mut refills, 0.99),
    );
    report.row(Row::informative("the same", Bound::Line, told));
    shares(report, &cluster, &films, &mut random).await?;
    cluster.stop().await
}

/// Half of what 100 players want: how is it shared?
async fn shares(report: &Report, cluster: &Cluster, films: &[Film], random: &mut Random) -> Result<()> {
    total_line(cluster, 20, 60.0 * MB).await?;
    let mut players = JoinSet::new();
    let begun = Instant::now();
    for n in 0..PLAYERS {
        let film = films[n % films.len()].clone();
        let at = random.below(film.size / 2);
        players.spawn(async move {
            let mut reader = Reader::open_player(&film, at).await?.expect_bytes()?;
            // The first seconds are everybody's beginning.
            let settled = begun + Duration::from_secs(5);
            reader.drain_for(settled.saturating_duration_since(Instant::now())).await?;
            let before = reader.received;
            let end = settled + Duration::from_secs(12);
            let _ = timeout_at(end.into(), reader.drain_at(RATE as u64)).await;
            anyhow::Ok((reader.received - before) as f64)
        });
    }
    let mut shares = Vec::new();
    while let Some(share) = players.join_next().await {
        shares.push(share??);
    }
    let case =
        format!("100 players at 1 MB/s, 60 MB/s ({:.0} used): Jain's index", shares.iter().sum::<f64>() / 12.0 / MB);
    report.row(Row::at_least(case, Bound::Line, jain(&shares), 0.95, ""));
    Ok(())
}

/// The caches are as large as they get, whoever reads: what comes on top is what a reader costs.
async fn fill_caches(film: &Film) -> Result<()> {
    let mut reader = Reader::open(film, 7 * GIB, None).await?.expect_bytes()?;
    reader.skip(300 * MIB).await
}

pub async fn memory(report: &Report) -> Result<()> {
    memory_of_players(report).await?;
    memory_of_a_download(report).await?;
    memory_of_many_streams(report).await
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / MIB as f64
}

/// Players of 40 Mbit/s, each at another place; the first pays for what all of them share.
async fn memory_of_players(report: &Report) -> Result<()> {
    let mut cluster = Cluster::start(Setup::default()).await?;
    let film = cluster.film(8 * GIB).await?;
    fill_caches(&film).await?;
    total_line(&cluster, 20, 96.0 * MB).await?;
    let mut players = JoinSet::new();
    let mut join = |n: u64| {
        let film = film.clone();
        players.spawn(async move {
            let mut reader = Reader::open_player(&film, n * 512 * MIB).await?.expect_bytes()?;
            reader.drain_at(5_000_000).await
        });
    };
    join(0);
    tokio::time::sleep(Duration::from_secs(4)).await;
    let one = cluster.resident_peak(Duration::from_secs(4)).await?;
    (1..=10).for_each(&mut join);
    tokio::time::sleep(Duration::from_secs(4)).await;
    let eleven = cluster.resident_peak(Duration::from_secs(6)).await?;
    players.shutdown().await;
    let each = mib(eleven.saturating_sub(one)) / 10.0;
    report.row(Row::at_most("memory for each further player of 40 Mbit/s", Bound::Line, each, 2.0, "MiB"));
    cluster.stop().await
}

async fn memory_of_a_download(report: &Report) -> Result<()> {
    let mut cluster = Cluster::start(Setup::default()).await?;
    let film = cluster.film(8 * GIB).await?;
    fill_caches(&film).await?;
    total_line(&cluster, 20, 96.0 * MB).await?;
    let idle = cluster.resident_peak(Duration::from_secs(1)).await?;
    let mut reader = Reader::open(&film, 0, None).await?.expect_bytes()?;
    let (drained, peak) =
        tokio::join!(reader.drain_for(Duration::from_secs(8)), cluster.resident_peak(Duration::from_secs(8)));
    let rate = drained? as f64 / 8.0 / MB;
    let case = format!("memory for a draining download ({rate:.0} MB/s), over idle");
    report.row(Row::at_most(case, Bound::Line, mib(peak?.saturating_sub(idle)), 16.0, "MiB"));
    drop(reader);
    cluster.stop().await
}

async fn memory_of_many_streams(report: &Report) -> Result<()> {
    let budget = 64;
    let mut cluster = Cluster::start(Setup { memory_mb: Some(budget), ..Setup::default() }).await?;
    let films = cluster.films(10, 8 * GIB).await?;
    total_line(&cluster, 20, 96.0 * MB).await?;
    Reader::open(&films[0], 4 * GIB, Some(4 * GIB + 1)).await?.skip(1).await?;
    let idle = cluster.resident_peak(Duration::from_secs(1)).await?;
    let mut readers = JoinSet::new();
    for n in 0..100 {
        let film = films[n % films.len()].clone();
        readers.spawn(async move {
            let mut reader = Reader::open_player(&film, n as u64 * 64 * MIB).await?.expect_bytes()?;
            // Every other one takes all it gets, the others hardly anything.
            match n % 2 {
                0 => reader.drain_for(Duration::from_secs(60)).await.map(|_| ()),
                _ => reader.drain_at(200_000).await,
            }
        });
    }
    let peak = cluster.resident_peak(Duration::from_secs(12)).await?;
    readers.shutdown().await;
    let (case, held) = ("memory for 100 streams, over idle", mib(peak.saturating_sub(idle)));
    report.row(if has_setting("MEMORY_MB") {
        // What the HTTP server holds for each connection is not in the budget.
        let case = format!("{case}, with a budget of {budget} MiB");
        Row::at_most(case, Bound::Line, held, 1.25 * budget as f64, "MiB")
    } else {
        Row::informative(format!("{case} (this build has no budget)"), Bound::Line, format_args!("{held:.0} MiB"))
    });
    cluster.stop().await
}

/// Viewers of one film, so much after each other. Bytes that Telegram gave.
async fn view(cluster: &Cluster, film: &Film, viewers: u32, gap: Duration, rate: u64) -> Result<u64> {
    let before = cluster.upstream_bytes().await?;
    let mut watching = JoinSet::new();
    let begun = Instant::now();
    for n in 0..viewers {
        let film = film.clone();
        watching.spawn(async move {
            sleep_until((begun + gap * n).into()).await;
            let mut reader = Reader::open(&film, 0, None).await?.expect_bytes()?;
            reader.drain_at(rate).await?;
            anyhow::ensure!(reader.received == film.size, "cut at {}", reader.received);
            Ok(())
        });
    }
    while let Some(result) = watching.join_next().await {
        result?.context("a viewer")?;
    }
    Ok(cluster.upstream_bytes().await? - before)
}

pub async fn viewers(report: &Report) -> Result<()> {
    let size = 96 * MIB;
    let mut cluster = Cluster::start(Setup::default()).await?;
    let films = cluster.films(2, size).await?;
    cluster.line(20, Some(CONNECTION)).await?;
    let one = view(&cluster, &films[0], 1, Duration::ZERO, 20_000_000).await?;
    let ten = view(&cluster, &films[1], 10, Duration::ZERO, 5_000_000).await?;
    let ratio = ten as f64 / one as f64;
    report.row(Row::at_most("ten viewers together / one, bytes from Telegram", Bound::Line, ratio, 1.05, "×"));
    cluster.stop().await?;

    // GAP_S=30 is the real thing; at 3 s and ten times the rate the distance between them in the film is the same.
    let gap: u64 = std::env::var("GAP_S").ok().and_then(|gap| gap.parse().ok()).unwrap_or(3);
    let case = format!("ten viewers {gap} s apart / one, with a disk cache of the film's size");
    if !has_setting("CACHE_DISK_MB") {
        report.row(Row::informative(case, Bound::Line, "this build has no disk cache"));
        return Ok(());
    }
    // Memory for less than is between two viewers.
    let setup = Setup { memory_mb: Some(32), disk_mb: Some(size / MIB + 1), ..Setup::default() };
    let mut cluster = Cluster::start(setup).await?;
    let film = cluster.film(size).await?;
    cluster.line(20, Some(CONNECTION)).await?;
    let ten = view(&cluster, &film, 10, Duration::from_secs(gap), 30_000_000 / gap).await?;
    report.row(Row::at_most(case, Bound::Line, ten as f64 / one as f64, 1.05, "×"));
    cluster.stop().await
}

/// What one bot after the other may give: for cases that want all of them at once.
pub fn for_all_bots(bots: usize, fault: impl Fn(String) -> serde_json::Value) -> serde_json::Value {
    json!((0..bots).map(|n| fault(bot_name(n))).collect::<Vec<_>>())
}
