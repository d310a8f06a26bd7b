//! What was called, by whom, where and how often: so that tests count calls instead of milliseconds.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::faults::Event;

#[derive(Default)]
pub(super) struct Stats {
    calls: Mutex<BTreeMap<(String, i32, String), Count>>,
    messages: Mutex<BTreeMap<(String, i32), MessageCount>>,
}

#[derive(Clone, Copy, Default)]
struct Count {
    calls: u64,
    errors: u64,
    bytes: u64,
}

/// Everything since the start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// By account, DC and method.
    pub calls: Vec<CallCount>,
    /// The connections that are open now.
    pub connections: Vec<OpenConnection>,
    /// Since the start, those that ended included.
    pub connections_opened: u64,
    /// By account and DC.
    pub messages: Vec<MessageCount>,
}

/// What clients sent, whatever it was: a packet that holds a container counts once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MessageCount {
    /// Name of the account; empty while it is not known.
    pub account: String,
    /// The data centre that received them.
    pub dc: i32,
    /// Refused ones included.
    pub messages: u64,
    /// Of these, how many were not taken, by the code of the bad_msg_notification or bad_server_salt.
    pub refused: BTreeMap<i32, u64>,
}

/// Calls of one method by one account in one data centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallCount {
    /// Name of the account.
    pub account: String,
    /// The data centre that was asked.
    pub dc: i32,
    /// Such as `upload.getFile`.
    pub method: String,
    /// All of them.
    pub calls: u64,
    /// Those that were answered with an error.
    pub errors: u64,
    /// Of the answers, before encryption.
    pub bytes: u64,
}

/// A connection that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenConnection {
    /// Its number, as faults take it.
    pub connection: u64,
    /// Whose key it used last.
    pub account: Option<String>,
    /// Where it leads.
    pub dc: i32,
    /// It came in by a `media_only` address.
    pub is_for_files: bool,
    /// It called something outside invokeWithoutUpdates.
    pub wants_updates: bool,
}

impl Statistics {
    /// How often a method was called, by anybody.
    pub fn calls(&self, method: &str) -> u64 {
        self.calls.iter().filter(|c| c.method == method).map(|c| c.calls).sum()
    }

    /// How many messages clients sent, the refused ones included.
    pub fn messages(&self) -> u64 {
        self.messages.iter().map(|m| m.messages).sum()
    }

    /// How many messages were refused.
    pub fn refused(&self) -> u64 {
        self.messages.iter().flat_map(|m| m.refused.values()).sum()
    }

    /// How often one account called a method.
    pub fn calls_by(&self, account: &str, method: &str) -> u64 {
        self.calls.iter().filter(|c| c.account == account && c.method == method).map(|c| c.calls).sum()
    }
}

impl Stats {
    pub fn called(&self, event: Event<'_>, bytes: usize, is_error: bool) {
        let key = (event.account.unwrap_or_default().to_owned(), event.dc, event.method.unwrap_or_default().to_owned());
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let count = calls.entry(key).or_default();
        count.calls += 1;
        count.errors += u64::from(is_error);
        count.bytes += bytes as u64;
    }

    pub fn received(&self, event: Event<'_>) {
        self.count(event, |count| count.messages += 1);
    }

    pub fn refused(&self, event: Event<'_>, code: i32) {
        self.count(event, |count| *count.refused.entry(code).or_default() += 1);
    }

    fn count(&self, event: Event<'_>, change: impl FnOnce(&mut MessageCount)) {
        let account = event.account.unwrap_or_default();
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let count = messages.entry((account.to_owned(), event.dc)).or_insert_with(|| MessageCount {
            account: account.to_owned(),
            dc: event.dc,
            ..MessageCount::default()
        });
        change(count);
    }

    pub fn messages(&self) -> Vec<MessageCount> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    pub fn counts(&self) -> Vec<CallCount> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = calls.iter().map(|((account, dc, method), count)| CallCount {
            account: account.clone(),
            dc: *dc,
            method: method.clone(),
            calls: count.calls,
            errors: count.errors,
            bytes: count.bytes,
        });
        counts.collect()
    }
}
