-- decided: NULL while it waits for somebody; times: how often the same picture of the same person was reported meanwhile.
CREATE TABLE reports (
    id TEXT PRIMARY KEY NOT NULL,
    person TEXT NOT NULL,
    picture BLOB NOT NULL,
    reason TEXT NOT NULL,
    mail TEXT,
    times BIGINT NOT NULL,
    made BIGINT NOT NULL,
    decided BIGINT,
    decided_by TEXT,
    decision TEXT
);

CREATE INDEX reports_by_person ON reports (person);
CREATE INDEX reports_by_decision ON reports (decided, made);
