-- Since version 13. Steps before it that file titles make these tables, too.

-- What titles in the catalog are found by: tokens (search/), apart by spaces. Made of titles.names. The row number holds kind and
-- popularity above the title's id, so that the best known titles of one kind come first without looking at any title.
CREATE VIRTUAL TABLE IF NOT EXISTS title_tokens
  USING fts5(tokens, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '=^$_'");

-- Every word of a title that was ever in the catalog, and what words are found by.
CREATE TABLE IF NOT EXISTS words(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE VIRTUAL TABLE IF NOT EXISTS word_tokens
  USING fts5(tokens, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '=^$_'");
