//! A release as its file is: what the bytes say stands before what the name says.
//!
//! | field | the bytes say it | and the name |
//! | --- | --- | --- |
//! | resolution, codec, depth | by the first picture | keeps its word where it means the same: `540p`, `DivX` |
//! | HDR | by the picture's colours and Dolby's record | adds what a container need not tell: `HDR10+`, `DV`; nothing to a picture of 8 bits |
//! | sound, most channels | by the tracks that are no commentary | speaks where no track's codec is known |
//! | languages | by these tracks | speaks for those that name none |
//! | subtitles | by the tracks | adds those that are part of the picture |
//!
//! What a file was taken from, its edition and its group only the name knows.

use std::borrow::Cow;

use media::{Codec, Facts, Hdr, ObjectAudio, Track, Video};
use release_name::Release;

use super::Entry;

impl Entry {
    /// What the name told, corrected by what the file holds.
    pub fn described(&self) -> Cow<'_, Release> {
        match self.facts() {
            Some(facts) => Cow::Owned(corrected(&self.release, facts)),
            None => Cow::Borrowed(&self.release),
        }
    }

    /// What the name says and the file does not hold: `2160p`, `H.265`, in few words.
    pub fn misnamed(&self) -> Vec<String> {
        let Some((track, video)) = self.facts().and_then(Facts::video) else { return Vec::new() };
        let Release { resolution, video_codec, hdr, .. } = &self.release;
        let is_other = |said: &Option<String>, agrees: &dyn Fn(&str) -> bool| said.clone().filter(|said| !agrees(said));
        let lines = is_other(resolution, &|said| has_lines(video, said));
        let codec = is_other(video_codec, &|said| codec_word(track.codec).is_none_or(|word| means(said, word)));
        let range = hdr.iter().find(|said| *said != "SDR" && is_without_hdr(video)).cloned();
        [lines, codec, range].into_iter().flatten().collect()
    }

    /// How long it plays, in seconds.
    pub fn runtime_secs(&self) -> Option<u32> {
        let inside = self.facts().and_then(|facts| facts.duration_ms).filter(|ms| *ms > 0);
        inside.and_then(|ms| u32::try_from(ms.div_ceil(1000)).ok()).or(self.duration_secs)
    }

    /// Width and height of the picture, as far as the file or else Telegram says.
    pub fn picture(&self) -> Option<(u32, u32)> {
        let inside = self.facts().and_then(Facts::video).map(|(_, video)| (video.width, video.height));
        inside.filter(|(width, height)| *width > 0 && *height > 0).or(self.width.zip(self.height))
    }

    pub fn facts(&self) -> Option<&Facts> {
        self.probe.as_ref()?.facts()
    }
}

/// Of languages that are spoken, those that the name tells, corrected.
pub fn spoken(named: &[String], facts: &Facts) -> Vec<String> {
    let tracks: Vec<&Track> = sounds(facts).collect();
    let mut spoken = Vec::new();
    tracks.iter().filter_map(|track| base_language(track)).for_each(|code| add(&mut spoken, code));
    if tracks.iter().any(|track| track.language.is_none()) || tracks.is_empty() {
        named.iter().for_each(|code| add(&mut spoken, code));
    }
    spoken
}

/// The class of a picture's size: `1080p`. Wide films have fewer lines than their class says, so the width decides as well; upright videos
/// are turned. `None` for pictures smaller than any.
pub fn resolution_class(width: u32, height: u32) -> Option<&'static str> {
    const CLASSES: [(u32, u32, &str); 6] = [
        (6400, 3400, "4320p"),
        (3200, 1700, "2160p"),
        (1800, 900, "1080p"),
        (1200, 650, "720p"),
        (900, 520, "576p"),
        (600, 400, "480p"),
    ];
    let (long, short) = (width.max(height), width.min(height));
    CLASSES.iter().find(|(l, s, _)| long >= *l || short >= *s).map(|&(_, _, class)| class)
}

fn corrected(named: &Release, facts: &Facts) -> Release {
    let mut release = named.clone();
    if let Some((track, video)) = facts.video() {
        correct_picture(&mut release, track, video);
    }
    let mut codecs = Vec::new();
    sounds(facts).flat_map(sound_words).for_each(|word| add(&mut codecs, word));
    if !codecs.is_empty() {
        release.audio = codecs;
    }
    if let Some(channels) = most_channels(facts) {
        release.channels = vec![channels.to_owned()];
    }
    release.languages = spoken(&named.languages, facts);
    let mut written = Vec::new();
    facts.subtitles().filter_map(base_language).for_each(|code| add(&mut written, code));
    if facts.subtitles().next().is_some() {
        release.subbed = true;
    }
    if named.hardcoded_subs || written.is_empty() {
        named.subtitles.iter().for_each(|code| add(&mut written, code));
    }
    release.subtitles = written;
    release
}

fn correct_picture(release: &mut Release, track: &Track, video: &Video) {
    if !release.resolution.as_ref().is_some_and(|said| has_lines(video, said)) {
        let class = resolution_class(video.width, video.height);
        release.resolution = class.map(|class| match video.interlaced {
            true => class.replace('p', "i"),
            false => class.to_owned(),
        });
    }
    if let Some(word) = codec_word(track.codec)
        && !release.video_codec.as_ref().is_some_and(|said| means(said, word))
    {
        release.video_codec = Some(word.to_owned());
    }
    release.bit_depth = video.bit_depth.or(release.bit_depth);
    release.three_d |= video.stereo_3d;
    if is_without_hdr(video) {
        release.hdr.retain(|said| said == "SDR");
    } else if !video.hdr.is_empty() {
        let mut ranges = Vec::new();
        video.hdr.iter().rev().for_each(|range| add(&mut ranges, range_word(*range)));
        // A picture that nobody shows without Dolby Vision is in no other range, whatever its name adds.
        let is_dolby_alone = video.hdr.iter().any(|range| matches!(range, Hdr::DolbyVision { compatible: 0, .. }));
        if !is_dolby_alone {
            release.hdr.iter().filter(|said| *said != "SDR").for_each(|said| add(&mut ranges, said));
        }
        release.hdr = ranges;
    }
}

/// All sounds but what is said about the film.
fn sounds(facts: &Facts) -> impl Iterator<Item = &Track> {
    facts.audio().map(|(track, _)| track).filter(|track| !track.commentary && !track.visual_impaired)
}

/// Whether a name's `1080p` can mean this picture: its class, or its own lines, give or take what rounding and black bars make.
fn has_lines(video: &Video, said: &str) -> bool {
    let lines = |word: &str| word.trim_end_matches(['p', 'i']).parse::<u32>().ok();
    let Some(said) = lines(said) else { return true };
    let short = video.width.min(video.height);
    if short == 0 {
        return true;
    }
    let class = resolution_class(video.width, video.height).and_then(lines);
    class.into_iter().chain([short]).any(|lines| lines.abs_diff(said) * 8 <= lines)
}

/// 8 bits have no room for a high dynamic range. Of more bits a file may leave its range unsaid.
fn is_without_hdr(video: &Video) -> bool {
    video.hdr.is_empty() && video.bit_depth == Some(8)
}

/// Whether a name's word for a codec stands for what `word` stands for.
fn means(said: &str, word: &str) -> bool {
    said == word || matches!((said, word), ("DivX", "Xvid"))
}

fn range_word(range: Hdr) -> &'static str {
    match range {
        Hdr::Hlg => "HLG",
        Hdr::Hdr10 => "HDR",
        Hdr::Hdr10Plus => "HDR10+",
        Hdr::DolbyVision { .. } => "DV",
    }
}

/// As release names write them. `None` for codecs that they have no word for.
fn codec_word(codec: Codec) -> Option<&'static str> {
    Some(match codec {
        Codec::H264 => "H.264",
        Codec::Hevc => "H.265",
        Codec::Vvc => "H.266",
        Codec::Av1 => "AV1",
        Codec::Vp8 => "VP8",
        Codec::Vp9 => "VP9",
        Codec::Mpeg2Video => "MPEG-2",
        Codec::Mpeg4 => "Xvid",
        Codec::MsMpeg4 => "DivX",
        Codec::H263 => "H.263",
        Codec::Vc1 => "VC-1",
        _ => return None,
    })
}

fn sound_words(track: &Track) -> Vec<&'static str> {
    let objects = match &track.kind {
        media::Kind::Audio(audio) => audio.objects,
        _ => None,
    };
    let is_hd = track.profile.as_deref().is_some_and(|profile| profile.starts_with("DTS-HD"));
    let word = match track.codec {
        Codec::Aac => "AAC",
        Codec::Ac3 => "DD",
        Codec::Eac3 => "DDP",
        Codec::TrueHd => "TrueHD",
        Codec::Dts if objects == Some(ObjectAudio::DtsX) => "DTS:X",
        Codec::Dts if is_hd => "DTS-HD",
        Codec::Dts => "DTS",
        Codec::Flac => "FLAC",
        Codec::Opus => "Opus",
        Codec::Vorbis => "Vorbis",
        Codec::Mp3 => "MP3",
        Codec::Mp2 => "MP2",
        Codec::Pcm => "PCM",
        _ => return Vec::new(),
    };
    let atmos = (objects == Some(ObjectAudio::Atmos)).then_some("Atmos");
    [word].into_iter().chain(atmos).collect()
}

/// Of the track that has the most.
fn most_channels(facts: &Facts) -> Option<&'static str> {
    let channels = sounds(facts).filter_map(|track| match &track.kind {
        media::Kind::Audio(audio) => Some(audio.channels),
        _ => None,
    });
    match channels.max()? {
        1 => Some("1.0"),
        2 => Some("2.0"),
        3 => Some("2.1"),
        6 => Some("5.1"),
        7 => Some("6.1"),
        8 => Some("7.1"),
        _ => None,
    }
}

/// As release names have it: without country and script.
fn base_language(track: &Track) -> Option<&str> {
    track.language.as_deref().and_then(|tag| tag.split('-').next())
}

fn add(words: &mut Vec<String>, word: &str) {
    if !words.iter().any(|known| known == word) {
        words.push(word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use media::{Audio, Kind};

    use super::*;
    use crate::domain::entry::{EntryId, Inside, Probe, Unknown};
    use crate::domain::file::{VirtualFile, Volume};
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;

    fn picture(codec: Codec, width: u32, height: u32) -> Track {
        let video = Video { width, height, ..Video::default() };
        Track { kind: Kind::Video(video), codec, ..Track::default() }
    }

    fn with_range(bit_depth: u8, hdr: &[Hdr]) -> Track {
        let video =
            Video { width: 3840, height: 2160, bit_depth: Some(bit_depth), hdr: hdr.to_vec(), ..Video::default() };
        Track { kind: Kind::Video(video), codec: Codec::Hevc, ..Track::default() }
    }

    fn sound(codec: Codec, channels: u16, language: &str) -> Track {
        let language = Some(language.to_owned()).filter(|language| !language.is_empty());
        Track { kind: Kind::Audio(Audio { channels, ..Audio::default() }), codec, language, ..Track::default() }
    }

    fn subtitle(language: &str) -> Track {
        Track { kind: Kind::Subtitle, codec: Codec::SubRip, language: Some(language.to_owned()), ..Track::default() }
    }

    /// A file of that name, as nobody looked into it.
    fn named(name: &str) -> Entry {
        let document = DocumentId(1);
        Entry {
            release: release_name::parse(&release_name::Input { name, caption: "", folder: "" }),
            parser: release_name::VERSION,
            duration_secs: Some(5760),
            posted: 1_700_000_000,
            revision: 1,
            ..Entry::of(
                EntryId::from_documents(&[document]),
                VirtualFile::single(Volume { document, dc: Dc(2), size: 1 << 30 }),
                name,
                "video/x-matroska",
            )
        }
    }

    fn probe(found: Inside) -> Option<Probe> {
        Some(Probe { by: 1, at: 0, hash: None, found })
    }

    /// The same with those tracks.
    fn file(name: &str, tracks: Vec<Track>) -> Entry {
        let facts = Facts { tracks, duration_ms: Some(5_760_001), ..Facts::default() };
        Entry { probe: probe(Inside::Facts(Box::new(facts))), ..named(name) }
    }

    #[test]
    fn the_picture_stands_before_the_name_and_what_is_misnamed_is_said() {
        let wide = || picture(Codec::H264, 1920, 800);
        let rows = [
            ("Film.2021.1080p.x264.mkv", wide(), "1080p H.264", ""),
            ("Film.2021.2160p.HEVC.mkv", wide(), "1080p H.264", "2160p H.265"),
            ("Film.2021.mkv", wide(), "1080p H.264", ""),
            ("Film.2021.540p.mkv", picture(Codec::H264, 960, 540), "540p H.264", ""),
            ("Film.2021.DVDRip.DivX.avi", picture(Codec::Mpeg4, 640, 352), "480p DivX", ""),
            ("Film.2021.1080p.mkv", picture(Codec::Other, 0, 0), "1080p", ""),
            ("Film.2021.720p.x265.mkv", picture(Codec::Theora, 1280, 720), "720p H.265", ""),
            ("Film.2021.4320p.mkv", picture(Codec::Av1, 7680, 4320), "4320p AV1", ""),
            ("Film.2021.mp4", picture(Codec::H264, 1080, 1920), "1080p H.264", ""),
        ];
        for (name, track, wanted, misnamed) in rows {
            let entry = file(name, vec![track]);
            let release = entry.described();
            let words: Vec<&str> =
                [&release.resolution, &release.video_codec].into_iter().flatten().map(String::as_str).collect();
            assert_eq!((words.join(" ").as_str(), entry.misnamed().join(" ").as_str()), (wanted, misnamed), "{name}");
        }
    }

    #[test]
    fn the_range_is_the_pictures_and_the_name_adds_what_no_container_tells() {
        let dolby = |compatible| Hdr::DolbyVision { profile: if compatible == 0 { 5 } else { 8 }, compatible };
        let rows: [(&str, u8, &[Hdr], &str, &str); 8] = [
            ("Film.2021.2160p.HEVC.mkv", 10, &[Hdr::Hdr10], "HDR", ""),
            ("Film.2021.2160p.HDR10Plus.mkv", 10, &[Hdr::Hdr10], "HDR HDR10+", ""),
            ("Film.2021.2160p.HDR.mkv", 10, &[Hdr::Hdr10, dolby(1)], "DV HDR", ""),
            ("Film.2021.2160p.HDR.DV.mkv", 10, &[dolby(0)], "DV", ""),
            ("Film.2021.2160p.HDR.mkv", 8, &[], "", "HDR"),
            ("Film.2021.2160p.HDR.mkv", 10, &[], "HDR", ""),
            ("Film.2021.2160p.SDR.mkv", 8, &[], "SDR", ""),
            ("Film.2021.2160p.SDR.mkv", 10, &[Hdr::Hlg], "HLG", ""),
        ];
        for (name, depth, hdr, wanted, misnamed) in rows {
            let entry = file(name, vec![with_range(depth, hdr)]);
            assert_eq!(
                (entry.described().hdr.join(" "), entry.misnamed().join(" ")),
                (wanted.into(), misnamed.into()),
                "{name}"
            );
        }
    }

    #[test]
    fn sound_and_languages_are_those_of_the_tracks() {
        let commentary = Track { commentary: true, ..sound(Codec::Aac, 2, "en") };
        let hd = Track { profile: Some("DTS-HD MA".into()), ..sound(Codec::Dts, 8, "fr") };
        let tracks =
            vec![picture(Codec::H264, 1920, 1080), hd, sound(Codec::Ac3, 6, "pt-BR"), commentary, subtitle("zh-Hant")];
        let release = file("Film.2021.GERMAN.AC3.1080p.ESub.mkv", tracks).described().into_owned();
        assert_eq!(release.audio, ["DTS-HD", "DD"]);
        assert_eq!(release.channels, ["7.1"]);
        assert_eq!(release.languages, ["fr", "pt"]);
        assert_eq!((release.subtitles, release.subbed), (vec!["zh".to_owned()], true));
    }

    #[test]
    fn where_a_track_names_no_language_the_name_speaks_for_it() {
        let of = |languages: &[&str]| {
            let tracks = languages.iter().map(|language| sound(Codec::Aac, 2, language)).collect();
            file("Film.2021.GERMAN.FRENCH.1080p.mkv", tracks).described().languages.clone()
        };
        assert_eq!(of(&["it"]), ["it"]);
        assert_eq!(of(&["fr", ""]), ["fr", "de"]);
        assert_eq!(of(&[""]), ["de", "fr"]);
        assert_eq!(of(&[]), ["de", "fr"]);
    }

    #[test]
    fn the_running_time_is_the_files_before_what_telegram_says() {
        let entry = file("Film.mkv", Vec::new());
        assert_eq!((entry.runtime_secs(), named("Film.mkv").runtime_secs()), (Some(5761), Some(5760)));
        assert_eq!(Entry { probe: None, duration_secs: None, ..entry }.runtime_secs(), None);
    }

    #[test]
    fn what_nobody_could_read_stays_what_its_name_says() {
        let unknown = probe(Inside::Unknown(Unknown::Container));
        let entry = Entry { probe: unknown, ..named("Film.2021.2160p.HDR.mkv") };
        assert_eq!(*entry.described(), entry.release);
        assert!(entry.misnamed().is_empty());
    }
}
