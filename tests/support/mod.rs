//! What every test of the whole product uses: a simulated Telegram and provider, the product with an embedded store on a
//! free port, and a client that asks it as Stremio or a player would.

#![allow(dead_code, reason = "each test program uses its own part of this")]

pub mod films;
pub mod zip;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cinepost::adapters::clock::unix_now;
use cinepost::adapters::metadata::client;
use cinepost::adapters::metadata::{self, Metadata, NoAnswers};
use cinepost::app::{self, Running};
use cinepost::config::{Config, Flags};
use cinepost::domain::catalog::PAGE;
use cinepost::domain::entry::Entry;
use cinepost::domain::job::NewJob;
use cinepost::domain::post::{ChatId, DocumentId};
use cinepost::domain::review::ReviewQuery;
use cinepost::flows::ingest::probe;
use serde_json::Value;
use simulation::{NewPost, Posted, Sim};

/// The channel that the product watches.
pub const CHAT: i64 = -1_001_500_000_001;
/// The person that the bot tells what happens.
pub const OWNER: i64 = 900_001;

/// A film that the provider knows, and where it is asked for.
pub const NIGHT: &str = "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv";
pub const STREAMS: &str = "stream/movie/tt0063350.json";
pub const NEWEST: &str = "catalog/movie/newest.json";
pub const UNMATCHED: &str = "catalog/movie/unmatched.json";

/// Nothing in a test takes longer unless something is broken.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct TestApp {
    pub sim: Sim,
    pub provider: simulation::metadata::Server,
    pub app: Running,
    pub http: reqwest::Client,
    pub dir: Dir,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::with(simulation::Options::default().with_helpers(1), simulation::metadata::Options::default()).await
    }

    pub async fn with(telegram: simulation::Options, metadata: simulation::metadata::Options) -> Self {
        let Outside { dir, sim, provider } = Outside::with(telegram, metadata).await;
        let app = start_product(&dir.path, &provider.url).await;
        Self { sim, provider, app, http: client::builder().build().expect("a client"), dir }
    }

    /// The product with further settings, in a simulation that was prepared for them.
    pub async fn set_up(
        telegram: simulation::Options,
        prepare: impl FnOnce(&Sim),
        change: impl FnOnce(Flags) -> Flags,
    ) -> Self {
        let Outside { dir, sim, provider } = Outside::start(telegram).await;
        prepare(&sim);
        let config = Config::from_flags(change(flags(&dir.path, &provider.url))).expect("the settings are right");
        let app = app::start(config).await.expect("the product starts");
        Self { sim, provider, app, http: client::builder().build().expect("a client"), dir }
    }

    /// The product with further settings that name its own provider.
    pub async fn with_settings(
        metadata: simulation::metadata::Options,
        change: impl FnOnce(Flags, &simulation::metadata::Server) -> Flags,
    ) -> Self {
        let Outside { dir, sim, provider } = Outside::with(simulation::Options::default(), metadata).await;
        let flags = change(flags(&dir.path, &provider.url), &provider);
        let config = Config::from_flags(flags).expect("the settings are right");
        let app = app::start(config).await.expect("the product starts");
        Self { sim, provider, app, http: client::builder().build().expect("a client"), dir }
    }

    /// The product over MongoDB instead of the embedded store.
    pub async fn start_on_mongo(uri: &str) -> Self {
        let Outside { dir, sim, provider } = Outside::start(simulation::Options::default()).await;
        let flags = Flags {
            database_url: Some(uri.to_owned()),
            secret_key: Some("0123456789abcdef".repeat(4)),
            ..flags(&dir.path, &provider.url)
        };
        let config = Config::from_flags(flags).expect("the settings are right");
        let app = app::start(config).await.expect("the product starts");
        Self { sim, provider, app, http: client::builder().build().expect("a client"), dir }
    }

    pub async fn stop(self) {
        self.app.stop().await;
        self.sim.stop().await.expect("the simulation stops");
    }

    /// Posts to the watched channel.
    pub fn post(&self, post: NewPost) -> Posted {
        self.sim.post(chat(), post).expect("the channel is there")
    }

    /// The addon's own address, without `/manifest.json`.
    pub fn addon(&self) -> String {
        self.app.install.manifest().as_str().trim_end_matches("/manifest.json").to_owned()
    }

    pub async fn get(&self, url: &str) -> reqwest::Response {
        self.http.get(url).send().await.expect("it answers")
    }

    /// What the addon answers, which must be 200.
    pub async fn ask(&self, resource: &str) -> Value {
        let url = format!("{}/{resource}", self.addon());
        let answer = self.get(&url).await;
        assert_eq!(answer.status(), 200, "{url}");
        answer.json().await.expect("it is JSON")
    }

    /// With so many bots and one film of this size: the product, the film's play URL and its document.
    pub async fn playing(bots: usize, size: u64) -> (Self, String, i64) {
        let telegram = simulation::Options::default().with_helpers(bots - 1);
        let app = Self::with(telegram, simulation::metadata::Options::default()).await;
        let posted = app.post(film(NIGHT, size));
        let is_listed = |s: &Value| s["streams"].as_array().is_some_and(|s| s.len() == 1);
        let streams = app.until("the stream", || app.ask(STREAMS), is_listed).await;
        let url = streams["streams"][0]["url"].as_str().expect("a url").to_owned();
        (app, url, document(&posted).0)
    }

    /// Opens a one-time link of the owner's as a browser does: the session's cookie, and where the browser is sent.
    pub async fn sign_in(&self, link: &str) -> (String, String) {
        let http = client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let entered = http.post(link).send().await.expect("an answer");
        assert_eq!(entered.status(), 303, "{link}");
        let header = |name: &str| entered.headers()[name].to_str().expect("text").to_owned();
        let cookie = header("set-cookie").split(';').next().expect("a pair").to_owned();
        (cookie, header("location"))
    }

    /// Runs a command of a second program on the same data, with nothing else in its environment. Returns whether it
    /// succeeded, and all that it printed.
    pub fn command(&self, args: &[&str], environment: &[(&str, &str)]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cinepost"));
        command.args(args).current_dir(&self.dir.path).env_clear().env("DATA_DIR", self.dir.path.join("data"));
        let output = command.envs(environment.iter().copied()).output().expect("it runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    /// What stands in the review list.
    pub async fn reviewed(&self) -> Vec<Entry> {
        let query = ReviewQuery { limit: PAGE, ..ReviewQuery::default() };
        let page = self.app.library.review(&query).await.expect("the list");
        page.rows.into_iter().map(|(entry, _)| entry).collect()
    }

    /// Names in a catalog, in order.
    pub async fn names(&self, catalog: &str) -> Vec<String> {
        let page = self.ask(catalog).await;
        let metas = page["metas"].as_array().expect("metas");
        metas.iter().map(|m| m["name"].as_str().expect("a name").to_owned()).collect()
    }

    /// Until the newest films are these, in the order of the alphabet.
    pub async fn shows(&self, wanted: &[&str]) {
        let sorted = |names: &[String]| {
            let mut names = names.to_vec();
            names.sort();
            names
        };
        self.until("the films", || self.names(NEWEST), |names| sorted(names) == wanted).await;
    }

    /// Asks until the answer is as wanted, and gives that answer.
    pub async fn until<T, F: Future<Output = T>>(
        &self,
        what: &str,
        ask: impl Fn() -> F,
        good: impl Fn(&T) -> bool,
    ) -> T {
        until(what, ask, good).await
    }
}

/// The product, which looks into files as fast as it can, once it is told to.
pub async fn probing() -> TestApp {
    let fast = |flags| Flags { probe_files_per_hour: Some("100000".to_owned()), ..flags };
    TestApp::set_up(simulation::Options::default().with_helpers(1), |_| {}, fast).await
}

/// Runs the job that looks into files, which would begin by itself some seconds later.
pub async fn look_into_all(app: &TestApp) {
    let now = unix_now();
    let id = app.app.store.jobs().add(&NewJob::of(&probe::ABOUT, now), now).await.expect("queued").id();
    let job = async || app.app.store.jobs().get(id).await.expect("read").expect("there");
    app.until("the probe", job, |job| job.state.has_ended()).await;
}

/// The outside world without the product: a folder with the book of a simulated Telegram, and a provider.
pub struct Outside {
    pub dir: Dir,
    pub sim: Sim,
    pub provider: simulation::metadata::Server,
}

impl Outside {
    pub async fn start(telegram: simulation::Options) -> Self {
        Self::with(telegram, simulation::metadata::Options::default()).await
    }

    pub async fn with(telegram: simulation::Options, metadata: simulation::metadata::Options) -> Self {
        let dir = Dir::new();
        let provider = simulation::metadata::start(metadata).await.expect("the provider starts");
        let sim = simulation::start(telegram).await.expect("the simulation starts");
        write_book(&sim, &dir.path);
        Self { dir, sim, provider }
    }
}

/// Metadata for what is built without the whole product, from this provider; from nowhere when nothing is to be asked.
/// Remembers no answers.
pub fn metadata_at(provider: Option<&simulation::metadata::Server>) -> Metadata {
    let at = |url: fn(&simulation::metadata::Server) -> String| {
        provider.map_or_else(|| "http://127.0.0.1:9".to_owned(), url)
    };
    let options = metadata::Options {
        tmdb_key: provider.map(|_| simulation::metadata::KEY.to_owned()),
        tmdb_url: at(|p| p.tmdb_url()),
        image_url: at(|p| p.image_url()),
        cinemeta_url: at(|p| p.cinemeta_url()),
        language: "en-US".to_owned(),
    };
    Metadata::new(options, Arc::new(NoAnswers))
}

/// Asks until the answer is as wanted, and gives that answer.
pub async fn until<T, F: Future<Output = T>>(what: &str, ask: impl Fn() -> F, good: impl Fn(&T) -> bool) -> T {
    let begin = Instant::now();
    loop {
        let answer = ask().await;
        if good(&answer) {
            return answer;
        }
        assert!(begin.elapsed() < PATIENCE, "not within {} s: {what}", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A post with a generated file of this size.
pub fn film(name: &str, size: u64) -> NewPost {
    NewPost::generated(name, size)
}

/// The document of a post that has one.
pub fn document(posted: &Posted) -> DocumentId {
    DocumentId(posted.document.as_ref().expect("a file").parse().expect("a number"))
}

/// How often a method was called so far, by anybody.
pub fn calls(sim: &Sim, method: &str) -> u64 {
    sim.stats().calls.iter().filter(|c| c.method == method).map(|c| c.calls).sum()
}

pub fn chat() -> ChatId {
    ChatId::try_from(CHAT).expect("a channel id")
}

pub fn flags(dir: &Path, provider: &str) -> Flags {
    Flags {
        port: Some("0".to_owned()),
        bind: Some("127.0.0.1".to_owned()),
        data_dir: Some(dir.join("data")),
        telegram_sim: Some(dir.join("book.json")),
        auth_channel: Some(CHAT.to_string()),
        owner_id: Some(OWNER.to_string()),
        tmdb_api_key: Some(simulation::metadata::KEY.to_owned()),
        tmdb_url: Some(format!("{provider}/3")),
        tmdb_image_url: Some(format!("{provider}/t/p")),
        cinemeta_url: Some(provider.to_owned()),
        // Tests count what is read of a file.
        probe_files_per_hour: Some("0".to_owned()),
        ..Flags::default()
    }
}

fn config(dir: &Path, provider: &str) -> Config {
    Config::from_flags(flags(dir, provider)).expect("the settings are right")
}

/// The product over a folder that has a book.
pub async fn start_product(dir: &Path, provider: &str) -> Running {
    app::start(config(dir, provider)).await.expect("the product starts")
}

pub fn write_book(sim: &Sim, dir: &Path) {
    std::fs::write(dir.join("book.json"), sim.book().to_json()).expect("the folder can be written");
}

/// A database of its own on the server that TEST_MONGODB_URI names. `None`, with a word about it, when it is not set.
pub fn mongo() -> Option<String> {
    let Ok(uri) = std::env::var("TEST_MONGODB_URI") else {
        eprintln!("left out: TEST_MONGODB_URI is not set");
        return None;
    };
    let (scheme, rest) = uri.split_once("://").expect("an address");
    let (path, options) = rest.split_once('?').unwrap_or((rest, ""));
    let server = path.split('/').next().expect("a server");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_nanos();
    Some(format!("{scheme}://{server}/cinepost-test-{now:x}?{options}"))
}

pub async fn drop_mongo(uri: &str) {
    let client = mongodb::Client::with_uri_str(uri).await.expect("an address");
    client.default_database().expect("it is named").drop().await.expect("dropped");
}

/// A folder of its own that goes with the test.
pub struct Dir {
    pub path: PathBuf,
}

impl Dir {
    pub fn new() -> Self {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cinepost-test-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self { path }
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
