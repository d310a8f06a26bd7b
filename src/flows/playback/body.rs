//! The engine's bytes, for as long as the viewer may have them.

use std::pin::Pin;
use std::task::{Context, Poll};

use ::bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::Error;
use super::viewers::Watch;
use crate::engines::bytes;

/// A stream of exactly the bytes that were promised, or of an error, after which nothing comes.
pub struct Body {
    bytes: bytes::Body,
    watch: Watch,
    /// The viewer was told that the access was taken away.
    is_over: bool,
}

impl Body {
    pub(super) fn new(bytes: bytes::Body, watch: Watch) -> Self {
        Self { bytes, watch, is_over: false }
    }
}

impl Stream for Body {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        if self.watch.is_ended(cx.waker()) {
            self.is_over = true;
            self.bytes.abort();
            tracing::warn!("A stream was cut off: {}", Error::Revoked);
            return Poll::Ready(Some(Err(Error::Revoked)));
        }
        self.bytes.poll_next_unpin(cx).map(|item| item.map(|piece| piece.map_err(Error::from)))
    }
}
