//! `<fileinfo>`: what a file holds, in Kodi's words. Its bytes tell it; of a file that nobody looked into, its name does as far as it can.

use media::{Audio, Codec, Facts, Hdr, ObjectAudio, Track, Video};

use super::xml::Xml;
use crate::domain::entry::Entry;
use crate::domain::language::three_letters;

pub(super) fn write(xml: &mut Xml, entry: &Entry) {
    xml.inside("fileinfo", |xml| {
        xml.inside("streamdetails", |xml| match entry.facts() {
            Some(facts) => of_bytes(xml, entry, facts),
            None => of_name(xml, entry),
        });
    });
}

fn of_bytes(xml: &mut Xml, entry: &Entry, facts: &Facts) {
    if let Some((track, video)) = facts.video() {
        xml.inside("video", |xml| {
            xml.text("codec", &codec_name(track.codec));
            let shown = video.display.unwrap_or((video.width, video.height));
            size(xml, (video.width, video.height), shown);
            xml.number("durationinseconds", entry.runtime_secs());
            xml.text("scantype", if video.interlaced { "Interlaced" } else { "" });
            xml.text("hdrtype", hdr(video));
        });
    }
    for (track, audio) in facts.audio() {
        xml.inside("audio", |xml| {
            xml.text("codec", &sound(track, audio));
            language(xml, track);
            xml.number("channels", Some(u32::from(audio.channels)).filter(|channels| *channels > 0));
        });
    }
    for track in facts.subtitles() {
        xml.inside("subtitle", |xml| language(xml, track));
    }
}

fn of_name(xml: &mut Xml, entry: &Entry) {
    let release = entry.described();
    xml.inside("video", |xml| {
        let codec = release.video_codec.as_deref().and_then(video_word);
        xml.text("codec", codec.unwrap_or_default());
        if let Some(picture) = entry.picture() {
            size(xml, picture, picture);
        }
        xml.number("durationinseconds", entry.runtime_secs());
        xml.text("hdrtype", release.hdr.iter().find_map(|word| hdr_word(word)).unwrap_or_default());
    });
    // Which language is in which track no name tells: one for each language.
    let codec = release.audio.iter().find_map(|word| sound_word(word)).unwrap_or_default();
    let channels = release.channels.first().and_then(|word| channels(word));
    let spoken: Vec<&str> = release.languages.iter().map(String::as_str).collect();
    let is_said = !codec.is_empty() || channels.is_some();
    let unnamed = if is_said { &[""][..] } else { &[] };
    for code in if spoken.is_empty() { unnamed } else { spoken.as_slice() } {
        xml.inside("audio", |xml| {
            xml.text("codec", codec);
            xml.text("language", known(code));
            xml.number("channels", channels);
        });
    }
    for code in &release.subtitles {
        xml.inside("subtitle", |xml| xml.text("language", known(code)));
    }
}

/// Pixels, and how wide it is shown for its height.
fn size(xml: &mut Xml, (width, height): (u32, u32), (shown_width, shown_height): (u32, u32)) {
    if width == 0 || height == 0 {
        return;
    }
    if shown_height > 0 {
        xml.text("aspect", &format!("{:.2}", f64::from(shown_width) / f64::from(shown_height)));
    }
    xml.number("width", Some(width));
    xml.number("height", Some(height));
}

fn language(xml: &mut Xml, track: &Track) {
    xml.text("language", track.language.as_deref().map_or("", known));
}

/// Empty for what has no three letters here.
fn known(code: &str) -> &'static str {
    match three_letters(code) {
        "und" => "",
        letters => letters,
    }
}

/// As ffmpeg calls it, which is as Kodi does. Empty for none that is known.
fn codec_name(codec: Codec) -> String {
    match (codec, serde_json::to_value(codec)) {
        (Codec::Other, _) => String::new(),
        (_, Ok(serde_json::Value::String(name))) => name,
        _ => String::new(),
    }
}

/// Kodi has words of its own for sound that is more than its codec.
fn sound(track: &Track, audio: &Audio) -> String {
    let is_hd = track.profile.as_deref().is_some_and(|profile| profile.starts_with("DTS-HD MA"));
    match (track.codec, audio.objects) {
        (Codec::TrueHd, Some(ObjectAudio::Atmos)) => "truehd_atmos".to_owned(),
        (Codec::Eac3, Some(ObjectAudio::Atmos)) => "eac3_ddp_atmos".to_owned(),
        (Codec::Dts, Some(ObjectAudio::DtsX)) => "dtshd_ma_x".to_owned(),
        (Codec::Dts, _) if is_hd => "dtshd_ma".to_owned(),
        (Codec::Dts, _) => "dca".to_owned(),
        (codec, _) => codec_name(codec),
    }
}

/// The best that it can be shown in.
fn hdr(video: &Video) -> &'static str {
    let rank = |hdr: &Hdr| match hdr {
        Hdr::DolbyVision { .. } => (3, "dolbyvision"),
        Hdr::Hdr10Plus => (2, "hdr10plus"),
        Hdr::Hdr10 => (1, "hdr10"),
        Hdr::Hlg => (0, "hlg"),
    };
    video.hdr.iter().map(rank).max().map_or("", |(_, word)| word)
}

fn hdr_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "DV" => "dolbyvision",
        "HDR10+" => "hdr10plus",
        "HDR" => "hdr10",
        "HLG" => "hlg",
        _ => return None,
    })
}

fn video_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "H.264" => "h264",
        "H.265" => "hevc",
        "H.266" => "vvc",
        "AV1" => "av1",
        "VP8" => "vp8",
        "VP9" => "vp9",
        "MPEG-2" => "mpeg2video",
        "Xvid" | "DivX" => "mpeg4",
        "H.263" => "h263",
        "VC-1" => "vc1",
        _ => return None,
    })
}

fn sound_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "AAC" => "aac",
        "DD" => "ac3",
        "DDP" => "eac3",
        "TrueHD" => "truehd",
        "DTS" => "dca",
        "DTS-HD" => "dtshd_ma",
        "DTS:X" => "dtshd_ma_x",
        "FLAC" => "flac",
        "Opus" => "opus",
        "Vorbis" => "vorbis",
        "MP3" => "mp3",
        "MP2" => "mp2",
        "PCM" => "pcm",
        _ => return None,
    })
}

/// `5.1` is six.
fn channels(word: &str) -> Option<u32> {
    let (front, low) = word.split_once('.')?;
    Some(front.parse::<u32>().ok()?.saturating_add(low.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use media::Kind;

    use super::*;
    use crate::domain::entry::{EntryId, Inside, Probe};
    use crate::domain::file::{VirtualFile, Volume};
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;
    use release_name::Release;

    fn file() -> Entry {
        let document = DocumentId(1);
        let volume = Volume { document, dc: Dc(2), size: 1 };
        let text = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let release = Release {
            video_codec: Some("H.264".into()),
            hdr: text(&["DV", "HDR"]),
            audio: text(&["Atmos", "DDP"]),
            channels: text(&["5.1"]),
            languages: text(&["de", "en"]),
            subtitles: text(&["xx", "fr"]),
            ..Release::default()
        };
        Entry {
            release,
            duration_secs: Some(5760),
            width: Some(1920),
            height: Some(800),
            ..Entry::of(EntryId::from_documents(&[document]), VirtualFile::single(volume), "a.mkv", "")
        }
    }

    fn written(entry: &Entry) -> String {
        let mut xml = Xml::document();
        write(&mut xml, entry);
        let text = xml.finish();
        text.lines().skip(1).map(str::trim).collect()
    }

    #[test]
    fn a_name_says_what_nobody_looked_for() {
        assert_eq!(
            written(&file()),
            "<fileinfo><streamdetails>\
             <video><codec>h264</codec><aspect>2.40</aspect><width>1920</width><height>800</height>\
             <durationinseconds>5760</durationinseconds><hdrtype>dolbyvision</hdrtype></video>\
             <audio><codec>eac3</codec><language>ger</language><channels>6</channels></audio>\
             <audio><codec>eac3</codec><language>eng</language><channels>6</channels></audio>\
             <subtitle><language>fre</language></subtitle></streamdetails></fileinfo>"
        );
        let nothing = Entry { release: Release::default(), duration_secs: None, width: None, ..file() };
        assert_eq!(written(&nothing), "");
    }

    #[test]
    fn bytes_say_it_before_the_name() {
        let video = Video {
            width: 720,
            height: 576,
            display: Some((1024, 576)),
            interlaced: true,
            hdr: vec![Hdr::Hlg, Hdr::Hdr10],
            ..Video::default()
        };
        let audio = |channels, objects| Kind::Audio(Audio { channels, objects, ..Audio::default() });
        let track = |kind, codec, language: Option<&str>| Track {
            kind,
            codec,
            language: language.map(str::to_owned),
            ..Track::default()
        };
        let tracks = vec![
            track(Kind::Video(video), Codec::Hevc, None),
            track(audio(8, Some(ObjectAudio::Atmos)), Codec::TrueHd, Some("en")),
            Track { profile: Some("DTS-HD MA".into()), ..track(audio(6, None), Codec::Dts, Some("pt-BR")) },
            track(audio(0, None), Codec::Other, None),
            track(Kind::Subtitle, Codec::Pgs, Some("ja")),
        ];
        let facts = Facts { duration_ms: Some(90_500), tracks, ..Facts::default() };
        let probe = Some(Probe { by: 1, at: 0, hash: None, found: Inside::Facts(Box::new(facts)) });
        assert_eq!(
            written(&Entry { probe, ..file() }),
            "<fileinfo><streamdetails>\
             <video><codec>hevc</codec><aspect>1.78</aspect><width>720</width><height>576</height>\
             <durationinseconds>91</durationinseconds><scantype>Interlaced</scantype><hdrtype>hdr10</hdrtype></video>\
             <audio><codec>truehd_atmos</codec><language>eng</language><channels>8</channels></audio>\
             <audio><codec>dtshd_ma</codec><language>por</language><channels>6</channels></audio>\
             <subtitle><language>jpn</language></subtitle></streamdetails></fileinfo>"
        );
    }
}
