-- Who was forgotten, and the audit of it. Whatever comes of them later is blanked by the loader.

-- Small: a copy on every node.
CREATE TABLE IF NOT EXISTS erased (
  kind VARCHAR(16) NOT NULL,
  entity_key VARCHAR(512) NOT NULL,
  erasure_id VARCHAR(32),
  erased_at TIMESTAMP,
  PRIMARY KEY (kind, entity_key)
)
DISTSTYLE ALL;
COMMENT ON TABLE erased IS 'Keys whose personal columns are blanked, now and in every later load';
COMMENT ON COLUMN erased.kind IS 'customer, order or return';
COMMENT ON COLUMN erased.entity_key IS 'Key of the customer, order or return: a pseudonym';
COMMENT ON COLUMN erased.erasure_id IS 'Erasure, see erasure';
COMMENT ON COLUMN erased.erased_at IS 'Since when, UTC; orders of a customer that were placed later are not touched';

-- Few rows.
CREATE TABLE IF NOT EXISTS erasure (
  erasure_id VARCHAR(32) NOT NULL,
  requested_at TIMESTAMP,
  requested_by VARCHAR(128),
  reason VARCHAR(512),
  customer_key VARCHAR(512),
  orders BIGINT,
  returns BIGINT,
  ended_at TIMESTAMP,
  in_flight BIGINT,
  deliveries BIGINT,
  quarantined BIGINT,
  landed_files BIGINT,
  PRIMARY KEY (erasure_id)
)
DISTSTYLE ALL;
COMMENT ON TABLE erasure IS 'Audit of erasures: one row each, nothing personal';
COMMENT ON COLUMN erasure.erasure_id IS 'Id of the erasure';
COMMENT ON COLUMN erasure.requested_at IS 'When it was begun, UTC';
COMMENT ON COLUMN erasure.requested_by IS 'Who asked for it';
COMMENT ON COLUMN erasure.reason IS 'Why, as whoever asked has written it';
COMMENT ON COLUMN erasure.customer_key IS 'Customer; null: a guest, known by the order only';
COMMENT ON COLUMN erasure.orders IS 'Orders that were blanked';
COMMENT ON COLUMN erasure.returns IS 'Returns that were blanked';
COMMENT ON COLUMN erasure.ended_at IS 'When all of it was done and looked over, UTC; null: not yet, run the command again';
COMMENT ON COLUMN erasure.in_flight IS 'Items of the in-flight table that were blanked';
COMMENT ON COLUMN erasure.deliveries IS 'Deliveries of the raw archive that were blanked';
COMMENT ON COLUMN erasure.quarantined IS 'Entries of the quarantine that were blanked';
COMMENT ON COLUMN erasure.landed_files IS 'Landed files that were written anew';
