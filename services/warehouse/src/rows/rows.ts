import type { Fact, FactType } from '@orderflow/shared/facts';
import type { Row } from '../tables/fold.ts';
import type { TableName } from '../tables/tables.ts';

export type FactOf<T extends FactType> = Extract<Fact, { fact: T }>;

/** Rows by table that one fact becomes. */
export type Rows = { [T in TableName]?: Row[] };

/** The UTC day of a time. */
export const dayOf = (at: string): string => new Date(at).toISOString().slice(0, 10);

/** What was said of a thing on one day; a row that would say nothing is none. */
export function addHistory(rows: Rows, table: 'product_history' | 'customer_history', key: Row, said: Row): void {
  if (Object.keys(said).length > 0) add(rows, table, { ...key, ...said });
}

export function add(rows: Rows, table: TableName, ...more: readonly Row[]): void {
  (rows[table] ??= []).push(...more);
}
