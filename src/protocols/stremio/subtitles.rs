//! Subtitles -> a row of Stremio's: a file of their own, or a track inside a film.

use media::{Codec, Track};

use super::language::three_letters;
use super::{AbsoluteUrl, Subtitle};
use crate::domain::entry::Entry;
use crate::domain::subtitles::{About, about, language, named, variety};

/// The row of subtitles that are a file. `url`: where they are had.
pub fn from_entry(entry: &Entry, url: AbsoluteUrl) -> Subtitle {
    let tag = variety(entry).or(language(entry));
    Subtitle { id: format!("cinepost:{}", entry.id), url, lang: tag.map_or("und", three_letters), label: label(entry) }
}

/// The row of a track inside a film.
pub fn from_track(film: &Entry, track: &Track, url: AbsoluteUrl) -> Subtitle {
    let About { language, forced, sdh } = about(track);
    let tag = language.as_deref();
    let format = match track.codec {
        Codec::Ass => "ASS",
        Codec::Ssa => "SSA",
        Codec::WebVtt => "WebVTT",
        Codec::MovText => "MP4",
        _ => "SRT",
    };
    let commentary = track.commentary.then_some("commentary");
    let words = purpose(forced, sdh).chain(commentary).chain(tag.and_then(named));
    let words = words.chain(["inside the file", format]).collect::<Vec<_>>();
    Subtitle {
        id: format!("cinepost:{}:{}", film.id, track.number),
        url,
        lang: tag.map_or("und", three_letters),
        label: words.join(" · "),
    }
}

/// What subtitles are called where they are had: as the file, but SubRip, which every app of Stremio's shows.
pub fn file_name(entry: &Entry) -> String {
    format!("{}.srt", stem(entry))
}

/// The same of a track: as the film, with its language.
pub fn track_name(film: &Entry, track: &Track) -> String {
    let language = about(track).language.map(|tag| format!(".{tag}")).unwrap_or_default();
    format!("{}{language}.srt", stem(film))
}

fn stem(entry: &Entry) -> &str {
    entry.name.rsplit_once('.').map_or(entry.name.as_str(), |(stem, _)| stem)
}

fn purpose<'a>(forced: bool, sdh: bool) -> impl Iterator<Item = &'a str> {
    [forced.then_some("forced"), sdh.then_some("SDH")].into_iter().flatten()
}

/// For whom they are, and the release that they are in time with; where the name says neither, the name.
fn label(entry: &Entry) -> String {
    let release = &entry.release;
    let of_release = [&release.resolution, &release.source, &release.group];
    let words = purpose(release.forced, release.sdh).chain(variety(entry).and_then(named));
    let words = words.chain(of_release.into_iter().flatten().map(String::as_str));
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
            ("Film (2023).pt-BR.forced.ass", "pob", "forced · Brazil", "Film (2023).pt-BR.forced.srt"),
            ("Film (2023).pt.srt", "por", "Film (2023).pt.srt", "Film (2023).pt.srt"),
            ("Film (2023).zh-Hant.srt", "chi", "Traditional", "Film (2023).zh-Hant.srt"),
            ("Film (2023) Spanish (Latino).srt", "spa", "Latin America", "Film (2023) Spanish (Latino).srt"),
            ("Film (2023) German SDH.vtt", "ger", "SDH", "Film (2023) German SDH.srt"),
            ("Film (2023).srt", "und", "Film (2023).srt", "Film (2023).srt"),
        ] {
            let release = release_name::parse(&Input { name, ..Input::default() });
            let entry = Entry { name: name.to_owned(), release, ..samples::unmatched() };
            let row = from_entry(&entry, AbsoluteUrl::parse("https://films.example.org/x").expect("absolute"));
            assert_eq!((row.lang, row.label.as_str(), file_name(&entry).as_str()), (lang, label, file), "{name}");
        }
    }
    #[test]
    fn a_row_of_a_track_says_that_it_is_inside_and_what_it_is() {
        let track = |codec, language: Option<&str>, title: Option<&str>| Track {
            number: 3,
            codec,
            language: language.map(str::to_owned),
            title: title.map(str::to_owned),
            ..Track::default()
        };
        let film = Entry { name: "Film.2023.mkv".to_owned(), ..samples::matched() };
        for (track, lang, label, name) in [
            (track(Codec::SubRip, Some("en"), None), "eng", "inside the file · SRT", "Film.2023.en.srt"),
            (track(Codec::Ass, Some("pt-BR"), None), "pob", "Brazil · inside the file · ASS", "Film.2023.pt-BR.srt"),
            (
                track(Codec::MovText, None, Some("German (SDH)")),
                "ger",
                "SDH · inside the file · MP4",
                "Film.2023.de.srt",
            ),
            (
                Track { forced: true, ..track(Codec::WebVtt, None, None) },
                "und",
                "forced · inside the file · WebVTT",
                "Film.2023.srt",
            ),
        ] {
            let row = from_track(&film, &track, AbsoluteUrl::parse("https://films.example.org/x").expect("absolute"));
            assert_eq!((row.lang, row.label.as_str(), track_name(&film, &track).as_str()), (lang, label, name));
            assert_eq!(row.id, format!("cinepost:{}:3", film.id));
        }
    }
}
