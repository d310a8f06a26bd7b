//! Why something cannot be done to people.

use crate::adapters::store;
use crate::domain::person::{NameError, Role};
use crate::domain::telegram_id::UserId;
use crate::flows::DatabaseError;

/// Each wants another answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("somebody is called {0} already; choose another name")]
    NameTaken(String),
    #[error("the Telegram account {account} is {name}'s already; remove it there first, or change {name}")]
    AccountTaken { account: UserId, name: String },
    #[error("nobody here is called {0}; `cinepost person list` shows everybody")]
    Unknown(String),
    #[error("there is no such invitation, or it is over; `cinepost person invitations` shows those that are good")]
    UnknownInvitation,
    #[error(
        "the owner cannot be removed, paused, limited or made another; `cinepost person renew` ends every link and sign-in of theirs and \
         makes new ones"
    )]
    Owner,
    #[error("there is one owner; the roles that can be given are admin, member and guest")]
    OneOwner,
    #[error("only the owner makes admins")]
    MakesAdmin,
    #[error("this is not allowed to {}", .0.map_or("somebody who may not in now", Role::several))]
    NotAllowed(Option<Role>),
    #[error("{0} does not wait for approval")]
    NotWaiting(String),
    #[error("{0} is neither paused nor banned")]
    NotKeptOut(String),
    #[error("others kept changing {0} in the same moment; try again")]
    Contended(String),
    #[error("too many codes are out; try again in a few minutes")]
    NoCodeLeft,
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}
