//! The thread that writes. What waits for it at the same moment shares one transaction: a page that several writes change (the
//! first of an index, a counter) goes to the disk once then, and so do the tokens of several titles. Each write has a savepoint of
//! its own, so that one that fails leaves nothing and takes no other along.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{Commit, words};
use crate::adapters::store::Error;

/// Work for the thread.
pub(super) enum Job {
    Write(Commit, Write),
    /// With no transaction around it.
    Alone(Box<dyn FnOnce(&mut Connection) + Send>),
}

/// One write in a transaction that others may share, or the reason why there is none.
pub(super) type Write = Box<dyn FnOnce(Result<&Connection, Error>) -> Written + Send>;

/// What a write came to, and how its caller hears of it.
pub(super) enum Written {
    /// It stands when the transaction does.
    Waits(Tell),
    /// It must leave nothing.
    Failed(Error, Tell),
}

pub(super) type Tell = Box<dyn FnOnce(Result<(), Error>)>;

/// A write, and where its answer comes. It is done even when nobody waits for the answer any more.
pub(super) fn write<T: Send + 'static>(
    commit: Commit,
    work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, Error>>) {
    let (answer, answered) = oneshot::channel();
    let write: Write = Box::new(move |db| match db.and_then(work) {
        Ok(value) => Written::Waits(Box::new(move |stands| drop(answer.send(stands.map(|()| value))))),
        Err(error) => {
            Written::Failed(error, Box::new(move |failed| drop(failed.map_err(|error| answer.send(Err(error))))))
        }
    });
    (Job::Write(commit, write), answered)
}

/// The same for work that needs the connection as it is.
pub(super) fn alone<T: Send + 'static>(
    work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, Error>>) {
    let (answer, answered) = oneshot::channel();
    (Job::Alone(Box::new(move |db| drop(answer.send(work(db))))), answered)
}

/// Writes that share a transaction at most.
const TOGETHER: usize = 64;
/// How long a transaction takes in more of them: the first one waits for the last.
const TAKING_IN: Duration = Duration::from_millis(10);

/// Works until nobody can send any more.
pub(super) fn run(mut connection: Connection, mut jobs: mpsc::Receiver<Job>) {
    let mut next = jobs.blocking_recv();
    while let Some(job) = next {
        let following = match job {
            Job::Write(commit, first) => together(&connection, commit, first, &mut jobs),
            Job::Alone(work) => {
                work(&mut connection);
                None
            }
        };
        next = following.or_else(|| jobs.blocking_recv());
    }
}

/// Does the first write, and what waits behind it to be kept in the same way. Returns a job that came and does not belong to them.
fn together(db: &Connection, commit: Commit, first: Write, jobs: &mut mpsc::Receiver<Job>) -> Option<Job> {
    if let Err(error) = begin(db, commit) {
        refuse(first, error);
        return None;
    }
    let (begun, mut following, mut waiting) = (Instant::now(), None, Vec::new());
    let mut stands = one(db, first, &mut waiting);
    while stands.is_ok() && following.is_none() && waiting.len() < TOGETHER && begun.elapsed() < TAKING_IN {
        match jobs.try_recv() {
            Ok(Job::Write(same, write)) if same == commit => stands = one(db, write, &mut waiting),
            Ok(other) => following = Some(other),
            Err(_) => break,
        }
    }
    let stands = stands.and_then(|()| end(db));
    if stands.is_err() && !db.is_autocommit() {
        // Nothing to be done when this fails as well: the next transaction says so.
        let _ = db.execute_batch("ROLLBACK");
    }
    waiting.into_iter().for_each(|tell: Tell| tell(stands.clone()));
    following
}

fn begin(db: &Connection, commit: Commit) -> Result<(), Error> {
    db.pragma_update(None, "synchronous", if commit == Commit::Durable { "FULL" } else { "NORMAL" })?;
    // Immediate: a transaction that reads first and locks later fails when another process wrote in between.
    Ok(db.execute_batch("BEGIN IMMEDIATE")?)
}

/// Does one write. An error is the whole transaction's: SQLite gives it up when the disk is full, say.
fn one(db: &Connection, write: Write, waiting: &mut Vec<Tell>) -> Result<(), Error> {
    if let Err(error) = db.prepare_cached("SAVEPOINT one").and_then(|mut begin| begin.execute([])) {
        let error = Error::from(error);
        refuse(write, error.clone());
        return Err(error);
    }
    match write(Ok(db)) {
        Written::Waits(tell) => {
            waiting.push(tell);
            db.prepare_cached("RELEASE one")?.execute([])?;
        }
        Written::Failed(error, tell) => {
            let undone = match db.is_autocommit() {
                true => Err(error.clone()),
                false => db.execute_batch("ROLLBACK TO one; RELEASE one").map_err(Error::from),
            };
            tell(Err(error));
            undone?;
        }
    }
    Ok(())
}

fn refuse(write: Write, error: Error) {
    let (Written::Waits(tell) | Written::Failed(_, tell)) = write(Err(error.clone()));
    tell(Err(error));
}

fn end(db: &Connection) -> Result<(), Error> {
    words::write_waiting(db)?;
    Ok(db.execute_batch("COMMIT")?)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    /// A store's file with a table of numbers, each there once.
    struct File(PathBuf);

    impl File {
        fn new(name: &str) -> Self {
            let dir = std::env::temp_dir().join(format!("cinepost-writer-{name}-{}", std::process::id()));
            let file = Self(dir.join("some.db"));
            file.open()
                .execute_batch(
                    "CREATE TABLE t(n INTEGER PRIMARY KEY, fill BLOB);
                     CREATE TABLE child(n INTEGER REFERENCES t(n) DEFERRABLE INITIALLY DEFERRED);",
                )
                .expect("made");
            file
        }

        fn open(&self) -> Connection {
            let db = super::super::connect(&self.0).expect("a file");
            words::begin(&db).expect("begun");
            db
        }

        fn numbers(&self) -> Vec<i64> {
            let db = self.open();
            let mut query = db.prepare("SELECT n FROM t ORDER BY n").expect("sql");
            query.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("numbers")
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(self.0.parent().unwrap_or(Path::new("")));
        }
    }

    /// Adds a number, and fails after it when told to.
    fn add(db: &Connection, n: i64, fails: bool) -> Result<i64, Error> {
        db.execute("INSERT INTO t(n, fill) VALUES(?, zeroblob(2000))", [n])?;
        if fails { Err(Error::broken("told to")) } else { Ok(n) }
    }

    type Answers = Vec<oneshot::Receiver<Result<i64, Error>>>;

    /// Lets the thread do them all, as if they had come at once.
    fn at_once(db: Connection, jobs: Vec<(Job, oneshot::Receiver<Result<i64, Error>>)>) -> Vec<Result<i64, Error>> {
        let (sender, receiver) = mpsc::channel(100);
        let mut answers = Answers::new();
        for (job, answered) in jobs {
            assert!(sender.try_send(job).is_ok(), "room for it");
            answers.push(answered);
        }
        drop(sender);
        run(db, receiver);
        answers.into_iter().map(|mut answered| answered.try_recv().expect("each is answered")).collect()
    }

    fn told(answers: &[Result<i64, Error>]) -> Vec<i64> {
        answers.iter().filter_map(|answer| answer.as_ref().ok().copied()).collect()
    }

    #[test]
    fn what_waits_together_is_written_together_and_a_failure_is_its_own() {
        let file = File::new("together");
        let elsewhere = file.open();
        let look = move |db: &Connection| -> Result<i64, Error> {
            let count = |db: &Connection| db.query_row("SELECT COUNT(*) FROM t", [], |row| row.get::<_, i64>(0));
            assert_eq!((count(db)?, count(&elsewhere)?), (2, 0), "one transaction, which is not over");
            Ok(0)
        };
        let answers = at_once(
            file.open(),
            vec![
                write(Commit::Quick, |db| add(db, 1, false)),
                write(Commit::Quick, |db| add(db, 2, true)),
                write(Commit::Quick, |db| add(db, 3, false)),
                write(Commit::Quick, look),
            ],
        );
        assert_eq!(told(&answers), [1, 3, 0]);
        assert!(answers[1].as_ref().is_err_and(|error| error.to_string().contains("told to")));
        assert_eq!(file.numbers(), [1, 3]);
    }

    #[test]
    fn what_is_kept_otherwise_is_written_apart_and_in_order() {
        let file = File::new("apart");
        let order = |n: i64| {
            move |db: &Connection| -> Result<i64, Error> {
                assert_eq!(db.query_row("SELECT COUNT(*) FROM t", [], |row| row.get::<_, i64>(0))?, n - 1);
                add(db, n, false)
            }
        };
        let answers = at_once(
            file.open(),
            vec![
                write(Commit::Quick, order(1)),
                write(Commit::Durable, order(2)),
                write(Commit::Durable, order(3)),
                alone(|db| {
                    assert!(db.is_autocommit(), "no transaction is around it");
                    Ok(4)
                }),
                write(Commit::Quick, order(4)),
            ],
        );
        assert_eq!(told(&answers), [1, 2, 3, 4, 4]);
    }

    #[test]
    fn a_transaction_that_cannot_end_is_an_error_of_all_that_share_it() {
        let file = File::new("ends");
        let orphan = |db: &Connection| -> Result<i64, Error> {
            db.execute("INSERT INTO child(n) VALUES(77)", [])?;
            Ok(2)
        };
        let db = file.open();
        db.pragma_update(None, "foreign_keys", true).expect("set");
        let answers = at_once(
            db,
            vec![
                write(Commit::Quick, |db| add(db, 1, false)),
                write(Commit::Quick, orphan),
                write(Commit::Durable, |db| add(db, 3, false)),
            ],
        );
        assert_eq!(told(&answers), [3], "the next one is not harmed");
        assert_eq!(file.numbers(), [3]);
    }

    #[test]
    fn a_transaction_that_cannot_begin_leaves_the_next_one_alone() {
        let file = File::new("begins");
        let other = file.open();
        other.execute_batch("BEGIN IMMEDIATE").expect("held");
        let db = file.open();
        db.busy_timeout(Duration::from_millis(1)).expect("set");
        let answers = at_once(
            db,
            vec![
                write(Commit::Quick, |db| add(db, 1, false)),
                alone(move |_| {
                    other.execute_batch("ROLLBACK")?;
                    Ok(2)
                }),
                write(Commit::Quick, |db| add(db, 3, false)),
            ],
        );
        assert!(matches!(answers[0], Err(Error::Unavailable(_))), "{:?}", answers[0]);
        assert_eq!(file.numbers(), [3]);
    }

    /// SQLite gives up a whole transaction when a page finds no room.
    #[test]
    fn on_a_full_disk_what_was_told_to_stand_stands_and_nothing_else() {
        let file = File::new("full");
        let mut refused = 0;
        for pages in 6..30 {
            let db = file.open();
            db.execute("DELETE FROM t", []).expect("emptied");
            db.execute_batch("VACUUM").expect("small");
            let _: i64 = db.pragma_update_and_check(None, "max_page_count", pages, |row| row.get(0)).expect("set");
            let jobs = (0..40).map(|n| write(Commit::Quick, move |db| add(db, n, n % 7 == 3)));
            let answers = at_once(db, jobs.collect());
            assert_eq!(file.numbers(), told(&answers), "{pages} pages");
            refused += answers.iter().filter(|answer| matches!(answer, Err(Error::Unavailable(_)))).count();
        }
        assert!(refused > 100, "the disk was full: {refused} refused");
    }
}
