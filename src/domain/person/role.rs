//! Roles, and the table of what each may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a person is here. Ordered: who is more stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// There is one, from the first start on.
    Owner,
    /// Runs the place for the owner.
    Admin,
    /// Watches, and brings films of their own.
    Member,
    /// Watches.
    Guest,
}

/// What somebody may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Browse the library, get links and play them.
    Watch,
    /// Send files to the bot and get links to them.
    Upload,
    /// Ask for films that are not here.
    Request,
    /// Keep lists and folders of their own.
    KeepLists,
    /// See and use the owner's pages, and what the bot and the terminal know of how the program does.
    Operate,
    /// Add, invite or let in somebody with this role, or give it to somebody.
    Give(Role),
    /// Change somebody who has this role: pause, ban, end, rename, remove.
    Change(Role),
    /// See what lets others in: their install links and one-time links.
    SeeSecrets,
    /// Read what admins did.
    ReadAudit,
    /// Write to everybody through the bot.
    Broadcast,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Guest];

    /// The table of rights. The owner is one, so nobody gives that role, and nobody but the owner changes the owner.
    pub fn may(self, action: Action) -> bool {
        let is_admin = self <= Self::Admin;
        match action {
            Action::Watch => true,
            Action::Upload | Action::Request | Action::KeepLists => self <= Self::Member,
            Action::Operate | Action::ReadAudit => is_admin,
            Action::Give(Self::Owner) => false,
            Action::Give(Self::Admin) | Action::Change(Self::Owner) | Action::SeeSecrets | Action::Broadcast => {
                self == Self::Owner
            }
            Action::Give(Self::Member | Self::Guest) | Action::Change(Self::Admin | Self::Member | Self::Guest) => {
                is_admin
            }
        }
    }

    /// Those who have it.
    pub fn several(self) -> &'static str {
        match self {
            Self::Owner => "owners",
            Self::Admin => "admins",
            Self::Member => "members",
            Self::Guest => "guests",
        }
    }

    /// As it is stored and typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Guest => "guest",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The text is no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no role; it should be admin, member or guest")]
pub struct NotARole(pub String);

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        let found = Self::ALL.into_iter().find(|role| role.word() == text.trim().to_ascii_lowercase());
        found.ok_or_else(|| NotARole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_rights() {
        use Action::{Broadcast, Change, Give, KeepLists, Operate, ReadAudit, Request, SeeSecrets, Upload, Watch};
        use Role::{Admin, Guest, Member, Owner};
        // Each row: the action, and whether owner, admin, member and guest may.
        let rows = [
            (Watch, [true, true, true, true]),
            (Upload, [true, true, true, false]),
            (Request, [true, true, true, false]),
            (KeepLists, [true, true, true, false]),
            (Operate, [true, true, false, false]),
            (ReadAudit, [true, true, false, false]),
            (Broadcast, [true, false, false, false]),
            (SeeSecrets, [true, false, false, false]),
            (Give(Owner), [false, false, false, false]),
            (Give(Admin), [true, false, false, false]),
            (Give(Member), [true, true, false, false]),
            (Give(Guest), [true, true, false, false]),
            (Change(Owner), [true, false, false, false]),
            (Change(Admin), [true, true, false, false]),
            (Change(Member), [true, true, false, false]),
            (Change(Guest), [true, true, false, false]),
        ];
        for (action, wanted) in rows {
            assert_eq!(Role::ALL.map(|role| role.may(action)), wanted, "{action:?}");
        }
    }

    #[test]
    fn roles_are_read_as_they_are_shown() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).ok(), Some(format!("\"{role}\"")), "stored by the same word");
        }
        assert_eq!(" Admin ".parse(), Ok(Role::Admin));
        assert_eq!("root".parse::<Role>(), Err(NotARole("root".to_owned())));
    }
}
