import type { CanonicalEvent } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import type { Standing } from '../../services/ingest/src/reinterpret/standing.ts';
import { warehouseStanding } from '../../services/ingest/src/reinterpret/warehouse-standing.ts';
import { archiveWorld, delivered, eventsIn, settled } from '../../services/ingest/src/testing/archive-world.ts';
import { landFacts, writeLanded } from '../../services/warehouse/src/landed/land.ts';
import { memoryLease } from '../../services/warehouse/src/load/lease.ts';
import { handle as load } from '../../services/warehouse/src/load-facts/handle.ts';
import { toRows } from '../../services/warehouse/src/rows/to-rows.ts';
import { memoryTables } from '../../services/warehouse/src/tables/memory-tables.ts';
import { checksums, type TableSum } from '../../services/warehouse/src/tables/checksums.ts';
import { startMigrated, type MigratedWarehouse } from '../local/redshift/migrated.ts';
import { kinds, misread, order } from './stories.ts';
import { tablesStanding } from './tables-standing.ts';

let local: MigratedWarehouse;
beforeAll(async () => {
  local = await startMigrated();
}, 30_000);
afterAll(() => local.close());

let landed = 0;
const nextName = (): string => `shardId-000000000000-${String(++landed).padStart(8, '0')}`;
async function loaded(facts: readonly Fact[]): Promise<void> {
  await landFacts(local.staging, nextName(), facts, Date.now());
  await loadAll();
}

async function loadAll(): Promise<void> {
  const { staging, warehouse } = local;
  await load({}, {
    staging, warehouse, copyRole: 'default', lease: memoryLease(), log: silentLog, meter: silentMeter, clock: Date.now, newId: () => 'id',
    store: { forget: async () => 'forgotten', get: async () => undefined, release: async () => 'released' },
    quarantine: { put: () => Promise.reject(new Error('nothing is to be refused')) }, quarantineBucket: 'quarantine', pause: () => Promise.resolve(),
    batchesPerLoad: 50, rowsPerLoad: 100_000, intervalMs: 0,
  }, { requestId: `load-${landed}`, remainingMs: () => 300_000 });
}

async function sums(): Promise<TableSum[]> {
  const all: TableSum[] = [];
  for await (const one of checksums(local.warehouse)) all.push(one);
  return all;
}
const ask = (sql: string) => local.warehouse.query(sql);

const deliveries = kinds.flatMap((kind, at) => (at === 0 ? [] : [delivered(`k${at}`, at + 1, kind(at, at + 1))])).concat(delivered('last', 30, order(20, 30)));
const right = eventsIn(deliveries);
const wrong = right.map((event, at): CanonicalEvent => (at % 2 === 0 ? misread(event) : event));
const keys: Readonly<Record<keyof Standing, readonly string[]>> = {
  events: [...right.map(({ id }) => id), 'none'], orders: [...right.map(({ partitionkey }) => partitionkey), 'none'],
  returns: ['canonical:default:r5', 'canonical:default:r6'], historicalAdjustments: ['canonical:default:a10', 'none'],
};

it('what stands is read out of the warehouse as out of the tables in memory', async () => {
  const memory = memoryTables();
  const facts = wrong.map((event) => settled(event, true));
  for (const fact of facts) memory.load(toRows(fact));
  await loaded(facts);
  const [database, twin] = [warehouseStanding(local.reader), tablesStanding(memory)];
  expect(await database.events(keys.events)).toEqual(await twin.events(keys.events));
  expect((await database.events(keys.events)).size).toBe(right.length);
  const inOrder = (found: Awaited<ReturnType<Standing['orders']>>) => [...found].sort().map(([key, one]) => [key, { ...one, steps: one.steps.map((step) => JSON.stringify(step)).sort() }]);
  expect(inOrder(await database.orders(keys.orders))).toEqual(inOrder(await twin.orders(keys.orders)));
  const money = (found: Awaited<ReturnType<Standing['returns']>>) => [...found].sort().map(([key, { amount, fee, ...one }]) => [key, { ...one, amount: Number(amount), fee: Number(fee ?? 0) }]);
  expect(money(await database.returns(keys.returns))).toEqual(money(await twin.returns(keys.returns)));
  expect((await database.returns(keys.returns)).size).toBe(2);
  expect(await database.historicalAdjustments(keys.historicalAdjustments)).toEqual(await twin.historicalAdjustments(keys.historicalAdjustments));
}, 60_000);

it('the archive read anew corrects the warehouse, and read once more it leaves every table as it is', async () => {
  const world = await archiveWorld(deliveries, warehouseStanding(local.reader));
  expect((await world.run()).counts).toMatchObject({ deliveries: deliveries.length, corrected: wrong.filter((_, at) => at % 2 === 0).length, taken: 0 });
  await loaded(world.facts.written);
  const before = await sums();
  const facts = world.facts.written.length;
  expect((await world.run()).counts).toMatchObject({ same: deliveries.length, corrected: 0, taken: 0 });
  expect(world.facts.written).toHaveLength(facts);
  // the facts that were wrong, loaded late, change nothing any more
  await loaded(wrong.map((event) => settled(event, true)));
  expect(await sums()).toEqual(before);
  expect(await ask("SELECT status, total_order_value, payment_status, payment_method FROM orders WHERE order_key = 'canonical:default:o20'")).toEqual([['NEW', '20.2000', 'PENDING', 'card']]);
  expect(await ask("SELECT line_id, quantity, name FROM order_product WHERE order_key = 'canonical:default:o20' ORDER BY line_id")).toEqual([['1', 2, 'Mug'], ['2', 1, 'Tea']]);
  expect(await ask("SELECT status, withdrawn FROM order_status_history WHERE order_key = 'canonical:default:o20' AND status_group = 'order' ORDER BY status")).toEqual([['COMPLETED', true], ['NEW', null]]);
  expect(await ask("SELECT COUNT(*) FROM loaded_event WHERE data_version LIKE '%z%'")).toEqual([[facts]]);
  expect(await ask("SELECT r.reason, l.quantity_returned, r.decision, r.refund_amount, d.rule_name FROM returns r JOIN return_line l ON l.return_key = r.return_key JOIN model_decision d ON d.return_key = r.return_key WHERE r.decided_by = 'policy'"))
    .toEqual([['broken', 1, 'PARTIAL', '7.0000', 'within-window']]);
}, 60_000);

it('a row that landed before its table had versions gives way to one that has', async () => {
  const row = { event_id: 'e'.repeat(32), event_type: 'order.created', event_key: 'k', source: 's', account: 'a', fact: 'order.settled', fact_key: 'k', recorded_at: '2026-11-22T12:00:00Z', _facts: '0' };
  const rows = [{ ...row, data_hash: 'old' }, { ...row, data_hash: 'new', data_version: `${'0'.repeat(20)}zabcdefgh00ffffffff` }];
  await writeLanded(local.staging, nextName(), new Map([['loaded_event', rows]]), [{ fact: 'order.settled', key: 'k', events: [row.event_id] }], '2026-11-22');
  await loadAll();
  expect(await ask(`SELECT data_hash FROM loaded_event WHERE event_id = '${row.event_id}'`)).toEqual([['new']]);
}, 60_000);
