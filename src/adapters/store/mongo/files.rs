//! Files that people gave to the bot.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};
use mongodb::options::{IndexOptions, ReturnDocument};

use super::{Mongo, index, index_with, is_duplicate, number};
use crate::adapters::store::files::{FileChange, FilesBackend, FilesQuery, FilesSum, Place};
use crate::adapters::store::search::{fold, typed_words};
use crate::adapters::store::{Error, shared_document};
use crate::domain::person::PersonId;
use crate::domain::post::{ChatId, PostRef};
use crate::domain::shared::{FileId, FolderId, NewFile, Origin, Served, SharedFile};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let unique = IndexOptions::builder().unique(true).build();
    vec![
        index_with("files", "origin", doc! { "origin": 1 }, unique),
        index("files", "owner", doc! { "owner": 1, "_id": -1 }),
        index("files", "folder", doc! { "owner": 1, "folder": 1, "_id": -1 }),
        index("files", "added", doc! { "owner": 1, "added": 1 }),
    ]
}

impl FilesBackend for Mongo {
    async fn get(&self, id: FileId) -> Result<Option<SharedFile>, Error> {
        self.files.find_one(doc! { "_id": id.0 }).await?.as_ref().map(read).transpose()
    }

    async fn of_message(&self, origin: &Origin) -> Result<Option<SharedFile>, Error> {
        self.files.find_one(doc! { "origin": origin.as_str() }).await?.as_ref().map(read).transpose()
    }

    async fn add(&self, file: &NewFile) -> Result<SharedFile, Error> {
        if let Some(known) = self.of_message(&file.origin).await? {
            return Ok(known);
        }
        let id = FileId(self.next("files").await?);
        match self.files.insert_one(record(id, file)?).await {
            Ok(_) => Ok(file.clone().numbered(id)),
            // The same message came on another instance in the same moment.
            Err(error) if is_duplicate(&error) => {
                self.of_message(&file.origin).await?.ok_or_else(|| Error::unavailable("a file is gone at once"))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn page(&self, query: &FilesQuery) -> Result<Vec<SharedFile>, Error> {
        let mut filter = doc! { "owner": i64::from(query.owner.0) };
        if let Place::In(folder) = query.place {
            filter.insert("folder", folder_number(folder));
        }
        let words: Vec<Bson> = typed_words(&query.search)
            .iter()
            .map(|word| doc! { "words": { "$regex": regex::escape(word) } }.into())
            .collect();
        if !words.is_empty() {
            filter.insert("$and", words);
        }
        let found = self.files.find(filter).sort(doc! { "_id": -1 }).skip(query.skip.into()).limit(query.limit.into());
        let records: Vec<Document> = found.await?.try_collect().await?;
        records.iter().map(read).collect()
    }

    async fn above(&self, number: FileId, limit: u32) -> Result<Vec<SharedFile>, Error> {
        let found = self.files.find(doc! { "_id": { "$gt": number.0 } }).sort(doc! { "_id": 1 }).limit(limit.into());
        let records: Vec<Document> = found.await?.try_collect().await?;
        records.iter().map(read).collect()
    }

    async fn sum(&self, owner: PersonId) -> Result<FilesSum, Error> {
        let group = doc! { "_id": null, "files": { "$sum": 1 }, "bytes": { "$sum": "$size" } };
        let stages = [doc! { "$match": { "owner": i64::from(owner.0) } }, doc! { "$group": group }];
        let sums: Vec<Document> = self.files.aggregate(stages).await?.try_collect().await?;
        let Some(sum) = sums.first() else { return Ok(FilesSum::default()) };
        Ok(FilesSum { files: count(sum, "files")?, bytes: count(sum, "bytes")? })
    }

    async fn added_since(&self, owner: PersonId, since: i64) -> Result<u64, Error> {
        let filter = doc! { "owner": i64::from(owner.0), "added": { "$gte": since } };
        Ok(self.files.count_documents(filter).await?)
    }

    async fn change(&self, id: FileId, change: &FileChange) -> Result<Option<SharedFile>, Error> {
        let set = match change {
            FileChange::Name(name) => doc! { "name": name, "words": fold(name) },
            FileChange::Folder(folder) => doc! { "folder": folder_number(*folder) },
            FileChange::Terms(terms) => doc! { "terms": shared_document::text(terms)? },
            FileChange::Entry(entry) => doc! { "entry": entry.map(|entry| entry.to_string()) },
        };
        let changed = self.files.find_one_and_update(doc! { "_id": id.0 }, doc! { "$set": set });
        changed.return_document(ReturnDocument::After).await?.as_ref().map(read).transpose()
    }

    async fn count(&self, id: FileId, served: Served) -> Result<Option<SharedFile>, Error> {
        let Served { downloads, streams, bytes } = served;
        let more = doc! { "downloads": downloads as i64, "streams": streams as i64, "bytes": bytes as i64 };
        let counted = self.files.find_one_and_update(doc! { "_id": id.0 }, doc! { "$inc": more });
        counted.return_document(ReturnDocument::After).await?.as_ref().map(read).transpose()
    }

    async fn remove(&self, id: FileId) -> Result<Option<SharedFile>, Error> {
        self.files.find_one_and_delete(doc! { "_id": id.0 }).await?.as_ref().map(read).transpose()
    }
}

impl Mongo {
    /// The next number of a kind of record, which nothing ever had.
    pub(super) async fn next(&self, kind: &str) -> Result<i64, Error> {
        let more = doc! { "$inc": { "last": 1i64 } };
        let counter = self.counters.find_one_and_update(doc! { "_id": kind }, more).upsert(true);
        let record = counter.return_document(ReturnDocument::After).await?;
        number(&record.unwrap_or_default(), "last")
    }
}

fn record(id: FileId, file: &NewFile) -> Result<Document, Error> {
    Ok(doc! {
        "_id": id.0,
        "owner": i64::from(file.owner.0),
        "folder": folder_number(file.folder),
        "added": file.added,
        "origin": file.origin.as_str(),
        "size": file.content.size() as i64,
        "downloads": 0i64,
        "streams": 0i64,
        "bytes": 0i64,
        "chat": file.stored.chat.get(),
        "message": file.stored.message,
        "name": &file.name,
        "words": fold(&file.name),
        "content": shared_document::text(&file.content)?,
        "terms": shared_document::text(&file.terms)?,
    })
}

fn read(record: &Document) -> Result<SharedFile, Error> {
    let text = |field| record.get_str(field).map_err(Error::broken);
    let chat = ChatId::try_from(number(record, "chat")?).map_err(Error::broken)?;
    let served = Served {
        downloads: count(record, "downloads")?,
        streams: count(record, "streams")?,
        bytes: count(record, "bytes")?,
    };
    Ok(SharedFile {
        id: FileId(number(record, "_id")?),
        owner: PersonId(u32::try_from(number(record, "owner")?).map_err(Error::broken)?),
        folder: folder(number(record, "folder")?),
        added: number(record, "added")?,
        served,
        stored: PostRef { chat, message: i32::try_from(number(record, "message")?).map_err(Error::broken)? },
        entry: record.get_str("entry").ok().map(str::parse).transpose().map_err(Error::broken)?,
        name: text("name")?.to_owned(),
        content: shared_document::value(text("content")?)?,
        terms: shared_document::value(text("terms")?)?,
    })
}

fn count(record: &Document, field: &str) -> Result<u64, Error> {
    u64::try_from(number(record, field)?).map_err(Error::broken)
}

pub(super) fn folder_number(folder: Option<FolderId>) -> i64 {
    folder.map_or(0, |folder| folder.0)
}

pub(super) fn folder(number: i64) -> Option<FolderId> {
    (number != 0).then_some(FolderId(number))
}
