//! Cruelty on demand: what goes wrong, for whom, how often. Given through the admin port or by a test, drawn from a seeded
//! sequence where chance is asked for.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One thing that goes wrong. Fields left out match everything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Account name, such as `main` or `helper1`.
    pub account: Option<String>,
    pub dc: Option<i32>,
    /// Number of a connection, counted from 1 in the order in which they were made.
    pub connection: Option<u64>,
    /// TL name, such as `upload.getFile`.
    pub method: Option<String>,
    /// So many matching calls pass before it begins.
    pub after: u32,
    /// It happens so many times, then never again; without it, until faults are cleared.
    pub times: Option<u32>,
    /// From 0 to 1; without it, always.
    pub chance: Option<f64>,
    pub what: What,
}

/// What goes wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Answers take this long to arrive.
    RoundTripMs(u64),
    /// Bytes per second that one connection delivers.
    ConnectionLimit(u64),
    /// Bytes per second that all connections of an account deliver together.
    BotLimit(u64),
    /// `FLOOD_WAIT_X`.
    FloodWait(u32),
    /// `FLOOD_PREMIUM_WAIT_X`.
    FloodPremiumWait(u32),
    /// Any error: code and text.
    Error(i32, String),
    /// `RPC_CALL_FAIL`, code 500.
    #[default]
    Internal,
    /// Transport error -429, and the connection ends.
    TooManyConnections,
    /// The call is never answered; the connection lives on.
    Stall,
    /// The connection ends.
    Cut,
    /// The reply carries so many bytes fewer.
    Short(usize),
    /// Every file reference that the account holds is expired.
    ExpireReferences,
    /// New connections are accepted and never answered.
    BlackHole,
    /// Updates are logged and not pushed.
    LosePushes,
    /// Instead of an update, `updateChannelTooLong` with the new pts is pushed.
    PushTooLong,
}

impl What {
    /// Conditions hold while they stand; the others happen to calls.
    fn is_condition(&self) -> bool {
        matches!(
            self,
            Self::RoundTripMs(_)
                | Self::ConnectionLimit(_)
                | Self::BotLimit(_)
                | Self::BlackHole
                | Self::LosePushes
                | Self::PushTooLong
        )
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    pub account: &'a str,
    pub dc: i32,
    pub connection: u64,
}

/// The faults that stand.
pub struct Faults {
    standing: Vec<Fault>,
    draws: u64,
}

impl Faults {
    pub fn new(seed: u64) -> Self {
        Self { standing: Vec::new(), draws: seed }
    }

    pub fn add(&mut self, fault: Fault) {
        self.standing.push(fault);
    }

    pub fn clear(&mut self) {
        self.standing.clear();
    }

    /// What happens to this call: the first fault that applies, counted as used.
    pub fn strike(&mut self, caller: Caller<'_>, method: &str) -> Option<What> {
        let mut struck = None;
        for at in 0..self.standing.len() {
            let fault = &self.standing[at];
            if fault.what.is_condition() || !fault.fits(caller) || fault.method.as_deref().is_some_and(|m| m != method)
            {
                continue;
            }
            if fault.after > 0 {
                self.standing[at].after -= 1;
                continue;
            }
            if fault.times == Some(0) || self.standing[at].chance.is_some_and(|chance| self.draw() >= chance) {
                continue;
            }
            let fault = &mut self.standing[at];
            fault.times = fault.times.map(|n| n - 1);
            struck = Some(fault.what.clone());
            break;
        }
        self.standing.retain(|f| f.times != Some(0));
        struck
    }

    pub fn round_trip(&self, caller: Caller<'_>) -> Duration {
        let millis = |f: &Fault| match f.what {
            What::RoundTripMs(ms) => Some(ms),
            _ => None,
        };
        Duration::from_millis(self.condition(caller, millis).unwrap_or(0))
    }

    pub fn connection_limit(&self, caller: Caller<'_>) -> Option<u64> {
        self.condition(caller, |f| match f.what {
            What::ConnectionLimit(limit) => Some(limit),
            _ => None,
        })
    }

    pub fn bot_limit(&self, caller: Caller<'_>) -> Option<u64> {
        self.condition(caller, |f| match f.what {
            What::BotLimit(limit) => Some(limit),
            _ => None,
        })
    }

    /// Whether a new connection to a DC is never answered. Who makes it is not known yet.
    pub fn is_black_hole(&self, dc: i32) -> bool {
        self.standing.iter().any(|f| f.what == What::BlackHole && f.dc.is_none_or(|d| d == dc))
    }

    pub fn stands(&self, caller: Caller<'_>, what: &What) -> bool {
        self.standing.iter().any(|f| f.what == *what && f.fits(caller))
    }

    /// The newest condition wins.
    fn condition(&self, caller: Caller<'_>, pick: impl Fn(&Fault) -> Option<u64>) -> Option<u64> {
        self.standing.iter().rev().filter(|f| f.fits(caller)).find_map(pick)
    }

    /// The next number in 0..1 (SplitMix64): the same for the same seed.
    fn draw(&mut self) -> f64 {
        self.draws = self.draws.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.draws;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl Fault {
    fn fits(&self, caller: Caller<'_>) -> bool {
        self.account.as_deref().is_none_or(|name| name == caller.account)
            && self.dc.is_none_or(|dc| dc == caller.dc)
            && self.connection.is_none_or(|n| n == caller.connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: Caller<'_> = Caller { account: "main", dc: 4, connection: 1 };

    #[test]
    fn a_fault_strikes_whom_it_names_as_often_as_it_says() {
        let mut faults = Faults::new(1);
        let one = Fault {
            account: Some("main".into()),
            method: Some("upload.getFile".into()),
            after: 1,
            times: Some(2),
            what: What::FloodWait(3),
            ..Fault::default()
        };
        faults.add(one);
        let other = Caller { account: "helper1", ..MAIN };
        assert_eq!(faults.strike(other, "upload.getFile"), None);
        assert_eq!(faults.strike(MAIN, "help.getConfig"), None);
        let struck: Vec<bool> = (0..5).map(|_| faults.strike(MAIN, "upload.getFile").is_some()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed() {
        let run = |seed| -> Vec<bool> {
            let mut faults = Faults::new(seed);
            faults.add(Fault { chance: Some(0.5), ..Fault::default() });
            (0..64).map(|_| faults.strike(MAIN, "x").is_some()).collect()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        assert!((16..48).contains(&run(7).iter().filter(|s| **s).count()));
    }

    #[test]
    fn conditions_are_not_used_up() {
        let mut faults = Faults::new(1);
        faults.add(Fault { dc: Some(4), what: What::RoundTripMs(20), ..Fault::default() });
        assert_eq!(faults.strike(MAIN, "x"), None);
        assert_eq!(faults.round_trip(MAIN), Duration::from_millis(20));
        assert_eq!(faults.round_trip(Caller { dc: 2, ..MAIN }), Duration::ZERO);
    }
}
