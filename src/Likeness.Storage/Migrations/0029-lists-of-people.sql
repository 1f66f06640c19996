-- What people are listed by. shows, held: 1 while there is a picture, and while an operator holds it; kept by every write of a portrait.
ALTER TABLE accounts ADD COLUMN shows BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN held BIGINT NOT NULL DEFAULT 0;

UPDATE accounts SET shows = 1 WHERE account IN (SELECT identity FROM portraits WHERE picture IS NOT NULL OR master IS NOT NULL);
UPDATE accounts SET held = 1 WHERE account IN (SELECT identity FROM portraits WHERE lock_since IS NOT NULL);

-- By bytes, so that the beginning of a name is a part of the index, whatever the order of letters in the database.
DROP INDEX accounts_by_domain;
CREATE INDEX accounts_by_name ON accounts (domain, account COLLATE BINARY);
CREATE INDEX accounts_by_picture ON accounts (domain, shows, account COLLATE BINARY);
CREATE INDEX accounts_held ON accounts (domain, account COLLATE BINARY) WHERE held = 1;
CREATE INDEX accounts_disabled ON accounts (domain, account COLLATE BINARY) WHERE disabled IS NOT NULL;
