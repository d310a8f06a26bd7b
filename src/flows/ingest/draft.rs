//! A post -> the message and the entry that its file is, as the store keeps them. What its name says is read later, when its
//! title is looked for.

use crate::domain::entry::{Entry, EntryId, Named, Source};
use crate::domain::file::{VirtualFile, Volume, has_video_name};
use crate::domain::post::Post;
use crate::domain::volumes;

/// The message, and the entry of its file: pending.
pub(super) fn draft(post: &Post) -> (Source, Entry) {
    let file = &post.attachment;
    let id = EntryId::from_documents(&[file.document]);
    let own_name = own_name(post);
    let entry = Entry {
        caption: post.caption.clone(),
        named: own_name.is_none().then_some(Named::ByCaption),
        duration_secs: file.duration_secs,
        width: file.width,
        height: file.height,
        renditions: file.renditions.clone(),
        posted: post.date,
        ..Entry::of(
            id,
            VirtualFile::single(Volume { document: file.document, dc: file.dc, size: file.size }),
            own_name.map_or_else(|| name_by_caption(post), str::to_owned),
            file.mime.clone(),
        )
    };
    (
        Source {
            at: post.at,
            entry: id,
            document: file.document,
            date: post.date,
            album: post.album,
            reply_to: post.reply_to,
        },
        entry,
    )
}

fn own_name(post: &Post) -> Option<&str> {
    post.attachment.file_name.as_deref().map(str::trim).filter(|name| !name.is_empty())
}

/// The first line of the caption with an extension for the file's kind, or the message's number.
fn name_by_caption(post: &Post) -> String {
    let line = post.caption.lines().map(str::trim).find(|line| line.chars().any(char::is_alphanumeric));
    let stem: String = match line {
        Some(line) => {
            line.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { ' ' } else { c }).take(120).collect()
        }
        None => format!("video {}", post.at.message),
    };
    let extension = match post.attachment.mime.as_str() {
        "video/x-matroska" => "mkv",
        "video/webm" => "webm",
        "video/quicktime" => "mov",
        _ => "mp4",
    };
    let stem = stem.trim();
    match has_video_name(stem) || volumes::read(stem).is_some() {
        true => stem.to_owned(),
        false => format!("{stem}.{extension}"),
    }
}

pub(super) fn is_video(entry: &Entry) -> bool {
    has_video_name(&entry.name) || entry.mime.starts_with("video/")
}

/// Archives that are not looked into.
pub(super) fn is_unread_archive(entry: &Entry) -> bool {
    let name = entry.name.to_ascii_lowercase();
    let name = match name.rsplit_once('.') {
        Some((head, number)) if number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()) => head,
        _ => name.as_str(),
    };
    [".7z", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".zst"].iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::post::{Attachment, ChatId, DocumentId, PostRef};
    use crate::domain::telegram_id::Dc;

    fn post(file_name: Option<&str>, caption: &str, mime: &str) -> Post {
        Post {
            at: PostRef { chat: ChatId::from_bare(1_500_000_001).expect("a channel"), message: 7 },
            date: 1_700_000_000,
            album: None,
            reply_to: None,
            caption: caption.to_owned(),
            attachment: Attachment {
                document: DocumentId(7_000_000_000_001),
                dc: Dc(4),
                size: 1 << 30,
                mime: mime.to_owned(),
                file_name: file_name.map(str::to_owned),
                duration_secs: None,
                width: None,
                height: None,
                renditions: Vec::new(),
            },
        }
    }

    #[test]
    fn a_file_without_a_name_goes_by_its_caption() {
        let cases = [
            (post(Some("Film.1968.mkv"), "a caption", "video/x-matroska"), "Film.1968.mkv"),
            (post(None, "\n🎬\nNosferatu (1922)\nA symphony of horror", "video/mp4"), "Nosferatu (1922).mp4"),
            (post(None, "Nosferatu.1922.mkv", "video/x-matroska"), "Nosferatu.1922.mkv"),
            (post(None, "M/A\\S*H", "video/webm"), "M A S H.webm"),
            (post(None, "Film.1968.mkv.001\nfrom an app that shows it", "video/mp4"), "Film.1968.mkv.001"),
            (post(Some("  "), "", "video/mp4"), "video 7.mp4"),
        ];
        for (post, wanted) in cases {
            assert_eq!(draft(&post).1.name, wanted);
        }
    }

    #[test]
    fn what_is_not_a_video_is_told_apart_by_name_and_type() {
        let cases = [
            (post(Some("Film.mkv"), "", "application/octet-stream"), true),
            (post(Some("film"), "", "video/mp4"), true),
            (post(Some("Film.zip"), "", "application/zip"), false),
            (post(Some("Film.srt"), "", "application/x-subrip"), false),
        ];
        for (post, wanted) in cases {
            assert_eq!(is_video(&draft(&post).1), wanted, "{:?}", post.attachment.file_name);
        }
    }
}
