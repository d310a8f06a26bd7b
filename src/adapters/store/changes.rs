//! That somebody else changed something, for those who look at the store from time to time: they look at once instead.
//!
//! A hint and no more: it may be missed, doubled or come for nothing, and the embedded store and servers without change streams give
//! none. So whoever waits for one goes on looking by the clock as well.

use tokio::sync::watch;

use super::{Backend, Store};

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Channels,
    Settings,
    /// A job was queued.
    Jobs,
    /// An entry waits for its match again.
    Pending,
}

impl Changed {
    pub const ALL: [Self; 4] = [Self::Channels, Self::Settings, Self::Jobs, Self::Pending];
}

/// What tells of changes of one kind.
pub struct Changes(Option<watch::Receiver<()>>);

impl Changes {
    /// Those of a store that tells of none.
    pub fn none() -> Self {
        Self(None)
    }

    /// Returns when there was one since the last call.
    pub async fn next(&mut self) {
        if let Some(receiver) = &mut self.0
            && receiver.changed().await.is_ok()
        {
            return;
        }
        std::future::pending().await
    }
}

/// Who is to be told.
#[derive(Default)]
pub(super) struct Told([watch::Sender<()>; Changed::ALL.len()]);

impl Told {
    pub fn tell(&self, changed: Changed) {
        self.0[changed as usize].send_replace(());
    }

    pub fn tell_all(&self) {
        Changed::ALL.into_iter().for_each(|changed| self.tell(changed));
    }

    pub fn changes(&self, of: Changed) -> Changes {
        Changes(Some(self.0[of as usize].subscribe()))
    }
}

impl Store {
    /// Changes from now on, those of other instances and of commands beside the program as well. To be called in a runtime.
    pub fn changes(&self, of: Changed) -> Changes {
        match &*self.backend {
            Backend::Embedded(_) => Changes::none(),
            Backend::Mongo(backend) => backend.changes(of),
        }
    }
}
