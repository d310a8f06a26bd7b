//! Ends the streams of people whose access was taken away while they watch: by this program, or by a command or another instance,
//! which the store tells.

use std::sync::Weak;
use std::time::Duration;

use tracing::{debug, info};

use super::viewers::{Registry, Viewers};
use crate::adapters::store::Store;

/// How often the store is asked about those who watch: one small read for each of them.
const EVERY: Duration = Duration::from_millis(500);

/// Goes on for as long as there is a playback.
pub(super) async fn end_revoked(viewers: Weak<Registry>, store: Store) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(viewers) = viewers.upgrade().map(Viewers::from) else { return };
        for (person, version) in viewers.accesses() {
            match store.people().get(person).await {
                Ok(Some(found)) if found.admits(version) => {}
                Ok(_) => {
                    info!(%person, "Streams of person {person} end: their access was taken away");
                    viewers.end(person, version);
                }
                // Whoever watches goes on: taking access away needs the store as well.
                Err(error) => debug!(%error, "The store cannot be asked who may watch"),
            }
        }
    }
}
