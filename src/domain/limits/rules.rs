//! Limits as the owner writes them, in the setting LIMITS and in what is stored: `member: day=50GB streams=3; guest: day=5GB`.
//!
//! | scope | whom it is for |
//! | --- | --- |
//! | `owner`, `admin`, `member`, `guest` | each person of the role by themselves |
//! | `person 7` | one person; comes before their role's |
//! | `address` | each address without a name: requests only |
//! | `all` | everybody together; the owner is counted and never stopped by it |
//!
//! Nothing is limited that no rule names; `off` takes a limit of a broader rule away.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::size;
use crate::domain::person::{PersonId, Role};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Bytes of files sent in a day, and in a month.
    Day,
    Month,
    /// Files being sent at once.
    Streams,
    /// Bytes per second of one stream.
    Rate,
    /// Requests per second.
    Requests,
    /// Links made in a day.
    Links,
    /// Bytes of one file.
    File,
}

impl Kind {
    pub const ALL: [Self; 7] =
        [Self::Day, Self::Month, Self::Streams, Self::Rate, Self::Requests, Self::Links, Self::File];

    /// The word for it in rules.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Streams => "streams",
            Self::Rate => "rate",
            Self::Requests => "requests",
            Self::Links => "links",
            Self::File => "file",
        }
    }

    fn is_bytes(self) -> bool {
        matches!(self, Self::Day | Self::Month | Self::Rate | Self::File)
    }

    fn example(self) -> &'static str {
        match self {
            Self::Day => "day=50GB",
            Self::Month => "month=1TB",
            Self::Streams => "streams=3",
            Self::Rate => "rate=4MB (a second)",
            Self::Requests => "requests=20 (a second)",
            Self::Links => "links=100",
            Self::File => "file=10GB",
        }
    }
}

/// The limits of one rule, or of one person when all rules for them were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// By [`Kind`]. `None`: nothing is said; 0: said that there is none.
    most: [Option<u64>; Kind::ALL.len()],
}

impl Limits {
    /// `None` where there is no limit.
    pub fn most(&self, kind: Kind) -> Option<u64> {
        self.most[kind as usize].filter(|most| *most > 0)
    }

    /// These, and where they say nothing, the others.
    #[must_use]
    pub fn over(self, others: Self) -> Self {
        let mut most = self.most;
        for (mine, other) in most.iter_mut().zip(others.most) {
            *mine = mine.or(other);
        }
        Self { most }
    }

    fn is_empty(&self) -> bool {
        self.most.iter().all(Option::is_none)
    }
}

/// Whom a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    All,
    Address,
    Role(Role),
    Person(PersonId),
}

impl Scope {
    fn allows(self, kind: Kind) -> bool {
        match self {
            Self::All => matches!(kind, Kind::Day | Kind::Month | Kind::Streams),
            Self::Address => kind == Kind::Requests,
            Self::Role(_) | Self::Person(_) => true,
        }
    }
}

/// What cannot be read, and how it should look.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    #[error(
        "{0:?} is not a rule; a rule is a role and its limits, such as member: day=50GB streams=3; rules are separated by ;"
    )]
    NotARule(String),
    #[error(
        "{0:?} is nobody that limits are for; write owner, admin, member, guest, all, address, or person and a number"
    )]
    Scope(String),
    #[error("{0:?} is no limit; write day, month, streams, rate, requests, links or file, such as day=50GB")]
    Kind(String),
    #[error("{text:?} cannot be read; write it as in {example}, or off for no limit")]
    Amount { text: String, example: &'static str },
    #[error("{kind} cannot be limited for {scope}; that has {allowed}")]
    NotFor { scope: Scope, kind: &'static str, allowed: &'static str },
}

impl FromStr for Limits {
    type Err = RulesError;

    /// `day=50GB streams=3`, with blanks or commas between.
    fn from_str(text: &str) -> Result<Self, RulesError> {
        let mut limits = Self::default();
        for part in text.split([' ', ',', '\t']).filter(|part| !part.is_empty()) {
            let (word, amount) = part.split_once('=').ok_or_else(|| RulesError::Kind(part.to_owned()))?;
            let kind = Kind::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word));
            let kind = kind.ok_or_else(|| RulesError::Kind(part.to_owned()))?;
            let read = match amount.to_ascii_lowercase().as_str() {
                "off" => Some(0),
                // A limit of nothing would lock people out, who are locked out by taking their access away.
                amount => if kind.is_bytes() { size::parse(amount) } else { amount.parse().ok() }.filter(|n| *n > 0),
            };
            let wrong = || RulesError::Amount { text: part.to_owned(), example: kind.example() };
            limits.most[kind as usize] = Some(read.ok_or_else(wrong)?);
        }
        Ok(limits)
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = Kind::ALL.into_iter().filter_map(|kind| Some((kind, self.most[kind as usize]?)));
        for (n, (kind, most)) in said.enumerate() {
            let blank = if n == 0 { "" } else { " " };
            let amount = match most {
                0 => "off".to_owned(),
                most if kind.is_bytes() => size::exact(most),
                most => most.to_string(),
            };
            write!(f, "{blank}{}={amount}", kind.word())?;
        }
        Ok(())
    }
}

impl FromStr for Scope {
    type Err = RulesError;

    fn from_str(text: &str) -> Result<Self, RulesError> {
        let word = text.trim().to_ascii_lowercase();
        if let Some(number) = word.strip_prefix("person").and_then(|number| number.trim().parse().ok()) {
            return Ok(Self::Person(PersonId(number)));
        }
        let role = Role::ALL.into_iter().find(|role| role.word() == word);
        match (role, word.as_str()) {
            (Some(role), _) => Ok(Self::Role(role)),
            (None, "all") => Ok(Self::All),
            (None, "address") => Ok(Self::Address),
            _ => Err(RulesError::Scope(text.trim().to_owned())),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Address => f.write_str("address"),
            Self::Role(role) => f.write_str(role.word()),
            Self::Person(id) => write!(f, "person {id}"),
        }
    }
}

/// All rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    by_scope: BTreeMap<Scope, Limits>,
}

impl Rules {
    /// What is written for one scope.
    pub fn of(&self, scope: Scope) -> Limits {
        self.by_scope.get(&scope).copied().unwrap_or_default()
    }

    /// What holds for one person.
    pub fn of_person(&self, person: PersonId, role: Role) -> Limits {
        self.of(Scope::Person(person)).over(self.of(Scope::Role(role)))
    }

    /// Writes one rule anew; without limits it goes.
    pub fn set(&mut self, scope: Scope, limits: Limits) -> Result<(), RulesError> {
        let wrong = Kind::ALL.into_iter().find(|kind| limits.most[*kind as usize].is_some() && !scope.allows(*kind));
        if let Some(kind) = wrong {
            let allowed = if scope == Scope::All { "day, month and streams" } else { "requests" };
            return Err(RulesError::NotFor { scope, kind: kind.word(), allowed });
        }
        if limits.is_empty() {
            self.by_scope.remove(&scope);
        } else {
            self.by_scope.insert(scope, limits);
        }
        Ok(())
    }

    /// These, and where they say nothing, the others.
    #[must_use]
    pub fn over(&self, others: &Self) -> Self {
        let mut by_scope = others.by_scope.clone();
        for (scope, limits) in &self.by_scope {
            let below = by_scope.get(scope).copied().unwrap_or_default();
            by_scope.insert(*scope, limits.over(below));
        }
        Self { by_scope }
    }

    /// Every rule, broad ones first.
    pub fn iter(&self) -> impl Iterator<Item = (Scope, Limits)> {
        self.by_scope.iter().map(|(scope, limits)| (*scope, *limits))
    }
}

impl FromStr for Rules {
    type Err = RulesError;

    fn from_str(text: &str) -> Result<Self, RulesError> {
        let mut rules = Self::default();
        for rule in text.split([';', '\n']).map(str::trim).filter(|rule| !rule.is_empty()) {
            let (scope, limits) = rule.split_once(':').ok_or_else(|| RulesError::NotARule(rule.to_owned()))?;
            let scope = scope.parse()?;
            let limits: Limits = limits.parse()?;
            let limits = limits.over(rules.of(scope));
            rules.set(scope, limits)?;
        }
        Ok(rules)
    }
}

impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (scope, limits)) in self.by_scope.iter().enumerate() {
            let end = if n == 0 { "" } else { "; " };
            write!(f, "{end}{scope}: {limits}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Rules {
        text.parse().expect("rules")
    }

    #[test]
    fn what_is_written_is_read_and_written_again() {
        let text = "all: day=2TB streams=50; address: requests=30; member: day=50GB month=1TB streams=3 rate=4MB \
                    requests=20 links=100 file=10GB; guest: day=5GB; person 7: day=off";
        assert_eq!(rules(text).to_string(), text);
        assert_eq!(
            rules("Member:day=50gb,streams=3\n\nguest: day=5GB").to_string(),
            "member: day=50GB streams=3; guest: day=5GB"
        );
        assert_eq!(rules("member: day=1GB; member: streams=2").to_string(), "member: day=1GB streams=2");
        assert_eq!(rules(" ; ").to_string(), "");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_an_example() {
        let cases = [
            ("member day=1", "\"member day=1\" is not a rule; a rule is a role"),
            ("friends: day=1GB", "\"friends\" is nobody that limits are for; write owner"),
            ("person x: day=1GB", "\"person x\" is nobody"),
            ("member: hour=1GB", "\"hour=1GB\" is no limit; write day"),
            ("member: day", "\"day\" is no limit"),
            ("member: day=lots", "\"day=lots\" cannot be read; write it as in day=50GB, or off"),
            ("member: streams=0", "\"streams=0\" cannot be read; write it as in streams=3"),
            ("member: streams=1GB", "\"streams=1GB\" cannot be read"),
            ("address: day=1GB", "day cannot be limited for address; that has requests"),
            ("all: rate=1MB", "rate cannot be limited for all; that has day, month and streams"),
        ];
        for (text, wanted) in cases {
            let said = text.parse::<Rules>().expect_err(text).to_string();
            assert!(said.starts_with(wanted), "{said}");
        }
    }

    #[test]
    fn the_narrower_rule_comes_first_and_off_takes_a_limit_away() {
        let fixed = rules("member: day=50GB streams=3; guest: day=5GB");
        let stored = rules("member: streams=2; person 7: day=off; person 8: day=1GB");
        let all = stored.over(&fixed);
        let most = |person, role, kind| all.of_person(PersonId(person), role).most(kind);
        let cases = [
            (5, Role::Member, Kind::Day, Some(50_000_000_000)),
            (5, Role::Member, Kind::Streams, Some(2)),
            (5, Role::Guest, Kind::Day, Some(5_000_000_000)),
            (7, Role::Member, Kind::Day, None),
            (7, Role::Member, Kind::Streams, Some(2)),
            (8, Role::Guest, Kind::Day, Some(1_000_000_000)),
            (1, Role::Owner, Kind::Day, None),
            (2, Role::Admin, Kind::Rate, None),
        ];
        for (person, role, kind, wanted) in cases {
            assert_eq!(most(person, role, kind), wanted, "{person} {role:?} {kind:?}");
        }
    }

    #[test]
    fn a_rule_without_limits_goes() {
        let mut rules = rules("member: day=1GB; guest: day=1GB");
        rules.set(Scope::Role(Role::Member), Limits::default()).expect("set");
        assert_eq!(rules.to_string(), "guest: day=1GB");
    }
}
