//! Rules: listed, taken back, and read anew by a newer parser.

use super::{Error, Review, again, check};
use crate::adapters::store::Store;
use crate::domain::channel::Profile;
use crate::domain::person::Actor;
use crate::domain::review::{Rule, RuleId};
use crate::flows::DatabaseError;

impl Review {
    /// The oldest first.
    pub async fn rules(&self) -> Result<Vec<Rule>, DatabaseError> {
        Ok(self.store.choices().rules().await?)
    }

    /// Takes a rule back. Files that have their title by it are looked for anew; those that a person chose one by one stay.
    pub async fn remove_rule(&self, id: RuleId, by: Actor<'_>, now: i64) -> Result<Rule, Error> {
        check(by, now)?;
        let removed = self.store.choices().remove_rule(id).await?.ok_or(Error::UnknownRule(id))?;
        let (channel, reads_as) = (removed.rule.channel, removed.rule.reads_as.clone());
        self.store.jobs().add(&again::job(again::Scope::Alike { channel, reads_as }, now), now).await?;
        self.note("review.rule.remove", &removed.words(), by, now).await?;
        Ok(removed)
    }
}

/// Reads the examples of all rules anew: what reads alike is what this parser says so of.
pub(in crate::flows::ingest) async fn reread(store: &Store) -> Result<(), DatabaseError> {
    let rules = store.choices().rules().await?;
    if rules.is_empty() {
        return Ok(());
    }
    let channels = store.channels().all().await?;
    for Rule { id, rule } in rules {
        let channel = channels.iter().find(|channel| Some(channel.chat) == rule.channel);
        let profile = channel.map_or_else(Profile::default, |channel| channel.profile.clone());
        match rule.example.reads_as(&profile) {
            Some(reads_as) if reads_as != rule.reads_as => store.choices().reread_rule(id, &reads_as).await?,
            _ => {}
        }
    }
    Ok(())
}
