-- What a product and a customer were on which day (slowly changing dimensions, type 2).

-- A row for each day on which something was said, whatever came first: spans follow from the days, in views, so that a late
-- fact takes its own place and nothing is ever rewritten. By key, as the spans are made by key.
CREATE TABLE IF NOT EXISTS product_history (
  product_key VARCHAR(512) NOT NULL,
  valid_day DATE NOT NULL,
  price DECIMAL(18,9),
  price_currency CHAR(3),
  unit_cost DECIMAL(18,9),
  cost_currency CHAR(3),
  category_key VARCHAR(512),
  price_version VARCHAR(40),
  cost_version VARCHAR(40),
  category_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (product_key, valid_day)
)
DISTKEY (product_key)
SORTKEY (product_key, valid_day);
COMMENT ON TABLE product_history IS 'Price, cost and category of a product as last said on each day; read product_price_history, product_cost_history, product_category_history';
COMMENT ON COLUMN product_history.product_key IS 'Product, see product';
COMMENT ON COLUMN product_history.valid_day IS 'UTC day on which it was said: of the order, or of the catalogue''s change';
COMMENT ON COLUMN product_history.price IS 'List price per unit, in price_currency (price)';
COMMENT ON COLUMN product_history.price_currency IS 'ISO 4217 (price)';
COMMENT ON COLUMN product_history.unit_cost IS 'Cost of one unit, in cost_currency (cost)';
COMMENT ON COLUMN product_history.cost_currency IS 'ISO 4217; of the order where an order line said it (cost)';
COMMENT ON COLUMN product_history.category_key IS 'Category, see category (category)';
COMMENT ON COLUMN product_history.price_version IS 'Version of the price columns on that day; the highest one stands';
COMMENT ON COLUMN product_history.cost_version IS 'Version of the cost columns on that day; begins with 1 where the catalogue said it, 0 where an order did';
COMMENT ON COLUMN product_history.category_version IS 'Version of the category column on that day; begins as cost_version does';
COMMENT ON COLUMN product_history.batch_id IS 'Load batch that last wrote the row';

-- By customer, beside the customer.
CREATE TABLE IF NOT EXISTS customer_history (
  customer_key VARCHAR(512) NOT NULL,
  valid_day DATE NOT NULL,
  address_line VARCHAR(2048),
  city VARCHAR(512),
  state VARCHAR(512),
  zip_code VARCHAR(128),
  country CHAR(2),
  address_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (customer_key, valid_day)
)
DISTKEY (customer_key)
SORTKEY (customer_key, valid_day);
COMMENT ON TABLE customer_history IS 'Address of a customer as last said on each day; read customer_address_history';
COMMENT ON COLUMN customer_history.customer_key IS 'Customer, see customer';
COMMENT ON COLUMN customer_history.valid_day IS 'UTC day of the order that said it';
COMMENT ON COLUMN customer_history.address_line IS 'Street address (address)';
COMMENT ON COLUMN customer_history.city IS 'City (address)';
COMMENT ON COLUMN customer_history.state IS 'State or region (address)';
COMMENT ON COLUMN customer_history.zip_code IS 'Postal code (address)';
COMMENT ON COLUMN customer_history.country IS 'ISO 3166-1 alpha-2 (address)';
COMMENT ON COLUMN customer_history.address_version IS 'Version of the address columns on that day; the highest one stands';
COMMENT ON COLUMN customer_history.batch_id IS 'Load batch that last wrote the row';

-- Days that say the same as the day before make one span. valid_to is the first day on which it no longer holds.
CREATE OR REPLACE VIEW product_price_history AS
SELECT product_key, price, price_currency, valid_day AS valid_from, LEAD(valid_day) OVER (PARTITION BY product_key ORDER BY valid_day) AS valid_to
FROM (SELECT product_key, valid_day, price, price_currency, LAG(price) OVER (PARTITION BY product_key ORDER BY valid_day) AS price_before,
    LAG(price_currency) OVER (PARTITION BY product_key ORDER BY valid_day) AS currency_before
  FROM product_history WHERE price_version IS NOT NULL) said
WHERE price_before IS NULL OR price_before <> price OR COALESCE(currency_before, '') <> COALESCE(price_currency, '');
COMMENT ON VIEW product_price_history IS 'List price of each product from valid_from to before valid_to; no valid_to: still';

-- From the first day on which the catalogue speaks, only its word counts: an order line may repeat an old one.
CREATE OR REPLACE VIEW product_cost_history AS
SELECT product_key, unit_cost, cost_currency, valid_day AS valid_from, LEAD(valid_day) OVER (PARTITION BY product_key ORDER BY valid_day) AS valid_to
FROM (SELECT product_key, valid_day, unit_cost, cost_currency, LAG(unit_cost) OVER (PARTITION BY product_key ORDER BY valid_day) AS cost_before,
    LAG(cost_currency) OVER (PARTITION BY product_key ORDER BY valid_day) AS currency_before
  FROM (SELECT product_key, valid_day, unit_cost, cost_currency, LEFT(cost_version, 1) AS said_by,
      MAX(LEFT(cost_version, 1)) OVER (PARTITION BY product_key ORDER BY valid_day ROWS UNBOUNDED PRECEDING) AS best_so_far
    FROM product_history WHERE cost_version IS NOT NULL) ranked
  WHERE said_by = best_so_far) said
WHERE cost_before IS NULL OR cost_before <> unit_cost OR COALESCE(currency_before, '') <> COALESCE(cost_currency, '');
COMMENT ON VIEW product_cost_history IS 'Cost of one unit of each product from valid_from to before valid_to; no valid_to: still';

CREATE OR REPLACE VIEW product_category_history AS
SELECT product_key, category_key, valid_day AS valid_from, LEAD(valid_day) OVER (PARTITION BY product_key ORDER BY valid_day) AS valid_to
FROM (SELECT product_key, valid_day, category_key, LAG(category_key) OVER (PARTITION BY product_key ORDER BY valid_day) AS category_before
  FROM (SELECT product_key, valid_day, category_key, LEFT(category_version, 1) AS said_by,
      MAX(LEFT(category_version, 1)) OVER (PARTITION BY product_key ORDER BY valid_day ROWS UNBOUNDED PRECEDING) AS best_so_far
    FROM product_history WHERE category_version IS NOT NULL) ranked
  WHERE said_by = best_so_far) said
WHERE category_before IS NULL OR category_before <> category_key;
COMMENT ON VIEW product_category_history IS 'Category of each product from valid_from to before valid_to; no valid_to: still';

CREATE OR REPLACE VIEW customer_address_history AS
SELECT customer_key, address_line, city, state, zip_code, country, valid_day AS valid_from, LEAD(valid_day) OVER (PARTITION BY customer_key ORDER BY valid_day) AS valid_to
FROM (SELECT customer_key, valid_day, address_line, city, state, zip_code, country, address,
    LAG(address) OVER (PARTITION BY customer_key ORDER BY valid_day) AS address_before
  FROM (SELECT customer_key, valid_day, address_line, city, state, zip_code, country,
      COALESCE(address_line, '') || CHR(9) || COALESCE(city, '') || CHR(9) || COALESCE(state, '') || CHR(9) || COALESCE(zip_code, '') || CHR(9) || COALESCE(country, '') AS address
    FROM customer_history) written) said
WHERE address_before IS NULL OR address_before <> address;
COMMENT ON VIEW customer_address_history IS 'Address of each customer from valid_from to before valid_to; no valid_to: still';

-- What a line cost: as the line says, else as the product's history says for the day of the order.
CREATE OR REPLACE VIEW sales_line_cost AS
SELECT s.order_key, s.line_id, s.source, s.account, s.order_date, s.currency, s.line_class, s.product_key, s.quantity, s.price_charged,
  COALESCE(s.unit_cost, h.unit_cost) AS unit_cost,
  CASE WHEN s.unit_cost IS NOT NULL THEN 'line' WHEN h.unit_cost IS NOT NULL THEN 'history' ELSE 'unknown' END AS cost_from
FROM sales_line s
LEFT JOIN product_cost_history h ON h.product_key = s.product_key AND h.cost_currency = s.currency
  AND h.valid_from <= s.order_date AND (h.valid_to IS NULL OR s.order_date < h.valid_to);
COMMENT ON VIEW sales_line_cost IS 'Lines that count as sales with the cost of one unit in the order''s currency, and where that is from: line, history or unknown';
