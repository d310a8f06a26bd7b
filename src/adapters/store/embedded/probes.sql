-- Version 14: what files hold inside. The column `probe` and the table `key_frames` are made by probes.rs: earlier steps read them as they are now.

ALTER TABLE entries ADD COLUMN probed_by INTEGER NOT NULL DEFAULT 0;  -- which reader made the probe, 0: none
ALTER TABLE entries ADD COLUMN probe_tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN probe_at INTEGER NOT NULL DEFAULT 0;   -- not before then: unix seconds
CREATE INDEX entries_probe ON entries(state, unmatched, probed_by, posted, probe_at) WHERE visible = 1;
