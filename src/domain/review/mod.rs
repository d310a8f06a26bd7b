//! The review list: files that need a person, what can be asked of the list, and what people decide.
//!
//! ```text
//! choice.rs    what a person said of one file
//! rule.rs      what a person said of all files that read alike
//! shift.rs     how the numbers in names stand to the title's
//! ```

mod choice;
mod rule;
mod shift;

pub use choice::{Choice, ChosenTitle, Decided, Numbers};
pub use rule::{Example, NewRule, ReadsAs, Rule, RuleId};
pub use shift::Shift;

use super::entry::{Entry, ReasonKind};
use super::post::{ChatId, PostRef};

/// A part of the review list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReviewPart {
    /// All that needs a person (`Status::Review`, and `Pending` with a reason).
    #[default]
    All,
    /// Of these, the files that a reason of this kind keeps from their title.
    Because(ReasonKind),
    /// What a person put aside (`Status::Ignored`).
    Ignored,
}

/// Asks for a page of the review list, newest post first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewQuery {
    pub part: ReviewPart,
    /// Only files that stand in this channel.
    pub channel: Option<ChatId>,
    /// Words to be found in names and captions; empty finds all.
    pub text: String,
    pub skip: u32,
    pub limit: u32,
}

/// The answer to a [`ReviewQuery`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReviewPage {
    /// Each with its newest post in an active channel.
    pub rows: Vec<(Entry, Option<PostRef>)>,
    /// How many the part and text of the query find.
    pub total: u64,
    /// How many of the whole list each kind of reason holds. Kinds that hold none are left out.
    pub kinds: Vec<(ReasonKind, u64)>,
    pub ignored: u64,
}
