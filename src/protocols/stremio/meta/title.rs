//! `Title` -> row and page.

use super::videos::videos;
use super::{Link, Meta, MetaHints, MetaPreview, Timestamp, Trailer, TrailerKind};
use crate::domain::entry::SeriesPart;
use crate::domain::title::{Kind, MetaId, Rater, Title};
use crate::protocols::stremio::catalogs::Catalog;
use crate::protocols::stremio::{AbsoluteUrl, Install};

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
        url: AbsoluteUrl::discover(&manifest, kind, &Catalog::Newest.id(), genre),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::title::{TitleIds, TmdbId};
    use crate::protocols::stremio::samples;

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
    fn years_of_a_series_say_whether_it_goes_on() {
        let cases = [(None, "2011-"), (Some(2019), "2011-2019"), (Some(2011), "2011")];
        for (ended, wanted) in cases {
            let title = Title { ended, ..samples::series() };
            assert_eq!(release_info(&title).as_deref(), Some(wanted));
        }
    }
}
