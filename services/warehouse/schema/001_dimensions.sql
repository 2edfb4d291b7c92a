-- Products, categories, sellers, stores and customers.

-- Small, joined to everything: a copy on every node.
CREATE TABLE IF NOT EXISTS category (
  category_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  category_id VARCHAR(128),
  name VARCHAR(1024),
  return_by_days INTEGER,
  name_version VARCHAR(40),
  return_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (category_key)
)
DISTSTYLE ALL
SORTKEY (category_key);
COMMENT ON TABLE category IS 'Product categories of each source';
COMMENT ON COLUMN category.category_key IS 'source:account:category id, or its name where the source has no ids';
COMMENT ON COLUMN category.source IS 'Source system, as in its webhook address';
COMMENT ON COLUMN category.account IS 'Account of the source';
COMMENT ON COLUMN category.category_id IS 'The source''s own id';
COMMENT ON COLUMN category.name IS 'Name of the category';
COMMENT ON COLUMN category.return_by_days IS 'Days after delivery within which the source takes returns';
COMMENT ON COLUMN category.name_version IS 'Version of the name columns; the highest one stands';
COMMENT ON COLUMN category.return_version IS 'Version of the return_by_days columns; the highest one stands';
COMMENT ON COLUMN category.batch_id IS 'Load batch that last wrote the row';

-- Small: a copy on every node.
CREATE TABLE IF NOT EXISTS seller (
  seller_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  name VARCHAR(1024),
  name_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (seller_key)
)
DISTSTYLE ALL
SORTKEY (seller_key);
COMMENT ON TABLE seller IS 'Sellers on marketplaces';
COMMENT ON COLUMN seller.seller_key IS 'source:account:seller name';
COMMENT ON COLUMN seller.source IS 'Source system, as in its webhook address';
COMMENT ON COLUMN seller.account IS 'Account of the source';
COMMENT ON COLUMN seller.name IS 'Name of the seller';
COMMENT ON COLUMN seller.name_version IS 'Version of the name columns; the highest one stands';
COMMENT ON COLUMN seller.batch_id IS 'Load batch that last wrote the row';

-- Small: a copy on every node.
CREATE TABLE IF NOT EXISTS store (
  store_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  store_id VARCHAR(128),
  name VARCHAR(1024),
  name_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (store_key)
)
DISTSTYLE ALL
SORTKEY (store_key);
COMMENT ON TABLE store IS 'Physical or web stores of a source';
COMMENT ON COLUMN store.store_key IS 'source:account:store id';
COMMENT ON COLUMN store.source IS 'Source system, as in its webhook address';
COMMENT ON COLUMN store.account IS 'Account of the source';
COMMENT ON COLUMN store.store_id IS 'The source''s own id';
COMMENT ON COLUMN store.name IS 'Name of the store';
COMMENT ON COLUMN store.name_version IS 'Version of the name columns; the highest one stands';
COMMENT ON COLUMN store.batch_id IS 'Load batch that last wrote the row';

-- Some ten thousand rows, joined to every line: a copy on every node.
CREATE TABLE IF NOT EXISTS product (
  product_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  product_id VARCHAR(128),
  sku VARCHAR(128),
  name VARCHAR(2048),
  category_key VARCHAR(512),
  seller_key VARCHAR(512),
  price DECIMAL(18,9),
  price_currency CHAR(3),
  unit_cost DECIMAL(18,9),
  mfg_date DATE,
  exp_date DATE,
  name_version VARCHAR(40),
  category_version VARCHAR(40),
  seller_version VARCHAR(40),
  price_version VARCHAR(40),
  cost_version VARCHAR(40),
  dates_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (product_key)
)
DISTSTYLE ALL
SORTKEY (product_key);
COMMENT ON TABLE product IS 'Products as the catalogue, or else an order line, knows them';
COMMENT ON COLUMN product.product_key IS 'source:account:product id, else its SKU';
COMMENT ON COLUMN product.source IS 'Source system, as in its webhook address';
COMMENT ON COLUMN product.account IS 'Account of the source';
COMMENT ON COLUMN product.product_id IS 'The source''s own id';
COMMENT ON COLUMN product.sku IS 'Stock keeping unit';
COMMENT ON COLUMN product.name IS 'Name; the catalogue wins over order lines';
COMMENT ON COLUMN product.category_key IS 'Category, see category';
COMMENT ON COLUMN product.seller_key IS 'Seller, see seller';
COMMENT ON COLUMN product.price IS 'List price per unit, in price_currency';
COMMENT ON COLUMN product.price_currency IS 'ISO 4217 currency of price and unit_cost';
COMMENT ON COLUMN product.unit_cost IS 'Cost of one unit, in price_currency';
COMMENT ON COLUMN product.mfg_date IS 'Manufactured on';
COMMENT ON COLUMN product.exp_date IS 'Expires on';
COMMENT ON COLUMN product.name_version IS 'Version of the name columns; the highest one stands';
COMMENT ON COLUMN product.category_version IS 'Version of the category columns; the highest one stands';
COMMENT ON COLUMN product.seller_version IS 'Version of the seller columns; the highest one stands';
COMMENT ON COLUMN product.price_version IS 'Version of the price columns; the highest one stands';
COMMENT ON COLUMN product.cost_version IS 'Version of the unit_cost columns; the highest one stands';
COMMENT ON COLUMN product.dates_version IS 'Version of the date columns; the highest one stands';
COMMENT ON COLUMN product.batch_id IS 'Load batch that last wrote the row';

-- Grows with the customers: spread by key, so that type and history of one customer stay on one node.
CREATE TABLE IF NOT EXISTS customer (
  customer_key VARCHAR(512) NOT NULL,
  source VARCHAR(128),
  account VARCHAR(128),
  customer_id VARCHAR(128),
  name VARCHAR(1024),
  contact_no VARCHAR(256),
  email_id VARCHAR(1280),
  date_of_birth DATE,
  joined_date TIMESTAMP,
  address_line VARCHAR(2048),
  city VARCHAR(512),
  state VARCHAR(512),
  zip_code VARCHAR(128),
  country CHAR(2),
  name_version VARCHAR(40),
  contact_version VARCHAR(40),
  email_version VARCHAR(40),
  birth_version VARCHAR(40),
  joined_version VARCHAR(40),
  address_version VARCHAR(40),
  batch_id VARCHAR(64),
  PRIMARY KEY (customer_key)
)
DISTKEY (customer_key)
SORTKEY (customer_key);
COMMENT ON TABLE customer IS 'Customers of each source; every field may be unknown';
COMMENT ON COLUMN customer.customer_key IS 'source:account:customer id, or of the address''s hash where the source has no ids';
COMMENT ON COLUMN customer.source IS 'Source system, as in its webhook address';
COMMENT ON COLUMN customer.account IS 'Account of the source';
COMMENT ON COLUMN customer.customer_id IS 'The source''s own id';
COMMENT ON COLUMN customer.name IS 'Full name';
COMMENT ON COLUMN customer.contact_no IS 'Telephone number as written';
COMMENT ON COLUMN customer.email_id IS 'E-mail address';
COMMENT ON COLUMN customer.date_of_birth IS 'Date of birth';
COMMENT ON COLUMN customer.joined_date IS 'Customer since, UTC';
COMMENT ON COLUMN customer.address_line IS 'Street address';
COMMENT ON COLUMN customer.city IS 'City';
COMMENT ON COLUMN customer.state IS 'State or region';
COMMENT ON COLUMN customer.zip_code IS 'Postal code';
COMMENT ON COLUMN customer.country IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN customer.name_version IS 'Version of the name columns; the highest one stands';
COMMENT ON COLUMN customer.contact_version IS 'Version of the contact_no columns; the highest one stands';
COMMENT ON COLUMN customer.email_version IS 'Version of the email_id columns; the highest one stands';
COMMENT ON COLUMN customer.birth_version IS 'Version of the date_of_birth columns; the highest one stands';
COMMENT ON COLUMN customer.joined_version IS 'Version of the joined_date columns; the highest one stands';
COMMENT ON COLUMN customer.address_version IS 'Version of the address columns; the highest one stands';
COMMENT ON COLUMN customer.batch_id IS 'Load batch that last wrote the row';
