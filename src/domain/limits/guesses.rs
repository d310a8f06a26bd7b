//! Who guesses tokens, codes or passwords waits longer with every wrong one: 1 s, 2 s, 4 s, up to an hour.
//!
//! A try counts as wrong when it begins, and is taken back when it was right: so that a thousand tries at once are a thousand, and
//! somebody who knows one right answer gains nothing by giving it between guesses.

use std::collections::HashMap;

use ipnet::IpNet;

use super::Refusal;
use crate::domain::telegram_id::UserId;

/// What is guessed. Each is counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Secret {
    /// A token of the addon, or the link of a file: 128 bits and more.
    Token,
    /// A one-time link.
    SignInLink,
    /// A short code, or a password, that people type.
    Code,
    Password,
}

impl Secret {
    /// Wrong tries that cost nothing. A mistyped addon asks for a dozen catalogs at a time; people mistype a password now and then.
    fn free(self) -> u32 {
        match self {
            Self::Token => 40,
            Self::SignInLink => 10,
            Self::Code | Self::Password => 5,
        }
    }
}

/// Who guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Guesser {
    /// See [`network`](super::network).
    Address(IpNet),
    /// In the chat.
    Telegram(UserId),
}

/// The longest wait, and how long a wrong try is remembered after it.
const LONGEST_SECS: i64 = 60 * 60;
/// Guessers that are remembered at once: some 100 bytes each.
const MOST: usize = 20_000;

/// Wrong tries of everybody, in bounded memory.
#[derive(Default)]
pub struct Guesses {
    tries: HashMap<(Secret, Guesser), Tries>,
}

#[derive(Clone, Copy)]
struct Tries {
    wrong: u32,
    last: i64,
}

impl Guesses {
    /// A try begins; it counts as wrong until [`Guesses::right`]. Errors: it must not be looked at before the refusal ends. `now`
    /// in unix seconds.
    pub fn begin(&mut self, secret: Secret, who: Guesser, now: i64) -> Result<(), Refusal> {
        let key = (secret, who);
        if self.tries.len() >= MOST && !self.tries.contains_key(&key) {
            self.make_room(now);
        }
        let tries = self.tries.entry(key).or_insert(Tries { wrong: 0, last: now });
        // A clock that was set back would make it wait for that long besides.
        tries.last = tries.last.min(now);
        if tries.is_over(now) {
            *tries = Tries { wrong: 0, last: now };
        }
        let ends = tries.last.saturating_add(wait_secs(secret, tries.wrong));
        if ends > now {
            return Err(Refusal::Guesses { ends });
        }
        *tries = Tries { wrong: tries.wrong.saturating_add(1), last: now };
        Ok(())
    }

    /// The try that began was right.
    pub fn right(&mut self, secret: Secret, who: Guesser) {
        if let Some(tries) = self.tries.get_mut(&(secret, who)) {
            tries.wrong = tries.wrong.saturating_sub(1);
            if tries.wrong == 0 {
                self.tries.remove(&(secret, who));
            }
        }
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.tries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tries.is_empty()
    }

    /// Forgets those that are over; where that is not enough, the half that guessed longest ago. Of many who guess once, none is
    /// worth more than those who guess on.
    fn make_room(&mut self, now: i64) {
        self.tries.retain(|_, tries| !tries.is_over(now));
        if self.tries.len() < MOST {
            return;
        }
        let mut order: Vec<(u32, i64)> = self.tries.values().map(|tries| (tries.wrong, tries.last)).collect();
        order.sort_unstable();
        let middle = order[order.len() / 2];
        self.tries.retain(|_, tries| (tries.wrong, tries.last) > middle);
    }
}

impl Tries {
    fn is_over(&self, now: i64) -> bool {
        now > self.last.saturating_add(2 * LONGEST_SECS)
    }
}

fn wait_secs(secret: Secret, wrong: u32) -> i64 {
    match wrong.checked_sub(secret.free()) {
        None => 0,
        Some(beyond) => 1_i64.checked_shl(beyond.min(20)).unwrap_or(LONGEST_SECS).min(LONGEST_SECS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::network;

    const NOW: i64 = 1_000_000;

    fn somebody(n: u32) -> Guesser {
        Guesser::Address(network(std::net::Ipv4Addr::from(n).into()))
    }

    fn wait(guesses: &mut Guesses, secret: Secret, now: i64) -> i64 {
        match guesses.begin(secret, somebody(1), now) {
            Ok(()) => 0,
            Err(refusal) => refusal.ends().expect("an end") - now,
        }
    }

    #[test]
    fn each_wrong_code_doubles_the_wait_up_to_an_hour() {
        let mut guesses = Guesses::default();
        let mut now = NOW;
        let mut waits = Vec::new();
        for _ in 0..20 {
            let wait = wait(&mut guesses, Secret::Code, now);
            waits.push(wait);
            now += wait;
            if wait > 0 {
                assert_eq!(guesses.begin(Secret::Code, somebody(1), now), Ok(()));
            }
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]);
        assert_eq!(guesses.begin(Secret::Password, somebody(1), now), Ok(()), "another secret is counted by itself");
        assert_eq!(guesses.begin(Secret::Code, somebody(2), now), Ok(()), "and so is somebody else");
        assert_eq!(wait(&mut guesses, Secret::Code, now + 2 * 3600 + 1), 0, "it is forgotten in time");
    }

    #[test]
    fn right_answers_take_back_themselves_alone() {
        let mut guesses = Guesses::default();
        for _ in 0..1000 {
            assert_eq!(guesses.begin(Secret::Code, somebody(1), NOW), Ok(()));
            guesses.right(Secret::Code, somebody(1));
        }
        assert!(guesses.is_empty());
        // One who knows a right answer gives it after each guess.
        let refused = (0..20).any(|_| {
            let guess = guesses.begin(Secret::Code, somebody(1), NOW).is_err();
            let right = guesses.begin(Secret::Code, somebody(1), NOW);
            if right.is_ok() {
                guesses.right(Secret::Code, somebody(1));
            }
            guess
        });
        assert!(refused);
    }

    #[test]
    fn a_hundred_thousand_guessers_are_not_all_remembered_and_the_keenest_is() {
        let mut guesses = Guesses::default();
        for _ in 0..5 {
            assert_eq!(guesses.begin(Secret::Code, somebody(1), NOW), Ok(()));
        }
        for n in 2..100_000 {
            let _ = guesses.begin(Secret::Code, somebody(n), NOW);
        }
        assert!(guesses.len() <= MOST);
        assert!(guesses.begin(Secret::Code, somebody(1), NOW).is_err());
    }

    #[test]
    fn a_clock_that_steps_back_lets_nobody_wait_for_longer() {
        let mut guesses = Guesses::default();
        for _ in 0..5 {
            let _ = guesses.begin(Secret::Code, somebody(1), NOW);
        }
        assert_eq!(wait(&mut guesses, Secret::Code, NOW - 86_400), 1);
    }
}
