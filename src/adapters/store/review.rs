//! The review list.

use super::Error;
use super::face::face;
use crate::domain::review::{ReviewPage, ReviewQuery};

face! {
    /// Entries that need a person.
    Review / ReviewBackend {
        /// A page of the list with all that is shown of it.
        async fn page(&self, query: &ReviewQuery) -> Result<ReviewPage, Error>;
    }
}
