//! Being let in: invitations, and what became of asking.

use super::super::access::SecretHash;
use super::super::telegram_id::UserId;
use super::super::text;
use super::{Denied, Person, PersonId, Role};

/// A secret link by which people come in, through the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The hash of its secret, of which the first digits name it in lists.
    pub id: SecretHash,
    /// What they become.
    pub role: Role,
    /// How many may still come.
    pub uses: u32,
    /// Unix seconds, as is `expires`.
    pub created: i64,
    pub expires: i64,
    /// Who made it; `None` for somebody at the terminal. When they may no longer let people in, it does not either.
    pub made_by: Option<PersonId>,
    /// Somebody who is here already and whose Telegram account is not known yet: whoever comes is them.
    pub person: Option<PersonId>,
}

/// Who somebody is on Telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelegramIdentity {
    pub id: UserId,
    /// Without `@`; empty when they have none, or nobody saw it yet.
    pub username: String,
    pub first_name: String,
}

impl TelegramIdentity {
    /// Of somebody of whom only the number is known.
    pub fn of(id: UserId) -> Self {
        Self { id, username: String::new(), first_name: String::new() }
    }

    /// With its names as they are kept: people call themselves whatever they like.
    #[must_use]
    pub fn cleaned(&self) -> Self {
        Self {
            id: self.id,
            username: text::line(&self.username, text::WORD),
            first_name: text::line(&self.first_name, text::WORD),
        }
    }
}

/// Who may come in without an invitation. The setting JOIN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JoinPolicy {
    /// Nobody.
    #[default]
    Closed,
    /// Whoever an admin approves.
    Approval,
    /// Everybody.
    Open,
}

/// The text is none of the policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it should be closed, approval or open")]
pub struct NotAPolicy;

impl std::str::FromStr for JoinPolicy {
    type Err = NotAPolicy;

    fn from_str(text: &str) -> Result<Self, NotAPolicy> {
        match text.to_ascii_lowercase().as_str() {
            "closed" => Ok(Self::Closed),
            "approval" => Ok(Self::Approval),
            "open" => Ok(Self::Open),
            _ => Err(NotAPolicy),
        }
    }
}

/// What became of somebody who came to the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joining {
    /// They are in, from now on or since before.
    Joined(Person),
    WaitsForApproval(Person),
    /// A stranger, and JOIN=closed.
    Closed,
    Refused(Refusal),
}

/// Why somebody was not let in; a sentence for them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("this invitation was used up, has expired or was taken back; ask for a new one")]
    InvitationOver,
    #[error("this invitation is for somebody else; you have an access of your own already")]
    ForSomebodyElse,
    #[error("too many people are waiting to be let in; try again tomorrow")]
    TooManyWaiting,
    #[error(transparent)]
    Denied(#[from] Denied),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_words() {
        for (text, wanted) in
            [("closed", JoinPolicy::Closed), ("Approval", JoinPolicy::Approval), ("OPEN", JoinPolicy::Open)]
        {
            assert_eq!(text.parse(), Ok(wanted));
        }
        for bad in ["", "yes", "opened"] {
            assert_eq!(bad.parse::<JoinPolicy>(), Err(NotAPolicy), "{bad}");
        }
    }
}
