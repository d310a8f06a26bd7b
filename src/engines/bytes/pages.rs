//! Bytes that lie alone, such as a line of subtitles among gigabytes: whole pages of them and no more.
//!
//! Everything else is fetched by cells of 64 KiB, because whoever reads goes on reading. Of a thousand lines, each a MiB from the next, that
//! would be 64 MiB for 100 KiB of text. What is in memory is taken from there; what comes is kept by nobody.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use super::body::PROGRAM_CHUNK;
use super::scheduler::Run;
use super::{Engine, Error, Locations, Purpose};
use crate::domain::file::VirtualFile;
use crate::domain::range::ByteRange;

/// The steps in which `getFile` takes offsets and limits.
pub(super) const PAGE: u64 = 4096;

impl Engine {
    /// Reads a range of which nothing else will be wanted soon. Like [`Engine::read`] in everything but that: only the pages of 4 KiB that it
    /// touches are asked for, and they come into no cache.
    pub async fn read_alone(
        &self,
        file: &VirtualFile,
        locations: &Locations,
        range: ByteRange,
        purpose: Purpose,
    ) -> Result<Bytes, Error> {
        // Listed, without a place of its own in the budget: a thousand of these are one who reads little, and as many streams would leave
        // viewers next to nothing to read ahead.
        let listed = self.streams.enter();
        let mut pieces = Vec::new();
        for Piece { volume, from, to } in pieces_of(file, range) {
            let at = locations.get(volume).ok_or(Error::NotFound)?;
            let offset = from / PAGE * PAGE;
            let limit = to.next_multiple_of(PAGE) - offset;
            let reply_len = to.next_multiple_of(PAGE).min(at.volume.size) - offset;
            let run = Run { at: Arc::clone(at), offset, limit: limit as u32, reply_len: reply_len as u32 };
            let bytes = self.cache.fetch_alone(run, listed.id(), purpose.class()).await?;
            pieces.push(bytes.slice((from - offset) as usize..(to - offset) as usize));
        }
        match &mut pieces[..] {
            [all] => Ok(std::mem::take(all)),
            pieces => Ok(pieces
                .iter()
                .fold(BytesMut::new(), |mut all, piece| {
                    all.extend_from_slice(piece);
                    all
                })
                .freeze()),
        }
    }
}

/// A run of one volume, within what the program asks for at once.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    volume: usize,
    from: u64,
    to: u64,
}

/// What of a range lies inside the file, by volumes and chunks of the program, in order. Larger ones would hold up a viewer's on their
/// connection.
fn pieces_of(file: &VirtualFile, range: ByteRange) -> Vec<Piece> {
    let (mut pieces, mut start) = (Vec::new(), 0u64);
    for extent in file.extents() {
        let end = start.saturating_add(extent.len);
        let (from, to) = (range.start().max(start), range.end().min(end));
        let mut at = from;
        while at < to {
            let in_volume = extent.start + (at - start);
            let line = (in_volume / PROGRAM_CHUNK + 1) * PROGRAM_CHUNK;
            let len = (to - at).min(line - in_volume);
            pieces.push(Piece { volume: extent.volume, from: in_volume, to: in_volume + len });
            at += len;
        }
        start = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chunk_plan::BLOCK;
    use crate::domain::file::{Extent, Volume};
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;

    #[test]
    fn a_range_is_cut_at_volumes_and_at_the_lines_of_the_grid() {
        let volume = |n: i64, size| Volume { document: DocumentId(n), dc: Dc(2), size };
        let extents = vec![Extent { volume: 0, start: BLOCK - 10, len: 30 }, Extent { volume: 1, start: 5, len: 100 }];
        let file = VirtualFile::of_extents(vec![volume(1, 2 * BLOCK), volume(2, 200)], extents).expect("inside");
        let cut = |from, to| {
            let pieces = pieces_of(&file, ByteRange::new(from, to).expect("forwards"));
            pieces.into_iter().map(|piece| (piece.volume, piece.from, piece.to)).collect::<Vec<_>>()
        };
        assert_eq!(cut(0, 10), [(0, BLOCK - 10, BLOCK)]);
        assert_eq!(cut(5, 40), [(0, BLOCK - 5, BLOCK), (0, BLOCK, BLOCK + 20), (1, 5, 15)]);
        assert_eq!(cut(125, 900), [(1, 100, 105)]);
        assert_eq!(cut(130, 900), []);
        assert_eq!(cut(7, 7), []);

        let half = BLOCK / 2;
        let pieces =
            pieces_of(&VirtualFile::single(volume(1, 2 * BLOCK)), ByteRange::new(10, BLOCK + 10).expect("forwards"));
        let cut: Vec<_> = pieces.into_iter().map(|piece| (piece.from, piece.to)).collect();
        assert_eq!(
            cut,
            [(10, half), (half, BLOCK), (BLOCK, BLOCK + 10)],
            "never more than the program asks for at once"
        );
    }
}
