//! Who watches what right now: the engine's streams, with the person and the entry each is for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Waker;
use std::time::SystemTime;

use futures_util::task::AtomicWaker;

use super::Error;
use crate::domain::entry::EntryId;
use crate::domain::person::PersonId;
use crate::engines::bytes::{StreamId, StreamStatus};

/// One response whose body is on its way.
#[derive(Clone, Debug)]
pub struct Watching {
    /// Of this instance's streams.
    pub number: u64,
    pub entry: EntryId,
    /// The entry's name.
    pub name: String,
    /// Id of the person whose link it is, and their access version when it was made.
    pub person: PersonId,
    pub version: u16,
    pub since: SystemTime,
    /// Bytes handed to the HTTP server so far.
    pub sent_bytes: u64,
    /// The same for each of the last seconds.
    pub bytes_per_second: u64,
    /// Which bots have read for it, by their position in the list.
    pub bots: Vec<usize>,
}

/// Whose a stream is.
#[derive(Clone, Debug)]
pub(super) struct Viewer {
    pub entry: EntryId,
    pub name: String,
    pub person: PersonId,
    pub version: u16,
}

/// Everybody who watches. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Viewers {
    open: Arc<Registry>,
}

pub(super) type Registry = Mutex<BTreeMap<StreamId, (Viewer, Arc<End>)>>;

/// Tells a stream's body that it has to end.
#[derive(Default)]
pub(super) struct End {
    why: AtomicU8,
    body: AtomicWaker,
}

/// Why a stream has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The access was taken away.
    Revoked = 1,
    /// Somebody stopped this one.
    Stopped = 2,
}

impl End {
    fn is_due(&self, reason: Reason) {
        self.why.store(reason as u8, Ordering::Release);
        self.body.wake();
    }
}

impl Viewers {
    /// Lists a viewer until the guard is dropped.
    pub fn enter(&self, stream: StreamId, viewer: Viewer) -> Watch {
        let end = Arc::new(End::default());
        lock(&self.open).insert(stream, (viewer, Arc::clone(&end)));
        Watch { viewers: self.clone(), stream, end }
    }

    /// The people who watch, each with the access version that they came in with.
    pub fn accesses(&self) -> BTreeSet<(PersonId, u16)> {
        lock(&self.open).values().map(|(viewer, _)| (viewer.person, viewer.version)).collect()
    }

    /// Ends the streams that were opened under an access.
    pub fn end(&self, person: PersonId, version: u16) {
        for (viewer, end) in lock(&self.open).values() {
            if (viewer.person, viewer.version) == (person, version) {
                end.is_due(Reason::Revoked);
            }
        }
    }

    /// Ends one stream. Returns whether it was there.
    pub fn stop(&self, stream: u64) -> bool {
        let open = lock(&self.open);
        let found = open.iter().find(|(id, _)| id.number() == stream);
        found.inspect(|(_, (_, end))| end.is_due(Reason::Stopped)).is_some()
    }

    /// Says of each stream that has a viewer whose it is.
    pub fn watching(&self, streams: Vec<StreamStatus>) -> Vec<Watching> {
        let open = lock(&self.open);
        let watching = |stream: StreamStatus| {
            let (Viewer { entry, name, person, version }, _) = open.get(&stream.id)?.clone();
            let StreamStatus { id, since, sent_bytes, bytes_per_second, bots } = stream;
            Some(Watching {
                number: id.number(),
                entry,
                name,
                person,
                version,
                since,
                sent_bytes,
                bytes_per_second,
                bots,
            })
        };
        streams.into_iter().filter_map(watching).collect()
    }

    pub fn downgrade(&self) -> Weak<Registry> {
        Arc::downgrade(&self.open)
    }
}

impl From<Arc<Registry>> for Viewers {
    fn from(open: Arc<Registry>) -> Self {
        Self { open }
    }
}

/// Keeps a viewer listed.
pub(super) struct Watch {
    viewers: Viewers,
    stream: StreamId,
    end: Arc<End>,
}

impl Watch {
    /// Why the stream has to end; if it does not yet, the body that asks is woken once it has to.
    pub fn ended(&self, body: &Waker) -> Option<Reason> {
        self.end.body.register(body);
        let why = self.end.why.load(Ordering::Acquire);
        [Reason::Revoked, Reason::Stopped].into_iter().find(|reason| *reason as u8 == why)
    }

    /// The same as what a viewer is told.
    pub fn check(&self, body: &Waker) -> Result<(), Error> {
        match self.ended(body) {
            Some(Reason::Revoked) => Err(Error::Revoked),
            Some(Reason::Stopped) => Err(Error::Stopped),
            None => Ok(()),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        lock(&self.viewers.open).remove(&self.stream);
    }
}

fn lock(open: &Registry) -> MutexGuard<'_, BTreeMap<StreamId, (Viewer, Arc<End>)>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(person: PersonId, version: u16) -> Viewer {
        Viewer { entry: EntryId::from_bytes([7; 12]), name: "film.mkv".to_owned(), person, version }
    }

    fn stream(number: u64) -> StreamStatus {
        let id = StreamId::of(number);
        StreamStatus { id, since: SystemTime::UNIX_EPOCH, sent_bytes: 9, bytes_per_second: 3, bots: vec![1] }
    }

    #[test]
    fn streams_that_nobody_watches_are_not_shown() {
        let viewers = Viewers::default();
        let watch = viewers.enter(StreamId::of(2), viewer(PersonId::OWNER, 1));
        let shown = viewers.watching(vec![stream(1), stream(2)]);
        assert_eq!((shown.len(), shown[0].name.as_str(), shown[0].sent_bytes), (1, "film.mkv", 9));
        drop(watch);
        assert!(viewers.watching(vec![stream(2)]).is_empty() && viewers.accesses().is_empty());
    }

    #[test]
    fn ending_an_access_ends_its_streams_and_no_others() {
        let viewers = Viewers::default();
        let enter = |number, version| viewers.enter(StreamId::of(number), viewer(PersonId::OWNER, version));
        let (old, new) = (enter(1, 1), enter(2, 2));
        assert_eq!(viewers.accesses(), BTreeSet::from([(PersonId::OWNER, 1), (PersonId::OWNER, 2)]));
        viewers.end(PersonId::OWNER, 1);
        assert_eq!((old.ended(Waker::noop()), new.ended(Waker::noop())), (Some(Reason::Revoked), None));
    }

    #[test]
    fn one_stream_is_stopped_by_its_number() {
        let viewers = Viewers::default();
        let enter = |number| viewers.enter(StreamId::of(number), viewer(PersonId::OWNER, 1));
        let (first, second) = (enter(1), enter(2));
        assert!(viewers.stop(2) && !viewers.stop(3));
        assert_eq!((first.ended(Waker::noop()), second.ended(Waker::noop())), (None, Some(Reason::Stopped)));
    }
}
