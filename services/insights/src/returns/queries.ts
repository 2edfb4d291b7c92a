import { matches } from '../api/filters.ts';
import { earlierDays, recentDays } from './emerging.ts';

const inSpan = 'day >= CAST(:from_day AS DATE) AND day < CAST(:to_day AS DATE)';
const buckets = { day: 'day', week: "CAST(DATE_TRUNC('week', day) AS DATE)", month: "CAST(DATE_TRUNC('month', day) AS DATE)" } as const;
export type Bucket = keyof typeof buckets;

/** Reasons over time; parameters: from_day, to_day, source, currency, product, category. */
export const reasonsSql = (bucket: Bucket): string => `SELECT begins, currency, reason, SUM(returns) AS returns, SUM(units) AS units, SUM(value) AS value FROM (
  SELECT TO_CHAR(${buckets[bucket].replace('day)', 'r.day)').replace(/^day$/, 'r.day')}, 'YYYY-MM-DD') AS begins, r.currency, r.reason, r.returns, r.units, r.value
  FROM reason_day r LEFT JOIN product p ON p.product_key = r.product_key
  WHERE r.${inSpan.replace(' AND day', ' AND r.day')} AND ${matches('r.source', 'source')} AND ${matches('r.currency', 'currency')} AND ${matches('r.product_key', 'product')} AND ${matches('p.category_key', 'category')}
) told GROUP BY begins, currency, reason ORDER BY begins, currency, SUM(returns) DESC, reason`;

/** What was asked back and what was sold, now and before; all products together under the empty key. Parameter: today. */
const both = (from: string, key: string, value: string): string => `SUM(CASE WHEN day > DATEADD(day, -${recentDays}, CAST(:today AS DATE)) THEN ${value} ELSE 0 END) AS ${key}_recent, SUM(CASE WHEN day <= DATEADD(day, -${recentDays}, CAST(:today AS DATE)) THEN ${value} ELSE 0 END) AS ${key}_earlier
  FROM ${from} WHERE day > DATEADD(day, -${recentDays + earlierDays}, CAST(:today AS DATE)) AND day <= CAST(:today AS DATE)`;
export const reasonCountsSql = `SELECT b.product_key, b.reason, b.back_recent, b.back_earlier, COALESCE(s.sold_recent, 0) AS sold_recent, COALESCE(s.sold_earlier, 0) AS sold_earlier
FROM (SELECT product_key, reason, ${both('reason_day', 'back', 'returns')} AND product_key <> '' GROUP BY product_key, reason
  UNION ALL SELECT '', reason, ${both('reason_day', 'back', 'returns')} GROUP BY reason) b
LEFT JOIN (SELECT product_key, ${both('product_day', 'sold', 'units')} AND product_key <> '' GROUP BY product_key
  UNION ALL SELECT '', ${both('product_day', 'sold', 'units')}) s ON s.product_key = b.product_key
WHERE b.back_recent > 0`;

/** Orders and those of which something came back, by what they were; parameters: from_day, to_day, source, currency. */
const ofOrders = (feature: string, value: string): string => `SELECT '${feature}' AS feature, ${value} AS value, SUM(orders) AS orders, SUM(returned_orders) AS returned FROM customer_day d
WHERE ${inSpan} AND ${matches('d.source', 'source')} AND ${matches('d.currency', 'currency')} GROUP BY ${value}`;
const worth = "CASE WHEN orders = 0 THEN 'unknown' WHEN value / orders < 25 THEN 'under 25' WHEN value / orders < 50 THEN '25 to 50' WHEN value / orders < 100 THEN '50 to 100' WHEN value / orders < 250 THEN '100 to 250' ELSE '250 and more' END";
const kept = "CASE WHEN customer_key = '' THEN 'guest' ELSE 'known customer' END";
const units = "CASE WHEN orders = 0 OR units / orders <= 1 THEN 'one' WHEN units / orders <= 3 THEN 'two or three' ELSE 'more' END";
export const featuresSql = `${ofOrders('source', 'source')} UNION ALL ${ofOrders('country', "COALESCE(country, 'unknown')")} UNION ALL ${ofOrders('value', worth)} UNION ALL ${ofOrders('customer', kept)} UNION ALL ${ofOrders('units', units)}
UNION ALL ${ofOrders('weekday', "TO_CHAR(day, 'ID')")}
UNION ALL SELECT 'category', COALESCE(c.name, p.category_key, 'unknown'), SUM(d.units), SUM(d.cohort_units) FROM product_day d LEFT JOIN product p ON p.product_key = d.product_key LEFT JOIN category c ON c.category_key = p.category_key
WHERE ${inSpan} AND ${matches('d.source', 'source')} AND ${matches('d.currency', 'currency')} GROUP BY COALESCE(c.name, p.category_key, 'unknown')`;

/** Comments by day, and the newest bad ones; parameters: from_day, to_day, source. */
const comments = `SELECT kind, said_at, source, product_key, comment, sentiment, sentiment_score, known FROM (
  SELECT 'order note' AS kind, o.order_date_time AS said_at, o.source, CAST(NULL AS VARCHAR(512)) AS product_key, o.comment, o.sentiment, o.sentiment_score, COALESCE(c.name, '') || ' ' || COALESCE(o.ship_line, '') || ' ' || COALESCE(o.ship_city, '') AS known
  FROM orders o LEFT JOIN customer c ON c.customer_key = o.customer_key WHERE o.is_test = FALSE AND o.order_date_time >= CAST(:from_day AS TIMESTAMP) AND o.order_date_time < CAST(:to_day AS TIMESTAMP)
  UNION ALL SELECT 'return', r.return_date, r.source, NULL, r.comment, r.sentiment, r.sentiment_score, COALESCE(c.name, '')
  FROM returns r LEFT JOIN customer c ON c.customer_key = r.customer_key WHERE r.is_test = FALSE AND r.return_date >= CAST(:from_day AS TIMESTAMP) AND r.return_date < CAST(:to_day AS TIMESTAMP)
  UNION ALL SELECT f.kind, f.given_at, f.source, f.product_key, f.comment, f.sentiment, f.sentiment_score, ''
  FROM feedback f WHERE f.given_at >= CAST(:from_day AS TIMESTAMP) AND f.given_at < CAST(:to_day AS TIMESTAMP)
) said WHERE comment IS NOT NULL AND sentiment IS NOT NULL AND ${matches('source', 'source')}`;
export const commentCountsSql = `SELECT TO_CHAR(said_at, 'YYYY-MM-DD') AS day, SUM(CASE WHEN sentiment = 'GOOD' THEN 1 ELSE 0 END) AS good, SUM(CASE WHEN sentiment = 'BAD' THEN 1 ELSE 0 END) AS bad FROM (${comments}) read_by_model GROUP BY TO_CHAR(said_at, 'YYYY-MM-DD') ORDER BY 1`;
export const samplesSql = `SELECT TO_CHAR(said_at, 'YYYY-MM-DD') AS day, kind, source, product_key, comment, sentiment, sentiment_score, known FROM (
  SELECT kind, said_at, source, product_key, comment, sentiment, sentiment_score, known, ROW_NUMBER() OVER (PARTITION BY sentiment ORDER BY said_at DESC, comment) AS place FROM (${comments}) read_by_model WHERE ${matches('sentiment', 'sentiment')}
) newest WHERE place > CAST(:first AS INTEGER) AND place <= CAST(:last AS INTEGER) ORDER BY said_at DESC, comment`;
export const emergingSql = "SELECT TO_CHAR(e.as_of, 'YYYY-MM-DD') AS as_of, e.product_key, p.name, e.reason, e.recent, e.expected, e.p, e.q FROM emerging_reason e LEFT JOIN product p ON p.product_key = e.product_key ORDER BY e.p, e.product_key, e.reason";
