//! /stats: one's own figures. /status: how the library stands, for who runs the place. /log: what the program says, for the owner.

use super::Chat;
use super::attend::{Answer, Failure};
use super::visitor::Visitor;
use super::why_not::of_log;
use crate::adapters::telegram::{Outgoing, Text as Formatted};
use crate::domain::person::{Action, date};
use crate::protocols::addresses::OwnerPage;
use crate::protocols::stremio::stream::size;
use crate::texts::text;

impl Chat {
    pub(super) async fn stats(&self, visitor: &Visitor) -> Result<Outgoing, Failure> {
        let person = &visitor.person;
        let sum = self.files.sum(person.id).await?;
        let mut lines = vec![
            visitor.say(
                text("stats-person")
                    .with("role", role(person.role))
                    .with("since", if person.joined > 0 { date(person.joined) } else { "–".to_owned() }),
            ),
        ];
        if let Some(end) = person.expires {
            lines.push(visitor.say(text("stats-expires").with("when", date(end))));
        }
        if self.files.is_open() && visitor.may(Action::Upload) {
            lines.push(visitor.say(text("stats-files").with("count", sum.files).with("size", size(sum.bytes))));
        }
        let counts = self.library.counts().await?;
        lines.push(
            visitor.say(
                text("stats-library")
                    .with("films", counts.movies)
                    .with("series", counts.series)
                    .with("files", counts.files),
            ),
        );
        Ok(visitor.headed(&person.name, lines.join("\n")).into())
    }

    pub(super) async fn status(&self, visitor: &Visitor) -> Result<Outgoing, Failure> {
        let counts = self.library.counts().await?;
        let mut lines = vec![
            visitor.say(
                text("stats-library")
                    .with("films", counts.movies)
                    .with("series", counts.series)
                    .with("files", counts.files),
            ),
        ];
        if counts.pending > 0 {
            lines.push(visitor.say(text("status-pending").with("count", counts.pending)));
        }
        if counts.review > 0 {
            lines.push(visitor.say(text("status-review").with("count", counts.review)));
        }
        let waiting = self.people.waiting().await?.len() as u64;
        if waiting > 0 {
            lines.push(visitor.say(text("status-waiting").with("count", waiting)));
        }
        let page = if counts.review > 0 { OwnerPage::Review } else { OwnerPage::Top };
        let button = self.page_button(visitor, page).await?;
        Ok(Outgoing::from(lines.join("\n") + &self.reach(visitor)).row([button]))
    }
}

/// Letters of the log in a message, and lines that may be asked for.
const LOG_LETTERS: usize = 3_500;
const MOST_LOG_LINES: usize = 200;

impl Chat {
    /// `/log`: its end as a file. `/log 100`: as many of the last lines as a message holds.
    pub(super) async fn log(&self, visitor: &Visitor, rest: &str) -> Answer {
        let count = rest.parse::<usize>().ok();
        let read = match count {
            Some(count) => self.logs.last(count.clamp(1, MOST_LOG_LINES)).await,
            None => self.logs.end().await,
        };
        match read {
            Ok(lines) if lines.trim().is_empty() => Answer::Message(visitor.tell(text("log-empty"))),
            Ok(lines) if count.is_some() => {
                let from = lines.chars().count().saturating_sub(LOG_LETTERS);
                let end: String = lines.chars().skip(from).collect();
                Answer::Message(Formatted::new().code(end.trim()).into())
            }
            Ok(content) => Answer::File { name: "cinepost.log", content, below: visitor.tell(text("log-file")) },
            Err(error) => Answer::Message(visitor.tell(of_log(&error))),
        }
    }
}

/// What a role is called.
pub(super) fn role(role: crate::domain::person::Role) -> crate::texts::Text {
    use crate::domain::person::Role;
    match role {
        Role::Owner => text("role-owner"),
        Role::Admin => text("role-admin"),
        Role::Member => text("role-member"),
        Role::Guest => text("role-guest"),
    }
}
