//! One row per case: what the release says, what the provider offers, what comes of it.

use super::*;

fn film(name: &str, year: u16, popularity: u64) -> Candidate {
    Candidate {
        kind: Kind::Movie,
        ids: TitleIds::default(),
        name: name.to_owned(),
        original_name: None,
        alternative_names: Vec::new(),
        year: (year > 0).then_some(year),
        countries: Vec::new(),
        popularity: popularity * 1000,
        votes: None,
        runtime_mins: None,
    }
}

fn known_as(mut candidate: Candidate, names: &[&str]) -> Candidate {
    candidate.alternative_names = names.iter().map(|n| (*n).to_owned()).collect();
    candidate
}

fn originally(mut candidate: Candidate, name: &str) -> Candidate {
    candidate.original_name = Some(name.to_owned());
    candidate
}

fn series(name: &str, year: u16, popularity: u64, country: &str) -> Candidate {
    Candidate { kind: Kind::Series, countries: vec![country.to_owned()], ..film(name, year, popularity) }
}

/// `Match 1999`-like words, short enough to stand in a table: the years of the chosen ones.
fn said(verdict: &Verdict<'_>) -> String {
    match verdict {
        Verdict::Match(scored) => scored.candidate.to_string(),
        Verdict::Ambiguous(all) => {
            format!("? {}", all.iter().map(|s| s.candidate.to_string()).collect::<Vec<_>>().join(" | "))
        }
        Verdict::NoMatch { .. } => "-".to_owned(),
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn films_are_told_apart_as_a_person_would() {
    let remakes = || vec![film("The Thing", 1982, 60), film("The Thing", 2011, 40)];
    let aliens = || vec![film("Alien", 1979, 80), film("Aliens", 1986, 70), film("Alien: Covenant", 2017, 50)];
    let rockys = || vec![film("Rocky", 1976, 50), film("Rocky II", 1979, 40), film("Rocky III", 1982, 35)];
    let rows: Vec<(&str, u16, Vec<Candidate>, &str)> = vec![
        // The plain case, and none at all.
        ("Metropolis", 1927, vec![film("Metropolis", 1927, 20)], "Metropolis (1927)"),
        ("Metropolis", 1927, vec![], "-"),
        ("", 1927, vec![film("Metropolis", 1927, 20)], "-"),
        ("Metropolis", 1927, vec![film("Nosferatu", 1927, 20)], "-"),
        // Remakes share a name; the year decides.
        ("The Thing", 1982, remakes(), "The Thing (1982)"),
        ("The Thing", 2011, remakes(), "The Thing (2011)"),
        ("The Thing", 2012, remakes(), "The Thing (2011)"),
        ("The Thing", 1995, remakes(), "-"),
        ("The Thing", 0, remakes(), "? The Thing (1982) | The Thing (2011)"),
        (
            "A Star Is Born",
            1954,
            vec![film("A Star Is Born", 1937, 9), film("A Star Is Born", 1954, 9)],
            "A Star Is Born (1954)",
        ),
        // One year off; exact wins over one off, however popular that is.
        ("Nosferatu", 1921, vec![film("Nosferatu", 1922, 20)], "Nosferatu (1922)"),
        ("Nosferatu", 1923, vec![film("Nosferatu", 1922, 20)], "Nosferatu (1922)"),
        ("Foo", 2010, vec![film("Foo", 2010, 0), film("Foo", 2011, 90)], "Foo (2010)"),
        ("Foo", 2010, vec![film("Foo", 2009, 5), film("Foo", 2011, 5)], "? Foo (2009) | Foo (2011)"),
        ("Foo", 2010, vec![film("Foo", 2009, 5), film("Foo", 2011, 50)], "Foo (2011)"),
        // Two of the very same name and year.
        ("Twins", 2018, vec![film("Twins", 2018, 30), film("Twins", 2018, 2)], "Twins (2018)"),
        ("Twins", 2018, vec![film("Twins", 2018, 3), film("Twins", 2018, 2)], "? Twins (2018) | Twins (2018)"),
        // A wrong year is never made up for, a candidate without one is taken only for the whole name.
        ("Metropolis", 1984, vec![film("Metropolis", 1927, 90)], "-"),
        ("Metropolis", 1927, vec![film("Metropolis", 0, 1)], "Metropolis"),
        ("Metropollis Restored", 1927, vec![film("Metropolis Restored", 0, 1)], "-"),
        // No year: the same name alone in the field, or clearly the best known.
        ("Metropolis", 0, vec![film("Metropolis", 1927, 20)], "Metropolis (1927)"),
        ("Charade", 0, vec![film("Charade", 1953, 2), film("Charade", 1963, 30)], "Charade (1963)"),
        (
            "Holiday",
            0,
            vec![film("Holiday", 1938, 8), film("The Holiday", 2006, 30)],
            "? The Holiday (2006) | Holiday (1938)",
        ),
        ("Matrix", 0, vec![film("The Matrix", 1999, 90), film("Matrix", 2020, 1)], "The Matrix (1999)"),
        ("Unseen", 0, vec![film("Unseen", 2001, 0), film("Unseen", 2009, 0)], "? Unseen (2001) | Unseen (2009)"),
        ("Eternal Sunshine of the Spotles Mind", 0, vec![film("Eternal Sunshine of the Spotless Mind", 2004, 40)], "-"),
        // Names that begin alike are other films.
        ("Alien", 1979, aliens(), "Alien (1979)"),
        ("Aliens", 1986, aliens(), "Aliens (1986)"),
        ("Alien", 0, aliens(), "Alien (1979)"),
        ("Aliens", 0, aliens(), "Aliens (1986)"),
        // A letter less and its year: which else could it be?
        ("Alien", 1986, aliens(), "Aliens (1986)"),
        ("Alien Covenant", 2017, aliens(), "Alien: Covenant (2017)"),
        // Sequels, in either writing.
        ("Rocky", 1976, rockys(), "Rocky (1976)"),
        ("Rocky 2", 1979, rockys(), "Rocky II (1979)"),
        ("Rocky III", 0, rockys(), "Rocky III (1982)"),
        ("Rocky 3", 1979, rockys(), "-"),
        ("Rocky IV", 1985, rockys(), "-"),
        (
            "Dune Part Two",
            2024,
            vec![film("Dune", 2021, 90), film("Dune: Part Two", 2024, 90)],
            "Dune: Part Two (2024)",
        ),
        (
            "Ocean's Eleven",
            2001,
            vec![film("Ocean's Eleven", 2001, 50), film("Ocean's 11", 1960, 10)],
            "Ocean's Eleven (2001)",
        ),
        ("Oceans 11", 1960, vec![film("Ocean's Eleven", 2001, 50), film("Ocean's 11", 1960, 10)], "Ocean's 11 (1960)"),
        // Articles come and go.
        ("General", 1926, vec![film("The General", 1926, 10)], "The General (1926)"),
        ("Matrix, The", 1999, vec![film("The Matrix", 1999, 90)], "The Matrix (1999)"),
        ("The Host", 2013, vec![film("The Host", 2013, 3), film("Host", 2013, 90)], "The Host (2013)"),
        // Punctuation, accents, & and joined words.
        ("Fast and Furious", 2009, vec![film("Fast & Furious", 2009, 60)], "Fast & Furious (2009)"),
        ("Spiderman", 2002, vec![film("Spider-Man", 2002, 60)], "Spider-Man (2002)"),
        ("Amelie", 2001, vec![film("Amélie", 2001, 60)], "Amélie (2001)"),
        ("S W A T", 2003, vec![film("S.W.A.T.", 2003, 30)], "S.W.A.T. (2003)"),
        // Other names: the original one, and translations.
        (
            "Le voyage dans la lune",
            1902,
            vec![originally(film("A Trip to the Moon", 1902, 9), "Le Voyage dans la Lune")],
            "A Trip to the Moon (1902)",
        ),
        (
            "Das Cabinet des Dr Caligari",
            1920,
            vec![known_as(film("The Cabinet of Dr. Caligari", 1920, 9), &["Das Cabinet des Dr. Caligari"])],
            "The Cabinet of Dr. Caligari (1920)",
        ),
        (
            "Носферату",
            1922,
            vec![known_as(film("Nosferatu", 1922, 9), &["Носферату, симфония ужаса", "Носферату"])],
            "Nosferatu (1922)",
        ),
        ("Der General", 0, vec![known_as(film("The General", 1926, 9), &["Der General"])], "The General (1926)"),
        // Part of a long name, only with its year.
        (
            "Borat",
            2006,
            vec![film("Borat: Cultural Learnings of America", 2006, 30)],
            "Borat: Cultural Learnings of America (2006)",
        ),
        ("Borat", 2007, vec![film("Borat: Cultural Learnings of America", 2006, 30)], "-"),
        ("Borat", 0, vec![film("Borat: Cultural Learnings of America", 2006, 30)], "-"),
        // A slip of the finger, only with its year.
        (
            "Night of the Livng Dead",
            1968,
            vec![film("Night of the Living Dead", 1968, 30)],
            "Night of the Living Dead (1968)",
        ),
        ("Night of the Livng Dead", 1969, vec![film("Night of the Living Dead", 1968, 30)], "-"),
        // A series of that name is no film.
        ("Fargo", 1996, vec![series("Fargo", 2014, 90, "US"), film("Fargo", 1996, 40)], "Fargo (1996)"),
        ("Fargo", 2014, vec![series("Fargo", 2014, 90, "US")], "-"),
    ];
    assert!(rows.len() >= 40);
    for (title, year, candidates, wanted) in rows {
        let release = Release { title: title.to_owned(), year: (year > 0).then_some(year), ..Release::default() };
        assert_eq!(said(&best(&release, &candidates)), wanted, "{title} {year}");
    }
}

#[test]
fn series_are_told_apart_by_country_and_forgive_later_years() {
    let offices = || vec![series("The Office", 2005, 90, "US"), series("The Office", 2001, 40, "GB")];
    type Row = (&'static str, Option<u16>, Option<&'static str>, Vec<Candidate>, &'static str);
    let rows: Vec<Row> = vec![
        ("The Office", None, Some("US"), offices(), "The Office (2005)"),
        ("The Office", None, Some("UK"), offices(), "The Office (2001)"),
        ("The Office", None, None, offices(), "? The Office (2005) | The Office (2001)"),
        ("The Office", Some(2001), None, offices(), "The Office (2001)"),
        ("Fargo", Some(2017), None, vec![series("Fargo", 2014, 90, "US")], "Fargo (2014)"),
        ("Fargo", Some(2010), None, vec![series("Fargo", 2014, 90, "US")], "-"),
        ("Fargo", None, None, vec![film("Fargo", 1996, 40)], "-"),
        (
            "Battlestar Galactica",
            Some(2004),
            None,
            vec![series("Battlestar Galactica", 1978, 50, "US"), series("Battlestar Galactica", 2004, 50, "US")],
            "Battlestar Galactica (2004)",
        ),
    ];
    for (title, year, country, candidates, wanted) in rows {
        let release = Release {
            title: title.to_owned(),
            year,
            country: country.map(str::to_owned),
            kind: ReleaseKind::Episode,
            seasons: vec![1],
            episodes: vec![1],
            ..Release::default()
        };
        assert_eq!(said(&best(&release, &candidates)), wanted, "{title} {year:?} {country:?}");
    }
}

#[test]
fn other_readings_of_a_bilingual_name_count() {
    let release = Release {
        title: "Ирония судьбы".to_owned(),
        alternative_titles: vec!["The Irony of Fate".to_owned()],
        year: Some(1976),
        ..Release::default()
    };
    let offered = [film("The Irony of Fate", 1976, 9)];
    assert_eq!(said(&best(&release, &offered)), "The Irony of Fate (1976)");
}

#[test]
fn verdicts_carry_their_reasons() {
    let release = Release { title: "Thing".to_owned(), year: Some(1995), ..Release::default() };
    let offered = [film("The Thing", 1982, 60)];
    let Verdict::NoMatch { nearest: Some(nearest) } = best(&release, &offered) else {
        panic!("a year thirteen off is no match");
    };
    assert_eq!(nearest.to_string(), "The Thing (1982): same name but for an article, another year (57 of 100)");
}

#[test]
fn namesakes_are_told_apart_by_their_running_times() {
    let runs = |mut candidate: Candidate, mins: u16, votes: u32| {
        candidate.runtime_mins = (mins > 0).then_some(mins);
        candidate.votes = Some(votes);
        candidate
    };
    let hours = |mins: u16| vec![runs(film("After Hours", 1985, 9), mins, 70_000)];
    let two = |a: (u16, u32), b: (u16, u32)| {
        vec![runs(film("Harbor", 1950, 9), a.0, a.1), runs(film("Harbor", 1990, 9), b.0, b.1)]
    };
    type Row = (&'static str, u16, u32, Vec<Candidate>, &'static str);
    let rows: Vec<Row> = vec![
        // Alone, without a year: another length is another film, but a name and its year are never doubted.
        ("After Hours", 0, 97, hours(97), "After Hours (1985)"),
        ("After Hours", 0, 26, hours(97), "? After Hours (1985)"),
        ("After Hours", 1985, 26, hours(97), "After Hours (1985)"),
        ("After Hours", 1986, 26, hours(97), "? After Hours (1985)"),
        ("After Hours", 0, 26, hours(0), "After Hours (1985)"),
        // Of two, the nearer, however popular the other; nobody's when both are far.
        ("Harbor", 0, 92, two((92, 5), (104, 90_000)), "Harbor (1950)"),
        ("Harbor", 0, 104, two((92, 5), (104, 90_000)), "Harbor (1990)"),
        ("Harbor", 0, 60, two((92, 5), (104, 90_000)), "? Harbor (1990) | Harbor (1950)"),
        // Four minutes apart are a film at another speed, unless one is met outright.
        ("Harbor", 0, 100, two((100, 5), (96, 5)), "Harbor (1950)"),
        ("Harbor", 0, 96, two((100, 5), (140, 5)), "Harbor (1950)"),
        // Equally long: only who is very much better known.
        ("Harbor", 0, 92, two((92, 50), (92, 90_000)), "Harbor (1990)"),
        ("Harbor", 0, 92, two((92, 5_000), (92, 90_000)), "? Harbor (1990) | Harbor (1950)"),
        // A running time that nobody knows may be this one.
        ("Harbor", 0, 92, two((92, 50), (0, 90_000)), "? Harbor (1990) | Harbor (1950)"),
    ];
    for (title, year, mins, candidates, wanted) in rows {
        let release = Release { title: title.to_owned(), year: (year > 0).then_some(year), ..Release::default() };
        let near = field(&release, &scored(&release, &candidates));
        let rivals = near.into_iter().map(|scored| Rival::new(scored, None)).collect();
        let said = match settle(rivals, RunningTime::new(mins * 60)) {
            Settled::Chosen { chosen, .. } => chosen.candidate.to_string(),
            Settled::Open(rivals) => {
                let names: Vec<String> = rivals.iter().map(|rival| rival.scored.candidate.to_string()).collect();
                format!("? {}", names.join(" | "))
            }
        };
        assert_eq!(said, wanted, "{title} {year} {mins}");
    }
}

#[test]
fn a_slip_of_the_finger_has_to_be_the_only_one() {
    let two = [film("Hurricane Express", 1932, 90), film("Hurricane Expresso", 1932, 1)];
    let one = |title: &str| Release { title: title.to_owned(), year: Some(1932), ..Release::default() };
    assert_eq!(said(&best(&one("Huricane Express"), &two[..1])), "Hurricane Express (1932)");
    assert_eq!(said(&best(&one("Hurricane Expressq"), &two)), "? Hurricane Express (1932) | Hurricane Expresso (1932)");
}
