//! What somebody who opens a film or seeks notices of programs that read without end: the byte engine in this process, because no
//! setting of the program makes it read so much.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use cinepost::adapters::telegram::{
    MemoryVault, Network, Options as SignIn, Simulated, Telegram, Timing, VolumeLocation,
};
use cinepost::domain::file::{VirtualFile, Volume};
use cinepost::domain::post::{ChatId, DocumentId, PostRef};
use cinepost::domain::range::ByteRange;
use cinepost::domain::telegram_id::Dc;
use cinepost::engines::bytes::{Engine, Locations, Options, Purpose};
use futures_util::StreamExt;
use serde_json::json;
use simulation::Posted;
use simulation::book::Book;

use super::cluster::simulation_alone;
use super::speed::CONNECTION;
use super::table::{Bound, Row, quantile};
use super::{GIB, KIB, MB, MIB, Random, Report};

const BOTS: usize = 4;
const ROUND_TRIP_MS: u64 = 20;
/// Opened by viewers in each half, and read by programs in the second.
const OPENED: usize = 50;
const READ: usize = 16;
/// A chunk of a program's over one connection.
const CHUNK_MS: f64 = 512.0 * 1024.0 / CONNECTION as f64 * 1000.0;

type Film = (VirtualFile, Locations);

pub async fn programs(report: &Report) -> Result<()> {
    let (mut sim, book, dir) = simulation_alone(BOTS).await?;
    let films = post_films(&book, 2 * OPENED + READ).await?;
    let (telegram, _deliveries) = Telegram::start(sign_in(&book)?, Arc::new(MemoryVault::default())).await?;
    let engine = Engine::new(telegram.files().clone(), Options::default())?;
    let mut random = Random(7);
    for film in &films {
        locate(&engine, film, &mut random).await?;
    }
    set_line(&book).await?;

    let alone = open_all(&engine, &films[..OPENED], &mut random).await?;
    let reading = films[2 * OPENED..].iter().cloned().map(|film| read_without_end(engine.clone(), film));
    let reading: Vec<_> = reading.map(tokio::spawn).collect();
    // Until every connection is open and busy.
    tokio::time::sleep(Duration::from_secs(8)).await;
    let (begun, before) = (Instant::now(), read_bytes(&book).await?);
    let beside = open_all(&engine, &films[OPENED..2 * OPENED], &mut random).await?;
    let rate = (read_bytes(&book).await? - before) as f64 / begun.elapsed().as_secs_f64();
    reading.iter().for_each(tokio::task::JoinHandle::abort);

    for (what, mut alone, mut beside) in [("first byte", alone.0, beside.0), ("seek", alone.1, beside.1)] {
        for (name, part) in [("median", 0.5), ("p99", 0.99)] {
            let case = format!("{what}, {ROUND_TRIP_MS} ms, 6 MB/s each, {name}");
            let (alone, beside) = (quantile(&mut alone, part), quantile(&mut beside, part));
            report.row(Row::informative(format!("{case}: alone"), Bound::Line, format_args!("{alone:.1} ms")));
            let case = format!("{case}: beside {READ} programs that read all the time (alone + a chunk of theirs)");
            report.row(Row::at_most(case, Bound::Line, beside, alone + CHUNK_MS, "ms"));
        }
    }
    let told = format!("{:.1} MB/s", rate / MB);
    report.row(Row::informative("what came from Telegram meanwhile, viewers and programs together", Bound::Line, told));
    telegram.stop().await;
    sim.kill().await?;
    std::fs::remove_dir_all(dir)?;
    Ok(())
}

/// Times until the first byte of each film, and of another place in it, in milliseconds.
async fn open_all(engine: &Engine, films: &[Film], random: &mut Random) -> Result<(Vec<f64>, Vec<f64>)> {
    let (mut firsts, mut seeks) = (Vec::new(), Vec::new());
    for film in films {
        for (at, times) in [(0, &mut firsts), (random.below(GIB / MIB - 2) * MIB + 12_345, &mut seeks)] {
            let range = ByteRange::new(at, GIB).context("a range")?;
            let begun = Instant::now();
            let mut body = engine.admit()?.open(&film.0, &film.1, &[range]).await?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
            // As a player does before somebody seeks on.
            let mut left = 512 * KIB as usize;
            while left > 0 {
                let piece = body.next().await.context("it ended early")??;
                left = left.saturating_sub(piece.len());
            }
            drop(body);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok((firsts, seeks))
}

async fn read_without_end(engine: Engine, (file, locations): Film) -> Result<()> {
    for mib in (0..GIB / MIB).cycle() {
        let range = ByteRange::new(mib * MIB, (mib + 1) * MIB).context("a range")?;
        engine.read(&file, &locations, range, Purpose::Bulk).await?;
    }
    Ok(())
}

/// Single bytes at many places, so that every bot learns where the film is.
async fn locate(engine: &Engine, (file, locations): &Film, random: &mut Random) -> Result<()> {
    let places: Vec<u64> = (0..8).map(|_| GIB / 4 + random.below(GIB / 2)).collect();
    let touch = async |at: u64| {
        let range = ByteRange::new(at, at + 1).context("a range")?;
        anyhow::Ok(engine.admit()?.open(file, locations, &[range]).await?.next().await.is_some())
    };
    let mut touched = futures_util::stream::iter(places).map(touch).buffer_unordered(8);
    while let Some(result) = touched.next().await {
        result?;
    }
    Ok(())
}

fn sign_in(book: &Book) -> Result<SignIn> {
    let book = Simulated::from_json(&book.to_json())?;
    Ok(SignIn {
        api_id: 1,
        api_hash: "simulated".to_owned(),
        main: book.main_token()?,
        helpers: book.helper_tokens(),
        network: Network::Simulated(book),
        connections_per_bot: 2,
        timing: Timing::default(),
    })
}

async fn admin(book: &Book, path: &str, body: &serde_json::Value) -> Result<String> {
    let http = cinepost::adapters::metadata::client::builder().build()?;
    let answer = http.post(format!("http://{}/{path}", book.admin)).json(body).send().await?.error_for_status()?;
    Ok(answer.text().await?)
}

async fn set_line(book: &Book) -> Result<()> {
    let line = json!([{"kind": "speed", "bytes_per_second": CONNECTION}, {"kind": "round_trip", "ms": ROUND_TRIP_MS}]);
    admin(book, "faults", &line).await.map(drop)
}

/// Bytes that Telegram gave for files so far.
async fn read_bytes(book: &Book) -> Result<u64> {
    let http = cinepost::adapters::metadata::client::builder().build()?;
    let stats: simulation::Statistics = http.get(format!("http://{}/stats", book.admin)).send().await?.json().await?;
    Ok(stats.calls.iter().filter(|call| call.method == "upload.getFile").map(|call| call.bytes).sum())
}

async fn post_films(book: &Book, count: usize) -> Result<Vec<Film>> {
    let chat = book.channels[0].id;
    let posts: Vec<_> = (0..count).map(|n| json!({"file_name": format!("film {n}.mkv"), "size": GIB})).collect();
    let posted = admin(book, &format!("channels/{chat}/posts"), &json!(posts)).await?;
    let posted: Vec<Posted> = serde_json::from_str(&posted)?;
    let film = |posted: Posted| {
        let document = DocumentId(posted.document.context("a document")?.parse()?);
        let volume = Volume { document, dc: Dc(4), size: GIB };
        let at = PostRef { chat: ChatId::try_from(chat)?, message: posted.message };
        let location = Arc::new(VolumeLocation { volume, posts: vec![at] });
        anyhow::Ok((VirtualFile::single(volume), Locations::from([location])))
    };
    posted.into_iter().map(film).collect()
}
