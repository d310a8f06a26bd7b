//! `Entry` -> `Stream`: one row of the list that a viewer picks from, and where it leads.

mod row_text;

use serde::Serialize;

use crate::domain::entry::{Entry, resolution_class};
use crate::domain::rendition::Rendition;
use crate::domain::text::isolated;
use crate::protocols::stremio::AbsoluteUrl;
use release_name::Release;
use row_text::{description, quality};

/// Who made a quality that nobody posted.
const BY_TELEGRAM: &str = "by Telegram";

pub use row_text::size;

/// One playable row. The core drops a stream with `title` beside `description`, so there is no `title` at all.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stream {
    pub name: String,
    pub description: String,
    #[serde(flatten)]
    pub target: Target,
    #[serde(skip_serializing_if = "StreamHints::is_empty")]
    pub behavior_hints: StreamHints,
}

/// Where a row leads. A row without either is dropped.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Target {
    /// Bytes to play.
    #[serde(rename = "url")]
    Play(AbsoluteUrl),
    /// A page, opened in the browser.
    #[serde(rename = "externalUrl")]
    Page(AbsoluteUrl),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamHints {
    /// The next episode is played from the stream with the same group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub binge_group: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub filename: String,
    /// OpenSubtitles' hash of the file, as 16 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_hash: Option<String>,
    /// Bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_size: Option<u64>,
    /// Set unless it is an mp4 over https: Stremio then plays it through its own converter where there is one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_web_ready: bool,
}

impl StreamHints {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `url` is where the file plays, for the person who asks.
pub fn from_entry(entry: &Entry, url: AbsoluteUrl) -> Stream {
    let is_mp4 = entry.name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("mp4"));
    let behavior_hints = StreamHints {
        binge_group: binge_group(entry),
        filename: entry.name.clone(),
        video_hash: entry.probe.as_ref().and_then(|probe| probe.hash).map(|hash| format!("{hash:016x}")),
        video_size: Some(entry.file.len()),
        not_web_ready: !(url.is_https() && is_mp4),
    };
    let quality = quality(entry);
    Stream {
        name: if quality.is_empty() { "Cinepost".to_owned() } else { format!("Cinepost\n{quality}") },
        description: description(entry),
        target: Target::Play(url),
        behavior_hints,
    }
}

/// A quality that Telegram made of an entry's file, and where it plays.
pub fn from_rendition(entry: &Entry, rendition: &Rendition, url: AbsoluteUrl) -> Stream {
    let label = rendition.label().unwrap_or_else(|| "Smaller".to_owned());
    let lower = entry.as_rendition(rendition);
    let about = [size(rendition.video.size), BY_TELEGRAM.to_owned()].join(" · ");
    let behavior_hints = StreamHints {
        binge_group: format!("cinepost|{BY_TELEGRAM}|{label}"),
        filename: lower.name.clone(),
        video_size: Some(rendition.video.size),
        not_web_ready: !url.is_https(),
        ..StreamHints::default()
    };
    let description = format!("{about}\n{}", isolated(&entry.name));
    Stream { name: format!("Cinepost\n{label}"), description, target: Target::Play(url), behavior_hints }
}

/// The qualities that Telegram made of an entry's file, as one stream that changes between them. `url`: their playlist. `None` when no
/// two of them can be played in pieces: there is nothing to change between.
pub fn from_qualities(entry: &Entry, url: AbsoluteUrl) -> Option<Stream> {
    let in_pieces = entry.renditions.iter().filter(|rendition| rendition.playlist.is_some());
    let labels: Vec<String> = in_pieces.filter_map(Rendition::label).collect();
    let [best, .., least] = labels.as_slice() else { return None };
    let behavior_hints = StreamHints {
        binge_group: format!("cinepost|{BY_TELEGRAM}|auto"),
        not_web_ready: !url.is_https(),
        ..StreamHints::default()
    };
    Some(Stream {
        name: "Cinepost\nAuto".to_owned(),
        description: format!("{least} to {best}, as the line allows · {BY_TELEGRAM}\n{}", isolated(&entry.name)),
        target: Target::Play(url),
        behavior_hints,
    })
}

/// A row that explains something instead of playing; the name has room for ten letters.
pub fn notice(name: &str, description: &str, page: AbsoluteUrl) -> Stream {
    Stream {
        name: format!("Cinepost\n{name}"),
        description: description.to_owned(),
        target: Target::Page(page),
        behavior_hints: StreamHints::default(),
    }
}

/// The resolution of the file, or else in its name, or else the class of the picture's size as Telegram measured it. `None` for none.
pub fn resolution(entry: &Entry) -> Option<String> {
    let class = || entry.picture().and_then(|(width, height)| resolution_class(width, height));
    entry.described().resolution.clone().or_else(|| class().map(str::to_owned))
}

/// Files of one release series share it: same quality, source, codec, languages and group. A sample is none of a series.
fn binge_group(entry: &Entry) -> String {
    if entry.release.extra.is_some() {
        return format!("cinepost|{}", entry.id);
    }
    let described = entry.described();
    let Release { source, video_codec, group, languages, hdr, .. } = described.as_ref();
    let resolution = resolution(entry);
    let single = [&resolution, source, video_codec, group].into_iter().flatten();
    let words: Vec<&str> = single.chain(hdr).chain(languages).map(String::as_str).collect();
    format!("cinepost|{}", words.join("|"))
}

#[cfg(test)]
mod tests {
    use media::{Audio, Codec, Facts, Hdr, Kind, ObjectAudio, Track, Video};
    use serde_json::json;

    use super::*;
    use crate::domain::entry::{Inside, Probe};
    use crate::domain::file::Volume;
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;
    use crate::protocols::stremio::samples;

    fn url(text: &str) -> AbsoluteUrl {
        AbsoluteUrl::parse(text).expect("absolute")
    }

    #[test]
    fn a_release_is_described_as_viewers_know_it() {
        let stream = from_entry(&samples::matched(), url("https://cine.example/dl/L/a.mkv"));
        assert_eq!(
            serde_json::to_value(&stream).expect("JSON"),
            json!({
                "name": "Cinepost\n1080p HDR",
                "description": "3.22 GB · BluRay H.264 10-bit Criterion\n\
                                🔊 DTS-HD 5.1 · 🇬🇧 🇫🇷 · 💬 🇪🇸\n\
                                Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv",
                "url": "https://cine.example/dl/L/a.mkv",
                "behaviorHints": {
                    "bingeGroup": "cinepost|1080p|BluRay|H.264|GRP|HDR|en|fr",
                    "filename": "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv",
                    "videoSize": 3_221_225_472u64,
                    "notWebReady": true,
                },
            })
        );
    }

    #[test]
    fn what_the_file_holds_stands_before_its_name() {
        let sound = |channels, language: &str| Track {
            kind: Kind::Audio(Audio { channels, objects: Some(ObjectAudio::Atmos), ..Audio::default() }),
            codec: Codec::Eac3,
            language: Some(language.to_owned()),
            ..Track::default()
        };
        let video = Video { width: 3840, height: 1600, bit_depth: Some(10), hdr: vec![Hdr::Hdr10], ..Video::default() };
        let picture = Track { kind: Kind::Video(video), codec: Codec::Hevc, ..Track::default() };
        let written = Track { kind: Kind::Subtitle, language: Some("pt-BR".into()), ..Track::default() };
        let facts = Facts { tracks: vec![picture, sound(6, "fr"), sound(2, "en"), written], ..Facts::default() };
        let found = Inside::Facts(Box::new(facts));
        let probe = Some(Probe { by: media::VERSION, at: 0, hash: Some(0xab), found });
        let stream = from_entry(&Entry { probe, ..samples::matched() }, url("https://cine.example/dl/L/a.mkv"));
        assert_eq!(stream.name, "Cinepost\n4K HDR");
        let lines: Vec<&str> = stream.description.lines().collect();
        assert_eq!(lines[0], "3.22 GB · not 1080p H.264 · BluRay H.265");
        assert_eq!(lines[1], "🔊 DDP Atmos 5.1 · 🇫🇷 🇬🇧 · 💬 🇵🇹");
        assert_eq!(stream.behavior_hints.binge_group, "cinepost|2160p|BluRay|H.265|GRP|HDR|fr|en");
        assert_eq!(stream.behavior_hints.video_hash.as_deref(), Some("00000000000000ab"));
    }

    #[test]
    fn only_mp4_over_https_is_ready_for_browsers() {
        let cases = [
            ("film.mp4", "https://cine.example/dl/L/film.mp4", false),
            ("FILM.MP4", "https://cine.example/dl/L/FILM.MP4", false),
            ("film.mp4", "http://127.0.0.1:7000/dl/L/film.mp4", true),
            ("film.mkv", "https://cine.example/dl/L/film.mkv", true),
            ("mp4", "https://cine.example/dl/L/mp4", true),
        ];
        for (name, at, wanted) in cases {
            let entry = Entry { name: name.into(), ..samples::matched() };
            assert_eq!(from_entry(&entry, url(at)).behavior_hints.not_web_ready, wanted, "{name} at {at}");
        }
    }

    #[test]
    fn pictures_are_classed_by_width_or_height() {
        let cases = [
            (3840, 1600, Some("2160p")),
            (1920, 800, Some("1080p")),
            (1440, 1080, Some("1080p")),
            (1080, 1920, Some("1080p")),
            (1280, 536, Some("720p")),
            (720, 576, Some("576p")),
            (640, 480, Some("480p")),
            (320, 240, None),
        ];
        for (width, height, wanted) in cases {
            let entry = Entry { width: Some(width), height: Some(height), ..samples::unmatched() };
            assert_eq!(resolution(&entry).as_deref(), wanted, "{width}x{height}");
        }
    }

    #[test]
    fn what_telegram_made_of_a_film_stands_beside_it() {
        let made = |document, height, playlist: bool| {
            let volume = |document| Volume { document: DocumentId(document), dc: Dc(4), size: 90_000_000 };
            let playlist = playlist.then(|| volume(document + 100));
            Rendition {
                video: volume(document),
                playlist,
                width: Some(height * 16 / 9),
                height: Some(height),
                codec: None,
            }
        };
        let film = Entry { renditions: vec![made(1, 720, true), made(2, 480, true)], ..samples::matched() };
        let row = from_rendition(&film, &film.renditions[0], url("https://cine.example/renditions/L/1/film.mp4"));
        assert_eq!(row.name, "Cinepost\n720p");
        assert_eq!(row.description, format!("90 MB · by Telegram\n{}", film.name));
        assert_eq!(row.behavior_hints.video_size, Some(90_000_000));
        assert!(!row.behavior_hints.not_web_ready, "an MP4 over https");
        let all = from_qualities(&film, url("https://cine.example/renditions/L/film.m3u8")).expect("two qualities");
        assert_eq!(all.name, "Cinepost\nAuto");
        assert_eq!(all.description, format!("480p to 720p, as the line allows · by Telegram\n{}", film.name));
        for renditions in [vec![], vec![made(1, 720, true)], vec![made(1, 720, true), made(2, 480, false)]] {
            let film = Entry { renditions, ..film.clone() };
            assert_eq!(from_qualities(&film, url("https://cine.example/x")), None);
        }
    }

    #[test]
    fn a_notice_leads_to_a_page() {
        let row = notice("Ended", "Ask the owner.", url("https://cine.example/access"));
        assert_eq!(
            serde_json::to_value(&row).expect("JSON"),
            json!({
                "name": "Cinepost\nEnded",
                "description": "Ask the owner.",
                "externalUrl": "https://cine.example/access",
            })
        );
    }
}
