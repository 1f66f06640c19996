-- lock_since is there while the portrait is locked; uploaded: SHA-1 of the file that the master was made from.
ALTER TABLE portraits ADD COLUMN uploaded BLOB;
ALTER TABLE portraits ADD COLUMN lock_since BIGINT;
ALTER TABLE portraits ADD COLUMN lock_reason TEXT;

CREATE INDEX portraits_by_uploaded ON portraits (uploaded) WHERE uploaded IS NOT NULL;

-- subject: what was blocked, of which these bytes are one form; near: the 64 bits of a perceptual hash as a signed number.
CREATE TABLE blocks (
    picture BLOB PRIMARY KEY NOT NULL,
    subject BLOB NOT NULL,
    near BIGINT,
    reason TEXT,
    since BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
    number BIGINT PRIMARY KEY NOT NULL,
    time BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    about TEXT,
    reason TEXT,
    detail TEXT
) WITHOUT ROWID;

CREATE INDEX audit_by_time ON audit (time);
CREATE INDEX audit_by_about ON audit (about, number);

-- hash: SHA-256 of the file a portrait was last imported from.
CREATE TABLE imports (
    identity TEXT PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL,
    imported BIGINT NOT NULL
) WITHOUT ROWID;
