-- What people tell of themselves. links: NULL for none.
CREATE TABLE profiles (
    account TEXT PRIMARY KEY NOT NULL,
    shown BIGINT NOT NULL,
    name TEXT NOT NULL,
    links TEXT,
    changed BIGINT NOT NULL
) WITHOUT ROWID;
