-- Files that people gave to the bot. AUTOINCREMENT: links carry the numbers, so none is given twice.
CREATE TABLE files(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  owner INTEGER NOT NULL,
  folder INTEGER NOT NULL,             -- 0: at the top
  added INTEGER NOT NULL,
  origin TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  downloads INTEGER NOT NULL,
  streams INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  chat INTEGER NOT NULL,
  message INTEGER NOT NULL,
  entry BLOB,
  name TEXT NOT NULL,
  words TEXT NOT NULL,                 -- the name, folded
  content TEXT NOT NULL,
  terms TEXT NOT NULL
);
CREATE INDEX files_owner ON files(owner, id, size, added);
CREATE INDEX files_folder ON files(owner, folder, id);

CREATE TABLE folders(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  owner INTEGER NOT NULL,
  parent INTEGER NOT NULL,             -- 0: at the top
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  UNIQUE(owner, parent, name_key)
);
