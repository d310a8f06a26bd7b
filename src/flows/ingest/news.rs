//! What a batch of events comes to: how each message stands at its end. Pure.

use std::collections::HashMap;

use crate::domain::passed_over::PassedOver;
use crate::domain::post::{ChannelEvent, ChatId, Post, PostRef};

/// Each message of a batch once, in the order of what was last said of it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct News<'e> {
    pub posts: Vec<&'e Post>,
    pub passed_over: Vec<PassedOver>,
    pub gone: Vec<PostRef>,
    /// Channels, and the message up to which each is unread.
    pub unread: Vec<(ChatId, i32)>,
}

enum Last<'e> {
    Post(&'e Post),
    PassedOver(&'e PassedOver),
    Gone(PostRef),
}

impl<'e> News<'e> {
    pub fn of(events: &'e [ChannelEvent]) -> Self {
        let mut news = Self::default();
        let mut said: Vec<(PostRef, Last<'e>)> = Vec::new();
        for event in events {
            match event {
                ChannelEvent::Posted(post) | ChannelEvent::Edited(post) => said.push((post.at, Last::Post(post))),
                ChannelEvent::PassedOver(one) => said.push((one.at, Last::PassedOver(one))),
                ChannelEvent::Gone(gone) => said.extend(gone.iter().map(|at| (*at, Last::Gone(*at)))),
                ChannelEvent::Unread { chat, up_to } => news.unread.push((*chat, *up_to)),
            }
        }
        let last: HashMap<PostRef, usize> = said.iter().enumerate().map(|(n, (at, _))| (*at, n)).collect();
        for (n, (at, what)) in said.into_iter().enumerate() {
            match what {
                _ if last.get(&at) != Some(&n) => {}
                Last::Post(post) => news.posts.push(post),
                Last::PassedOver(one) => news.passed_over.push(one.clone()),
                Last::Gone(at) => news.gone.push(at),
            }
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::passed_over::Why;
    use crate::domain::post::{Attachment, DocumentId};
    use crate::domain::telegram_id::Dc;

    fn at(message: i32) -> PostRef {
        PostRef { chat: ChatId::from_bare(5).expect("in range"), message }
    }

    fn post(message: i32, document: i64) -> Post {
        let attachment = Attachment {
            document: DocumentId(document),
            dc: Dc(4),
            size: 9,
            mime: "video/mp4".to_owned(),
            file_name: None,
            duration_secs: None,
            width: None,
            height: None,
            renditions: Vec::new(),
        };
        Post { at: at(message), date: 0, album: None, reply_to: None, caption: String::new(), attachment }
    }

    #[test]
    fn the_last_word_on_a_message_counts() {
        let text = |message| PassedOver { at: at(message), date: 0, why: Why::Text, about: String::new() };
        let events = [
            ChannelEvent::Posted(post(1, 10)),
            ChannelEvent::Posted(post(2, 20)),
            ChannelEvent::PassedOver(text(3)),
            ChannelEvent::Edited(post(1, 11)),
            ChannelEvent::Gone(vec![at(2), at(4)]),
            ChannelEvent::Edited(post(3, 30)),
            ChannelEvent::PassedOver(text(5)),
            ChannelEvent::Unread { chat: at(1).chat, up_to: 900 },
        ];
        let news = News::of(&events);
        let posts: Vec<_> = news.posts.iter().map(|post| (post.at.message, post.attachment.document.0)).collect();
        assert_eq!(posts, [(1, 11), (3, 30)]);
        assert_eq!((news.passed_over, news.gone), (vec![text(5)], vec![at(2), at(4)]));
        assert_eq!(news.unread, [(at(1).chat, 900)]);
    }
}
