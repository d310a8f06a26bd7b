//! What each part is given of [`Config`].

use std::path::PathBuf;

use anyhow::Context;

use crate::adapters::data_folder::{self, KeptFiles};
use crate::adapters::metadata::{AnimeSites, SiteOptions, TvdbAccount, anime, index};
use crate::adapters::telegram::{self, Network, Simulated, Timing};
use crate::adapters::{metadata, store};
use crate::config::{AnimeLists, BackupFolder, Config, Database, ExportFolder, Probe, Scan, Telegram as Account, Tvdb};
use crate::domain::anime::ListedBy;
use crate::domain::job::About;
use crate::engines::{bytes, jobs};
use crate::flows::ingest::{self, again, check, probe};
use crate::flows::instances::Instances;
use crate::flows::{backups, export, files, limits, titles, upkeep};

pub(super) fn location(config: &Config) -> store::Database {
    match &config.database {
        Database::Embedded => store::Database::Embedded { dir: config.data_dir.clone() },
        Database::Mongo(uri) => store::Database::Mongo { uri: uri.0.clone() },
    }
}

pub(super) fn telegram_options(account: &Account, connections_per_bot: usize) -> anyhow::Result<telegram::Options> {
    let (network, main, helpers) = match &account.simulation {
        None => (Network::Telegram, None, Vec::new()),
        Some(file) => {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("TELEGRAM_SIM: reading {}", file.display()))?;
            let book = Simulated::from_json(&text).with_context(|| format!("TELEGRAM_SIM: {}", file.display()))?;
            (Network::Simulated(book.clone()), Some(book.main_token()?), book.helper_tokens())
        }
    };
    let main = match (account.main.0.is_empty(), main) {
        (true, Some(main)) => main,
        _ => account.main.0.parse().context("BOT_TOKEN")?,
    };
    let helpers = match account.helpers.is_empty() {
        true => helpers,
        false => {
            account.helpers.iter().map(|t| t.0.parse().context("HELPER_BOT_TOKENS")).collect::<anyhow::Result<_>>()?
        }
    };
    Ok(telegram::Options {
        api_id: account.api_id,
        api_hash: account.api_hash.0.clone(),
        main,
        helpers,
        network,
        connections_per_bot,
        timing: Timing::default(),
    })
}

pub(super) fn file_options(config: &Config) -> files::Options {
    files::Options { storage: config.storage_channel, types: config.file_types.clone() }
}

pub(super) fn scan_options(config: &Config) -> Option<files::ScanOptions> {
    let Scan { command, when_not_scanned, most_bytes, limit } = config.scan.clone()?;
    Some(files::ScanOptions { command, when_not_scanned, most_bytes, limit })
}

/// Where blocks of films are kept, when they are.
pub(super) fn cache_dir(config: &Config) -> PathBuf {
    config.data_dir.join("cache")
}

pub(super) fn engine_options(config: &Config) -> bytes::Options {
    let disk = (config.cache_disk_bytes > 0).then(|| (cache_dir(config), config.cache_disk_bytes));
    bytes::Options { memory_bytes: config.memory_bytes, disk, ..bytes::Options::default() }
}

/// Lines that were read inside films: some 8,000 tracks.
const SUBTITLES_BYTES: u64 = 256 << 20;

/// Where they are kept.
pub(super) fn kept_subtitles(config: &Config) -> anyhow::Result<KeptFiles> {
    let dir = config.data_dir.join("subtitles");
    KeptFiles::open(&dir, SUBTITLES_BYTES).with_context(|| format!("{} cannot be used", dir.display()))
}

/// The jobs that a person may have run by their names: one that no settings ask for would wait for ever.
pub(super) fn kinds_of_jobs(config: &Config) -> Vec<&'static About> {
    upkeep::ABOUT
        .iter()
        .copied()
        .chain([&files::expired::ABOUT, &again::ABOUT, &check::ABOUT, &titles::ABOUT, &titles::anime::ABOUT])
        .chain(config.backup_folder.as_ref().map(|_| &backups::ABOUT))
        .chain(config.export_folder.as_ref().map(|_| &export::ABOUT))
        .chain(config.probe.map(|_| &probe::ABOUT))
        .collect()
}

/// How fast files are looked into. `None`: none is.
pub(super) fn probe_pace(config: &Config) -> Option<probe::Pace> {
    let Probe { files_per_hour, bytes_per_hour } = config.probe?;
    Some(probe::Pace { files_per_hour, bytes_per_hour })
}

pub(super) fn ingest_options(config: &Config) -> ingest::Options {
    let exports = config.export_folder.is_some();
    ingest::Options { probes: config.probe.is_some(), exports, ..ingest::Options::default() }
}

pub(super) fn backup_folder(config: &Config) -> Option<backups::Folder> {
    let BackupFolder { dir, plan } = config.backup_folder.clone()?;
    Some(backups::Folder { dir, plan })
}

pub(super) fn export_folder(config: &Config) -> Option<export::Folder> {
    let ExportFolder { dir, person } = config.export_folder.clone()?;
    Some(export::Folder { dir, person })
}

/// `place`: the instance's id.
pub(super) fn jobs_options(config: &Config, place: String, instances: &Instances) -> jobs::Options {
    let (watches, is_copied) = (instances.watches(), instances.is_copied());
    jobs::Options { watches, is_copied, ..jobs::Options::new(place, config.data_dir.join("jobs")) }
}

pub(super) fn limit_options(config: &Config) -> limits::Options {
    limits::Options { rules: config.limits.clone(), lists: config.access.clone(), history: config.history }
}

pub(super) fn title_index_options(config: &Config) -> index::Options {
    let chosen = &config.title_index;
    index::Options {
        dir: config.data_dir.join("titles"),
        sources: index::Sources { imdb: chosen.imdb, tmdb: chosen.tmdb },
        imdb_url: chosen.imdb_url.clone(),
        tmdb_url: chosen.tmdb_url.clone(),
        write: data_folder::write_with,
    }
}

/// Sites for anime are asked where their ids are understood.
pub(super) fn site_options(config: &Config) -> SiteOptions {
    let AnimeLists { is_on, kitsu_url, anilist_url, .. } = config.anime_lists.clone();
    let tvdb = config.tvdb.clone().map(|Tvdb { key, pin, url }| {
        let pin = pin.map(|pin| pin.0);
        TvdbAccount { url, key: key.0, pin }
    });
    SiteOptions { anime: is_on.then_some(AnimeSites { kitsu_url, anilist_url }), tvdb }
}

pub(super) fn anime_options(config: &Config) -> anime::Options {
    anime::Options {
        is_on: config.anime_lists.is_on,
        dir: config.data_dir.join("anime"),
        url: config.anime_lists.url.clone(),
        listed_by: if config.tmdb_key.is_some() { ListedBy::Tmdb } else { ListedBy::Tvdb },
        write: data_folder::write_with,
    }
}

pub(super) fn metadata_options(config: &Config) -> metadata::Options {
    metadata::Options {
        tmdb_key: config.tmdb_key.as_ref().map(|key| key.0.clone()),
        tmdb_url: config.tmdb_url.clone(),
        image_url: config.image_url.clone(),
        cinemeta_url: config.cinemeta_url.clone(),
        language: config.language.clone(),
    }
}
