//! The steps of the ladder, and what they share: the claim that a name makes, the candidates seen so far, and how a step answers.

mod as_series;
pub(super) mod by_foreign_id;
mod by_id;
mod by_index;
mod by_side;
mod by_site;
mod by_title;
mod by_writing;
mod one_edit;

use std::borrow::Cow;

use super::{Error, Metadata};
use crate::domain::matching::{
    self, Candidate, Clues, How, NameFit, Rival, RunningTime, Settled, Step, Suggestion, kind_of,
};
use crate::domain::title::{Kind, MetaId, Title, TitleIds};
use release_name::Release;

/// So many of several that fit are asked for their running times, one request each.
const COMPARED: usize = 12;
/// Names of one file that are looked for in other writings; the rest are looked for as they stand.
const REWRITTEN: usize = 2;
/// Of what came near, so many are shown.
const SHOWN: usize = 6;

/// What a name says a file to be, in one reading.
pub(super) struct Claim<'a> {
    pub release: Cow<'a, Release>,
    pub kind: Kind,
    /// The title and the other titles to search for, none twice.
    pub names: Vec<String>,
    /// Of the document, where it says something: not of an episode or of one of several discs.
    pub time: Option<RunningTime>,
    /// Of a channel of anime.
    pub is_anime: bool,
}

impl<'a> Claim<'a> {
    /// `None` when the release holds no name to search for.
    pub fn new(release: Cow<'a, Release>, clues: &Clues<'_>) -> Option<Self> {
        let kind = kind_of(&release);
        let names = names(&release);
        let is_whole = kind == Kind::Movie && release.part.is_none();
        let time = clues.duration_secs.filter(|_| is_whole).and_then(RunningTime::new);
        (!names.is_empty()).then_some(Self { release, kind, names, time, is_anime: clues.is_anime })
    }

    /// As the review list shows it.
    pub fn searched(&self) -> String {
        match self.release.year {
            Some(year) => format!("{} ({year})", self.names[0]),
            None => self.names[0].clone(),
        }
    }

    /// The names that are worth looking for in other writings.
    fn main_names(&self) -> impl Iterator<Item = &String> {
        self.names.iter().take(REWRITTEN)
    }
}

/// What a step came to. Finding nothing is `None`.
pub(super) enum Answer {
    Match {
        title: Box<Title>,
        how: How,
    },
    /// Several fit alike, or what fits may not be it; best known first.
    Open(Vec<Suggestion>),
}

/// Candidates of several searches, each once, in the order in which they came.
#[derive(Default)]
pub(super) struct Pool {
    pub candidates: Vec<Candidate>,
}

impl Pool {
    pub fn add(&mut self, offered: Vec<Candidate>) {
        for candidate in offered {
            if !self.candidates.iter().any(|known| known.ids == candidate.ids) {
                self.candidates.push(candidate);
            }
        }
    }

    /// What came nearest to a claim, with what speaks against it.
    pub fn nearest(&self, claim: &Claim<'_>) -> Vec<Suggestion> {
        let scored = matching::scored(&claim.release, &self.candidates);
        scored.iter().take(SHOWN).map(Suggestion::from).collect()
    }
}

impl Metadata {
    /// Judges what was found so far. `None` when no candidate fits, or not as well as `least`.
    async fn judge(
        &self,
        claim: &Claim<'_>,
        candidates: &[Candidate],
        least: NameFit,
    ) -> Result<Option<Answer>, Error> {
        let scored = matching::scored(&claim.release, candidates);
        let field = matching::field(&claim.release, &scored);
        if field.first().is_none_or(|best| best.name < least) {
            return Ok(None);
        }
        let is_alike = field.len() > 1 && field.iter().all(|s| s.candidate.votes.is_none());
        // An id of TMDB's that nobody could be asked for: Cinemeta says which one a title has.
        let said = claim.release.tmdb.filter(|_| !self.has_tmdb());
        let is_compared = said.is_some() || (!matching::is_certain(&field) && (claim.time.is_some() || is_alike));
        let mut rivals = Vec::with_capacity(field.len());
        for (at, scored) in field.into_iter().enumerate() {
            let title = if is_compared && at < COMPARED { self.open(scored.candidate).await? } else { None };
            if let Some(title) = title.as_ref().filter(|title| said.is_some() && title.ids.tmdb == said) {
                let how = How { step: Step::Id, why: scored.to_string() };
                return Ok(Some(Answer::Match { title: Box::new(title.clone()), how }));
            }
            rivals.push(Rival::new(scored, title.as_ref()));
        }
        match matching::settle(rivals, claim.time) {
            Settled::Chosen { chosen, step } => {
                let how = How { step, why: chosen.to_string() };
                let title = self.open(chosen.candidate).await?;
                Ok(title.map(|title| Answer::Match { title: Box::new(title), how }))
            }
            Settled::Open(rivals) => {
                let shown = rivals.iter().take(SHOWN);
                Ok(Some(Answer::Open(shown.map(|rival| Suggestion::of_rival(rival, claim.time)).collect())))
            }
        }
    }

    pub(super) async fn open(&self, candidate: &Candidate) -> Result<Option<Title>, Error> {
        self.known_as(candidate.kind, &candidate.ids).await
    }

    async fn known_as(&self, kind: Kind, ids: &TitleIds) -> Result<Option<Title>, Error> {
        // Cinemeta tells TMDB's ids, and is not asked by them.
        let tmdb = ids.tmdb.filter(|_| self.has_tmdb());
        for id in [tmdb.map(MetaId::Tmdb), ids.imdb.map(MetaId::Imdb)].into_iter().flatten() {
            if let Some(title) = self.title(kind, id).await? {
                return Ok(Some(title));
            }
        }
        Ok(None)
    }
}

/// The title and the other titles, none twice.
fn names(release: &Release) -> Vec<String> {
    let mut seen = Vec::new();
    let all = std::iter::once(&release.title).chain(&release.alternative_titles);
    all.map(|name| name.trim())
        .filter(|name| {
            let folded = matching::fold(name);
            let is_new = !folded.is_empty() && !seen.contains(&folded);
            seen.push(folded);
            is_new
        })
        .map(str::to_owned)
        .collect()
}
