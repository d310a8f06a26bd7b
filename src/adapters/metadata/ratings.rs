//! IMDb's rating of what TMDB knows everything else about: Stremio draws ratings under IMDb's name only, and TMDB has its own.
//! Cinemeta tells it. It is never worth waiting for: where Cinemeta is away the title keeps TMDB's number, and says so, until it
//! is matched again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::{DAY, Error, Metadata};
use crate::domain::title::{ImdbId, Kind, Rater, Title};

/// Matching goes on without a rating after this.
const PATIENCE: Duration = Duration::from_secs(3);
/// After so many failures in a row it counts as away: one slow answer must not cost a whole import its ratings.
const FAILURES: u32 = 3;
/// So long is it left alone then.
const PAUSE: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Ratings {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    not_before: Option<Instant>,
}

impl Metadata {
    /// Puts IMDb's number in the place of TMDB's, where there is one.
    pub(super) async fn rate(&self, title: &mut Title) {
        let Some(id) = title.ids.imdb.filter(|_| title.rated_by != Rater::Imdb) else { return };
        if self.inner.ratings.is_closed() {
            return;
        }
        let problem = match timeout(PATIENCE, self.imdb_rating(title.kind, id)).await {
            Ok(Ok(rating)) => {
                if let Some(rating) = rating {
                    (title.rating, title.rated_by) = (Some(rating), Rater::Imdb);
                }
                return self.inner.ratings.answered();
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        if self.inner.ratings.failed() {
            tracing::info!(problem, "Titles go without IMDb's rating for {} s", PAUSE.as_secs());
        }
    }

    async fn imdb_rating(&self, kind: Kind, id: ImdbId) -> Result<Option<u8>, Error> {
        let lifetime = |rating: &Option<u8>| if rating.is_some() { 7 * DAY } else { DAY };
        let ask = self.inner.cinemeta.rating(kind, id);
        self.inner.answers.ask(self.key(&format!("rating:{kind}:{id}")), lifetime, ask).await
    }
}

impl Ratings {
    fn is_closed(&self) -> bool {
        self.lock().not_before.is_some_and(|until| Instant::now() < until)
    }

    fn answered(&self) {
        self.lock().failures = 0;
    }

    /// Whether it is left alone from now on.
    fn failed(&self) -> bool {
        let mut state = self.lock();
        state.failures += 1;
        let is_away = state.failures >= FAILURES;
        if is_away {
            *state = State { failures: 0, not_before: Some(Instant::now() + PAUSE) };
        }
        is_away
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
