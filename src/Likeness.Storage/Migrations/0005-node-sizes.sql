-- items and bytes of a node are kept with every change of it: bytes are those of names, ids, configuration and payloads in
-- UTF-8, and 100 for the node and for each item.
ALTER TABLE nodes ADD COLUMN items BIGINT NOT NULL DEFAULT 0;
ALTER TABLE nodes ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;

UPDATE nodes SET
    items = (SELECT count(*) FROM node_items WHERE node_items.account = nodes.account AND node_items.node = nodes.node),
    bytes = length(CAST(node AS BLOB)) + coalesce(length(CAST(configuration AS BLOB)), 0) + 100 + coalesce(
        (SELECT sum(length(CAST(item AS BLOB)) + length(CAST(xml AS BLOB)) + 100)
         FROM node_items WHERE node_items.account = nodes.account AND node_items.node = nodes.node), 0);
