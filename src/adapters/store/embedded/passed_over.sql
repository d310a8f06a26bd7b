-- Version 11: messages that carry no file.

-- A byte for each of 4,096 messages that follow each other: domain::passed_over::Why, or 0.
CREATE TABLE passed_over(
  chat INTEGER NOT NULL,
  block INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY(chat, block)
);

-- What the newest of each channel were.
CREATE TABLE passed_over_newest(
  chat INTEGER NOT NULL,
  message INTEGER NOT NULL,
  date INTEGER NOT NULL,
  why INTEGER NOT NULL,
  about TEXT NOT NULL,
  PRIMARY KEY(chat, message)
) WITHOUT ROWID;
