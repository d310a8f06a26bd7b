//! The usual mistakes in setting up, each of which must end in a message that names the fix; never in a hang.

use std::time::{Duration, Instant};

use crate::support::{Dir, Outside, chat, flags};
use cinepost::app;
use cinepost::config::{Config, Flags};
use cinepost::flows::health::{Finding, State};

/// What somebody would see who starts with these settings: the error of the start.
async fn start_fails(dir: &Dir, flags: Flags) -> String {
    let begin = Instant::now();
    let error = match app::start(Config::from_flags(flags).expect("of the right shape")).await {
        Ok(running) => {
            running.stop().await;
            panic!("it started in {}", dir.path.display());
        }
        Err(error) => format!("{error:#}"),
    };
    assert!(begin.elapsed() < Duration::from_secs(45), "it took {:?} to say {error}", begin.elapsed());
    error
}

async fn doctor(flags: Flags) -> Vec<Finding> {
    app::examine(&Config::from_flags(flags).expect("of the right shape")).await
}

/// What the doctor says of something, and what would mend it.
fn said(findings: &[Finding], what: &str) -> (State, String) {
    let found =
        findings.iter().find(|f| f.what.contains(what)).unwrap_or_else(|| panic!("nothing on {what}: {findings:?}"));
    (found.state, format!("{} {}", found.says, found.fix.clone().unwrap_or_default()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_api_id_or_hash_is_named() {
    let api = Some((12_345, "0123456789abcdef".repeat(2)));
    let Outside { dir, sim: _sim, provider } =
        Outside::start(simulation::Options { api: api.clone(), ..simulation::Options::default() }).await;
    let error = start_fails(&dir, flags(&dir.path, &provider.url)).await;
    assert!(error.contains("API_ID") && error.contains("my.telegram.org"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_named() {
    let Outside { dir, sim, provider } = Outside::start(simulation::Options::default()).await;
    sim.set_revoked("main", true).expect("revoked");
    let error = start_fails(&dir, flags(&dir.path, &provider.url)).await;
    assert!(error.contains("BOT_TOKEN") && error.contains("@BotFather"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_another_simulation_are_said_to_be_unknown() {
    let Outside { dir, sim: _other, provider } =
        Outside::start(simulation::Options { seed: 2, ..simulation::Options::default() }).await;
    let Outside { dir: _dir, sim, provider: _ } = Outside::start(simulation::Options::default()).await;
    // Addresses of the one, keys of the other: what a stale file would hold.
    let mut book: serde_json::Value =
        serde_json::from_slice(&std::fs::read(dir.path.join("book.json")).expect("written")).expect("JSON");
    let running: serde_json::Value = serde_json::from_str(&sim.book().to_json()).expect("JSON");
    book["dcs"] = running["dcs"].clone();
    std::fs::write(dir.path.join("book.json"), book.to_string()).expect("written");
    let error = start_fails(&dir, flags(&dir.path, &provider.url)).await;
    assert!(error.contains("key"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_which_bot_is_not_in_which_channel() {
    let Outside { dir, sim, provider } = Outside::start(simulation::Options::default().with_helpers(1)).await;
    sim.set_member(chat(), "helper1", false).expect("thrown out");
    let findings = doctor(flags(&dir.path, &provider.url)).await;
    assert_eq!(said(&findings, "main bot").0, State::Good, "{findings:?}");
    assert_eq!(said(&findings, &format!("{}", chat())).0, State::Good, "the main bot reads: {findings:?}");
    let helper = findings.iter().find(|f| f.what.contains("channel") && f.what.contains("helper")).expect("the helper");
    assert_eq!(helper.state, State::Bad);
    assert!(helper.says.contains("admin"), "{helper:?}");
    assert_eq!(said(&findings, "metadata"), (State::Good, "TMDB accepts the key ".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_which_site_for_anime_answers() {
    let Outside { dir, sim: _sim, provider } = Outside::start(simulation::Options::default()).await;
    let plain = flags(&dir.path, &provider.url);
    let with_anime = Flags {
        anime_lists: Some("on".to_owned()),
        anime_lists_url: Some(provider.anime_lists_url()),
        kitsu_url: Some(provider.kitsu_url()),
        anilist_url: Some("http://127.0.0.1:9".to_owned()),
        ..plain.clone()
    };
    let findings = doctor(with_anime).await;
    assert_eq!(said(&findings, "Kitsu").0, State::Good);
    let (state, says) = said(&findings, "AniList");
    assert!(state == State::Worth && says.contains("cannot be reached"), "{says}");
    let (state, says) = said(&findings, "anime list");
    assert!(state == State::Worth && says.contains("no list was fetched yet"), "{says}");
    let findings = doctor(plain).await;
    assert!(findings.iter().all(|f| !["Kitsu", "AniList", "anime list"].contains(&f.what.as_str())), "{findings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_the_clock_is_wrong_by() {
    let Outside { dir, sim, provider } = Outside::start(simulation::Options::default()).await;
    for (step, state, words) in
        [(0, State::Good, "agrees"), (-3_600, State::Worth, "s ahead of"), (7_200, State::Worth, "s behind")]
    {
        sim.step_clock(step);
        let found = said(&doctor(flags(&dir.path, &provider.url)).await, "clock");
        assert!(found.0 == state && found.1.contains(words), "{found:?}");
        assert!(step == 0 || found.1.contains("NTP"), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_is_wrong_with_keys_and_addresses() {
    let Outside { dir, sim: _sim, provider } = Outside::start(simulation::Options::default()).await;
    let right = || flags(&dir.path, &provider.url);
    let no_key = doctor(Flags { tmdb_api_key: None, ..right() }).await;
    assert_eq!(said(&no_key, "metadata").0, State::Worth);
    assert!(said(&no_key, "metadata").1.contains("TMDB_API_KEY"), "{no_key:?}");
    let wrong_key = doctor(Flags { tmdb_api_key: Some("f".repeat(32)), ..right() }).await;
    assert_eq!(said(&wrong_key, "metadata").0, State::Bad);
    assert!(said(&wrong_key, "metadata").1.contains("TMDB_API_KEY"), "{wrong_key:?}");
    let is_index = |finding: &&Finding| finding.what == "title index";
    assert!(no_key.iter().find(is_index).is_none(), "nobody chose a list: {no_key:?}");
    let lists = doctor(Flags { title_index: Some("imdb".to_owned()), ..right() }).await;
    assert_eq!(said(&lists, "title index").0, State::Worth);
    assert!(said(&lists, "title index").1.contains("cinepost titles fetch"), "{lists:?}");
    // TEST-NET names nobody has: not https, and nothing there.
    let http = doctor(Flags { base_url: Some("http://films.invalid".to_owned()), ..right() }).await;
    assert_eq!(said(&http, "BASE_URL").0, State::Bad);
    assert!(said(&http, "BASE_URL").1.contains("https"), "{http:?}");
    assert!(http.iter().any(|f| f.what == "BASE_URL" && f.says.contains("does not lead here")), "{http:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_named() {
    let Outside { dir, sim: _sim, provider } = Outside::start(simulation::Options::default()).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = Some(taken.local_addr().expect("an address").port().to_string());
    let error = start_fails(&dir, Flags { port, ..flags(&dir.path, &provider.url) }).await;
    assert!(error.contains("PORT"), "{error}");
}
