import { during, money } from './day-queries.ts';

/** What can be counted of a day by product, reason, customer and flow of money; `:from_day` and `:to_day` as in day-queries.ts. */

const noUnits = 'CAST(0 AS BIGINT)';
const noMoney = 'CAST(0 AS DECIMAL(18,4))';

/** Of what came back on a day whose order nobody names, the country is not known. */
export const productSql = (): string => `SELECT day, product_key, source, account, currency, country, MAX(name) AS name, SUM(units) AS units, ${money('SUM(gross)')} AS gross, ${money('SUM(discounts)')} AS discounts, ${money('SUM(cost)')} AS cost, SUM(units_with_cost) AS units_with_cost, ${money('SUM(net_with_cost)')} AS net_with_cost,
  SUM(returned_units) AS returned_units, ${money('SUM(returned_value)')} AS returned_value, SUM(cohort_units) AS cohort_units, ${money('SUM(cohort_value)')} AS cohort_value
FROM (
  SELECT day, COALESCE(product_key, '') AS product_key, source, account, currency, ship_country AS country, name, quantity AS units, gross, COALESCE(discount, 0) AS discounts,
    COALESCE(cost, 0) AS cost, CASE WHEN cost IS NULL THEN ${noUnits} ELSE quantity END AS units_with_cost, CASE WHEN cost IS NULL THEN 0 ELSE gross - COALESCE(discount, 0) END AS net_with_cost, ${noUnits} AS returned_units, ${noMoney} AS returned_value, ${noUnits} AS cohort_units, ${noMoney} AS cohort_value
  FROM sold_line WHERE line_class = 'product'
  UNION ALL SELECT TRUNC(r.return_date), COALESCE(l.product_key, ''), r.source, r.account, COALESCE(r.currency, 'XXX'), o.ship_country, l.name, ${noUnits}, ${noMoney}, ${noMoney}, ${noMoney}, ${noUnits}, ${noMoney}, ABS(l.quantity_returned), COALESCE(ABS(l.refund_amount), 0), ${noUnits}, ${noMoney}
  FROM return_line l JOIN returns r ON r.return_key = l.return_key LEFT JOIN orders o ON o.order_key = r.order_key WHERE r.request_accepted = TRUE AND r.is_test = FALSE AND l.line_class = 'product' AND ${during('r.return_date')}
  UNION ALL SELECT TRUNC(o.order_date_time), COALESCE(b.product_key, ''), o.source, o.account, o.currency, o.ship_country, NULL, ${noUnits}, ${noMoney}, ${noMoney}, ${noMoney}, ${noUnits}, ${noMoney}, ${noUnits}, ${noMoney}, b.units, b.amount
  FROM sent_back b JOIN orders o ON o.order_key = b.order_key WHERE o.is_test = FALSE
) moved
GROUP BY day, product_key, source, account, currency, country`;

/** Everything that was asked for, also what was then refused: a reason is a reason. */
export const reasonSql = (): string => `SELECT TRUNC(r.return_date) AS day, COALESCE(l.product_key, '') AS product_key, r.source, r.account, COALESCE(r.currency, 'XXX') AS currency, COALESCE(r.reason_category, 'unknown') AS reason,
  COUNT(DISTINCT r.return_key) AS returns, COALESCE(SUM(ABS(l.quantity_returned)), 0) AS units, ${money('SUM(ABS(l.refund_amount))')} AS value
FROM returns r LEFT JOIN return_line l ON l.return_key = r.return_key AND l.line_class = 'product'
WHERE r.is_test = FALSE AND ${during('r.return_date')}
GROUP BY TRUNC(r.return_date), COALESCE(l.product_key, ''), r.source, r.account, COALESCE(r.currency, 'XXX'), COALESCE(r.reason_category, 'unknown')`;

export const customerSql = (): string => `SELECT s.day, COALESCE(s.customer_key, '') AS customer_key, s.source, s.account, s.currency, s.country, s.region, s.h3_cell, s.h3_coarse, COUNT(*) AS orders, SUM(s.units) AS units, ${money('SUM(s.gross - s.discounts)')} AS value,
  SUM(CASE WHEN b.order_key IS NULL THEN 0 ELSE 1 END) AS returned_orders, ${money('SUM(b.amount)')} AS returned_value
FROM sold_order s LEFT JOIN (SELECT order_key, SUM(amount) AS amount FROM sent_back GROUP BY order_key) b ON b.order_key = s.order_key
GROUP BY s.day, COALESCE(s.customer_key, ''), s.source, s.account, s.currency, s.country, s.region, s.h3_cell, s.h3_coarse`;

/**
 * Money by the day that it moves. What an order brought counts once it is paid, tax, postage and gift cards with it; an
 * order that was cancelled and paid back moved nothing in the end. Fees go off with the settlement.
 */
export const cashSql = (): string => `SELECT day, source, account, currency, flow, method, settles_on, ${money('SUM(amount)')} AS amount, SUM(units_without_cost) AS units_without_cost
FROM (
  SELECT TRUNC(order_date_time) AS day, source, account, currency, 'payment' AS flow, COALESCE(payment_provider, payment_method, 'unknown') AS method, TRUNC(payment_settles_at) AS settles_on, total_order_value AS amount, ${noUnits} AS units_without_cost
  FROM orders WHERE ${during('order_date_time')} AND is_test = FALSE AND total_order_value > 0 AND payment_status IN ('PAID', 'REFUNDED', 'PARTIALLY_REFUNDED') AND NOT (COALESCE(status, 'UNKNOWN') = 'CANCELLED' AND payment_status = 'REFUNDED')
  UNION ALL SELECT TRUNC(order_date_time), source, account, currency, 'fee', COALESCE(payment_provider, payment_method, 'unknown'), TRUNC(payment_settles_at), ABS(payment_fee), ${noUnits}
  FROM orders WHERE ${during('order_date_time')} AND is_test = FALSE AND payment_fee <> 0 AND payment_status IN ('PAID', 'REFUNDED', 'PARTIALLY_REFUNDED')
  UNION ALL SELECT TRUNC(adjusted_at), source, account, COALESCE(currency, 'XXX'), 'fee', 'adjustment', TRUNC(adjusted_at), ABS(amount), ${noUnits}
  FROM adjustment WHERE ${during('adjusted_at')} AND kind = 'fee' AND amount <> 0
  UNION ALL SELECT TRUNC(r.return_date), r.source, r.account, COALESCE(r.currency, 'XXX'), 'refund', COALESCE(o.payment_provider, o.payment_method, 'unknown'), CASE WHEN r.refund_status = 'PAID' THEN TRUNC(COALESCE(r.decided_at, r.return_date)) END, ABS(r.refund_amount), ${noUnits}
  FROM returns r LEFT JOIN orders o ON o.order_key = r.order_key WHERE ${during('r.return_date')} AND r.is_test = FALSE AND r.request_accepted = TRUE AND r.refund_amount <> 0 AND COALESCE(r.refund_status, 'NONE') <> 'FAILED'
  UNION ALL SELECT day, source, account, currency, 'cost', 'goods', day, COALESCE(cost, 0), CASE WHEN cost IS NULL THEN quantity ELSE ${noUnits} END
  FROM sold_line WHERE line_class = 'product'
) moved
GROUP BY day, source, account, currency, flow, method, settles_on`;
