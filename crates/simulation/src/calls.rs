//! Every `upload.getFile` by itself: who asked when, for what, and when the answer had gone out. Statistics count; this
//! tells what came after what, which is what proofs of timing need.
//!
//! Kept only once somebody asked for it, and then the newest [`KEPT`]: until then a call costs one relaxed load.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::faults::Event;

/// About 20 MB, and half a minute of the busiest benchmark.
const KEPT: usize = 65_536;

/// One call. Times are Unix time in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCall {
    /// Counts from 0 in the order of arrival.
    pub number: u64,
    /// When the request had been read.
    pub arrived_us: u64,
    /// Name of the account.
    pub account: String,
    /// The data centre that was asked.
    pub dc: i32,
    /// As in the statistics.
    pub connection: u64,
    /// In decimal. Empty, like the two below, when the request could not be read.
    pub document: String,
    /// In bytes.
    pub offset: u64,
    /// In bytes.
    pub limit: u32,
    /// What it was refused with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Bytes sent, the envelope's included.
    pub sent: u64,
    /// When the last of them was sent. `None` while the answer is on its way, and for ever when it never comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_us: Option<u64>,
    /// The connection ended before the answer did.
    #[serde(default)]
    pub is_cut: bool,
}

/// A part of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCalls {
    /// Oldest first.
    pub calls: Vec<FileCall>,
    /// Number of the next call to come.
    pub next: u64,
}

/// What a request asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub document: String,
    pub offset: u64,
    pub limit: u32,
}

#[derive(Default)]
pub(super) struct CallLog {
    is_on: AtomicBool,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Number of the oldest.
    first: u64,
    calls: VecDeque<FileCall>,
}

/// A call whose answer has not been sent. Dropped before that, it was cut.
pub(super) struct Pending {
    log: Arc<CallLog>,
    number: u64,
    sent: u64,
}

impl CallLog {
    pub fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    /// The calls with this number and above. The first question turns the log on.
    pub fn since(&self, number: u64) -> FileCalls {
        self.is_on.store(true, Ordering::Relaxed);
        let kept = self.kept();
        let skipped = number.saturating_sub(kept.first);
        let calls = kept.calls.iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX)).cloned().collect();
        FileCalls { calls, next: kept.first + kept.calls.len() as u64 }
    }

    pub fn arrived(self: &Arc<Self>, event: Event<'_>, wanted: Wanted) -> Pending {
        let mut kept = self.kept();
        if kept.calls.len() == KEPT {
            kept.calls.pop_front();
            kept.first += 1;
        }
        let number = kept.first + kept.calls.len() as u64;
        kept.calls.push_back(FileCall {
            number,
            arrived_us: now_us(),
            account: event.account.unwrap_or_default().to_owned(),
            dc: event.dc,
            connection: event.connection,
            document: wanted.document,
            offset: wanted.offset,
            limit: wanted.limit,
            error: None,
            sent: 0,
            ended_us: None,
            is_cut: false,
        });
        Pending { log: self.clone(), number, sent: 0 }
    }

    fn update(&self, number: u64, change: impl FnOnce(&mut FileCall)) {
        let mut kept = self.kept();
        let place = number.checked_sub(kept.first).and_then(|n| usize::try_from(n).ok());
        if let Some(call) = place.and_then(|place| kept.calls.get_mut(place)) {
            change(call);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    pub fn refused(&self, with: &str) {
        self.log.update(self.number, |call| call.error = Some(with.to_owned()));
    }

    pub fn sent(&mut self, bytes: usize) {
        self.sent += bytes as u64;
    }

    /// The whole answer was sent.
    pub fn done(self) {
        self.end(false);
    }

    /// No answer will ever come, and that is no cut.
    pub fn forgotten(self) {
        std::mem::forget(self);
    }

    fn end(&self, is_cut: bool) {
        self.log.update(self.number, |call| {
            // The first end counts.
            if call.ended_us.is_none() {
                (call.sent, call.ended_us, call.is_cut) = (self.sent, Some(now_us()), is_cut);
            }
        });
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.end(true);
    }
}

fn now_us() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_from_a_number_on_and_the_oldest_are_forgotten() {
        let log = Arc::new(CallLog::default());
        assert!(!log.is_on());
        assert_eq!(log.since(0), FileCalls { calls: Vec::new(), next: 0 });
        assert!(log.is_on());
        let wanted = Wanted { document: "7".to_owned(), offset: 4096, limit: 1024 };
        let mut first = log.arrived(Event { account: Some("main"), ..Event::default() }, wanted.clone());
        let second = log.arrived(Event::default(), wanted.clone());
        first.sent(100);
        first.done();
        second.refused("FLOOD_WAIT_3");
        drop(second);
        log.arrived(Event::default(), wanted.clone()).forgotten();
        let FileCalls { calls, next } = log.since(0);
        assert_eq!(next, 3);
        let told = |n: usize| (calls[n].number, calls[n].sent, calls[n].ended_us.is_some(), calls[n].is_cut);
        assert_eq!([told(0), told(1), told(2)], [(0, 100, true, false), (1, 0, true, true), (2, 0, false, false)]);
        assert_eq!((calls[0].account.as_str(), calls[0].offset), ("main", 4096));
        assert_eq!(calls[1].error.as_deref(), Some("FLOOD_WAIT_3"));

        for _ in 0..KEPT {
            log.arrived(Event::default(), wanted.clone()).done();
        }
        assert_eq!((log.since(0).calls.len(), log.since(0).calls[0].number), (KEPT, 3));
        assert_eq!(log.since(KEPT as u64 + 1).calls.iter().map(|c| c.number).collect::<Vec<_>>(), [65_537, 65_538]);
    }
}
