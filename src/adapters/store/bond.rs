//! The store (`cinepost.db`, or MongoDB) and the instance (`instance.db`) belong together: the instance knows how far each
//! channel was handled, the store has what came of it. When one of them is lost, exchanged or brought back from a backup, an
//! instance that goes on from its places would never fill the store again. So both keep a mark, made anew at every start:
//!
//! ```text
//! store:     store_id = S    instance/I = mark
//! instance:  \nbond = { store: S, instance: I, marks: [mark] }
//! ```
//!
//! They are as they left each other when the ids are the same and the store's mark is among the instance's (two, between the
//! writes of a renewal, so that a crash there changes nothing). A copy of one of them that was made while the program ran, and
//! brought back before its next start, bears the right mark all the same: back both up together, with the program stopped.

use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::{Error, Store};

/// What the two were to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bond {
    /// As they left each other, or new both.
    Kept,
    /// Strangers: the instance forgot these records.
    Renewed { forgotten: Vec<String> },
}

#[derive(Serialize, Deserialize)]
struct Record {
    store: String,
    instance: String,
    marks: Vec<String>,
}

/// No caller's name in the instance begins with a line feed.
const RECORD: &str = "\nbond";
const STORE_ID: &str = "store_id";

/// Looks whether the two know each other, lets the instance forget its records whose names begin with `places` when they
/// do not, and binds them for the next start. To be called once at each start, before anything goes on from a place.
pub async fn renew(store: &Store, instance: &Instance, places: &str) -> Result<Bond, Error> {
    let store_id = store.setting_or(STORE_ID, &random()?).await?;
    let record = match instance.load(RECORD)? {
        Some(bytes) => Some(serde_json::from_slice::<Record>(&bytes).map_err(Error::broken)?),
        None => None,
    };
    let instance_id = match &record {
        Some(record) => record.instance.clone(),
        None => random()?,
    };
    let key = format!("instance/{instance_id}");
    let mark = store.setting(&key).await?;
    let is_kept = match &record {
        Some(record) => record.store == store_id && mark.as_ref().is_some_and(|mark| record.marks.contains(mark)),
        // From before there was a bond: a store with something in it is the one that the places are about.
        None => store.counts().await?.files > 0,
    };
    let bond = match is_kept {
        true => Bond::Kept,
        false => match instance.remove_all(places)? {
            none if none.is_empty() => Bond::Kept,
            forgotten => Bond::Renewed { forgotten },
        },
    };
    let next = random()?;
    let keep = |marks: Vec<String>| {
        let record = Record { store: store_id.clone(), instance: instance_id.clone(), marks };
        instance.save(RECORD, &serde_json::to_vec(&record).map_err(Error::broken)?)
    };
    keep(mark.into_iter().chain([next.clone()]).collect())?;
    store.set_setting(&key, &next).await?;
    keep(vec![next])?;
    Ok(bond)
}

fn random() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| Error::broken(e.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
