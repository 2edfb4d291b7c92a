-- Feedback, stock, adjustments and exchange rates.

-- No join dominates.
CREATE TABLE IF NOT EXISTS feedback (
  feedback_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  feedback_id VARCHAR(128),
  kind VARCHAR(16),
  order_key VARCHAR(512),
  product_key VARCHAR(512),
  rating DECIMAL(9,4),
  scale DECIMAL(9,4),
  comment VARCHAR(40000),
  given_at TIMESTAMP,
  sentiment VARCHAR(8),
  sentiment_score DECIMAL(9,6),
  sentiment_model VARCHAR(128),
  feedback_version VARCHAR(40),
  sentiment_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (feedback_key)
)
DISTSTYLE EVEN
SORTKEY (given_at);
COMMENT ON TABLE feedback IS 'Reviews, surveys and comments';
COMMENT ON COLUMN feedback.feedback_key IS 'source:account:feedback id';
COMMENT ON COLUMN feedback.source IS 'Source system';
COMMENT ON COLUMN feedback.account IS 'Account of the source';
COMMENT ON COLUMN feedback.feedback_id IS 'The source''s own id';
COMMENT ON COLUMN feedback.kind IS 'review, survey, surveySent or comment';
COMMENT ON COLUMN feedback.order_key IS 'Order it is about';
COMMENT ON COLUMN feedback.product_key IS 'Product it is about';
COMMENT ON COLUMN feedback.rating IS 'Rating given';
COMMENT ON COLUMN feedback.scale IS 'Highest rating possible';
COMMENT ON COLUMN feedback.comment IS 'Text';
COMMENT ON COLUMN feedback.given_at IS 'Given at, UTC';
COMMENT ON COLUMN feedback.sentiment IS 'GOOD or BAD';
COMMENT ON COLUMN feedback.sentiment_score IS 'Probability of the label, 0 to 1';
COMMENT ON COLUMN feedback.sentiment_model IS 'Version of the model';
COMMENT ON COLUMN feedback.feedback_version IS 'Version of the feedback columns; the highest one stands';
COMMENT ON COLUMN feedback.sentiment_version IS 'Version of the sentiment columns; the highest one stands';
COMMENT ON COLUMN feedback.batch_id IS 'Load batch that last wrote the row';

-- Read by span of days.
CREATE TABLE IF NOT EXISTS inventory_count (
  product_key VARCHAR(512) NOT NULL,
  location VARCHAR(128) NOT NULL,
  counted_at TIMESTAMP NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  quantity BIGINT,
  unit_cost DECIMAL(18,9),
  currency CHAR(3),
  count_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (product_key, location, counted_at)
)
DISTSTYLE EVEN
SORTKEY (counted_at);
COMMENT ON TABLE inventory_count IS 'Stock counted per product, location and time';
COMMENT ON COLUMN inventory_count.product_key IS 'Product, see product';
COMMENT ON COLUMN inventory_count.location IS 'Location as the source names it; - where it names none';
COMMENT ON COLUMN inventory_count.counted_at IS 'Counted at, UTC';
COMMENT ON COLUMN inventory_count.source IS 'Source system';
COMMENT ON COLUMN inventory_count.account IS 'Account of the source';
COMMENT ON COLUMN inventory_count.quantity IS 'Units in stock';
COMMENT ON COLUMN inventory_count.unit_cost IS 'Cost of one unit';
COMMENT ON COLUMN inventory_count.currency IS 'ISO 4217';
COMMENT ON COLUMN inventory_count.count_version IS 'Version of the count columns; the highest one stands';
COMMENT ON COLUMN inventory_count.batch_id IS 'Load batch that last wrote the row';

-- Read by span of days.
CREATE TABLE IF NOT EXISTS adjustment (
  adjustment_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  adjustment_id VARCHAR(128),
  kind VARCHAR(16),
  order_key VARCHAR(512),
  product_key VARCHAR(512),
  quantity BIGINT,
  amount DECIMAL(18,4),
  currency CHAR(3),
  reason VARCHAR(2048),
  adjusted_at TIMESTAMP,
  is_historical BOOLEAN,
  adjustment_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (adjustment_key)
)
DISTSTYLE EVEN
SORTKEY (adjusted_at);
COMMENT ON TABLE adjustment IS 'What is neither a sale nor a return: write-offs, ledger corrections, fees';
COMMENT ON COLUMN adjustment.adjustment_key IS 'source:account:adjustment id';
COMMENT ON COLUMN adjustment.source IS 'Source system';
COMMENT ON COLUMN adjustment.account IS 'Account of the source';
COMMENT ON COLUMN adjustment.adjustment_id IS 'The source''s own id';
COMMENT ON COLUMN adjustment.kind IS 'stock, ledger, fee, discount, postage or other';
COMMENT ON COLUMN adjustment.order_key IS 'Order it belongs to';
COMMENT ON COLUMN adjustment.product_key IS 'Product it is about';
COMMENT ON COLUMN adjustment.quantity IS 'Units';
COMMENT ON COLUMN adjustment.amount IS 'Amount, in currency';
COMMENT ON COLUMN adjustment.currency IS 'ISO 4217';
COMMENT ON COLUMN adjustment.reason IS 'Reason as given';
COMMENT ON COLUMN adjustment.adjusted_at IS 'When, UTC';
COMMENT ON COLUMN adjustment.is_historical IS 'Loaded from the past';
COMMENT ON COLUMN adjustment.adjustment_version IS 'Version of the adjustment columns; the highest one stands';
COMMENT ON COLUMN adjustment.batch_id IS 'Load batch that last wrote the row';

-- Small: a copy on every node.
CREATE TABLE IF NOT EXISTS fx_rate (
  rate_date DATE NOT NULL,
  base CHAR(3) NOT NULL,
  currency CHAR(3) NOT NULL,
  rate DECIMAL(18,9),
  rate_source VARCHAR(128),
  is_carried BOOLEAN,
  PRIMARY KEY (rate_date, base, currency)
)
DISTSTYLE ALL
SORTKEY (rate_date);
COMMENT ON TABLE fx_rate IS 'Reference rates by day';
COMMENT ON COLUMN fx_rate.rate_date IS 'Day';
COMMENT ON COLUMN fx_rate.base IS 'ISO 4217: one unit of this';
COMMENT ON COLUMN fx_rate.currency IS 'ISO 4217: is so many of this';
COMMENT ON COLUMN fx_rate.rate IS 'Units of currency for one of base';
COMMENT ON COLUMN fx_rate.rate_source IS 'Who published it';
COMMENT ON COLUMN fx_rate.is_carried IS 'No rate was published for this day: the last one carried on';
