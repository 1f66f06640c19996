-- id: by which an account remembers that it was shown the message.
CREATE TABLE messages_of_the_day (
    domain TEXT PRIMARY KEY NOT NULL,
    id TEXT NOT NULL,
    subject TEXT,
    body TEXT NOT NULL,
    made BIGINT NOT NULL
) WITHOUT ROWID;
