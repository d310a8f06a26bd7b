//! Second readings: what else a name may mean, and how it is told.

use super::{check, identity, read};
use crate::{Confidence, Doubt, Input, Origin, explain};

/// All readings of a name, the first one first.
fn readings(name: &str) -> String {
    let release = read(name);
    let mut all = vec![identity(&release)];
    all.extend(release.readings.iter().map(|reading| identity(&release.read_as(reading))));
    all.join(" | ")
}

#[test]
fn doubtful_words_and_numbers_are_read_both_ways() {
    check(
        &[
            ("Space 1999 S01E07 1080p.mkv", "Space 1999 s1 e7 | Space (1999) s1 e7"),
            ("Rover 1977 S01E02 1080p.mkv", "Rover (1977) s1 e2 | Rover 1977 s1 e2"),
            ("Rover.1977.1080p.mkv", "Rover (1977) | Rover 1977"),
            ("Rover (1977) 1080p.mkv", "Rover (1977)"),
            ("1917 (2019).mkv", "1917 (2019)"),
            ("2012 2009.mkv", "2012 (2009) | 2012 2009"),
            ("Harvest Moon 2010 (2012).mkv", "Harvest Moon 2010 (2012) | Harvest Moon (2010)"),
            ("2009 Harvest Moon DVDRip.avi", "Harvest Moon (2009) | 2009 Harvest Moon"),
            ("Kumo 13.mkv", "Kumo 13 | Kumo #13"),
            ("Rocket 13 (1995).mkv", "Rocket 13 (1995)"),
            ("Salt.Road.103.hdtv-lantern.mp4", "Salt Road s1 e3 | Salt Road #103 | Salt Road 103"),
            ("Kumo no Machi - 345 [480p].mkv", "Kumo no Machi #345 | Kumo no Machi - 345"),
            ("[Lantern] Kumo no Machi - 05 [480p].mkv", "Kumo no Machi #5"),
            ("Kumo no Machi - 1015 [480p].mkv", "Kumo no Machi #1015 | Kumo no Machi s10 e15 | Kumo no Machi - 1015"),
            ("Star Harbor Episode 6 1080p.mkv", "Star Harbor e6 | Star Harbor Episode 6"),
            ("Late Desk 04.05.2019 720p.mkv", "Late Desk @2019-05-04 | Late Desk @2019-04-05"),
            ("Late Desk 24.05.2019 720p.mkv", "Late Desk @2019-05-24"),
            ("Late Desk 2019-05-04 720p.mkv", "Late Desk @2019-05-04"),
            ("HBO Salt Road S01E02.mkv", "Salt Road s1 e2 | HBO Salt Road s1 e2"),
            ("HBO - Salt Road S01E02.mkv", "Salt Road s1 e2"),
            ("Harvest Moon Extended 1969 1080p.mkv", "Harvest Moon (1969) | Harvest Moon Extended (1969)"),
        ],
        readings,
    );
}

#[test]
fn a_reading_says_what_it_doubts() {
    for (name, doubt) in [
        ("Rover 1977 S01E02.mkv", Doubt::YearInTitle),
        ("Space 1999 S01E07.mkv", Doubt::TitleIsYear),
        ("Kumo 13.mkv", Doubt::TitleIsNumber),
        ("Star Harbor Episode 6.mkv", Doubt::NumberInTitle),
        ("Salt.Road.103.hdtv.mp4", Doubt::NumberTogether),
        ("Late Desk 04.05.2019.mkv", Doubt::DayAndMonth),
    ] {
        assert_eq!(read(name).readings.first().map(|r| r.doubt), Some(doubt), "{name}");
    }
}

#[test]
fn a_stored_release_without_readings_is_still_read() {
    let stored = r#"{"title":"Harvest Moon","year":1969}"#;
    let release: crate::Release = serde_json::from_str(stored).expect("older entries are read");
    assert!(release.readings.is_empty() && release.title == "Harvest Moon");
    let text = serde_json::to_string(&read("Kumo 13.mkv")).expect("it is plain data");
    assert_eq!(serde_json::from_str::<crate::Release>(&text).expect("a round trip"), read("Kumo 13.mkv"));
}

#[test]
fn values_say_where_they_came_from_and_how_sure_they_are() {
    let name = "Salt Road/Season 2/[@films] Salt.Road.S02E05.mkv";
    let caption = "🎬 Salt Road S02E05\nLanguage: Hindi + Tamil\nSubtitles: English\ntt0063350";
    let explained = explain(&Input { name, caption, folder: "" });
    let text = |origin| match origin {
        Origin::Caption => caption,
        _ => name,
    };
    let told: Vec<(&str, &str)> =
        explained.evidence.iter().map(|e| (e.field, &text(e.origin)[e.span.clone()])).collect();
    for wanted in [
        ("noise", "@films"),
        ("languages", "Hindi"),
        ("languages", "Tamil"),
        ("subtitles", "English"),
        ("imdb", "tt0063350"),
        ("container", "mkv"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }

    let sure = |name: &str, field: &str| {
        let explained = explain(&Input { name, caption: "", folder: "" });
        explained.evidence.iter().find(|e| e.field == field).map(|e| e.confidence)
    };
    assert_eq!(sure("Salt.Road.S01E02.mkv", "episodes"), Some(Confidence::Sure));
    assert_eq!(sure("[Lantern] Salt Road - 05 [720p].mkv", "absolute"), Some(Confidence::Likely));
    assert_eq!(sure("Salt.Road.103.hdtv.mp4", "episodes"), Some(Confidence::Guess));
    assert_eq!(sure("Rover (1977).mkv", "year"), Some(Confidence::Sure));
    assert_eq!(sure("Rover 1977.mkv", "year"), Some(Confidence::Likely));
    assert_eq!(sure("harvest.mkv", "title"), Some(Confidence::Guess));
}
