//! A segment goes out while the film's bytes come in.

use std::future::poll_fn;
use std::ops::Range;
use std::task::{Poll, ready};

use bytes::{Bytes, BytesMut};
use rewrap::SegmentMaker;
use tracing::warn;

use super::reading::Reading;
use crate::flows::limits::Meter;
use crate::flows::playback::{Error, Found, Playback};

/// Frames of a sound are some hundred bytes: so many bytes of small pieces go out together.
const TOGETHER: usize = 64 << 10;
/// A piece of at least so many bytes goes out as it is, without a copy.
const LARGE: usize = 16 << 10;

/// The bytes of a segment, for as long as the viewer may have them. [`Segment::next`] gives them piece by piece.
pub struct Segment {
    bytes: Source,
    meter: Meter,
}

enum Source {
    Made(Bytes),
    Making(Box<Making>),
}

struct Making {
    maker: SegmentMaker,
    /// `None`: nothing of the film is in it.
    reading: Option<Reading>,
    /// Small pieces that wait for each other, and a large one behind them.
    small: BytesMut,
    large: Option<Bytes>,
    /// To be read when this one is out.
    next: Option<(Playback, Found, Range<u64>)>,
}

impl Segment {
    /// One that was made whole.
    pub(super) fn made(bytes: Bytes, meter: Meter) -> Self {
        Self { bytes: Source::Made(bytes), meter }
    }

    /// One that is being made. `next`: what its viewer will want of the film when all of it is out. When it returns, the first bytes of the film are there.
    pub(super) async fn begin(
        (playback, found): (&Playback, &Found),
        maker: SegmentMaker,
        next: Option<Range<u64>>,
        meter: Meter,
    ) -> Result<Self, Error> {
        let reading = Reading::begin(playback, found, &maker).await?;
        let next = next.map(|range| (playback.clone(), found.clone(), range));
        let making = Making { maker, reading, small: BytesMut::new(), large: None, next };
        Ok(Self { bytes: Source::Making(Box::new(making)), meter })
    }

    /// How many bytes it has, where that is known before they are there.
    pub fn known_bytes(&self) -> Option<u64> {
        match &self.bytes {
            Source::Made(bytes) => Some(bytes.len() as u64),
            Source::Making(_) => None,
        }
    }

    /// The next piece. After an error nothing comes.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let piece = self.piece().await;
        if let (Err(error), Source::Making(making)) = (&piece, &self.bytes) {
            making.tell(error);
        }
        piece
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        let piece = match &mut self.bytes {
            Source::Made(bytes) => {
                let piece = bytes.split_to(bytes.len().min(TOGETHER));
                (!piece.is_empty()).then_some(piece)
            }
            Source::Making(making) => making.next().await?,
        };
        let Some(piece) = piece else { return Ok(None) };
        let Self { bytes, meter } = self;
        let watch = match bytes {
            Source::Making(making) => making.reading.as_ref().map(Reading::watch),
            Source::Made(_) => None,
        };
        poll_fn(|cx| {
            if let Some(watch) = watch {
                watch.check(cx.waker())?;
            }
            Poll::Ready(ready!(meter.poll(cx)).map_err(Error::Limited))
        })
        .await?;
        meter.sent(piece.len());
        Ok(Some(piece))
    }
}

impl Making {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(piece) = self.ready() {
                return Ok(Some(piece));
            }
            match &mut self.reading {
                Some(reading) if self.maker.wants().is_some() => reading.feed(&mut self.maker).await?,
                _ => return Ok(self.end()),
            }
        }
    }

    /// A status line said that all is well: nobody but the log hears of what went wrong since. That an access ended is no fault.
    fn tell(&self, error: &Error) {
        let name = self.reading.as_ref().map_or("a film", Reading::name);
        if !matches!(error, Error::Revoked | Error::Stopped | Error::Limited(_)) {
            warn!(%error, "a segment of {name} was cut off");
        }
    }

    /// What there is enough of to go out.
    fn ready(&mut self) -> Option<Bytes> {
        if let Some(large) = self.large.take() {
            return Some(large);
        }
        while let Some(piece) = self.maker.pop() {
            if piece.len() < LARGE {
                self.small.extend_from_slice(&piece);
                if self.small.len() < TOGETHER {
                    continue;
                }
            } else if self.small.is_empty() {
                return Some(piece);
            } else {
                self.large = Some(piece);
            }
            return Some(self.small.split().freeze());
        }
        None
    }

    /// The rest; nothing more is being made.
    fn end(&mut self) -> Option<Bytes> {
        if let Some((playback, found, range)) = self.next.take() {
            playback.read_ahead(found, range);
        }
        (!self.small.is_empty()).then(|| self.small.split().freeze())
    }
}
