//! Step 3: the title in its other writings, since a search takes each word letter by letter: numerals, `&` and `and`, apostrophes
//! and hyphens lost or split, articles moved, umlauts written out.

use super::{Answer, Claim, Error, Metadata, Pool};
use crate::domain::matching::other_writings;

impl Metadata {
    pub(in super::super) async fn by_writing(
        &self,
        claim: &Claim<'_>,
        pool: &mut Pool,
    ) -> Result<Option<Answer>, Error> {
        let year = claim.release.year;
        for name in claim.main_names() {
            for query in other_writings(name, year.is_some()) {
                pool.add(self.search(claim.kind, &query, year).await?);
                if let Some(answer) = self.judge(claim, &pool.candidates).await? {
                    return Ok(Some(answer));
                }
            }
        }
        Ok(None)
    }
}
