import { gzipSync } from 'node:zlib';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import type { AlertNotice } from '@orderflow/shared/notices';
import type { ItemState } from '@orderflow/shared/store';
import { memoryStaging } from '../../../services/warehouse/src/landed/staging.ts';
import { handle as reconcile, type Reconcile, type Reconciliation } from '../../../services/warehouse/src/reconcile/handle.ts';
import { integrityChecks, integrityFaults } from '../../../services/warehouse/src/reconcile/integrity.ts';
import { orderFact, returnFact } from '../../../services/warehouse/src/rows/given.ts';
import { tables } from '../../../services/warehouse/src/tables/tables.ts';
import { startMigrated, type MigratedWarehouse } from './migrated.ts';

const now = Date.UTC(2026, 10, 26, 3, 15);
let local: MigratedWarehouse;
let count = 0;
beforeAll(async () => (local = await startMigrated()), 30_000);
afterAll(() => local.close());
beforeEach(async () => {
  local.staging.files.clear();
  const names = [...tables.map(({ name }) => name), 'load_batch', 'reconcile_run', 'reconcile_sum', 'reconcile_difference', 'reconcile_line'];
  await local.warehouse.transaction(names.map((name) => `DELETE FROM ${name}`), {}, `clean-${++count}`);
});

const loaded = (...facts: Fact[]): Promise<void> => local.load(facts, now);

/** The line that ingest's tally writes of the event of a fact. */
function lineOf(fact: Fact, more: object = {}): object {
  const [event] = fact.events;
  const of = { said: 'intake', event_id: event?.id, event_type: event?.type, source: fact.source, account: fact.account, sequence: fact.sequence, recorded_at: '2026-11-25T09:00:00.123Z', rejected: false };
  if (fact.fact === 'order.settled') {
    const { order } = fact.payload;
    return { ...of, what: 'orders', entity_key: order.key, day: order.placedAt.slice(0, 10), currency: order.currency, amount: (order.total / 100).toFixed(2), ...more };
  }
  if (fact.fact === 'return.settled') {
    const asked = fact.payload.return;
    return { ...of, what: 'returns', entity_key: `shopify:default:${asked.id}`, day: asked.requestedAt.slice(0, 10), currency: asked.currency, amount: ((asked.amount ?? 0) / 100).toFixed(2), ...more };
  }
  return { ...of, what: 'other', entity_key: fact.key, day: '2026-11-25', currency: null, amount: null, ...more };
}

interface Given {
  readonly states?: Readonly<Record<string, ItemState>>;
  readonly quarantined?: readonly string[];
  readonly deps?: Partial<Reconcile>;
}

async function reconciled(lines: readonly object[], { states = {}, quarantined = [], deps = {} }: Given = {}): Promise<Reconciliation & { readonly alerts: AlertNotice[] }> {
  const alerts: AlertNotice[] = [];
  const quarantine = memoryStaging('quarantine');
  for (const id of quarantined) await quarantine.put(`index/2026-11-25/${id}.json`, Buffer.from(JSON.stringify({ id, rawKey: 'raw', origin: 'intake' })));
  const run = `run${++count}`;
  const result = await reconcile({}, {
    warehouse: local.warehouse, staging: local.staging, quarantine, copyRole: 'default', log: silentLog, meter: silentMeter, clock: () => now, newId: () => run, stage: 'local',
    store: { look: () => Promise.resolve({ others: [], sent: [] }), statesOf: (ids) => Promise.resolve(new Map(ids.flatMap((id): [string, ItemState][] => (states[id] ? [[id, states[id]]] : [])))) },
    sources: { accounts: () => Promise.resolve([]), ask: () => Promise.reject(new Error('nobody is asked')) },
    alert: (notice) => Promise.resolve(alerts.push(notice)),
    async tally({ run: id, hour }) {
      if (hour === '2026/11/25/09' && lines.length > 0) await local.staging.put(`tally/${id}/${hour.replaceAll('/', '-')}-first.jsonl.gz`, gzipSync(lines.map((line) => JSON.stringify({ run_id: id, ...line })).join('\n') + '\n'));
      return { deliveries: 0, events: 0, erased: 0, unknown: 0, damaged: [] };
    },
    ...deps,
  }, { remainingMs: () => 900_000, requestId: run });
  return { ...result, alerts };
}
const idOf = (fact: Fact): string => fact.events[0]?.id ?? '';
const some = [orderFact(1), orderFact(2), orderFact(3, 1, { currency: 'JPY' }), orderFact(4, 1, { placedAt: '2026-11-21T23:59:59Z' })];

describe('reconcile, with the warehouse', () => {
  it('finds all even: by source, account, day and currency', async () => {
    await loaded(...some, returnFact(1));
    const { sums, differences, alerts, faults } = await reconciled([...some, returnFact(1)].map((fact) => lineOf(fact, fact === some[2] ? { amount: '3000' } : {})));
    expect([differences, alerts, faults]).toEqual([0, [], []]);
    expect(sums.map(({ what, day, currency, accepted, loaded: there }) => [what, day, currency, accepted, there])).toEqual([
      ['orders', '2026-11-21', 'EUR', { count: 1, amount: '30.0000' }, { count: 1, amount: '30.0000' }],
      ['orders', '2026-11-22', 'EUR', { count: 2, amount: '60.0000' }, { count: 2, amount: '60.0000' }],
      ['orders', '2026-11-22', 'JPY', { count: 1, amount: '3000.0000' }, { count: 1, amount: '3000.0000' }],
      ['returns', '2026-11-25', 'EUR', { count: 1, amount: '20.0000' }, { count: 1, amount: '20.0000' }],
    ]);
    expect([...local.staging.files.keys()].filter((key) => key.startsWith('tally/'))).toEqual([]);
    expect(await local.warehouse.query('SELECT COUNT(*) FROM reconcile_line')).toEqual([[0]]);
    expect(await local.warehouse.query('SELECT CAST(SUM(loaded_amount) AS VARCHAR) FROM reconcile_sum')).toEqual([['3110.0000']]);
  });

  it('puts what is not loaded where it is: in flight, parked, in quarantine, or too new to be anywhere', async () => {
    const [one, two, three, four, five] = [1, 2, 3, 4, 5].map((number) => orderFact(number));
    if (!one || !two || !three || !four || !five) throw new Error('no facts');
    await loaded(one);
    const { sums, differences } = await reconciled(
      [lineOf(one), lineOf(two), lineOf(three), lineOf(four), lineOf(five, { recorded_at: new Date(now - 60_000).toISOString() })],
      { states: { [idOf(two)]: 'DONE', [idOf(three)]: 'PARKED' }, quarantined: [idOf(four)] },
    );
    expect(differences).toBe(0);
    expect(sums).toMatchObject([{
      accepted: { count: 5, amount: '150.0000' }, loaded: { count: 1, amount: '30.0000' }, inFlight: { count: 2, amount: '60.0000' },
      parked: { count: 1, amount: '30.0000' }, quarantined: { count: 1, amount: '30.0000' }, different: { count: 0, amount: '0.0000' },
    }]);
  });

  it.each<[string, string, (key: string) => string[]]>([
    ['lost', 'a row and its event', (key) => [`DELETE FROM orders WHERE order_key = '${key}'`, `DELETE FROM loaded_event WHERE fact_key = '${key}'`]],
    ['row missing', 'a row', (key) => [`DELETE FROM orders WHERE order_key = '${key}'`]],
    ['amount differs', 'a cent', (key) => [`UPDATE orders SET total_order_value = total_order_value + 0.01 WHERE order_key = '${key}'`]],
    ['stale', 'an update', (key) => [`UPDATE orders SET header_version = '00000000000000000000' || SUBSTRING(header_version, 21), total_order_value = 1 WHERE order_key = '${key}'`]],
  ])('names what is %s when the warehouse has lost %s', async (kind, _, damage) => {
    await loaded(...some);
    const key = 'shopify:default:1002';
    await local.warehouse.transaction(damage(key), {}, `damage-${++count}`);
    const { sums, byKind, named, alerts, run } = await reconciled(some.map((fact) => lineOf(fact, fact === some[2] ? { amount: '3000' } : {})));
    expect(byKind).toEqual({ [kind]: 1 });
    expect(named).toMatchObject([{ kind, key, amount: '30.0000', source: 'shopify', day: '2026-11-22', currency: 'EUR' }]);
    expect(sums.find(({ currency, day }) => currency === 'EUR' && day === '2026-11-22')).toMatchObject({ accepted: { count: 2 }, loaded: { count: 1 }, different: { count: 1, amount: '30.0000' } });
    expect(alerts[0]?.groups[0]).toMatchObject({ code: `RECONCILE: ${kind}`, count: 1, examples: [key] });
    expect(await local.warehouse.query('SELECT kind, entity_key FROM reconcile_difference WHERE run_id = :run', { run })).toEqual([[kind, key]]);
  });

  it('takes the newest word for a key, and a newer one of the warehouse for what it is', async () => {
    const [first, second] = [orderFact(1, 1), orderFact(1, 2, { total: 2500 })];
    await loaded(first, second);
    expect(await reconciled([lineOf(first), lineOf(second)])).toMatchObject({ differences: 0, sums: [{ accepted: { count: 1, amount: '25.0000' }, loaded: { count: 1 } }] });
    // only the first came in the period that is compared
    expect(await reconciled([lineOf(first)])).toMatchObject({ differences: 0 });
    // of two words at the same moment either may stand
    expect(await reconciled([lineOf(second), lineOf(second, { amount: '99.00', event_id: idOf(first) })])).toMatchObject({ differences: 0 });
  });

  it('names what a source says it has and we never received, or have otherwise', async () => {
    await loaded(...some.slice(0, 2));
    const list = (fact: Fact, more: object = {}) => lineOf(fact, { said: 'source', ...more });
    const waiting = orderFact(6);
    const { named, byKind } = await reconciled(
      [...some.slice(0, 2).map((fact) => lineOf(fact)), lineOf(waiting), list(orderFact(1)), list(orderFact(2), { amount: '31.00' }), list(orderFact(5)), list(waiting)],
      { states: { [idOf(waiting)]: 'RECEIVED' } },
    );
    expect(byKind).toEqual({ 'differs from the source': 1, 'never received': 1 });
    expect(named.map(({ kind, key, amount, warehouseAmount }) => [kind, key, amount, warehouseAmount])).toEqual([
      ['differs from the source', 'shopify:default:1002', '31.0000', '30.0000'], ['never received', 'shopify:default:1005', '30.0000', null],
    ]);
  });

  it('takes for no difference what the source has said just now, or what waits since before the period', async () => {
    const fresh = (fact: Fact, at: number) => lineOf(fact, { said: 'source', sequence: String(at).padStart(20, '0') });
    const [early, waiting] = [orderFact(7), orderFact(8)];
    const look: Reconcile['store']['look'] = (pk) => Promise.resolve({ others: [], sent: [], ...(pk === 'shopify:default:1008' && { order: { state: 'PARKED' } as never }) });
    const store: Reconcile['store'] = { statesOf: () => Promise.resolve(new Map()), look };
    expect(await reconciled([fresh(early, now - 60_000), fresh(waiting, now - 9 * 3_600_000)], { deps: { store } })).toMatchObject({ differences: 0, alerts: [] });
    expect(await reconciled([fresh(early, now - 3_600_000)], { deps: { store } })).toMatchObject({ byKind: { 'never received': 1 } });
  });

  it('tells of an archive that is damaged, though nothing differs', async () => {
    const tally: Reconcile['tally'] = ({ hour }) => Promise.resolve({ deliveries: 1, events: 0, erased: 0, unknown: 0, damaged: hour === '2026/11/25/09' ? [{ key: 'raw/x', offset: 3, reason: 'body' }] : [] });
    expect(await reconciled([], { deps: { tally } })).toMatchObject({ differences: 0, damaged: 1, alerts: [{ groups: [{ code: 'RECONCILE: raw archive damaged', count: 1 }] }] });
  });

  it.each(['total_order_value = NULL', "currency = 'USD'"])('names an order of which the warehouse has %s', async (wrong) => {
    await loaded(...some);
    await local.warehouse.transaction([`UPDATE orders SET ${wrong} WHERE order_key = 'shopify:default:1002'`], {}, `damage-${++count}`);
    const { named } = await reconciled(some.map((fact) => lineOf(fact, fact === some[2] ? { amount: '3000' } : {})));
    expect(named.map(({ kind, key }) => [kind, key])).toEqual([['amount differs', 'shopify:default:1002']]);
  });

  it('counts what has no money, and what could not be read, by event', async () => {
    const unread = { ...lineOf(orderFact(7)), what: 'other', event_type: 'unreadable', entity_key: '-', currency: null, amount: null, rejected: true, day: '2026-11-25' };
    const { sums, differences } = await reconciled([unread], { quarantined: [idOf(orderFact(7))] });
    expect(differences).toBe(0);
    expect(sums).toMatchObject([{ what: 'other', currency: '-', accepted: { count: 1 }, quarantined: { count: 1 }, loaded: { count: 0 } }]);
    expect(await reconciled([unread])).toMatchObject({ byKind: { lost: 1 } });
  });

  it('finds an event in the quarantine of a consumer, whose entry has another name', async () => {
    const [fact] = some;
    if (!fact) throw new Error('no fact');
    const quarantine = memoryStaging('quarantine');
    await quarantine.put('index/2026-11-25/abc.json', Buffer.from(JSON.stringify({ id: 'abc', rawKey: 'raw/abc', origin: 'load of order.settled' })));
    await quarantine.put('raw/abc', Buffer.from(JSON.stringify({ events: [{ id: idOf(fact) }] })));
    expect(await reconciled([lineOf(fact)], { deps: { quarantine } })).toMatchObject({ differences: 0, quarantine: 1, sums: [{ quarantined: { count: 1 } }] });
  });

  it('ends the same when it is run again after a crash in the middle', async () => {
    await loaded(...some);
    const lines = some.slice(0, 2).map((fact) => lineOf(fact));
    const run = 'again';
    const crash: Given = { deps: { newId: () => run, staging: { ...local.staging, remove: () => Promise.reject(new Error('crash')) } } };
    await expect(reconciled(lines, crash)).rejects.toThrow('crash');
    const again = await reconciled(lines, { deps: { newId: () => run } });
    expect(again).toMatchObject({ differences: 0, sums: [{ accepted: { count: 2 } }] });
    expect(await local.warehouse.query('SELECT COUNT(*) FROM reconcile_sum')).toEqual([[1]]);
  });

  it('says so when the archive cannot be read in time, and compares nothing by halves', async () => {
    let at = now;
    const endless: Partial<Reconcile> = {
      clock: () => (at += 60_000), tally: () => Promise.resolve({ deliveries: 1, events: 0, erased: 0, unknown: 0, damaged: [], after: 'raw/x' }),
    };
    await expect(reconciled([], { deps: endless })).rejects.toThrow('could not be read in time');
    expect(await local.warehouse.query('SELECT COUNT(*) FROM reconcile_run')).toEqual([[0]]);
  });
});

describe('what Redshift does not enforce', () => {
  it('holds after loads', async () => {
    await loaded(...some, returnFact(1));
    expect(await integrityFaults(local.warehouse)).toEqual([]);
  });

  it.each<[string, string, number]>([
    ['orders: one row a key', 'INSERT INTO orders SELECT * FROM orders', 4],
    ['loaded_event: one row a key', 'INSERT INTO loaded_event SELECT * FROM loaded_event', 4],
    ['orders.customer_key is in customer', 'DELETE FROM customer', 4],
    ['order_product.order_key is in orders', 'DELETE FROM orders', 4],
    ['order_product.product_key is in product', 'DELETE FROM product', 4],
    ['product_history.product_key is in product', 'DELETE FROM product', 1],
    ['orders: as many lines as the newest snapshot has', "DELETE FROM order_product WHERE line_id = '2'", 4],
    ['loaded_event: its batch has a manifest', 'DELETE FROM load_batch', 1],
  ])('%s', async (check, damage, least) => {
    await loaded(...some);
    await local.warehouse.transaction([damage], {}, `damage-${++count}`);
    const fault = (await integrityFaults(local.warehouse)).find((one) => one.check === check);
    expect(fault?.count).toBeGreaterThanOrEqual(least);
    expect(fault?.keys.length).toBeGreaterThan(0);
  });

  it('looks at the key of every table that is loaded', () => {
    for (const { name } of tables) expect(integrityChecks.map((check) => check.name)).toContain(`${name}: one row a key`);
  });
});
