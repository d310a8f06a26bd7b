//! Whoever is not in yet: strangers, people with an invitation, people who must join a channel first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tracing::warn;

use super::Chat;
use super::press::Press;
use super::visitor::Visitor;
use crate::adapters::telegram::{self, Button, Outgoing, PersonEvent};
use crate::domain::person::{Action, Denied, Joining, Person, TelegramIdentity};
use crate::domain::post::ChatId;
use crate::domain::telegram_id::UserId;
use crate::flows::limits::Asker;
use crate::flows::{DatabaseError, people};
use crate::texts::{Language, Text, reasons, text};

/// Seconds for which it is believed that somebody is in the channels, and that somebody is not: whoever joins does not want to wait.
const IS_IN: i64 = 300;
const IS_OUT: i64 = 5;
/// A stranger is answered so often in `STRANGER_SECS`; whoever goes on writing is not.
const STRANGER_ANSWERS: u32 = 3;
const STRANGER_SECS: i64 = 600;
/// People remembered here at once. Beyond it everything is forgotten: it only costs questions and answers.
const MOST: usize = 20_000;

pub(super) struct Doorstep {
    required: Vec<ChatId>,
    /// When somebody was last seen in all of the channels, or missing in one of them.
    members: Mutex<HashMap<UserId, (bool, i64)>>,
    /// Since when a stranger is answered, and how often they were.
    strangers: Mutex<HashMap<UserId, (i64, u32)>>,
}

impl Doorstep {
    pub fn new(required: Vec<ChatId>) -> Self {
        Self { required, members: Mutex::default(), strangers: Mutex::default() }
    }

    fn known_member(&self, person: UserId, now: i64) -> Option<bool> {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let (is_in, at) = members.get(&person)?;
        let counts = if *is_in { IS_IN } else { IS_OUT };
        (now < at + counts).then_some(*is_in)
    }

    fn remember_member(&self, person: UserId, is_in: bool, now: i64) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        if members.len() >= MOST {
            members.clear();
        }
        members.insert(person, (is_in, now));
    }

    /// Whether a stranger is to be answered this time.
    fn answers(&self, person: UserId, now: i64) -> bool {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if strangers.len() >= MOST {
            strangers.clear();
        }
        let (since, times) = strangers.entry(person).or_insert((now, 0));
        if now >= *since + STRANGER_SECS {
            (*since, *times) = (now, 0);
        }
        *times += 1;
        *times <= STRANGER_ANSWERS
    }
}

impl Chat {
    /// Who an event is of, when they may be here. Whoever may not is told so, as far as they are to be told anything.
    pub(super) async fn visitor(
        &self,
        from: &telegram::Person,
        event: &PersonEvent,
        now: i64,
    ) -> Result<Result<Visitor, Option<Outgoing>>, people::Error> {
        if !self.limits.admits_person(from.id) {
            let language = Language::of_tag(from.language.as_deref().unwrap_or_default());
            let is_answered = self.doorstep.answers(from.id, now);
            return Ok(Err(is_answered.then(|| text("barred").to_string_in(language).into())));
        }
        let Some(person) = self.known(from.id).await? else {
            let is_answered = self.doorstep.answers(from.id, now);
            return Ok(Err(is_answered.then(|| self.to_stranger(from))));
        };
        let visitor = Visitor::new(person, from.language.as_deref(), now);
        if let Some(denied) = visitor.person.denied(now) {
            let is_answered = self.doorstep.answers(from.id, now);
            return Ok(Err(is_answered.then(|| visitor.tell(why(&denied)))));
        }
        self.people.touch(&visitor.person, now);
        if let Err(refusal) = self.limits.take_request(Asker::of(&visitor.person), now) {
            let is_answered = self.doorstep.answers(from.id, now);
            return Ok(Err(is_answered.then(|| visitor.tell(reasons::of_limit(&refusal, now)))));
        }
        let looks_again =
            matches!(event, PersonEvent::Pressed(press) if Press::read(&press.data) == Some(Press::Joined));
        if !visitor.may(Action::Operate) && !self.is_in_channels(from.id, looks_again, now).await {
            return Ok(Err(Some(self.channels_to_join(&visitor).await)));
        }
        Ok(Ok(visitor))
    }

    /// Whose account it is; OWNER_ID's is the owner's, whatever is stored.
    pub(super) async fn known(&self, account: UserId) -> Result<Option<Person>, DatabaseError> {
        match self.owner == Some(account) {
            true => self.people.owner().await.map(Some),
            false => self.people.by_telegram(account).await,
        }
    }

    /// Somebody came with a link that may be an invitation, or writes /start for the first time.
    pub(super) async fn join(
        &self,
        from: &telegram::Person,
        invitation: Option<&str>,
        now: i64,
    ) -> Result<Result<Visitor, Outgoing>, people::Error> {
        let identity = TelegramIdentity {
            id: from.id,
            username: from.username.clone().unwrap_or_default(),
            first_name: from.first_name.clone(),
        };
        let language = Language::of_tag(from.language.as_deref().unwrap_or_default());
        let say = |text: Text| Outgoing::from(text.to_string_in(language));
        Ok(match self.people.join(&identity, from.language.as_deref(), invitation, now).await? {
            Joining::Joined(person) => Ok(Visitor::new(person, from.language.as_deref(), now)),
            Joining::WaitsForApproval(person) => {
                self.ask_to_approve(&person, now).await?;
                Err(say(text("join-waits")))
            }
            Joining::Closed => Err(self.to_stranger(from)),
            Joining::Refused(refusal) => Err(say(reasons::of_joining(&refusal))),
        })
    }

    /// The owner sees at once who waits, with buttons that let them in or not.
    async fn ask_to_approve(&self, person: &Person, now: i64) -> Result<(), people::Error> {
        if let Some(owner) = self.owner {
            let visitor = Visitor::new(self.people.owner().await?, None, now);
            self.send(telegram::Place::Private(owner), self.person_card(&visitor, person)).await;
        }
        Ok(())
    }

    fn to_stranger(&self, from: &telegram::Person) -> Outgoing {
        let language = Language::of_tag(from.language.as_deref().unwrap_or_default());
        let words = match self.owner {
            None => text("stranger-no-owner").with("id", from.id.to_string()),
            Some(_) => text("stranger"),
        };
        words.to_string_in(language).into()
    }

    async fn is_in_channels(&self, person: UserId, looks_again: bool, now: i64) -> bool {
        if self.doorstep.required.is_empty() {
            return true;
        }
        if let Some(known) = self.doorstep.known_member(person, now).filter(|is_in| *is_in || !looks_again) {
            return known;
        }
        for &channel in &self.doorstep.required {
            match self.messages.is_member(channel, person).await {
                Ok(true) => {}
                Ok(false) => {
                    self.doorstep.remember_member(person, false, now);
                    return false;
                }
                // What is wrong with the bot's rights there is the owner's to mend, not for everybody to suffer.
                Err(error) => warn!(%error, %channel, "It cannot be seen who is in a channel that people must be in"),
            }
        }
        self.doorstep.remember_member(person, true, now);
        true
    }

    async fn channels_to_join(&self, visitor: &Visitor) -> Outgoing {
        let mut message = visitor.tell(text("must-join"));
        for &channel in &self.doorstep.required {
            let title = self.messages.channel_title(channel).await.unwrap_or_else(|_| channel.to_string());
            message = message.row([Button::open(title, format!("https://t.me/c/{}", channel.bare()))]);
        }
        message.row([visitor.button(text("button-joined"), Press::Joined)])
    }
}

/// Why somebody may not in, to themselves: who waits is told what comes next.
fn why(denied: &Denied) -> Text {
    match denied {
        Denied::Pending => text("join-waits"),
        denied => reasons::of_denied(denied),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_who_goes_on_writing_is_not_answered() {
        let doorstep = Doorstep::new(Vec::new());
        let answered = (0..50).filter(|n| doorstep.answers(UserId(1), *n)).count();
        assert_eq!(answered, STRANGER_ANSWERS as usize);
        assert!(doorstep.answers(UserId(2), 50), "others are");
        assert!(doorstep.answers(UserId(1), STRANGER_SECS), "later again");
    }

    #[test]
    fn who_is_missing_is_looked_for_again_soon() {
        let doorstep = Doorstep::new(Vec::new());
        assert_eq!(doorstep.known_member(UserId(1), 0), None);
        doorstep.remember_member(UserId(1), false, 0);
        assert_eq!([4, 5].map(|now| doorstep.known_member(UserId(1), now)), [Some(false), None]);
        doorstep.remember_member(UserId(1), true, 0);
        assert_eq!([299, 300].map(|now| doorstep.known_member(UserId(1), now)), [Some(true), None]);
    }
}
