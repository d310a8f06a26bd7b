//! Ties the store (`cinepost.db`, or MongoDB) to the instance (`instance.db`). The instance knows how far each channel was
//! handled, the store has what came of it. When one of them is lost, exchanged or restored from a backup, an instance that goes on
//! from its positions would never fill the store again. So both keep a stamp, made anew at every start:
//!
//! ```text
//! store:     settings: store_id = S, instance/I = stamp
//! instance:  \nbond = { store: S, instance: I, marks: [stamp] }
//! ```
//!
//! They match when the ids are the same and the store's stamp is among the instance's (two, between the writes of a start, so that
//! a crash there changes nothing). A copy of one of them that was made while the program ran, and restored before its next start,
//! has the right stamp all the same: back both up together, with the program stopped.

use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::{Error, Store};

/// What was found at a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Store and instance match, or both are new.
    Kept,
    /// They do not match: the instance forgot these records.
    Renewed { forgotten: Vec<String> },
}

#[derive(Serialize, Deserialize)]
struct Record {
    store: String,
    instance: String,
    #[serde(rename = "marks")]
    stamps: Vec<String>,
}

/// No caller's name in the instance begins with a line feed.
const RECORD: &str = "\nbond";
const STORE_ID: &str = "store_id";

/// Checks whether store and instance match. When they do not, the instance forgets its records whose names begin with `positions`.
/// Then both are stamped for the next start. To be called once at each start, before anything goes on from a position.
pub async fn bind(store: &Store, instance: &Instance, positions: &str) -> Result<Binding, Error> {
    let settings = store.settings();
    let store_id = settings.get_or_set(STORE_ID, &random()?).await?;
    let record = match instance.load(RECORD)? {
        Some(bytes) => Some(serde_json::from_slice::<Record>(&bytes).map_err(Error::broken)?),
        None => None,
    };
    let instance_id = match &record {
        Some(record) => record.instance.clone(),
        None => random()?,
    };
    let key = key(&instance_id);
    let stamp = settings.get(&key).await?;
    let matches = match &record {
        Some(record) => record.store == store_id && stamp.as_ref().is_some_and(|stamp| record.stamps.contains(stamp)),
        // From before there were stamps: a store with something in it is the one that the positions are about.
        None => store.catalog().counts().await?.files > 0,
    };
    let binding = match matches {
        true => Binding::Kept,
        false => match instance.remove_all(positions)? {
            none if none.is_empty() => Binding::Kept,
            forgotten => Binding::Renewed { forgotten },
        },
    };
    let next = random()?;
    let save = |stamps: Vec<String>| {
        let record = Record { store: store_id.clone(), instance: instance_id.clone(), stamps };
        instance.save(RECORD, &serde_json::to_vec(&record).map_err(Error::broken)?)
    };
    save(stamp.into_iter().chain([next.clone()]).collect())?;
    settings.set(&key, &next).await?;
    save(vec![next])?;
    Ok(binding)
}

/// What this start of an instance left in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The instance's own id, the same after every restart.
    pub instance: String,
    stamp: String,
}

impl Stamp {
    /// `None` before the first [`bind`].
    pub fn of(instance: &Instance) -> Result<Option<Self>, Error> {
        let Some(bytes) = instance.load(RECORD)? else { return Ok(None) };
        let Record { instance, stamps, .. } = serde_json::from_slice(&bytes).map_err(Error::broken)?;
        Ok(stamps.into_iter().next_back().map(|stamp| Self { instance, stamp }))
    }

    /// Whether another program began under the same id since: one whose instance is a copy of this one.
    pub async fn is_anothers(&self, store: &Store) -> Result<bool, Error> {
        let stamp = store.settings().get(&key(&self.instance)).await?;
        Ok(stamp.is_some_and(|stamp| stamp != self.stamp))
    }
}

fn key(instance: &str) -> String {
    format!("instance/{instance}")
}

fn random() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| Error::broken(e.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
