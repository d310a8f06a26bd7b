//! The page for users says nothing that is not so.

use super::{Input, Release, check, identity, parse, read};

const PAGE: &str = include_str!("../../../../docs/release-names.md");

fn section(title: &str) -> &'static str {
    let (_, after) = PAGE.split_once(&format!("\n## {title}\n")).expect("the section is there");
    after.split_once("\n## ").map_or(after, |(section, _)| section)
}

/// What stands between backticks, and between asterisks.
fn examples(section: &'static str) -> Vec<&'static str> {
    let mut found: Vec<&str> = section.split('`').skip(1).step_by(2).collect();
    for (n, text) in section.split('`').enumerate() {
        if n % 2 == 0 {
            let text = text.split("**").step_by(2);
            found.extend(text.flat_map(|text| text.split('*').skip(1).step_by(2)));
        }
    }
    found
}

/// Every example of the section is in the table, and every row of the table in the section.
fn same(section: &'static str, rows: &[&str]) {
    let examples = examples(section);
    let missing: Vec<_> = examples.iter().filter(|e| !rows.contains(*e)).collect();
    let surplus: Vec<_> = rows.iter().filter(|row| !examples.contains(row)).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "no row: {missing:?}, not on the page: {surplus:?}");
}

fn under(name: &str, caption: &str, folder: &str) -> Release {
    parse(&Input { name, caption, folder })
}

#[test]
fn names_that_are_always_right() {
    let rows = [
        ("Some Film (2019) 1080p.mkv", "Some Film (2019)"),
        ("Some Series S01E02 720p.mkv", "Some Series s1 e2"),
        ("Some Series (2019) S01E02.mkv", "Some Series (2019) s1 e2"),
        ("Some Series S01E01-E13.mkv", "Some Series s1 e1-13"),
        ("Some Series S01.mkv", "Some Series s1"),
        ("Some Series S01-S03.mkv", "Some Series s1-3"),
        ("Some Show 2018-06-22.mkv", "Some Show @2018-06-22"),
        ("Some Anime - 034.mkv", "Some Anime #34"),
        ("Some Series S00E01.mkv", "Some Series s0 e1"),
        ("Some Film (2019).mkv.001", "Some Film (2019)"),
        ("Some Series S01E02.en.srt", "Some Series s1 e2"),
        ("Some Film (2019).pt-BR.forced.srt", "Some Film (2019)"),
        ("1917 (2019)", "1917 (2019)"),
        ("Blade Runner 2049 (2017)", "Blade Runner 2049 (2017)"),
        ("1917 2019", "1917 (2019)"),
        ("Some Anime 12", "Some Anime 12"),
    ];
    check(&rows, |name| identity(&read(name)));
    let others = [".mkv.002", ".part1.rar", ".part2.rar", "S01E02", "tt0063350", "{tmdb-10331}"];
    let all: Vec<&str> = rows.iter().map(|(name, _)| *name).chain(others).collect();
    same(section("Names that are always right"), &all);

    for (ending, part) in [(".mkv.001", 1), (".mkv.002", 2), (".part1.rar", 1), (".part2.rar", 2)] {
        let release = read(&format!("Some Film (2019){ending}"));
        assert_eq!((identity(&release).as_str(), release.part), ("Some Film (2019)", Some(part)), "{ending}");
    }
    assert_eq!(read("Some Series S01E02.en.srt").subtitles, ["en"]);
    let forced = read("Some Film (2019).pt-BR.forced.srt");
    assert!(forced.forced && forced.subtitles == ["pt"], "{forced:?}");
    for (name, caption) in [("Film tt0063350.mkv", ""), ("film.mkv", "https://www.imdb.com/title/tt0063350/")] {
        assert_eq!(under(name, caption, "").imdb.map(|id| id.to_string()).as_deref(), Some("tt0063350"));
    }
    for (name, caption) in [("Film {tmdb-10331}.mkv", ""), ("film.mkv", "https://www.themoviedb.org/movie/10331-night")]
    {
        assert_eq!(under(name, caption, "").tmdb.map(|id| id.0), Some(10331), "{name} {caption}");
    }
}

/// What is understood behind "Some Series".
const BEHIND_A_TITLE: [(&str, &str); 54] = [
    ("S01E02", "s1 e2"),
    ("S01E0203", "s1 e2-3"),
    ("1x02", "s1 e2"),
    ("1 x 02", "s1 e2"),
    ("E01 02 03", "e1-3"),
    ("Episode No. 2", "e2"),
    ("S02P02", "s2"),
    ("Season 3of5", "s3"),
    ("Episode #1.10", "s1 e10"),
    ("Book 2 Episode 5", "s2 e5"),
    ("3х12", "s3 e12"),
    ("093-095 & 100-102", "#93-102"),
    ("180622", "@2018-06-22"),
    ("6-22-18", "@2018-06-22"),
    ("2018年06月22日", "@2018-06-22"),
    ("ج3 ح5", "s3 e5"),
    ("S01 E02-E05", "s1 e2-5"),
    ("S01E01+E02", "s1 e1-2"),
    ("Season 1 Episode 2", "s1 e2"),
    ("Ep 05", "e5"),
    ("E05", "e5"),
    ("#05", "e5"),
    ("S2 - 06", "s2 e6"),
    ("S01EP(01-08)", "s1 e1-8"),
    ("1 of 6", "e1"),
    ("Part 3 of 6", "e3"),
    ("Cap.402", "s4 e2"),
    ("Sezon 3 Bölüm 12", "s3 e12"),
    ("Staffel 2 Folge 5", "s2 e5"),
    ("Temporada 1 Capítulo 3", "s1 e3"),
    ("T1 C3", "s1 e3"),
    ("Saison 2 Épisode 3", "s2 e3"),
    ("Stagione 4 Episodio 7", "s4 e7"),
    ("Seizoen 2 Aflevering 5", "s2 e5"),
    ("sezon 2 odcinek 10", "s2 e10"),
    ("2 сезон 5-8 серии", "s2 e5-8"),
    ("الموسم 3 الحلقة 15", "s3 e15"),
    ("एपिसोड 45", "e45"),
    ("ตอนที่ 12", "e12"),
    ("Tập 12", "e12"),
    ("시즌 2 5화", "s2 e5"),
    ("第二季 第12集", "s2 e12"),
    ("第3季第05集", "s3 e5"),
    ("第25話", "e25"),
    ("2-ci mövsüm 8-ci seriya", "s2 e8"),
    ("S01-S08", "s1-8"),
    ("Season 1-4", "s1-4"),
    ("Seasons 1, 3 and 5", "s1,3,5"),
    ("S02E05 (17)", "s2 e5 #17"),
    ("2018.06.22", "@2018-06-22"),
    ("22-06-2018", "@2018-06-22"),
    ("22nd June 2018", "@2018-06-22"),
    ("20180622", "@2018-06-22"),
    ("04.05.2019", "@2019-05-04"),
];

/// What the page names besides: no name of a file holds it alone.
const OTHERS: [&str; 34] = [
    "𝗧𝗶𝘁𝗹𝗲",
    "🅷🅳🆁",
    "١٥",
    "۲",
    "<b>",
    "**",
    "#SomeSeries",
    "Complete Series",
    "Complete Series 1-500",
    "INTEGRALE",
    "все сезоны",
    "1080pBluRay",
    "DVDRipXviD",
    "720pHDTVx264",
    "S01E02WEBDL",
    "CD1",
    "cd1of2",
    "Disc 2",
    "2160p DV HDR10+",
    "Director's Cut",
    "[Tamil + Telugu + Hindi]",
    "ITA-ENG",
    "2xUkr",
    "ESub",
    "VOSTFR",
    "Sub Ita Eng",
    "@channel",
    "t.me",
    "Hindi Dubbed",
    "Dublado",
    "Türkçe Dublaj",
    "مدبلج",
    "Full Movie",
    "Tek Parça Full HD izle",
];

#[test]
fn what_is_understood() {
    check(&BEHIND_A_TITLE, |said| {
        let said = identity(&read(&format!("Some Series {said} 1080p.mkv")));
        said.strip_prefix("Some Series ").map_or(said.clone(), str::to_owned)
    });
    let anime = [("07.5", "#7.5"), ("01-12", "#1-12"), ("01 ~ 12", "#1-12")];
    check(&anime, |said| identity(&read(&format!("[Group] Title - {said} [1080p].mkv"))).replace("Title ", ""));
    let special = read("[Group] Title - SP01 [1080p].mkv");
    assert_eq!((identity(&special).as_str(), special.special.as_deref()), ("Title #1", Some("SP")));
    for (said, word) in [("Special 2", "SPECIAL"), ("OVA 3", "OVA"), ("OAD", "OAD"), ("S01OVA04", "OVA")] {
        let release = read(&format!("[Group] Title - {said} [1080p].mkv"));
        assert_eq!((release.title.as_str(), release.special.as_deref()), ("Title", Some(word)), "{said}");
    }
    let whole = [
        ("[Group] Title - 1080 (720p)", "Title #1080"),
        ("RARBG Title 2019", "Title (2019)"),
        ("BBC - Title 2019", "Title (2019)"),
        ("HBO Title S01E02", "Title s1 e2"),
        ("Salt Road 2.05 Name", "Salt Road s2 e5"),
        ("Película completa en español - Some Film", "Some Film"),
        ("[영화] Title", "Title"),
        ("site.to_Title.2019", "Title (2019)"),
        ("Powered by @channel Title", "Title"),
        ("12 - Some Film (1999)", "Some Film (1999)"),
        ("003. Some Series - S01E03", "Some Series s1 e3"),
        ("[Group] Title - 34v2 [1080p][8A2B3C4D]", "Title #34"),
        ("[组][云之城][Title][05][1080P]", "Title #5"),
        ("@channel_Title_S01E05", "Title s1 e5"),
        ("Some.Series.0106.720p", "Some Series s1 e6"),
    ];
    check(&whole, |name| identity(&read(name)));
    let all: Vec<&str> = BEHIND_A_TITLE
        .iter()
        .chain(&anime)
        .chain(&whole)
        .map(|(name, _)| *name)
        .chain(["SP01", "Special 2", "OVA 3", "OAD", "S01OVA04"])
        .chain(OTHERS)
        .collect();
    same(section("What is understood"), &all);
}

#[test]
fn packs_anime_and_dates_are_understood() {
    for said in ["Complete Series", "INTEGRALE", "все сезоны"] {
        let release = read(&format!("Some Series {said} 1080p"));
        assert_eq!((release.title.as_str(), release.kind), ("Some Series", crate::ReleaseKind::Season), "{said}");
    }
    assert_eq!(identity(&read("Some Series Complete Series 1-500")), "Some Series #1-500");
    let version = read("[Group] Title - 34v2 [1080p][8A2B3C4D]");
    assert_eq!((version.version, version.crc32.as_deref()), (Some(2), Some("8A2B3C4D")));
    assert_eq!(read("[组][云之城][Title][05][1080P]").alternative_titles, ["云之城"]);
    let read_as = read("Some Series 04.05.2019 1080p.mkv");
    assert_eq!(read_as.readings.first().and_then(|r| r.date.as_deref()), Some("2019-04-05"));
}

#[test]
fn pictures_and_languages_are_understood() {
    let picture = read("Some Film 2019 2160p DV HDR10+ Director's Cut.mkv");
    assert_eq!(picture.hdr, ["DV", "HDR10+"]);
    assert_eq!(
        (picture.resolution.as_deref(), picture.edition.as_slice()),
        (Some("2160p"), &["Director's Cut".to_owned()][..])
    );
    for (said, source) in
        [("1080pBluRay", "BluRay"), ("DVDRipXviD", "DVDRip"), ("720pHDTVx264", "HDTV"), ("S01E02WEBDL", "WEB-DL")]
    {
        assert_eq!(read(&format!("Some.Title.{said}.mkv")).source.as_deref(), Some(source), "{said}");
    }
    for (said, disc) in [("CD1", 1), ("cd1of2", 1), ("Disc 2", 2)] {
        assert_eq!(read(&format!("Some Film (2019) {said}.avi")).disc, Some(disc), "{said}");
    }
    let languages = |said: &str| {
        let release = read(&format!("Some Film (2019) 1080p {said}.mkv"));
        (release.languages.join(" "), release.subtitles.join(" "))
    };
    for (said, spoken, written) in [
        ("[Tamil + Telugu + Hindi]", "ta te hi", ""),
        ("ITA-ENG", "it en", ""),
        ("2xUkr", "uk", ""),
        ("ESub", "", "en"),
        ("VOSTFR", "", "fr"),
        ("Sub Ita Eng", "", "it en"),
    ] {
        assert_eq!(languages(said), (spoken.to_owned(), written.to_owned()), "{said}");
    }
}

#[test]
fn dubs_and_adverts_are_understood() {
    for said in ["Hindi Dubbed", "Dublado", "Türkçe Dublaj", "مدبلج"] {
        let release = read(&format!("Some Film {said}.mp4"));
        assert_eq!((release.title.as_str(), release.dubbed), ("Some Film", true), "{said}");
    }
    for said in ["Full Movie", "Tek Parça Full HD izle"] {
        assert_eq!(read(&format!("Some Film {said}.mp4")).title, "Some Film", "{said}");
    }
}

#[test]
fn what_channels_add_is_understood() {
    for name in [
        "@channel Some Series S01E05.mkv",
        "Some Series S01E05 @channel.mkv",
        "[t.me/channel] Some Series S01E05.mkv",
        "🎬 Some Series S01E05 🔥.mkv",
        "www.example.com - Some Series S01E05.mkv",
    ] {
        assert_eq!(identity(&read(name)), "Some Series s1 e5", "{name}");
    }
    for (name, wanted) in [
        ("𝗧𝗶𝘁𝗹𝗲 (2019) 1080p 🅷🅳🆁.mkv", "Title (2019)"),
        ("طريق الحلقة ١٥.mkv", "طريق e15"),
        ("راه قسمت ۲.mkv", "راه e2"),
    ] {
        assert_eq!(identity(&read(name)), wanted);
    }
    assert_eq!(read("𝗧𝗶𝘁𝗹𝗲 (2019) 1080p 🅷🅳🆁.mkv").hdr, ["HDR"]);
    for caption in ["<b>Some Series</b> S01E05", "**Some Series** S01E05", "#SomeSeries\nS01E05"] {
        assert_eq!(identity(&under("video.mp4", caption, "")), "Some Series s1 e5", "{caption}");
    }
    let advert = "🔥 Join @channel for more!\nhttps://t.me/channel";
    assert_eq!(identity(&under("Some.Series.S01E05.1080p.mkv", advert, "")), "Some Series s1 e5");
}

#[test]
fn who_wins() {
    let rows = [
        ("VID_2023.mp4", "Some Film (2019)", "", "Some Film (2019)"),
        ("05.mkv", "Some Series S02", "", "Some Series s2 e5"),
        ("VID_2023.mp4", "Title: Some Film\nYear: 2019", "", "Some Film (2019)"),
        ("VID_2023.mp4", "Название: Дом без окон\nГод: 2019", "", "Дом без окон (2019)"),
        ("VID_2023.mp4", "片名：云之城\n年份：2019", "", "云之城 (2019)"),
        ("VID_2023.mp4", "🔥 Join @channel\nSome Film (2019)", "", "Some Film (2019)"),
        ("Some.Film.2019.1080p.mkv", "Other Film (1999)", "", "Some Film (2019)"),
        ("Some.Film.1080p.mkv", "Some Film (2019)", "", "Some Film (2019)"),
        ("Season 2/05.mkv", "", "Some Series", "Some Series s2 e5"),
        ("Some Series (2010)/S01E02.mkv", "", "", "Some Series (2010) s1 e2"),
        ("Some.Film.2019.1080p-GRP/grp-sf.mkv", "", "", "Some Film (2019)"),
        ("Имя / Name (2019)", "", "", "Name (2019)"),
    ];
    for (name, caption, folder, wanted) in rows {
        assert_eq!(identity(&under(name, caption, folder)), wanted, "{name} | {caption} | {folder}");
    }
    assert_eq!(read("Имя / Name (2019)").alternative_titles, ["Имя"]);
    let told = under("Some.Series.mkv", "Some Series\nSeason 2 | Episode 6\nAudio: Tamil + Telugu\n720p | WEBRip", "");
    assert_eq!((identity(&told).as_str(), told.languages.join(" ").as_str()), ("Some Series s2 e6", "ta te"));
    assert_eq!((told.resolution.as_deref(), told.source.as_deref()), (Some("720p"), Some("WEBRip")));
    same(
        section("Who wins"),
        &[
            "VID_2023.mp4",
            "05.mkv",
            "Title: ...",
            "Год: ...",
            "片名：...",
            "Audio: Tamil + Telugu",
            "720p | WEBRip",
            "Season 2 | Episode 6",
            "Season 2/05.mkv",
            "Some Series (2010)/S01E02.mkv",
            "Some.Film.2019.1080p-GRP/grp-sf.mkv",
            "Имя / Name (2019)",
        ],
    );
}

#[test]
fn what_is_not_the_film() {
    let rows = [
        ("Some Film (2019)-trailer.mkv", "trailer"),
        ("Some Film Official Trailer 2019.mp4", "trailer"),
        ("Some Film Trailer 2.mp4", "trailer"),
        ("Trailer - Some Film (2019).mp4", "trailer"),
        ("Some.Film.2019.1080p-GRP/Sample/grp-sf.mkv", "sample"),
        ("Some.Film.2019.1080p.sample.mkv", "sample"),
        ("Some Film (2019)/Deleted Scenes/The Well.mkv", "bonus"),
        ("Some_Film-x02-Making_Of.mkv", "bonus"),
        ("Some Film - Making Of (2019).mkv", "bonus"),
        ("Some Series S01 Extras 1080p.mkv", "bonus"),
        ("Some Film 2019 Bonus Disc.mkv", "bonus"),
        ("[Group] Some Anime - NCOP [1080p].mkv", "bonus"),
    ];
    check(&rows, |name| {
        let extra = read(name).extra.and_then(|extra| serde_json::to_value(extra).ok());
        extra.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    });
    same(section("What is not the film"), &rows.map(|(name, _)| name));
}

#[test]
fn what_folders_are() {
    let rows = [
        ("Some Series/Season 2/Some Series - E05.mkv", "Some Series s2 e5"),
        ("Some Series/Season 2 (1080p GRP)/205 - Name.mkv", "Some Series s2 e5"),
        ("Some.Series.S02E05.1080p-GRP/c329b27187d4.mkv", "Some Series s2 e5"),
        ("Some Series/Season 1/Some Series S02E05.mkv", "Some Series s2 e5"),
        ("Some Film (2019)/CD1/sf.avi", "Some Film (2019)"),
        ("Some Film (2019)/VIDEO_TS/VTS_01_1.VOB", "Some Film (2019)"),
        ("Movies/S/Some Film (2019).mkv", "Some Film (2019)"),
    ];
    check(&rows, |name| identity(&read(name)));
    same(section("In folders"), &rows.map(|(name, _)| name));
}

#[test]
fn where_it_is_unsure() {
    let rows = [
        ("Rover 1977 S01E02", "Rover (1977) s1 e2 | Rover 1977 s1 e2"),
        ("Space 1999 S01E07", "Space 1999 s1 e7 | Space (1999) s1 e7"),
        ("Kumo 13.mkv", "Kumo 13 | Kumo #13"),
        ("Salt.Road.103.hdtv", "Salt Road s1 e3 | Salt Road #103 | Salt Road 103"),
        ("Star Harbor Episode 6", "Star Harbor e6 | Star Harbor Episode 6"),
        ("HBO Salt Road S01E02", "Salt Road s1 e2 | HBO Salt Road s1 e2"),
        ("Salt Road Volume 4", "Salt Road Volume 4 | Salt Road s4"),
        ("云之城2 第05集", "云之城2 e5 | 云之城 s2 e5 | 云之城2 第05集"),
        ("Star Harbor - Episode 4 - Name (1977)", "Star Harbor (1977) e4 | Star Harbor - Episode 4 - Name (1977)"),
        ("[Group] Kumo OVA [1080p]", "Kumo | Kumo OVA"),
    ];
    check(&rows, |name| {
        let release = read(name);
        let first = identity(&release);
        let others = release.readings.iter().map(|reading| identity(&release.read_as(reading)));
        std::iter::once(first).chain(others).collect::<Vec<_>>().join(" | ")
    });
    same(section("Where it is unsure"), &rows.map(|(name, _)| name));
}
