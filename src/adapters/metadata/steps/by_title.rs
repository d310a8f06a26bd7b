//! Step 2: the title as it stands, with the year and without (it may be wrong by one, or a later season's). Then the other names
//! of what was found.

use super::{Answer, Claim, Error, Metadata, Pool};
use crate::domain::matching::{Candidate, YearFit};

/// A search that fills its page has more to say; fewer rows are all there is.
const FULL_PAGE: usize = 20;
/// For so many candidates their translated names are asked for: one request each.
const OPENED: usize = 5;

impl Metadata {
    pub(in super::super) async fn by_title(&self, claim: &Claim<'_>, pool: &mut Pool) -> Result<Option<Answer>, Error> {
        for name in &claim.names {
            if let Some(answer) = self.by_one_title(claim, name, pool).await? {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    async fn by_one_title(&self, claim: &Claim<'_>, name: &str, pool: &mut Pool) -> Result<Option<Answer>, Error> {
        let year = claim.release.year;
        let mut is_page_full = false;
        let years: &[Option<u16>] = if year.is_some() { &[year, None] } else { &[None] };
        for year in years {
            let offered = self.search(claim.kind, name, *year).await?;
            is_page_full = offered.len() >= FULL_PAGE;
            pool.add(offered);
            if let Some(answer) = self.judge(claim, &pool.candidates).await? {
                return Ok(Some(answer));
            }
        }
        // A common name: the film one year off may stand on a later page.
        if let Some(year) = year.filter(|_| is_page_full) {
            for year in [year.saturating_sub(1), year.saturating_add(1)] {
                pool.add(self.search(claim.kind, name, Some(year)).await?);
            }
            return self.judge(claim, &pool.candidates).await;
        }
        Ok(None)
    }

    /// TMDB finds a film by any of its names, but a search answers only two of them. Judges the first candidates of a fitting
    /// year by all their names.
    pub(in super::super) async fn by_translation(
        &self,
        claim: &Claim<'_>,
        pool: &Pool,
    ) -> Result<Option<Answer>, Error> {
        if !self.has_tmdb() {
            return Ok(None);
        }
        let is_fitting = |c: &&Candidate| c.kind == claim.kind && YearFit::of(claim.release.year, c) != YearFit::Wrong;
        let mut opened = Vec::new();
        for candidate in pool.candidates.iter().filter(is_fitting).take(OPENED) {
            if let Some(title) = self.open(candidate).await? {
                opened.push(Candidate { alternative_names: title.alternative_names, ..candidate.clone() });
            }
        }
        self.judge(claim, &opened).await
    }
}
