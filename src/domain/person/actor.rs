//! Who does something, for the table of rights and the audit.

use super::{Action, Person, PersonId, Role};

#[derive(Clone, Copy, Debug)]
pub enum Actor<'a> {
    /// Somebody at the terminal of the machine, who may do what the owner may.
    Terminal,
    Person(&'a Person),
}

impl Actor<'_> {
    /// `now` in unix seconds.
    pub fn may(self, action: Action, now: i64) -> bool {
        match self {
            Self::Terminal => Role::Owner.may(action),
            Self::Person(person) => person.may(action, now),
        }
    }

    /// `None` at the terminal.
    pub fn id(self) -> Option<PersonId> {
        match self {
            Self::Terminal => None,
            Self::Person(person) => Some(person.id),
        }
    }

    /// `None` for somebody who may not in now.
    pub fn role(self, now: i64) -> Option<Role> {
        match self {
            Self::Terminal => Some(Role::Owner),
            Self::Person(person) => person.denied(now).is_none().then_some(person.role),
        }
    }
}
