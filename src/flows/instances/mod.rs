//! Of the instances that share a store one watches: it follows the channels, hears people, and matches what came. All of them serve.
//!
//! Whoever watches holds a lease of the store and renews it every `BEAT`. When its program or machine dies the lease ends, and the next
//! instance to look takes the watch over. It goes on from where the other one was: how far each channel, the bot's messages and each
//! group were handled stands in the store as well ([`Records`]), a moment later than in the instance's own database. What was
//! handled in that moment comes once more, as after a crash, and changes nothing.
//!
//! An instance that cannot renew its lease rests before it ends. One that stands by sees by its own clock that a lease is not renewed any
//! more, whatever the clock says that wrote it. Two that watch for a moment all the same do the same work twice and no harm: what
//! the one writes whose lease is over does not replace what the other one wrote.
//!
//! A program in a copy of this one's DATA_DIR goes by the same name. Whichever began last has it; the other one ends watching and
//! begins no jobs.

mod records;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

use crate::adapters::clock::unix_now;
use crate::adapters::store::binding::Stamp;
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
    shared: Option<Shared>,
    this: Instance,
    watches: watch::Sender<bool>,
    is_copied: watch::Sender<bool>,
    /// As last seen.
    lease: watch::Sender<Option<Lease>>,
}

/// What one of several has in common with the others.
#[derive(Clone)]
pub struct Shared {
    pub records: Arc<Records>,
    /// Of this start.
    pub stamp: Stamp,
}

/// What the looks so far have found.
struct Looks {
    /// When the lease of this instance ends.
    ends: Instant,
    /// Another one's lease, and since when it is not renewed.
    stands: Option<(Lease, Instant)>,
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
    pub fn new(store: Store, messages: Messages, shared: Option<Shared>, this: Instance) -> Self {
        let (watches, is_copied) = (watch::Sender::new(false), watch::Sender::new(false));
        let lease = watch::Sender::new(None);
        Self { inner: Arc::new(Inner { store, messages, shared, this, watches, is_copied, lease }) }
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

    /// Whether another program works under this one's name, in a copy of its DATA_DIR.
    pub fn is_copied(&self) -> watch::Receiver<bool> {
        self.inner.is_copied.subscribe()
    }

    pub fn seen(&self) -> Seen {
        let Inner { this, watches, lease, .. } = &*self.inner;
        Seen { this: this.clone(), watches: *watches.borrow(), watcher: lease.borrow().clone() }
    }

    /// Looks once, so that whoever is told that the program runs may write to its bot at once.
    pub async fn begin(&self) {
        self.look(&mut Looks { ends: Instant::now(), stands: None }).await;
    }

    /// Holds the watch or waits for it, until it is stopped. [`Self::end`] comes afterwards.
    pub async fn run(self, stop: CancellationToken) {
        let hold = async {
            let mut looks = Looks { ends: Instant::now() + lease(), stands: None };
            loop {
                tokio::time::sleep(BEAT).await;
                self.look(&mut looks).await;
            }
        };
        let share = async {
            if let Some(shared) = &self.inner.shared {
                shared.records.share(&self.inner.store).await;
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

    async fn look(&self, looks: &mut Looks) {
        let Inner { this, watches, is_copied, lease: seen, .. } = &*self.inner;
        if *is_copied.borrow() {
            return;
        }
        let asked = Instant::now();
        match timeout(PATIENCE, self.take(looks)).await {
            Ok(Ok(Some(lease))) if lease.instance.id == this.id => {
                *looks = Looks { ends: asked + self::lease(), stands: None };
                let term = lease.term;
                seen.send_replace(Some(lease));
                self.watch(term, looks.ends).await;
            }
            Ok(Ok(Some(lease))) => {
                if seen.borrow().as_ref().is_none_or(|before| before.instance != lease.instance) {
                    info!("Instance {} watches the channels; this one stands by", lease.instance.name);
                }
                seen.send_replace(Some(lease.clone()));
                if looks.stands.as_ref().is_none_or(|(before, _)| *before != lease) {
                    looks.stands = Some((lease, Instant::now()));
                }
                self.lose("another instance has the watch").await;
            }
            Ok(Ok(None)) => {
                is_copied.send_replace(true);
                seen.send_replace(None);
                error!(
                    "Another program works with a copy of this DATA_DIR. This one no longer watches the channels and begins no \
                     jobs. Stop one of the two and give it an empty DATA_DIR"
                );
                self.lose("another program works with a copy of this DATA_DIR").await;
            }
            Ok(Err(_)) | Err(_) if *watches.borrow() && is_long(looks.ends) => {}
            Ok(Err(_)) | Err(_) => {
                seen.send_replace(None);
                if self.rest("the database did not renew it").await {
                    // What it handled up to now, for whoever watches: else it comes there once more.
                    let _ = timeout(PATIENCE, self.push()).await;
                }
            }
        }
    }

    /// Takes the watch or finds out who has it. `None`: a copy of this instance does.
    async fn take(&self, looks: &Looks) -> Result<Option<Lease>, store::Error> {
        let Inner { store, shared, this, .. } = &*self.inner;
        if let Some(shared) = shared
            && shared.stamp.is_anothers(store).await?
        {
            return Ok(None);
        }
        let dead = looks.stands.as_ref().filter(|(_, since)| since.elapsed() >= lease()).map(|(lease, _)| lease);
        let now = unix_now();
        store.watch().take(this, now, now + LEASE_SECS, dead).await.map(Some)
    }

    /// Begins to watch under the lease of this term, unless that has begun.
    async fn watch(&self, term: i64, ends: Instant) {
        let Inner { store, messages, shared, this, watches, .. } = &*self.inner;
        let is_gap = shared.as_ref().is_some_and(|shared| !shared.records.are_of(term));
        if is_gap && *watches.borrow() {
            // Nothing may be under way when it begins anew, with the next look.
            return self.lose("another instance had it in between").await;
        }
        if !*watches.borrow() {
            if let Some(Shared { records, .. }) = shared
                && is_gap
            {
                match timeout(PATIENCE, records.pull(store)).await {
                    Ok(Ok(())) => {}
                    // The next look tries again.
                    Ok(Err(error)) => return warn!("How far the channels were watched cannot be read: {error}"),
                    Err(_) => return warn!("How far the channels were watched cannot be read in time"),
                }
                if !is_long(ends) {
                    return warn!(
                        "How far the channels were watched could not be read before the lease was to be renewed"
                    );
                }
                records.begin(term);
            }
            if shared.is_some() {
                info!("This instance, {}, watches the channels", this.name);
            }
            watches.send_replace(true);
        }
        // Telegram may not answer now. Once people are heard this does nothing.
        let _ = timeout(PATIENCE, messages.hear()).await;
    }

    /// Ends watching, if it had begun; what another one has handled by now is not this one's to write.
    async fn lose(&self, why: &str) {
        if let Some(Shared { records, .. }) = &self.inner.shared {
            records.lose();
        }
        self.rest(why).await;
    }

    /// Ends watching. Returns whether it had begun.
    async fn rest(&self, why: &str) -> bool {
        let Inner { messages, watches, .. } = &*self.inner;
        let watched = watches.send_replace(false);
        if watched {
            warn!("This instance no longer watches the channels: {why}");
            messages.rest().await;
        }
        watched
    }

    async fn push(&self) -> Result<(), store::Error> {
        match &self.inner.shared {
            Some(shared) => shared.records.push(&self.inner.store).await,
            None => Ok(()),
        }
    }
}

fn lease() -> Duration {
    Duration::from_secs(LEASE_SECS.unsigned_abs())
}

/// Whether a lease can be renewed once more before it ends, should the database take its time.
fn is_long(ends: Instant) -> bool {
    Instant::now() + BEAT + PATIENCE < ends
}
