//! One track being read, for all who wait for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use media::{Found, Spot, TextBudget, TextIndex, TextPlan, TextRead, Track, Why};
use subtitles::{Block, Codec, MAX_BYTES, MAX_CUES, Subtitles};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tracing::{debug, info, warn};

use super::Inner;
use super::kept::{self, Kept, Line};
use crate::adapters::data_folder::KeptFiles;
use crate::domain::entry::{Entry, EntryId};
use crate::domain::file::VirtualFile;
use crate::domain::range::ByteRange;
use crate::domain::subtitles::text_tracks;
use crate::engines::bytes::{Error as ReadError, Locations, Purpose};
use crate::flows::playback::Error;

/// Reads under way at once: more than there are connections, so that none waits for us.
const READS: usize = 16;
/// A track whose lines stand in more places than these is not read one by one: that would keep the bots busy for minutes.
const MOST_CALLS: u64 = 6000;
/// Nor one whose lines lie among so many bytes that reading them is downloading the film.
const MOST_READ_BYTES: u64 = 256 << 20;
/// Whoever waits for lines waits so long for Telegram.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How often.
const WAITS: u32 = 2;
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
    /// Bytes of all lines that are here, those that still wait for an earlier read included: they are in memory too.
    lines_bytes: AtomicUsize,
    /// Bytes that were asked of Telegram.
    asked_bytes: AtomicU64,
}

/// Tells those who wait that it ended, also when it ends in a panic: they would wait for ever.
struct Ended(Arc<State>);

impl Drop for Ended {
    fn drop(&mut self) {
        let early = || Err(Error::Unavailable("reading the subtitles ended early".to_owned()));
        self.0.known.send_modify(|known| {
            known.end.get_or_insert_with(early);
        });
    }
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
        let (lines_bytes, asked_bytes) = (AtomicUsize::new(0), AtomicU64::new(0));
        let job = Job { inner, state: Arc::clone(&state), file, locations, others, lines_bytes, asked_bytes };
        let task = tokio::spawn(async move {
            let _ended = Ended(Arc::clone(&job.state));
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
        let state = Arc::clone(&self.state);
        // The thread belongs to whoever left.
        tokio::task::spawn_blocking(move || {
            // A copy: the task may be in the middle of a step, and what it keeps as whole must have all of it.
            let read = state.lock().clone();
            if !read.is_whole && !read.lines.is_empty() {
                kept.put(&kept::name(state.film, state.track), &read.to_bytes());
            }
        });
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
        self.keep(self.whole(&text)?);
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
        // What was too large stays so, however often it is taken up.
        let bytes: usize = kept.lines.values().map(|line| line.payload.len()).sum();
        self.lines_bytes.store(bytes, Ordering::Relaxed);
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
        let lines = affordable(&plan, track)?;
        info!(film = %self.state.film, track, lines, calls = plan.cost.calls, bytes = plan.cost.bytes, "Reads subtitles inside a film");
        let known = frontiers(&plan.reads, track);
        let reads = stream::iter(plan.reads).map(|read| self.fetch(text, read)).buffered(READS);
        let mut reads = std::pin::pin!(reads.zip(stream::iter(known)));
        let mut along: BTreeMap<u64, BTreeMap<u64, Line>> = BTreeMap::new();
        while let Some((lines, until_ns)) = reads.next().await {
            for (spot, line) in lines? {
                match spot.track == track {
                    true => self.state.lock().lines.insert(spot.offset, line),
                    false => along.entry(spot.track).or_default().insert(spot.offset, line),
                };
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
                let bytes = self.read(range).await?;
                for spot in &read.spots {
                    let one = TextRead { range: read.range.clone(), spots: vec![*spot] };
                    let lines = text.lines(&one, &bytes, self.file.len());
                    for line in lines.lines {
                        self.count_line(line.payload.len())?;
                        found.push((*spot, line.into()));
                    }
                    next.extend(lines.more);
                }
            }
        }
        Ok(found)
    }

    /// Bytes of the film. Of a thousand reads one fails now and then, and rarely twice.
    async fn read(&self, range: ByteRange) -> Result<Bytes, Error> {
        let bytes = range.end().saturating_sub(range.start());
        let asked = self.asked_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if asked > MOST_READ_BYTES {
            return Err(too_far_apart(asked));
        }
        let (mut is_again, mut waits) = (false, 0);
        loop {
            let engine = &self.inner.engine;
            match engine.read_alone(&self.file, &self.locations, range, Purpose::Prefetch).await {
                Err(ReadError::Unavailable(problem)) if !is_again => {
                    debug!(film = %self.state.film, %problem, "Reads a line once more");
                    is_again = true;
                }
                Err(ReadError::Busy { retry_after }) if waits < WAITS && retry_after <= LONGEST_WAIT => {
                    waits += 1;
                    tokio::time::sleep(retry_after).await;
                }
                read => return Ok(read?),
            }
        }
    }

    /// A line more is in memory. Zlib and lines that lie in one another make much of few bytes of the film.
    fn count_line(&self, bytes: usize) -> Result<(), Error> {
        let all = self.lines_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        match all > MAX_BYTES {
            true => Err(Error::NotSubtitles(subtitles::Error::TooLarge { bytes: all as u64 }.to_string())),
            false => Ok(()),
        }
    }

    /// The track, of which nothing more can be had.
    fn whole(&self, text: &TextIndex) -> Result<(u64, Kept), Error> {
        let track = self.state.track;
        let own = text.spots.iter().filter(|spot| spot.track == track);
        let places: BTreeSet<u64> = own.map(|spot| spot.offset).collect();
        let mut read = self.state.lock();
        if read.lines.is_empty() {
            let problem = "none of its lines stands where the film's index says: the file is damaged";
            return Err(Error::NotSubtitles(problem.to_owned()));
        }
        let (all, missing) = (places.len(), places.iter().filter(|place| !read.lines.contains_key(*place)).count());
        if too_many_missing(missing, all) {
            let problem =
                format!("{missing} of its {all} lines do not stand where the film's index says: the file is damaged");
            return Err(Error::NotSubtitles(problem));
        }
        if missing > 0 {
            warn!(film = %self.state.film, track, missing, lines = all, "Subtitles inside a film lack lines");
        }
        read.is_whole = true;
        Ok((track, read.clone()))
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

/// How many lines of the track a plan brings, or why it is not carried out.
fn affordable(plan: &TextPlan, track: u64) -> Result<usize, Error> {
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
    if plan.cost.bytes > MOST_READ_BYTES {
        return Err(too_far_apart(plan.cost.bytes));
    }
    Ok(lines)
}

fn too_far_apart(bytes: u64) -> Error {
    Error::NotSubtitles(format!("{bytes} bytes of the film would have to be read for its lines, which are too many"))
}

/// Whether more than a fifth of the lines is lost: what is left is no track that anybody wants.
fn too_many_missing(missing: usize, all: usize) -> bool {
    missing.saturating_mul(5) > all
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

#[cfg(test)]
mod tests {
    use media::Cost;

    use super::*;

    #[test]
    fn a_plan_that_costs_too_much_is_refused() {
        let spot = |track, offset| Spot { offset, len: None, track, start_ns: 0, duration_ns: None };
        let spots = vec![spot(1, 10), spot(2, 20), spot(1, 30)];
        let reads = vec![TextRead { range: 0..4096, spots }];
        for (calls, bytes, wanted) in [
            (1, 4096, Some(2)),
            (MOST_CALLS, MOST_READ_BYTES, Some(2)),
            (MOST_CALLS + 1, 4096, None),
            (1, MOST_READ_BYTES + 1, None),
        ] {
            let plan = TextPlan { reads: reads.clone(), cost: Cost { calls, bytes } };
            assert_eq!(affordable(&plan, 1).ok(), wanted, "{calls} {bytes}");
        }
        let many = (0..=MAX_CUES as u64).map(|offset| spot(1, offset)).collect();
        let plan = TextPlan { reads: vec![TextRead { range: 0..4096, spots: many }], cost: Cost::default() };
        assert!(affordable(&plan, 1).is_err());
    }

    #[test]
    fn a_fifth_of_the_lines_may_be_lost() {
        let cases = [(0, 0, false), (0, 9, false), (1, 5, false), (1, 4, true), (20, 100, false), (21, 100, true)];
        for (missing, all, wanted) in cases {
            assert_eq!(too_many_missing(missing, all), wanted, "{missing} of {all}");
        }
    }
}
