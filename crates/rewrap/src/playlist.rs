//! Playlists (RFC 8216): whole before the first segment is made.

use std::fmt::Write;

use media::Facts;

use crate::{Film, TrackKind, encoded};

/// Where a track's parts are found: absolute, or relative to the playlist.
pub trait Addresses {
    /// The initialization segment.
    fn init(&self) -> String;
    /// The segment with this number, from 0.
    fn segment(&self, number: usize) -> String;
}

/// The playlist of one track: every segment with its length. All tracks of a film have the same lengths: sounds are cut where pictures are.
pub fn media_playlist(film: &Film, addresses: &impl Addresses) -> String {
    of_lengths(film, film.segments.iter().map(|segment| segment.seconds()), addresses)
}

/// A playlist of segments with these lengths in seconds. All playlists of a film name one longest length, whichever segments are longest.
pub(crate) fn of_lengths(film: &Film, lengths: impl Iterator<Item = f64>, addresses: &impl Addresses) -> String {
    let longest = film.segments.iter().map(|segment| segment.seconds()).fold(encoded::longest(film), f64::max);
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n");
    // A whole number, and none that a segment's length is rounded to may be larger.
    let _ = writeln!(text, "#EXT-X-TARGETDURATION:{}", (longest.ceil() as u64).max(1));
    text.push_str("#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    let _ = writeln!(text, "#EXT-X-MAP:URI=\"{}\"", quoted(&addresses.init()));
    for (number, seconds) in lengths.enumerate() {
        let _ = writeln!(text, "#EXTINF:{seconds:.6},\n{}", addresses.segment(number));
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

/// A sound that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendition {
    /// Of its playlist.
    pub address: String,
    /// As in [`crate::Track::codecs`]; of a sound that is encoded anew what it becomes (`mp4a.40.2`).
    pub codecs: String,
    /// What people read.
    pub name: String,
    /// BCP 47.
    pub language: Option<String>,
    /// Players choose it unless somebody chose.
    pub default: bool,
    /// Somebody tells what is seen.
    pub describes_video: bool,
    /// 6 is 5.1.
    pub channels: u16,
}

impl Rendition {
    /// One of the film's own sounds: `track` is its place in [`Film::tracks`]. What it is called and spoken in comes from the facts.
    pub fn of(film: &Film, track: usize, facts: &Facts, address: String) -> Option<Self> {
        let its = film.tracks.get(track)?;
        let TrackKind::Audio { channels, .. } = its.kind else { return None };
        let told = facts.tracks.iter().find(|told| told.number == its.number);
        let language = told.and_then(|told| told.language.clone());
        let name = told.and_then(|told| told.title.clone()).or_else(|| language.clone());
        Some(Self {
            address,
            codecs: its.codecs.clone(),
            name: name.unwrap_or_else(|| "Sound".into()),
            language,
            default: told.is_some_and(|told| told.default),
            describes_video: told.is_some_and(|told| told.visual_impaired),
            channels,
        })
    }
}

/// The playlist that a player is given: the picture, and the sounds to choose from. Sounds of one codec are one group, and the picture is named once for each
/// group, so that a player takes the first that it can decode.
pub fn master_playlist(film: &Film, picture: &str, sounds: &[Rendition]) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    let mut groups: Vec<&str> = Vec::new();
    for sound in sounds {
        if !groups.contains(&sound.codecs.as_str()) {
            groups.push(&sound.codecs);
        }
    }
    for (group, codecs) in groups.iter().enumerate() {
        media(&mut text, group, sounds.iter().filter(|sound| sound.codecs == *codecs));
    }
    let names: Vec<(Option<usize>, Option<&str>)> = match groups.is_empty() {
        true => vec![(None, None)],
        false => groups.iter().enumerate().map(|(group, codecs)| (Some(group), Some(*codecs))).collect(),
    };
    for (group, codecs) in names {
        stream(&mut text, film, group, codecs);
        let _ = writeln!(text, "{picture}");
    }
    text
}

fn media<'a>(text: &mut String, group: usize, sounds: impl Iterator<Item = &'a Rendition> + Clone) {
    let chosen = sounds.clone().position(|sound| sound.default).unwrap_or(0);
    let mut names: Vec<String> = Vec::new();
    for (place, sound) in sounds.enumerate() {
        // Two sounds of one group may not have one name.
        let name = quoted(&sound.name);
        let mut unique = name.clone();
        let mut count = 1;
        while names.contains(&unique) {
            count += 1;
            unique = format!("{name} ({count})");
        }
        let _ = write!(text, "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound{group}\",NAME=\"{unique}\"");
        if let Some(language) = &sound.language {
            let _ = write!(text, ",LANGUAGE=\"{}\"", quoted(language));
        }
        let default = if place == chosen { "YES" } else { "NO" };
        let _ = write!(text, ",DEFAULT={default},AUTOSELECT=YES");
        if sound.describes_video {
            text.push_str(",CHARACTERISTICS=\"public.accessibility.describes-video\"");
        }
        let _ = writeln!(text, ",CHANNELS=\"{}\",URI=\"{}\"", sound.channels.max(1), quoted(&sound.address));
        names.push(unique);
    }
}

fn stream(text: &mut String, film: &Film, group: Option<usize>, sound: Option<&str>) {
    let (peak, average) = bits_per_second(film);
    let _ = write!(text, "#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average}");
    let picture = film.tracks.first().filter(|track| track.is_video());
    let codecs: Vec<&str> = picture.map(|picture| picture.codecs.as_str()).into_iter().chain(sound).collect();
    let _ = write!(text, ",CODECS=\"{}\"", codecs.join(","));
    if let Some(TrackKind::Video { width, height, transfer, frame_rate }) = picture.map(|picture| &picture.kind) {
        let _ = write!(text, ",RESOLUTION={width}x{height}");
        if let Some(rate) = frame_rate {
            let _ = write!(text, ",FRAME-RATE={rate:.3}");
        }
        match transfer {
            Some(16) => text.push_str(",VIDEO-RANGE=PQ"),
            Some(18) => text.push_str(",VIDEO-RANGE=HLG"),
            _ => {}
        }
    }
    if let Some(group) = group {
        let _ = write!(text, ",AUDIO=\"sound{group}\"");
    }
    text.push('\n');
}

/// Of the fullest segment, and of all, by where their bytes stand in the file; all its sounds included.
fn bits_per_second(film: &Film) -> (u64, u64) {
    let ends = film.segments.iter().skip(1).map(|next| next.offset).chain([film.end()]);
    let rate = |bytes: u64, seconds: f64| if seconds > 0.0 { (bytes as f64 * 8.0 / seconds) as u64 } else { 0 };
    let each =
        film.segments.iter().zip(ends).map(|(segment, end)| (end.saturating_sub(segment.offset), segment.seconds()));
    // The last is short, and its bytes may be the index's.
    let several = film.segments.len() > 1;
    let counted = each.clone().take(if several { film.segments.len() - 1 } else { 1 });
    let peak = counted.map(|(bytes, seconds)| rate(bytes, seconds)).max().unwrap_or_default();
    let (bytes, seconds) = each.fold((0, 0.0), |(bytes, all), (more, seconds)| (bytes + more, all + seconds));
    let average = rate(bytes, seconds).max(1);
    (peak.max(average), average)
}

/// A quoted string can hold neither its own end nor the line's.
fn quoted(text: &str) -> String {
    text.chars().map(|c| if c == '"' { '\'' } else { c }).filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Segment, Track,
        film::Source,
        mp4::{Movie, Way, tables::Tables},
    };
    use media::Codec;

    struct Numbered;

    impl Addresses for Numbered {
        fn init(&self) -> String {
            "init.mp4".into()
        }

        fn segment(&self, number: usize) -> String {
            format!("{number}.m4s")
        }
    }

    fn film(starts_ms: &[u64]) -> Film {
        let segment = |two: &[u64]| Segment {
            start_ns: two[0] * 1_000_000,
            end_ns: two[1] * 1_000_000,
            offset: two[0] * 1000,
            sample: 0,
        };
        let kind =
            TrackKind::Video { width: 1920, height: 1080, transfer: Some(16), frame_rate: Some(24000.0 / 1001.0) };
        let track = Track {
            number: 1,
            codec: Codec::Hevc,
            codecs: "hvc1.2.4.L120.B0".into(),
            kind,
            timescale: 90_000,
            entry: Vec::new(),
            reorder: 2,
            step: 1,
            matrix: None,
            plays: true,
        };
        let way = Way { tables: Tables::read(&[]), shift: 0 };
        let movie = Movie { ways: vec![way], size: 12_000_000 };
        Film {
            tracks: vec![track],
            left_out: Vec::new(),
            segments: starts_ms.windows(2).map(segment).collect(),
            source: Source::Mp4(movie.into()),
        }
    }

    #[test]
    fn a_playlist_says_each_segment_and_its_length() {
        let expected = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:7\n#EXT-X-MEDIA-SEQUENCE:0\n\
            #EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n\
            #EXTINF:6.006000,\n0.m4s\n#EXTINF:6.257000,\n1.m4s\n#EXTINF:0.500000,\n2.m4s\n#EXT-X-ENDLIST\n";
        assert_eq!(media_playlist(&film(&[0, 6006, 12_263, 12_763]), &Numbered), expected);
    }

    #[test]
    fn sounds_of_one_codec_are_a_group_and_none_has_anothers_name() {
        let sound = |name: &str, codecs: &str, default| Rendition {
            address: format!("{name}.m3u8"),
            codecs: codecs.into(),
            name: name.into(),
            language: Some("en".into()),
            default,
            describes_video: false,
            channels: 6,
        };
        let sounds = [
            sound("Say \"hi\"", "mp4a.40.2", false),
            sound("English", "mp4a.40.2", true),
            sound("English", "mp4a.40.2", true),
            sound("English", "ec-3", false),
        ];
        let text = master_playlist(&film(&[0, 6000, 12_000]), "picture.m3u8", &sounds);
        let expected = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound0\",NAME=\"Say 'hi'\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,CHANNELS=\"6\",URI=\"Say 'hi'.m3u8\"\n\
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound0\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"6\",URI=\"English.m3u8\"\n\
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound0\",NAME=\"English (2)\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,CHANNELS=\"6\",URI=\"English.m3u8\"\n\
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound1\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"6\",URI=\"English.m3u8\"\n\
            #EXT-X-STREAM-INF:BANDWIDTH=8000000,AVERAGE-BANDWIDTH=8000000,CODECS=\"hvc1.2.4.L120.B0,mp4a.40.2\",RESOLUTION=1920x1080,FRAME-RATE=23.976,VIDEO-RANGE=PQ,AUDIO=\"sound0\"\n\
            picture.m3u8\n\
            #EXT-X-STREAM-INF:BANDWIDTH=8000000,AVERAGE-BANDWIDTH=8000000,CODECS=\"hvc1.2.4.L120.B0,ec-3\",RESOLUTION=1920x1080,FRAME-RATE=23.976,VIDEO-RANGE=PQ,AUDIO=\"sound1\"\n\
            picture.m3u8\n";
        assert_eq!(text, expected);
    }
}
