//! Floor 2: the only place that calls metadata providers. TMDB first; Cinemeta gives answers without a key. Both stand
//! behind one shape, and their answers are remembered, "not found" included.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::matching::Candidate;
use crate::domain::release::Release;
use crate::domain::title::{Kind, MetaId, Title};

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
    #[error("{provider} refuses the key; check TMDB_API_KEY")]
    BadKey { provider: &'static str },
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Identified {
    Match(Box<Title>),
    /// Several fit alike, best known first, as a person reads them: `Metropolis (1927)`.
    Ambiguous {
        searched: String,
        candidates: Vec<String>,
    },
    NoMatch {
        searched: String,
    },
    /// The id in the name or caption is nobody's.
    UnknownId {
        id: String,
    },
    /// The name holds neither an id nor a title to search for.
    NoTitle,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Metadata {}

impl Metadata {
    pub fn new(options: Options, cache: Arc<dyn AnswerCache>) -> Self {
        unimplemented!()
    }

    /// Titles that the provider offers for a name, its own order kept. `year` narrows as the provider's search does; no year
    /// or a wrong one is the caller's business (ask again without). Empty when it knows none.
    pub async fn search(&self, kind: Kind, name: &str, year: Option<u16>) -> Result<Vec<Candidate>, Error> {
        unimplemented!()
    }

    /// Everything about one title: ids of both worlds, names, credits, pictures, videos; a series' seasons and episodes.
    /// `None` when the provider does not know the id.
    pub async fn title(&self, kind: Kind, id: MetaId) -> Result<Option<Title>, Error> {
        unimplemented!()
    }

    /// What a file is, by what its name says: the ids in it first, otherwise searches by title and year, without the year, and
    /// by its other titles, judged by [`crate::domain::matching::best`]. Asks for the translated names of a few candidates when
    /// their own names do not fit. An error means that nothing was learned.
    pub async fn identify(&self, release: &Release) -> Result<Identified, Error> {
        unimplemented!()
    }

    /// Which kind an id stands for, for links in captions that do not say (an IMDb id is a film's or a series').
    pub async fn kind_of(&self, id: MetaId) -> Result<Option<Kind>, Error> {
        unimplemented!()
    }

    /// Whether a key is there, and accepted: doctor's question.
    pub async fn check(&self) -> Result<(), Error> {
        unimplemented!()
    }
}
