import { tables, type Table } from '../tables/tables.ts';

/** What Redshift declares but does not enforce, as queries that count and name what breaks it. */
export interface IntegrityCheck {
  readonly name: string;
  /** Rows: the first keys at fault. */
  readonly sql: string;
}

const most = 20;

const unique = ({ name, key }: Table): IntegrityCheck => ({
  name: `${name}: one row a key`,
  sql: `SELECT ${key.map((column) => `CAST(${column} AS VARCHAR(512))`).join(" || ' ' || ")} AS row_key FROM ${name} GROUP BY ${key.join(', ')} HAVING COUNT(*) > 1 ORDER BY 1 LIMIT ${most}`,
});

/** Child, its column, parent, its key. A partial order, known from updates only, is a parent too. */
const references = [
  ['order_product', 'order_key', 'orders', 'order_key'],
  ['order_status_history', 'order_key', 'orders', 'order_key'],
  ['order_product', 'product_key', 'product', 'product_key'],
  ['orders', 'customer_key', 'customer', 'customer_key'],
  ['orders', 'store_key', 'store', 'store_key'],
  ['return_line', 'return_key', 'returns', 'return_key'],
  ['model_decision', 'return_key', 'returns', 'return_key'],
  ['product', 'category_key', 'category', 'category_key'],
  ['product', 'seller_key', 'seller', 'seller_key'],
] as const;

const reference = ([child, column, parent, key]: (typeof references)[number]): IntegrityCheck => {
  // service rows (postage, fees) have a code where products have an id, and are no products
  const products = child === 'order_product' && parent === 'product' ? "AND c.line_class = 'product'" : '';
  return {
    name: `${child}.${column} is in ${parent}`,
    sql: `SELECT DISTINCT c.${column} FROM ${child} c LEFT JOIN ${parent} p ON p.${key} = c.${column} WHERE c.${column} IS NOT NULL AND p.${key} IS NULL ${products} ORDER BY 1 LIMIT ${most}`,
  };
};

export const integrityChecks: readonly IntegrityCheck[] = [
  ...tables.map(unique),
  ...references.map(reference),
  {
    name: 'orders: as many lines as the newest snapshot has',
    sql: `SELECT o.order_key FROM orders o LEFT JOIN (SELECT order_key, COUNT(*) AS line_count FROM order_product GROUP BY order_key) p ON p.order_key = o.order_key
WHERE o.lines_version IS NOT NULL AND o.line_count <> COALESCE(p.line_count, 0) ORDER BY 1 LIMIT ${most}`,
  },
];

/** Counts and money of the warehouse by what, source, account, day and currency. Tests are counted apart. */
export const totals = `SELECT 'orders' AS what, source, account, TO_CHAR(order_date_time, 'YYYY-MM-DD') AS day, currency, is_test, COUNT(*) AS count, CAST(SUM(total_order_value) AS VARCHAR(40)) AS amount
FROM orders WHERE header_version IS NOT NULL GROUP BY source, account, TO_CHAR(order_date_time, 'YYYY-MM-DD'), currency, is_test
UNION ALL SELECT 'returns', source, account, TO_CHAR(return_date, 'YYYY-MM-DD'), currency, is_test, COUNT(*), CAST(SUM(amount) AS VARCHAR(40))
FROM returns WHERE return_version IS NOT NULL GROUP BY source, account, TO_CHAR(return_date, 'YYYY-MM-DD'), currency, is_test
UNION ALL SELECT 'adjustments', source, account, TO_CHAR(adjusted_at, 'YYYY-MM-DD'), currency, FALSE, COUNT(*), CAST(SUM(amount) AS VARCHAR(40))
FROM adjustment GROUP BY source, account, TO_CHAR(adjusted_at, 'YYYY-MM-DD'), currency
ORDER BY 1, 2, 3, 4, 5, 6`;
