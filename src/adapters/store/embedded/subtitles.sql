-- Version 14: subtitles.

-- Which of them belong to what; follows from their status, as store/subtitles.rs writes it.
CREATE TABLE subtitles(
  key TEXT NOT NULL,
  entry BLOB NOT NULL,
  PRIMARY KEY(key, entry)
) WITHOUT ROWID;
CREATE INDEX subtitles_entry ON subtitles(entry);

-- By how many milliseconds somebody moved them. Kept under the file's id, also while the file is gone.
CREATE TABLE subtitle_shifts(
  entry BLOB PRIMARY KEY,
  ms INTEGER NOT NULL
) WITHOUT ROWID;

-- The message of the same channel that one answers.
ALTER TABLE sources ADD COLUMN reply_to INTEGER;
CREATE INDEX sources_answers ON sources(chat, reply_to) WHERE reply_to IS NOT NULL;
