-- Since version 13. Every collection that a title was ever in: whether films of it are here is asked when collections are listed.
CREATE TABLE IF NOT EXISTS collections(
  id INTEGER PRIMARY KEY,              -- the provider's number
  sorted TEXT NOT NULL,                -- its name, for the order
  document TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS collections_sorted ON collections(sorted, id);
