//! Looking into a film: `media` says which ranges it needs, the engine reads them.

use std::ops::Range;

use media::{Found, Probe, Step, Why};

use super::{Engine, Error, Locations, Purpose};
use crate::domain::file::VirtualFile;
use crate::domain::range::ByteRange;

/// What looking into a file came to.
#[derive(Debug)]
pub struct Looked {
    /// What is inside, or why that cannot be told; an error when Telegram could not be read.
    pub outcome: Result<Result<Box<Found>, Why>, Error>,
    /// Bytes that were asked for.
    pub read_bytes: u64,
}

impl Engine {
    /// Finds out what a film holds: its beginning, its end and its index, most often less than 1 MiB.
    pub async fn look_into(&self, file: &VirtualFile, locations: &Locations, purpose: Purpose) -> Looked {
        let mut probe = Probe::new(file.len());
        loop {
            // An index of ten hours is a matter of milliseconds for each step, and a thread of its own the price of not knowing.
            let stepped = tokio::task::spawn_blocking(move || (probe.step(), probe)).await;
            let (step, back) = match stepped {
                Ok(stepped) => stepped,
                Err(e) => return Looked { outcome: Err(Error::Unavailable(e.to_string())), read_bytes: 0 },
            };
            probe = back;
            let read_bytes = probe.asked_bytes();
            let outcome = match step {
                Step::Need(ranges) => match self.give(&mut probe, file, locations, ranges, purpose).await {
                    Ok(()) => continue,
                    Err(error) => Err(error),
                },
                Step::Done(found) => Ok(Ok(found)),
                Step::Unknown(why) => Ok(Err(why)),
            };
            return Looked { outcome, read_bytes };
        }
    }

    /// Reads what the probe wants, one range after the other.
    async fn give(
        &self,
        probe: &mut Probe,
        file: &VirtualFile,
        locations: &Locations,
        ranges: Vec<Range<u64>>,
        purpose: Purpose,
    ) -> Result<(), Error> {
        for range in ranges {
            let Some(wanted) = ByteRange::new(range.start, range.end) else { continue };
            let bytes = self.read(file, locations, wanted, purpose).await?;
            probe.give(range.start, &bytes);
        }
        Ok(())
    }
}
