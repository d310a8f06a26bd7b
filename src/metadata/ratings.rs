//! IMDb's rating of what TMDB knows everything else about: Stremio draws ratings under IMDb's name only, and TMDB has its own.
//! Cinemeta tells it. It is never worth waiting for: where Cinemeta is away the title keeps TMDB's number, and says so.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::{DAY, Error, Metadata};
use crate::domain::title::{ImdbId, Kind, Rater, Title};

/// Matching goes on without a rating after this.
const PATIENCE: Duration = Duration::from_secs(3);
/// So long is Cinemeta left alone when it did not answer.
const PAUSE: Duration = Duration::from_secs(300);

#[derive(Default)]
pub(super) struct Ratings {
    not_before: Mutex<Option<Instant>>,
}

impl Metadata {
    /// Puts IMDb's number in the place of TMDB's, where there is one.
    pub(super) async fn rate(&self, title: &mut Title) {
        let Some(id) = title.ids.imdb.filter(|_| title.rated_by != Rater::Imdb) else { return };
        if self.inner.ratings.is_closed() {
            return;
        }
        let problem = match timeout(PATIENCE, self.imdb_rating(title.kind, id)).await {
            Ok(Ok(Some(rating))) => {
                (title.rating, title.rated_by) = (Some(rating), Rater::Imdb);
                return;
            }
            Ok(Ok(None)) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        self.inner.ratings.close();
        tracing::info!(problem, "Titles go without IMDb's rating for {} minutes", PAUSE.as_secs() / 60);
    }

    async fn imdb_rating(&self, kind: Kind, id: ImdbId) -> Result<Option<u8>, Error> {
        let lifetime = |rating: &Option<u8>| if rating.is_some() { 7 * DAY } else { DAY };
        let ask = self.inner.cinemeta.rating(kind, id);
        self.inner.answers.ask(self.key(&format!("rating:{kind}:{id}")), lifetime, ask).await
    }
}

impl Ratings {
    fn is_closed(&self) -> bool {
        self.lock().is_some_and(|until| Instant::now() < until)
    }

    fn close(&self) {
        *self.lock() = Some(Instant::now() + PAUSE);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.not_before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
