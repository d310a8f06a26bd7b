-- What was sent to whom, and what is being sent now.

CREATE TABLE usage(
  person INTEGER NOT NULL,             -- 0: everybody together
  day INTEGER NOT NULL,                -- since 1970-01-01, UTC
  bytes INTEGER NOT NULL DEFAULT 0,
  streams INTEGER NOT NULL DEFAULT 0,
  downloads INTEGER NOT NULL DEFAULT 0,
  links INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(person, day)
) WITHOUT ROWID;
CREATE INDEX usage_day ON usage(day);  -- everybody's month

CREATE TABLE file_usage(
  entry BLOB PRIMARY KEY,
  bytes INTEGER NOT NULL,
  streams INTEGER NOT NULL,
  downloads INTEGER NOT NULL,
  last INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE watched(
  person INTEGER NOT NULL,
  entry BLOB NOT NULL,
  name TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  streams INTEGER NOT NULL,
  downloads INTEGER NOT NULL,
  PRIMARY KEY(person, entry)
) WITHOUT ROWID;
CREATE INDEX watched_last ON watched(person, last);

CREATE TABLE running(instance TEXT PRIMARY KEY, at INTEGER NOT NULL, streams TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE stops(stream TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
