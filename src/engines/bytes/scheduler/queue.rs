//! What waits to be asked for: by class, and within a class fair between streams by bytes (deficit round robin, Shreedhar
//! and Varghese 1995).
//!
//! ```text
//! First        somebody has just opened or seeked: small, and nothing is on the screen until it comes
//! Head         a stream that plays waits for it
//! Tail         the end of a file that was just opened: players look there next
//! Ahead        what is read ahead         [stream 1: 3 chunks] [stream 2: 1 chunk] ... each in turn, by bytes
//! Prefetch     a program reads it and nobody watches: what somebody will want next
//! Probe        the same: what a file holds
//! Bulk         the same: files from end to end
//! ```
//!
//! A class is served when nothing more urgent is left that could go. So that viewers who take all there is do not keep programs
//! out for ever, a run of each class of theirs goes as a head now and then ([`TURN`], [`LEAST_RATE`]).

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
    Prefetch,
    Probe,
    Bulk,
}

const CLASSES: [Class; 7] =
    [Class::First, Class::Head, Class::Tail, Class::Ahead, Class::Prefetch, Class::Probe, Class::Bulk];
/// A class of programs waits no longer than this for one run to go.
const TURN: Duration = Duration::from_millis(250);
/// Bytes per second that a class of programs gets whatever viewers take: a twentieth of what one connection brings.
const LEAST_RATE: u64 = 256 * 1024;
/// What a stream may send in its turn, beyond what its last turn left.
const QUANTUM: u64 = 256 * 1024;

impl Class {
    /// Somebody waits for it, with nothing on the screen or soon so.
    pub(super) fn is_urgent(self) -> bool {
        self < Self::Tail
    }

    /// A program reads it, and nobody watches.
    pub(in crate::engines::bytes) fn is_program(self) -> bool {
        self > Self::Ahead
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
    /// When a class of programs may go as a head; used while it waits.
    turns: [Option<Instant>; CLASSES.len()],
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
        self.of(class).stream(what.stream).waiting.push_back(what);
    }

    /// Before everything else of its stream: it was asked for once and did not come.
    pub fn push_front(&mut self, class: Class, what: Waiting) {
        self.of(class).stream(what.stream).waiting.push_front(what);
    }

    pub fn remove(&mut self, class: Class, what: Waiting) {
        let turns = self.of(class);
        if let Some(stream) = turns.streams.get_mut(&what.stream) {
            stream.waiting.retain(|waiting| waiting.fetch != what.fetch);
            turns.forget_if_empty(what.stream);
        }
    }

    /// Hands out what may go, in order, for as long as `place` takes it; `place` learns how urgent it is. What it refuses
    /// keeps its turn, and the stream after it is asked.
    pub fn serve(&mut self, now: Instant, mut place: impl FnMut(Class, Waiting) -> bool) {
        for class in CLASSES.into_iter().filter(|class| class.is_program()) {
            self.serve_turn(class, now, &mut place);
        }
        for class in CLASSES {
            let mut went = 0;
            self.of(class).serve(|what| {
                let has_gone = place(class, what);
                went += if has_gone { what.bytes } else { 0 };
                has_gone
            });
            if class.is_program() {
                self.plan_turn(class, went, now);
            }
        }
    }

    /// Hands out one run of a class of programs as a head, when its turn has come.
    fn serve_turn(&mut self, class: Class, now: Instant, mut place: impl FnMut(Class, Waiting) -> bool) {
        if self.turns[class as usize].is_none_or(|turn| turn > now) {
            return;
        }
        let mut went = 0;
        self.of(class).serve(|what| {
            let has_gone = went == 0 && place(Class::Head, what);
            went += if has_gone { what.bytes } else { 0 };
            has_gone
        });
        self.plan_turn(class, went, now);
    }

    /// After so many bytes of a class went. What it had without its turn puts its turn off as well.
    fn plan_turn(&mut self, class: Class, went: u64, now: Instant) {
        let is_waiting = !self.of(class).order.is_empty();
        let turn = &mut self.turns[class as usize];
        if went > 0 {
            *turn = Some(now + TURN.max(Duration::from_secs_f64(went as f64 / LEAST_RATE as f64)));
        } else if is_waiting {
            turn.get_or_insert(now + TURN);
        } else {
            // One who waits again at once waits as long as one who never stopped.
            *turn = turn.filter(|turn| *turn > now);
        }
    }

    /// Streams of viewers that have something waiting, counted once in each class.
    pub fn waiting_viewers(&self) -> usize {
        let viewers = CLASSES.iter().zip(&self.classes).filter(|(class, _)| !class.is_program());
        viewers.map(|(_, turns)| turns.order.len()).sum()
    }

    fn of(&mut self, class: Class) -> &mut Turns {
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
        for (fetch, class) in [
            (5, Class::Bulk),
            (6, Class::Prefetch),
            (7, Class::Probe),
            (1, Class::Ahead),
            (2, Class::Tail),
            (3, Class::Head),
            (4, Class::First),
        ] {
            queue.push(class, waiting(fetch, fetch, 64));
        }
        assert_eq!(serve(&mut queue, 2), [4, 3]);
        assert_eq!(serve(&mut queue, 9), [2, 1, 6, 7, 5]);
        assert!(serve(&mut queue, 9).is_empty());
    }

    #[test]
    fn a_program_goes_once_in_a_while_when_viewers_take_all_there_is() {
        let mut queue = Queue::default();
        let begin = Instant::now();
        for n in 0..1000 {
            queue.push(Class::Ahead, waiting(n, 1, 64));
            queue.push(Class::Probe, waiting(1000 + n, 2, 64));
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
        assert_eq!(queue.waiting_viewers(), 1, "a program is no viewer");
    }

    #[test]
    fn what_a_program_gets_beside_viewers_is_so_many_bytes_per_second_however_large_its_runs_are() {
        for kib in [64, 256, 1024] {
            let (mut queue, begin, mut served) = (Queue::default(), Instant::now(), 0);
            for ms in (0..20_000).step_by(10) {
                // It comes again the moment that it got what it had asked for.
                if queue.of(Class::Bulk).order.is_empty() {
                    queue.push(Class::Bulk, waiting(1, 2, kib));
                }
                queue.serve(begin + Duration::from_millis(ms), |class, what| {
                    let is_turn = class == Class::Head;
                    served += if is_turn { what.bytes } else { 0 };
                    is_turn
                });
            }
            let rate = served / 20;
            assert!((LEAST_RATE * 7 / 10..=LEAST_RATE).contains(&rate), "{rate} B/s by {kib} KiB");
        }
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
