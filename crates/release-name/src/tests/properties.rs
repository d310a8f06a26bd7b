//! What holds for every name, real or not.

use proptest::prelude::*;

use super::{identity, read};
use crate::{FIELDS, Input, Origin, Release, explain, parse};

/// Names whose capitals are what tells a tag from a word of the title, so they mean something else in one case.
const CAPITALS_SPEAK: [&str; 3] = [
    "Heron DC (1979) [1080p]",
    "movies/Harvest.LiMiTED.DVDRip.XviD-LANTERN/ltn-harvest.dvdrip.xvid.avi",
    "[Foo] Garasu (RELOAD) - 04 [720p].mkv",
];

/// A video's container is no part of what the video is.
pub fn endings_change_nothing(rows: &[(&str, Release)]) {
    for (name, release) in rows {
        let Some(stem) = ["mkv", "mp4", "avi"].iter().find_map(|ending| name.strip_suffix(&format!(".{ending}")))
        else {
            continue;
        };
        for ending in ["mkv", "mp4", "avi", "webm", "mkv.001"] {
            assert_eq!(identity(&read(&format!("{stem}.{ending}"))), identity(release), "{stem}.{ending}");
        }
    }
}

/// Uploaders shout and whisper; with a technical word to lean on, the name stays the same.
pub fn case_changes_nothing(rows: &[(&str, Release)]) {
    let mut wrong = Vec::new();
    for (name, release) in rows {
        let leans = release.resolution.is_some() || release.source.is_some() || release.video_codec.is_some();
        if !leans || CAPITALS_SPEAK.contains(name) {
            continue;
        }
        let wanted = identity(release).to_lowercase();
        for other in [name.to_uppercase(), name.to_lowercase()] {
            let got = identity(&read(&other)).to_lowercase();
            if got != wanted {
                wrong.push(format!("{other}\n  want {wanted}\n  got  {got}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} in another case:\n{}", wrong.len(), wrong.join("\n"));
}

/// `parse(parse(name).to_string())` is `parse(name)`.
pub fn written_out_it_reads_as_itself(rows: &[(&str, Release)]) {
    let mut wrong = Vec::new();
    for (name, release) in rows.iter().filter(|(_, r)| !r.title.is_empty()) {
        let written = release.to_string();
        let again = read(&written);
        if identity(&again) != identity(release) || again.to_string() != written {
            wrong.push(format!("{name}\n  as   {written}\n  want {}\n  got  {}", identity(release), identity(&again)));
        }
    }
    assert!(wrong.is_empty(), "{} written out:\n{}", wrong.len(), wrong.join("\n"));
}

proptest! {
    #[test]
    fn any_text_is_read(name in ".{0,200}", caption in "(?s).{0,200}") {
        let input = Input { name: &name, caption: &caption, folder: "" };
        for evidence in explain(&input).evidence {
            let text = if evidence.origin == Origin::Caption { &caption } else { &name };
            prop_assert!(text.get(evidence.span.clone()).is_some(), "{evidence:?}");
            let is_declared = FIELDS.iter().any(|field| field.name == evidence.field);
            prop_assert!(is_declared || evidence.field == "noise", "{evidence:?}");
        }
    }

    /// Random sequences of what names are made of reach deeper than random letters do.
    #[test]
    fn any_sequence_of_words_is_read(words in prop::collection::vec(prop::sample::select(vec![
        "S01", "E02", "-", "[", "]", "(", ")", ".", " ", "1080p", "第", "集", "x264", "2019", "01", "v2", "Film", "@a_b", "www", "com", "/", "07.5", "~", "Sub", "Eng",
        "Season", "5", "2x03", "DDP5", "1", "{", "＋", "é", "盐路", "\u{200d}", "Part", "of", "Cap.", "102", "серия", "t.me", "\\",
    ]), 0..40)) {
        let name = words.concat();
        parse(&Input { name: &name, caption: &name, folder: &name });
    }

    #[test]
    fn a_container_never_changes_what_a_name_says(title in "[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}", year in 1930u16..2030) {
        let name = format!("{title} ({year}) 1080p");
        for ending in ["mkv", "mp4", "avi", "mkv.001"] {
            prop_assert_eq!(identity(&read(&format!("{name}.{ending}"))), identity(&read(&name)));
        }
    }

    #[test]
    fn an_identity_reads_as_itself(title in "[A-Z][a-z]{3,8}( [A-Z][a-z]{3,8}){0,2}", season in 1u16..30, episode in 1u16..99) {
        let first = read(&format!("{title} S{season:02}E{episode:02} 1080p WEB-DL"));
        let again = read(&format!("{} S{:02}E{:02}", first.title, first.seasons[0], first.episodes[0]));
        prop_assert_eq!(identity(&first), identity(&again));
    }
}

/// Names nobody writes, long enough that a pass which recursed would overflow its stack, and one that went back over the name for
/// each piece would not come to an end in a person's patience.
#[test]
fn endless_names_are_read_to_their_end() {
    for piece in [
        "[",
        "(a) ",
        "S01E01",
        "1-",
        "第1集",
        "a.b-",
        "Sub Eng ",
        "- 01 ",
        "www.a.",
        "@a_",
        "2019 ",
        "/a",
        "x264-a ",
        "103 ",
        "Hindi ",
        "x264 (a) ",
    ] {
        let name = piece.repeat(30_000);
        let release = parse(&Input { name: &name, caption: &name, folder: &name });
        let kept: usize = release.unknown.iter().map(String::len).sum();
        assert!(release.title.len() + kept <= 2 * name.len(), "{piece:?} is not multiplied");
    }
}

/// Figures that no counter holds are no numbers, instead of others that are left of them.
#[test]
fn numbers_beyond_all_bounds_are_none() {
    let tens = "十".repeat(33);
    for name in [
        format!("云之城 第{tens}季.mkv"),
        "[Lantern] Kumo OVA 4294967290.mkv".to_owned(),
        "Kumo/Season 65535/Kumo 6553599.mkv".to_owned(),
    ] {
        let release = parse(&Input { name: &name, caption: "", folder: "" });
        assert!(!release.seasons.contains(&10) && release.absolute.is_empty(), "{name}: {release:?}");
    }
}
