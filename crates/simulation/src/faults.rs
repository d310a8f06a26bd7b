//! Being slow and cruel on purpose. A [`Fault`] says where it strikes, when, and what it does; the first matching rules
//! of each kind are looked up for every call, connection and update.
//!
//! ```json
//! {"kind":"flood_wait","seconds":3,"account":"helper1","method":"upload.getFile","after":2,"times":1}
//! {"kind":"round_trip","ms":80}
//! ```

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::content::split_mix;

/// One rule. What is not given matches everything; a rule without `times` holds until faults are cleared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Name of the account whose connection it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Only in this data centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dc: Option<i32>,
    /// A connection's number, as `GET /stats` lists them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<u64>,
    /// Only connections that came in by a `media_only` address, or only the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_for_files: Option<bool>,
    /// As in the schema: `upload.getFile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Lets this many matching events pass first.
    #[serde(default)]
    pub after: u64,
    /// Strikes this many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Strikes with this probability (0 to 1), drawn from the simulation's seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// What happens.
    #[serde(flatten)]
    pub effect: Effect,
}

/// What a fault does. In JSON it is named by `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Answers come this much later than the request; updates half of it after they happened.
    RoundTrip {
        /// Of the whole way, there and back.
        ms: u64,
    },
    /// The most that one connection gets, or all connections of an account together.
    Speed {
        /// Payload, encryption included.
        bytes_per_second: u64,
        /// Whose connections share it.
        #[serde(default)]
        per: Per,
    },
    /// `420 FLOOD_WAIT_X`, and again to every matching call of the account until X seconds are over.
    FloodWait {
        /// Until the account may ask again.
        seconds: u64,
    },
    /// The same with `FLOOD_PREMIUM_WAIT_X`.
    FloodPremiumWait {
        /// Until the account may ask again.
        seconds: u64,
    },
    /// A transport error (-429 unless said otherwise) instead of an answer, and the connection ends.
    TransportError {
        /// As the client gets it, negative.
        #[serde(default = "too_many")]
        code: i32,
    },
    /// `bad_msg_notification` instead of an answer: the message came with a time that is too far ahead, unless said otherwise.
    BadMessage {
        /// As in bad_msg_notification.
        #[serde(default = "too_high")]
        code: i32,
    },
    /// The answer comes this much later, or never.
    Stall {
        /// How much later; never without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ms: Option<u64>,
    },
    /// The connection ends instead of an answer, or after so many bytes of it.
    Cut {
        /// Of the packet.
        #[serde(default)]
        after_bytes: usize,
    },
    /// `upload.getFile` gives half of what was asked for.
    ShortReply,
    /// `FILE_REFERENCE_EXPIRED`: every file reference that the account has got so far is worth nothing from now on.
    ExpireReferences,
    /// Any RPC error: 500 unless said otherwise.
    RpcError {
        /// As HTTP has it: 400, 420, 500.
        #[serde(default = "internal")]
        code: i32,
        /// Such as `INTERNAL`.
        #[serde(default = "internal_text")]
        message: String,
    },
    /// What happens in channels is not announced.
    LoseUpdates,
    /// Announced is only that something happened (updateChannelTooLong), and a difference is refused in the same way.
    TooLong,
    /// The session is forgotten: new_session_created goes before the answer.
    NewSession,
    /// Connections are accepted and nothing is ever answered.
    BlackHole,
}

/// Whose connections share a speed limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each has it for itself.
    #[default]
    Connection,
    /// All of an account share it.
    Bot,
}

fn too_many() -> i32 {
    -429
}

fn too_high() -> i32 {
    17
}

fn internal() -> i32 {
    500
}

fn internal_text() -> String {
    "INTERNAL".to_owned()
}

impl Fault {
    /// Strikes everywhere, always. The other fields narrow it down.
    pub fn new(effect: Effect) -> Self {
        let (account, dc, connection, is_for_files, method) = (None, None, None, None, None);
        Self { account, dc, connection, is_for_files, method, after: 0, times: None, chance: None, effect }
    }
}

/// Faults from a file: a JSON array of them, or one.
pub fn read(path: &Path) -> anyhow::Result<Vec<Fault>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let several = serde_json::from_str(&text);
    several
        .or_else(|_| serde_json::from_str(&text).map(|one| vec![one]))
        .with_context(|| format!("{} does not hold faults", path.display()))
}

/// Something that may be struck. `None` where it is not known or does not apply.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Event<'a> {
    pub account: Option<&'a str>,
    pub dc: i32,
    pub connection: u64,
    pub is_for_files: bool,
    pub method: Option<&'a str>,
}

pub(super) struct Faults {
    seed: u64,
    rules: Mutex<Vec<Rule>>,
}

struct Rule {
    fault: Fault,
    /// Matching events so far.
    seen: u64,
    struck: u64,
    random: u64,
    /// Accounts that were told to wait, until when.
    waiting: HashMap<String, Instant>,
}

impl Faults {
    pub fn new(seed: u64) -> Self {
        Self { seed, rules: Mutex::default() }
    }

    pub fn add(&self, fault: Fault) {
        let mut rules = self.rules();
        let random = split_mix(self.seed ^ rules.len() as u64);
        rules.push(Rule { fault, seen: 0, struck: 0, random, waiting: HashMap::new() });
    }

    /// Of one kind; what the kind is told (seconds, a code) does not matter.
    pub fn clear_of(&self, effect: &Effect) {
        let kind = std::mem::discriminant(effect);
        self.rules().retain(|rule| std::mem::discriminant(&rule.fault.effect) != kind);
    }

    pub fn clear(&self) {
        self.rules().clear();
    }

    /// What strikes this call, in the order in which the faults were added. Of a flood wait, `seconds` is what is left.
    pub fn for_call(&self, event: Event<'_>) -> Vec<Effect> {
        self.strike(event, |effect| {
            !matches!(
                effect,
                Effect::RoundTrip { .. }
                    | Effect::Speed { .. }
                    | Effect::LoseUpdates
                    | Effect::TooLong
                    | Effect::BlackHole
            )
        })
    }

    /// What strikes an update on its way to one account.
    pub fn for_update(&self, event: Event<'_>) -> Vec<Effect> {
        self.strike(event, |effect| matches!(effect, Effect::LoseUpdates | Effect::TooLong))
    }

    pub fn is_black_hole(&self, event: Event<'_>) -> bool {
        !self.strike(event, |effect| matches!(effect, Effect::BlackHole)).is_empty()
    }

    /// How far away the DC is: the sum over all matching rules.
    pub fn round_trip(&self, event: Event<'_>) -> Duration {
        let mut sum = 0;
        for rule in self.rules().iter().filter(|rule| rule.fault.matches(event)) {
            if let Effect::RoundTrip { ms } = rule.fault.effect {
                sum += ms;
            }
        }
        Duration::from_millis(sum)
    }

    /// Bytes per second: for the connection, and for all connections of its account together.
    pub fn speed(&self, event: Event<'_>) -> (Option<u64>, Option<u64>) {
        let (mut connection, mut bot) = (None, None);
        for rule in self.rules().iter().filter(|rule| rule.fault.matches(event)) {
            if let Effect::Speed { bytes_per_second, per } = rule.fault.effect {
                let limit = if per == Per::Bot { &mut bot } else { &mut connection };
                *limit = Some(limit.map_or(bytes_per_second, |slower: u64| slower.min(bytes_per_second)).max(1));
            }
        }
        (connection, bot)
    }

    fn strike(&self, event: Event<'_>, is_wanted: impl Fn(&Effect) -> bool) -> Vec<Effect> {
        let now = Instant::now();
        let mut rules = self.rules();
        rules
            .iter_mut()
            .filter(|rule| is_wanted(&rule.fault.effect) && rule.fault.matches(event))
            .filter_map(|rule| rule.strike(event, now))
            .collect()
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    fn matches(&self, event: Event<'_>) -> bool {
        fn fits<T: PartialEq + ?Sized>(wanted: Option<&T>, is: Option<&T>) -> bool {
            wanted.is_none() || wanted == is
        }
        fits(self.account.as_deref(), event.account)
            && fits(self.dc.as_ref(), Some(&event.dc))
            && fits(self.connection.as_ref(), Some(&event.connection))
            && fits(self.is_for_files.as_ref(), Some(&event.is_for_files))
            && fits(self.method.as_deref(), event.method)
    }
}

impl Rule {
    fn strike(&mut self, event: Event<'_>, now: Instant) -> Option<Effect> {
        let account = event.account.unwrap_or_default();
        if let Some(left) = self.waiting.get(account).and_then(|until| until.checked_duration_since(now)) {
            return Some(self.fault.effect.with_seconds(left.as_secs_f64().ceil() as u64));
        }
        self.seen += 1;
        if self.seen <= self.fault.after || self.fault.times.is_some_and(|times| self.struck >= times) {
            return None;
        }
        if let Some(chance) = self.fault.chance {
            self.random = split_mix(self.random);
            if (self.random >> 11) as f64 / (1u64 << 53) as f64 >= chance {
                return None;
            }
        }
        self.struck += 1;
        if let Effect::FloodWait { seconds } | Effect::FloodPremiumWait { seconds } = self.fault.effect {
            self.waiting.insert(account.to_owned(), now + Duration::from_secs(seconds));
        }
        Some(self.fault.effect.clone())
    }
}

impl Effect {
    fn with_seconds(&self, seconds: u64) -> Self {
        match self {
            Self::FloodPremiumWait { .. } => Self::FloodPremiumWait { seconds },
            _ => Self::FloodWait { seconds },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(json: &str) -> Faults {
        let faults = Faults::new(1);
        faults.add(serde_json::from_str(json).expect(json));
        faults
    }

    fn call<'a>(account: &'a str, method: &'a str) -> Event<'a> {
        Event { account: Some(account), dc: 4, connection: 7, is_for_files: false, method: Some(method) }
    }

    #[test]
    fn a_fault_strikes_where_it_is_told_to() {
        let file = call("main", "upload.getFile");
        for (json, strikes) in [
            (r#"{"kind":"stall"}"#, true),
            (r#"{"kind":"stall","account":"main"}"#, true),
            (r#"{"kind":"stall","account":"helper1"}"#, false),
            (r#"{"kind":"stall","dc":4,"method":"upload.getFile","connection":7}"#, true),
            (r#"{"kind":"stall","dc":2}"#, false),
            (r#"{"kind":"stall","method":"help.getConfig"}"#, false),
            (r#"{"kind":"stall","connection":8}"#, false),
            (r#"{"kind":"lose_updates"}"#, false),
        ] {
            assert_eq!(!faults(json).for_call(file).is_empty(), strikes, "{json}");
        }
    }

    #[test]
    fn after_and_times_count_matching_calls() {
        let faults = faults(r#"{"kind":"rpc_error","method":"upload.getFile","after":2,"times":2}"#);
        let strikes = |event| !faults.for_call(event).is_empty();
        let struck: Vec<bool> = (0..6).map(|_| strikes(call("main", "upload.getFile"))).collect();
        assert_eq!(struck, [false, false, true, true, false, false]);
        assert!(!strikes(call("main", "help.getConfig")));
    }

    #[test]
    fn chance_is_drawn_from_the_seed() {
        let draw = || {
            let faults = faults(r#"{"kind":"rpc_error","chance":0.25}"#);
            (0..1000).map(|_| !faults.for_call(call("main", "x")).is_empty()).collect::<Vec<_>>()
        };
        let struck = draw().iter().filter(|&&s| s).count();
        assert!((200..300).contains(&struck), "{struck} of 1000");
        assert_eq!(draw(), draw());
    }

    #[test]
    fn who_does_not_wait_is_told_again_and_others_are_not() {
        let faults = faults(r#"{"kind":"flood_wait","seconds":30,"times":1}"#);
        for _ in 0..3 {
            let told = faults.for_call(call("main", "x"));
            assert!(matches!(told[..], [Effect::FloodWait { seconds: 29..=30 }]), "{told:?}");
        }
        assert_eq!(faults.for_call(call("helper1", "x")), []);
    }

    #[test]
    fn distance_adds_up_and_the_slowest_limit_counts() {
        let faults = Faults::new(1);
        for json in [
            r#"{"kind":"round_trip","ms":40}"#,
            r#"{"kind":"round_trip","ms":5,"account":"main"}"#,
            r#"{"kind":"speed","bytes_per_second":1000}"#,
            r#"{"kind":"speed","bytes_per_second":500,"dc":4}"#,
            r#"{"kind":"speed","bytes_per_second":9000,"per":"bot"}"#,
        ] {
            faults.add(serde_json::from_str(json).expect(json));
        }
        assert_eq!(faults.round_trip(call("main", "x")), Duration::from_millis(45));
        assert_eq!(faults.round_trip(call("helper1", "x")), Duration::from_millis(40));
        assert_eq!(faults.speed(call("main", "x")), (Some(500), Some(9000)));
        faults.clear();
        assert_eq!(faults.speed(call("main", "x")), (None, None));
    }

    #[test]
    fn every_kind_reads_back_as_it_was_written() {
        for effect in [
            Effect::RoundTrip { ms: 1 },
            Effect::Speed { bytes_per_second: 1, per: Per::Bot },
            Effect::FloodWait { seconds: 1 },
            Effect::FloodPremiumWait { seconds: 1 },
            Effect::TransportError { code: -429 },
            Effect::BadMessage { code: 17 },
            Effect::Stall { ms: None },
            Effect::Cut { after_bytes: 10 },
            Effect::ShortReply,
            Effect::ExpireReferences,
            Effect::RpcError { code: 500, message: "INTERNAL".to_owned() },
            Effect::LoseUpdates,
            Effect::TooLong,
            Effect::NewSession,
            Effect::BlackHole,
        ] {
            let fault = Fault { times: Some(3), ..Fault::new(effect) };
            let json = serde_json::to_string(&fault).expect("serializable");
            assert_eq!(serde_json::from_str::<Fault>(&json).expect(&json), fault);
        }
    }
}
