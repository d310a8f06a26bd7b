//! The engine's bytes, for as long as the viewer may have them.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ::bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::Error;
use super::viewers::Watch;
use crate::engines::bytes;
use crate::flows::limits::Meter;

/// A stream of exactly the bytes that were promised, or of an error, after which nothing comes.
pub struct Body {
    bytes: bytes::Body,
    watch: Watch,
    meter: Meter,
    /// The viewer was told why it ends.
    is_over: bool,
}

impl Body {
    pub(super) fn new(bytes: bytes::Body, watch: Watch, meter: Meter) -> Self {
        Self { bytes, watch, meter, is_over: false }
    }

    fn cut_off(&mut self, why: Error) -> Poll<Option<Result<Bytes, Error>>> {
        self.is_over = true;
        self.bytes.abort();
        tracing::warn!("A stream was cut off: {why}");
        Poll::Ready(Some(Err(why)))
    }
}

impl Stream for Body {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        if let Err(why) = self.watch.check(cx.waker()) {
            return self.cut_off(why);
        }
        if let Err(refusal) = ready!(self.meter.poll(cx)) {
            return self.cut_off(Error::Limited(refusal));
        }
        let item = ready!(self.bytes.poll_next_unpin(cx));
        if let Some(Ok(piece)) = &item {
            self.meter.sent(piece.len());
        }
        Poll::Ready(item.map(|piece| piece.map_err(Error::from)))
    }
}
