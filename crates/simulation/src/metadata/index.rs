//! Search as TMDB's: every word of the query has to stand in one of a work's names (title, original, alternative, translated);
//! works of exactly that name come first, the others by popularity.
//!
//! Works are numbered by falling popularity, and names by their work, so a list of postings is in the order of the answer:
//! finding a page is one walk over the shortest list.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::work::{ImdbId, Kind, Work};

pub struct Index {
    /// By falling popularity.
    works: Vec<Work>,
    /// The work of each name.
    owner: Vec<u32>,
    /// Word -> names that hold it, ascending.
    postings: HashMap<String, Vec<u32>>,
    /// Whole folded name -> works, ascending.
    whole: HashMap<String, Vec<u32>>,
    by_tmdb: HashMap<(Kind, u64), u32>,
    by_imdb: HashMap<ImdbId, u32>,
}

impl Index {
    pub fn new(mut works: Vec<Work>) -> Self {
        works.sort_by_key(|work| std::cmp::Reverse(work.votes));
        let mut index = Self {
            owner: Vec::new(),
            postings: HashMap::new(),
            whole: HashMap::new(),
            by_tmdb: HashMap::new(),
            by_imdb: HashMap::new(),
            works: Vec::new(),
        };
        for (at, work) in (0u32..).zip(&works) {
            // The first of two with one id stays, as a provider's ids are never given twice.
            index.by_tmdb.entry((work.kind, work.tmdb)).or_insert(at);
            if let Some(imdb) = work.imdb {
                index.by_imdb.entry(imdb).or_insert(at);
            }
            for name in work.names() {
                let name = fold(name);
                let number = index.owner.len() as u32;
                index.owner.push(at);
                for word in name.split_whitespace().collect::<HashSet<_>>() {
                    index.postings.entry(word.to_owned()).or_default().push(number);
                }
                let whole = index.whole.entry(name).or_default();
                if whole.last() != Some(&at) {
                    whole.push(at);
                }
            }
        }
        index.works = works;
        index
    }

    /// All of them, the most popular first.
    pub fn works(&self) -> &[Work] {
        &self.works
    }

    pub fn by_tmdb(&self, kind: Kind, id: u64) -> Option<&Work> {
        self.by_tmdb.get(&(kind, id)).map(|at| &self.works[*at as usize])
    }

    pub fn by_imdb(&self, id: ImdbId) -> Option<&Work> {
        self.by_imdb.get(&id).map(|at| &self.works[*at as usize])
    }

    /// All that fit, in the order of the answer.
    pub fn search(&self, kind: Kind, query: &str, year: Option<u16>) -> Vec<&Work> {
        let query = fold(query);
        let fits = |at: &u32| {
            let work = &self.works[*at as usize];
            work.kind == kind && year.is_none_or(|year| work.year() == Some(year))
        };
        let same_name = self.whole.get(&query).map(Vec::as_slice).unwrap_or_default();
        let same_name: Vec<u32> = same_name.iter().copied().filter(|at| fits(at)).collect();
        // Names of one work stand side by side, so that a work found by two of them comes twice in a row.
        let mut others: Vec<u32> =
            self.names_with(&query).into_iter().map(|name| self.owner[name as usize]).filter(|at| fits(at)).collect();
        others.dedup();
        others.retain(|at| same_name.binary_search(at).is_err());
        let found = same_name.into_iter().chain(others);
        found.map(|at| &self.works[at as usize]).collect()
    }

    /// Names that hold every word, ascending.
    fn names_with(&self, query: &str) -> Vec<u32> {
        let Some(mut lists) = query.split_whitespace().map(|word| self.postings.get(word)).collect::<Option<Vec<_>>>()
        else {
            return Vec::new();
        };
        lists.sort_by_key(|list| list.len());
        let Some((shortest, others)) = lists.split_first() else { return Vec::new() };
        let in_all = |name: &u32| others.iter().all(|list| list.binary_search(name).is_ok());
        shortest.iter().copied().filter(in_all).collect()
    }
}

/// Words in lower case, without accents and punctuation, as TMDB's search sees a name.
fn fold(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’'));
    let plain: String = letters.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    fn names(index: &Index, kind: Kind, query: &str, year: Option<u16>) -> Vec<String> {
        index.search(kind, query, year).iter().map(|work| work.name.clone()).collect()
    }

    #[test]
    fn every_word_has_to_stand_in_one_name() {
        let index = Index::new(library::works());
        for (query, year, wanted) in [
            ("night living dead", Some(1968), vec!["Night of the Living Dead"]),
            ("NIGHT of the living DEAD", Some(1968), vec!["Night of the Living Dead"]),
            ("night of the living dead", Some(1991), vec![]),
            ("night of the sleeping dead", None, vec![]),
            ("le voyage dans la lune", None, vec!["A Trip to the Moon"]),
            ("viaje a la luna", None, vec!["A Trip to the Moon"]),
            ("", None, vec![]),
        ] {
            assert_eq!(names(&index, Kind::Movie, query, year), wanted, "{query} {year:?}");
        }
    }

    #[test]
    fn the_very_name_comes_first_then_the_better_known() {
        let work = |name: &str, votes| Work {
            name: name.to_owned(),
            votes,
            tmdb: votes.into(),
            ..library::works()[0].clone()
        };
        let index =
            Index::new(vec![work("Heat Wave", 900), work("Heat", 10), work("Body Heat", 2000), work("Heat", 50)]);
        let found: Vec<u32> = index.search(Kind::Movie, "heat", None).iter().map(|w| w.votes).collect();
        assert_eq!(found, [50, 10, 2000, 900]);
    }
}
