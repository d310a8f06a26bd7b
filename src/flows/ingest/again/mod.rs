//! A job: reads again what an older parser read, so that a better one reaches files that came before it.
//!
//! What stands under review comes first and has its title looked for again. Then all others are read anew: what is known of a
//! file changes at once, and its title only where the new reading means another one and a title is found for that. A file that
//! a person ignored stays ignored.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use release_name::Release;
use serde::{Deserialize, Serialize};

use super::Ingest;
use super::matching::Decision;
use super::profiles::profile_of;
use super::review::rules;
use crate::adapters::store::Store;
use crate::domain::entry::{Entry, EntryId, Reason, ReasonKind, Status};
use crate::domain::job::{About, NewJob, Place, Priority};
use crate::domain::matching::{How, Step};
use crate::domain::post::ChatId;
use crate::domain::review::ReadsAs;
use crate::domain::subtitles;
use crate::domain::volumes as names;
use crate::engines::jobs::{BoxFuture, Jobs, Kind, Run, Stop};
use crate::flows::DatabaseError;

pub const ABOUT: About = About {
    name: "reread",
    does: "reads files again that an older parser read, and looks again for the titles that are missing",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    tries: 20,
    schedule: None,
    place: Place::AnyInstance,
};

/// Looked at side by side: fewer than ingest takes, which goes on meanwhile.
const AT_ONCE: usize = 4;
/// Between two checkpoints.
const STEP: u32 = 64;
/// The setting that says which parser has read the whole library.
const READ_BY: &str = "library_read_by";
/// Raised when what is no question of names is decided otherwise: 1, subtitles stand beside their films.
const DECIDES: u16 = 1;

/// What a job reads again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// What has no title: something else than the parser got better.
    Review,
    /// The files of a channel, whatever was decided of them: the owner says something else of it now.
    Channel(ChatId),
    /// What reads like this, in a channel or in all: a person made a rule of it, or took one back.
    Alike {
        channel: Option<ChatId>,
        reads_as: ReadsAs,
    },
    All,
}

/// Queues it when the parser is another one than the one that read the library.
pub async fn queue_if_outdated(store: &Store, jobs: &Jobs, now: i64) -> Result<(), DatabaseError> {
    if store.settings().get(READ_BY).await?.as_deref() != Some(&this_parser()) {
        rules::reread(store).await?;
        jobs.add(&job(Scope::All, now)).await?;
    }
    Ok(())
}

/// For whoever has a reason to queue it. `now` in unix seconds.
pub fn job(scope: Scope, now: i64) -> NewJob {
    // A scope is always text.
    let input = serde_json::to_string(&scope).unwrap_or_default();
    // Who says something of a channel while its files are read has a reason of their own: the job that runs is past some of them.
    let key = (scope == Scope::All).then(|| format!("{} {input}", ABOUT.name));
    NewJob { key, input, ..NewJob::of(&ABOUT, now) }
}

fn this_parser() -> String {
    format!("{}.{DECIDES}", release_name::VERSION)
}

/// Why an entry is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Something reads or finds more than before.
    Parser,
    /// The owner says something else of its channel, which changes what was decided of it.
    Channel,
    /// A rule for files like it came or went.
    Rule,
    /// How long it plays is known now, and was not when its title was looked for.
    Inside,
}

/// How far it is, and what it came to so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    is_past_review: bool,
    after: Option<EntryId>,
    #[serde(default)]
    message: i32,
    read: u64,
    found: u64,
    moved: u64,
}

/// What looking at one entry again came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It waits for its first match, is a volume, or was read by this parser and has its title.
    Untouched,
    Read,
    /// It had no title and has one now.
    Found,
    /// It has another title, or is another part of it.
    Moved,
}

pub struct Again {
    pub ingest: Ingest,
}

impl Kind for Again {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            // Empty when a person had it run by its name.
            let scope = if run.job().input.is_empty() { Scope::All } else { run.input()? };
            let mut at: Checkpoint = run.checkpoint().unwrap_or_default();
            match &scope {
                Scope::Channel(chat) => {
                    self.read_channel(run, *chat, None, &mut at).await?;
                    return Ok(at.words());
                }
                Scope::Alike { channel, reads_as } => {
                    match channel {
                        Some(chat) => self.read_channel(run, *chat, Some(reads_as), &mut at).await?,
                        None => self.read_alike(run, reads_as, &mut at).await?,
                    }
                    return Ok(at.words());
                }
                Scope::Review | Scope::All => {}
            }
            if !at.is_past_review {
                self.read_review(run, &mut at).await?;
                at = Checkpoint { is_past_review: true, after: None, ..at };
                run.save(&at).await?;
            }
            if scope == Scope::All {
                self.read_all(run, &mut at).await?;
                self.ingest.inner.store.settings().set(READ_BY, &this_parser()).await?;
            }
            Ok(at.words())
        })
    }
}

impl Again {
    async fn read_review(&self, run: &Run, at: &mut Checkpoint) -> Result<(), Stop> {
        let entries = self.ingest.inner.store.entries();
        let mut listed = entries.under_review().await?;
        listed.retain(|id| at.after.is_none_or(|after| *id > after));
        for ids in listed.chunks(STEP as usize) {
            let mut step = Vec::new();
            for id in ids {
                step.extend(entries.get(*id).await?);
            }
            self.read_step(run, step, Why::Parser, at).await?;
        }
        Ok(())
    }

    /// `alike`: only what reads like this.
    async fn read_channel(
        &self,
        run: &Run,
        chat: ChatId,
        alike: Option<&ReadsAs>,
        at: &mut Checkpoint,
    ) -> Result<(), Stop> {
        let why = if alike.is_some() { Why::Rule } else { Why::Channel };
        let entries = self.ingest.inner.store.entries();
        loop {
            let carried = entries.in_channel(chat, at.message, STEP).await?;
            let Some((last, _)) = carried.last() else { return Ok(()) };
            at.message = *last;
            let ids: BTreeSet<EntryId> = carried.iter().map(|(_, entry)| *entry).collect();
            let mut step = Vec::new();
            for id in ids {
                step.extend(entries.get(id).await?);
            }
            step.retain(|entry| alike.is_none_or(|alike| is_alike(entry, alike)));
            self.read_step(run, step, why, at).await?;
            run.save(at).await?;
        }
    }

    async fn read_alike(&self, run: &Run, alike: &ReadsAs, at: &mut Checkpoint) -> Result<(), Stop> {
        loop {
            let mut step = self.ingest.inner.store.entries().behind(at.after, STEP).await?;
            let Some(last) = step.last().map(|entry| entry.id) else { return Ok(()) };
            step.retain(|entry| is_alike(entry, alike));
            self.read_step(run, step, Why::Rule, at).await?;
            at.after = Some(last);
            run.save(at).await?;
        }
    }

    async fn read_all(&self, run: &Run, at: &mut Checkpoint) -> Result<(), Stop> {
        loop {
            let mut step = self.ingest.inner.store.entries().behind(at.after, STEP).await?;
            let Some(last) = step.last().map(|entry| entry.id) else { return Ok(()) };
            // What stands under review was looked at before.
            step.retain(|entry| {
                entry.parser != release_name::VERSION && !matches!(entry.status, Status::Review { .. })
            });
            self.read_step(run, step, Why::Parser, at).await?;
            at.after = Some(last);
            run.save(at).await?;
        }
    }

    async fn read_step(&self, run: &Run, step: Vec<Entry>, why: Why, at: &mut Checkpoint) -> Result<(), Stop> {
        let last = step.last().map(|entry| entry.id);
        let looked_at = stream::iter(step).map(|entry| self.ingest.look_again(entry, why)).buffer_unordered(AT_ONCE);
        let outcomes: Vec<Outcome> = looked_at.try_collect().await?;
        for outcome in outcomes {
            at.read += u64::from(outcome != Outcome::Untouched);
            at.found += u64::from(outcome == Outcome::Found);
            at.moved += u64::from(outcome == Outcome::Moved);
        }
        run.progress(at.read, None, "files");
        if last.is_some() {
            at.after = last;
            run.save(at).await?;
        }
        Ok(())
    }
}

impl Ingest {
    pub(super) async fn look_again(&self, entry: Entry, why: Why) -> Result<Outcome, Stop> {
        if is_unfiled_volume(&entry) {
            return self.file(&entry).await;
        }
        let profile = profile_of(&self.inner.store, entry.id).await?;
        let before = entry.status.clone();
        let mut read = entry.clone();
        read.read_again(&profile);
        let is_searched = match &before {
            Status::Pending { .. } | Status::Volume => return Ok(Outcome::Untouched),
            Status::Ignored { reason } => why == Why::Channel && *reason == Some(Reason::SetAside),
            Status::Matched { how, .. } | Status::Subtitles { how, .. } => match why {
                // What a person decided of it is not a parser's to change.
                Why::Parser => !is_decided(how.as_ref()) && identity(&read.release) != identity(&entry.release),
                Why::Channel | Why::Rule => true,
                Why::Inside => !is_decided(how.as_ref()),
            },
            // Versions before took them for no videos.
            Status::Review { reason: Reason::NotVideo { .. } } if subtitles::form(&entry.name).is_some() => true,
            Status::Review { reason } => is_searched(reason.kind(), why),
        };
        if !is_searched {
            return self.keep(&read, &before).await;
        }
        let decision = self.decide(&read, profile.holds).await?;
        let had_title = matches!(before, Status::Matched { .. } | Status::Subtitles { .. });
        match &decision {
            Decision::Later { down, .. } => Err(Stop::Passing(down.problem.clone())),
            // Better a title that was found once than none.
            Decision::Review(_) if had_title && why == Why::Parser => self.keep(&read, &before).await,
            // A title that the running time speaks against goes to a person; one that nobody knows any more stays.
            Decision::Review(reason) if had_title && why == Why::Inside && reason.kind() != ReasonKind::Ambiguous => {
                self.keep(&read, &before).await
            }
            Decision::Match { .. } | Decision::Subtitles { .. } if !decision.status().is_of_the_same_title(&before) => {
                let notice = self.settle(read, decision).await?;
                if let Some(notice) = notice.filter(|_| !had_title) {
                    let _ = self.inner.notices.send(notice);
                }
                Ok(if had_title { Outcome::Moved } else { Outcome::Found })
            }
            Decision::Match { .. }
            | Decision::Subtitles { .. }
            | Decision::Review(_)
            | Decision::SetAside
            | Decision::Ignored(_) => self.keep(&read, &decision.status()).await,
        }
    }

    /// Leaves a volume to the set that it belongs to.
    async fn file(&self, entry: &Entry) -> Result<Outcome, Stop> {
        if let Some(volume) = names::read(&entry.name) {
            self.inner.store.volumes().file(entry.id, &volume.set()).await?;
            self.inner.work.notify_one();
        }
        Ok(Outcome::Read)
    }

    /// Stores the new reading. An entry that was edited meanwhile is left to its next match.
    async fn keep(&self, read: &Entry, status: &Status) -> Result<Outcome, Stop> {
        self.inner.store.entries().settle(read, status).await?;
        Ok(Outcome::Read)
    }
}

fn is_alike(entry: &Entry, alike: &ReadsAs) -> bool {
    ReadsAs::of(&entry.release).as_ref() == Some(alike)
}

fn is_decided(how: Option<&How>) -> bool {
    how.is_some_and(|how| matches!(how.step, Step::Chosen | Step::Rule))
}

/// Whether it was taken for a film, or for no video, though its name is a volume's for sure: names like it were not known then.
fn is_unfiled_volume(entry: &Entry) -> bool {
    let is_volume = names::read(&entry.name).is_some_and(|volume| !volume.is_doubtful());
    is_volume
        && match &entry.status {
            Status::Matched { .. } | Status::Subtitles { .. } => true,
            Status::Review { reason } => {
                !matches!(reason.kind(), ReasonKind::Volumes | ReasonKind::Waiting) && *reason != Reason::NoVideo
            }
            Status::Pending { .. } | Status::Ignored { .. } | Status::Volume => false,
        }
}

/// Whether what stands under review for a reason of this kind may have a title after all.
fn is_searched(kind: ReasonKind, why: Why) -> bool {
    match kind {
        ReasonKind::NotFound | ReasonKind::Ambiguous | ReasonKind::NoEpisode => true,
        ReasonKind::NotVideo | ReasonKind::ByChannel => why == Why::Channel,
        // Ingest's own: a set is put together, or a provider asked, when it is time.
        ReasonKind::Volumes | ReasonKind::Waiting => false,
    }
}

/// What of a release decides its title, and which part of it the file is.
fn identity(release: &Release) -> Release {
    let release = release.clone();
    Release {
        title: release.title,
        alternative_titles: release.alternative_titles,
        year: release.year,
        kind: release.kind,
        seasons: release.seasons,
        episodes: release.episodes,
        absolute: release.absolute,
        date: release.date,
        episode_title: release.episode_title,
        special: release.special,
        complete: release.complete,
        title_part: release.title_part,
        country: release.country,
        imdb: release.imdb,
        tmdb: release.tmdb,
        readings: release.readings,
        ..Release::default()
    }
}

impl Checkpoint {
    fn words(&self) -> String {
        let one_or = |count: u64, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {many}")),
        };
        let Some(files) = one_or(self.read, "file", "files") else { return "nothing to do".to_owned() };
        let found = one_or(self.found, "found its title", "found their titles");
        let moved = one_or(self.moved, "has another one now", "have other ones now");
        let said: Vec<String> = [Some(format!("read {files} again")), found, moved].into_iter().flatten().collect();
        said.join(", ")
    }
}
