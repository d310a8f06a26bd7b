//! Which connections are open, and which of them want updates.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use super::connection::{Outgoing, Session};
use super::server::Door;
use mtproto::AuthKey;

#[derive(Default)]
pub(super) struct Hub {
    connections: Mutex<BTreeMap<u64, Entry>>,
}

struct Entry {
    door: Door,
    notices: UnboundedSender<Outgoing>,
    speaker: Option<(Arc<AuthKey>, Arc<Session>)>,
    /// It made a call that was not in invokeWithoutUpdates.
    wants_updates: bool,
}

/// A connection that wants updates.
pub(super) struct Listener {
    pub connection: u64,
    pub dc: i32,
    pub key: Arc<AuthKey>,
    pub session: Arc<Session>,
    pub notices: UnboundedSender<Outgoing>,
}

/// An open connection, for statistics.
pub(super) struct Open {
    pub connection: u64,
    pub dc: i32,
    pub is_for_files: bool,
    pub key: Option<i64>,
    pub wants_updates: bool,
}

impl Hub {
    pub fn open(&self, connection: u64, door: Door, notices: UnboundedSender<Outgoing>) {
        self.connections().insert(connection, Entry { door, notices, speaker: None, wants_updates: false });
    }

    pub fn close(&self, connection: u64) {
        self.connections().remove(&connection);
    }

    /// Which key and session a connection used last.
    pub fn speaks(&self, connection: u64, key: &Arc<AuthKey>, session: &Arc<Session>) {
        if let Some(entry) = self.connections().get_mut(&connection) {
            let is_same = entry.speaker.as_ref().is_some_and(|(k, s)| k.id == key.id && Arc::ptr_eq(s, session));
            if !is_same {
                entry.speaker = Some((key.clone(), session.clone()));
            }
        }
    }

    pub fn wants_updates(&self, connection: u64) {
        if let Some(entry) = self.connections().get_mut(&connection) {
            entry.wants_updates = true;
        }
    }

    pub fn listeners(&self) -> Vec<Listener> {
        let connections = self.connections();
        let listening = connections.iter().filter(|(_, entry)| entry.wants_updates);
        listening
            .filter_map(|(&connection, entry)| {
                let (key, session) = entry.speaker.clone()?;
                Some(Listener { connection, dc: entry.door.dc, key, session, notices: entry.notices.clone() })
            })
            .collect()
    }

    pub fn open_connections(&self) -> Vec<Open> {
        let connections = self.connections();
        let open = connections.iter().map(|(&connection, entry)| Open {
            connection,
            dc: entry.door.dc,
            is_for_files: entry.door.is_for_files,
            key: entry.speaker.as_ref().map(|(key, _)| key.id),
            wants_updates: entry.wants_updates,
        });
        open.collect()
    }

    fn connections(&self) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
