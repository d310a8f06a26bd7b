//! Who each channel is for, in one setting: there are few channels, and what somebody sees is asked with every request.

use super::{Error, Store};
use crate::domain::audience::{Audience, Audiences};
use crate::domain::catalog::Reach;
use crate::domain::person::Person;
use crate::domain::post::ChatId;

const KEY: &str = "audiences";

impl Store {
    pub async fn audiences(&self) -> Result<Audiences, Error> {
        match self.settings().get(KEY).await? {
            // What cannot be read opens no channel.
            Some(text) => serde_json::from_str(&text).map_err(Error::broken),
            None => Ok(Audiences::default()),
        }
    }

    /// Returns whether that changed anything.
    pub async fn set_audience(&self, chat: ChatId, audience: Audience) -> Result<bool, Error> {
        let mut audiences = self.audiences().await?;
        let is_change = audiences.set(chat, audience);
        if is_change {
            self.settings().set(KEY, &serde_json::to_string(&audiences).map_err(Error::broken)?).await?;
        }
        Ok(is_change)
    }

    /// Which channels are there for somebody now: those that they were given by name, else those that are for their role.
    pub async fn reach_of(&self, person: &Person) -> Result<Reach, Error> {
        if person.is_owner() || person.reach != Reach::All {
            return Ok(person.reach.clone());
        }
        let audiences = self.audiences().await?;
        if !audiences.narrow(person) {
            return Ok(Reach::All);
        }
        Ok(audiences.reach(person, &self.channels().all().await?))
    }
}
