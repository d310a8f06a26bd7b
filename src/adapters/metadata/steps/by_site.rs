//! Behind the ladder: Kitsu and AniList, for channels of anime, and TheTVDB know names that TMDB and Cinemeta do not. What they find is
//! judged as everything else is, and which title it is says TheTVDB itself, of anime the list; where nobody does, a person is told what
//! was found.

use super::{Claim, Error};
use crate::adapters::metadata::sites::{Offered, Site};
use crate::adapters::metadata::{Identified, Metadata, search_lifetime};
use crate::domain::anime::Anime;
use crate::domain::foreign_id::{self, ForeignId};
use crate::domain::matching::{self, Candidate, How, Scored, Step, Suggestion, Verdict};
use crate::domain::title::{Kind, Title};

impl Metadata {
    /// `None` when they find nothing, too. A site that is down is an error only when the others find nothing; one that refuses the key
    /// is none, or files would wait for it that only a person can name.
    pub(in super::super) async fn by_sites(&self, claim: &Claim<'_>) -> Result<Option<Identified>, Error> {
        let (mut failed, mut said) = (None, None);
        for site in self.sites.for_names(claim.is_anime) {
            let offered = match self.offered(site, claim).await {
                Ok(offered) => offered,
                Err(error @ Error::BadKey { .. }) => {
                    tracing::warn!("{error}");
                    continue;
                }
                Err(error) => {
                    failed = Some(error);
                    continue;
                }
            };
            match self.judge_offered(claim, site, &offered).await? {
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

    async fn offered(&self, site: Site<'_>, claim: &Claim<'_>) -> Result<Vec<Offered>, Error> {
        let mut all: Vec<Offered> = Vec::new();
        for name in claim.main_names() {
            let key = self.key(&format!("site:{}:{}", site.scope(claim.kind), name.to_lowercase()));
            let lifetime = |found: &Vec<Offered>| search_lifetime(!found.is_empty());
            let found = self.inner.answers.ask(key, lifetime, site.search(claim.kind, name)).await?;
            all.extend(
                found.into_iter().filter(|new| all.iter().all(|known| known.number != new.number)).collect::<Vec<_>>(),
            );
        }
        Ok(all)
    }

    async fn judge_offered(
        &self,
        claim: &Claim<'_>,
        site: Site<'_>,
        offered: &[Offered],
    ) -> Result<Option<Identified>, Error> {
        let candidates: Vec<Candidate> = offered.iter().map(|offered| offered.candidate.clone()).collect();
        let chosen = match matching::best(&claim.release, &candidates) {
            Verdict::Match(chosen) => chosen,
            Verdict::Ambiguous(rivals) => {
                let candidates = rivals.iter().map(|rival| at(rival, site.name())).collect();
                return Ok(Some(Identified::Ambiguous { searched: claim.searched(), candidates }));
            }
            Verdict::NoMatch { .. } => return Ok(None),
        };
        let Some(number) = number_of(&chosen, &candidates, offered) else { return Ok(None) };
        let id = site.id(number);
        let place = format!("{} ({id})", site.name());
        if let Some((title, anime)) = self.of_offered(chosen.candidate, id).await? {
            let how = How { step: Step::of(chosen.name), why: format!("{chosen}, {place}") };
            return Ok(Some(Identified::Match { title: Box::new(title), reading: None, how, anime }));
        }
        let nearest = vec![at(&chosen, &format!("{place}; nobody says which title of IMDb's or TMDB's that is"))];
        Ok(Some(Identified::NoMatch { searched: claim.searched(), nearest }))
    }

    /// Which title that is: by what the site says itself, else by the list of anime, else as TMDB knows TheTVDB's numbers.
    async fn of_offered(
        &self,
        candidate: &Candidate,
        id: ForeignId,
    ) -> Result<Option<(Title, Option<Box<Anime>>)>, Error> {
        if let Some(title) = self.open(candidate).await? {
            return Ok(Some((title, None)));
        }
        if id.site == foreign_id::Site::Tvdb {
            return Ok(self.of_tvdb(candidate.kind, id).await?.map(|title| (title, None)));
        }
        let Some(anime) = self.anime.find(id).into_iter().next() else { return Ok(None) };
        let title = self.title_of(&anime).await?;
        Ok(title.map(|title| {
            let anime = Some(Box::new(anime)).filter(|_| title.kind == Kind::Series);
            (title, anime)
        }))
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
