//! What was called, by whom, where and how often: so that tests count calls instead of milliseconds.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::faults::Event;

#[derive(Default)]
pub(super) struct Stats {
    calls: Mutex<BTreeMap<(String, i32, String), Count>>,
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
    pub calls: Vec<CallCount>,
    /// The connections that are open now.
    pub connections: Vec<OpenConnection>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallCount {
    pub account: String,
    pub dc: i32,
    pub method: String,
    pub calls: u64,
    pub errors: u64,
    /// Of the answers, before encryption.
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenConnection {
    pub connection: u64,
    pub account: Option<String>,
    pub dc: i32,
    /// It came in by a `media_only` address.
    pub is_for_files: bool,
    pub wants_updates: bool,
}

impl Statistics {
    /// How often a method was called, by anybody.
    pub fn calls(&self, method: &str) -> u64 {
        self.calls.iter().filter(|c| c.method == method).map(|c| c.calls).sum()
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
