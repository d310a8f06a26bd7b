//! Floor 2: the only place that calls metadata providers. TMDB first; Cinemeta gives answers without a key, and about IMDb
//! ids that TMDB does not know. Both stand behind one shape, and their answers are remembered, "not found" included.
//!
//! ```text
//! identify.rs  what a file is: the ladder, step by step
//! steps/       its steps, a file each
//! places.rs    where in its series a file belongs: in the seasons, or in another order of the episodes
//! readings.rs  the second readings of a name, and what proves one
//! answers.rs   equal questions are one; answers live in the store for days, "not found" for hours, errors never
//! tmdb/ cinemeta.rs    one provider each: URL, wire structs, map to Title
//! http.rs      tries, pauses, time limits, turns
//! client.rs    the HTTP client: no redirects, no referrer, answers up to a limit
//! anime/       the list of what other sites' ids stand for
//! kept_file.rs a file of ours that another process may replace
//! index/       titles by their names on this machine: candidates without asking anybody
//! sites/       Kitsu and AniList for anime, TheTVDB for all: asked by name where the others know none
//! ratings.rs   IMDb's rating beside TMDB's answer
//! wire.rs      reading what providers really send
//! ```

pub mod anime;
mod answers;
mod cinemeta;
pub mod client;
mod http;
mod identify;
pub mod index;
mod kept_file;
mod places;
mod ratings;
mod readings;
mod sites;
mod steps;
mod tmdb;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use anime::AnimeList;
use answers::Answers;
pub use answers::NoAnswers;
use cinemeta::Cinemeta;
use index::Titles;
use ratings::Ratings;
use sha2::{Digest, Sha256};
use sites::Sites;
pub use sites::tvdb::Account as TvdbAccount;
pub use sites::{AnimeSites, Options as SiteOptions};
pub use steps::by_foreign_id::Linked;
use tmdb::Tmdb;

use crate::domain::anime::Anime;
use crate::domain::matching::{Candidate, How, Suggestion};
use crate::domain::title::{ImdbId, Kind, MetaId, Title, TmdbId};
use release_name::Reading;

pub struct Options {
    /// A v3 key (32 hex digits) or a v4 read token. Without it only Cinemeta answers.
    pub tmdb_key: Option<String>,
    /// `https://api.themoviedb.org/3`
    pub tmdb_url: String,
    /// `https://image.tmdb.org/t/p`
    pub image_url: String,
    /// `https://v3-cinemeta.strem.io`
    pub cinemeta_url: String,
    /// Of names and plots: `en-US`.
    pub language: String,
}

#[cfg(test)]
impl Options {
    /// The simulated provider's.
    pub fn simulated(server: &simulation::metadata::Server, tmdb_key: Option<&str>) -> Self {
        Self {
            tmdb_key: tmdb_key.map(str::to_owned),
            tmdb_url: server.tmdb_url(),
            image_url: server.image_url(),
            cinemeta_url: server.cinemeta_url(),
            language: "en-US".to_owned(),
        }
    }
}

/// Where answers are remembered. `ttl` counts from now. Failing to remember is not an error of the question.
pub trait AnswerCache: Send + Sync + 'static {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<String>>;
    fn put<'a>(&'a self, key: &'a str, value: &'a str, ttl: Duration) -> BoxFuture<'a, ()>;
}

pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing was learned: ask again later. After retries with backoff inside.
    #[error("{provider} cannot be reached: {problem}")]
    Down { provider: &'static str, problem: String, retry_after: Option<Duration> },
    /// Asking again is of no use until the key is mended.
    #[error("{provider} refuses the key; check {}", setting_of(provider))]
    BadKey { provider: &'static str },
}

impl Error {
    /// Whether others can be matched meanwhile: such sites are asked for few files.
    pub fn is_of_a_site(&self) -> bool {
        let (Self::Down { provider, .. } | Self::BadKey { provider }) = self;
        sites::NAMES.contains(provider)
    }
}

fn setting_of(provider: &str) -> &'static str {
    if provider == sites::tvdb::NAME { "TVDB_API_KEY" } else { "TMDB_API_KEY" }
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Identified {
    Match {
        title: Box<Title>,
        /// How the name had to be read for it, when not as the release stands: [`Release::read_as`] gives its numbers.
        ///
        /// [`Release::read_as`]: release_name::Release::read_as
        reading: Option<Reading>,
        how: How,
        /// The season whose numbers the file's are, where another site's id or name led here.
        anime: Option<Box<Anime>>,
    },
    /// Several fit alike, best known first; or one that something speaks against.
    Ambiguous { searched: String, candidates: Vec<Suggestion> },
    /// `nearest`: what came near, each with what speaks against it.
    NoMatch { searched: String, nearest: Vec<Suggestion> },
    /// The id in the name or caption is nobody's.
    UnknownId { id: String },
    /// The name holds neither an id nor a title to search for.
    NoTitle,
}

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Metadata {
    inner: Arc<Inner>,
    titles: Titles,
    anime: AnimeList,
    sites: Arc<Sites>,
}

struct Inner {
    tmdb: Option<Tmdb>,
    cinemeta: Cinemeta,
    ratings: Ratings,
    answers: Answers,
    /// Keeps answers of other settings apart: another language, another image server, a simulated provider.
    scope: String,
}

impl Metadata {
    pub fn new(options: Options, cache: Arc<dyn AnswerCache>) -> Self {
        let Options { tmdb_key, tmdb_url, image_url, cinemeta_url, language } = options;
        let key = tmdb_key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        let provider = if key.is_some() { tmdb::NAME } else { cinemeta::NAME };
        let mut hash = Sha256::new();
        for setting in [provider, &tmdb_url, &image_url, &cinemeta_url, &language] {
            hash.update(setting);
            hash.update([0]);
        }
        let scope = hash.finalize()[..6].iter().map(|b| format!("{b:02x}")).collect();
        let tmdb = key.map(|key| Tmdb::new(&tmdb_url, &image_url, &language, &key));
        let cinemeta = Cinemeta::new(&cinemeta_url);
        Self {
            inner: Arc::new(Inner { tmdb, cinemeta, ratings: Ratings::default(), answers: Answers::new(cache), scope }),
            titles: Titles::none(),
            anime: AnimeList::none(),
            sites: Arc::default(),
        }
    }

    /// The same with a title index of this machine.
    pub fn with_titles(self, titles: Titles) -> Self {
        Self { titles, ..self }
    }

    /// The same with what other sites' ids stand for.
    pub fn with_anime(self, anime: AnimeList) -> Self {
        Self { anime, ..self }
    }

    /// The same with sites that are asked where the providers know none of that name.
    pub fn with_sites(self, options: SiteOptions) -> Self {
        Self { sites: Arc::new(Sites::new(options)), ..self }
    }

    /// Titles that the provider offers for a name, its own order kept. `year` narrows as TMDB's search does; no year
    /// or a wrong one is the caller's business (ask again without). Empty when it knows none.
    pub async fn search(&self, kind: Kind, name: &str, year: Option<u16>) -> Result<Vec<Candidate>, Error> {
        let name = name.trim();
        if name.is_empty() {
            return Ok(Vec::new());
        }
        let Some(tmdb) = &self.inner.tmdb else { return self.search_cinemeta(kind, name, year).await };
        let said_year = year.map_or_else(|| "-".to_owned(), |y| y.to_string());
        let key = self.key(&format!("search:{kind}:{said_year}:{}", name.to_lowercase()));
        let lifetime = |found: &Vec<Candidate>| search_lifetime(!found.is_empty());
        self.inner.answers.ask(key, lifetime, tmdb.search(kind, name, year)).await
    }

    /// Its search knows no year, so the year narrows here: to it and its neighbours, as TMDB's search of any country's release
    /// does. A row without a year stays.
    async fn search_cinemeta(&self, kind: Kind, name: &str, year: Option<u16>) -> Result<Vec<Candidate>, Error> {
        let key = self.key(&format!("search:{kind}:-:{}", name.to_lowercase()));
        let lifetime = |found: &Vec<Candidate>| search_lifetime(!found.is_empty());
        let found = self.inner.answers.ask(key, lifetime, self.inner.cinemeta.search(kind, name)).await?;
        let is_near = |c: &Candidate| year.zip(c.year).is_none_or(|(a, b)| a.abs_diff(b) <= 1);
        Ok(found.into_iter().filter(is_near).collect())
    }

    /// Everything about one title: ids of both worlds, names, credits, pictures, videos; a series' seasons and episodes.
    /// `None` when the provider does not know the id. Without a key no TMDB id is known.
    pub async fn title(&self, kind: Kind, id: MetaId) -> Result<Option<Title>, Error> {
        match (id, &self.inner.tmdb) {
            (MetaId::Tmdb(id), Some(tmdb)) => self.tmdb_title(tmdb, kind, id).await,
            (MetaId::Tmdb(_), None) => Ok(None),
            (MetaId::Imdb(id), None) => self.cinemeta_title(kind, id).await,
            (MetaId::Imdb(id), Some(tmdb)) => {
                let found = self.find(tmdb, id).await?;
                let title = match found {
                    Some((found_kind, tmdb_id)) if found_kind == kind => self.tmdb_title(tmdb, kind, tmdb_id).await?,
                    _ => None,
                };
                match title {
                    Some(title) => Ok(Some(title)),
                    None => self.cinemeta_title(kind, id).await,
                }
            }
        }
    }

    /// The same with IMDb's rating, as a title that is matched has it.
    pub async fn rated(&self, kind: Kind, id: MetaId) -> Result<Option<Title>, Error> {
        let mut title = self.title(kind, id).await?;
        if let Some(title) = &mut title {
            self.rate(title).await;
        }
        Ok(title)
    }

    /// Which kind an IMDb id stands for, for links in captions that do not say. `None` when nobody knows it.
    pub async fn kind_of(&self, id: ImdbId) -> Result<Option<Kind>, Error> {
        if let Some(tmdb) = &self.inner.tmdb
            && let Some((kind, _)) = self.find(tmdb, id).await?
        {
            return Ok(Some(kind));
        }
        for kind in [Kind::Movie, Kind::Series] {
            if self.cinemeta_title(kind, id).await?.is_some() {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    /// Whether the provider answers and accepts the key: the doctor's question, never from the cache. Returns its name: `TMDB`, or
    /// `Cinemeta` when no key is set.
    pub async fn check(&self) -> Result<&'static str, Error> {
        match &self.inner.tmdb {
            Some(tmdb) => tmdb.check().await.map(|()| tmdb::NAME),
            None => self.inner.cinemeta.check().await.map(|()| cinemeta::NAME),
        }
    }

    /// The same of the other sites that are asked, each under its name.
    pub async fn check_sites(&self) -> Vec<(&'static str, Result<(), Error>)> {
        let checks = self.sites.all().map(async |site| (site.name(), site.check().await));
        futures_util::future::join_all(checks).await
    }

    /// The same as last seen; asks nobody. `None` of a site that was not asked yet.
    pub fn sites_seen(&self) -> Vec<(&'static str, Option<Result<(), Error>>)> {
        self.sites.all().map(|site| (site.name(), site.last())).collect()
    }

    /// A person wants an answer now, in spite of a pause that a provider asked for. Every few seconds at most.
    pub fn ask_anyway(&self) {
        if let Some(tmdb) = &self.inner.tmdb {
            tmdb.ask_anyway();
        }
        self.inner.cinemeta.ask_anyway();
    }

    /// Cinemeta has one name for each title, and knows no TMDB ids.
    fn has_tmdb(&self) -> bool {
        self.inner.tmdb.is_some()
    }

    async fn find(&self, tmdb: &Tmdb, id: ImdbId) -> Result<Option<(Kind, TmdbId)>, Error> {
        let lifetime = |found: &Option<(Kind, TmdbId)>| if found.is_some() { 7 * DAY } else { 3 * HOUR };
        self.inner.answers.ask(self.key(&format!("find:{id}")), lifetime, tmdb.find(id)).await
    }

    async fn tmdb_title(&self, tmdb: &Tmdb, kind: Kind, id: TmdbId) -> Result<Option<Title>, Error> {
        let key = self.key(&format!("title:{kind}:tmdb:{}", id.0));
        self.inner.answers.ask(key, title_lifetime, tmdb.title(kind, id)).await
    }

    async fn cinemeta_title(&self, kind: Kind, id: ImdbId) -> Result<Option<Title>, Error> {
        let key = self.key(&format!("title:{kind}:{id}"));
        self.inner.answers.ask(key, title_lifetime, self.inner.cinemeta.title(kind, id)).await
    }

    /// `2` is the version of what is stored: raise it when old answers would be read wrongly.
    fn key(&self, question: &str) -> String {
        format!("metadata:2:{}:{question}", self.inner.scope)
    }
}

fn search_lifetime(found_any: bool) -> Duration {
    if found_any { 3 * DAY } else { 3 * HOUR }
}

/// A running series gets new episodes; other titles hardly change.
fn title_lifetime(title: &Option<Title>) -> Duration {
    match title {
        None => 3 * HOUR,
        Some(title) if title.kind == Kind::Series && title.ended.is_none() => DAY,
        Some(_) => 7 * DAY,
    }
}

#[cfg(test)]
mod tests;
