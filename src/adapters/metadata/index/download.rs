//! One list over HTTP. A connection that breaks is gone on from where it was, as long as the server says that the file is still
//! the same; what cannot be continued is for the next try of the job.

use std::time::Duration;

use reqwest::header::{
    CONTENT_RANGE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
    RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode};
use tokio::sync::mpsc::Sender;
use tokio::time::{sleep, timeout};

use super::about::Origin;
use super::fetch::Error;
use super::pieces::Piece;
use super::sources::List;
use crate::adapters::metadata::http::innermost;
use crate::domain::text;

/// In a row without a byte.
const TRIES: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// A server that wants a longer pause is for the job's next try.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// For an answer to begin, and between two pieces of it.
const SILENCE: Duration = Duration::from_secs(30);
/// Ten times IMDb's largest list.
const MOST_BYTES: u64 = 5 << 30;

/// What one try came to.
enum Stumble {
    Again { problem: String, after: Option<Duration> },
    Final(Error),
}

/// How often, and how long, one waits for a server that stumbles.
#[derive(Default)]
struct Patience {
    stumbles: u32,
}

impl Patience {
    /// Pauses, twice as long each time, or as long as the server wants; gives the stumble back when it is the last.
    async fn wait(&mut self, stumble: Stumble) -> Result<(), Stumble> {
        let Stumble::Again { problem, after } = &stumble else { return Err(stumble) };
        let pause = after.unwrap_or(FIRST_PAUSE * (1 << self.stumbles));
        self.stumbles += 1;
        if self.stumbles == TRIES || pause > LONGEST_PAUSE {
            return Err(stumble);
        }
        tracing::debug!("A list is asked for again in {pause:?}: {problem}");
        sleep(pause).await;
        Ok(())
    }
}

/// A list that began to come.
struct Begun {
    origin: Origin,
    done: u64,
}

pub(super) struct Download<'d> {
    pub client: &'d Client,
    pub list: List,
    /// Hears of each piece's bytes.
    pub progress: &'d (dyn Fn(u64) + Send + Sync),
}

impl Download<'_> {
    /// Whether the list is still what it was.
    pub async fn is_unchanged(&self, origin: &Origin) -> Result<bool, Error> {
        let mut headers = HeaderMap::new();
        put(&mut headers, IF_NONE_MATCH, origin.etag.as_deref());
        put(&mut headers, IF_MODIFIED_SINCE, origin.last_modified.as_deref());
        if headers.is_empty() {
            return Ok(false);
        }
        let mut patience = Patience::default();
        loop {
            match self.ask(&origin.url, headers.clone()).await {
                // The body of one that changed is not read: the connection is closed.
                Ok(answer) => return Ok(answer.status() == StatusCode::NOT_MODIFIED),
                Err(stumble) => patience.wait(stumble).await.map_err(|end| self.error(end))?,
            }
        }
    }

    /// Sends all of it, from the first of these addresses that has it.
    pub async fn all(&self, urls: &[String], to: &Sender<Piece>) -> Result<Origin, Error> {
        let mut begun: Option<Begun> = None;
        let mut patience = Patience::default();
        loop {
            let before = begun.as_ref().map_or(0, |begun| begun.done);
            let stumble = match self.go_on(urls, &mut begun, to).await {
                Ok(origin) => return Ok(origin),
                Err(stumble) => stumble,
            };
            if begun.as_ref().is_some_and(|begun| begun.done > before) {
                patience = Patience::default();
            }
            patience.wait(stumble).await.map_err(|end| self.error(end))?;
        }
    }

    async fn go_on(&self, urls: &[String], begun: &mut Option<Begun>, to: &Sender<Piece>) -> Result<Origin, Stumble> {
        let mut answer = match begun {
            None => {
                let (answer, origin) = self.first(urls).await?;
                *begun = Some(Begun { origin, done: 0 });
                answer
            }
            Some(begun) => self.rest(begun).await?,
        };
        let begun = begun.as_mut().expect("it was begun above");
        loop {
            let piece = timeout(SILENCE, answer.chunk()).await.map_err(|_| again("it stopped sending"))?;
            let Some(piece) = piece.map_err(|e| again(innermost(&e.without_url())))? else {
                return Ok(begun.origin.clone());
            };
            begun.done += piece.len() as u64;
            if begun.done > MOST_BYTES {
                return Err(Stumble::Final(self.down("it has no end".to_owned())));
            }
            (self.progress)(piece.len() as u64);
            // Whoever reads has stopped, and says why.
            to.send(Piece::Bytes(piece)).await.map_err(|_| Stumble::Final(Error::Unread))?;
        }
    }

    /// The answer of the first address that has the list.
    async fn first(&self, urls: &[String]) -> Result<(Response, Origin), Stumble> {
        let mut missing = StatusCode::NOT_FOUND;
        for url in urls {
            let answer = self.ask(url, HeaderMap::new()).await?;
            match answer.status() {
                StatusCode::OK => {
                    let header = |name: HeaderName| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
                    let (etag, last_modified) = (header(ETAG), header(LAST_MODIFIED));
                    let origin = Origin { url: url.clone(), etag, last_modified };
                    return Ok((answer, origin));
                }
                // S3 says 403 of what is not there.
                status => missing = status,
            }
        }
        let (list, setting) = (self.list.name(), self.list.setting());
        Err(Stumble::Final(Error::Absent { list, setting, status: missing.as_u16() }))
    }

    /// What has not come yet of a list that broke off.
    async fn rest(&self, begun: &Begun) -> Result<Response, Stumble> {
        let Origin { url, etag, last_modified } = &begun.origin;
        let changed = || Stumble::Final(self.down("it broke off, and is another file now".to_owned()));
        // A weak tag does not say that the bytes are the same.
        let strong = etag.as_deref().filter(|etag| !etag.starts_with("W/"));
        let Some(validator) = strong.or(last_modified.as_deref()) else {
            return Err(Stumble::Final(self.down("it broke off, and cannot be continued".to_owned())));
        };
        let mut headers = HeaderMap::new();
        put(&mut headers, RANGE, Some(&format!("bytes={}-", begun.done)));
        put(&mut headers, IF_RANGE, Some(validator));
        let answer = self.ask(url, headers).await?;
        let begins = format!("bytes {}-", begun.done);
        let range = answer.headers().get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
        let is_rest = answer.status() == StatusCode::PARTIAL_CONTENT && range.is_some_and(|r| r.starts_with(&begins));
        if is_rest { Ok(answer) } else { Err(changed()) }
    }

    /// One request; an answer of 200, 206, 304, 403 or 404.
    async fn ask(&self, url: &str, headers: HeaderMap) -> Result<Response, Stumble> {
        let sent = timeout(SILENCE, self.client.get(url).headers(headers).send()).await;
        let answer = sent.map_err(|_| again("it does not answer"))?;
        let answer = answer.map_err(|e| again(innermost(&e.without_url())))?;
        let status = answer.status();
        match status {
            StatusCode::OK
            | StatusCode::PARTIAL_CONTENT
            | StatusCode::NOT_MODIFIED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND => Ok(answer),
            StatusCode::TOO_MANY_REQUESTS => {
                let after = answer.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse().ok());
                Err(Stumble::Again {
                    problem: "too many requests (429)".to_owned(),
                    after: after.map(Duration::from_secs),
                })
            }
            _ if status.is_server_error() => Err(again(format!("it answered {status}"))),
            _ => Err(Stumble::Final(Error::Refused {
                list: self.list.name(),
                setting: self.list.setting(),
                status: status.as_u16(),
            })),
        }
    }

    fn error(&self, end: Stumble) -> Error {
        match end {
            Stumble::Final(error) => error,
            Stumble::Again { problem, .. } => self.down(problem),
        }
    }

    fn down(&self, problem: String) -> Error {
        // It may quote the answer.
        Error::Down { list: self.list.name(), problem: text::line(&problem, text::WORD) }
    }
}

fn again(problem: impl Into<String>) -> Stumble {
    Stumble::Again { problem: problem.into(), after: None }
}

/// A header, unless it has no value or one that no header takes: a server's word from long ago.
fn put(headers: &mut HeaderMap, name: HeaderName, value: Option<&str>) {
    if let Some(value) = value.and_then(|value| value.parse().ok()) {
        headers.insert(name, value);
    }
}
