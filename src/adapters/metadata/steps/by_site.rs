//! Behind the ladder, for channels of anime: Kitsu and AniList know names that TMDB and Cinemeta do not. What they find is judged as
//! everything else is, and the list of anime says which title it is; where it does not, a person is told what was found.

use super::{Claim, Error};
use crate::adapters::metadata::sites::{Asked, Offered, Sites};
use crate::adapters::metadata::{Identified, Metadata, search_lifetime};
use crate::domain::matching::{self, Candidate, How, Scored, Step, Suggestion, Verdict};
use crate::domain::title::Kind;

impl Metadata {
    /// `None` when they find nothing, too. A site that is down is an error only when the other one finds nothing.
    pub(in super::super) async fn by_sites(&self, claim: &Claim<'_>) -> Result<Option<Identified>, Error> {
        let Some(sites) = self.sites.as_ref().filter(|_| claim.is_anime) else { return Ok(None) };
        let (mut failed, mut said) = (None, None);
        for asked in Asked::IN_ORDER {
            let offered = match self.offered(sites, asked, claim).await {
                Ok(offered) => offered,
                Err(error) => {
                    failed = Some(error);
                    continue;
                }
            };
            match self.judge_offered(claim, asked, &offered).await? {
                Some(unknown @ Identified::NoMatch { .. }) => said = said.or(Some(unknown)),
                Some(found) => return Ok(Some(found)),
                None => {}
            }
        }
        match (said, failed) {
            (Some(said), _) => Ok(Some(said)),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(None),
        }
    }

    async fn offered(&self, sites: &Sites, asked: Asked, claim: &Claim<'_>) -> Result<Vec<Offered>, Error> {
        let mut all: Vec<Offered> = Vec::new();
        for name in claim.main_names() {
            let key = self.key(&format!("site:{}:{}", sites.url(asked), name.to_lowercase()));
            let lifetime = |found: &Vec<Offered>| search_lifetime(!found.is_empty());
            let found = self.inner.answers.ask(key, lifetime, sites.search(asked, name)).await?;
            all.extend(
                found.into_iter().filter(|new| all.iter().all(|known| known.number != new.number)).collect::<Vec<_>>(),
            );
        }
        Ok(all)
    }

    async fn judge_offered(
        &self,
        claim: &Claim<'_>,
        asked: Asked,
        offered: &[Offered],
    ) -> Result<Option<Identified>, Error> {
        let candidates: Vec<Candidate> = offered.iter().map(|offered| offered.candidate.clone()).collect();
        let chosen = match matching::best(&claim.release, &candidates) {
            Verdict::Match(chosen) => chosen,
            Verdict::Ambiguous(rivals) => {
                let candidates = rivals.iter().map(|rival| at(rival, asked.name())).collect();
                return Ok(Some(Identified::Ambiguous { searched: claim.searched(), candidates }));
            }
            Verdict::NoMatch { .. } => return Ok(None),
        };
        let Some(number) = number_of(&chosen, &candidates, offered) else { return Ok(None) };
        let id = asked.id(number);
        let place = format!("{} ({id})", asked.name());
        if let Some(anime) = self.anime.find(id).into_iter().next()
            && let Some(title) = self.title_of(&anime).await?
        {
            let how = How { step: Step::of(chosen.name), why: format!("{chosen}, {place}") };
            let anime = Some(Box::new(anime)).filter(|_| title.kind == Kind::Series);
            return Ok(Some(Identified::Match { title: Box::new(title), reading: None, how, anime }));
        }
        let nearest = vec![at(&chosen, &format!("{place}; no list says which title of IMDb's or TMDB's that is"))];
        Ok(Some(Identified::NoMatch { searched: claim.searched(), nearest }))
    }
}

/// As a person is shown it, with where it was found: no provider of titles has it.
fn at(scored: &Scored<'_>, place: &str) -> Suggestion {
    let suggestion = Suggestion::from(scored);
    Suggestion { why: format!("{}, {place}", suggestion.why), ..suggestion }
}

/// Of the very candidate: two may be alike.
fn number_of(chosen: &Scored<'_>, candidates: &[Candidate], offered: &[Offered]) -> Option<u32> {
    let at = candidates.iter().position(|candidate| std::ptr::eq(candidate, chosen.candidate))?;
    offered.get(at).map(|offered| offered.number)
}
