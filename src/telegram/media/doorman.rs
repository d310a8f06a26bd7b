//! When a new connection may be opened. Telegram punishes addresses that open many in a short time (transport error -429),
//! so all bots queue at one door for each DC.

use std::collections::HashMap;
use std::net::SocketAddrV4;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Between two connections to one address.
const PAUSE: Duration = Duration::from_millis(250);
/// After the first -429; twice as long after each further one.
const REFUSED_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

#[derive(Default)]
pub(in crate::telegram) struct Doorman {
    doors: Mutex<HashMap<SocketAddrV4, Door>>,
}

struct Door {
    /// Nobody goes through before.
    next: Instant,
    /// -429 in a row.
    refusals: u32,
}

impl Doorman {
    /// Waits for the caller's turn. Who replaces a connection that was cut `goes_first`, at once.
    pub async fn turn(&self, address: SocketAddrV4, goes_first: bool) {
        let turn = self.with(address, |door| {
            let now = Instant::now();
            if goes_first && door.refusals == 0 {
                door.next = door.next.max(now + PAUSE);
                return now;
            }
            let turn = door.next.max(now);
            door.next = turn + PAUSE;
            turn
        });
        sleep_until(turn).await;
    }

    /// Telegram said -429.
    pub fn refused(&self, address: SocketAddrV4) {
        self.with(address, |door| {
            let pause = LONGEST_PAUSE.min(REFUSED_PAUSE * 2u32.saturating_pow(door.refusals.min(10)));
            door.refusals += 1;
            door.next = door.next.max(Instant::now() + pause);
        });
    }

    /// A connection works.
    pub fn welcomed(&self, address: SocketAddrV4) {
        self.with(address, |door| door.refusals = 0);
    }

    fn with<T>(&self, address: SocketAddrV4, act: impl FnOnce(&mut Door) -> T) -> T {
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        act(doors.entry(address).or_insert_with(|| Door { next: Instant::now(), refusals: 0 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DC: SocketAddrV4 = SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 443);

    /// When the next caller may go, from now.
    fn waits(doorman: &Doorman) -> Duration {
        doorman.with(DC, |door| door.next.saturating_duration_since(Instant::now()))
    }

    #[tokio::test]
    async fn connections_are_opened_one_after_the_other_but_a_cut_one_at_once() {
        let doorman = Doorman::default();
        doorman.turn(DC, false).await;
        let first = waits(&doorman);
        assert!(first > PAUSE / 2 && first <= PAUSE, "{first:?}");
        // Goes first although the door is closed, and the next waits for it as well.
        doorman.turn(DC, true).await;
        assert!(waits(&doorman) > PAUSE / 2);
    }

    #[test]
    fn refusals_close_the_door_longer_each_time() {
        let doorman = Doorman::default();
        let mut before = Duration::ZERO;
        for _ in 0..4 {
            doorman.refused(DC);
            let now = waits(&doorman);
            assert!(now > before * 3 / 2, "{now:?} after {before:?}");
            before = now;
        }
        for _ in 0..40 {
            doorman.refused(DC);
        }
        assert!(waits(&doorman) <= LONGEST_PAUSE);
        doorman.welcomed(DC);
        assert_eq!(doorman.with(DC, |door| door.refusals), 0);
    }
}
