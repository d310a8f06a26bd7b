//! What stands in a watched channel and is no file that could be played: counted by its reason, so that every message of a
//! channel is accounted for. What *is* a file becomes an entry, and says itself why it has no title
//! ([`Reason`](super::entry::Reason)).

use serde::{Deserialize, Serialize};

use super::post::PostRef;

/// A message that is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    pub at: PostRef,
    /// Unix seconds.
    pub date: i64,
    pub why: Why,
    /// Its file's name, or the beginning of its text. Empty when it has neither.
    pub about: String,
}

/// Of so many messages of a channel, the newest, it is kept what they were; of the others only why.
pub const NEWEST_KEPT: usize = 100;

/// Why a message is passed over. The numbers are what stores keep: none is ever given to another reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Why {
    /// Words alone, with or without a preview of a page.
    Text = 1,
    /// Telegram's own: something was pinned, the channel was renamed.
    Service = 2,
    Photo = 3,
    Sticker = 4,
    /// A GIF: a short video without sound.
    Animation = 5,
    /// A round video message.
    VideoNote = 6,
    Voice = 7,
    Poll = 8,
    /// A place on the map.
    Location = 9,
    Contact = 10,
    Story = 11,
    /// Its content is sold: a bot does not get it.
    Paid = 12,
    /// A document that says neither by a name nor by its type that it is a video.
    Nameless = 13,
    /// A document of no bytes, or one that Telegram has no more.
    Empty = 14,
    /// A game, dice, an invoice, a giveaway, a list of things to do, a live stream.
    Other = 15,
    /// Of a kind that Telegram does not tell this version of Cinepost.
    Unsupported = 16,
}

impl Why {
    pub const ALL: [Self; 16] = [
        Self::Text,
        Self::Service,
        Self::Photo,
        Self::Sticker,
        Self::Animation,
        Self::VideoNote,
        Self::Voice,
        Self::Poll,
        Self::Location,
        Self::Contact,
        Self::Story,
        Self::Paid,
        Self::Nameless,
        Self::Empty,
        Self::Other,
        Self::Unsupported,
    ];

    /// As stores keep it; never 0.
    pub fn number(self) -> u8 {
        self as u8
    }

    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.number() == number)
    }

    /// What the message is, in the singular.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Service => "service message",
            Self::Photo => "photo",
            Self::Sticker => "sticker",
            Self::Animation => "GIF",
            Self::VideoNote => "round video message",
            Self::Voice => "voice message",
            Self::Poll => "poll",
            Self::Location => "location",
            Self::Contact => "contact",
            Self::Story => "story",
            Self::Paid => "paid media",
            Self::Nameless => "file without a name",
            Self::Empty => "empty file",
            Self::Other => "something else",
            Self::Unsupported => "unknown to this version",
        }
    }

    /// What somebody does who misses it. `None` where nothing is amiss.
    pub fn hint(self) -> Option<&'static str> {
        match self {
            Self::Nameless => Some("send it again with a name that ends as a video's does, such as .mkv"),
            Self::Empty => Some("send it again"),
            Self::Animation => Some("a film without sound becomes a GIF: send it as a file"),
            Self::Paid => Some("a bot does not get what is sold: send the film itself"),
            Self::Story => Some("send the film itself"),
            Self::Unsupported => Some("if it is a film, update Cinepost"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_number_and_a_word_of_its_own() {
        for (n, why) in Why::ALL.into_iter().enumerate() {
            assert_eq!((usize::from(why.number()), Why::from_number(why.number())), (n + 1, Some(why)));
            assert_eq!(Why::ALL.iter().filter(|other| other.word() == why.word()).count(), 1, "{why:?}");
        }
        assert_eq!((Why::from_number(0), Why::from_number(17)), (None, None));
    }
}
