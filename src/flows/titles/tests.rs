//! The index as the program keeps it: through the engine of jobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use simulation::metadata as provider;
use title_index::{Edits, Wanted};
use tokio_util::sync::CancellationToken;

use super::{ABOUT, Refresh, Titles, keep};
use crate::adapters::metadata::index;
use crate::adapters::store::{Database, Store};
use crate::domain::job::{Job, NewJob, State};
use crate::engines::jobs::{Jobs, Options};

/// The latest job, once it has ended. Its schedule runs it when the engine starts.
async fn ended(store: &Store, not: Option<Job>) -> Job {
    loop {
        match store.jobs().latest(ABOUT.name).await.expect("asked") {
            Some(job) if Some(&job) != not.as_ref() => return job,
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

#[tokio::test]
async fn the_index_is_made_by_itself_when_it_is_chosen() {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::temp_dir().join(format!("cinepost-titles-flow-{}-{n}", std::process::id()));
    let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
    let server = provider::start(provider::Options::default()).await.expect("a free port");
    let titles = |imdb| {
        let sources = index::Sources { imdb, tmdb: false };
        let (imdb_url, tmdb_url) = (server.datasets_url(), server.exports_url());
        let write = crate::adapters::data_folder::write_with;
        Titles::new(index::Options { dir: dir.join("titles"), sources, imdb_url, tmdb_url, write })
    };
    let look_again = |now| NewJob { kind: "look-again".to_owned(), ..NewJob::of(&ABOUT, now) };
    let mut last = None;
    // First it is not chosen, and this week's run has nothing to do. Then it is, and is not waited for until the next one; a restart
    // after that makes nothing again.
    for (is_chosen, said) in [(false, "nothing to do: TITLE_INDEX names no list"), (true, "made an index of ")] {
        let titles = titles(is_chosen);
        let options = Options::new("one".to_owned(), dir.join("jobs"));
        let stop = CancellationToken::new();
        let kinds: Vec<Arc<dyn crate::engines::jobs::Kind>> =
            vec![Arc::new(Refresh { titles: titles.clone(), store: store.clone(), look_again })];
        let running = tokio::spawn(Jobs::new(store.clone(), kinds, options).run(stop.clone()));
        let keeping = tokio::spawn(keep(titles.clone(), store.clone(), "one".to_owned(), stop.clone()));
        let job = ended(&store, last).await;
        assert_eq!(job.state, State::Done, "{job:?}");
        assert!(job.says.starts_with(said), "{}", job.says);
        let wanted = Wanted { names: &["Nihgt of the Living Dead"], year: Some(1968), kind: None, edits: Edits::One };
        assert_eq!(titles.look_up(&wanted).len(), usize::from(is_chosen));
        let waiting = store.jobs().unfinished(9).await.expect("asked");
        let is_looked_again = waiting.iter().any(|job| job.kind == "look-again");
        assert_eq!(
            is_looked_again, is_chosen,
            "files without a title are looked at again when the index is new, and only then"
        );
        last = Some(job);
        stop.cancel();
        running.await.expect("it stops");
        keeping.await.expect("it stops");
    }
    let asked = server.asked();
    let stop = CancellationToken::new();
    stop.cancel();
    let restarted = titles(true);
    keep(restarted.clone(), store.clone(), "one".to_owned(), stop).await;
    assert!(restarted.is_ready());
    let unfinished = store.jobs().unfinished(9).await.expect("asked");
    let kinds: Vec<&str> = unfinished.iter().map(|job| &*job.kind).collect();
    assert_eq!((kinds, server.asked()), (vec!["look-again"], asked), "nothing is fetched anew");
    let _ = std::fs::remove_dir_all(dir);
}
