/**
 * What can be counted of each day, source, account and currency, by the columns of `day_sum`; each statement takes `:from_day`
 * (first day) and `:to_day` (the first one that is not within), UTC. Money is exact. What has no currency of its own is in `XXX` (ISO 4217: none).
 * Sales are those of the view `sales_line`: no tests, nothing cancelled or known to be unpaid, no gift cards.
 */

export const during = (column: string): string => `${column} >= CAST(:from_day AS TIMESTAMP) AND ${column} < CAST(:to_day AS TIMESTAMP)`;
const day = (column: string): string => `TRUNC(${column})`;
export const money = (sum: string): string => `CAST(COALESCE(${sum}, 0) AS DECIMAL(18,4))`;
export const goods = (value: string): string => `CASE WHEN line_class = 'product' THEN ${value} END`;

/** The key of a position in `place`. */
export const hundredth = (column: string): string => `CAST(ROUND(${column}, 2) AS DECIMAL(6,2))`;

/**
 * Tables of a span's transaction, from which several sums are made: its lines that count as sales with what of their orders is
 * needed, read once; those by order; goods of accepted returns since; what of it was sold within the span (returns that name no
 * order are laid on the customer's own purchases of the product, newest first); orders first shipped within. An order's postage is in
 * its lines or in its header, never counted from both. Where no line of a return says how much was paid back, the return does.
 */
export const prepareStatements: readonly string[] = [
  `CREATE TEMP TABLE sold_line (day DATE, order_key VARCHAR(512), source VARCHAR(128), account VARCHAR(128), currency CHAR(3), line_class VARCHAR(16), product_key VARCHAR(512), name VARCHAR(2048), quantity BIGINT, gross DECIMAL(27,9),
  discount DECIMAL(18,4), charged DECIMAL(18,4), cost DECIMAL(27,9), header_shipping DECIMAL(18,4), customer_key VARCHAR(512), ship_country CHAR(2), country CHAR(2), region VARCHAR(512), h3_cell VARCHAR(16), h3_coarse VARCHAR(16)) DISTKEY (order_key)`,
  `INSERT INTO sold_line SELECT l.order_date, l.order_key, l.source, l.account, l.currency, l.line_class, l.product_key, l.name, l.quantity, l.unit_price * l.quantity, l.discount, l.price_charged, l.unit_cost * l.quantity, o.shipping, o.customer_key, o.ship_country,
  COALESCE(o.ship_country, p.country), CASE WHEN p.region IS NOT NULL AND p.country = COALESCE(o.ship_country, p.country) THEN p.region ELSE o.ship_state END, p.h3_cell, p.h3_coarse
FROM sales_line l JOIN orders o ON o.order_key = l.order_key LEFT JOIN place p ON p.latitude = ${hundredth('o.gps_latitude')} AND p.longitude = ${hundredth('o.gps_longitude')}
WHERE ${during('l.order_date_time')} AND ${during('o.order_date_time')}`,
  `CREATE TEMP TABLE sold_order (day DATE, order_key VARCHAR(512), source VARCHAR(128), account VARCHAR(128), currency CHAR(3), customer_key VARCHAR(512), country CHAR(2), region VARCHAR(512), h3_cell VARCHAR(16), h3_coarse VARCHAR(16),
  units BIGINT, gross DECIMAL(27,9), discounts DECIMAL(18,4), shipping DECIMAL(18,4), cost DECIMAL(27,9), units_with_cost BIGINT) DISTKEY (order_key)`,
  `INSERT INTO sold_order SELECT day, order_key, source, account, currency, MAX(customer_key), MAX(country), MAX(region), MAX(h3_cell), MAX(h3_coarse), COALESCE(SUM(${goods('quantity')}), 0), COALESCE(SUM(${goods('gross')}), 0),
  COALESCE(SUM(${goods('discount')}), 0) - COALESCE(SUM(CASE WHEN line_class = 'discount' THEN charged END), 0),
  CASE WHEN COUNT(CASE WHEN line_class = 'postage' THEN 1 END) > 0 THEN SUM(CASE WHEN line_class = 'postage' THEN charged END) ELSE COALESCE(MAX(header_shipping), 0) END,
  SUM(${goods('cost')}), COALESCE(SUM(CASE WHEN line_class = 'product' AND cost IS NOT NULL THEN quantity END), 0)
FROM sold_line GROUP BY day, order_key, source, account, currency`,
  'CREATE TEMP TABLE came_back (return_key VARCHAR(512), order_key VARCHAR(512), source VARCHAR(128), account VARCHAR(128), currency CHAR(3), return_date TIMESTAMP, units BIGINT, amount DECIMAL(18,4)) DISTKEY (order_key)',
  `INSERT INTO came_back SELECT r.return_key, r.order_key, r.source, r.account, COALESCE(r.currency, 'XXX'), r.return_date, SUM(ABS(l.quantity_returned)), COALESCE(SUM(ABS(l.refund_amount)), ABS(MAX(r.refund_amount)), 0)
FROM returns r JOIN return_line l ON l.return_key = r.return_key
WHERE r.request_accepted = TRUE AND r.is_test = FALSE AND l.line_class = 'product' AND r.return_date >= CAST(:from_day AS TIMESTAMP)
GROUP BY r.return_key, r.order_key, r.source, r.account, COALESCE(r.currency, 'XXX'), r.return_date`,
  'CREATE TEMP TABLE sent_back (order_key VARCHAR(512), product_key VARCHAR(512), units BIGINT, amount DECIMAL(18,4)) DISTKEY (order_key)',
  `INSERT INTO sent_back SELECT r.order_key, l.product_key, ABS(l.quantity_returned),
  CAST(CASE WHEN SUM(ABS(l.refund_amount)) OVER (PARTITION BY l.return_key) IS NULL THEN ABS(r.refund_amount) / COUNT(*) OVER (PARTITION BY l.return_key) ELSE COALESCE(ABS(l.refund_amount), 0) END AS DECIMAL(18,4))
FROM returns r JOIN return_line l ON l.return_key = r.return_key JOIN orders o ON o.order_key = r.order_key
WHERE r.request_accepted = TRUE AND r.is_test = FALSE AND l.line_class = 'product' AND r.return_date >= CAST(:from_day AS TIMESTAMP) AND ${during('o.order_date_time')}`,
  `INSERT INTO sent_back SELECT order_key, product_key, quantity, CAST(COALESCE(paid, 0) * quantity / wanted AS DECIMAL(18,4)) FROM (
  SELECT order_key, product_key, order_date_time, wanted, paid, CASE WHEN wanted - used_before < sold THEN wanted - used_before ELSE sold END AS quantity FROM (
    SELECT p.order_key, p.product_key, o.order_date_time, p.quantity AS sold, ABS(l.quantity_returned) AS wanted, ABS(l.refund_amount) AS paid,
      COALESCE(SUM(p.quantity) OVER (PARTITION BY l.return_key, l.line_id ORDER BY o.order_date_time DESC, p.order_key DESC, p.line_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS used_before
    FROM returns r JOIN return_line l ON l.return_key = r.return_key JOIN orders o ON o.customer_key = r.customer_key AND o.order_date_time <= r.return_date JOIN order_product p ON p.order_key = o.order_key AND p.product_key = l.product_key
    WHERE r.order_key IS NULL AND r.request_accepted = TRUE AND r.is_test = FALSE AND l.line_class = 'product' AND l.quantity_returned <> 0 AND p.quantity > 0
      AND r.return_date >= CAST(:from_day AS TIMESTAMP) AND o.order_date_time >= CAST(:from_day AS TIMESTAMP) AND p.order_date_time >= CAST(:from_day AS TIMESTAMP)
  ) purchases WHERE used_before < wanted
) laid WHERE ${during('order_date_time')}`,
  'CREATE TEMP TABLE first_shipped (order_key VARCHAR(512), shipped_at TIMESTAMP) DISTKEY (order_key)',
  `INSERT INTO first_shipped SELECT order_key, MIN(occurred_at) FROM order_status_history
WHERE status_group = 'fulfilment' AND status IN ('SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED') AND occurred_at < CAST(:to_day AS TIMESTAMP) GROUP BY order_key HAVING MIN(occurred_at) >= CAST(:from_day AS TIMESTAMP)`,
];

export const salesSql = (): string => `SELECT day, source, account, currency, COUNT(*) AS orders, SUM(units) AS units, ${money('SUM(gross)')} AS gross,
  ${money('SUM(discounts)')} AS discounts, ${money('SUM(shipping)')} AS shipping, ${money('SUM(cost)')} AS cost, SUM(units_with_cost) AS units_with_cost
FROM sold_order
GROUP BY day, source, account, currency`;

/** On the day of the return, whenever it was sold. */
export const returnsSql = (): string => `SELECT ${day('return_date')} AS day, source, account, currency, COUNT(DISTINCT COALESCE(order_key, return_key)) AS returned_orders, SUM(units) AS returned_units, ${money('SUM(amount)')} AS returned_value
FROM came_back WHERE ${during('return_date')}
GROUP BY ${day('return_date')}, source, account, currency`;

/** On the day of the order: what has come back of it since. */
export const cohortsSql = (): string => `SELECT ${day('o.order_date_time')} AS day, o.source, o.account, o.currency, COUNT(DISTINCT o.order_key) AS cohort_orders, SUM(b.units) AS cohort_units, ${money('SUM(b.amount)')} AS cohort_value
FROM sent_back b JOIN orders o ON o.order_key = b.order_key
WHERE ${during('o.order_date_time')} AND o.is_test = FALSE
GROUP BY ${day('o.order_date_time')}, o.source, o.account, o.currency`;

/**
 * On the day of the first parcel, of orders of the 400 days before (older ones are left alone: their blocks would be read for nothing). Wrong
 * goods or numbers are known from what was delivered of each line, and from accepted returns for that reason; damage likewise.
 * Late: after the promised time; without a promise nothing is late.
 */
export const shippedSql = (): string => `SELECT ${day('s.shipped_at')} AS day, o.source, o.account, o.currency, COUNT(*) AS shipped,
  SUM(CASE WHEN COALESCE(f.short_lines, 0) = 0 AND COALESCE(c.wrong, 0) = 0 THEN 1 ELSE 0 END) AS accurate,
  SUM(CASE WHEN COALESCE(f.short_lines, 0) = 0 AND COALESCE(c.wrong, 0) = 0 AND COALESCE(f.damaged_lines, 0) = 0 AND COALESCE(c.damaged, 0) = 0
    AND o.delivered_at IS NOT NULL AND (o.promised_at IS NULL OR o.delivered_at <= o.promised_at) THEN 1 ELSE 0 END) AS perfect
FROM first_shipped s
JOIN orders o ON o.order_key = s.order_key AND o.order_date_time >= CAST(CAST(:from_day AS DATE) - 400 AS TIMESTAMP) AND o.order_date_time < CAST(:to_day AS TIMESTAMP)
LEFT JOIN (
  SELECT d.order_key, SUM(CASE WHEN d.quantity_delivered <> p.quantity THEN 1 ELSE 0 END) AS short_lines, SUM(CASE WHEN d.damaged = TRUE THEN 1 ELSE 0 END) AS damaged_lines
  FROM first_shipped n JOIN order_line_fulfilment d ON d.order_key = n.order_key JOIN order_product p ON p.order_key = d.order_key AND p.line_id = d.line_id GROUP BY d.order_key
) f ON f.order_key = s.order_key
LEFT JOIN (
  SELECT r.order_key, SUM(CASE WHEN r.reason_category = 'wrong_item' THEN 1 ELSE 0 END) AS wrong, SUM(CASE WHEN r.reason_category IN ('damaged', 'defective') THEN 1 ELSE 0 END) AS damaged
  FROM first_shipped n JOIN returns r ON r.order_key = n.order_key WHERE r.request_accepted = TRUE GROUP BY r.order_key
) c ON c.order_key = s.order_key
WHERE o.is_test = FALSE AND COALESCE(o.status, 'UNKNOWN') <> 'CANCELLED'
GROUP BY ${day('s.shipped_at')}, o.source, o.account, o.currency`;

/** Answers to surveys: of a scale of 5, satisfied are 4 and 5; one of 10 counts as a recommendation. Reviews are no survey. */
export const surveysSql = `SELECT ${day('f.given_at')} AS day, f.source, f.account, COALESCE(o.currency, 'XXX') AS currency,
  SUM(CASE WHEN f.kind = 'surveySent' THEN 1 ELSE 0 END) AS surveys_sent,
  SUM(CASE WHEN f.kind = 'survey' AND f.scale = 5 AND f.rating IS NOT NULL THEN 1 ELSE 0 END) AS surveys, SUM(CASE WHEN f.kind = 'survey' AND f.scale = 5 AND f.rating >= 4 THEN 1 ELSE 0 END) AS satisfied,
  SUM(CASE WHEN f.kind = 'survey' AND f.scale = 10 AND f.rating IS NOT NULL THEN 1 ELSE 0 END) AS nps_answers,
  SUM(CASE WHEN f.kind = 'survey' AND f.scale = 10 AND f.rating >= 9 THEN 1 ELSE 0 END) AS promoters, SUM(CASE WHEN f.kind = 'survey' AND f.scale = 10 AND f.rating <= 6 THEN 1 ELSE 0 END) AS detractors
FROM feedback f LEFT JOIN orders o ON o.order_key = f.order_key
WHERE ${during('f.given_at')} AND f.kind IN ('survey', 'surveySent') AND COALESCE(o.is_test, FALSE) = FALSE
GROUP BY ${day('f.given_at')}, f.source, f.account, COALESCE(o.currency, 'XXX')`;

/** Comments that the model has read: order notes, returns, feedback, on the day that they were written. */
export const commentsSql = `SELECT ${day('said_at')} AS day, source, account, currency, SUM(CASE WHEN sentiment = 'GOOD' THEN 1 ELSE 0 END) AS good, SUM(CASE WHEN sentiment = 'BAD' THEN 1 ELSE 0 END) AS bad
FROM (
  SELECT order_date_time AS said_at, source, account, currency, sentiment FROM orders WHERE sentiment IS NOT NULL AND is_test = FALSE AND ${during('order_date_time')}
  UNION ALL SELECT return_date, source, account, COALESCE(currency, 'XXX'), sentiment FROM returns WHERE sentiment IS NOT NULL AND is_test = FALSE AND ${during('return_date')}
  UNION ALL SELECT given_at, source, account, 'XXX', sentiment FROM feedback WHERE sentiment IS NOT NULL AND ${during('given_at')}
) said
GROUP BY ${day('said_at')}, source, account, currency`;

/**
 * How the value of the stock at cost changed, day by day. Each count of a product at a place replaces the one before. What
 * has no cost, of its own or of its product, is left out.
 */
export const stockSql = `SELECT ${day('counted_at')} AS day, source, account, currency, ${money('SUM(change)')} AS stock_change
FROM (
  SELECT counted_at, source, account, currency, worth - COALESCE(LAG(worth) OVER (PARTITION BY product_key, location, currency ORDER BY counted_at), 0) AS change
  FROM (
    SELECT i.product_key, i.location, i.counted_at, i.source, i.account, COALESCE(i.currency, p.price_currency, 'XXX') AS currency, i.quantity * COALESCE(i.unit_cost, p.unit_cost) AS worth
    FROM inventory_count i LEFT JOIN product p ON p.product_key = i.product_key
    WHERE i.counted_at < CAST(:to_day AS TIMESTAMP) AND COALESCE(i.unit_cost, p.unit_cost) IS NOT NULL
  ) counted
) changed
WHERE ${during('counted_at')}
GROUP BY ${day('counted_at')}, source, account, currency`;
