//! What a file is called that Telegram gives no name. Pure.

use time::OffsetDateTime;
use time::macros::format_description;

use crate::domain::shared::{Content, FileKind, file_name};

/// Its own name; else the first line of its caption; else what it is and when it was sent. Always with an ending that players know.
pub(super) fn name(own: Option<&str>, caption: &str, content: &Content, date: i64) -> String {
    let ending = ending(&content.mime, content.kind);
    let made = || format!("{}_{}.{ending}", content.kind.as_str(), day(date));
    let given = own.or_else(|| caption.lines().map(str::trim).find(|line| !line.is_empty()));
    given.and_then(|given| file_name(given, &made()).ok()).unwrap_or_else(made)
}

fn day(date: i64) -> String {
    let form = format_description!("[year]-[month]-[day]_[hour]-[minute]-[second]");
    let date = OffsetDateTime::from_unix_timestamp(date).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    date.format(form).unwrap_or_default()
}

fn ending(mime: &str, kind: FileKind) -> &'static str {
    match mime {
        "video/mp4" => "mp4",
        "video/x-matroska" => "mkv",
        "video/webm" => "webm",
        "video/quicktime" => "mov",
        "video/x-msvideo" => "avi",
        "video/mp2t" => "ts",
        "audio/mpeg" => "mp3",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "audio/ogg" => "ogg",
        "audio/flac" | "audio/x-flac" => "flac",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        _ => match kind {
            FileKind::Video | FileKind::Animation => "mp4",
            FileKind::Audio => "mp3",
            FileKind::Voice => "ogg",
            FileKind::Photo => "jpg",
            FileKind::Document => "bin",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::file::Volume;
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;

    #[test]
    fn every_file_has_a_name_that_players_know() {
        let content = |kind, mime: &str| Content {
            kind,
            mime: mime.to_owned(),
            volume: Volume { document: DocumentId(1), dc: Dc(2), size: 1 },
            duration_secs: None,
            width: None,
            height: None,
            scanned: None,
        };
        let date = 1_700_000_000;
        for (own, caption, content, wanted) in [
            (Some("Night.mkv"), "caption", content(FileKind::Video, "video/x-matroska"), "Night.mkv"),
            (Some("Night"), "", content(FileKind::Video, "video/x-matroska"), "Night.mkv"),
            (
                None,
                "\n Night of the Living Dead \nsecond line",
                content(FileKind::Video, "video/mp4"),
                "Night of the Living Dead.mp4",
            ),
            (None, "", content(FileKind::Photo, "image/jpeg"), "photo_2023-11-14_22-13-20.jpg"),
            (None, " ", content(FileKind::Voice, "audio/x-unknown"), "voice_2023-11-14_22-13-20.ogg"),
            (Some("..."), "", content(FileKind::Document, ""), "document_2023-11-14_22-13-20.bin"),
        ] {
            assert_eq!(name(own, caption, &content, date), wanted);
        }
        // What cannot be a name is not one.
        let long = "x".repeat(4096);
        assert_eq!(
            name(None, &long, &content(FileKind::Video, "video/mp4"), i64::MAX),
            "video_1970-01-01_00-00-00.mp4"
        );
    }
}
