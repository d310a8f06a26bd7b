//! The handle against the simulated provider: real HTTP, real failures.

mod answers;
mod ladder;
mod orders;
mod sample_library;
mod sites;
mod titles;

use std::collections::HashMap;
use std::sync::Mutex;

use super::*;
use crate::domain::entry::SeriesPart;
use crate::domain::matching::Clues;
use crate::domain::series_parts::series_parts;
use crate::domain::title::{Rater, TitleIds};
use release_name::{Input, Release, ReleaseKind, parse};
use simulation::metadata::work::{Episode, Work};
use simulation::metadata::{self as provider, Fault, Server};

/// Remembers, and shows what it was given.
#[derive(Default)]
struct Kept(Mutex<HashMap<String, (String, Duration)>>);

impl AnswerCache for Kept {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move { self.0.lock().expect("not poisoned").get(key).map(|(value, _)| value.clone()) })
    }

    fn put<'a>(&'a self, key: &'a str, value: &'a str, ttl: Duration) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            self.0.lock().expect("not poisoned").insert(key.to_owned(), (value.to_owned(), ttl));
        })
    }
}

impl Kept {
    fn lifetimes(&self) -> Vec<Duration> {
        self.0.lock().expect("not poisoned").values().map(|(_, ttl)| *ttl).collect()
    }
}

struct Lab {
    server: Server,
    kept: Arc<Kept>,
    metadata: Metadata,
}

async fn lab(key: Option<&str>) -> Lab {
    let server = provider::start(provider::Options::default()).await.expect("a free port");
    let kept = Arc::new(Kept::default());
    let metadata = handle(&server, key, kept.clone());
    Lab { server, kept, metadata }
}

fn handle(server: &Server, key: Option<&str>, kept: Arc<Kept>) -> Metadata {
    Metadata::new(Options::simulated(server, key), kept)
}

fn film(title: &str, year: Option<u16>) -> Release {
    Release { title: title.to_owned(), year, ..Release::default() }
}

fn imdb(id: &str) -> MetaId {
    MetaId::Imdb(id.parse().expect("an id"))
}

fn matched(identified: Identified) -> Title {
    match identified {
        Identified::Match { title, .. } => *title,
        other => panic!("not matched: {other:?}"),
    }
}
