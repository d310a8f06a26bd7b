-- Jobs, and figures of each day.

CREATE TABLE jobs(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  person INTEGER,
  place TEXT,                          -- the instance that has to do it; NULL: any
  unique_key TEXT,                     -- no second one while this is unfinished
  period TEXT,                         -- no second one ever
  input TEXT NOT NULL,
  priority INTEGER NOT NULL,           -- 0 idle, 1 normal, 2 urgent
  state INTEGER NOT NULL,              -- 0 queued, 1 retrying, 2 running, 3 done, 4 failed, 5 cancelled
  due INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  most_tries INTEGER NOT NULL,
  claim INTEGER NOT NULL,              -- how often it was claimed
  holder TEXT,                         -- of its lease, while it runs
  lease_ends INTEGER,
  cancel_wanted INTEGER NOT NULL,
  done INTEGER NOT NULL,
  out_of INTEGER,
  unit TEXT NOT NULL,
  done_before INTEGER NOT NULL,        -- what was done when this try began
  checkpoint TEXT,
  says TEXT NOT NULL,
  created INTEGER NOT NULL,
  began INTEGER,
  ended INTEGER
);
CREATE UNIQUE INDEX jobs_key ON jobs(unique_key) WHERE unique_key IS NOT NULL AND state < 3;
CREATE UNIQUE INDEX jobs_period ON jobs(period) WHERE period IS NOT NULL;
CREATE INDEX jobs_waiting ON jobs(kind, priority DESC, due, id) WHERE state < 2;
CREATE INDEX jobs_first ON jobs(priority DESC, due, id) WHERE state < 2;
CREATE INDEX jobs_stranded ON jobs(due) WHERE state < 2 AND place IS NOT NULL;
CREATE INDEX jobs_running ON jobs(lease_ends) WHERE state = 2;
CREATE INDEX jobs_ended ON jobs(ended, id) WHERE state > 2;
CREATE INDEX jobs_latest ON jobs(kind, ended, id) WHERE state > 2;

CREATE TABLE statistics(
  day INTEGER NOT NULL,                -- since 1970, UTC
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY(day, name)
) WITHOUT ROWID;

-- Upkeep removes what is over.
CREATE INDEX tickets_expires ON tickets(expires);
CREATE INDEX sessions_ends ON sessions(ends);
CREATE INDEX invitations_expires ON invitations(expires);
