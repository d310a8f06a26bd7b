//! People's flows over a store of its own: who may do what, how people come in, and how everything that they have ends.

mod codes;
mod ending;
mod joining;
mod rights;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Actor, People};
use crate::adapters::store::{Database, Store};
use crate::domain::person::{JoinPolicy, NewPerson, Person, Role, TelegramIdentity};
use crate::domain::secret::SecretKey;
use crate::domain::telegram_id::UserId;

/// The databases forget what expired by their own clock, so times here lie ahead of it.
const NOW: i64 = 4_000_000_000;
const DAY: i64 = 86_400;

/// People over a store in a folder that goes with the test.
struct Place {
    people: People,
    store: Store,
    dir: PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Place {
    async fn open(join: JoinPolicy) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("cinepost-people-{}-{count}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
        let people = People::new(store.clone(), &SecretKey::from_bytes([7; 32])).with_join(join);
        people.owner().await.expect("an owner");
        Self { people, store, dir }
    }

    async fn add(&self, name: &str, role: Role) -> Person {
        self.people.add(NewPerson::called(name, role, NOW), Actor::Terminal, NOW).await.expect("added")
    }

    /// As they are stored now.
    async fn now(&self, person: &Person) -> Person {
        self.people.get(person.id).await.expect("read").expect("there")
    }

    /// What the audit calls the acts so far, the oldest first.
    async fn acts(&self) -> Vec<String> {
        let deeds = self.people.deeds(None, (0, 100), Actor::Terminal, NOW).await.expect("read");
        deeds.into_iter().rev().map(|deed| deed.what).collect()
    }
}

fn identity(id: i64, first_name: &str) -> TelegramIdentity {
    TelegramIdentity { id: UserId(id), username: format!("user_{id}"), first_name: first_name.to_owned() }
}
