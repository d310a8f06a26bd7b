//! The ladder: names become titles, or it is said why not.

use super::*;

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
    let near = |titles: &[Suggestion]| titles.iter().map(Suggestion::with_why).collect::<Vec<_>>().join(" or ");
    let both = ["1968", "1990"]
        .map(|year| format!("Night of the Living Dead ({year}): same name, no year in the release (92 of 100)"));
    let rows = [
        (film("", None), "no title".to_owned()),
        (film("!!!", Some(1990)), "no title".to_owned()),
        (film("Grandma's Birthday", None), "no Grandma's Birthday".to_owned()),
        (film("Buster Keaton - The General", None), "no Buster Keaton - The General".to_owned()),
        (
            film("Metropolis", Some(1999)),
            "no Metropolis (1999), but Metropolis (1927): same name, another year (60 of 100)".to_owned(),
        ),
        (film("Night of the Living Dead", None), format!("either {}", both.join(" or "))),
        (Release { imdb: "tt0000001".parse().ok(), ..film("Metropolis", Some(1927)) }, "unknown tt0000001".to_owned()),
        (Release { tmdb: Some(TmdbId(1)), ..film("Metropolis", Some(1927)) }, "unknown tmdb:1".to_owned()),
    ];
    for (release, wanted) in rows {
        let told = match metadata.identify(&Clues::from(&release)).await.expect("it answers") {
            Identified::NoTitle => "no title".to_owned(),
            Identified::NoMatch { searched, nearest } if nearest.is_empty() => format!("no {searched}"),
            Identified::NoMatch { searched, nearest } => format!("no {searched}, but {}", near(&nearest)),
            Identified::Ambiguous { candidates, .. } => {
                assert!(candidates.iter().all(|title| title.meta_id().is_some()), "they can be chosen");
                format!("either {}", near(&candidates))
            }
            Identified::UnknownId { id } => format!("unknown {id}"),
            Identified::Match { title, .. } => title.name,
        };
        assert_eq!(told, wanted, "{}", release.title);
    }
    server.stop().await;
}

/// Shaped like the sample library's, with other names.
pub(super) fn work(kind: Kind, name: &str, released: &str, seasons: &[u16]) -> Work {
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

fn names(titles: &[Suggestion], between: &str) -> String {
    titles.iter().map(Suggestion::to_string).collect::<Vec<_>>().join(between)
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
        Identified::Ambiguous { candidates, .. } => format!("either {}", names(&candidates, " or ")),
        Identified::NoMatch { searched, .. } => format!("nothing for {searched}"),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn what_no_film_is_called_may_be_a_series() {
    let works = vec![
        work(Kind::Series, "Brass Gate", "2004-01-01", &[5, 5]),
        work(Kind::Series, "Harbor", "1999-03-01", &[10]),
        work(Kind::Series, "Harbor", "2012-03-01", &[10]),
        work(Kind::Series, "Salt Road", "2004-01-01", &[11]),
        work(Kind::Movie, "Salt Road", "1988-01-01", &[]),
    ];
    let server =
        provider::start(provider::Options { works, ..provider::Options::default() }).await.expect("a free port");
    let metadata = handle(&server, Some(provider::KEY), Arc::default());
    for (name, wanted) in [
        ("Brass.Gate.1080p.mkv", "Brass Gate (2004)"),
        ("Brass Gate (2004).mkv", "Brass Gate (2004)"),
        // A later season's year may stand in a name, an earlier one not.
        ("Brass Gate (2006).mkv", "Brass Gate (2004)"),
        ("Brass Gate (1999).mkv", "nothing for Brass Gate (1999)"),
        ("Brass Gates (2004).mkv", "nothing for Brass Gates (2004)"),
        ("Harbor 1080p.mkv", "nothing for Harbor"),
        ("Salt Road 1080p.mkv", "Salt Road (1988)"),
    ] {
        assert_eq!(told(&metadata, name, "").await, wanted, "{name}");
    }
    server.stop().await;
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
        let clues =
            Clues { release: &release, file_name: name, caption: "", duration_secs: Some(mins * 60), is_anime: false };
        let found = match metadata.identify(&clues).await.expect("it answers") {
            Identified::Match { title, how, .. } => {
                format!("{} ({}) {:?}", title.name, title.year.expect("a year"), how.step)
            }
            Identified::Ambiguous { candidates, .. } => format!("? {}", names(&candidates, " | ")),
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
        let clues = Clues { release: &release, file_name: name, caption, duration_secs: None, is_anime: false };
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
