//! Which way a film takes to a player, and why; its playlists; its segments.

use std::sync::Arc;

use media::Facts;
use rewrap::{Addresses, Client, Decision, Encoded, Film, Rendition, SegmentMaker, Sound};

use super::Segment;
use crate::adapters::clock::unix_now;
use crate::flows::playback::{Error, Found, Playback};
use crate::protocols::playlist::{Player, TrackName};

/// Segments that are read before they are asked for.
const AHEAD: usize = 3;

/// How a film goes to a player.
#[derive(Clone, Debug)]
pub struct Way {
    film: Arc<Film>,
    /// In a line: "re-wrapped, sound to AAC: MKV in Safari".
    pub says: String,
    /// The file would play as it is.
    pub is_direct: bool,
    pub picture: TrackName,
    pub sounds: Vec<Choice>,
    /// What goes no way, each in a line.
    pub left_out: Vec<String>,
}

/// A sound to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    pub track: TrackName,
    /// Without an address.
    pub rendition: Rendition,
}

impl Way {
    /// The playlist that a player is given. `address`: where a track's playlist is.
    pub fn master_playlist(&self, address: impl Fn(TrackName) -> String) -> String {
        let sounds: Vec<Rendition> = self
            .sounds
            .iter()
            .map(|choice| Rendition { address: address(choice.track), ..choice.rendition.clone() })
            .collect();
        let text = rewrap::master_playlist(&self.film, &address(self.picture), &sounds);
        // Comments may stand anywhere behind the first line; a line of a file's own words cannot end one.
        let says = std::iter::once(&self.says).chain(&self.left_out);
        let comments: String = says.map(|line| format!("# {}\n", line.replace(char::is_control, " "))).collect();
        text.replacen("#EXTM3U\n", &format!("#EXTM3U\n{comments}"), 1)
    }
}

impl Playback {
    /// How the film that a link leads to goes to this player. [`Error::NotHls`], with the reason, when it does not.
    pub async fn way(&self, found: &Found, player: &Player) -> Result<Way, Error> {
        let inside = self.opened(found).await?;
        let Some(facts) = inside.facts else {
            return Err(Error::NotHls("the file is no film that can be read here".to_owned()));
        };
        let Player { client, .. } = player;
        let decision = rewrap::decide(&facts, client);
        // Whoever asks for HLS gets HLS, of a file that would play as it is too.
        let taken = match decision {
            Decision::Direct => rewrap::decide(&facts, &Client { containers: Vec::new(), ..client.clone() }),
            ref other => other.clone(),
        };
        let Decision::Rewrap { sounds, .. } = taken else { return Err(Error::NotHls(taken.explain(client))) };
        let film = inside.film.map_err(|why| Error::NotHls(format!("cannot: {why}")))?;
        let Some(picture) = film.tracks.first().filter(|track| track.is_video()) else {
            return Err(Error::NotHls("cannot: no picture".to_owned()));
        };
        let is_direct = decision == Decision::Direct;
        let says = match is_direct {
            true => "re-wrapped, though the file would play as it is".to_owned(),
            false => decision.explain(client),
        };
        let picture = TrackName { number: picture.number, aac: None };
        let mut way = Way { film, says, is_direct, picture, sounds: Vec::new(), left_out: Vec::new() };
        for (number, sound) in sounds {
            self.add_sound(&mut way, &facts, number, sound, player);
        }
        Ok(way)
    }

    fn add_sound(&self, way: &mut Way, facts: &Facts, number: u64, sound: Sound, player: &Player) {
        let film = Arc::clone(&way.film);
        let mut leave_out = |why: &str| way.left_out.push(format!("left out: {}: {why}", named(facts, number)));
        let Some(place) = film.tracks.iter().position(|track| track.number == number && !track.is_video()) else {
            let why = film.left_out.iter().find(|track| track.number == number).map(|track| track.why);
            return leave_out(why.map_or("it is not there", why_not));
        };
        let aac = match sound {
            Sound::Kept if film.tracks[place].plays => None,
            _ if self.hls.ffmpeg.is_none() => {
                return leave_out("it must become AAC, and there is no ffmpeg on the server");
            }
            _ => Some(player.most_channels),
        };
        let Some(mut rendition) = Rendition::of(&film, place, facts, String::new()) else { return };
        if let Some(encoded) = aac.and_then(|channels| Encoded::new(&film, place, channels)) {
            let made = encoded.track();
            rendition.codecs = made.codecs.clone();
            if let rewrap::TrackKind::Audio { channels, .. } = made.kind {
                rendition.channels = channels;
            }
        }
        way.sounds.push(Choice { track: TrackName { number, aac }, rendition });
    }

    /// The playlist of one track. [`Error::NotFound`] when the film has no such track.
    pub async fn track_playlist(
        &self,
        found: &Found,
        name: TrackName,
        addresses: &impl Addresses,
    ) -> Result<String, Error> {
        Ok(match self.track(found, name).await? {
            Track::AsItIs(film, _) => rewrap::media_playlist(&film, addresses),
            Track::Encoded(film, encoded) => encoded.playlist(&film, addresses),
        })
    }

    /// What a decoder must know of a track before its first segment.
    pub async fn track_init(&self, found: &Found, name: TrackName) -> Result<bytes::Bytes, Error> {
        Ok(match self.track(found, name).await? {
            Track::AsItIs(film, place) => rewrap::init_segment(&film.tracks[place]),
            Track::Encoded(_, encoded) => rewrap::init_segment(encoded.track()),
        })
    }

    /// Whether a track has a segment with this number. Reads nothing else.
    pub async fn has_segment(&self, found: &Found, name: TrackName, number: usize) -> Result<(), Error> {
        let count = match self.track(found, name).await? {
            Track::AsItIs(film, _) => film.segments.len(),
            Track::Encoded(_, encoded) => encoded.segments(),
        };
        if number < count { Ok(()) } else { Err(Error::NotFound) }
    }

    /// A segment. When it returns, its first bytes are under way: what cannot be read is refused while there is still a status line to do it with.
    pub async fn segment(&self, found: &Found, name: TrackName, number: usize) -> Result<Segment, Error> {
        let track = self.track(found, name).await?;
        let meter = self.limits.admit(found.asker, &found.entry, false, unix_now()).await?;
        match track {
            Track::AsItIs(film, place) => {
                let maker = SegmentMaker::new(&film, place, number).ok_or(Error::NotFound)?;
                let is_picture = film.tracks[place].is_video();
                if is_picture {
                    self.hls.ahead.end((found.asker.person, found.entry.id));
                }
                let next = is_picture.then(|| following(&film, number, found.entry.file.len())).flatten();
                Segment::begin((self, found), maker, next, meter).await
            }
            Track::Encoded(film, encoded) => {
                let made = self.encoded((found, name), (&film, &encoded), number).await?;
                // That took a while, and what was made whole is watched by nobody as it goes out.
                if !self.admits(found.asker.person, found.version).await? {
                    return Err(Error::Revoked);
                }
                Ok(Segment::made(made, meter))
            }
        }
    }

    async fn track(&self, found: &Found, name: TrackName) -> Result<Track, Error> {
        let film = self.opened(found).await?.film.map_err(|why| Error::NotHls(format!("cannot: {why}")))?;
        let place = film.tracks.iter().position(|track| track.number == name.number).ok_or(Error::NotFound)?;
        match name.aac {
            None if film.tracks[place].plays => Ok(Track::AsItIs(film, place)),
            None => Err(Error::NotFound),
            Some(channels) => {
                let encoded = Encoded::new(&film, place, channels).ok_or(Error::NotFound)?;
                Ok(Track::Encoded(film, encoded))
            }
        }
    }
}

/// A track of a film as it goes out.
enum Track {
    /// With its place.
    AsItIs(Arc<Film>, usize),
    Encoded(Arc<Film>, Encoded),
}

/// Where the segments stand that come behind this one.
fn following(film: &Film, number: usize, len: u64) -> Option<std::ops::Range<u64>> {
    let at = |number: usize| film.segments.get(number).map(|segment| segment.offset);
    let from = at(number + 1)?;
    let to = at(number + 1 + AHEAD).unwrap_or(len);
    (from < to).then_some(from..to)
}

/// A sound in people's words: "DTS, en".
fn named(facts: &Facts, number: u64) -> String {
    let Some(track) = facts.tracks.iter().find(|track| track.number == number) else { return "a sound".to_owned() };
    let words = [Some(rewrap::codec_name(track.codec)), track.title.clone().or_else(|| track.language.clone())];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn why_not(why: rewrap::WhyNot) -> &'static str {
    match why {
        rewrap::WhyNot::Codec => "it cannot be read here",
        rewrap::WhyNot::Configuration => "what a decoder must know of it is missing or damaged",
        rewrap::WhyNot::Packed => "its frames are packed or encrypted",
        rewrap::WhyNot::SecondPicture => "it is a second picture",
    }
}
