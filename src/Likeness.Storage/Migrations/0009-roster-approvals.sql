-- A request that its recipient has approved before it came (RFC 6121 §3.4).
ALTER TABLE roster ADD COLUMN approved BIGINT NOT NULL DEFAULT 0;
