-- What people decided of files.

CREATE TABLE choices(
  entry BLOB PRIMARY KEY,              -- outlives the entry
  said TEXT NOT NULL                   -- domain::review::Choice
) WITHOUT ROWID;

CREATE TABLE rules(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  reads_as TEXT NOT NULL,              -- domain::review::ReadsAs
  channel INTEGER,                     -- null: all
  document TEXT NOT NULL               -- domain::review::NewRule
);
CREATE INDEX rules_reads_as ON rules(reads_as);
