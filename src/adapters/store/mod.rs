//! Floor 2: the only place that knows the databases. Two backends behind one handle: SQLite in the data folder (the default)
//! and MongoDB (for several instances). One contract suite, `tests/store`, runs on both.
//!
//! The store is asked by subject: `store.people().add(..)`. Each subject has a face, a small handle, in a file of its own; the file
//! declares what can be asked, and both backends implement it in a file of the same name.
//!
//! What is stored, in both backends:
//!
//! | record | key | says |
//! | --- | --- | --- |
//! | title | our own number; unique by IMDb id and by (kind, TMDB id) | what the provider knows, and where it is filed in the catalog |
//! | word | itself | that a title of the catalog has it, or had |
//! | collection | the provider's number | what films belong to, as a film of it said last |
//! | entry | [`EntryId`](crate::domain::entry::EntryId) | one file, its [`Status`](crate::domain::entry::Status), whether it is visible |
//! | key frames | an entry | where they stand in its file, as a probe found them |
//! | volume | an entry like any other, that knows its set | one piece of a split file, or an archive |
//! | subtitles | a key of what they belong to + entry | which entries stand beside a title or a file instead of being one of it |
//! | shift | the entry's id, also when the entry is gone | by how much somebody moved subtitles |
//! | source | channel + message | which entry a Telegram message carries |
//! | passed over | channel + number of a block of messages | why each of them carries no file |
//! | channel | its id | watched or not |
//! | choice | the entry's id, also when the entry is gone | what a person decided of the file |
//! | rule | a number that is never given twice | what a person decided of all files that read alike |
//! | list | a number that is never given twice; unique by its name | which titles somebody put together, and for whom |
//! | person | a number that is never given twice | who may watch; a removed one stays as its number |
//! | session | the hash of what a browser keeps | who is signed in there, until when |
//! | file | a number that is never given twice; unique by the message it came with | what a person gave to the bot, and who may open its link |
//! | folder | a number; unique by its person, the folder around it and its name | where they keep it |
//! | invitation | the hash of its secret | who may come in, how many, until when |
//! | deed | the order of writing | what an admin did |
//! | job | its number | what is to be done, by whom it is done, how far it is, what it did |
//! | figure | day + name | what a day came to |
//! | usage | person + day; file; person + file | bytes sent, and how often |
//! | running | instance | what it sends now, for the others |
//! | watch | one | which instance watches the channels, until when, and how far it is |
//!
//! An entry is visible while one of its sources is in an active channel. Some entries have no message of their own: they are
//! made of volumes, exist and are visible while all of these are, and have their sources. Whenever a volume comes, goes,
//! appears, hides or changes, all of its set are pending again, and ingest records with [`Volumes::join`] what the set comes to
//! now. A title is filed under its catalog keys ([`crate::domain::catalog::keys`]) and findable by name while it has a visible
//! matched entry. Both facts are written when they change, so that no query has to work them out.
//!
//! `document` holds the stored forms, `search` the search by name, `page_ends` where catalog pages ended: the same for both
//! backends. `instance` is the small database of one running instance, `binding` ties it to the store.

mod answers;
mod audiences;
mod audit;
pub mod backup;
pub mod binding;
mod catalog;
mod changes;
mod channels;
mod choices;
mod codes;
mod collections;
mod document;
mod embedded;
mod entries;
mod error;
mod face;
pub mod files;
pub mod instance;
mod invitations;
mod jobs;
mod lists;
mod mongo;
mod page_ends;
mod passed_over;
mod people;
mod posts;
mod probes;
mod renditions;
mod review;
mod search;
mod sessions;
mod settings;
mod shared_document;
mod shown;
mod sign_in_links;
mod statistics;
mod subtitles;
mod titles;
mod usage;
mod volumes;
pub mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use embedded::Embedded;
use mongo::Mongo;

pub use answers::Answers;
pub use audit::Audit;
pub use catalog::Catalog;
pub use changes::{Changed, Changes};
pub use channels::Channels;
pub use choices::Choices;
pub use codes::Codes;
pub use collections::Collections;
pub use entries::Entries;
pub use error::Error;
pub use files::{Files, Folders};
pub use invitations::Invitations;
pub use jobs::{Ended, Held, Jobs};
pub use lists::Lists;
pub use passed_over::PassedOverPosts;
pub use people::{People, Taken};
pub use posts::Posts;
pub use probes::Probes;
pub use review::Review;
pub use sessions::Sessions;
pub use settings::Settings;
pub use sign_in_links::SignInLinks;
pub use statistics::{DayFigure, Statistics};
pub use subtitles::Subtitles;
pub use titles::Titles;
pub use usage::Usage;
pub use volumes::Volumes;
pub use watch::Watch;

/// The handle. Cheap to clone, as is every face.
#[derive(Clone)]
pub struct Store {
    backend: Arc<Backend>,
}

#[allow(clippy::large_enum_variant, reason = "there is one of them in a program, behind a pointer")]
enum Backend {
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

/// What [`Store::tidy`] found and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tidied {
    pub file_bytes: u64,
    /// Of these, what the next records will use.
    pub unused_bytes: u64,
    pub given_back_bytes: u64,
}

impl Store {
    /// Opens the store, makes it when it is not there, and upgrades it when an older version made it. Finishes what a
    /// crash left half done.
    pub async fn open(location: Database) -> Result<Self, Error> {
        let backend = match location {
            Database::Embedded { dir } => Backend::Embedded(Embedded::open(&dir).await?),
            Database::Mongo { uri } => Backend::Mongo(Mongo::open(&uri).await?),
        };
        Ok(Self { backend: Arc::new(backend) })
    }

    /// The same for a store that is there; `None`, and nothing is made, when there is none.
    pub async fn open_existing(location: Database) -> Result<Option<Self>, Error> {
        let is_there = match &location {
            Database::Embedded { dir } => embedded::is_in(dir),
            Database::Mongo { uri } => mongo::with_limit(Mongo::is_at(uri)).await?,
        };
        if is_there { Self::open(location).await.map(Some) } else { Ok(None) }
    }

    /// Returns when the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        match &*self.backend {
            Backend::Embedded(backend) => backend.ping().await,
            Backend::Mongo(backend) => mongo::with_limit(backend.ping()).await,
        }
    }

    /// Keeps the database's own files in order. `None` where the database does that itself.
    pub async fn tidy(&self) -> Result<Option<Tidied>, Error> {
        match &*self.backend {
            Backend::Embedded(backend) => backend.tidy().await.map(Some),
            Backend::Mongo(_) => Ok(None),
        }
    }

    /// Whether other instances may work with it as well.
    pub fn is_shared(&self) -> bool {
        matches!(*self.backend, Backend::Mongo(_))
    }

    /// How often it was asked or changed so far, by this process.
    pub fn calls(&self) -> u64 {
        face::calls()
    }

    pub fn posts(&self) -> Posts {
        Posts(Arc::clone(&self.backend))
    }

    pub fn passed_over(&self) -> PassedOverPosts {
        PassedOverPosts(Arc::clone(&self.backend))
    }

    pub fn entries(&self) -> Entries {
        Entries(Arc::clone(&self.backend))
    }

    pub fn probes(&self) -> Probes {
        Probes(Arc::clone(&self.backend))
    }

    pub fn volumes(&self) -> Volumes {
        Volumes(Arc::clone(&self.backend))
    }

    pub fn subtitles(&self) -> Subtitles {
        Subtitles(Arc::clone(&self.backend))
    }

    pub fn titles(&self) -> Titles {
        Titles(Arc::clone(&self.backend))
    }

    pub fn catalog(&self) -> Catalog {
        Catalog(Arc::clone(&self.backend))
    }

    pub fn collections(&self) -> Collections {
        Collections(Arc::clone(&self.backend))
    }

    pub fn lists(&self) -> Lists {
        Lists(Arc::clone(&self.backend))
    }

    pub fn review(&self) -> Review {
        Review(Arc::clone(&self.backend))
    }

    pub fn choices(&self) -> Choices {
        Choices(Arc::clone(&self.backend))
    }

    pub fn channels(&self) -> Channels {
        Channels(Arc::clone(&self.backend))
    }

    pub fn people(&self) -> People {
        People(Arc::clone(&self.backend))
    }

    pub fn sessions(&self) -> Sessions {
        Sessions(Arc::clone(&self.backend))
    }

    pub fn files(&self) -> Files {
        Files(Arc::clone(&self.backend))
    }

    pub fn folders(&self) -> Folders {
        Folders(Arc::clone(&self.backend))
    }

    pub fn sign_in_links(&self) -> SignInLinks {
        SignInLinks(Arc::clone(&self.backend))
    }

    pub fn codes(&self) -> Codes {
        Codes(Arc::clone(&self.backend))
    }

    pub fn invitations(&self) -> Invitations {
        Invitations(Arc::clone(&self.backend))
    }

    pub fn audit(&self) -> Audit {
        Audit(Arc::clone(&self.backend))
    }

    pub fn settings(&self) -> Settings {
        Settings(Arc::clone(&self.backend))
    }

    pub fn usage(&self) -> Usage {
        Usage(Arc::clone(&self.backend))
    }

    pub fn answers(&self) -> Answers {
        Answers(Arc::clone(&self.backend))
    }

    pub fn jobs(&self) -> Jobs {
        Jobs(Arc::clone(&self.backend))
    }

    pub fn statistics(&self) -> Statistics {
        Statistics(Arc::clone(&self.backend))
    }

    pub fn watch(&self) -> Watch {
        Watch(Arc::clone(&self.backend))
    }
}
