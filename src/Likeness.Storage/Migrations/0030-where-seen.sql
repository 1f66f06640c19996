-- day: since the year 1. what: by what, in which size and type, on which site; how often.
CREATE TABLE seen (
    identity TEXT NOT NULL,
    day BIGINT NOT NULL,
    what TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (identity, day, what)
) WITHOUT ROWID;

CREATE INDEX seen_by_day ON seen (day);
