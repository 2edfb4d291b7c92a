import fc from 'fast-check';
import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { landFacts } from '../../../services/warehouse/src/landed/land.ts';
import type { Warehouse } from '@orderflow/shared/aws';
import { memoryLease, type Lease } from '../../../services/warehouse/src/load/lease.ts';
import { handle as load, type LoadFacts } from '../../../services/warehouse/src/load-facts/handle.ts';
import { handle as migrate } from '../../../services/warehouse/src/migrate/handle.ts';
import { catalogFact, givenOrder, orderFact, returnFact, updateFact } from '../../../services/warehouse/src/rows/given.ts';
import { toRows } from '../../../services/warehouse/src/rows/to-rows.ts';
import type { Row } from '../../../services/warehouse/src/tables/fold.ts';
import { memoryTables } from '../../../services/warehouse/src/tables/memory-tables.ts';
import { tables } from '../../../services/warehouse/src/tables/tables.ts';
import { startMigrated, type MigratedWarehouse } from './migrated.ts';

let local: MigratedWarehouse;
let warehouse: Warehouse;
let staging: MigratedWarehouse['staging'];

beforeAll(async () => {
  local = await startMigrated();
  ({ warehouse, staging } = local);
  expect(await migrate({}, local.migration, { requestId: 'again' })).toEqual({ applied: [] });
}, 30_000);

afterAll(() => local.close());

beforeEach(async () => {
  staging.files.clear();
  await warehouse.transaction([...tables.map(({ name }) => `DELETE FROM ${name}`), 'DELETE FROM load_batch', 'DELETE FROM rejected_row'], {}, `clean-${Math.random()}`);
});

interface Loader extends LoadFacts {
  readonly forgotten: string[];
  readonly released: string[];
  readonly quarantined: { message: string; body: string }[];
}

const loader = (more: Partial<LoadFacts> = {}): Loader => {
  const forgotten: string[] = [];
  const released: string[] = [];
  const quarantined: { message: string; body: string }[] = [];
  return {
    staging, warehouse, copyRole: 'default', lease: memoryLease(), log: silentLog, meter: silentMeter, clock: Date.now, newId: () => 'id',
    store: {
      forget: ({ pk, sk, version }) => Promise.resolve(forgotten.push(`${pk} ${sk} ${version}`)).then(() => 'forgotten' as const),
      get: (key) => Promise.resolve({ ...key, version: 1 } as never),
      release: ({ pk }) => Promise.resolve(released.push(pk)).then(() => 'released' as const),
    },
    quarantine: { put: ({ message, body }) => Promise.resolve(void quarantined.push({ message, body: Buffer.from(body).toString() })) },
    quarantineBucket: 'quarantine', pause: () => Promise.resolve(), batchesPerLoad: 50, rowsPerLoad: 100_000, intervalMs: 0, forgotten, released, quarantined, ...more,
  };
};
let invocations = 0;
const run = (deps: LoadFacts) => load({}, deps, { requestId: `invocation-${++invocations}`, remainingMs: () => 300_000 });

/** Every table's rows without what says when and by which load. */
async function content(): Promise<Record<string, Row[]>> {
  const all: Record<string, Row[]> = {};
  for (const { name } of tables) {
    const names = await warehouse.query('SELECT column_name FROM information_schema.columns WHERE table_name = :name ORDER BY column_name', { name });
    const columns = names.map(([column]) => String(column)).filter((column) => !['batch_id', 'committed_at'].includes(column));
    const rows = await warehouse.query(`SELECT ${columns.join(', ')} FROM ${name} ORDER BY ${columns.map((_, at) => at + 1).join(', ')}`);
    all[name] = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
  }
  return all;
}

/** Rows as text, in order: decimals without trailing zeros, times to the second, what is not known left out. */
const plain = (all: Record<string, readonly Row[]>): Record<string, string[]> => Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, rows.map((row) =>
  JSON.stringify(Object.entries(row).filter(([, value]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1)).map(([column, value]) => [
    column, String(value).replace(/^(-?\d+)\.0+$|^(-?\d+\.\d*?)0+$/, '$1$2').replace(/^(\d{4}-\d\d-\d\d)T(.*?)(?:\.\d+)?Z$/, '$1 $2').replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.\d+$/, '$1'),
  ]))).sort()]));

let landed = 0;
const land = (facts: readonly Fact[]) => landFacts(staging, `shardId-000000000000-${String(++landed).padStart(8, '0')}`, facts, Date.now());

const story: Fact[] = [
  orderFact(1, 10), orderFact(2, 10), orderFact(3, 10),
  updateFact(1, 20, { status: 'PROCESSING' }),
  updateFact(1, 30, { fulfilment: { status: 'SHIPPED' }, tracking: { carrier: 'DHL', number: '00340' } }),
  updateFact(1, 30, { fulfilment: { status: 'PACKED', promisedAt: '2026-11-30T00:00:00Z' } }),
  updateFact(2, 15, { payment: { status: 'REFUNDED' } }),
  updateFact(9, 40, { status: 'CANCELLED', cancelReason: 'no stock' }),
  orderFact(2, 30, { lines: [{ id: '1', productId: 'p1', name: 'Mug, new', quantity: 1, unitPrice: '10', total: 1000 }], customer: { id: 'c2', phone: '+49 221 1' } }),
  catalogFact('p1', 1, 'Mug of the catalogue'), catalogFact('p1', 2, 'Mug, second edition'),
  returnFact(1), returnFact(2, 'REJECTED'),
];

describe('the loader, with the warehouse', () => {
  it('loads what has landed, once, and forgets only after the commit was read back', async () => {
    await land(story.slice(0, 3));
    await land(story.slice(3));
    const deps = loader();
    expect(await run(deps)).toEqual({ loads: 1, events: story.length });
    expect(deps.forgotten).toHaveLength(4);
    expect([...staging.files.keys()].filter((key) => key.startsWith('pending/'))).toEqual([]);
    expect(await warehouse.query('SELECT chunk, chunks, landed, events FROM load_batch ORDER BY chunk')).toEqual([[1, 2, 2, 0], [2, 2, 2, story.length]]);
    const order = await warehouse.query(`SELECT status, payment_status, payment_method, fulfilment_status, tracking_number, ship_city, total_order_value, TO_CHAR(promised_at, 'YYYY-MM-DD')
      FROM orders WHERE order_key = 'shopify:default:1001'`);
    expect(order).toEqual([['PROCESSING', 'PAID', 'card', 'SHIPPED', '00340', 'Köln', '30.0000', '2026-11-30']]);
    expect(await warehouse.query("SELECT line_id, price_charged FROM order_product WHERE order_key = 'shopify:default:1002'")).toEqual([['1', '10.0000']]);
    expect(await warehouse.query("SELECT status, cancel_reason, header_version FROM orders WHERE order_key = 'shopify:default:1009'")).toEqual([['CANCELLED', 'no stock', null]]);
    expect(await warehouse.query("SELECT name, price FROM product WHERE product_key = 'shopify:default:p1'")).toEqual([['Mug, second edition', '9.999000000']]);
    expect(await warehouse.query("SELECT name, contact_no FROM customer WHERE customer_key = 'shopify:default:c2'")).toEqual([['Zoë 2', '+49 221 1']]);
    expect(await warehouse.query('SELECT COUNT(*), COUNT(DISTINCT event_id), MIN(CASE WHEN committed_at > recorded_at THEN 1 ELSE 0 END) FROM loaded_event')).toEqual([[story.length, story.length, 1]]);
  });

  it('comes to the same tables whatever the order, the cut and the repetition of facts', async () => {
    await land(story);
    await run(loader());
    const expected = await content();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(story.length - 1), { maxLength: 6 }), fc.shuffledSubarray(story.map((_, at) => at), { minLength: story.length }), fc.integer({ min: 1, max: 5 }),
        async (repeated, order, cut) => {
          staging.files.clear();
          await warehouse.transaction(tables.map(({ name }) => `DELETE FROM ${name}`), {}, `clean-${Math.random()}`);
          const facts = [...order, ...repeated].map((at) => story[at] as Fact);
          const deps = loader({ batchesPerLoad: 3, rowsPerLoad: 40 });
          for (let at = 0; at < facts.length; at += cut) await land(facts.slice(at, at + cut));
          await run(deps);
          expect(await content()).toEqual(expected);
        }),
      { numRuns: 6 },
    );
  }, 60_000);

  it('comes to the tables that the rules in memory come to, whatever the facts', async () => {
    const sequence = fc.integer({ min: 1, max: 4 });
    const number = fc.integer({ min: 1, max: 3 });
    const status = fc.constantFrom('CONFIRMED' as const, 'PROCESSING' as const, 'CANCELLED' as const);
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((ids) => [...new Set(ids)].map((id) => ({ id, productId: id, quantity: 1, unitPrice: '4.999', total: 500, unitCost: '2' })));
    const city = fc.constantFrom('Köln', 'Bonn').map((name) => ({ id: 'c1', address: { city: name, country: 'DE' } }));
    const fact: fc.Arbitrary<Fact> = fc.oneof(
      fc.tuple(number, sequence, lines, city).map(([n, at, some, customer]) => orderFact(n, at, { lines: some, customer })),
      fc.tuple(number, sequence, status).map(([n, at, word]) => updateFact(n, at, { status: word })),
      fc.tuple(number, sequence).map(([n, at]) => updateFact(n, at, { fulfilment: { status: 'DELIVERED', deliveredAt: '2026-11-24T10:00:00Z', lines: [{ lineId: 'a', quantity: at }] } })),
      fc.tuple(sequence, fc.constantFrom('9.5', '10')).map(([at, price]) => catalogFact('a', at, `Mug ${at}`, { price }, '2026-11-20T10:00:00Z')),
      number.map((n) => returnFact(n)),
    );
    await fc.assert(fc.asyncProperty(fc.array(fact, { minLength: 1, maxLength: 14 }), fc.integer({ min: 1, max: 6 }), async (facts, cut) => {
      staging.files.clear();
      await warehouse.transaction(tables.map(({ name }) => `DELETE FROM ${name}`), {}, `clean-${Math.random()}`);
      const memory = memoryTables();
      for (const one of facts) memory.load(toRows(one));
      for (let at = 0; at < facts.length; at += cut) await land(facts.slice(at, at + cut));
      await run(loader({ batchesPerLoad: 2 }));
      expect(plain(await content())).toEqual(plain(Object.fromEntries(tables.map(({ name }) => [name, memory.rows(name)]))));
    }), { numRuns: 12 });
  }, 60_000);

  it.each(['before COPY', 'after the commit, its answer lost', 'before the manifest is read back', 'before the pointers go'])('survives a crash %s', async (point) => {
    await land([orderFact(1), orderFact(2)]);
    const lease: Lease = memoryLease();
    const crash = (): Promise<never> => Promise.reject(new Error('crash'));
    const never = { ...lease, abandon: () => Promise.resolve(), release: () => Promise.resolve() };
    const broken: Partial<LoadFacts> = {
      'before COPY': { warehouse: { ...warehouse, transaction: crash } },
      'after the commit, its answer lost': { warehouse: { ...warehouse, transaction: async (...all: Parameters<Warehouse['transaction']>) => warehouse.transaction(...all).then(crash) } },
      'before the manifest is read back': { warehouse: { ...warehouse, query: crash } },
      'before the pointers go': { staging: { ...staging, remove: crash } },
    }[point] ?? {};
    const first = loader({ lease: never, ...broken });
    await expect(run(first)).rejects.toThrow('crash');
    expect(first.forgotten).toHaveLength(point === 'before the pointers go' ? 2 : 0);
    const committed = point !== 'before COPY';
    expect(await warehouse.query('SELECT COUNT(*) FROM orders')).toEqual([[committed ? 2 : 0]]);

    const transactions: string[] = [];
    const second = loader({
      lease, clock: () => Date.now() + 60_000,
      warehouse: { ...warehouse, transaction: (statements, parameters, token) => { transactions.push(token); return warehouse.transaction(statements, parameters, token); } },
    });
    await run(second);
    expect(transactions).toHaveLength(committed ? 0 : 1); // a committed batch is known by its manifest
    expect(second.forgotten).toHaveLength(2);
    expect(await warehouse.query('SELECT COUNT(*), COUNT(DISTINCT event_id) FROM loaded_event')).toEqual([[2, 2]]);
    expect([...staging.files.keys()].filter((key) => key.startsWith('pending/'))).toEqual([]);
  });

  it('puts a row that the database refuses into quarantine with its reason, and loads the rest', async () => {
    const bad = orderFact(7, 1, { lines: [{ ...givenOrder(7).lines[0], unitPrice: '123456789012345678', id: '1' } as never] });
    await land([orderFact(1), orderFact(2), bad, orderFact(3)]);
    await land([orderFact(4)]);
    const deps = loader();
    await run(deps);
    expect(await warehouse.query('SELECT order_id FROM orders ORDER BY order_id')).toEqual([['1001'], ['1002'], ['1003'], ['1004']]);
    expect(deps.quarantined).toHaveLength(1);
    expect(deps.quarantined[0]?.message).toContain('unit_price');
    expect(deps.quarantined[0]?.body).toContain(bad.events[0]?.id);
    expect(deps.released).toEqual(['shopify:default:1007']);
    expect(await warehouse.query('SELECT fact_key, fact FROM rejected_row')).toEqual([['shopify:default:1007', 'order.settled']]);
    expect([...staging.files.keys()].filter((key) => key.startsWith('pending/'))).toEqual([]);
  });

  it('two loaders at once load everything once', async () => {
    for (let at = 0; at < 6; at++) await land([orderFact(at * 2), orderFact(at * 2 + 1)]);
    const lease = { ...memoryLease(), take: memoryLease().take }; // each takes it: as if the lease did not work
    const [one, two] = [loader({ batchesPerLoad: 2 }), loader({ batchesPerLoad: 3, lease })];
    await Promise.allSettled([run(one), run(two)]);
    await run(loader());
    expect(await warehouse.query('SELECT COUNT(*), COUNT(DISTINCT order_key) FROM orders')).toEqual([[12, 12]]);
    expect(await warehouse.query('SELECT COUNT(*), COUNT(DISTINCT event_id) FROM loaded_event')).toEqual([[12, 12]]);
  });

  it('keeps when an event was heard of first, whatever is loaded first: a redelivery after a crash is recorded later', async () => {
    const first = orderFact(1, 10);
    const again = { ...first, recordedAt: '2026-11-22T10:00:00.500Z', events: first.events.map((event) => ({ ...event, recordedAt: '2026-11-22T10:00:00.500Z' })) };
    const recorded = () => warehouse.query("SELECT TO_CHAR(recorded_at, 'HH24:MI:SS.MS') FROM loaded_event");
    for (const batches of [[[again], [first]], [[first], [again]], [[first, again]], [[again, first]]]) {
      await warehouse.transaction(['DELETE FROM loaded_event', 'DELETE FROM load_batch'], {}, `again-${Math.random()}`);
      for (const batch of batches) {
        await land(batch);
        await run(loader());
      }
      expect(await recorded()).toEqual([['09:00:00.123']]);
    }
    // and within one load, from two files
    await warehouse.transaction(['DELETE FROM loaded_event', 'DELETE FROM load_batch'], {}, `again-${Math.random()}`);
    await land([again]);
    await land([first]);
    await run(loader());
    expect(await recorded()).toEqual([['09:00:00.123']]);
  });

  it('keeps the interval between loads, also from one invocation to the next', async () => {
    let now = 1_000_000;
    const pauses: number[] = [];
    const deps = loader({
      lease: memoryLease(), clock: () => now, intervalMs: 5_000, batchesPerLoad: 3,
      pause: (milliseconds) => { pauses.push(milliseconds); now += milliseconds; return Promise.resolve(); },
    });
    await land([orderFact(1)]);
    expect(await run(deps)).toMatchObject({ loads: 1 });
    now += 1_000;
    await land([orderFact(2)]);
    expect(await run(deps)).toMatchObject({ loads: 1 });
    expect(pauses).toEqual([4_000]);
    // three wait: the interval is over
    for (const number of [3, 4, 5]) await land([orderFact(number)]);
    expect(await run(deps)).toMatchObject({ loads: 1 });
    expect(pauses).toEqual([4_000]);
  });

  it('does not wait for a moment that a clock ahead of its own has set', async () => {
    let now = 1_030_000;
    const deps = loader({ lease: memoryLease(), clock: () => now, intervalMs: 5_000, pause: () => Promise.reject(new Error('it waited')) });
    await land([orderFact(1)]);
    await run(deps);
    now -= 30_000;
    await land([orderFact(2)]);
    expect(await run(deps)).toMatchObject({ loads: 1 });
  });

  it('does not wait long: it leaves the rest to the schedule', async () => {
    let now = 1_000_000;
    const deps = loader({ lease: memoryLease(), clock: () => now, intervalMs: 900_000, pause: () => Promise.reject(new Error('it waited')) });
    await land([orderFact(1)]);
    await run(deps);
    await land([orderFact(2)]);
    expect(await run(deps)).toEqual({ loads: 0, events: 0 });
    now += 900_000;
    expect(await run(deps)).toMatchObject({ loads: 1 });
  });

  it('keeps what a product and a customer were, from when to when, however late it is told', async () => {
    const address = (line: string) => ({ customer: { id: 'mover', address: { line, city: 'Köln', country: 'DE' } } });
    const cost = (unitCost: string) => ({ lines: [{ id: '1', productId: 'old', name: 'Jug', quantity: 1, unitPrice: '10', total: 1000, unitCost }] });
    const told: Fact[] = [
      catalogFact('p9', 1, 'Jug', { price: '10', unitCost: '4' }, '2026-03-01T12:00:00Z'),
      catalogFact('p9', 2, 'Jug', { price: '10', unitCost: '5' }, '2026-03-09T12:00:00Z'),
      catalogFact('p9', 3, 'Jug', { price: '12', unitCost: '5', categoryId: 'jugs' }, '2026-04-01T00:00:00Z'),
      catalogFact('p9', 4, 'Jug', { price: '10', unitCost: '5', categoryId: 'jugs' }, '2026-05-01T23:59:59Z'),
      // an order line's word counts until the catalogue's first
      orderFact(1, 1, { placedAt: '2026-02-01T10:00:00Z', lines: [{ id: '1', productId: 'p9', quantity: 1, unitPrice: '10', total: 1000, unitCost: '3.5' }] }),
      orderFact(2, 1, { placedAt: '2026-03-05T10:00:00Z', lines: [{ id: '1', productId: 'p9', quantity: 1, unitPrice: '10', total: 1000, unitCost: '3.5' }] }),
      orderFact(3, 1, { placedAt: '2026-03-15T10:00:00Z', lines: [{ id: '1', productId: 'p9', quantity: 1, unitPrice: '10', total: 1000 }] }),
      orderFact(4, 1, { placedAt: '2026-01-01T10:00:00Z', ...address('1 Old Rd'), ...cost('1') }),
      orderFact(5, 1, { placedAt: '2026-02-01T10:00:00Z', ...address('1 Old Rd'), ...cost('1') }),
      orderFact(6, 1, { placedAt: '2026-03-01T10:00:00Z', ...address('2 New Rd'), ...cost('2') }),
      orderFact(7, 1, { placedAt: '2026-03-01T18:00:00Z', ...address('2 New Rd'), ...cost('2') }),
    ];
    for (const fact of [...told].reverse()) await land([fact]);
    await land(told.slice(3, 9));
    await run(loader());
    const spans = (columns: string, view: string, key: string) => warehouse.query(
      `SELECT ${columns}, TO_CHAR(valid_from, 'MM-DD'), TO_CHAR(valid_to, 'MM-DD') FROM ${view} WHERE ${view.startsWith('product') ? 'product' : 'customer'}_key = :key ORDER BY valid_from`, { key: `shopify:default:${key}` });
    expect(await spans('CAST(price AS DECIMAL(9,2))', 'product_price_history', 'p9')).toEqual([['10.00', '03-01', '04-01'], ['12.00', '04-01', '05-01'], ['10.00', '05-01', null]]);
    expect(await spans('CAST(unit_cost AS DECIMAL(9,2))', 'product_cost_history', 'p9')).toEqual([['3.50', '02-01', '03-01'], ['4.00', '03-01', '03-09'], ['5.00', '03-09', null]]);
    expect(await spans('category_key', 'product_category_history', 'p9')).toEqual([['shopify:default:k', '03-01', '04-01'], ['shopify:default:jugs', '04-01', null]]);
    expect(await spans('address_line', 'customer_address_history', 'mover')).toEqual([['1 Old Rd', '01-01', '03-01'], ['2 New Rd', '03-01', null]]);
    expect(await warehouse.query("SELECT order_key, CAST(unit_cost AS DECIMAL(9,2)), cost_from FROM sales_line_cost WHERE product_key = 'shopify:default:p9' ORDER BY order_date")).toEqual([
      ['shopify:default:1001', '3.50', 'line'], ['shopify:default:1002', '3.50', 'line'], ['shopify:default:1003', '5.00', 'history'],
    ]);
  });

  it('leaves what it does not know alone: a comment scored before its order', async () => {
    const { key } = givenOrder(5);
    const scored: Fact = {
      fact: 'comment.scored', source: 'shopify', account: 'default', key, sequence: sequenceOf(2), partitionkey: key, recordedAt: '2026-11-22T09:00:00Z', events: [],
      payload: { of: 'order', key, label: 'GOOD', score: 0.97, modelVersion: 'm1', at: '2026-11-22T09:00:00Z' },
    };
    await land([scored]);
    await run(loader());
    await land([orderFact(5)]);
    await run(loader());
    expect(await warehouse.query('SELECT order_id, sentiment, sentiment_score FROM orders')).toEqual([['1005', 'GOOD', '0.970000']]);
  });
});
