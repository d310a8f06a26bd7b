//! Everybody at once with every limit on: downloads that are slowed down, players, and Stremio asking meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::cluster::{Cluster, Film, Setup, has_setting};
use super::reader::Reader;
use super::table::{Bound, Row, quantile};
use super::{MB, MIB, Report};

const DOWNLOADS: usize = 100;
const PLAYERS: usize = 50;
/// Of one player, a second; below the limit.
const PLAYS: u64 = 400_000;
/// Every limit of the one whose links these are; none of them is reached but the rate.
const LIMITS: &str = "owner: day=10TB month=100TB streams=1000 rate=500KB requests=1000 file=1TB; address: requests=1000; \
                      all: day=100TB month=1000TB streams=5000";
const RATE: f64 = 500e3;
const MEASURED: Duration = Duration::from_secs(30);
/// Until everybody reads.
const WARM_UP: Duration = Duration::from_secs(5);
/// Between two questions of Stremio's.
const ASKED_EVERY: Duration = Duration::from_millis(25);

pub async fn limits(report: &Report) -> Result<()> {
    if !has_setting("LIMITS") {
        report.row(Row::informative("limits", Bound::Cpu, "this build has no limits"));
        return Ok(());
    }
    let mut cluster = Cluster::start(Setup { limits: Some(LIMITS), ..Setup::default() }).await?;
    let films = cluster.films(DOWNLOADS / 2, 1024 * MIB).await?;
    cluster.line(20, None).await?;
    let idle = cluster.resident_bytes()?;
    let end = Instant::now() + WARM_UP + MEASURED;
    let mut readers = JoinSet::new();
    for n in 0..DOWNLOADS + PLAYERS {
        readers.spawn(read(films[n % films.len()].clone(), (n >= DOWNLOADS).then_some(PLAYS), end));
    }
    sleep(WARM_UP).await;
    measure(report, &cluster, idle).await?;
    let (mut received, mut downloads) = (0, Vec::new());
    while let Some(reader) = readers.join_next().await {
        let (bytes, is_download) = reader??;
        received += bytes;
        if is_download {
            downloads.push(bytes as f64 / (WARM_UP + MEASURED).as_secs_f64());
        }
    }
    let case = format!("{DOWNLOADS} downloads with a limit of 500 KB/s each: the fastest");
    // The first second may come at once.
    let allowed = RATE * (1.0 + 1.5 / (WARM_UP + MEASURED).as_secs_f64());
    let fastest = downloads.iter().copied().fold(0.0, f64::max);
    report.row(Row::at_most(case, Bound::Cpu, fastest / 1e3, allowed / 1e3, "KB/s"));
    report.row(Row::informative(
        "the same: the slowest",
        Bound::Cpu,
        format!("{:.0} KB/s", downloads.iter().copied().fold(f64::MAX, f64::min) / 1e3),
    ));
    counted(report, &cluster, &films[0], received).await?;
    cluster.stop().await
}

/// Reads until the end of the measurement: bytes, and whether it was a download.
async fn read(film: Film, rate: Option<u64>, end: Instant) -> Result<(u64, bool)> {
    let mut reader = Reader::open_player(&film, 0).await?.expect_bytes()?;
    let left = end.saturating_duration_since(Instant::now());
    match rate {
        Some(rate) => {
            let _ = timeout(left, reader.drain_at(rate)).await;
        }
        None => {
            reader.drain_for(left).await?;
        }
    }
    Ok((reader.received, rate.is_none()))
}

async fn measure(report: &Report, cluster: &Cluster, idle: u64) -> Result<()> {
    let case = format!("{DOWNLOADS} downloads and {PLAYERS} streams, limits on");
    let (cpu, calls, sent) = (cluster.cpu_secs()?, figure(cluster, CALLS).await?, figure(cluster, SENT).await?);
    let begun = Instant::now();
    let (mut answers, peak) = tokio::try_join!(ask_as_stremio(cluster), cluster.resident_peak(MEASURED))?;
    let secs = begun.elapsed().as_secs_f64();
    let rate = |before: f64, after: f64| (after - before) / secs;
    let sent = rate(sent, figure(cluster, SENT).await?) / MB;
    let asked = answers.len();
    report.row(Row::informative(format!("{case}: sent"), Bound::Cpu, format!("{sent:.0} MB/s")));
    let median = quantile(&mut answers, 0.5) * 1e3;
    report.row(Row::informative(format!("{case}: Stremio's answers, median"), Bound::Cpu, format!("{median:.1} ms")));
    let p99 = quantile(&mut answers, 0.99) * 1e3;
    report.row(Row::at_most(format!("{case}: Stremio's answers ({asked}), p99"), Bound::Cpu, p99, 100.0, "ms"));
    let cpu = rate(cpu, cluster.cpu_secs()?);
    report.row(Row::informative(format!("{case}: processors"), Bound::Cpu, format!("{cpu:.2}")));
    let memory = peak.saturating_sub(idle) as f64 / MIB as f64;
    report.row(Row::informative(format!("{case}: memory over idle"), Bound::Cpu, format!("{memory:.0} MiB")));
    // The questions of the bench are among them.
    let calls = rate(calls, figure(cluster, CALLS).await?);
    report.row(Row::informative(
        format!("{case}: questions to the database, Stremio's among them"),
        Bound::Cpu,
        format!("{calls:.0}/s"),
    ));
    Ok(())
}

/// Seconds that each answer took.
async fn ask_as_stremio(cluster: &Cluster) -> Result<Vec<f64>> {
    let paths =
        ["manifest.json", "catalog/movie/newest.json", "meta/movie/tt0063350.json", "stream/movie/tt0063350.json"];
    let (begun, mut took) = (Instant::now(), Vec::new());
    for path in paths.iter().cycle() {
        if begun.elapsed() > MEASURED {
            break;
        }
        let asked = Instant::now();
        cluster.addon_answer(path).await?;
        took.push(asked.elapsed().as_secs_f64());
        sleep(ASKED_EVERY.saturating_sub(asked.elapsed())).await;
    }
    Ok(took)
}

const CALLS: &str = "cinepost_store_calls_total";
const SENT: &str = "cinepost_sent_bytes_total{role=\"owner\"}";

/// One of the program's own figures.
async fn figure(cluster: &Cluster, name: &str) -> Result<f64> {
    let text = cluster.figures().await?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).with_context(|| name.to_owned())?;
    Ok(line.trim().parse()?)
}

/// What the store says was sent, once it knows everything, against what arrived.
async fn counted(report: &Report, cluster: &Cluster, film: &Film, received: u64) -> Result<()> {
    sleep(Duration::from_secs(5)).await;
    let sent = figure(cluster, SENT).await?;
    let film = Reader::open_player(film, 0).await?;
    let status: Value = cluster.status().await?;
    drop(film);
    let stored = status["streams"][0]["person_month_bytes"].as_f64().context("a sum")?;
    ensure!(sent > 0.0, "nothing was sent");
    let off = (stored - sent).abs() / sent * 100.0;
    report.row(Row::at_most("counted in the database, off from what was handed to sockets", Bound::Cpu, off, 0.1, "%"));
    // What sockets held when the readers went was sent and never read.
    let unread = (sent - received as f64) / (DOWNLOADS + PLAYERS) as f64 / 1e3;
    report.row(Row::informative(
        "handed to sockets and not read, for each reader that left",
        Bound::Cpu,
        format!("{unread:.0} KB"),
    ));
    Ok(())
}
