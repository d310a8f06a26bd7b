//! An arrival -> who is it, what do they want -> one answer.

use tracing::{debug, error, warn};

use super::Chat;
use super::command::{self, Command, DeepLink, Said, Written, deep_link};
use super::press::Press;
use super::visitor::Visitor;
use crate::adapters::clock::unix_now;
use crate::adapters::telegram::{
    self, Arrival, Message, MessageRef, Outgoing, PersonEvent, Place, PressAnswer, PressId, Upload,
};
use crate::domain::limits::Refusal;
use crate::flows::ingest::review;
use crate::flows::{DatabaseError, files, limits, people};
use crate::texts::{Language, text};

/// What a person gets.
pub(super) enum Answer {
    Message(Outgoing),
    /// A text file of this name, with the message below it.
    File {
        name: &'static str,
        content: String,
        below: Outgoing,
    },
    /// The message below which a button was pressed says this from now on.
    Instead(Outgoing),
    /// A line beside the button.
    Toast(String),
    Nothing,
}

/// What keeps an answer from being found.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    People(#[from] people::Error),
    #[error(transparent)]
    Files(#[from] files::Error),
    #[error(transparent)]
    Review(#[from] review::Error),
    #[error("a limit was reached: {}", .0.word())]
    Limited(Refusal),
}

impl From<limits::Error> for Failure {
    fn from(error: limits::Error) -> Self {
        match error {
            limits::Error::Refused(refusal) => Self::Limited(refusal),
            limits::Error::Database(error) => Self::Database(error),
        }
    }
}

impl Failure {
    pub fn is_of_database(&self) -> bool {
        matches!(
            self,
            Self::Database(_)
                | Self::People(people::Error::Database(_))
                | Self::Files(files::Error::Database(_))
                | Self::Review(review::Error::Database(_))
        )
    }
}

impl Chat {
    /// Deals with something that a person did.
    pub async fn attend(self, arrival: Arrival) {
        let now = unix_now();
        match &arrival.event {
            PersonEvent::Message(message) => {
                if !self.on_message(message, &arrival, now).await {
                    // Not acknowledged: it comes again.
                    return;
                }
            }
            PersonEvent::Pressed(press) => self.on_press(press, &arrival, now).await,
            PersonEvent::Asked(query) => self.on_query(query, &arrival.event, now).await,
            // What a message led to stays as it is: a link that was given out does not end because its message was changed.
            PersonEvent::Edited(_) | PersonEvent::Deleted { .. } => {}
        }
        arrival.done();
    }

    /// Returns whether it was dealt with. A file that the database could not take was not: words are soon written again, a file that
    /// somebody believes to be kept is not.
    async fn on_message(&self, message: &Message, arrival: &Arrival, now: i64) -> bool {
        let said = command::read(&message.text, self.messages.username().as_deref());
        let (to, is_for_us) = match (message.at.place, said) {
            (Place::Private(_), _) => (message.at.place, true),
            (Place::Group(group), Said::Command(Written { command, .. })) => {
                (Place::Ephemeral { group, person: message.from.id }, command.row().in_groups)
            }
            _ => (message.at.place, false),
        };
        if !is_for_us || !self.listens_in(to) {
            return true;
        }
        let answer = match self.answer(message, said, &arrival.event, now).await {
            Ok(answer) => answer,
            Err(failure) if message.file.is_some() && failure.is_of_database() => {
                let words = text("file-waits").to_string_in(language_of(&message.from));
                let once = Some(format!("{}/waits", arrival.key));
                self.send(to, Outgoing { once, ..words.into() }).await;
                return false;
            }
            Err(failure) => Answer::Message(self.sorry(&failure, &message.from).await.into()),
        };
        // It may come again after a crash; its answer is shown once.
        let once = Some(arrival.key.clone());
        match answer {
            Answer::Message(answer) | Answer::Instead(answer) => self.send(to, Outgoing { once, ..answer }).await,
            Answer::File { name, content, below } => {
                self.send_file(to, name, &content, Outgoing { once, ..below }).await;
            }
            Answer::Toast(_) | Answer::Nothing => {}
        }
        true
    }

    async fn answer(
        &self,
        message: &Message,
        said: Said<'_>,
        event: &PersonEvent,
        now: i64,
    ) -> Result<Answer, Failure> {
        let start = match said {
            Said::Command(Written { command: Command::Start, rest }) => Some(deep_link(rest)),
            _ => None,
        };
        let invitation = match start {
            Some(DeepLink::Join(secret)) => Some(secret),
            _ => None,
        };
        let is_known = self.owner == Some(message.from.id) || self.people.by_telegram(message.from.id).await?.is_some();
        if invitation.is_some() || (start.is_some() && !is_known) {
            return Ok(Answer::Message(match self.join(&message.from, invitation, now).await? {
                Ok(visitor) => self.welcome(&visitor).await?,
                Err(refusal) => refusal,
            }));
        }
        let visitor = match self.visitor(&message.from, event, now).await? {
            Ok(visitor) => visitor,
            Err(refusal) => return Ok(refusal.map_or(Answer::Nothing, Answer::Message)),
        };
        if message.file.is_some() {
            return self.receive(&visitor, message).await;
        }
        match said {
            Said::Command(written) => self.obey(&visitor, message, written).await,
            Said::Unknown(word) => Ok(Answer::Message(visitor.tell(text("unknown-command").with("word", word)))),
            Said::Words(words) => self.on_words(&visitor, words).await,
            Said::ForAnother => Ok(Answer::Nothing),
        }
    }

    async fn on_words(&self, visitor: &Visitor, words: &str) -> Result<Answer, Failure> {
        match self.prompts.take(visitor.person.id, visitor.now) {
            Some(question) => self.answered(visitor, question, words).await,
            None => Ok(Answer::Message(self.search(visitor, words).await?)),
        }
    }

    async fn obey(&self, visitor: &Visitor, message: &Message, written: Written<'_>) -> Result<Answer, Failure> {
        let Written { command, rest } = written;
        if command.row().needs.is_some_and(|action| !visitor.may(action)) {
            return Ok(Answer::Message(visitor.tell(text("not-allowed"))));
        }
        // A command is no answer to a question.
        let question = self.prompts.take(visitor.person.id, visitor.now);
        Ok(Answer::Message(match command {
            Command::Start => match deep_link(rest) {
                DeepLink::Title(kind, id) => self.title(visitor, kind, id).await?,
                DeepLink::Join(_) | DeepLink::None => self.welcome(visitor).await?,
            },
            Command::Help => self.help(visitor),
            Command::Search => self.search(visitor, rest).await?,
            Command::MyFiles => self.my_files(visitor, rest).await?,
            Command::Folders => self.show_folder(visitor, None, 0).await?,
            Command::NewFolder => self.new_folder(visitor, None, rest).await?,
            Command::File => self.file_by_number(visitor, rest).await?,
            Command::Rename => self.rename_by_words(visitor, message, rest).await?,
            Command::Delete => self.delete_by_words(visitor, message, rest).await?,
            Command::Link => return self.link(visitor, message, rest).await,
            Command::Web => self.web(visitor).await?,
            Command::Stats => self.stats(visitor).await?,
            Command::Settings => self.settings(visitor),
            Command::Status => self.status(visitor).await?,
            Command::Log => return Ok(self.log(visitor, rest).await),
            Command::Users => self.users(visitor, rest, 0).await?,
            Command::Invite => self.invite(visitor, rest).await?,
            Command::Ban => self.ban(visitor, rest).await?,
            Command::Unban => self.unban(visitor, rest).await?,
            Command::Broadcast => self.broadcast(visitor, message, rest).await?,
            Command::Cancel => self.cancel(visitor, question.is_some()).await?,
        }))
    }

    /// The owner's lists say in which groups the bot is deaf and dumb. Whom it listens to in private is asked of each person.
    fn listens_in(&self, place: Place) -> bool {
        match place {
            Place::Private(_) => true,
            Place::Group(group) | Place::Ephemeral { group, .. } => self.limits.admits_chat(group.get()),
        }
    }

    async fn on_press(&self, press: &telegram::Press, arrival: &Arrival, now: i64) {
        if !self.listens_in(press.at.place) {
            return self.settle(press.id, PressAnswer::Quiet).await;
        }
        let answer = match self.pressed(press, &arrival.event, now).await {
            Ok(answer) => answer,
            Err(failure) => Answer::Toast(self.sorry(&failure, &press.from).await),
        };
        match answer {
            Answer::Toast(words) => self.settle(press.id, PressAnswer::Toast(words)).await,
            Answer::Nothing => self.settle(press.id, PressAnswer::Quiet).await,
            Answer::Message(message) => {
                self.settle(press.id, PressAnswer::Quiet).await;
                let to = match press.at.place {
                    Place::Group(group) => Place::Ephemeral { group, person: press.from.id },
                    place => place,
                };
                self.send(to, Outgoing { once: Some(arrival.key.clone()), ..message }).await;
            }
            Answer::File { name, content, below } => {
                self.settle(press.id, PressAnswer::Quiet).await;
                self.send_file(press.at.place, name, &content, below).await;
            }
            Answer::Instead(message) => {
                self.settle(press.id, PressAnswer::Quiet).await;
                self.replace(press.at, message).await;
            }
        }
    }

    async fn pressed(&self, press: &telegram::Press, event: &PersonEvent, now: i64) -> Result<Answer, Failure> {
        let visitor = match self.visitor(&press.from, event, now).await? {
            Ok(visitor) => visitor,
            Err(refusal) => return Ok(refusal.map_or(Answer::Nothing, Answer::Message)),
        };
        let Some(wanted) = Press::read(&press.data) else {
            return Ok(Answer::Toast(visitor.say(text("button-old"))));
        };
        match wanted {
            Press::File(id, on) => self.on_file(&visitor, id, on).await,
            Press::Folder(folder, from) => Ok(Answer::Instead(self.show_folder(&visitor, folder, from).await?)),
            Press::NewFolder(at) => Ok(Answer::Message(self.ask_for_folder(&visitor, at))),
            Press::OnFolder(id, on) => self.on_folder(&visitor, id, on).await,
            Press::Review(id, on) => self.on_review(&visitor, id, on).await,
            Press::People(from) => self.users(&visitor, "", from as usize).await.map(Answer::Instead),
            Press::Person(id, on) => self.on_person(&visitor, id, on).await,
            Press::Title(kind, id) => Ok(Answer::Instead(self.title(&visitor, kind, id).await?)),
            Press::Season(id, season) => Ok(Answer::Instead(self.season(&visitor, id, season).await?)),
            Press::Episode(id, season, number) => {
                Ok(Answer::Instead(self.episode(&visitor, id, season, number).await?))
            }
            Press::Language(at) => self.speak(&visitor, at).await,
            Press::Settings => Ok(Answer::Instead(self.settings(&visitor))),
            Press::History | Press::News => self.turn(&visitor, wanted).await,
            Press::EraseHistory => Ok(Answer::Instead(self.ask_to_erase(&visitor))),
            Press::EraseHistoryNow => self.erase_history(&visitor).await.map(Answer::Instead),
            Press::Broadcast(on) => self.on_broadcast(&visitor, press.at, on).await,
            Press::Joined => Ok(Answer::Instead(self.welcome(&visitor).await?)),
        }
    }

    /// What a person reads whose wish failed. What they can mend is said to them; the rest is for the log.
    async fn sorry(&self, failure: &Failure, from: &telegram::Person) -> String {
        let words = failure.words(unix_now());
        if failure.is_of_database() {
            error!(error = %failure, "Somebody could not be answered");
            return words.to_string_in(language_of(from));
        }
        let chosen = self.known(from.id).await.ok().flatten().and_then(|person| person.language);
        words.to_string_in(chosen.map_or_else(|| language_of(from), |tag| Language::of_tag(&tag)))
    }

    pub(super) async fn send(&self, to: Place, message: Outgoing) {
        was_sent(to, self.messages.send(to, &message).await);
    }

    async fn send_file(&self, to: Place, name: &str, content: &str, below: Outgoing) {
        let mut bytes = content.as_bytes();
        let (name, mime, size) = (name.to_owned(), "text/plain".to_owned(), bytes.len() as u64);
        let file = Upload { name, mime, size, content: &mut bytes };
        was_sent(to, self.messages.send_file(to, file, &below).await);
    }

    async fn replace(&self, at: MessageRef, message: Outgoing) {
        match self.messages.edit(at, &message).await {
            Ok(()) => {}
            // It was deleted meanwhile, or is older than Telegram lets bots edit.
            Err(telegram::Error::MessageGone) => self.send(at.place, message).await,
            Err(error) => warn!(%error, "A message could not be changed"),
        }
    }

    async fn settle(&self, press: PressId, answer: PressAnswer) {
        match self.messages.answer_press(press, &answer).await {
            // Pressed long ago, while this program was away.
            Ok(()) | Err(telegram::Error::Expired) => {}
            Err(error) => warn!(%error, "A button could not be answered"),
        }
    }
}

fn was_sent(to: Place, sent: Result<MessageRef, telegram::Error>) {
    match sent {
        Ok(_) => {}
        Err(telegram::Error::SentBefore) => debug!(?to, "An answer was sent before a restart"),
        Err(error) => warn!(%error, ?to, "An answer could not be sent"),
    }
}

/// Of their app, where it cannot be asked what they chose here.
fn language_of(person: &telegram::Person) -> Language {
    Language::of_tag(person.language.as_deref().unwrap_or_default())
}
