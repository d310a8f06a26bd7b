//! Matching: which of a provider's titles a release is. Scores names and years; below the threshold there is no guess.
//!
//! A score begins at how near the names are (100: the same) and loses what the year costs:
//!
//! ```text
//!                  exact  one off  not said  candidate has none  later (series)  wrong
//! same name          100       94        92                  90              88     60
//! numeral             98       92        90                  88              86     58
//! article             97       91        89                  87              85     57
//! typo                84       78        76                  74              72     44
//! part of it          82       76        74                  72              70     42
//!                                                        threshold: 80
//! ```
//!
//! so a typo or a part of the name needs the exact year, and a wrong year is never made up for. Those near the best are told
//! apart by popularity if it is clear, and by nobody if it is not.

mod names;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use names::{Name, NameFit, fold};

use super::title::{Kind, TitleIds};
use release_name::{Release, ReleaseKind};

/// A title that a provider offered for a search, with what telling them apart needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    pub kind: Kind,
    pub ids: TitleIds,
    pub name: String,
    pub original_name: Option<String>,
    pub alternative_names: Vec<String>,
    pub year: Option<u16>,
    /// ISO 3166-1 codes of where it was made, when the provider says so in a search (`The Office` of US and GB).
    pub countries: Vec<String>,
    /// The provider's popularity x 1000.
    pub popularity: u64,
}

/// As a person reads it in a review list: `Metropolis (1927)`.
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.year {
            Some(year) => write!(f, " ({year})"),
            None => Ok(()),
        }
    }
}

/// How the release's year stands to a title's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearFit {
    Exact,
    /// Festival and cinema, or two countries, are often a year apart.
    OneOff,
    /// The release names none.
    NotSaid,
    /// The provider knows none.
    Unknown,
    /// A year after a series began: names of later seasons carry their own year.
    Later,
    Wrong,
}

/// A candidate and why it stands where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored<'c> {
    pub candidate: &'c Candidate,
    /// 0 to 100.
    pub score: u8,
    pub name: NameFit,
    pub year: YearFit,
    /// The release says another country than the candidate's.
    pub is_from_elsewhere: bool,
}

impl fmt::Display for Scored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.name {
            NameFit::Same => "same name",
            NameFit::Numeral => "same name but for a numeral",
            NameFit::Article => "same name but for an article",
            NameFit::Typo => "nearly the same name",
            NameFit::Part => "part of its name",
            NameFit::Different => "another name",
        };
        let year = match self.year {
            YearFit::Exact => "same year",
            YearFit::OneOff => "year one off",
            YearFit::NotSaid => "no year in the release",
            YearFit::Unknown => "its year is not known",
            YearFit::Later => "a later year",
            YearFit::Wrong => "another year",
        };
        let country = if self.is_from_elsewhere { ", another country" } else { "" };
        write!(f, "{}: {name}, {year}{country} ({} of 100)", self.candidate, self.score)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Verdict<'c> {
    Match(Scored<'c>),
    /// Several fit alike. Best known first.
    Ambiguous(Vec<Scored<'c>>),
    /// None fits. `nearest` is the best of those below the threshold.
    NoMatch {
        nearest: Option<Scored<'c>>,
    },
}

const THRESHOLD: u8 = 80;
/// Those this near to the best are its rivals. Without a year, an article more or less says little, so the field is wider.
const NEAR: u8 = 4;
const NEAR_WITHOUT_YEAR: u8 = 5;
/// How many times as popular as its rivals the winner has to be.
const CLEARLY: u64 = 3;
const CLEARLY_WITHOUT_YEAR: u64 = 5;
/// TMDB's popularity of 1.0: below it the number is noise.
const KNOWN_AT_ALL: u64 = 1000;

/// What kind of title a release is a file of.
pub fn kind_of(release: &Release) -> Kind {
    let is_film = release.kind == ReleaseKind::Movie && release.seasons.is_empty() && release.episodes.is_empty();
    if is_film { Kind::Movie } else { Kind::Series }
}

/// Judges candidates of the release's kind by name and year; others are passed over.
pub fn best<'c>(release: &Release, candidates: &'c [Candidate]) -> Verdict<'c> {
    let kind = kind_of(release);
    let title = Name::new(&release.title);
    let others: Vec<Name> = release.alternative_titles.iter().map(|t| Name::new(t)).collect();
    let mut scored: Vec<Scored<'c>> = candidates
        .iter()
        .filter(|c| c.kind == kind)
        .filter_map(|candidate| score(release, &title, &others, candidate))
        .collect();
    scored.sort_by_key(|s| std::cmp::Reverse((s.score, s.candidate.popularity)));

    let Some(top) = scored.first().map(|s| s.score) else {
        return Verdict::NoMatch { nearest: None };
    };
    if top < THRESHOLD {
        return Verdict::NoMatch { nearest: scored.into_iter().next() };
    }
    let (near, clearly) =
        if release.year.is_some() { (NEAR, CLEARLY) } else { (NEAR_WITHOUT_YEAR, CLEARLY_WITHOUT_YEAR) };
    // The very name and the very year have no rival but their like.
    let floor = if top == 100 { 100 } else { top.saturating_sub(near).max(THRESHOLD) };
    scored.retain(|s| s.score >= floor);
    scored.sort_by_key(|s| std::cmp::Reverse(s.candidate.popularity));
    match scored.as_slice() {
        [_] => Verdict::Match(scored.remove(0)),
        [first, second, ..] => {
            let (first, second) = (first.candidate.popularity, second.candidate.popularity);
            if first >= KNOWN_AT_ALL && first >= second.saturating_mul(clearly) {
                Verdict::Match(scored.remove(0))
            } else {
                Verdict::Ambiguous(scored)
            }
        }
        [] => Verdict::NoMatch { nearest: None },
    }
}

/// `None` when no name comes near.
fn score<'c>(release: &Release, title: &Name, others: &[Name], candidate: &'c Candidate) -> Option<Scored<'c>> {
    // The first name of either side counts in full, other names a little less.
    let own = [Some(&candidate.name), candidate.original_name.as_ref()];
    let own = own.into_iter().flatten().map(|n| (n, 0));
    let known = own.chain(candidate.alternative_names.iter().map(|n| (n, 2)));
    let mut best: Option<(u8, NameFit)> = None;
    for (name, cost) in known {
        let name = Name::new(name);
        let readings = std::iter::once((title, 0)).chain(others.iter().map(|o| (o, 2)));
        for (reading, reading_cost) in readings {
            let fit = name.fit(reading);
            let worth = match fit {
                NameFit::Same => 100,
                NameFit::Numeral => 98,
                NameFit::Article => 97,
                NameFit::Typo => 84,
                NameFit::Part => 82,
                NameFit::Different => continue,
            } - cost
                - reading_cost;
            if best.is_none_or(|(so_far, _)| worth > so_far) {
                best = Some((worth, fit));
            }
        }
    }
    let (name_worth, name) = best?;

    let year = YearFit::of(release.year, candidate);
    let year_cost = match year {
        YearFit::Exact => 0,
        YearFit::OneOff => 6,
        YearFit::NotSaid => 8,
        YearFit::Unknown => 10,
        YearFit::Later => 12,
        YearFit::Wrong => 40,
    };
    let is_from_elsewhere = release.country.as_deref().is_some_and(|country| {
        let country = if country.eq_ignore_ascii_case("uk") { "GB" } else { country };
        !candidate.countries.is_empty() && !candidate.countries.iter().any(|c| c.eq_ignore_ascii_case(country))
    });
    let country_cost = if is_from_elsewhere { 10 } else { 0 };
    let score = name_worth.saturating_sub(year_cost).saturating_sub(country_cost);
    Some(Scored { candidate, score, name, year, is_from_elsewhere })
}

impl YearFit {
    pub fn of(released: Option<u16>, candidate: &Candidate) -> Self {
        match (released, candidate.year) {
            (None, _) => Self::NotSaid,
            (Some(_), None) => Self::Unknown,
            (Some(a), Some(b)) if a == b => Self::Exact,
            (Some(a), Some(b)) if a.abs_diff(b) == 1 => Self::OneOff,
            (Some(a), Some(b)) if a > b && candidate.kind == Kind::Series => Self::Later,
            _ => Self::Wrong,
        }
    }
}

#[cfg(test)]
mod tests;
