//! SQLite's own upkeep, see `Store::tidy`. MongoDB does its own.

use super::UPKEEP;
use crate::adapters::store::Store;
use crate::domain::job::{About, Schedule};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

pub(super) const ABOUT: About = About {
    name: "database",
    does: "renews what SQLite knows of its indexes, empties its log, and gives unused room back to the disk",
    schedule: Some(Schedule::DailyAt { hour: 4, minute: 22 }),
    ..UPKEEP
};

pub(super) struct Database(pub Store);

impl Kind for Database {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, _: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            let Some(tidied) = self.0.tidy().await? else {
                return Ok("nothing to do: MongoDB does it itself".to_owned());
            };
            let mb = |bytes: u64| bytes as f64 / 1e6;
            let size = format!("{:.1} MB, {:.1} MB of it unused", mb(tidied.file_bytes), mb(tidied.unused_bytes));
            Ok(match tidied.given_back_bytes {
                0 => size,
                back => format!("gave {:.1} MB back to the disk; {size}", mb(back)),
            })
        })
    }
}
