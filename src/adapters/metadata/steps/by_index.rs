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

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::sync::Arc;

    use simulation::metadata as provider;

    use super::super::{Answer, Claim};
    use crate::adapters::data_folder::write_with;
    use crate::adapters::metadata::index::{Options, Sources, Titles};
    use crate::adapters::metadata::{self, Metadata, NoAnswers};
    use crate::domain::matching::{Clues, Step};
    use release_name::{Input, parse};

    #[tokio::test]
    async fn a_letter_astray_is_found_in_the_index_whoever_the_provider_is() {
        let server = provider::start(provider::Options::default()).await.expect("a free port");
        let dir = std::env::temp_dir().join(format!("cinepost-by-index-{}", std::process::id()));
        let titles = Titles::new(Options {
            dir: dir.clone(),
            sources: Sources { imdb: true, tmdb: true },
            imdb_url: server.datasets_url(),
            tmdb_url: server.exports_url(),
            write: write_with,
        });
        titles.fetch(0, &|_| {}).await.expect("fetched");
        for key in [Some(provider::KEY), None] {
            let options = metadata::Options::simulated(&server, key);
            let metadata = Metadata::new(options, Arc::new(NoAnswers)).with_titles(titles.clone());
            // The step alone: some providers' own searches forgive a letter too.
            let ask = async |name: &str| {
                let release = parse(&Input { name, caption: "", folder: "" });
                let claim = Claim::new(Cow::Borrowed(&release), &Clues::from(&release)).expect("a name");
                metadata.one_edit_by_index(&claim).await.expect("it answers")
            };
            let found = ask("Nihgt.of.the.Living.Dead.1968.1080p.mkv").await;
            let Some(Answer::Match { title, how }) = found else { panic!("nothing was found") };
            let imdb = title.ids.imdb.map(|id| id.to_string());
            assert_eq!((imdb.as_deref(), how.step), (Some("tt0063350"), Step::OneEdit));
            assert!(how.why.ends_with(", from the title index"), "{how}");
            // The films of 1968 and 1990 are no slips of the year.
            assert!(ask("Nihgt.of.the.Living.Dead.1975.1080p.mkv").await.is_none());
        }
        server.stop().await;
        let _ = std::fs::remove_dir_all(dir);
    }
}
