-- Version 2: volumes of split files, and the entries made of them.

ALTER TABLE entries ADD COLUMN volume_of TEXT;  -- a volume's set: the name that all volumes it may belong to share
CREATE INDEX entries_volume_of ON entries(volume_of) WHERE volume_of IS NOT NULL;

-- Which volumes an entry is made of. An entry with its own message is in no row.
CREATE TABLE parts(
  part BLOB NOT NULL,
  entry BLOB NOT NULL,
  PRIMARY KEY(part, entry)
) WITHOUT ROWID;
CREATE INDEX parts_entry ON parts(entry);
