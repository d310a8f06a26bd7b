//! What people write to the bot, read: a command, or words. Pure.

use crate::domain::person::{Action, Role};
use crate::domain::title::{Kind, MetaId};
use crate::texts::{Text, text};

/// A command with what stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written<'a> {
    pub command: Command,
    /// Without blanks around.
    pub rest: &'a str,
}

/// In the order in which `/help` and Telegram's menu show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Command {
    Start,
    Help,
    Search,
    MyFiles,
    Folders,
    NewFolder,
    File,
    Rename,
    Delete,
    Link,
    Web,
    Stats,
    Settings,
    Status,
    Log,
    Users,
    Invite,
    Ban,
    Unban,
    Broadcast,
    Cancel,
}

/// A command's name, and who may use it.
pub(super) struct Row {
    pub command: Command,
    pub name: &'static str,
    /// `None`: everybody, strangers too.
    pub needs: Option<Action>,
    /// Answered in groups as well.
    pub in_groups: bool,
}

const fn row(command: Command, name: &'static str, needs: Option<Action>) -> Row {
    Row { command, name, needs, in_groups: false }
}

/// Every command, once.
pub(super) const COMMANDS: &[Row] = &[
    row(Command::Start, "start", None),
    row(Command::Help, "help", None),
    row(Command::Search, "search", Some(Action::Watch)),
    row(Command::MyFiles, "myfiles", Some(Action::Upload)),
    row(Command::Folders, "folders", Some(Action::Upload)),
    row(Command::NewFolder, "newfolder", Some(Action::Upload)),
    row(Command::File, "file", Some(Action::Upload)),
    row(Command::Rename, "rename", Some(Action::Upload)),
    row(Command::Delete, "delete", Some(Action::Upload)),
    Row { command: Command::Link, name: "link", needs: Some(Action::Upload), in_groups: true },
    row(Command::Web, "web", Some(Action::Watch)),
    row(Command::Stats, "stats", Some(Action::Watch)),
    row(Command::Settings, "settings", Some(Action::Watch)),
    row(Command::Status, "status", Some(Action::Operate)),
    row(Command::Log, "log", Some(Action::SeeSecrets)),
    row(Command::Users, "users", Some(Action::Operate)),
    row(Command::Invite, "invite", Some(Action::Give(Role::Guest))),
    row(Command::Ban, "ban", Some(Action::Change(Role::Guest))),
    row(Command::Unban, "unban", Some(Action::Change(Role::Guest))),
    row(Command::Broadcast, "broadcast", Some(Action::Broadcast)),
    row(Command::Cancel, "cancel", Some(Action::Watch)),
];

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    Command(Written<'a>),
    /// `/something` that is none of ours.
    Unknown(&'a str),
    /// A command for another bot of the group.
    ForAnother,
    /// Anything else, without blanks around.
    Words(&'a str),
}

/// Reads a message; `bot` is the bot's name without `@`, once it is known.
pub(super) fn read<'a>(text: &'a str, bot: Option<&str>) -> Said<'a> {
    let text = text.trim();
    let Some(line) = text.strip_prefix('/') else { return Said::Words(text) };
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (name, addressed) = match word.split_once('@') {
        Some((name, addressed)) => (name, Some(addressed)),
        None => (word, None),
    };
    if let (Some(addressed), Some(bot)) = (addressed, bot)
        && !addressed.eq_ignore_ascii_case(bot)
    {
        return Said::ForAnother;
    }
    match COMMANDS.iter().find(|row| row.name.eq_ignore_ascii_case(name)) {
        Some(row) => Said::Command(Written { command: row.command, rest: rest.trim() }),
        None => Said::Unknown(word),
    }
}

impl Command {
    /// What it does, in a few words.
    pub(super) fn help(self) -> Text {
        match self {
            Self::Start => text("help-start"),
            Self::Help => text("help-help"),
            Self::Search => text("help-search"),
            Self::MyFiles => text("help-myfiles"),
            Self::Folders => text("help-folders"),
            Self::NewFolder => text("help-newfolder"),
            Self::File => text("help-file"),
            Self::Rename => text("help-rename"),
            Self::Delete => text("help-delete"),
            Self::Link => text("help-link"),
            Self::Web => text("help-web"),
            Self::Stats => text("help-stats"),
            Self::Settings => text("help-settings"),
            Self::Status => text("help-status"),
            Self::Log => text("help-log"),
            Self::Users => text("help-users"),
            Self::Invite => text("help-invite"),
            Self::Ban => text("help-ban"),
            Self::Unban => text("help-unban"),
            Self::Broadcast => text("help-broadcast"),
            Self::Cancel => text("help-cancel"),
        }
    }

    pub(super) fn row(self) -> &'static Row {
        COMMANDS.iter().find(|row| row.command == self).expect("a test goes over all of them")
    }
}

/// Where a link `https://t.me/BOT?start=…` leads. Telegram lets 64 of A-Z, a-z, 0-9, `_` and `-` through; anybody can write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeepLink<'a> {
    /// An invitation's secret.
    Join(&'a str),
    /// A title of the library, to be shown.
    Title(Kind, MetaId),
    /// The same as no link.
    None,
}

pub(super) fn deep_link(parameter: &str) -> DeepLink<'_> {
    if let Some(secret) = parameter.strip_prefix("join_") {
        return DeepLink::Join(secret);
    }
    let title = parameter.strip_prefix("title_").and_then(|title| {
        let (kind, id) = title.split_once('_')?;
        Some(DeepLink::Title(kind.parse().ok()?, id.replacen('-', ":", 1).parse().ok()?))
    });
    title.unwrap_or(DeepLink::None)
}

/// What [`deep_link`] reads as this title.
pub(super) fn title_parameter(kind: Kind, id: MetaId) -> String {
    format!("title_{kind}_{}", id.to_string().replacen(':', "-", 1))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn command(command: Command, rest: &str) -> Said<'_> {
        Said::Command(Written { command, rest })
    }

    #[test]
    fn commands_are_read_as_apps_and_people_write_them() {
        for (text, wanted) in [
            ("/start", command(Command::Start, "")),
            (" /START join_abc ", command(Command::Start, "join_abc")),
            ("/link@Cinema_bot 5", command(Command::Link, "5")),
            ("/link@cinema_BOT\n5", command(Command::Link, "5")),
            ("/link@other_bot 5", Said::ForAnother),
            ("/nonsense x", Said::Unknown("nonsense")),
            ("/", Said::Unknown("")),
            ("night of", Said::Words("night of")),
            ("", Said::Words("")),
            ("what /start does", Said::Words("what /start does")),
            ("/newfolder  Old films ", command(Command::NewFolder, "Old films")),
        ] {
            assert_eq!(read(text, Some("cinema_bot")), wanted, "{text:?}");
        }
        assert_eq!(read("/help@any", None), command(Command::Help, ""), "its own name is not known yet");
    }

    #[test]
    fn every_command_stands_in_the_table_once_under_a_name_that_telegram_takes() {
        let names: HashSet<_> = COMMANDS.iter().map(|row| row.name).collect();
        let commands: HashSet<_> = COMMANDS.iter().map(|row| row.command).collect();
        assert_eq!((names.len(), commands.len()), (COMMANDS.len(), COMMANDS.len()));
        let takes = |name: &str| name.len() <= 32 && name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
        assert!(names.into_iter().all(takes));
    }

    #[test]
    fn links_into_the_bot_lead_where_they_say_and_else_nowhere() {
        for (parameter, wanted) in [
            ("join_abc", DeepLink::Join("abc")),
            ("title_x", DeepLink::None),
            ("title_movie_x", DeepLink::None),
            ("title_film_tt0063350", DeepLink::None),
            ("title_movie_tmdb-99999999999999999999", DeepLink::None),
            ("", DeepLink::None),
            ("admin", DeepLink::None),
        ] {
            assert_eq!(deep_link(parameter), wanted, "{parameter}");
        }
        for (kind, id) in [(Kind::Movie, "tt0063350"), (Kind::Series, "tmdb:1399")] {
            let id = id.parse().expect("an id");
            let parameter = title_parameter(kind, id);
            assert!(parameter.bytes().all(|c| c.is_ascii_alphanumeric() || b"_-".contains(&c)), "{parameter}");
            assert_eq!(deep_link(&parameter), DeepLink::Title(kind, id));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}", bot in proptest::option::of("[a-z_]{0,10}")) {
            read(&text, bot.as_deref());
            deep_link(&text);
        }
    }
}
