//! Tells of what begins or ends to be wrong, while it happens.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::Health;
use super::trouble::Trouble;

/// News on the program's health, for the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    Wrong(String),
    /// What was wrong, and is no longer.
    Mended(String),
}

/// How often [`Health::watch`] looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What passes sooner is not worth a message.
const LASTS: Duration = Duration::from_secs(10);
/// Whether the disk takes writes is tried this often.
const PROBE_EVERY: Duration = Duration::from_secs(30);

impl Health {
    /// Tries whether the disk takes writes, and tells of everything that begins or ends to be wrong, until it is stopped.
    /// Of instances that share a store, the one that `watches` tells the owner of what is wrong for all; what is wrong with its machine each
    /// says itself.
    pub async fn watch(
        self,
        alerts: mpsc::UnboundedSender<Alert>,
        watches: watch::Receiver<bool>,
        stop: CancellationToken,
    ) {
        let watch = async {
            let mut known = Known::default();
            let mut probed: Option<Instant> = None;
            loop {
                if probed.is_none_or(|at| at.elapsed() >= PROBE_EVERY) {
                    self.probe().await;
                    probed = Some(Instant::now());
                }
                let mut troubles = self.look().await.troubles;
                troubles.retain(|trouble| trouble.is_of_machine() || *watches.borrow());
                for alert in known.compare(&troubles, Instant::now()) {
                    match &alert {
                        Alert::Wrong(says) => warn!("{says}"),
                        Alert::Mended(says) => info!("No longer: {says}"),
                    }
                    let _ = alerts.send(alert);
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let _ = stop.run_until_cancelled(watch).await;
    }
}

/// What is wrong, and whether that was reported to the owner.
#[derive(Default)]
struct Known {
    troubles: BTreeMap<String, (Instant, String, bool)>,
}

impl Known {
    /// What is to be reported, given what is wrong now.
    fn compare(&mut self, troubles: &[Trouble], now: Instant) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for trouble in troubles {
            let (since, says, is_reported) =
                self.troubles.entry(trouble.key.clone()).or_insert_with(|| (now, trouble.says.clone(), false));
            if !*is_reported && now.duration_since(*since) + trouble.lasted >= LASTS {
                *is_reported = true;
                says.clone_from(&trouble.says);
                alerts.push(Alert::Wrong(trouble.says.clone()));
            }
        }
        self.troubles.retain(|key, (_, says, is_reported)| {
            let goes_on = troubles.iter().any(|trouble| trouble.key == *key);
            if !goes_on && *is_reported {
                alerts.push(Alert::Mended(says.clone()));
            }
            goes_on
        });
        alerts
    }
}

#[cfg(test)]
mod tests {
    use super::super::trouble::no_room;
    use super::*;

    #[test]
    fn the_owner_is_told_once_of_what_lasts_and_once_when_it_is_over() {
        let start = Instant::now();
        let at = |secs| start + Duration::from_secs(secs);
        let mut known = Known::default();
        let trouble = [no_room("full")];
        let says = trouble[0].says.clone();
        assert_eq!(known.compare(&trouble, at(0)), []);
        assert_eq!(known.compare(&[], at(5)), [], "it passed");
        assert_eq!(known.compare(&trouble, at(20)), []);
        assert_eq!(known.compare(&trouble, at(30)), [Alert::Wrong(says.clone())]);
        assert_eq!(known.compare(&trouble, at(300)), []);
        assert_eq!(known.compare(&[], at(310)), [Alert::Mended(says)]);
        assert_eq!(known.compare(&[], at(320)), []);
    }
}
