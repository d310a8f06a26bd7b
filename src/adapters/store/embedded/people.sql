-- Version 3: people beside the owner, and the browsers that are signed in.

ALTER TABLE people ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN name_key TEXT;  -- null once removed: the name is free again, the id stays taken
UPDATE people SET name_key = lower(name);
CREATE UNIQUE INDEX people_name ON people(name_key) WHERE name_key IS NOT NULL;

CREATE TABLE sessions(
  id BLOB PRIMARY KEY,                 -- the hash of what the browser keeps
  person INTEGER NOT NULL,
  version INTEGER NOT NULL,            -- the person's access version when it began
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  agent TEXT NOT NULL,
  address TEXT NOT NULL
) WITHOUT ROWID;
