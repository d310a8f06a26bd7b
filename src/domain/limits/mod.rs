//! What people may use, and what is said when it is used up. Who has to keep to which limit is read here; who has used how much
//! is counted in `flows::limits`.
//!
//! ```text
//! rules      "member: day=50GB streams=3"  ->  the limits of a role, a person, an address, and of everybody together
//! calendar   days and months, in UTC
//! refusal    what was reached, when it ends, and the words for it
//! guesses    how long somebody has to wait who guessed wrong
//! lists      who is let in at all: addresses, people, chats
//! ```

mod calendar;
mod guesses;
mod lists;
mod refusal;
mod rules;
mod size;

pub use calendar::Day;
pub use guesses::{Guesser, Guesses, Secret};
pub use lists::{ListError, Listed, Lists, network};
pub use refusal::{Refusal, Whose};
pub use rules::{Kind, Limits, Rules, RulesError, Scope};
pub use size::size_text;

use super::person::Person;

/// Whom a rule is for: everybody of one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitClass {
    Owner,
    Admin,
    Member,
    Guest,
}

impl LimitClass {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Guest];

    /// The word for it in rules and figures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Guest => "guest",
        }
    }
}

/// The class whose limits a person has.
pub fn class_of(person: &Person) -> LimitClass {
    if person.is_owner { LimitClass::Owner } else { LimitClass::Member }
}
