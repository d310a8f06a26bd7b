//! `Entry` -> `Stream`: one row of the list that a viewer picks from.

use serde::Serialize;

use super::{AbsoluteUrl, language};
use crate::domain::entry::Entry;
use crate::domain::release::Release;

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
    let release = &entry.release;
    let is_mp4 = entry.name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("mp4"));
    let behavior_hints = StreamHints {
        binge_group: binge_group(entry),
        filename: entry.name.clone(),
        video_size: Some(entry.file.len()),
        not_web_ready: !(url.is_https() && is_mp4),
    };
    let quality = [resolution(entry)].into_iter().flatten().chain(release.hdr.iter().cloned());
    let quality: Vec<String> = quality.chain(release.three_d.then(|| "3D".to_owned())).collect();
    Stream {
        name: ["Cinepost".to_owned(), quality.join(" ")]
            .into_iter()
            .filter(|l| !l.is_empty())
            .collect::<Vec<_>>()
            .join("\n"),
        description: description(entry),
        target: Target::Play(url),
        behavior_hints,
    }
}

/// A row that explains something instead of playing.
pub fn notice(name: &str, description: &str, page: AbsoluteUrl) -> Stream {
    Stream {
        name: format!("Cinepost\n{name}"),
        description: description.to_owned(),
        target: Target::Page(page),
        behavior_hints: StreamHints::default(),
    }
}

fn description(entry: &Entry) -> String {
    let release = &entry.release;
    let depth = release.bit_depth.filter(|&bits| bits > 8).map(|bits| format!("{bits}-bit"));
    let video = [&release.source, &release.video_codec, &depth].into_iter().flatten().chain(&release.edition);
    let audio = release.audio.iter().chain(&release.channels);
    let mut languages: Vec<String> = release.languages.iter().map(|code| language::label(code)).collect();
    if release.dubbed {
        languages.push("dubbed".into());
    }
    let subtitles = release.subtitles.iter().map(|code| language::label(code));
    let size = [Some(size(entry.file.len())), release.group.clone()].into_iter().flatten();
    [
        ("📄 ", entry.name.clone()),
        ("💾 ", join(size)),
        ("🎞️ ", join(video)),
        ("🔊 ", join(audio)),
        ("🌐 ", join(languages)),
        ("💬 ", join(subtitles)),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(sign, text)| format!("{sign}{text}"))
    .collect::<Vec<_>>()
    .join("\n")
}

fn join(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    words.into_iter().map(|word| word.as_ref().to_owned()).collect::<Vec<_>>().join(" · ")
}

/// What the name says, or else the class of the picture's size as Telegram measured it.
pub fn resolution(entry: &Entry) -> Option<String> {
    if let Some(resolution) = &entry.release.resolution {
        return Some(resolution.clone());
    }
    // Wide films have fewer lines than their class says, so the width decides as well; upright videos are turned.
    let (long, short) = match (entry.width?, entry.height?) {
        (w, h) if w >= h => (w, h),
        (w, h) => (h, w),
    };
    const CLASSES: [(u32, u32, &str); 5] =
        [(3200, 1700, "2160p"), (1800, 900, "1080p"), (1200, 650, "720p"), (900, 520, "576p"), (600, 400, "480p")];
    CLASSES.iter().find(|(l, s, _)| long >= *l || short >= *s).map(|&(_, _, class)| class.to_owned())
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

/// Files of one release series share it: same quality, source, codec, languages and group.
fn binge_group(entry: &Entry) -> String {
    let Release { source, video_codec, group, languages, hdr, .. } = &entry.release;
    let resolution = resolution(entry);
    let single = [&resolution, source, video_codec, group].into_iter().flatten();
    let words: Vec<&str> = single.chain(hdr).chain(languages).map(String::as_str).collect();
    format!("cinepost|{}", words.join("|"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples;
    use super::*;

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
                "description": "📄 Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv\n\
                                💾 3.22 GB · GRP\n\
                                🎞️ BluRay · H.264 · 10-bit · Criterion\n\
                                🔊 DTS-HD · 5.1\n\
                                🌐 🇬🇧 English · 🇫🇷 French\n\
                                💬 🇪🇸 Spanish",
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
    fn a_bare_video_is_described_by_what_telegram_measured() {
        let stream = from_entry(&samples::unmatched(), url("https://cine.example/dl/L/v.mp4"));
        assert_eq!(stream.name, "Cinepost\n1080p");
        assert_eq!(stream.description, "📄 VID_20240712_183012.mp4\n💾 48 MB");
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
    fn sizes_are_readable() {
        let cases =
            [(0, "0 bytes"), (999, "999 bytes"), (12_400, "12 kB"), (740_000_000, "740 MB"), (1 << 42, "4.40 TB")];
        for (bytes, wanted) in cases {
            assert_eq!(size(bytes), wanted);
        }
    }

    #[test]
    fn a_notice_leads_to_a_page() {
        let row = notice("Access ended", "Ask the owner.", url("https://cine.example/access"));
        assert_eq!(
            serde_json::to_value(&row).expect("JSON"),
            json!({
                "name": "Cinepost\nAccess ended",
                "description": "Ask the owner.",
                "externalUrl": "https://cine.example/access",
            })
        );
    }
}
