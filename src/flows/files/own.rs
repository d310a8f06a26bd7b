//! What people do with their own files and folders. Whoever names another's is told that there is none.

use tracing::warn;

use super::{Error, Files};
use crate::adapters::store::files::{FileChange, FilesQuery, FilesSum};
use crate::adapters::telegram;
use crate::domain::entry::EntryId;
use crate::domain::person::PersonId;
use crate::domain::post::{ChatId, PostRef};
use crate::domain::shared::{self, Counted, DEEPEST, FileId, Folder, FolderId, SharedFile};

impl Files {
    /// A file of this person's.
    pub async fn file(&self, owner: PersonId, id: FileId) -> Result<SharedFile, Error> {
        let file = self.store.files().get(id).await?;
        file.filter(|file| file.owner == owner).ok_or(Error::NoSuchFile)
    }

    /// Files of the query's owner, the newest first.
    pub async fn page(&self, query: &FilesQuery) -> Result<Vec<SharedFile>, Error> {
        Ok(self.store.files().page(query).await?)
    }

    pub async fn sum(&self, owner: PersonId) -> Result<FilesSum, Error> {
        Ok(self.store.files().sum(owner).await?)
    }

    /// How many files this person added since `since`, in unix seconds.
    pub async fn added_since(&self, owner: PersonId, since: i64) -> Result<u64, Error> {
        Ok(self.store.files().added_since(owner, since).await?)
    }

    /// Calls a file otherwise; it keeps its ending. Its link stays.
    pub async fn rename(&self, owner: PersonId, id: FileId, name: &str) -> Result<SharedFile, Error> {
        let file = self.file(owner, id).await?;
        let name = shared::file_name(name, &file.name)?;
        // Or an ending that is not taken would come in under another. One that came before the owner said so may go on.
        if self.admit(file.content.kind, &file.name).is_ok() {
            self.admit(file.content.kind, &name)?;
        }
        self.changed(id, FileChange::Name(name)).await
    }

    /// Lays a file into a folder, or at the top.
    pub async fn move_to(&self, owner: PersonId, id: FileId, folder: Option<FolderId>) -> Result<SharedFile, Error> {
        self.file(owner, id).await?;
        if let Some(folder) = folder {
            self.folder(owner, folder).await?;
        }
        self.changed(id, FileChange::Folder(folder)).await
    }

    /// Forgets a file and deletes its copy in the storage channel. Its link ends first, whatever Telegram does then.
    pub async fn delete(&self, owner: PersonId, id: FileId) -> Result<SharedFile, Error> {
        self.file(owner, id).await?;
        let file = self.store.files().remove(id).await?.ok_or(Error::NoSuchFile)?;
        self.discard(file.stored).await;
        Ok(file)
    }

    /// Deletes a copy in the storage channel that no record needs.
    pub(super) async fn discard(&self, stored: PostRef) {
        let place = telegram::Place::Group(stored.chat);
        if let Err(error) = self.messages.delete(place, &[stored.message]).await {
            warn!(%error, at = %stored, "A copy in the storage channel is not needed, and could not be deleted");
        }
    }

    /// Copies a film into a watched channel, from where it comes into the library as every post does. Returns the entry that it
    /// will be.
    pub async fn put_into_library(&self, owner: PersonId, id: FileId, channel: ChatId) -> Result<EntryId, Error> {
        let file = self.file(owner, id).await?;
        let from = telegram::Place::Group(file.stored.chat);
        let copies = self.messages.copy(from, &[file.stored.message], channel).await?;
        copies.into_iter().flatten().next().ok_or(Error::Gone)?;
        let entry = EntryId::from_documents(&[file.content.volume.document]);
        self.changed(id, FileChange::Entry(Some(entry))).await?;
        Ok(entry)
    }

    async fn changed(&self, id: FileId, change: FileChange) -> Result<SharedFile, Error> {
        self.store.files().change(id, &change).await?.ok_or(Error::NoSuchFile)
    }

    /// A folder of this person's.
    pub async fn folder(&self, owner: PersonId, id: FolderId) -> Result<Folder, Error> {
        let folder = self.store.folders().get(id).await?;
        folder.filter(|folder| folder.owner == owner).ok_or(Error::NoSuchFolder)
    }

    /// What lies in a folder, or at the top, by name.
    pub async fn folders(&self, owner: PersonId, parent: Option<FolderId>) -> Result<Vec<Counted>, Error> {
        Ok(self.store.folders().list(owner, parent).await?)
    }

    pub async fn new_folder(&self, owner: PersonId, name: &str, parent: Option<FolderId>) -> Result<Folder, Error> {
        let name = shared::folder_name(name)?;
        if self.path(owner, parent).await?.len() >= DEEPEST {
            return Err(Error::TooDeep);
        }
        self.store.folders().add(owner, &name, parent).await?.ok_or(Error::NameTaken(name))
    }

    pub async fn rename_folder(&self, owner: PersonId, id: FolderId, name: &str) -> Result<Folder, Error> {
        let name = shared::folder_name(name)?;
        let folder = Folder { name, ..self.folder(owner, id).await? };
        self.put_folder(folder).await
    }

    /// Lays a folder with all that is in it into another, or at the top.
    pub async fn move_folder(&self, owner: PersonId, id: FolderId, parent: Option<FolderId>) -> Result<Folder, Error> {
        let folder = self.folder(owner, id).await?;
        let path = self.path(owner, parent).await?;
        if path.iter().any(|around| around.id == id) {
            return Err(Error::InItself);
        }
        if path.len() >= DEEPEST {
            return Err(Error::TooDeep);
        }
        self.put_folder(Folder { parent, ..folder }).await
    }

    /// Removes a folder in which nothing lies.
    pub async fn delete_folder(&self, owner: PersonId, id: FolderId) -> Result<Folder, Error> {
        let folder = self.folder(owner, id).await?;
        if self.store.folders().remove(id).await? { Ok(folder) } else { Err(Error::NotEmpty) }
    }

    /// The folders around, the outermost first, that one included. Empty for the top.
    pub async fn path(&self, owner: PersonId, folder: Option<FolderId>) -> Result<Vec<Folder>, Error> {
        let (mut path, mut next) = (Vec::new(), folder);
        while let Some(id) = next {
            let folder = self.folder(owner, id).await?;
            next = folder.parent;
            path.push(folder);
            // Two moves at once may have laid two folders into each other.
            if path.len() > DEEPEST {
                return Err(Error::TooDeep);
            }
        }
        path.reverse();
        Ok(path)
    }

    async fn put_folder(&self, folder: Folder) -> Result<Folder, Error> {
        if self.store.folders().put(&folder).await? { Ok(folder) } else { Err(Error::NameTaken(folder.name)) }
    }
}
