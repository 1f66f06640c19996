-- disabled: since when nobody logs in to it; NULL: people do. Keys of a hash that are not known, which only imported accounts lack, have no iterations.
ALTER TABLE accounts ADD COLUMN disabled BIGINT;
ALTER TABLE accounts ADD COLUMN disabled_reason TEXT;
