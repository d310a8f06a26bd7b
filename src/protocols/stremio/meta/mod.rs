//! A title's row in a catalog ([`MetaPreview`]) and its page ([`Meta`]), as the core reads them.
//!
//! ```text
//! collection.rs    films that belong together -> row and page
//! title.rs    Title -> row and page
//! videos.rs   which episodes a series lists
//! entry.rs    a file without a title -> row and page; and a row that only says something
//! ```

mod collection;
mod entry;
mod title;
mod videos;

use serde::Serialize;
use time::Date;
use time::macros::format_description;

use crate::domain::title::Kind;
use crate::protocols::stremio::AbsoluteUrl;

pub use collection::{collection_preview, from_collection};
pub use entry::{entry_name, entry_preview, from_entry, notice};
pub use title::{from_title, preview};

/// A moment as the core wants it: RFC 3339 in full. A date alone loses the row in a catalog, and a whole page in a meta.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The start of a day given as `YYYY-MM-DD`. `None` for anything else.
    pub fn from_date(text: &str) -> Option<Self> {
        let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
        // RFC 3339 knows years of four digits only.
        (0..=9999).contains(&date.year()).then(|| Self(format!("{date}T00:00:00.000Z")))
    }
}

/// A row of a catalog.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetaPreview {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub name: String,
    pub poster: AbsoluteUrl,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<AbsoluteUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<AbsoluteUrl>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `1968`, or `2008-2013` for a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_info: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// Where these are, the core does not look at `genres` and `imdbRating`; so rating and genres are links.
    pub links: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<Trailer>,
}

/// The page of a title.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    #[serde(flatten)]
    pub preview: MetaPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Empty for films. Specials (season 0) last. Of a collection its films.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub videos: Vec<Video>,
    pub behavior_hints: MetaHints,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetaHints {
    /// What a film plays: without it Stremio would look for a list of videos.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_video_id: Option<String>,
}

/// An episode, or a film of a collection, that is here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Video {
    pub id: String,
    pub title: String,
    pub season: u16,
    pub episode: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<AbsoluteUrl>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub overview: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    pub name: String,
    pub category: &'static str,
    pub url: AbsoluteUrl,
}

/// A YouTube video. Without its `type` the core drops the whole row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trailer {
    pub source: String,
    #[serde(rename = "type")]
    pub kind: TrailerKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TrailerKind {
    Trailer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_moments_or_nothing() {
        let cases = [
            ("1968-10-04", Some("1968-10-04T00:00:00.000Z")),
            ("2024-02-29", Some("2024-02-29T00:00:00.000Z")),
            ("2023-02-29", None),
            ("1968", None),
            ("1968-10", None),
            ("2024-W01-1", None),
            ("1968-10-04T00:00:00Z", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(Timestamp::from_date(text).map(|t| t.0).as_deref(), wanted, "{text}");
        }
    }
}
