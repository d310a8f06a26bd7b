//! Tallies <-> store: what was sent goes out, and what all instances sent comes in.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use tracing::{debug, warn};

use super::account::{Account, Whom};
use super::tally::Tallies;
use super::{Asker, EVERY, Error, InForce, Limits, Options};
use crate::adapters::store;
use crate::domain::limits::{Day, Kind};
use crate::domain::usage::{Running, Spent};

/// Stored rules and lists are read anew after this long, in seconds, where the store tells of no changes.
pub(super) const SETTINGS_SECS: i64 = 5;

impl Limits {
    /// One round: what was sent goes to the store, and what all instances sent comes from it. `running`: what this instance sends
    /// now; their ids are their numbers. Returns the numbers of those that somebody asked to stop, and of those that are too many.
    pub async fn sync(&self, running: Vec<Running>, now: i64) -> Vec<String> {
        self.read_settings(now).await;
        self.save(now).await;
        let synced = async {
            self.renew_accounts(now).await?;
            self.tell_others(running, now).await
        };
        synced.await.unwrap_or_else(|error| {
            debug!(%error, "What others send is not known now");
            Vec::new()
        })
    }

    /// Stores what was sent and is not stored yet. To be called once more before the program ends.
    pub async fn save(&self, now: i64) {
        let mut batch = self.tallies().take_unsaved(now);
        batch.iter_mut().for_each(|used| used.is_remembered &= self.shared.options.history);
        if batch.is_empty() {
            return;
        }
        // A store that is away keeps the batch waiting. One that fails in the middle of it may have counted some.
        if self.shared.records.ping().await.is_err() {
            self.tallies().give_back(&batch);
            return;
        }
        if let Err(error) = self.shared.records.usage().add(&batch).await {
            let bytes: u64 = batch.iter().map(|used| used.amount.bytes).sum();
            self.shared.counters.lost.fetch_add(bytes, Ordering::Relaxed);
            warn!(%error, bytes, "What was sent to people could not be counted");
        }
    }

    /// The accounts that a stream of this person's draws on, none of which is used up.
    pub(super) async fn solvent(&self, asker: Asker, now: i64) -> Result<Vec<Arc<Account>>, Error> {
        let mut accounts = Vec::new();
        for whose in Account::drawn_on(asker) {
            let account = self.shared.accounts.get(whose);
            if !account.is_fresh(now) {
                self.renew(whose, &account, now).await?;
            }
            account.check()?;
            accounts.push(account);
        }
        Ok(accounts)
    }

    /// Reads anew what those have left who watch now.
    async fn renew_accounts(&self, now: i64) -> Result<(), store::Error> {
        for (whose, account) in self.shared.accounts.in_use() {
            self.renew(whose, &account, now).await?;
        }
        Ok(())
    }

    async fn renew(&self, whose: Whom, account: &Account, now: i64) -> Result<(), store::Error> {
        let limits = whose.limits(&self.in_force().rules);
        // Where no bytes are limited, nobody has to be asked.
        let stored = match limits.most(Kind::Day).or(limits.most(Kind::Month)) {
            Some(_) => self.shared.records.usage().spent(whose.person(), Day::of(now)).await?,
            None => Spent::default(),
        };
        let unsaved = self.tallies().unsaved(whose.person());
        account.renew(&limits, stored, unsaved, now);
        Ok(())
    }

    /// Publishes what this instance sends, and reads what the others send. While nothing is sent it costs nothing.
    async fn tell_others(&self, mut running: Vec<Running>, now: i64) -> Result<Vec<String>, store::Error> {
        let is_idle = running.is_empty();
        if !self.shared.counters.is_published.swap(!is_idle, Ordering::Relaxed) && is_idle {
            return Ok(Vec::new());
        }
        let prefix = self.prefix();
        for stream in &mut running {
            stream.id.insert_str(0, &prefix);
        }
        self.shared.records.usage().publish(&self.shared.instance, now, &running).await?;
        if is_idle {
            return Ok(Vec::new());
        }
        let all = self.read_others(now).await?;
        let rules = &self.in_force().rules;
        let surplus =
            self.tallies().surplus(&all, |stream| stream.id.starts_with(&prefix), rules).into_iter().map(str::to_owned);
        let asked: Vec<String> = self.shared.records.asked_to_stop(now).await?.into_iter().chain(surplus).collect();
        Ok(asked.iter().filter_map(|id| id.strip_prefix(&prefix)).map(str::to_owned).collect())
    }

    /// Makes sure that streams of other instances are known as they were a round ago, where their number matters.
    pub(super) async fn know_others(&self, asker: Asker, now: i64) -> Result<(), store::Error> {
        let age = now.saturating_sub(self.shared.counters.others_read.load(Ordering::Relaxed));
        if (0..=EVERY.as_secs().cast_signed()).contains(&age) || !Tallies::is_limited(asker, &self.in_force().rules) {
            return Ok(());
        }
        self.read_others(now).await.map(drop)
    }

    /// Notes what the others send. Returns what all do.
    async fn read_others(&self, now: i64) -> Result<Vec<Running>, store::Error> {
        let (all, prefix) = (self.shared.records.running(now).await?, self.prefix());
        let elsewhere = all.iter().filter(|stream| !stream.id.starts_with(&prefix));
        self.tallies().set_elsewhere(elsewhere.map(|stream| (stream.person, stream.entry)).collect());
        self.shared.counters.others_read.store(now, Ordering::Relaxed);
        Ok(all)
    }

    /// Of the ids of this instance's streams.
    fn prefix(&self) -> String {
        format!("{}-", self.shared.instance)
    }

    /// Takes over rules and lists that were stored since.
    async fn read_settings(&self, now: i64) {
        if (0..SETTINGS_SECS).contains(&now.saturating_sub(self.in_force().read)) {
            return;
        }
        self.settings_changed(now).await;
    }

    /// Takes over rules and lists that were stored just now.
    pub async fn settings_changed(&self, now: i64) {
        let Options { rules, lists, .. } = &self.shared.options;
        match self.shared.records.settings().await {
            Ok((stored, listed)) => {
                let renewed = InForce { rules: stored.over(rules), lists: listed.with(lists), read: now };
                *self.shared.in_force.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(renewed);
            }
            // Those that are known go on.
            Err(error) => debug!(%error, "The stored limits cannot be read now"),
        }
    }
}
