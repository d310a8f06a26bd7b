//! Subtitles that stand inside a film, as a probe told of them.

use media::{Attachment, Codec, Kind, Track};
use release_name::Input;

use crate::domain::entry::Entry;

/// The tracks of text whose lines can be had without the film: its index names the place of each. A film that was looked into by a reader of before
/// that was told has none until it is looked into again.
pub fn text_tracks(film: &Entry) -> impl Iterator<Item = &Track> {
    let is_read = |codec| matches!(codec, Codec::SubRip | Codec::Ass | Codec::Ssa | Codec::WebVtt | Codec::MovText);
    let tracks = film.facts().into_iter().flat_map(|facts| &facts.tracks);
    tracks.filter(move |track| track.kind == Kind::Subtitle && is_read(track.codec) && track.indexed_lines.is_some())
}

/// The fonts that came with a film, which its subtitles are drawn with.
pub fn fonts(film: &Entry) -> impl Iterator<Item = &Attachment> {
    let attachments = film.facts().into_iter().flat_map(|facts| &facts.attachments);
    attachments.filter(|file| {
        let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| ["ttf", "otf", "ttc"].contains(&ending.as_str()))
    })
}

/// What a track says of itself, in the words of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// BCP 47, where it is known.
    pub language: Option<String>,
    pub forced: bool,
    pub sdh: bool,
}

/// What is known of a track: what the container says, and what its title adds, as people write it: `English (SDH)`.
pub fn about(track: &Track) -> About {
    let title = track.title.as_deref().unwrap_or_default();
    let read = match title {
        "" => release_name::Release::default(),
        title => release_name::parse(&Input { name: &format!("{title}.srt"), ..Input::default() }),
    };
    About {
        language: track.language.clone().or_else(|| read.subtitles.first().cloned()),
        forced: track.forced || read.forced,
        sdh: track.hearing_impaired || read.sdh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_what_the_container_does_not() {
        for (language, title, wanted) in [
            (Some("pt-BR"), "", (Some("pt-BR"), false, false)),
            (None, "English (SDH)", (Some("en"), false, true)),
            (Some("de"), "German forced", (Some("de"), true, false)),
            (None, "", (None, false, false)),
        ] {
            let track = Track {
                language: language.map(str::to_owned),
                title: Some(title.to_owned()).filter(|title| !title.is_empty()),
                ..Track::default()
            };
            let About { language, forced, sdh } = about(&track);
            assert_eq!((language.as_deref(), forced, sdh), wanted, "{title}");
        }
    }
}
