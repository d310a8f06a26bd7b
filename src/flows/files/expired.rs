//! Upkeep: forgets files whose links ended long ago, and deletes their copies in the storage channel. Until then their owner may
//! give a link another end.

use super::Files;
use crate::adapters::store;
use crate::domain::job::{About, Place, Priority, Schedule};
use crate::domain::shared::{FileId, SharedFile};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

pub const ABOUT: About = About {
    name: "expired-files",
    does: "deletes files that people sent whose links ended 30 days ago",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    tries: 5,
    schedule: Some(Schedule::DailyAt { hour: 3, minute: 41 }),
    place: Place::AnyInstance,
};

/// Records read at once. All of them are walked through by number: what ends when stands in each record, and one walk a day costs less
/// than an index that every change of a link would write.
const PAGE: u32 = 500;

#[derive(Clone)]
pub struct ExpiredFiles(pub Files);

impl Kind for ExpiredFiles {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            let (mut above, mut deleted) = (FileId(0), 0);
            loop {
                let page = self.0.store.files().above(above, PAGE).await?;
                let Some(last) = page.last() else { break };
                above = last.id;
                for file in page.iter().filter(|file| is_over(file, run.now())) {
                    deleted += u64::from(self.delete(file.id, run.now()).await?);
                }
            }
            Ok(match deleted {
                0 => "nothing to do".to_owned(),
                1 => "deleted 1 file".to_owned(),
                files => format!("deleted {files} files"),
            })
        })
    }
}

impl ExpiredFiles {
    /// Returns whether it was still to be deleted: its owner may have given the link another end since it was read.
    async fn delete(&self, id: FileId, now: i64) -> Result<bool, store::Error> {
        let files = self.0.store.files();
        if !files.get(id).await?.is_some_and(|file| is_over(&file, now)) {
            return Ok(false);
        }
        let removed = files.remove(id).await?;
        if let Some(file) = &removed {
            self.0.discard(file.stored).await;
        }
        Ok(removed.is_some())
    }
}

fn is_over(file: &SharedFile, now: i64) -> bool {
    file.terms.deleted_at().is_some_and(|at| at <= now)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::adapters::store::{Database, Store};
    use crate::adapters::telegram::scripted::{Said, Script};
    use crate::adapters::telegram::{self, Telegram};
    use crate::domain::file::Volume;
    use crate::domain::job::State;
    use crate::domain::person::PersonId;
    use crate::domain::post::{ChatId, DocumentId, PostRef};
    use crate::domain::secret::SecretKey;
    use crate::domain::shared::{Content, FileKind, NewFile, Origin, Terms};
    use crate::domain::telegram_id::Dc;
    use crate::engines::jobs::{Jobs, Options};
    use crate::flows::files;

    const NOW: i64 = 1_700_049_600;
    const DAY: i64 = 86_400;

    fn file(number: i32, expires: Option<i64>) -> NewFile {
        let volume = Volume { document: DocumentId(number.into()), dc: Dc(2), size: 9 };
        let mime = "video/mp4".to_owned();
        let kind = FileKind::Video;
        NewFile {
            owner: PersonId::OWNER,
            name: format!("{number}.mp4"),
            folder: None,
            content: Content { kind, mime, volume, duration_secs: None, width: None, height: None, scanned: None },
            stored: PostRef { chat: ChatId::from_bare(5).expect("a channel"), message: number },
            origin: Origin::new(number.to_string()),
            added: 1,
            terms: Terms { expires, ..Terms::default() },
        }
    }

    #[tokio::test]
    async fn files_go_a_month_after_their_links_have_ended() {
        let dir = std::env::temp_dir().join(format!("cinepost-expired-{}", std::process::id()));
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await.expect("a store");
        let ends = [None, Some(NOW + DAY), Some(NOW - 30 * DAY), Some(NOW - 30 * DAY + 1), Some(NOW - 900 * DAY)];
        for (number, end) in (1..).zip(ends) {
            store.files().add(&file(number, end)).await.expect("added");
        }
        let (telegram, calls) = Telegram::scripted(Script::new(1, 1));
        let secret = SecretKey::from_bytes([7; 32]);
        let files = Files::new(store.clone(), telegram.messages().clone(), files::Options::default(), &secret);
        let options = Options { now: Arc::new(|| NOW), ..Options::new("one".to_owned(), dir.join("jobs")) };
        let stop = CancellationToken::new();
        let jobs = Jobs::new(store.clone(), vec![Arc::new(ExpiredFiles(files))], options);
        let running = tokio::spawn(jobs.run(stop.clone()));
        let job = loop {
            match store.jobs().latest(ABOUT.name).await.expect("asked") {
                Some(job) if !matches!(job.state, State::Queued | State::Running) => break job,
                _ => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            }
        };
        stop.cancel();
        running.await.expect("it stops");
        assert_eq!((job.state, job.says.as_str()), (State::Done, "deleted 2 files"));
        let left = store.files().above(FileId(0), 9).await.expect("asked");
        assert_eq!(left.iter().map(|file| file.id.0).collect::<Vec<_>>(), [1, 2, 4]);
        let place = telegram::Place::Group(ChatId::from_bare(5).expect("a channel"));
        let gone = |message| Said::Deleted { place, messages: vec![message] };
        assert_eq!(calls.said(), [gone(3), gone(5)]);
        let _ = std::fs::remove_dir_all(dir);
    }
}
