-- What rooms kept for newcomers goes into their archives, with ids made anew.
INSERT INTO archives (id, owner)
SELECT (SELECT coalesce(max(last_archive), 0) FROM archive_numbers) + row_number() OVER (ORDER BY room), room
FROM (SELECT DISTINCT room FROM room_messages) AS said;

UPDATE archive_numbers SET last_archive = (SELECT coalesce(max(id), 0) FROM archives);

UPDATE room_messages SET xml = '<message xmlns=''jabber:client''' || substr(replace(xml, '<stanza-id xmlns=''urn:xmpp:sid:0'' id=''' || id || ''' by=''' || room || '''/>', ''), 9);

INSERT INTO archived_messages (archive, number, sent, total, peer, stanza)
SELECT archives.id, number, sent, sum(bytes + 100) OVER (PARTITION BY room ORDER BY number), '', CAST(xml AS BLOB)
FROM room_messages JOIN archives ON archives.owner = room;

DROP TABLE room_messages;
