//! Requests per second: a bucket for each person, and for each address.
//!
//! A bucket that is full again is as good as none, so those are forgotten, and what is held are the addresses of the last seconds. An
//! attacker may have very many of them: where there are too many, newcomers share buckets.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;

use super::lock;
use crate::domain::person::PersonId;

/// Stremio asks for a dozen catalogs at once when it opens: so many seconds' worth may come together.
const BURST_SECS: u64 = 5;
/// Addresses that are told apart at once; a bucket is some 60 bytes.
const MOST: usize = 50_000;
/// Buckets that are shared beyond.
const SHARED: u64 = 4096;
/// How many requests go by between two looks at how many buckets there are.
const LOOK_EVERY: u32 = 1024;

/// Whose bucket it is.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpNet),
    Shared(u64),
}

#[derive(Default)]
pub struct Buckets {
    people: ByRate<PersonId>,
    addresses: ByRate<Key>,
    clock: DefaultClock,
    taken: AtomicU32,
    is_crowded: AtomicBool,
    hasher: RandomState,
}

/// Limits differ between people, and change.
struct ByRate<K: Hash + Eq + Clone> {
    limiters: Mutex<BTreeMap<u64, Arc<DefaultKeyedRateLimiter<K>>>>,
}

impl<K: Hash + Eq + Clone> Default for ByRate<K> {
    fn default() -> Self {
        Self { limiters: Mutex::default() }
    }
}

impl<K: Hash + Eq + Clone> ByRate<K> {
    fn limiter(&self, rate: u64) -> Arc<DefaultKeyedRateLimiter<K>> {
        let mut limiters = lock(&self.limiters);
        Arc::clone(limiters.entry(rate).or_insert_with(|| Arc::new(RateLimiter::keyed(quota(rate)))))
    }

    /// Forgets full buckets, and limiters without any. Returns how many buckets are left.
    fn tidy(&self) -> usize {
        let mut limiters = lock(&self.limiters);
        limiters.retain(|_, limiter| {
            limiter.retain_recent();
            limiter.shrink_to_fit();
            !limiter.is_empty()
        });
        limiters.values().map(|limiter| limiter.len()).sum()
    }

    fn len(&self) -> usize {
        lock(&self.limiters).values().map(|limiter| limiter.len()).sum()
    }
}

impl Buckets {
    /// Takes one request. `Some`: how long to wait for it. `rate`: requests per second.
    pub fn take_of_person(&self, rate: u64, person: PersonId) -> Option<Duration> {
        self.take(&self.people, rate, &person)
    }

    /// The same for an address.
    pub fn take_of_address(&self, rate: u64, network: IpNet) -> Option<Duration> {
        if self.taken.fetch_add(1, Ordering::Relaxed) % LOOK_EVERY == LOOK_EVERY - 1 {
            self.people.tidy();
            let held = self.addresses.tidy();
            self.is_crowded.store(held + LOOK_EVERY as usize > MOST, Ordering::Relaxed);
        }
        let key = match self.is_crowded.load(Ordering::Relaxed) {
            true => Key::Shared(self.hasher.hash_one(network) % SHARED),
            false => Key::Address(network),
        };
        self.take(&self.addresses, rate, &key)
    }

    /// Buckets that are held.
    pub fn len(&self) -> usize {
        self.people.len() + self.addresses.len()
    }

    fn take<K: Hash + Eq + Clone>(&self, buckets: &ByRate<K>, rate: u64, key: &K) -> Option<Duration> {
        let refused = buckets.limiter(rate).check_key(key).err()?;
        Some(refused.wait_time_from(self.clock.now()))
    }
}

fn quota(rate: u64) -> Quota {
    let number = |n: u64| NonZeroU32::new(u32::try_from(n).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(number(rate)).allow_burst(number(rate.saturating_mul(BURST_SECS)))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::domain::limits::network;

    fn address(n: u32) -> IpNet {
        network(Ipv4Addr::from(n).into())
    }

    #[test]
    fn each_has_a_bucket_of_their_own() {
        let buckets = Buckets::default();
        let taken = |take: &dyn Fn() -> Option<Duration>| (0..30).take_while(|_| take().is_none()).count();
        assert_eq!(taken(&|| buckets.take_of_person(1, PersonId(2))), 5);
        assert_eq!(taken(&|| buckets.take_of_person(1, PersonId(3))), 5);
        assert_eq!(taken(&|| buckets.take_of_person(2, PersonId(2))), 10, "a limit that was changed begins anew");
        assert_eq!(taken(&|| buckets.take_of_address(1, address(2))), 5);
        let wait = buckets.take_of_address(1, address(2)).expect("a wait");
        assert!(wait > Duration::from_millis(500) && wait <= Duration::from_secs(1), "{wait:?}");
    }

    #[test]
    fn of_a_million_addresses_some_are_remembered_and_the_rest_share() {
        let buckets = Buckets::default();
        // A rate so low that no bucket is full again while the test runs.
        let refused = (0..1_000_000).filter(|n| buckets.take_of_address(1, address(*n)).is_some()).count();
        assert!(buckets.len() <= MOST + SHARED as usize, "{}", buckets.len());
        assert!(refused > 100_000, "those who share are limited together: {refused}");
    }
}
