//! One track being read, for all who wait for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::stream::{self, StreamExt};
use media::{Found, Spot, TextBudget, TextIndex, TextRead, Track, Why};
use subtitles::{Block, Codec, MAX_BYTES, MAX_CUES, Subtitles};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tracing::{debug, info};

use super::Inner;
use super::kept::{self, Kept, Line};
use crate::adapters::data_folder::KeptFiles;
use crate::domain::entry::{Entry, EntryId};
use crate::domain::file::VirtualFile;
use crate::domain::range::ByteRange;
use crate::domain::subtitles::text_tracks;
use crate::engines::bytes::{Locations, Purpose};
use crate::flows::playback::Error;

/// Reads under way at once: more than there are connections, so that none waits for us.
const READS: usize = 16;
/// A track whose lines stand in more places than these is not read one by one: that would keep the bots busy for minutes.
const MOST_CALLS: u64 = 6000;
/// A line that is longer than what was read for it says how long it is; that it says so twice is enough.
const ROUNDS: u32 = 3;

/// Ends when the last who waits for it leaves; what was read by then is kept.
pub(super) struct Reading {
    state: Arc<State>,
    task: AbortHandle,
}

struct State {
    film: EntryId,
    track: u64,
    read: Mutex<Kept>,
    known: watch::Sender<Known>,
    kept: Option<KeptFiles>,
}

/// How far it is.
#[derive(Clone, Default)]
struct Known {
    /// Every line that begins before is there.
    until_ns: u64,
    end: Option<Result<(), Error>>,
}

/// What is needed to read it.
struct Job {
    inner: Arc<Inner>,
    state: Arc<State>,
    file: VirtualFile,
    locations: Locations,
    /// Numbers of the film's other tracks of text.
    others: Vec<u64>,
}

impl Reading {
    /// It is under way when this returns.
    pub fn begin(inner: Arc<Inner>, film: &Entry, locations: Locations, track: &Track) -> Self {
        let state = Arc::new(State {
            film: film.id,
            track: track.number,
            read: Mutex::default(),
            known: watch::Sender::new(Known::default()),
            kept: inner.kept.clone(),
        });
        let others = text_tracks(film).map(|one| one.number).filter(|one| *one != track.number);
        let (others, file) = (others.collect(), film.file.clone());
        let job = Job { inner, state: Arc::clone(&state), file, locations, others };
        let task = tokio::spawn(async move {
            let end = job.run().await;
            job.state.known.send_modify(|known| known.end = Some(end));
        });
        Self { state, task: task.abort_handle() }
    }

    pub fn has_failed(&self) -> bool {
        matches!(self.state.known.borrow().end, Some(Err(_)))
    }

    /// Waits until every line that begins before is known. Returns up to where they are; [`u64::MAX`] when all of them are.
    pub async fn until(&self, ms: u64) -> Result<u64, Error> {
        let mut known = self.state.known.subscribe();
        let is_enough = |known: &Known| known.end.is_some() || known.until_ns / 1_000_000 >= ms;
        let known = known.wait_for(is_enough).await.map_err(|e| Error::Unavailable(e.to_string()))?;
        match &known.end {
            Some(Ok(())) => Ok(u64::MAX),
            Some(Err(error)) => Err(error.clone()),
            None => Ok(known.until_ns / 1_000_000),
        }
    }

    /// The lines that begin before.
    pub async fn subtitles(&self, codec: Codec, before_ms: u64) -> Result<Subtitles, subtitles::Error> {
        let state = Arc::clone(&self.state);
        let read = move || {
            let read = state.lock();
            subtitles::from_blocks(codec, &read.script, blocks(&read).filter(|block| block.start_ms < before_ms))
        };
        // Only a panic in it fails, and then there is nothing.
        tokio::task::spawn_blocking(read).await.unwrap_or(Err(subtitles::Error::NoSubtitles))
    }

    /// All of an ASS track, as it was before it was put into the film.
    pub async fn script(&self) -> Result<String, Error> {
        let state = Arc::clone(&self.state);
        let write = move || {
            let read = state.lock();
            subtitles::ass_from_blocks(&read.script, blocks(&read))
        };
        tokio::task::spawn_blocking(write).await.map_err(|e| Error::Unavailable(e.to_string()))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.task.abort();
        let is_cut_short = self.state.known.borrow().end.as_ref().is_none_or(Result::is_err);
        let (Some(kept), true) = (self.state.kept.clone(), is_cut_short) else { return };
        let read = std::mem::take(&mut *self.state.lock());
        if !read.is_whole && !read.lines.is_empty() {
            let name = kept::name(self.state.film, self.state.track);
            // The thread belongs to whoever left.
            tokio::task::spawn_blocking(move || kept.put(&name, &read.to_bytes()));
        }
    }
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    async fn run(&self) -> Result<(), Error> {
        if self.take_up().await {
            return Ok(());
        }
        let _turn = self.inner.turns.acquire().await.map_err(|e| Error::Unavailable(e.to_string()))?;
        let looked = self.inner.engine.look_into(&self.file, &self.locations, Purpose::Prefetch).await;
        let Found { text, private, .. } = *looked.outcome?.map_err(|why| match why {
            Why::OutOfReach => Error::NotFound,
            Why::Empty | Why::NotKnown | Why::Damaged => {
                Error::NotSubtitles("the film cannot be read as one".to_owned())
            }
        })?;
        let script = |track| private.iter().find(|(number, _)| *number == track).map(|(_, script)| script.clone());
        {
            let mut read = self.state.lock();
            read.by = media::VERSION;
            read.script = script(self.state.track).unwrap_or_default();
        }
        let along = self.read_lines(&text).await?;
        self.keep(self.whole()?);
        for (track, lines) in along {
            let mut spots = text.spots.iter().filter(|spot| spot.track == track);
            let is_whole = spots.all(|spot| lines.contains_key(&spot.offset));
            let script = script(track).unwrap_or_default();
            self.keep((track, Kept { by: media::VERSION, is_whole, script, lines }));
        }
        Ok(())
    }

    /// Takes up what was kept. Returns whether nothing is missing.
    async fn take_up(&self) -> bool {
        let Some(files) = self.state.kept.clone() else { return false };
        let name = kept::name(self.state.film, self.state.track);
        let get = move || Kept::from_bytes(&files.get(&name)?);
        let Ok(Some(kept)) = tokio::task::spawn_blocking(get).await else { return false };
        let is_whole = kept.is_whole;
        *self.state.lock() = kept;
        is_whole
    }

    /// Reads what is missing, what is shown first before the rest. Returns what came along of other tracks.
    async fn read_lines(&self, text: &TextIndex) -> Result<BTreeMap<u64, BTreeMap<u64, Line>>, Error> {
        let track = self.state.track;
        let mut missing = text.clone();
        {
            let read = self.state.lock();
            missing.spots.retain(|spot| spot.track != track || !read.lines.contains_key(&spot.offset));
        }
        let plan = missing.plan_along(&[track], &self.others, self.file.len(), TextBudget::default());
        let own = |spot: &&Spot| spot.track == track;
        let lines = plan.reads.iter().flat_map(|read| &read.spots).filter(own).count();
        if lines > MAX_CUES {
            return Err(Error::NotSubtitles(subtitles::Error::TooManyCues.to_string()));
        }
        if plan.cost.calls > MOST_CALLS {
            let problem =
                format!("its lines stand in {} places of the film, too many to be read one by one", plan.cost.calls);
            return Err(Error::NotSubtitles(problem));
        }
        info!(film = %self.state.film, track, lines, calls = plan.cost.calls, bytes = plan.cost.bytes, "Reads subtitles inside a film");
        let known = frontiers(&plan.reads, track);
        let reads = stream::iter(plan.reads).map(|read| self.fetch(text, read)).buffered(READS);
        let mut reads = std::pin::pin!(reads.zip(stream::iter(known)));
        let mut along: BTreeMap<u64, BTreeMap<u64, Line>> = BTreeMap::new();
        let mut bytes = 0;
        while let Some((lines, until_ns)) = reads.next().await {
            for (spot, line) in lines? {
                bytes += line.payload.len();
                match spot.track == track {
                    true => self.state.lock().lines.insert(spot.offset, line),
                    false => along.entry(spot.track).or_default().insert(spot.offset, line),
                };
            }
            if bytes > MAX_BYTES {
                return Err(Error::NotSubtitles(subtitles::Error::TooLarge { bytes: bytes as u64 }.to_string()));
            }
            self.state.known.send_modify(|known| known.until_ns = until_ns);
        }
        Ok(along)
    }

    /// The lines that a read brings, and those for which a second is needed.
    async fn fetch(&self, text: &TextIndex, read: TextRead) -> Result<Vec<(Spot, Line)>, Error> {
        let mut found = Vec::new();
        let mut next = vec![read];
        for _ in 0..ROUNDS {
            for read in std::mem::take(&mut next) {
                let Some(range) = ByteRange::new(read.range.start, read.range.end) else { continue };
                let engine = &self.inner.engine;
                let bytes = engine.read_alone(&self.file, &self.locations, range, Purpose::Prefetch).await?;
                for spot in &read.spots {
                    let one = TextRead { range: read.range.clone(), spots: vec![*spot] };
                    let lines = text.lines(&one, &bytes, self.file.len());
                    found.extend(lines.lines.into_iter().map(|line| (*spot, line.into())));
                    next.extend(lines.more);
                }
            }
        }
        Ok(found)
    }

    /// The track, of which nothing more can be had.
    fn whole(&self) -> Result<(u64, Kept), Error> {
        let mut read = self.state.lock();
        if read.lines.is_empty() {
            let problem = "none of its lines stands where the film's index says: the file is damaged";
            return Err(Error::NotSubtitles(problem.to_owned()));
        }
        read.is_whole = true;
        Ok((self.state.track, read.clone()))
    }

    fn keep(&self, (track, kept): (u64, Kept)) {
        let Some(files) = self.state.kept.clone() else { return };
        let name = kept::name(self.state.film, track);
        debug!(film = %self.state.film, track, lines = kept.lines.len(), "Keeps subtitles");
        tokio::task::spawn_blocking(move || {
            // What came along of another track is no better than what was read of it by itself.
            if kept.is_whole || files.get(&name).is_none() {
                files.put(&name, &kept.to_bytes());
            }
        });
    }
}

/// Up to when all lines of a track are known after each of these reads.
fn frontiers(reads: &[TextRead], track: u64) -> Vec<u64> {
    let first = |read: &TextRead| {
        let own: BTreeSet<u64> =
            read.spots.iter().filter(|spot| spot.track == track).map(|spot| spot.start_ns).collect();
        own.first().copied().unwrap_or(u64::MAX)
    };
    let mut known = vec![u64::MAX; reads.len()];
    for n in (1..reads.len()).rev() {
        known[n - 1] = known[n].min(first(&reads[n]));
    }
    known
}

fn blocks(read: &Kept) -> impl Iterator<Item = Block<'_>> {
    read.lines.values().map(|line| Block {
        start_ms: line.start_ns / 1_000_000,
        duration_ms: line.duration_ns.map(|ns| ns / 1_000_000),
        payload: &line.payload,
    })
}

impl From<media::Line> for Line {
    fn from(line: media::Line) -> Self {
        Self { start_ns: line.start_ns, duration_ns: line.duration_ns, payload: line.payload }
    }
}
