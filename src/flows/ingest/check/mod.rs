//! A job: compares what is kept of the channels with what stands in them, by ids. Telegram tells a bot of every edit and deletion
//! once; what was lost on the way, by a bug or by a database that was put back from a copy, is found here, and put right when
//! somebody says so. Nothing is ever changed in Telegram.
//!
//! Once a week some pages of each channel are looked at without anybody's word; `flows/health` tells the owner what was found.

mod compare;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::old_messages::{IDS, OldMessages};
use super::sweep;
use crate::adapters::store::Store;
use crate::domain::check::{Found, JOB, Report};
use crate::domain::entry::Source;
use crate::domain::job::{About, Added, Job, JobId, NewJob, Place, Priority, Schedule};
use crate::domain::post::ChatId;
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};
use crate::flows::DatabaseError;
use compare::{Kept, Known, compare};

const WEEK_MINUTES: u32 = 7 * 24 * 60;

pub const ABOUT: About = About {
    name: JOB,
    does: "compares some posts of each channel with what stands here",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    tries: 20,
    // On Wednesdays, in the night of Europe and America.
    schedule: Some(Schedule::Every { minutes: WEEK_MINUTES, after: 6 * 24 * 60 + 4 * 60 + 41 }),
    place: Place::WatchingInstance,
};

/// Messages that are looked at without anybody's word, in all channels together: ten calls.
const SAMPLE: u32 = 1_000;
/// What happens while a page is compared may have reached only one side. After so long it has reached both.
const SETTLES: Duration = Duration::from_secs(2);

/// What a check looks at, and whether it puts right what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Every watched channel without it.
    pub channel: Option<ChatId>,
    /// About so many messages, by chance and the newest; all of them without it.
    pub sample: Option<u32>,
    pub repair: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { channel: None, sample: Some(SAMPLE), repair: false }
    }
}

/// For whoever wants a check. Cheap to clone; works beside the running program as well, which does it.
#[derive(Clone)]
pub struct Checks {
    store: Store,
}

impl Checks {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// `now` in unix seconds.
    pub async fn queue(&self, options: &Options, now: i64) -> Result<Added, DatabaseError> {
        // Options are always text.
        let input = serde_json::to_string(options).unwrap_or_default();
        // A person waits for it.
        let key = Some(format!("{} {input}", ABOUT.name));
        let job = NewJob { key, input, priority: Priority::Urgent, ..NewJob::of(&ABOUT, now) };
        Ok(self.store.jobs().add(&job, now).await?)
    }

    pub async fn job(&self, id: JobId) -> Result<Option<Job>, DatabaseError> {
        Ok(self.store.jobs().get(id).await?)
    }
}

/// Ids of a channel that are to be looked at, from the last down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stretch {
    chat: ChatId,
    first: i32,
    last: i32,
}

/// What is left to look at, and what was found so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    /// The last is the next.
    stretches: Vec<Stretch>,
    of: u64,
    report: Report,
}

pub struct Check {
    store: Store,
    old: OldMessages,
}

impl Kind for Check {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            // Empty when it runs by itself, or by its name.
            let options = if run.job().input.is_empty() { Options::default() } else { run.input()? };
            let mut at: Checkpoint = match run.checkpoint() {
                Some(checkpoint) => checkpoint,
                None => self.plan(&options).await?,
            };
            run.save(&at).await?;
            while let Some(Stretch { chat, first, last }) = at.stretches.pop() {
                let begin = first.max(last.saturating_sub(IDS - 1));
                self.page(chat, begin, last, options.repair, &mut at.report).await?;
                if begin > first {
                    at.stretches.push(Stretch { chat, first, last: begin - 1 });
                }
                at.report.messages += u64::from((last - begin + 1).unsigned_abs());
                run.progress(at.report.messages, Some(at.of), "messages");
                run.save(&at).await?;
            }
            Ok(at.report.words())
        })
    }
}

impl Check {
    pub fn new(store: Store, old: OldMessages) -> Self {
        Self { store, old }
    }

    async fn plan(&self, options: &Options) -> Result<Checkpoint, Stop> {
        let all = self.store.channels().all().await?;
        let (mut chats, mut hidden) = (Vec::new(), 0);
        for channel in all.iter().filter(|channel| options.channel.is_none_or(|chat| chat == channel.chat)) {
            match channel.active {
                true => chats.push(channel.chat),
                false => hidden += self.store.posts().count(channel.chat).await?,
            }
        }
        if let Some(chat) = options.channel.filter(|_| chats.is_empty()) {
            return Err(Stop::Final(format!("channel {chat} is not watched; add it: cinepost channel add {chat}")));
        }
        let watched = chats.len();
        chats = self.old.readable(&chats).await;
        // What was not read yet is no finding.
        let being_read = sweep::unfinished(&self.store).await?;
        chats.retain(|chat| !being_read.contains(chat));
        let left_out = (watched - chats.len()) as u64;
        let mut stretches = Vec::new();
        for chat in &chats {
            let newest = self.old.newest(*chat).await?;
            let pages = options.sample.map(|sample| (sample / chats.len() as u32).div_ceil(IDS as u32).max(1));
            stretches.extend(stretches_of(*chat, newest, pages, random));
        }
        let of = stretches.iter().map(|stretch| u64::from((stretch.last - stretch.first + 1).unsigned_abs())).sum();
        let report = Report { channels: chats.len() as u64, left_out, hidden, ..Report::default() };
        Ok(Checkpoint { stretches, of, report })
    }

    /// Compares a page, and puts it right where that is wanted.
    async fn page(&self, chat: ChatId, first: i32, last: i32, repair: bool, report: &mut Report) -> Result<(), Stop> {
        let at_first = self.differences(chat, first, last).await?;
        if at_first.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(SETTLES).await;
        let mut found = self.differences(chat, first, last).await?;
        found.retain(|one| at_first.contains(one));
        if repair && !found.is_empty() {
            self.old.record(chat, first, last).await?;
            let left = self.differences(chat, first, last).await?;
            report.mended += found.iter().filter(|one| !left.contains(one)).count() as u64;
        }
        report.add(found);
        Ok(())
    }

    async fn differences(&self, chat: ChatId, first: i32, last: i32) -> Result<Vec<Found>, Stop> {
        let events = self.old.look(chat, first, last).await?;
        Ok(compare(&events, &self.kept(chat, first, last).await?))
    }

    async fn kept(&self, chat: ChatId, first: i32, last: i32) -> Result<Kept, DatabaseError> {
        let mut files = BTreeMap::new();
        for Source { at, entry, document, .. } in self.store.posts().between(chat, first, last).await? {
            // One that went in this moment: the page is looked at again.
            let Some(kept) = self.store.entries().get(entry).await? else { continue };
            let speaks = self.store.entries().sources(entry).await?.first().is_some_and(|newest| newest.at == at);
            let caption = speaks.then_some(kept.caption);
            files.insert(at.message, Known { document, name: kept.name, caption });
        }
        Ok(Kept { files, passed_over: self.store.passed_over().between(chat, first, last).await? })
    }
}

/// The ids of a channel that are looked at: all, or so many pages, of which the newest is one and `chance` (below its argument)
/// says the others.
fn stretches_of(chat: ChatId, newest: i32, pages: Option<u32>, chance: impl Fn(u32) -> u32) -> Vec<Stretch> {
    let all = newest.max(0).unsigned_abs().div_ceil(IDS.unsigned_abs());
    let Some(wanted) = pages.filter(|pages| *pages < all) else {
        return if newest > 0 { vec![Stretch { chat, first: 1, last: newest }] } else { Vec::new() };
    };
    // By chance, and each once: twice as many tries as pages may leave some out, which is no harm.
    let others = (0..2 * wanted).map(|_| 1 + chance(all - 1));
    let mut chosen = BTreeSet::from([0]);
    for page in others {
        if (chosen.len() as u32) < wanted {
            chosen.insert(page);
        }
    }
    let page = |n: u32| {
        let last = newest - n as i32 * IDS;
        Stretch { chat, first: (last - IDS + 1).max(1), last }
    };
    chosen.into_iter().rev().map(page).collect()
}

/// A number below another; 0 where the machine has no chance to give, which looks at the same pages again.
fn random(below: u32) -> u32 {
    getrandom::u32().unwrap_or(0) % below.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_newest_page_and_others_by_chance() {
        let chat = ChatId::from_bare(5).expect("in range");
        let of = |newest, pages, chance: fn(u32) -> u32| -> Vec<(i32, i32)> {
            let stretches = stretches_of(chat, newest, pages, chance);
            stretches.into_iter().map(|stretch| (stretch.first, stretch.last)).collect()
        };
        assert_eq!(of(950, None, |_| 0), [(1, 950)]);
        assert_eq!(of(950, Some(10), |_| 0), [(1, 950)], "all of it");
        assert_eq!(of(950, Some(1), |_| 0), [(851, 950)]);
        assert_eq!(
            of(950, Some(2), |below| below - 1),
            [(1, 50), (851, 950)],
            "the newest comes first: it is the last"
        );
        assert_eq!(of(950, Some(3), |_| 0), [(751, 850), (851, 950)], "the same page twice is one");
        assert_eq!(of(0, None, |_| 0), []);
        assert_eq!(of(-4, Some(1), |_| 0), []);
    }
}
