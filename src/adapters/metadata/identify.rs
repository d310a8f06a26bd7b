//! What a file is, by what its name says: the ladder. Its steps go from the surest to the least sure and end at the first clear
//! answer; what none of them decides is for a person, with the candidates.
//!
//! ```text
//! 1 id            an id or a link in name or caption, another site's too
//! 2 title         title and year; without the year (one off); other names of what was found
//! 3 writing       numerals, & and "and", apostrophes, hyphens, articles, umlauts
//! 4 equals        in every step: of several that fit, the running time, else by far the most votes
//! 5 side          two titles round a dash or in brackets
//! 6 one edit      a letter astray, with the year
//! 7 reading       what else the name may mean (see `readings`)
//! 8 as a series   no film is called so, a series is
//! 9 sites         what TheTVDB finds, of anime Kitsu and AniList too
//!   review
//! ```
//!
//! Where there is a title index it is asked behind the title's own search, for names of other countries, and before the searches
//! for a letter astray.
//!
//! A usual name costs one search, and one request for the title.

use std::borrow::Cow;

use super::steps::{Answer, Claim, Pool};
use super::{Error, Identified, Metadata, readings};
use crate::domain::matching::{self, Clues, How, Step};
use crate::domain::title::{Kind, MetaId};
use release_name::Release;

impl Metadata {
    /// What a file is. An error means that nothing was learned.
    pub async fn identify(&self, clues: &Clues<'_>) -> Result<Identified, Error> {
        // Steps hold titles and answers: boxed, so that whoever waits for them does not hold all of that on a stack.
        let mut identified = Box::pin(self.chosen(clues)).await?;
        // Without a key nobody can be asked for a TMDB id, but Cinemeta says which one a title has.
        if let (Identified::Match { title, .. }, Some(id)) = (&identified, clues.release.tmdb)
            && !self.has_tmdb()
            && title.ids.tmdb.is_some_and(|known| known != id)
        {
            return Ok(Identified::UnknownId { id: MetaId::Tmdb(id).to_string() });
        }
        if let Identified::Match { title, how, .. } = &mut identified {
            tracing::debug!("“{}” is {} {how}", clues.release.title, title.name);
            self.rate(title).await;
        }
        Ok(identified)
    }

    async fn chosen(&self, clues: &Clues<'_>) -> Result<Identified, Error> {
        if let Some(identified) = Box::pin(self.by_id(clues)).await? {
            return Ok(identified);
        }
        let whole = matching::as_film(clues.release, clues.file_name);
        let whole = whole.and_then(|film| Claim::new(Cow::Owned(film), clues));
        let Some(claim) = Claim::new(Cow::Borrowed(clues.release), clues) else {
            // A name that is all numbers.
            let found = self.by_whole_name(whole.as_ref(), Slips::None).await?;
            return Ok(found.unwrap_or(Identified::NoTitle));
        };
        // What looks like an episode may be a film of that name; a film's name may have lost a word that looked like a tag.
        let comes_first = claim.kind == Kind::Series;
        if comes_first && let Some(found) = self.by_whole_name(whole.as_ref(), Slips::None).await? {
            return Ok(found);
        }
        let mut pool = Pool::default();
        let answer = Box::pin(self.climb(&claim, &mut pool)).await?;
        if !comes_first
            && !matches!(answer, Some(Answer::Match { .. }))
            && let Some(found) = self.by_whole_name(whole.as_ref(), Slips::One).await?
        {
            return Ok(found);
        }
        Box::pin(self.told(&claim, answer, &pool)).await
    }

    /// Steps 2 to 6. `None` when nothing fits.
    async fn climb(&self, claim: &Claim<'_>, pool: &mut Pool) -> Result<Option<Answer>, Error> {
        if let Some(answer) = self.by_title(claim, pool).await? {
            return Ok(Some(answer));
        }
        if let Some(answer) = self.by_index(claim).await? {
            return Ok(Some(answer));
        }
        if let Some(answer) = self.by_translation(claim, pool).await? {
            return Ok(Some(answer));
        }
        if let Some(answer) = self.by_writing(claim, pool).await? {
            return Ok(Some(answer));
        }
        if let Some(answer) = self.by_side(claim).await? {
            return Ok(Some(answer));
        }
        if let Some(answer) = self.one_edit_by_index(claim).await? {
            return Ok(Some(answer));
        }
        self.one_edit(claim, pool).await
    }

    /// The whole name as a film of its year: found, or nothing. `Slips`: of what looks like an episode, a letter astray on top of it
    /// would be a guess.
    async fn by_whole_name(&self, whole: Option<&Claim<'_>>, slips: Slips) -> Result<Option<Identified>, Error> {
        let Some(claim) = whole else { return Ok(None) };
        let mut pool = Pool::default();
        let answer = match slips {
            Slips::One => self.climb(claim, &mut pool).await?,
            Slips::None => match self.by_title(claim, &mut pool).await? {
                Some(answer) => Some(answer),
                None => self.by_writing(claim, &mut pool).await?,
            },
        };
        Ok(match answer {
            Some(Answer::Match { title, how }) => {
                let how = How { step: Step::WholeName, ..how };
                Some(Identified::Match { title, reading: None, how, anime: None })
            }
            Some(Answer::Open(_)) | None => None,
        })
    }

    /// Steps 7 to 9, and what a person is told when it brings nothing.
    async fn told(&self, claim: &Claim<'_>, answer: Option<Answer>, pool: &Pool) -> Result<Identified, Error> {
        let release: &Release = &claim.release;
        let searched = claim.searched();
        Ok(match answer {
            Some(Answer::Match { title, how }) => {
                let reading = readings::of_numbers(release, &title);
                Identified::Match { title, reading, how, anime: None }
            }
            Some(Answer::Open(rivals)) => match self.reread(release, Some(&rivals)).await? {
                Some(chosen) => chosen,
                None => Identified::Ambiguous { searched, candidates: rivals },
            },
            None => match self.reread(release, None).await? {
                Some(chosen) => chosen,
                None => match self.as_series(claim).await? {
                    Some(Answer::Match { title, how }) => Identified::Match { title, reading: None, how, anime: None },
                    Some(Answer::Open { .. }) | None => match self.by_sites(claim).await? {
                        Some(found) => found,
                        None => Identified::NoMatch { searched, nearest: pool.nearest(claim) },
                    },
                },
            },
        })
    }
}

/// Whether a letter may be astray.
#[derive(Clone, Copy)]
enum Slips {
    None,
    One,
}
