//! Messages that carry no file: why each is passed over, and of the newest what they were.
//!
//! A channel may hold a million messages of words, so a message costs a byte: [`BLOCK`] of them share a record, in which the
//! byte of each says why it is passed over, or 0. What is kept is how things stand, not what happened: whatever is recorded
//! again, swept again or edited changes nothing but its own byte, and the counts are always right.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::Error;
use super::face::face;
use crate::domain::passed_over::{NEWEST_KEPT, PassedOver, Why};
use crate::domain::post::{ChatId, PostRef};

face! {
    /// Messages that carry no file.
    PassedOverPosts / PassedOverBackend {
        /// Keeps that these messages are passed over, and that `others` are not (any more): they carry a file, or are gone. Safe
        /// to repeat.
        async fn record(&self, passed_over: &[PassedOver], others: &[PostRef]) -> Result<(), Error>;

        /// Those from `first` to `last` that are, by their ids.
        async fn between(&self, chat: ChatId, first: i32, last: i32) -> Result<BTreeMap<i32, Why>, Error>;

        /// How many of a channel's messages are passed over, by their reason.
        async fn counts(&self, chat: ChatId) -> Result<BTreeMap<Why, u64>, Error>;

        /// The newest of them, the newest first: at most [`NEWEST_KEPT`], of which those are left out that are gone since.
        async fn newest(&self, chat: ChatId) -> Result<Vec<PassedOver>, Error>;
    }
}

/// Messages in a record.
pub(super) const BLOCK: usize = 1 << BLOCK_BITS;
const BLOCK_BITS: u32 = 12;

/// The new bytes of one record: place in it -> reason, 0 for none.
pub(super) type Bytes = BTreeMap<usize, u8>;

/// What changes in each record, by channel and number of the record. Of a message that is named twice the reason stands.
pub(super) fn changes(passed_over: &[PassedOver], others: &[PostRef]) -> BTreeMap<(ChatId, i32), Bytes> {
    let mut changes: BTreeMap<(ChatId, i32), Bytes> = BTreeMap::new();
    let none = others.iter().map(|at| (*at, 0));
    for (at, byte) in none.chain(passed_over.iter().map(|one| (one.at, one.why.number()))) {
        let place = at.message as usize % BLOCK;
        changes.entry((at.chat, at.message >> BLOCK_BITS)).or_default().insert(place, byte);
    }
    changes
}

/// The records that these messages stand in.
pub(super) fn blocks(first: i32, last: i32) -> RangeInclusive<i32> {
    first >> BLOCK_BITS..=last >> BLOCK_BITS
}

/// The message of a place in a record.
pub(super) fn message(block: i32, place: usize) -> i32 {
    block << BLOCK_BITS | (place % BLOCK) as i32
}

/// Why a message is passed over, by its byte: `None` for 0. A number of a later version counts as [`Why::Other`].
pub(super) fn why(byte: u8) -> Option<Why> {
    (byte != 0).then(|| Why::from_number(byte).unwrap_or(Why::Other))
}

/// Adds up a record's bytes.
pub(super) fn tally(counts: &mut BTreeMap<Why, u64>, bytes: impl IntoIterator<Item = u8>) {
    for why in bytes.into_iter().filter_map(why) {
        *counts.entry(why).or_default() += 1;
    }
}

/// The newest of each channel, as many as are kept.
pub(super) fn newest_of(passed_over: &[PassedOver]) -> Vec<PassedOver> {
    let mut by_channel: BTreeMap<ChatId, BTreeMap<i32, &PassedOver>> = BTreeMap::new();
    for one in passed_over {
        by_channel.entry(one.at.chat).or_default().insert(one.at.message, one);
    }
    let newest = by_channel.into_values().flat_map(|messages| messages.into_values().rev().take(NEWEST_KEPT));
    newest.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(message: i32) -> PostRef {
        PostRef { chat: ChatId::from_bare(5).expect("in range"), message }
    }

    #[test]
    fn a_message_has_one_place_whatever_its_number() {
        let text = |message| PassedOver { at: at(message), date: 0, why: Why::Text, about: String::new() };
        let found = changes(&[text(1), text(4_096), text(i32::MAX)], &[at(1), at(4_097)]);
        let found: Vec<_> = found.into_iter().map(|((_, block), bytes)| (block, bytes)).collect();
        let wanted = [
            (0, Bytes::from([(1, 1)])),
            (1, Bytes::from([(0, 1), (1, 0)])),
            (i32::MAX >> 12, Bytes::from([(4_095, 1)])),
        ];
        assert_eq!(found, wanted);
    }
}
