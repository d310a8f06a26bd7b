//! What a search has found so far, best first.

use super::Needle;
use super::needle::WHOLE;

/// The best known titles that a backend finds are scored, no more: what lies below was found by a word like "the".
pub(in crate::adapters::store) const CANDIDATES: u32 = 400;

/// Of how many titles these are taken. Somebody who sees some channels only is answered of those alone that they see: what
/// others see takes no place from it, and does not keep typing errors from being looked for.
pub(in crate::adapters::store) const LOOKED_AT: u32 = 10 * CANDIDATES;

/// A title that may be what is looked for.
pub(in crate::adapters::store) struct Candidate<T> {
    pub title: T,
    pub popularity: i64,
    /// See [`names`](super::names).
    pub names: String,
}

/// What was found so far, scored.
pub(in crate::adapters::store) struct Found<'a, T> {
    needle: &'a Needle,
    scored: Vec<(u32, Candidate<T>)>,
}

impl<'a, T: PartialEq> Found<'a, T> {
    pub fn new(needle: &'a Needle) -> Self {
        Self { needle, scored: Vec::new() }
    }

    /// Scores a backend's candidates and keeps those that fit.
    pub fn add(&mut self, candidates: Vec<Candidate<T>>, mistyped: bool) {
        for candidate in candidates {
            if self.scored.iter().any(|(_, known)| known.title == candidate.title) {
                continue;
            }
            if let Some(score) = self.needle.score(&candidate.names, mistyped) {
                self.scored.push((score, candidate));
            }
        }
    }

    /// Whether typing errors need not be looked for. A part of somebody's name may be a title mistyped.
    pub fn is_answered(&self) -> bool {
        self.scored.iter().any(|(score, _)| *score >= WHOLE)
    }

    /// Best first, of equals the best known, and else by their names: a library built anew gives the same order.
    pub fn best_first(mut self) -> impl Iterator<Item = T> {
        self.scored.sort_by(|(a, one), (b, other)| {
            b.cmp(a).then(other.popularity.cmp(&one.popularity)).then_with(|| one.names.cmp(&other.names))
        });
        self.scored.into_iter().map(|(_, found)| found.title)
    }
}
