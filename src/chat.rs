//! Floor 3: what the main bot says. Words in, words out; `bot` reads and sends them.

use std::fmt::Write;

use crate::accounts::Accounts;
use crate::domain::entry::{Place, Reason};
use crate::domain::title::Kind;
use crate::ingest::Notice;
use crate::library::Library;
use crate::store;
use crate::stremio::AbsoluteUrl;
use crate::stremio::install::Install;

/// Telegram's limit of one message is 4,096 characters (UTF-16 units, core.telegram.org/method/messages.sendMessage);
/// this leaves room for characters that count twice.
const MESSAGE_CHARS: usize = 2_000;

/// What answering needs.
#[derive(Clone)]
pub struct Chat {
    library: Library,
    accounts: Accounts,
    owner: Option<i64>,
    base_url: AbsoluteUrl,
}

impl Chat {
    pub fn new(library: Library, accounts: Accounts, owner: Option<i64>, base_url: AbsoluteUrl) -> Self {
        Self { library, accounts, owner, base_url }
    }

    /// The person who is told what happens: OWNER_ID.
    pub fn owner(&self) -> Option<i64> {
        self.owner
    }

    /// The answer to a private message. Only the owner is shown the library and the install link.
    pub async fn answer(&self, from: i64, text: &str) -> Result<String, store::Error> {
        let command = text.split_whitespace().next().unwrap_or_default();
        // In groups commands carry the bot's name; people paste them here too.
        let command = command.split('@').next().unwrap_or_default();
        if self.owner != Some(from) {
            return Ok(match self.owner {
                None => format!(
                    "This is Cinepost, a cinema made of a Telegram channel.\n\nIf it is yours: set OWNER_ID to {from}, \
                     and I will tell you what was added and what needs a hand."
                ),
                Some(_) => "This is Cinepost, a cinema made of a Telegram channel. It belongs to somebody else; ask \
                            them for a link."
                    .to_owned(),
            });
        }
        match command {
            "/start" | "/help" => self.welcome().await,
            "/status" => self.status().await,
            _ => Ok("I know /start, /status and /help. Films and episodes go into the channel, not here.".to_owned()),
        }
    }

    async fn welcome(&self) -> Result<String, store::Error> {
        let token = self.accounts.token(&self.accounts.owner().await?);
        let install = Install::new(&self.base_url, &token);
        Ok(format!(
            "Welcome to your cinema.\n\nForward a film or an episode to your channel, and it stands in Stremio a moment \
             later.\n\nInstall in Stremio:\n{}\n\nIt is yours alone: whoever has it can watch.\n\n{}",
            install.manifest().as_str(),
            self.status().await?
        ))
    }

    async fn status(&self) -> Result<String, store::Error> {
        let c = self.library.counts().await?;
        let mut text =
            format!("{}, {}, {}.", count(c.movies, "film"), many(c.series, "series"), count(c.files, "file"));
        if c.pending > 0 {
            let _ = write!(text, " {} being looked up.", c.pending);
        }
        if c.review > 0 {
            let _ = write!(text, "\n{} need a hand: {}/owner#review", c.review, self.base_url.as_str());
        }
        Ok(text)
    }

    /// The messages that tell the owner what became of files, as few as fit.
    pub fn digest(&self, notices: &[Notice]) -> Vec<String> {
        digest(notices, self.base_url.as_str())
    }
}

fn digest(notices: &[Notice], base_url: &str) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for notice in notices {
        let line = line(notice, base_url);
        match messages.last_mut() {
            Some(last) if last.chars().count() + line.chars().count() < MESSAGE_CHARS => {
                last.push_str("\n\n");
                last.push_str(&line);
            }
            _ => messages.push(line),
        }
    }
    messages
}

fn line(notice: &Notice, base_url: &str) -> String {
    match notice {
        Notice::Added { file, title, year, kind, places, .. } => {
            let mut line = format!("Added {title}");
            if let (Kind::Movie, Some(year)) = (kind, year) {
                let _ = write!(line, " ({year})");
            }
            if !places.is_empty() {
                let _ = write!(line, " {}", list(places));
            }
            let _ = write!(line, "\n{}", shortened(file));
            line
        }
        Notice::NeedsReview { file, reason: Reason::NotVideo { mime }, .. } => {
            format!("Not added: {}\nIt is not a video ({mime}).", shortened(file))
        }
        Notice::NeedsReview { entry, file, reason } => {
            format!("Not matched: {}\nBecause {reason}.\n{base_url}/owner#{entry}", shortened(file))
        }
    }
}

/// `S01E02`, `S01E02-E04`, `season 2`; more than three are counted.
fn list(places: &[Place]) -> String {
    let name = |place: &Place| match place {
        Place::Episode { season, number } => format!("S{season:02}E{number:02}"),
        Place::Season { season } => format!("season {season}"),
    };
    match places {
        [first, .., last] if places.len() > 3 => {
            format!("{} to {} ({})", name(first), name(last), count(places.len() as u64, "place"))
        }
        _ => places.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}

fn count(n: u64, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

fn many(n: u64, word: &str) -> String {
    format!("{n} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entry::EntryId;

    fn added(title: &str, kind: Kind, places: Vec<Place>) -> Notice {
        Notice::Added {
            entry: EntryId::from_bytes([1; 12]),
            file: "file.mkv".to_owned(),
            title: title.to_owned(),
            year: Some(1968),
            kind,
            places,
        }
    }

    #[test]
    fn the_owner_reads_what_was_added_and_why_not() {
        let id = EntryId::from_bytes([1; 12]);
        let e = |number| Place::Episode { season: 1, number };
        let review = |reason| Notice::NeedsReview { entry: id, file: "x.mkv".to_owned(), reason };
        let cases = [
            (added("Night", Kind::Movie, vec![]), "Added Night (1968)\nfile.mkv".to_owned()),
            (added("Show", Kind::Series, vec![e(1), e(2)]), "Added Show S01E01, S01E02\nfile.mkv".to_owned()),
            (
                added("Show", Kind::Series, vec![e(1), e(2), e(3), e(4)]),
                "Added Show S01E01 to S01E04 (4 places)\nfile.mkv".to_owned(),
            ),
            (
                added("Show", Kind::Series, vec![Place::Season { season: 2 }]),
                "Added Show season 2\nfile.mkv".to_owned(),
            ),
            (
                review(Reason::NotVideo { mime: "application/zip".to_owned() }),
                "Not added: x.mkv\nIt is not a video (application/zip).".to_owned(),
            ),
            (
                review(Reason::NoTitle),
                format!(
                    "Not matched: x.mkv\nBecause no title could be read from its name; edit the caption: a title and a \
                     year, or an IMDb link.\nhttps://films.example.org/owner#{id}"
                ),
            ),
        ];
        for (notice, wanted) in cases {
            assert_eq!(line(&notice, "https://films.example.org"), wanted);
        }
    }

    #[test]
    fn many_notices_share_messages_and_none_is_too_long() {
        let notices: Vec<Notice> = (0..300).map(|n| added(&format!("Film {n}"), Kind::Movie, vec![])).collect();
        let messages = digest(&notices, "https://films.example.org");
        assert!(messages.len() < 10 && messages.iter().all(|m| m.chars().count() <= 4096));
        assert_eq!(messages.concat().matches("Added Film").count(), 300);
    }
}
