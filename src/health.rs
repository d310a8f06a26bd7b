//! Floor 3: the questions of `/ready` and of `cinepost doctor`: bots, channels, store, provider, settings. Every answer
//! that is not good says what would mend it.

use std::time::Duration;

use tracing::debug;

use crate::domain::post::ChatId;
use crate::metadata::{self, Metadata};
use crate::store::Store;
use crate::telegram::Telegram;

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

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Health {
    store: Store,
    telegram: Telegram,
}

impl Health {
    pub fn new(store: Store, telegram: Telegram) -> Self {
        Self { store, telegram }
    }

    /// What keeps the library from being whole right now, in words without secrets. Empty means ready: the store
    /// answers, the main bot is signed in, every channel was caught up and nothing waits for its first match.
    pub async fn unready(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if let Err(error) = self.store.ping().await {
            // Anybody may ask, and a driver's error names hosts: those are for the log.
            debug!(%error, "The database does not answer");
            reasons.push("the database does not answer".to_owned());
        }
        if let Some(main) = self.telegram.health().first().filter(|bot| !bot.is_signed_in) {
            reasons.push(format!("the {} is not signed in", main.name));
        }
        if !self.telegram.is_caught_up() {
            reasons.push("the channels are being caught up".to_owned());
        }
        match self.store.counts().await {
            Ok(counts) if counts.pending > 0 => reasons.push(format!("{} new files are being matched", counts.pending)),
            Ok(_) => {}
            Err(error) => reasons.push(error.to_string()),
        }
        reasons
    }

    /// What is wrong with bots, as last seen; asks nobody.
    pub fn bots(&self) -> Vec<Finding> {
        bots(&self.telegram)
    }
}

/// Every bot, as known from its last call.
pub fn bots(telegram: &Telegram) -> Vec<Finding> {
    let bots = telegram.health();
    bots.into_iter()
        .map(|bot| match (bot.problem, bot.username) {
            (Some(problem), _) => Finding::bad(&bot.name, problem, None),
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

/// Whether every bot can read a channel.
pub async fn channel(telegram: &Telegram, chat: ChatId) -> Vec<Finding> {
    let access = telegram.check_channel(chat).await;
    access
        .into_iter()
        .map(|access| {
            let title = access.title.map(|t| format!(" “{t}”")).unwrap_or_default();
            let what = format!("channel {chat}{title}, {}", access.bot);
            match access.problem {
                Some(problem) => Finding::bad(&what, problem, None),
                None => Finding::good(&what, "is a member and can read"),
            }
        })
        .collect()
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

async fn reach(base_url: &str) -> Result<(), String> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(8))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|e| e.to_string())?;
    let answer = client.get(format!("{base_url}/health")).send().await.map_err(|e| e.without_url().to_string())?;
    let status = answer.status();
    let body = answer.text().await.unwrap_or_default();
    match status.is_success() && body.contains("cinepost") {
        true => Ok(()),
        false => Err(format!("something else answers there ({status})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
