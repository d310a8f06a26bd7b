//! Floor 3: the questions of `/ready` and of `cinepost doctor`: bots, channels, store, provider, settings. Every answer
//! that is not good says what would mend it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::channels::{Channels, Light, NO_CHANNEL, Standing};
use crate::metadata::{self, Metadata};
use crate::store::Store;
use crate::telegram::{BotHealth, Telegram, Vault};

/// How one thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Good,
    /// It works, and could be better.
    Worth,
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub what: String,
    pub state: State,
    pub says: String,
    /// What mends it, when something should be.
    pub fix: Option<String>,
}

impl Finding {
    pub fn good(what: &str, says: impl Into<String>) -> Self {
        Self { what: what.to_owned(), state: State::Good, says: says.into(), fix: None }
    }

    pub fn worth(what: &str, says: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.to_owned(), state: State::Worth, says: says.into(), fix: Some(fix.into()) }
    }

    pub fn bad(what: &str, says: impl Into<String>, fix: Option<String>) -> Self {
        Self { what: what.to_owned(), state: State::Bad, says: says.into(), fix }
    }
}

/// Something that keeps the program from its work, or part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The same for as long as it lasts, whatever its words.
    pub key: String,
    /// Nothing that is posted arrives, or nothing plays. Otherwise it goes on, worse.
    pub stops: bool,
    /// For the owner: what is wrong, and what mends it.
    pub says: String,
    /// For how long it is known to last already.
    pub lasted: Duration,
    /// The same for anybody: names no host, no channel and no file, and holds no driver's text.
    pub in_public: &'static str,
}

impl Trouble {
    fn new(key: &str, stops: bool, says: String, in_public: &'static str) -> Self {
        Self { key: key.to_owned(), stops, says, lasted: Duration::ZERO, in_public }
    }
}

/// How the program does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What a start still has to do. It passes by itself.
    pub starting: Vec<String>,
    pub troubles: Vec<Trouble>,
}

impl Report {
    /// When the database does not even say that it cannot answer.
    pub fn no_database() -> Self {
        Self { starting: Vec::new(), troubles: vec![no_database("the database does not answer")] }
    }

    /// What keeps the library from being whole and playing, in words for anybody. Empty means ready.
    pub fn waiting_for(&self) -> Vec<String> {
        let stopping = self.troubles.iter().filter(|trouble| trouble.stops).map(|trouble| trouble.in_public.to_owned());
        stopping.chain(self.starting.iter().cloned()).collect()
    }

    /// Whether something keeps films from coming or playing.
    pub fn is_stopped(&self) -> bool {
        self.troubles.iter().any(|trouble| trouble.stops)
    }

    /// What goes worse than it should, in words for anybody.
    pub fn degraded(&self) -> Vec<&'static str> {
        self.troubles.iter().filter(|trouble| !trouble.stops).map(|trouble| trouble.in_public).collect()
    }
}

/// News on the program's health, for the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    Wrong(String),
    /// What was wrong, and is no longer.
    Mended(String),
}

/// Telegram is called silent after so long without a word on the connection that brings posts.
pub const SILENCE: Duration = Duration::from_secs(60);
/// How often [`Health::watch`] looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What passes sooner is not worth a message.
const LASTS: Duration = Duration::from_secs(10);
/// Whether the disk takes writes is tried this often.
const PROBE_EVERY: Duration = Duration::from_secs(30);
const PROBE: &str = "health/probe";

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Health {
    store: Store,
    vault: Arc<dyn Vault>,
    telegram: Telegram,
    channels: Channels,
    /// Why the last try to write failed.
    unwritable: Arc<Mutex<Option<String>>>,
}

impl Health {
    /// `vault` keeps the bots' sessions in DATA_DIR.
    pub fn new(store: Store, vault: Arc<dyn Vault>, telegram: Telegram, channels: Channels) -> Self {
        Self { store, vault, telegram, channels, unwritable: Arc::default() }
    }

    /// How everything stands. Asks the store, and nobody else.
    pub async fn look(&self) -> Report {
        let mut report = Report::default();
        if let Err(error) = self.store.ping().await {
            debug!(%error, "The database does not answer");
            report.troubles.push(no_database(&error.to_string()));
            return report;
        }
        report.troubles.extend(self.unwritable.lock().unwrap_or_else(PoisonError::into_inner).as_deref().map(no_room));
        report.troubles.extend(self.of_telegram());
        match self.channels.list().await {
            Ok(channels) => report.troubles.extend(of_channels(&channels)),
            Err(error) => report.troubles.push(no_database(&error.to_string())),
        }
        if !self.telegram.is_caught_up() {
            report.starting.push("the channels are being caught up".to_owned());
        }
        match self.store.counts().await {
            Ok(counts) if counts.pending > 0 => {
                report.starting.push(format!("{} new files are being matched", counts.pending));
            }
            Ok(_) => {}
            Err(error) => report.troubles.push(no_database(&error.to_string())),
        }
        report
    }

    fn of_telegram(&self) -> Vec<Trouble> {
        let clock = self.telegram.clock_ahead_secs().filter(|ahead| ahead.abs() >= WRONG_CLOCK_SECS).map(wrong_clock);
        match self.telegram.silence().filter(|silence| *silence >= SILENCE) {
            // Nobody knows how the bots are.
            Some(silence) => clock.into_iter().chain([silent(silence)]).collect(),
            None => clock.into_iter().chain(of_bots(self.telegram.health())).collect(),
        }
    }

    /// Tries whether the disk takes writes, and tells of everything that begins or ends to be wrong, until told to stop.
    pub async fn watch(self, alerts: mpsc::UnboundedSender<Alert>, stop: CancellationToken) {
        let watch = async {
            let mut known = Known::default();
            let mut probed: Option<Instant> = None;
            loop {
                if probed.is_none_or(|at| at.elapsed() >= PROBE_EVERY) {
                    self.probe().await;
                    probed = Some(Instant::now());
                }
                for alert in known.compare(&self.look().await.troubles, Instant::now()) {
                    match &alert {
                        Alert::Wrong(says) => warn!("{says}"),
                        Alert::Mended(says) => info!("No longer: {says}"),
                    }
                    let _ = alerts.send(alert);
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let _ = stop.run_until_cancelled(watch).await;
    }

    /// A full disk is met by the next post, which would wait; better met now.
    async fn probe(&self) {
        let stored = self.store.set_setting(PROBE, "").await.map_err(|error| error.to_string());
        let written = stored.and_then(|()| self.vault.save(PROBE, &[]).map_err(|error| chain(&error)));
        *self.unwritable.lock().unwrap_or_else(PoisonError::into_inner) = written.err();
    }

    /// What is wrong with bots, as last seen; asks nobody.
    pub fn bots(&self) -> Vec<Finding> {
        bots(&self.telegram)
    }
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn no_database(why: &str) -> Trouble {
    let says = format!("{why}. Posts wait in Telegram meanwhile, and nothing is lost");
    Trouble::new("database", true, says, "the database does not answer")
}

fn no_room(why: &str) -> Trouble {
    let says = format!(
        "Nothing can be written ({why}): is the disk full? Posts wait in Telegram meanwhile, and nothing is lost"
    );
    Trouble::new("disk", true, says, "nothing can be written; is the disk full?")
}

fn silent(silence: Duration) -> Trouble {
    let says = format!(
        "Telegram has been silent for {} s: check that this machine has a network and may open TCP connections to port 443. It \
         is tried all the time, and nothing is lost",
        silence.as_secs()
    );
    Trouble { lasted: silence, ..Trouble::new("silence", true, says, "Telegram does not answer") }
}

fn wrong_clock(ahead: i64) -> Trouble {
    let found = clock(ahead);
    let says = format!("{}: {}", found.says, found.fix.unwrap_or_default());
    Trouble::new("clock", false, says, "the clock of this machine is wrong")
}

/// The main bot first. What several of them meet is said once.
fn of_bots(bots: Vec<BotHealth>) -> Vec<Trouble> {
    let mut troubles: Vec<Trouble> = Vec::new();
    for (n, bot) in bots.into_iter().enumerate() {
        if bot.is_signed_in && bot.problem.is_none() {
            continue;
        }
        let says = bot.problem.unwrap_or_else(|| format!("the {} is not signed in yet", bot.name));
        let (stops, in_public) = match n {
            0 => (!bot.is_signed_in, "the main bot has a problem"),
            _ => (false, "a helper bot has a problem"),
        };
        if !troubles.iter().any(|trouble| trouble.says == says) {
            troubles.push(Trouble::new(&format!("bot {n}"), stops, says, in_public));
        }
    }
    troubles
}

fn of_channels(channels: &[Standing]) -> Vec<Trouble> {
    let mut watched = channels.iter().filter(|standing| standing.channel.active).peekable();
    if watched.peek().is_none() {
        let says = format!("No channel is watched: {NO_CHANNEL}");
        let in_public = "no channel is watched";
        return vec![Trouble::new("no channel", false, says, in_public)];
    }
    // As long as one can be read, films arrive and play.
    let all_bad = watched.clone().all(|standing| matches!(standing.light, Light::Bad(_)));
    let trouble = |standing: &Standing| {
        let key = format!("channel {}", standing.channel.chat);
        match &standing.light {
            Light::Bad(says) => Some(Trouble::new(&key, all_bad, says.clone(), "a channel cannot be read")),
            Light::Slow(says) => Some(Trouble::new(&key, false, says.clone(), "a helper bot cannot read a channel")),
            Light::Unknown | Light::Good | Light::Off => None,
        }
    };
    watched.filter_map(trouble).collect()
}

/// What is wrong, and whether the owner was told.
#[derive(Default)]
struct Known {
    troubles: BTreeMap<String, (Instant, String, bool)>,
}

impl Known {
    /// What the owner is told, given what is wrong now.
    fn compare(&mut self, troubles: &[Trouble], now: Instant) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for trouble in troubles {
            let (since, says, told) =
                self.troubles.entry(trouble.key.clone()).or_insert_with(|| (now, trouble.says.clone(), false));
            if !*told && now.duration_since(*since) + trouble.lasted >= LASTS {
                *told = true;
                says.clone_from(&trouble.says);
                alerts.push(Alert::Wrong(trouble.says.clone()));
            }
        }
        self.troubles.retain(|key, (_, says, told)| {
            let goes_on = troubles.iter().any(|trouble| trouble.key == *key);
            if !goes_on && *told {
                alerts.push(Alert::Mended(says.clone()));
            }
            goes_on
        });
        alerts
    }
}

/// Every bot, as known from its last call. While Telegram is silent nobody knows how they are.
pub fn bots(telegram: &Telegram) -> Vec<Finding> {
    let bots = telegram.health();
    let is_silent = telegram.silence().is_some_and(|silence| silence >= SILENCE);
    bots.into_iter()
        .map(|bot| match (bot.problem, bot.username) {
            (Some(problem), _) => Finding::bad(&bot.name, problem, None),
            (None, _) if !bot.is_signed_in => Finding::bad(&bot.name, "not signed in yet", None),
            (None, _) if is_silent => {
                Finding::worth(&bot.name, "Telegram is silent", "nothing is lost; it is tried all the time")
            }
            (None, Some(username)) => Finding::good(&bot.name, format!("signed in as @{username}")),
            (None, None) => Finding::good(&bot.name, "signed in"),
        })
        .collect()
}

/// From so many seconds on a wrong clock is worth mending: Telegram does not mind, since its own is used with it, but
/// certificates, links that expire and logs do.
const WRONG_CLOCK_SECS: i64 = 5;

/// This machine's clock and whether Telegram answers, as last seen; asks nobody.
pub fn connection(telegram: &Telegram) -> Vec<Finding> {
    let clock = telegram.clock_ahead_secs().map(clock);
    let silence = telegram.silence().map(|silence| {
        let says = format!("Telegram has been silent for {} s", silence.as_secs());
        let fix =
            "check that this machine has a network and may open TCP connections to port 443; it is tried all the time";
        Finding::bad("Telegram", says, Some(fix.to_owned()))
    });
    clock.into_iter().chain(silence).collect()
}

/// `ahead` of Telegram's by so many seconds.
fn clock(ahead: i64) -> Finding {
    let what = "clock";
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    if ahead.abs() < WRONG_CLOCK_SECS {
        return Finding::good(what, "agrees with Telegram's");
    }
    Finding::worth(
        what,
        format!("the clock of this machine is {} s {direction} Telegram's", ahead.abs()),
        "let the machine set its own clock (NTP; with systemd: timedatectl set-ntp true)",
    )
}

/// The metadata provider and its key.
pub async fn provider(metadata: &Metadata, has_key: bool) -> Finding {
    let what = "metadata";
    match metadata.check().await {
        Ok(_) if has_key => Finding::good(what, "TMDB accepts the key"),
        Ok(_) => Finding::worth(
            what,
            "no TMDB key, so Cinemeta answers: fewer titles, English only",
            "make a free key at https://www.themoviedb.org/settings/api and set TMDB_API_KEY",
        ),
        Err(error @ metadata::Error::BadKey { .. }) => Finding::bad(
            what,
            error.to_string(),
            Some("copy the key anew from https://www.themoviedb.org/settings/api".to_owned()),
        ),
        Err(error @ metadata::Error::Down { .. }) => Finding::bad(
            what,
            error.to_string(),
            Some("check this machine's way to the internet; files wait meanwhile and nothing is lost".to_owned()),
        ),
    }
}

/// Whether BASE_URL leads here, and whether Stremio will take it.
pub async fn base_url(base_url: &str) -> Vec<Finding> {
    let what = "BASE_URL";
    let mut findings = Vec::new();
    let host = base_url.split("://").nth(1).unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    let is_local = host == "localhost" || host.starts_with("127.");
    if is_local {
        findings.push(Finding::worth(
            what,
            format!("{base_url} works on this machine only"),
            "set BASE_URL to an https address to watch from other devices",
        ));
    } else if !base_url.starts_with("https://") {
        findings.push(Finding::bad(
            what,
            format!("{base_url} is not https, and Stremio takes http from 127.0.0.1 only"),
            Some("put the program behind a reverse proxy with https; compose.yaml has Caddy ready".to_owned()),
        ));
    }
    findings.push(match reach(base_url).await {
        Ok(()) => Finding::good(what, format!("{base_url} leads here")),
        Err(problem) => Finding::bad(
            what,
            format!("{base_url} does not lead here: {problem}"),
            Some("start the program, then check the domain's DNS, the proxy and the firewall; some home routers cannot reach their own outside address".to_owned()),
        ),
    });
    findings
}

/// For the whole of the question whether BASE_URL leads here.
const REACH_PATIENCE: Duration = Duration::from_secs(8);
/// Our own answer is far shorter; a stranger's is not read to its end.
const REACH_BYTES: usize = 64 << 10;

async fn reach(base_url: &str) -> Result<(), String> {
    let client = metadata::client::client(base_url).map_err(|e| e.to_string())?;
    let question = client.get(format!("{base_url}/health")).timeout(REACH_PATIENCE);
    let answer = question.send().await.map_err(|e| e.without_url().to_string())?;
    let status = answer.status();
    let body = metadata::client::body(answer, REACH_BYTES).await.unwrap_or_default();
    if status.is_redirection() {
        return Err(format!("it leads elsewhere ({status}); set it to the address where that ends"));
    }
    match status.is_success() && String::from_utf8_lossy(&body).contains("cinepost") {
        true => Ok(()),
        false => Err(format!("something else answers there ({status})")),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::domain::post::ChatId;
    use crate::store::{Channel, Location};
    use crate::telegram::VaultError;
    use crate::telegram::scripted::Script;

    struct Full;

    impl Vault for Full {
        fn load(&self, _: &str) -> Result<Option<Vec<u8>>, VaultError> {
            Ok(None)
        }

        fn save(&self, _: &str, _: &[u8]) -> Result<(), VaultError> {
            Err(VaultError("No space left on device (os error 28), /data/instance.db".into()))
        }

        fn remove(&self, _: &str) -> Result<(), VaultError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_full_disk_is_found_before_a_post_meets_it() {
        let dir = std::env::temp_dir().join(format!("cinepost-health-{}", std::process::id()));
        let store = Store::open(Location::Embedded { dir: dir.clone() }).await.expect("a store");
        let (telegram, _) = Telegram::scripted(Script::new(1, 1));
        let channels = Channels::new(store.clone(), telegram.clone());
        let health = Health::new(store, Arc::new(Full), telegram, channels);
        assert!(!health.look().await.is_stopped());
        health.probe().await;
        let report = health.look().await;
        assert!(report.is_stopped() && report.troubles[0].says.contains("No space left"), "{report:?}");
        let public = format!("{:?} {:?}", report.waiting_for(), report.degraded());
        assert!(
            public.contains("is the disk full?") && !public.contains("os error") && !public.contains("/data"),
            "{public}"
        );
        let _ = std::fs::remove_dir_all(dir);
    }

    fn standing(n: i64, light: Light) -> Standing {
        let chat = ChatId::from_bare(n).expect("a channel");
        Standing { channel: Channel { chat, title: String::new(), active: light != Light::Off }, light }
    }

    #[test]
    fn a_clock_is_worth_mending_from_seconds_on() {
        for (ahead, state, says) in [
            (0, State::Good, "agrees"),
            (-4, State::Good, "agrees"),
            (60, State::Worth, "is 60 s ahead of"),
            (-3_600, State::Worth, "is 3600 s behind"),
        ] {
            let found = clock(ahead);
            assert!(found.state == state && found.says.contains(says), "{ahead}: {found:?}");
        }
    }

    #[test]
    fn channels_stop_the_program_when_none_can_be_read() {
        let bad = || Light::Bad("add it".to_owned());
        let slow = || Light::Slow("add the helper".to_owned());
        type Case = (Vec<Light>, Vec<(&'static str, bool)>);
        let cases: [Case; 8] = [
            (vec![], vec![("no channel is watched", false)]),
            (vec![Light::Off], vec![("no channel is watched", false)]),
            (vec![Light::Good], vec![]),
            (vec![Light::Unknown], vec![]),
            (vec![bad()], vec![("a channel cannot be read", true)]),
            (vec![bad(), Light::Off], vec![("a channel cannot be read", true)]),
            (vec![bad(), Light::Good], vec![("a channel cannot be read", false)]),
            (
                vec![slow(), bad()],
                vec![("a helper bot cannot read a channel", false), ("a channel cannot be read", false)],
            ),
        ];
        for (lights, wanted) in cases {
            let channels: Vec<_> = (1..).zip(lights).map(|(n, light)| standing(n, light)).collect();
            let troubles = of_channels(&channels);
            let found: Vec<_> = troubles.iter().map(|trouble| (trouble.in_public, trouble.stops)).collect();
            assert_eq!(found, wanted, "{channels:?}");
        }
    }

    #[test]
    fn the_owner_is_told_once_of_what_lasts_and_once_when_it_is_over() {
        let start = Instant::now();
        let at = |secs| start + Duration::from_secs(secs);
        let mut known = Known::default();
        let trouble = [no_room("full")];
        let says = trouble[0].says.clone();
        assert_eq!(known.compare(&trouble, at(0)), []);
        assert_eq!(known.compare(&[], at(5)), [], "it passed");
        assert_eq!(known.compare(&trouble, at(20)), []);
        assert_eq!(known.compare(&trouble, at(30)), [Alert::Wrong(says.clone())]);
        assert_eq!(known.compare(&trouble, at(300)), []);
        assert_eq!(known.compare(&[], at(310)), [Alert::Mended(says)]);
        assert_eq!(known.compare(&[], at(320)), []);
    }

    /// A server that gives every question this answer.
    async fn answering(answer: &'static str) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let _ = connection.read(&mut [0; 4096]).await;
                let _ = connection.write_all(answer.as_bytes()).await;
            }
        });
        url
    }

    #[tokio::test]
    async fn an_address_leads_here_by_itself_and_not_through_another() {
        let here = answering("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 8\r\n\r\ncinepost").await;
        assert_eq!(reach(&here).await, Ok(()));
        let stranger = answering("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nnginx").await;
        assert!(reach(&stranger).await.is_err_and(|why| why.contains("something else answers")));
        // It would arrive at itself, were it followed.
        let moved =
            "HTTP/1.1 302 Found\r\nlocation: /cinepost\r\nconnection: close\r\ncontent-length: 8\r\n\r\ncinepost";
        assert!(reach(&answering(moved).await).await.is_err_and(|why| why.contains("leads elsewhere")));
        assert!(reach("http://127.0.0.1:9").await.is_err());
    }
}
