//! `/broadcast`: what the owner says to everybody who takes news.
//!
//! ```text
//! mod.rs      the command, its question, the buttons
//! sending.rs  the job: who gets it, one after the other, at Telegram's pace
//! report.rs   pure: who was reached, and the words for it
//! ```
//!
//! Nothing of it is in memory. The question's button names the message with the command, which is read again when it is pressed; the
//! job holds the rest. So a restart loses nothing, and words that are corrected before the button is pressed go out corrected.

mod report;
mod sending;
#[cfg(test)]
mod tests;

use super::Chat;
use super::attend::{Answer, Failure};
use super::command::{self, Command, Said, Written};
use super::press::{OnBroadcast, Press};
use super::visitor::Visitor;
use crate::adapters::telegram::{Found, Message, MessageRef, Outgoing};
use crate::domain::job::{Added, Job, JobId, NewJob, State};
use crate::domain::person::Action;
use crate::flows::jobs;
use crate::flows::people::Actor;
use crate::texts::text;
use report::{End, Tally, report};
pub use sending::Broadcast;
use sending::{ABOUT, Order, What};

impl Chat {
    /// `/broadcast words`, or `/broadcast` in reply to the message that is to go out: says to how many, and asks.
    pub(super) async fn broadcast(
        &self,
        visitor: &Visitor,
        message: &Message,
        rest: &str,
    ) -> Result<Outgoing, Failure> {
        if what(&message.into(), rest).is_none() {
            return Ok(visitor.tell(text("broadcast-how")));
        }
        let count = self.broadcast.audience(visitor.person.id, visitor.now).await?.len() as u64;
        if count == 0 {
            return Ok(visitor.tell(text("broadcast-nobody")));
        }
        let on = |label, what| visitor.button(label, Press::Broadcast(what));
        let send = on(text("button-broadcast"), OnBroadcast::Send(message.at.message));
        let not = on(text("button-no-broadcast"), OnBroadcast::Drop);
        let asked = visitor.tell(text("broadcast-ask").with("count", count));
        Ok(asked.row([send, not]).replying_to(message.at.message))
    }

    pub(super) async fn on_broadcast(
        &self,
        visitor: &Visitor,
        at: MessageRef,
        on: OnBroadcast,
    ) -> Result<Answer, Failure> {
        if !visitor.may(Action::Broadcast) {
            return Ok(Answer::Toast(visitor.say(text("not-allowed"))));
        }
        match on {
            OnBroadcast::Send(message) => self.begin_broadcast(visitor, at, message).await,
            OnBroadcast::Drop => Ok(Answer::Instead(visitor.tell(text("broadcast-dropped")))),
            OnBroadcast::Stop(job) => self.stop_broadcast(visitor, job).await,
        }
    }

    /// `at`: the message with the button, which says from now on how it goes. Pressed twice, it is still one broadcast.
    async fn begin_broadcast(&self, visitor: &Visitor, at: MessageRef, message: i32) -> Result<Answer, Failure> {
        let command = MessageRef { place: at.place, message };
        let Ok(found) = self.messages.messages_from(command, 1).await else {
            return Ok(Answer::Toast(visitor.say(text("telegram-failed"))));
        };
        let bot = self.messages.username();
        let wanted = found.first().and_then(|found| match command::read(&found.text, bot.as_deref()) {
            Said::Command(Written { command: Command::Broadcast, rest }) => what(found, rest),
            _ => None,
        });
        let Some(what) = wanted else {
            return Ok(Answer::Instead(visitor.tell(text("cannot").with("why", text("broadcast-message-gone")))));
        };
        let (person, now) = (visitor.person.id, visitor.now);
        let order = Order { what, at, language: visitor.language.code().to_owned() };
        let job = NewJob {
            person: Some(person),
            period: Some(format!("broadcast/{person}/{message}")),
            input: order.input(),
            ..NewJob::of(&ABOUT, now)
        };
        match self.jobs.add(&job).await.map_err(crate::flows::DatabaseError::from)? {
            Added::New(id) => {
                self.people.note("broadcast", None, &format!("job {id}"), Actor::Person(&visitor.person), now).await?;
                Ok(Answer::Toast(visitor.say(text("broadcast-begins"))))
            }
            Added::Known(id) => self.show_broadcast(visitor, id).await,
        }
    }

    async fn stop_broadcast(&self, visitor: &Visitor, id: JobId) -> Result<Answer, Failure> {
        match self.job_list.get(id).await {
            Ok(job) if job.kind == ABOUT.name => {}
            Err(jobs::Error::Database(error)) => return Err(error.into()),
            _ => return Ok(Answer::Toast(visitor.say(text("button-old")))),
        }
        match self.job_list.cancel(id, visitor.now).await {
            Ok(State::Running) => Ok(Answer::Toast(visitor.say(text("broadcast-stopping")))),
            Err(jobs::Error::Database(error)) => Err(error.into()),
            // It waited and is cancelled now, or had ended.
            _ => self.show_broadcast(visitor, id).await,
        }
    }

    /// `/cancel`: stops what is being sent to everybody, for who may; for all others it ends a question, which `obey` did.
    pub(super) async fn cancel(&self, visitor: &Visitor, was_asked: bool) -> Result<Outgoing, Failure> {
        let mut stopped = 0u64;
        if visitor.may(Action::Broadcast) {
            for job in self.job_list.unfinished(ABOUT.name).await? {
                match self.job_list.cancel(job.id, visitor.now).await {
                    Ok(_) => stopped += 1,
                    Err(jobs::Error::Database(error)) => return Err(error.into()),
                    // It ended meanwhile.
                    Err(_) => {}
                }
            }
        }
        Ok(visitor.tell(match (stopped, was_asked) {
            (1.., _) => text("broadcast-stopping"),
            (0, true) => text("question-dropped"),
            (0, false) => text("nothing-to-cancel"),
        }))
    }

    /// How a broadcast stands: one that goes on says so itself.
    async fn show_broadcast(&self, visitor: &Visitor, id: JobId) -> Result<Answer, Failure> {
        let job = match self.job_list.get(id).await {
            Ok(job) => job,
            Err(jobs::Error::Database(error)) => return Err(error.into()),
            Err(_) => return Ok(Answer::Toast(visitor.say(text("button-old")))),
        };
        Ok(match end(&job) {
            Some(end) => {
                Answer::Instead(report(end, &tally(&job), job.progress.of.unwrap_or_default(), visitor.language))
            }
            None => Answer::Toast(visitor.say(text("broadcast-begins"))),
        })
    }
}

/// What a message with the command wants sent.
fn what(message: &Found, rest: &str) -> Option<What> {
    let answered = message.reply_to.map(|answered| What::Copy(MessageRef { message: answered, ..message.at }));
    if rest.is_empty() { answered } else { Some(What::Words(rest.to_owned())) }
}

fn end(job: &Job) -> Option<End> {
    match job.state {
        State::Done => Some(End::Done),
        State::Cancelled => Some(End::Stopped),
        // Words of the program's own, in English: what Telegram or the database said.
        State::Failed => Some(End::Failed(job.says.clone().into())),
        State::Queued | State::Running | State::Retrying => None,
    }
}

fn tally(job: &Job) -> Tally {
    job.checkpoint.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}
