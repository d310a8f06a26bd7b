-- Roles, standing, Telegram identities; sign-in links and codes of anybody; invitations; what admins did.

ALTER TABLE people ADD COLUMN role TEXT NOT NULL DEFAULT 'member';     -- domain::person::Role
UPDATE people SET role = 'owner' WHERE is_owner = 1;
ALTER TABLE people DROP COLUMN is_owner;
ALTER TABLE people ADD COLUMN telegram INTEGER;                        -- null: not known, or removed
ALTER TABLE people ADD COLUMN username TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN first_name TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN language TEXT;
ALTER TABLE people ADD COLUMN active INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN expires INTEGER;
ALTER TABLE people ADD COLUMN standing TEXT NOT NULL DEFAULT '"active"'; -- domain::person::Standing
ALTER TABLE people ADD COLUMN reach TEXT NOT NULL DEFAULT '"all"';  -- domain::catalog::Reach
ALTER TABLE people ADD COLUMN preferences TEXT NOT NULL DEFAULT '{}';
ALTER TABLE people ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX people_telegram ON people(telegram) WHERE telegram IS NOT NULL;
CREATE INDEX people_waiting ON people(id) WHERE standing = '"pending"' AND name_key IS NOT NULL;

ALTER TABLE tickets ADD COLUMN person INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tickets ADD COLUMN version INTEGER NOT NULL DEFAULT 0;     -- the person's access version when it was made
UPDATE tickets SET version = coalesce((SELECT access_version FROM people WHERE id = 1), 1);

CREATE TABLE codes(
  code INTEGER PRIMARY KEY,
  person INTEGER,                      -- null while nobody said yes to the browser
  version INTEGER,
  asker BLOB,                          -- the hash of what the browser keeps; null: the bot gave it
  expires INTEGER NOT NULL
);
CREATE UNIQUE INDEX codes_asker ON codes(asker) WHERE asker IS NOT NULL;

CREATE TABLE invitations(
  hash BLOB PRIMARY KEY,
  role TEXT NOT NULL,
  uses INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  made_by INTEGER,                     -- null: somebody at the terminal
  person INTEGER                       -- who comes is this person
) WITHOUT ROWID;

CREATE TABLE deeds(
  id INTEGER PRIMARY KEY,              -- they are read in the order in which they were written
  at INTEGER NOT NULL,
  who INTEGER,                         -- null: somebody at the terminal
  what TEXT NOT NULL,
  whom INTEGER,
  detail TEXT NOT NULL
);
CREATE INDEX deeds_whom ON deeds(whom, id) WHERE whom IS NOT NULL;
