//! What is remembered, and what providers that stumble, wait or refuse come to.

use super::*;

#[tokio::test]
async fn equal_questions_are_asked_once_and_answers_live_on() {
    let Lab { metadata, server, kept } = lab(Some(provider::KEY)).await;
    let release = film("Charade", Some(1963));
    let clues = Clues::from(&release);
    let together = futures_util::future::join_all((0..50).map(|_| metadata.identify(&clues))).await;
    assert!(together.into_iter().all(|answer| matched(answer.expect("it answers")).name == "Charade"));
    assert_eq!(server.asked(), 3, "one search, one title and its rating");

    // Another start of the program: nothing is asked that the store remembers, and other settings do not see it.
    let again = handle(&server, Some(provider::KEY), kept.clone());
    matched(again.identify(&Clues::from(&release)).await.expect("it answers"));
    assert_eq!(server.asked(), 3);
    let options = Options {
        tmdb_key: Some(provider::KEY.to_owned()),
        tmdb_url: server.tmdb_url(),
        image_url: server.image_url(),
        cinemeta_url: server.cinemeta_url(),
        language: "ru-RU".to_owned(),
    };
    let russian =
        matched(Metadata::new(options, kept.clone()).identify(&Clues::from(&release)).await.expect("it answers"));
    assert_eq!(russian.name, "Шарада");
    server.stop().await;
}

#[tokio::test]
async fn what_was_not_found_is_forgotten_sooner_and_a_failure_at_once() {
    let Lab { metadata, server, kept } = lab(Some(provider::KEY)).await;
    assert_eq!(metadata.search(Kind::Movie, "Nothing of the Kind", None).await, Ok(Vec::new()));
    assert!(kept.lifetimes().iter().all(|ttl| *ttl <= 3 * HOUR));
    server.set_fault(Some(Fault::Broken { times: None })).await.expect("set");
    let failed = metadata.search(Kind::Movie, "Metropolis", None).await;
    assert!(matches!(failed, Err(Error::Down { provider: "TMDB", .. })), "{failed:?}");
    assert_eq!(kept.lifetimes().len(), 1);
    server.set_fault(None).await.expect("set");
    assert_eq!(metadata.search(Kind::Movie, "Metropolis", None).await.map(|found| found.len()), Ok(1));
    assert!(kept.lifetimes().iter().any(|ttl| *ttl >= DAY));
    server.stop().await;
}

#[tokio::test]
async fn a_stumble_is_forgiven() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    for fault in [Fault::Broken { times: Some(2) }, Fault::TooMany { retry_after_secs: 1, times: Some(1) }] {
        server.set_fault(Some(fault.clone())).await.expect("set");
        let began = std::time::Instant::now();
        assert_eq!(metadata.check().await, Ok("TMDB"), "{fault:?}");
        if matches!(fault, Fault::TooMany { .. }) {
            assert!(began.elapsed() >= Duration::from_secs(1), "Retry-After is respected");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_long_pause_is_told_and_kept_without_asking_again() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    server.set_fault(Some(Fault::TooMany { retry_after_secs: 60, times: Some(1) })).await.expect("set");
    for _ in 0..2 {
        let Err(Error::Down { retry_after: Some(wait), .. }) = metadata.check().await else { panic!("it has to wait") };
        assert!(wait > Duration::from_secs(55), "{wait:?}");
    }
    assert_eq!(server.asked(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_soon_and_comes_back() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    server.set_fault(Some(Fault::Down)).await.expect("set");
    let began = std::time::Instant::now();
    let failed = metadata.identify(&Clues::from(&film("Metropolis", Some(1927)))).await;
    let Err(Error::Down { problem, .. }) = failed else { panic!("{failed:?}") };
    assert!(problem.to_lowercase().contains("refused") && !problem.contains(provider::KEY), "{problem}");
    assert!(began.elapsed() < Duration::from_secs(10));
    server.set_fault(None).await.expect("set");
    matched(metadata.identify(&Clues::from(&film("Metropolis", Some(1927)))).await.expect("it is back"));
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_key_is_said_at_once() {
    for key in ["0123456789abcdef0123456789abcdef", "eyJhbGciOiJIUzI1NiJ9.wrong.token"] {
        let Lab { metadata, server, .. } = lab(Some(key)).await;
        assert_eq!(metadata.check().await, Err(Error::BadKey { provider: "TMDB" }));
        let failed = metadata.identify(&Clues::from(&film("Metropolis", Some(1927)))).await;
        assert_eq!(failed, Err(Error::BadKey { provider: "TMDB" }));
        assert_eq!(server.asked(), 2, "it is not tried again");
        server.stop().await;
    }
}
