//! TMDB's genres and their numbers, as /genre/movie/list and /genre/tv/list give them.

use super::work::Kind;

const MOVIE: [(u64, &str); 19] = [
    (28, "Action"),
    (12, "Adventure"),
    (16, "Animation"),
    (35, "Comedy"),
    (80, "Crime"),
    (99, "Documentary"),
    (18, "Drama"),
    (10751, "Family"),
    (14, "Fantasy"),
    (36, "History"),
    (27, "Horror"),
    (10402, "Music"),
    (9648, "Mystery"),
    (10749, "Romance"),
    (878, "Science Fiction"),
    (10770, "TV Movie"),
    (53, "Thriller"),
    (10752, "War"),
    (37, "Western"),
];

const SERIES: [(u64, &str); 16] = [
    (10759, "Action & Adventure"),
    (16, "Animation"),
    (35, "Comedy"),
    (80, "Crime"),
    (99, "Documentary"),
    (18, "Drama"),
    (10751, "Family"),
    (10762, "Kids"),
    (9648, "Mystery"),
    (10763, "News"),
    (10764, "Reality"),
    (10765, "Sci-Fi & Fantasy"),
    (10766, "Soap"),
    (10767, "Talk"),
    (10768, "War & Politics"),
    (37, "Western"),
];

pub fn all(kind: Kind) -> &'static [(u64, &'static str)] {
    match kind {
        Kind::Movie => &MOVIE,
        Kind::Series => &SERIES,
    }
}

/// `None` for a word that TMDB does not have for this kind.
pub fn id(kind: Kind, word: &str) -> Option<u64> {
    all(kind).iter().find(|(_, name)| *name == word).map(|(id, _)| *id)
}
