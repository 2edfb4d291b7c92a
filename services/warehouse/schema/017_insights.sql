-- What the insights are made from and what they find: sums by day, of which only changed days are made anew, and results.

-- Every report begins with these: a few rows a day, whatever the number of orders.
CREATE TABLE IF NOT EXISTS day_sum (
  day DATE NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  currency CHAR(3),
  measured VARCHAR(16) NOT NULL,
  orders BIGINT,
  units BIGINT,
  gross DECIMAL(18,4),
  discounts DECIMAL(18,4),
  shipping DECIMAL(18,4),
  cost DECIMAL(18,4),
  units_with_cost BIGINT,
  returned_orders BIGINT,
  returned_units BIGINT,
  returned_value DECIMAL(18,4),
  cohort_orders BIGINT,
  cohort_units BIGINT,
  cohort_value DECIMAL(18,4),
  shipped BIGINT,
  accurate BIGINT,
  perfect BIGINT,
  surveys_sent BIGINT,
  surveys BIGINT,
  satisfied BIGINT,
  nps_answers BIGINT,
  promoters BIGINT,
  detractors BIGINT,
  good BIGINT,
  bad BIGINT,
  stock_change DECIMAL(18,4)
)
DISTSTYLE ALL
SORTKEY (day);
COMMENT ON TABLE day_sum IS 'What can be counted of a day, source, account and currency; one row for each thing that is measured, to be added up';
COMMENT ON COLUMN day_sum.day IS 'Day that it is counted on, UTC';
COMMENT ON COLUMN day_sum.source IS 'Source';
COMMENT ON COLUMN day_sum.account IS 'Account of the source';
COMMENT ON COLUMN day_sum.currency IS 'Currency; XXX: none';
COMMENT ON COLUMN day_sum.measured IS 'sales, returns, cohorts, shipped, surveys, comments or stock: which columns the row has';
COMMENT ON COLUMN day_sum.orders IS 'Orders that count as sales';
COMMENT ON COLUMN day_sum.units IS 'Units of goods sold';
COMMENT ON COLUMN day_sum.gross IS 'Price x quantity of goods, without tax';
COMMENT ON COLUMN day_sum.discounts IS 'Discounts on goods';
COMMENT ON COLUMN day_sum.shipping IS 'Postage charged';
COMMENT ON COLUMN day_sum.cost IS 'Cost of the goods sold, as far as it is known';
COMMENT ON COLUMN day_sum.units_with_cost IS 'Units whose cost is known';
COMMENT ON COLUMN day_sum.returned_orders IS 'Orders of which something came back on this day';
COMMENT ON COLUMN day_sum.returned_units IS 'Units that came back on this day';
COMMENT ON COLUMN day_sum.returned_value IS 'Paid back for goods that came back on this day';
COMMENT ON COLUMN day_sum.cohort_orders IS 'Orders of this day of which something has come back since';
COMMENT ON COLUMN day_sum.cohort_units IS 'Units of them that have come back';
COMMENT ON COLUMN day_sum.cohort_value IS 'Paid back for those';
COMMENT ON COLUMN day_sum.shipped IS 'Orders first shipped on this day';
COMMENT ON COLUMN day_sum.accurate IS 'Of those, with the right goods in the right number';
COMMENT ON COLUMN day_sum.perfect IS 'Of those, in full, on time and undamaged';
COMMENT ON COLUMN day_sum.surveys_sent IS 'Surveys sent';
COMMENT ON COLUMN day_sum.surveys IS 'Answers on a scale of 5';
COMMENT ON COLUMN day_sum.satisfied IS 'Of those, 4 and 5';
COMMENT ON COLUMN day_sum.nps_answers IS 'Answers on a scale of 10';
COMMENT ON COLUMN day_sum.promoters IS 'Of those, 9 and 10';
COMMENT ON COLUMN day_sum.detractors IS 'Of those, 0 to 6';
COMMENT ON COLUMN day_sum.good IS 'Comments that the model reads as Good';
COMMENT ON COLUMN day_sum.bad IS 'Comments that it reads as Bad';
COMMENT ON COLUMN day_sum.stock_change IS 'Change of the stock at cost';

-- Spans of days are asked for, of all products or of one.
CREATE TABLE IF NOT EXISTS product_day (
  day DATE NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  currency CHAR(3),
  product_key VARCHAR(512) NOT NULL,
  country CHAR(2),
  name VARCHAR(2048),
  units BIGINT,
  gross DECIMAL(18,4),
  discounts DECIMAL(18,4),
  cost DECIMAL(18,4),
  units_with_cost BIGINT,
  net_with_cost DECIMAL(18,4),
  returned_units BIGINT,
  returned_value DECIMAL(18,4),
  cohort_units BIGINT,
  cohort_value DECIMAL(18,4)
)
DISTKEY (product_key)
SORTKEY (day, product_key);
COMMENT ON TABLE product_day IS 'Sales and returns of a product by day, source, account, currency and country';
COMMENT ON COLUMN product_day.day IS 'Day of the order or, of returned, of the return, UTC';
COMMENT ON COLUMN product_day.source IS 'Source';
COMMENT ON COLUMN product_day.account IS 'Account of the source';
COMMENT ON COLUMN product_day.currency IS 'Currency; XXX: none';
COMMENT ON COLUMN product_day.product_key IS 'Product; empty: the source names none';
COMMENT ON COLUMN product_day.country IS 'Where the order goes';
COMMENT ON COLUMN product_day.name IS 'Name on the lines';
COMMENT ON COLUMN product_day.units IS 'Units sold';
COMMENT ON COLUMN product_day.gross IS 'Price x quantity, without tax';
COMMENT ON COLUMN product_day.discounts IS 'Discounts on its lines';
COMMENT ON COLUMN product_day.cost IS 'Cost, as far as it is known';
COMMENT ON COLUMN product_day.units_with_cost IS 'Units whose cost is known';
COMMENT ON COLUMN product_day.net_with_cost IS 'Gross less discounts of those';
COMMENT ON COLUMN product_day.returned_units IS 'Units that came back on this day';
COMMENT ON COLUMN product_day.returned_value IS 'Paid back for them';
COMMENT ON COLUMN product_day.cohort_units IS 'Of the units of this day: come back since';
COMMENT ON COLUMN product_day.cohort_value IS 'Paid back for those';

-- Spans of days are asked for.
CREATE TABLE IF NOT EXISTS reason_day (
  day DATE NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  currency CHAR(3),
  product_key VARCHAR(512) NOT NULL,
  reason VARCHAR(128),
  returns BIGINT,
  units BIGINT,
  value DECIMAL(18,4)
)
DISTSTYLE EVEN
SORTKEY (day);
COMMENT ON TABLE reason_day IS 'Why goods came back, by day of the return, product, source, account and currency';
COMMENT ON COLUMN reason_day.day IS 'Day of the return, UTC';
COMMENT ON COLUMN reason_day.source IS 'Source';
COMMENT ON COLUMN reason_day.account IS 'Account of the source';
COMMENT ON COLUMN reason_day.currency IS 'Currency; XXX: none';
COMMENT ON COLUMN reason_day.product_key IS 'Product; empty: the return names none';
COMMENT ON COLUMN reason_day.reason IS 'Reason by class; unknown: none was told';
COMMENT ON COLUMN reason_day.returns IS 'Returns asked for';
COMMENT ON COLUMN reason_day.units IS 'Units in them';
COMMENT ON COLUMN reason_day.value IS 'Asked for or paid back';

-- About a row an order, but narrow: who bought, where, for how much.
CREATE TABLE IF NOT EXISTS customer_day (
  day DATE NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  currency CHAR(3),
  customer_key VARCHAR(512) NOT NULL,
  country CHAR(2),
  region VARCHAR(512),
  h3_cell VARCHAR(16),
  h3_coarse VARCHAR(16),
  orders BIGINT,
  units BIGINT,
  value DECIMAL(18,4),
  returned_orders BIGINT,
  returned_value DECIMAL(18,4)
)
DISTKEY (customer_key)
SORTKEY (day);
COMMENT ON TABLE customer_day IS 'Orders of a customer by day, place, source, account and currency';
COMMENT ON COLUMN customer_day.day IS 'Day of the order, UTC';
COMMENT ON COLUMN customer_day.source IS 'Source';
COMMENT ON COLUMN customer_day.account IS 'Account of the source';
COMMENT ON COLUMN customer_day.currency IS 'Currency; XXX: none';
COMMENT ON COLUMN customer_day.customer_key IS 'Customer; empty: guests';
COMMENT ON COLUMN customer_day.country IS 'Of the address, else of the position';
COMMENT ON COLUMN customer_day.region IS 'First-level region of the position, else state of the address';
COMMENT ON COLUMN customer_day.h3_cell IS 'H3 cell of the position, resolution 5';
COMMENT ON COLUMN customer_day.h3_coarse IS 'H3 cell around it, resolution 3';
COMMENT ON COLUMN customer_day.orders IS 'Orders that count as sales';
COMMENT ON COLUMN customer_day.units IS 'Units of goods';
COMMENT ON COLUMN customer_day.value IS 'Gross less discounts';
COMMENT ON COLUMN customer_day.returned_orders IS 'Of those orders: something has come back since';
COMMENT ON COLUMN customer_day.returned_value IS 'Paid back for it';

-- Spans of days are asked for.
CREATE TABLE IF NOT EXISTS cash_day (
  day DATE NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  currency CHAR(3),
  flow VARCHAR(16) NOT NULL,
  method VARCHAR(128),
  settles_on DATE,
  amount DECIMAL(18,4),
  units_without_cost BIGINT
)
DISTSTYLE EVEN
SORTKEY (day);
COMMENT ON TABLE cash_day IS 'Money that moves, by the day of what moves it and the day it moves; never added up over currencies';
COMMENT ON COLUMN cash_day.day IS 'Day of the order or return, UTC';
COMMENT ON COLUMN cash_day.source IS 'Source';
COMMENT ON COLUMN cash_day.account IS 'Account of the source';
COMMENT ON COLUMN cash_day.currency IS 'Currency; XXX: none';
COMMENT ON COLUMN cash_day.flow IS 'payment, refund, fee or cost';
COMMENT ON COLUMN cash_day.method IS 'Payment method or provider, as the source names it';
COMMENT ON COLUMN cash_day.settles_on IS 'Day that the money moves; null: nobody says';
COMMENT ON COLUMN cash_day.amount IS 'In currency, never negative';
COMMENT ON COLUMN cash_day.units_without_cost IS 'Of cost: units whose cost is not known';

-- Small, joined to orders.
CREATE TABLE IF NOT EXISTS place (
  latitude DECIMAL(6,2) NOT NULL,
  longitude DECIMAL(6,2) NOT NULL,
  country CHAR(2),
  region VARCHAR(128),
  h3_cell VARCHAR(16),
  h3_coarse VARCHAR(16),
  PRIMARY KEY (latitude, longitude)
)
DISTSTYLE ALL
SORTKEY (latitude, longitude);
COMMENT ON TABLE place IS 'What lies at a position, which is rounded to a hundredth of a degree';
COMMENT ON COLUMN place.latitude IS 'Degrees north';
COMMENT ON COLUMN place.longitude IS 'Degrees east';
COMMENT ON COLUMN place.country IS 'ISO 3166-1; null: no country';
COMMENT ON COLUMN place.region IS 'First-level region, English name; null: unknown';
COMMENT ON COLUMN place.h3_cell IS 'H3 cell, resolution 5';
COMMENT ON COLUMN place.h3_coarse IS 'H3 cell around it, resolution 3';

-- Small: a row a load.
CREATE TABLE IF NOT EXISTS summed_batch (
  batch_id VARCHAR(64) NOT NULL,
  chunk INTEGER NOT NULL,
  run_id VARCHAR(64) NOT NULL,
  PRIMARY KEY (batch_id, chunk)
)
DISTSTYLE ALL
SORTKEY (batch_id);
COMMENT ON TABLE summed_batch IS 'Load batches whose days are known to have changed';
COMMENT ON COLUMN summed_batch.batch_id IS 'Load batch';
COMMENT ON COLUMN summed_batch.chunk IS 'Transaction of it';
COMMENT ON COLUMN summed_batch.run_id IS 'Refresh that found it';

-- A queue: rows go when their day has been summed.
CREATE TABLE IF NOT EXISTS changed_day (
  day DATE NOT NULL,
  run_id VARCHAR(64) NOT NULL
)
DISTSTYLE ALL
SORTKEY (day);
COMMENT ON TABLE changed_day IS 'Days whose sums are out of date';
COMMENT ON COLUMN changed_day.day IS 'Day, UTC';
COMMENT ON COLUMN changed_day.run_id IS 'Refresh that is to sum it';

-- Small: a row a refresh.
CREATE TABLE IF NOT EXISTS insight_run (
  run_id VARCHAR(64) NOT NULL,
  started_at TIMESTAMP,
  finished_at TIMESTAMP,
  days INTEGER,
  failed VARCHAR(256),
  PRIMARY KEY (run_id)
)
DISTSTYLE ALL
SORTKEY (finished_at);
COMMENT ON TABLE insight_run IS 'Refreshes of the insights that have ended';
COMMENT ON COLUMN insight_run.run_id IS 'Execution of refresh-insights';
COMMENT ON COLUMN insight_run.started_at IS 'Begun at, UTC';
COMMENT ON COLUMN insight_run.finished_at IS 'Ended at, UTC';
COMMENT ON COLUMN insight_run.days IS 'Days that were summed anew';
COMMENT ON COLUMN insight_run.failed IS 'Insights that could not be made, separated by spaces; empty: none';

-- The newest forecasts, a few hundred thousand rows at most.
CREATE TABLE IF NOT EXISTS forecast (
  series VARCHAR(640) NOT NULL,
  currency CHAR(3) NOT NULL,
  flow VARCHAR(16) NOT NULL,
  day DATE NOT NULL,
  made_on DATE,
  value DECIMAL(18,4),
  low80 DECIMAL(18,4),
  high80 DECIMAL(18,4),
  low95 DECIMAL(18,4),
  high95 DECIMAL(18,4),
  PRIMARY KEY (series, currency, flow, day)
)
DISTSTYLE EVEN
SORTKEY (day);
COMMENT ON TABLE forecast IS 'Forecasts by series and day, with intervals';
COMMENT ON COLUMN forecast.series IS 'total, source:NAME or product:KEY';
COMMENT ON COLUMN forecast.currency IS 'Currency';
COMMENT ON COLUMN forecast.flow IS 'inflow, refund, outflow, net or sales';
COMMENT ON COLUMN forecast.day IS 'Day, UTC';
COMMENT ON COLUMN forecast.made_on IS 'First day that was not known yet, UTC';
COMMENT ON COLUMN forecast.value IS 'Expected';
COMMENT ON COLUMN forecast.low80 IS 'Lower bound, 80 %';
COMMENT ON COLUMN forecast.high80 IS 'Upper bound, 80 %';
COMMENT ON COLUMN forecast.low95 IS 'Lower bound, 95 %';
COMMENT ON COLUMN forecast.high95 IS 'Upper bound, 95 %';

-- A row a series.
CREATE TABLE IF NOT EXISTS forecast_series (
  series VARCHAR(640) NOT NULL,
  currency CHAR(3) NOT NULL,
  flow VARCHAR(16) NOT NULL,
  name VARCHAR(2048),
  made_on DATE,
  state VARCHAR(16),
  detail VARCHAR(16384),
  PRIMARY KEY (series, currency, flow)
)
DISTSTYLE ALL
SORTKEY (series);
COMMENT ON TABLE forecast_series IS 'How each forecast was made, and how good it would have been';
COMMENT ON COLUMN forecast_series.series IS 'As in forecast';
COMMENT ON COLUMN forecast_series.currency IS 'Currency';
COMMENT ON COLUMN forecast_series.flow IS 'As in forecast';
COMMENT ON COLUMN forecast_series.name IS 'Of a product: its name';
COMMENT ON COLUMN forecast_series.made_on IS 'First day that was not known yet, UTC';
COMMENT ON COLUMN forecast_series.state IS 'forecast or insufficient';
COMMENT ON COLUMN forecast_series.detail IS 'Method and backtest against the seasonal naive forecast, or why there is none; JSON';

-- A row a product and currency.
CREATE TABLE IF NOT EXISTS product_standing (
  product_key VARCHAR(512) NOT NULL,
  currency CHAR(3) NOT NULL,
  as_of DATE,
  abc CHAR(1),
  velocity DECIMAL(18,4),
  trend VARCHAR(8),
  trend_z DECIMAL(9,4),
  stock BIGINT,
  cover_days DECIMAL(18,2),
  reorder_on DATE,
  PRIMARY KEY (product_key, currency)
)
DISTSTYLE EVEN
SORTKEY (product_key);
COMMENT ON TABLE product_standing IS 'Where each product stands: class, trend, stock and when to order again';
COMMENT ON COLUMN product_standing.product_key IS 'Product';
COMMENT ON COLUMN product_standing.currency IS 'Currency';
COMMENT ON COLUMN product_standing.as_of IS 'Last day that was counted, UTC';
COMMENT ON COLUMN product_standing.abc IS 'A: the first 80 % of net sales of 90 days, B: up to 95 %, C: the rest';
COMMENT ON COLUMN product_standing.velocity IS 'Units sold a day, 28 days';
COMMENT ON COLUMN product_standing.trend IS 'rising, falling or steady: last 28 days against the 28 before';
COMMENT ON COLUMN product_standing.trend_z IS 'By how many standard errors';
COMMENT ON COLUMN product_standing.stock IS 'Units in stock; null: never counted';
COMMENT ON COLUMN product_standing.cover_days IS 'Days that the stock lasts';
COMMENT ON COLUMN product_standing.reorder_on IS 'Last day to order, if deliveries take the days of the parameter leadDays';

-- A row a customer and currency.
CREATE TABLE IF NOT EXISTS customer_segment (
  customer_key VARCHAR(512) NOT NULL,
  currency CHAR(3) NOT NULL,
  segment VARCHAR(32) NOT NULL,
  segment_before VARCHAR(32),
  as_of DATE,
  recency INTEGER,
  orders BIGINT,
  value DECIMAL(18,4),
  PRIMARY KEY (customer_key, currency)
)
DISTKEY (customer_key)
SORTKEY (customer_key);
COMMENT ON TABLE customer_segment IS 'Segment of each customer, and the one before';
COMMENT ON COLUMN customer_segment.customer_key IS 'Customer';
COMMENT ON COLUMN customer_segment.currency IS 'Currency';
COMMENT ON COLUMN customer_segment.segment IS 'Name of the segment';
COMMENT ON COLUMN customer_segment.segment_before IS 'On the last day before that it was made; null: no customer then';
COMMENT ON COLUMN customer_segment.as_of IS 'Day of the run, UTC';
COMMENT ON COLUMN customer_segment.recency IS 'Days since the last order';
COMMENT ON COLUMN customer_segment.orders IS 'Orders';
COMMENT ON COLUMN customer_segment.value IS 'Net of returns';

-- As customer_segment; emptied when a run has ended.
CREATE TABLE IF NOT EXISTS new_segment (
  customer_key VARCHAR(512) NOT NULL,
  currency CHAR(3) NOT NULL,
  segment VARCHAR(32) NOT NULL,
  segment_before VARCHAR(32),
  as_of DATE,
  recency INTEGER,
  orders BIGINT,
  value DECIMAL(18,4)
)
DISTKEY (customer_key)
SORTKEY (customer_key);
COMMENT ON TABLE new_segment IS 'Segments that are being made';
COMMENT ON COLUMN new_segment.customer_key IS 'Customer';
COMMENT ON COLUMN new_segment.currency IS 'Currency';
COMMENT ON COLUMN new_segment.segment IS 'Name of the segment';
COMMENT ON COLUMN new_segment.segment_before IS 'On the last day before that it was made; null: no customer then';
COMMENT ON COLUMN new_segment.as_of IS 'Day of the run, UTC';
COMMENT ON COLUMN new_segment.recency IS 'Days since the last order';
COMMENT ON COLUMN new_segment.orders IS 'Orders';
COMMENT ON COLUMN new_segment.value IS 'Net of returns';

-- A few rows.
CREATE TABLE IF NOT EXISTS segment (
  currency CHAR(3) NOT NULL,
  segment VARCHAR(32) NOT NULL,
  as_of DATE,
  customers BIGINT,
  value DECIMAL(18,4),
  orders BIGINT,
  mean_recency DECIMAL(18,4),
  PRIMARY KEY (currency, segment)
)
DISTSTYLE ALL
SORTKEY (currency, segment);
COMMENT ON TABLE segment IS 'Segments of customers by recency, frequency and value';
COMMENT ON COLUMN segment.currency IS 'Currency';
COMMENT ON COLUMN segment.segment IS 'Name, stable from run to run; insufficient: too few customers for segments';
COMMENT ON COLUMN segment.as_of IS 'Day of the run, UTC';
COMMENT ON COLUMN segment.customers IS 'How many';
COMMENT ON COLUMN segment.value IS 'Net of returns';
COMMENT ON COLUMN segment.orders IS 'Their orders';
COMMENT ON COLUMN segment.mean_recency IS 'Mean days since the last order';

-- A few rows a day.
CREATE TABLE IF NOT EXISTS segment_move (
  as_of DATE,
  currency CHAR(3) NOT NULL,
  segment_from VARCHAR(32),
  segment_to VARCHAR(32),
  customers BIGINT
)
DISTSTYLE ALL
SORTKEY (as_of);
COMMENT ON TABLE segment_move IS 'How many customers went from one segment to another';
COMMENT ON COLUMN segment_move.as_of IS 'Day of the run, UTC';
COMMENT ON COLUMN segment_move.currency IS 'Currency';
COMMENT ON COLUMN segment_move.segment_from IS 'Before; null: no customer then';
COMMENT ON COLUMN segment_move.segment_to IS 'Now; null: no customer any more';
COMMENT ON COLUMN segment_move.customers IS 'How many';

-- A row for each pair of months.
CREATE TABLE IF NOT EXISTS cohort_month (
  cohort DATE NOT NULL,
  month DATE NOT NULL,
  source VARCHAR(128),
  currency CHAR(3) NOT NULL,
  customers BIGINT,
  repeat_customers BIGINT,
  orders BIGINT,
  value DECIMAL(18,4)
)
DISTSTYLE ALL
SORTKEY (cohort);
COMMENT ON TABLE cohort_month IS 'What customers have done since their first order, by month';
COMMENT ON COLUMN cohort_month.cohort IS 'Month of the first order, its first day';
COMMENT ON COLUMN cohort_month.month IS 'Month that is told of, its first day';
COMMENT ON COLUMN cohort_month.source IS 'Source';
COMMENT ON COLUMN cohort_month.currency IS 'Currency';
COMMENT ON COLUMN cohort_month.customers IS 'Customers who ordered in it';
COMMENT ON COLUMN cohort_month.repeat_customers IS 'Of those: have ordered more than once by now';
COMMENT ON COLUMN cohort_month.orders IS 'Their orders';
COMMENT ON COLUMN cohort_month.value IS 'Net of returns';

-- A few rows.
CREATE TABLE IF NOT EXISTS emerging_reason (
  as_of DATE,
  product_key VARCHAR(512) NOT NULL,
  reason VARCHAR(128) NOT NULL,
  recent BIGINT,
  expected DECIMAL(18,4),
  p FLOAT8,
  q FLOAT8,
  PRIMARY KEY (product_key, reason)
)
DISTSTYLE ALL
SORTKEY (as_of);
COMMENT ON TABLE emerging_reason IS 'Reasons that rise faster than chance';
COMMENT ON COLUMN emerging_reason.as_of IS 'Day of the run, UTC';
COMMENT ON COLUMN emerging_reason.product_key IS 'Product; empty: all';
COMMENT ON COLUMN emerging_reason.reason IS 'Reason by class';
COMMENT ON COLUMN emerging_reason.recent IS 'Returns of the last 14 days';
COMMENT ON COLUMN emerging_reason.expected IS 'Expected after the 84 days before';
COMMENT ON COLUMN emerging_reason.p IS 'One-sided chance of so many or more';
COMMENT ON COLUMN emerging_reason.q IS 'After Benjamini and Hochberg, over all that were tested';

-- A row a region.
CREATE TABLE IF NOT EXISTS region_standing (
  as_of DATE,
  currency CHAR(3) NOT NULL,
  country CHAR(2),
  region VARCHAR(512),
  orders BIGINT,
  customers BIGINT,
  value DECIMAL(18,4),
  orders_before BIGINT,
  growth_low FLOAT8,
  growth_high FLOAT8,
  sales VARCHAR(8),
  returned_orders BIGINT,
  return_low FLOAT8,
  return_high FLOAT8,
  returns VARCHAR(8)
)
DISTSTYLE ALL
SORTKEY (country);
COMMENT ON TABLE region_standing IS 'Sales and returns of countries and regions in 90 days, with bounds';
COMMENT ON COLUMN region_standing.as_of IS 'Day of the run, UTC';
COMMENT ON COLUMN region_standing.currency IS 'Currency';
COMMENT ON COLUMN region_standing.country IS 'ISO 3166-1';
COMMENT ON COLUMN region_standing.region IS 'As in customer_day; null: the whole country';
COMMENT ON COLUMN region_standing.orders IS 'Orders';
COMMENT ON COLUMN region_standing.customers IS 'Customers; guests of one day count as one';
COMMENT ON COLUMN region_standing.value IS 'Gross less discounts';
COMMENT ON COLUMN region_standing.orders_before IS 'Orders of the 90 days before';
COMMENT ON COLUMN region_standing.growth_low IS 'Orders by those before, against all others: lower bound, 95 %';
COMMENT ON COLUMN region_standing.growth_high IS 'Upper bound';
COMMENT ON COLUMN region_standing.sales IS 'high, low or expected growth, after Benjamini and Hochberg';
COMMENT ON COLUMN region_standing.returned_orders IS 'Orders of which something came back';
COMMENT ON COLUMN region_standing.return_low IS 'Wilson bound, 95 %';
COMMENT ON COLUMN region_standing.return_high IS 'Wilson bound, 95 %';
COMMENT ON COLUMN region_standing.returns IS 'high, low or expected return rate, after Benjamini and Hochberg';

-- A few rows.
CREATE TABLE IF NOT EXISTS kpi_standing (
  kpi VARCHAR(64) NOT NULL,
  period VARCHAR(16) NOT NULL,
  currency CHAR(3) NOT NULL,
  source VARCHAR(128) NOT NULL,
  standing VARCHAR(8),
  value FLOAT8,
  since TIMESTAMP,
  PRIMARY KEY (kpi, period, currency, source)
)
DISTSTYLE ALL
SORTKEY (kpi);
COMMENT ON TABLE kpi_standing IS 'Which targets are missed, so that each is told once';
COMMENT ON COLUMN kpi_standing.kpi IS 'KPI';
COMMENT ON COLUMN kpi_standing.period IS 'Period of the target';
COMMENT ON COLUMN kpi_standing.currency IS 'Currency';
COMMENT ON COLUMN kpi_standing.source IS 'Source; empty: all';
COMMENT ON COLUMN kpi_standing.standing IS 'within or crossed';
COMMENT ON COLUMN kpi_standing.value IS 'Last value';
COMMENT ON COLUMN kpi_standing.since IS 'Since then, UTC';

-- Positions are found once, in place; orders are written by the loader alone.
ALTER TABLE orders DROP COLUMN h3_cell;
ALTER TABLE orders DROP COLUMN region;
