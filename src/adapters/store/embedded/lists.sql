-- Since version 13. AUTOINCREMENT: a number is never given twice, as apps keep it.
CREATE TABLE lists(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name_key TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  document TEXT NOT NULL
);
