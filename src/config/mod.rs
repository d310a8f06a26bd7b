//! What people type (flags, environment, `.env`) and what the program trusts: [`Flags`] -> [`Config`]. Every check
//! happens before a port opens, every error names its variable, its shape and an example, and all of them are told at once.
//!
//! ```text
//! flags.rs     every setting, as text
//! read.rs      all of them -> Config
//! checks.rs    one text -> value, or what is wrong with it
//! misspelt.rs  variables that were meant to be ours
//! key.rs       the secret key's file
//! dotenv.rs    .env -> environment
//! ```

mod checks;
mod dotenv;
mod flags;
mod key;
mod misspelt;
mod read;

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ipnet::IpNet;

use crate::adapters::data_folder;
use crate::domain::post::ChatId;
use crate::domain::secret::SecretKey;
use crate::domain::telegram_id::UserId;
pub use dotenv::load as load_dotenv;
pub use flags::Flags;
pub use read::port;

/// Settings that were checked. In the place of one that is wrong stands its default: [`Config::has`] tells.
#[derive(Clone, Debug)]
pub struct Config {
    /// `None` while a part of it is missing or wrong.
    telegram: Option<Telegram>,
    problems: Vec<Problem>,
    /// Variables that nothing reads and that look like settings, each in a sentence.
    pub misspelt: Vec<String>,
    pub channels: Vec<ChatId>,
    pub owner_id: Option<UserId>,
    pub tmdb_key: Option<Hidden>,
    pub tmdb_url: String,
    pub image_url: String,
    pub cinemeta_url: String,
    pub language: String,
    /// Without a slash at its end.
    pub base_url: String,
    pub bind: IpAddr,
    pub port: u16,
    pub trusted_proxies: Vec<IpNet>,
    pub database: Database,
    pub data_dir: PathBuf,
    pub connections_per_bot: usize,
    pub memory_bytes: u64,
    /// 0 for none.
    pub cache_disk_bytes: u64,
    secret_key: Option<SecretKey>,
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

/// A setting that cannot be used. The text says which, why, and what a right one looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub variable: &'static str,
    pub text: String,
}

impl Problem {
    /// What only signing in needs: commands that do not sign in (`channel`, `owner-link`) work without it.
    fn is_of_telegram(&self) -> bool {
        ["API_ID", "API_HASH", "BOT_TOKEN", "HELPER_BOT_TOKENS", "TELEGRAM_SIM"].contains(&self.variable)
    }
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(Vec<Problem>);

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [one] = self.0.as_slice() {
            return f.write_str(&one.text);
        }
        write!(f, "{} settings are wrong:", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {}", problem.text))
    }
}

impl Config {
    /// Settings for a command that does not sign in to Telegram: all that is wrong, but for what it does without.
    pub fn from_flags(flags: Flags) -> Result<Self, ConfigError> {
        let config = Self::read(flags, &[]);
        config.without(|problem| !problem.is_of_telegram())
    }

    /// Settings for the program itself: all that is wrong.
    pub fn to_serve(flags: Flags) -> Result<Self, ConfigError> {
        Self::from_environment(flags).without(|_| true)
    }

    /// Whatever can be used, for the doctor, who tells the rest.
    pub fn from_environment(flags: Flags) -> Self {
        let names: Vec<_> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
        Self::read(flags, &names)
    }

    fn without(self, matters: impl Fn(&Problem) -> bool) -> Result<Self, ConfigError> {
        let problems: Vec<_> = self.problems.iter().filter(|problem| matters(problem)).cloned().collect();
        if problems.is_empty() { Ok(self) } else { Err(ConfigError(problems)) }
    }

    /// All that is wrong.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether nothing is wrong with any of these variables.
    pub fn has(&self, variables: &[&str]) -> bool {
        !self.problems.iter().any(|problem| variables.contains(&problem.variable))
    }

    /// What signing in needs, or which variables are missing or wrong.
    pub fn telegram(&self) -> Result<&Telegram, ConfigError> {
        let problems: Vec<_> = self.problems.iter().filter(|problem| problem.is_of_telegram()).cloned().collect();
        match &self.telegram {
            Some(telegram) if problems.is_empty() => Ok(telegram),
            _ => Err(ConfigError(problems)),
        }
    }

    /// What there is to sign in with, when it is enough for the main bot; what is wrong with helpers stands in the problems.
    pub fn usable_telegram(&self) -> Option<&Telegram> {
        self.telegram.as_ref()
    }

    /// SECRET_KEY, or the key kept in DATA_DIR, made there (mode 0600) the first time.
    pub fn secret_key(&self) -> anyhow::Result<SecretKey> {
        match &self.secret_key {
            Some(key) => Ok(key.clone()),
            None => {
                make_private_dir(&self.data_dir)?;
                key::kept_or_new(&self.data_dir)
            }
        }
    }

    /// The same, and nothing is made: `None` before the first start.
    pub fn known_secret_key(&self) -> anyhow::Result<Option<SecretKey>> {
        match &self.secret_key {
            Some(key) => Ok(Some(key.clone())),
            None => key::kept(&self.data_dir),
        }
    }
}

/// Makes DATA_DIR, readable by its owner alone.
pub fn make_private_dir(dir: &Path) -> anyhow::Result<()> {
    data_folder::make_private_dir(dir).with_context(|| {
        format!("DATA_DIR is {dir:?}, which cannot be made; it should be a folder that this program may write to")
    })
}

#[cfg(test)]
mod tests;
