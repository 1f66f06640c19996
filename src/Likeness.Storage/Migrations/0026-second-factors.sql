-- step: the last one of which a code was used (RFC 6238 §5.2).
CREATE TABLE second_factors (
    account TEXT PRIMARY KEY NOT NULL,
    secret BLOB NOT NULL,
    since BIGINT NOT NULL,
    step BIGINT NOT NULL
) WITHOUT ROWID;

-- hash: SHA-256 of account and code.
CREATE TABLE recovery_codes (
    account TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (account, hash)
) WITHOUT ROWID;
