//! Reads the index of an archive through Telegram: a few small reads, never the films in it.

use std::time::Duration;

use crate::adapters::telegram::{Telegram, VolumeLocation};
use crate::containers::archive::{Index, Member, Problem, Run, Step};
use crate::domain::file::Extent;
use crate::domain::volumes::{ArchiveFormat, ArchiveSplit};

/// One read of a few kilobytes.
const READ_LIMIT: Duration = Duration::from_secs(10);
/// All of them. An archive of 1,000 volumes takes some 2,000 reads.
const LIMIT: Duration = Duration::from_secs(300);
/// How many connections are asked for one piece before Telegram counts as away.
const ATTEMPTS: usize = 4;
/// getFile takes multiples of 4 KiB that divide 1 MiB and do not cross one (core.telegram.org/api/files). Most headers are in
/// one page; an index at the end of a zip takes several blocks.
const PAGE: u64 = 4 * 1024;
const BLOCK: u64 = 64 * 1024;

/// Telegram could not be read; what the archive holds is not known.
#[derive(Debug)]
pub(super) struct Unreadable(pub String);

/// A member, and where its bytes lie in the volumes.
pub(super) type Placed = (Member, Vec<Extent>);

/// What an archive holds. `locations`: its volumes, in order.
pub(super) async fn members(
    telegram: &Telegram,
    locations: &[VolumeLocation],
    format: ArchiveFormat,
    split: ArchiveSplit,
) -> Result<Result<Vec<Placed>, Problem>, Unreadable> {
    let late = || Unreadable(format!("it took longer than {} s", LIMIT.as_secs()));
    let read = read(telegram, locations, format, split);
    tokio::time::timeout(LIMIT, read).await.unwrap_or_else(|_| Err(late()))
}

async fn read(
    telegram: &Telegram,
    locations: &[VolumeLocation],
    format: ArchiveFormat,
    split: ArchiveSplit,
) -> Result<Result<Vec<Placed>, Problem>, Unreadable> {
    let sizes: Vec<u64> = locations.iter().map(|location| location.volume.size).collect();
    let mut index = Index::new(format, split, &sizes);
    loop {
        match index.step() {
            Step::Need(run) => fetch(telegram, locations, &mut index, run).await?,
            Step::Failed(problem) => return Ok(Err(problem)),
            Step::Members(members) => {
                let placed = members.into_iter().filter_map(|member| {
                    let extents = index.extents(&member.runs)?;
                    Some((member, extents))
                });
                return Ok(Ok(placed.collect()));
            }
        }
    }
}

async fn fetch(
    telegram: &Telegram,
    locations: &[VolumeLocation],
    index: &mut Index,
    run: Run,
) -> Result<(), Unreadable> {
    let outside = || Unreadable("the index leads outside of the archive".to_owned());
    for Extent { volume, start, len } in index.extents(&[(run.start, run.len)]).ok_or_else(outside)? {
        let (Some(location), Some(before)) = (locations.get(volume), locations.get(..volume)) else {
            return Err(outside());
        };
        let begin: u64 = before.iter().map(|location| location.volume.size).sum();
        let end = start + len;
        let step = if start / PAGE == (end - 1) / PAGE { PAGE } else { BLOCK };
        let mut at = start / step * step;
        while at < end {
            let bytes = piece(telegram, location, at, step).await?;
            index.supply(begin + at, &bytes);
            at += step;
        }
    }
    Ok(())
}

/// One piece, asked of one connection after the other.
async fn piece(
    telegram: &Telegram,
    location: &VolumeLocation,
    offset: u64,
    limit: u64,
) -> Result<bytes::Bytes, Unreadable> {
    let wanted = limit.min(location.volume.size - offset);
    let lanes = telegram.slots();
    let mut problem = "no bot is signed in".to_owned();
    for slot in lanes.iter().cycle().take(if lanes.is_empty() { 0 } else { ATTEMPTS }) {
        let read = telegram.read(*slot, location, offset, limit as u32);
        problem = match tokio::time::timeout(READ_LIMIT, read).await {
            Ok(Ok(bytes)) if bytes.len() as u64 == wanted => return Ok(bytes),
            Ok(Ok(bytes)) => format!("{} bytes came where {wanted} were asked for", bytes.len()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} s", READ_LIMIT.as_secs()),
        };
    }
    Err(Unreadable(problem))
}
