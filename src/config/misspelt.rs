//! Variables that were meant to be ours: `API_HSH`, `BOTTOKEN`, `TMDB_KEY`. The environment is full of other programs' variables,
//! so only a name that can hardly be anything else is reported.

/// Other names that people give to our settings, without separators. Only such as no other program on the same machine
/// is likely to have.
const ALIASES: &[(&str, &str)] = &[
    ("TELEGRAMAPIID", "API_ID"),
    ("TGAPIID", "API_ID"),
    ("APPID", "API_ID"),
    ("TELEGRAMAPIHASH", "API_HASH"),
    ("TGAPIHASH", "API_HASH"),
    ("APPHASH", "API_HASH"),
    ("TELEGRAMBOTTOKEN", "BOT_TOKEN"),
    ("TELEGRAMTOKEN", "BOT_TOKEN"),
    ("TGBOTTOKEN", "BOT_TOKEN"),
    ("TOKEN", "BOT_TOKEN"),
    ("HELPERTOKENS", "HELPER_BOT_TOKENS"),
    ("HELPERBOTS", "HELPER_BOT_TOKENS"),
    ("TMDBKEY", "TMDB_API_KEY"),
    ("TMDBAPI", "TMDB_API_KEY"),
    ("TMDBTOKEN", "TMDB_API_KEY"),
    ("TMDBAPITOKEN", "TMDB_API_KEY"),
    ("TMDBREADTOKEN", "TMDB_API_KEY"),
    ("TMDBAPIREADTOKEN", "TMDB_API_KEY"),
    ("THEMOVIEDBAPIKEY", "TMDB_API_KEY"),
];

/// Settings without which nothing starts. A guess at them is only reported when they are missing, with that problem, so it
/// may be bolder.
pub const REQUIRED: &[&str] = &["API_ID", "API_HASH", "BOT_TOKEN"];

/// The setting that a variable of this name was probably meant to be. `None` for our own variables, and for
/// everything that may well be another program's.
pub fn meant<'a>(name: &str, settings: &'a [String]) -> Option<&'a str> {
    if settings.iter().any(|setting| setting == name) {
        return None;
    }
    let find = |wanted: &str| settings.iter().map(String::as_str).find(|setting| *setting == wanted);
    let bare = letters(name);
    let without_prefix = bare.strip_prefix("CINEPOST").unwrap_or(&bare);
    let same = |setting: &&str| letters(setting) == bare || letters(setting) == without_prefix;
    if let Some(setting) = settings.iter().map(String::as_str).find(same) {
        return Some(setting);
    }
    if let Some((_, setting)) = ALIASES.iter().find(|(alias, _)| *alias == bare) {
        return find(setting);
    }
    let near = settings.iter().map(String::as_str).filter_map(|setting| {
        let wanted = letters(setting);
        let steps = distance(&bare, &wanted);
        (steps <= most_steps(setting, &wanted) && bare.chars().next() == wanted.chars().next())
            .then_some((steps, setting))
    });
    near.min_by_key(|(steps, _)| *steps).map(|(_, setting)| setting)
}

/// Names of four letters are near to everything; from twelve on two slips are still the same word (`DATABASE_USER` is two
/// from `DATABASE_URL`, which has eleven).
fn most_steps(setting: &str, letters: &str) -> usize {
    let is_long = letters.len() >= 12 || (letters.len() >= 7 && REQUIRED.contains(&setting));
    match letters.len() {
        0..=4 => 0,
        _ if is_long => 2,
        _ => 1,
    }
}

fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Slips between two words: a letter too many, too few or wrong, or two exchanged.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let is_same = a[i - 1] == b[j - 1];
            let mut least = (rows[i - 1][j - 1] + usize::from(!is_same)).min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::super::flags::variables;
    use super::*;

    #[test]
    fn slips_are_understood() {
        let settings = variables();
        let cases = [
            ("API_HSH", "API_HASH"),
            ("APIHASH", "API_HASH"),
            ("API_HAHS", "API_HASH"),
            ("api_id", "API_ID"),
            ("TELEGRAM_API_ID", "API_ID"),
            ("BOTTOKEN", "BOT_TOKEN"),
            ("BOT_TOKENS", "BOT_TOKEN"),
            ("HELPER_BOT_TOKEN", "HELPER_BOT_TOKENS"),
            ("HELPER_BOTS_TOKEN", "HELPER_BOT_TOKENS"),
            ("AUTH_CHANNELS", "AUTH_CHANNEL"),
            ("AUTH_CHANEL", "AUTH_CHANNEL"),
            ("TMDB_KEY", "TMDB_API_KEY"),
            ("TMDB_APIKEY", "TMDB_API_KEY"),
            ("OWNERID", "OWNER_ID"),
            ("BASEURL", "BASE_URL"),
            ("BASE_URI", "BASE_URL"),
            ("DATABASE_URI", "DATABASE_URL"),
            ("LANGUAGETAG", "LANGUAGE_TAG"),
            ("CINEPOST_PORT", "PORT"),
            ("CINEPOST_BASE_URL", "BASE_URL"),
            ("CONECTIONS_PER_BOTS", "CONNECTIONS_PER_BOT"),
        ];
        for (name, wanted) in cases {
            assert_eq!(meant(name, &settings), Some(wanted), "{name}");
        }
        for setting in &settings {
            assert_eq!(meant(setting, &settings), None, "{setting}");
        }
    }

    #[test]
    fn other_programs_variables_are_left_alone() {
        let settings = variables();
        // Of desktops, shells, servers, containers, CI and the frameworks that a machine may have settings of.
        let others = "PATH HOME USER LANG LANGUAGE LC_ALL PWD OLDPWD SHELL TERM TZ EDITOR PAGER DISPLAY HOSTNAME HOST MAIL \
            LOGNAME SHLVL TMPDIR XDG_DATA_DIRS XDG_DATA_HOME XDG_RUNTIME_DIR XDG_SESSION_ID DBUS_SESSION_BUS_ADDRESS SSH_AUTH_SOCK \
            http_proxy HTTPS_PROXY NO_PROXY PORTS POST SORT PART HTTP_PORT SSL_PORT BIND_ADDRESS BIN FIND KIND GPG_KEY API_KEY \
            API_URL API_TOKEN API_SECRET APP_KEY APP_ENV APP_URL APP_NAME CLIENT_ID CLIENT_SECRET GITHUB_TOKEN NPM_TOKEN \
            DISCORD_TOKEN SLACK_TOKEN PGDATA PGHOST PGPORT DATABASE_USER DATABASE_HOST DATABASE_PORT DATABASE_NAME DB_URL DATA \
            POSTGRES_DB MYSQL_ROOT_PASSWORD MONGO_PASSWORD MONGO_INITDB_ROOT_USERNAME REDIS_URL SECRET SECRET_TOKEN SESSION_KEY \
            JWT_SECRET MEMORY MEMORY_LIMIT CACHE_DIR DOMAIN OWNER UID GID PUID PGID UMASK NODE_ENV RUST_LOG RUST_BACKTRACE \
            LOG_FORMAT CARGO_HOME JAVA_HOME GOPATH VIRTUAL_ENV KUBERNETES_SERVICE_HOST KUBERNETES_PORT INVOCATION_ID JOURNAL_STREAM \
            COMPOSE_PROJECT_NAME TRUSTED_PROXIES NO_COLOR COLORTERM CI DEBUG CINEPOST_WEB CINEPOST_CHANNEL CINEPOST_OWNER";
        for name in others.split_whitespace() {
            assert_eq!(meant(name, &settings), None, "{name}");
        }
    }

    #[test]
    fn slips_are_counted() {
        let cases =
            [("", "", 0), ("AB", "AB", 0), ("AB", "BA", 1), ("APIHSH", "APIHASH", 1), ("ABC", "XYZ", 3), ("", "AB", 2)];
        for (a, b, wanted) in cases {
            assert_eq!((distance(a, b), distance(b, a)), (wanted, wanted), "{a} {b}");
        }
    }
}
