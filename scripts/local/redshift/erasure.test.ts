import { gunzipSync } from 'node:zlib';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog } from '@orderflow/shared/lambda';
import { MemoryStore } from '@orderflow/shared/store';
import { handle as erase, type Erase, type EraseAnswer } from '../../../services/warehouse/src/erase/handle.ts';
import { landFacts } from '../../../services/warehouse/src/landed/land.ts';
import { pendingKey } from '../../../services/warehouse/src/landed/landed.ts';
import { handle as rebuild } from '../../../services/warehouse/src/rebuild/handle.ts';
import { orderFact, returnFact } from '../../../services/warehouse/src/rows/given.ts';
import { personal } from '../../../services/warehouse/src/tables/personal.ts';
import { tables } from '../../../services/warehouse/src/tables/tables.ts';
import { startMigrated, type MigratedWarehouse } from './migrated.ts';

let local: MigratedWarehouse;
let count = 0;
const now = Date.UTC(2026, 10, 26, 12);
beforeAll(async () => (local = await startMigrated()), 30_000);
afterAll(() => local.close());
beforeEach(async () => {
  local.staging.files.clear();
  await local.warehouse.transaction([...tables.map(({ name }) => name), 'load_batch', 'erased', 'erasure'].map((name) => `DELETE FROM ${name}`), {}, `clean-${++count}`);
});

const loaded = (...facts: Fact[]): Promise<void> => local.load(facts, now);

const marks = ['Xaverine Qwortz', 'xq@marker.example', '+4955512345', '99 Marker Lane', 'Markerville', 'XQ-99', 'the gate code is 4711', 'TRACK-XQ', 'pi_xq_marker', '1.234567', 'returned with marker'];
const order = (number: number, sequence = 1) => orderFact(number, sequence, {
  comment: 'the gate code is 4711', position: { latitude: 1.234567, longitude: 2.345678, from: 'address' },
  payment: { status: 'PAID', method: 'card', provider: 'stripe', reference: 'pi_xq_marker' },
  customer: { id: 'x', name: 'Xaverine Qwortz', email: 'xq@marker.example', phone: '+4955512345', dateOfBirth: '1980-01-02', address: { line: '99 Marker Lane', city: 'Markerville', postalCode: 'XQ-99', state: 'NW', country: 'DE' } },
});
const theirReturn = (number: number): Fact => {
  const fact = returnFact(number);
  return { ...fact, payload: { ...fact.payload, return: { ...fact.payload.return, comment: 'returned with marker', reason: 'returned with marker' } } };
};

/** Everything that the tables that facts fill say, as text. */
async function everything(): Promise<string> {
  const texts = await Promise.all(tables.map(async ({ name }) => JSON.stringify(await local.warehouse.query(`SELECT * FROM ${name}`))));
  return texts.join('\n');
}
const landedText = (): string => [...local.staging.files].filter(([key]) => key.startsWith('landed/')).map(([key, file]) => (key.endsWith('.gz') ? gunzipSync(file) : file).toString('utf8')).join('\n');
const sums = () => local.warehouse.query('SELECT order_date, currency, orders, units, amount FROM sales_by_day ORDER BY 1, 2');
const refunds = () => local.warehouse.query('SELECT * FROM refunds_by_day ORDER BY 1, 2');
const store = new MemoryStore(() => now);
const ask = (input: object, more: Partial<Erase> = {}): Promise<EraseAnswer> => erase(input, { warehouse: local.warehouse, staging: local.staging, store, log: silentLog, ...more }, { requestId: `ask-${++count}` });
const customer = 'shopify:default:x';
const orders = ['shopify:default:1001', 'shopify:default:1002'];
const begin = () => ask({ step: 'begin', erasure: 'e1', customer, orders, returns: ['shopify:default:r1'], by: 'tester', reason: 'asked by mail' });

describe('forgetting a customer, in the warehouse', () => {
  it('blanks every word of theirs, and changes no sum, no row and nobody else', async () => {
    await loaded(order(1), order(2), orderFact(3), theirReturn(1), returnFact(3));
    const before = { sums: await sums(), refunds: await refunds(), counts: await counts() };
    for (const mark of marks.filter((one) => one !== 'TRACK-XQ')) expect([mark, (await everything()).includes(mark)]).toEqual([mark, true]);
    expect(await ask({ step: 'find', customer, orders: [] })).toEqual({
      step: 'find', orders, returns: ['shopify:default:r1'], words: ['x', 'xq@marker.example', '+4955512345', '1001', '#1001', '1002', '#1002'], since: '2026-11-22T09:00:00Z',
    });
    await begin();
    const after = await everything();
    for (const mark of marks) expect([mark, after.includes(mark)]).toEqual([mark, false]);
    expect({ sums: await sums(), refunds: await refunds(), counts: await counts() }).toEqual(before);
    expect(await local.warehouse.query("SELECT name, email_id FROM customer WHERE customer_key = 'shopify:default:c3'")).toEqual([['Zoë 3', 'c3@shop.example']]);
    expect(await local.warehouse.query('SELECT state, country FROM customer WHERE customer_key = :customer', { customer })).toEqual([['NW', 'DE']]);
    expect(await ask({ step: 'left' })).toEqual({ step: 'left', tables: [] });
  });

  it('blanks what comes late, in the load that brings it, and leaves an order alone that is placed afterwards', async () => {
    await loaded(order(1));
    await begin();
    const later = orderFact(9, 1, { placedAt: '2099-01-01T00:00:00Z', comment: 'I am back', customer: { id: 'x', name: 'Xaverine Qwortz' } });
    await loaded(order(1, 5), order(2, 2), theirReturn(1), later);
    const after = await everything();
    for (const mark of marks) expect([mark, after.includes(mark)]).toEqual([mark, false]);
    expect(after).toContain('I am back');
    expect(await local.warehouse.query('SELECT COUNT(*) FROM orders')).toEqual([[3]]);
  });

  it('writes the landed files anew, so that a rebuild does not bring them back', async () => {
    await loaded(order(1), orderFact(3));
    await loaded(order(2), theirReturn(1));
    await begin();
    expect(marks.some((mark) => landedText().includes(mark))).toBe(true);
    const files = (await ask({ step: 'landed', erasure: 'e1', day: '2026-11-26' })) as { files: number; waiting: number };
    expect(files).toMatchObject({ waiting: 0 });
    expect(files.files).toBe(8); // customer, their addresses and the order twice; return and decision once
    for (const mark of marks) expect([mark, landedText().includes(mark)]).toEqual([mark, false]);
    expect(landedText()).toContain('Zoë 3');
    expect(await ask({ step: 'landed', erasure: 'e1', day: '2026-11-26' })).toMatchObject({ files: 0 });
    // even if the keys of the forgotten were lost
    await local.warehouse.transaction([...tables.map(({ name }) => `DELETE FROM ${name}`), 'DELETE FROM erased'], {}, `empty-${++count}`);
    await rebuild({ step: 'day', run: 'r1', day: '2026-11-26' }, { staging: local.staging, warehouse: local.warehouse, wakeLoader: () => Promise.resolve(), clock: () => now, log: silentLog } as never, { remainingMs: () => 300_000 });
    await loaded();
    expect(await local.warehouse.query('SELECT COUNT(*) FROM orders')).toEqual([[3]]);
    const after = await everything();
    for (const mark of marks) expect([mark, after.includes(mark)]).toEqual([mark, false]);
  });

  it('waits for what is under the loader’s hands', async () => {
    await landFacts(local.staging, 'shardId-0-waiting', [order(1)], now);
    await begin();
    expect(await ask({ step: 'landed', erasure: 'e1', day: '2026-11-26' })).toMatchObject({ files: 0, waiting: 1 });
    await loaded();
    expect(local.staging.files.has(pendingKey('shardId-0-waiting'))).toBe(false);
    expect(await ask({ step: 'landed', erasure: 'e1', day: '2026-11-26' })).toMatchObject({ waiting: 0 });
    for (const mark of marks) expect([mark, landedText().includes(mark)]).toEqual([mark, false]);
  });

  it('keeps an audit that says what was done, also over many orders and a second run', async () => {
    const many = Array.from({ length: 45 }, (_, at) => `shopify:default:${1000 + at}`);
    await loaded(order(1));
    await ask({ step: 'begin', erasure: 'e2', customer, orders: many, returns: [], by: 'tester', reason: "it's asked; DROP TABLE orders" });
    expect(await local.warehouse.query('SELECT kind, COUNT(*) FROM erased GROUP BY kind ORDER BY kind')).toEqual([['customer', 1], ['order', 45]]);
    expect(await local.warehouse.query('SELECT ended_at, orders FROM erasure')).toEqual([[null, 45]]);
    const end = { step: 'end', erasure: 'e2', inFlight: 1, deliveries: 2, quarantined: 3, landedFiles: 4 };
    await ask(end);
    await ask({ step: 'begin', erasure: 'e2', customer, orders: many, returns: [], by: 'tester', reason: 'again' });
    await ask({ ...end, deliveries: 1 });
    expect(await local.warehouse.query('SELECT requested_by, reason, customer_key, in_flight, deliveries, quarantined, landed_files, ended_at IS NOT NULL FROM erasure'))
      .toEqual([['tester', "it's asked; DROP TABLE orders", customer, 2, 3, 6, 8, true]]);
  });

  it('knows every column that takes a person’s words', async () => {
    // what may hold text of a customer, or of somebody about one; the rest are keys, codes, names of goods and places of trade
    const suspicious = /comment|reason|email|contact|birth|address|line$|city|zip|phone|gps|tracking_(number|url)|reference|features|sha256$|review_reason/;
    const harmless = new Set(['category_key', 'reason_category', 'model_sha256', 'gps_from', 'address_version']);
    const columns = await local.warehouse.query("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2");
    const names = new Set<string>(tables.map(({ name }) => name));
    const unknown = columns.map(([table, column]) => [String(table), String(column)] as const)
      .filter(([table, column]) => names.has(table) && suspicious.test(column) && !harmless.has(column) && !column.endsWith('_version') && !personal.some((one) => one.table === table && one.columns.includes(column)));
    expect(unknown).toEqual([]);
  });
});

async function counts(): Promise<unknown[]> {
  return Promise.all(tables.map(async ({ name }) => [name, await local.warehouse.query(`SELECT COUNT(*) FROM ${name}`)]));
}
