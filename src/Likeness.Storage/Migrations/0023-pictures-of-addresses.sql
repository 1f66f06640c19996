-- picture: which of the owner's pictures the address shows; NULL: the portrait; empty: none.
ALTER TABLE addresses ADD COLUMN picture BLOB;
ALTER TABLE addresses ADD COLUMN picture_since BIGINT;
