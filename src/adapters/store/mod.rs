//! Floor 2: the only place that knows the databases. Two homes behind one handle: SQLite in the data folder (the
//! default) and MongoDB (for several instances). One contract suite, `tests/store.rs`, runs on both.
//!
//! What is stored, in both homes:
//!
//! | record | key | says |
//! | --- | --- | --- |
//! | title | our own number; unique by IMDb id and by (kind, TMDB id) | what the provider knows, and where it stands in the catalog |
//! | entry | [`EntryId`] | one file, its [`Status`], whether it is visible |
//! | volume | an entry like any other, that knows its set | one piece of a split file, or an archive |
//! | source | channel + message | which entry a Telegram message carries |
//! | channel | its id | watched or not |
//! | person | a number that is never given twice | who may watch; a removed one stays as its number |
//! | session | the hash of what a browser keeps | who is signed in there, until when |
//!
//! An entry is visible while one of its sources is in an active channel. Some entries have no message of their own: they are
//! made of volumes, live and are seen while all of these do, and have their sources. Whenever a volume comes, goes, appears,
//! hides or changes, all of its set are pending again, and ingest says with [`Store::join`] what the set comes to now. A title is filed under its catalog keys
//! ([`crate::domain::catalog::keys`]) and findable by name while it has a visible matched entry. Both facts are written
//! down when they change, so that no question has to work them out.

pub mod bond;
mod document;
mod embedded;
pub mod instance;
mod marks;
mod mongo;
mod search;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::access::SecretHash;
use crate::domain::catalog::{Counts, Query};
use crate::domain::channel::Channel;
use crate::domain::entry::{Entry, EntryId, Recorded, SeriesPart, Source, Status};
use crate::domain::person::{Person, PersonId, Session};
use crate::domain::post::{ChatId, PostRef};
use crate::domain::review::{ReviewPage, ReviewQuery};
use crate::domain::text;
use crate::domain::title::{Kind, MetaId, Title, TitleId};
use crate::domain::volumes::Joined;

use embedded::Embedded;
use mongo::Mongo;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    home: Arc<Home>,
}

enum Home {
    Embedded(Embedded),
    Mongo(Mongo),
}

/// Where a store lives.
#[derive(Clone, Debug)]
pub enum Database {
    /// SQLite, `cinepost.db` in this folder, which is made when it is not there.
    Embedded { dir: PathBuf },
    /// MongoDB; the database's name is in the URI, `cinepost` when it is not.
    Mongo { uri: String },
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached now: try again later, nothing was lost.
    #[error("the database cannot be reached: {0}")]
    // Not as a source: a printed chain would say it twice.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
    /// It answered, and the answer cannot be worked with.
    #[error("the database failed: {0}")]
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

/// What [`Error::Broken`] holds when a file of ours cannot be read any more.
#[derive(Debug)]
struct Damaged {
    file: Option<PathBuf>,
    detail: String,
}

impl std::error::Error for Damaged {}

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(file) = &self.file else { return write!(f, "its file is damaged: {}", self.detail) };
        write!(f, "{} is damaged ({}). ", file.display(), self.detail)?;
        f.write_str("Stop the program and restore the file from a backup, or move it away: ")?;
        f.write_str(match file.ends_with(instance::FILE) {
            true => "the bots sign in anew then, and nothing else is lost",
            false => "the library is read again from the channels then; people and what the owner set are lost",
        })
    }
}

impl Error {
    fn unavailable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(why.into())
    }

    fn broken(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Broken(why.into())
    }

    fn damaged(detail: impl Into<String>) -> Self {
        Self::broken(Damaged { file: None, detail: detail.into() })
    }

    /// Says of a damaged file which one it is.
    fn in_file(mut self, path: &Path) -> Self {
        if let Self::Broken(why) = &mut self
            && let Some(damaged) = why.downcast_mut::<Damaged>()
        {
            damaged.file = Some(path.to_owned());
        }
        self
    }
}

/// Hands a question to the home that this store lives in.
macro_rules! ask {
    ($store:ident.$question:ident($($arg:expr),*)) => {
        match &*$store.home {
            Home::Embedded(home) => home.$question($($arg),*).await,
            Home::Mongo(home) => mongo::patiently(home.$question($($arg),*)).await,
        }
    };
}

impl Store {
    /// Opens the store, makes it when it is not there, and upgrades it when an older version made it. Finishes what a
    /// crash left half done.
    pub async fn open(location: Database) -> Result<Self, Error> {
        let home = match location {
            Database::Embedded { dir } => Home::Embedded(Embedded::open(&dir).await?),
            Database::Mongo { uri } => Home::Mongo(Mongo::open(&uri).await?),
        };
        Ok(Self { home: Arc::new(home) })
    }

    /// The same for a store that is there; `None`, and nothing is made, when there is none.
    pub async fn open_existing(location: Database) -> Result<Option<Self>, Error> {
        let is_there = match &location {
            Database::Embedded { dir } => embedded::is_in(dir),
            Database::Mongo { uri } => mongo::patiently(Mongo::is_at(uri)).await?,
        };
        if is_there { Self::open(location).await.map(Some) } else { Ok(None) }
    }

    // --- ingest -------------------------------------------------------------------------------------------------

    /// Records messages and their entries in one transaction, in order; safe to repeat. An entry that is new, or whose
    /// name or caption differs from what is stored and whose source is the newest of the entry, is stored with
    /// `Status::fresh()` and a raised revision. A message that pointed to another entry before (its file was replaced) leaves
    /// that entry. Answers per post, in order.
    pub async fn add_posts(&self, posts: &[(Source, Entry)]) -> Result<Vec<Recorded>, Error> {
        ask!(self.add_posts(posts))
    }

    /// Forgets messages. An entry without any message left is removed, and a title without any visible entry leaves the
    /// catalog. Answers the entries that were removed.
    pub async fn remove_posts(&self, posts: &[PostRef]) -> Result<Vec<EntryId>, Error> {
        ask!(self.remove_posts(posts))
    }

    /// Visible entries waiting for a match whose `retry_at` is not after `now` (unix seconds), oldest post first.
    pub async fn pending(&self, now: i64, limit: u32) -> Result<Vec<Entry>, Error> {
        ask!(self.pending(now, limit))
    }

    /// Gives an entry its new status, unless its revision is no longer `revision` (it was edited meanwhile): then nothing
    /// changes and the answer is false. Keeps the catalog's pages true.
    pub async fn settle(&self, entry: EntryId, revision: u32, status: &Status) -> Result<bool, Error> {
        ask!(self.settle(entry, revision, status))
    }

    /// Puts entries back to pending at once: those that wait for a provider (what its return does), or with `only` that
    /// entry alone, whatever kept it from its match, a person's "ignore" included (what "try again" does:
    /// [`Status::tried_again`]). Answers how many.
    pub async fn retry(&self, only: Option<EntryId>, now: i64) -> Result<u64, Error> {
        ask!(self.retry(only, now))
    }

    /// Lists a visible entry nowhere from now on ([`Status::ignored`]), whatever is being found out about it. Answers whether
    /// that changed anything.
    pub async fn ignore(&self, entry: EntryId) -> Result<bool, Error> {
        ask!(self.ignore(entry))
    }

    /// The visible volumes of a set ([`crate::domain::volumes::VolumeName::set`]) with their sources in active channels.
    pub async fn volumes(&self, set: &str) -> Result<Vec<(Entry, Vec<Source>)>, Error> {
        ask!(self.volumes(set))
    }

    /// Settles the volumes of a set together. The entries made of them are new and pending, or stay as they are when
    /// nothing about them changed; those made of them before and not now are removed. Answers false, and volumes that
    /// changed stay pending, when the set's visible volumes or their revisions are no longer those of `joined`.
    pub async fn join(&self, set: &str, joined: &Joined) -> Result<bool, Error> {
        ask!(self.join(set, joined))
    }

    // --- titles -------------------------------------------------------------------------------------------------

    /// Inserts or updates by IMDb id or (kind, TMDB id), whichever is known already; a title known by one id and given
    /// with both is the same title. Concurrent calls with one title give one id.
    pub async fn put_title(&self, title: &Title) -> Result<TitleId, Error> {
        ask!(self.put_title(title))
    }

    pub async fn title(&self, id: TitleId) -> Result<Option<Title>, Error> {
        ask!(self.title(id))
    }

    pub async fn find_title(&self, kind: Kind, id: MetaId) -> Result<Option<(TitleId, Title)>, Error> {
        ask!(self.find_title(kind, id))
    }

    // --- questions ----------------------------------------------------------------------------------------------

    /// One page of titles that have a visible entry, without their episodes. Costs the same at ten titles and at ten
    /// million, also far down (`skip` is remembered as a key to go on from).
    pub async fn page(&self, query: &Query) -> Result<Vec<Title>, Error> {
        ask!(self.page(query))
    }

    /// Titles that have a visible entry by name, without their episodes: translated names, part words and a typo
    /// included; best first.
    pub async fn search(&self, kind: Kind, text: &str, skip: u32, limit: u32) -> Result<Vec<Title>, Error> {
        ask!(self.search(kind, text, skip, limit))
    }

    /// Visible entries of a title, unordered: a film's all, or those holding the episode (its season's packs included).
    pub async fn entries_of(&self, title: TitleId, episode: Option<(u16, u16)>) -> Result<Vec<Entry>, Error> {
        ask!(self.entries_of(title, episode))
    }

    /// Which episodes and packs of a series have a visible entry.
    pub async fn places_of(&self, title: TitleId) -> Result<Vec<SeriesPart>, Error> {
        ask!(self.places_of(title))
    }

    /// Visible entries that are not matched but playable (videos), newest first; `search` looks into names and captions.
    pub async fn unmatched(&self, search: Option<&str>, skip: u32, limit: u32) -> Result<Vec<Entry>, Error> {
        ask!(self.unmatched(search, skip, limit))
    }

    /// A page of the review list with all that is shown of it.
    pub async fn review(&self, query: &ReviewQuery) -> Result<ReviewPage, Error> {
        ask!(self.review(query))
    }

    /// An entry, visible or not.
    pub async fn entry(&self, id: EntryId) -> Result<Option<Entry>, Error> {
        ask!(self.entry(id))
    }

    /// The messages of an entry or of the volumes that it is made of, those in active channels only, newest first.
    pub async fn sources(&self, id: EntryId) -> Result<Vec<Source>, Error> {
        ask!(self.sources(id))
    }

    pub async fn counts(&self) -> Result<Counts, Error> {
        ask!(self.counts())
    }

    // --- channels -----------------------------------------------------------------------------------------------

    /// All channels ever watched.
    pub async fn channels(&self) -> Result<Vec<Channel>, Error> {
        ask!(self.channels())
    }

    /// Adds the channels on the first start ever; does nothing once any channel was stored.
    pub async fn seed_channels(&self, chats: &[ChatId]) -> Result<(), Error> {
        ask!(self.seed_channels(chats))
    }

    /// Watches or stops watching a channel; its entries appear or are hidden with it. Answers whether that changed anything.
    pub async fn set_channel(&self, chat: ChatId, active: bool) -> Result<bool, Error> {
        // Takes as long as the channel is large, so MongoDB's part watches over its steps itself.
        match &*self.home {
            Home::Embedded(home) => home.set_channel(chat, active).await,
            Home::Mongo(home) => home.set_channel(chat, active).await,
        }
    }

    pub async fn name_channel(&self, chat: ChatId, title: &str) -> Result<(), Error> {
        let title = text::line(title, text::NAME);
        ask!(self.name_channel(chat, &title))
    }

    // --- people, settings, answers ------------------------------------------------------------------------------

    /// A person, removed or not.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, Error> {
        ask!(self.person(id))
    }

    /// Everybody who was not removed, by id.
    pub async fn people(&self) -> Result<Vec<Person>, Error> {
        ask!(self.people())
    }

    /// Adds somebody with an id that nobody ever had. `None` when somebody has the name already, in whatever case.
    pub async fn add_person(&self, name: &str, now: i64) -> Result<Option<Person>, Error> {
        ask!(self.add_person(name, now))
    }

    pub async fn put_person(&self, person: &Person) -> Result<(), Error> {
        let person = Person { name: text::line(&person.name, text::NAME), ..person.clone() };
        ask!(self.put_person(&person))
    }

    /// Keeps a session, and may forget those that were over when it began.
    pub async fn put_session(&self, session: &Session) -> Result<(), Error> {
        ask!(self.put_session(session))
    }

    /// A session by its id, over or not.
    pub async fn session(&self, id: SecretHash) -> Result<Option<Session>, Error> {
        ask!(self.session(id))
    }

    /// Sessions that end after `now`, the one seen last first.
    pub async fn sessions(&self, now: i64) -> Result<Vec<Session>, Error> {
        ask!(self.sessions(now))
    }

    /// Notes when a session was used.
    pub async fn see_session(&self, id: SecretHash, seen: i64) -> Result<(), Error> {
        ask!(self.see_session(id, seen))
    }

    /// Ends a session. Answers whether it was there.
    pub async fn remove_session(&self, id: SecretHash) -> Result<bool, Error> {
        ask!(self.remove_session(id))
    }

    pub async fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        ask!(self.setting(key))
    }

    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), Error> {
        ask!(self.set_setting(key, value))
    }

    /// The setting, which gets this value when it has none: of several who come first at once all are answered the same.
    pub async fn setting_or(&self, key: &str, first: &str) -> Result<String, Error> {
        ask!(self.setting_or(key, first))
    }

    /// Keeps a one-time ticket (its hash, never itself) until `expires` (unix seconds).
    pub async fn put_ticket(&self, hash: SecretHash, expires: i64) -> Result<(), Error> {
        ask!(self.put_ticket(hash, expires))
    }

    /// Whether the ticket is there and not expired, without using it up.
    pub async fn has_ticket(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        ask!(self.has_ticket(hash, now))
    }

    /// Uses a ticket up: true for exactly one caller, before it expires.
    pub async fn take_ticket(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        ask!(self.take_ticket(hash, now))
    }

    /// A provider's answer kept earlier, unless it expired at or before `now` (unix seconds).
    pub async fn answer(&self, key: &str, now: i64) -> Result<Option<String>, Error> {
        ask!(self.answer(key, now))
    }

    pub async fn keep_answer(&self, key: &str, value: &str, expires: i64) -> Result<(), Error> {
        ask!(self.keep_answer(key, value, expires))
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<(), Error> {
        ask!(self.ping())
    }
}
