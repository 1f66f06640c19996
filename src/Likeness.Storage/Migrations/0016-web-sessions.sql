-- id: the first bytes of hash, which is the SHA-256 of what the browser shows.
CREATE TABLE web_sessions (
    id TEXT PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL,
    account TEXT NOT NULL,
    browser TEXT NOT NULL,
    network TEXT NOT NULL,
    created BIGINT NOT NULL,
    used BIGINT NOT NULL
);

CREATE INDEX web_sessions_by_account ON web_sessions (account);
CREATE INDEX web_sessions_by_use ON web_sessions (used);
CREATE INDEX web_sessions_by_creation ON web_sessions (created);
