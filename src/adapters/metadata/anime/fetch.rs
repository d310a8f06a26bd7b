//! Asks whether the list changed, and takes the new one into use. What fails leaves the old one where it is; when to try again is the
//! job's business.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::{Response, StatusCode};
use tokio::time::timeout;

use super::kept::{self, About, Kept};
use super::{AnimeList, List, rows};
use crate::adapters::metadata::client::{self, Unread};
use crate::adapters::metadata::http::innermost;
use crate::domain::text;

/// For all of it: seven megabytes.
const PATIENCE: Duration = Duration::from_secs(120);
/// Nine times what it is today.
const MAX_BYTES: usize = 64 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It is what it was.
    Unchanged,
    /// A new one is in use, of so many titles.
    Taken(usize),
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It may pass.
    #[error("the list of anime cannot be fetched: {0}")]
    Down(String),
    /// The address does not have it, or does something else.
    #[error("the list of anime is not there (it answered {0}); check ANIME_LISTS_URL")]
    Refused(StatusCode),
    /// What came is not that list.
    #[error("what came from ANIME_LISTS_URL is not used: {0}")]
    Unusable(String),
    #[error("{} cannot be written: {problem}", .dir.display())]
    Disk { dir: PathBuf, problem: io::Error },
    #[error("no connection can be made: {0}")]
    NoClient(String),
}

impl AnimeList {
    /// `now` in unix seconds. Dropped, it leaves nothing behind.
    pub async fn fetch(&self, now: i64) -> Result<Fetched, Error> {
        let asked = timeout(PATIENCE, self.ask()).await;
        let Some((about, body)) = asked.map_err(|_| Error::Down(format!("not within {PATIENCE:.0?}")))?? else {
            return Ok(Fetched::Unchanged);
        };
        let about = About { fetched: now, ..about };
        let (path, write) = (self.inner.file.path.clone(), self.inner.options.write);
        let stored = tokio::task::spawn_blocking(move || {
            let rows = rows::read(&body).map_err(|why| Error::Unusable(text::line(&why, text::WORD)))?;
            let kept = Kept { about, rows };
            kept::write(&path, write, &kept).map_err(|problem| Error::Disk { dir: path.clone(), problem })?;
            Ok(kept)
        });
        let kept = stored.await.unwrap_or_else(|error| Err(Error::Unusable(error.to_string())))?;
        let titles = kept.rows.len();
        self.inner.file.take_written(List::new(kept));
        Ok(Fetched::Taken(titles))
    }

    /// `None` when it is what it was.
    async fn ask(&self) -> Result<Option<(About, Vec<u8>)>, Error> {
        let url = &self.inner.options.url;
        let client = client::client(url).map_err(|error| Error::NoClient(innermost(&error)))?;
        let mut question = client.get(url);
        if !self.needs_fetch()
            && let Some(list) = self.list()
        {
            let About { etag, last_modified, .. } = &list.about;
            for (name, value) in [(IF_NONE_MATCH, etag), (IF_MODIFIED_SINCE, last_modified)] {
                question =
                    question.headers(value.iter().filter_map(|v| Some((name.clone(), v.parse().ok()?))).collect());
            }
        }
        let answer = question.send().await.map_err(|error| Error::Down(innermost(&error.without_url())))?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED => return Ok(None),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                return Err(Error::Down(format!("it answered {status}")));
            }
            status => return Err(Error::Refused(status)),
        }
        let about = About::new(url, header(&answer, ETAG), header(&answer, LAST_MODIFIED), 0);
        let body = client::body(answer, MAX_BYTES).await.map_err(|unread| match unread {
            Unread::TooLong => Error::Unusable("it has no end".to_owned()),
            Unread::Broken(error) => Error::Down(innermost(&error)),
        })?;
        Ok(Some((about, body)))
    }
}

fn header(answer: &Response, name: HeaderName) -> Option<String> {
    Some(answer.headers().get(name)?.to_str().ok()?.to_owned())
}
