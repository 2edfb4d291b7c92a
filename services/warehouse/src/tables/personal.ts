import type { Row } from './fold.ts';
import { columnsOf, type Table, type TableName } from './tables.ts';

export type ErasedKind = 'customer' | 'order' | 'return';

/** Columns that say something of a person, and by which key a row is known to be of somebody who was forgotten. */
export interface Personal {
  readonly table: TableName;
  readonly by: readonly { readonly kind: ErasedKind; readonly column: string }[];
  readonly columns: readonly string[];
}

/**
 * Everything personal in the warehouse. Keys stay, as pseudonyms, and so do amounts, days, products, state and country:
 * every sum and count is what it was. A test holds that no other column of the tables takes text of a customer.
 */
export const personal: readonly Personal[] = [
  { table: 'customer', by: [{ kind: 'customer', column: 'customer_key' }], columns: ['name', 'contact_no', 'email_id', 'date_of_birth', 'address_line', 'city', 'zip_code'] },
  { table: 'customer_history', by: [{ kind: 'customer', column: 'customer_key' }], columns: ['address_line', 'city', 'zip_code'] },
  {
    table: 'orders', by: [{ kind: 'order', column: 'order_key' }, { kind: 'customer', column: 'customer_key' }],
    columns: ['comment', 'cancel_reason', 'gps_latitude', 'gps_longitude', 'payment_reference', 'tracking_number', 'tracking_url', 'ship_line', 'ship_city', 'ship_zip_code'],
  },
  {
    table: 'returns', by: [{ kind: 'return', column: 'return_key' }, { kind: 'order', column: 'order_key' }, { kind: 'customer', column: 'customer_key' }],
    columns: ['reason', 'comment'],
  },
  { table: 'model_decision', by: [{ kind: 'return', column: 'return_key' }], columns: ['features', 'text_sha256', 'review_reason'] },
  { table: 'feedback', by: [{ kind: 'order', column: 'order_key' }], columns: ['comment'] },
  { table: 'adjustment', by: [{ kind: 'order', column: 'order_key' }], columns: ['reason'] },
];

const placed = { table: 'orders', column: 'order_date_time' } as const;

/** Blanks rows of one table by one key: those that still say something. Orders of a customer who came back are new. */
const blank = ({ table, columns }: Personal, { kind, column }: Personal['by'][number]): string =>
  `UPDATE ${table} SET ${columns.map((name) => `${name} = NULL`).join(', ')} FROM erased e
WHERE e.kind = '${kind}' AND e.entity_key = ${table}.${column}${kind === 'customer' && table === placed.table ? ` AND ${table}.${placed.column} <= e.erased_at` : ''} AND (${columns.map((name) => `${table}.${name} IS NOT NULL`).join(' OR ')})`;

/**
 * Rows on their way into a table, those of the forgotten blanked: in the statement that makes them unique, so that a load
 * needs none more, and under the loader's lock. Nothing enforces that a key is there once.
 */
export function withoutErased(table: Table, rows: string): string {
  const one = personal.find(({ table: name }) => name === table.name);
  if (!one) return rows;
  const known = one.by.map((_, at) => `e${at}.entity_key IS NULL`).join(' AND ');
  const columns = columnsOf(table).map((column) => (one.columns.includes(column) ? `CASE WHEN ${known} THEN u.${column} END AS ${column}` : `u.${column}`));
  const joins = one.by.map(({ kind, column }, at) => `LEFT JOIN (SELECT entity_key, MAX(erased_at) AS erased_at FROM erased WHERE kind = '${kind}' GROUP BY entity_key) e${at}
  ON e${at}.entity_key = u.${column}${kind === 'customer' && table.name === placed.table ? ` AND u.${placed.column} <= e${at}.erased_at` : ''}`);
  return `SELECT ${columns.join(', ')} FROM (${rows}) u ${joins.join('\n')}`;
}

/** Statements that blank what of these tables belongs to the forgotten. */
export const blankStatements = (names: readonly string[]): string[] =>
  personal.filter(({ table }) => names.includes(table)).flatMap((one) => one.by.map((by) => blank(one, by)));

/** What remains of them: one row a table with how many rows still say something. */
export const leftOver = personal.map(({ table, by, columns }) =>
  `SELECT '${table}' AS table_name, COUNT(*) AS rows_left FROM ${table} WHERE (${columns.map((name) => `${name} IS NOT NULL`).join(' OR ')}) AND (${by.map(({ kind, column }) =>
    `EXISTS (SELECT 1 FROM erased e WHERE e.kind = '${kind}' AND e.entity_key = ${table}.${column}${kind === 'customer' && table === placed.table ? ` AND ${table}.${placed.column} <= e.erased_at` : ''})`).join(' OR ')})`).join('\nUNION ALL ') + '\nORDER BY 1';

export interface ErasedKeys {
  readonly customer: ReadonlySet<string>;
  readonly order: ReadonlySet<string>;
  readonly return: ReadonlySet<string>;
}

/** A landed row with its personal columns blanked, if it is of somebody who was forgotten; undefined: it is not, or says nothing. */
export function blankedRow(name: string, row: Row, erased: ErasedKeys): Row | undefined {
  const one = personal.find(({ table }) => table === name);
  if (!one?.by.some(({ kind, column }) => erased[kind].has(String(row[column] ?? '')))) return undefined;
  const said = one.columns.filter((column) => row[column] !== undefined && row[column] !== null);
  return said.length === 0 ? undefined : { ...row, ...Object.fromEntries(said.map((column) => [column, null])) };
}
