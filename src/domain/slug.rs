//! Addresses of other sites' pages that name a title in words: `kitsu.app/anime/91-days`, `thetvdb.com/series/breaking-bad`. Only the
//! site can say which of its numbers that is.

use super::foreign_id::Site;
use super::title::Kind;

/// The words as they stand in the address: letters of a to z, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slug {
    Kitsu(String),
    /// TheTVDB numbers films and series apart.
    Tvdb(Kind, String),
}

/// What its words make.
type Make = fn(String) -> Slug;

const LINKS: [(&str, Make); 4] = [
    ("kitsu.io/anime/", Slug::Kitsu),
    ("kitsu.app/anime/", Slug::Kitsu),
    ("thetvdb.com/series/", |words| Slug::Tvdb(Kind::Series, words)),
    ("thetvdb.com/movies/", |words| Slug::Tvdb(Kind::Movie, words)),
];
/// The longest of a real site has some 120.
const LONGEST: usize = 200;

impl Slug {
    pub fn site(&self) -> Site {
        match self {
            Self::Kitsu(_) => Site::Kitsu,
            Self::Tvdb(..) => Site::Tvdb,
        }
    }

    /// The first in a name or a caption. A bare number is none: Kitsu's is an id, and TheTVDB's a title such as `24`.
    pub fn in_text(text: &str) -> Option<Self> {
        let low = text.to_ascii_lowercase();
        let found = LINKS.into_iter().flat_map(|(link, slug)| {
            let behind = low.match_indices(link).map(move |(at, _)| (at, at + link.len()));
            behind.filter_map({
                let low = &low;
                move |(at, begin)| Some((at, slug(words(&low[begin..])?)))
            })
        });
        found.filter(|(_, slug)| !slug.is_number()).min_by_key(|(at, _)| *at).map(|(_, slug)| slug)
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Kitsu(words) if words.bytes().all(|b| b.is_ascii_digit()))
    }
}

fn words(rest: &str) -> Option<String> {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
    let words = &rest[..end];
    let is_good =
        (1..=LONGEST).contains(&words.len()) && !words.starts_with('-') && !rest[end..].starts_with(['_', '%']);
    is_good.then(|| words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_titles_in_words() {
        let kitsu = |words: &str| Some(Slug::Kitsu(words.to_owned()));
        let tvdb = |kind, words: &str| Some(Slug::Tvdb(kind, words.to_owned()));
        for (text, wanted) in [
            ("https://kitsu.app/anime/91-days", kitsu("91-days")),
            ("see https://Kitsu.io/anime/One-Piece/episodes.", kitsu("one-piece")),
            ("https://kitsu.app/anime/486", None),
            ("https://thetvdb.com/series/breaking-bad", tvdb(Kind::Series, "breaking-bad")),
            ("https://www.thetvdb.com/series/breaking-bad#artwork", tvdb(Kind::Series, "breaking-bad")),
            ("https://thetvdb.com/series/24", tvdb(Kind::Series, "24")),
            ("https://thetvdb.com/movies/the-general?x=1", tvdb(Kind::Movie, "the-general")),
            ("https://thetvdb.com/series/a https://kitsu.app/anime/b-c", tvdb(Kind::Series, "a")),
            ("https://thetvdb.com/series/", None),
            ("https://thetvdb.com/series/-x", None),
            ("https://thetvdb.com/series/caf%C3%A9", None),
            ("https://thetvdb.com/people/7", None),
            ("é thetvdb.com/series/é", None),
        ] {
            assert_eq!(Slug::in_text(text), wanted, "{text}");
        }
        assert_eq!(Slug::in_text(&format!("kitsu.io/anime/{}", "a".repeat(201))), None);
    }
}
