//! People: who they are, what they may do, how they come in and how it ends.
//!
//! ```text
//! actor        who does something
//! role         owner, admin, member, guest: the table of rights
//! standing     active, pending, disabled, banned; why somebody may not in
//! invitation   being let in
//! session      browsers that are signed in, and links that let them in; code: the same by six digits
//! name         names and languages; preferences: what people chose; moment: times as people type them
//! ```

mod actor;
mod code;
mod invitation;
mod moment;
mod name;
mod preferences;
mod role;
mod session;
mod standing;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::catalog::Reach;

pub use actor::Actor;
pub use code::{Code, NotACode, SignInCode};
pub use invitation::{Invitation, JoinPolicy, Joining, Refusal, TelegramIdentity};
pub use moment::{WhenError, when};
pub use name::{NameError, NotALanguage, language, name, name_from_telegram, name_key};
pub use preferences::Preferences;
pub use role::{Action, NotARole, Role};
pub use session::{Session, SignInLink};
pub use standing::{Denied, Standing, date};

/// A person's number, from 1. It is never given to another person, since tokens and links carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub u32);

impl PersonId {
    /// The owner's, in every store.
    pub const OWNER: Self = Self(1);
    /// The first that is given to anybody else.
    pub const FIRST_GUEST: Self = Self(2);
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Seconds between two notes that somebody is active.
const ACTIVE_EVERY: i64 = 60;

/// A person. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    /// At most one person for each account.
    pub telegram: Option<TelegramIdentity>,
    /// What the bot and pages speak to them. `None`: nobody said yet.
    pub language: Option<String>,
    /// 0 for whoever was here before this was kept.
    pub joined: i64,
    /// To the minute; 0 before they came the first time.
    pub last_active: i64,
    /// Their access ends then by itself.
    pub expires: Option<i64>,
    pub standing: Standing,
    /// Which channels' films are there for them.
    pub reach: Reach,
    pub preferences: Preferences,
    /// Raised to take away every token, link and session made before.
    pub access_version: u16,
    /// Their access was taken away for good. The record stays, so that the id stays taken.
    pub is_removed: bool,
    /// Of the record; the store refuses a change that was made on an older one.
    pub revision: u32,
}

/// Somebody to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    pub name: String,
    pub role: Role,
    pub telegram: Option<TelegramIdentity>,
    pub language: Option<String>,
    pub expires: Option<i64>,
    pub standing: Standing,
    pub joined: i64,
}

impl NewPerson {
    /// Somebody of whom no more is known.
    pub fn called(name: &str, role: Role, joined: i64) -> Self {
        let name = name.to_owned();
        Self { name, role, telegram: None, language: None, expires: None, standing: Standing::Active, joined }
    }

    pub fn with_id(self, id: PersonId) -> Person {
        let Self { name, role, telegram, language, expires, standing, joined } = self;
        Person {
            id,
            name,
            role,
            telegram,
            language,
            joined,
            last_active: 0,
            expires,
            standing,
            reach: Reach::All,
            preferences: Preferences::default(),
            access_version: 1,
            is_removed: false,
            revision: 0,
        }
    }
}

impl Person {
    /// The owner, as the first start makes them.
    pub fn owner(name: &str) -> Self {
        NewPerson::called(name, Role::Owner, 0).with_id(PersonId::OWNER)
    }

    pub fn is_owner(&self) -> bool {
        self.role == Role::Owner
    }

    /// Whether something made under this version counts now.
    pub fn admits(&self, version: u16, now: i64) -> bool {
        self.access_version == version && self.denied(now).is_none()
    }

    /// What keeps them from coming in now.
    pub fn denied(&self, now: i64) -> Option<Denied> {
        if self.is_removed {
            return Some(Denied::Removed);
        }
        let expired = self.expires.filter(|at| *at <= now).map(|at| Denied::Expired { at });
        self.standing.denies(now).or(expired)
    }

    /// Whether they may do something now: their role allows it, and nothing keeps them out.
    pub fn may(&self, action: Action, now: i64) -> bool {
        self.denied(now).is_none() && self.role.may(action)
    }

    /// Whether it is time to note that they are active.
    pub fn is_activity_due(&self, now: i64) -> bool {
        now - self.last_active >= ACTIVE_EVERY
    }

    /// The same person after everything that they had was ended.
    #[must_use]
    pub fn with_next_version(self) -> Self {
        Self { access_version: self.access_version.wrapping_add(1), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> Person {
        Person { access_version: 3, ..NewPerson::called("Anna", Role::Member, 0).with_id(PersonId::FIRST_GUEST) }
    }

    #[test]
    fn what_was_made_before_a_renewal_or_a_removal_does_not_count() {
        assert!(anna().admits(3, 9) && !anna().admits(2, 9) && !anna().admits(4, 9));
        assert!(!Person { is_removed: true, ..anna() }.admits(3, 9));
        assert_eq!(Person { access_version: u16::MAX, ..anna() }.with_next_version().access_version, 0);
    }

    #[test]
    fn nothing_counts_while_somebody_may_not_in() {
        let paused = Standing::Disabled { reason: String::new(), until: Some(20) };
        let cases = [
            (anna(), 9, true),
            (Person { expires: Some(10), ..anna() }, 9, true),
            (Person { expires: Some(10), ..anna() }, 10, false),
            (Person { standing: paused.clone(), ..anna() }, 19, false),
            (Person { standing: paused.clone(), ..anna() }, 20, true),
            (Person { standing: paused, expires: Some(15), ..anna() }, 20, false),
            (Person { standing: Standing::Pending, ..anna() }, 9, false),
        ];
        for (person, now, wanted) in cases {
            assert_eq!((person.admits(3, now), person.may(Action::Watch, now)), (wanted, wanted), "{now} {person:?}");
            assert!(!person.may(Action::Operate, now), "whatever their standing, a member is no admin");
        }
    }

    #[test]
    fn activity_is_noted_once_a_minute() {
        let seen = Person { last_active: 100, ..anna() };
        assert!(!seen.is_activity_due(159) && seen.is_activity_due(160));
    }
}
