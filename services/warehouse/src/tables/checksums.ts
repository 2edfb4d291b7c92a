import type { Warehouse } from '@orderflow/shared/aws';
import { columnsOf, tableNames, tableOf } from './tables.ts';

/** Contents of a table, whatever the order of its rows: equal sums, equal rows (but for chances of one in 2^60). */
export interface TableSum {
  readonly table: string;
  readonly rows: number;
  /** Sum, over the rows, of 60 bits of a hash of all columns that facts fill; decimal digits. */
  readonly checksum: string;
}

/** A column as the database's catalogue knows it. */
export interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Redshift casts no BOOLEAN to text. NULL differs from every text, as a hash is no `-`. */
const textOf = ({ column, type }: Column): string =>
  type === 'boolean' ? `CASE WHEN ${column} THEN 't' WHEN NOT ${column} THEN 'f' ELSE '-' END` : `COALESCE(MD5(CAST(${column} AS VARCHAR(65535))), '-')`;

const catalogue = `SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`;

/**
 * One row: rows and checksum. Only what facts fill is looked at: not which load wrote a row and when, nor what is
 * computed from other tables. Names are the catalogue's own, never somebody's input.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_STRTOL.html
 */
export function checksumSql(table: string, columns: readonly Column[]): string {
  const filled = new Set(columnsOf(tableOf(table)));
  const mine = columns.filter((one) => one.table === table && filled.has(one.column));
  if (mine.length !== filled.size) throw new Error(`${table} has other columns than the bundle knows: migrate first`);
  const row = `MD5(${mine.map(textOf).join(' || ')})`;
  return `SELECT COUNT(*) AS row_count, CAST(COALESCE(SUM(CAST(STRTOL(LEFT(${row}, 15), 16) AS DECIMAL(38,0))), 0) AS VARCHAR(40)) AS checksum FROM ${table}`;
}

/** The contents of tables that facts fill, of all unless named, in their order; reads every row once, a statement a table. */
export async function* checksums(warehouse: Pick<Warehouse, 'query'>, names: readonly string[] = tableNames): AsyncGenerator<TableSum> {
  const columns = (await warehouse.query(catalogue)).map(([table, column, type]) => ({ table: String(table), column: String(column), type: String(type) }));
  for (const table of names) {
    const [row] = await warehouse.query(checksumSql(table, columns));
    yield { table, rows: Number(row?.[0] ?? 0), checksum: String(row?.[1] ?? '0') };
  }
}
