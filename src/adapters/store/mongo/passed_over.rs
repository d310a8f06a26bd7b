//! Messages that carry no file. A record's bytes are fields of their own, so that each is set in place: two that write to one
//! record at once lose nothing of each other.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use mongodb::{Collection, IndexModel};

use super::{Mongo, index, number};
use crate::adapters::store::Error;
use crate::adapters::store::passed_over::{self, Bytes, PassedOverBackend, tally};
use crate::domain::passed_over::{NEWEST_KEPT, PassedOver, Why};
use crate::domain::post::{ChatId, PostRef};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![
        index("passed_over", "chat", doc! { "chat": 1 }),
        index("passed_over_newest", "chat_message", doc! { "chat": 1, "message": -1 }),
    ]
}

impl PassedOverBackend for Mongo {
    async fn record(&self, passed_over: &[PassedOver], others: &[PostRef]) -> Result<(), Error> {
        for ((chat, block), bytes) in passed_over::changes(passed_over, others) {
            self.change_bytes(chat, block, &bytes).await?;
        }
        if !others.is_empty() {
            let gone: Vec<String> = others.iter().map(PostRef::to_string).collect();
            self.newest_passed_over().delete_many(doc! { "_id": { "$in": gone } }).await?;
        }
        let newest = passed_over::newest_of(passed_over);
        for PassedOver { at, date, why, about } in &newest {
            let record = doc! {
                "chat": at.chat.get(),
                "message": at.message,
                "date": date,
                "why": i32::from(why.number()),
                "about": about,
            };
            super::records::put(&self.newest_passed_over(), at.to_string(), record).await?;
        }
        let mut chats: Vec<ChatId> = newest.iter().map(|one| one.at.chat).collect();
        chats.dedup();
        for chat in chats {
            self.prune_newest(chat).await?;
        }
        Ok(())
    }

    async fn counts(&self, chat: ChatId) -> Result<BTreeMap<Why, u64>, Error> {
        let mut counts = BTreeMap::new();
        let mut found = self.passed_over().find(doc! { "chat": chat.get() }).await?;
        while let Some(record) = found.try_next().await? {
            let Some(Bson::Document(bytes)) = record.get("bytes") else { continue };
            let bytes = bytes.keys().map(|place| number(bytes, place));
            let bytes: Vec<i64> = bytes.collect::<Result<_, _>>()?;
            tally(&mut counts, bytes.into_iter().map(|byte| u8::try_from(byte).unwrap_or(u8::MAX)));
        }
        Ok(counts)
    }

    async fn between(&self, chat: ChatId, first: i32, last: i32) -> Result<BTreeMap<i32, Why>, Error> {
        let mut found = BTreeMap::new();
        for block in passed_over::blocks(first, last) {
            let record = self.passed_over().find_one(doc! { "_id": format!("{chat}/{block}") }).await?;
            let Some(Bson::Document(bytes)) = record.as_ref().and_then(|record| record.get("bytes")) else { continue };
            for place in bytes.keys() {
                let byte = u8::try_from(number(bytes, place)?).unwrap_or(u8::MAX);
                let message = passed_over::message(block, place.parse().map_err(Error::broken)?);
                found.extend(passed_over::why(byte).map(|why| (message, why)));
            }
        }
        found.retain(|message, _| (first..=last).contains(message));
        Ok(found)
    }

    async fn newest(&self, chat: ChatId) -> Result<Vec<PassedOver>, Error> {
        let (newest, of_chat) = (self.newest_passed_over(), doc! { "chat": chat.get() });
        let found = newest.find(of_chat).sort(doc! { "message": -1 }).limit(NEWEST_KEPT as i64).await?;
        let records: Vec<Document> = found.try_collect().await?;
        let read = |record: Document| {
            let message = i32::try_from(number(&record, "message")?).map_err(Error::broken)?;
            let why = u8::try_from(number(&record, "why")?).ok().and_then(Why::from_number).unwrap_or(Why::Other);
            let about = record.get_str("about").map_err(Error::broken)?.to_owned();
            Ok(PassedOver { at: PostRef { chat, message }, date: number(&record, "date")?, why, about })
        };
        records.into_iter().map(read).collect()
    }
}

impl Mongo {
    fn passed_over(&self) -> Collection<Document> {
        self.database.collection("passed_over")
    }

    fn newest_passed_over(&self) -> Collection<Document> {
        self.database.collection("passed_over_newest")
    }

    async fn change_bytes(&self, chat: ChatId, block: i32, bytes: &Bytes) -> Result<(), Error> {
        let (mut set, mut unset) = (Document::new(), Document::new());
        for (place, byte) in bytes {
            match byte {
                0 => unset.insert(format!("bytes.{place}"), ""),
                byte => set.insert(format!("bytes.{place}"), i32::from(*byte)),
            };
        }
        let is_needed = !set.is_empty();
        let mut change = Document::new();
        if is_needed {
            set.insert("chat", chat.get());
            change.insert("$set", set);
        }
        if !unset.is_empty() {
            change.insert("$unset", unset);
        }
        // A record that is not there has nothing to take away.
        self.passed_over().update_one(doc! { "_id": format!("{chat}/{block}") }, change).upsert(is_needed).await?;
        Ok(())
    }

    async fn prune_newest(&self, chat: ChatId) -> Result<(), Error> {
        let (newest, of_chat) = (self.newest_passed_over(), doc! { "chat": chat.get() });
        let sorted = newest.find(of_chat).sort(doc! { "message": -1 });
        let mut beyond = sorted.skip(NEWEST_KEPT as u64).limit(1).await?;
        let Some(first) = beyond.try_next().await? else { return Ok(()) };
        let older = doc! { "chat": chat.get(), "message": { "$lte": number(&first, "message")? } };
        newest.delete_many(older).await?;
        Ok(())
    }
}
