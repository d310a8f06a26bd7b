//! Films as HLS: what stands in their addresses, and what players can.
//!
//! ```text
//! /playlist/{link}.m3u8?for=browser&also=hevc    the film; for whom, and what they play besides
//! /playlist/{link}.json                          what that comes to, in words
//! /playlist/{link}/{track}.m3u8                  a picture or a sound; `2` is a track as it is, `2-aac6` the same as AAC of six channels at most
//! /playlist/{link}/{track}/init.mp4              what a decoder must know first
//! /playlist/{link}/{track}/{number}.m4s          a segment
//! ```

use std::fmt;
use std::str::FromStr;

use media::{Codec, Container};
use rewrap::Client;

/// The media types of segments and of what comes before them.
pub const PICTURE_TYPE: &str = "video/mp4";
pub const SOUND_TYPE: &str = "audio/mp4";

/// A track in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrackName {
    /// As the film's container counts.
    pub number: u64,
    /// As AAC, of so many channels at most.
    pub aac: Option<u16>,
}

impl fmt::Display for TrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.aac {
            None => write!(f, "{}", self.number),
            Some(channels) => write!(f, "{}-aac{channels}", self.number),
        }
    }
}

impl FromStr for TrackName {
    type Err = ();

    /// Only what [`TrackName`] writes: what is made is kept under its name.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, aac) = match text.split_once("-aac") {
            None => (text, None),
            Some((number, "2")) => (number, Some(2)),
            Some((number, "6")) => (number, Some(6)),
            Some(_) => return Err(()),
        };
        let name = Self { number: number.parse().map_err(|_| ())?, aac };
        if name.to_string() == text { Ok(name) } else { Err(()) }
    }
}

/// For whom a playlist is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Player {
    pub client: Client,
    /// Of sounds that are encoded anew.
    pub most_channels: u16,
}

/// What somebody asked for that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    #[error("for={0} is nobody who is known here; it should be browser, safari, tv or any")]
    Player(String),
    #[error(
        "also={0} is no codec that is known here; it should be some of h264, hevc, av1, vp9, aac, opus, flac, mp3, ac3, eac3, with commas between them"
    )]
    Codec(String),
}

impl Player {
    /// By the words of an address: for whom (nobody named: any player that is no browser), and what they say that they decode besides.
    pub fn named(who: Option<&str>, also: Option<&str>) -> Result<Self, Unknown> {
        use Codec::{Aac, Ac3, Av1, Eac3, Flac, H264, Hevc, Mp3, Opus, Vp9};
        let player = |name: &str, is_browser, codecs: &[Codec], containers: &[Container]| Self {
            client: Client {
                name: name.to_owned(),
                is_browser,
                containers: containers.to_vec(),
                codecs: codecs.to_vec(),
                deep_h264: false,
                dolby_vision: false,
                max_channels: 0,
                hls: true,
            },
            // A browser mixes six channels down by itself, and worse.
            most_channels: if is_browser { 2 } else { 6 },
        };
        let mut player = match who.unwrap_or("any") {
            "browser" => player(
                "this browser",
                true,
                &[H264, Vp9, Av1, Aac, Opus, Flac, Mp3],
                &[Container::Mp4, Container::WebM],
            ),
            "safari" => player(
                "Safari",
                true,
                &[H264, Hevc, Aac, Ac3, Eac3, Flac, Mp3],
                &[Container::Mp4, Container::QuickTime],
            ),
            "tv" => player("this TV", false, &[H264, Hevc, Aac, Ac3, Eac3, Mp3], &[Container::Mp4]),
            "any" => {
                let all = [H264, Hevc, Av1, Vp9, Aac, Opus, Flac, Mp3, Ac3, Eac3];
                let mut any = player("this player", false, &all, &[]);
                (any.client.deep_h264, any.client.dolby_vision) = (true, true);
                any
            }
            other => return Err(Unknown::Player(shown(other))),
        };
        for word in also.unwrap_or_default().split(',').filter(|word| !word.is_empty()) {
            player.client.codecs.push(codec(word).ok_or_else(|| Unknown::Codec(shown(word)))?);
        }
        Ok(player)
    }
}

fn codec(word: &str) -> Option<Codec> {
    Some(match word {
        "h264" => Codec::H264,
        "hevc" => Codec::Hevc,
        "av1" => Codec::Av1,
        "vp9" => Codec::Vp9,
        "aac" => Codec::Aac,
        "opus" => Codec::Opus,
        "flac" => Codec::Flac,
        "mp3" => Codec::Mp3,
        "ac3" => Codec::Ac3,
        "eac3" => Codec::Eac3,
        _ => return None,
    })
}

/// Somebody's word in an answer.
fn shown(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric()).take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_has_one_name() {
        let name = |number, aac| Ok(TrackName { number, aac });
        let rows = [
            ("2", name(2, None)),
            ("18446744073709551615", name(u64::MAX, None)),
            ("2-aac2", name(2, Some(2))),
            ("2-aac6", name(2, Some(6))),
            ("02", Err(())),
            ("+2", Err(())),
            ("2-aac8", Err(())),
            ("2-aac06", Err(())),
            ("2-aac", Err(())),
            ("-aac2", Err(())),
            ("", Err(())),
        ];
        for (text, expected) in rows {
            assert_eq!(text.parse::<TrackName>(), expected, "{text}");
            assert!(expected.is_err() || expected.is_ok_and(|name| name.to_string() == text));
        }
    }

    #[test]
    fn players_are_named_and_may_say_more_of_themselves() {
        let plays = |who, also, codec| Player::named(who, also).map(|player| player.client.codecs.contains(&codec));
        assert_eq!(plays(Some("browser"), None, Codec::Hevc), Ok(false));
        assert_eq!(plays(Some("browser"), Some("hevc,ac3"), Codec::Hevc), Ok(true));
        assert_eq!(plays(None, None, Codec::Eac3), Ok(true));
        assert_eq!(plays(Some("tv"), Some(""), Codec::Dts), Ok(false));
        assert_eq!(Player::named(Some("<b>radio"), None), Err(Unknown::Player("bradio".into())));
        assert_eq!(Player::named(None, Some("hevc,smell")), Err(Unknown::Codec("smell".into())));
    }
}
