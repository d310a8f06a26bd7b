//! `Title` -> `MetaPreview` (a row of a catalog) and `Meta` (its page), and the same for files without a title.

use std::collections::BTreeMap;

use serde::Serialize;
use time::Date;
use time::macros::format_description;

use crate::domain::entry::{Entry, SeriesPart, Status};
use crate::domain::title::{Episode, Kind, MetaId, Rater, Title};
use crate::protocols::stremio::catalogs::Catalog;
use crate::protocols::stremio::{AbsoluteUrl, ContentId, Install};

/// A moment as the core wants it: RFC 3339 in full. A date alone loses the row in a catalog, and a whole page in a meta.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The start of a day given as `YYYY-MM-DD`. `None` for anything else.
    pub fn from_date(text: &str) -> Option<Self> {
        let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
        // RFC 3339 knows years of four digits only.
        (0..=9999).contains(&date.year()).then(|| Self(format!("{date}T00:00:00.000Z")))
    }
}

/// A row of a catalog.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetaPreview {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub name: String,
    pub poster: AbsoluteUrl,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<AbsoluteUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<AbsoluteUrl>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `1968`, or `2008-2013` for a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_info: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// Where these are, the core does not look at `genres` and `imdbRating`; so rating and genres are links.
    pub links: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<Trailer>,
}

/// The page of a title.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    #[serde(flatten)]
    pub preview: MetaPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Empty for films. Specials (season 0) last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub videos: Vec<Video>,
    pub behavior_hints: MetaHints,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetaHints {
    /// What a film plays: without it Stremio would look for a list of videos.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_video_id: Option<String>,
}

/// An episode that is here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Video {
    pub id: String,
    pub title: String,
    pub season: u16,
    pub episode: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<AbsoluteUrl>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub overview: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    pub name: String,
    pub category: &'static str,
    pub url: AbsoluteUrl,
}

/// A YouTube video. Without its `type` the core drops the whole row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trailer {
    pub source: String,
    #[serde(rename = "type")]
    pub kind: TrailerKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TrailerKind {
    Trailer,
}

/// `None` for a title that no provider names: there is no id to ask for it by.
pub fn preview(title: &Title, install: &Install) -> Option<MetaPreview> {
    let id = title.meta_id()?;
    let url = |text: &Option<String>| text.as_deref().and_then(AbsoluteUrl::parse);
    let links = rating(title, id).into_iter().chain(genres(title, install)).collect();
    Some(MetaPreview {
        id: id.to_string(),
        kind: title.kind,
        name: title.name.clone(),
        poster: url(&title.poster).unwrap_or_else(|| install.no_poster()),
        background: url(&title.background),
        logo: url(&title.logo),
        description: title.plot.clone(),
        release_info: release_info(title),
        released: title.released.as_deref().and_then(Timestamp::from_date),
        runtime: title.runtime_mins.map(|mins| format!("{mins} min")),
        links,
        trailers: title
            .trailers
            .iter()
            .map(|source| Trailer { source: source.clone(), kind: TrailerKind::Trailer })
            .collect(),
    })
}

/// The page of a title under the id that it was asked by, so that an app that keeps `tmdb:10331` gets that id back also when
/// the title has an IMDb id by now. `parts` says which episodes are here.
pub fn from_title(title: &Title, asked: MetaId, parts: &[SeriesPart], install: &Install) -> Option<Meta> {
    let mut preview = MetaPreview { id: asked.to_string(), ..preview(title, install)? };
    let people = |category, names: &[String]| -> Vec<Link> {
        let link = |name: &String| Link { name: name.clone(), category, url: AbsoluteUrl::search(name) };
        names.iter().map(link).collect()
    };
    preview.links.extend(people("Cast", &title.cast));
    preview.links.extend(people("Directors", &title.directors));
    let (videos, default_video_id) = match title.kind {
        Kind::Movie => (Vec::new(), Some(preview.id.clone())),
        Kind::Series => (videos(title, asked, parts), None),
    };
    Some(Meta { preview, country: title.country.clone(), videos, behavior_hints: MetaHints { default_video_id } })
}

/// A file without a title, shown under its own name. What would mend it stands on the owner's page: viewers read only what
/// concerns them, in one sentence, since clients show no line breaks here.
pub fn entry_preview(entry: &Entry, install: &Install) -> MetaPreview {
    MetaPreview {
        id: ContentId::Entry(entry.id).to_string(),
        // Stremio plays what has no episodes as a film.
        kind: Kind::Movie,
        name: entry_name(entry),
        poster: install.no_poster(),
        background: None,
        logo: None,
        description: about_file(&entry.status).to_owned(),
        release_info: entry.release.year.map(|year| year.to_string()),
        released: None,
        runtime: entry.duration_secs.map(|secs| format!("{} min", secs.div_ceil(60))),
        links: Vec::new(),
        trailers: Vec::new(),
    }
}

fn about_file(status: &Status) -> &'static str {
    match status {
        Status::Pending { .. } => "This file is being looked up. It plays already.",
        Status::Review { .. } | Status::Matched { .. } | Status::Ignored { .. } | Status::Volume => {
            "No film or series was found for this file yet. It plays all the same."
        }
    }
}

pub fn from_entry(entry: &Entry, install: &Install) -> Meta {
    let preview = entry_preview(entry, install);
    let behavior_hints = MetaHints { default_video_id: Some(preview.id.clone()) };
    Meta { preview, country: None, videos: Vec::new(), behavior_hints }
}

/// A row that says something instead of being a film: why there is nothing else to see.
pub fn notice(id: ContentId, kind: Kind, name: &str, description: &str, install: &Install) -> Meta {
    let id = id.to_string();
    Meta {
        preview: MetaPreview {
            id: id.clone(),
            kind,
            name: name.to_owned(),
            poster: install.no_poster(),
            background: None,
            logo: None,
            description: description.to_owned(),
            release_info: None,
            released: None,
            runtime: None,
            links: Vec::new(),
            trailers: Vec::new(),
        },
        country: None,
        videos: Vec::new(),
        // Also for a series: a page without episodes would have nothing to choose.
        behavior_hints: MetaHints { default_video_id: Some(id) },
    }
}

/// What to call a file that no provider knows: the title read from its name, or the name itself without its extension.
pub fn entry_name(entry: &Entry) -> String {
    if !entry.release.title.trim().is_empty() {
        return entry.release.title.clone();
    }
    match entry.name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => entry.name.clone(),
    }
}

fn release_info(title: &Title) -> Option<String> {
    let year = title.year?;
    Some(match (title.kind, title.ended) {
        (Kind::Movie, _) => year.to_string(),
        (Kind::Series, Some(ended)) if ended == year => year.to_string(),
        (Kind::Series, Some(ended)) => format!("{year}-{ended}"),
        (Kind::Series, None) => format!("{year}-"),
    })
}

/// The category `imdb` is drawn as IMDb's logo, and only for the host `imdb.com` (stremio-web `MetaPreview.js`), so it is for
/// IMDb's numbers alone. Others stand under the name of whoever gave them.
fn rating(title: &Title, id: MetaId) -> Option<Link> {
    let tenths = title.rating?;
    let at_imdb = || title.ids.imdb.map(|imdb| format!("https://imdb.com/title/{imdb}/"));
    let kind = if title.kind == Kind::Movie { "movie" } else { "tv" };
    let at_tmdb = || title.ids.tmdb.map(|tmdb| format!("https://www.themoviedb.org/{kind}/{}", tmdb.0));
    let (category, url) = match title.rated_by {
        Rater::Imdb => ("imdb", at_imdb()?),
        Rater::Tmdb => ("TMDB", at_tmdb()?),
        Rater::Unknown => {
            let page = if matches!(id, MetaId::Imdb(_)) { at_imdb() } else { at_tmdb() };
            ("Rating", page?)
        }
    };
    let name = format!("{}.{}", tenths / 10, tenths % 10);
    Some(Link { name, category, url: AbsoluteUrl::parse(&url).expect("made of a fixed host and digits") })
}

fn genres(title: &Title, install: &Install) -> impl Iterator<Item = Link> {
    let (manifest, kind) = (install.manifest(), title.kind.as_str());
    title.genres.iter().map(move |genre| Link {
        name: genre.clone(),
        category: "Genres",
        url: AbsoluteUrl::discover(&manifest, kind, Catalog::Newest.id(), genre),
    })
}

/// The episodes that are here: each single file's, and for a pack all that the provider knows of its season. Episodes that the
/// provider does not know are listed all the same, since the file is there to be watched.
fn videos(title: &Title, id: MetaId, parts: &[SeriesPart]) -> Vec<Video> {
    let known: BTreeMap<(u16, u16), &Episode> = title.episodes.iter().map(|e| ((e.season, e.number), e)).collect();
    // Specials come last.
    let rank = |season: u16, number: u16| (season == 0, season, number);
    let mut videos = BTreeMap::new();
    for &part in parts {
        match part {
            SeriesPart::Episode { season, number } => {
                let episode = known.get(&(season, number)).copied();
                videos.insert(rank(season, number), video(id, season, number, episode));
            }
            SeriesPart::Season { season } => {
                for (&(_, number), &episode) in known.range((season, 0)..=(season, u16::MAX)) {
                    videos.insert(rank(season, number), video(id, season, number, Some(episode)));
                }
            }
        }
    }
    // A pack of a season that the provider knows nothing of still needs something to click.
    for &part in parts {
        if let SeriesPart::Season { season } = part
            && !videos.keys().any(|&(_, s, _)| s == season)
        {
            let whole = Video { title: format!("Season {season}"), ..video(id, season, 1, None) };
            videos.insert(rank(season, 1), whole);
        }
    }
    videos.into_values().collect()
}

fn video(title: MetaId, season: u16, number: u16, known: Option<&Episode>) -> Video {
    let name = known.map(|e| e.name.trim()).filter(|name| !name.is_empty());
    Video {
        id: ContentId::Episode { title, season, number }.to_string(),
        title: name.map_or_else(|| format!("Episode {number}"), str::to_owned),
        season,
        episode: number,
        released: known.and_then(|e| e.aired.as_deref()).and_then(Timestamp::from_date),
        thumbnail: known.and_then(|e| e.still.as_deref()).and_then(AbsoluteUrl::parse),
        overview: known.map_or_else(String::new, |e| e.overview.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::title::{TitleIds, TmdbId};
    use crate::protocols::stremio::samples;

    #[test]
    fn dates_become_moments_or_nothing() {
        let cases = [
            ("1968-10-04", Some("1968-10-04T00:00:00.000Z")),
            ("2024-02-29", Some("2024-02-29T00:00:00.000Z")),
            ("2023-02-29", None),
            ("1968", None),
            ("1968-10", None),
            ("2024-W01-1", None),
            ("1968-10-04T00:00:00Z", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(Timestamp::from_date(text).map(|t| t.0).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn a_film_is_shown_with_all_that_is_known() {
        let meta = from_title(&samples::film(), samples::id("tt0063350"), &[], &samples::install()).expect("has an id");
        let discover = "stremio:///discover/https%3A%2F%2Fcine.example%2Fstremio%2FTOKEN%2Fmanifest.json/movie/newest";
        assert_eq!(
            serde_json::to_value(&meta).expect("JSON"),
            json!({
                "id": "tt0063350",
                "type": "movie",
                "name": "Night of the Living Dead",
                "poster": "https://image.example/p/night.jpg",
                "background": "https://image.example/b/night.jpg",
                "description": "The dead walk.",
                "releaseInfo": "1968",
                "released": "1968-10-04T00:00:00.000Z",
                "runtime": "96 min",
                "country": "US",
                "links": [
                    {"name": "7.8", "category": "imdb", "url": "https://imdb.com/title/tt0063350/"},
                    {"name": "Horror", "category": "Genres", "url": format!("{discover}?genre=Horror")},
                    {"name": "Duane Jones", "category": "Cast", "url": "stremio:///search?search=Duane%20Jones"},
                    {"name": "George A. Romero", "category": "Directors", "url": "stremio:///search?search=George%20A.%20Romero"},
                ],
                "trailers": [{"source": "H91BxkBXttE", "type": "Trailer"}],
                "behaviorHints": {"defaultVideoId": "tt0063350"},
            })
        );
    }

    #[test]
    fn a_rating_stands_under_the_name_of_whoever_gave_it() {
        let ids = TitleIds { imdb: "tt0063350".parse().ok(), tmdb: Some(TmdbId(10331)) };
        let (imdb, tmdb) = ("https://imdb.com/title/tt0063350/", "https://www.themoviedb.org/movie/10331");
        let cases = [
            (Rater::Imdb, ids, Some(("imdb", imdb))),
            (Rater::Tmdb, ids, Some(("TMDB", tmdb))),
            (Rater::Tmdb, TitleIds { imdb: None, ..ids }, Some(("TMDB", tmdb))),
            (Rater::Unknown, ids, Some(("Rating", imdb))),
            (Rater::Unknown, TitleIds { imdb: None, ..ids }, Some(("Rating", tmdb))),
            (Rater::Imdb, TitleIds { imdb: None, ..ids }, None),
        ];
        for (rated_by, ids, wanted) in cases {
            let title = Title { rated_by, ids, ..samples::film() };
            let links = preview(&title, &samples::install()).expect("has an id").links;
            let found = links.iter().find(|link| link.name == "7.8").map(|link| (link.category, link.url.as_str()));
            assert_eq!(found, wanted, "{rated_by:?} {ids:?}");
        }
    }

    #[test]
    fn an_id_kept_from_before_comes_back_as_asked() {
        let meta =
            from_title(&samples::film(), samples::id("tmdb:10331"), &[], &samples::install()).expect("has an id");
        assert_eq!(meta.preview.id, "tmdb:10331");
        assert_eq!(meta.behavior_hints.default_video_id.as_deref(), Some("tmdb:10331"));
    }

    #[test]
    fn what_is_missing_or_relative_is_left_out() {
        let bare = Title { poster: Some("/w342/relative.jpg".into()), ..samples::bare("tmdb:7") };
        let row = preview(&bare, &samples::install()).expect("has an id");
        assert_eq!(
            serde_json::to_value(&row).expect("JSON"),
            json!({
                "id": "tmdb:7",
                "type": "movie",
                "name": "Bare",
                "poster": "https://cine.example/assets/no-poster.png",
                "links": [],
            })
        );
    }

    #[test]
    fn only_episodes_that_are_here_are_listed_and_specials_last() {
        let one = |season, number| SeriesPart::Episode { season, number };
        let season = |season| SeriesPart::Season { season };
        let cases: [(&str, &[SeriesPart], &[&str]); 6] = [
            ("nothing", &[], &[]),
            ("single files", &[one(1, 2), one(1, 1)], &["1:1 Pilot", "1:2 Episode 2"]),
            ("a special", &[one(0, 1), one(1, 1)], &["1:1 Pilot", "0:1 Making of"]),
            ("a pack", &[season(1)], &["1:1 Pilot", "1:2 Episode 2", "1:3 Finale"]),
            (
                "a pack, and beside it an episode that the provider does not know",
                &[one(1, 9), season(1), one(1, 1)],
                &["1:1 Pilot", "1:2 Episode 2", "1:3 Finale", "1:9 Episode 9"],
            ),
            ("a pack of an unknown season", &[season(7)], &["7:1 Season 7"]),
        ];
        for (name, parts, wanted) in cases {
            let meta = from_title(&samples::series(), samples::id("tt0944947"), parts, &samples::install());
            let videos = meta.expect("has an id").videos;
            let got: Vec<_> = videos.iter().map(|v| format!("{}:{} {}", v.season, v.episode, v.title)).collect();
            assert_eq!(got, wanted, "{name}");
        }
    }

    #[test]
    fn an_episode_has_its_date_and_still() {
        let parts = [SeriesPart::Episode { season: 1, number: 1 }];
        let meta = from_title(&samples::series(), samples::id("tt0944947"), &parts, &samples::install());
        assert_eq!(
            serde_json::to_value(&meta.expect("has an id").videos).expect("JSON"),
            json!([{
                "id": "tt0944947:1:1",
                "title": "Pilot",
                "season": 1,
                "episode": 1,
                "released": "2011-04-17T00:00:00.000Z",
                "thumbnail": "https://image.example/s/pilot.jpg",
                "overview": "It begins.",
            }])
        );
    }

    #[test]
    fn years_of_a_series_say_whether_it_goes_on() {
        let cases = [(None, "2011-"), (Some(2019), "2011-2019"), (Some(2011), "2011")];
        for (ended, wanted) in cases {
            let title = Title { ended, ..samples::series() };
            assert_eq!(release_info(&title).as_deref(), Some(wanted));
        }
    }

    #[test]
    fn a_file_without_a_title_has_a_page() {
        let meta = from_entry(&samples::unmatched(), &samples::install());
        let id = ContentId::Entry(samples::unmatched().id).to_string();
        assert_eq!(
            serde_json::to_value(&meta).expect("JSON"),
            json!({
                "id": id,
                "type": "movie",
                "name": "VID_20240712_183012",
                "poster": "https://cine.example/assets/no-poster.png",
                "description": "No film or series was found for this file yet. It plays all the same.",
                "runtime": "3 min",
                "links": [],
                "behaviorHints": {"defaultVideoId": id},
            })
        );
    }
}
