//! A value that is fetched from Telegram, shared by many and goes stale: a file reference, an authorization.

use std::sync::Arc;

use tokio::sync::Mutex;

/// Empty at first. Whoever finds the value stale has it fetched again, once for all who found the same.
pub struct Renewable<T>(Mutex<Option<Arc<T>>>);

impl<T> Default for Renewable<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Renewable<T> {
    /// The value. It is fetched when there is none, or when the one there is the very one called `stale`. A fetch that
    /// fails or is dropped leaves the slot empty for the next caller.
    pub async fn get<E>(&self, stale: Option<&Arc<T>>, fetch: impl Future<Output = Result<T, E>>) -> Result<Arc<T>, E> {
        let mut slot = self.0.lock().await;
        if let Some(value) = &*slot
            && !stale.is_some_and(|stale| Arc::ptr_eq(stale, value))
        {
            return Ok(Arc::clone(value));
        }
        *slot = None;
        let value = Arc::new(fetch.await?);
        *slot = Some(Arc::clone(&value));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn many_who_find_the_same_value_stale_cause_one_fetch() {
        let (slot, fetches) = (Renewable::default(), AtomicU32::new(0));
        let fetch = || async {
            tokio::task::yield_now().await;
            Ok::<_, ()>(fetches.fetch_add(1, Ordering::Relaxed))
        };
        let first = slot.get(None, fetch()).await.expect("fetched");
        let again = futures_util::future::join_all((0..20).map(|_| slot.get(Some(&first), fetch()))).await;
        assert!(again.iter().all(|value| value.as_deref() == Ok(&1)));
        assert_eq!(fetches.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_failed_fetch_is_tried_again_by_the_next() {
        let slot = Renewable::default();
        assert_eq!(slot.get(None, async { Err("down") }).await, Err("down"));
        assert_eq!(slot.get(None, async { Ok::<_, &str>(7) }).await.as_deref(), Ok(&7));
    }
}
