-- source: what the web shows, master or else picture. name: NULL for an earlier portrait. ended: NULL while it is the portrait.
CREATE TABLE album_pictures (
    identity TEXT NOT NULL,
    source BLOB NOT NULL,
    picture BLOB REFERENCES pictures (id),
    master BLOB REFERENCES pictures (id),
    original BLOB REFERENCES pictures (id),
    uploaded BLOB,
    name TEXT,
    alt TEXT,
    origin TEXT NOT NULL,
    since BIGINT NOT NULL,
    ended BIGINT,
    PRIMARY KEY (identity, source)
) WITHOUT ROWID;

CREATE INDEX album_by_picture ON album_pictures (picture) WHERE picture IS NOT NULL;
CREATE INDEX album_by_master ON album_pictures (master) WHERE master IS NOT NULL;
CREATE INDEX album_by_original ON album_pictures (original) WHERE original IS NOT NULL;
CREATE INDEX album_by_end ON album_pictures (ended) WHERE ended IS NOT NULL;

-- Who wants something else than everybody.
CREATE TABLE albums (
    identity TEXT PRIMARY KEY NOT NULL,
    keeps_earlier BIGINT NOT NULL
) WITHOUT ROWID;

INSERT INTO album_pictures (identity, source, picture, master, uploaded, origin, since)
SELECT identity, coalesce(master, picture), picture, master, uploaded, origin, changed FROM portraits WHERE coalesce(master, picture) IS NOT NULL;
