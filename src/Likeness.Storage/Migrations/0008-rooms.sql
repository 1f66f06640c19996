CREATE TABLE rooms (
    room TEXT PRIMARY KEY NOT NULL,
    service TEXT NOT NULL,
    title TEXT NOT NULL,
    listed BIGINT NOT NULL,
    configuration TEXT NOT NULL,
    occupant_key BLOB NOT NULL,
    creator TEXT NOT NULL,
    created BIGINT NOT NULL,
    subject TEXT,
    subject_by TEXT,
    subject_set BIGINT,
    vcard TEXT
);

CREATE INDEX rooms_by_service ON rooms (service, listed, room);
CREATE INDEX rooms_by_creator ON rooms (creator);

-- person: a bare address, or a domain.
CREATE TABLE room_affiliations (
    room TEXT NOT NULL REFERENCES rooms (room) ON DELETE CASCADE,
    person TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    nick TEXT,
    reason TEXT,
    PRIMARY KEY (room, person)
) WITHOUT ROWID;

CREATE INDEX room_affiliations_by_person ON room_affiliations (person);

CREATE TABLE room_messages (
    room TEXT NOT NULL REFERENCES rooms (room) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    sent BIGINT NOT NULL,
    xml TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (room, number)
);

CREATE INDEX room_messages_by_id ON room_messages (room, id);

CREATE TABLE destroyed_rooms (
    room TEXT PRIMARY KEY NOT NULL,
    until BIGINT NOT NULL,
    alternate TEXT,
    reason TEXT
) WITHOUT ROWID;
