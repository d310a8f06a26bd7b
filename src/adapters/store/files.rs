//! Files that people gave to the bot, and the folders that they keep them in.

use super::Error;
use super::face::face;
use crate::domain::entry::EntryId;
use crate::domain::person::PersonId;
use crate::domain::shared::{Counted, FileId, Folder, FolderId, NewFile, Origin, Served, SharedFile, Terms};

face! {
    /// Files that people gave to the bot.
    Files / FilesBackend {
        async fn get(&self, id: FileId) -> Result<Option<SharedFile>, Error>;

        /// The file that a message made, while it is there.
        async fn of_message(&self, origin: &Origin) -> Result<Option<SharedFile>, Error>;

        /// Keeps a file under a number that nothing ever had. When its message made one already, that one is returned as it is.
        async fn add(&self, file: &NewFile) -> Result<SharedFile, Error>;

        /// A person's files, the newest first.
        async fn page(&self, query: &FilesQuery) -> Result<Vec<SharedFile>, Error>;

        /// Files of everybody whose number is above that one, by number.
        async fn above(&self, number: FileId, limit: u32) -> Result<Vec<SharedFile>, Error>;

        /// How many files a person has, and how many bytes they have together.
        async fn sum(&self, owner: PersonId) -> Result<FilesSum, Error>;

        /// How many files a person added since `since`, in unix seconds.
        async fn added_since(&self, owner: PersonId, since: i64) -> Result<u64, Error>;

        /// Changes one thing about a file and returns it as it is then. `None` when it is not there.
        async fn change(&self, id: FileId, change: &FileChange) -> Result<Option<SharedFile>, Error>;

        /// Adds to what went out of a file and returns it as it is then. `None` when it is not there.
        async fn count(&self, id: FileId, served: Served) -> Result<Option<SharedFile>, Error>;

        /// Forgets a file and returns what it was. Its message in Telegram is the caller's to delete.
        async fn remove(&self, id: FileId) -> Result<Option<SharedFile>, Error>;
    }
}

face! {
    /// Folders that people keep their files in.
    Folders / FoldersBackend {
        async fn get(&self, id: FolderId) -> Result<Option<Folder>, Error>;

        /// `None` when the person has a folder of that name there already, in whatever case.
        async fn add(&self, owner: PersonId, name: &str, parent: Option<FolderId>) -> Result<Option<Folder>, Error>;

        /// A person's folders in a folder, or at the top, by name.
        async fn list(&self, owner: PersonId, parent: Option<FolderId>) -> Result<Vec<Counted>, Error>;

        /// Writes a folder that is there. `false` when the person has another of that name there already.
        async fn put(&self, folder: &Folder) -> Result<bool, Error>;

        /// Removes a folder in which nothing lies. `false` when something does.
        async fn remove(&self, id: FolderId) -> Result<bool, Error>;
    }
}

/// Which of a person's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesQuery {
    pub owner: PersonId,
    pub place: Place,
    /// Words that all stand in the name. Empty: all files.
    pub search: String,
    pub skip: u32,
    pub limit: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Anywhere,
    /// Directly in this folder; `None` is the top.
    In(Option<FolderId>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FilesSum {
    pub files: u64,
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChange {
    Name(String),
    Folder(Option<FolderId>),
    Terms(Terms),
    Entry(Option<EntryId>),
}
