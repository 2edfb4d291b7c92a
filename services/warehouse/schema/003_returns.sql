-- Returns and the audit of their decisions.

-- By order key, to join with the order on one node; unlinked ones have no order to join.
CREATE TABLE IF NOT EXISTS returns (
  return_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  return_id VARCHAR(128),
  order_key VARCHAR(512),
  customer_key VARCHAR(512),
  store_key VARCHAR(512),
  return_date TIMESTAMP,
  reason VARCHAR(2048),
  reason_category VARCHAR(128),
  comment VARCHAR(40000),
  currency CHAR(3),
  amount DECIMAL(18,4),
  decision VARCHAR(16),
  request_accepted BOOLEAN,
  decided_by VARCHAR(16),
  decided_at TIMESTAMP,
  refund_status VARCHAR(16),
  refund_amount DECIMAL(18,4),
  processing_fee DECIMAL(18,4),
  seller_refund DECIMAL(18,4),
  is_test BOOLEAN,
  is_historical BOOLEAN,
  sentiment VARCHAR(8),
  sentiment_score DECIMAL(9,6),
  sentiment_model VARCHAR(128),
  return_version VARCHAR(40),
  sentiment_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (return_key)
)
DISTKEY (order_key)
SORTKEY (return_date, return_key);
COMMENT ON TABLE returns IS 'One row a return or refund';
COMMENT ON COLUMN returns.return_key IS 'source:account:return id';
COMMENT ON COLUMN returns.source IS 'Source system';
COMMENT ON COLUMN returns.account IS 'Account of the source';
COMMENT ON COLUMN returns.return_id IS 'The source''s own id';
COMMENT ON COLUMN returns.order_key IS 'Order returned; null where the source does not link them';
COMMENT ON COLUMN returns.customer_key IS 'Customer, see customer';
COMMENT ON COLUMN returns.store_key IS 'Store that took it back, see store';
COMMENT ON COLUMN returns.return_date IS 'Requested at, UTC';
COMMENT ON COLUMN returns.reason IS 'Reason as given';
COMMENT ON COLUMN returns.reason_category IS 'Reason by class';
COMMENT ON COLUMN returns.comment IS 'The customer''s comment';
COMMENT ON COLUMN returns.currency IS 'ISO 4217';
COMMENT ON COLUMN returns.amount IS 'Amount asked for or credited, in currency';
COMMENT ON COLUMN returns.decision IS 'PENDING, APPROVED, REJECTED, PARTIAL or NEEDS_REVIEW';
COMMENT ON COLUMN returns.request_accepted IS 'True for APPROVED and PARTIAL';
COMMENT ON COLUMN returns.decided_by IS 'source, policy, model or person';
COMMENT ON COLUMN returns.decided_at IS 'Decided at, UTC';
COMMENT ON COLUMN returns.refund_status IS 'NONE, DUE, PAID or FAILED';
COMMENT ON COLUMN returns.refund_amount IS 'Refund, in currency';
COMMENT ON COLUMN returns.processing_fee IS 'Fee kept from the refund, in currency';
COMMENT ON COLUMN returns.seller_refund IS 'What the seller gives back, in currency; unknown until a source says so';
COMMENT ON COLUMN returns.is_test IS 'Test: never counts';
COMMENT ON COLUMN returns.is_historical IS 'Loaded from the past';
COMMENT ON COLUMN returns.sentiment IS 'GOOD or BAD: score of the comment';
COMMENT ON COLUMN returns.sentiment_score IS 'Probability of the label, 0 to 1';
COMMENT ON COLUMN returns.sentiment_model IS 'Version of the model';
COMMENT ON COLUMN returns.return_version IS 'Version of the return columns; the highest one stands';
COMMENT ON COLUMN returns.sentiment_version IS 'Version of the sentiment columns; the highest one stands';
COMMENT ON COLUMN returns.batch_id IS 'Load batch that last wrote the row';

-- Read with its return.
CREATE TABLE IF NOT EXISTS return_line (
  return_key VARCHAR(512) NOT NULL,
  line_id VARCHAR(128) NOT NULL,
  order_key VARCHAR(512),
  order_line_id VARCHAR(128),
  source VARCHAR(128),
  account VARCHAR(128),
  line_class VARCHAR(16),
  product_key VARCHAR(512),
  sku VARCHAR(128),
  name VARCHAR(2048),
  quantity_returned BIGINT,
  refund_amount DECIMAL(18,4),
  currency CHAR(3),
  return_date TIMESTAMP,
  return_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (return_key, line_id)
)
DISTKEY (return_key)
SORTKEY (return_date, return_key);
COMMENT ON TABLE return_line IS 'Lines of returns';
COMMENT ON COLUMN return_line.return_key IS 'Return, see returns';
COMMENT ON COLUMN return_line.line_id IS 'Id or ordinal of the line within its return';
COMMENT ON COLUMN return_line.order_key IS 'Order, as in returns';
COMMENT ON COLUMN return_line.order_line_id IS 'Line of the order, see order_product.line_id';
COMMENT ON COLUMN return_line.source IS 'Source system';
COMMENT ON COLUMN return_line.account IS 'Account of the source';
COMMENT ON COLUMN return_line.line_class IS 'product, postage, discount, fee, adjustment or giftCard';
COMMENT ON COLUMN return_line.product_key IS 'Product, see product';
COMMENT ON COLUMN return_line.sku IS 'Stock keeping unit';
COMMENT ON COLUMN return_line.name IS 'Name as the return has it';
COMMENT ON COLUMN return_line.quantity_returned IS 'Units returned';
COMMENT ON COLUMN return_line.refund_amount IS 'Amount of this line, in currency';
COMMENT ON COLUMN return_line.currency IS 'ISO 4217';
COMMENT ON COLUMN return_line.return_date IS 'Requested at, UTC';
COMMENT ON COLUMN return_line.return_version IS 'Version of the return columns; the highest one stands';
COMMENT ON COLUMN return_line.batch_id IS 'Load batch that last wrote the row';

-- Append only, read by span of time.
CREATE TABLE IF NOT EXISTS model_decision (
  return_key VARCHAR(512) NOT NULL,
  decided_at TIMESTAMP NOT NULL,
  outcome VARCHAR(16) NOT NULL,
  decided_by VARCHAR(16),
  rule_name VARCHAR(128),
  amount DECIMAL(18,4),
  fee DECIMAL(18,4),
  model_version VARCHAR(128),
  model_sha256 VARCHAR(64),
  policy_version VARCHAR(64),
  features VARCHAR(16384),
  text_sha256 VARCHAR(64),
  probabilities VARCHAR(4096),
  thresholds VARCHAR(4096),
  reviewer VARCHAR(128),
  is_override BOOLEAN,
  review_reason VARCHAR(4096),
  batch_id VARCHAR(64),
  PRIMARY KEY (return_key, decided_at, outcome)
)
DISTKEY (return_key)
SORTKEY (decided_at);
COMMENT ON TABLE model_decision IS 'Audit of every decision on a return: what decided, from what, with which limits';
COMMENT ON COLUMN model_decision.return_key IS 'Return, see returns';
COMMENT ON COLUMN model_decision.decided_at IS 'Decided at, UTC';
COMMENT ON COLUMN model_decision.outcome IS 'APPROVED, REJECTED, PARTIAL, NEEDS_REVIEW or PENDING';
COMMENT ON COLUMN model_decision.decided_by IS 'source, policy, model or person';
COMMENT ON COLUMN model_decision.rule_name IS 'Rule of the policy, or the reason why a person was asked';
COMMENT ON COLUMN model_decision.amount IS 'Amount granted, in the currency of the return';
COMMENT ON COLUMN model_decision.fee IS 'Fee kept';
COMMENT ON COLUMN model_decision.model_version IS 'Version of the model';
COMMENT ON COLUMN model_decision.model_sha256 IS 'Hash of its weights';
COMMENT ON COLUMN model_decision.policy_version IS 'Version of the policy';
COMMENT ON COLUMN model_decision.features IS 'Numbers given to policy and model, JSON';
COMMENT ON COLUMN model_decision.text_sha256 IS 'Hash of the redacted text';
COMMENT ON COLUMN model_decision.probabilities IS 'What the model answered, JSON';
COMMENT ON COLUMN model_decision.thresholds IS 'Limits applied, JSON';
COMMENT ON COLUMN model_decision.reviewer IS 'Who reviewed';
COMMENT ON COLUMN model_decision.is_override IS 'A person decided against the proposal';
COMMENT ON COLUMN model_decision.review_reason IS 'Reason of the reviewer';
COMMENT ON COLUMN model_decision.batch_id IS 'Load batch that last wrote the row';
