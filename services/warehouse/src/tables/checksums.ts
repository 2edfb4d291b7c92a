import type { Warehouse } from '../load/data-api.ts';
import { tables } from './tables.ts';

/** Contents of a table, whatever the order of its rows: equal sums, equal rows (but for chances of one in 2^60). */
export interface TableSum {
  readonly table: string;
  readonly rows: number;
  /** Sum, over the rows, of 60 bits of a hash of all columns; decimal digits. */
  readonly checksum: string;
}

/** Which load wrote a row, and when: not what it says. */
const bookkeeping = new Set(['batch_id', 'committed_at']);

/** Redshift casts no BOOLEAN to text. NULL differs from every text, as a hash is no `-`. */
const textOf = (column: string, type: string): string =>
  type === 'boolean' ? `CASE WHEN ${column} THEN 't' WHEN NOT ${column} THEN 'f' ELSE '-' END` : `COALESCE(MD5(CAST(${column} AS VARCHAR(65535))), '-')`;

const columnsByTable = `SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`;

/** One row each: table, rows, checksum. Names are the catalogue's own, never somebody's input. */
export const checksumSql = (columns: readonly { readonly table: string; readonly column: string; readonly type: string }[]): string =>
  tables.map(({ name }) => {
    const mine = columns.filter(({ table, column }) => table === name && !bookkeeping.has(column));
    const row = `MD5(${mine.map(({ column, type }) => textOf(column, type)).join(' || ')})`;
    return `SELECT '${name}' AS table_name, COUNT(*) AS row_count, CAST(COALESCE(SUM(CAST(STRTOL(LEFT(${row}, 15), 16) AS DECIMAL(38,0))), 0) AS VARCHAR(40)) AS checksum FROM ${name}`;
  }).join('\nUNION ALL ') + '\nORDER BY 1';

/** The contents of all tables that facts fill. Reads every row once. */
export async function checksumsOf(warehouse: Pick<Warehouse, 'query'>): Promise<TableSum[]> {
  const columns = (await warehouse.query(columnsByTable)).map(([table, column, type]) => ({ table: String(table), column: String(column), type: String(type) }));
  return (await warehouse.query(checksumSql(columns))).map(([table, rows, checksum]) => ({ table: String(table), rows: Number(rows), checksum: String(checksum) }));
}
