//! Matching: which of a provider's titles a release is. Scores names and years; below the threshold there is no guess.
//!
//! A score begins at how near the names are (100: the same) and loses what the year costs:
//!
//! ```text
//!                  exact  one off  not said  candidate has none  later (series)  wrong
//! same name          100       94        92                  90              88     60
//! writing             98       92        90                  88              86     58
//! article             97       91        89                  87              85     57
//! typo                84       78        76                  74              72     44
//! part of it          82       76        74                  72              70     42
//!                                                        threshold: 80
//! ```
//!
//! so a typo or a part of the name needs the exact year, and a wrong year is never made up for. Those near the best are told
//! apart by the running time, or by their votes if these are clear, and by nobody if they are not (`equals`).
//!
//! ```text
//! names.rs         how near two names are          numerals.rs  Rocky III = Rocky 3      edits.rs  letters astray
//! queries.rs       what to ask a provider's search for a name: other writings, words left out, sides of a dash
//! running_time.rs  how near a file's running time is to a film's
//! whole_name.rs    a name that looks like a date or an episode, as a film's
//! equals.rs        which of several that fit
//! how.rs           the steps of the ladder, as they are kept and shown
//! suggestion.rs    what a person may choose where none of them decides
//! ```

mod edits;
mod equals;
mod how;
mod names;
mod numerals;
mod queries;
mod running_time;
mod suggestion;
mod whole_name;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use equals::{Rival, Settled, is_certain, settle};
pub use how::{How, Step};
pub use names::{Name, NameFit, fold};
pub use queries::{other_writings, sides, words_left_out};
pub use running_time::RunningTime;
pub use suggestion::Suggestion;
pub use whole_name::as_film;

use super::title::{Kind, TitleIds};
use release_name::{Release, ReleaseKind};

/// What is known of a file when its title is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Clues<'a> {
    /// What its name and caption say.
    pub release: &'a Release,
    /// The name itself, for what was read into it and may not be there: `10x10 (2018).mkv` is a film.
    pub file_name: &'a str,
    pub caption: &'a str,
    /// Of the document, where Telegram says it.
    pub duration_secs: Option<u32>,
    /// Its channel holds anime.
    pub is_anime: bool,
}

impl<'a> From<&'a Release> for Clues<'a> {
    fn from(release: &'a Release) -> Self {
        Self { release, file_name: "", caption: "", duration_secs: None, is_anime: false }
    }
}

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
    /// How many people voted, where a search says it. Popularity is what people look at just now.
    #[serde(default)]
    pub votes: Option<u32>,
    /// Where it is known before the details are asked for.
    #[serde(default)]
    pub runtime_mins: Option<u16>,
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

impl Scored<'_> {
    /// What was compared: `same name, another year (60 of 100)`.
    pub fn why(&self) -> String {
        let name = match self.name {
            NameFit::Same => "same name",
            NameFit::Writing => "same name in another writing",
            NameFit::Article => "same name but for an article",
            NameFit::Typo => "same name but for a letter",
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
        format!("{name}, {year}{country} ({} of 100)", self.score)
    }
}

impl fmt::Display for Scored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.candidate, self.why())
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

/// What kind of title a release is a file of.
pub fn kind_of(release: &Release) -> Kind {
    let is_film = release.kind == ReleaseKind::Movie && release.seasons.is_empty() && release.episodes.is_empty();
    if is_film { Kind::Movie } else { Kind::Series }
}

/// Candidates of the release's kind (others are passed over) that come near it, best first.
pub fn scored<'c>(release: &Release, candidates: &'c [Candidate]) -> Vec<Scored<'c>> {
    let kind = kind_of(release);
    let title = Name::new(&release.title);
    let others: Vec<Name> = release.alternative_titles.iter().map(|t| Name::new(t)).collect();
    let mut scored: Vec<Scored<'c>> = candidates
        .iter()
        .filter(|c| c.kind == kind)
        .filter_map(|candidate| score(release, &title, &others, candidate))
        .collect();
    scored.sort_by_key(|s| std::cmp::Reverse((s.score, s.candidate.popularity)));
    scored
}

/// Of these, those that fit about as well as the best. Empty when none fits.
pub fn field<'c>(release: &Release, scored: &[Scored<'c>]) -> Vec<Scored<'c>> {
    let Some(top) = scored.first().map(|s| s.score).filter(|top| *top >= THRESHOLD) else { return Vec::new() };
    let near = if release.year.is_some() { NEAR } else { NEAR_WITHOUT_YEAR };
    // The very name and the very year have no rival but their like.
    let floor = if top == 100 { 100 } else { top.saturating_sub(near).max(THRESHOLD) };
    scored.iter().filter(|s| s.score >= floor).cloned().collect()
}

/// Judges candidates by name and year, and by their votes where several fit.
pub fn best<'c>(release: &Release, candidates: &'c [Candidate]) -> Verdict<'c> {
    let scored = scored(release, candidates);
    let field = field(release, &scored);
    if field.is_empty() {
        return Verdict::NoMatch { nearest: scored.into_iter().next() };
    }
    match settle(field.into_iter().map(|scored| Rival::new(scored, None)).collect(), None) {
        Settled::Chosen { chosen, .. } => Verdict::Match(chosen),
        Settled::Open(rivals) => Verdict::Ambiguous(rivals.into_iter().map(|rival| rival.scored).collect()),
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
                NameFit::Writing => 98,
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
