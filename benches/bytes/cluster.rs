//! What is measured: `cinepost sim` and `cinepost serve` as processes of their own, and the strings to pull on them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use simulation::book::Book;
use simulation::{FileCalls, Posted, Statistics};
use tokio::process::{Child, Command};

/// Nothing takes longer to start or to be listed.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a case starts. Settings that this build of the program does not have are left out.
#[derive(Clone, Copy)]
pub struct Setup {
    pub bots: usize,
    pub connections: Option<usize>,
    pub memory_mb: Option<u64>,
    pub disk_mb: Option<u64>,
    /// The setting LIMITS.
    pub limits: Option<&'static str>,
}

impl Default for Setup {
    /// Four bots, everything else as the program has it.
    fn default() -> Self {
        Self { bots: 4, connections: None, memory_mb: None, disk_mb: None, limits: None }
    }
}

/// Both processes; they end with this.
pub struct Cluster {
    pub web: String,
    pub book: Book,
    http: reqwest::Client,
    addon: String,
    setup: Setup,
    films: usize,
    serve: Child,
    sim: Child,
    dir: PathBuf,
}

/// A generated film and where it is played from.
#[derive(Clone)]
pub struct Film {
    pub host: String,
    pub path: String,
    pub document: i64,
    pub size: u64,
}

impl Cluster {
    pub async fn start(setup: Setup) -> Result<Self> {
        let dir = std::env::temp_dir().join(format!("cinepost-bytes-{}-{}", std::process::id(), next_number()));
        std::fs::create_dir_all(&dir)?;
        let accounts: Vec<_> = (0..setup.bots).map(bot_name).collect();
        let sim = command(Side::Simulation)
            .args(["sim", "--port", "0", "--accounts", &accounts.join(","), "--write"])
            .arg(dir.join("book.json"))
            .stdout(Stdio::null())
            .stderr(File::create(dir.join("sim.log"))?)
            .spawn()?;
        let book = wait_for("the simulation's start line", async || std::fs::read(dir.join("book.json")).ok()).await?;
        let book: Book = serde_json::from_slice(&book)?;
        let mut serve = command(Side::Product);
        serve.arg("serve").env("TELEGRAM_SIM", dir.join("book.json")).env("DATA_DIR", dir.join("data"));
        serve.env("AUTH_CHANNEL", book.channels[0].id.to_string()).env("PORT", "0").env("BIND", "127.0.0.1");
        serve.env("CINEMETA_URL", book.metadata.as_deref().context("no provider")?).env("RUST_LOG", log_level());
        let settings = [
            ("CONNECTIONS_PER_BOT", setup.connections.map(|n| n as u64)),
            ("MEMORY_MB", setup.memory_mb),
            ("CACHE_DISK_MB", setup.disk_mb),
            // What reads of its own accord would be measured as well.
            ("PROBE_FILES_PER_HOUR", Some(0)),
        ];
        for (name, value) in settings.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            if has_setting(name) {
                serve.env(name, value.to_string());
            }
        }
        if let Some(limits) = setup.limits {
            serve.env("LIMITS", limits);
        }
        let log = File::create(dir.join("serve.log"))?;
        let serve = serve.current_dir(&dir).stdout(log.try_clone()?).stderr(log).spawn()?;
        let install = wait_for("the install link", async || {
            let log = std::fs::read_to_string(dir.join("serve.log")).ok()?;
            log.lines()
                .map(str::trim)
                .find(|l| l.starts_with("http") && l.ends_with("/manifest.json"))
                .map(str::to_owned)
        })
        .await?;
        let addon = install.trim_end_matches("/manifest.json").to_owned();
        let web = addon.split("/stremio/").next().unwrap_or_default().to_owned();
        let cluster = Self {
            web,
            book,
            http: cinepost::adapters::metadata::client::builder().build()?,
            addon,
            setup,
            films: 0,
            serve,
            sim,
            dir: dir.clone(),
        };
        wait_for("/ready", async || {
            let answer = cluster.http.get(format!("{}/ready", cluster.web)).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await?;
        Ok(cluster)
    }

    /// Posts so many films of this size and finds them as Stremio would.
    pub async fn films(&mut self, count: usize, size: u64) -> Result<Vec<Film>> {
        let tag = |n: usize| format!("cut{n:04}");
        let names = self.films..self.films + count;
        self.films += count;
        let posts: Vec<_> = names
            .clone()
            .map(|n| {
                let name = format!("Night.of.the.Living.Dead.1968.{}.1080p.BluRay.x264-GRP.mkv", tag(n));
                json!({"file_name": name, "size": size})
            })
            .collect();
        let chat = self.book.channels[0].id;
        let posted: Vec<Posted> = serde_json::from_value(self.admin(&format!("channels/{chat}/posts"), &posts).await?)?;
        let urls = wait_for("the films' streams", async || {
            let url = format!("{}/stream/movie/tt0063350.json", self.addon);
            let answer: Value = self.http.get(url).send().await.ok()?.json().await.ok()?;
            let urls: Vec<&str> = answer["streams"].as_array()?.iter().filter_map(|s| s["url"].as_str()).collect();
            names.clone().map(|n| urls.iter().find(|url| url.contains(&tag(n))).map(|url| (*url).to_owned())).collect()
        })
        .await?;
        let urls: Vec<String> = urls;
        urls.into_iter()
            .zip(posted)
            .map(|(url, posted)| {
                let (host, path) = url.strip_prefix("http://").and_then(|u| u.split_once('/')).context("a play URL")?;
                let document = posted.document.context("a document")?.parse()?;
                Ok(Film { host: host.to_owned(), path: format!("/{path}"), document, size })
            })
            .collect()
    }

    pub async fn film(&mut self, size: u64) -> Result<Film> {
        self.films(1, size).await?.pop().context("one film")
    }

    /// Says something to the simulation's admin port.
    pub async fn admin(&self, path: &str, body: &(impl serde::Serialize + ?Sized)) -> Result<Value> {
        let answer = self.http.post(format!("http://{}/{path}", self.book.admin)).json(body).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "POST /{path}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    pub async fn fault(&self, fault: Value) -> Result<()> {
        self.admin("faults", &fault).await.map(|_| ())
    }

    pub async fn clear_faults(&self) -> Result<()> {
        self.http.delete(format!("http://{}/faults", self.book.admin)).send().await?.error_for_status()?;
        Ok(())
    }

    /// What the line to the films' data centre is like from now on; `None` for no limit.
    pub async fn line(&self, round_trip_ms: u64, bytes_per_second: Option<u64>) -> Result<()> {
        self.clear_faults().await?;
        if round_trip_ms > 0 {
            self.fault(json!({"kind": "round_trip", "ms": round_trip_ms})).await?;
        }
        if let Some(rate) = bytes_per_second {
            self.fault(json!({"kind": "speed", "bytes_per_second": rate, "dc": 4})).await?;
        }
        Ok(())
    }

    /// How many connections for bytes the program will have.
    pub fn connections(&self) -> u64 {
        let each = match self.setup.connections {
            Some(n) if has_setting("CONNECTIONS_PER_BOT") => n,
            _ if has_setting("CONNECTIONS_PER_BOT") => 4,
            _ => 2,
        };
        (each * self.setup.bots) as u64
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, url: String) -> Result<T> {
        Ok(self.http.get(url).send().await?.error_for_status()?.json().await?)
    }

    /// Calls of getFile from this number on. The first question turns the log on.
    pub async fn calls(&self, since: u64) -> Result<FileCalls> {
        self.ask(format!("http://{}/calls?since={since}", self.book.admin)).await
    }

    /// The number of the next call: where to ask from later.
    pub async fn next_call(&self) -> Result<u64> {
        Ok(self.calls(u64::MAX).await?.next)
    }

    pub async fn stats(&self) -> Result<Statistics> {
        self.ask(format!("http://{}/stats", self.book.admin)).await
    }

    /// Bytes that Telegram gave for files so far.
    pub async fn upstream_bytes(&self) -> Result<u64> {
        let stats = self.stats().await?;
        Ok(stats.calls.iter().filter(|c| c.method == "upload.getFile").map(|c| c.bytes).sum())
    }

    /// Asks the addon as Stremio does, and reads the answer to its end.
    pub async fn addon_answer(&self, resource: &str) -> Result<()> {
        let answer = self.http.get(format!("{}/{resource}", self.addon)).send().await?.error_for_status()?;
        answer.bytes().await?;
        Ok(())
    }

    /// The program's own figures, as Prometheus gets them.
    pub async fn figures(&self) -> Result<String> {
        Ok(self.http.get(format!("{}/metrics", self.web)).send().await?.error_for_status()?.text().await?)
    }

    pub async fn status(&self) -> Result<Value> {
        self.ask(format!("{}/status", self.web)).await
    }

    /// Films being sent, by the program's own account.
    pub async fn live_streams(&self) -> Result<usize> {
        let status = self.status().await?;
        Ok(status["streams"].as_array().context("/status lists streams")?.len())
    }

    /// Processor time of the program so far.
    pub fn cpu_secs(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid()?))?;
        let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat")?;
        let ticks: Vec<u64> = fields.split_whitespace().skip(11).take(2).filter_map(|t| t.parse().ok()).collect();
        // USER_HZ is 100 on every Linux that this runs on.
        Ok(ticks.iter().sum::<u64>() as f64 / 100.0)
    }

    /// Memory of the program now.
    pub fn resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).context("VmRSS")?;
        Ok(line.split_whitespace().nth(1).context("VmRSS")?.parse::<u64>()? * 1024)
    }

    /// The most that it holds within a time.
    pub async fn resident_peak(&self, during: Duration) -> Result<u64> {
        let (end, mut most) = (Instant::now() + during, 0);
        while Instant::now() < end {
            most = most.max(self.resident_bytes()?);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(most)
    }

    pub fn open_files(&self) -> Result<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.pid()?))?.count())
    }

    pub fn pid(&self) -> Result<u32> {
        self.serve.id().context("the program has ended")
    }

    /// The end of the program's log, for who wonders why.
    pub fn log_tail(&self) -> String {
        let log = std::fs::read_to_string(self.dir.join("serve.log")).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    pub async fn stop(mut self) -> Result<()> {
        let _ = self.serve.kill().await;
        let _ = self.sim.kill().await;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.serve.start_kill();
        let _ = self.sim.start_kill();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

pub fn bot_name(n: usize) -> String {
    if n == 0 { "main".to_owned() } else { format!("helper{n}") }
}

/// A simulation alone with so many bots: what is measured runs in this process.
pub async fn simulation_alone(bots: usize) -> Result<(Child, Book, PathBuf)> {
    let dir = std::env::temp_dir().join(format!("cinepost-bytes-{}-{}", std::process::id(), next_number()));
    std::fs::create_dir_all(&dir)?;
    let accounts: Vec<_> = (0..bots).map(bot_name).collect();
    let sim = command(Side::Simulation)
        .args(["sim", "--port", "0", "--accounts", &accounts.join(","), "--write"])
        .arg(dir.join("book.json"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let book = wait_for("the simulation's start line", async || std::fs::read(dir.join("book.json")).ok()).await?;
    Ok((sim, serde_json::from_slice(&book)?, dir))
}

fn next_number() -> u32 {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// The program under test.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| std::env::var_os("CINEPOST").map_or(env!("CARGO_BIN_EXE_cinepost").into(), PathBuf::from))
}

/// Whether this build knows a setting.
pub fn has_setting(name: &str) -> bool {
    static HELP: OnceLock<String> = OnceLock::new();
    let help = HELP.get_or_init(|| {
        let output = std::process::Command::new(program()).args(["serve", "--help"]).output();
        output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default()
    });
    help.contains(name)
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Simulation,
    Product,
}

/// The processors of one side as `taskset` takes them: the product has the upper half, the simulation and this process the
/// lower one. `None` where there is one processor, or PIN=0 says no.
fn processors(side: Side) -> Option<String> {
    static COUNT: OnceLock<usize> = OnceLock::new();
    let count = *COUNT.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from));
    let is_wanted = std::env::var("PIN").map_or(true, |pin| pin != "0");
    let has_taskset = std::process::Command::new("taskset").arg("-V").stdout(Stdio::null()).status().is_ok();
    (count > 1 && is_wanted && has_taskset).then(|| match side {
        Side::Simulation => format!("0-{}", count / 2 - 1),
        Side::Product => format!("{}-{}", count / 2, count - 1),
    })
}

fn command(side: Side) -> Command {
    let mut command = match processors(side) {
        Some(list) => {
            let mut command = Command::new("taskset");
            command.args(["-c", &list]).arg(program());
            command
        }
        None => Command::new(program()),
    };
    // What the shell happens to hold must not change what is measured.
    command.env_clear().kill_on_drop(true).stdin(Stdio::null());
    command
}

/// Moves this process away from the product. Before any thread is started.
pub fn pin_ourselves() -> bool {
    let Some(list) = processors(Side::Simulation) else { return false };
    let pid = std::process::id().to_string();
    let status =
        std::process::Command::new("taskset").args(["-a", "-c", "-p", &list, &pid]).stdout(Stdio::null()).status();
    status.is_ok_and(|s| s.success())
}

/// Of the program; what it says at `warn` costs nothing where nothing goes wrong.
fn log_level() -> String {
    std::env::var("RUST_LOG").unwrap_or_else(|_| "warn".to_owned())
}

/// Asks until there is an answer.
pub async fn wait_for<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return Ok(answer);
        }
        if begun.elapsed() > PATIENCE {
            bail!("not within {} s: {what}", PATIENCE.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
