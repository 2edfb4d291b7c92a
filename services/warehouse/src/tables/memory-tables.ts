import type { Rows } from '../rows/rows.ts';
import { foldTwo, keyOf, type Row } from './fold.ts';
import { tableOf, tables, type Table, type TableName } from './tables.ts';

/** The warehouse's tables in memory, loaded by the rules of the loader's SQL: what tests compare the database with. */
export interface MemoryTables {
  load(rows: Rows): void;
  rows(table: TableName): Row[];
}

const merged = (table: Table, known: Row | undefined, row: Row): Row => (known ? foldTwo(table, known, row) : row);

export function memoryTables(): MemoryTables {
  const held = new Map<TableName, Map<string, Row>>(tables.map(({ name }) => [name, new Map<string, Row>()]));
  const of = (name: TableName): Map<string, Row> => held.get(name) ?? new Map<string, Row>();

  /** Lines that are older than their document's newest snapshot go. */
  const dropOldLines = (): void => {
    for (const { name, linesOf, groups } of tables as readonly (Table & { name: TableName })[]) {
      if (!linesOf) continue;
      const [version = ''] = Object.keys(groups);
      const newest = new Map([...of(linesOf.table).values()].map((row) => [row[linesOf.key], String(row[linesOf.version] ?? '')]));
      for (const [key, row] of of(name)) if (String(row[version] ?? '') < (newest.get(row[linesOf.key] ?? null) ?? '')) of(name).delete(key);
    }
  };

  return {
    load(rows) {
      for (const [name, some] of Object.entries(rows) as [TableName, Row[]][]) {
        const table = tableOf(name);
        for (const row of some) of(name).set(keyOf(table, row), merged(table, of(name).get(keyOf(table, row)), row));
      }
      dropOldLines();
    },
    rows: (name) => [...of(name).values()],
  };
}
