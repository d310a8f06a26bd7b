//! Reads the index of an archive, or how a file begins, through the byte engine: a few small reads, never the films in it.

use std::sync::Arc;
use std::time::Duration;

use crate::adapters::telegram::VolumeLocation;
use crate::containers::archive::{Index, Member, Problem, Run, Step};
use crate::domain::file::{Extent, VirtualFile};
use crate::domain::range::ByteRange;
use crate::domain::volumes::{self, ArchiveFormat, ArchiveSplit};
use crate::engines::bytes::{self, Engine, Locations, Purpose};

/// All reads together. An archive of 1,000 volumes takes some 2,000 of them.
const LIMIT: Duration = Duration::from_secs(300);
/// Most headers are in one page; an index at the end of a zip takes several blocks.
const PAGE: u64 = 4 * 1024;
const BLOCK: u64 = 64 * 1024;

/// Telegram could not be read; what the archive holds is not known.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub problem: String,
    /// It makes no sense to try before.
    pub retry_after: Duration,
}

impl Unreadable {
    fn because(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), retry_after: Duration::ZERO }
    }
}

impl From<bytes::Error> for Unreadable {
    fn from(error: bytes::Error) -> Self {
        let retry_after = match error {
            bytes::Error::Busy { retry_after } => retry_after,
            bytes::Error::NotFound | bytes::Error::Unavailable(_) => Duration::ZERO,
        };
        Self { problem: error.to_string(), retry_after }
    }
}

/// A member, and where its bytes lie in the volumes.
pub(super) type Placed = (Member, Vec<Extent>);

/// Whether a file begins as a film does.
pub(super) async fn begins_as_video(engine: &Engine, location: Option<VolumeLocation>) -> Result<bool, Unreadable> {
    let none = || Unreadable::because("it has no bytes");
    let location = location.ok_or_else(none)?;
    let file = VirtualFile::single(location.volume);
    let range = ByteRange::new(0, file.len().min(volumes::BEGINNING)).ok_or_else(none)?;
    let bytes = engine.read(&file, &Locations::from([Arc::new(location)]), range, Purpose::Probe).await?;
    Ok(volumes::begins_as_video(&bytes))
}

/// What an archive holds. `locations`: its volumes, in order.
pub(super) async fn members(
    engine: &Engine,
    locations: Vec<VolumeLocation>,
    format: ArchiveFormat,
    split: ArchiveSplit,
) -> Result<Result<Vec<Placed>, Problem>, Unreadable> {
    let Some(archive) = Archive::new(engine, locations) else {
        return Err(Unreadable::because("the archive has no volumes"));
    };
    let late = || Unreadable::because(format!("it took longer than {} s", LIMIT.as_secs()));
    let members = archive.members(format, split);
    tokio::time::timeout(LIMIT, members).await.unwrap_or_else(|_| Err(late()))
}

/// An archive's volumes, read as one file.
struct Archive<'a> {
    engine: &'a Engine,
    file: VirtualFile,
    locations: Locations,
}

impl<'a> Archive<'a> {
    fn new(engine: &'a Engine, locations: Vec<VolumeLocation>) -> Option<Self> {
        let file = VirtualFile::new(locations.iter().map(|location| location.volume).collect())?;
        Some(Self { engine, file, locations: locations.into_iter().map(Arc::new).collect() })
    }

    async fn members(
        &self,
        format: ArchiveFormat,
        split: ArchiveSplit,
    ) -> Result<Result<Vec<Placed>, Problem>, Unreadable> {
        let sizes: Vec<u64> = self.file.volumes().iter().map(|volume| volume.size).collect();
        let mut index = Index::new(format, split, &sizes);
        loop {
            match index.step() {
                Step::Need(run) => self.supply(&mut index, run).await?,
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

    /// Reads what the index needs, rounded to whole pages of each volume: the next header is most often near.
    async fn supply(&self, index: &mut Index, run: Run) -> Result<(), Unreadable> {
        let outside = || Unreadable::because("the index leads outside of the archive");
        for Extent { volume, start, len } in index.extents(&[(run.start, run.len)]).ok_or_else(outside)? {
            let volumes = self.file.volumes();
            let (Some(size), Some(before)) = (volumes.get(volume).map(|volume| volume.size), volumes.get(..volume))
            else {
                return Err(outside());
            };
            let begin: u64 = before.iter().map(|volume| volume.size).sum();
            let end = start + len;
            let step = if start / PAGE == (end - 1) / PAGE { PAGE } else { BLOCK };
            let from = start / step * step;
            let to = end.checked_next_multiple_of(step).unwrap_or(size).min(size);
            let range = ByteRange::new(begin + from, begin + to).ok_or_else(outside)?;
            index.supply(begin + from, &self.engine.read(&self.file, &self.locations, range, Purpose::Probe).await?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::telegram::scripted::{Calls, Fault, Script};
    use crate::adapters::telegram::{BotIndex, Telegram};
    use crate::domain::file::Volume;
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;
    use crate::engines::bytes::Options;

    const MIB: u64 = 1024 * 1024;

    fn engine(script: Script) -> (Engine, Calls) {
        let (telegram, calls) = Telegram::scripted(script);
        (Engine::new(telegram.files().clone(), Options::default()).expect("no disk"), calls)
    }

    /// What the scripted bytes come to: they are no archive, which is only known once they were read.
    async fn look(engine: &Engine) -> Result<Result<Vec<Placed>, Problem>, Unreadable> {
        let volume = Volume { document: DocumentId(1), dc: Dc(2), size: 5 * MIB };
        let locations = vec![VolumeLocation { volume, posts: Vec::new() }];
        members(engine, locations, ArchiveFormat::Zip, ArchiveSplit::Bytes).await
    }

    fn is_read(found: &Result<Result<Vec<Placed>, Problem>, Unreadable>) -> bool {
        matches!(found, Ok(Err(Problem::Damaged(_))))
    }

    #[tokio::test(start_paused = true)]
    async fn an_archive_that_is_looked_at_again_is_not_read_again() {
        let (engine, calls) = engine(Script::new(2, 2));
        assert!(is_read(&look(&engine).await));
        let asked = calls.count();
        assert!((1..=2).contains(&asked), "{asked} reads of an index");
        assert!(is_read(&look(&engine).await));
        assert_eq!(calls.count(), asked);
        assert_eq!(engine.totals().streams, 0, "nobody watches");
    }

    #[tokio::test(start_paused = true)]
    async fn what_one_connection_does_not_bring_another_does() {
        for fault in [Fault::Connection, Fault::Refused, Fault::Silence, Fault::WrongLength, Fault::NotVisible] {
            let (engine, calls) = engine(Script::new(2, 2).on_call(1, fault.clone()));
            assert!(is_read(&look(&engine).await), "{fault:?}");
            let calls = calls.all();
            assert_ne!(calls[0].slot, calls[1].slot, "{fault:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_bot_is_not_asked_inside_its_flood_wait_and_ingest_is_told_when_to_come_again() {
        let flood = || Fault::FloodWait(Duration::from_secs(90));
        let (one, calls) = engine(Script::new(2, 2).of_bot(0, flood()));
        assert!(is_read(&look(&one).await));
        assert!(calls.all().iter().filter(|call| call.slot.bot == BotIndex(0)).count() <= 1);

        let (all, calls) = engine(Script::new(2, 2).of_bot(0, flood()).of_bot(1, flood()));
        let Err(unreadable) = look(&all).await else { panic!("both bots must wait") };
        assert!((89.0..90.1).contains(&unreadable.retry_after.as_secs_f64()), "{unreadable:?}");
        let asked = calls.count();
        assert_eq!(asked, 2);
        assert!(look(&all).await.is_err());
        assert_eq!(calls.count(), asked);
        tokio::time::sleep(unreadable.retry_after).await;
        (0..2).for_each(|bot| calls.set_bot(bot, None));
        assert!(is_read(&look(&all).await));
    }
}
