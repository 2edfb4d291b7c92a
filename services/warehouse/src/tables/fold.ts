import type { Table } from './tables.ts';

export type Value = string | number | boolean | null;
/** Column → value; a column of a group that the row does not know is absent. Decimals and times are strings. */
export type Row = Readonly<Record<string, Value>>;

export const keyOf = (table: Table, row: Row): string => JSON.stringify(table.key.map((column) => row[column] ?? null));

/** Times are of one form (ISO 8601, UTC, milliseconds), so that text compares as time does. */
const least = (a: Value, b: Value): Value => (a === null ? b : b === null || String(a) <= String(b) ? a : b);

/**
 * Two rows of one key into one: of each group the columns with the higher version. The loader's statements do the same to
 * rows of different files and to those in the warehouse.
 */
export function foldTwo(table: Table, a: Row, b: Row): Row {
  const folded: Record<string, Value> = { ...a };
  for (const column of table.identity) folded[column] = a[column] ?? b[column] ?? null;
  for (const [version, columns] of Object.entries(table.groups)) {
    const [mine, theirs] = [a[version] ?? '', b[version] ?? ''];
    if (theirs <= mine) continue;
    for (const column of [version, ...columns]) folded[column] = b[column] ?? null;
  }
  for (const column of table.least) folded[column] = least(a[column] ?? null, b[column] ?? null);
  return folded;
}
