//! Which way a film takes to a player: as it is, re-wrapped, with sounds encoded anew, or not at all; and why.
//!
//! What a player says that it can decode counts for the file as it is. In what is re-wrapped a browser gets AAC and Opus only: `isTypeSupported` may say yes to
//! AC-3 and E-AC-3 and Safari still stalls on fragments of them, and Chrome's Media Source Extensions fail on MP3 in fMP4.

use media::{Codec, Container, Facts, Hdr, Track, Video};

/// What a player says that it can.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// As people call it: "Safari".
    pub name: String,
    /// It is a browser, or shows a page in one.
    pub is_browser: bool,
    /// Files that it opens as they are.
    pub containers: Vec<Container>,
    /// Pictures and sounds that it decodes.
    pub codecs: Vec<Codec>,
    /// H.264 with more than eight bits.
    pub deep_h264: bool,
    /// Dolby Vision that is nothing else besides.
    pub dolby_vision: bool,
    /// 2 is stereo. 0: as many as there are.
    pub max_channels: u16,
    /// It plays HLS with fMP4, by itself or by Media Source Extensions.
    pub hls: bool,
}

/// The way, and why it is not a shorter one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The file as it is.
    Direct,
    /// As HLS.
    Rewrap {
        /// [`media::Track::number`] of the picture, which stays as it is.
        picture: u64,
        /// Of each sound, in the file's order.
        sounds: Vec<(u64, Sound)>,
        /// Why not as it is.
        reason: Reason,
    },
    /// Nothing that is made here helps; another player may.
    Cannot(Reason),
}

/// What becomes of a sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// It stays as it is.
    Kept,
    /// It must be encoded anew.
    ToAac,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The player does not open such files.
    Container(Container),
    /// The player does not decode this sound.
    Sound(Codec),
    /// The sound has more channels than the player takes.
    Channels(u16),
    /// The player does not decode this picture.
    Picture(Codec),
    /// H.264 with more than eight bits.
    DeepH264,
    /// Dolby Vision that is nothing else besides: without it the colours are wrong.
    DolbyVision,
    /// The file has no picture.
    NoPicture,
    /// It cannot be read without a key.
    Encrypted,
    /// No index of key frames.
    NoIndex,
    /// The player does not play HLS.
    NoHls,
}

/// Decides by what the file holds and what the player says.
pub fn decide(facts: &Facts, client: &Client) -> Decision {
    let Some((picture, video)) = facts.video() else { return Decision::Cannot(Reason::NoPicture) };
    if let Some(reason) = unseen(picture, video, client) {
        return Decision::Cannot(reason);
    }
    let Some(reason) = not_direct(facts, client) else { return Decision::Direct };
    if let Some(reason) = not_rewrapped(facts, picture, client) {
        return Decision::Cannot(reason);
    }
    let sounds =
        facts.audio().map(|(track, audio)| (track.number, kept(track.codec, audio.channels, client))).collect();
    Decision::Rewrap { picture: picture.number, sounds, reason }
}

/// Why the picture cannot be shown, however it is wrapped.
fn unseen(picture: &Track, video: &Video, client: &Client) -> Option<Reason> {
    let only_dolby = video.hdr.iter().any(|hdr| matches!(hdr, Hdr::DolbyVision { compatible: 0, .. }));
    if picture.encrypted {
        Some(Reason::Encrypted)
    } else if !client.codecs.contains(&picture.codec) {
        Some(Reason::Picture(picture.codec))
    } else if picture.codec == Codec::H264 && video.bit_depth.is_some_and(|bits| bits > 8) && !client.deep_h264 {
        Some(Reason::DeepH264)
    } else {
        (only_dolby && !client.dolby_vision).then_some(Reason::DolbyVision)
    }
}

/// Why the file cannot be opened as it is. Players open a file with the sound that it names as its own.
fn not_direct(facts: &Facts, client: &Client) -> Option<Reason> {
    if !client.containers.contains(&facts.container) {
        return Some(Reason::Container(facts.container));
    }
    let (track, audio) = facts.audio().find(|(track, _)| track.default).or_else(|| facts.audio().next())?;
    if !client.codecs.contains(&track.codec) {
        return Some(Reason::Sound(track.codec));
    }
    too_many(audio.channels, client).then_some(Reason::Channels(audio.channels))
}

fn not_rewrapped(facts: &Facts, picture: &Track, client: &Client) -> Option<Reason> {
    let is_known =
        matches!(facts.container, Container::Matroska | Container::WebM | Container::Mp4 | Container::QuickTime);
    if !client.hls {
        Some(Reason::NoHls)
    } else if !is_known || facts.fragmented {
        Some(Reason::Container(facts.container))
    } else if !matches!(picture.codec, Codec::H264 | Codec::Hevc | Codec::Av1 | Codec::Vp9) {
        Some(Reason::Picture(picture.codec))
    } else {
        (facts.index == media::Index::Missing).then_some(Reason::NoIndex)
    }
}

fn kept(codec: Codec, channels: u16, client: &Client) -> Sound {
    let fits = match codec {
        Codec::Aac | Codec::Opus => true,
        Codec::Flac | Codec::Ac3 | Codec::Eac3 | Codec::Mp3 => !client.is_browser,
        _ => false,
    };
    let is_kept = fits && client.codecs.contains(&codec) && !too_many(channels, client);
    if is_kept { Sound::Kept } else { Sound::ToAac }
}

fn too_many(channels: u16, client: &Client) -> bool {
    client.max_channels > 0 && channels > client.max_channels
}

impl Decision {
    /// In a line, in English: "re-wrapped: MKV in Safari", "cannot: HEVC in this browser".
    pub fn explain(&self, client: &Client) -> String {
        match self {
            Decision::Direct => "as it is".into(),
            Decision::Rewrap { sounds, reason, .. } => {
                let anew = sounds.iter().filter(|(_, sound)| *sound == Sound::ToAac).count();
                let sound = match anew {
                    0 => "",
                    _ if anew == sounds.len() => ", sound to AAC",
                    _ => ", some sounds to AAC",
                };
                format!("re-wrapped{sound}: {}", reason.explain(client))
            }
            Decision::Cannot(reason) => format!("cannot: {}", reason.explain(client)),
        }
    }
}

impl Reason {
    fn explain(&self, client: &Client) -> String {
        let place = if client.name.is_empty() { "this player" } else { &client.name };
        match self {
            Reason::Container(container) => format!("{} in {place}", container_name(*container)),
            Reason::Sound(codec) | Reason::Picture(codec) => format!("{} in {place}", codec_name(*codec)),
            Reason::Channels(channels) => format!("{channels} channels in {place}"),
            Reason::DeepH264 => format!("H.264 with 10 bits in {place}"),
            Reason::DolbyVision => format!("Dolby Vision alone in {place}"),
            Reason::NoPicture => "no picture".into(),
            Reason::Encrypted => "encrypted".into(),
            Reason::NoIndex => "no index of key frames".into(),
            Reason::NoHls => format!("no HLS in {place}"),
        }
    }
}

fn container_name(container: Container) -> &'static str {
    match container {
        Container::Matroska => "MKV",
        Container::WebM => "WebM",
        Container::Mp4 => "MP4",
        Container::QuickTime => "MOV",
        Container::MpegTs | Container::M2ts => "MPEG-TS",
        Container::Avi => "AVI",
    }
}

/// As people call it: "E-AC-3".
pub fn codec_name(codec: Codec) -> String {
    let name = match codec {
        Codec::H264 => "H.264",
        Codec::Hevc => "HEVC",
        Codec::Av1 => "AV1",
        Codec::Vp8 => "VP8",
        Codec::Vp9 => "VP9",
        Codec::Aac => "AAC",
        Codec::Ac3 => "AC-3",
        Codec::Eac3 => "E-AC-3",
        Codec::Dts => "DTS",
        Codec::TrueHd => "TrueHD",
        Codec::Flac => "FLAC",
        Codec::Opus => "Opus",
        Codec::Mp3 => "MP3",
        other => return format!("{other:?}"),
    };
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use media::{Audio, Index, Kind};

    fn film(container: Container, picture: Codec, sounds: &[(Codec, u16)]) -> Facts {
        let video = Track { number: 1, kind: Kind::Video(Video::default()), codec: picture, ..Track::default() };
        let sound = |(number, (codec, channels)): (u64, &(Codec, u16))| Track {
            number,
            kind: Kind::Audio(Audio { channels: *channels, ..Audio::default() }),
            codec: *codec,
            ..Track::default()
        };
        let tracks = std::iter::once(video).chain((2..).zip(sounds).map(sound)).collect();
        Facts { container, index: Index::End, tracks, ..Facts::default() }
    }

    fn safari() -> Client {
        Client {
            name: "Safari".into(),
            is_browser: true,
            containers: vec![Container::Mp4, Container::QuickTime],
            codecs: vec![Codec::H264, Codec::Hevc, Codec::Aac, Codec::Ac3, Codec::Eac3, Codec::Flac, Codec::Mp3],
            hls: true,
            ..Client::default()
        }
    }

    fn chromium() -> Client {
        Client {
            name: "this browser".into(),
            is_browser: true,
            containers: vec![Container::Mp4, Container::WebM, Container::Matroska],
            codecs: vec![Codec::H264, Codec::Vp9, Codec::Av1, Codec::Aac, Codec::Opus, Codec::Flac, Codec::Mp3],
            max_channels: 2,
            hls: true,
            ..Client::default()
        }
    }

    #[test]
    fn the_shortest_way_is_taken_and_said() {
        use {Codec::*, Container::*};
        let rows: [(Facts, Client, &str); 16] = [
            (film(Mp4, H264, &[(Aac, 2)]), safari(), "as it is"),
            (film(Matroska, H264, &[(Aac, 2)]), chromium(), "as it is"),
            (film(Matroska, H264, &[]), chromium(), "as it is"),
            (film(Matroska, H264, &[(Aac, 2)]), safari(), "re-wrapped: MKV in Safari"),
            // A file of AC-3 plays; its fragments do not.
            (film(Mp4, H264, &[(Ac3, 6)]), safari(), "as it is"),
            (film(Matroska, Hevc, &[(Eac3, 6)]), safari(), "re-wrapped, sound to AAC: MKV in Safari"),
            (film(Matroska, Hevc, &[(Aac, 6), (Dts, 6)]), safari(), "re-wrapped, some sounds to AAC: MKV in Safari"),
            (film(Matroska, H264, &[(Ac3, 6)]), chromium(), "re-wrapped, sound to AAC: AC-3 in this browser"),
            (film(Mp4, H264, &[(Aac, 6)]), chromium(), "re-wrapped, sound to AAC: 6 channels in this browser"),
            (film(Mp4, Hevc, &[(Aac, 2)]), chromium(), "cannot: HEVC in this browser"),
            (film(Matroska, Vc1, &[(Aac, 2)]), safari(), "cannot: Vc1 in Safari"),
            (film(Avi, H264, &[(Mp3, 2)]), safari(), "cannot: AVI in Safari"),
            (film(Matroska, H264, &[(Aac, 2)]), Client { hls: false, ..safari() }, "cannot: no HLS in Safari"),
            (Facts { index: Index::Missing, ..film(Matroska, H264, &[]) }, safari(), "cannot: no index of key frames"),
            (Facts::default(), safari(), "cannot: no picture"),
            // A player that is no browser takes what it says.
            (
                film(Matroska, Hevc, &[(Eac3, 6)]),
                Client { is_browser: false, name: "Infuse".into(), ..safari() },
                "re-wrapped: MKV in Infuse",
            ),
        ];
        for (facts, client, expected) in rows {
            assert_eq!(decide(&facts, &client).explain(&client), expected);
        }
    }

    #[test]
    fn pictures_that_would_look_wrong_are_refused() {
        let with = |change: fn(&mut Video), codec| {
            let mut facts = film(Container::Mp4, codec, &[]);
            if let Kind::Video(video) = &mut facts.tracks[0].kind {
                change(video);
            }
            decide(&facts, &safari())
        };
        let dolby = |compatible| Hdr::DolbyVision { profile: 5, compatible };
        assert_eq!(with(|video| video.bit_depth = Some(10), Codec::H264), Decision::Cannot(Reason::DeepH264));
        assert_eq!(with(|video| video.bit_depth = Some(10), Codec::Hevc), Decision::Direct);
        let mut facts = film(Container::Mp4, Codec::Hevc, &[]);
        for (compatible, expected) in [(0, Decision::Cannot(Reason::DolbyVision)), (1, Decision::Direct)] {
            facts.tracks[0].kind = Kind::Video(Video { hdr: vec![dolby(compatible)], ..Video::default() });
            assert_eq!(decide(&facts, &safari()), expected);
        }
    }
}
