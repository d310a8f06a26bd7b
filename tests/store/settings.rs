//! Settings and answers.

use std::collections::BTreeSet;

use crate::Home;
use crate::samples::*;

pub async fn of_many_first_values_of_a_setting_one_stands(home: &Home) {
    let store = home.open().await;
    let all = (0..20).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.settings().get_or_set("store_id", &n.to_string()).await.unwrap() })
    });
    let answers: BTreeSet<String> = futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(store.settings().get("store_id").await.unwrap(), answers.first().cloned());
    assert_eq!(Some(store.settings().get_or_set("store_id", "late").await.unwrap()), answers.first().cloned());
}

pub async fn answers_expire(home: &Home) {
    let store = home.open().await;
    store.answers().put("tmdb/1", "one", NOW + 10).await.unwrap();
    assert_eq!(store.answers().get("tmdb/1", NOW + 9).await.unwrap().as_deref(), Some("one"));
    assert_eq!(store.answers().get("tmdb/1", NOW + 10).await.unwrap(), None);
    store.answers().put("tmdb/1", "two", NOW + 20).await.unwrap();
    assert_eq!(store.answers().get("tmdb/1", NOW + 10).await.unwrap().as_deref(), Some("two"));
    assert_eq!(store.answers().get("tmdb/2", NOW).await.unwrap(), None);
}
