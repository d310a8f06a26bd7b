//! Collections of films. That a film is in one is among its catalog keys; here is what the collection is called.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};

use super::{Mongo, index, number};
use crate::adapters::store::collections::{CollectionsBackend, sorted_by};
use crate::adapters::store::{Error, document};
use crate::domain::catalog::{COLLECTION_KEY, Reach};
use crate::domain::collection::{Collection, CollectionId, FEWEST_FILMS};

/// Collections whose films are looked at in one go.
const BATCH: usize = 100;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    // page
    vec![index("collections", "sorted", doc! { "sorted": 1, "_id": 1 })]
}

impl CollectionsBackend for Mongo {
    async fn page(&self, reach: &Reach, skip: u32, limit: u32) -> Result<Vec<Collection>, Error> {
        let (mut here, wanted) = (Vec::new(), skip.saturating_add(limit) as usize);
        let mut records = self.collections.find(doc! {}).sort(doc! { "sorted": 1, "_id": 1 }).await?;
        while here.len() < wanted {
            let mut batch = Vec::with_capacity(BATCH);
            while batch.len() < BATCH
                && let Some(record) = records.try_next().await?
            {
                batch.push(record);
            }
            if batch.is_empty() {
                break;
            }
            here.extend(self.with_films(batch, reach).await?);
        }
        let page = here.iter().skip(skip as usize).take(limit as usize);
        page.map(|text| document::from_text(text)).collect()
    }

    async fn get(&self, id: CollectionId) -> Result<Option<Collection>, Error> {
        let record = self.collections.find_one(doc! { "_id": i64::from(id.0) }).await?;
        let text = record.as_ref().map(|record| record.get_str("document").map_err(Error::broken)).transpose()?;
        text.map(document::from_text).transpose()
    }
}

impl Mongo {
    /// The documents of those collections that have enough films which are seen.
    async fn with_films(&self, records: Vec<Document>, reach: &Reach) -> Result<Vec<String>, Error> {
        let keys = records.iter().map(|record| Ok(format!("{COLLECTION_KEY}{}", number(record, "_id")?)));
        let keys: Vec<String> = keys.collect::<Result<_, Error>>()?;
        let films = self.titles.clone_with_type::<Document>();
        let films = films.find(doc! { "cat": { "$in": &keys } }).projection(doc! { "cat": 1 }).await?;
        let films: Vec<Document> = films.try_collect().await?;
        let ids = films.iter().map(|film| number(film, "_id")).collect::<Result<Vec<i64>, Error>>()?;
        let seen: BTreeSet<i64> = self.titles_seen(&ids, reach).await?;
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for (film, _) in films.iter().zip(&ids).filter(|(_, id)| seen.contains(id)) {
            let cat = film.get_array("cat").map_err(Error::broken)?.iter().filter_map(Bson::as_str);
            for key in cat.filter(|key| key.starts_with(COLLECTION_KEY)) {
                *count.entry(key).or_default() += 1;
            }
        }
        let enough = |key: &String| count.get(key.as_str()).is_some_and(|films| *films >= FEWEST_FILMS);
        let listed = records.iter().zip(&keys).filter(|(_, key)| enough(key));
        listed.map(|(record, _)| record.get_str("document").map(str::to_owned).map_err(Error::broken)).collect()
    }

    /// Keeps what a film's provider says of its collection now.
    pub(super) async fn remember_collection(&self, collection: &Collection) -> Result<(), Error> {
        let set = doc! { "sorted": sorted_by(collection), "document": document::to_text(collection)? };
        self.collections
            .update_one(doc! { "_id": i64::from(collection.id.0) }, doc! { "$set": set })
            .upsert(true)
            .await?;
        Ok(())
    }
}
