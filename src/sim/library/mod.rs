//! The demo's sample library: twelve films that belong to everybody, two series that were made up for it, and the posts by
//! which a person would have brought them into a channel.
//!
//! Titles, years, ids, names and roles of the films are true; plots are in our own words. [`works`] is what the simulated
//! provider knows (two later films of the same names are in it, so that matching has something to tell apart), [`posts()`] is
//! what is forwarded.

mod films;
mod posts;
mod series;

pub use posts::{Content, Post, posts};

use super::metadata::work::Work;

/// What the simulated metadata provider knows.
pub fn works() -> Vec<Work> {
    films::works().into_iter().chain(series::works()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::domain::release::{Input, parse};
    use crate::domain::title::Kind;
    use crate::metadata::{AnswerCache, BoxFuture, Identified, Metadata, Options};
    use crate::sim::metadata;
    use crate::sim::metadata::work::Episode;

    #[test]
    fn ids_are_given_once_and_days_are_days() {
        let works = works();
        let tmdb: HashSet<_> = works.iter().map(|w| (w.kind, w.tmdb)).collect();
        let imdb: HashSet<_> = works.iter().filter_map(|w| w.imdb).collect();
        assert_eq!((tmdb.len(), imdb.len()), (works.len(), works.len()));
        let is_day = |day: &str| day.len() == 10 && day.split('-').map(str::len).eq([4, 2, 2]);
        for work in &works {
            assert!(is_day(&work.released), "{}", work.name);
            assert!(!work.plot.is_empty() && !work.cast.is_empty() && !work.genres.is_empty(), "{}", work.name);
            assert_eq!(work.episodes.is_empty(), work.kind == Kind::Movie, "{}", work.name);
            assert!(work.episodes.iter().all(|e: &Episode| is_day(&e.aired)), "{}", work.name);
            assert!(work.episodes.is_sorted_by_key(|e| (e.season, e.number)), "{}", work.name);
        }
    }

    #[test]
    fn posts_are_files_that_telegram_takes() {
        let posts = posts();
        let names: HashSet<_> = posts.iter().map(|p| p.file_name).collect();
        assert_eq!(names.len(), posts.len());
        for post in &posts {
            // 4 GiB is what a premium account may send.
            assert!((1..=4 << 30).contains(&post.content.size()), "{}", post.file_name);
            assert!([2, 4].contains(&post.dc), "{}", post.file_name);
        }
        assert!(posts.iter().filter(|p| matches!(p.content, Content::Clip(_))).count() >= 3);
    }

    struct Forgetful;

    impl AnswerCache for Forgetful {
        fn get<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Option<String>> {
            Box::pin(async { None })
        }

        fn put<'a>(&'a self, _key: &'a str, _value: &'a str, _ttl: Duration) -> BoxFuture<'a, ()> {
            Box::pin(async {})
        }
    }

    #[tokio::test]
    async fn every_post_is_recognised_with_a_key_and_without_but_for_the_home_video() {
        let server = metadata::start(metadata::Options::default()).await.expect("a free port");
        for key in [Some(metadata::KEY.to_owned()), None] {
            let has_key = key.is_some();
            let options = Options {
                tmdb_key: key,
                tmdb_url: server.tmdb_url(),
                image_url: server.image_url(),
                cinemeta_url: server.cinemeta_url(),
                language: "en-US".to_owned(),
            };
            let provider = Metadata::new(options, Arc::new(Forgetful));
            for post in posts() {
                let release = parse(&Input { name: post.file_name, caption: post.caption, folder: "" });
                let identified = provider.identify(&release).await.expect("it answers");
                let wanted = NAMED.iter().find(|(part, _)| post.file_name.contains(part)).map(|(_, id)| *id);
                match identified {
                    Identified::Match { title, .. } => {
                        let id = title.ids.imdb.map(|id| id.to_string());
                        assert_eq!(id.as_deref(), wanted, "{} (key: {has_key})", post.file_name);
                    }
                    other => {
                        let is_home_video = post.file_name.starts_with("VID_");
                        // Cinemeta knows no German names.
                        let is_beyond =
                            !has_key && ["Das.Cabinet", "Le.Voyage"].iter().any(|n| post.file_name.starts_with(n));
                        assert!(is_home_video || is_beyond, "{}: {other:?} (key: {has_key})", post.file_name);
                    }
                }
            }
        }
        server.stop().await;
    }

    const NAMED: [(&str, &str); 16] = [
        ("Trip.to.the.Moon", "tt0000417"),
        ("Voyage.dans", "tt0000417"),
        ("Caligari", "tt0010323"),
        ("nosferatu", "tt0013442"),
        ("Nosferatu", "tt0013442"),
        ("Sherlock", "tt0015324"),
        ("General", "tt0017925"),
        ("Metropolis", "tt0017136"),
        ("Girl Friday", "tt0032599"),
        ("Living.Dead", "tt0063350"),
        ("Plan.9", "tt0052077"),
        ("Carnival", "tt0055830"),
        ("Detour", "tt0037638"),
        ("Charade", "tt0056923"),
        ("Observatory", "tt99900012"),
        ("Tide", "tt99900011"),
    ];
}
