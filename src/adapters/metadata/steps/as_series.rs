//! Nothing is known as a film: the name may be a series', of which the file says no episode (`Chernobyl (2019).mkv`). Whoever reads the
//! review list is helped more by "which episode?" than by "no such title".

use std::borrow::Cow;

use super::{Answer, Claim, Error, Metadata};
use crate::domain::matching::{self, How, NameFit, Step, YearFit};
use crate::domain::title::Kind;
use release_name::{Release, ReleaseKind};

impl Metadata {
    /// One search. The whole name has to be the series', and the year its own or a later one.
    pub(in super::super) async fn as_series(&self, claim: &Claim<'_>) -> Result<Option<Answer>, Error> {
        if claim.kind == Kind::Series {
            return Ok(None);
        }
        let release = Release { kind: ReleaseKind::Episode, ..claim.release.as_ref().clone() };
        let names = vec![claim.names[0].clone()];
        let read = Claim { release: Cow::Owned(release), names, kind: Kind::Series, time: None, is_anime: false };
        let mut found = self.search(read.kind, &read.names[0], None).await?;
        let is_its_year = |year| matches!(year, YearFit::Exact | YearFit::Later | YearFit::NotSaid);
        let scored = matching::scored(&read.release, &found);
        let fitting: Vec<_> = scored
            .iter()
            .filter(|scored| scored.name >= NameFit::Article && is_its_year(scored.year))
            .map(|scored| scored.candidate.ids)
            .collect();
        found.retain(|candidate| fitting.contains(&candidate.ids));
        Ok(match self.judge(&read, &found, NameFit::Article).await? {
            Some(Answer::Match { title, how }) => {
                Some(Answer::Match { title, how: How { step: Step::AsSeries, ..how } })
            }
            // Which of several series, for a file of no episode, is no question worth asking.
            Some(Answer::Open { .. }) | None => None,
        })
    }
}
