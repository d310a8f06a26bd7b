//! Things that take a while to make and that many ask for: made once, and the last ones kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

/// What was asked for last stands last.
pub struct Kept<K, V> {
    most: usize,
    /// Bytes that all may hold together, and how many one holds.
    most_bytes: usize,
    bytes: fn(&V) -> usize,
    made: Mutex<VecDeque<(K, Arc<OnceCell<V>>)>>,
}

impl<K: PartialEq + Clone, V: Clone> Kept<K, V> {
    pub fn new(most: usize, most_bytes: usize, bytes: fn(&V) -> usize) -> Self {
        Self { most, most_bytes, bytes, made: Mutex::default() }
    }

    /// What `make` makes for this key, unless it is there. Of several who ask at once one makes it; when they go away, or fail, the next does.
    pub async fn get<E>(&self, key: K, make: impl AsyncFnOnce() -> Result<V, E>) -> Result<V, E> {
        let cell = self.cell(key);
        let value = cell.get_or_try_init(|| make()).await.cloned()?;
        self.fit();
        Ok(value)
    }

    /// Forgets what was asked for longest ago until the rest fits. What was asked for last stays, however large it is: it will be asked for again.
    fn fit(&self) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = |cell: &OnceCell<V>| cell.get().map_or(0, self.bytes);
        let mut sum: usize = made.iter().map(|(_, cell)| bytes(cell)).sum();
        while sum > self.most_bytes {
            // What is being made holds nothing yet, and several wait for it.
            let Some(place) = made.iter().position(|(_, cell)| bytes(cell) > 0) else { return };
            if place + 1 == made.len() {
                return;
            }
            let Some((_, cell)) = made.remove(place) else { return };
            sum = sum.saturating_sub(bytes(&cell));
        }
    }

    fn cell(&self, key: K) -> Arc<OnceCell<V>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let found = made.iter().position(|(its, _)| *its == key).and_then(|place| made.remove(place));
        let (key, cell) = found.unwrap_or_else(|| (key, Arc::default()));
        if made.len() >= self.most {
            made.pop_front();
        }
        made.push_back((key, Arc::clone(&cell)));
        cell
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn it_is_made_once_for_all_who_ask_and_again_when_it_was_forgotten() {
        let (kept, count) = (Kept::new(2, usize::MAX, |_| 1), AtomicU32::new(0));
        let ask = async |key: u32| {
            let make = async || {
                tokio::task::yield_now().await;
                count.fetch_add(1, Ordering::Relaxed);
                Ok::<_, Infallible>(key * 10)
            };
            kept.get(key, make).await.expect("infallible")
        };
        assert_eq!(tokio::join!(ask(1), ask(1), ask(1)), (10, 10, 10));
        assert_eq!(count.load(Ordering::Relaxed), 1);
        ask(2).await;
        ask(1).await;
        ask(3).await;
        ask(1).await;
        assert_eq!(count.load(Ordering::Relaxed), 3, "1 was asked for lately");
        ask(2).await;
        assert_eq!(count.load(Ordering::Relaxed), 4);
    }

    #[tokio::test]
    async fn all_together_hold_no_more_than_they_may() {
        let kept = Kept::new(9, 100, |held: &usize| *held);
        let ask = async |key: u32, bytes: usize| {
            kept.get(key, async || Ok::<_, Infallible>(bytes)).await.expect("infallible");
            let made = kept.made.lock().expect("nobody panics");
            made.iter().map(|(key, _)| *key).collect::<Vec<_>>()
        };
        let rows: [(u32, usize, &[u32]); 6] =
            [(1, 40, &[1]), (2, 60, &[1, 2]), (3, 1, &[2, 3]), (2, 60, &[3, 2]), (4, 500, &[4]), (5, 100, &[5])];
        for (key, bytes, held) in rows {
            assert_eq!(ask(key, bytes).await, held, "{key}");
        }
    }

    #[tokio::test]
    async fn when_one_fails_or_goes_away_the_next_makes_it() {
        let kept = Kept::new(2, usize::MAX, |_| 1);
        assert_eq!(kept.get(1, async || Err::<u32, _>("no")).await, Err("no"));
        let never = kept.get(1, async || std::future::pending::<Result<u32, &str>>().await);
        let late = async {
            tokio::task::yield_now().await;
            kept.get(1, async || Ok::<_, &str>(7)).await
        };
        tokio::select! {
            biased;
            _ = never => unreachable!("it never ends"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(late.await, Ok(7));
    }
}
