//! What `cinepost doctor` says of one thing that it looked at: bots, clock, provider, address. Every finding that is not good says what
//! would mend it.

use std::time::Duration;

use crate::adapters::metadata::{self, Metadata, anime, index};
use crate::adapters::telegram::Bots;
use crate::adapters::tools::{self, Ffmpeg};
use crate::flows::channels::SILENCE;

/// From so many seconds on a wrong clock is worth mending: Telegram does not mind, since its own is used with it, but
/// certificates, links that expire and logs do.
pub(super) const WRONG_CLOCK_SECS: i64 = 5;

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

/// Whether Telegram makes lower qualities of the owner's videos and gives them to the bots.
pub(super) fn renditions(has_seen: bool) -> Finding {
    Finding::good(
        "qualities by Telegram",
        match has_seen {
            true => "the bots get them: they stand below the films as rows of their own",
            false => {
                "none came with a post so far. Telegram makes them of some videos, never of what is sent as a file, and does not say whether bots get them"
            }
        },
    )
}

/// What encodes sounds.
pub(super) fn ffmpeg(found: Result<Ffmpeg, tools::Error>) -> Finding {
    match found {
        Ok(ffmpeg) => {
            let version = ffmpeg.version();
            Finding::good("ffmpeg", format!("{version} makes AAC of sounds that a player does not take"))
        }
        Err(error) => Finding::worth(
            "ffmpeg",
            format!("is not there, so films for browsers leave out DTS, TrueHD, AC-3 and the like: {error}"),
            "install ffmpeg, or set FFMPEG to where it is, or to off",
        ),
    }
}

/// Every bot, as known from its last call. While Telegram is silent nobody knows how they are.
pub(super) fn bots(bots: &Bots) -> Vec<Finding> {
    let is_silent = bots.silence().is_some_and(|silence| silence >= SILENCE);
    bots.health()
        .into_iter()
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

/// This machine's clock and whether Telegram answers, as last seen; asks nobody.
pub(super) fn connection(bots: &Bots) -> Vec<Finding> {
    let clock = bots.clock_ahead_secs().map(clock);
    let silence = bots.silence().map(|silence| {
        let says = format!("Telegram has been silent for {} s", silence.as_secs());
        let fix =
            "check that this machine has a network and may open TCP connections to port 443; it is tried all the time";
        Finding::bad("Telegram", says, Some(fix.to_owned()))
    });
    clock.into_iter().chain(silence).collect()
}

/// `ahead` of Telegram's by so many seconds.
pub(super) fn clock(ahead: i64) -> Finding {
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
pub(super) async fn provider(metadata: &Metadata, has_key: bool) -> Finding {
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

/// The title index, where the owner chose lists for one.
pub(super) fn title_index(state: &index::State) -> Option<Finding> {
    const FIX: &str = "cinepost titles fetch makes one now; the running program makes one by itself";
    let what = "title index";
    match state {
        index::State::Off => None,
        index::State::Missing => Some(Finding::worth(what, "TITLE_INDEX names lists, and none was fetched yet", FIX)),
        index::State::Refused(why) => Some(Finding::worth(what, format!("cannot be used, {why}"), FIX)),
        index::State::Ready(holds) => {
            Some(Finding::good(what, format!("{} titles under {} names", holds.titles, holds.keys)))
        }
    }
}

/// The list of anime, where the owner wants it.
pub(super) fn anime_list(state: &anime::State) -> Option<Finding> {
    let what = "anime list";
    match state {
        anime::State::Off => None,
        anime::State::Missing => Some(Finding::worth(
            what,
            "ANIME_LISTS is on, and no list was fetched yet",
            "the running program fetches it by itself; cinepost jobs says why it did not",
        )),
        anime::State::Ready { titles, .. } => Some(Finding::good(what, format!("{titles} titles"))),
    }
}

/// A site that is asked for the names of anime.
pub(super) fn site(name: &str, state: Result<(), metadata::Error>) -> Finding {
    match state {
        Ok(()) => Finding::good(name, "answers"),
        Err(error @ metadata::Error::BadKey { .. }) => Finding::worth(
            name,
            error.to_string(),
            "copy the key anew from https://thetvdb.com/dashboard/account/apikey; names that only it knows go to review meanwhile",
        ),
        Err(error @ metadata::Error::Down { .. }) => {
            Finding::worth(name, error.to_string(), "nothing is lost: what TMDB and Cinemeta do not know waits for it")
        }
    }
}

/// Whether BASE_URL leads here, and whether Stremio will take it.
pub(super) async fn base_url(base_url: &str) -> Vec<Finding> {
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

    #[test]
    fn an_index_that_was_chosen_is_good_or_says_how_to_get_it() {
        let sources = index::Sources { imdb: true, tmdb: false };
        let holds = index::Holds { titles: 12, keys: 30, bytes: 2048, built: 7, sources };
        let said = |state| title_index(&state).map(|finding| (finding.state, finding.fix.is_some()));
        assert_eq!(said(index::State::Off), None);
        assert_eq!(said(index::State::Missing), Some((State::Worth, true)));
        assert_eq!(said(index::State::Refused("damaged".to_owned())), Some((State::Worth, true)));
        assert_eq!(said(index::State::Ready(holds)), Some((State::Good, false)));
    }

    #[test]
    fn a_list_of_anime_that_is_wanted_is_good_or_says_how_to_get_it() {
        let said = |state| anime_list(&state).map(|finding| (finding.state, finding.fix.is_some()));
        assert_eq!(said(anime::State::Off), None);
        assert_eq!(said(anime::State::Missing), Some((State::Worth, true)));
        assert_eq!(said(anime::State::Ready { titles: 12, fetched: 7 }), Some((State::Good, false)));
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
