//! Channels, and showing or hiding their entries.

use super::face::{ask, face};
use super::{Backend, Error};
use crate::domain::channel::{Channel, Profile};
use crate::domain::post::ChatId;
use crate::domain::text;

face! {
    /// All channels ever watched.
    Channels / ChannelsBackend {
        /// The one added last first.
        async fn all(&self) -> Result<Vec<Channel>, Error>;

        /// Adds the channels on the first start ever; does nothing once any channel was stored.
        async fn seed(&self, chats: &[ChatId]) -> Result<(), Error>;

        /// Keeps what the owner says of a channel. Returns whether it is in the list.
        async fn set_profile(&self, chat: ChatId, profile: &Profile) -> Result<bool, Error>;
    }
    by_hand {
        async fn set_active(&self, chat: ChatId, active: bool) -> Result<bool, Error>;
        async fn set_title(&self, chat: ChatId, title: &str) -> Result<(), Error>;
    }
}

impl Channels {
    /// Watches or stops watching a channel; its entries appear or are hidden with it. Returns whether that changed anything.
    pub async fn set_active(&self, chat: ChatId, active: bool) -> Result<bool, Error> {
        // Takes as long as the channel is large, so MongoDB's part limits its steps one by one.
        match &*self.0 {
            Backend::Embedded(backend) => ChannelsBackend::set_active(backend, chat, active).await,
            Backend::Mongo(backend) => ChannelsBackend::set_active(backend, chat, active).await,
        }
    }

    pub async fn set_title(&self, chat: ChatId, title: &str) -> Result<(), Error> {
        let title = text::line(title, text::NAME);
        ask!(self, ChannelsBackend::set_title(chat, &title))
    }
}
