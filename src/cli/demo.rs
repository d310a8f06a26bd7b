//! `cinepost demo`: the whole product on this machine with no account. A simulated Telegram and metadata provider, a
//! sample library forwarded as real posts through the watcher, an embedded database.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::qr::qr;
use crate::app::{self, Lock, Running};
use crate::config::{Config, Flags};
use crate::domain::catalog::{Order, Query};
use crate::domain::title::Kind;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port of the web address
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Keep everything in this folder; a second start over it has it all again [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Also write the addresses as JSON, once the library is indexed
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// The channel that keeps what people send to the bot, and the owner, who sends a clip.
const FILES: i64 = -1_001_500_000_002;
const OWNER: i64 = 900_001;
/// The sample library is indexed within seconds; longer means that something is broken.
const INDEX_TIMEOUT: Duration = Duration::from_secs(120);

pub async fn run(args: Args) -> anyhow::Result<()> {
    let folder = Folder::new(args.data_dir)?;
    let provider = simulation::metadata::start(simulation::metadata::Options::default()).await?;
    let telegram = simulation::start(simulation::Options {
        state: Some(folder.path.join("telegram.json")),
        metadata: Some(provider.url.clone()),
        channels: vec![(simulation::CHANNEL, "Films".to_owned()), (FILES, "Files".to_owned())],
        ..simulation::Options::default().with_helpers(1)
    })
    .await?;
    let book = telegram.book();
    let book_file = folder.path.join("book.json");
    app::write_file(&book_file, book.to_json().as_bytes())?;
    let channel = book.channels.first().context("the simulation has a channel")?;
    let (chat, is_new) = (channel.id, channel.messages.is_empty());

    let running = app::start(config(&args.port, &folder.path, &book_file, chat, &provider.url)?).await?;
    if is_new {
        for post in simulation::library::posts() {
            telegram.post(chat, post.into())?;
        }
    }
    wait_until_ready(&running, simulation::library::posts().len() as u64).await?;
    let shared = share_a_clip(&telegram, is_new).await?;
    print_addresses(&running, &shared).await?;
    if let Some(file) = &args.write {
        write_addresses(&running, (&book.admin, &shared), &book_file, file).await?;
    }
    running.until_stopped().await?;
    telegram.stop().await
}

/// Settings of its own, whatever the environment says: the demo never touches a real account.
fn config(port: &u16, folder: &Path, book: &Path, chat: i64, provider: &str) -> anyhow::Result<Config> {
    Ok(Config::from_flags(Flags {
        port: Some(port.to_string()),
        bind: Some("127.0.0.1".to_owned()),
        data_dir: Some(folder.join("data")),
        telegram_sim: Some(book.to_owned()),
        auth_channel: Some(chat.to_string()),
        storage_channel: Some(FILES.to_string()),
        owner_id: Some(OWNER.to_string()),
        tmdb_api_key: Some(simulation::metadata::KEY.to_owned()),
        tmdb_url: Some(format!("{provider}/3")),
        tmdb_image_url: Some(format!("{provider}/t/p")),
        cinemeta_url: Some(provider.to_owned()),
        // Its films have names, and bytes that are no films.
        probe_files_per_hour: Some("0".to_owned()),
        ..Flags::default()
    })?)
}

async fn wait_until_ready(running: &Running, files: u64) -> anyhow::Result<()> {
    let begin = Instant::now();
    loop {
        let reasons = running.health.look().await.unfinished();
        if reasons.is_empty() && running.library.counts().await?.files >= files {
            return Ok(());
        }
        anyhow::ensure!(begin.elapsed() < INDEX_TIMEOUT, "the sample library was not indexed: {}", reasons.join(", "));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What the owner does who sends a file to the bot: it answers with a card, in which stands the link. A demo that goes on has
/// it already.
async fn share_a_clip(telegram: &simulation::Sim, is_new: bool) -> anyhow::Result<String> {
    if is_new {
        let is_clip = |post: &simulation::library::Post| matches!(post.content, simulation::library::Content::Clip(_));
        let clip = simulation::library::posts().into_iter().find(is_clip).context("the sample library has a clip")?;
        telegram.send(OWNER, "main", clip.into())?;
    }
    let begin = Instant::now();
    loop {
        let said = telegram.sent();
        let mut lines = said.iter().filter(|sent| sent.to == OWNER).flat_map(|sent| sent.text.lines());
        if let Some(link) = lines.rfind(|line| line.starts_with("http") && line.contains("/d/")) {
            return Ok(link.to_owned());
        }
        anyhow::ensure!(begin.elapsed() < INDEX_TIMEOUT, "the bot made no link of a file");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn print_addresses(running: &Running, shared: &str) -> anyhow::Result<()> {
    let counts = running.library.counts().await?;
    // Links last: the picture is as high as a terminal.
    print!("\n{}", qr(&running.install.manifest()));
    println!("Cinepost's demo: simulated Telegram, real everything else.\n");
    println!(
        "  {} films, {} series, {} files; {} waiting for review",
        counts.movies, counts.series, counts.files, counts.review
    );
    println!("  Web       {}", running.addresses.base().as_str());
    println!("  Yours     {}   (opens once)", running.owner_page.as_str());
    println!("  Stremio   {}", running.install.manifest().as_str());
    println!("  A file    {shared}   (sent to the bot)");
    for link in play_links(running, 1).await? {
        println!("  VLC       vlc {link}");
    }
    println!("Stop with Ctrl-C.");
    Ok(())
}

/// Where films play, newest first.
async fn play_links(running: &Running, count: u32) -> anyhow::Result<Vec<String>> {
    let owner = running.people.owner().await?;
    let query = Query { limit: count, ..Query::all(Kind::Movie, Order::Newest) };
    let mut links = Vec::new();
    for title in running.library.page(&query).await? {
        let Some(id) = title.meta_id() else { continue };
        for entry in running.library.streams(Kind::Movie, id, None).await? {
            links.push(running.addresses.play(&running.people.play_path(&owner, entry.id, &entry.name)).to_string());
        }
    }
    Ok(links)
}

/// For programs: the addresses that a person was shown.
async fn write_addresses(
    running: &Running,
    (admin, shared): (&str, &str),
    book: &Path,
    file: &Path,
) -> anyhow::Result<()> {
    let addresses = serde_json::json!({
        "web": running.addresses.base().as_str(),
        "owner": running.owner_page.as_str(),
        "install": running.install.manifest().as_str(),
        "play": play_links(running, 100).await?,
        "shared": shared,
        "admin": format!("http://{admin}"),
        "book": book,
    });
    // Whole: whoever waits for the file reads it as soon as it is there.
    app::write_file(file, &serde_json::to_vec_pretty(&addresses)?)
}

/// The demo's folder; a temporary one is removed at the end.
struct Folder {
    path: PathBuf,
    is_temporary: bool,
    /// Before anything is written: a second demo would write its simulation's state over this one's.
    _lock: Lock,
}

impl Folder {
    fn new(given: Option<PathBuf>) -> anyhow::Result<Self> {
        let is_temporary = given.is_none();
        let path = given.unwrap_or_else(|| std::env::temp_dir().join(format!("cinepost-demo-{}", std::process::id())));
        app::make_private_dir(&path)?;
        let lock = Lock::take(&path)?;
        Ok(Self { path, is_temporary, _lock: lock })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
