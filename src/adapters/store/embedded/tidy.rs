//! What a SQLite file needs now and then.
//!
//! Room that deleted records leave is used again by the next ones, so a file is rarely the worse for it. Giving it back to the disk
//! rewrites the whole file (VACUUM), during which nobody writes: a file of 420 MB that was 60 in 100 unused took 1.3 s. So it is
//! done only when there is much of it. Incremental vacuum would give back a few pages at a time, but has to be chosen before the first
//! table is made, costs every write (a map of pages) and leaves the file's pages in disorder.

use rusqlite::Connection;

use super::{Embedded, writer};
use crate::adapters::store::{Error, Tidied};

/// Less is not worth a pause of all writes.
const WORTH_BYTES: u64 = 64 << 20;

impl Embedded {
    pub async fn tidy(&self) -> Result<Tidied, Error> {
        self.on_writer(writer::alone(|connection| tidy(connection))).await
    }
}

fn tidy(db: &Connection) -> Result<Tidied, Error> {
    // Looks at tables whose sizes have changed much, and at a part of each index only.
    db.execute_batch("PRAGMA optimize")?;
    let (before, unused) = sizes(db)?;
    let is_worth_it = unused >= WORTH_BYTES && unused > before / 2;
    if is_worth_it {
        db.execute_batch("VACUUM")?;
    }
    // Last: what VACUUM wrote is in the log. Readers may keep a part of it; the next time takes that too.
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let (file_bytes, unused_bytes) = sizes(db)?;
    Ok(Tidied { file_bytes, unused_bytes, given_back_bytes: before.saturating_sub(file_bytes) })
}

/// Of the file, and of what is unused in it.
fn sizes(db: &Connection) -> Result<(u64, u64), Error> {
    let number = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let page = number("page_size")?;
    Ok(((number("page_count")? * page) as u64, (number("freelist_count")? * page) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_mostly_empty_is_made_small() {
        let dir = std::env::temp_dir().join(format!("cinepost-tidy-{}", std::process::id()));
        let path = dir.join("some.db");
        let db = super::super::connect(&path).expect("a file");
        db.execute_batch("CREATE TABLE t(n INTEGER PRIMARY KEY, b BLOB)").expect("made");
        let fill = |from: i64| {
            db.execute(
                "WITH RECURSIVE n(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1 + 99)
                 INSERT INTO t SELECT n, zeroblob(1 << 20) FROM n",
                [from],
            )
        };
        fill(0).expect("filled");
        db.execute("DELETE FROM t WHERE n < 50", []).expect("deleted");
        let tidied = tidy(&db).expect("tidied");
        assert_eq!((tidied.given_back_bytes, tidied.unused_bytes > 40 << 20), (0, true), "half is used: it is kept");
        db.execute("DELETE FROM t WHERE n < 80", []).expect("deleted");
        let tidied = tidy(&db).expect("tidied");
        assert!(tidied.given_back_bytes > 75 << 20 && tidied.unused_bytes < 1 << 20, "{tidied:?}");
        assert_eq!(std::fs::metadata(&path).expect("there").len(), tidied.file_bytes);
        assert_eq!(std::fs::metadata(dir.join("some.db-wal")).expect("there").len(), 0);
        std::fs::remove_dir_all(dir).expect("ours");
    }
}
