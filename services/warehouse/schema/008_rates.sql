-- Exchange rates that facts fill, the reporting currency, and views in it.

-- Every rate is a published one; views carry the last one on over days without.
ALTER TABLE fx_rate DROP COLUMN is_carried;
ALTER TABLE fx_rate ADD COLUMN rate_version VARCHAR(40);
ALTER TABLE fx_rate ADD COLUMN batch_id VARCHAR(64);
COMMENT ON COLUMN fx_rate.rate_version IS 'Version of the rate columns; the highest one stands';
COMMENT ON COLUMN fx_rate.batch_id IS 'Load batch that last wrote the row';

-- One row a setting: a copy on every node.
CREATE TABLE IF NOT EXISTS setting (
  name VARCHAR(64) NOT NULL,
  value VARCHAR(256),
  PRIMARY KEY (name)
)
DISTSTYLE ALL;
COMMENT ON TABLE setting IS 'Parameters of the stage that views use; migrate writes them';
COMMENT ON COLUMN setting.name IS 'reporting_currency';
COMMENT ON COLUMN setting.value IS 'Its value';

-- The base is worth one of itself on every day.
CREATE OR REPLACE VIEW fx_rate_span AS
SELECT base, currency, rate_date AS valid_from, LEAD(rate_date) OVER (PARTITION BY base, currency ORDER BY rate_date) AS valid_to, rate, rate_source
FROM fx_rate
UNION ALL SELECT 'EUR', 'EUR', CAST('1970-01-01' AS DATE), CAST(NULL AS DATE), CAST(1 AS DECIMAL(18,9)), 'itself';
COMMENT ON VIEW fx_rate_span IS 'Each published rate from its day to the day of the next one (not included): a day without carries the last';

-- amount x reporting rate / own rate, both of the base EUR, rounded half up to four decimals.
CREATE OR REPLACE VIEW sales_by_day_reporting AS
SELECT s.order_date, s.source, s.account, s.currency, s.line_class, s.orders, s.units, s.amount, g.value AS reporting_currency,
  CASE WHEN s.currency = g.value THEN CAST(s.amount AS DECIMAL(18,4))
    ELSE CAST(ROUND(CAST(CAST(s.amount AS DECIMAL(18,4)) * r.rate AS DECIMAL(38,13)) / o.rate, 4) AS DECIMAL(18,4)) END AS amount_reporting,
  CASE WHEN s.currency = g.value THEN s.order_date WHEN o.base = o.currency THEN r.valid_from WHEN r.base = r.currency THEN o.valid_from
    WHEN o.valid_from < r.valid_from THEN o.valid_from ELSE r.valid_from END AS rate_date,
  CASE WHEN s.currency = g.value THEN 0 ELSE DATEDIFF('day', CASE WHEN o.base = o.currency THEN r.valid_from WHEN r.base = r.currency THEN o.valid_from
    WHEN o.valid_from < r.valid_from THEN o.valid_from ELSE r.valid_from END, s.order_date) END AS rate_age_days,
  CASE WHEN s.currency = g.value THEN NULL WHEN o.rate IS NULL THEN 'no rate of ' || s.currency || ' on this day or before'
    WHEN r.rate IS NULL THEN 'no rate of ' || g.value || ' on this day or before' END AS not_converted
FROM sales_by_day s
JOIN setting g ON g.name = 'reporting_currency'
LEFT JOIN fx_rate_span o ON o.currency = s.currency AND o.base = 'EUR' AND s.order_date >= o.valid_from AND (o.valid_to IS NULL OR s.order_date < o.valid_to)
LEFT JOIN fx_rate_span r ON r.currency = g.value AND r.base = 'EUR' AND s.order_date >= r.valid_from AND (r.valid_to IS NULL OR s.order_date < r.valid_to);
COMMENT ON VIEW sales_by_day_reporting IS 'sales_by_day, also in the reporting currency: by which day''s rate, how old it is, and why where there is none';

CREATE OR REPLACE VIEW refunds_by_day_reporting AS
SELECT s.return_date, s.source, s.account, s.currency, s.line_class, s.returns, s.units, s.amount, g.value AS reporting_currency,
  CASE WHEN s.currency = g.value THEN CAST(s.amount AS DECIMAL(18,4))
    ELSE CAST(ROUND(CAST(CAST(s.amount AS DECIMAL(18,4)) * r.rate AS DECIMAL(38,13)) / o.rate, 4) AS DECIMAL(18,4)) END AS amount_reporting,
  CASE WHEN s.currency = g.value THEN s.return_date WHEN o.base = o.currency THEN r.valid_from WHEN r.base = r.currency THEN o.valid_from
    WHEN o.valid_from < r.valid_from THEN o.valid_from ELSE r.valid_from END AS rate_date,
  CASE WHEN s.currency = g.value THEN 0 ELSE DATEDIFF('day', CASE WHEN o.base = o.currency THEN r.valid_from WHEN r.base = r.currency THEN o.valid_from
    WHEN o.valid_from < r.valid_from THEN o.valid_from ELSE r.valid_from END, s.return_date) END AS rate_age_days,
  CASE WHEN s.currency = g.value THEN NULL WHEN o.rate IS NULL THEN 'no rate of ' || s.currency || ' on this day or before'
    WHEN r.rate IS NULL THEN 'no rate of ' || g.value || ' on this day or before' END AS not_converted
FROM refunds_by_day s
JOIN setting g ON g.name = 'reporting_currency'
LEFT JOIN fx_rate_span o ON o.currency = s.currency AND o.base = 'EUR' AND s.return_date >= o.valid_from AND (o.valid_to IS NULL OR s.return_date < o.valid_to)
LEFT JOIN fx_rate_span r ON r.currency = g.value AND r.base = 'EUR' AND s.return_date >= r.valid_from AND (r.valid_to IS NULL OR s.return_date < r.valid_to);
COMMENT ON VIEW refunds_by_day_reporting IS 'refunds_by_day, also in the reporting currency: by which day''s rate, how old it is, and why where there is none';
