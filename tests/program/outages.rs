//! What must not lose or double a post: the program killed in the middle, the database away.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::support::{CHAT, Dir, TestApp, film, until};
use cinepost::adapters::metadata::client;
use serde_json::{Value, json};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A command of the program as a process of its own; killed when dropped.
pub struct Process(Child);

impl Process {
    pub fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts"))
    }

    /// What the first line that has `wanted` in it says.
    pub fn line_with(&mut self, wanted: &str) -> String {
        let out = self.0.stdout.take().expect("piped");
        let mut lines = BufReader::new(out).lines();
        let found = lines.find_map(|line| line.ok().filter(|l| l.contains(wanted)));
        // Somebody must go on reading, or the program stops at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        found.unwrap_or_else(|| panic!("nothing printed {wanted}")).trim().to_owned()
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub fn kill(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("waited for");
    }

    /// SIGTERM, as a service manager stops it. Waits until it has ended.
    pub fn terminate(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
        self.0.wait().expect("waited for");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn cinepost() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cinepost"));
    command.env_clear();
    command
}

fn serve(dir: &Path, metadata: &str, port: u16) -> (Process, String) {
    let mut command = cinepost();
    command.current_dir(dir).envs([
        ("PORT", port.to_string()),
        ("BIND", "127.0.0.1".to_owned()),
        ("DATA_DIR", "data".to_owned()),
        ("TELEGRAM_SIM", "book.json".to_owned()),
        ("AUTH_CHANNEL", CHAT.to_string()),
        ("TMDB_API_KEY", simulation::metadata::KEY.to_owned()),
        ("TMDB_URL", format!("{metadata}/3")),
        ("TMDB_IMAGE_URL", format!("{metadata}/t/p")),
        ("CINEMETA_URL", metadata.to_owned()),
    ]);
    let mut process = Process::start(&mut command);
    let install = process.line_with("/manifest.json");
    (process, install.trim_end_matches("/manifest.json").to_owned())
}

pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// File names of everything that can be seen, each as often as it is listed.
pub async fn listed(http: &reqwest::Client, addon: &str) -> Vec<String> {
    let ask = async |resource: &str| -> Value {
        let answer = http.get(format!("{addon}/{resource}")).send().await.expect("it answers");
        answer.json().await.expect("JSON")
    };
    let mut ids = Vec::new();
    for catalog in ["catalog/movie/newest", "catalog/movie/unmatched"] {
        let before = ids.len();
        loop {
            let page = ask(&format!("{catalog}/skip={}.json", ids.len() - before)).await;
            let metas = page["metas"].as_array().cloned().unwrap_or_default();
            if metas.is_empty() {
                break;
            }
            ids.extend(metas.iter().map(|m| m["id"].as_str().expect("an id").to_owned()));
        }
    }
    let mut names = Vec::new();
    for id in ids {
        let streams = ask(&format!("stream/movie/{id}.json")).await;
        for stream in streams["streams"].as_array().into_iter().flatten() {
            names.push(stream["behaviorHints"]["filename"].as_str().expect("a name").to_owned());
        }
    }
    names.sort();
    names
}

/// `cinepost sim`, a process of its own.
struct Simulated {
    _process: Process,
    admin: String,
    metadata: String,
}

impl Simulated {
    fn start(dir: &Dir) -> Self {
        let mut process =
            Process::start(cinepost().current_dir(&dir.path).args(["sim", "--port", "0", "--write", "book.json"]));
        let book: Value = serde_json::from_str(&process.line_with("home_dc")).expect("the book");
        let admin = format!("http://{}", book["admin"].as_str().expect("the admin port"));
        let metadata = book["metadata"].as_str().expect("the provider").to_owned();
        Self { _process: process, admin, metadata }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_ingest_nothing_is_lost_and_nothing_doubled() {
    let dir = Dir::new();
    let http = client::builder().build().expect("a client");
    let Simulated { _process, admin, metadata } = Simulated::start(&dir);
    let port = free_port();

    let mut wanted = BTreeSet::new();
    let (mut product, mut addon) = serve(&dir.path, &metadata, port);
    // Killed at once, in the middle of recording, and in the middle of matching.
    for (round, pause) in [5, 60, 150, 300].into_iter().enumerate() {
        let posts: Vec<Value> = (0..150)
            .map(|n| json!({ "file_name": format!("Night.of.the.Living.Dead.1968.{round}.{n:03}.mkv"), "size": 1000 + n }))
            .collect();
        wanted.extend(posts.iter().map(|p| p["file_name"].as_str().expect("a name").to_owned()));
        let answer = http.post(format!("{admin}/channels/{CHAT}/posts")).json(&posts).send().await.expect("posted");
        assert_eq!(answer.status(), 200);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        product.kill();
        (product, addon) = serve(&dir.path, &metadata, port);
    }
    // While files move from Unmatched to their film a listing may see one twice; in the end it must be exact.
    let wanted: Vec<String> = wanted.into_iter().collect();
    until("every post, none twice", || listed(&http, &addon), |names| *names == wanted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_an_old_channel_is_read_it_goes_on_where_it_was() {
    let dir = Dir::new();
    let http = client::builder().build().expect("a client");
    let Simulated { _process, admin, metadata } = Simulated::start(&dir);
    let posts: Vec<Value> = (0..1_200)
        .map(|n| json!({ "file_name": format!("Night.of.the.Living.Dead.1968.{n:04}.mkv"), "size": 1000 + n }))
        .collect();
    let answer = http.post(format!("{admin}/channels/{CHAT}/posts")).json(&posts).send().await.expect("posted");
    assert_eq!(answer.status(), 200);
    let pages = async || -> u64 {
        let stats: Value = http.get(format!("{admin}/stats")).send().await.expect("asked").json().await.expect("JSON");
        let of_method = |call: &&Value| call["method"] == "channels.getMessages" && call["account"] == "main";
        let calls = stats["calls"].as_array().expect("a list").iter().filter(of_method);
        calls.map(|call| call["calls"].as_u64().expect("a number")).sum()
    };

    let port = free_port();
    let (mut product, _) = serve(&dir.path, &metadata, port);
    until("some of it", &pages, |pages| *pages >= 6).await;
    product.kill();
    let before = pages().await;
    assert!(before < 12, "not all of it");
    let (_product, addon) = serve(&dir.path, &metadata, port);
    let wanted: Vec<String> = posts.iter().map(|p| p["file_name"].as_str().expect("a name").to_owned()).collect();
    until("every post, none twice", || listed(&http, &addon), |names| *names == wanted).await;
    // The page that was cut off is read again; now and then one message is looked at, to see whether the bot may.
    let all = pages().await;
    assert!(all < before + 12, "{all} pages of 100, {before} before: it did not begin anew");
    let jobs = cinepost().current_dir(&dir.path).env("DATA_DIR", "data").arg("jobs").output().expect("it runs");
    let said = String::from_utf8_lossy(&jobs.stdout).into_owned();
    assert!(said.contains("1200 with a file, 0 passed over"), "{said}");
}

/// Stands between the product and MongoDB, and can be cut.
struct Proxy {
    port: u16,
    open: watch::Sender<bool>,
}

impl Proxy {
    async fn start(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (open, is_open) = watch::channel(true);
        let target = Arc::new(target);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (target, mut is_open) = (target.clone(), is_open.clone());
                tokio::spawn(async move {
                    if !*is_open.borrow() {
                        return;
                    }
                    let Ok(mut server) = TcpStream::connect(target.as_str()).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                        _ = is_open.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { port, open }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_mongodb_away_for_half_a_minute_nothing_is_lost_and_nothing_doubled() {
    let Ok(uri) = std::env::var("TEST_MONGODB_URI") else {
        eprintln!("left out: TEST_MONGODB_URI is not set");
        return;
    };
    let target = uri.split("//").nth(1).and_then(|r| r.split('/').next()).expect("host and port").to_owned();
    let proxy = Proxy::start(target).await;
    let database = format!("cinepost_outage_{}", std::process::id());
    let uri = format!("mongodb://127.0.0.1:{}/{database}?directConnection=true", proxy.port);
    let app = TestApp::start_on_mongo(&uri).await;
    app.post(film("Night.of.the.Living.Dead.1968.before.mkv", 1_000));
    let addon = app.addon();
    let mut wanted = vec!["Night.of.the.Living.Dead.1968.before.mkv".to_owned()];
    until("the first post", || listed(&app.http, &addon), |names| *names == wanted).await;

    proxy.open.send_replace(false);
    for n in 0..20 {
        wanted.push(format!("Night.of.the.Living.Dead.1968.during.{n:02}.mkv"));
        app.post(film(&wanted[n + 1], 1_000));
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
    let ready = app.get(app.app.addresses.base().at("/ready").as_str()).await;
    assert_eq!(ready.status(), 503, "it says that it is not well");
    proxy.open.send_replace(true);
    wanted.push("Night.of.the.Living.Dead.1968.later.mkv".to_owned());
    app.post(film(&wanted[21], 1_000));
    until("every post, none twice", || listed(&app.http, &addon), |names| *names == wanted).await;
    app.stop().await;
}
