//! The job that writes a backup by itself and removes old ones. A new one comes first: whatever keeps it from being written keeps the old
//! ones.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::Error;
use super::writing::Backups;
use crate::adapters::data_folder::{self, TEMPORARY};
use crate::adapters::store::backup::{BackupError, Watch};
use crate::domain::backup::{JOB, Plan, file_name, made};
use crate::domain::job::{About, Place, Priority, Schedule};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

pub const ABOUT: About = About {
    name: JOB,
    does: "writes a backup into BACKUP_DIR, and removes old ones",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    tries: 5,
    schedule: Some(Schedule::DailyAt { hour: 4, minute: 40 }),
    place: Place::AnyInstance,
};

/// Where they go, and how many.
#[derive(Clone, Debug)]
pub struct Folder {
    pub dir: PathBuf,
    pub plan: Plan,
}

/// `folder`: `None` while the owner wants none.
pub struct Scheduled {
    pub backups: Backups,
    pub folder: Option<Folder>,
}

impl Kind for Scheduled {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            let Some(folder) = &self.folder else {
                return Ok("nothing to do: BACKUP_DIR is not set".to_owned());
            };
            let names = files(&folder.dir).map_err(|e| unusable(&folder.dir, &e))?;
            // A person who has it run wants one.
            let is_wanted = run.job().priority == Priority::Urgent;
            if !is_wanted && !folder.plan.is_due(&names, run.now()) {
                return Ok("nothing to do: the last one is new enough".to_owned());
            }
            self.write(folder, run).await
        })
    }
}

impl Scheduled {
    async fn write(&self, folder: &Folder, run: &Run) -> Result<String, Stop> {
        let path = folder.dir.join(file_name(run.now()));
        let watch = Watch::default();
        let writing = self.backups.write(&path, &watch);
        tokio::pin!(writing);
        let written = loop {
            tokio::select! {
                written = &mut writing => break written.map_err(|error| stop(folder, error))?,
                () = tokio::time::sleep(Duration::from_secs(1)) => run.progress(watch.rows(), None, "records"),
            }
        };
        let records: u64 = written.contents.values().sum();
        run.progress(records, Some(records), "records");
        let removed = prune(folder).map_err(|e| unusable(&folder.dir, &e))?;
        let size = written.bytes as f64 / 1e6;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let wrote = format!("wrote {name}: {records} records, {size:.1} MB");
        Ok(match removed {
            0 => wrote,
            1 => format!("{wrote}; removed an old one"),
            removed => format!("{wrote}; removed {removed} old ones"),
        })
    }
}

pub(super) fn stop(folder: &Folder, error: Error) -> Stop {
    match error {
        Error::Database(error) => error.into(),
        Error::Backup { problem: BackupError::Stopped, .. } => Stop::Cancelled,
        Error::Backup { problem: BackupError::DiskFull, .. } => Stop::Final(format!(
            "no backup was written: the disk of BACKUP_DIR ({}) is full. Make room there, or keep fewer (BACKUPS_KEPT)",
            folder.dir.display()
        )),
        error => Stop::Final(format!("no backup was written: {error}")),
    }
}

fn unusable(dir: &Path, error: &io::Error) -> Stop {
    let should = "it should be a folder that this program may write to";
    Stop::Final(format!("no backup was written: BACKUP_DIR is {}: {error}; {should}", dir.display()))
}

/// The files of this folder, which is made when it is not there.
fn files(dir: &Path) -> io::Result<Vec<String>> {
    data_folder::make_private_dir(dir)?;
    let names = std::fs::read_dir(dir)?.map(|entry| {
        let entry = entry?;
        Ok(if entry.file_type()?.is_file() { entry.file_name().into_string().ok() } else { None })
    });
    names.filter_map(io::Result::transpose).collect()
}

/// Removes old backups, and what a kill left of one that was being written.
fn prune(folder: &Folder) -> io::Result<usize> {
    let names = files(&folder.dir)?;
    for draft in names.iter().filter(|name| is_draft(name)) {
        std::fs::remove_file(folder.dir.join(draft))?;
    }
    let surplus = folder.plan.surplus(&names);
    surplus.iter().try_for_each(|name| std::fs::remove_file(folder.dir.join(name)))?;
    Ok(surplus.len())
}

/// Of one of our backups: `.NAME.RANDOM.tmp`.
fn is_draft(name: &str) -> bool {
    let inner = name.strip_prefix('.').and_then(|rest| rest.strip_suffix(TEMPORARY));
    inner.and_then(|inner| inner.rsplit_once('.')).is_some_and(|(name, _)| made(name).is_some())
}
