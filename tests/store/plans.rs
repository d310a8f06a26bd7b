//! Every statement of the embedded store finds its rows by an index. SQLite itself tells which statements ran, in any connection
//! of this process, and how it looks up their rows. Each contract test is followed by a look at all that it ran, so a new query is
//! looked at as soon as anything tests it.

use std::collections::BTreeSet;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::{LazyLock, Mutex, PoisonError};

use rusqlite::{Connection, ffi};

use crate::Home;

/// What ran so far.
static RAN: LazyLock<Mutex<Ran>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Ran {
    /// With their question marks.
    statements: BTreeSet<String>,
    /// Connections in a transaction that asked for the store's version: an upgrade, which may read everything once.
    upgrading: BTreeSet<usize>,
}

/// Tables of a few rows, which may be read through: none of them grows with the library or with what is watched.
const SMALL: &[&str] =
    &["channels", "people", "running", "stops", "codes", "invitations", "rules", "lists", "sqlite_schema"];

/// What a statement calls rows that it found or made in another step of its own: the title's page, the volumes of an entry.
const STEPS: &[&str] = &["f", "k", "p", "wanted", "carriers", "some"];

/// What may read a table through, or sort, and why. A statement is named by a part of its text.
const ALLOWED: &[(&str, &str)] = &[
    ("UPDATE titles SET names = '^ '", "a test makes a store of an older version"),
    ("UPDATE filed SET latest = latest >> 31", "a test makes a store of an older version"),
    (
        "DELETE FROM filed WHERE facet IN (SELECT id FROM facets WHERE key LIKE",
        "a test makes a store of an older version",
    ),
    ("SELECT rowid, document FROM", "a test makes a store of an older version"),
    ("UPDATE entries SET posted = posted >> 31", "a test makes a store of an older version"),
    ("-- backup", "a backup reads everything once"),
    ("-- restore", "a store that is being built of a backup reads everything once"),
    ("/* restore */", "the same"),
    ("GROUP BY k.entry", "groups a page of entries"),
    ("WITH some AS (SELECT message, entry FROM sources", "sorts one batch of a channel, or what answers one message"),
    ("GROUP BY p.part", "groups the volumes of one entry"),
    ("WHERE s.entry = ? ORDER BY COALESCE(c.active, 0) DESC", "sorts the messages of one entry"),
    (
        "UNION ALL SELECT part FROM parts WHERE entry = ?1) AND c.active = 1 ORDER BY s.date",
        "sorts the messages of one entry",
    ),
    ("FROM jobs WHERE state = 2 ORDER BY +id LIMIT", "sorts what runs now"),
    ("FROM entries ORDER BY id LIMIT", "a walk through all entries, a batch at a time, in the order of their index"),
    ("FROM deeds ORDER BY id DESC", "in the order of the table, from its end"),
    (
        "SELECT COUNT(*) FROM entries WHERE visible = 1 AND review = 1",
        "counts an index that holds the review list alone",
    ),
    ("SELECT id FROM entries WHERE visible = 1 AND review = 1 ORDER BY id", "all of the review list"),
    ("FROM watched WHERE person = ? ORDER BY last DESC, entry", "sorts what was watched in the same second"),
    ("FROM entries WHERE visible = 1 AND state = 4", "sorts ignored files of the same moment"),
    ("SELECT COUNT(*) FROM (SELECT 1 FROM entries WHERE visible = 1", "counts rows of an index, up to so many"),
    ("FROM collections c WHERE", "a walk in the order of its index, until the page is full"),
    ("FROM invitations WHERE", "sorts a few rows"),
    ("FROM sessions WHERE ends > ? ORDER BY seen", "sorts the browsers that are signed in"),
];

/// Has SQLite tell of every statement from now on.
#[expect(unsafe_code, reason = "SQLite's own hook for each new connection, called with a function of its signature")]
pub fn watch() {
    static ONCE: LazyLock<c_int> = LazyLock::new(|| unsafe { ffi::sqlite3_auto_extension(Some(on_connection)) });
    assert_eq!(*ONCE, ffi::SQLITE_OK);
}

#[expect(unsafe_code, reason = "as above")]
unsafe extern "C" fn on_connection(
    db: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    _: *const ffi::sqlite3_api_routines,
) -> c_int {
    unsafe { ffi::sqlite3_trace_v2(db, ffi::SQLITE_TRACE_STMT as c_uint, Some(on_statement), std::ptr::null_mut()) }
}

#[expect(
    unsafe_code,
    reason = "SQLite gives a statement that lives while it is told of, and whose text ends in a zero"
)]
unsafe extern "C" fn on_statement(_: c_uint, _: *mut c_void, statement: *mut c_void, _: *mut c_void) -> c_int {
    let text = unsafe { ffi::sqlite3_sql(statement.cast()) };
    if !text.is_null() {
        let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let connection = unsafe { ffi::sqlite3_db_handle(statement.cast()) } as usize;
        RAN.lock().unwrap_or_else(PoisonError::into_inner).note(connection, text);
    }
    0
}

impl Ran {
    fn note(&mut self, connection: usize, statement: String) {
        match statement.as_str() {
            "PRAGMA user_version" => {
                self.upgrading.insert(connection);
            }
            "COMMIT" | "ROLLBACK" => {
                self.upgrading.remove(&connection);
            }
            _ if self.upgrading.contains(&connection) => {}
            _ => {
                self.statements.insert(statement);
            }
        }
    }
}

/// Fails for each statement so far that reads a table through or sorts what it found, and is not allowed to.
pub fn check(home: &Home) {
    let file = home.dir.join("cinepost.db");
    if !file.exists() {
        return;
    }
    let db = Connection::open(file).unwrap();
    let ran = RAN.lock().unwrap_or_else(PoisonError::into_inner).statements.clone();
    // An index of some rows only holds what a statement asks for: reading it through is reading these.
    let partial: Vec<String> = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut slow = Vec::new();
    for statement in ran.iter().filter(|statement| is_looked_at(statement)) {
        // Of a schema that is gone, or of another database of the program.
        let Ok(mut query) = db.prepare(&format!("EXPLAIN QUERY PLAN {statement}")) else { continue };
        let steps = query.raw_query().mapped(|row| row.get(3)).collect::<Result<Vec<String>, _>>().unwrap();
        let bad: Vec<&String> = steps.iter().filter(|step| is_slow(step, &partial)).collect();
        if !bad.is_empty() {
            slow.push(format!("{statement}\n  {bad:?}"));
        }
    }
    assert!(slow.is_empty(), "without an index:\n{}", slow.join("\n"));
}

fn is_looked_at(statement: &str) -> bool {
    let reads =
        ["SELECT", "WITH", "UPDATE", "DELETE", "INSERT", "REPLACE"].iter().any(|verb| statement.starts_with(verb));
    // The search's own tables are its own.
    reads
        && !statement.contains("'title_tokens")
        && !statement.contains("'word_tokens")
        && !ALLOWED.iter().any(|(part, _)| statement.contains(part))
}

fn is_slow(step: &str, partial: &[String]) -> bool {
    match step.strip_prefix("SCAN ") {
        // An index of a virtual table: a row by its number, or words.
        Some(rows) if rows.contains("VIRTUAL TABLE INDEX") => false,
        Some(rows) if rows.contains("CONSTANT ROW") => false,
        Some(rows) => {
            let table = rows.split(' ').next().unwrap_or_default();
            let index = rows.rsplit(' ').next().unwrap_or_default();
            !SMALL.contains(&table) && !STEPS.contains(&table) && !partial.iter().any(|name| name == index)
        }
        None => step.starts_with("USE TEMP B-TREE"),
    }
}
