//! What waits to be asked for: by class, and within a class fair between streams by bytes (deficit round robin, Shreedhar
//! and Varghese 1995).
//!
//! ```text
//! First        somebody has just opened or seeked: small, and nothing is on the screen until it comes
//! Head         a stream that plays waits for it
//! Tail         the end of a file that was just opened: players look there next
//! Ahead        what is read ahead         [stream 1: 3 chunks] [stream 2: 1 chunk] ... each in turn, by bytes
//! Background   a program reads it and nobody watches
//! ```
//!
//! A class is served when nothing more urgent is left that could go. So that viewers who take all there is do not keep programs
//! out for ever, one run of the background goes as a head now and then ([`BACKGROUND_TURN`]).

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::engines::bytes::streams::StreamId;

/// How pressing a fetch is, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::engines::bytes) enum Class {
    First,
    Head,
    Tail,
    Ahead,
    Background,
}

const CLASSES: [Class; 5] = [Class::First, Class::Head, Class::Tail, Class::Ahead, Class::Background];
/// The background waits no longer than this for one run to go.
const BACKGROUND_TURN: Duration = Duration::from_millis(250);
/// What a stream may send in its turn, beyond what its last turn left.
const QUANTUM: u64 = 256 * 1024;

impl Class {
    /// Somebody waits for it, with nothing on the screen or soon so.
    pub(super) fn is_urgent(self) -> bool {
        self < Self::Tail
    }
}

/// Number of a fetch, the same for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FetchId(pub u64);

/// A fetch that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub fetch: FetchId,
    /// Whose turn it takes.
    pub stream: StreamId,
    pub bytes: u64,
}

#[derive(Default)]
pub(super) struct Queue {
    classes: [Turns; CLASSES.len()],
    /// Since when something of the background waits and nothing of it went.
    background_since: Option<Instant>,
}

#[derive(Default)]
struct Turns {
    /// Streams with something waiting, in the order of their turns.
    order: VecDeque<StreamId>,
    streams: HashMap<StreamId, Stream>,
}

#[derive(Default)]
struct Stream {
    waiting: VecDeque<Waiting>,
    deficit: u64,
}

impl Queue {
    pub fn push(&mut self, class: Class, what: Waiting) {
        self.turns(class).stream(what.stream).waiting.push_back(what);
    }

    /// Before everything else of its stream: it was asked for once and did not come.
    pub fn push_front(&mut self, class: Class, what: Waiting) {
        self.turns(class).stream(what.stream).waiting.push_front(what);
    }

    pub fn remove(&mut self, class: Class, what: Waiting) {
        let turns = self.turns(class);
        if let Some(stream) = turns.streams.get_mut(&what.stream) {
            stream.waiting.retain(|waiting| waiting.fetch != what.fetch);
            turns.forget_if_empty(what.stream);
        }
    }

    /// Hands out what may go, in order, for as long as `place` takes it; `place` learns how urgent it is. What it refuses
    /// keeps its turn, and the stream after it is asked.
    pub fn serve(&mut self, now: Instant, mut place: impl FnMut(Class, Waiting) -> bool) {
        let mut has_background_gone = false;
        if self.background_since.is_some_and(|since| now >= since + BACKGROUND_TURN) {
            self.turns(Class::Background).serve(|what| {
                let may_go = !has_background_gone && place(Class::Head, what);
                has_background_gone |= may_go;
                may_go
            });
        }
        for class in CLASSES {
            self.turns(class).serve(|what| {
                let has_gone = place(class, what);
                has_background_gone |= has_gone && class == Class::Background;
                has_gone
            });
        }
        let waits = !self.turns(Class::Background).order.is_empty();
        let since = if has_background_gone { now } else { self.background_since.unwrap_or(now) };
        self.background_since = waits.then_some(since);
    }

    /// Streams of viewers that have something waiting, counted once in each class.
    pub fn waiting_viewers(&self) -> usize {
        let viewers = &self.classes[..Class::Background as usize];
        viewers.iter().map(|turns| turns.order.len()).sum()
    }

    fn turns(&mut self, class: Class) -> &mut Turns {
        &mut self.classes[class as usize]
    }
}

impl Turns {
    fn stream(&mut self, stream: StreamId) -> &mut Stream {
        self.streams.entry(stream).or_insert_with(|| {
            self.order.push_back(stream);
            Stream::default()
        })
    }

    fn serve(&mut self, mut place: impl FnMut(Waiting) -> bool) {
        // Ends when everybody in turn was refused.
        let mut refused = 0;
        while refused < self.order.len() {
            let Some(&number) = self.order.front() else { return };
            let stream = self.streams.entry(number).or_default();
            let Some(&next) = stream.waiting.front() else {
                self.forget_if_empty(number);
                continue;
            };
            if stream.deficit < next.bytes {
                // Its turn is over; this is for the next.
                stream.deficit += QUANTUM;
                self.order.rotate_left(1);
                continue;
            }
            if place(next) {
                refused = 0;
                stream.deficit -= next.bytes;
                stream.waiting.pop_front();
                self.forget_if_empty(number);
            } else {
                // Its turn is not used up: it comes again, with what it has saved.
                refused += 1;
                self.order.rotate_left(1);
            }
        }
    }

    fn forget_if_empty(&mut self, number: StreamId) {
        if self.streams.get(&number).is_some_and(|stream| stream.waiting.is_empty()) {
            self.streams.remove(&number);
            self.order.retain(|&stream| stream != number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u64 = 1024;

    fn waiting(fetch: u64, stream: u64, kib: u64) -> Waiting {
        Waiting { fetch: FetchId(fetch), stream: StreamId::of(stream), bytes: kib * KIB }
    }

    /// What goes out when only so many may.
    fn serve(queue: &mut Queue, mut room: usize) -> Vec<u64> {
        let mut served = Vec::new();
        queue.serve(Instant::now(), |_, what| {
            if room == 0 {
                return false;
            }
            room -= 1;
            served.push(what.fetch.0);
            true
        });
        served
    }

    #[test]
    fn the_more_pressing_class_goes_first() {
        let mut queue = Queue::default();
        for (fetch, class) in
            [(5, Class::Background), (1, Class::Ahead), (2, Class::Tail), (3, Class::Head), (4, Class::First)]
        {
            queue.push(class, waiting(fetch, fetch, 64));
        }
        assert_eq!(serve(&mut queue, 2), [4, 3]);
        assert_eq!(serve(&mut queue, 9), [2, 1, 5]);
        assert!(serve(&mut queue, 9).is_empty());
    }

    #[test]
    fn the_background_goes_once_in_a_while_when_viewers_take_all_there_is() {
        let mut queue = Queue::default();
        let begin = Instant::now();
        for n in 0..1000 {
            queue.push(Class::Ahead, waiting(n, 1, 64));
            queue.push(Class::Background, waiting(1000 + n, 2, 64));
        }
        let mut served = Vec::new();
        for ms in (0..1000).step_by(10) {
            let mut room = 1;
            queue.serve(begin + Duration::from_millis(ms), |class, what| {
                let may_go = room > 0;
                room = 0;
                served.extend((may_go && what.fetch.0 >= 1000).then_some((ms, class)));
                may_go
            });
        }
        assert_eq!(served, [250, 500, 750].map(|ms| (ms, Class::Head)));
        assert_eq!(queue.waiting_viewers(), 1, "the background is no viewer");
    }

    #[test]
    fn streams_share_by_bytes_not_by_chunks() {
        let mut queue = Queue::default();
        // One asks for much at a time, the other for little, and both always for more.
        for n in 0..200 {
            queue.push(Class::Ahead, waiting(n, 1, 1024));
            queue.push(Class::Ahead, waiting(1000 + n, 2, 64));
        }
        let served = serve(&mut queue, 85);
        let large = served.iter().filter(|fetch| **fetch < 1000).count() as u64 * 1024;
        let small = served.iter().filter(|fetch| **fetch >= 1000).count() as u64 * 64;
        assert!(large.abs_diff(small) <= 1024 + QUANTUM / KIB, "{large} KiB against {small} KiB");
    }

    #[test]
    fn what_is_refused_keeps_its_place_and_does_not_hold_the_others_up() {
        let mut queue = Queue::default();
        queue.push(Class::Ahead, waiting(1, 1, 64));
        queue.push(Class::Ahead, waiting(2, 2, 64));
        queue.push(Class::Ahead, waiting(3, 1, 64));
        let mut served = Vec::new();
        queue.serve(Instant::now(), |_, what| {
            let may = what.stream == StreamId::of(2);
            served.extend(may.then_some(what.fetch.0));
            may
        });
        assert_eq!(served, [2]);
        queue.push_front(Class::Ahead, waiting(4, 1, 64));
        queue.remove(Class::Ahead, waiting(3, 1, 64));
        assert_eq!(serve(&mut queue, 9), [4, 1]);
    }
}
