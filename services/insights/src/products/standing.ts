/** Days that trend and velocity look at, and as many before them. */
export const recentDays = 28;
/** Standard errors that make a trend: of a hundred steady products one is called rising or falling. */
const clear = '2.58';

/**
 * Where each product stands on `:today`. ABC by net sales of 90 days (A: the products that bring the first 80 %, B: up to
 * 95 %). Trend: units of the last 28 days, a, against the 28 before, b: (a − b) / √(a + b), which is normal where nothing but
 * chance is at work (two Poisson counts). Stock lasts stock ÷ velocity days; the last day to order is `:lead_days` before that.
 */
export const standingSql = `SELECT k.product_key, k.currency, CAST(:today AS DATE) AS as_of,
  CASE WHEN k.brought_before < 0.8 THEN 'A' WHEN k.brought_before < 0.95 THEN 'B' ELSE 'C' END AS abc,
  CAST(k.recent / ${recentDays}.0 AS DECIMAL(18,4)) AS velocity,
  CASE WHEN k.z >= ${clear} THEN 'rising' WHEN k.z <= -${clear} THEN 'falling' ELSE 'steady' END AS trend, CAST(k.z AS DECIMAL(9,4)) AS trend_z,
  s.stock, CAST(CASE WHEN k.recent > 0 THEN s.stock * ${recentDays}.0 / k.recent END AS DECIMAL(18,2)) AS cover_days,
  CASE WHEN k.recent > 0 AND s.stock IS NOT NULL THEN TRUNC(DATEADD(day, CAST(LEAST(FLOOR(s.stock * ${recentDays}.0 / k.recent), 3650) AS INTEGER) - CAST(:lead_days AS INTEGER), CAST(:today AS TIMESTAMP))) END AS reorder_on
FROM (
  SELECT product_key, currency, recent,
    CASE WHEN recent + earlier > 0 THEN (recent - earlier) / SQRT(CAST(recent + earlier AS FLOAT8)) ELSE 0 END AS z,
    COALESCE((SUM(net) OVER (PARTITION BY currency ORDER BY net DESC, product_key ROWS UNBOUNDED PRECEDING) - net) / NULLIF(CAST(SUM(net) OVER (PARTITION BY currency) AS FLOAT8), 0), 1) AS brought_before
  FROM (
    SELECT product_key, currency, COALESCE(SUM(CASE WHEN day > DATEADD(day, -${recentDays}, CAST(:today AS DATE)) THEN units END), 0) AS recent,
      COALESCE(SUM(CASE WHEN day > DATEADD(day, -${2 * recentDays}, CAST(:today AS DATE)) AND day <= DATEADD(day, -${recentDays}, CAST(:today AS DATE)) THEN units END), 0) AS earlier,
      COALESCE(SUM(gross - discounts - returned_value), 0) AS net
    FROM product_day WHERE day > DATEADD(day, -90, CAST(:today AS DATE)) AND day <= CAST(:today AS DATE) AND product_key <> ''
    GROUP BY product_key, currency
  ) counted
) k
LEFT JOIN (SELECT product_key, SUM(quantity) AS stock FROM stock_now GROUP BY product_key) s ON s.product_key = k.product_key`;

const columns = ['product_key', 'currency', 'as_of', 'abc', 'velocity', 'trend', 'trend_z', 'stock', 'cover_days', 'reorder_on'];
/** One transaction; parameters `today` and `lead_days`. */
export const standingStatements: readonly string[] = [
  'LOCK product_standing', 'DELETE FROM product_standing',
  `INSERT INTO product_standing (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM (${standingSql}) standing`,
];
