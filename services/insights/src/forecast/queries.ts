import { matches } from '../api/filters.ts';

/**
 * Days from what moves money to the money, by source and method, as far as somebody told: a payment without a date of its own
 * is expected as late as others of its kind were. A tenth of the rows would do; all of the year are few.
 */
const lags = `SELECT source, flow, method, CAST(ROUND(AVG(CAST(DATEDIFF(day, day, settles_on) AS FLOAT8))) AS INTEGER) AS lag_days FROM cash_day
  WHERE settles_on IS NOT NULL AND flow IN ('payment', 'refund', 'fee') AND day >= DATEADD(day, -365, CAST(:today AS DATE)) GROUP BY source, flow, method`;
/** Every amount on the day that it moves or is expected to. */
const moved = `SELECT COALESCE(c.settles_on, CAST(DATEADD(day, COALESCE(l.lag_days, 0), c.day) AS DATE)) AS moves_on, c.source, c.currency, c.flow, c.method, c.amount, c.units_without_cost
  FROM cash_day c LEFT JOIN (${lags}) l ON l.source = c.source AND l.flow = c.flow AND l.method = c.method`;

/** Parameters: from_day, today (not within). Of currencies and, in the reporting one, of all. */
export const cashSeriesSql = `SELECT TO_CHAR(m.moves_on, 'YYYY-MM-DD') AS day, m.source, m.currency, m.flow, g.currency AS reporting_currency, SUM(m.amount) AS amount,
  CASE WHEN m.currency = g.currency THEN 1 ELSE CAST(MAX(reporting.rate) AS FLOAT8) / CAST(MAX(own.rate) AS FLOAT8) END AS rate
FROM (${moved}) m CROSS JOIN reporting_currency g
LEFT JOIN fx_rate_span own ON own.currency = m.currency AND m.moves_on >= own.valid_from AND (own.valid_to IS NULL OR m.moves_on < own.valid_to)
LEFT JOIN fx_rate_span reporting ON reporting.currency = g.currency AND m.moves_on >= reporting.valid_from AND (reporting.valid_to IS NULL OR m.moves_on < reporting.valid_to)
WHERE m.moves_on >= CAST(:from_day AS DATE) AND m.moves_on < CAST(:today AS DATE)
GROUP BY TO_CHAR(m.moves_on, 'YYYY-MM-DD'), m.source, m.currency, m.flow, g.currency`;

/** Products that bring most in each currency, by day. Parameters: from_day, today (not within). */
const mostProducts = 20;
export const productSeriesSql = `SELECT TO_CHAR(d.day, 'YYYY-MM-DD') AS day, d.product_key, d.currency, MAX(COALESCE(p.name, d.name)) AS name, SUM(d.gross - d.discounts) AS amount
FROM product_day d JOIN (
  SELECT product_key, currency FROM (
    SELECT product_key, currency, ROW_NUMBER() OVER (PARTITION BY currency ORDER BY SUM(gross - discounts) DESC, product_key) AS place FROM product_day
    WHERE product_key <> '' AND day >= DATEADD(day, -90, CAST(:today AS DATE)) AND day < CAST(:today AS DATE) GROUP BY product_key, currency
  ) ranked WHERE place <= ${mostProducts}
) top ON top.product_key = d.product_key AND top.currency = d.currency
LEFT JOIN product p ON p.product_key = d.product_key
WHERE d.day >= CAST(:from_day AS DATE) AND d.day < CAST(:today AS DATE) GROUP BY TO_CHAR(d.day, 'YYYY-MM-DD'), d.product_key, d.currency`;

export const lastMadeSql = "SELECT TO_CHAR(MAX(made_on), 'YYYY-MM-DD') AS day FROM forecast_series";

const buckets = { day: 'm.moves_on', week: "CAST(DATE_TRUNC('week', m.moves_on) AS DATE)", month: "CAST(DATE_TRUNC('month', m.moves_on) AS DATE)" } as const;
export type Bucket = keyof typeof buckets;
/** Cash flow by span and payment method; parameters: from_day, to_day, today, source, currency. */
export const historySql = (each: Bucket): string => `SELECT begins, currency, flow, method, SUM(amount) AS amount, SUM(units_without_cost) AS units_without_cost FROM (
  SELECT TO_CHAR(${buckets[each]}, 'YYYY-MM-DD') AS begins, m.currency, m.flow, m.method, m.amount, m.units_without_cost FROM (${moved}) m
  WHERE m.moves_on >= CAST(:from_day AS DATE) AND m.moves_on < CAST(:to_day AS DATE) AND ${matches('m.source', 'source')} AND ${matches('m.currency', 'currency')}
) told GROUP BY begins, currency, flow, method ORDER BY begins, currency, flow, method`;
/** What is on its way already; parameters: today, source, currency. */
export const dueSql = `SELECT TO_CHAR(m.moves_on, 'YYYY-MM-DD') AS day, m.currency, SUM(m.amount) AS amount FROM (${moved}) m
WHERE m.flow = 'payment' AND m.moves_on >= CAST(:today AS DATE) AND ${matches('m.source', 'source')} AND ${matches('m.currency', 'currency')} GROUP BY TO_CHAR(m.moves_on, 'YYYY-MM-DD'), m.currency ORDER BY 1, m.currency`;

export const seriesSql = `SELECT series, currency, flow, name, TO_CHAR(made_on, 'YYYY-MM-DD') AS made_on, state, detail FROM forecast_series
WHERE ${matches('series', 'series')} AND ${matches('currency', 'currency')} AND ${matches('flow', 'flow')} ORDER BY series, currency, flow`;
/** Parameters: series, currency, flow, to_day (not within). */
export const forecastSql = `SELECT series, currency, flow, TO_CHAR(day, 'YYYY-MM-DD') AS day, value, low80, high80, low95, high95 FROM forecast
WHERE ${matches('series', 'series')} AND ${matches('currency', 'currency')} AND ${matches('flow', 'flow')} AND day < CAST(:to_day AS DATE) ORDER BY series, currency, flow, day`;
