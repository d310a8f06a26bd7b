//! One reader: how fast, how soon, how dear.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures_util::StreamExt;
use grammers_mtsender::{SenderPool, SenderPoolHandle};
use grammers_session::storages::MemorySession;
use grammers_session::types::DcOption;
use grammers_session::{Session, SessionData};
use grammers_tl_types::{self as tl, Deserializable, RemoteCall};
use serde_json::json;
use simulation::book::Book;

use super::cluster::{Cluster, Film, Setup, simulation_alone};
use super::reader::Reader;
use super::table::{Bound, Row, quantile};
use super::{GIB, KIB, MB, MIB, Random, Report};

/// What one connection gets in the field.
pub const CONNECTION: u64 = 6_000_000;

/// One reader of a film, 4 bots with 2 connections of 6 MB/s each. The first three seconds are left out: connections open one
/// after the other.
pub async fn stream(report: &Report) -> Result<()> {
    let mut cluster = Cluster::start(Setup { connections: Some(2), ..Setup::default() }).await?;
    let sum = (cluster.connections() * CONNECTION) as f64;
    for (round_trip, part) in [(20, 0.95), (80, 0.95), (150, 0.90)] {
        let film = cluster.film(4 * GIB).await?;
        cluster.line(round_trip, Some(CONNECTION)).await?;
        let before = cluster.upstream_bytes().await?;
        let (rate, bytes) = steady_rate(&film).await?;
        cluster.clear_faults().await?;
        let case = format!("one stream, 8 connections of 6 MB/s, {round_trip} ms");
        report.row(Row::at_least(&case, Bound::Line, rate / MB, part * sum / MB, "MB/s"));
        // What was on its way when the reader left is in it.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let extra = (cluster.upstream_bytes().await? - before) as f64 / bytes as f64;
        report.row(Row::at_most(format!("{case}: bytes from Telegram / sent"), Bound::Line, extra, 1.05, "×"));
    }
    // One bot is a sixth as fast as the others: does it hold them up?
    let film = cluster.film(4 * GIB).await?;
    cluster.line(20, Some(CONNECTION)).await?;
    cluster.fault(json!({"kind": "speed", "bytes_per_second": CONNECTION / 6, "account": "helper1", "dc": 4})).await?;
    let (rate, _) = steady_rate(&film).await?;
    let each = sum / 4.0;
    let told = format!("{:.1} of {:.1} MB/s", rate / MB, (3.0 * each + each / 6.0) / MB);
    report.row(Row::informative("the same at 20 ms, one bot with 1 MB/s for each connection", Bound::Line, told));
    cluster.stop().await
}

/// Bytes per second of a stream once it runs, and all bytes that it read.
async fn steady_rate(film: &Film) -> Result<(f64, u64)> {
    let mut reader = Reader::open(film, 0, None).await?.expect_bytes()?;
    reader.drain_for(Duration::from_secs(3)).await?;
    let begun = Instant::now();
    let bytes = reader.drain_for(Duration::from_secs(10)).await?;
    Ok((bytes as f64 / begun.elapsed().as_secs_f64(), reader.received))
}

/// Reads single bytes at many places, several at a time, so that every bot learns where the film is.
pub async fn locate(film: &Film, random: &mut Random) -> Result<()> {
    let places: Vec<u64> = (0..8).map(|_| film.size / 4 + random.below(film.size / 2)).collect();
    let touch = async |at: u64| {
        let mut reader = Reader::open(film, at, Some(at + 1)).await?;
        reader.skip(1).await
    };
    let mut touched = futures_util::stream::iter(places).map(touch).buffer_unordered(8);
    while let Some(result) = touched.next().await {
        result?;
    }
    Ok(())
}

/// Time until the first byte is there.
async fn first_byte(film: &Film, at: u64) -> Result<(Reader, f64)> {
    let begun = Instant::now();
    let mut reader = Reader::open(film, at, None).await?.expect_bytes()?;
    reader.skip(1).await?;
    Ok((reader, begun.elapsed().as_secs_f64() * 1000.0))
}

/// Films that are opened for the first time, and seeks to places that were not read before; each stays for half a MiB. A limit
/// is set without a limit of speed, and none with one.
pub async fn seek(report: &Report) -> Result<()> {
    let mut random = Random(1);
    let mut cluster = Cluster::start(Setup::default()).await?;
    for (round_trip, rate) in [(20, None), (80, None), (20, Some(CONNECTION)), (80, Some(CONNECTION))] {
        let films = cluster.films(50, GIB).await?;
        cluster.clear_faults().await?;
        for film in &films {
            locate(film, &mut random).await?;
        }
        cluster.line(round_trip, rate).await?;
        let (mut firsts, mut seeks) = (Vec::new(), Vec::new());
        for film in &films {
            for (at, times) in [(0, &mut firsts), (random.below(film.size), &mut seeks)] {
                let (mut reader, ms) = first_byte(film, at).await?;
                times.push(ms);
                reader.skip(512 * KIB).await?;
                drop(reader);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        let line = if rate.is_some() { ", 6 MB/s each" } else { "" };
        for (what, mut times) in [("first byte", firsts), ("seek", seeks)] {
            for (name, part, margin) in [("median", 0.5, 25), ("p99", 0.99, 80)] {
                let case = format!("{what}, location known, {round_trip} ms{line}, {name}");
                let ms = quantile(&mut times, part);
                report.row(match rate {
                    None => Row::at_most(case, Bound::Line, ms, (round_trip + margin) as f64, "ms"),
                    Some(_) => Row::informative(case, Bound::Line, format_args!("{ms:.1} ms")),
                });
            }
        }
    }
    cluster.stop().await
}

/// What a player reads again and again: the beginning and the end.
pub async fn again(report: &Report) -> Result<()> {
    let mut cluster = Cluster::start(Setup::default()).await?;
    let film = cluster.film(GIB).await?;
    cluster.line(80, None).await?;
    let places = [("head", 0, 64 * KIB), ("tail", film.size - 256 * KIB, film.size - 192 * KIB)];
    // As a player opens it: the head, the tail, the head.
    for (from, bytes) in [(0, MIB), (film.size - 256 * KIB, 256 * KIB), (0, MIB)] {
        let mut reader = Reader::open(&film, from, None).await?.expect_bytes()?;
        reader.skip(bytes).await?;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    for (name, from, to) in places {
        let mut times = Vec::new();
        for _ in 0..50 {
            let begun = Instant::now();
            let mut reader = Reader::open(&film, from, Some(to)).await?.expect_bytes()?;
            reader.skip(to - from).await?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        let median = quantile(&mut times, 0.5);
        report.row(Row::at_most(format!("{name} again, 64 KiB, 80 ms, median"), Bound::Line, median, 3.0, "ms"));
    }
    cluster.stop().await
}

/// Processor time for each GB, from Telegram's packets to HTTP, at whatever speed the processors give.
pub async fn cpu(report: &Report) -> Result<()> {
    let mut cluster = Cluster::start(Setup::default()).await?;
    let film = cluster.film(8 * GIB).await?;
    cluster.line(20, None).await?;
    let mut reader = Reader::open(&film, 0, None).await?.expect_bytes()?;
    reader.skip(256 * MIB).await?;
    let (begun, cpu, before) = (Instant::now(), cluster.cpu_secs()?, reader.received);
    let profile = std::env::var_os("PERF").map(|_| Profile::begin(cluster.pid()?)).transpose()?;
    reader.skip(2 * GIB).await?;
    if let Some(profile) = profile {
        eprintln!("{}", profile.end().await?);
    }
    let bytes = (reader.received - before) as f64;
    let (cpu, secs) = (cluster.cpu_secs()? - cpu, begun.elapsed().as_secs_f64());
    report.row(Row::at_most("processor time through `/dl`", Bound::Cpu, cpu / (bytes / 1e9), 2.2, "s/GB"));
    report.row(Row::informative(
        "one stream without limits, 20 ms",
        Bound::Cpu,
        format_args!("{:.0} MB/s", bytes / MB / secs),
    ));
    drop(reader);
    cluster.stop().await
}

/// Where a process spends its time, by Linux's `perf`.
struct Profile {
    perf: tokio::process::Child,
    file: std::path::PathBuf,
}

impl Profile {
    fn begin(pid: u32) -> Result<Self> {
        let file = std::env::temp_dir().join(format!("cinepost-perf-{pid}"));
        let mut perf = tokio::process::Command::new("perf");
        perf.args(["record", "-q", "-e", "cpu-clock", "-F", "499", "-p", &pid.to_string(), "-o"]).arg(&file);
        Ok(Self { perf: perf.spawn().context("PERF is set, but perf cannot be started")?, file })
    }

    /// The functions that took the most.
    async fn end(mut self) -> Result<String> {
        let pid = self.perf.id().context("perf has ended")?.to_string();
        tokio::process::Command::new("kill").args(["-INT", &pid]).status().await?;
        self.perf.wait().await?;
        let report = tokio::process::Command::new("perf")
            .args(["report", "--stdio", "-q", "--percent-limit", "0.7", "-s", "dso,symbol", "-i"])
            .arg(&self.file)
            .output()
            .await?;
        std::fs::remove_file(&self.file)?;
        Ok(String::from_utf8_lossy(&report.stdout).into_owned())
    }
}

/// The measuring device itself: a client that nobody here wrote, one connection of 6 MB/s, requests of 512 KiB.
pub async fn line(report: &Report) -> Result<()> {
    let (mut sim, book, dir) = simulation_alone(1).await?;
    let admin = format!("http://{}", book.admin);
    let http = cinepost::adapters::metadata::client::builder().build()?;
    let post = async |path: &str, body: serde_json::Value| -> Result<()> {
        http.post(format!("{admin}/{path}")).json(&body).send().await?.error_for_status()?;
        Ok(())
    };
    let chat = book.channels[0].id;
    post(&format!("channels/{chat}/posts"), json!({"file_name": "a.mkv", "size": GIB})).await?;
    let raw = Raw::sign_in(&book).await?;
    let location = raw.location(chat).await?;
    for (round_trip, in_flight) in [(0, 1), (0, 4), (150, 1), (150, 3), (150, 8)] {
        http.delete(format!("{admin}/faults")).send().await?;
        post(
            "faults",
            json!([{"kind": "speed", "bytes_per_second": CONNECTION}, {"kind": "round_trip", "ms": round_trip}]),
        )
        .await?;
        let part = 512 * KIB;
        let read = |n: u64| raw.file(&location, n * part, part as i32);
        let mut parts = futures_util::stream::iter(0..40).map(read).buffered(in_flight);
        // The first answers find an idle line.
        for _ in 0..in_flight {
            parts.next().await.context("more")??;
        }
        let (begun, mut bytes) = (Instant::now(), 0);
        while let Some(part) = parts.next().await {
            bytes += part?;
        }
        let rate = bytes as f64 / begun.elapsed().as_secs_f64();
        // A window of so much for each round trip, and no more than the line.
        let window = in_flight as f64 * part as f64;
        let own_time = part as f64 / CONNECTION as f64 + round_trip as f64 / 1000.0;
        let possible = (window / own_time).min(CONNECTION as f64);
        let case =
            format!("the simulation: one connection of 6 MB/s, {round_trip} ms, {in_flight} × 512 KiB in flight");
        report.row(Row::at_least(case, Bound::Line, rate / MB, 0.95 * possible / MB, "MB/s"));
    }
    sim.kill().await?;
    std::fs::remove_dir_all(dir)?;
    Ok(())
}

/// grammers' client, signed in at home and in DC 4.
struct Raw(SenderPoolHandle);

impl Raw {
    async fn sign_in(book: &Book) -> Result<Self> {
        let account = book.accounts.first().context("an account")?;
        let session = MemorySession::from(SessionData { home_dc: book.home_dc, ..SessionData::default() });
        for dc in &book.dcs {
            let hex = account.keys.get(&dc.id).context("a key")?;
            let mut key = [0; 256];
            for (n, byte) in key.iter_mut().enumerate() {
                *byte = u8::from_str_radix(&hex[2 * n..2 * n + 2], 16)?;
            }
            let ipv4 = std::net::SocketAddrV4::new(dc.ip, dc.port);
            let ipv6 = std::net::SocketAddrV6::new(dc.ip.to_ipv6_mapped(), dc.port, 0, 0);
            session.set_dc_option(&DcOption { id: dc.id, ipv4, ipv6, auth_key: Some(key) }).await?;
        }
        let SenderPool { runner, handle, .. } = SenderPool::new(std::sync::Arc::new(session), 1);
        tokio::spawn(runner.run());
        let raw = Self(handle.thin);
        raw.call(
            book.home_dc,
            &tl::functions::auth::ImportBotAuthorization {
                flags: 0,
                api_id: 1,
                api_hash: "hash".to_owned(),
                bot_auth_token: account.token.clone(),
            },
        )
        .await?;
        let export = tl::functions::auth::ExportAuthorization { dc_id: 4 };
        let tl::enums::auth::ExportedAuthorization::Authorization(proof) = raw.call(book.home_dc, &export).await?;
        raw.call(4, &tl::functions::auth::ImportAuthorization { id: proof.id, bytes: proof.bytes }).await?;
        Ok(raw)
    }

    async fn call<R: RemoteCall>(&self, dc: i32, request: &R) -> Result<R::Return> {
        Ok(R::Return::from_bytes(&self.0.raw_invoke_in_dc(dc, request.to_bytes()).await?)?)
    }

    /// Where the first message's document is.
    async fn location(&self, chat: i64) -> Result<tl::types::InputDocumentFileLocation> {
        let channel_id = -1_000_000_000_000 - chat;
        let channel = tl::types::InputChannel { channel_id, access_hash: 0 }.into();
        let id = vec![tl::types::InputMessageId { id: 1 }.into()];
        let answer = self.call(2, &tl::functions::channels::GetMessages { channel, id }).await?;
        let tl::enums::messages::Messages::ChannelMessages(all) = answer else { bail!("no channel messages") };
        let Some(tl::enums::Message::Message(message)) = all.messages.into_iter().next() else { bail!("no message") };
        let Some(tl::enums::MessageMedia::Document(media)) = message.media else { bail!("no file") };
        let Some(tl::enums::Document::Document(document)) = media.document else { bail!("no document") };
        Ok(tl::types::InputDocumentFileLocation {
            id: document.id,
            access_hash: document.access_hash,
            file_reference: document.file_reference,
            thumb_size: String::new(),
        })
    }

    async fn file(&self, at: &tl::types::InputDocumentFileLocation, offset: u64, limit: i32) -> Result<u64> {
        let request = tl::functions::upload::GetFile {
            precise: false,
            cdn_supported: false,
            location: at.clone().into(),
            offset: offset as i64,
            limit,
        };
        match self.call(4, &request).await? {
            tl::enums::upload::File::File(file) => Ok(file.bytes.len() as u64),
            other => bail!("{other:?}"),
        }
    }
}
