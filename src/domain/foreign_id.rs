//! Ids of sites that number titles otherwise than IMDb and TMDB do: AniDB, AniList, Kitsu, MyAnimeList, TheTVDB. Stremio's addons for
//! anime ask by them, and captions link to them.

use std::fmt;
use std::str::FromStr;

/// Who numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Site {
    AniDb,
    AniList,
    Kitsu,
    Mal,
    Tvdb,
}

impl Site {
    pub const ALL: [Self; 5] = [Self::AniDb, Self::AniList, Self::Kitsu, Self::Mal, Self::Tvdb];

    /// As it stands before its numbers: `kitsu:486`.
    pub fn word(self) -> &'static str {
        match self {
            Self::AniDb => "anidb",
            Self::AniList => "anilist",
            Self::Kitsu => "kitsu",
            Self::Mal => "mal",
            Self::Tvdb => "tvdb",
        }
    }

    /// What stands before the number in its links, in lower case.
    fn links(self) -> &'static [&'static str] {
        match self {
            Self::AniDb => &["anidb.net/anime/", "anidb.net/a", "anidb.net/perl-bin/animedb.pl?show=anime&aid="],
            Self::AniList => &["anilist.co/anime/"],
            Self::Kitsu => &["kitsu.io/anime/", "kitsu.app/anime/"],
            Self::Mal => &["myanimelist.net/anime/"],
            // Links with a name in words say no number.
            Self::Tvdb => &[
                "thetvdb.com/?tab=series&id=",
                "thetvdb.com/index.php?tab=series&id=",
                "thetvdb.com/dereferrer/series/",
            ],
        }
    }
}

/// A title, or a season of one, as a site numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ForeignId {
    pub site: Site,
    pub number: u32,
}

/// A title of another site and what of it is meant, as clients ask: `kitsu:486`, `kitsu:486:5`, `tvdb:81189:1:2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignContent {
    pub id: ForeignId,
    pub part: ForeignPart,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignPart {
    Whole,
    /// In the site's own count.
    Episode(u16),
    /// Of TheTVDB, which has seasons.
    OfSeason {
        season: u16,
        number: u16,
    },
}

impl FromStr for ForeignContent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let (site, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let id: ForeignId = format!("{site}:{number}").parse()?;
        let numbers: Option<Vec<u16>> = parts
            .next()
            .map_or(Some(Vec::new()), |rest| rest.split(':').map(|digits| number_of_part(digits)).collect());
        let part = match (numbers.as_deref(), id.site) {
            (Some([]), _) => ForeignPart::Whole,
            (Some(&[season, number]), Site::Tvdb) => ForeignPart::OfSeason { season, number },
            (Some(&[number]), Site::AniDb | Site::AniList | Site::Kitsu | Site::Mal) => ForeignPart::Episode(number),
            _ => return Err(format!("{text:?} does not end in an episode, such as kitsu:486:5")),
        };
        Ok(Self { id, part })
    }
}

/// `parse` would take a leading plus.
fn number_of_part(digits: &str) -> Option<u16> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

impl FromStr for ForeignId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (word, digits) = text.split_once(':')?;
            let site = Site::ALL.into_iter().find(|site| site.word() == word)?;
            Some(Self { site, number: number(digits).filter(|(_, rest)| rest.is_empty())?.0 })
        };
        read().ok_or_else(|| format!("{text:?} is no id such as kitsu:486 or tvdb:81189"))
    }
}

impl fmt::Display for ForeignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.site.word(), self.number)
    }
}

impl ForeignId {
    /// The first that a name or a caption states: a link, `kitsu:486`, `[anidb-69]`, `{tvdbid=81189}`.
    pub fn in_text(text: &str) -> Option<Self> {
        let low = text.to_ascii_lowercase();
        let found = Site::ALL.into_iter().filter_map(|site| {
            let linked = site.links().iter().flat_map(|link| behind(&low, link)).filter_map(linked);
            let tagged = behind(&low, site.word()).filter_map(|(at, rest)| tagged(&low[..at], rest));
            linked.chain(tagged).min().map(|(at, number)| (at, Self { site, number }))
        });
        found.min_by_key(|(at, _)| *at).map(|(_, id)| id)
    }
}

/// Where a word stands in a text, and what follows it there.
fn behind<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = (usize, &'t str)> {
    text.match_indices(word).map(move |(at, found)| (at, &text[at + found.len()..]))
}

/// `anime/91-days` is a name and no number.
fn linked((at, rest): (usize, &str)) -> Option<(usize, u32)> {
    let (number, rest) = number(rest)?;
    (!rest.starts_with(|c: char| c == '-' || c == '_')).then_some((at, number))
}

/// `word:486` anywhere; with another sign between them only in brackets, for `mal-4` may be a name.
fn tagged(before: &str, rest: &str) -> Option<(usize, u32)> {
    let is_apart = !before.ends_with(|c: char| c.is_alphanumeric());
    let is_boxed = before.ends_with(['[', '{', '(']);
    let digits = match rest.strip_prefix(':') {
        Some(digits) if is_apart => digits,
        _ if is_boxed => rest.strip_prefix("id").unwrap_or(rest).strip_prefix(['-', '=', ':'])?,
        _ => return None,
    };
    number(digits.trim_start()).map(|(number, _)| (before.len(), number))
}

/// The number that a text begins with, whole, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number = digits.parse().ok().filter(|number| *number > 0)?;
    (!rest.starts_with(|c: char| c.is_alphanumeric())).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_written_alike() {
        for text in ["anidb:69", "anilist:21", "kitsu:486", "mal:5114", "tvdb:81189"] {
            assert_eq!(text.parse::<ForeignId>().map(|id| id.to_string()).as_deref(), Ok(text));
        }
        for bad in ["", "kitsu", "kitsu:", "kitsu:0", "kitsu:+1", "kitsu:1:2", "kitsu:4294967296", "tmdb:1", "Kitsu:1"]
        {
            assert!(bad.parse::<ForeignId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_meant_of_a_title_is_read() {
        let part = |text: &str| text.parse::<ForeignContent>().map(|content| content.part).ok();
        let of_season = |season, number| Some(ForeignPart::OfSeason { season, number });
        for (text, wanted) in [
            ("kitsu:486", Some(ForeignPart::Whole)),
            ("kitsu:486:5", Some(ForeignPart::Episode(5))),
            ("tvdb:81189:1:2", of_season(1, 2)),
            ("kitsu:486:1:5", None),
            ("tvdb:81189:2", None),
            ("kitsu:486:", None),
            ("kitsu:486:+5", None),
            ("kitsu:486:70000", None),
            ("tvdb:81189:1:2:3", None),
            ("kitsu:x:5", None),
            ("yt_id:1", None),
            ("", None),
        ] {
            assert_eq!(part(text), wanted, "{text}");
        }
    }

    #[test]
    fn texts_state_ids_by_links_and_tags() {
        for (text, wanted) in [
            ("https://kitsu.io/anime/486", Some("kitsu:486")),
            ("see https://kitsu.app/anime/486?x=1.", Some("kitsu:486")),
            ("https://kitsu.io/anime/91-days", None),
            ("https://kitsu.io/anime/one-piece", None),
            ("https://anilist.co/anime/21/ONE-PIECE/", Some("anilist:21")),
            ("https://MyAnimeList.net/anime/5114/Fullmetal", Some("mal:5114")),
            ("https://anidb.net/anime/69", Some("anidb:69")),
            ("anidb.net/a69", Some("anidb:69")),
            ("https://thetvdb.com/?tab=series&id=81189&lid=7", Some("tvdb:81189")),
            ("https://www.thetvdb.com/dereferrer/series/81189", Some("tvdb:81189")),
            ("https://thetvdb.com/series/breaking-bad", None),
            ("Show - 05 [anidb-69].mkv", Some("anidb:69")),
            ("Show {tvdbid=81189} S01E02.mkv", Some("tvdb:81189")),
            ("Show (MAL: 5114)", Some("mal:5114")),
            ("kitsu:486", Some("kitsu:486")),
            ("Animal:4", None),
            ("Mal-4.mkv", None),
            ("[mal-4x]", None),
            ("mal:5114 and kitsu:486", Some("mal:5114")),
            ("kitsu:486 and mal:5114", Some("kitsu:486")),
            ("kitsu:99999999999", None),
            ("é kitsu:é", None),
        ] {
            assert_eq!(ForeignId::in_text(text).map(|id| id.to_string()).as_deref(), wanted, "{text}");
        }
    }
}
