//! Floor 3: link -> bytes, the ByteStreamer.

use crate::store::Store;
use crate::telegram::Telegram;

pub struct Options {
    /// Bytes fetched ahead of one reader at most.
    pub window_bytes: u64,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Playback {}

impl Playback {
    pub fn new(store: Store, telegram: Telegram, options: Options) -> Self {
        let _ = (store, telegram, options);
        unimplemented!()
    }
}
