-- A mail and the link in it. due: when it goes out, NULL: it went or never will. hash, code: of what the link and the mail say, from when it goes out.
CREATE TABLE mails (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    account TEXT,
    address TEXT NOT NULL,
    content TEXT NOT NULL,
    network TEXT NOT NULL,
    browser BLOB,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    due BIGINT,
    tries BIGINT NOT NULL,
    error TEXT,
    refused BIGINT,
    hash BLOB,
    code BLOB,
    guesses BIGINT NOT NULL,
    used BIGINT
);

CREATE INDEX mails_by_due ON mails (due);
CREATE INDEX mails_by_address ON mails (address, made);
CREATE INDEX mails_by_account ON mails (account);
CREATE INDEX mails_by_expiry ON mails (expires);

-- Addresses whose readers said that they want no mail from here.
CREATE TABLE mail_stops (
    address TEXT PRIMARY KEY NOT NULL,
    until BIGINT NOT NULL
);
