import type { Fact } from '@orderflow/shared/facts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { readFact } from '@orderflow/shared/stream';
import { landFacts } from '../../../services/warehouse/src/landed/land.ts';
import { memoryLease } from '../../../services/warehouse/src/load/lease.ts';
import { handle as load, type LoadFacts } from '../../../services/warehouse/src/load-facts/handle.ts';
import { handle as rebuild, type Rebuild } from '../../../services/warehouse/src/rebuild/handle.ts';
import type { RebuildInput } from '../../../services/warehouse/src/rebuild/steps.ts';
import { catalogFact, givenOrder, orderFact, returnFact, updateFact } from '../../../services/warehouse/src/rows/given.ts';
import { checksums, checksumSql, type TableSum } from '../../../services/warehouse/src/tables/checksums.ts';
import { columnsOf, tableNames, tables } from '../../../services/warehouse/src/tables/tables.ts';
import { portableFaults } from './lint.ts';
import { startMigrated, type MigratedWarehouse } from './migrated.ts';

let given: MigratedWarehouse;
beforeAll(async () => {
  given = await startMigrated();
}, 30_000);
afterAll(() => given.close());
beforeEach(async () => {
  given.staging.files.clear();
  await given.warehouse.transaction([...tableNames, 'load_batch', 'rejected_row'].map((name) => `DELETE FROM ${name}`), {}, `clean-${Math.random()}`);
});

const today = Date.parse('2026-11-24T12:00:00Z');
const daysAgo = (days: number): number => today - days * 86_400_000;
let landed = 0;
const land = (facts: readonly Fact[], at = today) => landFacts(given.staging, `shardId-000000000000-${String(++landed).padStart(8, '0')}`, facts, at);

function loader(more: Partial<LoadFacts> = {}) {
  const [quarantined, forgotten, released] = [[] as { message: string; body: string; origin: string }[], [] as string[], [] as string[]];
  const deps: LoadFacts = {
    staging: given.staging, warehouse: given.warehouse, copyRole: 'default', lease: memoryLease(), log: silentLog, meter: silentMeter, clock: Date.now, newId: () => 'id',
    store: {
      forget: ({ pk }) => Promise.resolve(forgotten.push(pk)).then(() => 'forgotten' as const),
      get: (key) => Promise.resolve({ ...key, version: 1 } as never),
      release: ({ pk }) => Promise.resolve(released.push(pk)).then(() => 'released' as const),
    },
    quarantine: { put: ({ message, body, origin }) => Promise.resolve(void quarantined.push({ message, body: Buffer.from(body).toString(), origin })) },
    quarantineBucket: 'quarantine', pause: () => Promise.resolve(), batchesPerLoad: 50, rowsPerLoad: 100_000, intervalMs: 0, ...more,
  };
  return { deps, quarantined, forgotten, released };
}
let invocations = 0;
const run = (deps: LoadFacts) => load({}, deps, { requestId: `invocation-${++invocations}`, remainingMs: () => 300_000 });

/** Statements of one rebuild have tokens with its name: each test has its own. */
let name = '';
let rebuilds = 0;
beforeEach(() => void (name = `r${++rebuilds}`));

const step = (input: RebuildInput, more: Partial<Rebuild> = {}, remainingMs = 900_000) => rebuild(input, {
  staging: given.staging, warehouse: given.warehouse, wakeLoader: () => Promise.resolve(), landedDays: 3650, clock: () => today, log: silentLog, ...more,
}, { remainingMs: () => remainingMs });

async function sums(): Promise<TableSum[]> {
  const all: TableSum[] = [];
  for await (const one of checksums(given.warehouse)) all.push(one);
  return all;
}
const count = async (table: string): Promise<number> => Number((await given.warehouse.query(`SELECT COUNT(*) FROM ${table}`))[0]?.[0]);
const landedFiles = (): string[] => [...given.staging.files.keys()].filter((key) => key.startsWith('landed/'));
const pending = (): string[] => [...given.staging.files.keys()].filter((key) => key.startsWith('pending/'));

async function someDays(): Promise<void> {
  await land([orderFact(1, 10), orderFact(2, 10), catalogFact('p1', 1, 'Mug')], daysAgo(2));
  await land([updateFact(1, 20, { status: 'PROCESSING' }), returnFact(1)], daysAgo(2));
  // a newer snapshot has fewer lines, an older one comes late
  await land([orderFact(2, 30, { lines: [{ id: '1', productId: 'p1', quantity: 1, unitPrice: '10', total: 1000 }] })], daysAgo(1));
  await land([orderFact(2, 20), catalogFact('p1', 2, 'Mug, second edition')]);
  await run(loader().deps);
}
async function handOver(id: string, only?: string): Promise<void> {
  const answer = await step({ step: 'days' });
  for (const day of answer.step === 'days' ? answer.days : []) if (only === undefined || day === only) await step({ step: 'day', run: id, day });
}

describe('checksums', () => {
  it('are SQL that Redshift takes, of every column that facts fill', async () => {
    for (const table of tables) {
      const sql = checksumSql(table.name, columnsOf(table).map((column, at) => ({ table: table.name, column, type: at % 2 === 0 ? 'boolean' : 'character varying' })));
      expect(portableFaults(sql)).toEqual([]);
    }
    expect(() => checksumSql('orders', [{ table: 'orders', column: 'order_key', type: 'character varying' }])).toThrow('migrate first');
  });

  it('change with any value, and with nothing else', async () => {
    await someDays();
    const before = await sums();
    expect(before.find(({ table }) => table === 'orders')).toMatchObject({ rows: 2 });
    await given.warehouse.query("UPDATE orders SET batch_id = 'another' WHERE order_id = '1001'");
    expect(await sums()).toEqual(before);
    for (const [column, value, back] of [['is_test', 'TRUE', 'FALSE'], ['currency', "'USD'", "'EUR'"], ['discount', '0', 'NULL'], ['comment', "'-'", 'NULL']] as const) {
      const set = (to: string) => given.warehouse.query(`UPDATE orders SET ${column} = ${to} WHERE order_id = '1001'`);
      await set(value);
      const changed = await sums();
      expect(changed.filter(({ table, checksum }) => checksum !== before.find((one) => one.table === table)?.checksum)).toMatchObject([{ table: 'orders', rows: 2 }]);
      await set(back);
    }
    expect(await sums()).toEqual(before);
    // two rows that are swapped are the same rows; a row that is there twice is not
    await given.warehouse.query("INSERT INTO seller (seller_key, name) VALUES ('a', 'A')");
    const once = await sums();
    await given.warehouse.query("INSERT INTO seller (seller_key, name) VALUES ('a', 'A')");
    expect((await sums()).filter((one, at) => one.checksum !== once[at]?.checksum).map(({ table }) => table)).toEqual(['seller']);
  });

  it('come in pages when time is short, each table once', async () => {
    const seen: string[] = [];
    for (let after: string | undefined, calls = 0; calls === 0 || after !== undefined; calls++) {
      const page = await step({ step: 'checksums', ...(after !== undefined && { after }) }, {}, 1_000);
      if (page.step !== 'checksums') throw new Error(page.step);
      seen.push(...page.tables.map(({ table }) => table));
      after = page.after;
      expect(calls).toBeLessThan(50);
    }
    expect(seen).toEqual(tableNames);
  });
});

describe('a rebuild from landed files', () => {
  it('of emptied tables comes to the same rows', async () => {
    await someDays();
    const before = await sums();
    await step({ step: 'empty', run: name, sure: true });
    expect([await count('orders'), await count('product_history'), await count('loaded_event')]).toEqual([0, 0, 0]);
    await handOver(name);
    expect(await step({ step: 'left', run: name })).toEqual({ step: 'left', batches: 4 });
    const { deps, forgotten } = loader({ batchesPerLoad: 3 });
    await run(deps);
    expect(await step({ step: 'left', run: name })).toEqual({ step: 'left', batches: 0 });
    expect(await sums()).toEqual(before);
    // what was forgotten long ago is not asked for again
    expect(forgotten).toEqual([]);
  });

  it('of tables that are there changes nothing, nor does a day of it', async () => {
    await someDays();
    const before = await sums();
    await handOver(name, '2026-11-23');
    await handOver(`${name}again`);
    await run(loader().deps);
    expect(await sums()).toEqual(before);
  });

  it('goes on after a crash in the middle, and again from the beginning', async () => {
    await someDays();
    const before = await sums();
    await step({ step: 'empty', run: name, sure: true });
    await handOver(name, '2026-11-22');
    const crash = { ...given.warehouse, transaction: async (...all: Parameters<typeof given.warehouse.transaction>) => given.warehouse.transaction(...all).then(() => Promise.reject(new Error('crash'))) };
    await expect(run(loader({ warehouse: crash }).deps)).rejects.toThrow('crash');
    expect(await sums()).not.toEqual(before);
    await handOver(`${name}again`);
    await run(loader().deps);
    expect(await sums()).toEqual(before);
  });

  it('does not wait for the interval between loads', async () => {
    const { deps } = loader({ lease: memoryLease(), intervalMs: 900_000, clock: () => today });
    await land([orderFact(1)]);
    expect(await run(deps)).toMatchObject({ loads: 1 });
    await land([orderFact(2)]);
    expect(await run(deps)).toMatchObject({ loads: 0 });
    await handOver(name);
    expect(await run(deps)).toMatchObject({ loads: 1 });
    expect(pending()).toEqual([]);
  });

  it('loses nothing that a loader has committed and not finished when the tables are emptied', async () => {
    await land([orderFact(1)]);
    const { deps, forgotten } = loader();
    // the loader dies between its commit and the end of its work
    await expect(run({ ...deps, staging: { ...given.staging, remove: () => Promise.reject(new Error('crash')) } })).rejects.toThrow('crash');
    await step({ step: 'empty', run: name, sure: true });
    await run(deps);
    expect([await count('orders'), pending(), forgotten.length > 0]).toEqual([1, [], true]);
  });

  it('does not empty tables whose files may have expired, or where nothing has landed', async () => {
    await expect(step({ step: 'empty', run: name, sure: true })).rejects.toThrow('nothing has landed');
    await land([orderFact(1)], daysAgo(30));
    await run(loader().deps);
    await expect(step({ step: 'empty', run: name, sure: true }, { landedDays: 30 })).rejects.toThrow('may be gone');
    expect(await count('orders')).toBe(1);
  });

  it('takes pages of a day, each batch once', async () => {
    for (let at = 0; at < 205; at++) given.staging.files.set(`landed/2026/11/24/batch/b-${String(at).padStart(4, '0')}.json`, Buffer.from(JSON.stringify({
      name: `b-${at}`, home: `landed/2026/11/24/batch/b-${String(at).padStart(4, '0')}.json`, events: 0, rows: 1, tables: {}, facts: [],
    })));
    const after = 'landed/2026/11/24/batch/b-0199.json';
    expect(await step({ step: 'day', run: name, day: '2026-11-24' })).toEqual({ step: 'day', batches: 200, rows: 200, after });
    expect(await step({ step: 'day', run: name, day: '2026-11-24', after })).toEqual({ step: 'day', batches: 5, rows: 5 });
    expect(pending()).toHaveLength(205);
  });
});

describe('a row that the database refuses', () => {
  const bad = (number: number) => orderFact(number, 1, { lines: [{ ...givenOrder(number).lines[0], productId: `only-${number}`, unitPrice: '123456789012345678', id: '1' } as never] });
  const restoredFrom = (body: string): Fact => readFact(Buffer.from(body)) as Fact;

  it('leaves of its batch exactly what is loaded', async () => {
    await land([orderFact(1), bad(7), orderFact(2), orderFact(3)], daysAgo(1));
    await run(loader().deps);
    expect(await count('orders')).toBe(3);
    const homes = landedFiles().filter((key) => key.includes('/batch/'));
    // all on the day on which they came, none of the whole, none of the refused one
    expect(landedFiles().every((key) => key.startsWith('landed/2026/11/23/'))).toBe(true);
    const named = homes.flatMap((home) => [home, ...Object.values((JSON.parse(given.staging.files.get(home)?.toString() ?? '') as { tables: Record<string, { key: string }> }).tables).map(({ key }) => key)]);
    expect(named.sort()).toEqual(landedFiles().sort());
    const before = await sums();
    await step({ step: 'empty', run: name, sure: true });
    await handOver(name);
    const { deps, quarantined } = loader();
    await run(deps);
    expect([await sums(), quarantined]).toEqual([before, []]);
  });

  it('takes no other fact with it that says something of the same thing', async () => {
    const line = (unitCost: string) => ({ lines: [{ id: '1', productId: 'shared', name: 'Mug', quantity: 1, unitPrice: '10', total: 1000, unitCost }] });
    // said later, so that its word would stand
    await land([orderFact(1, 1, line('4.20')), orderFact(2, 2, line('123456789012345678')), orderFact(3, 1, line('4.20'))]);
    const { deps, quarantined } = loader();
    await run(deps);
    expect([(await given.warehouse.query('SELECT order_id FROM orders ORDER BY 1')).flat(), quarantined.length]).toEqual([['1001', '1003'], 1]);
    expect(await given.warehouse.query('SELECT CAST(unit_cost AS DECIMAL(9,2)) FROM product')).toEqual([['4.20']]);
  });

  it('is a fact in quarantine that a replay brings back: loaded when the cause is mended, else held once', async () => {
    await land([orderFact(1), bad(7)]);
    const first = loader();
    await run(first.deps);
    const body = first.quarantined[0]?.body ?? '';
    expect(restoredFrom(body)).toMatchObject({ fact: 'rows.restored', source: 'shopify', account: 'default', events: [{ id: bad(7).events[0]?.id }], payload: { of: 'order.settled' } });

    // not mended: the same bytes from the same place, which is the same entry
    await land([restoredFrom(body)]);
    const second = loader();
    await run(second.deps);
    expect(second.quarantined).toMatchObject([{ body, origin: first.quarantined[0]?.origin }]);
    expect(second.released).toEqual([]);

    // mended, here by hand in its bytes
    await land([restoredFrom(body.replaceAll('123456789012345678', '10'))]);
    const third = loader();
    await run(third.deps);
    expect(third.quarantined).toEqual([]);
    expect(await given.warehouse.query("SELECT o.order_id, CAST(p.unit_price AS DECIMAL(9,2)) FROM orders o JOIN order_product p ON p.order_key = o.order_key WHERE o.order_id = '1007'")).toEqual([['1007', '10.00']]);
    expect(await given.warehouse.query(`SELECT fact FROM loaded_event WHERE event_id = '${bad(7).events[0]?.id ?? ''}'`)).toEqual([['order.settled']]);
  });

  it.each(['the stream', 'the rebuild'])('does not stop the loader when a rebuild and the stream bring its batch at once; first: %s', async (first) => {
    await land([orderFact(1), bad(7)]);
    await handOver(name);
    const { deps, quarantined, forgotten, released } = loader({ batchesPerLoad: 1 });
    // what the stream brought has the smaller name
    const list = async (prefix: string, most: number) => (await given.staging.list(prefix, 100)).reverse().slice(0, most);
    if (first === 'the rebuild') await run({ ...deps, staging: { ...given.staging, list: (prefix, most) => (prefix === 'pending/' ? list(prefix, most) : given.staging.list(prefix, most)) } }).catch(() => undefined);
    for (let at = 0; at < 4 && pending().length > 0; at++) await run(deps).catch(() => undefined);
    expect(pending()).toEqual([]);
    expect(await count('orders')).toBe(1);
    expect(new Set(quarantined.map(({ body, origin }) => body + origin)).size).toBe(1);
    // whichever of the two was split, what was in flight is settled
    expect([forgotten.includes('shopify:default:1001'), released.includes('shopify:default:1007')]).toEqual([true, true]);
  });
});
