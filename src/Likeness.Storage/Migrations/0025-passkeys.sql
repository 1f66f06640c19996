-- handle: by which authenticators call the account; transports: separated by spaces.
CREATE TABLE passkeys (
    id BLOB PRIMARY KEY NOT NULL,
    account TEXT NOT NULL,
    handle TEXT NOT NULL,
    name TEXT NOT NULL,
    public_key BLOB NOT NULL,
    counter BIGINT NOT NULL,
    transports TEXT NOT NULL,
    may_be_backed_up BIGINT NOT NULL,
    backed_up BIGINT NOT NULL,
    created BIGINT NOT NULL,
    used BIGINT
);

CREATE INDEX passkeys_by_account ON passkeys (account);
CREATE INDEX passkeys_by_handle ON passkeys (handle);

-- browser: SHA-256 of what it shows.
CREATE TABLE web_steps (
    browser BLOB NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (browser, kind)
);

CREATE INDEX web_steps_by_end ON web_steps (expires);

-- means: by what the person got in.
ALTER TABLE web_sessions ADD COLUMN means TEXT NOT NULL DEFAULT 'Password';
