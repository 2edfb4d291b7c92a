import type { Fact, FactType } from '@orderflow/shared/facts';
import type { Row } from '../tables/fold.ts';
import type { TableName } from '../tables/tables.ts';

export type FactOf<T extends FactType> = Extract<Fact, { fact: T }>;

/** Rows by table that one fact becomes. */
export type Rows = { [T in TableName]?: Row[] };

export function add(rows: Rows, table: TableName, ...more: readonly Row[]): void {
  (rows[table] ??= []).push(...more);
}
