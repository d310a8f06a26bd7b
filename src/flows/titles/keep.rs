//! What the running program does for its index: it is opened at the start, fetched at once when there is none of the chosen lists, and a
//! new one that another process made is taken into use.

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::ABOUT;
use crate::adapters::clock::unix_now;
use crate::adapters::metadata::index::{TERMS, Titles};
use crate::adapters::store::{self, Store};
use crate::domain::job::{About, NewJob};

/// Until it is stopped. `place`: this instance's id.
pub async fn keep(titles: Titles, store: Store, place: String, stop: CancellationToken) {
    if titles.sources().is_empty() {
        return;
    }
    titles.open().await;
    if titles.needs_fetch() {
        match queue(&store, &ABOUT, &place, unix_now()).await {
            Ok(()) if titles.sources().imdb => info!("A title index will be made. {TERMS}"),
            Ok(()) => info!("A title index will be made"),
            Err(error) => warn!(%error, "The title index is made in its own time: its job could not be queued"),
        }
    }
    titles.keep_open(stop).await;
}

/// For this instance, whose own folder it is, unless one is queued or runs.
pub(super) async fn queue(store: &Store, about: &About, place: &str, now: i64) -> Result<(), store::Error> {
    let key = Some(format!("{}/{place}", about.name));
    let job = NewJob { place: Some(place.to_owned()), key, ..NewJob::of(about, now) };
    store.jobs().add(&job, now).await.map(|_| ())
}
