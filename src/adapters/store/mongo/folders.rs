//! Folders that people keep their files in.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use super::files::{folder, folder_number};
use super::{Mongo, index_with, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::files::FoldersBackend;
use crate::domain::person::{PersonId, name_key};
use crate::domain::shared::{Counted, Folder, FolderId};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let unique = IndexOptions::builder().unique(true).build();
    vec![index_with("folders", "name", doc! { "owner": 1, "parent": 1, "name_key": 1 }, unique)]
}

impl FoldersBackend for Mongo {
    async fn get(&self, id: FolderId) -> Result<Option<Folder>, Error> {
        self.folders.find_one(doc! { "_id": id.0 }).await?.as_ref().map(read).transpose()
    }

    async fn add(&self, owner: PersonId, name: &str, parent: Option<FolderId>) -> Result<Option<Folder>, Error> {
        let folder = Folder { id: FolderId(self.next("folders").await?), owner, name: name.to_owned(), parent };
        let mut record = fields(&folder);
        record.extend(doc! { "_id": folder.id.0, "owner": i64::from(owner.0) });
        match self.folders.insert_one(record).await {
            Ok(_) => Ok(Some(folder)),
            Err(error) if is_duplicate(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn list(&self, owner: PersonId, parent: Option<FolderId>) -> Result<Vec<Counted>, Error> {
        let owned = doc! { "owner": i64::from(owner.0), "parent": folder_number(parent) };
        let records: Vec<Document> = self.folders.find(owned).sort(doc! { "name_key": 1 }).await?.try_collect().await?;
        let mut list = Vec::with_capacity(records.len());
        for record in &records {
            let folder = read(record)?;
            let (files, folders) = self.lie_in(&folder).await?;
            list.push(Counted { folder, files, folders });
        }
        Ok(list)
    }

    async fn put(&self, folder: &Folder) -> Result<bool, Error> {
        match self.folders.update_one(doc! { "_id": folder.id.0 }, doc! { "$set": fields(folder) }).await {
            Ok(_) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn remove(&self, id: FolderId) -> Result<bool, Error> {
        let Some(folder) = FoldersBackend::get(self, id).await? else { return Ok(true) };
        if self.lie_in(&folder).await? != (0, 0) {
            return Ok(false);
        }
        self.folders.delete_one(doc! { "_id": id.0 }).await?;
        Ok(true)
    }
}

impl Mongo {
    /// How many files and folders lie directly in a folder.
    async fn lie_in(&self, folder: &Folder) -> Result<(u64, u64), Error> {
        let owner = i64::from(folder.owner.0);
        let files = self.files.count_documents(doc! { "owner": owner, "folder": folder.id.0 }).await?;
        let folders = self.folders.count_documents(doc! { "owner": owner, "parent": folder.id.0 }).await?;
        Ok((files, folders))
    }
}

fn fields(folder: &Folder) -> Document {
    doc! { "parent": folder_number(folder.parent), "name": &folder.name, "name_key": name_key(&folder.name) }
}

fn read(record: &Document) -> Result<Folder, Error> {
    Ok(Folder {
        id: FolderId(number(record, "_id")?),
        owner: PersonId(u32::try_from(number(record, "owner")?).map_err(Error::broken)?),
        parent: folder(number(record, "parent")?),
        name: record.get_str("name").map_err(Error::broken)?.to_owned(),
    })
}
