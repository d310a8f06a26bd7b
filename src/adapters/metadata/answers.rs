//! Answers remembered: equal questions asked at once are one request, answers are kept in the store for their lifetime, and
//! a failure is never remembered.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{AnswerCache, BoxFuture, Error};

/// In memory an answer only has to outlive a burst of equal questions (the episodes of a season posted together).
const RECENT: Duration = Duration::from_secs(60);
const RECENT_BYTES: u64 = 8 << 20;

/// Keeps nothing: every question is the provider's own to answer.
pub struct NoAnswers;

impl AnswerCache for NoAnswers {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async { None })
    }

    fn put<'a>(&'a self, _: &'a str, _: &'a str, _: Duration) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}

pub(super) struct Answers {
    kept: Arc<dyn AnswerCache>,
    recent: Cache<String, Arc<str>>,
}

impl Answers {
    pub(super) fn new(kept: Arc<dyn AnswerCache>) -> Self {
        let recent = Cache::builder()
            .max_capacity(RECENT_BYTES)
            .weigher(|key: &String, answer: &Arc<str>| (key.len() + answer.len()) as u32)
            .time_to_live(RECENT)
            .build();
        Self { kept, recent }
    }

    /// The answer remembered under `key`, else what `ask` learns, remembered for as long as `lifetime` says.
    pub(super) async fn ask<T, F>(&self, key: String, lifetime: fn(&T) -> Duration, ask: F) -> Result<T, Error>
    where
        T: Serialize + DeserializeOwned,
        F: Future<Output = Result<T, Error>>,
    {
        // Boxed, as the cache below moves it about: all questions come through here, and whoever asks several holds one of each.
        let ask = Box::pin(ask);
        let learn = Box::pin(async {
            if let Some(text) = self.kept.get(&key).await
                // Written by another version of the program, it may not be readable: then it is asked again.
                && serde_json::from_str::<T>(&text).is_ok()
            {
                return Ok(Arc::from(text));
            }
            let answer = ask.await?;
            let text = encode(&answer);
            self.kept.put(&key, &text, lifetime(&answer)).await;
            Ok(Arc::from(text))
        });
        let learnt = Box::pin(self.recent.try_get_with(key.clone(), learn)).await;
        let text: Arc<str> = learnt.map_err(|e: Arc<Error>| (*e).clone())?;
        Ok(serde_json::from_str(&text).expect("it was written or checked as this type"))
    }
}

fn encode<T: Serialize>(answer: &T) -> String {
    serde_json::to_string(answer).expect("our own types have text keys and finite numbers")
}
