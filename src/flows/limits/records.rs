//! What is stored: rules and lists that the owner sets while the program runs, sums, histories, and what every instance sends now.
//! Commands beside the running program use it too.

use crate::adapters::store::{self, Changed, Changes, Store};
use crate::domain::entry::EntryId;
use crate::domain::limits::{Day, Limits, Listed, Lists, Rules, RulesError, Scope};
use crate::domain::person::PersonId;
use crate::domain::usage::{FileUse, Running, Spent, Watched};
use crate::flows::DatabaseError;

/// Of the settings that hold the rules and the lists, as text.
const RULES: &str = "limits";
const ALLOW: &str = "access_allow";
const DENY: &str = "access_deny";

/// An instance that said nothing for so long (seconds) sends nothing.
const SILENT_SECS: i64 = 15;
/// Who asked for a stream to stop meant the one that ran then; numbers are not used twice.
const STOP_SECS: i64 = 60;

/// Why a rule cannot be stored.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    #[error(transparent)]
    Rule(#[from] RulesError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for SettingError {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    store: Store,
}

impl Records {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Tells when somebody stored other rules or lists, where the store tells of changes.
    pub fn changes(&self) -> Changes {
        self.store.changes(Changed::Settings)
    }

    /// The stored rules.
    pub async fn rules(&self) -> Result<Rules, DatabaseError> {
        Ok(self.settings().await?.0)
    }

    /// Stores one rule in the place of what was stored for its scope; without limits it goes, and what the settings say holds again.
    /// Every instance follows within seconds.
    pub async fn set_rule(&self, scope: Scope, limits: Limits) -> Result<(), SettingError> {
        let mut rules = self.settings().await?.0;
        rules.set(scope, limits)?;
        Ok(self.store.settings().set(RULES, &rules.to_string()).await?)
    }

    /// The stored lists.
    pub async fn lists(&self) -> Result<Lists, DatabaseError> {
        Ok(self.settings().await?.1)
    }

    pub async fn allow(&self, listed: &Listed) -> Result<(), DatabaseError> {
        self.change_lists(|lists| lists.allow.add(listed)).await
    }

    pub async fn deny(&self, listed: &Listed) -> Result<(), DatabaseError> {
        self.change_lists(|lists| lists.deny.add(listed)).await
    }

    /// Takes them from both lists.
    pub async fn unlist(&self, listed: &Listed) -> Result<(), DatabaseError> {
        let take_out = |lists: &mut Lists| {
            lists.allow.take_out(listed);
            lists.deny.take_out(listed);
        };
        self.change_lists(take_out).await
    }

    /// What every instance sends now. `now` in unix seconds.
    pub async fn watching(&self, now: i64) -> Result<Vec<Running>, DatabaseError> {
        Ok(self.running(now).await?)
    }

    /// Ends a stream, wherever it runs, within seconds. Returns whether there is one.
    pub async fn stop(&self, stream: &str, now: i64) -> Result<bool, DatabaseError> {
        if !self.running(now).await?.iter().any(|running| running.id == stream) {
            return Ok(false);
        }
        self.store.usage().ask_to_stop(stream, now).await?;
        Ok(true)
    }

    /// What a person, or everybody together, used today and this month.
    pub async fn spent(&self, whose: Option<PersonId>, now: i64) -> Result<Spent, DatabaseError> {
        Ok(self.store.usage().spent(whose, Day::of(now)).await?)
    }

    /// The same of everybody who used something this month, by id.
    pub async fn spent_by_all(&self, now: i64) -> Result<Vec<(PersonId, Spent)>, DatabaseError> {
        Ok(self.store.usage().spent_by_all(Day::of(now)).await?)
    }

    /// How often a file was watched and downloaded, and when last.
    pub async fn of_file(&self, entry: EntryId) -> Result<FileUse, DatabaseError> {
        Ok(self.store.usage().of_file(entry).await?)
    }

    /// What a person watched, the last first.
    pub async fn history(&self, person: PersonId, skip: u32, limit: u32) -> Result<Vec<Watched>, DatabaseError> {
        Ok(self.store.usage().history(person, skip, limit).await?)
    }

    /// Forgets what a person watched; `None`: what anybody did. Returns how many rows went.
    pub async fn erase_history(&self, person: Option<PersonId>) -> Result<u64, DatabaseError> {
        Ok(self.store.usage().erase_history(person).await?)
    }

    pub(super) fn store_calls(&self) -> u64 {
        self.store.calls()
    }

    pub(super) fn usage(&self) -> store::Usage {
        self.store.usage()
    }

    pub(super) async fn ping(&self) -> Result<(), store::Error> {
        self.store.ping().await
    }

    pub(super) async fn running(&self, now: i64) -> Result<Vec<Running>, store::Error> {
        self.store.usage().running(now.saturating_sub(SILENT_SECS)).await
    }

    pub(super) async fn asked_to_stop(&self, now: i64) -> Result<Vec<String>, store::Error> {
        self.store.usage().asked_to_stop(now.saturating_sub(STOP_SECS)).await
    }

    pub(super) async fn settings(&self) -> Result<(Rules, Lists), store::Error> {
        // Nobody but us writes them, and what a newer version wrote is none of ours to fail for.
        let rules = self.text(RULES).await?.parse().unwrap_or_default();
        let allow = self.text(ALLOW).await?.parse().unwrap_or_default();
        let deny = self.text(DENY).await?.parse().unwrap_or_default();
        Ok((rules, Lists { allow, deny }))
    }

    async fn change_lists(&self, change: impl FnOnce(&mut Lists)) -> Result<(), DatabaseError> {
        let mut lists = self.settings().await?.1;
        change(&mut lists);
        self.store.settings().set(ALLOW, &lists.allow.to_string()).await?;
        self.store.settings().set(DENY, &lists.deny.to_string()).await?;
        Ok(())
    }

    async fn text(&self, key: &str) -> Result<String, store::Error> {
        Ok(self.store.settings().get(key).await?.unwrap_or_default())
    }
}
