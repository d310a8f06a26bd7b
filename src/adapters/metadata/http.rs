//! Asking a provider over HTTP: few requests at a time, a bounded number of tries, and words for what went wrong. The key
//! travels in the request and nowhere else: errors are shown without their URL.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use super::Error;
use super::client::{self, Unread};
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
/// How often a person may have a provider asked that said 429: it does not stop counting because somebody is impatient.
const ANYWAY_EVERY: Duration = Duration::from_secs(5);
/// A series of a thousand episodes with its crews is some ten megabytes.
const MAX_ANSWER_BYTES: usize = 32 << 20;

pub(super) enum Auth {
    None,
    /// `api_key=…`
    Query(String),
    Bearer(String),
    /// The question brings its own.
    InQuestion,
}

pub(super) struct Http {
    provider: &'static str,
    /// A client cannot be built where no root certificates are installed. The program runs on without a provider then.
    client: Result<reqwest::Client, String>,
    auth: Auth,
    limits: Limits,
    pace: Option<Pace>,
    turns: Semaphore,
    gate: Mutex<Gate>,
}

/// What a provider takes: so many questions in any such time.
#[derive(Clone, Copy)]
struct Pace {
    questions: usize,
    period: Duration,
}

/// What is known of the provider: it is closed while it wants a pause.
#[derive(Default)]
struct Gate {
    /// The provider said 429: nobody asks before this.
    not_before: Option<Instant>,
    /// A person wants an answer now: one question may pass.
    lets_one_pass: bool,
    /// When a person last wanted that.
    wanted: Option<Instant>,
    /// The latest questions, of a provider with a pace.
    asked: VecDeque<Instant>,
    last: Option<Result<(), Error>>,
}

/// What one try came to, when it did not come to an answer.
enum Failure {
    Final(Error),
    Again { problem: String, after: Option<Duration> },
}

impl Http {
    pub(super) fn new(provider: &'static str, base_url: &str, auth: Auth) -> Self {
        Self {
            provider,
            client: client::client(base_url).map_err(|e| innermost(&e)),
            auth,
            limits: LIMITS,
            pace: None,
            turns: Semaphore::new(AT_ONCE),
            gate: Mutex::default(),
        }
    }

    /// One that takes no more than so many questions in this time; more wait for their turn.
    pub(super) fn with_at_most(self, questions: usize, period: Duration) -> Self {
        Self { pace: Some(Pace { questions, period }), ..self }
    }

    /// The provider's answer; `None` when it says that there is no such thing.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: &str, query: &[(&str, &str)]) -> Result<Option<T>, Error> {
        self.ask(|client| client.get(url).query(query)).await
    }

    /// The same for any question.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        question: impl Fn(&Client) -> RequestBuilder,
    ) -> Result<Option<T>, Error> {
        let answer = Box::pin(self.patiently(question)).await;
        self.gate().last = Some(answer.as_ref().map(|_| ()).map_err(Error::clone));
        answer
    }

    /// How the last question went; `None` before the first.
    pub(super) fn last(&self) -> Option<Result<(), Error>> {
        self.gate().last.clone()
    }

    async fn patiently<T: DeserializeOwned>(
        &self,
        question: impl Fn(&Client) -> RequestBuilder,
    ) -> Result<Option<T>, Error> {
        let Limits { one_try, patience } = self.limits;
        let mut spent = Duration::ZERO;
        let mut pause = FIRST_PAUSE;
        for attempt in 1.. {
            let is_let_pass = loop {
                let (wait, is_let_pass) = self.closed_for();
                if wait.is_zero() {
                    break is_let_pass;
                }
                if spent + wait >= patience {
                    return Err(self.down("it asks for a pause".to_owned(), Some(wait)));
                }
                sleep(wait).await;
                spent += wait;
            };

            let turn = self.turns.acquire().await.expect("the semaphore is never closed");
            let began = Instant::now();
            let limit = one_try.min(patience - spent);
            let outcome = timeout(limit, self.once(&question)).await.unwrap_or_else(|_| {
                Err(Failure::Again { problem: format!("no answer within {limit:.0?}"), after: None })
            });
            drop(turn);
            spent += began.elapsed();

            let (problem, after) = match outcome {
                Ok(answer) => {
                    if is_let_pass {
                        self.gate().not_before = None;
                    }
                    return Ok(answer);
                }
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

    async fn once<T: DeserializeOwned>(
        &self,
        question: &impl Fn(&Client) -> RequestBuilder,
    ) -> Result<Option<T>, Failure> {
        let again = |problem: String| Failure::Again { problem, after: None };
        let client = match &self.client {
            Ok(client) => client,
            Err(problem) => return Err(Failure::Final(self.down(format!("no client for it: {problem}"), None))),
        };
        let mut request = question(client);
        match &self.auth {
            Auth::None | Auth::InQuestion => {}
            Auth::Query(key) => request = request.query(&[("api_key", key)]),
            Auth::Bearer(token) => request = request.bearer_auth(token),
        }
        let response = request.send().await.map_err(|e| again(innermost(&e.without_url())))?;
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
            _ if status.is_redirection() => {
                let problem = format!("it sends us elsewhere ({status}), which is not followed; check its address");
                return Err(Failure::Final(self.down(problem, None)));
            }
            _ if status.is_server_error() => return Err(again(format!("it answered {status}"))),
            _ => return Err(Failure::Final(self.down(format!("it answered {status}"), None))),
        }
        let body = client::body(response, MAX_ANSWER_BYTES).await.map_err(|unread| match unread {
            Unread::TooLong => Failure::Final(self.down("its answer has no end".to_owned(), None)),
            Unread::Broken(error) => again(innermost(&error)),
        })?;
        serde_json::from_slice(&body).map(Some).map_err(|e| again(format!("its answer cannot be read: {e}")))
    }

    /// It says that there is no such thing where there is: the question is not one that it takes.
    pub(super) fn misunderstood(&self) -> Error {
        self.down("it does not take the question; check its address".to_owned(), None)
    }

    fn down(&self, problem: String, retry_after: Option<Duration>) -> Error {
        // It may quote the answer.
        let problem = text::line(&problem, text::WORD);
        Error::Down { provider: self.provider, problem, retry_after }
    }

    /// A person wants an answer in spite of a pause that the provider asked for: the next question is asked at once, and
    /// when it is answered the pause is over.
    pub(super) fn ask_anyway(&self) {
        let now = Instant::now();
        let mut gate = self.gate();
        let is_soon = gate.wanted.is_some_and(|wanted| now < wanted + ANYWAY_EVERY);
        if gate.not_before.is_some_and(|until| until > now) && !is_soon {
            gate.lets_one_pass = true;
            gate.wanted = Some(now);
        }
    }

    /// How long to wait before a question, and whether it is the one that need not. Of no time: it counts as asked.
    fn closed_for(&self) -> (Duration, bool) {
        let now = Instant::now();
        let mut gate = self.gate();
        let mut pause = gate.not_before.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let is_let_pass = !pause.is_zero() && std::mem::take(&mut gate.lets_one_pass);
        if is_let_pass {
            pause = Duration::ZERO;
        }
        let Some(Pace { questions, period }) = self.pace else { return (pause, is_let_pass) };
        while gate.asked.front().is_some_and(|asked| now >= *asked + period) {
            gate.asked.pop_front();
        }
        if gate.asked.len() >= questions
            && let Some(oldest) = gate.asked.front()
        {
            pause = pause.max((*oldest + period).saturating_duration_since(now));
        }
        if pause.is_zero() {
            gate.asked.push_back(now);
        }
        (pause, is_let_pass)
    }

    fn close_for(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut gate = self.gate();
        gate.not_before = Some(gate.not_before.map_or(until, |earlier| earlier.max(until)));
        gate.lets_one_pass = false;
    }

    fn gate(&self) -> std::sync::MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// The deepest cause says what happened ("Connection refused"); those above only say that something did.
pub(super) fn innermost(error: &reqwest::Error) -> String {
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
    use simulation::metadata::{self as provider, Fault};

    #[tokio::test]
    async fn patience_ends_in_the_middle_of_a_slow_answer() {
        let server = provider::start(provider::Options::default()).await.expect("a free port");
        server.set_fault(Some(Fault::Slow { ms: 30_000 })).await.expect("set");
        let mut http = Http::new("TMDB", &server.url, Auth::Query(provider::KEY.to_owned()));
        http.limits = Limits { one_try: Duration::from_millis(300), patience: Duration::from_millis(700) };
        let began = std::time::Instant::now();
        let failed = http.get::<Value>(&format!("{}/configuration", server.tmdb_url()), &[]).await;
        let Err(Error::Down { problem, .. }) = failed else { panic!("{failed:?}") };
        // A try of 300 ms, a pause of 250 ms, and a second try cut short.
        assert_eq!(server.asked(), 2);
        assert!((600..2000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
        assert!(problem.starts_with("no answer within") && !problem.contains(provider::KEY), "{problem}");
        server.stop().await;
    }

    /// Answers each connection with this, and tells what it was asked.
    async fn answering(answer: String) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (asked, questions) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let mut question = vec![0; 4096];
                let length = connection.read(&mut question).await.unwrap_or(0);
                let _ = asked.send(String::from_utf8_lossy(&question[..length]).into_owned());
                let _ = connection.write_all(answer.as_bytes()).await;
            }
        });
        (url, questions)
    }

    #[tokio::test]
    async fn nobody_is_followed_elsewhere_and_no_key_is_taken_along() {
        let good =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
        let (elsewhere, mut asked_elsewhere) = answering(good.to_owned()).await;
        for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
            let location = format!("{elsewhere}/inside");
            let answer =
                format!("HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let (url, mut asked) = answering(answer).await;
            let http = Http::new("TMDB", &url, Auth::Query(provider::KEY.to_owned()));
            let failed = http.get::<Value>(&format!("{url}/3/configuration"), &[]).await;
            let Err(Error::Down { problem, .. }) = failed else { panic!("{status}: {failed:?}") };
            assert!(problem.contains("sends us elsewhere") && problem.contains("not followed"), "{problem}");
            assert!(!problem.contains(provider::KEY) && !problem.contains("inside"), "{problem}");
            let question = asked.recv().await.expect("it was asked").to_lowercase();
            assert!(question.contains("api_key=") && !question.contains("referer"), "{question}");
            assert!(asked.try_recv().is_err(), "{status}: it is asked once");
        }
        assert!(asked_elsewhere.try_recv().is_err(), "somebody was followed elsewhere");
    }

    #[tokio::test]
    async fn an_answer_without_end_is_given_up() {
        let endless =
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", "10\r\n0123456789abcdef\r\n".repeat(8));
        let (url, _asked) = answering(endless).await;
        let answer = client::client(&url).expect("a client").get(&url).send().await.expect("it answers");
        assert!(matches!(client::body(answer, 100).await, Err(Unread::TooLong)));
    }

    #[tokio::test]
    async fn a_person_is_answered_in_spite_of_a_long_pause_but_not_at_every_click() {
        let server = provider::start(provider::Options::default()).await.expect("a free port");
        let hour = |times| Some(Fault::TooMany { retry_after_secs: 3600, times });
        server.set_fault(hour(None)).await.expect("set");
        let http = Http::new("TMDB", &server.url, Auth::Query(provider::KEY.to_owned()));
        let url = format!("{}/configuration", server.tmdb_url());
        let is_answered = async || http.get::<Value>(&url, &[]).await.is_ok();
        assert!(!is_answered().await);
        assert!(!is_answered().await);
        assert_eq!(server.asked(), 1, "the pause is kept");

        http.ask_anyway();
        assert!(!is_answered().await);
        assert!(!is_answered().await);
        assert_eq!(server.asked(), 2, "one question passes");
        server.set_fault(None).await.expect("set");
        http.ask_anyway();
        assert!(!is_answered().await);
        assert_eq!(server.asked(), 2, "clicked again at once");

        http.gate().wanted = Instant::now().checked_sub(ANYWAY_EVERY);
        http.ask_anyway();
        assert!(is_answered().await && is_answered().await, "once it answers, the pause is over");
        server.stop().await;
    }

    #[tokio::test]
    async fn no_more_is_asked_in_a_time_than_the_provider_takes() {
        let server = provider::start(provider::Options::default()).await.expect("a free port");
        let http = Http::new("TMDB", &server.url, Auth::Query(provider::KEY.to_owned()));
        let http = http.with_at_most(2, Duration::from_millis(400));
        let url = format!("{}/configuration", server.tmdb_url());
        let began = Instant::now();
        for _ in 0..5 {
            assert!(http.get::<Value>(&url, &[]).await.is_ok());
        }
        assert!(began.elapsed() >= Duration::from_millis(800), "{:?}", began.elapsed());
        assert_eq!(server.asked(), 5);
        let http = http.with_at_most(2, Duration::from_secs(60));
        let failed = http.get::<Value>(&url, &[]).await.and(http.get::<Value>(&url, &[]).await);
        assert!(matches!(failed, Err(Error::Down { retry_after: Some(_), .. })), "that long nobody waits: {failed:?}");
        server.stop().await;
    }

    #[tokio::test]
    async fn an_answer_of_another_shape_is_a_provider_that_is_down() {
        let server = provider::start(provider::Options::default()).await.expect("a free port");
        let http = Http::new("TMDB", &server.url, Auth::Query(provider::KEY.to_owned()));
        let failed = http.get::<Vec<u8>>(&format!("{}/configuration", server.tmdb_url()), &[]).await;
        assert!(
            matches!(&failed, Err(Error::Down { problem, .. }) if problem.contains("cannot be read")),
            "{failed:?}"
        );
        server.stop().await;
    }
}
