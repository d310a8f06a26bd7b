//! Files of the program's own, for `app` and for commands: DATA_DIR, the secret key in it, and files that are written whole.

use std::path::Path;

use anyhow::Context;

use crate::adapters::clock::unix_now;
pub use crate::adapters::data_folder::Lock;
use crate::adapters::data_folder::{self, secret_key};
use crate::adapters::log_file;
pub use crate::adapters::log_file::LogFile;
use crate::config::Config;
use crate::domain::secret::SecretKey;
use crate::domain::text;

/// SECRET_KEY, or the key that is kept in DATA_DIR, made there the first time. DATA_DIR has to be there.
pub(super) fn secret_key(config: &Config) -> anyhow::Result<SecretKey> {
    match &config.secret_key {
        Some(key) => Ok(key.clone()),
        None => Ok(secret_key::load_or_make(&config.data_dir)?),
    }
}

/// The same, and nothing is made: `None` before the first start.
pub(super) fn known_secret_key(config: &Config) -> anyhow::Result<Option<SecretKey>> {
    match &config.secret_key {
        Some(key) => Ok(Some(key.clone())),
        None => Ok(secret_key::load(&config.data_dir)?),
    }
}

/// What this machine calls itself, for people who have several.
pub(super) fn machine_name() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    let name = told.map(|name| text::line(name.trim(), text::WORD)).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "this machine".to_owned())
}

/// Makes DATA_DIR, readable by its owner alone.
pub fn make_private_dir(dir: &Path) -> anyhow::Result<()> {
    data_folder::make_private_dir(dir).with_context(|| {
        format!("DATA_DIR is {dir:?}, which cannot be made; it should be a folder that this program may write to")
    })
}

/// Writes a file, whole or not at all.
pub fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    data_folder::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// The file that the log is written to besides the terminal, when there is to be one.
pub fn log_file(config: &Config) -> anyhow::Result<Option<LogFile>> {
    let Some(file) = &config.log_file else { return Ok(None) };
    let options = log_file::Options { path: file.path.clone(), most_bytes: file.most_bytes, kept: file.kept };
    let opened = LogFile::open(options, unix_now);
    opened.map(Some).with_context(|| format!("LOG_FILE is {:?}, which cannot be written", file.path))
}
