import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Cell, Warehouse } from '@orderflow/shared/aws';

/** Where rows lie until the warehouse has read them. */
export interface ResultsBucket {
  readonly name: string;
  put(key: string, body: Uint8Array): Promise<void>;
}

export type ResultRow = Readonly<Record<string, Cell>>;

export interface Replacement {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly ResultRow[];
  /** Statements before the rows come in, the usual ones empty the table; and after. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

const safe = /^[A-Za-z0-9_./:-]+$/;

/** COPY takes no bound parameters: https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html. What is put in is made by us, and looked at. */
export function copyStatement(table: string, columns: readonly string[], url: string): string {
  for (const text of [table, ...columns, url]) if (!safe.test(text)) throw new Error(`not fit for SQL: ${text}`);
  return `COPY ${table} (${columns.join(', ')}) FROM '${url}' IAM_ROLE default FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto'`;
}

/** A client token of at most 64 characters: the same call of the same run is done once. */
export const tokenOf = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex');

/** @throws Error with the warehouse's own words */
export async function transact(warehouse: Warehouse, statements: readonly string[], parameters: Readonly<Record<string, string>>, token: string): Promise<void> {
  const result = await warehouse.transaction(statements, parameters, token);
  if (result.outcome === 'failed') throw new Error(result.reason);
}

export interface Results {
  readonly warehouse: Warehouse;
  readonly bucket: ResultsBucket;
}

/**
 * Puts rows in the place of a table's, in one transaction: readers see those of before or those of now. By way of S3 and COPY:
 * a statement has 100 KB and few parameters.
 * @param run execution and request: a retry is a transaction of its own
 */
export async function replaceRows({ table, columns, rows, before = [`LOCK ${table}`, `DELETE FROM ${table}`], after = [] }: Replacement, run: string, { warehouse, bucket }: Results): Promise<void> {
  const statements = [...before];
  if (rows.length > 0) {
    const key = `insights/${tokenOf(run).slice(0, 32)}/${table}.json.gz`;
    await bucket.put(key, gzipSync(rows.map((row) => JSON.stringify(row)).join('\n')));
    statements.push(copyStatement(table, columns, `s3://${bucket.name}/${key}`));
  }
  await transact(warehouse, [...statements, ...after], {}, tokenOf(run, table));
}
