//! What commands beside the running program need: the data opened as it is, and as much of the program as the doctor can look
//! at. Makes nothing that is not there.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use tracing::info;

use super::{bridges, files, parts};
use crate::adapters::metadata::{Metadata, NoAnswers, SiteOptions};
use crate::adapters::store::Store;
use crate::adapters::store::instance::Instance;
use crate::adapters::telegram::{MemoryVault, Telegram, Vault};
use crate::adapters::tools::{self, Ffmpeg};
use crate::config::{Config, Database, Problem, Telegram as Account};
use crate::domain::post::ChatId;
use crate::domain::secret::{Purpose, SecretKey};
use crate::flows::backups::{Backups, Target};
use crate::flows::catalogs::Catalogs;
use crate::flows::channels::ChannelList;
use crate::flows::export::{Export, Lines};
use crate::flows::health::{self, Doctor, DoctorsDatabase, Finding};
use crate::flows::ingest::check::Checks;
use crate::flows::ingest::profiles::Profiles;
use crate::flows::ingest::review::Review;
use crate::flows::ingest::sweep::Sweeps;
use crate::flows::inside::InsideFiles;
use crate::flows::jobs::JobList;
use crate::flows::limits::Records;
use crate::flows::lists::Lists;
use crate::flows::logs::Logs;
use crate::flows::people::People;
use crate::flows::subtitles::Subtitles;
use crate::flows::titles::{AnimeList, Titles};

/// People and their links.
pub async fn open_people(config: &Config) -> anyhow::Result<People> {
    let store = open_store(config).await?;
    let secret = own_secret_key(config)?;
    Ok(People::new(store, &secret).with_join(config.join))
}

/// Writing backups.
pub async fn open_backups(config: &Config) -> anyhow::Result<Backups> {
    let (store, secret) = (open_store(config).await?, own_secret_key(config)?);
    Ok(Backups::new(store, secret))
}

/// The library for media servers. `lines`: who reads subtitles.
pub async fn open_export(config: &Config, lines: Arc<dyn Lines>) -> anyhow::Result<Export> {
    let (store, secret) = (open_store(config).await?, own_secret_key(config)?);
    Ok(Export::new(store, secret.derive(Purpose::Link), super::addresses(&config.base_url)?, lines))
}

/// Where a backup is brought back to. Nothing has to be there.
pub fn restore_target(config: &Config) -> Target {
    let place = match config.database {
        Database::Embedded => data_dir(config).display().to_string(),
        Database::Mongo(_) => "the database at DATABASE_URL".to_owned(),
    };
    Target {
        location: parts::location(config),
        data_dir: config.data_dir.clone(),
        given_key: config.secret_key.clone(),
        place,
    }
}

/// What people used, watch and may use.
pub async fn open_records(config: &Config) -> anyhow::Result<Records> {
    Ok(Records::new(open_store(config).await?))
}

/// Which catalogs are shown.
pub async fn open_catalogs(config: &Config) -> anyhow::Result<Catalogs> {
    Ok(Catalogs::new(open_store(config).await?))
}

/// Lists made by hand.
pub async fn open_lists(config: &Config) -> anyhow::Result<Lists> {
    Ok(Lists::new(open_store(config).await?))
}

/// What stands beside films.
pub async fn open_subtitles(config: &Config) -> anyhow::Result<Subtitles> {
    Ok(Subtitles::new(open_store(config).await?))
}

/// What files hold.
pub async fn open_inside(config: &Config) -> anyhow::Result<InsideFiles> {
    Ok(InsideFiles::new(open_store(config).await?))
}

/// The list of channels.
pub async fn open_channels(config: &Config) -> anyhow::Result<ChannelList> {
    Ok(ChannelList::new(open_store(config).await?))
}

/// What the owner says of each channel.
pub async fn open_profiles(config: &Config) -> anyhow::Result<Profiles> {
    Ok(Profiles::new(open_store(config).await?))
}

/// Reading channels again.
pub async fn open_sweeps(config: &Config) -> anyhow::Result<Sweeps> {
    Ok(Sweeps::new(open_store(config).await?))
}

/// Comparing channels with what stands here.
pub async fn open_checks(config: &Config) -> anyhow::Result<Checks> {
    Ok(Checks::new(open_store(config).await?))
}

/// Jobs, and what may be run by name.
pub async fn open_jobs(config: &Config) -> anyhow::Result<JobList> {
    Ok(JobList::new(open_store(config).await?, parts::kinds_of_jobs(config)))
}

/// The review list, and what is asked of the metadata provider for it.
pub async fn open_review(config: &Config) -> anyhow::Result<Review> {
    let store = open_store(config).await?;
    let titles = titles(config);
    titles.open().await;
    let anime = AnimeList::new(parts::anime_options(config));
    anime.open().await;
    let metadata = super::metadata(config, &store).with_titles(titles).with_anime(anime);
    Ok(Review::new(store, metadata))
}

/// The title index of this folder. Needs no database; it may be there before the program ever ran.
pub fn titles(config: &Config) -> Titles {
    Titles::new(parts::title_index_options(config))
}

/// The log's end, without what the settings keep secret.
pub fn logs(config: &Config) -> Logs {
    let file = config.log_file.as_ref().map(|file| (file.path.clone(), file.kept));
    Logs::new(file, config.secrets())
}

/// Never a new one: what is sealed under a key that was made just now would open nothing.
fn own_secret_key(config: &Config) -> anyhow::Result<SecretKey> {
    files::known_secret_key(config)?.with_context(|| {
        format!(
            "there is no secret.key in {}: restore it from a backup, or start the program",
            config.data_dir.display()
        )
    })
}

/// Never a new one: that would be an empty one in a wrong folder.
async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let there = Store::open_existing(parts::location(config)).await?;
    there.with_context(|| match &config.database {
        Database::Embedded => format!(
            "there is no Cinepost data in {}: run this in the folder where Cinepost runs, or set DATA_DIR. Before the first start \
             there is none anywhere",
            data_dir(config).display()
        ),
        Database::Mongo(_) => "there is no Cinepost data at DATABASE_URL: check the name of the database at its end. Before the \
                               first start there is none anywhere"
            .to_owned(),
    })
}

/// In full, for who looks in a wrong folder.
fn data_dir(config: &Config) -> PathBuf {
    std::path::absolute(&config.data_dir).unwrap_or_else(|_| config.data_dir.clone())
}

/// Looks at everything that the settings name and that can still be looked at; what `cinepost doctor` prints.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let database = match config.has(&["DATABASE_URL", "DATA_DIR"]) {
        true => match Store::open_existing(parts::location(config)).await {
            Ok(Some(store)) => DoctorsDatabase::Open(ChannelList::new(store)),
            Ok(None) => DoctorsDatabase::NotYet(not_yet(config)),
            Err(error) => DoctorsDatabase::Failed(error.to_string()),
        },
        false => DoctorsDatabase::Unknown,
    };
    let telegram = match config.usable_telegram() {
        Some(account) => Some(start_telegram(config, account).await.map_err(|error| format!("{error:#}"))),
        None => None,
    };
    let has_provider = config.has(&["TMDB_URL", "TMDB_IMAGE_URL", "CINEMETA_URL"]);
    let metadata = has_provider.then(|| Metadata::new(parts::metadata_options(config), Arc::new(NoAnswers)));
    let has_sites = config.has(&["KITSU_URL", "ANILIST_URL", "TVDB_API_KEY", "TVDB_PIN", "TVDB_URL"]);
    let sites = if has_sites { parts::site_options(config) } else { SiteOptions::default() };
    let metadata = metadata.map(|metadata| metadata.with_sites(sites));
    let doctor = Doctor {
        settings: settings(config),
        database,
        first_channels: config.channels.clone(),
        telegram,
        has_no_owner: config.owner_id.is_none() && config.has(&["OWNER_ID"]),
        metadata: metadata.map(|metadata| (metadata, config.tmdb_key.is_some())),
        titles: titles(config),
        anime: AnimeList::new(parts::anime_options(config)),
        base_url: config.has(&["BASE_URL", "PORT"]).then(|| config.base_url.clone()),
        ffmpeg: if config.has(&["FFMPEG"]) { find_ffmpeg(config).await } else { None },
    };
    doctor.examine().await
}

/// What encodes sounds, where it is there.
pub(super) async fn ffmpeg(config: &Config) -> Option<Ffmpeg> {
    match find_ffmpeg(config).await? {
        Ok(ffmpeg) => {
            info!("ffmpeg {} makes AAC of sounds that a player does not take", ffmpeg.version());
            Some(ffmpeg)
        }
        Err(error) => {
            info!(
                "There is no ffmpeg ({error}): DTS, TrueHD and the like are left out of films for browsers; see docs/hls.md"
            );
            None
        }
    }
}

/// `None` where none is wanted.
async fn find_ffmpeg(config: &Config) -> Option<Result<Ffmpeg, tools::Error>> {
    // Each takes a processor.
    let at_once = std::thread::available_parallelism().map_or(2, usize::from);
    Some(Ffmpeg::find(config.ffmpeg.program()?, at_once).await)
}

/// What is wrong with the settings themselves, and what looks mistyped.
fn settings(config: &Config) -> Vec<Finding> {
    // Each text begins with the variable's name, and so does each line of the doctor.
    let wrong = |problem: &Problem| {
        let text = problem.text.strip_prefix(problem.variable).unwrap_or(&problem.text);
        Finding::bad(problem.variable, text.trim_start_matches([':', ' ']), None)
    };
    let hint = |text: &String| Finding::worth("settings", text.clone(), "rename it, or take it away");
    config.problems().iter().map(wrong).chain(config.misspelt.iter().map(hint)).collect()
}

fn not_yet(config: &Config) -> String {
    match config.database {
        Database::Embedded => {
            format!("is not there yet; the first start makes it in {}", data_dir(config).display())
        }
        Database::Mongo(_) => "answers, and is empty; the first start makes what it needs".to_owned(),
    }
}

/// Asks every bot whether it can read these channels.
pub async fn try_channels(config: &Config, chats: &[ChatId]) -> Vec<Finding> {
    match telegram_beside(config).await {
        Ok(telegram) => {
            let findings = health::channel_access(telegram.bots(), chats).await;
            telegram.stop().await;
            findings
        }
        Err(not_tried) => vec![not_tried],
    }
}

/// The same for one channel, and its newest message where that can be known.
pub async fn try_channel(config: &Config, chat: ChatId) -> (Vec<Finding>, Option<i32>) {
    match telegram_beside(config).await {
        Ok(telegram) => {
            let findings = health::channel_access(telegram.bots(), &[chat]).await;
            let newest = telegram.messages().newest_message(chat).await;
            telegram.stop().await;
            (findings, newest.ok())
        }
        Err(not_tried) => (vec![not_tried], None),
    }
}

async fn telegram_beside(config: &Config) -> Result<Telegram, Finding> {
    let not_tried = |why: String| Finding::worth("channels", format!("not tried: {why}"), "cinepost doctor");
    let account = config.telegram().map_err(|error| not_tried(error.to_string()))?;
    start_telegram(config, account).await.map_err(|error| not_tried(format!("{error:#}")))
}

/// Signed in with what the program keeps, where it has run already; else only for as long as it is looked at.
async fn start_telegram(config: &Config, account: &Account) -> anyhow::Result<Telegram> {
    let sign_in = parts::telegram_options(account, config.connections_per_bot)?;
    let is_kept = config.has(&["DATA_DIR", "SECRET_KEY"]) && Instance::is_in(&config.data_dir);
    let secret = if is_kept { files::known_secret_key(config)? } else { None };
    let vault: Arc<dyn Vault> = match secret {
        Some(secret) => {
            let instance = Instance::open(&config.data_dir, &secret.derive(Purpose::Session))?;
            Arc::new(bridges::Sessions::new(instance))
        }
        None => Arc::new(MemoryVault::default()),
    };
    let (telegram, _) = Telegram::start(sign_in, vault).await?;
    Ok(telegram)
}
