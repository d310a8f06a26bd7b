//! Renditions: lower qualities of a video that Telegram made itself, kept beside the post's own file (`alt_documents`,
//! core.telegram.org/constructor/messageMediaDocument). Each is an MP4 of its own, with a playlist of its runs for HLS.

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::file::{VirtualFile, Volume};
use super::post::DocumentId;

/// One quality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    pub video: Volume,
    /// What plays it in pieces. It names the video's document by [`DocumentId`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playlist: Option<Volume>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// As Telegram says: `h264`, `h265`, `av01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codec: Option<String>,
}

impl Rendition {
    /// Its lines, as rows call a quality: `720p`. Upright videos go by the shorter side too.
    pub fn label(&self) -> Option<String> {
        let (width, height) = (self.width?, self.height?);
        Some(format!("{}p", width.min(height)))
    }

    /// Bits a second on average; `None` without a running time.
    pub fn bandwidth(&self, duration_secs: Option<u32>) -> Option<u64> {
        let secs = u64::from(duration_secs.filter(|&secs| secs > 0)?);
        Some(self.video.size.saturating_mul(8).div_ceil(secs))
    }
}

impl Entry {
    /// The rendition whose video is this document.
    pub fn rendition(&self, video: DocumentId) -> Option<&Rendition> {
        self.renditions.iter().find(|rendition| rendition.video.document == video)
    }

    /// The same film in the quality of one of its renditions.
    pub fn as_rendition(&self, rendition: &Rendition) -> Self {
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        let name = match rendition.label() {
            Some(label) => format!("{stem}.{label}.mp4"),
            None => format!("{stem}.mp4"),
        };
        let (width, height) = (rendition.width, rendition.height);
        let file = VirtualFile::single(rendition.video);
        Self {
            file,
            name,
            mime: "video/mp4".to_owned(),
            width,
            height,
            renditions: Vec::new(),
            probe: None,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entry::EntryId;
    use crate::domain::telegram_id::Dc;

    fn rendition(width: u32, height: u32) -> Rendition {
        let video = Volume { document: DocumentId(7), dc: Dc(4), size: 90_000_000 };
        Rendition { video, playlist: None, width: Some(width), height: Some(height), codec: None }
    }

    #[test]
    fn a_quality_is_called_by_its_lines() {
        assert_eq!(rendition(1280, 720).label().as_deref(), Some("720p"));
        assert_eq!(rendition(480, 854).label().as_deref(), Some("480p"));
        assert_eq!(Rendition { height: None, ..rendition(1, 1) }.label(), None);
    }

    #[test]
    fn bandwidth_is_said_where_the_time_is_known() {
        assert_eq!(rendition(1, 1).bandwidth(Some(3600)), Some(200_000));
        assert_eq!(rendition(1, 1).bandwidth(Some(0)), None);
        assert_eq!(rendition(1, 1).bandwidth(None), None);
    }

    #[test]
    fn a_film_in_another_quality_is_the_same_film() {
        let film = Entry {
            duration_secs: Some(3600),
            width: Some(1920),
            height: Some(1080),
            renditions: vec![rendition(854, 480)],
            ..Entry::of(
                EntryId::from_bytes([1; 12]),
                VirtualFile::single(Volume { document: DocumentId(1), dc: Dc(4), size: 900_000_000 }),
                "Night.1968.1080p.mp4",
                "video/mp4",
            )
        };
        let lower = film.as_rendition(film.rendition(DocumentId(7)).expect("the rendition"));
        assert_eq!(lower.id, film.id);
        assert_eq!(lower.name, "Night.1968.1080p.480p.mp4");
        assert_eq!((lower.file.len(), lower.mime.as_str()), (90_000_000, "video/mp4"));
        assert_eq!(film.rendition(DocumentId(8)), None);
    }
}
