//! Any range of any file is covered exactly once, in order, by calls that keep Telegram's rules.
#![no_main]

use cinepost::domain::telegram_id::Dc;
use cinepost::domain::chunk_plan::{Chunk, plan};
use cinepost::domain::file::{VirtualFile, Volume};
use cinepost::domain::post::DocumentId;
use cinepost::domain::range::ByteRange;
use libfuzzer_sys::fuzz_target;

const STEP: u64 = 1024;
const LINE: u64 = 1024 * 1024;
/// A plan for a large range is long; its beginning and what is left say enough.
const CHUNKS: usize = 2000;

fuzz_target!(|input: (Vec<u32>, u64, u64)| {
    let (sizes, start, end) = input;
    let volumes = sizes.iter().map(|size| Volume { document: DocumentId(1), dc: Dc(4), size: u64::from(*size) }).collect();
    let (Some(file), Some(range)) = (VirtualFile::new(volumes), ByteRange::new(start, end)) else { return };
    let mut next = range.start();
    for chunk in chunks(&file, range) {
        let volume = u64::from(sizes[chunk.volume]);
        let limit = u64::from(chunk.limit);
        assert!(chunk.offset.is_multiple_of(STEP) && limit.is_multiple_of(STEP) && limit > 0, "{chunk:?}");
        assert_eq!(chunk.offset / LINE, (chunk.offset + limit - 1) / LINE, "{chunk:?} crosses a line");
        assert_eq!(u64::from(chunk.reply_len), limit.min(volume - chunk.offset), "{chunk:?}");
        assert!(chunk.trim_start < chunk.trim_end && chunk.trim_end <= chunk.reply_len, "{chunk:?}");
        let before: u64 = sizes[..chunk.volume].iter().map(|size| u64::from(*size)).sum();
        assert_eq!(before + chunk.offset + u64::from(chunk.trim_start), next, "{chunk:?}");
        next += u64::from(chunk.len());
    }
    let covered = next - range.start();
    let wanted = range.end().min(file.len()).saturating_sub(range.start());
    assert!(covered == wanted || (covered < wanted && covered / CHUNKS as u64 > 0), "{covered} of {wanted}");
});

fn chunks(file: &VirtualFile, range: ByteRange) -> impl Iterator<Item = Chunk> {
    plan(file, &[range]).take(CHUNKS)
}
