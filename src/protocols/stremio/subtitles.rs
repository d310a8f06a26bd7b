//! An entry of subtitles -> a row of Stremio's.

use super::language::three_letters;
use super::{AbsoluteUrl, Subtitle};
use crate::domain::entry::Entry;
use crate::domain::subtitles::language;

/// The row of subtitles. `url`: where they are had.
pub fn from_entry(entry: &Entry, url: AbsoluteUrl) -> Subtitle {
    let lang = language(entry).map_or("und", three_letters);
    Subtitle { id: format!("cinepost:{}", entry.id), url, lang, label: label(entry) }
}

/// What they are called where they are had: as the file, but SubRip, which every app of Stremio's shows.
pub fn file_name(entry: &Entry) -> String {
    let stem = entry.name.rsplit_once('.').map_or(entry.name.as_str(), |(stem, _)| stem);
    format!("{stem}.srt")
}

/// For whom they are, and the release that they are in time with; where the name says neither, the name.
fn label(entry: &Entry) -> String {
    let release = &entry.release;
    let purpose = [release.forced.then_some("forced"), release.sdh.then_some("SDH")];
    let of_release = [&release.resolution, &release.source, &release.group];
    let words = purpose.into_iter().flatten().chain(of_release.into_iter().flatten().map(String::as_str));
    let label = words.collect::<Vec<_>>().join(" · ");
    if label.is_empty() { entry.name.clone() } else { label }
}

#[cfg(test)]
mod tests {
    use release_name::Input;

    use super::*;
    use crate::protocols::stremio::samples;

    #[test]
    fn a_row_tells_subtitles_of_one_language_apart() {
        for (name, lang, label, file) in [
            (
                "Film.2023.1080p.BluRay.x264-GRP.en.srt",
                "eng",
                "1080p · BluRay · GRP",
                "Film.2023.1080p.BluRay.x264-GRP.en.srt",
            ),
            ("Film (2023).pt-BR.forced.ass", "por", "forced", "Film (2023).pt-BR.forced.srt"),
            ("Film (2023) German SDH.vtt", "ger", "SDH", "Film (2023) German SDH.srt"),
            ("Film (2023).srt", "und", "Film (2023).srt", "Film (2023).srt"),
        ] {
            let release = release_name::parse(&Input { name, ..Input::default() });
            let entry = Entry { name: name.to_owned(), release, ..samples::unmatched() };
            let row = from_entry(&entry, AbsoluteUrl::parse("https://films.example.org/x").expect("absolute"));
            assert_eq!((row.lang, row.label.as_str(), file_name(&entry).as_str()), (lang, label, file), "{name}");
        }
    }
}
