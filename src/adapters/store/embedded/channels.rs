//! Channels, and showing or hiding their entries. A large channel is worked through in batches, so that posts of others
//! need not wait; `toggles` and `settled` differ while one is not finished, and opening the store finishes it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::refresh::{Refreshed, refresh_entry};
use super::titles::refresh_titles;
use super::volumes::{reopen_set, set_of};
use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::channels::ChannelsBackend;
use crate::adapters::store::document::{from_text, to_text};
use crate::domain::channel::{Channel, Profile};
use crate::domain::entry::EntryId;
use crate::domain::post::ChatId;

/// Messages in one transaction: some 20 ms.
const BATCH: u32 = 500;

impl ChannelsBackend for Embedded {
    async fn all(&self) -> Result<Vec<Channel>, Error> {
        self.read(|db| {
            let mut query =
                db.prepare_cached("SELECT chat, title, active, profile FROM channels ORDER BY chat DESC")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
            rows.map(|row| {
                let (chat, title, active, profile): (i64, String, bool, String) = row?;
                let chat = ChatId::try_from(chat).map_err(Error::broken)?;
                Ok(Channel { chat, title, active, profile: from_text(&profile)? })
            })
            .collect()
        })
        .await
    }

    async fn seed(&self, chats: &[ChatId]) -> Result<(), Error> {
        let chats = chats.to_vec();
        self.write(Commit::Durable, move |db| {
            if !db.prepare("SELECT 1 FROM channels")?.exists([])? {
                for chat in chats {
                    toggle(db, chat, true)?;
                }
            }
            Ok(())
        })
        .await?;
        self.finish_toggles().await
    }

    async fn set_profile(&self, chat: ChatId, profile: &Profile) -> Result<bool, Error> {
        let profile = to_text(profile)?;
        self.write(Commit::Durable, move |db| {
            Ok(db.execute("UPDATE channels SET profile = ? WHERE chat = ?", params![profile, chat.get()])? == 1)
        })
        .await
    }

    async fn set_active(&self, chat: ChatId, active: bool) -> Result<bool, Error> {
        let changed = self.write(Commit::Durable, move |db| toggle(db, chat, active)).await?;
        self.finish_toggles().await?;
        Ok(changed)
    }

    async fn set_title(&self, chat: ChatId, title: &str) -> Result<(), Error> {
        let title = title.to_owned();
        self.write(Commit::Durable, move |db| {
            db.execute("UPDATE channels SET title = ? WHERE chat = ?", params![title, chat.get()])?;
            Ok(())
        })
        .await
    }
}

/// From the version before, which kept nothing of what a channel is for.
pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch("ALTER TABLE channels ADD COLUMN profile TEXT NOT NULL DEFAULT '{}'")?)
}

impl Embedded {
    /// Shows and hides what was left to be shown or hidden.
    pub(super) async fn finish_toggles(&self) -> Result<(), Error> {
        let unfinished: Vec<(i64, i64)> = self
            .read(|db| {
                let mut query = db.prepare_cached("SELECT chat, toggles FROM channels WHERE toggles <> settled")?;
                let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        for (chat, toggles) in unfinished {
            let mut after = Some(0);
            while let Some(message) = after {
                after = self.write(Commit::Quick, move |db| refresh_batch(db, chat, toggles, message)).await?;
            }
        }
        Ok(())
    }
}

/// Returns whether that changed anything.
fn toggle(db: &Connection, chat: ChatId, active: bool) -> Result<bool, Error> {
    let was: Option<bool> = db
        .prepare_cached("SELECT active FROM channels WHERE chat = ?")?
        .query_row([chat.get()], |row| row.get(0))
        .optional()?;
    if was.unwrap_or(false) == active {
        return Ok(false);
    }
    db.prepare_cached(
        "INSERT INTO channels(chat, title, active, toggles, settled) VALUES(?1, '', ?2, 1, 0)
         ON CONFLICT(chat) DO UPDATE SET active = ?2, toggles = toggles + 1",
    )?
    .execute(params![chat.get(), active])?;
    Ok(true)
}

/// Refreshes the entries of a batch of messages. Returns the message to go on after, `None` at the end, or when the
/// channel was toggled again: then another walk through it is on its way.
fn refresh_batch(db: &Connection, chat: i64, toggles: i64, after: i32) -> Result<Option<i32>, Error> {
    let current: i64 =
        db.prepare_cached("SELECT toggles FROM channels WHERE chat = ?")?.query_row([chat], |row| row.get(0))?;
    if current != toggles {
        return Ok(None);
    }
    let messages: Vec<(i32, [u8; 12])> = db
        .prepare_cached("SELECT message, entry FROM sources WHERE chat = ? AND message > ? ORDER BY message LIMIT ?")?
        .query_map((chat, after, BATCH), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let (mut titles, mut sets) = (BTreeSet::new(), BTreeSet::new());
    for (_, entry) in &messages {
        let entry = EntryId::from_bytes(*entry);
        if refresh_entry(db, entry, &mut titles)? != Refreshed::AsBefore {
            sets.extend(set_of(db, entry)?);
        }
    }
    for set in sets {
        reopen_set(db, &set, &mut titles)?;
    }
    refresh_titles(db, &titles)?;
    match messages.last() {
        Some((message, _)) => Ok(Some(*message)),
        None => {
            db.prepare_cached("UPDATE channels SET settled = ? WHERE chat = ?")?.execute((toggles, chat))?;
            Ok(None)
        }
    }
}
