//! A film's head and index, read once for all who ask.

use std::ops::Range;
use std::sync::Arc;

use futures_util::future::try_join_all;
use media::Facts;
use rewrap::{Film, Opening, Step, Why};

use crate::domain::range::ByteRange;
use crate::flows::playback::{Error, Found, Playback};

/// As Apple recommends; key frames are seldom further apart.
const SEGMENT_MS: u32 = 6000;
/// What is said of a file's tracks and chapters, about.
const FACTS_BYTES: usize = 16 << 10;

/// What was found in a file. Cheap to clone.
#[derive(Clone)]
pub struct Inside {
    /// `None`: it is no container that is known.
    pub facts: Option<Arc<Facts>>,
    /// Or why it cannot be re-wrapped.
    pub film: Result<Arc<Film>, Why>,
}

impl Inside {
    /// About how many bytes of memory it holds.
    pub fn held_bytes(&self) -> usize {
        FACTS_BYTES + self.film.as_ref().map_or(0, |film| film.held_bytes())
    }
}

impl Playback {
    /// Looks into a film, unless it was looked into lately.
    pub(super) async fn opened(&self, found: &Found) -> Result<Inside, Error> {
        self.hls.films.get(found.entry.id, async || self.look(found).await).await
    }

    async fn look(&self, found: &Found) -> Result<Inside, Error> {
        let _turn = self.hls.looks.acquire().await.expect("nobody closes it");
        let probe = found.entry.probe.as_ref().filter(|probe| probe.by == media::VERSION);
        let facts = match probe.and_then(|probe| probe.facts()) {
            Some(facts) => Some(Arc::new(facts.clone())),
            None => self.facts(found).await?.map(Arc::new),
        };
        Ok(Inside { facts, film: self.film(found).await? })
    }

    async fn film(&self, found: &Found) -> Result<Result<Arc<Film>, Why>, Error> {
        let mut opening = Opening::new(found.entry.file.len(), SEGMENT_MS);
        loop {
            // An index of ten hours is some 10 ms.
            let (step, back) = aside(move || (opening.step(), opening)).await?;
            opening = back;
            match step {
                Step::Need(range) => {
                    let bytes = self.read_in(found, &range).await?;
                    opening.give(range.start, &bytes);
                }
                Step::Done(film) => return Ok(Ok(Arc::new(*film))),
                Step::Cannot(why) => return Ok(Err(why)),
            }
        }
    }

    /// What nobody looked for yet.
    async fn facts(&self, found: &Found) -> Result<Option<Facts>, Error> {
        let mut probe = media::Probe::new(found.entry.file.len());
        loop {
            let (step, back) = aside(move || (probe.step(), probe)).await?;
            probe = back;
            match step {
                media::Step::Need(ranges) => {
                    let read = try_join_all(ranges.iter().map(|range| self.read_in(found, range))).await?;
                    for (range, bytes) in ranges.iter().zip(read) {
                        probe.give(range.start, &bytes);
                    }
                }
                media::Step::Done(found) => return Ok(Some(found.facts)),
                media::Step::Unknown(_) => return Ok(None),
            }
        }
    }

    async fn read_in(&self, found: &Found, range: &Range<u64>) -> Result<Vec<u8>, Error> {
        match ByteRange::new(range.start, range.end) {
            Some(range) => self.read_for_viewer(&found.entry.file, &found.locations, range).await,
            None => Ok(Vec::new()),
        }
    }
}

/// Away from the threads that others wait for.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Unavailable(error.to_string()))
}
