//! Collections of films, of which some are here.

use super::Error;
use super::face::face;
use super::search::fold;
use crate::domain::catalog::Reach;
use crate::domain::collection::{Collection, CollectionId};

face! {
    /// Collections of films. Which films are in one is asked of the catalog.
    Collections / CollectionsBackend {
        /// Those of which somebody sees [`FEWEST_FILMS`](crate::domain::collection::FEWEST_FILMS) at least, by name. Looks at each
        /// collection up to the end of the page, so a page far down costs more; there are a few thousand in the world.
        async fn page(&self, reach: &Reach, skip: u32, limit: u32) -> Result<Vec<Collection>, Error>;

        /// One that a title was in, whatever is here of it.
        async fn get(&self, id: CollectionId) -> Result<Option<Collection>, Error>;
    }
}

/// A collection's name as it is sorted: without accents and the article.
pub(super) fn sorted_by(collection: &Collection) -> String {
    let name = fold(&collection.name);
    ["the ", "a ", "an "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(&name).to_owned()
}
