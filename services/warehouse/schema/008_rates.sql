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

-- One row, whatever stands in setting: nothing is dropped or doubled by joining it.
CREATE OR REPLACE VIEW reporting_currency AS
SELECT COALESCE(MAX(value), 'EUR') AS currency FROM setting WHERE name = 'reporting_currency';
COMMENT ON VIEW reporting_currency IS 'ISO 4217: what the views named …_reporting convert to; EUR where the stage has not said';

-- The base is worth one of itself on every day.
CREATE OR REPLACE VIEW fx_rate_span AS
SELECT base, currency, rate_date AS valid_from, LEAD(rate_date) OVER (PARTITION BY base, currency ORDER BY rate_date) AS valid_to, rate, rate_source
FROM fx_rate WHERE rate > 0 AND currency <> base
UNION ALL SELECT 'EUR', 'EUR', CAST('1970-01-01' AS DATE), CAST(NULL AS DATE), CAST(1 AS DECIMAL(18,9)), 'itself';
COMMENT ON VIEW fx_rate_span IS 'Each published rate from its day to the day of the next one (not included): a day without carries the last';

-- Amount x reporting rate / own rate, both to the euro, rounded half away from zero to four decimals. The product is cut to
-- DECIMAL(30,10) because Redshift would leave the quotient of a longer one only four decimals, cut off:
-- https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html. So it has nine, and the rounding sees them.
CREATE OR REPLACE VIEW sales_by_day_reporting AS
SELECT order_date, source, account, currency, line_class, orders, units, amount, reporting_currency,
  CASE WHEN not_converted IS NOT NULL THEN NULL WHEN currency = reporting_currency THEN amount
    ELSE CAST(ROUND(CAST(amount * reporting_per_euro AS DECIMAL(30,10)) / own_per_euro, 4) AS DECIMAL(18,4)) END AS amount_reporting,
  CASE WHEN currency <> reporting_currency THEN own_per_euro END AS own_per_euro,
  CASE WHEN currency <> reporting_currency THEN reporting_per_euro END AS reporting_per_euro,
  rate_date, DATEDIFF('day', rate_date, order_date) AS rate_age_days, not_converted
FROM (SELECT s.order_date, s.source, s.account, s.currency, s.line_class, s.orders, s.units, CAST(s.amount AS DECIMAL(18,4)) AS amount, g.currency AS reporting_currency,
    own.rate AS own_per_euro, reporting.rate AS reporting_per_euro,
    CASE WHEN s.currency = g.currency THEN s.order_date WHEN own.rate IS NULL OR reporting.rate IS NULL THEN NULL
      WHEN s.currency = 'EUR' THEN reporting.valid_from WHEN g.currency = 'EUR' THEN own.valid_from
      WHEN own.valid_from < reporting.valid_from THEN own.valid_from ELSE reporting.valid_from END AS rate_date,
    CASE WHEN s.amount IS NULL THEN 'no amount is known' WHEN s.currency IS NULL THEN 'no currency is known' WHEN s.currency = g.currency THEN NULL
      WHEN own.rate IS NULL THEN 'no rate of ' || s.currency || ' on this day or before'
      WHEN reporting.rate IS NULL THEN 'no rate of ' || g.currency || ' on this day or before' END AS not_converted
  FROM sales_by_day s
  CROSS JOIN reporting_currency g
  LEFT JOIN fx_rate_span own ON own.base = 'EUR' AND own.currency = s.currency AND s.order_date >= own.valid_from AND (own.valid_to IS NULL OR s.order_date < own.valid_to)
  LEFT JOIN fx_rate_span reporting ON reporting.base = 'EUR' AND reporting.currency = g.currency
    AND s.order_date >= reporting.valid_from AND (reporting.valid_to IS NULL OR s.order_date < reporting.valid_to)) laid;
COMMENT ON VIEW sales_by_day_reporting IS 'sales_by_day, also in the reporting currency: by which rates to the euro (none where the currency is the same), of which day, how old, and why where there is no amount';

CREATE OR REPLACE VIEW refunds_by_day_reporting AS
SELECT return_date, source, account, currency, line_class, returns, units, amount, reporting_currency,
  CASE WHEN not_converted IS NOT NULL THEN NULL WHEN currency = reporting_currency THEN amount
    ELSE CAST(ROUND(CAST(amount * reporting_per_euro AS DECIMAL(30,10)) / own_per_euro, 4) AS DECIMAL(18,4)) END AS amount_reporting,
  CASE WHEN currency <> reporting_currency THEN own_per_euro END AS own_per_euro,
  CASE WHEN currency <> reporting_currency THEN reporting_per_euro END AS reporting_per_euro,
  rate_date, DATEDIFF('day', rate_date, return_date) AS rate_age_days, not_converted
FROM (SELECT s.return_date, s.source, s.account, s.currency, s.line_class, s.returns, s.units, CAST(s.amount AS DECIMAL(18,4)) AS amount, g.currency AS reporting_currency,
    own.rate AS own_per_euro, reporting.rate AS reporting_per_euro,
    CASE WHEN s.currency = g.currency THEN s.return_date WHEN own.rate IS NULL OR reporting.rate IS NULL THEN NULL
      WHEN s.currency = 'EUR' THEN reporting.valid_from WHEN g.currency = 'EUR' THEN own.valid_from
      WHEN own.valid_from < reporting.valid_from THEN own.valid_from ELSE reporting.valid_from END AS rate_date,
    CASE WHEN s.amount IS NULL THEN 'no amount is known' WHEN s.currency IS NULL THEN 'no currency is known' WHEN s.currency = g.currency THEN NULL
      WHEN own.rate IS NULL THEN 'no rate of ' || s.currency || ' on this day or before'
      WHEN reporting.rate IS NULL THEN 'no rate of ' || g.currency || ' on this day or before' END AS not_converted
  FROM refunds_by_day s
  CROSS JOIN reporting_currency g
  LEFT JOIN fx_rate_span own ON own.base = 'EUR' AND own.currency = s.currency AND s.return_date >= own.valid_from AND (own.valid_to IS NULL OR s.return_date < own.valid_to)
  LEFT JOIN fx_rate_span reporting ON reporting.base = 'EUR' AND reporting.currency = g.currency
    AND s.return_date >= reporting.valid_from AND (reporting.valid_to IS NULL OR s.return_date < reporting.valid_to)) laid;
COMMENT ON VIEW refunds_by_day_reporting IS 'refunds_by_day, also in the reporting currency: by which rates to the euro (none where the currency is the same), of which day, how old, and why where there is no amount';
