//! Step 5: two titles round a dash or in brackets, of which the provider may know one: `A Bronx Tale - Rue noche`. Half a name
//! proves little, so it has to be the whole name of a title of the very year.

use std::borrow::Cow;

use super::{Answer, Claim, Error, Metadata};
use crate::domain::matching::{self, How, NameFit, Step, YearFit};
use release_name::Release;

impl Metadata {
    pub(in super::super) async fn by_side(&self, claim: &Claim<'_>) -> Result<Option<Answer>, Error> {
        if claim.release.year.is_none() {
            return Ok(None);
        }
        for side in matching::sides(&claim.names[0]) {
            let release = Release { title: side, alternative_titles: Vec::new(), ..claim.release.as_ref().clone() };
            let names = vec![release.title.clone()];
            let half =
                Claim { release: Cow::Owned(release), names, kind: claim.kind, time: claim.time, is_anime: false };
            let mut found = self.search(half.kind, &half.names[0], half.release.year).await?;
            let is_proved = |s: &matching::Scored<'_>| s.name >= NameFit::Article && s.year == YearFit::Exact;
            let proved: Vec<_> = matching::scored(&half.release, &found)
                .iter()
                .filter(|s| is_proved(s))
                .map(|s| s.candidate.ids)
                .collect();
            found.retain(|candidate| proved.contains(&candidate.ids));
            match self.judge(&half, &found, NameFit::Article).await? {
                Some(Answer::Match { title, how }) => {
                    let how = How { step: Step::Side, ..how };
                    return Ok(Some(Answer::Match { title, how }));
                }
                Some(open) => return Ok(Some(open)),
                None => {}
            }
        }
        Ok(None)
    }
}
