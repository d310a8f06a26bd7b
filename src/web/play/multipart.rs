//! `multipart/byteranges` (RFC 9110 section 14.6): several runs of a file in one body, whose length is known beforehand.
//!
//! ```text
//! \r\n--boundary\r\nContent-Type: ..\r\nContent-Range: ..\r\n\r\n  bytes  \r\n--boundary ... bytes  \r\n--boundary--\r\n
//! ```

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use crate::domain::range::ByteRange;

/// The envelope around the runs of one response.
pub struct Multipart {
    boundary: String,
    /// The bytes before each run, and the length of the run.
    parts: VecDeque<(Bytes, u64)>,
    end: Bytes,
}

impl Multipart {
    /// For `ranges` of a file of `length` bytes, in this order; none of them empty.
    pub fn new(ranges: &[ByteRange], length: u64, content_type: &str) -> Self {
        // Random, so that no file can have been made to contain it.
        let random = || RandomState::new().build_hasher().finish();
        let boundary = format!("{:016x}{:016x}", random(), random());
        let before = |range: &ByteRange| {
            let content_range = range.content_range(length);
            format!("\r\n--{boundary}\r\nContent-Type: {content_type}\r\nContent-Range: {content_range}\r\n\r\n")
        };
        let parts = ranges.iter().map(|range| (before(range).into(), range.len())).collect();
        let end = format!("\r\n--{boundary}--\r\n").into();
        Self { boundary, parts, end }
    }

    pub fn content_type(&self) -> String {
        format!("multipart/byteranges; boundary={}", self.boundary)
    }

    /// Bytes of the whole body.
    pub fn content_length(&self) -> u64 {
        let parts: u64 = self.parts.iter().map(|(before, len)| before.len() as u64 + len).sum();
        parts + self.end.len() as u64
    }

    /// The body, given the runs' bytes one after the other, however they are cut.
    pub fn wrap<E>(self, bytes: impl Stream<Item = Result<Bytes, E>> + Unpin) -> impl Stream<Item = Result<Bytes, E>> {
        let state = Wrapped { bytes, parts: self.parts, end: Some(self.end), left: 0, rest: Bytes::new() };
        stream::unfold(state, |mut state| async move { state.next().await.map(|item| (item, state)) })
    }
}

struct Wrapped<S> {
    bytes: S,
    parts: VecDeque<(Bytes, u64)>,
    /// Until it was sent.
    end: Option<Bytes>,
    /// Bytes of the present run still to come.
    left: u64,
    /// Taken from `bytes` and not sent yet.
    rest: Bytes,
}

impl<S: Stream<Item = Result<Bytes, E>> + Unpin, E> Wrapped<S> {
    async fn next(&mut self) -> Option<Result<Bytes, E>> {
        if self.left == 0 {
            let Some((before, len)) = self.parts.pop_front() else {
                return self.end.take().map(Ok);
            };
            self.left = len;
            return Some(Ok(before));
        }
        if self.rest.is_empty() {
            match self.bytes.next().await? {
                Ok(bytes) => self.rest = bytes,
                Err(error) => return Some(Err(error)),
            }
        }
        let now = self.left.min(self.rest.len() as u64);
        self.left -= now;
        Some(Ok(self.rest.split_to(now as usize)))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[tokio::test]
    async fn runs_stand_between_their_headers_however_the_bytes_are_cut() {
        let ranges = [ByteRange::new(0, 3).expect("forwards"), ByteRange::new(100, 102).expect("forwards")];
        for cut in 1..=5 {
            let multipart = Multipart::new(&ranges, 1000, "video/mp4");
            let (boundary, length) = (multipart.boundary.clone(), multipart.content_length());
            let pieces = b"abcXY".chunks(cut).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece)));
            let wrapped = multipart.wrap(stream::iter(pieces.collect::<Vec<_>>()));
            let body: Vec<Bytes> = wrapped.map(|item| item.expect("infallible")).collect().await;
            let body = body.concat();
            let wanted = format!(
                "\r\n--{boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes 0-2/1000\r\n\r\nabc\
                 \r\n--{boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes 100-101/1000\r\n\r\nXY\
                 \r\n--{boundary}--\r\n"
            );
            assert_eq!(String::from_utf8_lossy(&body), wanted);
            assert_eq!(body.len() as u64, length);
        }
    }
}
