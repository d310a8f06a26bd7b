//! What people decided of files.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::entries::{entries, raise_revision, write_status};
use super::titles::refresh_titles;
use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::choices::ChoicesBackend;
use crate::adapters::store::document::{from_text, to_text};
use crate::domain::entry::EntryId;
use crate::domain::review::{Choice, NewRule, ReadsAs, Rule, RuleId};

impl ChoicesBackend for Embedded {
    async fn of(&self, entry: EntryId) -> Result<Option<Choice>, Error> {
        self.read(move |db| of(db, entry)).await
    }

    async fn decide(&self, entry: EntryId, choice: Option<&Choice>) -> Result<bool, Error> {
        let choice = choice.cloned();
        self.write(Commit::Durable, move |db| {
            let Some(stored) = entries(db, "WHERE id = ?", [entry.to_bytes()])?.pop() else { return Ok(false) };
            let was_decided = of(db, entry)?.is_some();
            let Some(status) = stored.status.decided(choice.as_ref(), was_decided) else { return Ok(false) };
            match &choice {
                Some(choice) => db
                    .prepare_cached("INSERT OR REPLACE INTO choices(entry, said) VALUES(?, ?)")?
                    .execute((entry.to_bytes(), to_text(choice)?))?,
                None => db.prepare_cached("DELETE FROM choices WHERE entry = ?")?.execute([entry.to_bytes()])?,
            };
            // Refuses a match that is being looked for.
            raise_revision(db, entry)?;
            let mut titles = BTreeSet::new();
            write_status(db, entry, &status, &mut titles)?;
            refresh_titles(db, &titles)?;
            Ok(true)
        })
        .await
    }

    async fn add_rule(&self, rule: &NewRule) -> Result<RuleId, Error> {
        let rule = rule.clone();
        self.write(Commit::Durable, move |db| {
            let channel = rule.channel.map(|chat| chat.get());
            db.prepare_cached("DELETE FROM rules WHERE reads_as = ? AND channel IS ?")?
                .execute(params![rule.reads_as.0, channel])?;
            db.prepare_cached("INSERT INTO rules(reads_as, channel, document) VALUES(?, ?, ?)")?.execute(params![
                rule.reads_as.0,
                channel,
                to_text(&rule)?
            ])?;
            Ok(RuleId(db.last_insert_rowid()))
        })
        .await
    }

    async fn remove_rule(&self, id: RuleId) -> Result<Option<Rule>, Error> {
        self.write(Commit::Durable, move |db| {
            let rule = rules(db, "WHERE id = ?", [id.0])?.pop();
            db.prepare_cached("DELETE FROM rules WHERE id = ?")?.execute([id.0])?;
            Ok(rule)
        })
        .await
    }

    async fn rules(&self) -> Result<Vec<Rule>, Error> {
        self.read(|db| rules(db, "ORDER BY id", [])).await
    }

    async fn rules_for(&self, reads_as: &ReadsAs) -> Result<Vec<Rule>, Error> {
        let reads_as = reads_as.0.clone();
        self.read(move |db| rules(db, "WHERE reads_as = ? ORDER BY id", [reads_as])).await
    }

    async fn reread_rule(&self, id: RuleId, reads_as: &ReadsAs) -> Result<(), Error> {
        let reads_as = reads_as.0.clone();
        self.write(Commit::Quick, move |db| {
            db.prepare_cached("UPDATE rules SET reads_as = ? WHERE id = ?")?.execute(params![reads_as, id.0])?;
            Ok(())
        })
        .await
    }
}

fn of(db: &Connection, entry: EntryId) -> Result<Option<Choice>, Error> {
    let said: Option<String> = db
        .prepare_cached("SELECT said FROM choices WHERE entry = ?")?
        .query_row([entry.to_bytes()], |row| row.get(0))
        .optional()?;
    said.map(|said| from_text(&said)).transpose()
}

/// `rest`: all of the query from WHERE on.
fn rules(db: &Connection, rest: &str, values: impl rusqlite::Params) -> Result<Vec<Rule>, Error> {
    let mut query = db.prepare_cached(&format!("SELECT id, reads_as, document FROM rules {rest}"))?;
    let rows = query.query_map(values, |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))?;
    rows.map(|row| {
        let (id, reads_as, document) = row?;
        // The column is what a newer parser may have read anew.
        Ok(Rule { id: RuleId(id), rule: NewRule { reads_as: ReadsAs(reads_as), ..from_text(&document)? } })
    })
    .collect()
}

/// From the version before, which forgot what people decided when a caption changed.
pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("choices.sql"))?)
}
