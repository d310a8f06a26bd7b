//! Of the instances that share a store one watches: it follows the channels, hears people, and matches what came. All of them serve.
//!
//! Whoever watches holds a lease of the store and renews it every [`BEAT`]. When its program or machine dies the lease ends, and the next
//! instance to look takes the watch over. It goes on from where the other one was: how far each channel, the bot's messages and each
//! group were handled stands in the store as well ([`Records`]), a moment later than in the instance's own database. What was
//! handled in that moment comes once more, as after a crash, and changes nothing.
//!
//! An instance that cannot renew its lease rests before it ends. Two that watch for a moment all the same, because their clocks
//! differ, do the same work twice and no harm.

mod records;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::adapters::clock::unix_now;
use crate::adapters::store::{self, Store};
use crate::adapters::telegram::Messages;
use crate::domain::watch::{Instance, Lease};
pub use records::Records;

/// How long the watch of a dead instance waits for another one.
pub const LEASE_SECS: i64 = 20;
/// Between two looks at the lease.
const BEAT: Duration = Duration::from_secs(2);
/// For one look, and for what is done when the watch is taken over: it must not keep the lease from being renewed.
const PATIENCE: Duration = Duration::from_secs(5);

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Instances {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    messages: Messages,
    /// `None` where the store is shared with nobody.
    records: Option<Arc<Records>>,
    this: Instance,
    watches: watch::Sender<bool>,
    /// As last seen.
    lease: watch::Sender<Option<Lease>>,
}

/// Who watches, as this instance saw it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub this: Instance,
    pub watches: bool,
    /// `None` while nobody does, or the store does not say.
    pub watcher: Option<Lease>,
}

impl Instances {
    pub fn new(store: Store, messages: Messages, records: Option<Arc<Records>>, this: Instance) -> Self {
        let (watches, lease) = (watch::Sender::new(false), watch::Sender::new(None));
        Self { inner: Arc::new(Inner { store, messages, records, this, watches, lease }) }
    }

    /// The one program of a store that is shared with nobody.
    pub fn alone(store: Store, messages: Messages) -> Self {
        let this = Instance { id: "alone".to_owned(), name: "this machine".to_owned() };
        Self::new(store, messages, None, this)
    }

    /// Whether this instance watches, now and from now on.
    pub fn watches(&self) -> watch::Receiver<bool> {
        self.inner.watches.subscribe()
    }

    pub fn seen(&self) -> Seen {
        let Inner { this, watches, lease, .. } = &*self.inner;
        Seen { this: this.clone(), watches: *watches.borrow(), watcher: lease.borrow().clone() }
    }

    /// Looks once, so that whoever is told that the program runs may write to its bot at once.
    pub async fn begin(&self) {
        let mut ends = Instant::now();
        self.look(&mut ends).await;
    }

    /// Holds the watch or waits for it, until it is stopped. [`Self::end`] comes afterwards.
    pub async fn run(self, stop: CancellationToken) {
        let hold = async {
            let mut ends = Instant::now() + lease();
            loop {
                tokio::time::sleep(BEAT).await;
                self.look(&mut ends).await;
            }
        };
        let share = async {
            if let Some(records) = &self.inner.records {
                records.share(&self.inner.store).await;
            }
        };
        let _ = stop.run_until_cancelled(async { tokio::join!(hold, share) }).await;
    }

    /// Leaves the watch to the next one at once. To be called when nothing watches here any more.
    pub async fn end(&self) {
        let Inner { store, this, watches, .. } = &*self.inner;
        if watches.send_replace(false) {
            let left = async {
                self.push().await?;
                store.watch().give_up(this).await
            };
            if let Ok(Err(error)) = timeout(PATIENCE, left).await {
                debug!(%error, "Others wait until the lease of this instance ends");
            }
        }
    }

    /// `ends`: when the lease of this instance ends.
    async fn look(&self, ends: &mut Instant) {
        let Inner { store, this, watches, lease: seen, .. } = &*self.inner;
        let (asked, now) = (Instant::now(), unix_now());
        let taken = timeout(PATIENCE, store.watch().take(this, now, now + LEASE_SECS)).await;
        match taken {
            Ok(Ok(lease)) => {
                let is_ours = lease.instance.id == this.id;
                if !is_ours && seen.borrow().as_ref().is_none_or(|before| before.instance != lease.instance) {
                    info!("Instance {} watches the channels; this one stands by", lease.instance.name);
                }
                seen.send_replace(Some(lease));
                if is_ours {
                    *ends = asked + self::lease();
                    self.watch().await;
                } else {
                    self.rest("another instance has the watch").await;
                }
            }
            Ok(Err(_)) | Err(_) if *watches.borrow() && Instant::now() + BEAT + PATIENCE < *ends => {}
            Ok(Err(_)) | Err(_) => {
                seen.send_replace(None);
                self.rest("the database did not renew it").await;
            }
        }
    }

    /// Begins to watch, unless that has begun.
    async fn watch(&self) {
        let Inner { store, messages, records, this, watches, .. } = &*self.inner;
        if !*watches.borrow() {
            if let Some(records) = records {
                match timeout(PATIENCE, records.pull(store)).await {
                    Ok(Ok(())) => info!("This instance, {}, watches the channels", this.name),
                    // The next look tries again.
                    Ok(Err(error)) => return warn!("How far the channels were watched cannot be read: {error}"),
                    Err(_) => return warn!("How far the channels were watched cannot be read in time"),
                }
            }
            watches.send_replace(true);
        }
        // Telegram may not answer now. Once people are heard this does nothing.
        let _ = timeout(PATIENCE, messages.hear()).await;
    }

    /// Ends watching, if it had begun.
    async fn rest(&self, why: &str) {
        let Inner { messages, watches, .. } = &*self.inner;
        if watches.send_replace(false) {
            warn!("This instance no longer watches the channels: {why}");
            messages.rest().await;
            // What it handled up to now, for whoever watches: else it comes there once more.
            let _ = timeout(PATIENCE, self.push()).await;
        }
    }

    async fn push(&self) -> Result<(), store::Error> {
        match &self.inner.records {
            Some(records) => records.push(&self.inner.store).await,
            None => Ok(()),
        }
    }
}

fn lease() -> Duration {
    Duration::from_secs(LEASE_SECS.unsigned_abs())
}
