-- What reconcile found: sums by source, account, day and currency, and every difference by its key.

-- Read by run.
CREATE TABLE IF NOT EXISTS reconcile_run (
  run_id VARCHAR(32) NOT NULL,
  run_at TIMESTAMP,
  period_from TIMESTAMP,
  period_to TIMESTAMP,
  only_source VARCHAR(128),
  deliveries BIGINT,
  events BIGINT,
  erased BIGINT,
  differences BIGINT,
  PRIMARY KEY (run_id)
)
DISTSTYLE ALL;
COMMENT ON TABLE reconcile_run IS 'Comparisons of what was accepted with what is in the warehouse; kept 90 days';
COMMENT ON COLUMN reconcile_run.run_id IS 'Id of the comparison';
COMMENT ON COLUMN reconcile_run.run_at IS 'When it was made, UTC';
COMMENT ON COLUMN reconcile_run.period_from IS 'What came from then on, UTC';
COMMENT ON COLUMN reconcile_run.period_to IS 'And until then, UTC';
COMMENT ON COLUMN reconcile_run.only_source IS 'Only this source; null: all';
COMMENT ON COLUMN reconcile_run.deliveries IS 'Deliveries read out of the raw archive';
COMMENT ON COLUMN reconcile_run.events IS 'Events that they say, and items that cannot be read';
COMMENT ON COLUMN reconcile_run.erased IS 'Deliveries that were blanked because somebody was forgotten';
COMMENT ON COLUMN reconcile_run.differences IS 'Rows of reconcile_difference';

-- Read by run, and by day.
CREATE TABLE IF NOT EXISTS reconcile_sum (
  run_id VARCHAR(32) NOT NULL,
  what VARCHAR(16) NOT NULL,
  source VARCHAR(128) NOT NULL,
  account VARCHAR(128) NOT NULL,
  day DATE NOT NULL,
  currency VARCHAR(3) NOT NULL,
  accepted BIGINT,
  accepted_amount DECIMAL(18,4),
  loaded BIGINT,
  loaded_amount DECIMAL(18,4),
  in_flight BIGINT,
  in_flight_amount DECIMAL(18,4),
  parked BIGINT,
  parked_amount DECIMAL(18,4),
  quarantined BIGINT,
  quarantined_amount DECIMAL(18,4),
  different BIGINT,
  different_amount DECIMAL(18,4),
  PRIMARY KEY (run_id, what, source, account, day, currency)
)
DISTSTYLE EVEN
SORTKEY (run_id, day);
COMMENT ON TABLE reconcile_sum IS 'Counts and money by where they are: accepted = loaded + in flight + parked + quarantined + different';
COMMENT ON COLUMN reconcile_sum.run_id IS 'Comparison, see reconcile_run';
COMMENT ON COLUMN reconcile_sum.what IS 'orders, returns, adjustments, or other: events without money';
COMMENT ON COLUMN reconcile_sum.source IS 'Source system';
COMMENT ON COLUMN reconcile_sum.account IS 'Account of the source';
COMMENT ON COLUMN reconcile_sum.day IS 'UTC day of the order, return or adjustment; of others the day on which they came';
COMMENT ON COLUMN reconcile_sum.currency IS 'ISO 4217; - where there is none';
COMMENT ON COLUMN reconcile_sum.accepted IS 'Orders, returns, adjustments or events that were accepted';
COMMENT ON COLUMN reconcile_sum.accepted_amount IS 'Their newest totals, in currency';
COMMENT ON COLUMN reconcile_sum.loaded IS 'Of them in the warehouse as accepted, or newer';
COMMENT ON COLUMN reconcile_sum.loaded_amount IS 'Their totals as accepted, in currency';
COMMENT ON COLUMN reconcile_sum.in_flight IS 'On their way: in the in-flight table, or too new to be anywhere else';
COMMENT ON COLUMN reconcile_sum.in_flight_amount IS 'Their totals as accepted, in currency';
COMMENT ON COLUMN reconcile_sum.parked IS 'Waiting for an order, a payment or a person';
COMMENT ON COLUMN reconcile_sum.parked_amount IS 'Their totals as accepted, in currency';
COMMENT ON COLUMN reconcile_sum.quarantined IS 'In quarantine with their reasons';
COMMENT ON COLUMN reconcile_sum.quarantined_amount IS 'Their totals as accepted, in currency, where they can be read';
COMMENT ON COLUMN reconcile_sum.different IS 'In reconcile_difference, by what was accepted';
COMMENT ON COLUMN reconcile_sum.different_amount IS 'Their totals as accepted, in currency';

-- Read by run.
CREATE TABLE IF NOT EXISTS reconcile_difference (
  run_id VARCHAR(32) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  what VARCHAR(16),
  source VARCHAR(128),
  account VARCHAR(128),
  day DATE,
  currency VARCHAR(3),
  entity_key VARCHAR(512),
  event_id VARCHAR(32),
  accepted_amount DECIMAL(18,4),
  warehouse_amount DECIMAL(18,4)
)
DISTSTYLE EVEN
SORTKEY (run_id);
COMMENT ON TABLE reconcile_difference IS 'What was accepted and is nowhere, or is otherwise in the warehouse; every one by its key';
COMMENT ON COLUMN reconcile_difference.run_id IS 'Comparison, see reconcile_run';
COMMENT ON COLUMN reconcile_difference.kind IS 'lost, row missing, amount differs, stale, never received or differs from the source';
COMMENT ON COLUMN reconcile_difference.what IS 'orders, returns, adjustments or other';
COMMENT ON COLUMN reconcile_difference.source IS 'Source system';
COMMENT ON COLUMN reconcile_difference.account IS 'Account of the source';
COMMENT ON COLUMN reconcile_difference.day IS 'UTC day of the order, return or adjustment; of others the day on which they came';
COMMENT ON COLUMN reconcile_difference.currency IS 'ISO 4217';
COMMENT ON COLUMN reconcile_difference.entity_key IS 'Key of the order, return or adjustment';
COMMENT ON COLUMN reconcile_difference.event_id IS 'Newest event of it that was accepted';
COMMENT ON COLUMN reconcile_difference.accepted_amount IS 'Total as accepted, or as the source says, in currency';
COMMENT ON COLUMN reconcile_difference.warehouse_amount IS 'Total in the warehouse, in currency';

-- Lines of comparisons under way, by what they are joined on.
CREATE TABLE IF NOT EXISTS reconcile_line (
  run_id VARCHAR(32) NOT NULL,
  said VARCHAR(8),
  event_id VARCHAR(32),
  event_type VARCHAR(128),
  what VARCHAR(16),
  source VARCHAR(128),
  account VARCHAR(128),
  entity_key VARCHAR(512),
  sequence VARCHAR(20),
  day DATE,
  currency VARCHAR(3),
  amount DECIMAL(18,4),
  recorded_at TIMESTAMP,
  rejected BOOLEAN
)
DISTKEY (event_id)
SORTKEY (run_id);
COMMENT ON TABLE reconcile_line IS 'What was accepted, a line an event, while it is compared; gone when the comparison has ended';
COMMENT ON COLUMN reconcile_line.run_id IS 'Comparison, see reconcile_run';
COMMENT ON COLUMN reconcile_line.said IS 'intake: out of the raw archive; source: out of the source''s own list';
COMMENT ON COLUMN reconcile_line.event_id IS 'Event';
COMMENT ON COLUMN reconcile_line.event_type IS 'Its type, or unreadable';
COMMENT ON COLUMN reconcile_line.what IS 'orders, returns, adjustments or other';
COMMENT ON COLUMN reconcile_line.source IS 'Source system';
COMMENT ON COLUMN reconcile_line.account IS 'Account of the source';
COMMENT ON COLUMN reconcile_line.entity_key IS 'Key of the order, return or adjustment';
COMMENT ON COLUMN reconcile_line.sequence IS 'Sequence of the event';
COMMENT ON COLUMN reconcile_line.day IS 'UTC day of the order, return or adjustment; of others the day on which they came';
COMMENT ON COLUMN reconcile_line.currency IS 'ISO 4217';
COMMENT ON COLUMN reconcile_line.amount IS 'Total, in currency';
COMMENT ON COLUMN reconcile_line.recorded_at IS 'When intake took it, UTC';
COMMENT ON COLUMN reconcile_line.rejected IS 'It could not be read';
