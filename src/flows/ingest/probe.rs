//! A job: looks into files, for what their names do not say or say wrongly. What it finds stands before the name (`Entry::described`).
//!
//! ```text
//! due -> read the ranges that media::Probe wants -> record -> look for the title again, where the running time matters
//!  |          slowly: so many files and bytes an hour, behind everybody who watches
//!  '- the newest post first, so that what comes in now does not wait for a channel of ten years
//! ```
//!
//! It goes on until nothing is due. What it has done stands in the store, so that a job that was interrupted goes on where it was. A file that
//! cannot be read is tried again later, each time later than before; when many in a row cannot, the job itself waits.

use std::time::Duration;

use media::{Found, Why as Unreadable};
use serde::{Deserialize, Serialize};
use tracing::{debug, info};

use super::again::Why;
use super::{Ingest, Inner};
use crate::adapters::telegram::VolumeLocation;
use crate::domain::entry::{Entry, Inside, Probe, Reason, Status, Unknown};
use crate::domain::job::{About, NewJob, Place, Priority, Schedule};
use crate::domain::matching::{RunningTime, Step as Ladder};
use crate::domain::title::Kind as TitleKind;
use crate::engines::bytes::{self, Locations, Purpose};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};
use crate::flows::DatabaseError;

pub const ABOUT: About = About {
    name: "probe",
    does: "looks into files that nobody looked into yet: what they hold, and how long they play",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    tries: 20,
    // For those that could not be read when they came; what comes in queues it at once.
    schedule: Some(Schedule::Every { minutes: 60, after: 23 }),
    place: Place::AnyInstance,
};

/// A file that came in is looked into no sooner: others of its album are on their way, and its title comes first.
const SOON_SECS: i64 = 15;
/// How long the first pause of a file is that cannot be read; twice as long after each further try.
const FIRST_PAUSE_SECS: i64 = 600;
const LONGEST_PAUSE_SECS: i64 = 7 * 86_400;
/// When Telegram brings nothing of so many in a row, it is no matter of the files.
const FAILURES_IN_A_ROW: u32 = 3;
/// A FLOOD_WAIT is kept by the engine; the job only looks again.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// How often to look whether viewers are still short of connections.
const BUSY_POLL: Duration = Duration::from_secs(5);
/// Counting goes no further: what is left of it is shown as people read it, and "100000" says enough.
const MOST_COUNTED: u32 = 100_000;

/// How much an hour may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub files_per_hour: u32,
    pub bytes_per_hour: u64,
}

impl Pace {
    /// How long to wait after a file of which so many bytes were read.
    fn pause(self, bytes: u64) -> Duration {
        let hour = Duration::from_secs(3600);
        let of_bytes = hour.as_secs_f64() * bytes as f64 / self.bytes_per_hour.max(1) as f64;
        (hour / self.files_per_hour.max(1)).max(Duration::from_secs_f64(of_bytes))
    }
}

pub struct Probes {
    pub ingest: Ingest,
    pub pace: Pace,
}

/// What it came to so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Done {
    looked: u64,
    /// Of these, what is no film that is known.
    unknown: u64,
    failed: u64,
}

/// What looking into one file came to.
struct Looked {
    outcome: Result<(Inside, Option<u64>, Vec<u8>), bytes::Error>,
    read_bytes: u64,
}

impl Kind for Probes {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            let mut done: Done = run.checkpoint().unwrap_or_default();
            let store = &self.ingest.inner.store;
            let mut failures_in_a_row = 0;
            while let Some((entry, tries)) = store.probes().due(media::VERSION, run.now(), 1).await?.pop() {
                while self.ingest.inner.engine.is_contended() {
                    tokio::time::sleep(BUSY_POLL).await;
                }
                run.cancel().check()?;
                let looked = self.look(&entry).await?;
                match looked.outcome {
                    Ok((found, hash, key_frames)) => {
                        failures_in_a_row = 0;
                        done.looked += 1;
                        done.unknown += u64::from(matches!(found, Inside::Unknown(_)));
                        let probe = Probe { by: media::VERSION, at: run.now(), hash, found };
                        self.keep(entry, probe, &key_frames).await?;
                    }
                    // Of the bots, not of the file.
                    Err(bytes::Error::Busy { retry_after }) => {
                        tokio::time::sleep(retry_after.min(LONGEST_WAIT)).await;
                        continue;
                    }
                    Err(error) => {
                        let is_of_telegram = matches!(error, bytes::Error::Unavailable(_));
                        failures_in_a_row = if is_of_telegram { failures_in_a_row + 1 } else { 0 };
                        done.failed += 1;
                        debug!(entry = %entry.id, %error, "{} could not be looked into", entry.name);
                        store.probes().postpone(entry.id, tries + 1, run.now() + pause_secs(tries)).await?;
                        if failures_in_a_row == FAILURES_IN_A_ROW {
                            return Err(Stop::Passing(error.to_string()));
                        }
                    }
                }
                run.save(&done).await?;
                let left = store.probes().count_due(media::VERSION, MOST_COUNTED).await?;
                run.progress(done.looked, Some(done.looked + left), "files");
                tokio::time::sleep(self.pace.pause(looked.read_bytes)).await;
            }
            Ok(done.words())
        })
    }
}

impl Probes {
    async fn look(&self, entry: &Entry) -> Result<Looked, Stop> {
        let Inner { store, engine, .. } = &*self.ingest.inner;
        let sources = store.entries().sources(entry.id).await?;
        let unseen = Looked { outcome: Err(bytes::Error::NotFound), read_bytes: 0 };
        let Some(locations) = VolumeLocation::of_all(&entry.file, &sources) else { return Ok(unseen) };
        let locations: Locations = locations.into();
        let bytes::Looked { outcome, read_bytes } = engine.look_into(&entry.file, &locations, Purpose::Probe).await;
        let outcome = outcome.and_then(|found| match found {
            Ok(found) => {
                let Found { facts, key_frames, hash, .. } = *found;
                Ok((Inside::Facts(Box::new(facts)), hash, key_frames.as_bytes().to_vec()))
            }
            Err(Unreadable::OutOfReach) => Err(bytes::Error::NotFound),
            Err(Unreadable::NotKnown) => Ok((Inside::Unknown(Unknown::Container), None, Vec::new())),
            Err(Unreadable::Damaged | Unreadable::Empty) => Ok((Inside::Unknown(Unknown::Damaged), None, Vec::new())),
        });
        Ok(Looked { outcome, read_bytes })
    }

    async fn keep(&self, entry: Entry, probe: Probe, key_frames: &[u8]) -> Result<(), Stop> {
        let store = &self.ingest.inner.store;
        let (id, name) = (entry.id, entry.name.clone());
        let seen = Entry { probe: Some(probe.clone()), ..entry };
        if let Inside::Unknown(why) = &probe.found {
            info!(entry = %id, "{name} stays what its name says: {why}");
        }
        let key_frames = Some(key_frames).filter(|frames| !frames.is_empty());
        self.ingest.changed(probe.at).await?;
        if store.probes().record(id, &probe, key_frames).await? && self.says_more(&seen).await? {
            debug!(entry = %id, "Looks for the title of {name} again, which plays {:?} s", seen.runtime_secs());
            // It may have been edited meanwhile.
            if let Some(entry) = store.entries().get(id).await? {
                self.ingest.look_again(entry, Why::Inside).await?;
            }
        }
        Ok(())
    }

    /// Whether the running time inside may find another title than was found without it: of several that fit one may be told now, or the
    /// one that was found is much longer or shorter.
    async fn says_more(&self, entry: &Entry) -> Result<bool, Stop> {
        let time = entry.runtime_secs().filter(|secs| entry.duration_secs.is_none_or(|said| said.abs_diff(*secs) > 60));
        let Some(time) = time.and_then(RunningTime::new) else { return Ok(false) };
        match &entry.status {
            Status::Review { reason: Reason::Ambiguous { .. } } => Ok(true),
            Status::Matched { title, how, .. } => {
                let is_sure = |step: Ladder| matches!(step, Ladder::Chosen | Ladder::Rule | Ladder::Id);
                if how.as_ref().is_some_and(|how| is_sure(how.step)) {
                    return Ok(false);
                }
                let title = self.ingest.inner.store.titles().get(*title).await?;
                let title = title.filter(|title| title.kind == TitleKind::Movie);
                Ok(title.and_then(|title| title.runtime_mins).is_some_and(|mins| time.is_off(mins)))
            }
            Status::Pending { .. }
            | Status::Review { .. }
            | Status::Ignored { .. }
            | Status::Volume
            | Status::Subtitles { .. } => Ok(false),
        }
    }
}

impl Ingest {
    /// Has what came in looked into, where that is wanted.
    pub(super) async fn queue_probe(&self, now: i64) -> Result<(), DatabaseError> {
        if !self.inner.options.probes || !self.is_time_to_queue_probe(now) {
            return Ok(());
        }
        let job = NewJob { key: Some(ABOUT.name.to_owned()), due: now + SOON_SECS, ..NewJob::of(&ABOUT, now) };
        self.inner.store.jobs().add(&job, now).await?;
        Ok(())
    }

    /// A channel that is read for the first time brings hundreds of files a second, and one job is enough for them.
    fn is_time_to_queue_probe(&self, now: i64) -> bool {
        let mut state = self.lock();
        let is_time = state.probe_queued.is_none_or(|queued| now >= queued + SOON_SECS);
        if is_time {
            state.probe_queued = Some(now);
        }
        is_time
    }
}

/// After so many tries in vain before this one.
fn pause_secs(tries: u32) -> i64 {
    FIRST_PAUSE_SECS.saturating_mul(1 << tries.min(20)).min(LONGEST_PAUSE_SECS)
}

impl Done {
    fn words(&self) -> String {
        let files = |count: u64| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let looked = match (self.looked, self.failed) {
            (0, 0) => return "nothing to do".to_owned(),
            (looked, _) => format!("looked into {}", files(looked)),
        };
        let unknown = (self.unknown > 0).then(|| format!("{} of no known kind", self.unknown));
        let failed = (self.failed > 0).then(|| format!("{} could not be read and come later", self.failed));
        [Some(looked), unknown, failed].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use media::Facts;

    use super::super::testing::{DETOUR, Library, NIGHT, review};
    use super::*;
    use crate::adapters::telegram::scripted::Fault;
    use crate::domain::entry::EntryId;
    use crate::domain::job::State;
    use crate::domain::matching::How;
    use crate::flows::ingest::Notice;

    #[tokio::test]
    async fn what_is_no_container_that_is_known_stays_what_its_name_says() {
        let mut library = Library::open().await;
        let id = library.post(NIGHT, review()).await;
        let job = library.run(NewJob::of(&ABOUT, 0)).await;
        assert_eq!((job.state, job.says.as_str()), (State::Done, "looked into 1 file, 1 of no known kind"));
        let probe = library.get(id).await.probe.expect("it was looked into");
        assert_eq!((probe.by, probe.found), (media::VERSION, Inside::Unknown(Unknown::Container)));
        assert_eq!(library.get(id).await.status, review());

        let read: u64 = library.calls.all().iter().map(|call| u64::from(call.limit)).sum();
        assert!(read <= 320 * 1024, "its two ends are enough: {read} bytes");
        let asked = library.calls.count();
        assert_eq!(library.run(NewJob::of(&ABOUT, 0)).await.says, "nothing to do");
        assert_eq!(library.calls.count(), asked, "no reader of today looks twice");
    }

    #[tokio::test]
    async fn what_cannot_be_read_comes_again_later() {
        let mut library = Library::open().await;
        let id = library.post(NIGHT, review()).await;
        library.calls.set_bot(0, Some(Fault::NotVisible));
        let job = library.run(NewJob::of(&ABOUT, 0)).await;
        let says = "looked into 0 files, 1 could not be read and come later";
        assert_eq!((job.state, job.says.as_str()), (State::Done, says));
        let ended = job.ended.expect("it ended");
        let due = async |at| library.store.probes().due(media::VERSION, at, 9).await.expect("read");
        assert!(due(ended + FIRST_PAUSE_SECS - 60).await.is_empty());
        let later = due(ended + FIRST_PAUSE_SECS).await;
        assert_eq!(later.iter().map(|(entry, tries)| (entry.id, *tries)).collect::<Vec<_>>(), [(id, 1)]);
    }

    #[tokio::test]
    async fn a_flood_wait_is_waited_for_and_is_no_failure_of_the_file() {
        let mut library = Library::open().await;
        let id = library.post(NIGHT, review()).await;
        library.calls.set_bot(0, Some(Fault::FloodWait(Duration::from_secs(1))));
        let calls = library.calls.clone();
        let lifted = async move {
            while calls.count() == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            calls.set_bot(0, None);
        };
        let (job, ()) = tokio::join!(library.run(NewJob::of(&ABOUT, 0)), lifted);
        assert_eq!((job.state, job.says.as_str()), (State::Done, "looked into 1 file, 1 of no known kind"));
        assert!(library.get(id).await.probe.is_some());
    }

    #[tokio::test]
    async fn when_telegram_is_gone_the_job_comes_again_and_so_do_its_files() {
        let mut library = Library::open().await;
        for _ in 0..FAILURES_IN_A_ROW + 2 {
            library.post(NIGHT, review()).await;
        }
        library.calls.set_bot(0, Some(Fault::Refused));
        let stop = tokio_util::sync::CancellationToken::new();
        let running = tokio::spawn(library.jobs.clone().run(stop.clone()));
        let id = library.jobs.add(&NewJob::of(&ABOUT, 0)).await.expect("queued").id();
        let job = loop {
            let job = library.store.jobs().get(id).await.expect("read").expect("there");
            if job.state == State::Retrying {
                break job;
            }
            assert!(!job.state.has_ended(), "{job:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        stop.cancel();
        running.await.expect("no panic");
        assert!(job.says.contains("Telegram cannot be read"), "{}", job.says);
        let due = library.store.probes().due(media::VERSION, i64::MAX, 99).await.expect("read");
        let tried = due.iter().filter(|(_, tries)| *tries == 1).count();
        // It may have begun again meanwhile.
        assert!(
            due.len() == FAILURES_IN_A_ROW as usize + 2 && tried >= FAILURES_IN_A_ROW as usize,
            "{tried} of {}",
            due.len()
        );
    }

    /// What the job does with a probe that says how long a file plays.
    async fn keep(library: &Library, id: EntryId, mins: u64) {
        let facts = Facts { duration_ms: Some(mins * 60_000), ..Facts::default() };
        let probe = Probe { by: media::VERSION, at: 0, hash: None, found: Inside::Facts(Box::new(facts)) };
        let pace = Pace { files_per_hour: 1, bytes_per_hour: 1 };
        let probes = Probes { ingest: library.ingest.clone(), pace };
        probes.keep(library.get(id).await, probe, &[]).await.expect("kept");
    }

    #[tokio::test]
    async fn the_running_time_inside_tells_namesakes_apart_and_speaks_against_a_wrong_title() {
        let like = simulation::library::works().into_iter().find(|work| work.runtime_mins == 96).expect("a film");
        let film = |tmdb, name: &str, released: &str, runtime_mins| simulation::metadata::work::Work {
            tmdb,
            imdb: None,
            name: name.to_owned(),
            original_name: None,
            other_names: Vec::new(),
            translations: Vec::new(),
            released: released.to_owned(),
            runtime_mins,
            ..like.clone()
        };
        let works = vec![
            film(1, "Mooring", "1950-05-05", 80),
            film(2, "Mooring", "1990-05-05", 97),
            film(3, "After Dusk", "1985-05-05", 97),
        ];
        let mut library = Library::with_works(works).await;
        let unsure = || Reason::Ambiguous { searched: "Mooring".to_owned(), candidates: Vec::new() };
        let told = library.post("Mooring.mkv", Status::Review { reason: unsure() }).await;
        let untold = library.post("Mooring.mkv", Status::Review { reason: unsure() }).await;
        let dusk = library.known("After Dusk (1985).mkv").await;
        let matched = || Status::Matched { title: dusk, parts: Vec::new(), how: None };
        let right = library.post("After.Dusk.mkv", matched()).await;
        let wrong = library.post("After.Dusk.mkv", matched()).await;

        keep(&library, told, 98).await;
        let notice = library.notices.try_recv().expect("a notice");
        assert!(matches!(notice, Notice::Added { year: Some(1990), .. }), "{notice:?}");
        assert_eq!(library.title(told).await.as_deref(), Some("Mooring"));

        keep(&library, untold, 88).await;
        assert!(matches!(library.get(untold).await.status, Status::Review { reason: Reason::Ambiguous { .. } }));

        let asked = library.provider.asked();
        keep(&library, right, 95).await;
        assert_eq!(library.title(right).await.as_deref(), Some("After Dusk"));
        assert_eq!(library.provider.asked(), asked, "a time that fits asks nobody");

        keep(&library, wrong, 26).await;
        let status = library.get(wrong).await.status;
        assert!(matches!(status, Status::Review { reason: Reason::Ambiguous { .. } }), "{status:?}");
    }

    #[tokio::test]
    async fn what_a_person_chose_no_running_time_changes() {
        let mut library = Library::open().await;
        let listed = library.post(NIGHT, review()).await;
        let detour = library.known(DETOUR).await;
        for step in [Ladder::Chosen, Ladder::Rule, Ladder::Id] {
            let how = Some(How { step, why: String::new() });
            let chosen = library.post(NIGHT, Status::Matched { title: detour, parts: Vec::new(), how }).await;
            keep(&library, chosen, 300).await;
            assert_eq!(library.title(chosen).await.as_deref(), Some("Detour"), "{step:?}");
        }
        assert_eq!(library.get(listed).await.status, review());
    }

    #[test]
    fn an_hour_brings_as_many_files_and_bytes_as_it_may() {
        let pace = Pace { files_per_hour: 600, bytes_per_hour: 1 << 30 };
        for (read, wanted_secs) in [(0, 6.0), (1 << 20, 6.0), (4 << 20, 14.06), (20 << 20, 70.31)] {
            let pause = pace.pause(read).as_secs_f64();
            assert!((pause - wanted_secs).abs() < 0.01, "{pause} s after {read} bytes");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_waits_longer_each_time_and_never_for_good() {
        assert_eq!([0, 1, 2, 30].map(pause_secs), [600, 1200, 2400, LONGEST_PAUSE_SECS]);
    }

    #[test]
    fn it_says_what_it_did() {
        for ((looked, unknown, failed), wanted) in [
            ((0, 0, 0), "nothing to do"),
            ((1, 0, 0), "looked into 1 file"),
            ((12, 2, 1), "looked into 12 files, 2 of no known kind, 1 could not be read and come later"),
            ((0, 0, 2), "looked into 0 files, 2 could not be read and come later"),
        ] {
            assert_eq!(Done { looked, unknown, failed }.words(), wanted);
        }
    }
}
