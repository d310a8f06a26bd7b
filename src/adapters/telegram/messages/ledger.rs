//! How far a stream of arrivals was handled, when several are handled at once and end in any order. Pure.
//!
//! Telegram answers with pages: arrivals, and the position after them. A position may only be kept when everything before it was
//! handled; what was handled beyond it is kept by name. After a crash the pages come again from the kept position, and the names
//! say what of them is a repetition.

use std::collections::{BTreeSet, HashSet, VecDeque};

use serde::{Deserialize, Serialize};

/// What outlives a crash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept<P> {
    /// Everything before it was handled.
    #[serde(flatten)]
    pub position: P,
    /// Of what comes after it, these were handled.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub done: BTreeSet<String>,
}

#[derive(Debug)]
pub struct Ledger<P> {
    kept: Kept<P>,
    /// Oldest first.
    pages: VecDeque<Page<P>>,
}

#[derive(Debug)]
struct Page<P> {
    after: P,
    keys: Vec<String>,
    open: HashSet<String>,
}

impl<P: Clone> Ledger<P> {
    pub fn new(kept: Kept<P>) -> Self {
        Self { kept, pages: VecDeque::new() }
    }

    pub fn kept(&self) -> &Kept<P> {
        &self.kept
    }

    /// Where the next page begins.
    pub fn newest(&self) -> &P {
        self.pages.back().map_or(&self.kept.position, |page| &page.after)
    }

    /// Arrivals that are not handled yet.
    pub fn open(&self) -> usize {
        self.pages.iter().map(|page| page.open.len()).sum()
    }

    /// Takes a page in; returns which of its arrivals are still to be handled.
    pub fn turn(&mut self, keys: Vec<String>, after: P) -> HashSet<String> {
        let open: HashSet<String> = keys.iter().filter(|key| !self.kept.done.contains(*key)).cloned().collect();
        self.pages.push_back(Page { after, keys, open: open.clone() });
        self.settle();
        open
    }

    /// One was handled.
    pub fn done(&mut self, key: &str) {
        for page in &mut self.pages {
            if page.open.remove(key) {
                self.kept.done.insert(key.to_owned());
            }
        }
        self.settle();
    }

    /// Moves over the pages that are through.
    fn settle(&mut self) {
        while self.pages.front().is_some_and(|page| page.open.is_empty())
            && let Some(page) = self.pages.pop_front()
        {
            self.kept.position = page.after;
            page.keys.iter().for_each(|key| _ = self.kept.done.remove(key));
        }
        if self.pages.is_empty() {
            // Of an earlier run, about what was deleted meanwhile: it never comes again.
            self.kept.done.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|&key| key.to_owned()).collect()
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct At {
        pts: i32,
    }

    fn kept(pts: i32, done: &[&str]) -> Kept<At> {
        Kept { position: At { pts }, done: keys(done).into_iter().collect() }
    }

    #[test]
    fn a_position_moves_when_everything_before_it_is_done() {
        let mut ledger = Ledger::new(kept(1, &[]));
        assert_eq!(ledger.turn(keys(&["a", "b"]), At { pts: 3 }).len(), 2);
        assert_eq!(ledger.turn(keys(&["c"]), At { pts: 4 }).len(), 1);
        assert_eq!((ledger.newest(), ledger.open()), (&At { pts: 4 }, 3));
        ledger.done("c");
        ledger.done("a");
        assert_eq!(ledger.kept(), &kept(1, &["a", "c"]));
        ledger.done("b");
        assert_eq!(ledger.kept(), &kept(4, &[]));
        ledger.done("b");
        assert_eq!((ledger.kept(), ledger.open()), (&kept(4, &[]), 0));
        ledger.turn(keys(&[]), At { pts: 9 });
        assert_eq!(ledger.kept(), &kept(9, &[]), "nothing in it: nothing to wait for");
    }

    #[test]
    fn after_a_crash_only_what_was_not_done_is_handled() {
        let mut before = Ledger::new(kept(1, &[]));
        before.turn(keys(&["a", "b", "c"]), At { pts: 4 });
        before.done("b");
        let text = serde_json::to_string(before.kept()).expect("plain");
        assert_eq!(text, r#"{"pts":1,"done":["b"]}"#);

        let mut after = Ledger::new(serde_json::from_str(&text).expect("what was written"));
        // The pages need not be the same, and one may be gone.
        assert_eq!(after.turn(keys(&["a"]), At { pts: 2 }), ["a".to_owned()].into());
        assert_eq!(after.turn(keys(&["b", "c", "d"]), At { pts: 5 }).len(), 2);
        ["a", "c", "d"].iter().for_each(|key| after.done(key));
        assert_eq!(after.kept(), &kept(5, &[]));
        let old: Kept<At> = serde_json::from_str(r#"{"pts":7}"#).expect("as earlier versions wrote it");
        assert_eq!(old, kept(7, &[]));
    }
}
