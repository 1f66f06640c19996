-- People of chat servers that this one stands beside. seen and written: SHA-1 in hex; empty: no avatar; NULL: not known yet.
-- alias: what the server made of the picture that was written. checked: 0 for who was never looked at.
-- local_version: up to which version of the portrait both sides are the same.
CREATE TABLE beside_accounts (
    account TEXT PRIMARY KEY NOT NULL,
    server TEXT NOT NULL,
    state TEXT NOT NULL,
    seen TEXT,
    from_vcard BIGINT NOT NULL,
    written TEXT,
    written_at BIGINT,
    alias TEXT,
    refused TEXT,
    access TEXT,
    visibility TEXT,
    subscribed BIGINT NOT NULL,
    local_version BIGINT NOT NULL,
    checked BIGINT NOT NULL,
    missed BIGINT NOT NULL,
    gone BIGINT
);

CREATE INDEX beside_accounts_by_check ON beside_accounts (server, checked);
