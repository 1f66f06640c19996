-- proved: when a link on the page of the address said whose it is; proof_due: when that is looked at again; proof_failing: since when it is not so.
ALTER TABLE addresses ADD COLUMN proved BIGINT;
ALTER TABLE addresses ADD COLUMN proof_due BIGINT;
ALTER TABLE addresses ADD COLUMN proof_failing BIGINT;

CREATE INDEX addresses_by_proof ON addresses (proof_due) WHERE proof_due IS NOT NULL;
