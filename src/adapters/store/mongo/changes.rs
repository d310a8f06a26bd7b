//! Changes, as the server tells them: one change stream for the whole program, begun when somebody first wants to know.
//!
//! Servers that stand alone, and some that only speak MongoDB's protocol, have none; then everybody looks by the clock.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use mongodb::Database;
use mongodb::bson::{Document, doc};
use mongodb::change_stream::event::ChangeStreamEvent;
use mongodb::error::ErrorKind;
use tokio::task::JoinHandle;
use tracing::{debug, info};

use super::Mongo;
use super::error::NOT_NOW;
use crate::adapters::store::changes::{Changed, Changes, Told};
use crate::adapters::store::document::State;

/// A stream that ended is begun again after so long.
const AGAIN: Duration = Duration::from_secs(2);

/// Ends with the store.
pub(super) struct Follower(JoinHandle<()>);

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Mongo {
    pub fn changes(&self, of: Changed) -> Changes {
        self.follower.get_or_init(|| {
            let (database, told) = (self.database.clone(), Arc::clone(&self.told));
            Follower(tokio::spawn(follow(database, told)))
        });
        self.told.changes(of)
    }
}

async fn follow(database: Database, told: Arc<Told>) {
    loop {
        match database.watch().pipeline(wanted()).await {
            Ok(mut stream) => {
                // Something may have changed before it began.
                told.tell_all();
                while let Some(Ok(event)) = stream.next().await {
                    changed(&event).into_iter().for_each(|changed| told.tell(changed));
                }
                debug!("The database's change stream ended and is begun again");
            }
            Err(error) if has_none(&error) => {
                return info!("The database tells of no changes; what other instances do is seen within seconds");
            }
            Err(error) => debug!(%error, "The database's change stream did not begin"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Of what changes all the time only that which somebody waits for.
fn wanted() -> [Document; 2] {
    let pending_again = doc! {
        "ns.coll": "entries", "operationType": "update", "updateDescription.updatedFields.state": State::Pending as i32,
    };
    let queued = doc! { "ns.coll": "jobs", "operationType": "insert" };
    let any = doc! { "ns.coll": { "$in": ["channels", "settings"] } };
    [doc! { "$match": { "$or": [any, queued, pending_again] } }, doc! { "$project": { "operationType": 1, "ns": 1 } }]
}

fn changed(event: &ChangeStreamEvent<Document>) -> Option<Changed> {
    match event.ns.as_ref()?.coll.as_deref()? {
        "channels" => Some(Changed::Channels),
        "settings" => Some(Changed::Settings),
        "jobs" => Some(Changed::Jobs),
        "entries" => Some(Changed::Pending),
        _ => None,
    }
}

/// Whether a server says that it has no change streams: 40573 where MongoDB stands alone; others do not know the stage or the command.
fn has_none(error: &mongodb::error::Error) -> bool {
    matches!(error.kind.as_ref(), ErrorKind::Command(error) if !NOT_NOW.contains(&error.code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mongodb::bson::from_document;
    use mongodb::error::{CommandError, Error};

    fn refused(code: i32) -> Error {
        let refusal = doc! { "code": code, "codeName": "", "errmsg": "" };
        ErrorKind::Command(from_document::<CommandError>(refusal).expect("as a server answers")).into()
    }

    #[test]
    fn a_server_without_change_streams_is_told_from_one_that_is_not_ready() {
        // It stands alone; no such stage; no such command; not implemented.
        for code in [40573, 40324, 59, 238] {
            assert!(has_none(&refused(code)), "{code}");
        }
        // It steps down; it was interrupted.
        for code in [10107, 189, 11600] {
            assert!(!has_none(&refused(code)), "{code}");
        }
        assert!(!has_none(&std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()));
    }

    #[test]
    fn events_say_where_something_changed() {
        let event = |collection: &str| {
            let event = doc! {
                "_id": { "_data": "82" }, "operationType": "update", "ns": { "db": "cinepost", "coll": collection },
            };
            changed(&from_document(event).expect("as a server sends it"))
        };
        assert_eq!(event("settings"), Some(Changed::Settings));
        assert_eq!(event("entries"), Some(Changed::Pending));
        assert_eq!(event("titles"), None);
    }
}
