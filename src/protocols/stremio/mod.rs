//! Stremio's addon protocol as types.
//!
//! Stremio's core drops in silence whatever it does not like: one relative poster loses a catalog row, one date without
//! a time loses a whole series. So the types here cannot hold such values: URLs are [`AbsoluteUrl`]s, dates are
//! [`meta::Timestamp`]s, sizes are integers, what is absent is left out instead of `null`, and a stream always has
//! somewhere to go.
//!
//! Shapes: <https://github.com/Stremio/stremio-addon-sdk/tree/master/docs/api>.

pub mod catalogs;
pub mod id;
pub mod install;
pub mod language;
pub mod manifest;
pub mod meta;
pub mod request;
#[cfg(test)]
pub(crate) mod samples;
pub mod stream;
pub mod subtitles;
pub mod url;

pub use self::catalogs::{NotShown, Shown};
pub use self::id::ContentId;
pub use self::install::Install;
pub use self::manifest::{Manifest, Offer};
pub use self::request::Request;
pub use self::url::{AbsoluteUrl, encode};

use serde::Serialize;

/// Every response but the manifest: one of the bodies below, and how long clients may keep it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response<T> {
    #[serde(flatten)]
    pub body: T,
    /// Seconds that it counts as fresh.
    pub cache_max_age: u32,
    /// Seconds after that in which it may be shown while a new one is fetched.
    pub stale_revalidate: u32,
    /// Seconds after that in which it may be shown when nothing new can be had.
    pub stale_error: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metas {
    pub metas: Vec<meta::MetaPreview>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetaBody {
    pub meta: meta::Meta,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Streams {
    pub streams: Vec<stream::Stream>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subtitles {
    pub subtitles: Vec<Subtitle>,
}

/// One subtitle file. The core drops those without an id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subtitle {
    pub id: String,
    pub url: AbsoluteUrl,
    /// ISO 639-2, as [`language::three_letters`] writes it.
    pub lang: &'static str,
    /// What tells several of one language apart.
    pub label: String,
}
