//! A file that somebody sends becomes a link; and the cards by which its owner changes what is to be changed.

use std::pin::pin;
use std::time::Duration;

use tracing::debug;

use super::Chat;
use super::attend::{Answer, Failure};
use super::press::{OnFile, Press};
use super::prompts::Question;
use super::visitor::Visitor;
use crate::adapters::telegram::{Button, Found, Message, MessageRef, Outgoing, Place};
use crate::domain::limits::Refusal;
use crate::domain::person::{Action, date};
use crate::domain::shared::{FileId, FileKind, FileType, KEPT_DAYS, SharedFile, Terms, Verdict};
use crate::flows::files::{self, Error, FilesQuery};
use crate::flows::limits::Asker;
use crate::protocols::stremio::stream::size;
use crate::texts::{Text, text};

/// Posts that `/link N` takes at most.
const MOST_LINKED: usize = 50;
/// A scanner that is quicker is not worth a word.
const SOON: Duration = Duration::from_secs(1);
/// Files on a page of a list.
pub(super) const PAGE: u32 = 8;
/// Telegram lets a button copy so many characters.
const COPIED: usize = 256;

impl Chat {
    /// A file came in private.
    pub(super) async fn receive(&self, visitor: &Visitor, message: &Message) -> Result<Answer, Failure> {
        if !visitor.may(Action::Upload) {
            return Ok(Answer::Message(visitor.tell(text("not-allowed"))));
        }
        let file = self.patiently(visitor, message.at.place, self.keep(visitor, &message.into())).await?;
        let card = self.card(visitor, &file).await?;
        Ok(Answer::Message(card.replying_to(message.at.message)))
    }

    /// Waits for files to be kept; a scanner may take long over them, and meanwhile that is said.
    async fn patiently<T>(&self, visitor: &Visitor, to: Place, keeping: impl Future<Output = T>) -> T {
        let mut keeping = pin!(keeping);
        if !self.files.scans() {
            return keeping.await;
        }
        if let Ok(kept) = tokio::time::timeout(SOON, &mut keeping).await {
            return kept;
        }
        let told = self.messages.send(to, &visitor.tell(text("file-scanning"))).await;
        let kept = keeping.await;
        if let Ok(note) = told
            && let Err(error) = self.messages.delete(note.place, &[note.message]).await
        {
            debug!(%error, "The note that a file is scanned stays");
        }
        kept
    }

    /// Keeps the file of a message, as far as this person's limits go. One that it made before costs nothing again.
    async fn keep(&self, visitor: &Visitor, message: &Found) -> Result<SharedFile, Failure> {
        let (owner, asker) = (visitor.person.id, Asker::of(&visitor.person));
        if let Some(file) = self.files.made_of(owner, message.at).await? {
            return Ok(file);
        }
        // What is not taken costs none of the day's links.
        self.files.would_take(message)?;
        let size = message.file.as_ref().map_or(0, |sent| sent.attachment.size);
        if let Some(most) = self.limits.largest_file(asker).filter(|most| size > *most) {
            return Err(Failure::Limited(Refusal::File { most }));
        }
        self.limits.take_link(asker, visitor.now).await?;
        Ok(self.files.keep(owner, message, Terms::default(), visitor.now).await?.file)
    }

    /// `/link` and `/link N`, in reply to the first of N messages.
    pub(super) async fn link(&self, visitor: &Visitor, message: &Message, rest: &str) -> Result<Answer, Failure> {
        let say = |words: Text| Ok(Answer::Message(visitor.tell(words)));
        let Some(first) = message.reply_to else { return say(text("link-how")) };
        let Some(count) = linked(rest) else { return say(text("link-how")) };
        let to = match message.at.place {
            Place::Group(group) => Place::Ephemeral { group, person: message.from.id },
            place => place,
        };
        let first = MessageRef { place: message.at.place, message: first };
        let messages = match self.messages.messages_from(first, count).await {
            Ok(messages) => messages,
            Err(error) => return Err(Error::from(error).into()),
        };
        let (links, refused) = self.patiently(visitor, to, self.keep_all(visitor, &messages)).await?;
        if let ([file], []) = (links.as_slice(), refused.as_slice()) {
            return Ok(Answer::Message(self.card(visitor, file).await?));
        }
        if links.is_empty() && refused.is_empty() {
            return say(text("link-no-files"));
        }
        let lines = [self.lines(&links), refused].concat();
        Ok(Answer::Message(lines.join("\n\n").into()))
    }

    /// The files of these messages, and why others are none.
    pub(super) async fn keep_all(
        &self,
        visitor: &Visitor,
        messages: &[Found],
    ) -> Result<(Vec<SharedFile>, Vec<String>), Failure> {
        let (mut links, mut refused) = (Vec::new(), Vec::new());
        for message in messages.iter().filter(|message| message.file.is_some()) {
            match self.keep(visitor, message).await {
                Ok(file) => links.push(file),
                Err(Failure::Files(Error::Database(error)) | Failure::Database(error)) => return Err(error.into()),
                Err(failure) => refused.push(visitor.say(failure.words(visitor.now))),
            }
        }
        Ok((links, refused))
    }

    /// A file with all that can be done with it.
    pub(super) async fn card(&self, visitor: &Visitor, file: &SharedFile) -> Result<Outgoing, Failure> {
        let path = self.files.path(visitor.person.id, file.folder).await?;
        let mut lines = vec![about(visitor, file)];
        if !path.is_empty() {
            let names: Vec<_> = path.iter().map(|folder| folder.name.as_str()).collect();
            lines.push(visitor.say(text("file-in-folder").with("path", names.join(" / "))));
        }
        lines.extend(terms(visitor, file));
        let address = self.address(file);
        lines.push(String::new());
        lines.push(address.clone());
        let on = |what| Press::File(file.id, what);
        let page = self.addresses.shared(&self.files.link(file)).to_string();
        let mut message = Outgoing::from(visitor.headed(&file.name, lines.join("\n") + &self.reach(visitor)));
        let mut open = vec![Button::open(visitor.say(text("button-download")), format!("{page}?save=1"))];
        if file.content.kind.plays() {
            open.push(Button::open(visitor.say(text("button-play")), page.clone()));
            open.push(Button::open(visitor.say(text("button-players")), format!("{page}#players")));
        }
        message = message.row(open).row(self.in_web_player(visitor, file));
        if page.len() <= COPIED {
            message = message.row([Button::copy(visitor.say(text("button-copy")), page)]);
        }
        message = message
            .row([
                visitor.button(text("button-rename"), on(OnFile::Rename)),
                visitor.button(text("button-move"), on(OnFile::Choose(None))),
            ])
            .row([
                visitor.button(text("button-expiry"), on(OnFile::Expiry)),
                visitor.button(text("button-limits"), on(OnFile::Limits)),
            ]);
        if file.content.kind == FileKind::Video && file.entry.is_none() && visitor.may(Action::Operate) {
            message = message.row([visitor.button(text("button-library"), on(OnFile::IntoLibrary))]);
        }
        Ok(message.row([visitor.button(text("button-delete"), on(OnFile::Delete))]))
    }

    /// A button that plays it in the owner's web player. Not where a password is asked for: that player cannot give any.
    fn in_web_player(&self, visitor: &Visitor, file: &SharedFile) -> Option<Button> {
        let player = self.web_player.as_ref().filter(|_| file.content.kind.plays() && file.terms.password.is_none())?;
        let stream = self.addresses.shared_file(&self.files.link(file), &file.name);
        let label = visitor.say(text("button-web-player").with("player", player.host()));
        Some(Button::open(label, player.href(&stream)))
    }

    /// Each file's name and link.
    pub(super) fn lines(&self, files: &[SharedFile]) -> Vec<String> {
        files.iter().map(|file| format!("{}\n{}", file.name, self.address(file))).collect()
    }

    /// Where the file's page is.
    pub(super) fn address(&self, file: &SharedFile) -> String {
        self.addresses.shared(&self.files.link(file)).to_string()
    }

    pub(super) async fn on_file(&self, visitor: &Visitor, id: FileId, on: OnFile) -> Result<Answer, Failure> {
        let owner = visitor.person.id;
        let changed = match on {
            OnFile::Card => self.files.file(owner, id).await?,
            OnFile::Rename => return self.ask(visitor, id, Question::NameOfFile(id), text("file-new-name")).await,
            OnFile::Password => return self.ask(visitor, id, Question::Password(id), text("file-new-password")).await,
            OnFile::Choose(folder) => return self.choose_folder(visitor, id, folder).await.map(Answer::Instead),
            OnFile::MoveTo(folder) => self.files.move_to(owner, id, folder).await?,
            OnFile::Expiry => return self.expiry_menu(visitor, id).await,
            OnFile::ExpireIn(hours) => {
                let end = (hours > 0).then(|| visitor.now + i64::from(hours) * 3600);
                self.files.set_expiry(owner, id, end).await?
            }
            OnFile::Limits => return self.limits_menu(visitor, id).await,
            OnFile::Downloads(most) => self.files.set_most_downloads(owner, id, (most > 0).then_some(most)).await?,
            OnFile::NoPassword => self.files.set_password(owner, id, None).await?,
            OnFile::NewLink => self.files.renew_link(owner, id).await?,
            OnFile::IntoLibrary => return self.put_into_library(visitor, id).await,
            OnFile::Delete => return self.delete_menu(visitor, id).await,
            OnFile::DeleteNow => {
                let file = self.files.delete(owner, id).await?;
                return Ok(Answer::Instead(visitor.tell(text("file-deleted").with("name", file.name))));
            }
        };
        Ok(Answer::Instead(self.card(visitor, &changed).await?))
    }

    /// Asks for words; the file must be theirs.
    async fn ask(&self, visitor: &Visitor, id: FileId, question: Question, words: Text) -> Result<Answer, Failure> {
        let file = self.files.file(visitor.person.id, id).await?;
        self.prompts.ask(visitor.person.id, question, visitor.now);
        Ok(Answer::Message(visitor.tell(words.with("name", file.name))))
    }

    /// Words that answer a question.
    pub(super) async fn answered(&self, visitor: &Visitor, question: Question, words: &str) -> Result<Answer, Failure> {
        let owner = visitor.person.id;
        let file = match question {
            Question::NameOfFile(id) => self.files.rename(owner, id, words).await?,
            Question::Password(id) => self.files.set_password(owner, id, Some(words)).await?,
            Question::NewFolder(parent) => return self.new_folder(visitor, parent, words).await.map(Answer::Message),
            Question::NameOfFolder(id) => return self.rename_folder(visitor, id, words).await.map(Answer::Message),
        };
        Ok(Answer::Message(self.card(visitor, &file).await?))
    }

    async fn expiry_menu(&self, visitor: &Visitor, id: FileId) -> Result<Answer, Failure> {
        let file = self.files.file(visitor.person.id, id).await?;
        let choose = |words, hours| visitor.button(words, Press::File(id, OnFile::ExpireIn(hours)));
        let days = |count: u64| choose(text("in-days").with("count", count), count as u32 * 24);
        let message = Outgoing::from(
            visitor.headed(&file.name, visitor.say(text("file-expiry").with("days", u64::from(KEPT_DAYS)))),
        )
        .row([choose(text("in-hours").with("count", 1), 1), days(1), days(7), days(30)])
        .row([choose(text("never"), 0), back(visitor, id)]);
        Ok(Answer::Instead(message))
    }

    async fn limits_menu(&self, visitor: &Visitor, id: FileId) -> Result<Answer, Failure> {
        let file = self.files.file(visitor.person.id, id).await?;
        let choose = |most: u32| Button::press(most.to_string(), Press::File(id, OnFile::Downloads(most)).data());
        let on = |what| Press::File(id, what);
        let password = match file.terms.password {
            Some(_) => visitor.button(text("button-no-password"), on(OnFile::NoPassword)),
            None => visitor.button(text("button-password"), on(OnFile::Password)),
        };
        let message = Outgoing::from(visitor.headed(&file.name, visitor.say(text("file-limits"))))
            .row([choose(1), choose(5), choose(20), visitor.button(text("as-often"), on(OnFile::Downloads(0)))])
            .row([password])
            .row([visitor.button(text("button-new-link"), on(OnFile::NewLink)), back(visitor, id)]);
        Ok(Answer::Instead(message))
    }

    async fn delete_menu(&self, visitor: &Visitor, id: FileId) -> Result<Answer, Failure> {
        let file = self.files.file(visitor.person.id, id).await?;
        let now = visitor.button(text("button-delete-now"), Press::File(id, OnFile::DeleteNow));
        let message = Outgoing::from(visitor.headed(&file.name, visitor.say(text("file-delete"))));
        Ok(Answer::Instead(message.row([now, back(visitor, id)])))
    }

    async fn put_into_library(&self, visitor: &Visitor, id: FileId) -> Result<Answer, Failure> {
        if !visitor.may(Action::Operate) {
            return Ok(Answer::Toast(visitor.say(text("not-allowed"))));
        }
        let channels = self.channels.all().await?;
        let Some(channel) = channels.iter().find(|channel| channel.active) else {
            return Ok(Answer::Message(visitor.tell(text("library-no-channel"))));
        };
        self.files.put_into_library(visitor.person.id, id, channel.chat).await?;
        let file = self.files.file(visitor.person.id, id).await?;
        let below = self.card(visitor, &file).await?;
        Ok(Answer::Instead(Outgoing { text: visitor.headed(&file.name, visitor.say(text("library-coming"))), ..below }))
    }

    /// `/myfiles`, or `/myfiles words`.
    pub(super) async fn my_files(&self, visitor: &Visitor, words: &str) -> Result<Outgoing, Failure> {
        if words.is_empty() {
            return self.show_folder(visitor, None, 0).await;
        }
        let query = FilesQuery {
            owner: visitor.person.id,
            place: files::Place::Anywhere,
            search: words.to_owned(),
            skip: 0,
            limit: PAGE * 3,
        };
        let found = self.files.page(&query).await?;
        if found.is_empty() {
            return Ok(visitor.tell(text("files-not-found").with("words", words)));
        }
        let message = visitor.tell(text("files-found").with("count", found.len() as u64));
        Ok(message.column(found.iter().map(file_button)))
    }

    /// `/file 12`
    pub(super) async fn file_by_number(&self, visitor: &Visitor, rest: &str) -> Result<Outgoing, Failure> {
        let Ok(number) = rest.trim_start_matches('#').parse() else { return Ok(visitor.tell(text("file-how"))) };
        let file = self.files.file(visitor.person.id, FileId(number)).await?;
        self.card(visitor, &file).await
    }

    /// `/rename new name` in reply to the file, or `/rename 12 new name`.
    pub(super) async fn rename_by_words(
        &self,
        visitor: &Visitor,
        message: &Message,
        rest: &str,
    ) -> Result<Outgoing, Failure> {
        let (file, name) = match self.meant(visitor, message).await? {
            Some(file) => (file, rest),
            None => match rest.split_once(' ').and_then(|(number, name)| Some((number.parse().ok()?, name))) {
                Some((number, name)) => (self.files.file(visitor.person.id, FileId(number)).await?, name),
                None => return Ok(visitor.tell(text("rename-how"))),
            },
        };
        let file = self.files.rename(visitor.person.id, file.id, name).await?;
        self.card(visitor, &file).await
    }

    /// `/delete` in reply to the file, or `/delete 12`; asks before it does.
    pub(super) async fn delete_by_words(
        &self,
        visitor: &Visitor,
        message: &Message,
        rest: &str,
    ) -> Result<Outgoing, Failure> {
        let file = match (self.meant(visitor, message).await?, rest.parse()) {
            (Some(file), _) => file,
            (None, Ok(number)) => self.files.file(visitor.person.id, FileId(number)).await?,
            (None, Err(_)) => return Ok(visitor.tell(text("delete-how"))),
        };
        match self.delete_menu(visitor, file.id).await? {
            Answer::Instead(message) | Answer::Message(message) => Ok(message),
            Answer::Toast(words) => Ok(words.into()),
            Answer::File { below, .. } => Ok(below),
            Answer::Nothing => Ok(Outgoing::default()),
        }
    }

    /// The file that a message answers.
    async fn meant(&self, visitor: &Visitor, message: &Message) -> Result<Option<SharedFile>, Failure> {
        let Some(answers) = message.reply_to else { return Ok(None) };
        let at = MessageRef { place: message.at.place, message: answers };
        Ok(self.files.made_of(visitor.person.id, at).await?)
    }
}

/// How many posts `/link` and `/link N` mean.
pub(super) fn linked(rest: &str) -> Option<usize> {
    match rest {
        "" => Some(1),
        digits => digits.parse().ok().filter(|count| (1..=MOST_LINKED).contains(count)),
    }
}

/// `1.40 GB · video · 1 h 30 min · no. 12`
fn about(visitor: &Visitor, file: &SharedFile) -> String {
    let mut words = vec![size(file.content.size()), visitor.say(kind(file.content.kind))];
    if let Some(secs) = file.content.duration_secs {
        words.push(duration(secs));
    }
    words.push(visitor.say(text("file-number").with("number", file.id.to_string())));
    words.join(" · ")
}

/// `1:30:05`, `4:07`
fn duration(secs: u32) -> String {
    let (hours, minutes, secs) = (secs / 3600, secs / 60 % 60, secs % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{secs:02}") } else { format!("{minutes}:{secs:02}") }
}

/// What the link's terms are, as far as they are more than none.
fn terms(visitor: &Visitor, file: &SharedFile) -> Vec<String> {
    let Terms { expires, password, downloads, .. } = &file.terms;
    let end = expires.map(|end| match end > visitor.now {
        true => text("file-ends").with("when", date(end)),
        false => text("file-ended").with("when", date(file.terms.deleted_at().unwrap_or(end))),
    });
    let limit = downloads.map(|limit| text("file-most").with("count", u64::from(limit.most)));
    let password = password.is_some().then(|| text("file-has-password"));
    let served = file.served;
    let counted = (served.downloads + served.streams > 0)
        .then(|| text("file-served").with("downloads", served.downloads).with("streams", served.streams));
    let scanned = file.content.scanned.as_ref().map(|scanned| match scanned.verdict {
        Verdict::Clean => text("file-is-clean"),
        Verdict::Unknown => text("file-is-unscanned"),
    });
    [scanned, end, limit, password, counted].into_iter().flatten().map(|words| visitor.say(words)).collect()
}

fn kind(kind: FileKind) -> Text {
    match kind {
        FileKind::Video => text("kind-video"),
        FileKind::Animation => text("kind-animation"),
        FileKind::Audio => text("kind-audio"),
        FileKind::Voice => text("kind-voice"),
        FileKind::Photo => text("kind-photo"),
        FileKind::Document => text("kind-document"),
    }
}

fn back(visitor: &Visitor, id: FileId) -> Button {
    visitor.button(text("button-back"), Press::File(id, OnFile::Card))
}

pub(super) fn file_button(file: &SharedFile) -> Button {
    let mark = match file.content.kind {
        FileKind::Video | FileKind::Animation => "🎬",
        FileKind::Audio | FileKind::Voice => "🎵",
        FileKind::Photo => "🖼",
        FileKind::Document => "📄",
    };
    let name: String = file.name.chars().take(60).collect();
    Button::press(format!("{mark} {name} · {}", size(file.content.size())), Press::File(file.id, OnFile::Card).data())
}

/// Why something cannot be done with a file, and what to do.
pub(super) fn why_not(error: &Error) -> Text {
    match error {
        Error::NoStorage => text("no-storage"),
        Error::NoFile => text("link-no-files"),
        Error::Protected => text("file-protected"),
        Error::TypeRefused(FileType::Kind(refused)) => text("file-type-refused").with("type", kind(*refused)),
        Error::TypeRefused(FileType::Ending(ending)) => text("file-type-refused").with("type", ending.as_str()),
        Error::ScanRefused(why) if why.is_empty() => text("file-scan-refused"),
        Error::ScanRefused(why) => text("file-scan-refused-because").with("why", why.as_str()),
        Error::NotScanned => text("file-not-scanned"),
        Error::Gone => text("file-message-gone"),
        Error::StorageShut(_) => text("storage-shut"),
        Error::NoSuchFile => text("no-such-file"),
        Error::NoSuchFolder => text("no-such-folder"),
        Error::NameTaken(name) => text("folder-taken").with("name", name.as_str()),
        Error::NotEmpty => text("folder-not-empty"),
        Error::TooDeep => text("folder-too-deep"),
        Error::InItself => text("folder-in-itself"),
        Error::Name(_) => text("name-bad"),
        Error::Password(_) => text("password-bad"),
        Error::Telegram(_) => text("telegram-failed"),
        Error::Database(_) => text("no-database"),
    }
}
