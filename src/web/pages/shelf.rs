//! The library as posters, and what one of them says.

use serde::Deserialize;

use crate::domain::catalog::{Order, PAGE, Query};
use crate::domain::entry::Entry;
use crate::domain::title::{Kind, Title};
use crate::stremio::{AbsoluteUrl, ContentId, meta, stream};
use crate::web::{Error, State};

/// The part of the library that is shown.
pub(super) struct Shelf {
    pub(super) show: Show,
    pub(super) cards: Vec<Card>,
    pub(super) newer: Option<u32>,
    pub(super) older: Option<u32>,
}

pub(super) struct Card {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) poster: String,
    pub(super) page: String,
}

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

pub(super) async fn shelf(state: &State, show: Show, skip: u32) -> Result<Shelf, Error> {
    let root = state.site.root().to_owned();
    let cards: Vec<Card> = match show {
        Show::Films | Show::Series => {
            let kind = if show == Show::Films { Kind::Movie } else { Kind::Series };
            let query = Query { kind, order: Order::Newest, genre: None, year: None, skip, limit: PAGE };
            let titles = state.library.page(&query).await?;
            titles.iter().filter_map(|title| title_card(&root, title)).collect()
        }
        Show::Unmatched => {
            let entries = state.library.unmatched(None, skip).await?;
            entries.iter().map(|entry| file_card(&root, entry)).collect()
        }
    };
    let older = (cards.len() as u32 >= PAGE).then(|| skip.saturating_add(PAGE));
    let newer = (skip > 0).then(|| skip.saturating_sub(PAGE));
    Ok(Shelf { show, cards, newer, older })
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
