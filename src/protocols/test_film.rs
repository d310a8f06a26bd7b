//! A film of 13 seconds inside of the program, as HLS: whoever plays it plays films from here, as far as H.264 and AAC go. Pure.
//!
//! `scripts/make-media` makes it.

use std::ops::Range;
use std::sync::OnceLock;

use bytes::Bytes;
use rewrap::{Addresses, Film, Opening, Rendition, SegmentMaker, Step};

const FILE: &[u8] = include_bytes!("test_film.mkv");
const SEGMENT_MS: u32 = 6000;

/// What a playlist of the test film leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A track's playlist.
    Playlist(String),
    /// Bytes of a track: what comes before its segments, or one of them.
    Bytes(Bytes),
}

/// Relative to the playlist of a track.
struct Beside(usize);

impl Addresses for Beside {
    fn init(&self) -> String {
        format!("{}/init.mp4", self.0)
    }

    fn segment(&self, number: usize) -> String {
        format!("{}/{number}.m4s", self.0)
    }
}

/// The film's playlist; the addresses in it lie under `folder`.
pub fn master(folder: &str) -> String {
    let sound = Rendition {
        address: format!("{folder}/1.m3u8"),
        codecs: film().tracks[1].codecs.clone(),
        name: "A tone".to_owned(),
        default: true,
        channels: 1,
        ..Rendition::default()
    };
    rewrap::master_playlist(film(), &format!("{folder}/0.m3u8"), &[sound])
}

/// What stands under that folder: `0.m3u8`, `0/init.mp4`, `1/2.m4s`.
pub fn part(path: &str) -> Option<Part> {
    if let Some(track) = path.strip_suffix(".m3u8") {
        let track = track_named(track)?;
        return Some(Part::Playlist(rewrap::media_playlist(film(), &Beside(track))));
    }
    let (track, name) = path.split_once('/')?;
    let track = track_named(track)?;
    if name == "init.mp4" {
        return Some(Part::Bytes(rewrap::init_segment(&film().tracks[track])));
    }
    let mut maker = SegmentMaker::new(film(), track, name.strip_suffix(".m4s")?.parse().ok()?)?;
    let mut made = Vec::new();
    while let Some(range) = maker.wants() {
        maker.push(Bytes::from_static(slice(range)));
        std::iter::from_fn(|| maker.pop()).for_each(|piece| made.extend_from_slice(&piece));
    }
    std::iter::from_fn(|| maker.pop()).for_each(|piece| made.extend_from_slice(&piece));
    Some(Part::Bytes(made.into()))
}

fn track_named(text: &str) -> Option<usize> {
    text.parse().ok().filter(|track| *track < film().tracks.len())
}

fn film() -> &'static Film {
    static FILM: OnceLock<Film> = OnceLock::new();
    FILM.get_or_init(|| {
        let mut opening = Opening::new(FILE.len() as u64, SEGMENT_MS);
        loop {
            match opening.step() {
                Step::Need(range) => opening.give(range.start, slice(range)),
                Step::Done(film) => return *film,
                Step::Cannot(why) => unreachable!("the film is built in, and a test opens it: {why}"),
            }
        }
    })
}

fn slice(range: Range<u64>) -> &'static [u8] {
    let at = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(FILE.len());
    &FILE[at(range.start)..at(range.end)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_a_playlist_names_is_there() {
        let master = master("test-hls");
        assert!(master.contains("CODECS=\"avc1.") && master.contains("mp4a.40.2"), "{master}");
        let mut segments = 0;
        for track in ["0", "1"] {
            assert!(master.contains(&format!("test-hls/{track}.m3u8")), "{master}");
            let Some(Part::Playlist(playlist)) = part(&format!("{track}.m3u8")) else { panic!("a playlist") };
            for line in playlist.lines().filter(|line| !line.starts_with('#')) {
                assert!(matches!(part(line), Some(Part::Bytes(bytes)) if bytes.len() > 1000), "{line}");
                segments += 1;
            }
            assert!(matches!(part(&format!("{track}/init.mp4")), Some(Part::Bytes(_))));
        }
        assert_eq!(segments, 2 * 3);
        for none in ["2.m3u8", "0/9.m4s", "0/x.m4s", "-1.m3u8", "0/", "", "init.mp4"] {
            assert_eq!(part(none), None, "{none}");
        }
    }
}
