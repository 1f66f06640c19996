-- id: the first bytes of hash, which is the SHA-256 of the text by which it is used; inviter: who becomes a contact.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL,
    domain TEXT NOT NULL,
    name TEXT,
    inviter TEXT,
    for_contact BIGINT NOT NULL,
    opens_account BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE INDEX invitations_by_inviter ON invitations (inviter);
