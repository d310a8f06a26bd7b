-- Review: what keeps an entry from its title, for filters and their counts.

ALTER TABLE entries ADD COLUMN why TEXT;  -- domain::entry::ReasonKind; null without a reason
CREATE INDEX entries_why ON entries(why, posted, id) WHERE visible = 1 AND review = 1;
