//! Removes what nobody counts any more from the folder of the disk cache: drafts and blocks that a failed write left; all of it when the
//! owner took the cache's room away.

use std::path::PathBuf;

use super::{UPKEEP, did};
use crate::domain::job::{About, Place, Schedule};
use crate::engines::bytes::Engine;
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

pub(super) const ABOUT: About = About {
    name: "disk-cache",
    does: "removes files that the disk cache does not use",
    schedule: Some(Schedule::DailyAt { hour: 4, minute: 27 }),
    // Each has its own DATA_DIR.
    place: Place::EachInstance,
    ..UPKEEP
};

pub(super) struct DiskCache {
    pub engine: Engine,
    pub dir: PathBuf,
}

impl Kind for DiskCache {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, _: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            let (engine, dir) = (self.engine.clone(), self.dir.clone());
            let swept = tokio::task::spawn_blocking(move || engine.sweep_disk(&dir)).await;
            let removed = swept.map_err(|e| Stop::Passing(e.to_string()))?;
            let failed = |e| Stop::Passing(format!("{} cannot be read: {e}", self.dir.display()));
            Ok(did("removed", &[(removed.map_err(failed)?, "unused file", "unused files")]))
        })
    }
}
