//! What searching brings: rows of a page, and whom an IMDb id belongs to. Films and series differ in a few words, which are
//! aliases here.

use serde::Deserialize;

use super::super::wire::{each, lenient, text, year};
use super::thousandths;
use crate::domain::matching::Candidate;
use crate::domain::title::{Kind, TitleIds, TmdbId};

#[derive(Default, Deserialize)]
pub(super) struct Page {
    #[serde(default, deserialize_with = "each")]
    pub results: Vec<Row>,
}

#[derive(Deserialize)]
pub(super) struct Row {
    id: u64,
    #[serde(default, alias = "name", deserialize_with = "lenient")]
    title: String,
    #[serde(default, alias = "original_name", deserialize_with = "lenient")]
    original_title: String,
    #[serde(default, alias = "first_air_date", deserialize_with = "lenient")]
    release_date: String,
    #[serde(default, deserialize_with = "lenient")]
    origin_country: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    popularity: f64,
    #[serde(default, deserialize_with = "lenient")]
    vote_count: Option<u32>,
}

impl Row {
    pub fn into_candidate(self, kind: Kind) -> Option<Candidate> {
        let original = text(&self.original_title);
        let name = text(&self.title).or_else(|| original.clone())?;
        Some(Candidate {
            kind,
            ids: TitleIds { imdb: None, tmdb: Some(TmdbId::new(self.id)?) },
            original_name: original.filter(|o| *o != name),
            name,
            alternative_names: Vec::new(),
            year: year(&self.release_date),
            countries: self.origin_country,
            popularity: thousandths(self.popularity),
            votes: self.vote_count,
            runtime_mins: None,
        })
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Found {
    #[serde(default, deserialize_with = "each")]
    pub movie_results: Vec<Numbered>,
    #[serde(default, deserialize_with = "each")]
    pub tv_results: Vec<Numbered>,
    #[serde(default, deserialize_with = "each")]
    pub tv_episode_results: Vec<OfShow>,
}

#[derive(Deserialize)]
pub(super) struct Numbered {
    pub id: u64,
}

#[derive(Deserialize)]
pub(super) struct OfShow {
    pub show_id: u64,
}
