-- Version 1. Later versions are steps after this one, see mod.rs.

CREATE TABLE channels(
  chat INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  active INTEGER NOT NULL,
  toggles INTEGER NOT NULL,            -- how often it was added or removed
  settled INTEGER NOT NULL             -- the toggle up to which its entries were shown or hidden
);

CREATE TABLE titles(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  imdb TEXT,
  tmdb INTEGER,
  merged_into INTEGER,                 -- set when two titles turned out to be one: this row is only a signpost
  names TEXT NOT NULL,                 -- as search/ writes them
  popularity INTEGER NOT NULL,
  search_key INTEGER,                  -- its row in title_tokens, while it can be found there
  document TEXT NOT NULL,
  episodes TEXT NOT NULL               -- last: pages never read that far
);
CREATE UNIQUE INDEX titles_imdb ON titles(imdb) WHERE imdb IS NOT NULL;
CREATE UNIQUE INDEX titles_tmdb ON titles(kind, tmdb) WHERE tmdb IS NOT NULL;

-- Catalog keys as numbers: they are repeated in every row below.
CREATE TABLE facets(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);

-- The catalog: a row for each key that a title with visible entries is filed under. One index for each order.
CREATE TABLE filed(
  facet INTEGER NOT NULL,
  latest INTEGER NOT NULL,             -- its newest visible post: unix seconds, since version 5 a moment (document.rs)
  title INTEGER NOT NULL,
  rating INTEGER NOT NULL,             -- -1: none
  PRIMARY KEY(facet, latest, title)
) WITHOUT ROWID;
CREATE INDEX filed_rating ON filed(facet, rating, latest, title);
CREATE INDEX filed_title ON filed(title);

-- Names of the titles in the catalog, in runs of three letters; until version 12, see words.sql. The row number holds kind and popularity above the
-- title's id, so that the best known titles of one kind come first without looking at any title.
CREATE VIRTUAL TABLE title_names USING fts5(names, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1');

CREATE TABLE entries(
  id BLOB NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  state INTEGER NOT NULL,              -- 0 pending, 1 matched, 2 review, 3 volume, 4 ignored
  retry_at INTEGER NOT NULL,
  title INTEGER,
  unmatched INTEGER NOT NULL,
  review INTEGER NOT NULL,
  visible INTEGER NOT NULL,
  posted INTEGER NOT NULL,
  status TEXT NOT NULL,
  words TEXT NOT NULL,                 -- name and caption, folded, for searching what has no title
  document TEXT NOT NULL
);
CREATE INDEX entries_state ON entries(state, posted, retry_at) WHERE visible = 1;
CREATE INDEX entries_unmatched ON entries(posted, id) WHERE visible = 1 AND unmatched = 1;
CREATE INDEX entries_review ON entries(posted, id) WHERE visible = 1 AND review = 1;
CREATE INDEX entries_title ON entries(title, visible, posted) WHERE title IS NOT NULL;

-- Which episodes an entry holds.
CREATE TABLE places(
  title INTEGER NOT NULL,
  season INTEGER NOT NULL,
  number INTEGER NOT NULL,             -- -1: the whole season
  entry BLOB NOT NULL,
  PRIMARY KEY(title, season, number, entry)
) WITHOUT ROWID;
CREATE INDEX places_entry ON places(entry);

CREATE TABLE sources(
  chat INTEGER NOT NULL,
  message INTEGER NOT NULL,
  entry BLOB NOT NULL,
  document INTEGER NOT NULL,
  date INTEGER NOT NULL,
  album INTEGER,
  PRIMARY KEY(chat, message)
) WITHOUT ROWID;
CREATE INDEX sources_entry ON sources(entry);

CREATE TABLE people(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  is_owner INTEGER NOT NULL,
  access_version INTEGER NOT NULL
);
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tickets(hash BLOB PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE answers(key TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL, value TEXT NOT NULL);
CREATE INDEX answers_expires ON answers(expires);
