//! What people type (flags, environment, `.env`) and what the program trusts: [`Flags`] -> [`Config`]. Every check
//! happens before a port opens, and every error names its variable, its shape and an example.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use crate::domain::post::ChatId;
use crate::domain::secret::SecretKey;

/// Settings that every command understands. A flag wins over the environment, the environment over the default.
#[expect(rustdoc::bare_urls, reason = "these comments are the text of --help")]
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// Telegram API id, a number from https://my.telegram.org/apps
    #[arg(long, env = "API_ID", value_name = "NUMBER", hide_env_values = true)]
    pub api_id: Option<String>,

    /// Telegram API hash, 32 hexadecimal digits from the same page
    #[arg(long, env = "API_HASH", value_name = "HEX", hide_env_values = true)]
    pub api_hash: Option<String>,

    /// Token of the main bot, from @BotFather
    #[arg(long, env = "BOT_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub bot_token: Option<String>,

    /// Tokens of helper bots, comma separated; each adds reading speed and must be an admin of the channels too
    #[arg(long, env = "HELPER_BOT_TOKENS", value_name = "TOKENS", hide_env_values = true)]
    pub helper_bot_tokens: Option<String>,

    /// Channels to watch, comma separated ids like -1001234567890; read at the first start only, afterwards `cinepost channel`
    #[arg(long, env = "AUTH_CHANNEL", value_name = "IDS", allow_hyphen_values = true)]
    pub auth_channel: Option<String>,

    /// Your Telegram user id: the bot tells you what was added, and why something was not
    #[arg(long, env = "OWNER_ID", value_name = "NUMBER")]
    pub owner_id: Option<String>,

    /// TMDB API key (v3) or read token (v4); without it Cinemeta answers, in English and with less detail
    #[arg(long, env = "TMDB_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub tmdb_api_key: Option<String>,

    /// The address that Stremio and players reach this program at, such as https://films.example.org
    /// [default: http://127.0.0.1:PORT]
    #[arg(long, env = "BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,

    /// Port to listen on
    #[arg(long, env = "PORT", value_name = "PORT", default_value_t = 8080)]
    pub port: u16,

    /// Address to listen on
    #[arg(long, env = "BIND", value_name = "IP", default_value = "0.0.0.0")]
    pub bind: String,

    /// mongodb://… for several instances [default: an embedded database in DATA_DIR]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Folder for the database, sessions and the secret key
    #[arg(long, env = "DATA_DIR", value_name = "DIR", default_value = "data")]
    pub data_dir: PathBuf,

    /// 64 hexadecimal digits that seal links and sessions [default: made once, kept in DATA_DIR]
    #[arg(long, env = "SECRET_KEY", value_name = "HEX", hide_env_values = true)]
    pub secret_key: Option<String>,

    /// Connections that each bot opens to a data centre at most, 1 to 8 [default: 4]
    #[arg(long, env = "CONNECTIONS_PER_BOT", value_name = "NUMBER")]
    pub connections_per_bot: Option<usize>,

    /// Memory for bytes of films, in MiB: half of it for what is fetched ahead of all viewers, half for what was
    /// just read [default: 256]
    #[arg(long, env = "MEMORY_MB", value_name = "MIB")]
    pub memory_mb: Option<u64>,

    /// Disk in DATA_DIR/cache for bytes of films, in MiB [default: 0, none]
    #[arg(long, env = "CACHE_DISK_MB", value_name = "MIB")]
    pub cache_disk_mb: Option<u64>,

    /// Language of titles and plots
    #[arg(long, env = "LANGUAGE_TAG", value_name = "TAG", default_value = "en-US")]
    pub language: String,

    /// Where TMDB answers
    #[arg(long, env = "TMDB_URL", value_name = "URL", default_value = "https://api.themoviedb.org/3")]
    pub tmdb_url: String,

    /// Where TMDB's pictures are
    #[arg(long, env = "TMDB_IMAGE_URL", value_name = "URL", default_value = "https://image.tmdb.org/t/p")]
    pub tmdb_image_url: String,

    /// Where Cinemeta answers
    #[arg(long, env = "CINEMETA_URL", value_name = "URL", default_value = "https://v3-cinemeta.strem.io")]
    pub cinemeta_url: String,

    /// Start against a simulated Telegram: the file that `cinepost sim --write FILE` wrote
    #[arg(long, env = "TELEGRAM_SIM", value_name = "FILE")]
    pub telegram_sim: Option<PathBuf>,
}

const MIB: u64 = 1024 * 1024;
const CONNECTIONS: usize = 4;
const MOST_CONNECTIONS: usize = 8;
const MEMORY_MB: u64 = 256;
/// Room for a few viewers.
const LEAST_MEMORY_MB: u64 = 16;

/// Settings that were checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// What signing in needs. Absent parts are an error of [`Config::telegram`], so that commands that do not sign in
    /// (`channel`, `owner-link`) work without them.
    telegram: Result<Telegram, ConfigError>,
    pub channels: Vec<ChatId>,
    pub owner_id: Option<i64>,
    pub tmdb_key: Option<Hidden>,
    pub tmdb_url: String,
    pub image_url: String,
    pub cinemeta_url: String,
    pub language: String,
    /// Without a slash at its end.
    pub base_url: String,
    pub bind: IpAddr,
    pub port: u16,
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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

fn wrong(text: impl Into<String>) -> ConfigError {
    ConfigError(text.into())
}

impl Config {
    /// Checks everything that can be checked without asking anybody.
    pub fn from_flags(flags: Flags) -> Result<Self, ConfigError> {
        let given = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let bind = flags
            .bind
            .parse()
            .map_err(|_| wrong(format!("BIND is {:?}; it should be an IP address such as 0.0.0.0", flags.bind)))?;
        let base_url = match given(flags.base_url.clone()) {
            None => format!("http://127.0.0.1:{}", flags.port),
            Some(url) => check_url("BASE_URL", &url, "https://films.example.org")?,
        };
        let database = match given(flags.database_url.clone()) {
            None => Database::Embedded,
            Some(url) if url.starts_with("mongodb://") || url.starts_with("mongodb+srv://") => {
                Database::Mongo(Hidden(url))
            }
            Some(_) => {
                return Err(wrong(
                    "DATABASE_URL should begin with mongodb:// or mongodb+srv://; leave it out for the embedded database",
                ));
            }
        };
        let secret_key = match given(flags.secret_key.clone()) {
            None => None,
            Some(text) => Some(SecretKey::from_hex(&text).ok_or_else(|| {
                wrong("SECRET_KEY should be 64 hexadecimal digits; make one with: openssl rand -hex 32")
            })?),
        };
        if database != Database::Embedded && secret_key.is_none() {
            return Err(wrong(
                "DATABASE_URL is set, so SECRET_KEY must be too: instances that share a database share the key. Make one \
                 with: openssl rand -hex 32",
            ));
        }
        let owner_id = match given(flags.owner_id.clone()) {
            None => None,
            Some(text) => Some(text.parse::<i64>().ok().filter(|id| *id > 0).ok_or_else(|| {
                wrong(format!("OWNER_ID is {text:?}; it should be your Telegram user id, a number such as 123456789"))
            })?),
        };
        let channels = list(flags.auth_channel.as_deref())
            .map(|text| text.parse::<ChatId>().map_err(|e| wrong(format!("AUTH_CHANNEL: {e}"))))
            .collect::<Result<_, _>>()?;
        let connections_per_bot = flags.connections_per_bot.unwrap_or(CONNECTIONS);
        if !(1..=MOST_CONNECTIONS).contains(&connections_per_bot) {
            return Err(wrong(format!(
                "CONNECTIONS_PER_BOT is {connections_per_bot}; it should be 1 to {MOST_CONNECTIONS}: Telegram punishes more"
            )));
        }
        let memory_mb = flags.memory_mb.unwrap_or(MEMORY_MB);
        if memory_mb < LEAST_MEMORY_MB {
            return Err(wrong(format!("MEMORY_MB is {memory_mb}; it should be at least {LEAST_MEMORY_MB}")));
        }
        Ok(Self {
            telegram: Telegram::from_flags(&flags),
            channels,
            owner_id,
            tmdb_key: given(flags.tmdb_api_key).map(Hidden),
            tmdb_url: check_url("TMDB_URL", &flags.tmdb_url, "https://api.themoviedb.org/3")?,
            image_url: check_url("TMDB_IMAGE_URL", &flags.tmdb_image_url, "https://image.tmdb.org/t/p")?,
            cinemeta_url: check_url("CINEMETA_URL", &flags.cinemeta_url, "https://v3-cinemeta.strem.io")?,
            language: flags.language,
            base_url,
            bind,
            port: flags.port,
            database,
            data_dir: flags.data_dir,
            connections_per_bot,
            memory_bytes: memory_mb.saturating_mul(MIB),
            cache_disk_bytes: flags.cache_disk_mb.unwrap_or_default().saturating_mul(MIB),
            secret_key,
        })
    }

    /// What signing in needs, or which variable is missing or wrong.
    pub fn telegram(&self) -> Result<&Telegram, ConfigError> {
        self.telegram.as_ref().map_err(Clone::clone)
    }

    /// SECRET_KEY, or the key kept in DATA_DIR, made there (mode 0600) the first time.
    pub fn secret_key(&self) -> anyhow::Result<SecretKey> {
        match &self.secret_key {
            Some(key) => Ok(key.clone()),
            None => kept_key(&self.data_dir),
        }
    }
}

impl Telegram {
    fn from_flags(flags: &Flags) -> Result<Self, ConfigError> {
        let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let simulated = flags.telegram_sim.is_some();
        let api_id = match given(&flags.api_id) {
            Some(text) => text.parse::<i32>().ok().filter(|id| *id > 0).ok_or_else(|| {
                wrong(format!("API_ID is {text:?}; it should be the number from https://my.telegram.org/apps"))
            })?,
            None if simulated => 1,
            None => {
                return Err(wrong(
                    "API_ID is missing: make an app at https://my.telegram.org/apps and copy its api_id",
                ));
            }
        };
        let api_hash = match given(&flags.api_hash) {
            Some(text) if simulated || (text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())) => text,
            Some(_) => {
                return Err(wrong("API_HASH should be the 32 hexadecimal digits from https://my.telegram.org/apps"));
            }
            None if simulated => "0".repeat(32),
            None => {
                return Err(wrong(
                    "API_HASH is missing: make an app at https://my.telegram.org/apps and copy its api_hash",
                ));
            }
        };
        let token = |name: &str, text: &str| match text.split_once(':') {
            Some((id, rest)) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty() => {
                Ok(Hidden(text.to_owned()))
            }
            _ => Err(wrong(format!("{name} should look like 123456789:AAE…, as @BotFather gave it"))),
        };
        let main = match given(&flags.bot_token) {
            Some(text) => token("BOT_TOKEN", &text)?,
            // The simulation's book holds the tokens of its accounts.
            None if simulated => Hidden(String::new()),
            None => return Err(wrong("BOT_TOKEN is missing: ask @BotFather for /newbot and copy the token")),
        };
        let helpers = list(flags.helper_bot_tokens.as_deref())
            .map(|text| token("HELPER_BOT_TOKENS", text))
            .collect::<Result<_, _>>()?;
        Ok(Self { api_id, api_hash: Hidden(api_hash), main, helpers, simulation: flags.telegram_sim.clone() })
    }
}

fn list(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn check_url(name: &str, text: &str, example: &str) -> Result<String, ConfigError> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|r| r.split(['/', '?', '#']).next()).unwrap_or_default();
    let clean = !host.is_empty() && !text.contains(['?', '#', ' ', '"', '<', '>']);
    match clean {
        true => Ok(text.trim_end_matches('/').to_owned()),
        false => Err(wrong(format!("{name} is {text:?}; it should be an address such as {example}"))),
    }
}

/// The key file beside the database. Whoever can read it can open every link and session, hence its mode.
fn kept_key(dir: &Path) -> anyhow::Result<SecretKey> {
    use anyhow::Context;
    use std::io::Write;
    let path = dir.join("secret.key");
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            return SecretKey::from_hex(&text).with_context(|| {
                format!("{} does not hold 64 hexadecimal digits; restore it from a backup", path.display())
            });
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(e).with_context(|| format!("reading {}", path.display())),
    }
    make_private_dir(dir)?;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("the system gives no random numbers: {e}"))?;
    let key = SecretKey::from_bytes(bytes);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(mut file) => {
            file.write_all(key.to_hex().as_bytes())
                .and_then(|()| file.sync_all())
                .with_context(|| format!("writing {}", path.display()))?;
            Ok(key)
        }
        // Another command made it in the same moment.
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => kept_key(dir),
        Err(e) => Err(e)
            .with_context(|| format!("making {}; DATA_DIR must be a folder this program may write to", path.display())),
    }
}

/// Makes DATA_DIR, readable by its owner alone.
pub fn make_private_dir(dir: &Path) -> anyhow::Result<()> {
    use anyhow::Context;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).with_context(|| format!("making the folder {} (DATA_DIR)", dir.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> Flags {
        #[derive(clap::Parser)]
        struct Only {
            #[command(flatten)]
            flags: Flags,
        }
        <Only as clap::Parser>::parse_from(["cinepost"]).flags
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn each_mistake_names_its_variable_and_the_fix() {
        let hex = "0123456789abcdef".repeat(4);
        let cases: Vec<(Flags, &str)> = vec![
            (
                Flags { base_url: some("films.example.org"), ..flags() },
                "BASE_URL is \"films.example.org\"; it should be an address such as https://films.example.org",
            ),
            (
                Flags { auth_channel: some("-1001500000001, 1500000002"), ..flags() },
                "AUTH_CHANNEL: 1500000002 is not a channel id: put -100 before it (-1001500000002)",
            ),
            (
                Flags { owner_id: some("@me"), ..flags() },
                "OWNER_ID is \"@me\"; it should be your Telegram user id, a number such as 123456789",
            ),
            (
                Flags { database_url: some("postgres://x"), ..flags() },
                "DATABASE_URL should begin with mongodb:// or mongodb+srv://; leave it out for the embedded database",
            ),
            (
                Flags { database_url: some("mongodb://x"), ..flags() },
                "DATABASE_URL is set, so SECRET_KEY must be too: instances that share a database share the key. Make one with: openssl rand -hex 32",
            ),
            (
                Flags { secret_key: some(&hex[1..]), ..flags() },
                "SECRET_KEY should be 64 hexadecimal digits; make one with: openssl rand -hex 32",
            ),
            (
                Flags { connections_per_bot: Some(9), ..flags() },
                "CONNECTIONS_PER_BOT is 9; it should be 1 to 8: Telegram punishes more",
            ),
            (Flags { memory_mb: Some(4), ..flags() }, "MEMORY_MB is 4; it should be at least 16"),
        ];
        for (flags, wanted) in cases {
            assert_eq!(Config::from_flags(flags).map(|_| ()).map_err(|e| e.to_string()), Err(wanted.to_owned()));
        }
    }

    #[test]
    fn signing_in_says_what_is_missing() {
        let right =
            Flags { api_id: some("12345"), api_hash: some(&"ab".repeat(16)), bot_token: some("123:abc"), ..flags() };
        let cases = [
            (Flags { api_id: None, ..right.clone() }, "API_ID is missing"),
            (Flags { api_id: some("x"), ..right.clone() }, "API_ID is \"x\""),
            (Flags { api_hash: None, ..right.clone() }, "API_HASH is missing"),
            (Flags { api_hash: some("abc"), ..right.clone() }, "API_HASH should be the 32 hexadecimal digits"),
            (Flags { bot_token: None, ..right.clone() }, "BOT_TOKEN is missing"),
            (Flags { bot_token: some("abc"), ..right.clone() }, "BOT_TOKEN should look like"),
            (Flags { helper_bot_tokens: some("1:a,b"), ..right.clone() }, "HELPER_BOT_TOKENS should look like"),
        ];
        for (flags, wanted) in cases {
            let error = Config::from_flags(flags)
                .expect("the rest is right")
                .telegram()
                .map(|_| ())
                .expect_err("one thing is wrong");
            assert!(error.to_string().starts_with(wanted), "{error}");
        }
        let config = Config::from_flags(right).expect("right");
        assert_eq!(config.telegram().map(|t| t.api_id), Ok(12345));
        assert_eq!(format!("{:?}", config.telegram().map(|t| &t.main)), "Ok(***)");
        assert_eq!(config.base_url, "http://127.0.0.1:8080");
    }

    #[cfg(unix)]
    #[test]
    fn the_kept_key_is_made_once_and_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = std::env::temp_dir().join(format!("cinepost-key-{}", std::process::id()));
        let first = kept_key(&dir).expect("made").to_hex();
        assert_eq!(kept_key(&dir).expect("read").to_hex(), first);
        let mode = |path: &Path| std::fs::metadata(path).expect("is there").permissions().mode() & 0o777;
        assert_eq!((mode(&dir), mode(&dir.join("secret.key"))), (0o700, 0o600));
        std::fs::write(dir.join("secret.key"), "short").expect("written");
        assert!(kept_key(&dir).expect_err("not a key").to_string().contains("restore it from a backup"));
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
