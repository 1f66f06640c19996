-- How much waits for an account is known without looking at it, and a page of messages is chosen without reading them.
ALTER TABLE offline_queues ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offline_queues ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offline_messages ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;

-- What waits already is counted in characters; it goes with the next login.
UPDATE offline_messages SET bytes = length(xml);
UPDATE offline_queues SET
    waiting = (SELECT count(*) FROM offline_messages WHERE offline_messages.account = offline_queues.account),
    bytes = (SELECT coalesce(sum(bytes), 0) FROM offline_messages WHERE offline_messages.account = offline_queues.account);

CREATE INDEX offline_sizes ON offline_messages (account, number, bytes);
