//! What people decided of files: of one, and of all that read alike.

use super::Error;
use super::face::face;
use crate::domain::entry::EntryId;
use crate::domain::review::{Choice, NewRule, ReadsAs, Rule, RuleId};

face! {
    /// What people decided. It outlives the entries, since the same file has the same id when it comes again.
    Choices / ChoicesBackend {
        async fn of(&self, entry: EntryId) -> Result<Option<Choice>, Error>;

        /// Keeps what a person decided of an entry, or with `None` forgets it, and gives the entry the status that follows
        /// ([`Status::decided`]), whatever is being found out about it just now. Returns whether there was anything to decide.
        ///
        /// [`Status::decided`]: crate::domain::entry::Status::decided
        async fn decide(&self, entry: EntryId, choice: Option<&Choice>) -> Result<bool, Error>;

        /// Remembers a rule, in place of an earlier one of the same channel for what reads the same.
        async fn add_rule(&self, rule: &NewRule) -> Result<RuleId, Error>;

        /// Forgets a rule. `None` when there is none of this number.
        async fn remove_rule(&self, id: RuleId) -> Result<Option<Rule>, Error>;

        /// All of them, the oldest first.
        async fn rules(&self) -> Result<Vec<Rule>, Error>;

        /// Those for what reads like this, in any channel.
        async fn rules_for(&self, reads_as: &ReadsAs) -> Result<Vec<Rule>, Error>;

        /// Says what a newer parser reads a rule's example as.
        async fn reread_rule(&self, id: RuleId, reads_as: &ReadsAs) -> Result<(), Error>;
    }
}
