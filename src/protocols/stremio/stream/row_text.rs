//! The words of a stream's row, as many as there is room for.
//!
//! ```text
//! Cinepost  │ 24.13 GB · Season 1 · Remux H.265        size, what it holds, source, codec, depth
//! 4K DV     │ 🔊 TrueHD Atmos 7.1 · 🇬🇧 🇫🇷 · 💬 🇪🇸       sound, channels, languages, subtitles
//!           │ Film.2021.2160p.UHD.BluRay.REMUX...     the file's name
//! ```
//!
//! What the file holds stands before what its name says, and where both disagree on the picture the first line says so: `not 2160p`.
//!
//! stremio-web shows three lines and breaks none of them (`Stream/styles.less`: `-webkit-line-clamp: 3`, `white-space: pre`),
//! so what a viewer chooses by comes first, and the file's name, which says it all again, may be cut off. The name's column is
//! 7rem wide: ten letters of its size. TVs and phones have a little more room for both.

use super::resolution;
use crate::domain::entry::{Entry, Status};
use crate::domain::text::isolated;
use crate::protocols::stremio::language;
use release_name::{Extra, Release};

/// Columns of the second line of a row's name.
const NAME_COLUMNS: usize = 10;
/// Columns of a line of its description that are seen on a phone held upright.
const LINE_COLUMNS: usize = 40;
/// Of these, for the sound: `TrueHD Atmos 7.1`.
const SOUND_COLUMNS: usize = 17;
/// More flags than this say "many".
const FLAGS: usize = 4;

/// `4K DV`, `1080p HDR`, `720p 3D`: as short as viewers write it.
pub(super) fn quality(entry: &Entry) -> String {
    let class = resolution(entry).map(|resolution| match resolution.as_str() {
        "2160p" => "4K".to_owned(),
        "4320p" => "8K".to_owned(),
        _ => resolution,
    });
    let class = class.unwrap_or_default();
    let is_seen = |range: &String| columns(&class) + columns(range) < NAME_COLUMNS;
    let release = entry.described();
    let range = ranges(&release).into_iter().find(is_seen);
    let depth = release.three_d.then(|| "3D".to_owned());
    fitting([class].into_iter().chain(range).chain(depth), " ", NAME_COLUMNS)
}

/// High dynamic ranges, the one that shows most first.
fn ranges(release: &Release) -> Vec<String> {
    let known = ["DV", "HDR10+", "HDR", "HLG"];
    known.into_iter().filter(|range| release.hdr.iter().any(|said| said == range)).map(str::to_owned).collect()
}

pub(super) fn description(entry: &Entry) -> String {
    let lines = [about_picture(entry), about_sound(&entry.described()), isolated(&entry.name).into_owned()];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn about_picture(entry: &Entry) -> String {
    let release = &entry.described();
    let depth = release.bit_depth.filter(|&bits| bits > 8).map(|bits| format!("{bits}-bit"));
    let words = [&release.source, &release.video_codec, &depth].into_iter().flatten().cloned();
    // A player without Dolby Vision takes the other one, which the row's name has no room for.
    let quality = quality(entry);
    let other_ranges = ranges(release).into_iter().filter(|range| !quality.split(' ').any(|word| word == range));
    let words = words.chain(other_ranges).chain(release.edition.iter().cloned());
    let beside = release.extra.map(Extra::word).unwrap_or_default();
    let misnamed = match entry.misnamed() {
        words if words.is_empty() => String::new(),
        words => format!("not {}", words.join(" ")),
    };
    let what = [size(entry.file.len()), beside.to_owned(), held(entry), misnamed];
    let what = fitting(what, " · ", LINE_COLUMNS);
    let room = LINE_COLUMNS.saturating_sub(columns(&what) + 3);
    joined([what, fitting(words, " ", room)])
}

/// Of a file that holds more than one episode: `Season 1`, `Seasons 1-3`, `Episodes 4-6`.
fn held(entry: &Entry) -> String {
    let Status::Matched { parts, .. } = &entry.status else { return String::new() };
    let seasons: Vec<u16> = parts.iter().filter_map(|part| part.whole_season()).collect();
    let episodes: Vec<u16> = parts.iter().filter_map(|part| part.episode()).map(|(_, number)| number).collect();
    match (seasons.as_slice(), episodes.as_slice()) {
        ([season], _) => format!("Season {season}"),
        ([first, .., last], _) => format!("Seasons {first}-{last}"),
        ([], [first, .., last]) => format!("Episodes {first}-{last}"),
        ([], _) => String::new(),
    }
}

fn about_sound(release: &Release) -> String {
    let sound = match fitting(release.audio.iter().chain(&release.channels).cloned(), " ", SOUND_COLUMNS) {
        sound if sound.is_empty() => sound,
        sound => format!("🔊 {sound}"),
    };
    let dub = if release.dubbed { "dub" } else { "" };
    let left = |line: &str, taken: &str| LINE_COLUMNS.saturating_sub(columns(line) + columns(taken));
    let spoken = fitting([flags(&release.languages, left(&sound, " ·  dub")), dub.to_owned()], " ", LINE_COLUMNS);
    let line = joined([sound, spoken]);
    let written = match flags(&release.subtitles, left(&line, " · 💬 ")) {
        flags if flags.is_empty() => flags,
        flags => format!("💬 {flags}"),
    };
    joined([line, written])
}

/// Flags of languages, each once (some countries have several), as many as there is room for, and how many there are more.
fn flags(codes: &[String], room: usize) -> String {
    let mut flags: Vec<String> = Vec::new();
    for flag in codes.iter().map(|code| language::flag(code)) {
        if !flag.is_empty() && !flags.contains(&flag) {
            flags.push(flag);
        }
    }
    let first = |count: usize| {
        let more = Some(flags.len() - count).filter(|more| *more > 0).map(|more| format!("+{more}"));
        flags[..count].iter().cloned().chain(more).collect::<Vec<_>>().join(" ")
    };
    let counts = (0..=flags.len().min(FLAGS)).rev();
    counts.map(first).find(|shown| columns(shown) <= room).unwrap_or_default()
}

/// As many words as fit into so many columns, the first ones; words that are too long are passed over.
fn fitting(words: impl IntoIterator<Item = String>, between: &str, room: usize) -> String {
    let mut line = String::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        let gap = if line.is_empty() { "" } else { between };
        if columns(&line) + columns(gap) + columns(&word) <= room {
            line.push_str(gap);
            line.push_str(&word);
        }
    }
    line
}

fn joined(parts: [String; 2]) -> String {
    fitting(parts, " · ", LINE_COLUMNS)
}

/// How wide a text is, in letters. Half of a flag is as wide as one; a picture counts as two.
fn columns(text: &str) -> usize {
    let width = |c: char| match c {
        '\u{1f1e6}'..='\u{1f1ff}' => 1,
        '\u{1f300}'.. => 2,
        _ => 1,
    };
    text.chars().map(width).sum()
}

/// Decimal units, as players and stores write them: `3.22 GB`, `740 MB`, `12 kB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.into_iter().find(|&(unit, _)| bytes >= unit) {
        Some((unit, name @ ("TB" | "GB"))) => format!("{:.2} {name}", bytes as f64 / unit as f64),
        Some((unit, name)) => format!("{:.0} {name}", bytes as f64 / unit as f64),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Stream, from_entry};
    use super::*;
    use crate::domain::entry::SeriesPart;
    use crate::domain::title::TitleId;
    use crate::protocols::stremio::{AbsoluteUrl, samples};

    fn url(text: &str) -> AbsoluteUrl {
        AbsoluteUrl::parse(text).expect("absolute")
    }

    fn row_of(name: &str) -> Stream {
        let input = release_name::Input { name, caption: "", folder: "" };
        let release = release_name::parse(&input);
        let entry = Entry { name: name.into(), release, width: None, height: None, ..samples::matched() };
        from_entry(&entry, url("https://cine.example/dl/L/a.mkv"))
    }

    #[test]
    fn a_row_says_first_what_viewers_choose_by() {
        let cases = [
            (
                "Film.2021.2160p.UHD.BluRay.REMUX.DV.HDR.HEVC.TrueHD.Atmos.7.1-GRP.mkv",
                "4K DV",
                "3.22 GB · Remux H.265 HDR",
                "🔊 TrueHD Atmos 7.1",
            ),
            (
                "Film.2021.1080p.WEB-DL.HDR10Plus.DDP5.1.x265-GRP.mkv",
                "1080p",
                "3.22 GB · WEB-DL H.265 HDR10+",
                "🔊 DDP 5.1",
            ),
            ("Film.2021.MULTi.1080p.3D.BluRay.x264-GRP.mkv", "1080p 3D", "3.22 GB · BluRay H.264", ""),
        ];
        for (name, quality, picture, sound) in cases {
            let row = row_of(name);
            let wanted: Vec<&str> = [picture, sound, name].into_iter().filter(|line| !line.is_empty()).collect();
            assert_eq!((row.name, row.description), (format!("Cinepost\n{quality}"), wanted.join("\n")));
        }
    }

    #[test]
    fn a_row_says_what_its_file_holds_when_that_is_not_the_thing_itself() {
        let episode = |number| SeriesPart::Episode { season: 1, number };
        let season = |season| SeriesPart::Season { season };
        for (parts, extra, wanted) in [
            (vec![], None, "3.22 GB · BluRay"),
            (vec![episode(4)], None, "3.22 GB · BluRay"),
            (vec![episode(4), episode(5), episode(6)], None, "3.22 GB · Episodes 4-6 · BluRay"),
            (vec![season(1)], None, "3.22 GB · Season 1 · BluRay"),
            (vec![season(1), season(2), season(3)], None, "3.22 GB · Seasons 1-3 · BluRay"),
            (vec![], Some(Extra::Sample), "3.22 GB · Sample · BluRay"),
            (vec![], Some(Extra::Trailer), "3.22 GB · Trailer · BluRay"),
        ] {
            let release = Release { extra, source: Some("BluRay".into()), ..Release::default() };
            let status = Status::Matched { title: TitleId(1), parts: parts.clone(), how: None };
            let entry = Entry { release, status, ..samples::matched() };
            assert_eq!(about_picture(&entry), wanted, "{parts:?} {extra:?}");
        }
    }

    #[test]
    fn many_languages_are_counted_and_none_comes_twice() {
        let codes = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let release = Release {
            languages: codes("en hi ta te ml kn mr tlh"),
            subtitles: codes("en es fr de it pt ru"),
            audio: codes("DDP Atmos"),
            channels: codes("5.1"),
            dubbed: true,
            ..Release::default()
        };
        assert_eq!(about_sound(&release), "🔊 DDP Atmos 5.1 · 🇬🇧 🇮🇳 TLH dub · 💬 +7");
    }

    #[test]
    fn a_name_from_right_to_left_leaves_its_row_in_order() {
        let entry = Entry { name: "סרט (1968).mkv".into(), ..samples::unmatched() };
        let row = from_entry(&entry, url("https://cine.example/dl/L/v.mp4"));
        assert_eq!(row.description, "48 MB\n\u{2068}סרט (1968).mkv\u{2069}");
        assert_eq!(row.behavior_hints.filename, "סרט (1968).mkv", "players compare it with the file's own");
    }

    proptest! {
        #[test]
        fn no_row_is_larger_than_its_place(
            words in proptest::collection::vec("[A-Za-z0-9+ -]{0,24}", 6),
            codes in proptest::collection::vec("[a-z]{2}", 0..12),
            (depth, three_d, dubbed) in any::<(u8, bool, bool)>(),
            hdr in proptest::sample::subsequence(vec!["DV", "HDR", "HDR10+", "HLG", "SDR"], 0..5),
        ) {
            let release = Release {
                resolution: Some(words[0].clone()),
                source: Some(words[1].clone()),
                video_codec: Some(words[2].clone()),
                bit_depth: Some(depth),
                audio: vec![words[3].clone(), words[4].clone()],
                edition: vec![words[5].clone()],
                hdr: hdr.into_iter().map(str::to_owned).collect(),
                languages: codes.clone(),
                subtitles: codes,
                three_d,
                dubbed,
                ..Release::default()
            };
            let row = from_entry(&Entry { release, ..samples::matched() }, url("https://cine.example/dl/L/a.mkv"));
            let lines: Vec<&str> = row.description.lines().collect();
            prop_assert!(lines.len() <= 3, "{lines:?}");
            prop_assert_eq!(lines.last().copied(), Some("Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv"));
            prop_assert!(lines[..lines.len() - 1].iter().all(|line| columns(line) <= LINE_COLUMNS), "{lines:?}");
            prop_assert!(row.name.lines().all(|line| columns(line) <= NAME_COLUMNS), "{}", row.name);
        }
    }

    #[test]
    fn a_bare_video_is_described_by_what_telegram_measured() {
        let stream = from_entry(&samples::unmatched(), url("https://cine.example/dl/L/v.mp4"));
        assert_eq!(stream.name, "Cinepost\n1080p");
        assert_eq!(stream.description, "48 MB\nVID_20240712_183012.mp4");
    }

    #[test]
    fn sizes_are_readable() {
        let cases =
            [(0, "0 bytes"), (999, "999 bytes"), (12_400, "12 kB"), (740_000_000, "740 MB"), (1 << 42, "4.40 TB")];
        for (bytes, wanted) in cases {
            assert_eq!(size(bytes), wanted);
        }
    }
}
