//! The job that keeps the tree in EXPORT_DIR true: after changes, and every day.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{ABOUT, Error, Export, Report};
use crate::adapters::data_folder::tree::TreeError;
use crate::domain::export::again_at;
use crate::domain::job::{About, Priority};
use crate::domain::person::{Person, PersonId, name_key};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

/// Where the tree is, and whose it is.
#[derive(Clone, Debug)]
pub struct Folder {
    pub dir: PathBuf,
    /// Somebody's name. `None`: the owner.
    pub person: Option<String>,
}

/// Given to the engine where the owner wants a tree.
pub struct Scheduled {
    export: Export,
    folder: Folder,
    /// When this program wrote it last, from when to when.
    last: Mutex<Option<(i64, i64)>>,
}

impl Kind for Scheduled {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async move {
            if let Some(says) = self.nothing_to_do(run).await? {
                return Ok(says);
            }
            let began = run.now();
            let person = self.person().await?;
            let counts = self.export.store.catalog().counts().await?;
            let titles = counts.movies + counts.series;
            let progress = |done| run.progress(done, Some(titles.max(done)), "titles");
            let written = self.export.write(&person, began, &self.folder.dir, &progress).await;
            let report = written.map_err(|error| self.stop(error))?;
            *self.last() = Some((began, run.now()));
            Ok(report.words())
        })
    }
}

impl Scheduled {
    pub fn new(export: Export, folder: Folder) -> Self {
        Self { export, folder, last: Mutex::new(None) }
    }

    /// Changes ask for a job each minute, and a large library takes longer than that: what began after this one was due has seen all that this one
    /// would, and a long one is followed by a rest.
    async fn nothing_to_do(&self, run: &Run) -> Result<Option<String>, Stop> {
        let job = run.job();
        // A person who has it run wants it.
        if job.priority == Priority::Urgent {
            return Ok(None);
        }
        let Some((began, ended)) = *self.last() else { return Ok(None) };
        if began >= job.due {
            return Ok(Some("nothing to do: it was done meanwhile".to_owned()));
        }
        let Some(again) = again_at(began, ended, run.now()) else { return Ok(None) };
        self.export.store.jobs().add(&again, run.now()).await?;
        Ok(Some(format!("waits for {} s: the last one took {} s", again.due - run.now(), ended - began)))
    }

    fn last(&self) -> MutexGuard<'_, Option<(i64, i64)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn person(&self) -> Result<Person, Stop> {
        let people = self.export.store.people();
        let found = match &self.folder.person {
            None => people.get(PersonId::OWNER).await?,
            Some(name) => people.all().await?.into_iter().find(|person| name_key(&person.name) == name_key(name)),
        };
        found.ok_or_else(|| {
            let name = self.folder.person.as_deref().unwrap_or("the owner");
            Stop::Final(format!(
                "nobody here is called {name:?} (EXPORT_PERSON); `cinepost person list` shows who there is"
            ))
        })
    }

    fn stop(&self, error: Error) -> Stop {
        match error {
            Error::Database(error) => error.into(),
            Error::Tree(TreeError::Held(_)) => Stop::Passing(error.to_string()),
            error => Stop::Final(format!(
                "the library was not exported to EXPORT_DIR ({}): {error}. It should be a folder that this program may write to",
                self.folder.dir.display()
            )),
        }
    }
}

impl Report {
    /// What was done, as a sentence without its subject.
    pub fn words(&self) -> String {
        let of = |count: u64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let what = format!(
            "{} and {} with {} and {}",
            of(self.films, "film", "films"),
            of(self.series, "series", "series"),
            of(self.links, "link", "links"),
            of(self.subtitles, "file of subtitles", "files of subtitles"),
        );
        let kept = &self.kept;
        let mut said = vec![match self.zip_bytes {
            Some(bytes) => format!("wrote {what}, {:.1} MB", bytes as f64 / 1e6),
            None => format!("{what}: {} new, {} changed, {} removed", kept.new, kept.changed, kept.removed),
        }];
        if kept.foreign > 0 {
            let names = kept.foreign_names.join(", ");
            let files = of(kept.foreign, "file was left as it is", "files were left as they are");
            said.push(format!(
                "{files}, somebody else wrote or changed them (remove them to have them written anew): {names}"
            ));
        }
        if self.without_place > 0 {
            let files = of(self.without_place, "season in one file has", "seasons in one file have");
            said.push(format!("{files} no place, as nobody knows their episodes"));
        }
        if self.unread > 0 {
            let files = of(self.unread, "file of subtitles", "files of subtitles");
            said.push(format!("{files} could not be read and come next time: {}", self.unread_why));
        }
        said.join("; ")
    }
}
