//! Channels that are, or were, watched, and what the owner says of each.

use std::str::FromStr;

use release_name::{Release, ReleaseKind};
use serde::{Deserialize, Serialize};

use super::post::ChatId;
use super::title::MetaId;

/// A channel, as the list of channels holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub chat: ChatId,
    /// Empty until Telegram has told it.
    pub title: String,
    /// Whether it is watched. False once removed: its entries are hidden, and appear again when it is added again.
    pub active: bool,
    pub profile: Profile,
}

/// What the owner says of a channel. Nothing, unless they did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    pub holds: Holds,
    /// The one series that every file is of whose name or caption brings no id of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<MetaId>,
    /// ISO 639-1: what is spoken in files that do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// As if each file lay in this folder: `Some Series (2010)/Season 2` for names such as `05.mkv`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
}

/// What is posted to a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Films and series alike: the names say it.
    #[default]
    Anything,
    Films,
    Series,
    /// Series whose episodes are counted through.
    Anime,
    /// Of one's own: nobody looks for titles, and the files stand under "Unmatched".
    Personal,
    /// Subtitles of films and series that stand elsewhere.
    Subtitles,
    /// Nothing that is to be watched: its files are listed nowhere.
    Nothing,
}

impl Holds {
    pub const ALL: [Self; 7] =
        [Self::Anything, Self::Films, Self::Series, Self::Anime, Self::Personal, Self::Subtitles, Self::Nothing];

    /// As people write it and stores keep it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Anything => "anything",
            Self::Films => "films",
            Self::Series => "series",
            Self::Anime => "anime",
            Self::Personal => "personal",
            Self::Subtitles => "subtitles",
            Self::Nothing => "nothing",
        }
    }
}

impl FromStr for Holds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|holds| holds.word() == text).ok_or_else(|| {
            format!("{text:?} is nothing that a channel holds; it is one of {}", Self::ALL.map(Self::word).join(", "))
        })
    }
}

impl Profile {
    /// The release of a file that was posted here: of a name's readings the one that fits what the channel holds, and what the
    /// name leaves open.
    pub fn applied(&self, release: Release) -> Release {
        let mut release = match self.holds {
            Holds::Films => as_film(release),
            Holds::Series | Holds::Anime => as_series(release),
            Holds::Anything | Holds::Personal | Holds::Subtitles | Holds::Nothing if self.series.is_some() => {
                as_series(release)
            }
            Holds::Anything | Holds::Personal | Holds::Subtitles | Holds::Nothing => release,
        };
        if release.imdb.is_none() && release.tmdb.is_none() {
            match self.series {
                Some(MetaId::Imdb(id)) => release.imdb = Some(id),
                Some(MetaId::Tmdb(id)) => release.tmdb = Some(id),
                None => {}
            }
        }
        if release.languages.is_empty() {
            release.languages.extend(self.language.clone());
        }
        release
    }
}

/// `S01E02` stays what it says: somebody posted it to the wrong channel. All other numbers are the film's own.
fn as_film(release: Release) -> Release {
    let is_outright = !release.seasons.is_empty() && !release.episodes.is_empty();
    if release.kind == ReleaseKind::Movie || is_outright {
        return release;
    }
    let mut readings = release.readings.iter().map(|reading| release.read_as(reading));
    let film = readings.find(|read| read.kind == ReleaseKind::Movie);
    film.unwrap_or(release)
}

/// The episode where the name may mean one; where it names none it is still no film.
fn as_series(release: Release) -> Release {
    if release.kind != ReleaseKind::Movie {
        return release;
    }
    let mut readings = release.readings.iter().map(|reading| release.read_as(reading));
    let series = readings.find(|read| read.kind != ReleaseKind::Movie);
    series.unwrap_or(Release { kind: ReleaseKind::Episode, ..release })
}

#[cfg(test)]
mod tests {
    use release_name::Input;

    use super::*;

    #[test]
    fn what_a_channel_holds_decides_between_readings() {
        let in_channel = |profile: Profile, name: &str| {
            let folder = profile.folder.clone().unwrap_or_default();
            let read = release_name::parse(&Input { name, caption: "", folder: &folder });
            let release = profile.applied(read);
            let numbers = (release.seasons.clone(), release.episodes.clone(), release.absolute.clone());
            (release.title, release.kind, numbers)
        };
        let of = |holds| Profile { holds, ..Profile::default() };
        let film = |title: &str| (title.to_owned(), ReleaseKind::Movie, (vec![], vec![], vec![]));
        let episode = |title: &str, season, number| {
            (title.to_owned(), ReleaseKind::Episode, (Vec::from_iter(season), vec![number], vec![]))
        };
        // A number behind a title is a film's in one channel and an episode's in the other.
        assert_eq!(in_channel(of(Holds::Anything), "Kumo 13.mkv"), film("Kumo 13"));
        assert_eq!(in_channel(of(Holds::Films), "Kumo 13.mkv"), film("Kumo 13"));
        let (title, kind, (_, episodes, absolute)) = in_channel(of(Holds::Series), "Kumo 13.mkv");
        assert_eq!((title.as_str(), kind != ReleaseKind::Movie), ("Kumo", true));
        assert!(episodes == [13] || absolute == [13.0], "{episodes:?} {absolute:?}");
        assert_eq!(in_channel(of(Holds::Films), "Star Harbor Episode 6.mkv").1, ReleaseKind::Movie);
        // What is said outright stays.
        assert_eq!(in_channel(of(Holds::Films), "Kumo S01E02.mkv"), episode("Kumo", Some(1), 2));
        assert_eq!(in_channel(of(Holds::Films), "Detour (1945).mkv"), film("Detour"));
        // No film, even when no episode is named.
        assert_eq!(in_channel(of(Holds::Series), "Detour (1945).mkv").1, ReleaseKind::Episode);
        // A folder says what the names leave out.
        let folder = Some("Kumo (2010)/Season 2".to_owned());
        assert_eq!(in_channel(Profile { folder, ..Profile::default() }, "05.mkv"), episode("Kumo", Some(2), 5));
    }

    #[test]
    fn a_channel_fills_in_what_names_leave_open() {
        let profile = Profile {
            series: Some("tt0903747".parse().expect("an id")),
            language: Some("de".to_owned()),
            ..Profile::default()
        };
        let applied = |name| profile.applied(release_name::parse(&Input { name, caption: "", folder: "" }));
        let plain = applied("Episode 05.mkv");
        assert_eq!(plain.imdb.map(|id| id.to_string()).as_deref(), Some("tt0903747"));
        assert_eq!((plain.episodes, plain.languages), (vec![5], vec!["de".to_owned()]));
        let own = applied("Other.S01E02.FRENCH.tt0063350.mkv");
        assert_eq!(own.imdb.map(|id| id.to_string()).as_deref(), Some("tt0063350"));
        assert_eq!(own.languages, ["fr"]);
    }

    #[test]
    fn what_a_channel_holds_is_written_as_it_is_read() {
        for holds in Holds::ALL {
            assert_eq!(holds.word().parse(), Ok(holds));
            assert_eq!(serde_json::to_value(holds).expect("written"), holds.word());
        }
        assert!("film".parse::<Holds>().is_err());
    }
}
