import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

/** The one row of a query that always has one: an aggregate, or a row that was just made sure of. */
export function oneRow(statement: StatementSync, ...values: SQLInputValue[]): Record<string, SQLOutputValue> {
  const row = statement.get(...values);
  if (!row) throw new Error('a query that always has a row had none');
  return row;
}
