//! What Telegram made of a video besides the post's own file (`alt_documents`), in our words. Pure.
//!
//! Seen in the code of Telegram's own clients (TDLib, `MessageContent.cpp` and `VideosManager.cpp`):
//!
//! | document | what it is |
//! | --- | --- |
//! | a video with measures | one quality, an MP4 |
//! | `application/x-mpegurl`, called `mtproto:` and a document's id | the playlist of the quality with that id |
//! | `application/x-tgstoryboard`, `application/x-tgstoryboardmap` | small pictures for the seek bar: left out |

use grammers_tl_types as tl;
use tl::enums::{Document, DocumentAttribute as Attribute};

use super::file::measure;
use crate::domain::file::Volume;
use crate::domain::post::DocumentId;
use crate::domain::rendition::Rendition;
use crate::domain::telegram_id::Dc;
use crate::domain::text;

const PLAYLIST: &str = "application/x-mpegurl";
/// More than Telegram makes: four qualities, each in two codecs.
const MOST: usize = 16;

/// The qualities beside the file itself, best first.
pub(super) fn renditions(media: &tl::types::MessageMediaDocument) -> Vec<Rendition> {
    let own = media.document.as_ref().map(Document::id);
    let others: Vec<&tl::types::Document> = media.alt_documents.iter().flatten().filter_map(present).collect();
    let playlist_of = |video: i64| {
        let name = format!("mtproto:{video}");
        others.iter().find(|other| other.mime_type == PLAYLIST && raw_name(other) == Some(&name))
    };
    let one = |other: &&tl::types::Document| {
        let video = other.attributes.iter().find_map(|attribute| match attribute {
            Attribute::Video(video) => Some(video),
            _ => None,
        });
        let video = video.filter(|_| other.mime_type != PLAYLIST && Some(other.id) != own)?;
        Some(Rendition {
            video: volume(other)?,
            playlist: playlist_of(other.id).and_then(|playlist| volume(playlist)),
            width: measure(video.w),
            height: measure(video.h),
            codec: video.video_codec.as_deref().map(|codec| text::line(codec, text::WORD)),
        })
    };
    let mut renditions: Vec<Rendition> = others.iter().filter_map(one).take(MOST).collect();
    renditions.sort_by_key(|one| (std::cmp::Reverse(one.height), std::cmp::Reverse(one.video.size)));
    renditions
}

fn present(document: &Document) -> Option<&tl::types::Document> {
    match document {
        Document::Document(document) => Some(document),
        Document::Empty(_) => None,
    }
}

/// As it stands there: names for people are cleaned, and would change the colon.
fn raw_name(document: &tl::types::Document) -> Option<&String> {
    document.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Filename(name) => Some(&name.file_name),
        _ => None,
    })
}

fn volume(document: &tl::types::Document) -> Option<Volume> {
    let size = u64::try_from(document.size).ok().filter(|&size| size > 0)?;
    Some(Volume { document: DocumentId(document.id), dc: Dc(document.dc_id), size })
}

#[cfg(test)]
mod tests {
    use super::super::carried::tests::{media, named};
    use super::*;

    fn measures(w: i32, h: i32, codec: Option<&str>) -> Attribute {
        let video = tl::types::DocumentAttributeVideo {
            round_message: false,
            supports_streaming: true,
            nosound: false,
            duration: 60.0,
            w,
            h,
            preload_prefix_size: None,
            video_start_ts: None,
            video_codec: codec.map(str::to_owned),
        };
        video.into()
    }

    fn document(id: i64, mime: &str, size: i64, attributes: Vec<Attribute>) -> Document {
        let Some(tl::enums::MessageMedia::Document(media)) = media(mime, size, attributes) else {
            panic!("a document")
        };
        let Some(Document::Document(document)) = media.document else { panic!("a document") };
        tl::types::Document { id, ..document }.into()
    }

    fn video(id: i64, size: i64, w: i32, h: i32) -> Document {
        document(id, "video/mp4", size, vec![measures(w, h, Some("h264"))])
    }

    fn playlist(id: i64, name: &str) -> Document {
        document(id, PLAYLIST, 500, vec![named(name)])
    }

    fn of(others: Vec<Document>) -> Vec<(i64, Option<i64>, Option<String>)> {
        let Some(tl::enums::MessageMedia::Document(media)) =
            media("video/mp4", 9_000, vec![measures(1920, 1080, None)])
        else {
            panic!("a document")
        };
        let found = renditions(&tl::types::MessageMediaDocument { alt_documents: Some(others), ..media });
        let ids =
            |one: &Rendition| (one.video.document.0, one.playlist.map(|playlist| playlist.document.0), one.label());
        found.iter().map(ids).collect()
    }

    #[test]
    fn qualities_come_best_first_each_with_its_playlist() {
        let others = vec![
            video(1, 100, 854, 480),
            video(2, 300, 1280, 720),
            playlist(11, "mtproto:1"),
            playlist(12, "mtproto:2"),
            document(20, "application/x-tgstoryboard", 99, vec![named("storyboard.jpg")]),
        ];
        let label = |label: &str| Some(label.to_owned());
        assert_eq!(of(others), [(2, Some(12), label("720p")), (1, Some(11), label("480p"))]);
    }

    #[test]
    fn what_is_no_quality_is_left_out() {
        let own = 7_000_000_000_001;
        for (what, other) in [
            ("an empty one", tl::types::DocumentEmpty { id: 1 }.into()),
            ("one without bytes", video(1, 0, 854, 480)),
            ("one without measures", document(1, "video/mp4", 9, vec![])),
            ("the file itself", video(own, 9_000, 1920, 1080)),
            ("a playlist alone", playlist(1, "mtproto:7")),
            ("a playlist that has measures", document(1, PLAYLIST, 9, vec![measures(1, 1, None), named("mtproto:7")])),
        ] {
            assert_eq!(of(vec![other]), [], "{what}");
        }
    }

    #[test]
    fn a_playlist_belongs_to_the_quality_that_its_name_says() {
        for name in ["mtproto:12", "mtproto:", "1.m3u8", "mtproto1"] {
            assert_eq!(of(vec![video(1, 9, 854, 480), playlist(3, name)])[0].1, None, "{name}");
        }
    }
}
