//! Lists that people made by hand.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use super::{Mongo, index_with, is_duplicate};
use crate::adapters::store::Error;
use crate::adapters::store::document::{from_text, to_text};
use crate::adapters::store::lists::ListsBackend;
use crate::domain::list::{List, ListId};
use crate::domain::person::name_key;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    // add, put
    vec![index_with("lists", "name_key", doc! { "name_key": 1 }, IndexOptions::builder().unique(true).build())]
}

impl ListsBackend for Mongo {
    async fn all(&self) -> Result<Vec<List>, Error> {
        let found: Vec<Document> = self.lists.find(doc! {}).sort(doc! { "_id": 1 }).await?.try_collect().await?;
        found.iter().map(read).collect()
    }

    async fn get(&self, id: ListId) -> Result<Option<List>, Error> {
        self.lists.find_one(doc! { "_id": i64::from(id.0) }).await?.as_ref().map(read).transpose()
    }

    async fn add(&self, name: &str) -> Result<Option<List>, Error> {
        let id = u32::try_from(self.next("lists").await?).map_err(Error::broken)?;
        let list = List::new(ListId(id), name);
        let mut record = fields(&list)?;
        record.insert("_id", i64::from(id));
        match self.lists.insert_one(record).await {
            Ok(_) => Ok(Some(list)),
            Err(error) if is_duplicate(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn put(&self, list: &List) -> Result<bool, Error> {
        let next = List { revision: list.revision + 1, ..list.clone() };
        let filter = doc! { "_id": i64::from(list.id.0), "revision": i64::from(list.revision) };
        match self.lists.update_one(filter, doc! { "$set": fields(&next)? }).await {
            Ok(done) => Ok(done.matched_count == 1),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn remove(&self, id: ListId) -> Result<bool, Error> {
        Ok(self.lists.delete_one(doc! { "_id": i64::from(id.0) }).await?.deleted_count == 1)
    }
}

fn fields(list: &List) -> Result<Document, Error> {
    Ok(doc! { "name_key": name_key(&list.name), "revision": i64::from(list.revision), "document": to_text(list)? })
}

fn read(record: &Document) -> Result<List, Error> {
    from_text(record.get_str("document").map_err(Error::broken)?)
}
