//! What a file is, by what its name says. The questions go from the narrowest to the widest and end at the first clear answer:
//!
//! ```text
//! id in name or caption -> title + year -> title -> years next to it -> other titles, the same way -> translated names
//!                      -> what stands behind a dash ("Buster Keaton - The General"), if there is a year to prove it by
//!                      -> the name's second readings, if the provider bears them out (see `readings`)
//! ```

use super::{Error, Identified, Metadata, readings};
use crate::domain::matching::{self, Candidate, Verdict, YearFit};
use crate::domain::title::{Kind, MetaId, Title};
use release_name::Release;

/// A search that fills its page has more to say; fewer rows are all there is.
const FULL_PAGE: usize = 20;
/// For so many candidates their translated names are asked for: one request each.
const OPENED: usize = 5;

impl Metadata {
    /// What a file is, by what its name says: the ids in it first, otherwise searches by title and year, without the year, and
    /// by its other titles, judged by [`matching::best`]. Asks for the translated names of a few candidates when
    /// their own names do not fit, and tries the name's second readings when nothing does. An error means that nothing was
    /// learned.
    pub async fn identify(&self, release: &Release) -> Result<Identified, Error> {
        let mut identified = self.chosen(release).await?;
        if let Identified::Match { title, .. } = &mut identified {
            self.rate(title).await;
        }
        Ok(identified)
    }

    async fn chosen(&self, release: &Release) -> Result<Identified, Error> {
        let kind = matching::kind_of(release);
        if let Some(id) = release.imdb {
            // The link wins over the name, also in saying whether it is a film or a series.
            let kind = self.kind_of(id).await?.unwrap_or(kind);
            return self.by_id(release, kind, MetaId::Imdb(id)).await;
        }
        if let Some(id) = release.tmdb {
            return self.by_id(release, kind, MetaId::Tmdb(id)).await;
        }

        let names = names(release);
        let Some(searched) = names.first().map(|name| searched(name, release.year)) else {
            return Ok(Identified::NoTitle);
        };
        Ok(match self.by_names(kind, release, &names, &searched).await? {
            Some(Answer::Match(title)) => {
                let reading = readings::of_numbers(release, &title);
                Identified::Match { title, reading }
            }
            Some(Answer::Ambiguous(rivals)) => match self.reread(release, Some(&rivals)).await? {
                Some(chosen) => chosen,
                None => {
                    let candidates = rivals.iter().map(Candidate::to_string).collect();
                    Identified::Ambiguous { searched, candidates }
                }
            },
            None => self.reread(release, None).await?.unwrap_or(Identified::NoMatch { searched }),
        })
    }

    /// The first reading. `None` when nothing fits.
    async fn by_names(
        &self,
        kind: Kind,
        release: &Release,
        names: &[&str],
        searched: &str,
    ) -> Result<Option<Answer>, Error> {
        let mut pool = Pool::default();
        for name in names {
            if let Some(answer) = self.by_name(kind, release, name, searched, &mut pool).await? {
                return Ok(Some(answer));
            }
        }
        let opened = self.with_translations(kind, release, &pool.candidates).await?;
        if let Some(answer) = self.answer(searched, release, &opened).await? {
            return Ok(Some(answer));
        }
        if let Some((_, behind)) = release.title.rsplit_once(" - ").filter(|_| release.year.is_some()) {
            let reading = Release { title: behind.to_owned(), alternative_titles: Vec::new(), ..release.clone() };
            let mut pool = Pool::default();
            return self.by_name(kind, &reading, behind, searched, &mut pool).await;
        }
        Ok(None)
    }

    /// Searches for one name, with the year and without. `None` when nothing in the pool fits then.
    async fn by_name(
        &self,
        kind: Kind,
        release: &Release,
        name: &str,
        searched: &str,
        pool: &mut Pool,
    ) -> Result<Option<Answer>, Error> {
        let mut is_page_full = false;
        // Without the year too: the release's may be wrong by one, or a later season's.
        let years: &[Option<u16>] = if release.year.is_some() { &[release.year, None] } else { &[None] };
        for year in years {
            let offered = self.search(kind, name, *year).await?;
            is_page_full = offered.len() >= FULL_PAGE;
            pool.add(offered);
            if let Some(answer) = self.answer(searched, release, &pool.candidates).await? {
                return Ok(Some(answer));
            }
        }
        // A common name: the film one year off may stand on a later page.
        if let Some(year) = release.year.filter(|_| is_page_full) {
            for year in [year.saturating_sub(1), year.saturating_add(1)] {
                pool.add(self.search(kind, name, Some(year)).await?);
            }
            return self.answer(searched, release, &pool.candidates).await;
        }
        Ok(None)
    }

    async fn by_id(&self, release: &Release, kind: Kind, id: MetaId) -> Result<Identified, Error> {
        Ok(match self.title(kind, id).await? {
            Some(title) => {
                let title = Box::new(title);
                Identified::Match { reading: readings::of_numbers(release, &title), title }
            }
            None => Identified::UnknownId { id: id.to_string() },
        })
    }

    /// `None` when no candidate fits.
    async fn answer(
        &self,
        searched: &str,
        release: &Release,
        candidates: &[Candidate],
    ) -> Result<Option<Answer>, Error> {
        match matching::best(release, candidates) {
            Verdict::Match(chosen) => {
                tracing::debug!("“{searched}” is {chosen}");
                let title = self.open(chosen.candidate).await?;
                Ok(title.map(|title| Answer::Match(Box::new(title))))
            }
            Verdict::Ambiguous(rivals) => {
                Ok(Some(Answer::Ambiguous(rivals.into_iter().map(|rival| rival.candidate.clone()).collect())))
            }
            Verdict::NoMatch { nearest } => {
                if let Some(nearest) = nearest {
                    tracing::debug!("“{searched}” is not {nearest}");
                }
                Ok(None)
            }
        }
    }

    pub(super) async fn open(&self, candidate: &Candidate) -> Result<Option<Title>, Error> {
        let ids = candidate.ids;
        match ids.tmdb.map(MetaId::Tmdb).or(ids.imdb.map(MetaId::Imdb)) {
            Some(id) => self.title(candidate.kind, id).await,
            None => Ok(None),
        }
    }

    /// TMDB finds a film by any of its names, but a search answers only two of them. These are the first candidates of a
    /// fitting year with all their names.
    async fn with_translations(
        &self,
        kind: Kind,
        release: &Release,
        candidates: &[Candidate],
    ) -> Result<Vec<Candidate>, Error> {
        if !self.knows_other_names() {
            return Ok(Vec::new());
        }
        let fitting =
            candidates.iter().filter(|c| c.kind == kind && YearFit::of(release.year, c) != YearFit::Wrong).take(OPENED);
        let mut opened = Vec::new();
        for candidate in fitting {
            if let Some(title) = self.open(candidate).await? {
                opened.push(Candidate { alternative_names: title.alternative_names, ..candidate.clone() });
            }
        }
        Ok(opened)
    }
}

/// What a reading came to. Finding nothing is `None`.
enum Answer {
    Match(Box<Title>),
    /// Several fit alike, best known first.
    Ambiguous(Vec<Candidate>),
}

/// Candidates of several searches, each once, in the order in which they came.
#[derive(Default)]
struct Pool {
    candidates: Vec<Candidate>,
}

impl Pool {
    fn add(&mut self, offered: Vec<Candidate>) {
        for candidate in offered {
            if !self.candidates.iter().any(|known| known.ids == candidate.ids) {
                self.candidates.push(candidate);
            }
        }
    }
}

/// The title and the other titles to search for, none twice.
fn names(release: &Release) -> Vec<&str> {
    let mut seen = Vec::new();
    let all = std::iter::once(&release.title).chain(&release.alternative_titles);
    all.map(|name| name.trim())
        .filter(|name| {
            let folded = matching::fold(name);
            let is_new = !folded.is_empty() && !seen.contains(&folded);
            seen.push(folded);
            is_new
        })
        .collect()
}

/// As the review list shows it.
fn searched(name: &str, year: Option<u16>) -> String {
    match year {
        Some(year) => format!("{name} ({year})"),
        None => name.to_owned(),
    }
}
