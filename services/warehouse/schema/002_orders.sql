-- Orders, their lines, deliveries and history.

-- By order key, as its lines, history and returns are: those joins stay on one node. Sorted by day, because every report asks for a span of days.
CREATE TABLE IF NOT EXISTS orders (
  order_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  order_id VARCHAR(128),
  order_number VARCHAR(128),
  order_date_time TIMESTAMP,
  currency CHAR(3),
  total_order_value DECIMAL(18,4),
  subtotal DECIMAL(18,4),
  discount DECIMAL(18,4),
  tax DECIMAL(18,4),
  shipping DECIMAL(18,4),
  customer_key VARCHAR(512),
  store_key VARCHAR(512),
  gps_latitude DECIMAL(9,6),
  gps_longitude DECIMAL(9,6),
  gps_from VARCHAR(16),
  comment VARCHAR(40000),
  is_test BOOLEAN,
  is_historical BOOLEAN,
  status VARCHAR(32),
  cancel_reason VARCHAR(4096),
  payment_status VARCHAR(32),
  payment_method VARCHAR(128),
  payment_provider VARCHAR(128),
  payment_reference VARCHAR(128),
  payment_fee DECIMAL(18,4),
  payment_settles_at TIMESTAMP,
  payment_overdue BOOLEAN,
  fulfilment_status VARCHAR(32),
  promised_at TIMESTAMP,
  delivered_at TIMESTAMP,
  tracking_carrier VARCHAR(512),
  tracking_number VARCHAR(512),
  tracking_url VARCHAR(4096),
  ship_line VARCHAR(2048),
  ship_city VARCHAR(512),
  ship_state VARCHAR(512),
  ship_zip_code VARCHAR(128),
  ship_country CHAR(2),
  line_count INTEGER,
  sentiment VARCHAR(8),
  sentiment_score DECIMAL(9,6),
  sentiment_model VARCHAR(128),
  h3_cell VARCHAR(16),
  region VARCHAR(128),
  header_version VARCHAR(40),
  status_version VARCHAR(40),
  cancel_version VARCHAR(40),
  payment_version VARCHAR(40),
  method_version VARCHAR(40),
  reference_version VARCHAR(40),
  settlement_version VARCHAR(40),
  fulfilment_version VARCHAR(40),
  promise_version VARCHAR(40),
  delivery_version VARCHAR(40),
  tracking_version VARCHAR(40),
  address_version VARCHAR(40),
  lines_version VARCHAR(40),
  sentiment_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (order_key)
)
DISTKEY (order_key)
SORTKEY (order_date_time, order_key);
COMMENT ON TABLE orders IS 'One row an order; a row whose header_version is null is known from updates only';
COMMENT ON COLUMN orders.order_key IS 'source:account:order id';
COMMENT ON COLUMN orders.source IS 'Source system (header)';
COMMENT ON COLUMN orders.account IS 'Account of the source (header)';
COMMENT ON COLUMN orders.order_id IS 'The source''s own id (header)';
COMMENT ON COLUMN orders.order_number IS 'Number that the customer sees (header)';
COMMENT ON COLUMN orders.order_date_time IS 'Placed at, UTC (header)';
COMMENT ON COLUMN orders.currency IS 'ISO 4217 (header)';
COMMENT ON COLUMN orders.total_order_value IS 'Total as the source counts it, in currency (header)';
COMMENT ON COLUMN orders.subtotal IS 'Before discount, tax and shipping (header)';
COMMENT ON COLUMN orders.discount IS 'Discount on the whole order (header)';
COMMENT ON COLUMN orders.tax IS 'Tax (header)';
COMMENT ON COLUMN orders.shipping IS 'Shipping charged (header)';
COMMENT ON COLUMN orders.customer_key IS 'Customer, see customer; null for guests (header)';
COMMENT ON COLUMN orders.store_key IS 'Store, see store (header)';
COMMENT ON COLUMN orders.gps_latitude IS 'WGS 84 degrees (header)';
COMMENT ON COLUMN orders.gps_longitude IS 'WGS 84 degrees (header)';
COMMENT ON COLUMN orders.gps_from IS 'order, address or store: where the position is from (header)';
COMMENT ON COLUMN orders.comment IS 'The customer''s comment (header)';
COMMENT ON COLUMN orders.is_test IS 'Test order: never counts as a sale (header)';
COMMENT ON COLUMN orders.is_historical IS 'Loaded from the past: no mail, no notice (header)';
COMMENT ON COLUMN orders.status IS 'NEW, CONFIRMED, PROCESSING, COMPLETED, CANCELLED, UNKNOWN (status)';
COMMENT ON COLUMN orders.cancel_reason IS 'Why it was cancelled (cancel)';
COMMENT ON COLUMN orders.payment_status IS 'PAID, PENDING, FAILED, REFUNDED, PARTIALLY_REFUNDED, VOIDED, UNKNOWN (payment)';
COMMENT ON COLUMN orders.payment_method IS 'Method as the source names it (method)';
COMMENT ON COLUMN orders.payment_provider IS 'Payment provider (reference)';
COMMENT ON COLUMN orders.payment_reference IS 'The provider''s id of the payment (reference)';
COMMENT ON COLUMN orders.payment_fee IS 'What the provider keeps, in currency (settlement)';
COMMENT ON COLUMN orders.payment_settles_at IS 'When the money arrives, UTC (settlement)';
COMMENT ON COLUMN orders.payment_overdue IS 'Still unpaid after the last look (payment)';
COMMENT ON COLUMN orders.fulfilment_status IS 'UNFULFILLED, PARTIAL, PACKED, SHIPPED, OUT_FOR_DELIVERY, DELIVERED, CANCELLED, UNKNOWN (fulfilment)';
COMMENT ON COLUMN orders.promised_at IS 'Delivery promised for, UTC (promise)';
COMMENT ON COLUMN orders.delivered_at IS 'Delivered at, UTC (delivery)';
COMMENT ON COLUMN orders.tracking_carrier IS 'Carrier (tracking)';
COMMENT ON COLUMN orders.tracking_number IS 'Tracking number (tracking)';
COMMENT ON COLUMN orders.tracking_url IS 'Tracking page (tracking)';
COMMENT ON COLUMN orders.ship_line IS 'Street address of this order (address)';
COMMENT ON COLUMN orders.ship_city IS 'City (address)';
COMMENT ON COLUMN orders.ship_state IS 'State or region (address)';
COMMENT ON COLUMN orders.ship_zip_code IS 'Postal code (address)';
COMMENT ON COLUMN orders.ship_country IS 'ISO 3166-1 alpha-2 (address)';
COMMENT ON COLUMN orders.line_count IS 'Number of order lines (lines)';
COMMENT ON COLUMN orders.sentiment IS 'GOOD or BAD: score of the comment (sentiment)';
COMMENT ON COLUMN orders.sentiment_score IS 'Probability of the label, 0 to 1 (sentiment)';
COMMENT ON COLUMN orders.sentiment_model IS 'Version of the model (sentiment)';
COMMENT ON COLUMN orders.h3_cell IS 'H3 cell of the position; set by the insights';
COMMENT ON COLUMN orders.region IS 'State or country of the position; set by the insights';
COMMENT ON COLUMN orders.header_version IS 'Version of the header columns; the highest one stands';
COMMENT ON COLUMN orders.status_version IS 'Version of the status columns; the highest one stands';
COMMENT ON COLUMN orders.cancel_version IS 'Version of the cancel columns; the highest one stands';
COMMENT ON COLUMN orders.payment_version IS 'Version of the payment columns; the highest one stands';
COMMENT ON COLUMN orders.method_version IS 'Version of the method columns; the highest one stands';
COMMENT ON COLUMN orders.reference_version IS 'Version of the reference columns; the highest one stands';
COMMENT ON COLUMN orders.settlement_version IS 'Version of the settlement columns; the highest one stands';
COMMENT ON COLUMN orders.fulfilment_version IS 'Version of the fulfilment columns; the highest one stands';
COMMENT ON COLUMN orders.promise_version IS 'Version of the promise columns; the highest one stands';
COMMENT ON COLUMN orders.delivery_version IS 'Version of the delivery columns; the highest one stands';
COMMENT ON COLUMN orders.tracking_version IS 'Version of the tracking columns; the highest one stands';
COMMENT ON COLUMN orders.address_version IS 'Version of the address columns; the highest one stands';
COMMENT ON COLUMN orders.lines_version IS 'Version of the lines columns; the highest one stands';
COMMENT ON COLUMN orders.sentiment_version IS 'Version of the sentiment columns; the highest one stands';
COMMENT ON COLUMN orders.batch_id IS 'Load batch that last wrote the row';

-- With its order on one node; sorted by day.
CREATE TABLE IF NOT EXISTS order_product (
  order_key VARCHAR(512) NOT NULL,
  line_id VARCHAR(128) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  line_class VARCHAR(16),
  product_key VARCHAR(512),
  product_id VARCHAR(128),
  sku VARCHAR(128),
  name VARCHAR(2048),
  seller_key VARCHAR(512),
  quantity BIGINT,
  unit_price DECIMAL(18,9),
  price_charged DECIMAL(18,4),
  discount DECIMAL(18,4),
  tax DECIMAL(18,4),
  unit_cost DECIMAL(18,9),
  currency CHAR(3),
  order_date_time TIMESTAMP,
  lines_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (order_key, line_id)
)
DISTKEY (order_key)
SORTKEY (order_date_time, order_key);
COMMENT ON TABLE order_product IS 'Lines of orders, service rows (postage, fees, discounts) among them';
COMMENT ON COLUMN order_product.order_key IS 'Order, see orders';
COMMENT ON COLUMN order_product.line_id IS 'Id or ordinal of the line within its order';
COMMENT ON COLUMN order_product.source IS 'Source system';
COMMENT ON COLUMN order_product.account IS 'Account of the source';
COMMENT ON COLUMN order_product.line_class IS 'product, postage, discount, fee, adjustment or giftCard';
COMMENT ON COLUMN order_product.product_key IS 'Product, see product';
COMMENT ON COLUMN order_product.product_id IS 'The source''s own id of the product';
COMMENT ON COLUMN order_product.sku IS 'Stock keeping unit';
COMMENT ON COLUMN order_product.name IS 'Name as the order has it';
COMMENT ON COLUMN order_product.seller_key IS 'Seller, see seller';
COMMENT ON COLUMN order_product.quantity IS 'Units ordered';
COMMENT ON COLUMN order_product.unit_price IS 'Price of one unit, exact, in currency';
COMMENT ON COLUMN order_product.price_charged IS 'Line total, rounded half up to the minor unit, in currency';
COMMENT ON COLUMN order_product.discount IS 'Discount on this line';
COMMENT ON COLUMN order_product.tax IS 'Tax on this line';
COMMENT ON COLUMN order_product.unit_cost IS 'Cost of one unit, in currency';
COMMENT ON COLUMN order_product.currency IS 'ISO 4217';
COMMENT ON COLUMN order_product.order_date_time IS 'Placed at, UTC';
COMMENT ON COLUMN order_product.lines_version IS 'Version of the line columns; the highest one stands';
COMMENT ON COLUMN order_product.batch_id IS 'Load batch that last wrote the row';

-- Apart from the lines, because updates report deliveries without knowing the lines.
CREATE TABLE IF NOT EXISTS order_line_fulfilment (
  order_key VARCHAR(512) NOT NULL,
  line_id VARCHAR(128) NOT NULL,
  quantity_delivered BIGINT,
  damaged BOOLEAN,
  delivery_date TIMESTAMP,
  fulfilment_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (order_key, line_id)
)
DISTKEY (order_key)
SORTKEY (order_key);
COMMENT ON TABLE order_line_fulfilment IS 'What was delivered of each line';
COMMENT ON COLUMN order_line_fulfilment.order_key IS 'Order, see orders';
COMMENT ON COLUMN order_line_fulfilment.line_id IS 'Line, see order_product';
COMMENT ON COLUMN order_line_fulfilment.quantity_delivered IS 'Units delivered';
COMMENT ON COLUMN order_line_fulfilment.damaged IS 'Arrived damaged';
COMMENT ON COLUMN order_line_fulfilment.delivery_date IS 'Delivered at, UTC';
COMMENT ON COLUMN order_line_fulfilment.fulfilment_version IS 'Version of the fulfilment columns; the highest one stands';
COMMENT ON COLUMN order_line_fulfilment.batch_id IS 'Load batch that last wrote the row';

-- With its order on one node.
CREATE TABLE IF NOT EXISTS order_status_history (
  order_key VARCHAR(512) NOT NULL,
  status_group VARCHAR(16) NOT NULL,
  sequence VARCHAR(20) NOT NULL,
  status VARCHAR(32) NOT NULL,
  occurred_at TIMESTAMP,
  batch_id VARCHAR(64),
  PRIMARY KEY (order_key, status_group, sequence, status)
)
DISTKEY (order_key)
SORTKEY (order_key, sequence);
COMMENT ON TABLE order_status_history IS 'Every status that an order went through, by group';
COMMENT ON COLUMN order_status_history.order_key IS 'Order, see orders';
COMMENT ON COLUMN order_status_history.status_group IS 'order, payment or fulfilment';
COMMENT ON COLUMN order_status_history.sequence IS 'Version of the source, sorts by time';
COMMENT ON COLUMN order_status_history.status IS 'Status entered';
COMMENT ON COLUMN order_status_history.occurred_at IS 'Since when, UTC';
COMMENT ON COLUMN order_status_history.batch_id IS 'Load batch that last wrote the row';
