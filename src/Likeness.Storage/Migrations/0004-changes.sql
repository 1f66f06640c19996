-- At most one row. Taking the next number locks it until the transaction ends, so numbers become visible in their order:
-- who has read up to a number has missed none below it. A portrait's version is the number of its last change.
CREATE TABLE change_counter (
    number BIGINT PRIMARY KEY NOT NULL,
    last BIGINT NOT NULL
);

INSERT INTO change_counter (number, last) SELECT 1, max(version) FROM portraits HAVING max(version) IS NOT NULL;

-- What other processes on the same database have to hear of; kept for a day.
CREATE TABLE changes (
    id BIGINT PRIMARY KEY NOT NULL,
    node TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT,
    made BIGINT NOT NULL
);

CREATE INDEX changes_by_time ON changes (made);
