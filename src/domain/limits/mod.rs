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
