-- resource: of the session that enabled it; options: a form as XML.
CREATE TABLE push_registrations (
    account TEXT NOT NULL,
    service TEXT NOT NULL,
    node TEXT NOT NULL,
    resource TEXT NOT NULL,
    options TEXT,
    enabled BIGINT NOT NULL,
    PRIMARY KEY (account, service, node)
) WITHOUT ROWID;
