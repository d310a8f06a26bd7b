//! How many bytes somebody has left, today and this month.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use super::{Asker, EVERY, lock};
use crate::domain::limits::{Day, Kind, Limits, Refusal, Rules, Scope, Whose};
use crate::domain::person::{PersonId, Role};
use crate::domain::usage::Spent;

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whom {
    Everybody,
    Person(PersonId, Role),
}

impl Whom {
    /// `None` is everybody together.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Everybody => None,
            Self::Person(person, _) => Some(person),
        }
    }

    pub fn limits(self, rules: &Rules) -> Limits {
        match self {
            Self::Everybody => rules.of(Scope::All),
            Self::Person(person, role) => rules.of_person(person, role),
        }
    }

    fn whose(self) -> Whose {
        match self {
            Self::Everybody => Whose::Everybodys,
            Self::Person(..) => Whose::Yours,
        }
    }
}

/// What is left of a day's and a month's bytes. Streams draw on it without a lock.
pub struct Account {
    whom: Whom,
    left: AtomicI64,
    known: Mutex<Known>,
}

#[derive(Clone, Copy, Default)]
struct Known {
    limits: Limits,
    /// The month ends before the day does.
    is_month: bool,
    /// Unix seconds of the last reading.
    at: i64,
}

impl Account {
    fn new(whom: Whom) -> Self {
        Self { whom, left: AtomicI64::new(i64::MAX), known: Mutex::default() }
    }

    /// The accounts that a stream of this person's draws on.
    pub fn drawn_on(asker: Asker) -> Vec<Whom> {
        let mut all = vec![Whom::Person(asker.person, asker.role)];
        // Whoever pays for the line is not locked out by those who use it.
        if asker.role != Role::Owner {
            all.push(Whom::Everybody);
        }
        all
    }

    /// Whether what is known is as good as what a new reading would tell. Of another day nothing is known.
    pub fn is_fresh(&self, now: i64) -> bool {
        let at = lock(&self.known).at;
        let age = now.saturating_sub(at);
        (0..=EVERY.as_secs().cast_signed()).contains(&age) && Day::of(at) == Day::of(now)
    }

    /// Takes over what the store says, less what is not stored yet.
    pub fn renew(&self, limits: &Limits, stored: Spent, unsaved: u64, now: i64) {
        let left = |kind, used: u64| match limits.most(kind) {
            None => i64::MAX,
            Some(most) => signed(most).saturating_sub(signed(used.saturating_add(unsaved))),
        };
        let (day, month) = (left(Kind::Day, stored.day.bytes), left(Kind::Month, stored.month.bytes));
        *lock(&self.known) = Known { limits: *limits, is_month: month < day, at: now };
        self.left.store(day.min(month), Ordering::Relaxed);
    }

    /// Bytes were sent.
    pub fn draw(&self, bytes: u64) {
        self.left.fetch_sub(signed(bytes), Ordering::Relaxed);
    }

    /// Errors: nothing is left.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.left.load(Ordering::Relaxed) > 0 {
            return Ok(());
        }
        let Known { limits, is_month, at } = *lock(&self.known);
        let (day, whose) = (Day::of(at), self.whom.whose());
        let most = |kind| limits.most(kind).unwrap_or_default();
        Err(if is_month {
            Refusal::Month { most: most(Kind::Month), whose, ends: day.month_ends() }
        } else {
            Refusal::Day { most: most(Kind::Day), whose, ends: day.ends() }
        })
    }
}

/// The accounts of those who watch.
#[derive(Default)]
pub struct Accounts {
    open: Mutex<BTreeMap<Whom, Weak<Account>>>,
}

impl Accounts {
    /// The account that all streams of this person's share.
    pub fn get(&self, whom: Whom) -> Arc<Account> {
        let mut open = lock(&self.open);
        if let Some(account) = open.get(&whom).and_then(Weak::upgrade) {
            return account;
        }
        let account = Arc::new(Account::new(whom));
        open.retain(|_, account| account.strong_count() > 0);
        open.insert(whom, Arc::downgrade(&account));
        account
    }

    /// Those that a stream holds.
    pub fn in_use(&self) -> Vec<(Whom, Arc<Account>)> {
        lock(&self.open).iter().filter_map(|(whom, account)| Some((*whom, account.upgrade()?))).collect()
    }
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::usage::Amount;

    const MIDNIGHT: i64 = 20_000 * 86_400;
    const ANNA: Whom = Whom::Person(PersonId(2), Role::Member);

    fn spent(day: u64, month: u64) -> Spent {
        let bytes = |bytes| Amount { bytes, ..Amount::default() };
        Spent { day: bytes(day), month: bytes(month) }
    }

    fn renewed(limits: &str, spent: Spent, unsaved: u64) -> Account {
        let account = Account::new(ANNA);
        account.renew(&limits.parse().expect("limits"), spent, unsaved, MIDNIGHT - 10);
        account
    }

    #[test]
    fn the_tighter_of_day_and_month_ends_it() {
        let (whose, day) = (Whose::Yours, Day::of(MIDNIGHT - 10));
        let cases = [
            ("day=100", spent(99, 500), 0, None),
            ("day=100", spent(100, 500), 0, Some(Refusal::Day { most: 100, whose, ends: MIDNIGHT })),
            ("day=100", spent(90, 500), 10, Some(Refusal::Day { most: 100, whose, ends: MIDNIGHT })),
            ("day=100 month=500", spent(50, 500), 0, Some(Refusal::Month { most: 500, whose, ends: day.month_ends() })),
            ("day=100 month=500", spent(90, 495), 7, Some(Refusal::Month { most: 500, whose, ends: day.month_ends() })),
            ("month=500", spent(400, 499), 0, None),
            ("streams=1", spent(u64::MAX, u64::MAX), 9, None),
        ];
        for (limits, spent, unsaved, wanted) in cases {
            assert_eq!(renewed(limits, spent, unsaved).check().err(), wanted, "{limits} {spent:?}");
        }
    }

    #[test]
    fn what_is_sent_draws_on_it() {
        let account = renewed("day=100", spent(50, 50), 0);
        account.draw(49);
        assert_eq!(account.check(), Ok(()));
        account.draw(1);
        assert!(account.check().is_err());
    }

    #[test]
    fn over_midnight_and_when_the_clock_steps_it_is_read_anew() {
        let account = renewed("day=100", spent(0, 0), 0);
        assert!(account.is_fresh(MIDNIGHT - 9) && !account.is_fresh(MIDNIGHT - 5), "by its age");
        account.renew(&Limits::default(), spent(0, 0), 0, MIDNIGHT - 1);
        assert!(!account.is_fresh(MIDNIGHT), "another day");
        assert!(!account.is_fresh(MIDNIGHT - 86_400), "the clock was set back");
    }

    #[test]
    fn streams_of_a_person_share_one_account_and_it_goes_with_them() {
        let accounts = Accounts::default();
        let (first, second) = (accounts.get(ANNA), accounts.get(ANNA));
        assert!(Arc::ptr_eq(&first, &second) && accounts.in_use().len() == 1);
        drop((first, second));
        assert!(accounts.in_use().is_empty());
    }

    #[test]
    fn everybodys_limit_does_not_stop_the_owner() {
        let is_everybodys = |role| {
            Account::drawn_on(Asker { person: PersonId(2), role, keeps_history: true }).contains(&Whom::Everybody)
        };
        assert_eq!(Role::ALL.map(is_everybodys), [false, true, true, true]);
    }
}
