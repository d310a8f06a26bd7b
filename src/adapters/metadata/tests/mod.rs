//! The handle against the simulated provider: real HTTP, real failures.

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
    let options = Options {
        tmdb_key: key.map(str::to_owned),
        tmdb_url: server.tmdb_url(),
        image_url: server.image_url(),
        cinemeta_url: server.cinemeta_url(),
        language: "en-US".to_owned(),
    };
    Metadata::new(options, kept)
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

#[tokio::test]
async fn a_film_is_whole_by_either_id_and_by_either_kind_of_key() {
    for key in [provider::KEY, provider::TOKEN] {
        let Lab { server, metadata, .. } = lab(Some(key)).await;
        let title = metadata.title(Kind::Movie, imdb("tt0000417")).await.expect("it answers").expect("it is known");
        assert_eq!(
            title,
            metadata.title(Kind::Movie, MetaId::Tmdb(TmdbId(775))).await.expect("it answers").expect("known")
        );
        assert_eq!(title.ids, TitleIds { imdb: "tt0000417".parse().ok(), tmdb: Some(TmdbId(775)) });
        assert_eq!(
            (title.name.as_str(), title.original_name.as_deref()),
            ("A Trip to the Moon", Some("Le Voyage dans la Lune"))
        );
        assert_eq!((title.year, title.released.as_deref()), (Some(1902), Some("1902-09-01")));
        assert_eq!((title.rating, title.runtime_mins, title.popularity), (Some(80), Some(15), 83_347));
        assert_eq!(title.genres, ["Adventure", "Fantasy", "Science Fiction"]);
        assert_eq!(title.directors, ["Georges Méliès"]);
        assert_eq!(title.cast, ["Georges Méliès", "Bleuette Bernon"]);
        assert_eq!(title.country.as_deref(), Some("France"));
        // The original name is said once, under its own field.
        assert_eq!(title.alternative_names, ["Die Reise zum Mond", "Viaje a la Luna", "Путешествие на Луну"]);
        assert_eq!(title.poster, Some(format!("{}/t/p/w500/m775-poster.svg", server.url)));
        for picture in [&title.poster, &title.background, &title.logo] {
            let url = picture.as_deref().expect("it has one");
            let answer = reqwest::get(url).await.expect("it is served");
            assert_eq!(
                (answer.status().as_u16(), &answer.headers()["content-type"]),
                (200, &"image/svg+xml".parse().expect("a type"))
            );
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn a_series_comes_with_its_seasons() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    let title = metadata.title(Kind::Series, imdb("tt99900012")).await.expect("it answers").expect("it is known");
    assert_eq!((title.year, title.ended, title.runtime_mins), (Some(2018), Some(2019), Some(24)));
    assert_eq!(title.genres, ["Animation", "Kids", "Sci-Fi & Fantasy"]);
    assert_eq!(title.directors, ["Margaux Lindqvist", "Paul Aubert"]);
    let parts: Vec<_> = title.episodes.iter().map(|e| (e.season, e.number)).collect();
    assert_eq!(parts, [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5)]);
    let errata = &title.episodes[6];
    assert_eq!((errata.name.as_str(), errata.aired.as_deref()), ("Errata", Some("2019-03-09")));
    assert_eq!(errata.still, Some(format!("{}/t/p/w300/t9900012-s2e2.svg", server.url)));
    server.stop().await;
}

#[tokio::test]
async fn more_than_twenty_seasons_are_asked_for_twenty_at_a_time() {
    let mut works = simulation::library::works();
    let soap = works.iter_mut().find(|w| w.kind == provider::work::Kind::Series).expect("there are two");
    let first = soap.episodes[0].clone();
    soap.episodes = (0..45).map(|season| Episode { season, ..first.clone() }).collect();
    let id = MetaId::Tmdb(TmdbId(soap.tmdb));
    let server =
        provider::start(provider::Options { works, ..provider::Options::default() }).await.expect("a free port");
    let metadata = handle(&server, Some(provider::KEY), Arc::default());
    let title = metadata.title(Kind::Series, id).await.expect("it answers").expect("it is known");
    assert_eq!(title.episodes.len(), 45);
    assert_eq!(server.asked(), 1 + 3);
    server.stop().await;
}

#[tokio::test]
async fn without_a_key_cinemeta_answers() {
    let Lab { metadata, server, .. } = lab(None).await;
    assert_eq!(metadata.check().await, Ok("Cinemeta"));
    let title = matched(metadata.identify(&Clues::from(&film("The General", Some(1926)))).await.expect("it answers"));
    assert_eq!(title.ids, TitleIds { imdb: "tt0017925".parse().ok(), tmdb: Some(TmdbId(961)) });
    assert_eq!(
        (title.runtime_mins, title.rating, title.country.as_deref()),
        (Some(79), Some(77), Some("United States of America"))
    );
    let series = metadata.title(Kind::Series, imdb("tt99900012")).await.expect("it answers").expect("it is known");
    assert_eq!((series.year, series.ended, series.episodes.len()), (Some(2018), Some(2019), 10));
    assert_eq!(series.episodes[0].aired.as_deref(), Some("2018-03-03"));
    // It knows TMDB's numbers only as a remark, which tells namesakes apart and other films off.
    for (id, wanted) in [(10331, Some("tt0063350")), (19185, Some("tt0100258")), (1, None)] {
        let release = Release { tmdb: Some(TmdbId(id)), ..film("Night of the Living Dead", None) };
        let found = metadata.identify(&Clues::from(&release)).await.expect("it answers");
        let imdb = match found {
            Identified::Match { title, .. } => title.ids.imdb.map(|id| id.to_string()),
            _ => None,
        };
        assert_eq!(imdb.as_deref(), wanted, "{id}");
    }
    assert_eq!(metadata.title(Kind::Movie, MetaId::Tmdb(TmdbId(961))).await, Ok(None));
    assert_eq!(metadata.title(Kind::Movie, imdb("tt0000001")).await, Ok(None));
    assert_eq!(metadata.kind_of("tt99900012".parse().expect("an id")).await, Ok(Some(Kind::Series)));
    server.stop().await;
}

#[tokio::test]
async fn releases_become_titles() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    let id = |text: &str| text.parse().ok();
    let rows = [
        (film("Night of the Living Dead", Some(1968)), "tt0063350"),
        (film("Night of the Living Dead", Some(1990)), "tt0100258"),
        (film("Nosferatu", Some(1922)), "tt0013442"),
        // One year off: found without the year.
        (film("Metropolis", Some(1926)), "tt0017136"),
        (film("Charade", None), "tt0056923"),
        // By a translated name, which no search answers.
        (film("Der General", Some(1926)), "tt0017925"),
        (film("Его девушка Пятница", Some(1940)), "tt0032599"),
        (
            Release { alternative_titles: vec!["Metropolis".to_owned()], ..film("Stadt der Zukunft", Some(1927)) },
            "tt0017136",
        ),
        (film("Buster Keaton - The General", Some(1926)), "tt0017925"),
        // An id wins over whatever the name says.
        (Release { imdb: id("tt0013442"), ..film("Metropolis", Some(1927)) }, "tt0013442"),
        (Release { tmdb: Some(TmdbId(653)), ..film("Metropolis", Some(1927)) }, "tt0013442"),
        // Also where the name looks like an episode, and no series has the number.
        (
            Release { tmdb: Some(TmdbId(653)), kind: ReleaseKind::Episode, episodes: vec![3], ..film("Suite", None) },
            "tt0013442",
        ),
        (
            Release { kind: ReleaseKind::Episode, seasons: vec![2], episodes: vec![1], ..film("Tide Tables", None) },
            "tt99900011",
        ),
        (
            Release { kind: ReleaseKind::Season, seasons: vec![2], ..film("The Paper Observatory", Some(2019)) },
            "tt99900012",
        ),
        // The link also says that it is a series.
        (Release { imdb: id("tt99900011"), ..film("whatever", None) }, "tt99900011"),
    ];
    for (release, wanted) in rows {
        let title = matched(metadata.identify(&Clues::from(&release)).await.expect("it answers"));
        assert_eq!(
            title.ids.imdb.map(|id| id.to_string()).as_deref(),
            Some(wanted),
            "{} {:?}",
            release.title,
            release.year
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_known_is_said() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    let no_match = |searched: &str, nearest: &[&str]| Identified::NoMatch {
        searched: searched.to_owned(),
        nearest: nearest.iter().map(|near| (*near).to_owned()).collect(),
    };
    let both = ["Night of the Living Dead (1968)", "Night of the Living Dead (1990)"];
    let rows = [
        (film("", None), Identified::NoTitle),
        (film("!!!", Some(1990)), Identified::NoTitle),
        (film("Grandma's Birthday", None), no_match("Grandma's Birthday", &[])),
        (film("Buster Keaton - The General", None), no_match("Buster Keaton - The General", &[])),
        (
            film("Metropolis", Some(1999)),
            no_match("Metropolis (1999)", &["Metropolis (1927): same name, another year (60 of 100)"]),
        ),
        (
            film("Night of the Living Dead", None),
            Identified::Ambiguous {
                searched: "Night of the Living Dead".to_owned(),
                candidates: both.map(str::to_owned).to_vec(),
                compared: both.map(|name| format!("{name}: same name, no year in the release (92 of 100)")).to_vec(),
            },
        ),
        (
            Release { imdb: "tt0000001".parse().ok(), ..film("Metropolis", Some(1927)) },
            Identified::UnknownId { id: "tt0000001".to_owned() },
        ),
        (
            Release { tmdb: Some(TmdbId(1)), ..film("Metropolis", Some(1927)) },
            Identified::UnknownId { id: "tmdb:1".to_owned() },
        ),
    ];
    for (release, wanted) in rows {
        assert_eq!(metadata.identify(&Clues::from(&release)).await, Ok(wanted), "{}", release.title);
    }
    server.stop().await;
}

/// Shaped like the sample library's, with other names.
fn work(kind: Kind, name: &str, released: &str, seasons: &[u16]) -> Work {
    let works = simulation::library::works();
    let like = works.iter().find(|w| w.kind.as_str() == kind.as_str()).expect("there are both").clone();
    let tmdb = 5_000_000 + crate::domain::matching::fold(name).bytes().fold(0, |n, b| n * 31 % 999_983 + u64::from(b));
    let year = &released[..4];
    let episodes = seasons.iter().zip(1..).flat_map(|(&count, season)| {
        (1..=count).map(move |number| Episode {
            season,
            number,
            name: format!("Episode {number}"),
            plot: String::new(),
            aired: format!("{year}-{:02}-{:02}", (number - 1) / 28 % 12 + 1, (number - 1) % 28 + 1),
        })
    });
    Work {
        tmdb: tmdb + u64::from(year.parse::<u16>().expect("a year")),
        imdb: None,
        name: name.to_owned(),
        original_name: None,
        other_names: Vec::new(),
        translations: Vec::new(),
        released: released.to_owned(),
        episodes: episodes.collect(),
        ..like
    }
}

/// What a file is, and where in it: `Space (1999) 1x07`.
async fn told(metadata: &Metadata, name: &str, caption: &str) -> String {
    let release = parse(&Input { name, caption, folder: "" });
    match metadata.identify(&Clues::from(&release)).await.expect("it answers") {
        Identified::Match { title, reading, .. } => {
            let read = reading.as_ref().map(|reading| release.read_as(reading));
            let parts = series_parts(read.as_ref().unwrap_or(&release), &title);
            let parts = parts.iter().map(|part| match part {
                SeriesPart::Season { season } => format!(" season {season}"),
                SeriesPart::Episode { season, number } => format!(" {season}x{number:02}"),
            });
            let parts = if title.kind == Kind::Series { parts.collect() } else { String::new() };
            let second = if reading.is_some() { ", second reading" } else { "" };
            format!("{} ({}){parts}{second}", title.name, title.year.expect("a year"))
        }
        Identified::Ambiguous { candidates, .. } => format!("either {}", candidates.join(" or ")),
        Identified::NoMatch { searched, .. } => format!("nothing for {searched}"),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn a_second_reading_is_tried_when_the_first_finds_nothing() {
    let mut works = vec![
        work(Kind::Series, "Lantern Base 1999", "1975-09-04", &[24, 24]),
        work(Kind::Series, "Rover 1977", "2001-01-02", &[6]),
        work(Kind::Series, "Harbor", "1999-03-01", &[10]),
        work(Kind::Series, "Harbor", "2012-03-01", &[10]),
        work(Kind::Series, "Kumo", "2003-04-01", &[12, 14]),
        work(Kind::Series, "Salt Road", "2004-01-01", &[1100]),
        work(Kind::Series, "Brass Gate", "2004-01-01", &[5, 5]),
        work(Kind::Series, "Late Desk", "2019-01-01", &[200]),
        work(Kind::Series, "Clip", "2015-01-01", &[20]),
        work(Kind::Movie, "2012", "2009-11-11", &[]),
        work(Kind::Movie, "1917", "2019-12-25", &[]),
        work(Kind::Movie, "Wonder Harbor 1984", "2020-12-16", &[]),
        work(Kind::Movie, "Glass Orchard", "1984-05-05", &[]),
        work(Kind::Movie, "Toy Harbor 4", "2019-06-20", &[]),
        work(Kind::Movie, "Star Harbor Episode 6", "1983-05-25", &[]),
        work(Kind::Movie, "House Without Windows", "2010-02-02", &[]),
        work(Kind::Movie, "The Weaver", "1968-01-01", &[]),
        work(Kind::Movie, "The Weaver", "1990-01-01", &[]),
        work(Kind::Movie, "Harvest Moon Extended", "2011-01-01", &[]),
    ];
    for work in &mut works {
        // A day without it.
        if work.name == "Late Desk" {
            work.episodes.retain(|e| e.aired != "2019-05-04");
        }
        work.votes = if work.name == "Clip" { 20 } else { 2000 };
        if work.name == "The Weaver" && work.released.starts_with("1968") {
            work.translations = vec![("de", "Der Weber".to_owned())];
            work.original_name = Some("Der Weber".to_owned());
        }
    }
    let server =
        provider::start(provider::Options { works, ..provider::Options::default() }).await.expect("a free port");
    let metadata = handle(&server, Some(provider::KEY), Arc::default());
    let rows = [
        // The year is the title's, or the year: whichever there is.
        ("Lantern Base 1999 S01E07.mkv", "", "Lantern Base 1999 (1975) 1x07, second reading"),
        ("Rover 1977 S01E02.mkv", "", "Rover 1977 (2001) 1x02, second reading"),
        ("Harbor 1999 S01E07.mkv", "", "Harbor (1999) 1x07"),
        ("2012 2009 1080p.mkv", "", "2012 (2009)"),
        ("2012.2009.1080p.BluRay.mkv", "", "2012 (2009)"),
        ("1917 (2019).mkv", "", "1917 (2019)"),
        ("1917 2019 1080p.mkv", "", "1917 (2019)"),
        ("Wonder Harbor 1984 2020 1080p.mkv", "", "Wonder Harbor 1984 (2020)"),
        ("Wonder Harbor 1984.mkv", "", "Wonder Harbor 1984 (2020), second reading"),
        ("Glass Orchard 1984.mkv", "", "Glass Orchard (1984)"),
        ("Glass Orchard 1983.mkv", "", "Glass Orchard (1984)"),
        // The number is the title's, or the episode's.
        ("Toy Harbor 4 1080p.mkv", "", "Toy Harbor 4 (2019)"),
        ("Kumo 4 1080p.mkv", "", "Kumo (2003) 1x04, second reading"),
        ("Kumo 13.mkv", "", "Kumo (2003) 2x01, second reading"),
        ("Kumo 99.mkv", "", "nothing for Kumo 99"),
        ("Clip 3.mp4", "", "nothing for Clip 3"),
        ("Clip 3 1080p.mp4", "", "Clip (2015) 1x03, second reading"),
        ("Star Harbor Episode 6.mkv", "", "Star Harbor Episode 6 (1983), second reading"),
        // Season and episode together, or one number.
        ("Brass.Gate.203.hdtv.mkv", "", "Brass Gate (2004) 2x03"),
        ("Salt.Road.1015.hdtv.mkv", "", "Salt Road (2004) 1x1015, second reading"),
        // A tenth season may have begun yesterday; the next episode may have been shown today.
        ("Brass.Gate.301.hdtv.mkv", "", "Brass Gate (2004) 3x01"),
        ("Salt Road - 1101 [1080p].mkv", "", "Salt Road (2004) 1x1101"),
        ("Late Desk 03.05.2019 720p.mkv", "", "Late Desk (2019) 1x115"),
        ("Late Desk 04.05.2019 720p.mkv", "", "Late Desk (2019) 1x89, second reading"),
        ("Late Desk 01.09.2019 720p.mkv", "", "Late Desk (2019)"),
        // A tag that is the title's last word.
        ("Harvest Moon Extended 2011 1080p.mkv", "", "Harvest Moon Extended (2011), second reading"),
        // A caption under a name that says enough: its title counts when nothing is found for the name's.
        (
            "Dom.Bez.Okien.2010.1080p.mkv",
            "House Without Windows (2010)",
            "House Without Windows (2010), second reading",
        ),
        ("Dom.Bez.Okien.2010.1080p.mkv", "House Without Windows (1999)", "nothing for Dom Bez Okien (2010)"),
        ("Dom.Bez.Okien.2010.1080p.mkv", "House Without Doors (2010)", "nothing for Dom Bez Okien (2010)"),
        ("Glass.Orchard.1984.1080p.mkv", "House Without Windows (2010)", "Glass Orchard (1984)"),
        ("Tata.Mama.S01E02.1080p.mkv", "Rover 1977 S01E02", "nothing for Tata Mama"),
        ("Tata.Mama.S01E02.1080p.mkv", "Brass Gate S01E02", "Brass Gate (2004) 1x02, second reading"),
        ("Tata.Mama.S01E02.1080p.mkv", "Brass Gate S01E04", "nothing for Tata Mama"),
        // It may choose among those that the name fits.
        ("The.Weaver.1080p.mkv", "", "either The Weaver (1990) or The Weaver (1968)"),
        ("The.Weaver.1080p.mkv", "Der Weber (1968)", "The Weaver (1968), second reading"),
        ("The.Weaver.1080p.mkv", "House Without Windows (2010)", "either The Weaver (1990) or The Weaver (1968)"),
    ];
    let mut wrong = Vec::new();
    for (name, caption, wanted) in rows {
        let before = server.asked();
        let found = told(&metadata, name, caption).await;
        if found != wanted {
            wrong.push(format!("{name} | {caption}\n  want {wanted}\n  got  {found}"));
        }
        let asked = server.asked() - before;
        assert!(asked <= 14, "{name}: {asked} questions");
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
    server.stop().await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn each_step_of_the_ladder_decides_what_the_ones_before_it_do_not() {
    let mut works = vec![
        work(Kind::Movie, "Lethal Harbor 3", "1992-05-05", &[]),
        work(Kind::Movie, "Cats & Hounds", "2001-05-05", &[]),
        work(Kind::Movie, "The Colonel's Niece", "1999-05-05", &[]),
        work(Kind::Movie, "D-Rox", "2002-05-05", &[]),
        work(Kind::Movie, "Fack ju Göte", "2013-05-05", &[]),
        work(Kind::Movie, "L'Homme du pont", "2002-05-05", &[]),
        work(Kind::Movie, "A Bronze Tale", "1993-05-05", &[]),
        work(Kind::Movie, "12-12-12", "2012-05-05", &[]),
        work(Kind::Movie, "9x9", "2018-05-05", &[]),
        work(Kind::Movie, "Star Harbor: Episode II - The Clones", "2002-05-05", &[]),
        work(Kind::Movie, "The Typhoon Express", "1932-05-05", &[]),
        work(Kind::Movie, "Casabianca", "1951-05-05", &[]),
        work(Kind::Movie, "Quayside", "1962-05-05", &[]),
        work(Kind::Movie, "Quaysides", "1961-05-05", &[]),
        work(Kind::Movie, "After Dusk", "1985-05-05", &[]),
        work(Kind::Movie, "Mooring", "1950-05-05", &[]),
        work(Kind::Movie, "Mooring", "1990-05-05", &[]),
    ];
    for work in &mut works {
        work.runtime_mins = if work.released.starts_with("1950") { 80 } else { 97 };
    }
    let server =
        provider::start(provider::Options { works, ..provider::Options::default() }).await.expect("a free port");
    let metadata = handle(&server, Some(provider::KEY), Arc::default());
    let rows = [
        ("Lethal.Harbor.3.1992.1080p.mkv", 0, "Lethal Harbor 3 (1992) Title"),
        ("Lethal Harbor III 1992.mkv", 0, "Lethal Harbor 3 (1992) Writing"),
        ("Lethal Harbor Part Three.mkv", 0, "Lethal Harbor 3 (1992) Writing"),
        ("Cats and Hounds (2001).mkv", 0, "Cats & Hounds (2001) Title"),
        ("The General s Niece 1999.mkv", 0, "-"),
        ("The Colonel s Niece 1999.mkv", 0, "The Colonel's Niece (1999) Title"),
        ("DRox (2002).mkv", 0, "D-Rox (2002) Title"),
        ("drox 2002.mkv", 0, "D-Rox (2002) Title"),
        ("Fack ju Goete (2013).mkv", 0, "Fack ju Göte (2013) Writing"),
        ("Homme du pont 2002.mkv", 0, "L'Homme du pont (2002) Title"),
        ("A Bronze Tale - Rue noche (1993).mkv", 0, "A Bronze Tale (1993) Side"),
        ("Rue noche - A Bronze Tale (1993).mkv", 0, "A Bronze Tale (1993) Side"),
        ("Rue noche - A Bronze Tale (1994).mkv", 0, "-"),
        ("12-12-12 (2012).mkv", 0, "12-12-12 (2012) WholeName"),
        ("9x9 (2018) 1080p.mkv", 0, "9x9 (2018) WholeName"),
        ("Star.Harbor.Episode.2.2002.1080p.mkv", 0, "Star Harbor: Episode II - The Clones (2002) WholeName"),
        ("The.Tyhpoon.Express.1932.mkv", 0, "The Typhoon Express (1932) OneEdit"),
        ("Casabiancca.1951.mkv", 0, "Casabianca (1951) OneEdit"),
        ("Casabiancca.1952.mkv", 0, "-"),
        // The very name one year off, sooner than one a letter off in the very year.
        ("Quayside.1961.mkv", 0, "Quayside (1962) Title"),
        ("Quaysides.1961.mkv", 0, "Quaysides (1961) Title"),
        ("Quaysidex.1961.mkv", 0, "Quaysides (1961) OneEdit"),
        ("Casabiancca.mkv", 0, "-"),
        ("After.Dusk.mkv", 97, "After Dusk (1985) Title"),
        ("After.Dusk.mkv", 26, "? After Dusk (1985)"),
        ("Mooring.mkv", 80, "Mooring (1950) RunningTime"),
        ("Mooring.mkv", 98, "Mooring (1990) RunningTime"),
        ("Mooring.mkv", 0, "? Mooring (1990) | Mooring (1950)"),
    ];
    let mut wrong = Vec::new();
    for (name, mins, wanted) in rows {
        let before = server.asked();
        let release = parse(&Input { name, caption: "", folder: "" });
        let clues = Clues { release: &release, file_name: name, caption: "", duration_secs: Some(mins * 60) };
        let found = match metadata.identify(&clues).await.expect("it answers") {
            Identified::Match { title, how, .. } => {
                format!("{} ({}) {:?}", title.name, title.year.expect("a year"), how.step)
            }
            Identified::Ambiguous { candidates, .. } => format!("? {}", candidates.join(" | ")),
            _ => "-".to_owned(),
        };
        if found != wanted {
            wrong.push(format!("{name}\n  want {wanted}\n  got  {found}"));
        }
        let asked = server.asked() - before;
        assert!(asked <= 24, "{name}: {asked} questions");
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
    server.stop().await;
}

#[tokio::test]
async fn a_link_says_whether_its_number_is_a_films() {
    let film = work(Kind::Movie, "Sunday Lives - 1. April", "1990-05-05", &[]);
    let mut series = work(Kind::Series, "Other Rooms", "2001-05-05", &[4]);
    series.tmdb = film.tmdb;
    let link = format!("https://www.themoviedb.org/movie/{}", film.tmdb);
    let number = format!("tmdb:{}", film.tmdb);
    let server = provider::start(provider::Options { works: vec![film, series], ..provider::Options::default() })
        .await
        .expect("a free port");
    let metadata = handle(&server, Some(provider::KEY), Arc::default());
    for (name, caption, wanted) in [
        ("anything S01E02.mkv", link.as_str(), "Sunday Lives - 1. April"),
        ("Other Rooms S01E02.mkv", number.as_str(), "Other Rooms"),
        // It looks like a day's episode, and only the film is called so.
        ("Sunday Lives - 1. April 2021.mkv", number.as_str(), "Sunday Lives - 1. April"),
    ] {
        let release = parse(&Input { name, caption, folder: "" });
        let clues = Clues { release: &release, file_name: name, caption, duration_secs: None };
        assert_eq!(matched(metadata.identify(&clues).await.expect("it answers")).name, wanted, "{name}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_common_name_is_looked_for_in_the_years_next_to_it() {
    // Thirty better known films of the name fill the first page.
    let first = simulation::library::works()[0].clone();
    let mut works: Vec<_> = (0u16..31)
        .map(|n| Work {
            tmdb: u64::from(n) + 1,
            imdb: None,
            votes: 5000 - u32::from(n),
            released: format!("{}-06-01", 1930 + n),
            translations: Vec::new(),
            name: "Hamlet".to_owned(),
            ..first.clone()
        })
        .collect();
    works[30].released = "1996-12-25".to_owned();
    let server =
        provider::start(provider::Options { works, ..provider::Options::default() }).await.expect("a free port");
    let metadata = handle(&server, Some(provider::KEY), Arc::default());
    let title = matched(metadata.identify(&Clues::from(&film("Hamlet", Some(1997)))).await.expect("it answers"));
    assert_eq!(title.year, Some(1996));
    server.stop().await;
}

#[tokio::test]
async fn a_rating_is_imdbs_where_it_is_known() {
    let Lab { server, metadata, .. } = lab(Some(provider::KEY)).await;
    let charade = film("Charade", Some(1963));
    let tmdbs = metadata.title(Kind::Movie, imdb("tt0056923")).await.expect("it answers").expect("known");
    let title = matched(metadata.identify(&Clues::from(&charade)).await.expect("it answers"));
    assert_eq!((tmdbs.rated_by, title.rated_by), (Rater::Tmdb, Rater::Imdb));
    assert_ne!(title.rating, tmdbs.rating, "the two are never the same here");
    assert_eq!(
        title.rating,
        matched(lab(None).await.metadata.identify(&Clues::from(&charade)).await.expect("it answers")).rating
    );

    // Where nobody can tell it, TMDB's stands under its own name, and soon nothing waits for it any more.
    let away = Options {
        tmdb_key: Some(provider::KEY.to_owned()),
        tmdb_url: server.tmdb_url(),
        image_url: server.image_url(),
        cinemeta_url: "http://127.0.0.1:1".to_owned(),
        language: "en-US".to_owned(),
    };
    let metadata = Metadata::new(away, Arc::new(Kept::default()));
    for _ in 0..3 {
        let title = matched(metadata.identify(&Clues::from(&charade)).await.expect("it answers"));
        assert_eq!((title.rating, title.rated_by), (tmdbs.rating, Rater::Tmdb));
    }
    let began = tokio::time::Instant::now();
    let other = matched(metadata.identify(&Clues::from(&film("Metropolis", Some(1927)))).await.expect("it answers"));
    assert_eq!(other.rated_by, Rater::Tmdb);
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    server.stop().await;
}

#[tokio::test]
async fn equal_questions_are_asked_once_and_answers_live_on() {
    let Lab { metadata, server, kept } = lab(Some(provider::KEY)).await;
    let release = film("Charade", Some(1963));
    let clues = Clues::from(&release);
    let together = futures_util::future::join_all((0..50).map(|_| metadata.identify(&clues))).await;
    assert!(together.into_iter().all(|answer| matched(answer.expect("it answers")).name == "Charade"));
    assert_eq!(server.asked(), 3, "one search, one title and its rating");

    // Another start of the program: nothing is asked that the store remembers, and other settings do not see it.
    let again = handle(&server, Some(provider::KEY), kept.clone());
    matched(again.identify(&Clues::from(&release)).await.expect("it answers"));
    assert_eq!(server.asked(), 3);
    let options = Options {
        tmdb_key: Some(provider::KEY.to_owned()),
        tmdb_url: server.tmdb_url(),
        image_url: server.image_url(),
        cinemeta_url: server.cinemeta_url(),
        language: "ru-RU".to_owned(),
    };
    let russian =
        matched(Metadata::new(options, kept.clone()).identify(&Clues::from(&release)).await.expect("it answers"));
    assert_eq!(russian.name, "Шарада");
    server.stop().await;
}

#[tokio::test]
async fn what_was_not_found_is_forgotten_sooner_and_a_failure_at_once() {
    let Lab { metadata, server, kept } = lab(Some(provider::KEY)).await;
    assert_eq!(metadata.search(Kind::Movie, "Nothing of the Kind", None).await, Ok(Vec::new()));
    assert!(kept.lifetimes().iter().all(|ttl| *ttl <= 3 * HOUR));
    server.set_fault(Some(Fault::Broken { times: None })).await.expect("set");
    let failed = metadata.search(Kind::Movie, "Metropolis", None).await;
    assert!(matches!(failed, Err(Error::Down { provider: "TMDB", .. })), "{failed:?}");
    assert_eq!(kept.lifetimes().len(), 1);
    server.set_fault(None).await.expect("set");
    assert_eq!(metadata.search(Kind::Movie, "Metropolis", None).await.map(|found| found.len()), Ok(1));
    assert!(kept.lifetimes().iter().any(|ttl| *ttl >= DAY));
    server.stop().await;
}

#[tokio::test]
async fn a_stumble_is_forgiven() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    for fault in [Fault::Broken { times: Some(2) }, Fault::TooMany { retry_after_secs: 1, times: Some(1) }] {
        server.set_fault(Some(fault.clone())).await.expect("set");
        let began = std::time::Instant::now();
        assert_eq!(metadata.check().await, Ok("TMDB"), "{fault:?}");
        if matches!(fault, Fault::TooMany { .. }) {
            assert!(began.elapsed() >= Duration::from_secs(1), "Retry-After is respected");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_long_pause_is_told_and_kept_without_asking_again() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    server.set_fault(Some(Fault::TooMany { retry_after_secs: 60, times: Some(1) })).await.expect("set");
    for _ in 0..2 {
        let Err(Error::Down { retry_after: Some(wait), .. }) = metadata.check().await else { panic!("it has to wait") };
        assert!(wait > Duration::from_secs(55), "{wait:?}");
    }
    assert_eq!(server.asked(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_soon_and_comes_back() {
    let Lab { metadata, server, .. } = lab(Some(provider::KEY)).await;
    server.set_fault(Some(Fault::Down)).await.expect("set");
    let began = std::time::Instant::now();
    let failed = metadata.identify(&Clues::from(&film("Metropolis", Some(1927)))).await;
    let Err(Error::Down { problem, .. }) = failed else { panic!("{failed:?}") };
    assert!(problem.to_lowercase().contains("refused") && !problem.contains(provider::KEY), "{problem}");
    assert!(began.elapsed() < Duration::from_secs(10));
    server.set_fault(None).await.expect("set");
    matched(metadata.identify(&Clues::from(&film("Metropolis", Some(1927)))).await.expect("it is back"));
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_key_is_said_at_once() {
    for key in ["0123456789abcdef0123456789abcdef", "eyJhbGciOiJIUzI1NiJ9.wrong.token"] {
        let Lab { metadata, server, .. } = lab(Some(key)).await;
        assert_eq!(metadata.check().await, Err(Error::BadKey { provider: "TMDB" }));
        let failed = metadata.identify(&Clues::from(&film("Metropolis", Some(1927)))).await;
        assert_eq!(failed, Err(Error::BadKey { provider: "TMDB" }));
        assert_eq!(server.asked(), 2, "it is not tried again");
        server.stop().await;
    }
}
