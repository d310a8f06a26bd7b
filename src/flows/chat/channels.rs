//! What is said to the bot in channels: `/link` in reply to a file, by whoever may post there.
//!
//! A post has no author unless its channel shows who posts. Without one it is the owner's word, whose channel it is: only those post there
//! whom its administrators let. The answer stands in the channel and holds names and links alone, for all who read it there see
//! the files as well; what did not work is told in private. Only posts of watched channels get here.

use tracing::{debug, error};

use super::Chat;
use super::attend::Failure;
use super::command::{self, Command, Said, Written};
use super::visitor::Visitor;
use crate::adapters::clock::unix_now;
use crate::adapters::telegram::{Called, MessageRef, Outgoing, Place};
use crate::domain::person::Action;
use crate::domain::telegram_id::UserId;
use crate::flows::files;
use crate::texts::text;

/// Seconds after which nobody waits for an answer any more: this program was away.
const PATIENCE: i64 = 60 * 60;

impl Chat {
    /// Deals with a post that says something to the bot. What the database could not take comes again.
    pub async fn attend_post(self, called: Called) {
        let now = unix_now();
        let username = self.messages.username();
        let said = command::read(&called.text, username.as_deref());
        if let Said::Command(Written { command: Command::Link, rest }) = said
            && now < called.date + PATIENCE
            && let Err(failure) = self.link_posts(&called, rest, now).await
        {
            error!(error = %failure, at = %called.at, "A channel could not be answered");
            if failure.is_of_database() {
                return;
            }
        }
        called.done();
    }

    async fn link_posts(&self, called: &Called, rest: &str, now: i64) -> Result<(), Failure> {
        let Some((visitor, private)) = self.poster(called, now).await? else { return Ok(()) };
        let refused = match self.answer_in_channel(called, &visitor, rest).await {
            Ok(refused) => refused,
            Err(failure) if failure.is_of_database() => return Err(failure),
            Err(failure) => vec![visitor.say(failure.words(now))],
        };
        if let (false, Some(person)) = (refused.is_empty(), private) {
            let words = Outgoing::from(format!("{}\n\n{}", called.at.url(), refused.join("\n\n")));
            let once = Some(format!("{}/refused", called.at));
            self.send(Place::Private(person), Outgoing { once, ..words }).await;
        }
        Ok(())
    }

    /// Whose word a post is, and where to reach them alone. `None`: of somebody who may not.
    async fn poster(&self, called: &Called, now: i64) -> Result<Option<(Visitor, Option<UserId>)>, Failure> {
        let Some(by) = &called.by else {
            return Ok(Some((Visitor::new(self.people.owner().await?, None, now), self.owner)));
        };
        let known = match self.owner == Some(by.id) {
            true => Some(self.people.owner().await?),
            false => self.people.by_telegram(by.id).await?,
        };
        let may = |person: &crate::domain::person::Person| person.may(Action::Upload, now);
        let Some(person) = known.filter(may).filter(|_| self.limits.admits_person(by.id)) else {
            debug!(at = %called.at, "Whoever posted this may not make links");
            return Ok(None);
        };
        Ok(Some((Visitor::new(person, by.language.as_deref(), now), Some(by.id))))
    }

    /// Returns what is not for the channel to read.
    async fn answer_in_channel(&self, called: &Called, visitor: &Visitor, rest: &str) -> Result<Vec<String>, Failure> {
        let (Some(first), Some(count)) = (called.reply_to, super::files::linked(rest)) else {
            return Ok(vec![visitor.say(text("link-how"))]);
        };
        let place = Place::Group(called.at.chat);
        let first = MessageRef { place, message: first };
        let found = self.messages.messages_from(first, count).await.map_err(files::Error::from)?;
        let (links, mut refused) = self.keep_all(visitor, &found).await?;
        if links.is_empty() && refused.is_empty() {
            refused.push(visitor.say(text("link-no-files")));
        }
        if !links.is_empty() {
            let answer = Outgoing::from(self.lines(&links).join("\n\n")).replying_to(called.at.message);
            self.send(place, Outgoing { once: Some(called.at.to_string()), ..answer }).await;
        }
        Ok(refused)
    }
}
