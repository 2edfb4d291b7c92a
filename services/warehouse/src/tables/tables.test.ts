import { migrationsIn } from '../migrate/deps.ts';
import { foldTwo, type Row } from './fold.ts';
import { columnsOf, tableOf, tables, type Table } from './tables.ts';

const script = migrationsIn('services/warehouse/schema').flatMap(({ statements }) => statements).join(';\n');
const migrated = (table: string): string[] => {
  const body = new RegExp(`CREATE TABLE IF NOT EXISTS ${table} \\(([\\s\\S]*?)\\n\\)`).exec(script)?.[1] ?? '';
  const made = body.split('\n').map((line) => /^\s+([a-z0-9_]+) /.exec(line)?.[1] ?? '').filter((name) => name !== '');
  const changed = (how: string): string[] => [...script.matchAll(new RegExp(`ALTER TABLE ${table} ${how} COLUMN (\\w+)`, 'g'))].map(([, name = '']) => name);
  return [...made, ...changed('ADD')].filter((name) => !changed('DROP').includes(name));
};

/** Written by the loader itself, or later. */
const others: Readonly<Record<string, readonly string[]>> = { loaded_event: ['committed_at'] };

describe('the list of tables', () => {
  it.each(tables.map((table) => [table.name, table] as [string, Table]))('%s has exactly the columns of its migration', (name, table) => {
    const listed = [...columnsOf(table), ...(others[name] ?? []), 'batch_id'];
    expect([...listed].sort()).toEqual([...migrated(name)].sort());
  });
  it('every table and column has a comment', () => {
    for (const [, table] of script.matchAll(/CREATE TABLE IF NOT EXISTS (\w+)/g)) {
      expect(script).toContain(`COMMENT ON TABLE ${table} IS`);
      for (const column of migrated(table ?? '')) expect(script).toContain(`COMMENT ON COLUMN ${table}.${column} IS`);
    }
  });
  it('every table says how it is distributed', () => {
    const made = script.match(/CREATE TABLE IF NOT EXISTS/g)?.length;
    expect(script.match(/\n(DISTSTYLE|DISTKEY)/g)?.length).toBe(made);
  });
});

describe('folding rows', () => {
  const orders = tableOf('orders');
  const a: Row = { order_key: 'k', status: 'NEW', status_version: '1', ship_city: 'Köln', address_version: '1' };
  const b: Row = { order_key: 'k', status: 'PROCESSING', status_version: '2' };
  it('takes each group by its own version, whatever the order', () => {
    const folded = { order_key: 'k', status: 'PROCESSING', status_version: '2', ship_city: 'Köln', address_version: '1' };
    expect(foldTwo(orders, a, b)).toEqual(folded);
    expect(foldTwo(orders, b, a)).toMatchObject(folded);
  });
});
