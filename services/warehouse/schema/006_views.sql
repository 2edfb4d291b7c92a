-- Views with plain names for analysts. Amounts are per currency; nothing here adds currencies together.

CREATE OR REPLACE VIEW payment AS
SELECT order_key, source, account, payment_status AS status, payment_method AS method, payment_provider AS provider,
  payment_reference AS reference, payment_fee AS fee, currency, payment_settles_at AS settles_at, payment_overdue AS is_overdue, total_order_value AS order_total
FROM orders WHERE payment_status IS NOT NULL;
COMMENT ON VIEW payment IS 'What is known of the payment of each order';

-- An order counts as a sale unless it is a test, cancelled, or known to be unpaid; gift cards are liabilities, not sales.
CREATE OR REPLACE VIEW sales_line AS
SELECT p.order_key, p.line_id, p.source, p.account, p.order_date_time, TRUNC(p.order_date_time) AS order_date, p.currency, p.line_class,
  p.product_key, p.name, p.quantity, p.unit_price, p.price_charged, p.discount, p.tax, p.unit_cost, o.customer_key, o.ship_country, o.store_key
FROM order_product p JOIN orders o ON o.order_key = p.order_key
WHERE o.is_test = FALSE AND o.status <> 'CANCELLED' AND o.payment_status NOT IN ('PENDING', 'FAILED', 'VOIDED') AND p.line_class <> 'giftCard';
COMMENT ON VIEW sales_line IS 'Lines of orders that count as sales: no tests, no cancelled or unpaid orders, no gift cards';

CREATE OR REPLACE VIEW sales_by_day AS
SELECT order_date, source, account, currency, line_class, COUNT(DISTINCT order_key) AS orders, SUM(quantity) AS units, SUM(price_charged) AS amount
FROM sales_line GROUP BY order_date, source, account, currency, line_class;
COMMENT ON VIEW sales_by_day IS 'Sales by day of the order, source, account, currency and class of line';

CREATE OR REPLACE VIEW refunds_by_day AS
SELECT TRUNC(l.return_date) AS return_date, l.source, l.account, l.currency, l.line_class, COUNT(DISTINCT l.return_key) AS returns,
  SUM(l.quantity_returned) AS units, SUM(l.refund_amount) AS amount
FROM return_line l JOIN returns r ON r.return_key = l.return_key
WHERE r.request_accepted = TRUE AND r.is_test = FALSE
GROUP BY TRUNC(l.return_date), l.source, l.account, l.currency, l.line_class;
COMMENT ON VIEW refunds_by_day IS 'Accepted returns by day of the return, source, account, currency and class of line';

CREATE OR REPLACE VIEW stock_now AS
SELECT product_key, location, quantity, unit_cost, currency, counted_at
FROM (SELECT product_key, location, quantity, unit_cost, currency, counted_at,
  ROW_NUMBER() OVER (PARTITION BY product_key, location ORDER BY counted_at DESC) AS place FROM inventory_count) newest
WHERE place = 1;
COMMENT ON VIEW stock_now IS 'The newest count of each product at each location';

-- Line totals are rounded to the minor unit; what that took away is named here, never lost.
CREATE OR REPLACE VIEW rounding_remainder AS
SELECT source, account, currency, SUM(quantity * unit_price - COALESCE(discount, 0) - price_charged) AS remainder,
  SUM(CASE WHEN quantity * unit_price - COALESCE(discount, 0) <> price_charged THEN 1 ELSE 0 END) AS lines
FROM order_product GROUP BY source, account, currency;
COMMENT ON VIEW rounding_remainder IS 'Exact line amounts less rounded ones, by source, account and currency';

-- Credit notes name no sale. Each of their lines is laid on the customer's own purchases of that product, newest first,
-- as far as they reach. Every line is taken by itself: two credit notes may be laid on one purchase. No sum is altered.
CREATE OR REPLACE VIEW credit_note_sale AS
SELECT return_key, line_id, order_key, order_line_id, CASE WHEN wanted - used_before < sold THEN wanted - used_before ELSE sold END AS quantity, wanted, order_date_time, return_date
FROM (SELECT l.return_key, l.line_id, p.order_key, p.line_id AS order_line_id, p.quantity AS sold, ABS(l.quantity_returned) AS wanted, p.order_date_time, r.return_date,
    COALESCE(SUM(p.quantity) OVER (PARTITION BY l.return_key, l.line_id ORDER BY p.order_date_time DESC, p.order_key DESC, p.line_id DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS used_before
  FROM return_line l
  JOIN returns r ON r.return_key = l.return_key
  JOIN orders o ON o.customer_key = r.customer_key AND o.order_date_time <= r.return_date
  JOIN order_product p ON p.order_key = o.order_key AND p.product_key = l.product_key
  WHERE r.order_key IS NULL AND l.line_class = 'product' AND p.quantity > 0) purchases
WHERE used_before < wanted;
COMMENT ON VIEW credit_note_sale IS 'Which purchases the lines of unlinked returns are laid on: same customer, same product, newest first';

CREATE OR REPLACE VIEW credit_note_link AS
SELECT r.return_key, r.source, r.account, r.return_date, COALESCE(SUM(ABS(l.quantity_returned)), 0) AS units, COALESCE(SUM(s.linked), 0) AS units_linked,
  CASE WHEN COALESCE(SUM(s.linked), 0) = 0 THEN 'none' WHEN SUM(s.linked) < SUM(ABS(l.quantity_returned)) THEN 'partly' ELSE 'fully' END AS linked
FROM returns r
JOIN return_line l ON l.return_key = r.return_key AND l.line_class = 'product'
LEFT JOIN (SELECT return_key, line_id, SUM(quantity) AS linked FROM credit_note_sale GROUP BY return_key, line_id) s ON s.return_key = l.return_key AND s.line_id = l.line_id
WHERE r.order_key IS NULL
GROUP BY r.return_key, r.source, r.account, r.return_date;
COMMENT ON VIEW credit_note_link IS 'How far each unlinked return could be laid on purchases: fully, partly or none';
