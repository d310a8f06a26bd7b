//! The words of the catalog's titles, and the tokens that titles and words are found by.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use tracing::{info, warn};

use super::{AT_A_TIME, Mongo, index, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::search::{self, Spellings};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![
        // search
        index("titles", "tokens", doc! { "kind": 1, "tokens": 1, "popularity": -1, "_id": -1 }),
        index("words", "tokens", doc! { "tokens": 1 }),
    ]
}

/// Finds records by the tokens of any of these spellings.
pub(super) fn any(spellings: &Spellings) -> Document {
    let (words, letters): (Vec<&Vec<String>>, Vec<&Vec<String>>) =
        spellings.iter().partition(|tokens| tokens.len() == 1);
    let words: Vec<&String> = words.into_iter().flatten().collect();
    let mut any: Vec<Document> = letters.into_iter().map(|tokens| doc! { "tokens": { "$all": tokens } }).collect();
    if !words.is_empty() {
        any.push(doc! { "tokens": { "$in": words } });
    }
    match any.len() {
        1 => any.remove(0),
        _ => doc! { "$or": any },
    }
}

impl Mongo {
    /// Keeps the words of a title, which stay when it goes. Before the title can be found: a word that is not kept is not found.
    pub(super) async fn learn(&self, names: &str) -> Result<(), Error> {
        let mut words: BTreeSet<&str> = search::words(names);
        let all: Vec<&str> = words.iter().copied().collect();
        let known: Vec<Document> =
            self.words.find(doc! { "_id": { "$in": all } }).projection(doc! { "_id": 1 }).await?.try_collect().await?;
        for word in &known {
            words.remove(word.get_str("_id").map_err(Error::broken)?);
        }
        for word in words {
            let record = doc! { "_id": word, "tokens": search::word_tokens(word) };
            match self.words.insert_one(record).await {
                // Somebody else was first.
                Err(error) if !is_duplicate(&error) => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Words of the catalog by their tokens.
    pub(super) async fn words_with(&self, spellings: &Spellings, limit: u32) -> Result<Vec<String>, Error> {
        let found = self.words.find(any(spellings)).projection(doc! { "_id": 1 }).limit(limit.into()).await?;
        let found: Vec<Document> = found.try_collect().await?;
        found.iter().map(|word| word.get_str("_id").map(str::to_owned).map_err(Error::broken)).collect()
    }

    /// The step from schema 12, which found titles by the letters of their names alone. It may be repeated.
    pub(super) async fn find_words(&self) -> Result<(), Error> {
        const LOGGED: u64 = 100_000;
        let titles = self.titles.clone_with_type::<Document>();
        let filed = titles.find(doc! { "latest": { "$exists": true } }).projection(doc! { "names": 1 });
        let mut filed = filed.batch_size(AT_A_TIME).await?;
        let mut done = 0;
        while let Some(title) = filed.try_next().await? {
            let names = title.get_str("names").map_err(Error::broken)?;
            self.learn(names).await?;
            let set = doc! { "tokens": search::title_tokens(names) };
            // Whoever renames or hides it meanwhile writes its tokens, too.
            let filter = doc! { "_id": number(&title, "_id")?, "names": names, "latest": { "$exists": true } };
            self.titles.update_one(filter, doc! { "$set": set, "$unset": { "grams": "" } }).await?;
            done += 1;
            if done % LOGGED == 0 {
                info!("Making titles findable by their words: {done} done");
            }
        }
        if let Err(error) = titles.drop_index("grams").await {
            warn!("The index `grams` of `titles`, which nothing asks for any more, stays and takes room: {error}");
        }
        Ok(())
    }
}
