//! What a message says and carries, wherever it stands, and Telegram's limits on it.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::super::post::{Button, Entity};
use super::super::refusal::Refusal;

/// The content of a message: the same in a channel, a group and a private chat.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct Words {
    pub text: String,
    /// What of the text is bold, a link and so on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    pub document: Option<i64>,
    pub album: Option<i64>,
    /// Channel (bare id) and message that it was forwarded from.
    pub forwarded: Option<(i64, i32)>,
    /// Forwarded from a person who hides behind this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden_author: Option<String>,
    /// The message of the same chat that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i32>,
    /// `noforwards`: it may not be copied.
    pub is_protected: bool,
    /// Buttons below it, in rows.
    pub buttons: Vec<Vec<Button>>,
}

/// Telegram's limits (core.telegram.org/method/messages.sendMessage, limits.tginfo.me), in UTF-16 units.
const LONGEST_TEXT: usize = 4096;
const LONGEST_CAPTION: usize = 1024;

impl Words {
    pub fn plain(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    pub fn check(&self) -> Result<(), Refusal> {
        let length = self.text.encode_utf16().count();
        match self.document {
            None if length == 0 => return Err(Refusal::bad("MESSAGE_EMPTY")),
            None if length > LONGEST_TEXT => return Err(Refusal::bad("MESSAGE_TOO_LONG")),
            Some(_) if length > LONGEST_CAPTION => return Err(Refusal::bad("MEDIA_CAPTION_TOO_LONG")),
            _ => {}
        }
        let is_outside = |entity: &Entity| {
            let (offset, length_of) = (usize::try_from(entity.offset), usize::try_from(entity.length));
            !matches!((offset, length_of), (Ok(offset), Ok(of)) if of > 0 && offset + of <= length)
        };
        match self.entities.iter().any(is_outside) {
            true => Err(Refusal::bad("ENTITY_BOUNDS_INVALID")),
            false => Ok(()),
        }
    }

    /// Says something else from now on; what is not given stays, and a keyboard that is not given goes.
    pub fn edit(&mut self, edit: WordsEdit) -> Result<(), Refusal> {
        let (text, entities) = match edit.text {
            Some(text) => (text, edit.entities),
            None => (self.text.clone(), self.entities.clone()),
        };
        let edited = Self { text, entities, buttons: edit.buttons, ..self.clone() };
        if edited == *self {
            return Err(Refusal::bad("MESSAGE_NOT_MODIFIED"));
        }
        edited.check()?;
        *self = edited;
        Ok(())
    }
}

#[derive(Default)]
pub(in super::super) struct WordsEdit {
    pub text: Option<String>,
    pub entities: Vec<Entity>,
    pub buttons: Vec<Vec<Button>>,
}

impl WordsEdit {
    pub fn text(text: String) -> Self {
        Self { text: Some(text), ..Self::default() }
    }
}

/// How fast a bot may write (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): "avoid sending more than one
/// message per second" to one chat, with short bursts allowed; "not more than 20 messages per minute to the same group"; "not
/// more than about 30 messages per second" in all.
#[derive(Debug, Default)]
pub(in super::super) struct SendingLimits {
    /// Moments of the last second.
    all: VecDeque<Instant>,
    /// By chat: what may still be sent at once, and when that was counted.
    bursts: HashMap<i64, (f64, Instant)>,
    /// By group: moments of the last minute.
    groups: HashMap<i64, VecDeque<Instant>>,
}

const BURST: f64 = 3.0;
const OF_ALL: (usize, Duration) = (30, Duration::from_secs(1));
const OF_A_GROUP: (usize, Duration) = (20, Duration::from_secs(60));

impl SendingLimits {
    /// Counts a message to a chat, or says for how long the bot must wait.
    pub fn count(&mut self, chat: i64, is_group: bool, now: Instant) -> Result<(), Refusal> {
        let group = is_group.then(|| self.groups.entry(chat).or_default());
        let (left, at) = self.bursts.entry(chat).or_insert((BURST, now));
        *left = BURST.min(*left + now.saturating_duration_since(*at).as_secs_f64());
        *at = now;
        let mut waits = vec![until_free(&mut self.all, OF_ALL, now), Duration::from_secs_f64((1.0 - *left).max(0.0))];
        waits.extend(group.map(|sent| until_free(sent, OF_A_GROUP, now)));
        // Less than a fiftieth of a second is how exact clocks are.
        let wait = waits.into_iter().max().filter(|wait| *wait > Duration::from_millis(20));
        if let Some(wait) = wait {
            return Err(Refusal::new(420, format!("FLOOD_WAIT_{}", wait.as_secs_f64().ceil() as u64)));
        }
        *left -= 1.0;
        self.all.push_back(now);
        if is_group {
            self.groups.entry(chat).or_default().push_back(now);
        }
        Ok(())
    }
}

/// How long until fewer than so many lie within the span.
fn until_free(sent: &mut VecDeque<Instant>, (most, span): (usize, Duration), now: Instant) -> Duration {
    while sent.front().is_some_and(|&at| at + span <= now) {
        sent.pop_front();
    }
    match sent.len().checked_sub(most).and_then(|over| sent.get(over)) {
        Some(&at) => (at + span).saturating_duration_since(now),
        None => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_limits() {
        let text = |n: usize| Words::plain("x".repeat(n));
        let caption = |n: usize| Words { document: Some(1), ..text(n) };
        let bold = |offset, length| Words {
            entities: vec![Entity { kind: "bold".to_owned(), offset, length, url: None }],
            ..Words::plain("🎬ab".to_owned())
        };
        for (what, words, wanted) in [
            ("the longest text", text(4096), None),
            ("too long", text(4097), Some("MESSAGE_TOO_LONG")),
            ("long letters count twice", Words::plain("🎬".repeat(2049)), Some("MESSAGE_TOO_LONG")),
            ("nothing", text(0), Some("MESSAGE_EMPTY")),
            ("a file alone", caption(0), None),
            ("the longest caption", caption(1024), None),
            ("too long a caption", caption(1025), Some("MEDIA_CAPTION_TOO_LONG")),
            ("the whole text", bold(0, 4), None),
            ("beyond the end", bold(3, 2), Some("ENTITY_BOUNDS_INVALID")),
            ("before the beginning", bold(-1, 2), Some("ENTITY_BOUNDS_INVALID")),
            ("of nothing", bold(1, 0), Some("ENTITY_BOUNDS_INVALID")),
        ] {
            assert_eq!(words.check().err().map(|refusal| refusal.message.into_owned()).as_deref(), wanted, "{what}");
        }
    }

    #[test]
    fn who_writes_too_fast_must_wait() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let wait = |limits: &mut SendingLimits, chat, is_group, ms| {
            limits.count(chat, is_group, at(ms)).err().map(|refusal| refusal.message.into_owned())
        };
        let mut limits = SendingLimits::default();
        for ms in [0, 0, 0, 1_000, 2_000] {
            assert_eq!(wait(&mut limits, 1, false, ms), None, "a short burst, then one a second");
        }
        assert_eq!(wait(&mut limits, 1, false, 2_100).as_deref(), Some("FLOOD_WAIT_1"));
        assert_eq!(wait(&mut limits, 2, false, 2_100), None, "another chat");
        let mut limits = SendingLimits::default();
        for n in 0..20 {
            assert_eq!(wait(&mut limits, -5, true, n * 1_100), None, "{n}");
        }
        assert_eq!(wait(&mut limits, -5, true, 30_000).as_deref(), Some("FLOOD_WAIT_30"));
        assert_eq!(wait(&mut limits, -5, true, 60_000), None);
        let mut limits = SendingLimits::default();
        for chat in 0..30 {
            assert_eq!(wait(&mut limits, chat, false, 0), None, "{chat}");
        }
        assert_eq!(wait(&mut limits, 30, false, 500).as_deref(), Some("FLOOD_WAIT_1"));
        assert_eq!(wait(&mut limits, 30, false, 1_000), None);
    }
}
