//! What Telegram says of a run of a channel's messages, against what is kept of them. Pure.

use std::collections::BTreeMap;

use crate::domain::check::{Difference, Found};
use crate::domain::passed_over::Why;
use crate::domain::post::{ChannelEvent, DocumentId, Post, PostRef};
use crate::flows::ingest::draft::draft;

/// What is kept of a message that carries a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub document: DocumentId,
    pub name: String,
    /// `None` while a newer message speaks for the file.
    pub caption: Option<String>,
}

/// What is kept of a run of messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub files: BTreeMap<i32, Known>,
    pub passed_over: BTreeMap<i32, Why>,
}

/// Where both differ. `events`: each message of the run once, as it stands in the channel.
pub(super) fn compare(events: &[ChannelEvent], kept: &Kept) -> Vec<Found> {
    let mut found = Vec::new();
    for event in events {
        match event {
            ChannelEvent::Posted(post) | ChannelEvent::Edited(post) => found.extend(of_post(post, kept)),
            ChannelEvent::PassedOver(one) => found.extend(of_other(one.at, Some(one.why), &one.about, kept)),
            ChannelEvent::Gone(gone) => found.extend(gone.iter().filter_map(|at| of_other(*at, None, "", kept))),
            ChannelEvent::Unread { .. } => {}
        }
    }
    found
}

fn of_post(post: &Post, kept: &Kept) -> Option<Found> {
    let (source, entry) = draft(post);
    let difference = match kept.files.get(&post.at.message) {
        None => Difference::Missing,
        Some(known) if known.document != source.document => Difference::Replaced,
        Some(Known { caption: Some(caption), name, .. }) if (caption, name) != (&entry.caption, &entry.name) => {
            Difference::Changed
        }
        Some(_) if kept.passed_over.contains_key(&post.at.message) => Difference::Miscounted,
        Some(_) => return None,
    };
    Some(Found { difference, at: post.at, about: entry.name })
}

/// Of a message that carries no file; `None` of one that is gone.
fn of_other(at: PostRef, why: Option<Why>, about: &str, kept: &Kept) -> Option<Found> {
    if let Some(known) = kept.files.get(&at.message) {
        return Some(Found { difference: Difference::Gone, at, about: known.name.clone() });
    }
    let is_counted_so = kept.passed_over.get(&at.message).copied() == why;
    (!is_counted_so).then(|| Found { difference: Difference::Miscounted, at, about: about.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::passed_over::PassedOver;
    use crate::domain::post::{Attachment, ChatId};
    use crate::domain::telegram_id::Dc;

    fn at(message: i32) -> PostRef {
        PostRef { chat: ChatId::from_bare(5).expect("in range"), message }
    }

    fn post(message: i32, document: i64, name: &str, caption: &str) -> ChannelEvent {
        let attachment = Attachment {
            document: DocumentId(document),
            dc: Dc(4),
            size: 9,
            mime: "video/mp4".to_owned(),
            file_name: Some(name.to_owned()),
            duration_secs: None,
            width: None,
            height: None,
            renditions: Vec::new(),
        };
        ChannelEvent::Edited(Post {
            at: at(message),
            date: 0,
            album: None,
            reply_to: None,
            caption: caption.to_owned(),
            attachment,
        })
    }

    fn known(document: i64, name: &str, caption: Option<&str>) -> Known {
        Known { document: DocumentId(document), name: name.to_owned(), caption: caption.map(str::to_owned) }
    }

    fn text(message: i32) -> ChannelEvent {
        ChannelEvent::PassedOver(PassedOver { at: at(message), date: 0, why: Why::Text, about: "words".to_owned() })
    }

    #[test]
    fn each_difference_is_told_apart() {
        use Difference as D;
        let kept = Kept {
            files: BTreeMap::from([
                (1, known(1, "a.mkv", Some(""))),
                (2, known(2, "a.mkv", Some(""))),
                (3, known(3, "a.mkv", Some("before"))),
                // A newer message speaks for it.
                (4, known(4, "a.mkv", None)),
                (5, known(5, "a.mkv", Some(""))),
                (6, known(6, "a.mkv", Some(""))),
                (11, known(11, "a.mkv", Some(""))),
            ]),
            passed_over: BTreeMap::from([(8, Why::Text), (9, Why::Photo), (10, Why::Text), (11, Why::Text)]),
        };
        let events = [
            post(1, 1, "a.mkv", ""),
            post(2, 20, "a.mkv", ""),
            post(3, 3, "a.mkv", "after"),
            post(4, 4, "b.mkv", "other words"),
            text(5),
            text(7),
            text(8),
            text(9),
            post(11, 11, "a.mkv", ""),
            post(12, 12, "c.mkv", ""),
            ChannelEvent::Gone(vec![at(6), at(10), at(13)]),
        ];
        let found: Vec<_> =
            compare(&events, &kept).into_iter().map(|f| (f.at.message, f.difference, f.about)).collect();
        let wanted = [
            (2, D::Replaced, "a.mkv"),
            (3, D::Changed, "a.mkv"),
            (5, D::Gone, "a.mkv"),
            (7, D::Miscounted, "words"),
            (9, D::Miscounted, "words"),
            (11, D::Miscounted, "a.mkv"),
            (12, D::Missing, "c.mkv"),
            (6, D::Gone, "a.mkv"),
            (10, D::Miscounted, ""),
        ];
        assert_eq!(found, wanted.map(|(message, difference, about)| (message, difference, about.to_owned())));
    }
}
