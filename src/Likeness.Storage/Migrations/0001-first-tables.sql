-- Times are UTC ticks, hashes and picture ids are bytes, flags are 0 or 1.

CREATE TABLE pictures (
    id BLOB PRIMARY KEY NOT NULL,
    media_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    length BIGINT NOT NULL,
    bytes BLOB NOT NULL
);

CREATE TABLE portraits (
    identity TEXT PRIMARY KEY NOT NULL,
    picture BLOB REFERENCES pictures (id),
    master BLOB REFERENCES pictures (id),
    links TEXT,
    published_item TEXT,
    published_xml TEXT,
    data_access TEXT,
    metadata_access TEXT,
    version BIGINT NOT NULL,
    origin TEXT NOT NULL,
    changed BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX portraits_by_picture ON portraits (picture) WHERE picture IS NOT NULL;
CREATE INDEX portraits_by_master ON portraits (master) WHERE master IS NOT NULL;

CREATE TABLE drafts (
    identity TEXT NOT NULL,
    picture BLOB NOT NULL REFERENCES pictures (id),
    expires BIGINT NOT NULL,
    PRIMARY KEY (identity, picture)
) WITHOUT ROWID;

CREATE INDEX drafts_by_picture ON drafts (picture);
CREATE INDEX drafts_by_expiry ON drafts (expires);

-- hashes: those of this address in hex, so that a hash two addresses share outlives one of them.
CREATE TABLE addresses (
    identity TEXT NOT NULL,
    address TEXT NOT NULL,
    position BIGINT NOT NULL,
    hashes TEXT NOT NULL,
    PRIMARY KEY (identity, address)
) WITHOUT ROWID;

CREATE TABLE address_hashes (
    hash BLOB PRIMARY KEY NOT NULL,
    identity TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE accounts (
    account TEXT PRIMARY KEY NOT NULL,
    domain TEXT NOT NULL,
    sha1_salt BLOB NOT NULL,
    sha1_iterations BIGINT NOT NULL,
    sha1_stored_key BLOB NOT NULL,
    sha1_server_key BLOB NOT NULL,
    sha256_salt BLOB NOT NULL,
    sha256_iterations BIGINT NOT NULL,
    sha256_stored_key BLOB NOT NULL,
    sha256_server_key BLOB NOT NULL
) WITHOUT ROWID;

CREATE INDEX accounts_by_domain ON accounts (domain, account);

CREATE TABLE roster (
    account TEXT NOT NULL,
    contact TEXT NOT NULL,
    name TEXT,
    subscription BIGINT NOT NULL,
    asking BIGINT NOT NULL,
    pending_in TEXT,
    listed BIGINT NOT NULL,
    contact_groups TEXT,
    PRIMARY KEY (account, contact)
) WITHOUT ROWID;

CREATE TABLE documents (
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (account, kind, key)
);

-- last_number only grows: a number read before the queue was emptied never names a later message.
CREATE TABLE offline_queues (
    account TEXT PRIMARY KEY NOT NULL,
    last_number BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE offline_messages (
    account TEXT NOT NULL,
    number BIGINT NOT NULL,
    received BIGINT NOT NULL,
    xml TEXT NOT NULL,
    PRIMARY KEY (account, number)
);

CREATE TABLE nodes (
    account TEXT NOT NULL,
    node TEXT NOT NULL,
    access TEXT NOT NULL,
    persist BIGINT NOT NULL,
    most_items BIGINT NOT NULL,
    send_last TEXT NOT NULL,
    configuration TEXT,
    PRIMARY KEY (account, node)
) WITHOUT ROWID;

CREATE TABLE node_items (
    account TEXT NOT NULL,
    node TEXT NOT NULL,
    item TEXT NOT NULL,
    position BIGINT NOT NULL,
    published BIGINT NOT NULL,
    xml TEXT NOT NULL,
    PRIMARY KEY (account, node, item),
    FOREIGN KEY (account, node) REFERENCES nodes (account, node) ON DELETE CASCADE
);

CREATE UNIQUE INDEX node_items_by_position ON node_items (account, node, position);
