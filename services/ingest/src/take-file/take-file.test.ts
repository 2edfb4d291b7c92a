import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CanonicalEvent } from '@orderflow/shared/events';
import { dataDir } from '../testing/env.ts';
import { fileWorld, hour, ofType } from '../testing/file-world.ts';
import { noon } from '../testing/memory.ts';
import { shippedMappings } from './shipped.ts';
import type { TakeFileDeps } from './reading.ts';
import { takeFile } from './take-file.ts';

const retail = readFileSync(join(__dirname, 'fixtures/retail.csv'));
const key = 'file-drop/default/run-1/retail.csv';

function setUp(files: Record<string, Buffer | string>, changes: Partial<TakeFileDeps> = {}, pieceBytes = 64) {
  const world = fileWorld(files, changes, pieceBytes);
  return { ...world, counts: (name = key) => world.end(name)?.counts };
}

describe('take-file, CSV through the mapping of Online Retail', () => {
  it('puts each document in its place, none dropped in silence', async () => {
    const { intake, deps, counts } = setUp({ [key]: retail });
    expect(await takeFile({ bucket: 'intake', key }, deps, hour)).toBe('done');
    const orders = ofType(intake.events, 'order.created').map(({ data }) => data.order);
    const returns = ofType(intake.events, 'return.requested').map(({ data }) => data.return);
    const adjustments = ofType(intake.events, 'adjustment.recorded').map(({ data }) => data.adjustment);
    expect(orders.map(({ id, total, lines }) => [id, total, lines.length])).toEqual([
      ['536365', 5598, 3], ['536370', 14_400, 2], ['536372', 1110, 1], ['536375', 0, 1], ['536376', 1768, 2], ['536377', 0, 1],
    ]);
    expect(returns).toMatchObject([{ id: 'C536371', amount: 4730, lines: [{ quantity: 12, amount: 1980 }, { quantity: 1, amount: 2750, class: 'discount' }] }]);
    expect(returns[0]).not.toHaveProperty('orderKey');
    expect(adjustments).toMatchObject([
      { id: '536373', kind: 'stock', productId: '21777', quantity: -10, amount: 0 },
      { id: 'A536374', kind: 'ledger', quantity: 1, amount: 1_106_206, reason: 'Adjust bad debt' },
      { id: 'rounding-536375', kind: 'other', amount: 0, reason: 'rounding remainder 0.001 GBP of 1 lines' },
      { id: 'rounding-536376', kind: 'other', amount: 0, reason: 'rounding remainder -0.005 GBP of 1 lines' },
    ]);
    expect(counts()).toMatchObject({ rows: 15, documents: 9, events: 11, rejected: 0, unknownCodes: { WEIRD1: 1 } });
  });

  it('reads a sale as the contract says: history, paid, earliest line, own zone, classes, ids without .0', async () => {
    const { intake, deps } = setUp({ [key]: retail });
    await takeFile({ bucket: 'intake', key }, deps, hour);
    const orders = ofType(intake.events, 'order.created').map(({ data }) => data.order);
    expect(orders[0]).toMatchObject({
      key: 'file-drop:default:536365', historical: true, payment: { status: 'PAID' }, placedAt: '2010-12-01T08:25:00Z',
      customer: { id: '17850', address: { country: 'GB' } },
    });
    expect(orders[0]?.lines.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(orders[1]?.lines[0]).toMatchObject({ class: 'postage', unitPrice: '18' });
    expect(orders[2]).toMatchObject({ placedAt: '2011-07-01T08:01:00Z', customer: { address: { line: 'Channel Islands' } } });
    expect(orders[2]?.customer).not.toHaveProperty('id');
    expect(orders.slice(3).map(({ customer }) => customer?.address?.country)).toEqual(['US', undefined, 'ZA']);
    expect(orders[4]?.lines.map((line) => line.class)).toEqual(['giftCard', 'adjustment']);
    const [back] = ofType(intake.events, 'return.requested');
    expect(back?.data.return).toMatchObject({ historical: true, customerId: '17548', decided: { outcome: 'APPROVED', by: 'source', amount: 4730 } });
  });

  it('takes the same content twice with the same ids, and knows a file that it has read', async () => {
    const first = setUp({ [key]: retail });
    await takeFile({ bucket: 'intake', key }, first.deps, hour);
    expect(await takeFile({ bucket: 'intake', key }, first.deps, hour)).toBe('done');
    const other = 'file-drop/default/run-2/again.csv.gz';
    const second = setUp({ [other]: gzipSync(retail) });
    await takeFile({ bucket: 'intake', key: other }, second.deps, hour);
    const ids = (events: readonly CanonicalEvent[]) => events.map(({ id }) => id);
    expect(ids(second.intake.events)).toEqual(ids(first.intake.events));
    expect(new Set(ids(first.intake.events)).size).toBe(11);
  });

  it('goes on after every hand-over as if it had never stopped, gzip or not', async () => {
    const whole = setUp({ [key]: retail });
    await takeFile({ bucket: 'intake', key }, whole.deps, hour);
    for (const body of [retail, gzipSync(retail)]) {
      const parts = setUp({ [key]: body }, {}, 40);
      let outcome = await takeFile({ bucket: 'intake', key }, parts.deps, () => 0);
      let invocations = 1;
      for (; outcome === 'continued' && invocations < 500; invocations++) {
        parts.clock.now += 1;
        outcome = await takeFile({ bucket: 'intake', key }, parts.deps, () => 0);
      }
      expect(outcome).toBe('done');
      expect(parts.again).toHaveLength(invocations - 1);
      const facts = (events: readonly CanonicalEvent[]) => events.map(({ id, type, data }) => [id, type, data]);
      expect(facts(parts.intake.events)).toEqual(facts(whole.intake.events));
      expect(parts.counts()).toEqual(whole.counts());
    }
  });

  it('goes on from the last checkpoint when a reader died, once its lease has run out', async () => {
    const { intake, deps, cursors, clock } = setUp({ [key]: retail });
    const dies = { ...deps, sink: { put: () => new Promise<void>(() => {}) } };
    void takeFile({ bucket: 'intake', key }, dies, hour);
    await new Promise((done) => setImmediate(done));
    expect(await takeFile({ bucket: 'intake', key }, deps, hour)).toBe('busy');
    clock.now += 61_000;
    expect(await cursors.unfinished()).toMatchObject([{ file: { key }, abandoned: true }]);
    expect(await takeFile({ bucket: 'intake', key }, deps, hour)).toBe('done');
    expect(intake.events).toHaveLength(11);
  });

  it('quarantines bad lines with their numbers; their documents wait with them, and all others go on', async () => {
    const lines = retail.toString().split('\n');
    lines[1] = lines[1]?.replace(',6,', ',six,') ?? '';
    lines[4] = '536370,only,three';
    lines.splice(5, 0, '"536376,broken,x,1,2010-12-01 08:45:00,1,1,France');
    const { intake, deps, counts } = setUp({ [key]: lines.join('\n') });
    await takeFile({ bucket: 'intake', key }, deps, hour);
    expect(intake.quarantined.map(({ code, position, message }) => [code, position, message])).toEqual([
      ['decimal', 2, 'line 2: is no decimal number'], ['held', 3, 'line 3: waits for line 2 of its document, which cannot be read'],
      ['held', 4, 'line 4: waits for line 2 of its document, which cannot be read'], ['csv', 5, 'line 5: has 3 values, the header 8'],
      ['held', 7, 'line 7: waits for line 5 of its document, which cannot be read'],
      ['csv', 6, 'line 6: has a quotation mark that is never closed'], ['held', 14, 'line 14: waits for line 6 of its document, which cannot be read'],
      ['held', 15, 'line 15: waits for line 6 of its document, which cannot be read'],
    ]);
    expect(intake.quarantined.find(({ position }) => position === 5)?.body).toBe('536370,only,three\n');
    expect(ofType(intake.events, 'order.created').map(({ data }) => data.order.id)).toEqual(['536372', '536375', '536377']);
    expect(counts()).toMatchObject({ rejected: 8, documents: 6 });
  });

  it('takes of a mended file what the first had not; the rest is the same again', async () => {
    const bad = setUp({ [key]: retail.toString().replace(',6,2010', ',six,2010') });
    await takeFile({ bucket: 'intake', key }, bad.deps, hour);
    const whole = setUp({ [key]: retail.toString().replaceAll('\n', '\r\n') });
    await takeFile({ bucket: 'intake', key }, whole.deps, hour);
    const facts = (events: readonly CanonicalEvent[]) => new Map(events.map(({ id, type, sequence, data }) => [id, { type, sequence, data }]));
    const [first, second] = [facts(bad.intake.events), facts(whole.intake.events)];
    expect([...first].every(([id, fact]) => JSON.stringify(second.get(id)) === JSON.stringify(fact))).toBe(true);
    expect([...second].filter(([id]) => !first.has(id)).map(([, { data }]) => data)).toMatchObject([{ order: { id: '536365', total: 5598 } }]);
  });

  it('is newer than what was taken before, if it says that it corrects that', async () => {
    const { intake, deps, clock } = setUp({ [key]: retail, [`${key}.mapping.json`]: '{"corrects":true}' });
    clock.droppedAt = Date.UTC(2026, 10, 20);
    await takeFile({ bucket: 'intake', key }, deps, hour);
    expect(new Set(intake.events.map(({ sequence }) => sequence))).toEqual(new Set([String(Date.UTC(2026, 10, 20)).padStart(20, '0')]));
  });

  it('fails loudly on a line that comes after its document was complete', async () => {
    const { intake, deps } = setUp({
      [key]: retail.toString() + '536378,22556,x,1,2010-12-01 10:00:00,1,,France\n'.repeat(101) + '536365,22556,late,1,2010-12-01 08:26:00,1,,France\n',
    });
    await takeFile({ bucket: 'intake', key }, deps, hour);
    expect(intake.quarantined).toMatchObject([{ code: 'late-line', position: 117 }]);
  });

  it.each([
    ['other columns', 'a,b\n1,2\n', {}, /no mapping has the columns a, b/],
    ['an empty file', '', {}, /the file is empty/],
    ['a mapping whose column is missing', 'a,b\n1,2\n', { [`${key}.mapping.json`]: JSON.stringify({ mapping: { ...shippedMappings()[0] } }) }, /the file has no column InvoiceNo/],
    ['a mapping that is none', 'a,b\n', { [`${key}.mapping.json`]: '{"mapping":{"name":"x"}}' }, /mapping: columns/],
    ['a sidecar that is none', 'a,b\n', { [`${key}.mapping.json`]: 'hello' }, /mapping\.json is not/],
    ['a damaged gzip', gzipSync(retail).subarray(0, 100), {}, /unexpected end of file/],
  ])('refuses %s with one clear line', async (_, body, others, message) => {
    const { intake, deps, cursors } = setUp({ [key]: Buffer.from(body), ...(others as Record<string, string>) });
    expect(await takeFile({ bucket: 'intake', key }, deps, hour)).toBe('refused');
    expect(cursors.entries.get(key)?.end).toMatchObject({ status: 'FAILED', message: expect.stringMatching(message) });
    expect(intake.quarantined).toMatchObject([{ code: 'file' }]);
  });

  it('refuses an account that is not configured', async () => {
    const stray = 'file-drop/nobody/run/retail.csv';
    const { deps } = setUp({ [stray]: retail });
    expect(await takeFile({ bucket: 'intake', key: stray }, deps, hour)).toBe('refused');
  });

  it('is tried again after passing trouble, without waiting for the lease', async () => {
    const { intake, deps } = setUp({ [key]: retail });
    const down = { ...deps, sink: { put: () => Promise.reject(new Error('down')) } };
    await expect(takeFile({ bucket: 'intake', key }, down, hour)).rejects.toThrow('down');
    expect(await takeFile({ bucket: 'intake', key }, { ...deps, clock: () => noon + 1 }, hour)).toBe('done');
    expect(intake.events).toHaveLength(11);
  });
});

describe('take-file, JSON lines', () => {
  const jsonl = 'file-drop/default/run/events.jsonl';
  const order = (id: string) => JSON.stringify({
    type: 'order.created', data: { order: {
      id, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' },
      fulfilment: { status: 'UNFULFILLED' }, lines: [] } } });

  it('takes each line as one delivery, as history unless it is live', async () => {
    const { intake, deps, counts } = setUp({ [jsonl]: gzipSync(`${order('1')}\n\nnonsense\n${order('2')}`) });
    expect(await takeFile({ bucket: 'intake', key: jsonl }, deps, hour)).toBe('done');
    expect(intake.events.map(({ data }) => data)).toMatchObject([{ order: { id: '1', historical: true } }, { order: { id: '2', historical: true } }]);
    expect(intake.quarantined).toMatchObject([{ code: 'json', position: 0, message: 'line 3: is no JSON text in UTF-8', body: 'nonsense' }]);
    expect(counts(jsonl)).toMatchObject({ documents: 2, events: 2, rejected: 1 });
    const live = setUp({ [jsonl]: order('1'), [`${jsonl}.mapping.json`]: '{"live":true}' });
    await takeFile({ bucket: 'intake', key: jsonl }, live.deps, hour);
    expect(live.intake.events[0]).not.toHaveProperty('data.order.historical');
  });
});

const whole = join(dataDir() ?? '/nowhere', 'online-retail/online-retail.csv.gz');
const given = existsSync(whole);
(given ? it : it.skip)(`reads the whole Online Retail data set${given ? '' : ' (skipped: set ORDERFLOW_DATA_DIR to a folder that holds online-retail/online-retail.csv.gz)'}`, async () => {
  const rounding: string[] = [];
  const sums = { orders: 0, returns: 0, adjustments: 0, lines: 0 };
  const { deps, counts } = setUp({ [key]: '' });
  const files = {
    head: async () => ({ etag: 'x', size: statSync(whole).size, modifiedAt: noon }), open: async () => createReadStream(whole), read: async () => undefined, async *list() {},
  };
  const sink: TakeFileDeps['sink'] = {
    put: async (events) => {
      for (const { type, data } of events) {
        if (type === 'order.created') [sums.orders, sums.lines] = [sums.orders + data.order.total, sums.lines + data.order.lines.length];
        if (type === 'return.requested') [sums.returns, sums.lines] = [sums.returns + (data.return.amount ?? 0), sums.lines + data.return.lines.length];
        if (type === 'adjustment.recorded' && data.adjustment.id.startsWith('rounding-')) rounding.push(data.adjustment.reason ?? '');
        else if (type === 'adjustment.recorded') [sums.adjustments, sums.lines] = [sums.adjustments + (data.adjustment.amount ?? 0), sums.lines + 1];
      }
    },
  };
  expect(await takeFile({ bucket: 'intake', key }, { ...deps, files, sink }, hour)).toBe('done');
  expect(sums).toEqual({ orders: 1_065_562_248, returns: 89_681_249, adjustments: -1_106_206, lines: 541_909 });
  expect(sums.orders - sums.returns + sums.adjustments).toBe(974_774_793);
  expect(counts()).toMatchObject({ documents: 25_900, rejected: 0, unknownCodes: {} });
  expect(rounding.reduce((sum, reason) => sum + Math.round(1_000 * Number(reason.split(' ')[2])), 0)).toBe(4);
}, 120_000);
