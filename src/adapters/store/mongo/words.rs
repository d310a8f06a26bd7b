//! The words of the catalog's titles, and the tokens that titles and words are found by.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::error::ErrorKind;
use tracing::{info, warn};

use super::{DUPLICATE_KEY, Mongo, index, is_duplicate, number};
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
        self.learn_words(search::words(names)).await
    }

    async fn learn_words(&self, mut words: BTreeSet<&str>) -> Result<(), Error> {
        let all: Vec<&str> = words.iter().copied().collect();
        let known: Vec<Document> =
            self.words.find(doc! { "_id": { "$in": all } }).projection(doc! { "_id": 1 }).await?.try_collect().await?;
        for word in &known {
            words.remove(word.get_str("_id").map_err(Error::broken)?);
        }
        if words.is_empty() {
            return Ok(());
        }
        let new = words.iter().map(|word| doc! { "_id": *word, "tokens": search::word_tokens(word) });
        match self.words.insert_many(new).ordered(false).await {
            // Somebody else was first. The rest is written all the same.
            Err(error) if !are_duplicates(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Words of the catalog by their tokens.
    pub(super) async fn words_with(&self, spellings: &Spellings, limit: u32) -> Result<Vec<String>, Error> {
        let found = self.words.find(any(spellings)).projection(doc! { "_id": 1 }).limit(limit.into()).await?;
        let found: Vec<Document> = found.try_collect().await?;
        found.iter().map(|word| word.get_str("_id").map(str::to_owned).map_err(Error::broken)).collect()
    }

    /// The step from schema 12, which found titles by the letters of their names alone. Goes on where it was left.
    pub(super) async fn find_words(&self) -> Result<(), Error> {
        const LOGGED: usize = 100_000;
        let unfound = doc! { "latest": { "$exists": true }, "tokens": { "$exists": false } };
        let (mut after, mut done) = (i64::MIN, 0);
        loop {
            let titles = self.next_titles(&unfound, doc! { "names": 1 }, after).await?;
            let Some(last) = titles.last() else { break };
            after = number(last, "_id")?;
            let named =
                titles.iter().map(|title| Ok((number(title, "_id")?, title.get_str("names").map_err(Error::broken)?)));
            let named: Vec<(i64, &str)> = named.collect::<Result<_, Error>>()?;
            self.learn_words(named.iter().flat_map(|(_, names)| search::words(names)).collect()).await?;
            let writes: Vec<_> = named.iter().map(|(title, names)| self.make_findable(*title, names)).collect();
            stream::iter(writes).buffer_unordered(WRITES_AT_ONCE).try_collect::<()>().await?;
            if (done + named.len()) / LOGGED > done / LOGGED {
                info!("Making titles findable by their words: {} done", done + named.len());
            }
            done += named.len();
        }
        if let Err(error) = self.titles.drop_index("grams").await {
            warn!("The index `grams` of `titles`, which nothing asks for any more, stays and takes room: {error}");
        }
        Ok(())
    }

    async fn make_findable(&self, title: i64, names: &str) -> Result<(), Error> {
        let set = doc! { "tokens": search::title_tokens(names) };
        // Whoever renames or hides it meanwhile writes its tokens, too.
        let filter = doc! { "_id": title, "names": names, "latest": { "$exists": true } };
        self.titles.update_one(filter, doc! { "$set": set, "$unset": { "grams": "" } }).await?;
        Ok(())
    }
}

/// As many as the driver has connections.
const WRITES_AT_ONCE: usize = 10;

/// Whether each of many inserts that failed did so because its record is there already.
fn are_duplicates(error: &mongodb::error::Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::InsertMany(failure) => {
            let failed = failure.write_errors.as_deref().unwrap_or_default();
            failure.write_concern_error.is_none()
                && !failed.is_empty()
                && failed.iter().all(|error| error.code == DUPLICATE_KEY)
        }
        _ => is_duplicate(error),
    }
}
