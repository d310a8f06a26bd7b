//! Settings: what people type (flags, environment, `.env`) becomes what the program trusts, [`Flags`] -> [`Config`]. All checks
//! happen before a port opens. Each problem names its variable, its shape and an example, and all of them are reported at once.
//! Only `app` reads a [`Config`]; every other part gets options of its own.
//!
//! ```text
//! flags.rs     every setting, as text
//! read.rs      all of them -> Config
//! checks.rs    one text -> value, or what is wrong with it
//! misspelt.rs  variables that were meant to be ours
//! problem.rs   what is wrong with a setting
//! dotenv.rs    .env -> environment
//! ```

mod checks;
mod dotenv;
mod flags;
mod misspelt;
mod problem;
mod read;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use crate::domain::backup::Plan;
use crate::domain::command_line::CommandLine;
use crate::domain::limits::{Lists, Rules};
use crate::domain::person::JoinPolicy;
use crate::domain::post::ChatId;
use crate::domain::secret::SecretKey;
use crate::domain::shared::{FileTypes, WhenNotScanned};
use crate::domain::telegram_id::UserId;
use crate::protocols::players::WebPlayer;
pub use dotenv::load as load_dotenv;
pub use flags::Flags;
pub use problem::{ConfigError, Problem};
pub use read::port;

/// Settings that were checked. A setting that is wrong has its default here; [`Config::has`] says whether it is right.
#[derive(Clone, Debug)]
pub struct Config {
    /// `None` while a part of it is missing or wrong.
    telegram: Option<Telegram>,
    problems: Vec<Problem>,
    /// Variables that nothing reads and that look like settings, each in a sentence.
    pub misspelt: Vec<String>,
    pub channels: Vec<ChatId>,
    /// Where files go that people send to the bot. `None`: nobody can.
    pub storage_channel: Option<ChatId>,
    /// What of it is taken.
    pub file_types: FileTypes,
    /// What looks at them first.
    pub scan: Option<Scan>,
    /// A player on another site, which files are offered to.
    pub web_player: Option<WebPlayer>,
    /// What encodes sounds for players that do not take them as they are.
    pub ffmpeg: Encoder,
    /// Whoever uses the bot must be in all of them.
    pub required_channels: Vec<ChatId>,
    pub owner_id: Option<UserId>,
    /// Who may join without an invitation.
    pub join: JoinPolicy,
    pub tmdb_key: Option<Hidden>,
    pub tmdb_url: String,
    pub image_url: String,
    pub cinemeta_url: String,
    pub language: String,
    pub title_index: TitleIndex,
    pub anime_lists: AnimeLists,
    pub tvdb: Option<Tvdb>,
    /// Without a slash at its end.
    pub base_url: String,
    pub bind: IpAddr,
    pub port: u16,
    pub trusted_proxies: Vec<IpNet>,
    pub limits: Rules,
    pub access: Lists,
    /// Whether it is kept who watched what.
    pub history: bool,
    pub database: Database,
    pub data_dir: PathBuf,
    pub connections_per_bot: usize,
    pub memory_bytes: u64,
    /// 0 for none.
    pub cache_disk_bytes: u64,
    pub log_file: Option<LogFile>,
    /// Where backups are written by themselves. `None`: nowhere.
    pub backup_folder: Option<BackupFolder>,
    /// Where the library is kept as a tree of files for media servers. `None`: nowhere.
    pub export_folder: Option<ExportFolder>,
    /// How fast files are looked into. `None`: none is.
    pub probe: Option<Probe>,
    /// SECRET_KEY. `None` for the key that is kept in DATA_DIR.
    pub secret_key: Option<SecretKey>,
}

/// How to reach Telegram and as whom.
#[derive(Clone, Debug)]
pub struct Telegram {
    pub api_id: i32,
    pub api_hash: Hidden,
    pub main: Hidden,
    pub helpers: Vec<Hidden>,
    /// A simulation's book instead of the real network.
    pub simulation: Option<PathBuf>,
}

/// Where the log is kept besides the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    pub path: PathBuf,
    pub most_bytes: u64,
    /// Older files.
    pub kept: u32,
}

/// Where backups go by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFolder {
    pub dir: PathBuf,
    pub plan: Plan,
}

/// Where the tree for media servers is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFolder {
    pub dir: PathBuf,
    /// Whose links it holds. `None`: the owner's.
    pub person: Option<String>,
}

/// Which lists the title index is made of, and where they are. Without any there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleIndex {
    pub imdb: bool,
    pub tmdb: bool,
    pub imdb_url: String,
    pub tmdb_url: String,
}

/// Whether the list of anime is kept, where it is, and which sites are asked for names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnimeLists {
    pub is_on: bool,
    pub url: String,
    pub kitsu_url: String,
    pub anilist_url: String,
}

/// TheTVDB, with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tvdb {
    pub key: Hidden,
    /// With a key that its users pay for.
    pub pin: Option<Hidden>,
    pub url: String,
}

/// What looking into files may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    pub files_per_hour: u32,
    pub bytes_per_hour: u64,
}

/// The scanner of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    pub command: CommandLine,
    pub when_not_scanned: WhenNotScanned,
    pub most_bytes: u64,
    pub limit: Duration,
}

/// Where ffmpeg is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoder {
    /// None is used.
    Off,
    /// Where programs are found, if it is there.
    Usual,
    /// A name or a path.
    Program(String),
}

impl Encoder {
    /// What is to be run.
    pub fn program(&self) -> Option<&str> {
        match self {
            Self::Off => None,
            Self::Usual => Some("ffmpeg"),
            Self::Program(program) => Some(program),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    Embedded,
    Mongo(Hidden),
}

/// Text that never shows itself in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Config {
    /// Settings for a command that does not sign in to Telegram. Errors: every problem, but for those of signing in.
    pub fn from_flags(flags: Flags) -> Result<Self, ConfigError> {
        let config = Self::read(flags, &[]);
        config.without(|problem| !problem.is_of_telegram())
    }

    /// Settings for the program itself. Errors: every problem.
    pub fn to_serve(flags: Flags) -> Result<Self, ConfigError> {
        Self::from_environment(flags).without(|_| true)
    }

    /// The settings that can be used, for the doctor, which reports the problems itself.
    pub fn from_environment(flags: Flags) -> Self {
        let names: Vec<_> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
        Self::read(flags, &names)
    }

    fn without(self, matters: impl Fn(&Problem) -> bool) -> Result<Self, ConfigError> {
        let problems: Vec<_> = self.problems.iter().filter(|problem| matters(problem)).cloned().collect();
        if problems.is_empty() { Ok(self) } else { Err(ConfigError(problems)) }
    }

    /// The texts that nobody else should see.
    pub fn secrets(&self) -> Vec<String> {
        let account = self.telegram.iter().flat_map(|of| of.helpers.iter().chain([&of.api_hash, &of.main]));
        let database = match &self.database {
            Database::Mongo(uri) => Some(uri),
            Database::Embedded => None,
        };
        account.chain(&self.tmdb_key).chain(database).map(|hidden| hidden.0.clone()).collect()
    }

    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether nothing is wrong with any of these variables.
    pub fn has(&self, variables: &[&str]) -> bool {
        !self.problems.iter().any(|problem| variables.contains(&problem.variable))
    }

    /// The settings of signing in. Errors: those of them that are missing or wrong.
    pub fn telegram(&self) -> Result<&Telegram, ConfigError> {
        let problems: Vec<_> = self.problems.iter().filter(|problem| problem.is_of_telegram()).cloned().collect();
        match &self.telegram {
            Some(telegram) if problems.is_empty() => Ok(telegram),
            _ => Err(ConfigError(problems)),
        }
    }

    /// The settings of signing in that can be used, when they are enough for the main bot. Wrong ones of helpers are in the
    /// problems.
    pub fn usable_telegram(&self) -> Option<&Telegram> {
        self.telegram.as_ref()
    }
}

#[cfg(test)]
mod tests;
