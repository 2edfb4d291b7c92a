import type { Warehouse } from '@orderflow/shared/aws';
import { tables, type Table } from '../tables/tables.ts';

/** What Redshift declares but does not enforce, as a query of one column: the keys that break it. */
export interface IntegrityCheck {
  readonly name: string;
  readonly sql: string;
}

export interface IntegrityFault {
  readonly check: string;
  readonly count: number;
  /** The first keys at fault, in order. */
  readonly keys: readonly string[];
}

const mostKeys = 20;

const unique = ({ name, key }: Table): IntegrityCheck => ({
  name: `${name}: one row a key`,
  sql: `SELECT ${key.map((column) => `CAST(${column} AS VARCHAR(512))`).join(" || ' ' || ")} AS row_key FROM ${name} GROUP BY ${key.join(', ')} HAVING COUNT(*) > 1`,
});

/**
 * Child, its column, parent, its key. A partial order, known from updates only, is a parent too. Returns, feedback and
 * adjustments may name orders from before our time, and feedback and stock products that nobody has sold or listed yet.
 */
const references = [
  ['order_product', 'order_key', 'orders', 'order_key'],
  ['order_product', 'product_key', 'product', 'product_key'],
  ['order_product', 'seller_key', 'seller', 'seller_key'],
  ['order_line_fulfilment', 'order_key', 'orders', 'order_key'],
  ['order_status_history', 'order_key', 'orders', 'order_key'],
  ['orders', 'customer_key', 'customer', 'customer_key'],
  ['orders', 'store_key', 'store', 'store_key'],
  ['return_line', 'return_key', 'returns', 'return_key'],
  ['returns', 'store_key', 'store', 'store_key'],
  ['model_decision', 'return_key', 'returns', 'return_key'],
  ['product', 'category_key', 'category', 'category_key'],
  ['product', 'seller_key', 'seller', 'seller_key'],
  ['product_history', 'product_key', 'product', 'product_key'],
  ['customer_history', 'customer_key', 'customer', 'customer_key'],
] as const;

const reference = ([child, column, parent, key]: (typeof references)[number]): IntegrityCheck => {
  // service rows (postage, fees) have a code where products have an id, and are no products
  const products = child === 'order_product' && parent === 'product' ? " AND c.line_class = 'product'" : '';
  return {
    name: `${child}.${column} is in ${parent}`,
    sql: `SELECT DISTINCT c.${column} AS row_key FROM ${child} c LEFT JOIN ${parent} p ON p.${key} = c.${column} WHERE c.${column} IS NOT NULL AND p.${key} IS NULL${products}`,
  };
};

export const integrityChecks: readonly IntegrityCheck[] = [
  ...tables.map(unique),
  { name: 'load_batch: one row a chunk', sql: "SELECT batch_id || ' ' || CAST(chunk AS VARCHAR(16)) AS row_key FROM load_batch GROUP BY batch_id, chunk HAVING COUNT(*) > 1" },
  ...references.map(reference),
  {
    name: 'orders: as many lines as the newest snapshot has',
    sql: `SELECT o.order_key AS row_key FROM orders o LEFT JOIN (SELECT order_key, COUNT(*) AS line_count FROM order_product GROUP BY order_key) p ON p.order_key = o.order_key
WHERE o.lines_version IS NOT NULL AND o.line_count <> COALESCE(p.line_count, 0)`,
  },
  {
    name: 'loaded_event: its batch has a manifest',
    sql: 'SELECT DISTINCT l.batch_id AS row_key FROM loaded_event l LEFT JOIN load_batch b ON b.batch_id = l.batch_id WHERE b.batch_id IS NULL',
  },
];

/** Every check in one statement: how many keys break it. */
export const countsOf = (checks: readonly IntegrityCheck[]): string =>
  checks.map(({ sql }, at) => `SELECT ${at} AS check_number, COUNT(*) AS broken FROM (${sql}) check_${at}`).join('\nUNION ALL ') + '\nORDER BY 1';

/** What is broken, with counts and the first keys; those of checks that hold are not asked for. */
export async function integrityFaults(warehouse: Pick<Warehouse, 'query'>): Promise<IntegrityFault[]> {
  const faults: IntegrityFault[] = [];
  for (const [at, broken] of await warehouse.query(countsOf(integrityChecks))) {
    const check = integrityChecks[Number(at)];
    if (!check || Number(broken) === 0) continue;
    const keys = await warehouse.query(`${check.sql} ORDER BY 1 LIMIT ${mostKeys}`);
    faults.push({ check: check.name, count: Number(broken), keys: keys.map(([key]) => String(key)) });
  }
  return faults;
}
