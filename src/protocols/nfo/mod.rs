//! NFO: what Kodi, Jellyfin and Emby read beside a file of a film or an episode. XML in UTF-8; total: any text gives a file that parses.
//!
//! | file | holds | read by |
//! | --- | --- | --- |
//! | beside each `.strm`, of its name | `<movie>` | all three; `movie.nfo` would be one for all releases of a film, so there is none |
//! | `tvshow.nfo` | `<tvshow>` | all three |
//! | beside each `.strm`, of its name | `<episodedetails>`, one after the other for a file of several | all three |
//!
//! Nothing is written of seasons: no more is known of them than their numbers, which their folders say. Pictures are addresses (`<thumb>`),
//! which all three fetch once and keep: the program fetches none, and what a server has already it need not have twice.
//!
//! xml.rs: elements, and what may stand in them. streams.rs: `<fileinfo>`.

mod streams;
mod xml;

use time::OffsetDateTime;
use time::macros::format_description;

use crate::domain::entry::Entry;
use crate::domain::title::{Rater, Title};
use xml::Xml;

/// A film and one of its files.
pub fn movie(title: &Title, entry: &Entry) -> String {
    let mut xml = Xml::document();
    xml.inside("movie", |xml| {
        about_title(xml, title);
        xml.number("runtime", minutes(entry).or(title.runtime_mins.map(u32::from)));
        if let Some(collection) = &title.collection {
            xml.inside("set", |xml| xml.text("name", &collection.name));
        }
        xml.text("premiered", date(title.released.as_deref()));
        about_file(xml, entry);
    });
    xml.finish()
}

/// A series.
pub fn show(title: &Title) -> String {
    let mut xml = Xml::document();
    xml.inside("tvshow", |xml| {
        about_title(xml, title);
        xml.number("runtime", title.runtime_mins.map(u32::from));
        xml.text("premiered", date(title.released.as_deref()));
        if title.ended.is_some() {
            xml.text("status", "Ended");
        }
    });
    xml.finish()
}

/// The episodes of a series that are in one of its files, by season and number.
pub fn episodes(title: &Title, which: &[(u16, u16)], entry: &Entry) -> String {
    let mut xml = Xml::document();
    for &(season, number) in which {
        let known = title.episodes.iter().find(|one| (one.season, one.number) == (season, number));
        xml.inside("episodedetails", |xml| {
            let name = known.map(|episode| episode.name.trim()).filter(|name| !name.is_empty());
            xml.text("title", &name.map_or_else(|| format!("Episode {number}"), str::to_owned));
            xml.text("showtitle", &title.name);
            xml.number("season", Some(season.into()));
            xml.number("episode", Some(number.into()));
            if let Some(episode) = known {
                xml.text("plot", &episode.overview);
                xml.text("aired", date(episode.aired.as_deref()));
                xml.text("thumb", picture(episode.still.as_deref()));
            }
            // A file of several says how long they are together.
            let alone = minutes(entry).filter(|_| which.len() == 1);
            xml.number("runtime", alone.or(title.runtime_mins.map(u32::from)));
            about_file(xml, entry);
        });
    }
    xml.finish()
}

fn about_title(xml: &mut Xml, title: &Title) {
    xml.text("title", &title.name);
    xml.text("originaltitle", title.original_name.as_deref().unwrap_or_default());
    xml.number("year", title.year.map(u32::from));
    xml.text("plot", &title.plot);
    if let Some(imdb) = title.ids.imdb {
        xml.with("uniqueid", &[("type", "imdb"), ("default", "true")], &imdb.to_string());
    }
    if let Some(tmdb) = title.ids.tmdb {
        let default = if title.ids.imdb.is_none() { "true" } else { "false" };
        xml.with("uniqueid", &[("type", "tmdb"), ("default", default)], &tmdb.0.to_string());
    }
    rating(xml, title);
    title.genres.iter().for_each(|genre| xml.text("genre", genre));
    xml.text("country", title.country.as_deref().unwrap_or_default());
    title.directors.iter().for_each(|director| xml.text("director", director));
    for (order, name) in (0u32..).zip(&title.cast) {
        xml.inside("actor", |xml| {
            xml.text("name", name);
            xml.number("order", Some(order));
        });
    }
    for (aspect, url) in [("poster", &title.poster), ("clearlogo", &title.logo)] {
        xml.with("thumb", &[("aspect", aspect)], picture(url.as_deref()));
    }
    xml.inside("fanart", |xml| xml.text("thumb", picture(title.background.as_deref())));
}

/// Kodi has ratings by their raters; Emby reads the bare one.
fn rating(xml: &mut Xml, title: &Title) {
    let Some(tenths) = title.rating else { return };
    let value = format!("{}.{}", tenths / 10, tenths % 10);
    let name = match title.rated_by {
        Rater::Imdb => "imdb",
        Rater::Tmdb => "themoviedb",
        Rater::Unknown => "default",
    };
    xml.inside("ratings", |xml| {
        xml.inside_with("rating", &[("name", name), ("max", "10"), ("default", "true")], |xml| {
            xml.text("value", &value)
        });
    });
    xml.text("rating", &value);
}

fn about_file(xml: &mut Xml, entry: &Entry) {
    let when = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let posted = OffsetDateTime::from_unix_timestamp(entry.posted).ok().filter(|_| entry.posted > 0);
    xml.text("dateadded", &posted.and_then(|posted| posted.format(when).ok()).unwrap_or_default());
    streams::write(xml, entry);
}

/// `YYYY-MM-DD`, or nothing.
fn date(text: Option<&str>) -> &str {
    let fits = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    let is_date = |text: &&str| text.len() == 10 && text.bytes().enumerate().all(fits);
    text.filter(is_date).unwrap_or_default()
}

/// An address that a server can fetch, or nothing.
fn picture(url: Option<&str>) -> &str {
    url.filter(|url| url.starts_with("https://") || url.starts_with("http://")).unwrap_or_default()
}

/// How long a file plays, rounded: no file is 0 minutes long.
fn minutes(entry: &Entry) -> Option<u32> {
    entry.runtime_secs().map(|secs| (secs.saturating_add(30) / 60).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::collection::{Collection, CollectionId};
    use crate::domain::entry::EntryId;
    use crate::domain::file::{VirtualFile, Volume};
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;
    use crate::domain::title::{Episode, Kind, MetaId, TitleIds};

    fn file() -> Entry {
        let document = DocumentId(1);
        let volume = Volume { document, dc: Dc(2), size: 1 };
        let posted = 1_796_013_607;
        Entry {
            duration_secs: Some(5750),
            posted,
            ..Entry::of(EntryId::from_documents(&[document]), VirtualFile::single(volume), "a.mkv", "")
        }
    }

    fn film() -> Title {
        let night: MetaId = "tt0063350".parse().expect("an id");
        let tmdb = match "tmdb:10331".parse().expect("an id") {
            MetaId::Tmdb(id) => Some(id),
            MetaId::Imdb(_) => None,
        };
        let ids = TitleIds { tmdb, ..night.into() };
        let collection = Collection { id: CollectionId(1), name: "Of the Dead".into(), poster: None, background: None };
        Title {
            original_name: Some("Night & \u{1}Day <3".into()),
            year: Some(1968),
            released: Some("1968-10-04".into()),
            plot: "The dead walk.\nThey are hungry.".into(),
            genres: vec!["Horror".into(), "Sci-Fi & Fantasy".into()],
            rating: Some(78),
            rated_by: Rater::Imdb,
            runtime_mins: Some(90),
            poster: Some("https://image.example/p.jpg?a=1&b=2".into()),
            background: Some("https://image.example/b.jpg".into()),
            logo: Some("/relative.png".into()),
            cast: vec!["Duane Jones".into(), "Judith O'Dea".into()],
            directors: vec!["George A. Romero".into()],
            collection: Some(collection),
            ..Title::new(Kind::Movie, ids, "Night of the Living Dead")
        }
    }

    /// Every element with text, by its path.
    fn read(xml: &str) -> Vec<(String, String)> {
        let document = roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
        let path = |node: roxmltree::Node<'_, '_>| {
            let mut names: Vec<&str> =
                node.ancestors().filter(roxmltree::Node::is_element).map(|node| node.tag_name().name()).collect();
            names.reverse();
            names.join("/")
        };
        let leaves = document.descendants().filter(|node| node.is_element() && node.first_element_child().is_none());
        leaves.map(|node| (path(node), node.text().unwrap_or_default().to_owned())).collect()
    }

    fn values<'a>(read: &'a [(String, String)], path: &str) -> Vec<&'a str> {
        read.iter().filter(|(at, _)| at == path).map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn a_film_is_told_with_its_file() {
        let text = movie(&film(), &file());
        let read = read(&text);
        for (path, wanted) in [
            ("movie/title", &["Night of the Living Dead"][..]),
            ("movie/originaltitle", &["Night & Day <3"]),
            ("movie/year", &["1968"]),
            ("movie/premiered", &["1968-10-04"]),
            ("movie/plot", &["The dead walk.\nThey are hungry."]),
            ("movie/uniqueid", &["tt0063350", "10331"]),
            ("movie/ratings/rating/value", &["7.8"]),
            ("movie/rating", &["7.8"]),
            ("movie/genre", &["Horror", "Sci-Fi & Fantasy"]),
            ("movie/director", &["George A. Romero"]),
            ("movie/actor/name", &["Duane Jones", "Judith O'Dea"]),
            ("movie/actor/order", &["0", "1"]),
            // Of the file, before the provider's.
            ("movie/runtime", &["96"]),
            ("movie/set/name", &["Of the Dead"]),
            ("movie/thumb", &["https://image.example/p.jpg?a=1&b=2"]),
            ("movie/fanart/thumb", &["https://image.example/b.jpg"]),
            ("movie/dateadded", &["2026-11-30 04:40:07"]),
            ("movie/fileinfo/streamdetails/video/durationinseconds", &["5750"]),
        ] {
            assert_eq!(values(&read, path), wanted, "{path}");
        }
        assert!(text.contains(r#"<uniqueid type="imdb" default="true">tt0063350</uniqueid>"#));
        assert!(text.contains(r#"<thumb aspect="poster">"#));
    }

    #[test]
    fn a_title_of_which_little_is_known_says_no_more() {
        let ids = "tmdb:10331".parse::<MetaId>().expect("an id").into();
        let entry = Entry { duration_secs: None, posted: 0, ..file() };
        assert_eq!(
            movie(&Title::new(Kind::Movie, ids, "Night"), &entry),
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<movie>\n  <title>Night</title>\n  \
             <uniqueid type=\"tmdb\" default=\"true\">10331</uniqueid>\n</movie>\n"
        );
    }

    #[test]
    fn a_series_and_each_of_its_episodes_are_told() {
        let episode = |number, name: &str, aired: &str| Episode {
            season: 1,
            number,
            name: name.into(),
            overview: "It begins.".into(),
            aired: Some(aired.into()),
            still: Some("https://image.example/s.jpg".into()),
        };
        let episodes_known = vec![episode(1, "Pilot", "2011-04-17"), episode(2, " ", "soon")];
        let show_title = Title {
            kind: Kind::Series,
            ended: Some(2013),
            episodes: episodes_known,
            name: "A Series".into(),
            ..film()
        };
        let read_show = read(&show(&show_title));
        assert_eq!(values(&read_show, "tvshow/status"), ["Ended"]);
        assert_eq!(values(&read_show, "tvshow/runtime"), ["90"]);

        let one = read(&episodes(&show_title, &[(1, 1)], &file()));
        for (path, wanted) in [
            ("episodedetails/title", "Pilot"),
            ("episodedetails/showtitle", "A Series"),
            ("episodedetails/season", "1"),
            ("episodedetails/episode", "1"),
            ("episodedetails/plot", "It begins."),
            ("episodedetails/aired", "2011-04-17"),
            ("episodedetails/thumb", "https://image.example/s.jpg"),
            ("episodedetails/runtime", "96"),
        ] {
            assert_eq!(values(&one, path), [wanted], "{path}");
        }
        // Kodi reads several one after the other, so each is read by itself here.
        let several = episodes(&show_title, &[(1, 1), (1, 2), (1, 9)], &file());
        let (_, elements) = several.split_once("?>\n").expect("a declaration");
        let each: Vec<_> = elements.split_inclusive("</episodedetails>\n").map(read).collect();
        let titles: Vec<_> = each.iter().map(|one| values(one, "episodedetails/title")[0]).collect();
        assert_eq!(titles, ["Pilot", "Episode 2", "Episode 9"]);
        assert_eq!(values(&each[1], "episodedetails/aired"), [""; 0], "no date");
        assert_eq!(values(&each[0], "episodedetails/runtime"), ["90"], "the file is as long as three");
    }
}
