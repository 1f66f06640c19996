-- Of a token only the SHA-256 is kept. domains: JSON list, NULL for every domain.
CREATE TABLE api_tokens (
    hash BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    domains TEXT,
    read_only BIGINT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,
    last_used BIGINT
);

CREATE TABLE webhooks (
    name TEXT PRIMARY KEY NOT NULL,
    url TEXT NOT NULL,
    secret BLOB NOT NULL,
    created BIGINT NOT NULL
);

-- What a hook was told last of each person; a portrait that differs is still to be told.
CREATE TABLE webhook_marks (
    hook TEXT NOT NULL REFERENCES webhooks (name) ON DELETE CASCADE,
    identity TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    picture BLOB,
    PRIMARY KEY (hook, identity)
) WITHOUT ROWID;

-- One row, written to see whether the database can be written.
CREATE TABLE write_probe (
    number BIGINT PRIMARY KEY NOT NULL,
    written BIGINT NOT NULL
);
