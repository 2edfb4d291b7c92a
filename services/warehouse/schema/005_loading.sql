-- What the loader writes about itself.

-- Found by id and read by span of time.
CREATE TABLE IF NOT EXISTS loaded_event (
  event_id VARCHAR(32) NOT NULL,
  event_type VARCHAR(64),
  event_key VARCHAR(512),
  data_hash VARCHAR(64),
  source VARCHAR(128),
  account VARCHAR(128),
  fact VARCHAR(64),
  fact_key VARCHAR(2048),
  absorbed VARCHAR(16),
  original VARCHAR(2048),
  is_test BOOLEAN,
  recorded_at TIMESTAMP,
  committed_at TIMESTAMP,
  batch_id VARCHAR(64),
  PRIMARY KEY (event_id)
)
DISTKEY (event_id)
SORTKEY (committed_at);
COMMENT ON TABLE loaded_event IS 'One row a canonical event that has reached the warehouse, written in the transaction of its rows';
COMMENT ON COLUMN loaded_event.event_id IS 'Id of the event';
COMMENT ON COLUMN loaded_event.event_type IS 'Type of the event';
COMMENT ON COLUMN loaded_event.event_key IS 'Partition key of the event';
COMMENT ON COLUMN loaded_event.data_hash IS 'SHA-256 of its canonical data';
COMMENT ON COLUMN loaded_event.source IS 'Source that the fact came from';
COMMENT ON COLUMN loaded_event.account IS 'Account that the fact came from';
COMMENT ON COLUMN loaded_event.fact IS 'Fact that settled it';
COMMENT ON COLUMN loaded_event.fact_key IS 'Key of the entity that the fact is about';
COMMENT ON COLUMN loaded_event.absorbed IS 'duplicate, stale or no-change where the event needed no row of its own';
COMMENT ON COLUMN loaded_event.original IS 'What a duplicate repeats';
COMMENT ON COLUMN loaded_event.is_test IS 'Test: never counts';
COMMENT ON COLUMN loaded_event.recorded_at IS 'When intake took it, UTC';
COMMENT ON COLUMN loaded_event.committed_at IS 'When it was loaded, UTC';
COMMENT ON COLUMN loaded_event.batch_id IS 'Load batch that last wrote the row';

-- Small.
CREATE TABLE IF NOT EXISTS load_batch (
  batch_id VARCHAR(64) NOT NULL,
  chunk INTEGER NOT NULL,
  chunks INTEGER,
  fence BIGINT,
  table_names VARCHAR(2048),
  landed INTEGER,
  rows_landed BIGINT,
  events BIGINT,
  committed_at TIMESTAMP,
  PRIMARY KEY (batch_id, chunk)
)
DISTSTYLE ALL
SORTKEY (committed_at);
COMMENT ON TABLE load_batch IS 'Manifest of every load: one row a transaction, written in it';
COMMENT ON COLUMN load_batch.batch_id IS 'Hash of the names of the landed batches';
COMMENT ON COLUMN load_batch.chunk IS 'Number of the transaction within the batch, from 1';
COMMENT ON COLUMN load_batch.chunks IS 'How many the batch has';
COMMENT ON COLUMN load_batch.fence IS 'Fencing number of the writer';
COMMENT ON COLUMN load_batch.table_names IS 'Tables written';
COMMENT ON COLUMN load_batch.landed IS 'Landed batches taken';
COMMENT ON COLUMN load_batch.rows_landed IS 'Rows read from their files';
COMMENT ON COLUMN load_batch.events IS 'Events settled';
COMMENT ON COLUMN load_batch.committed_at IS 'When, UTC';

-- Small.
CREATE TABLE IF NOT EXISTS rejected_row (
  batch_id VARCHAR(64) NOT NULL,
  fact_key VARCHAR(2048) NOT NULL,
  fact VARCHAR(64) NOT NULL,
  table_names VARCHAR(2048),
  reason VARCHAR(4096),
  quarantine_ref VARCHAR(2048),
  rejected_at TIMESTAMP,
  PRIMARY KEY (batch_id, fact_key, fact)
)
DISTSTYLE ALL
SORTKEY (rejected_at);
COMMENT ON TABLE rejected_row IS 'Facts that the database refused, with its reason';
COMMENT ON COLUMN rejected_row.batch_id IS 'Load that refused it';
COMMENT ON COLUMN rejected_row.fact_key IS 'Key of the entity';
COMMENT ON COLUMN rejected_row.fact IS 'Type of the fact';
COMMENT ON COLUMN rejected_row.table_names IS 'Tables it would have written';
COMMENT ON COLUMN rejected_row.reason IS 'What the database said';
COMMENT ON COLUMN rejected_row.quarantine_ref IS 'Where its rows lie: s3://bucket/key';
COMMENT ON COLUMN rejected_row.rejected_at IS 'When, UTC';

-- Locked, never written.
CREATE TABLE IF NOT EXISTS load_lock (
  id INTEGER NOT NULL,
  PRIMARY KEY (id)
)
DISTSTYLE ALL;
COMMENT ON TABLE load_lock IS 'Holds one row; a load locks this table first, so that two loads run one after the other';
COMMENT ON COLUMN load_lock.id IS 'Always 1';
