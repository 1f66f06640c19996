-- subscriber: the bare address of who subscribed; address: what events go to, bare or full. An avatar node has no row in nodes.
CREATE TABLE node_subscriptions (
    account TEXT NOT NULL,
    node TEXT NOT NULL,
    address TEXT NOT NULL,
    subscriber TEXT NOT NULL,
    PRIMARY KEY (account, node, address)
) WITHOUT ROWID;

CREATE INDEX node_subscriptions_by_subscriber ON node_subscriptions (subscriber);
