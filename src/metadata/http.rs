//! Asking a provider over HTTP: few requests at a time, a bounded number of tries, and words for what went wrong. The key
//! travels in the request and nowhere else: errors are told without their URL.

use std::sync::Mutex;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use super::Error;
use crate::domain::text;

/// TMDB asks for no more than some 40 requests a second (developer.themoviedb.org/docs/rate-limiting); eight in flight stay
/// below that at its usual answer time.
const AT_ONCE: usize = 8;
const TRIES: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// How long one try may take, and all tries and pauses of one question together. Waiting for one's turn does not count.
#[derive(Clone, Copy)]
struct Limits {
    one_try: Duration,
    patience: Duration,
}

const LIMITS: Limits = Limits { one_try: Duration::from_secs(5), patience: Duration::from_secs(10) };
/// A series of a thousand episodes with its crews is some ten megabytes.
const MAX_ANSWER_BYTES: usize = 32 << 20;

pub(super) enum Auth {
    None,
    /// `api_key=…`
    Query(String),
    Bearer(String),
}

pub(super) struct Http {
    provider: &'static str,
    /// A client cannot be built where no root certificates are installed. The program runs on without a provider then.
    client: Result<reqwest::Client, String>,
    auth: Auth,
    limits: Limits,
    turns: Semaphore,
    /// The provider said 429: nobody asks before this.
    not_before: Mutex<Option<Instant>>,
}

/// What one try came to, when it did not come to an answer.
enum Failure {
    Final(Error),
    Again { problem: String, after: Option<Duration> },
}

impl Http {
    pub(super) fn new(provider: &'static str, base_url: &str, auth: Auth) -> Self {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("cinepost/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(3));
        // A proxy of the environment leads outside; a provider on this machine is not there.
        if base_url.starts_with("http://127.") || base_url.starts_with("http://localhost") {
            builder = builder.no_proxy();
        }
        Self {
            provider,
            client: builder.build().map_err(|e| innermost(&e)),
            auth,
            limits: LIMITS,
            turns: Semaphore::new(AT_ONCE),
            not_before: Mutex::new(None),
        }
    }

    /// The provider's answer; `None` when it says that there is no such thing.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: &str, query: &[(&str, &str)]) -> Result<Option<T>, Error> {
        let Limits { one_try, patience } = self.limits;
        let mut spent = Duration::ZERO;
        let mut pause = FIRST_PAUSE;
        for attempt in 1.. {
            let wait = self.closed_for();
            if spent + wait >= patience {
                return Err(self.down("it asks for a pause".to_owned(), Some(wait)));
            }
            sleep(wait).await;
            spent += wait;

            let turn = self.turns.acquire().await.expect("the semaphore is never closed");
            let began = Instant::now();
            let limit = one_try.min(patience - spent);
            let outcome = timeout(limit, self.once(url, query)).await.unwrap_or_else(|_| {
                Err(Failure::Again { problem: format!("no answer within {limit:.0?}"), after: None })
            });
            drop(turn);
            spent += began.elapsed();

            let (problem, after) = match outcome {
                Ok(answer) => return Ok(answer),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Again { problem, after }) => (problem, after),
            };
            if let Some(after) = after {
                self.close_for(after);
            }
            let wait = after.unwrap_or(pause);
            if attempt == TRIES || spent + wait >= patience {
                return Err(self.down(problem, after));
            }
            tracing::debug!(provider = self.provider, attempt, "{} again in {wait:?}: {problem}", self.provider);
            if after.is_none() {
                sleep(pause).await;
                spent += pause;
                pause *= 2;
            }
        }
        unreachable!("the loop ends by its last try")
    }

    async fn once<T: DeserializeOwned>(&self, url: &str, query: &[(&str, &str)]) -> Result<Option<T>, Failure> {
        let again = |problem: String| Failure::Again { problem, after: None };
        let client = match &self.client {
            Ok(client) => client,
            Err(problem) => return Err(Failure::Final(self.down(format!("no client for it: {problem}"), None))),
        };
        let mut request = client.get(url).query(query);
        match &self.auth {
            Auth::None => {}
            Auth::Query(key) => request = request.query(&[("api_key", key)]),
            Auth::Bearer(token) => request = request.bearer_auth(token),
        }
        let mut response = request.send().await.map_err(|e| again(innermost(&e.without_url())))?;
        let status = response.status();
        match status {
            StatusCode::OK => {}
            // 400 and 422 are TMDB's words for an id that cannot be one.
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                return Ok(None);
            }
            StatusCode::UNAUTHORIZED if !matches!(self.auth, Auth::None) => {
                return Err(Failure::Final(Error::BadKey { provider: self.provider }));
            }
            StatusCode::TOO_MANY_REQUESTS => {
                let seconds = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse().ok());
                let after = seconds.map(|s: u64| Duration::from_secs(s.min(3600)));
                return Err(Failure::Again { problem: "too many requests (429)".to_owned(), after });
            }
            _ if status.is_server_error() => return Err(again(format!("it answered {status}"))),
            _ => return Err(Failure::Final(self.down(format!("it answered {status}"), None))),
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|e| again(innermost(&e.without_url())))? {
            if body.len() + piece.len() > MAX_ANSWER_BYTES {
                return Err(Failure::Final(self.down("its answer has no end".to_owned(), None)));
            }
            body.extend_from_slice(&piece);
        }
        serde_json::from_slice(&body).map(Some).map_err(|e| again(format!("its answer cannot be read: {e}")))
    }

    fn down(&self, problem: String, retry_after: Option<Duration>) -> Error {
        // It may quote the answer.
        let problem = text::line(&problem, text::WORD);
        Error::Down { provider: self.provider, problem, retry_after }
    }

    fn closed_for(&self) -> Duration {
        let not_before = self.not_before.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        not_before.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }

    fn close_for(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut not_before = self.not_before.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *not_before = Some(not_before.map_or(until, |earlier| earlier.max(until)));
    }
}

/// The deepest cause says what happened ("Connection refused"); those above only say that something did.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::sim::metadata::{self as sim, Fault};

    #[tokio::test]
    async fn patience_ends_in_the_middle_of_a_slow_answer() {
        let server = sim::start(sim::Options::default()).await.expect("a free port");
        server.set_fault(Some(Fault::Slow { ms: 30_000 })).await.expect("set");
        let mut http = Http::new("TMDB", &server.url, Auth::Query(sim::KEY.to_owned()));
        http.limits = Limits { one_try: Duration::from_millis(300), patience: Duration::from_millis(700) };
        let began = std::time::Instant::now();
        let failed = http.get::<Value>(&format!("{}/configuration", server.tmdb_url()), &[]).await;
        let Err(Error::Down { problem, .. }) = failed else { panic!("{failed:?}") };
        // A try of 300 ms, a pause of 250 ms, and a second try cut short.
        assert_eq!(server.asked(), 2);
        assert!((600..2000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
        assert!(problem.starts_with("no answer within") && !problem.contains(sim::KEY), "{problem}");
        server.stop().await;
    }

    #[tokio::test]
    async fn an_answer_of_another_shape_is_a_provider_that_is_down() {
        let server = sim::start(sim::Options::default()).await.expect("a free port");
        let http = Http::new("TMDB", &server.url, Auth::Query(sim::KEY.to_owned()));
        let failed = http.get::<Vec<u8>>(&format!("{}/configuration", server.tmdb_url()), &[]).await;
        assert!(
            matches!(&failed, Err(Error::Down { problem, .. }) if problem.contains("cannot be read")),
            "{failed:?}"
        );
        server.stop().await;
    }
}
