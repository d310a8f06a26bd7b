//! Why something cannot be done, for whoever asked for it in the chat: each error of a flow has its text.

use super::attend::Failure;
use crate::domain::person::NameError;
use crate::flows::{logs, people};
use crate::texts::{Text, reasons, text};

impl Failure {
    /// `now` in unix seconds: limits say when they end.
    pub fn words(&self, now: i64) -> Text {
        match self {
            Self::Database(_) => text("no-database"),
            Self::People(error) => of_people(error),
            Self::Files(error) => super::files::why_not(error),
            Self::Review(error) => super::review::why_not(error),
            Self::Limited(refusal) => reasons::of_limit(refusal, now),
        }
    }
}

fn of_people(error: &people::Error) -> Text {
    use people::Error as E;
    match error {
        E::Name(NameError::Empty | NameError::TooLong | NameError::NotText) => text("person-name-bad"),
        E::NameTaken(name) => text("person-name-taken").with("name", name.as_str()),
        E::AccountTaken { account, name } => {
            text("person-account-taken").with("account", account.to_string()).with("name", name.as_str())
        }
        E::Unknown(name) => text("person-unknown").with("name", name.as_str()),
        E::UnknownInvitation => text("invitation-over"),
        E::Owner => text("person-owner"),
        E::OneOwner => text("person-one-owner"),
        E::MakesAdmin => text("person-makes-admin"),
        E::NotAllowed(_) => text("not-allowed"),
        E::NotWaiting(name) => text("person-not-waiting").with("name", name.as_str()),
        E::NotKeptOut(name) => text("person-not-kept-out").with("name", name.as_str()),
        E::Contended(name) => text("person-contended").with("name", name.as_str()),
        E::NoCodeLeft => text("no-code-left"),
        E::Database(_) => text("no-database"),
    }
}

pub(super) fn of_log(error: &logs::Error) -> Text {
    match error {
        logs::Error::NoFile => text("log-no-file"),
        logs::Error::Unreadable { problem, .. } => text("log-unreadable").with("problem", problem.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::metadata;
    use crate::domain::entry::EntryId;
    use crate::domain::limits::Refusal;
    use crate::domain::person::Role;
    use crate::domain::telegram_id::UserId;
    use crate::flows::DatabaseError;
    use crate::flows::ingest::review;
    use crate::texts::Language;

    /// One of each: a new error fails to compile in `words`, and is to stand here as well.
    fn failures() -> Vec<Failure> {
        use people::Error as E;
        let name = || "Ivan <b>".to_owned();
        let down = || DatabaseError::Unavailable("down".to_owned());
        let people = [
            E::Name(NameError::Empty),
            E::NameTaken(name()),
            E::AccountTaken { account: UserId(5), name: name() },
            E::Unknown(name()),
            E::UnknownInvitation,
            E::Owner,
            E::OneOwner,
            E::MakesAdmin,
            E::NotAllowed(Some(Role::Guest)),
            E::NotWaiting(name()),
            E::NotKeptOut(name()),
            E::Contended(name()),
            E::NoCodeLeft,
            E::Database(down()),
        ];
        let review = [
            review::Error::NotAllowed(Some(Role::Guest)),
            review::Error::UnknownFile(EntryId::from_bytes([1; 12])),
            review::Error::NoEpisode(name()),
            review::Error::UnknownId { id: name() },
            review::Error::NothingAlike,
            review::Error::Provider(metadata::Error::BadKey { provider: "TMDB" }),
        ];
        let limited = Failure::Limited(Refusal::Requests { ends: 5 });
        let others = review.map(Failure::Review).into_iter().chain([Failure::Database(down()), limited]);
        people.map(Failure::People).into_iter().chain(others).collect()
    }

    #[test]
    fn everybody_reads_why_in_their_language_with_the_names_in_it() {
        let english: Vec<_> = failures().iter().map(|error| error.words(0).to_string_in(Language::ENGLISH)).collect();
        for language in Language::all() {
            for (failure, english) in failures().iter().zip(&english) {
                let said = failure.words(0).to_string_in(language);
                assert!(language == Language::ENGLISH || said != *english, "{language:?}: {said}");
                assert_eq!(said.contains("Ivan <b>"), english.contains("Ivan <b>"), "{language:?}: {said}");
                assert!(!said.contains("cinepost person"), "no word of the terminal: {said}");
            }
        }
    }
}
