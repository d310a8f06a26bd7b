//! What metadata providers answered, shared by all instances.

use super::Error;
use super::face::face;

face! {
    /// A cache of what metadata providers answered.
    Answers / AnswersBackend {
        /// An answer stored earlier, unless it expired at or before `now` (unix seconds).
        async fn get(&self, key: &str, now: i64) -> Result<Option<String>, Error>;

        async fn put(&self, key: &str, value: &str, expires: i64) -> Result<(), Error>;

        /// Removes the answers that expired at `now` or before. Returns how many there were.
        async fn remove_expired(&self, now: i64) -> Result<u64, Error>;
    }
}
