//! What people decided of files. A choice is written first, marked as `unfinished` until its entry has the status that follows, so
//! that [`Mongo::repair`] finds one that was cut off in between. One that is taken back says null until then.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};
use mongodb::options::IndexOptions;

use super::entries::status_fields;
use super::records::put;
use super::{Mongo, TRIES, contended, index, index_with, number};
use crate::adapters::store::Error;
use crate::adapters::store::choices::ChoicesBackend;
use crate::adapters::store::document::{from_text, to_text};
use crate::domain::entry::{EntryId, Status};
use crate::domain::review::{Choice, NewRule, ReadsAs, Rule, RuleId};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![
        // repair
        index_with("choices", "unfinished", doc! { "unfinished": 1 }, IndexOptions::builder().sparse(true).build()),
        index("rules", "reads_as", doc! { "reads_as": 1, "_id": 1 }),
    ]
}

impl ChoicesBackend for Mongo {
    async fn of(&self, entry: EntryId) -> Result<Option<Choice>, Error> {
        said(self.choices.find_one(doc! { "_id": entry.to_string() }).await?)
    }

    async fn decide(&self, entry: EntryId, choice: Option<&Choice>) -> Result<bool, Error> {
        let write = self.begin_write();
        let id = entry.to_string();
        let stored = self.entries.find_one(doc! { "_id": &id }).await?;
        let was_decided = ChoicesBackend::of(self, entry).await?.is_some();
        let status = stored.map(|stored| from_text::<Status>(&stored.status)).transpose()?;
        if status.and_then(|status| status.decided(choice, was_decided)).is_none() {
            write.done();
            return Ok(false);
        }
        let said = choice.map(to_text).transpose()?.map_or(Bson::Null, Bson::String);
        put(&self.choices, id.as_str(), doc! { "said": said, "unfinished": true }).await?;
        self.finish_choice(&id, choice).await?;
        write.done();
        Ok(true)
    }

    async fn add_rule(&self, rule: &NewRule) -> Result<RuleId, Error> {
        let id = self.next("rules").await?;
        let channel = rule.channel.map_or(Bson::Null, |chat| chat.get().into());
        let record = doc! { "_id": id, "reads_as": &rule.reads_as.0, "channel": &channel, "document": to_text(rule)? };
        self.rules.insert_one(record).await?;
        let earlier = doc! { "reads_as": &rule.reads_as.0, "_id": { "$lt": id }, "channel": channel };
        self.rules.delete_many(earlier).await?;
        Ok(RuleId(id))
    }

    async fn remove_rule(&self, id: RuleId) -> Result<Option<Rule>, Error> {
        self.rules.find_one_and_delete(doc! { "_id": id.0 }).await?.as_ref().map(rule).transpose()
    }

    async fn rules(&self) -> Result<Vec<Rule>, Error> {
        let found: Vec<Document> = self.rules.find(doc! {}).sort(doc! { "_id": 1 }).await?.try_collect().await?;
        found.iter().map(rule).collect()
    }

    async fn rules_for(&self, reads_as: &ReadsAs) -> Result<Vec<Rule>, Error> {
        let found = self.rules.find(doc! { "reads_as": &reads_as.0 }).sort(doc! { "_id": 1 }).await?;
        found.try_collect::<Vec<Document>>().await?.iter().map(rule).collect()
    }

    async fn reread_rule(&self, id: RuleId, reads_as: &ReadsAs) -> Result<(), Error> {
        let change = doc! { "$set": { "reads_as": &reads_as.0 } };
        self.rules.update_one(doc! { "_id": id.0 }, change).await?;
        Ok(())
    }
}

impl Mongo {
    /// Does what is left to do for a choice that was written, or taken back with `None`.
    async fn finish_choice(&self, id: &str, choice: Option<&Choice>) -> Result<(), Error> {
        self.follow_choice(id, choice).await?;
        match choice {
            Some(_) => {
                self.choices.update_one(doc! { "_id": id }, doc! { "$unset": { "unfinished": "" } }).await.map(drop)?
            }
            None => self.choices.delete_one(doc! { "_id": id, "said": null }).await.map(drop)?,
        }
        Ok(())
    }

    /// Gives an entry the status that its choice makes of it.
    async fn follow_choice(&self, id: &str, choice: Option<&Choice>) -> Result<(), Error> {
        for _ in 0..TRIES {
            // When the entry is gone its choice waits for the file to come again.
            let Some(stored) = self.entries.find_one(doc! { "_id": id }).await? else { return Ok(()) };
            let Some(status) = from_text::<Status>(&stored.status)?.decided(choice, true) else { return Ok(()) };
            let mut set = status_fields(&status)?;
            // A match that is being looked for comes too late.
            set.insert("revision", stored.revision + 1);
            if self.write_status(&stored, set, None).await? {
                return self.file_titles_of(id).await;
            }
        }
        Err(contended())
    }

    pub(super) async fn repair_choices(&self) -> Result<(), Error> {
        let unfinished: Vec<Document> = self.choices.find(doc! { "unfinished": true }).await?.try_collect().await?;
        for record in unfinished {
            let id = record.get_str("_id").map_err(Error::broken)?.to_owned();
            self.finish_choice(&id, said(Some(record))?.as_ref()).await?;
        }
        Ok(())
    }
}

fn said(record: Option<Document>) -> Result<Option<Choice>, Error> {
    let said = record.as_ref().and_then(|record| record.get_str("said").ok());
    said.map(from_text).transpose()
}

fn rule(record: &Document) -> Result<Rule, Error> {
    let text = |field| record.get_str(field).map_err(Error::broken);
    let document: NewRule = from_text(text("document")?)?;
    // The field is what a newer parser may have read anew.
    let reads_as = ReadsAs(text("reads_as")?.to_owned());
    Ok(Rule { id: RuleId(number(record, "_id")?), rule: NewRule { reads_as, ..document } })
}
