//! Everything that the main bot says passes here and waits for its turn, so that Telegram never has to ask for it
//! (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): about 1 message a second to one chat with short bursts,
//! 20 a minute to one group, 30 a second in all. When Telegram asks all the same (FLOOD_WAIT), the wait is kept.
//!
//! Answers go before broadcasts: those have a slower clock of their own in front of the common one, which leaves a third of it free.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::arrival::Place;
use super::outgoing::Urgency;

/// 28 of the 30 a second: what Telegram counts lies between its own clock's ticks, not ours.
const OF_ALL: Duration = Duration::from_nanos(1_000_000_000 / 28);
const OF_BROADCASTS: Duration = Duration::from_millis(50);
const OF_A_CHAT: Duration = Duration::from_secs(1);
const BURST: u32 = 3;
const OF_A_GROUP: usize = 20;
/// A second more than Telegram's minute, for what is on its way.
const GROUP_MINUTE: Duration = Duration::from_secs(61);
/// A chat whose last message is older needs no memory.
const FORGET_AFTER: Duration = Duration::from_secs(120);
const LOOK_FOR_OLD_AT: usize = 4_096;

#[derive(Default)]
pub struct Pacer {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    all: Clock,
    broadcasts: Clock,
    /// Broadcasts do not go before it.
    broadcasts_held: Option<Instant>,
    chats: HashMap<i64, Chat>,
}

#[derive(Default)]
struct Chat {
    clock: Clock,
    held: Option<Instant>,
    /// The turns of the last minute, of groups.
    minute: VecDeque<Instant>,
}

/// When the next turn is due that keeps the average (a virtual schedule, GCRA).
#[derive(Clone, Copy, Default)]
struct Clock {
    due: Option<Instant>,
}

impl Clock {
    /// Takes the next turn and says when it is. `burst` turns may come at once after a rest.
    fn turn(&mut self, now: Instant, every: Duration, burst: u32) -> Instant {
        let due = self.due.map_or(now, |due| due.max(now));
        self.due = Some(due + every);
        due.checked_sub(every * (burst - 1)).map_or(now, |turn| turn.max(now))
    }
}

impl State {
    /// The first moment that a chat's own limits allow.
    fn of_chat(&mut self, id: i64, is_group: bool, now: Instant) -> Instant {
        if self.chats.len() >= LOOK_FOR_OLD_AT {
            self.chats.retain(|_, chat| {
                let is_old = |at: Option<Instant>| at.is_none_or(|at| at + FORGET_AFTER < now);
                !(is_old(chat.clock.due) && is_old(chat.held) && is_old(chat.minute.back().copied()))
            });
        }
        let chat = self.chats.entry(id).or_default();
        let mut at = chat.clock.turn(now, OF_A_CHAT, BURST).max(chat.held.unwrap_or(now));
        if is_group {
            if chat.minute.len() >= OF_A_GROUP
                && let Some(oldest) = chat.minute.pop_front()
            {
                at = at.max(oldest + GROUP_MINUTE);
            }
            chat.minute.push_back(at);
        }
        at
    }

    fn of_broadcasts(&mut self, now: Instant) -> Instant {
        self.broadcasts.turn(now, OF_BROADCASTS, 1).max(self.broadcasts_held.unwrap_or(now))
    }
}

impl Pacer {
    /// Waits until `messages` more may go to a chat.
    pub async fn turn(&self, place: Place, urgency: Urgency, messages: usize) {
        for _ in 0..messages.max(1) {
            let at = self.lock().of_chat(
                id(place),
                matches!(place, Place::Group(_) | Place::Ephemeral { .. }),
                Instant::now(),
            );
            sleep_until(at).await;
            if urgency == Urgency::Broadcast {
                let at = self.lock().of_broadcasts(Instant::now());
                sleep_until(at).await;
            }
            self.turn_of_all().await;
        }
    }

    /// The same for what is no message: only the limit of all counts.
    pub async fn turn_of_all(&self) {
        let at = self.lock().all.turn(Instant::now(), OF_ALL, 1);
        sleep_until(at).await;
    }

    /// Telegram asked for a wait: nothing goes to the chat before it is over, and no broadcast to anybody.
    pub fn hold(&self, place: Place, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.lock();
        state.broadcasts_held = state.broadcasts_held.max(Some(until));
        let chat = state.chats.entry(id(place)).or_default();
        chat.held = chat.held.max(Some(until));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// People's ids are positive, groups' are not.
fn id(place: Place) -> i64 {
    match place {
        Place::Private(person) => person.0,
        Place::Group(chat) | Place::Ephemeral { group: chat, .. } => chat.get(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::post::ChatId;
    use crate::domain::telegram_id::UserId;

    fn person(id: i64) -> Place {
        Place::Private(UserId(id))
    }

    async fn moments(pacer: &Pacer, turns: impl IntoIterator<Item = (Place, Urgency)>) -> Vec<u128> {
        let begin = Instant::now();
        let mut moments = Vec::new();
        for (place, urgency) in turns {
            pacer.turn(place, urgency, 1).await;
            moments.push(begin.elapsed().as_millis());
        }
        moments
    }

    #[tokio::test(start_paused = true)]
    async fn one_chat_gets_a_burst_and_then_one_a_second() {
        let moments = moments(&Pacer::default(), [(person(1), Urgency::Answer); 5]).await;
        assert!(moments[2] < 100, "{moments:?}");
        assert!((1_000..1_100).contains(&moments[3]) && (2_000..2_100).contains(&moments[4]), "{moments:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_gets_twenty_in_any_minute() {
        let group = Place::Group(ChatId::from_bare(5).expect("in range"));
        let moments = moments(&Pacer::default(), [(group, Urgency::Answer); 41]).await;
        for pair in moments.windows(OF_A_GROUP + 1) {
            assert!(pair[OF_A_GROUP] - pair[0] >= 60_000, "{moments:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_together_get_less_than_thirty_a_second_and_broadcasts_leave_room() {
        let pacer = Pacer::default();
        let count = |moments: &[u128]| moments.iter().filter(|&&at| at < 1_000).count();
        let answers = moments(&pacer, (0..60).map(|n| (person(n), Urgency::Answer))).await;
        assert!((26..=29).contains(&count(&answers)), "{answers:?}");
        let broadcast = moments(&pacer, (100..160).map(|n| (person(n), Urgency::Broadcast))).await;
        assert!((18..=21).contains(&count(&broadcast)), "{broadcast:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_wait_is_kept_by_its_chat_and_by_broadcasts() {
        let pacer = Pacer::default();
        pacer.hold(person(1), Duration::from_secs(7));
        let begin = Instant::now();
        pacer.turn(person(2), Urgency::Answer, 1).await;
        assert!(begin.elapsed() < Duration::from_secs(1), "others do not wait");
        pacer.turn(person(1), Urgency::Answer, 1).await;
        assert!(begin.elapsed() >= Duration::from_secs(7));
        pacer.hold(person(3), Duration::from_secs(9));
        let begin = Instant::now();
        pacer.turn(person(4), Urgency::Broadcast, 1).await;
        assert!(begin.elapsed() >= Duration::from_secs(9));
    }

    #[tokio::test(start_paused = true)]
    async fn chats_of_long_ago_are_forgotten() {
        let pacer = Pacer::default();
        for n in 0..LOOK_FOR_OLD_AT as i64 {
            pacer.lock().of_chat(n, false, Instant::now());
        }
        tokio::time::advance(FORGET_AFTER * 2).await;
        pacer.turn(person(-1), Urgency::Answer, 1).await;
        assert_eq!(pacer.lock().chats.len(), 1);
    }
}
