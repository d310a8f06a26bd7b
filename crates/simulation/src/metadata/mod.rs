//! A metadata provider on this machine, in the shapes of TMDB v3 and of Cinemeta, with pictures of its own drawing. One
//! address serves all of it:
//!
//! ```text
//! {url}/3/…           TMDB: search, find, details with append_to_response, seasons, episode groups, genres, configuration;
//!                     wants the key
//! {url}/t/p/{size}/…  pictures (SVG)
//! {url}/meta/… {url}/catalog/…   Cinemeta, no key
//! {url}/datasets/… {url}/exports/…   the lists that IMDb and TMDB publish whole, no key
//! {url}/anime-lists/… {url}/kitsu/… {url}/anilist   sites for anime (see [`anime`]), no key
//! {url}/v4/…          TheTVDB (see [`tvdb`]), a key and a token
//! ```
//!
//! It holds the sample library, or what files give it (see [`files`]); it can be told to fail.

pub mod anime;
mod cinemeta;
mod datasets;
pub mod files;
mod fold;
mod genres;
mod index;
mod orders;
mod pace;
mod pictures;
mod tmdb;
pub mod tvdb;
pub mod work;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, HttpServer, web};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex as AsyncMutex;

use anime::Anime;
use datasets::Datasets;
use index::Index;
use pace::Limit;
use work::Work;

use work::Kind;

/// The key that the simulated TMDB accepts, in the form of a v3 key. It opens nothing else.
pub const KEY: &str = "c1e900050000000000000000000c1e90";
/// The same as a v4 read token.
pub const TOKEN: &str = "simulated.read.token";

/// What AniList answers in a minute: it has been "degraded" for years.
const ANILIST_A_MINUTE: u32 = 30;

/// What the providers begin with.
pub struct Options {
    /// On 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Usually [`crate::library::works`].
    pub works: Vec<Work>,
    /// Films and series to know instead of those in `works`: a library of 58,000 films has its own Metropolis, and two of them
    /// would make a match ambiguous. See [`files`] for the columns.
    pub films: Option<PathBuf>,
    /// The same of series, one episode a row.
    pub episodes: Option<PathBuf>,
    /// What the sites for anime know.
    pub anime: Vec<Anime>,
    /// What TheTVDB knows.
    pub tvdb: Vec<tvdb::Listed>,
    /// Before each answer, pictures excepted.
    pub latency: Duration,
    /// TMDB answers more than so many questions of a second with 429. Everything is answered when not given.
    pub per_second: Option<u32>,
}

impl Default for Options {
    /// The sample library on any free port.
    fn default() -> Self {
        Self {
            port: 0,
            works: crate::library::works(),
            films: None,
            episodes: None,
            anime: Vec::new(),
            tvdb: Vec::new(),
            latency: Duration::ZERO,
            per_second: None,
        }
    }
}

/// Why the providers cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of films or episodes cannot be read.
    #[error(transparent)]
    File(#[from] files::Error),
    /// The port is taken, or not ours to take.
    #[error("the simulated metadata provider cannot listen on {address}: {problem}")]
    Listen {
        /// The one that was asked for.
        address: SocketAddr,
        /// What the system says.
        problem: io::Error,
    },
}

/// How it fails. Pictures go on being served, but for `Down`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Connections are refused.
    Down,
    /// Every answer takes so long.
    Slow {
        /// Before each answer.
        ms: u64,
    },
    /// 429 with `Retry-After`. With `times` only for so many requests.
    TooMany {
        /// What `Retry-After` says.
        retry_after_secs: u64,
        /// How often; always when not given.
        times: Option<u32>,
    },
    /// 500. With `times` only for so many requests.
    Broken {
        /// How often; always when not given.
        times: Option<u32>,
    },
}

/// The running provider. Dropping it does not stop it; [`Server::stop`] does.
pub struct Server {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    address: SocketAddr,
    shared: web::Data<Shared>,
    /// `None` while it is down.
    running: AsyncMutex<Option<ServerHandle>>,
}

/// What every worker and request sees.
struct Shared {
    url: String,
    index: Index,
    datasets: Datasets,
    anime: Vec<Anime>,
    tvdb: Vec<tvdb::Listed>,
    tvdb_tokens: tvdb::Tokens,
    fault: Mutex<Option<Fault>>,
    latency: Duration,
    limit: Option<Limit>,
    anilist_limit: Limit,
    /// Questions that arrived, pictures not counted.
    asked: AtomicU64,
}

/// Reads the files, builds the index and serves.
pub async fn start(options: Options) -> Result<Server, Error> {
    let Options { port, mut works, films, episodes, anime, tvdb, latency, per_second } = options;
    let index = tokio::task::spawn_blocking(move || {
        if let Some(path) = films {
            works.retain(|work| work.kind != Kind::Movie);
            works.extend(files::films(&path)?);
        }
        if let Some(path) = episodes {
            works.retain(|work| work.kind != Kind::Series);
            works.extend(files::series(&path)?);
        }
        Ok::<_, files::Error>(Index::new(works))
    })
    .await
    .expect("reading the files does not panic")?;

    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let failed = |problem| Error::Listen { address: wanted, problem };
    let listener = std::net::TcpListener::bind(wanted).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let url = format!("http://{address}");
    let shared = web::Data::new(Shared {
        url: url.clone(),
        index,
        datasets: Datasets::default(),
        anime,
        tvdb,
        tvdb_tokens: tvdb::Tokens::default(),
        fault: Mutex::new(None),
        latency,
        limit: per_second.map(|most| Limit::new(most, Duration::from_secs(1))),
        anilist_limit: Limit::new(ANILIST_A_MINUTE, Duration::from_secs(60)),
        asked: AtomicU64::new(0),
    });
    let handle = serve(listener, shared.clone()).map_err(failed)?;
    Ok(Server { url, address, shared, running: AsyncMutex::new(Some(handle)) })
}

impl Server {
    /// For TMDB_URL.
    pub fn tmdb_url(&self) -> String {
        format!("{}/3", self.url)
    }

    /// For the image base URL.
    pub fn image_url(&self) -> String {
        format!("{}/t/p", self.url)
    }

    /// Cinemeta stands at the root.
    pub fn cinemeta_url(&self) -> String {
        self.url.clone()
    }

    /// For IMDB_DATASETS_URL.
    pub fn datasets_url(&self) -> String {
        format!("{}/datasets", self.url)
    }

    /// For TMDB_EXPORTS_URL.
    pub fn exports_url(&self) -> String {
        format!("{}/exports", self.url)
    }

    /// For KITSU_URL.
    pub fn kitsu_url(&self) -> String {
        format!("{}/kitsu/api/edge", self.url)
    }

    /// For ANILIST_URL.
    pub fn anilist_url(&self) -> String {
        format!("{}/anilist", self.url)
    }

    /// For TVDB_URL.
    pub fn tvdb_url(&self) -> String {
        format!("{}/v4", self.url)
    }

    /// Every token that TheTVDB gave is over.
    pub fn end_tvdb_tokens(&self) {
        self.shared.tvdb_tokens.end();
    }

    /// For ANIME_LISTS_URL.
    pub fn anime_lists_url(&self) -> String {
        format!("{}/anime-lists/anime-list-full.json", self.url)
    }

    /// How many questions arrived since the start, failed ones included.
    pub fn asked(&self) -> u64 {
        self.shared.asked.load(Ordering::Relaxed)
    }

    /// Fails from now on, or is well again.
    pub async fn set_fault(&self, fault: Option<Fault>) -> Result<(), Error> {
        let is_down = fault == Some(Fault::Down);
        *self.shared.fault.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = fault;
        let mut running = self.running.lock().await;
        if is_down {
            if let Some(handle) = running.take() {
                handle.stop(false).await;
            }
        } else if running.is_none() {
            let failed = |problem| Error::Listen { address: self.address, problem };
            let listener = std::net::TcpListener::bind(self.address).map_err(failed)?;
            *running = Some(serve(listener, self.shared.clone()).map_err(failed)?);
        }
        Ok(())
    }

    /// Ends it, with its connections.
    pub async fn stop(&self) {
        if let Some(handle) = self.running.lock().await.take() {
            handle.stop(false).await;
        }
    }
}

fn serve(listener: std::net::TcpListener, shared: web::Data<Shared>) -> io::Result<ServerHandle> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .route("/t/p/{size}/{file}", web::get().to(tmdb::picture))
            .service(web::scope("/3").wrap(from_fn(with_faults)).configure(tmdb::routes))
            .service(
                web::scope("")
                    .wrap(from_fn(with_faults))
                    .configure(cinemeta::routes)
                    .configure(datasets::routes)
                    .configure(anime::routes)
                    .configure(tvdb::routes),
            )
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)?
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

async fn with_faults(
    shared: web::Data<Shared>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    shared.asked.fetch_add(1, Ordering::Relaxed);
    if let Some(limit) = shared.limit.as_ref().filter(|_| request.path().starts_with("/3/"))
        && let Err(retry_after_secs) = limit.take(Instant::now())
    {
        return Ok(request.into_response(tmdb::too_many(retry_after_secs)).map_into_right_body());
    }
    if request.path() == "/anilist"
        && let Err(retry_after_secs) = shared.anilist_limit.take(Instant::now())
    {
        return Ok(request.into_response(anime::too_many(retry_after_secs)).map_into_right_body());
    }
    tokio::time::sleep(shared.latency).await;
    match shared.next_fault() {
        Some(Fault::TooMany { retry_after_secs, .. }) => {
            Ok(request.into_response(tmdb::too_many(retry_after_secs)).map_into_right_body())
        }
        Some(Fault::Broken { .. }) => Ok(request.into_response(tmdb::broken()).map_into_right_body()),
        Some(Fault::Slow { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            Ok(next.call(request).await?.map_into_left_body())
        }
        Some(Fault::Down) | None => Ok(next.call(request).await?.map_into_left_body()),
    }
}

impl Shared {
    /// The fault that this request meets; the counted ones count down.
    fn next_fault(&self) -> Option<Fault> {
        let mut fault = self.fault.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let met = fault.clone();
        if let Some(Fault::TooMany { times: Some(left), .. } | Fault::Broken { times: Some(left) }) = &mut *fault {
            *left = left.saturating_sub(1);
            if *left == 0 {
                *fault = None;
            }
        }
        met
    }
}

#[cfg(test)]
mod tests;
