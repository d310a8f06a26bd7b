//! The ids by which Stremio asks for a title, an episode or a file. People's apps keep them for ever.

use std::fmt;
use std::str::FromStr;

use crate::domain::collection::CollectionId;
use crate::domain::entry::EntryId;
use crate::domain::title::{ImdbId, MetaId};

/// `tt0063350`, `tt0944947:1:2`, `tmdb:10331`, `tmdb:1399:1:2` `cinepost:<entry id>` or `cinepost:collection:656`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentId {
    Title(MetaId),
    Episode {
        title: MetaId,
        season: u16,
        number: u16,
    },
    /// A file without a title.
    Entry(EntryId),
    /// Films that belong together.
    Collection(CollectionId),
    /// The row that says why there is nothing else to see: `cinepost:notice`.
    Notice,
}

const OWN: &str = "cinepost:";
const NOTICE: &str = "notice";
const COLLECTION: &str = "collection:";

impl FromStr for ContentId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix(OWN) {
            Some(NOTICE) => return Ok(Self::Notice),
            Some(own) if own.starts_with(COLLECTION) => {
                return own[COLLECTION.len()..].parse().map(Self::Collection);
            }
            Some(entry) => return entry.parse().map(Self::Entry),
            None => {}
        }
        // A title's own id may hold a colon, an episode adds two numbers behind it.
        let title_parts = if text.starts_with("tmdb:") { 2 } else { 1 };
        let parts: Vec<&str> = text.split(':').collect();
        match &parts[title_parts.min(parts.len())..] {
            [] => text.parse().map(Self::Title),
            [season, number] => {
                let part = |digits: &str| match digits.bytes().all(|b| b.is_ascii_digit()) {
                    true => digits.parse().ok(),
                    false => None,
                };
                let (Some(season), Some(number)) = (part(season), part(number)) else {
                    return Err(format!("{text:?} does not end in season and episode, such as tt0944947:1:2"));
                };
                Ok(Self::Episode { title: parts[..title_parts].join(":").parse()?, season, number })
            }
            _ => Err(format!("{text:?} is not an id such as tt0063350, tt0944947:1:2, tmdb:10331 or cinepost:…")),
        }
    }
}

/// Whether a text is an id of a catalog of others: words and numbers behind a name that is none of ours, such as `kitsu:1:2`
/// or `tvdb:81189`.
pub(super) fn is_foreign(text: &str) -> bool {
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let Some((name, rest)) = text.split_once(':') else { return false };
    let is_ours = name == "tmdb" || name == "cinepost" || name.parse::<ImdbId>().is_ok();
    !is_ours && is_word(name) && rest.split(':').all(is_word)
}

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Title(id) => id.fmt(f),
            Self::Episode { title, season, number } => write!(f, "{title}:{season}:{number}"),
            Self::Entry(id) => write!(f, "{OWN}{id}"),
            Self::Collection(id) => write!(f, "{OWN}{COLLECTION}{id}"),
            Self::Notice => write!(f, "{OWN}{NOTICE}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_written_alike() {
        for text in [
            "tt0063350",
            "tt0944947:1:2",
            "tt0944947:0:10",
            "tmdb:10331",
            "tmdb:1399:1:2",
            "cinepost:00000000000000000",
            "cinepost:collection:656",
        ] {
            assert_eq!(text.parse::<ContentId>().map(|id| id.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn other_text_is_refused_and_named() {
        for bad in [
            "",
            ":",
            "tt",
            "tt0063350:1",
            "tt0063350:1:2:3",
            "tt0063350:1:",
            "tt0063350:-1:2",
            "tt0063350:+1:2",
            "tt0063350:1:70000",
            "tmdb:",
            "tmdb:x",
            "tmdb:1399:1",
            "tmdb",
            "cinepost:",
            "cinepost:short",
            "cinepost:collection:",
            "cinepost:collection:0",
            "cinepost:collection:+1",
            "kitsu:1",
        ] {
            let error = bad.parse::<ContentId>().expect_err(bad);
            assert!(!error.is_empty(), "{bad}");
        }
    }

    #[test]
    fn ids_of_others_are_told_from_broken_ones_of_ours() {
        for foreign in ["kitsu:1", "kitsu:7442:12", "tvdb:81189:1:2", "anilist:5", "mal:5114", "yt_id:UC-x_1"] {
            assert!(is_foreign(foreign), "{foreign}");
        }
        for ours in
            ["tt0063350", "tt0063350:1", "tmdb:x", "cinepost:short", "", ":", "kitsu:", ":1", "a b:1", "kitsu:1:"]
        {
            assert!(!is_foreign(ours), "{ours}");
        }
    }
}
