//! Channels, and showing or hiding their entries. `toggles` and `settled` differ while that is not finished, and opening
//! the store does it again from the channel's beginning: refreshing an entry twice changes nothing.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use mongodb::bson::doc;

use super::posts::is_insert_race;
use super::records::{ChannelRecord, SourceRecord};
use super::{Mongo, is_duplicate, with_limit};
use crate::adapters::store::Error;
use crate::adapters::store::channels::ChannelsBackend;
use crate::adapters::store::document::{from_text, to_text};
use crate::domain::channel::{Channel, Profile};
use crate::domain::post::ChatId;

/// Messages read at once.
const BATCH: i64 = 500;

impl ChannelsBackend for Mongo {
    async fn all(&self) -> Result<Vec<Channel>, Error> {
        let channels: Vec<ChannelRecord> =
            self.channels.find(doc! {}).sort(doc! { "_id": -1 }).await?.try_collect().await?;
        channels
            .into_iter()
            .map(|channel| {
                let chat = ChatId::try_from(channel.chat).map_err(Error::broken)?;
                let profile = channel.profile.as_deref().map(from_text).transpose()?.unwrap_or_default();
                Ok(Channel { chat, title: channel.title, active: channel.active, profile })
            })
            .collect()
    }

    async fn seed(&self, chats: &[ChatId]) -> Result<(), Error> {
        if chats.is_empty() || self.channels.find_one(doc! {}).await?.is_some() {
            return Ok(());
        }
        // One command, so that no crash seeds half of them. Another instance that starts at the same time brings the
        // same ones.
        let seeds = chats.iter().map(|chat| new_channel(*chat));
        match self.channels.insert_many(seeds).ordered(false).await {
            Err(error) if !is_insert_race(&error) => return Err(error.into()),
            _ => {}
        }
        self.finish_toggles().await
    }

    async fn set_profile(&self, chat: ChatId, profile: &Profile) -> Result<bool, Error> {
        let change = doc! { "$set": { "profile": to_text(profile)? } };
        Ok(self.channels.update_one(doc! { "_id": chat.get() }, change).await?.matched_count == 1)
    }

    /// May take long in a large channel: batches are waited for one by one.
    async fn set_active(&self, chat: ChatId, active: bool) -> Result<bool, Error> {
        let changed = with_limit(self.toggle(chat, active)).await?;
        self.finish_toggles().await?;
        Ok(changed)
    }

    async fn set_title(&self, chat: ChatId, title: &str) -> Result<(), Error> {
        self.channels.update_one(doc! { "_id": chat.get() }, doc! { "$set": { "title": title } }).await?;
        Ok(())
    }
}

impl Mongo {
    pub(super) async fn channel_records(&self) -> Result<HashMap<i64, ChannelRecord>, Error> {
        let channels: Vec<ChannelRecord> = self.channels.find(doc! {}).await?.try_collect().await?;
        Ok(channels.into_iter().map(|channel| (channel.chat, channel)).collect())
    }

    /// Returns whether that changed anything.
    async fn toggle(&self, chat: ChatId, active: bool) -> Result<bool, Error> {
        let other = doc! { "_id": chat.get(), "active": !active };
        let change = doc! { "$set": { "active": active }, "$inc": { "toggles": 1_i64 } };
        if self.channels.update_one(other, change).await?.matched_count == 1 {
            return Ok(true);
        }
        if !active {
            return Ok(false);
        }
        match self.channels.insert_one(new_channel(chat)).await {
            Ok(_) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Shows and hides what was left to be shown or hidden.
    pub(super) async fn finish_toggles(&self) -> Result<(), Error> {
        for channel in with_limit(self.channel_records()).await?.into_values() {
            let mut after = (channel.toggles != channel.settled).then_some(0);
            while let Some(message) = after {
                after = with_limit(self.refresh_batch(&channel, message)).await?;
            }
        }
        Ok(())
    }

    /// Refreshes the entries of a batch of messages. Returns the message to go on after, `None` at the end, or when
    /// the channel was toggled again: then another walk through it is on its way.
    async fn refresh_batch(&self, channel: &ChannelRecord, after: i32) -> Result<Option<i32>, Error> {
        let same = doc! { "_id": channel.chat, "toggles": channel.toggles };
        if self.channels.find_one(same.clone()).await?.is_none() {
            return Ok(None);
        }
        let filter = doc! { "chat": channel.chat, "message": { "$gt": after } };
        let found = self.sources.find(filter).sort(doc! { "message": 1 }).limit(BATCH).await?;
        let messages: Vec<SourceRecord> = found.try_collect().await?;
        let last = messages.last().map(|source| source.message);
        self.refresh_entries(messages.into_iter().map(|source| source.entry).collect()).await?;
        if last.is_none() {
            self.channels.update_one(same, doc! { "$set": { "settled": channel.toggles } }).await?;
        }
        Ok(last)
    }
}

fn new_channel(chat: ChatId) -> ChannelRecord {
    ChannelRecord { chat: chat.get(), title: String::new(), active: true, toggles: 1, settled: 0, profile: None }
}
