//! The title index of this machine, where there is one: it knows names of all countries and names with a letter astray, so the
//! provider is asked for the details alone. What it offers is judged by those, as what a search offers is.

use title_index::{Edits, Id, Kind as IndexKind, Wanted};

use super::{Answer, Claim, Error, Metadata};
use crate::domain::matching::{Candidate, How, NameFit};
use crate::domain::title::{Kind, MetaId, TmdbId};

/// The nearest and best known of them; one or two requests each.
const OPENED: usize = 6;

impl Metadata {
    /// Titles that are called so in some country, in whatever writing.
    pub(in super::super) async fn by_index(&self, claim: &Claim<'_>) -> Result<Option<Answer>, Error> {
        self.indexed(claim, Edits::None, NameFit::Part).await
    }

    /// Titles that are called so but for a letter. With a year only, as wherever a letter is astray.
    pub(in super::super) async fn one_edit_by_index(&self, claim: &Claim<'_>) -> Result<Option<Answer>, Error> {
        match claim.release.year {
            Some(_) => self.indexed(claim, Edits::One, NameFit::Part).await,
            None => Ok(None),
        }
    }

    /// `least`: how near the name of a title has to come.
    async fn indexed(&self, claim: &Claim<'_>, edits: Edits, least: NameFit) -> Result<Option<Answer>, Error> {
        let names: Vec<&str> = claim.main_names().map(String::as_str).collect();
        let kind = match claim.kind {
            Kind::Movie => IndexKind::Film,
            Kind::Series => IndexKind::Series,
        };
        let wanted = Wanted { names: &names, year: claim.release.year, kind: Some(kind), edits };
        let mut opened: Vec<Candidate> = Vec::new();
        for found in self.titles.look_up(&wanted).into_iter().take(OPENED) {
            let Some(id) = meta_id(found.id) else { continue };
            let Some(title) = self.title(claim.kind, id).await? else { continue };
            // IMDb's list and TMDB's may both have it.
            if opened.iter().any(|known| known.ids == title.ids) {
                continue;
            }
            opened.push(Candidate {
                kind: title.kind,
                ids: title.ids,
                name: title.name,
                original_name: title.original_name,
                alternative_names: title.alternative_names,
                year: title.year,
                countries: title.country.into_iter().collect(),
                popularity: title.popularity,
                votes: (found.votes > 0).then_some(found.votes),
                runtime_mins: title.runtime_mins,
            });
        }
        Ok(match self.judge(claim, &opened, least).await? {
            Some(Answer::Match { title, how: How { step, why } }) => {
                Some(Answer::Match { title, how: How { step, why: format!("{why}, from the title index") } })
            }
            other => other,
        })
    }
}

fn meta_id(id: Id) -> Option<MetaId> {
    match id {
        Id::Imdb(number) => format!("tt{number:07}").parse().ok().map(MetaId::Imdb),
        Id::Tmdb(number) => TmdbId::new(number.into()).map(MetaId::Tmdb),
    }
}
