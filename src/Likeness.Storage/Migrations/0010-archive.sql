-- At most one row: the number of the newest archive, given once, and what ids of messages are made with.
CREATE TABLE archive_numbers (
    number BIGINT PRIMARY KEY NOT NULL,
    last_archive BIGINT NOT NULL,
    id_key BLOB NOT NULL
);

-- owner: the bare address of a person or a room; NULL: it is gone, and what it kept goes in steps.
-- last_number, last_total: of the newest message that was removed; others are known by their rows.
-- disordered: the newest message that is older than one before it; latest: the time of that one.
-- always, never: addresses, one a line. asked: when a client read it.
CREATE TABLE archives (
    id BIGINT PRIMARY KEY NOT NULL,
    owner TEXT UNIQUE,
    last_number BIGINT NOT NULL DEFAULT 0,
    last_total BIGINT NOT NULL DEFAULT 0,
    disordered BIGINT NOT NULL DEFAULT 0,
    latest BIGINT NOT NULL DEFAULT 0,
    asked BIGINT NOT NULL DEFAULT 0,
    rule TEXT NOT NULL DEFAULT 'Always',
    always TEXT NOT NULL DEFAULT '',
    never TEXT NOT NULL DEFAULT ''
);

-- total: bytes of the archive up to and including this message, so that what lies between two is known without looking.
-- peer: of a person's archive the other one's bare address, of a room's the nick; author: who that was, where everybody may know.
CREATE TABLE archived_messages (
    archive BIGINT NOT NULL,
    number BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    total BIGINT NOT NULL,
    peer TEXT NOT NULL,
    resource TEXT,
    author TEXT,
    stanza BLOB NOT NULL,
    PRIMARY KEY (archive, number)
) WITHOUT ROWID;

CREATE INDEX archived_by_peer ON archived_messages (archive, peer, number);
