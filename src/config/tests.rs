//! The problems that wrong settings report.

use super::*;

/// No setting is given.
fn flags() -> Flags {
    Flags::default()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn right() -> Flags {
    Flags { api_id: some("12345"), api_hash: some(&"ab".repeat(16)), bot_token: some("123:abc"), ..flags() }
}

fn problems(flags: Flags) -> Vec<String> {
    Config::read(flags, &[]).problems().iter().map(|problem| problem.text.clone()).collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one row for each mistake")]
fn each_mistake_names_its_variable_and_the_fix() {
    let hex = "0123456789abcdef".repeat(4);
    let cases: Vec<(Flags, &str)> = vec![
        (
            Flags { base_url: some("films.example.org"), ..right() },
            "BASE_URL is \"films.example.org\"; it should be an address such as https://films.example.org",
        ),
        (
            Flags { base_url: some("https://films.example.org:99999"), ..right() },
            "BASE_URL is \"https://films.example.org:99999\"; it should be an address such as https://films.example.org",
        ),
        (
            Flags { auth_channel: some("-1001500000001"), storage_channel: some("-1001500000001"), ..right() },
            "STORAGE_CHANNEL is -1001500000001, which AUTH_CHANNEL watches; it should be a channel of its own",
        ),
        (
            Flags { storage_channel: some("-1001500000001,-1001500000002"), ..right() },
            "STORAGE_CHANNEL names several channels; it should be one, such as -1001234567890",
        ),
        (
            Flags { files_deny: some(".exe, *.apk"), ..right() },
            "FILES_DENY: \"*.apk\" is no type of file: write video, animation, audio, voice, photo or document, or the ending of names \
             with its dot, such as .pdf",
        ),
        (
            Flags { scan_command: some("sh -c 'exit 1' | cat"), ..right() },
            "SCAN_COMMAND is \"sh -c 'exit 1' | cat\": | means something to a shell, and no shell reads it: write a script and name \
             that, or put | into quotes",
        ),
        (
            Flags { scan_command: some("/nowhere/scan -"), ..right() },
            "SCAN_COMMAND is \"/nowhere/scan -\": there is no program \"/nowhere/scan\"; write its whole path, or install it into a \
             folder of PATH",
        ),
        (
            Flags { scan_failure: some("pass"), ..right() },
            "SCAN_FAILURE is \"pass\"; it should be refuse or accept; without it, refuse",
        ),
        (Flags { scan_secs: some("0"), ..right() }, "SCAN_SECS is \"0\"; it should be a number of seconds up to 3600"),
        (
            Flags { web_player: some("http://player.example.org"), ..right() },
            "WEB_PLAYER is \"http://player.example.org\"; it should be the https address of a web page that plays what is given to it as \
             ?stream=, such as https://player.example.org/",
        ),
        (
            Flags { required_channels: some("films"), ..right() },
            "REQUIRED_CHANNELS: \"films\" is not a channel id: it should look like -1001234567890; forward a post of the channel to \
             @userinfobot, which tells it",
        ),
        (
            Flags { auth_channel: some("-1001500000001, 1500000002"), ..right() },
            "AUTH_CHANNEL: 1500000002 is not a channel id, because the -100 before it is missing: write -1001500000002",
        ),
        (
            Flags { owner_id: some("@me"), ..right() },
            "OWNER_ID is \"@me\"; it should be your Telegram user id, a number such as 123456789; @userinfobot tells it",
        ),
        (Flags { join: some("yes"), ..right() }, "JOIN is \"yes\"; it should be closed, approval or open"),
        (
            Flags { database_url: some("postgres://x"), ..right() },
            "DATABASE_URL should begin with mongodb:// or mongodb+srv://, as in mongodb://127.0.0.1:27017/cinepost; leave it out for the embedded database",
        ),
        (
            Flags { database_url: some("mongodb://x"), ..right() },
            "SECRET_KEY is missing: DATABASE_URL is set, and instances that share a database share the key; make one with: openssl rand -hex 32",
        ),
        (
            Flags { secret_key: some(&hex[1..]), ..right() },
            "SECRET_KEY should be 64 hexadecimal digits; make one with: openssl rand -hex 32",
        ),
        (
            Flags { language_tag: some("en_US"), ..right() },
            "LANGUAGE_TAG is \"en_US\"; it should be a language and a country, such as en-US or de-DE",
        ),
        (
            Flags { log_file: Some("/tmp".into()), ..right() },
            "LOG_FILE is \"/tmp\", which is a folder; it should be a file such as data/cinepost.log",
        ),
        (Flags { log_file_mb: some("0"), ..right() }, "LOG_FILE_MB is \"0\"; it should be a number of MiB, such as 10"),
        (
            Flags { log_files_kept: some("many"), ..right() },
            "LOG_FILES_KEPT is \"many\"; it should be a number up to 1000, such as 7",
        ),
        (
            Flags { data_dir: Some("/etc/passwd".into()), ..right() },
            "DATA_DIR is \"/etc/passwd\", which is a file; it should be a folder such as data or /var/lib/cinepost",
        ),
        (
            Flags { telegram_sim: Some("/nowhere/book.json".into()), ..right() },
            "TELEGRAM_SIM is \"/nowhere/book.json\", and there is no such file; `cinepost sim --write FILE` writes it",
        ),
    ];
    for (flags, wanted) in cases {
        assert_eq!(problems(flags), [wanted]);
    }
    assert_eq!(problems(right()), [""; 0]);
}

#[test]
fn each_mistake_in_limits_and_lists_names_its_variable_and_the_fix() {
    let cases = [
        (
            Flags { limits: some("member: day=lots"), ..right() },
            "LIMITS: \"day=lots\" cannot be read; write it as in day=50GB, or off for no limit",
        ),
        (
            Flags { access_deny: some("198.51.100.0/24, anna"), ..right() },
            "ACCESS_DENY: \"anna\" is no address, person or chat: write a network such as 198.51.100.0/24, a person's Telegram id such as 123456789, or a chat's such as -1001234567890",
        ),
        (Flags { history: some("no"), ..right() }, "HISTORY is \"no\"; it should be on or off"),
    ];
    for (flags, wanted) in cases {
        assert_eq!(problems(flags), [wanted]);
    }
}

#[test]
fn each_mistake_in_a_number_names_its_variable_and_the_fix() {
    let cases = [
        (Flags { port: some("abc"), ..right() }, "PORT is \"abc\"; it should be a number up to 65535, such as 8080"),
        (
            Flags { port: some("80800"), ..right() },
            "PORT is \"80800\"; it should be a number up to 65535, such as 8080",
        ),
        (
            Flags { bind: some("0.0.0.0:8080"), ..right() },
            "BIND is \"0.0.0.0:8080\"; it should be an IP address such as 0.0.0.0 or 127.0.0.1; the port is PORT",
        ),
        (
            Flags { connections_per_bot: some("9"), ..right() },
            "CONNECTIONS_PER_BOT is \"9\"; it should be 1 to 8, such as 4: Telegram punishes more",
        ),
        (
            Flags { memory_mb: some("4"), ..right() },
            "MEMORY_MB is \"4\"; it should be a number of MiB, at least 16, such as 256",
        ),
        (
            Flags { cache_disk_mb: some("20GB"), ..right() },
            "CACHE_DISK_MB is \"20GB\"; it should be a number of MiB, such as 20000; 0 for none",
        ),
    ];
    for (flags, wanted) in cases {
        assert_eq!(problems(flags), [wanted]);
    }
}

#[test]
fn each_mistake_in_signing_in_names_its_variable_and_the_fix() {
    let cases = [
        (
            Flags { api_id: some("x"), ..right() },
            "API_ID is \"x\"; it should be the number from https://my.telegram.org/apps, such as 1234567",
        ),
        (
            Flags { api_hash: some("abc"), ..right() },
            "API_HASH should be the 32 hexadecimal digits from https://my.telegram.org/apps, such as 0123456789abcdef0123456789abcdef",
        ),
        (
            Flags { bot_token: some("abc"), ..right() },
            "BOT_TOKEN should look like 123456789:AAE…, as @BotFather gave it",
        ),
        (
            Flags { helper_bot_tokens: some("1:a,2:b c"), ..right() },
            "HELPER_BOT_TOKENS should look like 123456789:AAE…, as @BotFather gave it",
        ),
    ];
    for (flags, wanted) in cases {
        assert_eq!(problems(flags), [wanted]);
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let wrong = Flags {
        api_id: some("12345"),
        api_hash: some("secret"),
        auth_channel: some("1001500000001,-1500000001"),
        port: some("http"),
        memory_mb: some(""),
        ..flags()
    };
    let error = Config::read(wrong, &[]).without(|_| true).expect_err("much is wrong").to_string();
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(lines[0], "5 settings are wrong:");
    for (line, variable) in lines[1..].iter().zip(["API_HASH", "BOT_TOKEN", "PORT", "AUTH_CHANNEL", "AUTH_CHANNEL"]) {
        assert!(line.starts_with(&format!("  {variable}")), "{line}");
    }
    assert!(lines[4].ends_with("write -1001500000001") && lines[5].ends_with("write -1001500000001"), "{error}");
    assert!(!error.contains("secret"), "what may be a secret is not repeated: {error}");
}

#[test]
fn in_the_place_of_what_is_wrong_stands_what_can_be_used() {
    let config = Config::read(Flags { api_hash: some("abc"), port: some("x"), ..right() }, &[]);
    assert_eq!((config.port, config.base_url.as_str()), (8080, "http://127.0.0.1:8080"));
    assert!(!config.has(&["PORT"]) && !config.has(&["BIND", "API_HASH"]) && config.has(&["BIND", "DATA_DIR"]));
    assert!(config.usable_telegram().is_none());
    let config = Config::read(Flags { helper_bot_tokens: some("x,77:abc"), ..right() }, &[]);
    assert_eq!(config.usable_telegram().map(|t| t.helpers.len()), Some(1), "the helper that can be used is");
    assert!(config.telegram().is_err());
}

#[test]
fn variables_that_were_meant_to_be_ours_are_named() {
    let environment = |names: &str| names.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let config = Config::read(Flags { api_hash: None, ..right() }, &environment("PATH API_HSH TMDB_KEY OWNER_ID"));
    let texts: Vec<_> = config.problems().iter().map(|problem| problem.text.as_str()).collect();
    assert_eq!(texts, ["API_HASH is missing, but API_HSH is set: did you mean API_HASH?"]);
    assert_eq!(config.misspelt, ["TMDB_KEY is set, and nothing reads it: did you mean TMDB_API_KEY?"]);
    // Where the setting is given, whatever is called alike is somebody else's.
    let given = Flags { tmdb_api_key: some("k"), data_dir: Some("data".into()), ..right() };
    let config = Config::read(given, &environment("API_HSH TMDB_KEY DATADIR"));
    assert_eq!((config.problems().len(), config.misspelt.len()), (0, 0), "{:?}", config.misspelt);
}

#[test]
fn signing_in_says_what_is_missing_and_other_commands_do_not_ask_for_it() {
    for (flags, wanted) in [
        (Flags { api_id: None, ..right() }, "API_ID is missing"),
        (Flags { api_hash: None, ..right() }, "API_HASH is missing"),
        (Flags { bot_token: None, ..right() }, "BOT_TOKEN is missing"),
        (Flags { bot_token: some("abc"), ..right() }, "BOT_TOKEN should look like"),
    ] {
        let config = Config::from_flags(flags).expect("the rest is right");
        let error = config.telegram().map(|_| ()).expect_err("one thing is wrong");
        assert!(error.to_string().starts_with(wanted), "{error}");
    }
    let config = Config::from_flags(right()).expect("right");
    assert_eq!(config.telegram().map(|t| t.api_id), Ok(12345));
    assert_eq!(format!("{:?}", config.telegram().map(|t| &t.main)), "Ok(***)");
    assert_eq!(config.base_url, "http://127.0.0.1:8080");
    assert_eq!(port(some(" 9000 ")), Ok(9000));
    assert!(port(some("x")).expect_err("no number").to_string().contains("PORT"));
}
