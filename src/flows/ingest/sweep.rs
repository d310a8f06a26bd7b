//! A job: reads what was posted to a channel before anybody watched it, or while nobody could be told. Bots cannot list a channel's
//! messages, so it asks for them by their ids, from the newest down: what is new stands in the catalog first.
//!
//! A page of ids is read, recorded and acknowledged in the channel's own line (`Messages::read_page`), so that live posts come
//! before it and no old caption after a new one. Then the job notes where it stands: after a crash a page may come once more,
//! which changes nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::old_messages::{IDS, OldMessages, PAUSE, is_watched};
use crate::adapters::store::Store;
use crate::adapters::telegram::PageRead;
use crate::domain::job::{About, Added, NewJob, Place, Priority};
use crate::domain::post::ChatId;
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};
use crate::flows::DatabaseError;

pub const ABOUT: About = About {
    name: "sweep",
    does: "reads the old posts of a channel, the newest first",
    // Several channels share the pace: a small one need not wait for a large one's end.
    at_once: 4,
    per_person: 4,
    priority: Priority::Normal,
    tries: 20,
    schedule: None,
    place: Place::WatchingInstance,
};

/// After a page on which nothing stood, there is likely to be nothing on the next.
const IDS_IN_A_GAP: i32 = 200;

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Input {
    chat: ChatId,
    /// The message to begin with; else the newest there is.
    #[serde(default)]
    up_to: Option<i32>,
}

/// How far it is, and what it found so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Checkpoint {
    up_to: i32,
    /// The id to read next. They go down to 1.
    next: i32,
    files: u64,
    passed_over: u64,
    /// The last page had nothing on it.
    is_in_a_gap: bool,
}

/// For whoever has a reason to queue it. `now` in unix seconds.
pub fn job(chat: ChatId, up_to: Option<i32>, now: i64) -> NewJob {
    // Numbers are always text.
    let input = serde_json::to_string(&Input { chat, up_to }).unwrap_or_default();
    NewJob { key: Some(format!("{} {input}", ABOUT.name)), input, ..NewJob::of(&ABOUT, now) }
}

/// How long it takes about to read a channel up to this message, while Telegram asks for no pauses and nothing else is swept.
pub fn takes(up_to: i32) -> Duration {
    // Asking for a page and recording it is done within the pause (scripts/bench-sweep).
    PAUSE * (up_to.max(0) as u32).div_ceil(IDS as u32)
}

/// Channels that are being read, or are about to be.
pub(super) async fn unfinished(store: &Store) -> Result<BTreeSet<ChatId>, DatabaseError> {
    let jobs = store.jobs().unfinished(MOST_UNFINISHED).await?;
    let of = |input: &str| serde_json::from_str::<Input>(input).ok().map(|input| input.chat);
    Ok(jobs.iter().filter(|job| job.kind == ABOUT.name).filter_map(|job| of(&job.input)).collect())
}

/// More jobs than ever wait at once.
const MOST_UNFINISHED: u32 = 1_000;

pub struct Sweep(pub OldMessages);

impl Sweep {
    async fn begin(&self, input: Input) -> Result<Checkpoint, Stop> {
        let up_to = match input.up_to {
            Some(up_to) => up_to,
            None => self.0.newest(input.chat).await?,
        };
        Ok(Checkpoint { up_to, next: up_to, files: 0, passed_over: 0, is_in_a_gap: false })
    }
}

impl Kind for Sweep {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            let input: Input = run.input()?;
            let mut at: Checkpoint = match run.checkpoint() {
                Some(checkpoint) => checkpoint,
                None => self.begin(input).await?,
            };
            while at.next > 0 {
                let (first, last) = at.page();
                at.take(first, self.0.record(input.chat, first, last).await?);
                run.progress((at.up_to - at.next) as u64, Some(at.up_to as u64), "messages");
                run.save(&at).await?;
            }
            Ok(at.words(input.chat))
        })
    }
}

impl Checkpoint {
    /// First and last id of the page to read next.
    fn page(&self) -> (i32, i32) {
        let ids = if self.is_in_a_gap { IDS_IN_A_GAP } else { IDS };
        ((self.next - ids + 1).max(1), self.next)
    }

    fn take(&mut self, first: i32, page: PageRead) {
        self.next = first - 1;
        self.files += page.files;
        self.passed_over += page.passed_over;
        self.is_in_a_gap = page == PageRead::default();
    }

    fn words(&self, chat: ChatId) -> String {
        let Self { up_to, files, passed_over, .. } = self;
        format!("read channel {chat} up to message {up_to}: {files} with a file, {passed_over} passed over")
    }
}

/// For whoever wants a channel read again, from its end to its beginning. Cheap to clone; works beside the running program as
/// well, which does the reading.
#[derive(Clone)]
pub struct Sweeps {
    store: Store,
}

impl Sweeps {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// `None` when the channel is not watched. `now` in unix seconds.
    pub async fn queue(&self, chat: ChatId, now: i64) -> Result<Option<Added>, DatabaseError> {
        if !is_watched(&self.store, chat).await? {
            return Ok(None);
        }
        // A person waits for it.
        let job = NewJob { priority: Priority::Urgent, ..job(chat, None, now) };
        Ok(Some(self.store.jobs().add(&job, now).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_down_to_the_first_message_and_are_longer_where_nothing_stands() {
        let mut at = Checkpoint { up_to: 650, next: 650, files: 0, passed_over: 0, is_in_a_gap: false };
        let (full, empty) = (PageRead { files: 90, passed_over: 3 }, PageRead::default());
        let mut pages = Vec::new();
        for read in [full, empty, empty, full, full] {
            let (first, last) = at.page();
            pages.push((first, last));
            at.take(first, read);
        }
        assert_eq!(pages, [(551, 650), (451, 550), (251, 450), (51, 250), (1, 50)]);
        let chat = ChatId::from_bare(1_500_000_001).expect("in range");
        let wanted = "read channel -1001500000001 up to message 650: 270 with a file, 9 passed over";
        assert_eq!((at.next, at.words(chat).as_str()), (0, wanted));
    }

    #[test]
    fn a_large_channel_takes_minutes() {
        for (up_to, secs) in [(0, 0), (-3, 0), (1, 0), (1_000, 2), (200_000, 500)] {
            assert_eq!(takes(up_to).as_secs(), secs, "{up_to}");
        }
    }

    #[test]
    fn a_channel_is_queued_once_for_each_end() {
        let chat = ChatId::from_bare(5).expect("in range");
        assert_eq!(job(chat, Some(7), 1).key, job(chat, Some(7), 2).key);
        assert_ne!(job(chat, Some(7), 1).key, job(chat, Some(8), 1).key);
        assert_ne!(job(chat, Some(7), 1).key, job(chat, None, 1).key);
    }
}
