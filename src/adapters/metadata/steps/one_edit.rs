//! Step 6: a letter wrong, missing, doubled or swapped. With a year only, and only when one title is that near; a search that
//! takes words letter by letter is asked with each word left out in turn.

use super::{Answer, Claim, Error, Metadata, Pool};
use crate::domain::matching::words_left_out;

impl Metadata {
    pub(in super::super) async fn one_edit(&self, claim: &Claim<'_>, pool: &mut Pool) -> Result<Option<Answer>, Error> {
        let year = claim.release.year;
        if year.is_none() {
            return Ok(None);
        }
        for name in claim.main_names() {
            for query in words_left_out(name) {
                pool.add(self.search(claim.kind, &query, year).await?);
                if let Some(answer) = self.judge(claim, &pool.candidates).await? {
                    return Ok(Some(answer));
                }
            }
        }
        Ok(None)
    }
}
