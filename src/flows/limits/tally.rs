//! What was sent and is not stored yet: one tally for each person and file, which all connections of theirs for it share.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};

use super::Asker;
use crate::domain::entry::{Entry, EntryId};
use crate::domain::limits::{Kind, Refusal, Rules, Scope, Whose};
use crate::domain::person::{PersonId, Role};
use crate::domain::usage::{Amount, Running, Used};

/// Players read a film's beginning, end and middle over several connections, and open the next before they close the last. So many
/// of one person for one file are one stream; those beyond begin another.
const CONNECTIONS_PER_STREAM: u32 = 6;

/// A player that comes back within this time (seconds) goes on with the same stream: pausing and seeking close connections.
const SAME_STREAM_SECS: i64 = 10 * 60;

/// One person and one file.
pub struct Tally {
    pub asker: Asker,
    entry: EntryId,
    name: String,
    connections: AtomicU32,
    /// As its person wished when the last connection came.
    is_remembered: AtomicBool,
    unsaved: AtomicU64,
    streams: Begun,
    downloads: Begun,
    /// Unix seconds of the last beginning or saving.
    touched: AtomicI64,
}

/// Something that counts once for each tally.
#[derive(Default)]
struct Begun {
    is_counted: AtomicBool,
    is_unsaved: AtomicBool,
}

impl Begun {
    fn begin(&self) {
        if !self.is_counted.swap(true, Ordering::Relaxed) {
            self.is_unsaved.store(true, Ordering::Relaxed);
        }
    }

    fn take(&self) -> u64 {
        self.is_unsaved.swap(false, Ordering::Relaxed).into()
    }

    fn give_back(&self, count: u64) {
        if count > 0 {
            self.is_unsaved.store(true, Ordering::Relaxed);
        }
    }
}

impl Tally {
    fn new(asker: Asker, entry: &Entry) -> Self {
        Self {
            asker,
            entry: entry.id,
            name: entry.name.clone(),
            connections: AtomicU32::new(0),
            is_remembered: AtomicBool::new(asker.keeps_history),
            unsaved: AtomicU64::new(0),
            streams: Begun::default(),
            downloads: Begun::default(),
            touched: AtomicI64::new(0),
        }
    }

    pub fn sent(&self, bytes: u64) {
        self.unsaved.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A connection ended. Returns whether it was the last.
    pub fn leave(&self) -> bool {
        self.connections.fetch_sub(1, Ordering::Relaxed) == 1
    }

    fn streams(&self, more: u32) -> u64 {
        self.connections.load(Ordering::Relaxed).saturating_add(more).div_ceil(CONNECTIONS_PER_STREAM).into()
    }

    fn take(&self, now: i64) -> Option<Used> {
        let (bytes, links) = (self.unsaved.swap(0, Ordering::Relaxed), 0);
        let amount = Amount { bytes, streams: self.streams.take(), downloads: self.downloads.take(), links };
        if amount == Amount::default() {
            return None;
        }
        self.touched.store(now, Ordering::Relaxed);
        let is_remembered = self.is_remembered.load(Ordering::Relaxed);
        let (person, entry, name) = (self.asker.person, self.entry, self.name.clone());
        Some(Used { person, entry, name, at: now, amount, is_remembered })
    }

    fn is_over(&self, now: i64) -> bool {
        let quiet = now.saturating_sub(self.touched.load(Ordering::Relaxed));
        self.connections.load(Ordering::Relaxed) == 0 && !(0..=SAME_STREAM_SECS).contains(&quiet)
    }
}

/// Every tally, and what other instances send.
#[derive(Default)]
pub struct Tallies {
    open: HashMap<(PersonId, EntryId), Arc<Tally>>,
    elsewhere: BTreeSet<(PersonId, EntryId)>,
}

impl Tallies {
    /// One more connection, unless it would be a stream too many.
    pub fn enter(
        &mut self,
        asker: Asker,
        entry: &Entry,
        is_whole: bool,
        rules: &Rules,
        now: i64,
    ) -> Result<Arc<Tally>, Refusal> {
        let key = (asker.person, entry.id);
        let (before, own) = self.open.get(&key).map_or((0, 1), |tally| (tally.streams(0), tally.streams(1)));
        // One more connection of a stream that is running takes nobody's place.
        if own > before {
            self.room(asker, Some(entry.id), own, rules)?;
        }
        let tally = self.open.entry(key).or_insert_with(|| Arc::new(Tally::new(asker, entry)));
        tally.connections.fetch_add(1, Ordering::Relaxed);
        tally.is_remembered.store(asker.keeps_history, Ordering::Relaxed);
        tally.touched.store(now, Ordering::Relaxed);
        if is_whole { &tally.downloads } else { &tally.streams }.begin();
        Ok(Arc::clone(tally))
    }

    /// Whether it matters how many streams there are.
    pub fn is_limited(asker: Asker, rules: &Rules) -> bool {
        let all = rules.of(Scope::All).most(Kind::Streams);
        rules.of_person(asker.person, asker.role).most(Kind::Streams).or(all).is_some()
    }

    /// What stands in the way of a stream of a file that the person does not watch yet.
    pub fn hindrance(&self, asker: Asker, rules: &Rules) -> Option<Refusal> {
        self.room(asker, None, 1, rules).err()
    }

    /// Whether there is room for `own` streams of a file beside all others.
    fn room(&self, asker: Asker, entry: Option<EntryId>, own: u64, rules: &Rules) -> Result<(), Refusal> {
        for (most, whose) in Self::most_streams(asker, rules) {
            let is_counted = |person: PersonId, of: EntryId| {
                (whose == Whose::Everybodys || person == asker.person) && (person, Some(of)) != (asker.person, entry)
            };
            if self.streams(is_counted).saturating_add(own) > most {
                return Err(Refusal::Streams { most, whose });
            }
        }
        Ok(())
    }

    fn streams(&self, is_counted: impl Fn(PersonId, EntryId) -> bool) -> u64 {
        let here = self.open.iter().filter(|((person, entry), _)| is_counted(*person, *entry));
        let elsewhere = self.elsewhere.iter().filter(|(person, entry)| {
            let is_here = self.open.get(&(*person, *entry)).is_some_and(|tally| tally.streams(0) > 0);
            is_counted(*person, *entry) && !is_here
        });
        here.map(|(_, tally)| tally.streams(0)).sum::<u64>() + elsewhere.count() as u64
    }

    /// Of the streams of all instances, those of this one that are one too many: two that began on two instances at the same moment
    /// were both let in, as neither knew of the other. The later one gives way. `is_own`: what this instance sends.
    pub fn surplus<'r>(&self, all: &'r [Running], is_own: impl Fn(&Running) -> bool, rules: &Rules) -> Vec<&'r str> {
        let mut began: BTreeMap<(PersonId, EntryId), (i64, &str)> = BTreeMap::new();
        for stream in all {
            let at = (stream.since, stream.id.as_str());
            let first = began.entry((stream.person, stream.entry)).or_insert(at);
            *first = at.min(*first);
        }
        let is_surplus = |stream: &&Running| {
            let Some(asker) = self.open.get(&(stream.person, stream.entry)).map(|tally| tally.asker) else {
                return false;
            };
            let own = began[&(stream.person, stream.entry)];
            let before = |whose: Whose| {
                let counted = began
                    .iter()
                    .filter(|((person, _), at)| **at < own && (whose == Whose::Everybodys || *person == asker.person));
                counted.count() as u64
            };
            Self::most_streams(asker, rules).into_iter().any(|(most, whose)| before(whose) >= most)
        };
        all.iter().filter(|stream| is_own(stream)).filter(is_surplus).map(|stream| stream.id.as_str()).collect()
    }

    /// The limits on streams that a person's own are held against.
    fn most_streams(asker: Asker, rules: &Rules) -> Vec<(u64, Whose)> {
        let yours = rules.of_person(asker.person, asker.role).most(Kind::Streams);
        let is_owner = asker.role == Role::Owner;
        let everybodys = rules.of(Scope::All).most(Kind::Streams).filter(|_| !is_owner);
        let all = [(yours, Whose::Yours), (everybodys, Whose::Everybodys)];
        all.into_iter().filter_map(|(most, whose)| Some((most?, whose))).collect()
    }

    pub fn set_elsewhere(&mut self, elsewhere: BTreeSet<(PersonId, EntryId)>) {
        self.elsewhere = elsewhere;
    }

    /// Bytes that are not stored yet, of a person or of everybody.
    pub fn unsaved(&self, whose: Option<PersonId>) -> u64 {
        let of = self.open.values().filter(|tally| whose.is_none_or(|person| tally.asker.person == person));
        of.map(|tally| tally.unsaved.load(Ordering::Relaxed)).sum()
    }

    /// Takes out everything that is not stored yet, and forgets who has long been gone.
    pub fn take_unsaved(&mut self, now: i64) -> Vec<Used> {
        let used = self.open.values().filter_map(|tally| tally.take(now)).collect();
        self.open.retain(|_, tally| !tally.is_over(now));
        used
    }

    /// Takes back what could not be stored.
    pub fn give_back(&self, used: &[Used]) {
        for one in used {
            // It was touched when it was taken, so it is still here.
            if let Some(tally) = self.open.get(&(one.person, one.entry)) {
                tally.unsaved.fetch_add(one.amount.bytes, Ordering::Relaxed);
                tally.streams.give_back(one.amount.streams);
                tally.downloads.give_back(one.amount.downloads);
            }
        }
    }

    /// Open connections by role, in the order of [`Role::ALL`].
    pub fn connections(&self) -> [u64; Role::ALL.len()] {
        Role::ALL.map(|role| {
            let of = self.open.values().filter(|tally| tally.asker.role == role);
            of.map(|tally| u64::from(tally.connections.load(Ordering::Relaxed))).sum()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::stremio::samples;

    const NOW: i64 = 1_000_000;
    const ANNA: Asker = Asker { person: PersonId(2), role: Role::Member, keeps_history: true };
    const BEN: Asker = Asker { person: PersonId(3), role: Role::Member, keeps_history: true };
    const OWNER: Asker = Asker { person: PersonId::OWNER, role: Role::Owner, keeps_history: true };

    fn entry(n: u8) -> Entry {
        Entry { id: EntryId::from_bytes([n; 12]), ..samples::matched() }
    }

    fn rules(text: &str) -> Rules {
        text.parse().expect("rules")
    }

    /// Whether each gets in, one after the other; none leaves.
    fn entered(rules: &Rules, who: &[(Asker, u8)]) -> Vec<bool> {
        let mut tallies = Tallies::default();
        who.iter().map(|(asker, n)| tallies.enter(*asker, &entry(*n), false, rules, NOW).is_ok()).collect()
    }

    #[test]
    fn a_file_is_one_stream_however_many_connections_its_player_opens() {
        let one = rules("member: streams=1");
        assert_eq!(entered(&one, &[(ANNA, 1); 7]), [true, true, true, true, true, true, false]);
        assert_eq!(entered(&one, &[(ANNA, 1), (ANNA, 2), (BEN, 2), (BEN, 1)]), [true, false, true, false]);
        let all = rules("all: streams=2");
        assert_eq!(
            entered(&all, &[(ANNA, 1), (BEN, 1), (BEN, 2), (OWNER, 1), (ANNA, 1)]),
            [true, true, false, true, true]
        );
        assert_eq!(entered(&rules(""), &[(ANNA, 1), (ANNA, 2), (ANNA, 3)]), [true; 3]);
    }

    #[test]
    fn what_other_instances_send_counts_once() {
        let (mut tallies, one) = (Tallies::default(), rules("member: streams=1"));
        tallies.set_elsewhere([(ANNA.person, entry(1).id)].into());
        assert_eq!(tallies.hindrance(ANNA, &one), Some(Refusal::Streams { most: 1, whose: Whose::Yours }));
        assert!(tallies.enter(ANNA, &entry(2), false, &one, NOW).is_err());
        let same = tallies.enter(ANNA, &entry(1), false, &one, NOW).expect("it is the same film");
        assert!(tallies.enter(ANNA, &entry(2), false, &one, NOW).is_err());
        tallies.set_elsewhere(BTreeSet::new());
        assert!(same.leave());
        assert!(tallies.enter(ANNA, &entry(2), false, &one, NOW).is_ok());
    }

    #[test]
    fn everything_sent_is_taken_once() {
        let (mut tallies, free) = (Tallies::default(), rules(""));
        let first = tallies.enter(ANNA, &entry(1), false, &free, NOW).expect("free");
        let second = tallies.enter(ANNA, &entry(1), true, &free, NOW).expect("free");
        first.sent(5);
        second.sent(7);
        assert_eq!(
            (tallies.unsaved(Some(ANNA.person)), tallies.unsaved(None), tallies.unsaved(Some(BEN.person))),
            (12, 12, 0)
        );
        let taken = tallies.take_unsaved(NOW);
        let amount = Amount { bytes: 12, streams: 1, downloads: 1, links: 0 };
        assert_eq!(taken.iter().map(|used| used.amount).collect::<Vec<_>>(), [amount]);
        assert!(tallies.take_unsaved(NOW).is_empty());
        tallies.give_back(&taken);
        first.sent(1);
        let again = tallies.take_unsaved(NOW + 3600);
        assert_eq!(again[0].amount, Amount { bytes: 13, ..amount });
    }

    #[test]
    fn a_player_that_comes_back_soon_goes_on_with_its_stream() {
        let (mut tallies, free) = (Tallies::default(), rules(""));
        let mut streams = |now| {
            tallies.enter(ANNA, &entry(1), false, &free, now).expect("free").leave();
            tallies.take_unsaved(now).iter().map(|used| used.amount.streams).sum::<u64>()
        };
        assert_eq!([NOW, NOW + 500, NOW + 1000].map(&mut streams), [1, 0, 0]);
        tallies.take_unsaved(NOW + 1000 + SAME_STREAM_SECS + 1);
        assert!(tallies.open.is_empty(), "nobody who has gone is remembered");
    }
}
