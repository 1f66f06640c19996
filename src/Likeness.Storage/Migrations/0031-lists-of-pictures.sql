-- What pictures are listed by, kept by every write of a portrait. twin: 1 while somebody else of the domain shows the same picture.
ALTER TABLE portraits ADD COLUMN domain TEXT NOT NULL DEFAULT '';
ALTER TABLE portraits ADD COLUMN source BLOB;
ALTER TABLE portraits ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE portraits ADD COLUMN twin BIGINT NOT NULL DEFAULT 0;

-- Behind the last @, in words that both databases know.
UPDATE portraits SET domain = substr(identity, length(rtrim(identity, replace(identity, '@', ''))) + 1), source = coalesce(master, picture);
UPDATE portraits SET bytes = (SELECT length FROM pictures WHERE id = portraits.source) WHERE source IS NOT NULL;

CREATE INDEX portraits_by_source ON portraits (domain, source) WHERE source IS NOT NULL;
UPDATE portraits SET twin = 1 WHERE source IS NOT NULL AND EXISTS (SELECT 1 FROM portraits other WHERE other.domain = portraits.domain AND other.source = portraits.source AND other.identity <> portraits.identity);

CREATE INDEX portraits_by_change ON portraits (domain, changed, identity COLLATE BINARY) WHERE source IS NOT NULL;
CREATE INDEX portraits_by_bytes ON portraits (domain, bytes, identity COLLATE BINARY) WHERE source IS NOT NULL;
CREATE INDEX portraits_twins ON portraits (domain, source, identity COLLATE BINARY) WHERE twin = 1;
