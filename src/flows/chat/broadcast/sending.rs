//! The job of a broadcast. Each person's message carries a name made of the job and, by its place, of the person; Telegram shows what
//! carries a name once. So those that were on their way when a program died are asked for again, and nobody reads it twice.

use std::time::Duration;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tracing::{debug, warn};

use super::super::press::{OnBroadcast, Press};
use super::report::{End, Outcome, Tally, report};
use crate::adapters::telegram::{Button, Error, MessageRef, Messages, Outgoing, Place, Urgency};
use crate::domain::job::{About, Place as Where, Priority};
use crate::domain::person::{Person, PersonId};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};
use crate::flows::DatabaseError;
use crate::flows::limits::Limits;
use crate::flows::people::People;
use crate::texts::{Language, text};

pub(super) const ABOUT: About = About {
    name: "broadcast",
    does: "sends what the owner says to everybody who takes news",
    at_once: 1,
    per_person: 1,
    priority: Priority::Normal,
    // Telegram may be away for hours: with each try the pause doubles, twelve of them are two and a half hours.
    tries: 12,
    schedule: None,
    place: Where::AnyInstance,
};

/// Messages on their way at once: the pace is the pacer's, and with one at a time the way to Telegram and back would be the limit.
const AT_ONCE: usize = 8;
/// So many people between two checkpoints.
const SAVE_EVERY: u64 = 20;
/// The owner's message says so often how far it is.
const TELL_EVERY: Duration = Duration::from_secs(3);

/// What the job is queued with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub what: What,
    /// The message that tells the owner how it goes.
    pub at: MessageRef,
    /// The owner's.
    pub language: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Words(String),
    /// A message, as it is.
    Copy(MessageRef),
}

impl Order {
    pub fn input(&self) -> String {
        serde_json::to_string(self).expect("words and numbers")
    }
}

/// The kind of job. Cheap to clone.
#[derive(Clone)]
pub struct Broadcast {
    people: People,
    limits: Limits,
    messages: Messages,
}

impl Kind for Broadcast {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            let order: Order = run.input()?;
            let (language, messages) = (Language::of_tag(&order.language), self.messages.clone());
            let told = Told { at: order.at, language, messages, last: Instant::now() };
            self.send_to_all(run, &order, told).await
        })
    }
}

impl Broadcast {
    pub fn new(people: People, limits: Limits, messages: Messages) -> Self {
        Self { people, limits, messages }
    }

    /// Whom a broadcast of this person goes to, by number.
    pub(super) async fn audience(&self, by: PersonId, now: i64) -> Result<Vec<PersonId>, DatabaseError> {
        let all = self.people.all().await?;
        Ok(all.iter().filter(|person| person.id != by && self.is_for(person, now)).map(|person| person.id).collect())
    }

    fn is_for(&self, person: &Person, now: i64) -> bool {
        let takes_news = person.preferences.gets_news && person.telegram.is_some();
        takes_news && person.denied(now).is_none() && self.limits.admits(person)
    }

    async fn send_to_all(&self, run: &Run, order: &Order, mut told: Told) -> Result<String, Stop> {
        let mut tally: Tally = run.checkpoint().unwrap_or_default();
        let by = run.job().person.unwrap_or(PersonId::OWNER);
        let mut left = self.audience(by, run.now()).await?;
        left.retain(|person| !tally.is_past(*person));
        let total = tally.tried() + left.len() as u64;
        told.sending(run, &tally, total).await;
        let mut sent = futures_util::stream::iter(left).map(|id| self.send_to(run, order, id)).buffered(AT_ONCE);
        loop {
            let next = tokio::select! {
                biased;
                () = run.cancel().wanted() => Some(Err(Halt::Cancelled)),
                next = sent.next() => next,
            };
            match next {
                Some(Ok((person, name, outcome))) => tally.add(person, name, outcome),
                Some(Err(halt)) => {
                    run.save(&tally).await?;
                    return Err(told.halted(run, halt, &tally, total));
                }
                None => break,
            }
            run.progress(tally.tried(), Some(total), "people");
            if tally.tried().is_multiple_of(SAVE_EVERY) {
                run.save(&tally).await?;
            }
            if told.is_due() {
                told.sending(run, &tally, total).await;
            }
        }
        run.save(&tally).await?;
        told.say(&report(End::Done, &tally, total, told.language)).await;
        Ok(tally.sentence(total))
    }

    /// Sends it to one person, who is looked up again: until it is their turn they may have left.
    async fn send_to(&self, run: &Run, order: &Order, id: PersonId) -> Result<(PersonId, String, Outcome), Halt> {
        let person = self.people.get(id).await.map_err(|error| Halt::Stumbled(error.into()))?;
        let Some(person) = person.filter(|person| self.is_for(person, run.now())) else {
            return Ok((id, String::new(), Outcome::PassedOver));
        };
        let Some(account) = &person.telegram else { return Ok((id, String::new(), Outcome::PassedOver)) };
        // A number alone would do in one database. In a new one they begin anew, and Telegram remembers.
        let once = format!("broadcast/{}/{}", run.job().id, run.job().created);
        let outcome = loop {
            match self.send_once(order, Place::Private(account.id), &once).await {
                Ok(()) | Err(Error::SentBefore) => break Outcome::Reached,
                Err(Error::Blocked { .. }) => break Outcome::Blocked,
                Err(Error::NotStarted { .. }) => break Outcome::NotStarted,
                // The pacer keeps the wait: the next try begins after it.
                Err(Error::FloodWait { .. }) => {}
                Err(Error::MessageGone) => return Err(Halt::Gone),
                Err(Error::Protected) => return Err(Halt::Protected),
                Err(error @ (Error::Unreachable { .. } | Error::Stopped)) => {
                    return Err(Halt::Stumbled(Stop::Passing(error.to_string())));
                }
                Err(error) => {
                    warn!(%error, person = %id, "A broadcast could not be sent to person {id}: {error}");
                    break Outcome::Failed;
                }
            }
        };
        Ok((id, person.name, outcome))
    }

    async fn send_once(&self, order: &Order, to: Place, once: &str) -> Result<(), Error> {
        match &order.what {
            What::Words(words) => {
                let once = Some(once.to_owned());
                let message = Outgoing { urgency: Urgency::Broadcast, once, ..Outgoing::from(words.as_str()) };
                self.messages.send(to, &message).await.map(drop)
            }
            What::Copy(from) => self.messages.copy_to(*from, to, Urgency::Broadcast, once).await,
        }
    }
}

/// Why it does not go on now.
enum Halt {
    Cancelled,
    /// The message that was to be copied was deleted.
    Gone,
    /// It may not be copied.
    Protected,
    Stumbled(Stop),
}

/// Tells the owner how it goes, in one message.
struct Told {
    at: MessageRef,
    language: Language,
    messages: Messages,
    last: Instant,
}

impl Told {
    fn is_due(&self) -> bool {
        self.last.elapsed() >= TELL_EVERY
    }

    async fn sending(&mut self, run: &Run, tally: &Tally, total: u64) {
        let words = text("broadcast-sending").with("done", tally.tried()).with("count", total);
        let stop = Press::Broadcast(OnBroadcast::Stop(run.job().id)).data();
        let button = Button::press(text("button-stop").to_string_in(self.language), stop);
        self.say(&Outgoing::from(words.to_string_in(self.language)).row([button])).await;
        self.last = Instant::now();
    }

    async fn say(&self, message: &Outgoing) {
        if let Err(error) = self.messages.edit(self.at, message).await {
            debug!(%error, "It could not be told how a broadcast goes");
        }
    }

    /// Tells what it came to, when nobody goes on with it.
    fn halted(self, run: &Run, halt: Halt, tally: &Tally, total: u64) -> Stop {
        let (end, stop) = match halt {
            Halt::Cancelled if run.cancel().is_for_good() => (End::Stopped, Stop::Cancelled),
            Halt::Cancelled => return Stop::Cancelled,
            Halt::Gone => {
                let why = "the message to be sent is not there any more; send another";
                (End::Failed(text("broadcast-message-gone").into()), Stop::Final(why.to_owned()))
            }
            Halt::Protected => {
                let why = "the message to be sent may not be copied; send one of your own";
                (End::Failed(text("broadcast-protected").into()), Stop::Final(why.to_owned()))
            }
            Halt::Stumbled(stop) => return stop,
        };
        let message = report(end, tally, total, self.language);
        // The job is dropped half a second after it was told to end; this may take longer.
        tokio::spawn(async move { self.say(&message).await });
        stop
    }
}
