-- domain: empty for an operator, who does everything everywhere.
CREATE TABLE roles (
    account TEXT NOT NULL,
    domain TEXT NOT NULL,
    role TEXT NOT NULL,
    given_by TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (account, domain)
) WITHOUT ROWID;
