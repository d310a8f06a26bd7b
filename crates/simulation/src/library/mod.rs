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

    use super::*;
    use crate::metadata::work::{Episode, Kind};

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
}
