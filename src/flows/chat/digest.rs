//! The words of what became of files, gathered into few messages.

use std::fmt::Write;

use crate::domain::entry::{EntryId, Reason, SeriesPart};
use crate::domain::title::Kind;
use crate::flows::ingest::Notice;
use crate::protocols::addresses::OwnerPage;

/// Telegram's limit of one message is 4,096 characters (UTF-16 units, core.telegram.org/method/messages.sendMessage);
/// this leaves room for characters that count twice.
const MESSAGE_CHARS: usize = 2_000;

/// A message, and what can be done about the files in it.
pub(super) struct Gathered<'n> {
    pub text: String,
    /// Where they are dealt with.
    pub page: Option<OwnerPage>,
    /// The one that needs a hand, where it is one alone.
    pub file: Option<(EntryId, &'n Reason)>,
}

pub(super) fn digest(notices: &[Notice]) -> Vec<Gathered<'_>> {
    let mut messages: Vec<Gathered<'_>> = Vec::new();
    for notice in notices {
        let line = line(notice);
        let file = match notice {
            Notice::NeedsReview { entry, reason, .. } => Some((*entry, reason)),
            Notice::Added { .. } => None,
        };
        let page = file.map(|(entry, _)| OwnerPage::Entry(entry));
        match messages.last_mut() {
            Some(last) if last.text.chars().count() + line.chars().count() < MESSAGE_CHARS => {
                last.text.push_str("\n\n");
                last.text.push_str(&line);
                // Of several files none is meant more than the others.
                (last.page, last.file) = match (last.page, page) {
                    (Some(_), Some(_)) => (Some(OwnerPage::Review), None),
                    (None, Some(_)) => (page, file),
                    (before, None) => (before, last.file),
                };
            }
            _ => messages.push(Gathered { text: line, page, file }),
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
            format!("{} to {} ({})", name(first), name(last), parts_counted(parts))
        }
        _ => parts.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

/// Seasons among them are no episodes.
fn parts_counted(parts: &[SeriesPart]) -> String {
    let is_episode = |part: &SeriesPart| matches!(part, SeriesPart::Episode { .. });
    format!("{} {}", parts.len(), if parts.iter().all(is_episode) { "episodes" } else { "parts" })
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
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
                "Added Show S01E01 to S01E04 (4 episodes)\nfile.mkv".to_owned(),
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
        let messages: Vec<String> = digest(&notices).into_iter().map(|message| message.text).collect();
        assert!(messages.len() < 10 && messages.iter().all(|m| m.chars().count() <= 4096));
        assert_eq!(messages.concat().matches("Added Film").count(), 300);
    }

    #[test]
    fn a_message_leads_to_the_file_that_needs_a_hand_or_to_the_list_of_several() {
        let id = |n| EntryId::from_bytes([n; 12]);
        let review = |n| Notice::NeedsReview { entry: id(n), file: "x.mkv".to_owned(), reason: Reason::NoTitle };
        let page = |notices: &[Notice]| digest(notices)[0].page;
        let file = |notices: &[Notice]| digest(notices)[0].file.map(|(entry, _)| entry);
        assert_eq!(page(&[added("Night", Kind::Movie, vec![])]), None);
        assert_eq!(page(&[review(1)]), Some(OwnerPage::Entry(id(1))));
        assert_eq!(page(&[added("Night", Kind::Movie, vec![]), review(1)]), Some(OwnerPage::Entry(id(1))));
        assert_eq!(page(&[review(1), review(2)]), Some(OwnerPage::Review));
        assert_eq!(file(&[review(1), added("Night", Kind::Movie, vec![])]), Some(id(1)));
        assert_eq!(file(&[review(1), review(2), review(3)]), None);
    }
}
