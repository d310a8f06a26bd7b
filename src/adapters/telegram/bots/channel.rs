//! What a bot asks of a channel that it is a member of: its title, messages by id, and whether it may.
//!
//! Bots cannot read a channel's history (BOT_METHOD_INVALID); they fetch messages by id.

use grammers_tl_types as tl;

use super::ChannelAccess;
use super::bot::Bot;
use crate::adapters::telegram::Error;
use crate::adapters::telegram::connections::call_error::CallError;
use crate::domain::post::ChatId;
use crate::domain::text;

/// Looking through so many ids that may hold nothing costs no more than asking for the newest.
const SMALL_PTS: i32 = 1_000;
/// Asked for where the events themselves do not count.
const FEW_EVENTS: i32 = 100;

impl Bot {
    /// Messages by id, through any channel the bot is in; at most 100 ids. Deleted ones come as `MessageEmpty`.
    pub async fn messages(&self, chat: ChatId, ids: Vec<i32>) -> Result<Vec<tl::enums::Message>, CallError> {
        use tl::enums::messages::Messages as M;
        let id = ids.into_iter().map(|id| tl::types::InputMessageId { id }.into()).collect();
        let request = tl::functions::channels::GetMessages { channel: input_channel(chat), id };
        Ok(match self.control().call(&request).await? {
            M::Messages(m) => m.messages,
            M::Slice(m) => m.messages,
            M::ChannelMessages(m) => m.messages,
            M::NotModified(_) => Vec::new(),
        })
    }

    /// The channel's title; `None` when the bot is not a member.
    pub async fn title_of(&self, chat: ChatId) -> Result<Option<String>, CallError> {
        let request = tl::functions::channels::GetChannels { id: vec![input_channel(chat)] };
        let chats = match self.control().call(&request).await? {
            tl::enums::messages::Chats::Chats(c) => c.chats,
            tl::enums::messages::Chats::Slice(c) => c.chats,
        };
        Ok(chats.into_iter().find_map(|found| match found {
            tl::enums::Chat::Channel(c) if c.id == chat.bare() && !c.left => Some(text::line(&c.title, text::NAME)),
            _ => None,
        }))
    }

    /// The same with an error that a person can act on.
    pub async fn channel_title(&self, chat: ChatId) -> Result<String, Error> {
        match self.title_of(chat).await {
            Ok(Some(title)) => Ok(title),
            Ok(None) => Err(self.not_member(chat)),
            Err(error) if is_invisible(&error) => Err(self.not_member(chat)),
            Err(error) => Err(self.explain(error)),
        }
    }

    /// Where the channel's history stands now.
    pub async fn full_pts(&self, chat: ChatId) -> Result<i32, CallError> {
        let request = tl::functions::channels::GetFullChannel { channel: input_channel(chat) };
        let tl::enums::messages::ChatFull::Full(full) = self.control().call(&request).await?;
        match full.full_chat {
            tl::enums::ChatFull::ChannelFull(channel) => Ok(channel.pts),
            _ => Err(CallError::Connection("a group instead of a channel".to_owned())),
        }
    }

    /// What happened in a channel after `pts`, `limit` events at most.
    pub async fn channel_difference(
        &self,
        chat: ChatId,
        pts: i32,
        limit: i32,
    ) -> Result<tl::enums::updates::ChannelDifference, CallError> {
        let request = tl::functions::updates::GetChannelDifference {
            force: false,
            channel: input_channel(chat),
            filter: tl::enums::ChannelMessagesFilter::Empty,
            pts,
            limit,
        };
        self.control().call(&request).await
    }

    /// The id of the newest message, or one above it, in a channel that stands at `pts`. Every message raises pts, so a small pts
    /// is bound enough; otherwise the difference from the beginning is too long to tell, and that answer names the newest
    /// message.
    pub async fn newest_message(&self, chat: ChatId, pts: i32) -> Result<i32, CallError> {
        use tl::enums::updates::ChannelDifference as D;
        if pts <= SMALL_PTS {
            return Ok(pts);
        }
        Ok(match self.channel_difference(chat, 1, FEW_EVENTS).await? {
            D::TooLong(tl::types::updates::ChannelDifferenceTooLong {
                dialog: tl::enums::Dialog::Dialog(dialog),
                ..
            }) => dialog.top_message,
            _ => pts,
        })
    }

    /// Whether the bot can read the channel: asks for its title and for a message.
    pub async fn channel_access(&self, chat: ChatId) -> ChannelAccess {
        let unknown = ChannelAccess { bot: self.name.clone(), ..ChannelAccess::default() };
        if !self.is_signed_in() {
            return ChannelAccess { problem: self.health().problem.or(Some("not signed in".to_owned())), ..unknown };
        }
        let failed = |error: CallError| {
            let is_known = is_invisible(&error);
            let error = if is_known { self.not_member(chat) } else { self.explain(error) };
            ChannelAccess { is_known, problem: Some(error.to_string()), ..unknown.clone() }
        };
        match self.title_of(chat).await {
            Ok(Some(title)) => {
                let found = ChannelAccess { is_member: true, title: Some(title), ..unknown.clone() };
                match self.messages(chat, vec![1]).await {
                    Ok(_) => ChannelAccess { is_known: true, can_read: true, ..found },
                    Err(error) => ChannelAccess { is_member: true, title: found.title, ..failed(error) },
                }
            }
            Ok(None) => ChannelAccess { is_known: true, problem: Some(self.not_member(chat).to_string()), ..unknown },
            Err(error) => failed(error),
        }
    }
}

/// Bots may address the channels they are in without an access hash.
pub fn input_channel(chat: ChatId) -> tl::enums::InputChannel {
    tl::types::InputChannel { channel_id: chat.bare(), access_hash: 0 }.into()
}

/// The bot is not in the channel, or there is no such channel.
pub fn is_invisible(error: &CallError) -> bool {
    [
        "CHANNEL_PRIVATE",
        "CHANNEL_INVALID",
        "CHANNEL_PUBLIC_GROUP_NA",
        "CHAT_ADMIN_REQUIRED",
        "USER_NOT_PARTICIPANT",
        "CHAT_FORBIDDEN",
    ]
    .iter()
    .any(|name| error.is(name))
}

/// The document of this id that a message carries: its own, or one that Telegram made of it.
pub fn document_of(message: &tl::types::Message, id: i64) -> Option<&tl::types::Document> {
    let Some(tl::enums::MessageMedia::Document(media)) = &message.media else { return None };
    media.document.iter().chain(media.alt_documents.iter().flatten()).find_map(|document| match document {
        tl::enums::Document::Document(document) if document.id == id => Some(document),
        _ => None,
    })
}

/// The photo of a message.
pub fn photo(message: &tl::types::Message) -> Option<&tl::types::Photo> {
    match &message.media {
        Some(tl::enums::MessageMedia::Photo(media)) => match &media.photo {
            Some(tl::enums::Photo::Photo(photo)) => Some(photo),
            Some(tl::enums::Photo::Empty(_)) | None => None,
        },
        _ => None,
    }
}

/// A photo's largest size, and its bytes.
pub fn largest(photo: &tl::types::Photo) -> Option<(&tl::enums::PhotoSize, u64)> {
    let bytes = |size: &tl::enums::PhotoSize| match size {
        tl::enums::PhotoSize::Size(size) => u64::try_from(size.size).ok(),
        // Cut off at any of these lengths it shows the whole picture, coarser; the last is all of it.
        tl::enums::PhotoSize::Progressive(size) => u64::try_from(*size.sizes.last()?).ok(),
        _ => None,
    };
    photo
        .sizes
        .iter()
        .filter_map(|size| Some((size, bytes(size)?)))
        .filter(|(_, bytes)| *bytes > 0)
        .max_by_key(|(_, b)| *b)
}
