//! Floor 3: post -> entry in the store, safe to run twice on one post.
//!
//! Two steps, so that nothing is lost whatever dies in between: [`Ingest::take`] records what happened in a channel at
//! once, new files as pending; [`Ingest::run`] works through what is pending, asks the metadata provider and gives each
//! entry its place in the catalog or in the review list. Telegram is told "done" after the first step.
//!
//! A post that is a volume (of a split file, or an archive) is recorded like any other, and settled with all volumes of its
//! name: `volumes` makes further entries of them, which then find their place like any other.

mod archive;
mod volumes;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::adapters::clock::unix_now;
use crate::adapters::metadata::{self, Identified, Metadata};
use crate::adapters::store::Store;
use crate::domain::entry::{Entry, EntryId, Place, Reason, Recorded, Source, Status};
use crate::domain::file::{VirtualFile, Volume, has_video_name};
use crate::domain::places::places;
use crate::domain::post::{ChannelEvent, Post};
use crate::domain::title::{Kind, Title};
use crate::domain::volumes as names;
use crate::engines::bytes::Engine;
use crate::flows::DatabaseError;
use release_name::Input;

/// Entries matched side by side. More only waits in the provider's own limit.
const MATCHING: usize = 8;
/// Entries taken from the store at a time.
const ROUND: u32 = 64;
/// How long a provider that is down is left alone: doubling from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// The store is asked for work this often even when nobody woke us: another command may have put an entry back.
const IDLE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long volumes that are not complete, or may not be, wait for more since the last one came. People forward them
    /// minutes apart.
    pub quiet: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { quiet: Duration::from_secs(600) }
    }
}

/// What became of a file, for whoever tells the owner.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    Added { entry: EntryId, file: String, title: String, year: Option<u16>, kind: Kind, places: Vec<Place> },
    NeedsReview { entry: EntryId, file: String, reason: Reason },
}

/// What is being done right now, for the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Names of the files being matched.
    pub matching: Vec<String>,
    /// Why the provider is left alone, while it is.
    pub waiting_for_provider: Option<String>,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Ingest {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    metadata: Metadata,
    engine: Engine,
    options: Options,
    notices: mpsc::UnboundedSender<Notice>,
    work: Notify,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    matching: Vec<String>,
    provider_down: Option<Down>,
}

/// A provider that did not answer, and until when it is left alone.
#[derive(Clone)]
struct Down {
    problem: String,
    until: i64,
    pause: Duration,
}

impl Ingest {
    /// The receiver gets a [`Notice`] for each file that found its place or needs a person. `engine` reads what archives
    /// hold.
    pub fn new(
        store: Store,
        metadata: Metadata,
        engine: Engine,
        options: Options,
    ) -> (Self, mpsc::UnboundedReceiver<Notice>) {
        let (notices, receiver) = mpsc::unbounded_channel();
        let (work, now) = (Notify::new(), Mutex::new(Now::default()));
        let inner = Inner { store, metadata, engine, options, notices, work, now };
        (Self { inner: Arc::new(inner) }, receiver)
    }

    /// Records what happened in a channel. When it returns, a crash loses nothing of it. Safe to repeat.
    pub async fn take(&self, events: &[ChannelEvent]) -> Result<(), DatabaseError> {
        let store = &self.inner.store;
        let mut posts = Vec::new();
        for event in events {
            match event {
                ChannelEvent::Posted(post) | ChannelEvent::Edited(post) => posts.push(draft(post)),
                ChannelEvent::Gone(gone) => {
                    // In order: a message may be posted and deleted within one batch.
                    self.record(std::mem::take(&mut posts)).await?;
                    let removed = store.remove_posts(gone).await?;
                    debug!(messages = gone.len(), entries = removed.len(), "Forgot deleted posts");
                    // Volumes that are left may no longer be a whole film.
                    self.inner.work.notify_one();
                }
            }
        }
        self.record(posts).await
    }

    async fn record(&self, posts: Vec<(Source, Entry)>) -> Result<(), DatabaseError> {
        if posts.is_empty() {
            return Ok(());
        }
        let added = self.inner.store.add_posts(&posts).await?;
        for ((source, entry), added) in posts.iter().zip(&added) {
            if *added != Recorded::Known {
                info!(post = %source.at, entry = %entry.id, ?added, "Recorded post {}", source.at);
            }
        }
        self.inner.work.notify_one();
        Ok(())
    }

    /// A person has an entry that waits for review, or that they ignored, matched again now. A provider that is left alone
    /// is asked all the same.
    pub async fn retry(&self, entry: EntryId) -> Result<u64, DatabaseError> {
        let count = self.inner.store.retry(Some(entry), unix_now()).await?;
        self.lock().provider_down = None;
        self.inner.metadata.ask_anyway();
        self.inner.work.notify_one();
        Ok(count)
    }

    /// A person wants an entry listed nowhere. Answers whether that changed anything.
    pub async fn ignore(&self, entry: EntryId) -> Result<bool, DatabaseError> {
        let is_new = self.inner.store.ignore(entry).await?;
        if is_new {
            info!(%entry, "Ignored {entry}, as the owner wants");
        }
        Ok(is_new)
    }

    pub fn progress(&self) -> Progress {
        let now = self.lock();
        Progress {
            matching: now.matching.clone(),
            waiting_for_provider: now.provider_down.as_ref().map(|down| down.problem.clone()),
        }
    }

    /// Matches what is pending until told to stop. One per store; a database that is away is waited for.
    pub async fn run(self, stop: CancellationToken) {
        let work = async {
            loop {
                match self.round().await {
                    Ok(0) => {
                        let _ = tokio::time::timeout(IDLE, self.inner.work.notified()).await;
                    }
                    Ok(_) => {}
                    Err(error) => {
                        warn!(%error, "Matching waits for the database");
                        tokio::time::sleep(FIRST_PAUSE).await;
                    }
                }
            }
        };
        // An entry cut off in the middle is still pending, and begins again at the next start.
        let _ = stop.run_until_cancelled(work).await;
    }

    /// Takes up to [`ROUND`] pending entries as far as they can be brought now. Answers how many there were.
    async fn round(&self) -> Result<usize, DatabaseError> {
        let pending = self.inner.store.pending(unix_now(), ROUND).await?;
        let count = pending.len();
        let (mut work, mut sets) = (Vec::new(), BTreeSet::new());
        for entry in pending {
            match names::read(&entry.name) {
                Some(volume) => {
                    sets.insert(volume.set());
                }
                None => work.push(Work::Entry(Box::new(entry))),
            }
        }
        work.extend(sets.into_iter().map(Work::Set));
        let results = stream::iter(work).map(async |work| match work {
            Work::Entry(entry) => self.settle(*entry).await,
            Work::Set(set) => self.join_volumes(&set).await,
        });
        let mut results = std::pin::pin!(results.buffer_unordered(MATCHING));
        while let Some(result) = results.next().await {
            result?;
        }
        Ok(count)
    }

    async fn settle(&self, entry: Entry) -> Result<(), DatabaseError> {
        let _shown = self.show(&entry.name);
        let judged = self.judge(&entry).await?;
        let status = judged.status();
        if !self.inner.store.settle(entry.id, entry.revision, &status).await? {
            // Edited meanwhile: the newer edit is pending and will be looked at next.
            return Ok(());
        }
        let notice = match judged {
            Judged::Placed { title, places, .. } => {
                info!(entry = %entry.id, title = %title.name, "Added {} as {}", entry.name, title.name);
                Notice::Added {
                    entry: entry.id,
                    file: entry.name,
                    title: title.name,
                    year: title.year,
                    kind: title.kind,
                    places,
                }
            }
            Judged::Review(reason) => {
                info!(entry = %entry.id, %reason, "{} needs review", entry.name);
                Notice::NeedsReview { entry: entry.id, file: entry.name, reason }
            }
            Judged::Later { .. } => return Ok(()),
        };
        let _ = self.inner.notices.send(notice);
        Ok(())
    }

    async fn judge(&self, entry: &Entry) -> Result<Judged, DatabaseError> {
        if is_unread_archive(entry) {
            return Ok(Judged::Review(Reason::Compressed { files: Vec::new() }));
        }
        if !is_video(entry) {
            return Ok(Judged::Review(Reason::NotVideo { mime: entry.mime.clone() }));
        }
        let tries = match &entry.status {
            Status::Pending { tries, .. } => *tries,
            _ => 0,
        };
        if let Some(down) = self.provider_down() {
            return Ok(Judged::Later { tries: tries + 1, down });
        }
        match self.inner.metadata.identify(&entry.release).await {
            Ok(identified) => {
                self.lock().provider_down = None;
                self.place(entry, identified).await
            }
            Err(error) => Ok(Judged::Later { tries: tries + 1, down: self.leave_alone(&error) }),
        }
    }

    async fn place(&self, entry: &Entry, identified: Identified) -> Result<Judged, DatabaseError> {
        let (title, reading) = match identified {
            Identified::Match { title, reading } => (title, reading),
            Identified::NoTitle => return Ok(Judged::Review(Reason::NoTitle)),
            Identified::NoMatch { searched } => return Ok(Judged::Review(Reason::NoMatch { searched })),
            Identified::UnknownId { id } => return Ok(Judged::Review(Reason::UnknownId { id })),
            Identified::Ambiguous { searched, candidates } => {
                return Ok(Judged::Review(Reason::Ambiguous { searched, candidates }));
            }
        };
        let places = match title.kind {
            Kind::Movie => Vec::new(),
            Kind::Series => match reading {
                Some(reading) => places(&entry.release.read_as(&reading), &title),
                None => places(&entry.release, &title),
            },
        };
        if title.kind == Kind::Series && places.is_empty() {
            return Ok(Judged::Review(Reason::NoEpisode { title: title.name }));
        }
        let id = self.inner.store.put_title(&title).await?;
        Ok(Judged::Placed { id, title, places })
    }

    fn provider_down(&self) -> Option<Down> {
        self.lock().provider_down.clone().filter(|down| unix_now() < down.until)
    }

    /// Notes that the provider failed. While it is left alone, everything else pending waits with it instead of each
    /// finding out by itself.
    fn leave_alone(&self, error: &metadata::Error) -> Down {
        let mut now = self.lock();
        if let Some(down) = now.provider_down.clone().filter(|down| unix_now() < down.until) {
            return down;
        }
        let pause = now.provider_down.as_ref().map_or(FIRST_PAUSE, |last| (last.pause * 2).min(LONGEST_PAUSE));
        let down = Down { problem: error.to_string(), until: unix_now() + pause.as_secs() as i64, pause };
        warn!(%error, pause_secs = pause.as_secs(), "Matching waits for the metadata provider");
        now.provider_down = Some(down.clone());
        down
    }

    fn show(&self, name: &str) -> Shown<'_> {
        self.lock().matching.push(name.to_owned());
        Shown { ingest: self, name: name.to_owned() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Now> {
        self.inner.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What a round works through.
enum Work {
    Entry(Box<Entry>),
    /// All volumes of one name.
    Set(String),
}

/// What one look at an entry came to.
enum Judged {
    Placed { id: crate::domain::title::TitleId, title: Box<Title>, places: Vec<Place> },
    Review(Reason),
    Later { tries: u32, down: Down },
}

impl Judged {
    fn status(&self) -> Status {
        match self {
            Self::Placed { id, places, .. } => Status::Matched { title: *id, places: places.clone() },
            Self::Review(reason) => Status::Review { reason: reason.clone() },
            Self::Later { tries, down } => Status::Pending {
                tries: *tries,
                retry_at: down.until,
                reason: Some(Reason::ProviderDown { problem: down.problem.clone() }),
            },
        }
    }
}

/// Takes a name off the list of what is being matched when the work on it ends, however it ends.
struct Shown<'a> {
    ingest: &'a Ingest,
    name: String,
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        let mut now = self.ingest.lock();
        if let Some(at) = now.matching.iter().position(|name| *name == self.name) {
            now.matching.swap_remove(at);
        }
    }
}

/// A post as the store keeps it: the message, and the entry that its file is.
fn draft(post: &Post) -> (Source, Entry) {
    let file = &post.attachment;
    let id = EntryId::from_documents(&[file.document]);
    let release = release_name::parse(&Input {
        name: file.file_name.as_deref().unwrap_or_default(),
        caption: &post.caption,
        folder: "",
    });
    let entry = Entry {
        id,
        file: VirtualFile::single(Volume { document: file.document, dc: file.dc, size: file.size }),
        name: name_of(post),
        mime: file.mime.clone(),
        caption: post.caption.clone(),
        release,
        duration_secs: file.duration_secs,
        width: file.width,
        height: file.height,
        status: Status::fresh(),
        posted: post.date,
        revision: 0,
    };
    (Source { at: post.at, entry: id, document: file.document, date: post.date, album: post.album }, entry)
}

/// The file's own name, or the first line of its caption with an extension for its kind, or the message's number.
fn name_of(post: &Post) -> String {
    if let Some(name) = post.attachment.file_name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    let line = post.caption.lines().map(str::trim).find(|line| line.chars().any(char::is_alphanumeric));
    let stem: String = match line {
        Some(line) => {
            line.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { ' ' } else { c }).take(120).collect()
        }
        None => format!("video {}", post.at.message),
    };
    let extension = match post.attachment.mime.as_str() {
        "video/x-matroska" => "mkv",
        "video/webm" => "webm",
        "video/quicktime" => "mov",
        _ => "mp4",
    };
    let stem = stem.trim();
    match has_video_name(stem) {
        true => stem.to_owned(),
        false => format!("{stem}.{extension}"),
    }
}

fn is_video(entry: &Entry) -> bool {
    has_video_name(&entry.name) || entry.mime.starts_with("video/")
}

/// Archives that are not looked into.
fn is_unread_archive(entry: &Entry) -> bool {
    let name = entry.name.to_ascii_lowercase();
    let name = match name.rsplit_once('.') {
        Some((head, number)) if number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()) => head,
        _ => name.as_str(),
    };
    [".7z", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".zst"].iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::post::{Attachment, ChatId, DocumentId, PostRef};

    fn post(file_name: Option<&str>, caption: &str, mime: &str) -> Post {
        Post {
            at: PostRef { chat: ChatId::from_bare(1_500_000_001).expect("a channel"), message: 7 },
            date: 1_700_000_000,
            album: None,
            caption: caption.to_owned(),
            attachment: Attachment {
                document: DocumentId(7_000_000_000_001),
                dc: 4,
                size: 1 << 30,
                mime: mime.to_owned(),
                file_name: file_name.map(str::to_owned),
                duration_secs: None,
                width: None,
                height: None,
            },
        }
    }

    #[test]
    fn a_file_without_a_name_goes_by_its_caption() {
        let cases = [
            (post(Some("Film.1968.mkv"), "a caption", "video/x-matroska"), "Film.1968.mkv"),
            (post(None, "\n🎬\nNosferatu (1922)\nA symphony of horror", "video/mp4"), "Nosferatu (1922).mp4"),
            (post(None, "Nosferatu.1922.mkv", "video/x-matroska"), "Nosferatu.1922.mkv"),
            (post(None, "M/A\\S*H", "video/webm"), "M A S H.webm"),
            (post(Some("  "), "", "video/mp4"), "video 7.mp4"),
        ];
        for (post, wanted) in cases {
            assert_eq!(draft(&post).1.name, wanted);
        }
    }

    #[test]
    fn what_is_not_a_video_is_told_apart_by_name_and_type() {
        let cases = [
            (post(Some("Film.mkv"), "", "application/octet-stream"), true),
            (post(Some("film"), "", "video/mp4"), true),
            (post(Some("Film.zip"), "", "application/zip"), false),
            (post(Some("Film.srt"), "", "application/x-subrip"), false),
        ];
        for (post, wanted) in cases {
            assert_eq!(is_video(&draft(&post).1), wanted, "{:?}", post.attachment.file_name);
        }
    }
}
