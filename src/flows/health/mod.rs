//! How the program does. [`Health::look`] is what `/ready`, `/status` and the owner's page show, [`Health::watch`] tells the owner
//! of it, and [`Doctor`]'s findings are what `cinepost doctor` prints.

mod doctor;
mod findings;
mod trouble;
mod watch;

use std::sync::{Arc, Mutex, PoisonError};

use tracing::debug;

use crate::adapters::store::Store;
use crate::adapters::telegram::{Bots, Messages, Vault};
use crate::domain::backup::JOB as BACKUP;
use crate::domain::check::{JOB as CHECK, Report as Differences};
use crate::domain::export::ABOUT as EXPORT;
use crate::domain::job::State as JobState;
use crate::flows::channels::{Channels, SILENCE};

pub use doctor::{Doctor, DoctorsDatabase, channel_access};
pub use findings::{Finding, State};
pub use trouble::{Report, Trouble};
pub use watch::Alert;

use trouble::{differs, no_backup, no_database, no_export, no_room, of_bots, of_channels, silent, wrong_clock};

/// What is written to try whether the disk takes it.
const PROBE: &str = "health/probe";

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Health {
    store: Store,
    vault: Arc<dyn Vault>,
    messages: Messages,
    bots: Bots,
    channels: Channels,
    /// Why the last try to write failed.
    unwritable: Arc<Mutex<Option<String>>>,
}

impl Health {
    /// `vault` keeps the bots' sessions in DATA_DIR.
    pub fn new(store: Store, vault: Arc<dyn Vault>, messages: Messages, bots: Bots, channels: Channels) -> Self {
        Self { store, vault, messages, bots, channels, unwritable: Arc::default() }
    }

    /// How everything stands. Asks the store, and nobody else.
    pub async fn look(&self) -> Report {
        let mut report = Report::default();
        if let Err(error) = self.store.ping().await {
            debug!(%error, "The database does not answer");
            report.troubles.push(no_database(&error.to_string()));
            return report;
        }
        report.troubles.extend(self.unwritable.lock().unwrap_or_else(PoisonError::into_inner).as_deref().map(no_room));
        report.troubles.extend(self.of_telegram());
        match self.channels.list().await {
            Ok(channels) => report.troubles.extend(of_channels(&channels)),
            Err(error) => report.troubles.push(no_database(&error.to_string())),
        }
        match self.store.jobs().latest(CHECK).await {
            Ok(last) => report.troubles.extend(Differences::trouble(last.as_ref()).map(differs)),
            Err(error) => report.troubles.push(no_database(&error.to_string())),
        }
        for (kind, trouble) in [(BACKUP, no_backup as fn(String) -> Trouble), (EXPORT.name, no_export)] {
            match self.store.jobs().latest(kind).await {
                Ok(last) => {
                    let failed = last.filter(|job| job.state == JobState::Failed);
                    report.troubles.extend(failed.map(|job| trouble(job.says)));
                }
                Err(error) => report.troubles.push(no_database(&error.to_string())),
            }
        }
        if !self.messages.is_caught_up() {
            report.starting.push("the channels are being caught up".to_owned());
        }
        match self.store.catalog().counts().await {
            Ok(counts) => report.matching = counts.pending,
            Err(error) => report.troubles.push(no_database(&error.to_string())),
        }
        report
    }

    /// Whether the channels are caught up and nothing waits for its first match.
    pub async fn is_settled(&self) -> bool {
        self.messages.is_caught_up() && self.store.catalog().counts().await.is_ok_and(|counts| counts.pending == 0)
    }

    fn of_telegram(&self) -> Vec<Trouble> {
        let clock =
            self.bots.clock_ahead_secs().filter(|ahead| ahead.abs() >= findings::WRONG_CLOCK_SECS).map(wrong_clock);
        match self.bots.silence().filter(|silence| *silence >= SILENCE) {
            // Nobody knows how the bots are.
            Some(silence) => clock.into_iter().chain([silent(silence)]).collect(),
            None => clock.into_iter().chain(of_bots(self.bots.health())).collect(),
        }
    }

    /// A full disk is met by the next post, which would wait; better met now.
    async fn probe(&self) {
        let stored = self.store.settings().set(PROBE, "").await.map_err(|error| root_cause(&error));
        let written = stored.and_then(|()| self.vault.save(PROBE, &[]).map_err(|error| root_cause(&error)));
        *self.unwritable.lock().unwrap_or_else(PoisonError::into_inner) = written.err();
    }

    /// What is wrong with bots, as last seen; asks nobody.
    pub fn bots(&self) -> Vec<Finding> {
        findings::bots(&self.bots)
    }
}

/// What an error comes from in the end: the rest says where it was met.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::Database;
    use crate::adapters::telegram::scripted::Script;
    use crate::adapters::telegram::{Telegram, VaultError};

    struct Full;

    impl Vault for Full {
        fn load(&self, _: &str) -> Result<Option<Vec<u8>>, VaultError> {
            Ok(None)
        }

        fn save(&self, _: &str, _: &[u8]) -> Result<(), VaultError> {
            Err(VaultError("No space left on device (os error 28), /data/instance.db".into()))
        }

        fn remove(&self, _: &str) -> Result<(), VaultError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_full_disk_is_found_before_a_post_meets_it() {
        let dir = std::env::temp_dir().join(format!("cinepost-health-{}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
        let (telegram, _) = Telegram::scripted(Script::new(1, 1));
        let channels = Channels::new(store.clone(), telegram.messages().clone(), telegram.bots().clone());
        let health = Health::new(store, Arc::new(Full), telegram.messages().clone(), telegram.bots().clone(), channels);
        assert!(!health.look().await.is_stopped());
        health.probe().await;
        let report = health.look().await;
        assert!(report.is_stopped() && report.troubles[0].says.contains("No space left"), "{report:?}");
        let public = format!("{:?} {:?}", report.waiting_for(), report.degraded());
        assert!(
            public.contains("is the disk full?") && !public.contains("os error") && !public.contains("/data"),
            "{public}"
        );
        let _ = std::fs::remove_dir_all(dir);
    }
}
