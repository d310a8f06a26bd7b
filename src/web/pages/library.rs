//! The library as posters: a section of the owner's page.

use serde::Deserialize;

use crate::domain::catalog::{Order, PAGE, Query};
use crate::domain::entry::Entry;
use crate::domain::title::{Kind, Title};
use crate::protocols::stremio::{AbsoluteUrl, ContentId, encode, meta, stream};
use crate::web::{Error, State};

/// One page of a part of the library.
pub(super) struct LibraryList {
    pub(super) show: Show,
    /// What its names must hold; empty for all.
    pub(super) find: String,
    pub(super) cards: Vec<Card>,
    /// Addresses of the pages before and behind this one.
    pub(super) newer: Option<String>,
    pub(super) older: Option<String>,
}

impl LibraryList {
    /// The address of another part, searched for the same.
    pub(super) fn other(&self, show: &str) -> String {
        address(show, &self.find, 0)
    }
}

/// The address of a page of the list, on the owner's page.
fn address(show: &str, find: &str, skip: u32) -> String {
    let find = if find.is_empty() { String::new() } else { format!("&find={}", encode(find)) };
    let skip = if skip > 0 { format!("&skip={skip}") } else { String::new() };
    format!("?show={show}{find}{skip}#library")
}

/// A poster with its name.
pub(super) struct Card {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) poster: String,
    pub(super) page: String,
}

/// The parts of the library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Show {
    #[default]
    Films,
    Series,
    Unmatched,
}

impl Show {
    /// As it stands in the address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Films => "films",
            Self::Series => "series",
            Self::Unmatched => "unmatched",
        }
    }
}

pub(super) async fn library_list(state: &State, show: Show, find: &str, skip: u32) -> Result<LibraryList, Error> {
    let root = state.addresses.root();
    let find = find.trim();
    let cards: Vec<Card> = match show {
        Show::Films | Show::Series => {
            let kind = if show == Show::Films { Kind::Movie } else { Kind::Series };
            let query = Query { skip, ..Query::all(kind, Order::Newest) };
            let titles = match find {
                "" => state.library.page(&query).await?,
                find => state.library.search(find, &query).await?,
            };
            titles.iter().filter_map(|title| title_card(root, title)).collect()
        }
        Show::Unmatched => {
            let entries = state.library.unmatched(Some(find), skip).await?;
            entries.iter().map(|entry| file_card(root, entry)).collect()
        }
    };
    let at = |skip| address(show.word(), find, skip);
    let older = (cards.len() as u32 >= PAGE).then(|| at(skip.saturating_add(PAGE)));
    let newer = (skip > 0).then(|| at(skip.saturating_sub(PAGE)));
    Ok(LibraryList { show, find: find.to_owned(), cards, newer, older })
}

fn title_card(root: &str, title: &Title) -> Option<Card> {
    Some(Card {
        name: title.name.clone(),
        about: about(title),
        poster: poster(title, root),
        page: format!("{root}/owner/title/{}/{}", title.kind, title.meta_id()?),
    })
}

fn file_card(root: &str, entry: &Entry) -> Card {
    Card {
        name: meta::entry_name(entry),
        about: stream::size(entry.file.len()),
        poster: no_poster(root),
        page: format!("{root}/owner/title/movie/{}", ContentId::Entry(entry.id)),
    }
}

pub(super) fn poster(title: &Title, root: &str) -> String {
    let poster = title.poster.as_deref().and_then(AbsoluteUrl::parse);
    poster.map_or_else(|| no_poster(root), |url| url.to_string())
}

/// By its path alone: the owner may have come by another address than BASE_URL.
pub(super) fn no_poster(root: &str) -> String {
    format!("{root}/assets/no-poster.png")
}

pub(super) fn about(title: &Title) -> String {
    let year = title.year.map(|year| year.to_string());
    let rating = title.rating.map(|tenths| format!("★ {}.{}", tenths / 10, tenths % 10));
    [year, rating].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
