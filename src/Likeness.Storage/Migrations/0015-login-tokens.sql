-- client: what the server made of the UUID that a client gives; token: encrypted under the installation's secret. next_*: given out, and not used yet.
CREATE TABLE login_tokens (
    account TEXT NOT NULL,
    client TEXT NOT NULL,
    software TEXT,
    device TEXT,
    mechanism TEXT,
    token BLOB,
    issued BIGINT,
    expires BIGINT,
    next_mechanism TEXT,
    next_token BLOB,
    next_issued BIGINT,
    next_expires BIGINT,
    latest BIGINT NOT NULL,
    PRIMARY KEY (account, client)
);

CREATE INDEX login_tokens_by_latest ON login_tokens (latest);
