//! Why something cannot be decided.

use crate::adapters::{metadata, store};
use crate::domain::entry::EntryId;
use crate::domain::matching::Suggestion;
use crate::domain::person::Role;
use crate::domain::review::RuleId;
use crate::flows::DatabaseError;

/// Each wants another answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no file here has the id {0}; `cinepost review` lists those that need you, with their ids")]
    UnknownFile(EntryId),
    #[error("it is one volume of several; what they make has an entry of its own, once all of them are here")]
    Volume,
    #[error("it is an archive of a kind that nobody looks into; forward the film itself")]
    Archive,
    #[error("it has {}; write a title or an id instead", counted(*.count))]
    NoSuggestion { count: usize },
    #[error(
        "this line was kept by an older version and has no id; write a title or an id, or have it looked for again"
    )]
    OnlyALine,
    #[error("{id} is not known to the metadata provider; check the number, and for TMDB's that TMDB_API_KEY is set")]
    UnknownId { id: String },
    #[error(
        "nobody here can say which title {id} is: ANIME_LISTS=on tells it of anime, TVDB_API_KEY of TheTVDB's; an id of IMDb or TMDB always does"
    )]
    NobodysId { id: String },
    #[error(
        "“{0}” holds neither a title nor an id; write for example Some Film 1999, Some Series S01E02, tt0063350 or tmdb:10331"
    )]
    NothingSaid(String),
    #[error("nothing called “{searched}” was found{}", listed("; what came near: ", .nearest))]
    Nothing { searched: String, nearest: Vec<Suggestion> },
    #[error("“{searched}” could be several titles{}; choose one by its id", listed(": ", .candidates))]
    Several { searched: String, candidates: Vec<Suggestion> },
    #[error("{0} is a series, and nothing says which episode the file is; say its season and episode")]
    NoEpisode(String),
    #[error("{0} is a film, which has neither seasons nor episodes")]
    NoSeasons(String),
    #[error("an episode needs its season too")]
    NoSeason,
    #[error("the file's name holds no number to begin from, so the numbers of others like it cannot be told")]
    NoNumber,
    #[error("the file's name says no title, so that nothing is like it")]
    NothingAlike,
    #[error("there is no rule {0}; `cinepost review rules` lists those there are")]
    UnknownRule(RuleId),
    #[error("this is not allowed to {}", .0.map_or("somebody who may not in now", Role::several))]
    NotAllowed(Option<Role>),
    #[error(transparent)]
    Provider(#[from] metadata::Error),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

fn counted(suggestions: usize) -> String {
    match suggestions {
        0 => "no suggestions".to_owned(),
        1 => "one suggestion".to_owned(),
        count => format!("{count} suggestions"),
    }
}

fn listed(before: &str, titles: &[Suggestion]) -> String {
    let line = |title: &Suggestion| match title.meta_id() {
        Some(id) => format!("{title} [{id}]"),
        None => title.to_string(),
    };
    match titles {
        [] => String::new(),
        titles => format!("{before}{}", titles.iter().map(line).collect::<Vec<_>>().join(", ")),
    }
}
