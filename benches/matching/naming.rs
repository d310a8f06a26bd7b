//! A title and a year as the name of a file in a channel.

use super::chance::Chance;

const TAGS: [&str; 8] = [
    "1080p.BluRay.x264-GRP",
    "720p.WEB-DL.H264",
    "DVDRip.XviD",
    "2160p.WEBRip.x265.10bit",
    "480p.HDTV",
    "1080p.WEB-DL.DDP5.1.H.264-NTG",
    "BRRip",
    "720p.HDRip.AAC",
];

/// `year` as it is to stand in the name, if it is.
pub fn file_name(title: &str, year: Option<u16>, chance: &mut Chance) -> String {
    let tags = chance.one_of(&TAGS);
    let spaced = tags.replace('.', " ");
    let extension = chance.one_of(&["mkv", "mkv", "mp4", "avi"]);
    let year = |left: &str, right: &str| year.map(|year| format!("{left}{year}{right}")).unwrap_or_default();
    let stem = match chance.below(9) {
        0 | 1 => format!("{}{}.{tags}", title.replace(' ', "."), year(".", "")),
        2 => format!("{}{}_{}", title.replace(' ', "_"), year("_", ""), tags.replace('.', "_")),
        3 => format!("{title}{} {spaced}", year(" (", ")")),
        4 => format!("{title}{} {spaced}", year(" [", "]")),
        5 => format!("{title}{}", year(" (", ")")),
        6 => format!("{title}{} {spaced}", year(" ", "")).to_lowercase(),
        7 => format!("[@FilmChannel] {title}{} {spaced}", year(" (", ")")),
        _ => format!("{title}{} [{spaced}]", year(" ", "")),
    };
    format!("{stem}.{extension}")
}
