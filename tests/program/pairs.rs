//! Two things go wrong at once: each kind of fault together with each other, while streams run. Every stream goes on before its
//! player loses patience, no byte is wrong, and who begins to watch is not turned away.
//!
//! What is promised for a pair is the worse of the two alone. How long each silence was is printed beside it (`--no-capture`); the
//! test does not judge by it, because a machine that has other things to do takes longer.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::TestApp;
use cinepost::adapters::metadata::client;
use serde_json::json;
use simulation::faults::{Effect, Fault, Per};
use simulation::{Sim, content};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const GIB: u64 = 1 << 30;
const BOTS: [&str; 4] = ["main", "helper1", "helper2", "helper3"];
const ROUND_TRIP_MS: u64 = 20;
/// Slow enough that no buffer on the way fills and hides a gap.
const BOT_BYTES_PER_SECOND: u64 = 1_500_000;
/// Between the two.
const APART: Duration = Duration::from_millis(300);
/// No player waits longer.
const PATIENCE: Duration = Duration::from_secs(20);
/// No answer takes longer on a line that is well.
const CALM: Duration = Duration::from_millis(600);
/// What was held up has come when streams have flowed for so long.
const FLOWS: Duration = Duration::from_millis(700);

/// A kind of fault and what is promised for it.
struct Kind {
    name: &'static str,
    /// Telegram itself is away for so long.
    away_ms: u64,
    /// A stream that runs brings nothing for so long at most, not counting that.
    silence_ms: u64,
    faults: fn() -> serde_json::Value,
    /// Stepped by so many seconds.
    clock_secs: i64,
}

fn none() -> serde_json::Value {
    json!([])
}

/// The same for every bot, the next time it asks for bytes.
fn once_for_all(fault: serde_json::Value) -> serde_json::Value {
    let faults = BOTS.map(|bot| {
        let mut fault = fault.clone();
        fault["account"] = bot.into();
        fault["method"] = "upload.getFile".into();
        fault["times"] = 1.into();
        fault
    });
    faults.to_vec().into()
}

const HOUR: i64 = 3_600;

#[rustfmt::skip]
const KINDS: [Kind; 12] = [
    Kind { name: "one bot flooded for 3 s", away_ms: 0, silence_ms: 500, clock_secs: 0,
        faults: || json!([{"kind": "flood_wait", "seconds": 3, "account": "helper1", "method": "upload.getFile", "times": 1}]) },
    // What it holds is asked for elsewhere once it is late, by what answers take on lines this slow.
    Kind { name: "one bot stalled", away_ms: 0, silence_ms: 1_500, clock_secs: 0,
        faults: || json!([{"kind": "stall", "account": "helper2", "method": "upload.getFile"}]) },
    Kind { name: "a connection of every bot cut", away_ms: 0, silence_ms: 500, clock_secs: 0,
        faults: || once_for_all(json!({"kind": "cut", "after_bytes": 1_000})) },
    Kind { name: "-429 to every bot", away_ms: 0, silence_ms: 1_000, clock_secs: 0,
        faults: || once_for_all(json!({"kind": "transport_error"})) },
    Kind { name: "replies of the wrong length", away_ms: 0, silence_ms: 500, clock_secs: 0,
        faults: || once_for_all(json!({"kind": "short_reply"})) },
    Kind { name: "500 INTERNAL", away_ms: 0, silence_ms: 500, clock_secs: 0,
        faults: || once_for_all(json!({"kind": "rpc_error"})) },
    Kind { name: "every reference expired", away_ms: 0, silence_ms: 500, clock_secs: 0,
        faults: || once_for_all(json!({"kind": "expire_references"})) },
    Kind { name: "sessions forgotten", away_ms: 0, silence_ms: 500, clock_secs: 0,
        faults: || once_for_all(json!({"kind": "new_session"})) },
    Kind { name: "the clock an hour ahead", away_ms: 0, silence_ms: 1_000, clock_secs: -HOUR, faults: none },
    Kind { name: "the clock an hour behind", away_ms: 0, silence_ms: 1_000, clock_secs: HOUR, faults: none },
    Kind { name: "restarted", away_ms: 500, silence_ms: 1_000, clock_secs: 0, faults: none },
    Kind { name: "deaf and dumb", away_ms: 500, silence_ms: 2_500, clock_secs: 0,
        faults: || json!([{"kind": "black_hole"}]) },
];

impl Kind {
    async fn strike(&self, sim: &Sim) {
        let faults: Vec<Fault> = serde_json::from_value((self.faults)()).expect("faults");
        faults.into_iter().for_each(|fault| sim.fault(fault));
        if self.clock_secs != 0 {
            sim.step_clock(self.clock_secs);
        }
        let away = Duration::from_millis(self.away_ms);
        match self.name {
            "restarted" => sim.restart(away).await.expect("it comes back"),
            "deaf and dumb" => {
                sleep(away).await;
                sim.clear_faults_of(&Effect::BlackHole);
            }
            _ => {}
        }
    }
}

/// The promise: how long a stream brings nothing at most.
fn promised(pair: [&Kind; 2]) -> Duration {
    let away = pair.iter().map(|kind| kind.away_ms).sum::<u64>();
    let silence = pair.iter().map(|kind| kind.silence_ms).max().unwrap_or_default();
    Duration::from_millis(away + silence)
}

/// A stream that is read as fast as it comes, and compared.
struct Stream {
    /// When it last brought something, and the longest that it has brought nothing since that was last asked.
    state: Arc<Mutex<(Instant, Duration)>>,
    task: JoinHandle<()>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stream {
    fn begin(http: &reqwest::Client, url: &str, document: i64, from: u64) -> Self {
        let state = Arc::new(Mutex::new((Instant::now(), Duration::ZERO)));
        let (brought, request) = (state.clone(), http.get(url).header("Range", format!("bytes={from}-")));
        let task = tokio::spawn(async move {
            let mut answer = request.send().await.expect("it answers");
            assert_eq!(answer.status(), 206);
            let (mut at, mut wanted) = (from, Vec::new());
            while let Ok(Some(piece)) = answer.chunk().await {
                wanted.resize(piece.len(), 0);
                content::fill(document, at, &mut wanted);
                assert!(piece == wanted, "a wrong byte between {at} and {}", at + piece.len() as u64);
                at += piece.len() as u64;
                let mut state = brought.lock().expect("not poisoned");
                *state = (Instant::now(), state.1.max(state.0.elapsed()));
            }
        });
        Self { state, task }
    }

    fn silent_now(&self) -> Duration {
        self.state.lock().expect("not poisoned").0.elapsed()
    }

    /// The longest silence since the last question, one that goes on included.
    fn silence(&self) -> Duration {
        let mut state = self.state.lock().expect("not poisoned");
        let longest = state.1.max(state.0.elapsed());
        state.1 = Duration::ZERO;
        longest
    }
}

struct Bed {
    app: TestApp,
    /// A connection for each stream: one that is kept may be closed by the server in the moment in which it is taken again.
    http: reqwest::Client,
    url: String,
    document: i64,
    streams: [Stream; 2],
}

impl Bed {
    async fn new() -> Self {
        let (app, url, document) = TestApp::playing(BOTS.len(), 8 * GIB).await;
        line(&app.sim);
        let http = client::builder().pool_max_idle_per_host(0).build().expect("a client");
        let streams = [GIB, 3 * GIB].map(|from| Stream::begin(&http, &url, document, from));
        let bed = Self { app, http, url, document, streams };
        bed.calm().await;
        bed
    }

    /// Until the streams flow as if nothing had been.
    async fn calm(&self) {
        let begin = Instant::now();
        while !self.flows_for(CALM).await {
            assert!(begin.elapsed() < Duration::from_secs(60), "it does not flow again");
        }
    }

    /// Whether the streams flow for so long.
    async fn flows_for(&self, time: Duration) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < time {
            sleep(CALM / 12).await;
            if self.streams.iter().any(|stream| stream.silent_now() >= CALM) {
                return false;
            }
        }
        true
    }

    /// What is wrong with how a pair of faults was borne; nothing when all is well.
    async fn bears(&self, pair: [&Kind; 2], round: u64) -> Option<String> {
        let sim = &self.app.sim;
        let watch = async {
            sleep(APART * 2).await;
            let from = 5 * GIB + round * (4 << 20);
            let range = format!("bytes={from}-{}", from + 65_535);
            let begin = Instant::now();
            let new = async {
                let answer = self.http.get(&self.url).header("Range", range).send().await.expect("it answers");
                (answer.status().as_u16(), answer.bytes().await.unwrap_or_default())
            };
            let new = timeout(PATIENCE, new).await;
            let mut wanted = vec![0; 65_536];
            content::fill(self.document, from, &mut wanted);
            let problem = match new {
                Err(_) => Some(format!("who begins gets nothing within {:?}", begin.elapsed())),
                Ok((206, bytes)) if bytes == wanted => None,
                Ok((status, bytes)) => Some(format!("who begins gets {status} and {} bytes", bytes.len())),
            };
            // Until it flows again, or no player would wait any longer.
            while begin.elapsed() < PATIENCE + APART && !self.flows_for(FLOWS).await {}
            problem
        };
        self.streams.iter().for_each(|stream| _ = stream.silence());
        let second = async {
            sleep(APART).await;
            pair[1].strike(sim).await;
        };
        let ((), (), problem) = tokio::join!(pair[0].strike(sim), second, watch);
        let silence = self.streams.iter().map(Stream::silence).max().unwrap_or_default();
        println!("{} + {}: {silence:?}, promised {:?}", pair[0].name, pair[1].name, promised(pair));
        line(sim);
        let silent = (silence > PATIENCE).then(|| format!("silent for {silence:?}"));
        let problems: Vec<_> = silent.into_iter().chain(problem).collect();
        (!problems.is_empty()).then(|| format!("{} + {}: {}", pair[0].name, pair[1].name, problems.join("; ")))
    }
}

/// The line as it is without faults.
fn line(sim: &Sim) {
    sim.clear_faults();
    sim.fault(Fault::new(Effect::RoundTrip { ms: ROUND_TRIP_MS }));
    sim.fault(Fault::new(Effect::Speed { bytes_per_second: BOT_BYTES_PER_SECOND, per: Per::Bot }));
}

/// One kind together with every kind.
async fn row(first: usize) {
    let mut problems = Vec::new();
    let mut bed = None;
    for (round, second) in KINDS.iter().enumerate() {
        let pair = [&KINDS[first], second];
        let on = match bed.take() {
            Some(bed) => bed,
            None => Bed::new().await,
        };
        problems.extend(on.bears(pair, round as u64).await);
        // Telegram remembers who opens too many connections, and so do we: the next pair is to begin from nothing.
        if pair.iter().any(|kind| kind.name.starts_with("-429")) {
            let Bed { app, streams, .. } = on;
            // It would wait for them.
            drop(streams);
            app.stop().await;
        } else {
            on.calm().await;
            bed = Some(on);
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

macro_rules! rows {
    ($($name:ident: $first:expr;)*) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            row($first).await;
        }
    )* };
}

rows! {
    a_flooded_bot_and_anything_else: 0;
    a_stalled_bot_and_anything_else: 1;
    cut_connections_and_anything_else: 2;
    too_many_connections_and_anything_else: 3;
    short_replies_and_anything_else: 4;
    internal_errors_and_anything_else: 5;
    expired_references_and_anything_else: 6;
    forgotten_sessions_and_anything_else: 7;
    a_clock_ahead_and_anything_else: 8;
    a_clock_behind_and_anything_else: 9;
    a_restart_and_anything_else: 10;
    silence_and_anything_else: 11;
}
