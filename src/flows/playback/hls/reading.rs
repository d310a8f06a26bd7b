//! A film's bytes for one segment: the ranges that its maker plans to want, in one stream of the byte engine; and anew where the plan was wrong.

use std::future::poll_fn;
use std::ops::Range;
use std::task::{Poll, ready};

use ::bytes::Bytes;
use futures_util::StreamExt;
use rewrap::SegmentMaker;

use crate::domain::range::ByteRange;
use crate::engines::bytes;
use crate::flows::playback::viewers::{Viewer, Watch};
use crate::flows::playback::{Error, Found, Playback};

/// How often one segment's bytes are asked for anew. A plan that holds needs none of it; an index that lies may name a place of its own for each frame, and each costs a place among
/// those who read.
const MOST_OPENINGS: u32 = 64;

/// Reads for a segment's maker, as somebody who watches, and ends when they may no longer.
pub struct Reading {
    playback: Playback,
    found: Found,
    body: bytes::Body,
    watch: Watch,
    /// What the body still brings; the first range from its next byte on.
    coming: Vec<Range<u64>>,
    /// What it brought and nobody took yet, and where that stands.
    here: (u64, Bytes),
    openings: u32,
}

impl Reading {
    /// Begins to read what a maker plans to want. `None` when it wants nothing. When it returns, the first bytes are there.
    pub async fn begin(playback: &Playback, found: &Found, maker: &SegmentMaker) -> Result<Option<Self>, Error> {
        let Some((body, watch, coming)) = open(playback, found, maker).await? else { return Ok(None) };
        let (playback, found) = (playback.clone(), found.clone());
        Ok(Some(Self { playback, found, body, watch, coming, here: (0, Bytes::new()), openings: 1 }))
    }

    /// Pushes the next bytes that the maker wants; it wants some.
    pub async fn feed(&mut self, maker: &mut SegmentMaker) -> Result<(), Error> {
        loop {
            let Some(wanted) = maker.wants() else { return Ok(()) };
            // A maker wants no byte behind the file's end, or this would go on for ever.
            if let Some(bytes) = self.take(&wanted) {
                maker.push(bytes);
                return Ok(());
            }
            // Little by little, as long as what is wanted comes at all.
            if !self.coming.iter().any(|range| range.start <= wanted.start && wanted.start < range.end) {
                self.openings += 1;
                if self.openings > MOST_OPENINGS {
                    return Err(cut_off());
                }
                let anew = open(&self.playback, &self.found, maker).await?;
                let Some((body, watch, coming)) = anew else { return Err(cut_off()) };
                (self.body, self.watch, self.coming) = (body, watch, coming);
            }
            self.next().await?;
        }
    }

    /// Of what is here: what stands where the wish begins, and no more than it wants.
    fn take(&mut self, wanted: &Range<u64>) -> Option<Bytes> {
        let (at, bytes) = &mut self.here;
        let skip = usize::try_from(wanted.start.checked_sub(*at)?).ok().filter(|skip| *skip < bytes.len())?;
        let most = usize::try_from(wanted.end - wanted.start).unwrap_or(usize::MAX);
        let _ = bytes.split_to(skip);
        let taken = bytes.split_to(bytes.len().min(most));
        *at = wanted.start + taken.len() as u64;
        Some(taken)
    }

    async fn next(&mut self) -> Result<(), Error> {
        let Self { body, watch, .. } = self;
        let piece = poll_fn(|cx| {
            watch.check(cx.waker())?;
            Poll::Ready(ready!(body.poll_next_unpin(cx)).transpose().map_err(Error::from))
        });
        let piece = match piece.await {
            Ok(piece) => piece.ok_or_else(cut_off)?,
            Err(error) => {
                self.body.abort();
                return Err(error);
            }
        };
        let Some(first) = self.coming.first_mut() else { return Err(cut_off()) };
        self.here = (first.start, piece);
        first.start += self.here.1.len() as u64;
        // A piece never lies across two ranges.
        self.coming.retain(|range| range.start < range.end);
        Ok(())
    }

    /// Whether whoever watches still may; if so, the one who asks is woken when they no longer may.
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Of the film that is read, for the log.
    pub fn name(&self) -> &str {
        &self.found.entry.name
    }
}

type Opened = (bytes::Body, Watch, Vec<Range<u64>>);

async fn open(playback: &Playback, found: &Found, maker: &SegmentMaker) -> Result<Option<Opened>, Error> {
    let len = found.entry.file.len();
    let Some(wanted) = maker.wants() else { return Ok(None) };
    let mut coming = maker.plan();
    if !coming.iter().any(|range| range.start <= wanted.start && wanted.start < range.end) {
        coming = vec![wanted];
    }
    coming.iter_mut().for_each(|range| range.end = range.end.min(len));
    coming.retain(|range| range.start < range.end);
    let ranges: Vec<_> = coming.iter().filter_map(|range| ByteRange::new(range.start, range.end)).collect();
    if ranges.is_empty() {
        return Err(cut_off());
    }
    let Found { entry, asker, version, locations } = found;
    let admission = playback.engine.admit()?;
    let viewer = Viewer { entry: entry.id, name: entry.name.clone(), person: asker.person, version: *version };
    // Listed before the first byte is there: that may take long.
    let watch = playback.viewers.enter(admission.id(), viewer);
    let body = admission.open(&entry.file, locations, &ranges).await?;
    Ok(Some((body, watch, coming)))
}

/// The engine brings what was asked for or says why not: this is the maker's doing.
fn cut_off() -> Error {
    Error::Unavailable("the film's index names bytes that it does not have".to_owned())
}
