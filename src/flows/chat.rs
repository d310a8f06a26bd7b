//! Floor 3: what the main bot says. Words in, words out; `bot` reads and sends them.

use std::fmt::Write;

use crate::adapters::telegram::{Button, Outgoing};
use crate::domain::entry::{Reason, SeriesPart};
use crate::domain::telegram_id::UserId;
use crate::domain::title::Kind;
use crate::flows::DatabaseError;
use crate::flows::health::Alert;
use crate::flows::ingest::Notice;
use crate::flows::library::Library;
use crate::flows::people::{self, People};
use crate::protocols::addresses::{Addresses, OwnerPage};

/// Telegram's limit of one message is 4,096 characters (UTF-16 units, core.telegram.org/method/messages.sendMessage);
/// this leaves room for characters that count twice.
const MESSAGE_CHARS: usize = 2_000;

/// What answering needs.
#[derive(Clone)]
pub struct Chat {
    library: Library,
    people: People,
    owner: Option<UserId>,
    site: Addresses,
}

impl Chat {
    pub fn new(library: Library, people: People, owner: Option<UserId>, site: Addresses) -> Self {
        Self { library, people, owner, site }
    }

    /// The person who is told what happens: OWNER_ID.
    pub fn owner(&self) -> Option<UserId> {
        self.owner
    }

    /// The answer to a private message. Only the owner is shown the library and the install link. `now` in unix seconds.
    pub async fn answer(&self, from: UserId, text: &str, now: i64) -> Result<Outgoing, DatabaseError> {
        let command = text.split_whitespace().next().unwrap_or_default();
        // In groups commands carry the bot's name; people paste them here too.
        let command = command.split('@').next().unwrap_or_default();
        if self.owner != Some(from) {
            return Ok(self.to_stranger(from).into());
        }
        match command {
            "/start" | "/help" => self.welcome(now).await,
            "/status" => self.status(now).await,
            _ => {
                let text = "I know /start, /status and /help. Films and episodes go into the channel, not here.";
                Ok(text.to_owned().into())
            }
        }
    }

    fn to_stranger(&self, from: UserId) -> String {
        match self.owner {
            None => format!(
                "This is Cinepost, a cinema made of a Telegram channel.\n\nIf it is yours: set OWNER_ID to {from}, and I \
                 will tell you what was added and what needs a hand, and let you in."
            ),
            Some(_) => {
                "This is Cinepost, a cinema made of a Telegram channel. It belongs to somebody else; ask them for a \
                        link."
                    .to_owned()
            }
        }
    }

    async fn welcome(&self, now: i64) -> Result<Outgoing, DatabaseError> {
        let install = self.site.install(&self.people.token(&self.people.owner().await?));
        let text = format!(
            "Welcome to your cinema.\n\nForward a film or an episode to your channel, and it stands in Stremio a moment \
             later.\n\nInstall in Stremio:\n{}\n\nIt is yours alone: whoever has it can watch.\n\n{}{}",
            install.manifest().as_str(),
            self.counted().await?,
            self.reach(),
        );
        let page = self.sign_in("Open your page", OwnerPage::Top, now, people::LINK_SECS).await?;
        let install = Button { label: "Install in Stremio".to_owned(), url: install.configure().to_string() };
        Ok(Outgoing { text, buttons: vec![page, install] })
    }

    async fn status(&self, now: i64) -> Result<Outgoing, DatabaseError> {
        let needs_a_hand = self.library.counts().await?.review > 0;
        let (label, spot) =
            if needs_a_hand { ("Open the review list", OwnerPage::Review) } else { ("Open your page", OwnerPage::Top) };
        let button = self.sign_in(label, spot, now, people::LINK_SECS).await?;
        Ok(Outgoing { text: format!("{}{}", self.counted().await?, self.reach()), buttons: vec![button] })
    }

    async fn counted(&self) -> Result<String, DatabaseError> {
        let c = self.library.counts().await?;
        let mut text =
            format!("{}, {}, {}.", count(c.movies, "film"), many(c.series, "series"), count(c.files, "file"));
        if c.pending > 0 {
            let _ = write!(text, " {} being looked up.", c.pending);
        }
        if c.review > 0 {
            let _ = write!(text, "\n{} to review.", count(c.review, "file"));
        }
        Ok(text)
    }

    /// Where our links open, when that is not everywhere.
    fn reach(&self) -> &'static str {
        match self.site.is_loopback() {
            true => {
                "\n\nThese links open on the machine that Cinepost runs on only; set BASE_URL to reach it from others."
            }
            false => "",
        }
    }

    /// A button that signs the owner in once, and leads there.
    async fn sign_in(&self, label: &str, spot: OwnerPage, now: i64, secs: i64) -> Result<Button, DatabaseError> {
        let token = self.people.new_sign_in_token(now, secs).await?;
        Ok(Button { label: label.to_owned(), url: self.site.sign_in(&token, spot).to_string() })
    }

    /// What is wrong with the program, or no longer is.
    pub async fn alert(&self, alert: &Alert, now: i64) -> Outgoing {
        match alert {
            Alert::Wrong(says) => {
                let button = self.sign_in("Open your page", OwnerPage::Top, now, people::MESSAGE_LINK_SECS).await.ok();
                Outgoing { text: format!("Something is wrong.\n\n{says}."), buttons: button.into_iter().collect() }
            }
            Alert::Mended(says) => format!("Mended. It was: {says}.").into(),
        }
    }

    /// The messages that tell the owner what became of files, as few as fit. Those about files that need a hand have a button that
    /// leads to them; while the store cannot be written they have none.
    pub async fn digest(&self, notices: &[Notice], now: i64) -> Vec<Outgoing> {
        let mut messages = Vec::new();
        for (text, spot) in digest(notices) {
            let button = match spot {
                Some(spot) => self.sign_in("Open the review list", spot, now, people::MESSAGE_LINK_SECS).await.ok(),
                None => None,
            };
            messages.push(Outgoing { text, buttons: button.into_iter().collect() });
        }
        messages
    }
}

/// Texts, each with the place where what it tells of is dealt with.
fn digest(notices: &[Notice]) -> Vec<(String, Option<OwnerPage>)> {
    let mut messages: Vec<(String, Option<OwnerPage>)> = Vec::new();
    for notice in notices {
        let line = line(notice);
        let spot = match notice {
            Notice::NeedsReview { entry, .. } => Some(OwnerPage::Entry(*entry)),
            Notice::Added { .. } => None,
        };
        match messages.last_mut() {
            Some((last, at)) if last.chars().count() + line.chars().count() < MESSAGE_CHARS => {
                last.push_str("\n\n");
                last.push_str(&line);
                // Of several files none is meant more than the others.
                *at = if at.is_some() && spot.is_some() { Some(OwnerPage::Review) } else { at.or(spot) };
            }
            _ => messages.push((line, spot)),
        }
    }
    messages
}

fn line(notice: &Notice) -> String {
    match notice {
        Notice::Added { file, title, year, kind, parts, .. } => {
            let mut line = format!("Added {title}");
            if let (Kind::Movie, Some(year)) = (kind, year) {
                let _ = write!(line, " ({year})");
            }
            if !parts.is_empty() {
                let _ = write!(line, " {}", list(parts));
            }
            let _ = write!(line, "\n{}", shortened(file));
            line
        }
        Notice::NeedsReview { file, reason: Reason::NotVideo { mime }, .. } => {
            format!("Not added: {}\nIt is not a video ({mime}).", shortened(file))
        }
        Notice::NeedsReview { file, reason, .. } => {
            format!("Not matched: {}\nBecause {reason}.", shortened(file))
        }
    }
}

/// `S01E02`, `S01E02-E04`, `season 2`; more than three are counted.
fn list(parts: &[SeriesPart]) -> String {
    let name = |part: &SeriesPart| match part {
        SeriesPart::Episode { season, number } => format!("S{season:02}E{number:02}"),
        SeriesPart::Season { season } => format!("season {season}"),
    };
    match parts {
        [first, .., last] if parts.len() > 3 => {
            format!("{} to {} ({})", name(first), name(last), count(parts.len() as u64, "place"))
        }
        _ => parts.iter().map(name).collect::<Vec<_>>().join(", "),
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

    fn added(title: &str, kind: Kind, parts: Vec<SeriesPart>) -> Notice {
        Notice::Added {
            entry: EntryId::from_bytes([1; 12]),
            file: "file.mkv".to_owned(),
            title: title.to_owned(),
            year: Some(1968),
            kind,
            parts,
        }
    }

    #[test]
    fn the_owner_reads_what_was_added_and_why_not() {
        let id = EntryId::from_bytes([1; 12]);
        let e = |number| SeriesPart::Episode { season: 1, number };
        let review = |reason| Notice::NeedsReview { entry: id, file: "x.mkv".to_owned(), reason };
        let cases = [
            (added("Night", Kind::Movie, vec![]), "Added Night (1968)\nfile.mkv".to_owned()),
            (added("Show", Kind::Series, vec![e(1), e(2)]), "Added Show S01E01, S01E02\nfile.mkv".to_owned()),
            (
                added("Show", Kind::Series, vec![e(1), e(2), e(3), e(4)]),
                "Added Show S01E01 to S01E04 (4 places)\nfile.mkv".to_owned(),
            ),
            (
                added("Show", Kind::Series, vec![SeriesPart::Season { season: 2 }]),
                "Added Show season 2\nfile.mkv".to_owned(),
            ),
            (
                review(Reason::NotVideo { mime: "application/zip".to_owned() }),
                "Not added: x.mkv\nIt is not a video (application/zip).".to_owned(),
            ),
            (
                review(Reason::NoTitle),
                "Not matched: x.mkv\nBecause no title could be read from its name; edit the caption: a title and a year, or \
                 an IMDb link."
                    .to_owned(),
            ),
        ];
        for (notice, wanted) in cases {
            assert_eq!(line(&notice), wanted);
        }
    }

    #[test]
    fn many_notices_share_messages_and_none_is_too_long() {
        let notices: Vec<Notice> = (0..300).map(|n| added(&format!("Film {n}"), Kind::Movie, vec![])).collect();
        let messages: Vec<String> = digest(&notices).into_iter().map(|(text, _)| text).collect();
        assert!(messages.len() < 10 && messages.iter().all(|m| m.chars().count() <= 4096));
        assert_eq!(messages.concat().matches("Added Film").count(), 300);
    }

    #[test]
    fn a_message_leads_to_the_file_that_needs_a_hand_or_to_the_list_of_several() {
        let id = |n| EntryId::from_bytes([n; 12]);
        let review = |n| Notice::NeedsReview { entry: id(n), file: "x.mkv".to_owned(), reason: Reason::NoTitle };
        let spot = |notices: &[Notice]| digest(notices)[0].1;
        assert_eq!(spot(&[added("Night", Kind::Movie, vec![])]), None);
        assert_eq!(spot(&[review(1)]), Some(OwnerPage::Entry(id(1))));
        assert_eq!(spot(&[added("Night", Kind::Movie, vec![]), review(1)]), Some(OwnerPage::Entry(id(1))));
        assert_eq!(spot(&[review(1), review(2)]), Some(OwnerPage::Review));
    }
}
