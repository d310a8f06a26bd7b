//! Each field is said by a name, by a caption and by a folder, and explained.

use crate::{FIELDS, Field, Input, Release, Subject, explain, parse};

fn said(name: &str, caption: &str, folder: &str) -> Release {
    parse(&Input { name, caption, folder })
}

/// The ending of an example, for a file that says nothing else: `.mkv`, `.mkv.002`, `.srt`.
fn ending(field: &Field) -> &'static str {
    let name = field.example;
    [".mkv.002", ".mkv", ".srt", ".avi"].into_iter().find(|ending| name.ends_with(ending)).unwrap_or("")
}

#[test]
fn each_field_is_declared_where_json_has_it() {
    let extra = Some(crate::Extra::Trailer);
    let release = Release {
        special: Some("SP".to_owned()),
        extra,
        disc: Some(1),
        readings: vec![Default::default()],
        ..Release::default()
    };
    let json = serde_json::to_string(&release).expect("it is plain data");
    let mut from = 0;
    for field in FIELDS {
        let at =
            json[from..].find(&format!("\"{}\":", field.name)).unwrap_or_else(|| panic!("{} after {from}", field.name));
        from += at;
    }
    let keys = serde_json::to_value(&release).expect("it is plain data").as_object().map_or(0, serde_json::Map::len);
    assert_eq!(keys, FIELDS.len());
}

#[test]
fn each_field_is_said_by_its_example() {
    for field in FIELDS {
        assert!(!field.texts(&said(field.example, "", "")).is_empty(), "{}: {}", field.name, field.example);
        assert_eq!(field.texts(&Release::default()).is_empty(), field.name != "kind", "{}", field.name);
    }
}

#[test]
fn each_field_is_explained() {
    // The kind follows from the numbers; readings are told with their own reasons.
    for field in FIELDS.iter().filter(|field| !matches!(field.name, "kind" | "readings")) {
        let explained = explain(&Input { name: field.example, caption: "", folder: "" });
        for value in field.texts(&explained.release) {
            let found = explained.evidence.iter().any(|e| e.field == field.name && e.value == value);
            assert!(found, "{} {value}: {:?}", field.name, explained.evidence);
        }
    }
}

#[test]
fn each_field_is_said_by_a_caption() {
    // A caption's last word is no group, and its address is its channel's.
    let is_told = |field: &&Field| field.subject != Subject::Derived && !matches!(field.name, "group" | "site");
    for field in FIELDS.iter().filter(is_told) {
        let own = said(field.example, "", "");
        let told = said(&format!("video{}", ending(field)), field.example, "");
        assert_eq!(field.texts(&told), field.texts(&own), "{}: {}", field.name, field.example);
    }
}

/// A name, its caption or folder, the field, and what it must be.
type Row = (&'static str, &'static str, &'static str, fn(&Release) -> bool);

/// A caption that only adds to a name that says what it is.
#[test]
fn what_a_caption_adds_is_kept() {
    let rows: [Row; 14] = [
        ("Some.Film.2019.1080p.mkv", "Some Film (2019) PROPER", "proper", |r| r.proper),
        ("Some.Film.2019.1080p.mkv", "🎬 Some Film\n💿 Quality: WEB-DL PROPER", "proper", |r| r.proper),
        ("Some.Film.2019.1080p.mkv", "Some Film (2019)\n720p | WEBRip | REPACK", "repack", |r| r.repack),
        ("Some.Film.2019.1080p.mkv", "Some Film (2019)\nQuality: 3D HSBS", "three_d", |r| r.three_d),
        ("Some.Film.2019.1080p.mkv", "Some Film (2019)\nAudio: Hindi Dubbed", "dubbed", |r| r.dubbed),
        ("Some.Film.2019.1080p.mkv", "Some Film (2019) Hindi Dubbed", "dubbed", |r| r.dubbed),
        ("Some.Series.S01.720p.mkv", "Some Series S01 Complete", "complete", |r| r.complete),
        ("Some.Series.S01.720p.mkv", "Some Series S01\nComplete | 720p", "complete", |r| r.complete),
        ("Some Film (2019).pt.srt", "Some Film (2019).pt-BR.forced.srt", "forced", |r| r.forced),
        ("Some Film (2019).en.srt", "Some Film (2019).en.sdh.srt", "sdh", |r| r.sdh),
        ("Some.Anime.1080p.mkv", "[Group] Some Anime - SP01", "special", |r| {
            r.special.as_deref() == Some("SP") && r.absolute == [1.0]
        }),
        ("video.mkv", "Title: [Group] Some Anime - SP01", "special", |r| {
            r.special.as_deref() == Some("SP") && r.absolute == [1.0]
        }),
        ("Some.Film.2019.1080p.mkv", "Some Film: Part Two (2019)", "title_part", |r| r.title_part == Some(2)),
        ("[Group] Some Anime - 34 [1080p].mkv", "[Group] Some Anime - 34 [8A2B3C4D]", "crc32", |r| {
            r.crc32.as_deref() == Some("8A2B3C4D")
        }),
    ];
    for (name, caption, field, holds) in rows {
        let release = said(name, caption, "");
        assert!(holds(&release), "{field}: {name} under {caption:?}: {release:?}");
        assert!(!holds(&said(name, "", "")), "{field}: {name} alone");
    }
}

#[test]
fn what_a_folder_adds_is_kept() {
    let rows: [Row; 11] = [
        ("ltn-sf.avi", "Some.Film.2019.PROPER.DVDRip.XviD-LANTERN", "proper", |r| r.proper),
        ("E05.mkv", "Some.Series.S01.REPACK.720p.WEB-DL.x264-LANTERN", "repack", |r| r.repack),
        ("E05.mkv", "Some Series S01 Dubbed 720p", "dubbed", |r| r.dubbed),
        ("Some Film.mkv", "Some Film (2019) 3D HSBS 1080p", "three_d", |r| r.three_d),
        ("Some Series S01E05.mkv", "Some Series S01 Complete 720p", "complete", |r| r.complete),
        ("05.mkv", "Some Series Season 1 Complete 720p", "complete", |r| r.complete),
        ("34_por.srt", "Some Film (2019).forced.srt", "forced", |r| r.forced),
        ("34_eng.srt", "Some Film (2019).sdh.srt", "sdh", |r| r.sdh),
        ("Some Anime.mkv", "[Group] Some Anime - SP01 [1080p]", "special", |r| {
            r.special.as_deref() == Some("SP") && r.absolute == [1.0]
        }),
        ("ltn-sfp2.avi", "Some.Film.Part.Two.2019.DVDRip.XviD-LANTERN", "title_part", |r| r.title_part == Some(2)),
        ("Some Anime.mkv", "[Group] Some Anime - 34 [1080p][8A2B3C4D]", "crc32", |r| {
            r.crc32.as_deref() == Some("8A2B3C4D")
        }),
    ];
    for (name, folder, field, holds) in rows {
        let release = said(name, "", folder);
        assert!(holds(&release), "{field}: {name} in {folder:?}: {release:?}");
        let release = said(&format!("{folder}/{name}"), "", "");
        assert!(holds(&release), "{field}: {folder}/{name}: {release:?}");
        assert!(!holds(&said(name, "", "")), "{field}: {name} alone");
    }
}

/// What belongs to a number or a title goes nowhere without it.
#[test]
fn what_belongs_to_a_value_stays_with_it() {
    let counted = said("[Group] Some Anime - 05 [1080p].mkv", "[Group] Some Anime - SP02", "");
    assert_eq!((counted.absolute.as_slice(), counted.special), (&[5.0][..], None), "the name's number is an episode's");
    let agreed = said("Some Anime - 02 1080p.mkv", "[Group] Some Anime - SP02", "");
    assert_eq!((agreed.absolute.as_slice(), agreed.special.as_deref()), (&[2.0][..], Some("SP")));
    let halved = said("video part2.mkv", "Some Film (2019)", "");
    assert_eq!(
        (halved.title.as_str(), halved.title_part),
        ("Some Film", None),
        "no part of a title that was not taken"
    );
    let volume = said("Some Film (2019) 1080p.part3.rar", "Some Film (2019) 1080p.part3", "");
    assert_eq!((volume.part, volume.title_part), (Some(3), None), "a volume is no part of the story");
    let named = said("Some Film Part Two.mkv", "Some Film (2019)", "");
    assert_eq!(named.title_part, Some(2), "{named:?}");
    let other = said("Some.Film.2019.1080p.mkv", "Other Film Part Two (1999) PROPER", "");
    assert_eq!((other.title_part, other.proper), (None, false), "another film's caption adds nothing");
    let video = said("Some.Film.2019.1080p.mkv", "Some Film (2019).en.sdh.srt", "");
    assert!(!video.sdh, "a video has no sounds described");
}

#[test]
fn the_book_names_each_field() {
    let book = include_str!("../../README.md");
    for field in FIELDS {
        assert!(book.contains(&format!("`{}`", field.name)), "{} is not in the README", field.name);
    }
}
