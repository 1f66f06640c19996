-- Messages on their way into archives, as they came: many of them in a row, so that one write makes them durable wherever they belong.
-- They are sorted into archived_messages together, and go from here in the same transaction.
CREATE TABLE archive_journal (
    number BIGINT PRIMARY KEY NOT NULL,
    messages BLOB NOT NULL
);
