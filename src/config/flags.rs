//! Every setting, as a flag and a variable of the environment. All are text here, so that a number that is none is reported
//! together with every other problem, by its variable's name.

use std::path::PathBuf;

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

    /// Channel that keeps the files which people send to the bot, an id like -1001234567890; not one of those that are watched. Without it
    /// nobody can send any
    #[arg(long, env = "STORAGE_CHANNEL", value_name = "ID", allow_hyphen_values = true)]
    pub storage_channel: Option<String>,

    /// Which types of files people may send to the bot, if not all: kinds (video, animation, audio, voice, photo, document) and endings
    /// of names such as .pdf, comma separated
    #[arg(long, env = "FILES_ALLOW", value_name = "TYPES", allow_hyphen_values = true)]
    pub files_allow: Option<String>,

    /// Which they may not, in the same form
    #[arg(long, env = "FILES_DENY", value_name = "TYPES", allow_hyphen_values = true)]
    pub files_deny: Option<String>,

    /// A command that looks at each file which somebody sends to the bot, on its standard input, such as `clamdscan --no-summary -`; it
    /// ends with 0 for clean and with 1 for refused [default: none]
    #[arg(long, env = "SCAN_COMMAND", value_name = "COMMAND")]
    pub scan_command: Option<String>,

    /// What becomes of a file that it could not look at: refuse or accept [default: refuse]
    #[arg(long, env = "SCAN_FAILURE", value_name = "WHAT")]
    pub scan_failure: Option<String>,

    /// How much of a file's beginning it gets, in MiB [default: 100]
    #[arg(long, env = "SCAN_MB", value_name = "MIB")]
    pub scan_mb: Option<String>,

    /// How long it may take for a file, in seconds [default: 120]
    #[arg(long, env = "SCAN_SECS", value_name = "SECONDS")]
    pub scan_secs: Option<String>,

    /// A web page that plays what is given to it as ?stream=, such as https://player.example.org/; it gets the link of each file that somebody
    /// opens there [default: none]
    #[arg(long, env = "WEB_PLAYER", value_name = "URL")]
    pub web_player: Option<String>,

    /// ffmpeg, which makes AAC of sounds that a player does not take: a name or a path; off: none is used [default: ffmpeg]
    #[arg(long, env = "FFMPEG", value_name = "PROGRAM")]
    pub ffmpeg: Option<String>,

    /// Channels that whoever uses the bot must be in, comma separated ids; the bot must be an administrator there
    #[arg(long, env = "REQUIRED_CHANNELS", value_name = "IDS", allow_hyphen_values = true)]
    pub required_channels: Option<String>,

    /// Your Telegram user id: the bot tells you what was added, and why something was not
    #[arg(long, env = "OWNER_ID", value_name = "NUMBER", allow_hyphen_values = true)]
    pub owner_id: Option<String>,

    /// Who may join through the bot without an invitation: closed (nobody), approval (whom an admin lets in) or open
    /// [default: closed]
    #[arg(long, env = "JOIN", value_name = "WHO")]
    pub join: Option<String>,

    /// TMDB API key (v3) or read token (v4); without it Cinemeta answers, in English and with less detail
    #[arg(long, env = "TMDB_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub tmdb_api_key: Option<String>,

    /// The address that Stremio and players reach this program at, such as https://films.example.org
    /// [default: http://127.0.0.1:PORT]
    #[arg(long, env = "BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,

    /// Port to listen on [default: 8080]
    #[arg(long, env = "PORT", value_name = "PORT")]
    pub port: Option<String>,

    /// Address to listen on [default: 0.0.0.0]
    #[arg(long, env = "BIND", value_name = "IP")]
    pub bind: Option<String>,

    /// Reverse proxies whose word on a client's address counts (X-Forwarded-For): addresses or networks, comma separated
    #[arg(long, env = "TRUSTED_PROXIES", value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,

    /// What people may use: rules such as `member: day=50GB streams=3; guest: day=5GB` [default: no limits]
    #[arg(long, env = "LIMITS", value_name = "RULES")]
    pub limits: Option<String>,

    /// Who is let in, if not everybody: addresses and networks, Telegram ids of people and chats, comma separated
    #[arg(long, env = "ACCESS_ALLOW", value_name = "LIST", allow_hyphen_values = true)]
    pub access_allow: Option<String>,

    /// Who is not let in, in the same form
    #[arg(long, env = "ACCESS_DENY", value_name = "LIST", allow_hyphen_values = true)]
    pub access_deny: Option<String>,

    /// Keep who watched what: on or off [default: on]
    #[arg(long, env = "HISTORY", value_name = "ON|OFF")]
    pub history: Option<String>,

    /// mongodb://… for several instances [default: an embedded database in DATA_DIR]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Folder for the database, sessions and the secret key [default: data]
    #[arg(long, env = "DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// 64 hexadecimal digits that seal links and sessions [default: made once, kept in DATA_DIR]
    #[arg(long, env = "SECRET_KEY", value_name = "HEX", hide_env_values = true)]
    pub secret_key: Option<String>,

    /// Connections that each bot opens to a data centre at most, 1 to 8 [default: 4]
    #[arg(long, env = "CONNECTIONS_PER_BOT", value_name = "NUMBER")]
    pub connections_per_bot: Option<String>,

    /// Memory for bytes of films, in MiB: half of it for what is fetched ahead of all viewers, half for what was
    /// just read [default: 256]
    #[arg(long, env = "MEMORY_MB", value_name = "MIB")]
    pub memory_mb: Option<String>,

    /// Disk in DATA_DIR/cache for bytes of films, in MiB [default: 0, none]
    #[arg(long, env = "CACHE_DISK_MB", value_name = "MIB")]
    pub cache_disk_mb: Option<String>,

    /// Also write the log to this file, such as data/cinepost.log; a new one begins every day (UTC) and when it is full
    /// [default: none]
    #[arg(long, env = "LOG_FILE", value_name = "FILE")]
    pub log_file: Option<PathBuf>,

    /// How large the log file may grow, in MiB [default: 10]
    #[arg(long, env = "LOG_FILE_MB", value_name = "MIB")]
    pub log_file_mb: Option<String>,

    /// Older log files that are kept: LOG_FILE.1, LOG_FILE.2 … [default: 7]
    #[arg(long, env = "LOG_FILES_KEPT", value_name = "NUMBER")]
    pub log_files_kept: Option<String>,

    /// A folder, such as /mnt/disk/cinepost, that a backup is written into by itself [default: none]
    #[arg(long, env = "BACKUP_DIR", value_name = "DIR")]
    pub backup_dir: Option<PathBuf>,

    /// Days from one backup to the next [default: 1]
    #[arg(long, env = "BACKUP_DAYS", value_name = "DAYS")]
    pub backup_days: Option<String>,

    /// Backups that are kept there; older ones are removed [default: 7]
    #[arg(long, env = "BACKUPS_KEPT", value_name = "NUMBER")]
    pub backups_kept: Option<String>,

    /// A folder, such as /mnt/media/cinepost, in which the library is kept as files for Jellyfin, Emby and Kodi [default: none]
    #[arg(long, env = "EXPORT_DIR", value_name = "DIR")]
    pub export_dir: Option<PathBuf>,

    /// Whose links it holds, by their name [default: the owner]
    #[arg(long, env = "EXPORT_PERSON", value_name = "NAME")]
    pub export_person: Option<String>,

    /// Files that are looked into in an hour, for tracks, codecs and running time; 0 for none [default: 600]
    #[arg(long, env = "PROBE_FILES_PER_HOUR", value_name = "NUMBER")]
    pub probe_files_per_hour: Option<String>,

    /// MiB that are read for it in an hour; 0 for none [default: 1024]
    #[arg(long, env = "PROBE_MB_PER_HOUR", value_name = "MIB")]
    pub probe_mb_per_hour: Option<String>,

    /// Language of titles and plots [default: en-US]
    #[arg(long, env = "LANGUAGE_TAG", value_name = "TAG")]
    pub language_tag: Option<String>,

    /// Where TMDB answers [default: https://api.themoviedb.org/3]
    #[arg(long, env = "TMDB_URL", value_name = "URL")]
    pub tmdb_url: Option<String>,

    /// Where TMDB's pictures are [default: https://image.tmdb.org/t/p]
    #[arg(long, env = "TMDB_IMAGE_URL", value_name = "URL")]
    pub tmdb_image_url: Option<String>,

    /// Where Cinemeta answers [default: https://v3-cinemeta.strem.io]
    #[arg(long, env = "CINEMETA_URL", value_name = "URL")]
    pub cinemeta_url: Option<String>,

    /// Keep an index of titles on this machine, made of lists that are fetched weekly: imdb, tmdb or both, comma separated. It finds
    /// misspelt and localized names. IMDb's lists are for personal and non-commercial use only [default: none]
    #[arg(long, env = "TITLE_INDEX", value_name = "LISTS")]
    pub title_index: Option<String>,

    /// Where IMDb's non-commercial datasets are [default: https://datasets.imdbws.com]
    #[arg(long, env = "IMDB_DATASETS_URL", value_name = "URL")]
    pub imdb_datasets_url: Option<String>,

    /// Where TMDB's daily exports are [default: https://files.tmdb.org/p/exports]
    #[arg(long, env = "TMDB_EXPORTS_URL", value_name = "URL")]
    pub tmdb_exports_url: Option<String>,

    /// on: keep the list of what the ids of AniDB, AniList, Kitsu, MyAnimeList and TheTVDB stand for, fetched weekly; they are taken from
    /// captions and answered to Stremio then [default: off]
    #[arg(long, env = "ANIME_LISTS", value_name = "ON_OR_OFF")]
    pub anime_lists: Option<String>,

    /// Where that list is [default: https://raw.githubusercontent.com/Fribb/anime-lists/master/anime-list-full.json]
    #[arg(long, env = "ANIME_LISTS_URL", value_name = "URL")]
    pub anime_lists_url: Option<String>,

    /// Where Kitsu answers, which is asked for the names of anime [default: https://kitsu.io/api/edge]
    #[arg(long, env = "KITSU_URL", value_name = "URL")]
    pub kitsu_url: Option<String>,

    /// Where AniList answers, which is asked for the names of anime [default: https://graphql.anilist.co]
    #[arg(long, env = "ANILIST_URL", value_name = "URL")]
    pub anilist_url: Option<String>,

    /// TheTVDB's key (v4), from https://thetvdb.com/dashboard/account/apikey: it is asked for names that TMDB and Cinemeta do not know,
    /// and for what its links and ids stand for
    #[arg(long, env = "TVDB_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub tvdb_api_key: Option<String>,

    /// The subscriber's PIN, with a key that its users pay for
    #[arg(long, env = "TVDB_PIN", value_name = "PIN", hide_env_values = true)]
    pub tvdb_pin: Option<String>,

    /// Where TheTVDB answers [default: https://api4.thetvdb.com/v4]
    #[arg(long, env = "TVDB_URL", value_name = "URL")]
    pub tvdb_url: Option<String>,

    /// Start against a simulated Telegram: the file that `cinepost sim --write FILE` wrote
    #[arg(long, env = "TELEGRAM_SIM", value_name = "FILE")]
    pub telegram_sim: Option<PathBuf>,
}

/// Every variable that is a setting.
pub fn variables() -> Vec<String> {
    let command = <Flags as clap::Args>::augment_args(clap::Command::new("cinepost"));
    command.get_arguments().filter_map(|arg| Some(arg.get_env()?.to_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;

    /// Every command's flags, with where they stand.
    fn everywhere(command: &clap::Command, name: &str) -> Vec<(String, clap::Arg)> {
        let mut found: Vec<_> = command.get_arguments().map(|arg| (name.to_owned(), arg.clone())).collect();
        for sub in command.get_subcommands() {
            found.extend(everywhere(sub, &format!("{name} {}", sub.get_name())));
        }
        found
    }

    #[test]
    fn a_flag_is_called_as_its_variable() {
        let mut checked = 0;
        for (command, arg) in everywhere(&crate::cli::Cli::command(), "cinepost") {
            let Some(variable) = arg.get_env().and_then(|name| name.to_str()) else { continue };
            let wanted = variable.to_lowercase().replace('_', "-");
            assert_eq!(arg.get_long(), Some(wanted.as_str()), "{variable} of `{command}`");
            checked += 1;
        }
        assert!(checked > variables().len(), "the flags of several commands");
    }

    /// Words of the text that are written as code and look like a variable.
    fn named_in(text: &str) -> BTreeSet<String> {
        let is_name = |w: &&str| w.len() > 3 && w.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        text.split('`').filter(is_name).map(str::to_owned).collect()
    }

    #[test]
    fn the_readme_has_a_row_for_every_setting_and_none_for_others() {
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("it is there");
        let table =
            readme.split("\n## Settings").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a chapter");
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
        let names: String = rows.map(|row| format!("`{}", row.split('|').next().unwrap_or_default())).collect();
        let settings: BTreeSet<_> = variables().into_iter().collect();
        assert_eq!(named_in(&names), settings);
    }
}
