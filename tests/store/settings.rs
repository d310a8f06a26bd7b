//! Settings and answers.

use std::collections::BTreeSet;
use std::time::Duration;

use cinepost::adapters::store::{Changed, Changes};
use cinepost::domain::entry::{Entry, Reason, Status};
use cinepost::domain::job::NewJob;

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

/// Where the database has change streams; elsewhere everybody looks by the clock.
pub async fn what_another_instance_changes_is_told(home: &Home) {
    let (one, two) = (home.watching().await, home.open().await);
    if !home.has_change_streams().await {
        return;
    }
    let mut told = Changed::ALL.map(|changed| one.changes(changed));
    let quiet = async |told: &mut [Changes; 4]| {
        for changes in told {
            while tokio::time::timeout(Duration::from_millis(200), changes.next()).await.is_ok() {}
        }
    };
    // When it begins it tells of everything.
    told[0].next().await;
    quiet(&mut told).await;

    two.settings().set("limits", "guest: day=1GB").await.unwrap();
    told[Changed::Settings as usize].next().await;
    two.channels().set_title(chat(FILMS), "Films").await.unwrap();
    told[Changed::Channels as usize].next().await;
    two.jobs().add(&NewJob::of(&crate::jobs::PICTURES, NOW), NOW).await.unwrap();
    told[Changed::Jobs as usize].next().await;

    let (source, entry) = post(at(FILMS, 1), 1, "Film.mkv", "before");
    two.posts().record(&[(source.clone(), entry.clone())]).await.unwrap();
    let review = Status::Review { reason: Reason::NoTitle };
    settle(&two, entry.id, review).await;
    quiet(&mut told).await;
    let edited = Entry { caption: "after".to_owned(), ..entry };
    two.posts().record(&[(source, edited)]).await.unwrap();
    told[Changed::Pending as usize].next().await;
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
