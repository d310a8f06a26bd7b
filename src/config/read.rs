//! All settings -> [`Config`], with every problem.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::checks::Checks;
use super::{
    AnimeLists, BackupFolder, Config, ConfigError, Database, Encoder, ExportFolder, Flags, Hidden, LogFile, Probe,
    Scan, Telegram, TitleIndex, Tvdb,
};
use crate::domain::backup::Plan;
use crate::domain::limits::{Listed, Lists, Rules};
use crate::domain::person::JoinPolicy;
use crate::domain::post::ChatId;
use crate::domain::secret::SecretKey;
use crate::domain::shared::{FileTypes, TypeList, WhenNotScanned};
use crate::domain::telegram_id::UserId;
use crate::protocols::players::WebPlayer;

const MIB: u64 = 1024 * 1024;
const PORT: u16 = 8080;
const CONNECTIONS: usize = 4;
const MOST_CONNECTIONS: usize = 8;
const MEMORY_MB: u64 = 256;
/// Room for a few viewers.
const LEAST_MEMORY_MB: u64 = 16;
/// Above it a number is a slip: 16 TiB.
const MOST_MB: u64 = 16 * 1024 * 1024;
/// What clamd takes from a stream unless it is told otherwise (StreamMaxLength).
const SCAN_MB: u64 = 100;
const SCAN_SECS: u64 = 120;
/// Whoever sent the file waits for so long.
const MOST_SCAN_SECS: u64 = 3600;
const LOG_FILE_MB: u64 = 10;
const LOG_FILES: u32 = 7;
/// Each is renamed whenever one is turned.
const MOST_LOG_FILES: u32 = 1000;
/// 100,000 files are looked into within a week.
const PROBE_FILES: u32 = 600;
const MOST_PROBE_FILES: u32 = 100_000;
/// 300 KB/s at most: less than one viewer.
const PROBE_MB: u64 = 1024;
const BACKUP_DAYS: u32 = 1;
const MOST_BACKUP_DAYS: u32 = 365;
const BACKUPS: u32 = 7;
const MOST_BACKUPS: u32 = 1000;
const TMDB_URL: &str = "https://api.themoviedb.org/3";
const IMAGE_URL: &str = "https://image.tmdb.org/t/p";
const CINEMETA_URL: &str = "https://v3-cinemeta.strem.io";
const IMDB_DATASETS_URL: &str = "https://datasets.imdbws.com";
const TMDB_EXPORTS_URL: &str = "https://files.tmdb.org/p/exports";
const KITSU_URL: &str = "https://kitsu.io/api/edge";
const ANILIST_URL: &str = "https://graphql.anilist.co";
const TVDB_URL: &str = "https://api4.thetvdb.com/v4";
const ANIME_LISTS_URL: &str = "https://raw.githubusercontent.com/Fribb/anime-lists/master/anime-list-full.json";

impl Config {
    /// Checks everything that can be checked without asking anybody. `environment`: the names of all variables.
    pub(super) fn read(flags: Flags, environment: &[String]) -> Self {
        let mut checks = Checks::new(environment);
        let simulation = simulation(&mut checks, flags.telegram_sim);
        let telegram =
            telegram(&mut checks, flags.api_id, flags.api_hash, flags.bot_token, flags.helper_bot_tokens, simulation);
        let port = checked_port(&mut checks, flags.port);
        let (database, secret_key) = database(&mut checks, flags.database_url, flags.secret_key);
        let anime_urls = [flags.anime_lists_url, flags.kitsu_url, flags.anilist_url];
        let watched = channels(&mut checks, "AUTH_CHANNEL", flags.auth_channel);
        let mut config = Self {
            telegram,
            storage_channel: storage_channel(&mut checks, flags.storage_channel, &watched),
            file_types: file_types(&mut checks, flags.files_allow, flags.files_deny),
            scan: scan(&mut checks, flags.scan_command, flags.scan_failure, flags.scan_mb, flags.scan_secs),
            web_player: web_player(&mut checks, flags.web_player),
            ffmpeg: ffmpeg(&mut checks, flags.ffmpeg),
            required_channels: channels(&mut checks, "REQUIRED_CHANNELS", flags.required_channels),
            channels: watched,
            owner_id: owner_id(&mut checks, flags.owner_id).map(UserId),
            join: checks.parsed("JOIN", flags.join, JoinPolicy::Closed, "closed, approval or open"),
            tmdb_key: checks.given("TMDB_API_KEY", flags.tmdb_api_key).map(Hidden),
            tmdb_url: checks.url("TMDB_URL", flags.tmdb_url, TMDB_URL, TMDB_URL),
            image_url: checks.url("TMDB_IMAGE_URL", flags.tmdb_image_url, IMAGE_URL, IMAGE_URL),
            cinemeta_url: checks.url("CINEMETA_URL", flags.cinemeta_url, CINEMETA_URL, CINEMETA_URL),
            language: checks.language("LANGUAGE_TAG", flags.language_tag, "en-US"),
            title_index: title_index(&mut checks, flags.title_index, flags.imdb_datasets_url, flags.tmdb_exports_url),
            anime_lists: anime_lists(&mut checks, flags.anime_lists, anime_urls),
            tvdb: tvdb(&mut checks, flags.tvdb_api_key, flags.tvdb_pin, flags.tvdb_url),
            base_url: base_url(&mut checks, flags.base_url, port),
            bind: bind(&mut checks, flags.bind),
            port,
            trusted_proxies: proxies(&mut checks, flags.trusted_proxies),
            limits: limits(&mut checks, flags.limits),
            access: access(&mut checks, flags.access_allow, flags.access_deny),
            history: checks.switch("HISTORY", flags.history, true),
            database,
            data_dir: data_dir(&mut checks, flags.data_dir),
            connections_per_bot: connections(&mut checks, flags.connections_per_bot),
            memory_bytes: memory_bytes(&mut checks, flags.memory_mb),
            cache_disk_bytes: cache_disk_bytes(&mut checks, flags.cache_disk_mb),
            log_file: log_file(&mut checks, flags.log_file, flags.log_file_mb, flags.log_files_kept),
            backup_folder: backup_folder(&mut checks, flags.backup_dir, flags.backup_days, flags.backups_kept),
            export_folder: export_folder(&mut checks, flags.export_dir, flags.export_person),
            probe: probe(&mut checks, flags.probe_files_per_hour, flags.probe_mb_per_hour),
            secret_key,
            misspelt: Vec::new(),
            problems: Vec::new(),
        };
        config.misspelt = checks.misspelt();
        config.problems = checks.problems;
        config
    }
}

fn memory_bytes(checks: &mut Checks, mb: Option<String>) -> u64 {
    let like = "a number of MiB, at least 16, such as 256";
    checks.number("MEMORY_MB", mb, MEMORY_MB, LEAST_MEMORY_MB..=MOST_MB, like).saturating_mul(MIB)
}

fn cache_disk_bytes(checks: &mut Checks, mb: Option<String>) -> u64 {
    let like = "a number of MiB, such as 20000; 0 for none";
    checks.number("CACHE_DISK_MB", mb, 0, 0..=MOST_MB, like).saturating_mul(MIB)
}

/// PORT, for a command that needs nothing else.
pub fn port(text: Option<String>) -> Result<u16, ConfigError> {
    let mut checks = Checks::new(&[]);
    let port = checked_port(&mut checks, text);
    if checks.problems.is_empty() { Ok(port) } else { Err(ConfigError(checks.problems)) }
}

fn checked_port(checks: &mut Checks, value: Option<String>) -> u16 {
    checks.number("PORT", value, PORT, 0..=u16::MAX, "a number up to 65535, such as 8080")
}

fn base_url(checks: &mut Checks, value: Option<String>, port: u16) -> String {
    let default = format!("http://127.0.0.1:{port}");
    checks.url("BASE_URL", value, &default, "https://films.example.org")
}

fn bind(checks: &mut Checks, value: Option<String>) -> IpAddr {
    let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    checks.parsed("BIND", value, any, "an IP address such as 0.0.0.0 or 127.0.0.1; the port is PORT")
}

fn title_index(
    checks: &mut Checks,
    lists: Option<String>,
    imdb_url: Option<String>,
    tmdb_url: Option<String>,
) -> TitleIndex {
    let mut index = TitleIndex {
        imdb: false,
        tmdb: false,
        imdb_url: checks.url("IMDB_DATASETS_URL", imdb_url, IMDB_DATASETS_URL, IMDB_DATASETS_URL),
        tmdb_url: checks.url("TMDB_EXPORTS_URL", tmdb_url, TMDB_EXPORTS_URL, TMDB_EXPORTS_URL),
    };
    for list in checks.list("TITLE_INDEX", lists) {
        match list.to_ascii_lowercase().as_str() {
            "imdb" => index.imdb = true,
            "tmdb" => index.tmdb = true,
            _ => checks.wrong(
                "TITLE_INDEX",
                format!("TITLE_INDEX holds {list:?}; it should be imdb, tmdb or both, such as imdb,tmdb; leave it out for none"),
            ),
        }
    }
    index
}

/// `urls`: of the list, of Kitsu, of AniList.
fn anime_lists(checks: &mut Checks, switch: Option<String>, urls: [Option<String>; 3]) -> AnimeLists {
    let [list, kitsu, anilist] = urls;
    AnimeLists {
        is_on: checks.switch("ANIME_LISTS", switch, false),
        url: checks.url("ANIME_LISTS_URL", list, ANIME_LISTS_URL, ANIME_LISTS_URL),
        kitsu_url: checks.url("KITSU_URL", kitsu, KITSU_URL, KITSU_URL),
        anilist_url: checks.url("ANILIST_URL", anilist, ANILIST_URL, ANILIST_URL),
    }
}

fn tvdb(checks: &mut Checks, key: Option<String>, pin: Option<String>, url: Option<String>) -> Option<Tvdb> {
    let url = checks.url("TVDB_URL", url, TVDB_URL, TVDB_URL);
    let pin = checks.given("TVDB_PIN", pin).map(Hidden);
    let key = checks.given("TVDB_API_KEY", key).map(Hidden);
    if pin.is_some() && key.is_none() {
        checks.wrong("TVDB_PIN", "TVDB_PIN is set and TVDB_API_KEY is not; the PIN goes with a key".to_owned());
    }
    key.map(|key| Tvdb { key, pin, url })
}

fn simulation(checks: &mut Checks, value: Option<PathBuf>) -> Option<PathBuf> {
    let file = checks.path("TELEGRAM_SIM", value)?;
    if !file.is_file() {
        checks.wrong(
            "TELEGRAM_SIM",
            format!("TELEGRAM_SIM is {file:?}, and there is no such file; `cinepost sim --write FILE` writes it"),
        );
    }
    Some(file)
}

fn telegram(
    checks: &mut Checks,
    api_id: Option<String>,
    api_hash: Option<String>,
    bot_token: Option<String>,
    helper_bot_tokens: Option<String>,
    simulation: Option<PathBuf>,
) -> Option<Telegram> {
    let is_simulated = simulation.is_some();
    let api_id = match checks.given("API_ID", api_id) {
        Some(text) => {
            let id = text.parse::<i32>().ok().filter(|id| *id > 0);
            if id.is_none() {
                let should = "the number from https://my.telegram.org/apps, such as 1234567";
                checks.wrong("API_ID", format!("API_ID is {text:?}; it should be {should}"));
            }
            id
        }
        // The simulation takes any, and its book holds the tokens of its accounts.
        None if is_simulated => Some(1),
        None => {
            checks.missing("API_ID", "make an app at https://my.telegram.org/apps and copy its api_id");
            None
        }
    };
    let api_hash = match checks.given("API_HASH", api_hash) {
        Some(text) if is_simulated || (text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())) => Some(text),
        Some(_) => {
            let should =
                "the 32 hexadecimal digits from https://my.telegram.org/apps, such as 0123456789abcdef0123456789abcdef";
            checks.wrong("API_HASH", format!("API_HASH should be {should}"));
            None
        }
        None if is_simulated => Some("0".repeat(32)),
        None => {
            checks.missing("API_HASH", "make an app at https://my.telegram.org/apps and copy its api_hash");
            None
        }
    };
    let main = match checks.given("BOT_TOKEN", bot_token) {
        Some(text) => checks.token("BOT_TOKEN", &text),
        None if is_simulated => Some(Hidden(String::new())),
        None => {
            checks.missing("BOT_TOKEN", "ask @BotFather for /newbot and copy the token");
            None
        }
    };
    let helpers = checks.list("HELPER_BOT_TOKENS", helper_bot_tokens);
    let helpers = helpers.iter().filter_map(|text| checks.token("HELPER_BOT_TOKENS", text)).collect();
    Some(Telegram { api_id: api_id?, api_hash: Hidden(api_hash?), main: main?, helpers, simulation })
}

fn access(checks: &mut Checks, allow: Option<String>, deny: Option<String>) -> Lists {
    Lists { allow: listed(checks, "ACCESS_ALLOW", allow), deny: listed(checks, "ACCESS_DENY", deny) }
}

fn channels(checks: &mut Checks, variable: &'static str, value: Option<String>) -> Vec<ChatId> {
    let mut channels = Vec::new();
    for text in checks.list(variable, value) {
        match text.parse::<ChatId>() {
            Ok(chat) => channels.push(chat),
            Err(error) => checks.wrong(variable, format!("{variable}: {error}")),
        }
    }
    channels
}

/// In a watched channel everything that people send would stand in the library, for all to see.
fn storage_channel(checks: &mut Checks, value: Option<String>, watched: &[ChatId]) -> Option<ChatId> {
    const NAME: &str = "STORAGE_CHANNEL";
    let channels = channels(checks, NAME, value);
    match channels.as_slice() {
        [channel] if watched.contains(channel) => {
            checks.wrong(
                NAME,
                format!("{NAME} is {channel}, which AUTH_CHANNEL watches; it should be a channel of its own"),
            );
            None
        }
        [] => None,
        [channel] => Some(*channel),
        _ => {
            checks.wrong(NAME, format!("{NAME} names several channels; it should be one, such as -1001234567890"));
            None
        }
    }
}

fn proxies(checks: &mut Checks, value: Option<String>) -> Vec<IpNet> {
    let mut proxies = Vec::new();
    for text in checks.list("TRUSTED_PROXIES", value) {
        match text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)) {
            Some(net) => proxies.push(net),
            None => {
                let should = "an address or a network, such as 172.18.0.0/16";
                checks.wrong("TRUSTED_PROXIES", format!("TRUSTED_PROXIES holds {text:?}; it should be {should}"));
            }
        }
    }
    proxies
}

fn limits(checks: &mut Checks, value: Option<String>) -> Rules {
    let text = checks.given("LIMITS", value).unwrap_or_default();
    text.parse().unwrap_or_else(|error| {
        checks.wrong("LIMITS", format!("LIMITS: {error}"));
        Rules::default()
    })
}

fn listed(checks: &mut Checks, variable: &'static str, value: Option<String>) -> Listed {
    let text = checks.given(variable, value).unwrap_or_default();
    text.parse().unwrap_or_else(|error| {
        checks.wrong(variable, format!("{variable}: {error}"));
        Listed::default()
    })
}

fn connections(checks: &mut Checks, value: Option<String>) -> usize {
    let should = "1 to 8, such as 4: Telegram punishes more";
    checks.number("CONNECTIONS_PER_BOT", value, CONNECTIONS, 1..=MOST_CONNECTIONS, should)
}

fn file_types(checks: &mut Checks, allow: Option<String>, deny: Option<String>) -> FileTypes {
    FileTypes { allow: types(checks, "FILES_ALLOW", allow), deny: types(checks, "FILES_DENY", deny) }
}

fn types(checks: &mut Checks, variable: &'static str, value: Option<String>) -> TypeList {
    let text = checks.given(variable, value).unwrap_or_default();
    text.parse().unwrap_or_else(|error| {
        checks.wrong(variable, format!("{variable}: {error}"));
        TypeList::default()
    })
}

fn scan(
    checks: &mut Checks,
    command: Option<String>,
    failure: Option<String>,
    most_mb: Option<String>,
    secs: Option<String>,
) -> Option<Scan> {
    let when_not_scanned =
        checks.parsed("SCAN_FAILURE", failure, WhenNotScanned::default(), "refuse or accept; without it, refuse");
    let most_mb = checks.number("SCAN_MB", most_mb, SCAN_MB, 0..=MOST_MB, "a number of MiB, such as 100");
    let secs = checks.number("SCAN_SECS", secs, SCAN_SECS, 1..=MOST_SCAN_SECS, "a number of seconds up to 3600");
    let command = checks.command("SCAN_COMMAND", command)?;
    Some(Scan { command, when_not_scanned, most_bytes: most_mb * MIB, limit: Duration::from_secs(secs) })
}

fn web_player(checks: &mut Checks, value: Option<String>) -> Option<WebPlayer> {
    let text = checks.given("WEB_PLAYER", value)?;
    text.parse().map_err(|error| checks.wrong("WEB_PLAYER", format!("WEB_PLAYER is {text:?}; {error}"))).ok()
}

fn ffmpeg(checks: &mut Checks, value: Option<String>) -> Encoder {
    match checks.given("FFMPEG", value) {
        None => Encoder::Usual,
        Some(text) if text == "off" => Encoder::Off,
        Some(text) => match checks.command("FFMPEG", Some(text)) {
            Some(command) if command.arguments.is_empty() => Encoder::Program(command.program),
            Some(_) => {
                checks.wrong("FFMPEG", "FFMPEG is a program and no more; what it is told is not a setting".to_owned());
                Encoder::Off
            }
            None => Encoder::Off,
        },
    }
}

fn owner_id(checks: &mut Checks, value: Option<String>) -> Option<i64> {
    let text = checks.given("OWNER_ID", value)?;
    let id = text.parse::<i64>().ok().filter(|id| *id > 0);
    if id.is_none() {
        let should = "your Telegram user id, a number such as 123456789; @userinfobot tells it";
        checks.wrong("OWNER_ID", format!("OWNER_ID is {text:?}; it should be {should}"));
    }
    id
}

fn database(checks: &mut Checks, url: Option<String>, key: Option<String>) -> (Database, Option<SecretKey>) {
    const MAKE_ONE: &str = "make one with: openssl rand -hex 32";
    let database = match checks.given("DATABASE_URL", url) {
        None => Database::Embedded,
        Some(url) if url.starts_with("mongodb://") || url.starts_with("mongodb+srv://") => Database::Mongo(Hidden(url)),
        Some(_) => {
            checks.wrong(
                "DATABASE_URL",
                "DATABASE_URL should begin with mongodb:// or mongodb+srv://, as in mongodb://127.0.0.1:27017/cinepost; leave it out for the embedded database",
            );
            Database::Embedded
        }
    };
    let given = checks.given("SECRET_KEY", key);
    let secret_key = given.as_deref().and_then(SecretKey::from_hex);
    if given.is_some() && secret_key.is_none() {
        checks.wrong("SECRET_KEY", format!("SECRET_KEY should be 64 hexadecimal digits; {MAKE_ONE}"));
    } else if given.is_none() && database != Database::Embedded {
        checks.missing(
            "SECRET_KEY",
            &format!("DATABASE_URL is set, and instances that share a database share the key; {MAKE_ONE}"),
        );
    }
    (database, secret_key)
}

fn log_file(
    checks: &mut Checks,
    path: Option<PathBuf>,
    most_mb: Option<String>,
    kept: Option<String>,
) -> Option<LogFile> {
    let most_mb = checks.number("LOG_FILE_MB", most_mb, LOG_FILE_MB, 1..=MOST_MB, "a number of MiB, such as 10");
    let kept = checks.number("LOG_FILES_KEPT", kept, LOG_FILES, 0..=MOST_LOG_FILES, "a number up to 1000, such as 7");
    let path = checks.path("LOG_FILE", path)?;
    if path.is_dir() {
        let text = format!("LOG_FILE is {path:?}, which is a folder; it should be a file such as data/cinepost.log");
        checks.wrong("LOG_FILE", text);
    }
    Some(LogFile { path, most_bytes: most_mb * MIB, kept })
}

fn backup_folder(
    checks: &mut Checks,
    dir: Option<PathBuf>,
    days: Option<String>,
    kept: Option<String>,
) -> Option<BackupFolder> {
    let should = "a number of days up to 365, such as 1";
    let every_days = checks.number("BACKUP_DAYS", days, BACKUP_DAYS, 1..=MOST_BACKUP_DAYS, should);
    let kept = checks.number("BACKUPS_KEPT", kept, BACKUPS, 1..=MOST_BACKUPS, "a number from 1 to 1000, such as 7");
    let dir = checks.path("BACKUP_DIR", dir)?;
    if dir.exists() && !dir.is_dir() {
        let text = format!("BACKUP_DIR is {dir:?}, which is a file; it should be a folder such as /mnt/disk/cinepost");
        checks.wrong("BACKUP_DIR", text);
    }
    Some(BackupFolder { dir, plan: Plan { every_days, kept } })
}

fn export_folder(checks: &mut Checks, dir: Option<PathBuf>, person: Option<String>) -> Option<ExportFolder> {
    let dir = checks.path("EXPORT_DIR", dir)?;
    if dir.exists() && !dir.is_dir() {
        let text = format!("EXPORT_DIR is {dir:?}, which is a file; it should be a folder such as /mnt/media/cinepost");
        checks.wrong("EXPORT_DIR", text);
    }
    let person = person.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    Some(ExportFolder { dir, person })
}

fn probe(checks: &mut Checks, files: Option<String>, mb: Option<String>) -> Option<Probe> {
    let should = "a number of files, such as 600; 0 for none";
    let files_per_hour = checks.number("PROBE_FILES_PER_HOUR", files, PROBE_FILES, 0..=MOST_PROBE_FILES, should);
    let should = "a number of MiB, such as 1024; 0 for none";
    let mb_per_hour = checks.number("PROBE_MB_PER_HOUR", mb, PROBE_MB, 0..=MOST_MB, should);
    (files_per_hour > 0 && mb_per_hour > 0).then_some(Probe { files_per_hour, bytes_per_hour: mb_per_hour * MIB })
}

fn data_dir(checks: &mut Checks, value: Option<PathBuf>) -> PathBuf {
    let dir = checks.path("DATA_DIR", value).unwrap_or_else(|| PathBuf::from("data"));
    if dir.exists() && !dir.is_dir() {
        let text =
            format!("DATA_DIR is {dir:?}, which is a file; it should be a folder such as data or /var/lib/cinepost");
        checks.wrong("DATA_DIR", text);
    }
    dir
}
