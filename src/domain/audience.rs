//! Who a channel is for: a role and everybody above it. A channel of which nothing was said is for everybody.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::catalog::Reach;
use super::channel::Channel;
use super::person::{Person, Role};
use super::post::ChatId;

/// The least role that sees a channel's films.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Audience(Role);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is nobody; it should be guests (everybody), members, admins or owner: each with those above them")]
pub struct NotAnAudience(pub String);

impl Audience {
    pub const EVERYBODY: Self = Self(Role::Guest);

    pub fn holds(self, role: Role) -> bool {
        role <= self.0
    }

    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self.0 {
            Role::Owner => self.0.word(),
            role => role.several(),
        }
    }
}

impl FromStr for Audience {
    type Err = NotAnAudience;

    fn from_str(text: &str) -> Result<Self, NotAnAudience> {
        let all = Role::ALL.into_iter().map(Self);
        let word = text.trim().to_ascii_lowercase();
        all.into_iter().find(|audience| audience.word() == word).ok_or_else(|| NotAnAudience(text.to_owned()))
    }
}

/// The audiences of all channels that have one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Audiences(BTreeMap<ChatId, Audience>);

impl Audiences {
    pub fn of(&self, chat: ChatId) -> Audience {
        self.0.get(&chat).copied().unwrap_or(Audience::EVERYBODY)
    }

    /// Returns whether that changed anything.
    pub fn set(&mut self, chat: ChatId, audience: Audience) -> bool {
        let before = self.of(chat);
        if audience == Audience::EVERYBODY {
            self.0.remove(&chat);
        } else {
            self.0.insert(chat, audience);
        }
        audience != before
    }

    /// Whether some channel is closed to somebody of this role. Whoever was given channels by name sees just those, whatever their
    /// role: that is how a guest gets into a channel of the members, and how a member sees less.
    pub fn narrow(&self, person: &Person) -> bool {
        person.reach == Reach::All && self.0.values().any(|audience| !audience.holds(person.role))
    }

    /// What somebody sees of these channels, whom [`narrow`](Self::narrow) tells about.
    pub fn reach(&self, person: &Person, channels: &[Channel]) -> Reach {
        if !self.narrow(person) {
            return person.reach.clone();
        }
        let seen = channels.iter().map(|channel| channel.chat).filter(|chat| self.of(*chat).holds(person.role));
        Reach::Only(seen.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::{NewPerson, PersonId};

    fn chat(bare: i64) -> ChatId {
        ChatId::from_bare(bare).expect("a channel")
    }

    fn channels() -> Vec<Channel> {
        let channel =
            |bare| Channel { chat: chat(bare), title: String::new(), active: true, profile: Default::default() };
        [1, 2, 3].map(channel).into()
    }

    #[test]
    fn a_role_sees_what_is_for_it_and_for_those_below() {
        let mut audiences = Audiences::default();
        assert!(audiences.set(chat(2), "members".parse().expect("one")));
        assert!(audiences.set(chat(3), "owner".parse().expect("one")));
        assert!(!audiences.set(chat(1), Audience::EVERYBODY), "as before");
        let sees = |role, reach: Reach| {
            let person = NewPerson::called("Anna", role, 0).with_id(PersonId::FIRST_GUEST);
            audiences.reach(&Person { reach, ..person }, &channels())
        };
        let only = |bare: &[i64]| Reach::Only(bare.iter().map(|bare| chat(*bare)).collect());
        for (role, reach, wanted) in [
            (Role::Owner, Reach::All, Reach::All),
            (Role::Admin, Reach::All, only(&[1, 2])),
            (Role::Member, Reach::All, only(&[1, 2])),
            (Role::Guest, Reach::All, only(&[1])),
            (Role::Guest, only(&[2, 3]), only(&[2, 3])),
            (Role::Member, only(&[1]), only(&[1])),
            (Role::Owner, only(&[]), only(&[])),
        ] {
            assert_eq!(sees(role, reach.clone()), wanted, "{role} {reach:?}");
        }
        assert!(audiences.set(chat(3), Audience::EVERYBODY) && audiences.set(chat(2), Audience::EVERYBODY));
        assert_eq!(audiences, Audiences::default(), "nothing stays of what is said no more");
    }

    #[test]
    fn audiences_are_read_as_they_are_shown_and_kept() {
        for word in ["guests", "members", "admins", "owner"] {
            assert_eq!(word.parse::<Audience>().map(Audience::word), Ok(word));
        }
        assert_eq!("friends".parse::<Audience>(), Err(NotAnAudience("friends".to_owned())));
        let mut audiences = Audiences::default();
        audiences.set(chat(2), "members".parse().expect("one"));
        let text = serde_json::to_string(&audiences).expect("text");
        assert_eq!(text, "{\"-1000000000002\":\"member\"}");
        assert_eq!(serde_json::from_str::<Audiences>(&text).ok(), Some(audiences));
    }
}
