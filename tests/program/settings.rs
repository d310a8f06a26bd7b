//! Wrong settings and wrong folders, as the person at the terminal sees them: the program itself, in a folder of its own.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{Dir, Outside, TestApp, flags};
use cinepost::app;
use cinepost::config::{Config, Flags};

/// Runs a command of the program in a folder, with nothing but these in its environment.
fn run(dir: &Path, args: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cinepost"));
    command.args(args).current_dir(dir).env_clear().envs(environment.iter().copied());
    command.output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), output.stderr.as_slice()].concat()).into_owned()
}

/// Everything that is in a folder, also in those below.
fn files(dir: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        found.insert(entry.file_name().expect("a name").to_string_lossy().into_owned());
        if entry.is_dir() {
            found.extend(files(&entry));
        }
    }
    found
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_made() {
    let dir = Dir::new();
    std::fs::write(dir.path.join(".env"), "PORT=abc\nBOTTOKEN=123456:abc\nAUTH_CHANNEL=1001500000001,-1500000001\n")
        .expect("ours");
    let wrong = [("API_HSH", "0123456789abcdef0123456789abcdef"), ("API_ID", "12345"), ("DATA_DIR", "/etc/passwd")];
    let output = run(&dir.path, &[], &wrong);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for wanted in [
        "6 settings are wrong:",
        "API_HASH is missing, but API_HSH is set: did you mean API_HASH?",
        "BOT_TOKEN is missing, but BOTTOKEN is set: did you mean BOT_TOKEN?",
        "PORT is \"abc\"; it should be a number up to 65535, such as 8080",
        "1001500000001 is not a channel id, because the minus before it is missing: write -1001500000001",
        "-1500000001 is not a channel id, because the 100 after the minus is missing: write -1001500000001",
        "DATA_DIR is \"/etc/passwd\", which is a file",
    ] {
        assert!(text.contains(wanted), "{wanted} in\n{text}");
    }
    assert_eq!(files(&dir.path), BTreeSet::from([".env".to_owned()]));
}

#[test]
fn a_broken_line_of_the_environment_file_is_counted_and_not_repeated() {
    let dir = Dir::new();
    for line in ["BOT_TOKEN=\"123456:secret", "BOT_TOKEN=123456:secret and more", "BOT_TOKEN 123456:secret"] {
        std::fs::write(dir.path.join(".env"), format!("PORT=8080\n{line}\n")).expect("ours");
        let output = run(&dir.path, &["channel", "list"], &[]);
        let text = said(&output);
        assert!(!output.status.success() && text.contains("line 2 of .env cannot be read"), "{line}: {text}");
        assert!(!text.contains("secret"), "{text}");
    }
}

#[test]
fn the_log_is_kept_in_a_file_for_its_owner_alone() {
    let dir = Dir::new();
    let secret = "0123456789abcdef".repeat(4);
    std::fs::write(dir.path.join("book.json"), &secret).expect("ours");
    let settings = [
        ("TELEGRAM_SIM", "book.json"),
        ("LOG_FILE", "logs/cinepost.log"),
        ("API_HASH", secret.as_str()),
        ("TMDBKEY", "x"),
    ];
    // It warns of a variable that nothing reads, and ends, because there is no such simulation.
    assert!(!run(&dir.path, &["serve"], &settings).status.success());
    let file = dir.path.join("logs/cinepost.log");
    let text = std::fs::read_to_string(&file).expect("the log");
    assert!(text.contains(" WARN ") && text.contains("TMDBKEY") && !text.contains('\u{1b}'), "{text}");
    #[cfg(unix)]
    {
        let about = std::fs::metadata(&file).expect("there");
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777, 0o600);
    }
    std::fs::write(&file, format!("one\n{text}\u{1b}[31mhash {secret}\n")).expect("ours");
    let shown = said(&run(&dir.path, &["log", "--lines", "2"], &settings));
    assert!(shown.contains("TMDBKEY") && !shown.contains("one\n"), "{shown}");
    assert!(shown.contains("hash ***") && !shown.contains('\u{1b}'), "{shown}");
    let no_file = said(&run(&dir.path, &["log"], &[]));
    assert!(no_file.contains("set LOG_FILE, such as data/cinepost.log"), "{no_file}");
    let unwritable = [("TELEGRAM_SIM", "book.json"), ("LOG_FILE", "book.json/cinepost.log")];
    let text = said(&run(&dir.path, &["serve"], &unwritable));
    assert!(text.contains("LOG_FILE is \"book.json/cinepost.log\", which cannot be written"), "{text}");
}

#[test]
fn a_wrong_port_is_named_to_every_command() {
    let dir = Dir::new();
    for args in
        [&["health"][..], &["channel", "list"], &["owner-link"], &["doctor", "--base-url", "http://127.0.0.1:1"]]
    {
        let text = said(&run(&dir.path, args, &[("PORT", "80 80"), ("CINEMETA_URL", "http://127.0.0.1:1")]));
        assert!(text.contains("is \"80 80\"; it should be a number up to 65535"), "{args:?}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_looks_at_everything_that_it_still_can_and_makes_nothing() {
    let Outside { dir, sim, provider } = Outside::start(simulation::Options::default()).await;
    let before = files(&dir.path);
    let tmdb = format!("{}/3", provider.url);
    let mut environment = vec![
        ("TMDB_API_KEY", simulation::metadata::KEY),
        ("TMDB_URL", &tmdb),
        ("BASE_URL", "http://127.0.0.1:1"),
        ("API_ID", "12345"),
        ("API_HASH", "too short"),
        ("OWNERID", "77"),
    ];
    let text = said(&run(&dir.path, &["doctor"], &environment));
    for wanted in [
        "BAD   API_HASH: should be the 32 hexadecimal digits",
        "BAD   BOT_TOKEN: is missing",
        "note  settings: OWNERID is set, and nothing reads it: did you mean OWNER_ID?",
        "ok    database: is not there yet",
        "ok    metadata: TMDB accepts the key",
        "BAD   BASE_URL: http://127.0.0.1:1 does not lead here",
    ] {
        assert!(text.contains(wanted), "{wanted} in\n{text}");
    }
    assert_eq!(files(&dir.path), before, "a look makes nothing");

    // With the bots in order they are asked too, and still nothing is made.
    environment.extend([("TELEGRAM_SIM", "book.json"), ("PORT", "x"), ("AUTH_CHANNEL", "-1001500000001")]);
    environment.retain(|(name, _)| *name != "API_HASH");
    let text = said(&run(&dir.path, &["doctor"], &environment));
    for wanted in
        ["BAD   PORT", "ok    main bot: signed in as @", "ok    channel -1001500000001", "TMDB accepts the key"]
    {
        assert!(text.contains(wanted), "{wanted} in\n{text}");
    }
    assert_eq!(files(&dir.path), before, "a look makes nothing");
    sim.stop().await.expect("the simulation stops");
}

#[test]
fn commands_in_a_wrong_folder_refuse_and_make_nothing() {
    let dir = Dir::new();
    for args in [&["owner-link"][..], &["channel", "list"], &["channel", "add", "-1001500000001"]] {
        let output = run(&dir.path, args, &[]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
        assert!(
            text.contains("there is no Cinepost data in ") && text.contains("/data: run") && text.contains("DATA_DIR"),
            "{args:?}: {text}"
        );
        assert_eq!(files(&dir.path), BTreeSet::new(), "{args:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_do_not_share_a_folder_and_commands_work_beside_one() {
    let app = TestApp::start().await;
    let config = Config::from_flags(flags(&app.dir.path, &app.provider.url)).expect("the settings are right");
    let second = match app::start(config).await {
        Ok(_) => panic!("two programs on one DATA_DIR"),
        Err(error) => format!("{error:#}"),
    };
    let pid = std::process::id().to_string();
    assert!(second.contains("another cinepost") && second.contains(&pid) && second.contains("DATA_DIR"), "{second}");
    for (args, wanted) in [
        (&["channel", "list"][..], "-1001500000001  watched"),
        (&["channel", "add", "-1001500000001"], "is watched already"),
        (&["owner-link", "--base-url", "http://127.0.0.1:1"], "http://127.0.0.1:1/owner/enter/"),
    ] {
        let output = run(&app.dir.path, args, &[]);
        assert!(output.status.success() && said(&output).contains(wanted), "{args:?}: {}", said(&output));
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_leaves_the_folder_of_another_demo_alone() {
    let dir = Dir::new();
    let held = cinepost::adapters::data_folder::Lock::take(&dir.path).expect("nobody else has it");
    let before = files(&dir.path);
    let output = run(&dir.path, &["demo", "--port", "0", "--data-dir", "."], &[]);
    let text = said(&output);
    assert!(!output.status.success() && text.contains("another cinepost"), "{text}");
    assert_eq!(files(&dir.path), before);
    drop(held);
}

#[test]
fn a_flag_has_the_name_of_its_variable() {
    let dir = Dir::new();
    let wrong = Flags { language_tag: Some("x".to_owned()), ..Flags::default() };
    let wanted = Config::from_flags(wrong).expect_err("no language").to_string();
    let text = said(&run(&dir.path, &["channel", "list", "--language-tag", "x"], &[]));
    assert!(text.contains(&wanted), "{text}");
}
