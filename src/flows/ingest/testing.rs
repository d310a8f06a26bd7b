//! For tests of this room: a library before the simulated provider, as the program runs it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use release_name::Release;
use simulation::metadata as provider;
use simulation::metadata::work::Work;
use tokio_util::sync::CancellationToken;

use super::Ingest;
use super::again::{ABOUT, Again};
use super::matching::Decision;
use super::probe::{Pace, Probes};
use crate::adapters::metadata::{Metadata, NoAnswers, Options};
use crate::adapters::store::{Database, Store};
use crate::adapters::telegram::Telegram;
use crate::adapters::telegram::scripted::{Calls, Script};
use crate::domain::channel::{Holds, Profile};
use crate::domain::entry::{Entry, EntryId, Reason, Source, Status};
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::job::{Job, NewJob};
use crate::domain::post::{ChatId, DocumentId, PostRef};
use crate::domain::telegram_id::Dc;
use crate::domain::title::TitleId;
use crate::engines::bytes::{self, Engine};
use crate::engines::jobs::{self, Jobs, Kind};
use crate::flows::ingest;

pub const NIGHT: &str = "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv";
pub const DETOUR: &str = "Detour (1945) 720p.mkv";

/// Without a pause between two files.
const AT_ONCE: Pace = Pace { files_per_hour: u32::MAX, bytes_per_hour: u64::MAX };

/// A store with a channel, ingest before the simulated provider, and the jobs.
pub struct Library {
    pub store: Store,
    pub ingest: Ingest,
    pub notices: tokio::sync::mpsc::UnboundedReceiver<ingest::Notice>,
    pub jobs: Jobs,
    pub provider: provider::Server,
    /// What was read of files.
    pub calls: Calls,
    posted: i32,
    dir: PathBuf,
}

impl Drop for Library {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Library {
    pub async fn open() -> Self {
        Self::with_works(simulation::library::works()).await
    }

    /// Before a provider that knows these.
    pub async fn with_works(works: Vec<Work>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("cinepost-again-{}-{count}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
        store.channels().seed(&[chat()]).await.expect("seeded");
        let options = provider::Options { works, ..provider::Options::default() };
        let provider = provider::start(options).await.expect("a free port");
        let options = Options::simulated(&provider, Some(provider::KEY));
        let (telegram, calls) = Telegram::scripted(Script::new(1, 1));
        let background_patience = Duration::from_millis(300);
        let options_of_bytes = bytes::Options { background_patience, ..bytes::Options::default() };
        let engine = Engine::new(telegram.files().clone(), options_of_bytes).expect("no disk");
        let metadata = Metadata::new(options, Arc::new(NoAnswers));
        let (ingest, notices) = Ingest::new(store.clone(), metadata, engine, ingest::Options::default());
        let kinds: Vec<Arc<dyn Kind>> = vec![
            Arc::new(Again { ingest: ingest.clone() }),
            Arc::new(Probes { ingest: ingest.clone(), pace: AT_ONCE }),
        ];
        let options =
            jobs::Options { look: Duration::from_millis(20), ..jobs::Options::new("one".to_owned(), dir.join("jobs")) };
        let jobs = Jobs::new(store.clone(), kinds, options);
        Self { store, ingest, notices, jobs, provider, calls, posted: 0, dir }
    }

    /// A file of this name, as an older parser read it: without anything.
    pub async fn post(&mut self, name: &str, status: Status) -> EntryId {
        self.posted += 1;
        let document = DocumentId(7_000_000_000_000 + i64::from(self.posted));
        let id = EntryId::from_documents(&[document]);
        let entry = Entry {
            release: Release { title: "Something Else".to_owned(), ..Release::default() },
            posted: 1_700_000_000,
            ..Entry::of(
                id,
                VirtualFile::single(Volume { document, dc: Dc(2), size: 1 << 30 }),
                name,
                "video/x-matroska",
            )
        };
        let at = PostRef { chat: chat(), message: self.posted };
        let source = Source { at, entry: id, document, date: 1_700_000_000, album: None, reply_to: None };
        self.store.posts().record(&[(source, entry)]).await.expect("recorded");
        let stored = self.get(id).await;
        assert!(self.store.entries().settle(&stored, &status).await.expect("settled"));
        id
    }

    pub async fn get(&self, id: EntryId) -> Entry {
        self.store.entries().get(id).await.expect("read").expect("there")
    }

    /// The title that an entry has.
    pub async fn title(&self, id: EntryId) -> Option<String> {
        let Status::Matched { title, .. } = self.get(id).await.status else { return None };
        Some(self.store.titles().get(title).await.expect("read").expect("there").name)
    }

    /// A title that the provider knows, for an entry that was matched wrongly.
    pub async fn known(&self, name: &str) -> TitleId {
        let mut entry = self.get(self.store.entries().under_review().await.expect("read")[0]).await;
        entry.name = name.to_owned();
        entry.read_again(&Profile::default());
        match self.ingest.decide(&entry, Holds::Anything).await.expect("it answers") {
            Decision::Match { id, .. } => id,
            other => panic!("{name}: {:?}", other.status()),
        }
    }

    /// Runs the job as a person does, by its name.
    pub async fn read_again(&self) -> Job {
        self.run(NewJob::of(&ABOUT, 0)).await
    }

    /// Runs a job until it ended.
    pub async fn run(&self, job: NewJob) -> Job {
        let stop = CancellationToken::new();
        let running = tokio::spawn(self.jobs.clone().run(stop.clone()));
        let job = self.jobs.add(&job).await.expect("queued").id();
        let ended = loop {
            let job = self.store.jobs().get(job).await.expect("read").expect("there");
            if job.state.has_ended() {
                break job;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        stop.cancel();
        running.await.expect("no panic");
        ended
    }
}

pub fn chat() -> ChatId {
    ChatId::from_bare(1_500_000_001).expect("a channel")
}

pub fn review() -> Status {
    Status::Review { reason: Reason::NoMatch { searched: "Something Else".to_owned(), nearest: Vec::new() } }
}
