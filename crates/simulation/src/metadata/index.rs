//! The titles, by what a search may ask. Two searches: TMDB's (every word has to be there) and Cinemeta's (words may be a
//! letter off). What is assumed of either, and where it is known from, stands in docs/simulation.md.
//!
//! Works are numbered by falling popularity, and names by their work, so a list of postings is in the order of the answer.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::fold::{differs_by_one_edit, fold};
use super::work::{ImdbId, Kind, Work};

/// From so many letters on a word may be an edit off in Cinemeta's search; shorter ones would find anything.
const FORGIVEN_FROM: usize = 4;

pub struct Index {
    /// By falling popularity.
    works: Vec<Work>,
    names: Vec<Name>,
    /// Word -> names that hold it, ascending. In order, so that words of one beginning stand together.
    postings: BTreeMap<String, Vec<u32>>,
    /// Whole folded name -> works, ascending.
    whole: HashMap<String, Vec<u32>>,
    by_tmdb: HashMap<(Kind, u64), u32>,
    by_imdb: HashMap<ImdbId, u32>,
}

struct Name {
    work: u32,
    folded: String,
    /// Cinemeta has one name for each title.
    is_main: bool,
}

impl Index {
    pub fn new(mut works: Vec<Work>) -> Self {
        works.sort_by(|a, b| b.popularity().total_cmp(&a.popularity()));
        let mut index = Self {
            names: Vec::new(),
            postings: BTreeMap::new(),
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
            for (place, name) in work.names().enumerate() {
                index.add(at, fold(name), place == 0);
            }
        }
        index.works = works;
        index
    }

    fn add(&mut self, work: u32, folded: String, is_main: bool) {
        let number = self.names.len() as u32;
        for word in folded.split_whitespace().collect::<HashSet<_>>() {
            self.postings.entry(word.to_owned()).or_default().push(number);
        }
        let whole = self.whole.entry(folded.clone()).or_default();
        if whole.last() != Some(&work) {
            whole.push(work);
        }
        self.names.push(Name { work, folded, is_main });
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

    /// TMDB's search, all that fit, in the order of the answer: works of the very name, then the others by popularity.
    pub fn search(&self, kind: Kind, query: &str, year: Option<u16>) -> Vec<&Work> {
        let query = fold(query);
        let fits = |at: &u32| {
            let work = &self.works[*at as usize];
            work.kind == kind && year.is_none_or(|year| work.year() == Some(year))
        };
        let same_name = self.whole.get(&query).map(Vec::as_slice).unwrap_or_default();
        let same_name: Vec<u32> = same_name.iter().copied().filter(|at| fits(at)).collect();
        let mut others: Vec<u32> =
            self.names_with(&query).into_iter().map(|name| self.owner(name)).filter(fits).collect();
        // Names of one work stand side by side, so that a work found by two of them comes twice in a row.
        others.dedup();
        others.retain(|at| same_name.binary_search(at).is_err());
        let found = same_name.into_iter().chain(others);
        found.map(|at| &self.works[at as usize]).collect()
    }

    /// Cinemeta's search: the best known first, whatever their year; words may be a letter off.
    pub fn search_forgivingly(&self, kind: Kind, query: &str) -> Vec<&Work> {
        let query = fold(query);
        let mut found: Option<Vec<u32>> = None;
        for word in query.split_whitespace() {
            let with_word = self.names_with_nearly(word);
            found = Some(match found {
                None => with_word,
                Some(before) => before.into_iter().filter(|name| with_word.binary_search(name).is_ok()).collect(),
            });
        }
        let main = found.unwrap_or_default().into_iter().filter(|name| self.names[*name as usize].is_main);
        let works = main.map(|name| &self.works[self.owner(name) as usize]);
        works.filter(|work| work.kind == kind).collect()
    }

    fn owner(&self, name: u32) -> u32 {
        self.names[name as usize].work
    }

    /// Names that hold every word, the last one at least as the beginning of a word; ascending.
    fn names_with(&self, query: &str) -> Vec<u32> {
        let mut words: Vec<&str> = query.split_whitespace().collect();
        let Some(last) = words.pop() else { return Vec::new() };
        let Some(mut lists) = words.iter().map(|word| self.postings.get(*word)).collect::<Option<Vec<_>>>() else {
            return Vec::new();
        };
        lists.sort_by_key(|list| list.len());
        let Some((shortest, others)) = lists.split_first() else { return self.names_beginning(last) };
        let begins = |name: &&u32| self.names[**name as usize].folded.split(' ').any(|word| word.starts_with(last));
        let in_all = |name: &&u32| others.iter().all(|list| list.binary_search(name).is_ok());
        shortest.iter().filter(in_all).filter(begins).copied().collect()
    }

    /// Names with a word of this beginning, ascending.
    fn names_beginning(&self, beginning: &str) -> Vec<u32> {
        let words = self.postings.range(beginning.to_owned()..).take_while(|(word, _)| word.starts_with(beginning));
        sorted(words.flat_map(|(_, names)| names.iter().copied()).collect())
    }

    /// Names with this word or one an edit away, ascending.
    fn names_with_nearly(&self, word: &str) -> Vec<u32> {
        if word.chars().count() < FORGIVEN_FROM {
            return self.postings.get(word).cloned().unwrap_or_default();
        }
        let near = self.postings.iter().filter(|(known, _)| *known == word || differs_by_one_edit(known, word));
        sorted(near.flat_map(|(_, names)| names.iter().copied()).collect())
    }
}

fn sorted(mut names: Vec<u32>) -> Vec<u32> {
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    fn work(name: &str, votes: u32, year: u16) -> Work {
        Work {
            name: name.to_owned(),
            votes,
            tmdb: votes.into(),
            released: format!("{year}-05-05"),
            translations: Vec::new(),
            ..library::works()[0].clone()
        }
    }

    fn names(found: &[&Work]) -> Vec<String> {
        found.iter().map(|work| work.name.clone()).collect()
    }

    #[test]
    fn every_word_has_to_stand_in_one_name_and_the_last_may_be_a_beginning() {
        let index = Index::new(library::works());
        for (query, year, wanted) in [
            ("night living dead", Some(1968), vec!["Night of the Living Dead"]),
            ("NIGHT of the living DEAD", Some(1968), vec!["Night of the Living Dead"]),
            ("night of the liv", Some(1968), vec!["Night of the Living Dead"]),
            ("nig of the living", Some(1968), vec![]),
            ("night of the living dead", Some(1991), vec![]),
            ("night of the sleeping dead", None, vec![]),
            ("le voyage dans la lune", None, vec!["A Trip to the Moon"]),
            ("viaje a la luna", None, vec!["A Trip to the Moon"]),
            ("", None, vec![]),
        ] {
            assert_eq!(names(&index.search(Kind::Movie, query, year)), wanted, "{query} {year:?}");
        }
    }

    #[test]
    fn the_very_name_comes_first_then_the_better_known() {
        let works = [("Heat Wave", 900), ("Heat", 10), ("Body Heat", 2000), ("Heat", 50), ("Heathers", 20_000)];
        let index = Index::new(works.map(|(name, votes)| work(name, votes, 1990)).to_vec());
        let found: Vec<u32> = index.search(Kind::Movie, "heat", None).iter().map(|w| w.votes).collect();
        assert_eq!(found, [50, 10, 20_000, 2000, 900]);
    }

    #[test]
    fn cinemeta_forgives_a_letter_and_knows_neither_years_nor_other_names() {
        let mut one = work("The Hurricane Express", 60, 1932);
        one.original_name = Some("El Rapido".to_owned());
        let index = Index::new(vec![one, work("Hurricane", 5000, 1999), work("Hurricanes", 20, 1960)]);
        for (query, wanted) in [
            ("huricane", vec!["Hurricane", "The Hurricane Express"]),
            ("hurricane", vec!["Hurricane", "The Hurricane Express", "Hurricanes"]),
            ("hurricane exprses", vec!["The Hurricane Express"]),
            ("rapido", vec![]),
            ("teh hurricane", vec![]),
        ] {
            assert_eq!(names(&index.search_forgivingly(Kind::Movie, query)), wanted, "{query}");
        }
    }
}
