//! Ends the streams of people whose access ended while they watch: taken away by this program, or by a command or another instance,
//! which the store tells, or over by itself.

use std::sync::Weak;
use std::time::Duration;

use tracing::{debug, info};

use super::viewers::{Registry, Viewers};
use crate::adapters::clock::unix_now;
use crate::adapters::store::Store;
use crate::domain::person::Denied;

/// How often the store is asked about those who watch: one small read for each of them.
const EVERY: Duration = Duration::from_millis(500);

/// Goes on for as long as there is a playback.
pub(super) async fn end_revoked(viewers: Weak<Registry>, store: Store) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(viewers) = viewers.upgrade().map(Viewers::from) else { return };
        for (person, version) in viewers.accesses() {
            match store.people().get(person).await {
                Ok(Some(found)) if found.admits(version, unix_now()) => {}
                Ok(found) => {
                    let why = found.and_then(|found| found.denied(unix_now())).unwrap_or(Denied::Removed);
                    info!(%person, "Streams of person {person} end: {why}");
                    viewers.end(person, version);
                }
                // Whoever watches goes on: taking access away needs the store as well.
                Err(error) => debug!(%error, "The store cannot be asked who may watch"),
            }
        }
    }
}
