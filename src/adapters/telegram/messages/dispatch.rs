//! Hands arrivals out: of one person one at a time and in order, of different people at once, so that nobody waits for somebody else.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error};

use super::Delivery;
use super::arrival::{Acknowledgment, Arrival, Handled, PersonEvent};

/// People who are dealt with at once.
const AT_ONCE: usize = 64;
/// Of presses and inline queries of one person more are not remembered: only a machine is as fast.
const MOST_WAITING: usize = 50;
/// Before what was not dealt with is delivered again. Afterwards it is given up: one message that always fails would hold up
/// its sender for ever.
const RETRIES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(25)];

/// An arrival before it has its turn.
pub struct Waiting {
    pub key: String,
    /// Whose turn it waits for: the person's id, 0 when nobody knows.
    pub lane: i64,
    pub event: PersonEvent,
    /// Told when it is done. Those without one come only once, live.
    pub ledger: Option<Handled>,
}

pub struct Dispatch {
    deliveries: mpsc::Sender<Delivery>,
    /// Those who are being dealt with, and what else of them waits.
    lanes: Mutex<HashMap<i64, VecDeque<Waiting>>>,
    at_once: Semaphore,
    stop: CancellationToken,
}

impl Dispatch {
    pub fn new(deliveries: mpsc::Sender<Delivery>, stop: CancellationToken) -> Arc<Self> {
        Arc::new(Self { deliveries, lanes: Mutex::default(), at_once: Semaphore::new(AT_ONCE), stop })
    }

    /// Queues an arrival behind what else its person did.
    pub fn submit(self: &Arc<Self>, waiting: Waiting) {
        let lane = waiting.lane;
        let mut lanes = self.lock();
        match lanes.get_mut(&lane) {
            Some(queue) if waiting.ledger.is_none() && queue.len() >= MOST_WAITING => {
                debug!(user = lane, "Too many presses at once: one is passed over");
            }
            Some(queue) => queue.push_back(waiting),
            None => {
                lanes.insert(lane, VecDeque::from([waiting]));
                let (dispatch, stop) = (Arc::clone(self), self.stop.clone());
                tokio::spawn(async move { stop.run_until_cancelled(dispatch.serve(lane)).await });
            }
        }
    }

    /// Delivers what waits in a lane until nothing does.
    async fn serve(&self, lane: i64) {
        while let Some(waiting) = self.next(lane) {
            let Ok(_turn) = self.at_once.acquire().await else { return };
            self.deliver(waiting).await;
        }
    }

    /// Takes the next of a lane; ends the lane when there is none.
    fn next(&self, lane: i64) -> Option<Waiting> {
        let mut lanes = self.lock();
        let next = lanes.get_mut(&lane)?.pop_front();
        if next.is_none() {
            lanes.remove(&lane);
        }
        next
    }

    async fn deliver(&self, waiting: Waiting) {
        let Waiting { key, event, ledger, .. } = waiting;
        for pause in RETRIES.into_iter().map(Some).chain([None]) {
            let (next, done) = oneshot::channel();
            let acknowledgment = Acknowledgment { ledger: ledger.clone(), next };
            let arrival = Arrival { key: key.clone(), event: event.clone(), acknowledgment };
            if self.deliveries.send(Delivery::Person(arrival)).await.is_err() {
                // Nobody takes deliveries any more: the program ends.
                return;
            }
            match (done.await, pause) {
                (Ok(()), _) => return,
                // A press or a question is answered at once or not at all.
                (Err(_), _) if ledger.is_none() => return,
                (Err(_), Some(pause)) => tokio::time::sleep(pause).await,
                (Err(_), None) => {
                    error!(key, "A message could not be dealt with and is given up");
                    ledger.iter().for_each(|ledger| ledger(&key));
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, VecDeque<Waiting>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bed {
        dispatch: Arc<Dispatch>,
        deliveries: mpsc::Receiver<Delivery>,
        done: Arc<Mutex<Vec<String>>>,
    }

    impl Bed {
        fn new() -> Self {
            let (deliveries, received) = mpsc::channel(16);
            let dispatch = Dispatch::new(deliveries, CancellationToken::new());
            Self { dispatch, deliveries: received, done: Arc::default() }
        }

        fn submit(&self, lane: i64, key: &str, is_kept: bool) {
            let done = Arc::clone(&self.done);
            let ledger = move |key: &str| done.lock().expect("not poisoned").push(key.to_owned());
            self.dispatch.submit(Waiting {
                key: key.to_owned(),
                lane,
                event: PersonEvent::Deleted { group: None, messages: Vec::new() },
                ledger: is_kept.then(|| Arc::new(ledger) as _),
            });
        }

        async fn next(&mut self) -> Arrival {
            match self.deliveries.recv().await {
                Some(Delivery::Person(arrival)) => arrival,
                other => panic!("{other:?}"),
            }
        }

        fn is_quiet(&mut self) -> bool {
            self.deliveries.try_recv().is_err()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_person_waits_for_themselves_and_nobody_else_does() {
        let mut bed = Bed::new();
        for (lane, key) in [(1, "a1"), (1, "a2"), (2, "b1"), (1, "a3")] {
            bed.submit(lane, key, true);
        }
        let (first, other) = (bed.next().await, bed.next().await);
        assert_eq!((first.key.as_str(), other.key.as_str()), ("a1", "b1"));
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        assert!(bed.is_quiet(), "the second of one person waits, however long");
        first.done();
        let second = bed.next().await;
        assert_eq!(second.key, "a2");
        second.done();
        assert_eq!(bed.next().await.key, "a3");
        assert_eq!(*bed.done.lock().expect("not poisoned"), ["a1", "a2"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_dropped_comes_again_and_is_given_up_at_last() {
        let mut bed = Bed::new();
        bed.submit(1, "bad", true);
        bed.submit(1, "good", true);
        for _ in 0..=RETRIES.len() {
            assert_eq!(bed.next().await.key, "bad");
        }
        bed.next().await.done();
        assert_eq!(*bed.done.lock().expect("not poisoned"), ["bad", "good"]);
        bed.submit(1, "press", false);
        drop(bed.next().await);
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(bed.is_quiet(), "nobody waits for an old press");
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_presses_is_cut_and_a_flood_of_people_is_served_in_turns() {
        let mut bed = Bed::new();
        (0..200).for_each(|n| bed.submit(1, &n.to_string(), false));
        let mut served = 0;
        while let Ok(Some(_)) = tokio::time::timeout(Duration::from_secs(1), bed.deliveries.recv()).await {
            served += 1;
        }
        assert_eq!(served, MOST_WAITING, "the first ones");
        (0..200).for_each(|n| bed.submit(n, "start", true));
        let mut held = Vec::new();
        while let Ok(Some(arrival)) = tokio::time::timeout(Duration::from_secs(1), bed.deliveries.recv()).await {
            held.push(arrival);
        }
        assert_eq!(held.len(), AT_ONCE);
    }
}
